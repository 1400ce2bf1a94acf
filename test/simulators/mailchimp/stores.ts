/** `/ecommerce/stores`: one shop of the account, tied to one audience for good. */
import { type Account, type Json, type Store, stamp } from './account.ts';
import * as bodies from './bodies.ts';
import { page } from './paging.ts';
import { badRequest, invalid, notFound } from './problem.ts';
import { type Call, empty, ok, type Route } from './route.ts';

export function storeIn(call: Call): Store {
  const store = call.account.stores.get(call.at.store ?? '');
  if (store === undefined) throw notFound();
  return store;
}

export const showStore = (account: Account, store: Store): Json => ({
  id: store.id,
  list_id: store.audienceId,
  name: '',
  platform: '',
  domain: '',
  email_address: '',
  money_format: '',
  primary_locale: '',
  timezone: '',
  phone: '',
  ...store.facts,
  is_syncing: store.syncing,
  connected_site: {
    site_foreign_id: store.id,
    site_script: { url: `https://scripts.invalid/${store.id}.js`, fragment: '<script></script>' },
  },
  automations: {
    abandoned_cart: { is_supported: true, id: store.id, status: 'sending' },
    abandoned_browse: { is_supported: false, id: '', status: 'save' },
  },
  list_is_active: account.audiences.has(store.audienceId),
  created_at: store.created,
  updated_at: store.updated,
  _links: [],
});

function checkDomain(account: Account, domain: unknown, own?: Store): void {
  if (typeof domain !== 'string' || domain === '') return;
  if ([...account.stores.values()].some((store) => store !== own && store.facts.domain === domain))
    throw badRequest(`A store with the domain "${domain}" already exists in the account.`);
}

function checkCurrency(code: unknown): void {
  if (code !== undefined && !/^[A-Z]{3}$/.test(String(code)))
    throw invalid({ field: 'currency_code', message: 'This value is not a valid currency.' });
}

export const storeRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/ecommerce/stores',
    answer: ({ account, query }) => ok(page(query, 'stores', account.stores, { show: (store: Store) => showStore(account, store) })),
  },
  {
    method: 'POST',
    path: '/ecommerce/stores',
    body: bodies.storePost,
    answer({ account, body }) {
      const { id, list_id, is_syncing, ...facts } = body;
      if (account.stores.has(String(id))) throw badRequest('A store with the provided ID already exists in the account.');
      if (!account.audiences.has(String(list_id))) throw invalid({ field: 'list_id', message: 'The list ID provided does not exist.' });
      checkDomain(account, facts.domain);
      checkCurrency(facts.currency_code);
      const now = stamp(account.now());
      const store: Store = {
        id: String(id),
        audienceId: String(list_id),
        facts,
        syncing: is_syncing === true,
        created: now,
        updated: now,
        customers: new Map(),
        customersByEmail: new Map(),
        products: new Map(),
        orders: new Map(),
        ordersByCustomer: new Map(),
        carts: new Map(),
        notices: new Set(),
      };
      account.stores.set(store.id, store);
      return ok(showStore(account, store));
    },
  },
  { method: 'GET', path: '/ecommerce/stores/:store', answer: (call) => ok(showStore(call.account, storeIn(call))) },
  {
    method: 'PATCH',
    path: '/ecommerce/stores/:store',
    body: bodies.storePatch,
    answer(call) {
      const store = storeIn(call);
      const { is_syncing, list_id, id: _, ...facts } = call.body;
      if (list_id !== undefined && list_id !== store.audienceId)
        throw invalid({ field: 'list_id', message: 'The list of a store cannot be changed.' });
      checkDomain(call.account, facts.domain, store);
      checkCurrency(facts.currency_code);
      store.facts = { ...store.facts, ...facts };
      if (is_syncing !== undefined) store.syncing = is_syncing === true;
      store.updated = stamp(call.account.now());
      return ok(showStore(call.account, store));
    },
  },
  {
    method: 'DELETE',
    path: '/ecommerce/stores/:store',
    answer(call) {
      call.account.stores.delete(storeIn(call).id);
      return empty;
    },
  },
];
