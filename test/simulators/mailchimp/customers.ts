/** Customers of a store, and how their opt-in feeds the audience. */
import { type Account, type Customer, hashOf, type Json, type Store, stamp } from './account.ts';
import * as bodies from './bodies.ts';
import { arrive, become, checkEmail, type Place, touch } from './member.ts';
import { page } from './paging.ts';
import { alreadyExists, invalid, notFound, Problem } from './problem.ts';
import { type Call, empty, ok, type Route } from './route.ts';
import { storeIn } from './stores.ts';

export function showCustomer(store: Store, customer: Customer): Json {
  let cents = 0;
  const orders = store.ordersByCustomer.get(customer.id) ?? [];
  for (const id of orders) cents += Math.round(Number(store.orders.get(id)?.facts.order_total ?? 0) * 100);
  return {
    id: customer.id,
    email_address: customer.email,
    opt_in_status: customer.optIn,
    company: '',
    first_name: '',
    last_name: '',
    ...customer.facts,
    orders_count: [...orders].length,
    total_spent: cents / 100,
    created_at: customer.created,
    updated_at: customer.updated,
    _links: [],
  };
}

function index(store: Store, email: string, id: string): void {
  const ids = store.customersByEmail.get(email.toLowerCase()) ?? new Set<string>();
  store.customersByEmail.set(email.toLowerCase(), ids.add(id));
}

function unindex(store: Store, customer: Customer): void {
  const ids = store.customersByEmail.get(customer.email.toLowerCase());
  ids?.delete(customer.id);
  if (ids?.size === 0) store.customersByEmail.delete(customer.email.toLowerCase());
}

/** Makes or changes a customer from the body of a call or from the buyer in an order. */
export function keepCustomer(account: Account, store: Store, body: Json): Customer {
  const { id: rawId, email_address, opt_in_status, ...facts } = body;
  const id = String(rawId);
  const known = store.customers.get(id);
  const email = email_address === undefined ? known?.email : String(email_address).trim();
  if (id === '' || id.length > 50) throw invalid({ field: 'id', message: 'This value should have between 1 and 50 characters.' });
  if (email === undefined) throw invalid({ field: 'customer.email_address', message: 'This value should not be blank.' });
  checkEmail(account, email);
  const now = stamp(account.now());
  const customer = known ?? { id, email, optIn: false, facts: {}, created: now, updated: now };
  if (known !== undefined && known.email !== email) unindex(store, known);
  customer.email = email;
  if (opt_in_status !== undefined) customer.optIn = opt_in_status === true;
  customer.facts = { ...customer.facts, ...facts };
  customer.updated = now;
  store.customers.set(id, customer);
  index(store, email, id);
  feed(account, store, customer);
  return customer;
}

/**
 * A new address comes in as subscribed or transactional; an address that came by a store is subscribed by a later opt-in;
 * nobody's status is overwritten otherwise (Marketing API 3.0, e-commerce customers).
 */
function feed(account: Account, store: Store, customer: Customer): void {
  const audience = account.audiences.get(store.audienceId);
  if (audience === undefined) return;
  const place: Place = { account, audience, source: 'api' };
  const hash = hashOf(customer.email);
  const known = audience.members.get(hash);
  if (known === undefined && !audience.forgotten.has(hash)) {
    const member = arrive(place, customer.email, { status: 'transactional', origin: String(store.facts.name), byStore: true });
    for (const [tag, fact] of [
      ['FNAME', 'first_name'],
      ['LNAME', 'last_name'],
    ] as const)
      if (customer.facts[fact] !== undefined) member.mergeFields.set(tag, customer.facts[fact]);
    touch(place, member);
    become(place, member, customer.optIn ? 'subscribed' : 'transactional');
  } else if (known?.byStore === true && known.status === 'transactional' && customer.optIn) {
    try {
      become(place, known, 'subscribed');
    } catch (error) {
      // Somebody who once left stays away; the customer is kept all the same.
      if (!(error instanceof Problem)) throw error;
    }
  }
}

function customerIn(call: Call): Customer {
  const customer = storeIn(call).customers.get(call.at.customer ?? '');
  if (customer === undefined) throw notFound();
  return customer;
}

const many = '/ecommerce/stores/:store/customers';
const one = `${many}/:customer`;
export const customerRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: many,
    query: ['email_address'],
    answer(call) {
      const store = storeIn(call);
      const email = call.query.get('email_address');
      const ids = email === null ? undefined : store.customersByEmail.get(email.toLowerCase());
      const all = email === null ? store.customers : [...(ids ?? [])].flatMap((id) => store.customers.get(id) ?? []);
      const show = (customer: Customer) => showCustomer(store, customer);
      return ok(page(call.query, 'customers', all, { show, around: { store_id: store.id } }));
    },
  },
  {
    method: 'POST',
    path: many,
    body: bodies.customerPost,
    answer(call) {
      const store = storeIn(call);
      if (store.customers.has(String(call.body.id))) throw alreadyExists('customer');
      return ok(showCustomer(store, keepCustomer(call.account, store, call.body)));
    },
  },
  { method: 'GET', path: one, answer: (call) => ok(showCustomer(storeIn(call), customerIn(call))) },
  {
    method: 'PUT',
    path: one,
    body: bodies.customerPost,
    answer(call) {
      const store = storeIn(call);
      if (call.body.id !== call.at.customer)
        throw invalid({ field: 'id', message: 'This value does not match the address of the request.' });
      return ok(showCustomer(store, keepCustomer(call.account, store, call.body)));
    },
  },
  {
    method: 'PATCH',
    path: one,
    body: bodies.customerPatch,
    answer(call) {
      const store = storeIn(call);
      const { id, email } = customerIn(call);
      return ok(showCustomer(store, keepCustomer(call.account, store, { ...call.body, id, email_address: email })));
    },
  },
  {
    method: 'DELETE',
    path: one,
    answer(call) {
      const store = storeIn(call);
      const customer = customerIn(call);
      unindex(store, customer);
      store.customers.delete(customer.id);
      return empty;
    },
  },
];
