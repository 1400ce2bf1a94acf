/** What the rules fill when people and companies go from a shop to the till, and what that flow asks the merchant. */

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Customer } from '../commerce.ts';
import { type FieldPolicyDefinition, fieldPolicies } from '../connector.ts';
import type { Rule, TableDefinition } from '../mapping.ts';
import { meta } from '../questions.ts';
import { relationKeys } from './relation-index.ts';

const word = z.preprocess((value) => (value === '' || value === null ? undefined : value), z.string().optional());

export const vatMethods = ['inclusive', 'exclusive', 'shifted', 'none'] as const;

export const CustomerFlowSettings = z.object({
  countryNames: z
    .enum(['nl', 'en', 'de', 'code'])
    .default('nl')
    .meta(
      meta({
        label: { en: 'Write countries', de: 'Länder schreiben', nl: 'Landen schrijven' },
        group: 'customers',
        options: {
          nl: { en: 'in Dutch (Nederland)', de: 'auf Niederländisch (Nederland)', nl: 'in het Nederlands (Nederland)' },
          en: { en: 'in English (Netherlands)', de: 'auf Englisch (Netherlands)', nl: 'in het Engels (Netherlands)' },
          de: { en: 'in German (Niederlande)', de: 'auf Deutsch (Niederlande)', nl: 'in het Duits (Niederlande)' },
          code: { en: 'as a code (NL)', de: 'als Kürzel (NL)', nl: 'als code (NL)' },
        },
        advanced: true,
      }),
    ),
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
  policies: z.record(z.string(), z.enum(fieldPolicies)).default({}),
  policy: CustomerFlowSettings.prefault({}),
});

/** With `lockKey`: two records of one person are not written side by side, or he would be created twice. */
export const CustomerDraft = fields.transform((draft) => {
  const { email, number, id } = draft.customer;
  const key = email?.trim().toLowerCase() ?? number ?? id;
  return {
    ...draft,
    ...(key !== undefined && { lockKey: `relation:${createHash('sha256').update(key).digest('hex')}` }),
  };
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

const given = (to: string, from: string): Rule => ({ to, from, onMissing: 'leave-out' });
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
  given('match', 'match'),
  { to: 'vatMethod', from: ['billing.country', 'shipping.country'], table: { name: 'vatMethods' }, onMissing: 'leave-out' },
  given('policies', 'policies'),
  ...Object.keys(CustomerFlowSettings.shape).map((name) => given(`policy.${name}`, `settings.${name}`)),
];
