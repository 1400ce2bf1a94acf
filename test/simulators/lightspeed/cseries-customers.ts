/** Customers: flat addresses, mails unless told otherwise, one per e-mail address. */
import type { SeedPerson } from './articles.ts';
import type { CSeriesState, Customer } from './cseries-state.ts';
import { type Fields, isFalse, Refusal, reference, stamp } from './cseries-wire.ts';

const address = ['Name', 'Street', 'Street2', 'Number', 'Extension', 'Zipcode', 'City', 'Region', 'Country'];
const writable = new Set([
  ...['isConfirmed', 'type', 'gender', 'birthDate', 'nationalId', 'email', 'firstname', 'middlename', 'lastname', 'phone', 'mobile'],
  ...['isCompany', 'companyName', 'companyCoCNumber', 'companyVatNumber', 'language', 'memo', 'password', 'addressShippingCompany'],
  ...['doNotifyRegistered', 'doNotifyConfirmed', 'doNotifyPassword', 'sameShipping', 'referralId', 'remoteIp', 'userAgent'],
  ...['Billing', 'Shipping'].flatMap((kind) => address.map((part) => `address${kind}${part}`)),
]);

/** Countries the shop sells to: code, three letters, name. */
export const countries = [
  { id: 150, code: 'nl', code3: 'nld', title: 'Netherlands' },
  { id: 21, code: 'be', code3: 'bel', title: 'Belgium' },
  { id: 80, code: 'de', code3: 'deu', title: 'Germany' },
  { id: 73, code: 'fr', code3: 'fra', title: 'France' },
  { id: 14, code: 'at', code3: 'aut', title: 'Austria' },
  { id: 224, code: 'gb', code3: 'gbr', title: 'United Kingdom' },
] as const;

export const countryOf = (code: unknown): Fields | false => countries.find((country) => country.code === code) ?? false;

export const languageOf = (code: string): Fields => ({ id: code === 'nl' ? 1 : 2, code, locale: code, title: code });

export function showCustomer(state: CSeriesState, customer: Customer, language: string): Fields {
  const { fields } = customer;
  const to = state.linker(language);
  const own = (resource: string) => reference(to, `${resource}?customer=${customer.id}`, false);
  const text = (name: string): unknown => fields[name] ?? '';
  return {
    id: customer.id,
    createdAt: stamp(customer.createdAt),
    updatedAt: stamp(customer.updatedAt),
    lastOnlineAt: null,
    isConfirmed: fields.isConfirmed ?? true,
    type: fields.type ?? 'registered',
    remoteIp: '',
    userAgent: '',
    referralId: false,
    gender: fields.gender ?? false,
    birthDate: fields.birthDate ?? '',
    nationalId: text('nationalId'),
    email: text('email'),
    firstname: text('firstname'),
    middlename: text('middlename'),
    lastname: text('lastname'),
    phone: text('phone'),
    mobile: text('mobile'),
    isCompany: fields.isCompany ?? false,
    companyName: text('companyName'),
    companyCoCNumber: text('companyCoCNumber'),
    companyVatNumber: text('companyVatNumber'),
    ...showAddress('addressBilling', fields),
    addressShippingCompany: fields.addressShippingCompany ?? false,
    ...showAddress('addressShipping', fields),
    language: languageOf(String(fields.language ?? language)),
    memo: text('memo'),
    doNotifyRegistered: true,
    doNotifyConfirmed: true,
    doNotifyPassword: true,
    groups: own('groups/customers'),
    invoices: own('invoices'),
    orders: own('orders'),
    reviews: own('reviews'),
    shipments: own('shipments'),
    tickets: own('tickets'),
    metafields: reference(to, `customers/${customer.id}/metafields`, false),
  };
}

export const showAddress = (prefix: string, fields: Fields): Fields =>
  Object.fromEntries(
    address.map((part) => [
      `${prefix}${part}`,
      part === 'Country' ? countryOf(fields[`${prefix}Country`]) : (fields[`${prefix}${part}`] ?? ''),
    ]),
  );

function checked(state: CSeriesState, fields: Fields): Fields {
  const known = Object.entries(fields).flatMap(([name, value]): [string, unknown][] => {
    if (!writable.has(name)) {
      state.unexpected.push(`a field that no customer has: ${name}`);
      return [];
    }
    if (!name.endsWith('Country') || value === '' || isFalse(value) || value === null) return [[name, value]];
    const code = String(value).toLowerCase();
    if (countryOf(code) === false) throw new Refusal(422, 'Invalid country', { [name]: 'invalid' });
    return [[name, code]];
  });
  const result = Object.fromEntries(known);
  for (const name of ['isCompany', 'isConfirmed']) if (name in result) result[name] = !isFalse(result[name]);
  return result;
}

function refuseSameEmail(state: CSeriesState, email: unknown, except: number): void {
  const others = state.tables.customers.find('email', String(email).toLowerCase()).filter((one) => one.id !== except);
  if (others.length > 0 && state.knobs.sameEmail === 'refuse')
    throw new Refusal(422, 'Submitted customer already exists, try update.', { email: 'exists' });
}

/** Needs e-mail, first and last name. Mails the customer for each `doNotify…` that is not false. */
export function createCustomer(state: CSeriesState, body: Fields): Customer {
  for (const name of ['email', 'firstname', 'lastname']) {
    if (String(body[name] ?? '').trim() === '') throw new Refusal(422, 'Invalid data input.', { [name]: 'required' });
  }
  refuseSameEmail(state, body.email, 0);
  const fields = { ...checked(state, body) };
  for (const occasion of ['Registered', 'Confirmed', 'Password']) {
    if (!isFalse(body[`doNotify${occasion}`])) state.mails.push(`${occasion.toLowerCase()} ${String(body.email)}`);
  }
  const time = state.now();
  const customer = state.tables.customers.add((id) => ({ id, createdAt: time, updatedAt: time, fields }));
  state.tell('customers', 'created', customer.id);
  return customer;
}

export function changeCustomer(state: CSeriesState, customer: Customer, body: Fields): void {
  if ('email' in body) {
    if (String(body.email ?? '').trim() === '') throw new Refusal(422, 'Invalid data input.', { email: 'required' });
    refuseSameEmail(state, body.email, customer.id);
  }
  Object.assign(customer.fields, checked(state, body));
  customer.updatedAt = state.now();
  state.tables.customers.changed(customer);
  state.tell('customers', 'updated', customer.id);
}

/** A person as customers and orders write one. */
export function personFields(person: SeedPerson): Fields {
  const at = (prefix: string) => ({
    [`${prefix}Name`]: `${person.firstname} ${person.lastname}`,
    [`${prefix}Street`]: person.street,
    [`${prefix}Number`]: person.number,
    [`${prefix}Extension`]: person.extension,
    [`${prefix}Zipcode`]: person.zipcode,
    [`${prefix}City`]: person.city,
    [`${prefix}Country`]: person.country,
  });
  return {
    email: person.email,
    firstname: person.firstname,
    lastname: person.lastname,
    phone: person.phone,
    isCompany: person.company !== undefined,
    companyName: person.company ?? '',
    companyVatNumber: person.vatNumber ?? '',
    ...at('addressBilling'),
    ...at('addressShipping'),
  };
}
