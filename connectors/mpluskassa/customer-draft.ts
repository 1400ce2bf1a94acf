/** What the rules fill when people and companies go from a shop to the till, and what that flow asks the merchant. */

import { z } from 'zod';
import { Customer } from '../commerce.ts';
import type { FieldPolicyDefinition } from '../connector.ts';
import { lockOf, Policies, word } from '../draft.ts';
import { answers, given, type Rule, type TableDefinition } from '../mapping.ts';
import { meta } from '../questions.ts';
import { countryNames } from './flow-settings.ts';
import { relationKeys } from './relation-index.ts';

export const vatMethods = ['inclusive', 'exclusive', 'shifted', 'none'] as const;

export const CustomerFlowSettings = z.object({
  countryNames,
  guests: z
    .boolean()
    .default(false)
    .meta(meta({ label: { en: 'Guests as well', de: 'Auch Gäste', nl: 'Ook gasten' }, group: 'customers' })),
});
export type CustomerFlowSettings = z.infer<typeof CustomerFlowSettings>;

export const customerPolicies = [
  { field: 'name', title: { en: 'Name and company', de: 'Name und Firma', nl: 'Naam en bedrijf' }, part: 'content', default: 'always' },
  { field: 'address', title: { en: 'Invoice address', de: 'Rechnungsadresse', nl: 'Factuuradres' }, part: 'content', default: 'always' },
  { field: 'delivery', title: { en: 'Delivery address', de: 'Lieferadresse', nl: 'Afleveradres' }, part: 'content', default: 'always' },
  { field: 'telephone', title: { en: 'Telephone', de: 'Telefon', nl: 'Telefoon' }, part: 'content', default: 'always' },
  { field: 'email', title: { en: 'E-mail address', de: 'E-Mail-Adresse', nl: 'E-mailadres' }, part: 'content', default: 'always' },
  { field: 'vatNumber', title: { en: 'VAT number', de: 'USt-IdNr.', nl: 'Btw-nummer' }, part: 'content', default: 'always' },
  {
    field: 'defaultVatMethod',
    title: { en: 'VAT method', de: 'Steuermethode', nl: 'Btw-methode' },
    part: 'content',
    default: 'on-create',
  },
] as const satisfies readonly FieldPolicyDefinition[];

export type CustomerPolicyField = (typeof customerPolicies)[number]['field'];

const fields = z.object({
  customer: Customer,
  match: z.enum(relationKeys).default('email'),
  vatMethod: word.pipe(z.enum(vatMethods).optional()),
  policies: Policies,
  policy: CustomerFlowSettings.prefault({}),
});

/** With `lockKey`: two records of one person are not written side by side, or he would be created twice. */
export const CustomerDraft = fields.transform((draft) => {
  const { email, number, id } = draft.customer;
  return { ...draft, ...lockOf('relation', email?.trim().toLowerCase() ?? number ?? id) };
});
export type CustomerDraft = z.infer<typeof CustomerDraft>;

export const customerTables: readonly TableDefinition[] = [
  {
    name: 'vatMethods',
    title: { en: 'VAT method by country', de: 'Steuermethode je Land', nl: 'Btw-methode per land' },
    help: {
      en: 'How the till charges VAT to customers of a country unless an order says otherwise. Empty: as the till has it.',
      de: 'Wie die Kasse Kunden eines Landes Umsatzsteuer berechnet, wenn ein Auftrag nichts anderes sagt. Leer: wie in der Kasse.',
      nl: 'Hoe de kassa klanten uit een land btw berekent als een bestelling niets anders zegt. Leeg: zoals in de kassa.',
    },
    source: 'countries',
    target: 'vatMethods',
  },
];

const parts = [
  'id',
  'number',
  'email',
  'firstName',
  'lastName',
  'company',
  'vatIds',
  'phone',
  'guest',
  'billing',
  'shipping',
  'deleted',
] as const;

export const customerRules: readonly Rule[] = [
  ...parts.map((part) => given(`customer.${part}`, part)),
  given('match'),
  { to: 'vatMethod', from: ['billing.country', 'shipping.country'], table: { name: 'vatMethods' }, onMissing: 'leave-out' },
  given('policies'),
  ...answers(CustomerFlowSettings),
];
