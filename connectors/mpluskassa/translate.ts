/** The shop's people and addresses in the till's words. A relation is person and company in one; addresses are flat texts. Pure. */
import type { Address, Customer } from '../commerce.ts';
import type { Relation } from './answers.ts';
import type { OrderDraft } from './draft.ts';

export interface RelationFields {
  readonly extRelationId?: string;
  readonly name: string;
  readonly address?: string;
  readonly zipcode?: string;
  readonly city?: string;
  readonly country?: string;
  readonly deliveryAddress?: string;
  readonly deliveryZipcode?: string;
  readonly deliveryCity?: string;
  readonly deliveryCountry?: string;
  readonly contact?: string;
  readonly telephone?: string;
  readonly email?: string;
  readonly vatNumber?: string;
  readonly companyName?: string;
}

type CountryNames = OrderDraft['policy']['countryNames'];

/** Street and number in one field, further lines behind it. */
function streetOf(address: Pick<Address, 'street' | 'additional'>): string {
  return [address.street, ...address.additional]
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join(', ');
}

/** Costly to make, and there are three. */
const displayNames = new Map<CountryNames, Intl.DisplayNames>();

/** The till has free text for countries: the name in the merchant's language, or the code. */
export function countryName(code: string | undefined, names: CountryNames): string | undefined {
  if (code === undefined || names === 'code') return code;
  const known = displayNames.get(names) ?? new Intl.DisplayNames([names], { type: 'region', fallback: 'code' });
  displayNames.set(names, known);
  return known.of(code.toUpperCase());
}

function personOf(of: { firstName: string; lastName: string } | undefined): string {
  return of === undefined ? '' : `${of.firstName} ${of.lastName}`.trim();
}

export function relationOf(draft: OrderDraft): RelationFields {
  const { customer, policy } = draft;
  const billing = draft.billing ?? customer?.billing ?? draft.shipping;
  const shipping = draft.shipping ?? customer?.shipping;
  return relationOfPerson({ customer, billing, shipping }, { ...policy, external: policy.customerMatch === 'external-id' });
}

interface Person {
  readonly customer: Customer | undefined;
  readonly billing: Address | undefined;
  readonly shipping: Address | undefined;
}

/** `name` is the company where there is one, with the person as `contact`; otherwise the person. `external`: the source's number is what recognises him. */
export function relationOfPerson(
  { customer, billing, shipping }: Person,
  policy: { countryNames: CountryNames; external: boolean },
): RelationFields {
  const company = given(billing?.company ?? customer?.company);
  const person = personOf(billing) || personOf(customer);
  const email = given(customer?.email);
  const external = customer?.number ?? customer?.id;
  const byExternalId = policy.external || email === undefined;
  return absentRemoved({
    extRelationId: byExternalId ? external : undefined,
    name: company ?? given(person) ?? email ?? '',
    address: given(billing && streetOf(billing)),
    zipcode: given(billing?.postalCode),
    city: given(billing?.city),
    country: countryName(billing?.country, policy.countryNames),
    deliveryAddress: given(shipping && streetOf(shipping)),
    deliveryZipcode: given(shipping?.postalCode),
    deliveryCity: given(shipping?.city),
    deliveryCountry: countryName(shipping?.country, policy.countryNames),
    contact: company === undefined ? undefined : given(person),
    telephone: given(billing?.phone ?? customer?.phone),
    email,
    vatNumber: given(customer?.vatIds[0]),
    companyName: company,
  });
}

/** The address block of an order. */
export function orderAddress(address: Address | undefined, names: CountryNames): object | undefined {
  if (address === undefined) return undefined;
  const person = personOf(address);
  const company = given(address.company);
  return absentRemoved({
    name: company ?? given(person),
    contact: given(person),
    address: given(streetOf(address)),
    zipcode: given(address.postalCode),
    city: given(address.city),
    country: countryName(address.country, names),
    companyName: company,
  });
}

const addressFields = [
  'address',
  'zipcode',
  'city',
  'country',
  'deliveryAddress',
  'deliveryZipcode',
  'deliveryCity',
  'deliveryCountry',
  'telephone',
] as const;

/** Address fields that the till has otherwise; what the shop does not know stays as it is. */
export function changedAddress(wanted: RelationFields, found: Relation): Partial<Record<(typeof addressFields)[number], string>> {
  const changed: Partial<Record<(typeof addressFields)[number], string>> = {};
  for (const field of addressFields) {
    const value = wanted[field];
    if (value !== undefined && value !== found[field]) changed[field] = value;
  }
  return changed;
}

function given(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === '' ? undefined : trimmed;
}

type Present<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

function absentRemoved<Fields extends Record<string, unknown>>(fields: Fields): Present<Fields> & { name: NonNullable<Fields['name']> };
function absentRemoved(fields: Record<string, unknown>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
