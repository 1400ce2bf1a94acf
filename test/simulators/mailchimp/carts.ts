/** Carts of a store: what is left in one gets a reminder. */
import { type Account, type Json, type Purchase, type Store, stamp } from './account.ts';
import * as bodies from './bodies.ts';
import { page } from './paging.ts';
import { alreadyExists, notFound } from './problem.ts';
import { keepPurchase, mergedLines, showBuyer, titles } from './purchases.ts';
import { type Call, empty, ok, type Route } from './route.ts';
import { storeIn } from './stores.ts';

const needed = ['id', 'customer', 'currency_code', 'order_total', 'lines'];

const showLine = (store: Store, line: Json): Json => ({ ...line, ...titles(store, line), _links: [] });

export const showCart = (store: Store, cart: Purchase): Json => ({
  id: cart.id,
  customer: showBuyer(store, cart),
  campaign_id: '',
  checkout_url: '',
  tax_total: 0,
  ...cart.facts,
  lines: [...cart.lines.values()].map((line) => showLine(store, line)),
  created_at: cart.created,
  updated_at: cart.updated,
  _links: [],
});

/** Reminds everybody once who left a cart with a way back to it. */
export function remind(account: Account): void {
  for (const store of account.stores.values())
    for (const cart of store.carts.values()) {
      const email = store.customers.get(cart.customerId)?.email;
      if (cart.settled || store.syncing || email === undefined || (cart.facts.checkout_url ?? '') === '') continue;
      cart.settled = true;
      account.mail(email, 'abandoned-cart', `${store.id}/${cart.id}`);
    }
}

function cartIn(call: Call): Purchase {
  const cart = storeIn(call).carts.get(call.at.cart ?? '');
  if (cart === undefined) throw notFound();
  return cart;
}

function lineIn(call: Call): Json {
  const line = cartIn(call).lines.get(call.at.line ?? '');
  if (line === undefined) throw notFound();
  return line;
}

function keep(call: Call, known: Purchase | undefined): Json {
  const store = storeIn(call);
  const cart = keepPurchase(call.account, store, { known, body: call.body, create: needed });
  store.carts.set(cart.id, cart);
  return showCart(store, cart);
}

function setLine(call: Call, wish: Json): Json {
  const store = storeIn(call);
  const cart = cartIn(call);
  const lines = mergedLines(call.account, store, cart.lines, [wish]);
  store.carts.set(cart.id, { ...cart, lines, updated: stamp(call.account.now()) });
  return showLine(store, lines.get(String(wish.id)) ?? {});
}

const many = '/ecommerce/stores/:store/carts';
const one = `${many}/:cart`;
export const cartRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: many,
    answer(call) {
      const store = storeIn(call);
      const show = (cart: Purchase) => showCart(store, cart);
      return ok(page(call.query, 'carts', store.carts, { show, around: { store_id: store.id } }));
    },
  },
  {
    method: 'POST',
    path: many,
    body: bodies.cartPost,
    answer(call) {
      if (storeIn(call).carts.has(String(call.body.id))) throw alreadyExists('cart');
      return ok(keep(call, undefined));
    },
  },
  { method: 'GET', path: one, answer: (call) => ok(showCart(storeIn(call), cartIn(call))) },
  { method: 'PATCH', path: one, body: bodies.cartPatch, answer: (call) => ok(keep(call, cartIn(call))) },
  {
    method: 'DELETE',
    path: one,
    answer(call) {
      storeIn(call).carts.delete(cartIn(call).id);
      return empty;
    },
  },
  {
    method: 'GET',
    path: `${one}/lines`,
    answer(call) {
      const store = storeIn(call);
      const cart = cartIn(call);
      const show = (line: Json) => showLine(store, line);
      return ok(page(call.query, 'lines', cart.lines, { show, around: { store_id: store.id, cart_id: cart.id } }));
    },
  },
  {
    method: 'POST',
    path: `${one}/lines`,
    body: bodies.cartLinePost,
    answer(call) {
      if (cartIn(call).lines.has(String(call.body.id))) throw alreadyExists('cart line');
      return ok(setLine(call, call.body));
    },
  },
  { method: 'GET', path: `${one}/lines/:line`, answer: (call) => ok(showLine(storeIn(call), lineIn(call))) },
  {
    method: 'PATCH',
    path: `${one}/lines/:line`,
    body: bodies.cartLinePatch,
    answer: (call) => ok(setLine(call, { ...call.body, id: lineIn(call).id })),
  },
  {
    method: 'DELETE',
    path: `${one}/lines/:line`,
    answer(call) {
      lineIn(call);
      cartIn(call).lines.delete(call.at.line ?? '');
      return empty;
    },
  },
];
