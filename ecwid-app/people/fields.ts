/** A customer of the source in the store's words, and field by field against who is there. Pure. */
import { createHash } from 'node:crypto';
import type { Address } from '../../connectors/commerce.ts';
import type { Draft, FieldChange } from '../../connectors/connector.ts';
import { type CustomerDraft, type CustomerPolicyField, customerPolicies, emailKey } from './draft.ts';
import { type PersonField, personFields, type StoreCustomer, type StorePerson } from './wire.ts';

type Place = 'billing' | 'shipping' | 'customer';

interface Field {
  readonly policy: CustomerPolicyField;
  readonly place: Place;
  readonly name: PersonField | 'email' | 'taxId';
  readonly wanted: string;
}

type Words = Partial<Record<PersonField, string>>;

const given = (text: string | undefined): string | undefined => text?.trim() || undefined;
const personOf = (of: { firstName: string; lastName: string } | undefined): string | undefined =>
  given(of && `${of.firstName} ${of.lastName}`);

/** Whoever has no name of his own goes by his company, else by his address. */
export function nameOf({ customer }: Pick<CustomerDraft, 'customer'>): string | undefined {
  return personOf(customer) ?? personOf(customer.billing) ?? given(customer.company ?? customer.billing?.company);
}

/** Lines of an address stand below each other; a region is a code of few letters or it is left out. */
export function wordsOf(address: Address | undefined): Words {
  if (address === undefined) return {};
  const lines = [address.street, ...address.additional].map((line) => line.trim()).filter((line) => line !== '');
  const state = given(address.state);
  return {
    ...(lines.length > 0 && { street: lines.join('\n') }),
    ...(given(address.city) !== undefined && { city: address.city.trim() }),
    ...(given(address.postalCode) !== undefined && { postalCode: address.postalCode.trim() }),
    ...(address.country !== undefined && { countryCode: address.country.toUpperCase() }),
    ...(state !== undefined && /^[A-Za-z0-9]{1,3}$/.test(state) && { stateOrProvinceCode: state.toUpperCase() }),
  };
}

function fieldsOf(draft: CustomerDraft): Field[] {
  const { customer } = draft;
  const { billing, shipping } = customer;
  const list: Field[] = [];
  const add = (policy: CustomerPolicyField, place: Place, name: Field['name'], wanted: string | undefined): void => {
    const text = given(wanted);
    if (text !== undefined) list.push({ policy, place, name, wanted: text });
  };
  const addAddress = (place: 'billing' | 'shipping', address: Address | undefined): void => {
    for (const [name, wanted] of Object.entries(wordsOf(address)) as [PersonField, string][]) add(place, place, name, wanted);
  };
  add('email', 'customer', 'email', customer.email);
  add('taxId', 'customer', 'taxId', customer.vatIds[0]);
  add('name', 'billing', 'name', nameOf(draft));
  add('name', 'billing', 'companyName', customer.company ?? billing?.company);
  add('phone', 'billing', 'phone', customer.phone ?? billing?.phone);
  addAddress('billing', billing);
  if (shipping !== undefined) {
    add('shipping', 'shipping', 'name', personOf(shipping) ?? nameOf(draft));
    add('shipping', 'shipping', 'companyName', shipping.company);
    addAddress('shipping', shipping);
    add('shipping', 'shipping', 'phone', shipping.phone);
  }
  return list;
}

interface Compared {
  readonly changes: readonly FieldChange[];
  /** Empty: nothing has to be written. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Digests of what stands there by our hand: nothing of a person is kept. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** @param found who is there; absent: nobody yet. A field that somebody edited since we wrote it is kept. */
export function compareCustomer(draft: CustomerDraft, found: StoreCustomer | undefined, { reference, last }: Draft): Compared {
  const changes: FieldChange[] = [];
  const values: Record<string, unknown> = {};
  const written = new Map<Place, Record<string, string>>();
  for (const field of fieldsOf(draft)) {
    const { place, name, wanted } = field;
    const path = place === 'customer' ? `customer.${name}` : `customer.${place}.${name}`;
    if (!mayWrite(draft, field, found)) continue;
    const before = currentOf(found, place, name);
    const ours = last?.[path];
    const seal = (value: string): string => sealed(reference, path, value);
    if (found !== undefined && same(name, before, wanted)) values[path] = seal(wanted);
    else if (found !== undefined && ours !== undefined && before !== '' && seal(before) !== ours) {
      changes.push({ field: path, before, after: wanted, kept: { ours: '•••' } });
      values[path] = ours;
    } else {
      changes.push({ field: path, ...(before !== '' && { before }), after: wanted });
      values[path] = seal(wanted);
      written.set(place, { ...written.get(place), [name]: wanted });
    }
  }
  return { changes, values, body: bodyOf(found, written) };
}

function mayWrite({ policies }: CustomerDraft, { policy: name }: Field, found: StoreCustomer | undefined): boolean {
  // Without an address there is no customer.
  if (found === undefined && name === 'email') return true;
  const policy = policies[name] ?? customerPolicies.find(({ field }) => field === name)?.default ?? 'always';
  return policy === 'always' || (policy === 'on-create' && found === undefined);
}

function currentOf(found: StoreCustomer | undefined, place: Place, name: Field['name']): string {
  if (found === undefined) return '';
  if (name === 'email' || name === 'taxId') return found[name];
  const person = place === 'billing' ? found.billingPerson : found.shippingAddresses[0];
  return person?.[name] ?? '';
}

function same(name: Field['name'], left: string, right: string): boolean {
  if (name === 'email') return emailKey(left) === emailKey(right);
  return tidy(left) === tidy(right);
}

/** White space is the editor's, not the merchant's. */
const tidy = (text: string): string => text.replace(/\s+/g, ' ').trim();

const sealed = (reference: string, path: string, value: string): string =>
  createHash('sha256')
    .update(`${reference}\0${path}\0${tidy(value)}`)
    .digest('base64url')
    .slice(0, 22);

/** A person is sent whole, because what becomes of the parts that are not sent is not documented; so is the list of delivery addresses. */
function bodyOf(found: StoreCustomer | undefined, written: ReadonlyMap<Place, Record<string, string>>): Record<string, unknown> {
  const billing = written.get('billing');
  const shipping = written.get('shipping');
  const [first, ...others] = found?.shippingAddresses ?? [];
  return {
    ...written.get('customer'),
    ...(billing && { billingPerson: { ...wholeOf(found?.billingPerson), ...billing } }),
    ...(shipping && {
      shippingAddresses: [
        { ...(first?.id != null && { id: first.id }), ...wholeOf(first), ...shipping },
        ...others.map((one) => ({ ...(one.id != null && { id: one.id }), ...wholeOf(one) })),
      ],
    }),
  };
}

const wholeOf = (person: StorePerson | undefined): Words =>
  Object.fromEntries(personFields.flatMap((name) => (person?.[name] ? [[name, person[name]]] : [])));
