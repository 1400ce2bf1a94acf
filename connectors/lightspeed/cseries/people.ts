/** Persons and addresses, between the flat fields of orders and customers and the canonical records. Pure. */
import type { Address, Customer } from '../../commerce.ts';
import type { PersonRow as Person } from './wire.ts';

type Side = 'addressBilling' | 'addressShipping';

/** Stands where the shop asks for a name that nobody has. */
export const noName = '-';

/** Dutch names keep their prefix in a field of its own. */
export const lastNameOf = ({ middlename, lastname }: Pick<Person, 'middlename' | 'lastname'>): string =>
  [middlename, lastname === noName ? '' : lastname].filter((part) => part !== '').join(' ');

const firstNameOf = ({ firstname }: Pick<Person, 'firstname'>): string => (firstname === noName ? '' : firstname);

const optional = <Name extends string>(name: Name, value: string | undefined): Partial<Record<Name, string>> =>
  value === undefined || value === '' ? {} : ({ [name]: value } as Partial<Record<Name, string>>);

/** `undefined` where nothing is filled in. */
export function addressOf(person: Person, side: Side): Address | undefined {
  const part = (name: 'Name' | 'Street' | 'Street2' | 'Number' | 'Extension' | 'Zipcode' | 'City' | 'Region') => person[`${side}${name}`];
  const country = person[`${side}Country`];
  const street = [part('Street'), [part('Number'), part('Extension')].filter((one) => one !== '').join(' ')]
    .filter((one) => one !== '')
    .join(' ');
  if (street === '' && part('City') === '' && part('Zipcode') === '') return undefined;
  const company = side === 'addressBilling' ? companyOf(person) : person.addressShippingCompany;
  return {
    ...namesOf(person, part('Name')),
    street,
    additional: part('Street2') === '' ? [] : [part('Street2')],
    postalCode: part('Zipcode'),
    city: part('City'),
    ...optional('company', company),
    ...optional('state', part('Region')),
    ...optional('country', country),
    ...optional('phone', person.phone || person.mobile),
  };
}

/** Who is named on the address; the person himself where the name is his. */
function namesOf(person: Person, name: string): Pick<Address, 'firstName' | 'lastName'> {
  const own = { firstName: firstNameOf(person), lastName: lastNameOf(person) };
  if (name === '' || name === `${own.firstName} ${own.lastName}`.trim()) return own;
  const at = name.indexOf(' ');
  return at < 0 ? { firstName: '', lastName: name } : { firstName: name.slice(0, at), lastName: name.slice(at + 1).trim() };
}

const companyOf = ({ isCompany, companyName }: Person): string => (isCompany ? companyName : '');

export function customerOf(person: Person, who: { id: number | undefined }): Customer {
  const billing = addressOf(person, 'addressBilling');
  const shipping = addressOf(person, 'addressShipping');
  return {
    ...(who.id !== undefined && { id: String(who.id) }),
    ...optional('email', person.email),
    firstName: firstNameOf(person),
    lastName: lastNameOf(person),
    ...optional('company', companyOf(person)),
    vatIds: person.companyVatNumber === '' ? [] : [person.companyVatNumber],
    ...optional('phone', person.phone || person.mobile),
    guest: who.id === undefined,
    ...optional('language', person.language),
    ...(billing && { billing }),
    ...(shipping && { shipping }),
  };
}

export interface Street {
  readonly street: string;
  readonly number: string;
  readonly extension: string;
}

/** No street is that long; what is was entered elsewhere. */
const longestLine = 120;

/** `Oude Gracht 220 bis` in the three fields of the shop; a number in front (`12 rue X`) counts, too. */
export function streetOf(line: string): Street {
  const text = line.trim().replace(/\s+/g, ' ');
  if (text.length > longestLine) return { street: text, number: '', extension: '' };
  // The last number counts: squares are named after years.
  const behind = /^(.+[^\s,])[ ,]+(\d+)\s*(\D\S*|\D+)?$/.exec(text);
  if (behind) return { street: behind[1] ?? '', number: behind[2] ?? '', extension: (behind[3] ?? '').replace(/^[-/\s]+/, '') };
  const before = /^(\d+)([a-z]?)[ ,]+(\D.*)$/i.exec(text);
  if (before) return { street: before[3] ?? '', number: before[1] ?? '', extension: before[2] ?? '' };
  return { street: text, number: '', extension: '' };
}
