/** Customers of the store as the REST API keeps them, and what it says of carts that were left behind. */
import type { Person } from './catalogue.ts';
import { dated } from './events.ts';
import { Refusal } from './goods.ts';

export interface SimCustomer {
  readonly id: number;
  email: string;
  readonly registered: string;
  updated: string;
  /** Absent: the store does not ask for a billing address. */
  person?: Person;
  shippingAddresses: readonly (Partial<Person> & { readonly id: number })[];
  contacts: readonly object[];
  taxId: string;
  /** Absent: was never asked. */
  acceptMarketing?: boolean;
  customerGroupId: number;
  lang: string;
  b2b_b2c: string;
  privateAdminNotes: string;
}

export const groups = [
  { id: 0, name: 'General' },
  { id: 9_367_001, name: 'VIP' },
] as const;

export const printedCustomer = ({ person, ...customer }: SimCustomer, orders: number) => ({
  ...customer,
  ...(person && { name: person.name }),
  customerGroupName: groups.find(({ id }) => id === customer.customerGroupId)?.name ?? 'General',
  ...(person && { billingPerson: withNames(person) }),
  taxIdValid: true,
  taxExempt: false,
  stats: { numberOfOrders: orders },
  favorites: [],
});

/** First and last name are the API's own: only where the name has two words or more. */
function withNames(person: Person): object {
  const [firstName, ...rest] = person.name.split(' ');
  return { ...person, ...(rest.length > 0 && { firstName, lastName: rest.join(' ') }) };
}

interface Book {
  readonly customers: Map<number, SimCustomer>;
  now(): Date;
  told(eventType: 'customer.created' | 'customer.updated', customer: SimCustomer): void;
}

const readOnly = new Set(['firstName', 'lastName', 'countryName', 'stateOrProvinceName']);
const asWritten = <Fields extends object>(person: Fields): Fields =>
  Object.fromEntries(Object.entries(person).filter(([name]) => !readOnly.has(name))) as Fields;

interface Written {
  readonly email?: string;
  readonly billingPerson?: Person;
  readonly shippingAddresses?: readonly (Partial<Person> & { readonly id?: number })[];
  readonly contacts?: readonly object[];
  readonly taxId?: string;
  readonly acceptMarketing?: boolean;
  readonly customerGroupId?: number;
  readonly lang?: string;
  readonly b2b_b2c?: string;
  readonly privateAdminNotes?: string;
}

/** `POST /customers` and `PUT /customers/{id}`: what is given is replaced whole, what is not stays. */
export function writeCustomer(book: Book, id: number | undefined, body: Written): SimCustomer {
  const known = id === undefined ? undefined : book.customers.get(id);
  if (id !== undefined && known === undefined) throw new Refusal(404, 'CUSTOMER_NOT_FOUND', `Customer #${id} not found`);
  const email = body.email ?? known?.email ?? '';
  if (!/^\S+@\S+\.\S+$/.test(email)) throw new Refusal(400, 'WRONG_PARAMETER', 'Field Customer.email is invalid');
  const rival = [...book.customers.values()].find((one) => one.id !== id && one.email.toLowerCase() === email.toLowerCase());
  if (rival !== undefined && email !== known?.email) {
    throw new Refusal(409, 'CONSTRAINT_VIOLATION', 'The customer with the given email already exists');
  }
  const at = dated(book.now());
  const { billingPerson, shippingAddresses, ...plain } = body;
  const customer: SimCustomer = {
    registered: at,
    shippingAddresses: [],
    contacts: [],
    taxId: '',
    customerGroupId: 0,
    lang: 'nl',
    b2b_b2c: 'b2c',
    privateAdminNotes: '',
    ...known,
    ...plain,
    id: id ?? 1_663_830 + book.customers.size,
    email,
    updated: at,
    ...(billingPerson && { person: asWritten(billingPerson) }),
    ...(shippingAddresses && {
      shippingAddresses: shippingAddresses.map((one, index) => ({ ...asWritten(one), id: one.id ?? 88_000 + index })),
    }),
  };
  book.customers.set(customer.id, customer);
  book.told(known === undefined ? 'customer.created' : 'customer.updated', customer);
  return customer;
}

/** `email` is a search term; with `useExactEmailMatch` it is the whole address as it was typed. */
export function customerMatches(customer: SimCustomer, query: URLSearchParams): boolean {
  const email = query.get('email');
  if (email === null) return true;
  if (query.get('useExactEmailMatch') === 'true') return customer.email === email;
  return customer.email.toLowerCase().includes(email.toLowerCase());
}
