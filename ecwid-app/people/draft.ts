/** What the rules fill when people and what they want come to the store, and what those flows ask the merchant. */

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Consent, Customer } from '../../connectors/commerce.ts';
import { type FieldPolicyDefinition, fieldPolicies, type KindWriting } from '../../connectors/connector.ts';
import type { Rule } from '../../connectors/mapping.ts';
import { meta } from '../../connectors/questions.ts';

const CustomerFlowSettings = z.object({
  createCustomers: z
    .boolean()
    .default(true)
    .meta(
      meta({
        label: { en: 'Create customers that are not there', de: 'Fehlende Kunden anlegen', nl: 'Ontbrekende klanten aanmaken' },
        help: {
          en: 'The store needs an e-mail address: whoever has none is left out.',
          de: 'Der Shop braucht eine E-Mail-Adresse: Wer keine hat, wird ausgelassen.',
          nl: 'De webwinkel heeft een e-mailadres nodig: wie er geen heeft, wordt overgeslagen.',
        },
        group: 'customers',
      }),
    ),
  guests: z
    .boolean()
    .default(false)
    .meta(meta({ label: { en: 'Guests as well', de: 'Auch Gäste', nl: 'Ook gasten' }, group: 'customers' })),
});

const ConsentFlowSettings = z.object({});

export const customerPolicies = [
  { field: 'name', title: { en: 'Name and company', de: 'Name und Firma', nl: 'Naam en bedrijf' }, part: 'content', default: 'always' },
  { field: 'billing', title: { en: 'Invoice address', de: 'Rechnungsadresse', nl: 'Factuuradres' }, part: 'content', default: 'always' },
  { field: 'shipping', title: { en: 'Delivery address', de: 'Lieferadresse', nl: 'Afleveradres' }, part: 'content', default: 'always' },
  { field: 'phone', title: { en: 'Telephone', de: 'Telefon', nl: 'Telefoon' }, part: 'content', default: 'always' },
  // With it the customer signs in.
  { field: 'email', title: { en: 'E-mail address', de: 'E-Mail-Adresse', nl: 'E-mailadres' }, part: 'content', default: 'on-create' },
  { field: 'taxId', title: { en: 'VAT number', de: 'USt-IdNr.', nl: 'Btw-nummer' }, part: 'content', default: 'always' },
] as const satisfies readonly FieldPolicyDefinition[];
export type CustomerPolicyField = (typeof customerPolicies)[number]['field'];

export const emailKey = (email: string | undefined): string => email?.trim().toLowerCase() ?? '';

/** Records of one person are written one after another; the key shows nothing of him. */
function lockOf(told: string | undefined): { lockKey?: string } {
  return told === undefined || told === '' ? {} : { lockKey: `customer:${createHash('sha256').update(told).digest('hex')}` };
}

export const CustomerDraft = z
  .object({
    customer: Customer,
    match: z.enum(['email', 'number', 'external-id', 'phone']).default('email'),
    policies: z.partialRecord(z.string(), z.enum(fieldPolicies)).default({}),
    policy: CustomerFlowSettings.prefault({}),
  })
  .transform((draft) => ({ ...draft, ...lockOf(emailKey(draft.customer.email) || draft.customer.number || draft.customer.id) }));
export type CustomerDraft = z.infer<typeof CustomerDraft>;

export const ConsentDraft = z.object({ consent: Consent }).transform((draft) => ({ ...draft, ...lockOf(emailKey(draft.consent.email)) }));
export type ConsentDraft = z.infer<typeof ConsentDraft>;

const given = (to: string, from: string): Rule => ({ to, from, onMissing: 'leave-out' });
const customerParts = [
  'id',
  'number',
  'email',
  'firstName',
  'lastName',
  'company',
  'vatIds',
  'phone',
  'guest',
  'language',
  'billing',
  'shipping',
  'permission',
] as const;

export const peopleWrites: { readonly customer: KindWriting; readonly consent: KindWriting } = {
  customer: {
    draft: CustomerDraft,
    settings: CustomerFlowSettings,
    tables: [],
    rules: [
      ...customerParts.map((part) => given(`customer.${part}`, part)),
      given('match', 'match'),
      given('policies', 'policies'),
      ...Object.keys(CustomerFlowSettings.shape).map((name) => given(`policy.${name}`, `settings.${name}`)),
    ],
    batch: 100,
    policies: customerPolicies,
  },
  consent: {
    draft: ConsentDraft,
    settings: ConsentFlowSettings,
    tables: [],
    rules: ['id', 'email', 'state', 'at', 'source', 'text'].map((part) => given(`consent.${part}`, part)),
    batch: 50,
  },
};
