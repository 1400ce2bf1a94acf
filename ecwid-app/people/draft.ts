/** What the rules fill when people and what they want come to the store, and what those flows ask the merchant. */

import { z } from 'zod';
import { Consent, Customer } from '../../connectors/commerce.ts';
import type { FieldPolicyDefinition, KindWriting } from '../../connectors/connector.ts';
import { lockOf, Policies } from '../../connectors/draft.ts';
import { answers, given } from '../../connectors/mapping.ts';
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

export const CustomerDraft = z
  .object({
    customer: Customer,
    match: z.enum(['email', 'number', 'external-id', 'phone']).default('email'),
    policies: Policies,
    policy: CustomerFlowSettings.prefault({}),
  })
  .transform((draft) => ({
    ...draft,
    ...lockOf('customer', emailKey(draft.customer.email) || draft.customer.number || draft.customer.id),
  }));
export type CustomerDraft = z.infer<typeof CustomerDraft>;

export const ConsentDraft = z
  .object({ consent: Consent })
  .transform((draft) => ({ ...draft, ...lockOf('customer', emailKey(draft.consent.email)) }));
export type ConsentDraft = z.infer<typeof ConsentDraft>;

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
      given('match'),
      given('policies'),
      ...answers(CustomerFlowSettings),
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
