/** Customers of the till. The same e-mail address may be there twice; nothing forbids it. */
import type { SeedPerson } from './articles.ts';
import { type Customer, type Fields, Refusal, sayUnknown, stamp, uuid, type XSeriesState } from './xseries-state.ts';

const writable = new Set([
  ...['first_name', 'last_name', 'customer_code', 'customer_group_id', 'enable_loyalty', 'email', 'note', 'gender', 'date_of_birth'],
  ...['company_name', 'do_not_email', 'phone', 'mobile', 'fax', 'twitter', 'website', 'on_account_limit'],
  ...['physical', 'postal'].flatMap((kind) =>
    ['address_1', 'address_2', 'suburb', 'city', 'postcode', 'state', 'country_id'].map((part) => `${kind}_${part}`),
  ),
  ...['custom_field_1', 'custom_field_2', 'custom_field_3', 'custom_field_4'],
]);

export function showCustomer({ id, version, deleted_at, fields, createdAt, updatedAt }: Customer): Fields {
  const name = [fields.first_name, fields.last_name].filter(Boolean).join(' ');
  return {
    ...{ id, ...fields, name, year_to_date: 0, balance: 0, loyalty_balance: 0 },
    ...{ created_at: createdAt, updated_at: updatedAt, deleted_at, version },
  };
}

function check(fields: Fields): void {
  for (const name of ['first_name', 'last_name']) {
    if (typeof fields[name] !== 'string' || fields[name] === '') throw new Refusal(422, `${name} is required`, { [name]: 'required' });
  }
  const country = [fields.physical_country_id, fields.postal_country_id].find(
    (code) => typeof code === 'string' && !/^([A-Z]{2})?$/.test(code),
  );
  if (country !== undefined) throw new Refusal(422, `Unknown country ${String(country)}`);
}

const known = (fields: Fields): Fields => Object.fromEntries(Object.entries(fields).filter(([name]) => writable.has(name)));

export function createCustomer(state: XSeriesState, body: Fields): Customer {
  sayUnknown(state, 'customer', body, writable);
  check(body);
  const time = stamp(state.now());
  const code = `${String(body.first_name)}-${state.random.hex(4).toUpperCase()}`;
  if (state.tables.customers.find('customer_code', String(body.customer_code ?? code)).length > 0)
    throw new Refusal(422, 'customer_code is taken', { customer_code: 'taken' });
  const fields = { customer_code: code, enable_loyalty: true, do_not_email: false, ...known(body) };
  const customer = state.tables.customers.add({ id: uuid(state.random), deleted_at: null, fields, createdAt: time, updatedAt: time });
  state.tell('customer.update', customer.id);
  return customer;
}

export function changeCustomer(state: XSeriesState, customer: Customer, body: Fields): void {
  sayUnknown(state, 'customer', body, writable);
  const fields = { ...customer.fields, ...known(body) };
  check(fields);
  customer.fields = fields;
  touched(state, customer);
}

export function deleteCustomer(state: XSeriesState, customer: Customer): void {
  customer.deleted_at = stamp(state.now());
  touched(state, customer);
}

function touched(state: XSeriesState, customer: Customer): void {
  customer.updatedAt = stamp(state.now());
  state.tables.customers.touch(customer);
  state.tell('customer.update', customer.id);
}

/** A person as customers write one. */
export function personFields(person: SeedPerson): Fields {
  const at = (kind: string) => ({
    [`${kind}_address_1`]: [person.street, person.number, person.extension].filter(Boolean).join(' '),
    [`${kind}_city`]: person.city,
    [`${kind}_postcode`]: person.zipcode,
    [`${kind}_country_id`]: person.country.toUpperCase(),
  });
  return {
    ...{ first_name: person.firstname, last_name: person.lastname, email: person.email, phone: person.phone },
    ...(person.company !== undefined && { company_name: person.company }),
    ...at('physical'),
    ...at('postal'),
  };
}
