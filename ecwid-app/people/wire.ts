/** Customers as the REST API sends them, as far as writing them looks at them. */
import { z } from 'zod';

const text = z
  .string()
  .nullish()
  .transform((value) => value?.trim() ?? '');

const StorePerson = z.looseObject({
  name: text,
  companyName: text,
  street: text,
  city: text,
  countryCode: text,
  postalCode: text,
  stateOrProvinceCode: text,
  phone: text,
});
export type StorePerson = z.infer<typeof StorePerson>;

/** What may be sent of a person: the rest is the store's own (docs.ecwid.com, update customer). */
export const personFields = ['name', 'companyName', 'street', 'city', 'countryCode', 'postalCode', 'stateOrProvinceCode', 'phone'] as const;
export type PersonField = (typeof personFields)[number];

export const StoreCustomer = z.looseObject({
  id: z.coerce.string(),
  email: text,
  billingPerson: StorePerson.nullish().transform((value) => value ?? undefined),
  shippingAddresses: z
    .array(StorePerson.extend({ id: z.number().nullish() }))
    .nullish()
    .transform((value) => value ?? []),
  contacts: z
    .array(z.looseObject({ contact: text, type: text }))
    .nullish()
    .transform((value) => value ?? []),
  taxId: text,
  /** Absent: was never asked. */
  acceptMarketing: z
    .boolean()
    .nullish()
    .transform((value) => value ?? undefined),
});
export type StoreCustomer = z.infer<typeof StoreCustomer>;

export const CustomerPage = z.looseObject({
  total: z.number().int().default(0),
  items: z
    .array(z.unknown())
    .nullish()
    .transform((value) => value ?? []),
});
