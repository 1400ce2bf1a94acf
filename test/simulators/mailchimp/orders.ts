/** Orders of a store and of the whole account, with the mails that their statuses send. */
import { type Account, type Json, type Purchase, type Store, stamp } from './account.ts';
import * as bodies from './bodies.ts';
import { page } from './paging.ts';
import { alreadyExists, invalid, notFound } from './problem.ts';
import { keepPurchase, mergedLines, showBuyer, titles } from './purchases.ts';
import { type Call, empty, ok, type Route } from './route.ts';
import { storeIn } from './stores.ts';
import type { OrderNotice } from './surface.ts';

const needed = ['id', 'customer', 'currency_code', 'order_total', 'lines'];

const showLine = (store: Store, line: Json): Json => {
  const image = store.products.get(String(line.product_id))?.facts.image_url ?? '';
  return { ...line, ...titles(store, line), image_url: image, discount: line.discount ?? 0, _links: [] };
};

export const showOrder = (store: Store, order: Purchase): Json => ({
  id: order.id,
  customer: showBuyer(store, order),
  store_id: store.id,
  financial_status: '',
  fulfillment_status: '',
  discount_total: 0,
  tax_total: 0,
  shipping_total: 0,
  promos: [],
  ...order.facts,
  lines: [...order.lines.values()].map((line) => showLine(store, line)),
  ...(order.facts.outreach !== undefined && { outreach: { name: '', type: '', ...(order.facts.outreach as Json) } }),
  _links: [],
});

/** Each status that an order comes into sends one mail, where the merchant has switched it on and the store is not syncing. */
function announce(account: Account, store: Store, { order, before }: { order: Purchase; before: Purchase | undefined }): void {
  if (store.syncing) return;
  const email = store.customers.get(order.customerId)?.email;
  const tell = (notice: OrderNotice) => {
    if (email !== undefined && store.notices.has(notice)) account.mail(email, `order-${notice}`, `${store.id}/${order.id}`);
  };
  const status = order.facts.financial_status;
  const cancelled = typeof order.facts.cancelled_at_foreign === 'string' && order.facts.cancelled_at_foreign !== '';
  const wasCancelled = before?.facts.financial_status === 'cancelled' || (before?.facts.cancelled_at_foreign ?? '') !== '';
  if (status !== before?.facts.financial_status && (status === 'pending' || status === 'paid' || status === 'refunded')) tell(status);
  if ((status === 'cancelled' || cancelled) && !wasCancelled) tell('cancelled');
  if (order.facts.fulfillment_status === 'shipped' && before?.facts.fulfillment_status !== 'shipped') tell('shipped');
}

function keep(account: Account, store: Store, known: Purchase | undefined, body: Json): Purchase {
  const order = keepPurchase(account, store, { known, body, create: needed });
  if (known !== undefined && known.customerId !== order.customerId) store.ordersByCustomer.get(known.customerId)?.delete(known.id);
  store.orders.set(order.id, order);
  const ids = store.ordersByCustomer.get(order.customerId) ?? new Set<string>();
  store.ordersByCustomer.set(order.customerId, ids.add(order.id));
  announce(account, store, { order, before: known });
  return order;
}

function orderIn(call: Call): Purchase {
  const order = storeIn(call).orders.get(call.at.order ?? '');
  if (order === undefined) throw notFound();
  return order;
}

function lineIn(call: Call): Json {
  const line = orderIn(call).lines.get(call.at.line ?? '');
  if (line === undefined) throw notFound();
  return line;
}

function wanted(query: URLSearchParams): (order: Purchase) => boolean {
  const outreach = (order: Purchase) => (order.facts.outreach as Json | undefined)?.id;
  return (order) =>
    (query.get('customer_id') ?? order.customerId) === order.customerId &&
    (query.get('campaign_id') === null || query.get('campaign_id') === order.facts.campaign_id) &&
    (query.get('outreach_id') === null || query.get('outreach_id') === outreach(order)) &&
    (query.get('has_outreach') === null || (query.get('has_outreach') === 'true') === (outreach(order) !== undefined));
}

function setLine(call: Call, wish: Json): Json {
  const store = storeIn(call);
  const order = orderIn(call);
  const lines = mergedLines(call.account, store, order.lines, [wish]);
  store.orders.set(order.id, { ...order, lines, updated: stamp(call.account.now()) });
  return showLine(store, lines.get(String(wish.id)) ?? {});
}

const filters = ['customer_id', 'has_outreach', 'campaign_id', 'outreach_id'];
const many = '/ecommerce/stores/:store/orders';
const one = `${many}/:order`;
const lines: Route[] = [
  {
    method: 'GET',
    path: `${one}/lines`,
    answer(call) {
      const store = storeIn(call);
      const order = orderIn(call);
      const show = (line: Json) => showLine(store, line);
      return ok(page(call.query, 'lines', order.lines, { show, around: { store_id: store.id, order_id: order.id } }));
    },
  },
  {
    method: 'POST',
    path: `${one}/lines`,
    body: bodies.linePost,
    answer(call) {
      if (orderIn(call).lines.has(String(call.body.id))) throw alreadyExists('order line');
      return ok(setLine(call, call.body));
    },
  },
  { method: 'GET', path: `${one}/lines/:line`, answer: (call) => ok(showLine(storeIn(call), lineIn(call))) },
  {
    method: 'PATCH',
    path: `${one}/lines/:line`,
    body: bodies.linePatch,
    answer: (call) => ok(setLine(call, { ...call.body, id: lineIn(call).id })),
  },
  {
    method: 'DELETE',
    path: `${one}/lines/:line`,
    answer(call) {
      lineIn(call);
      orderIn(call).lines.delete(call.at.line ?? '');
      return empty;
    },
  },
];

export const orderRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/ecommerce/orders',
    query: filters,
    answer({ account, query }) {
      const all = [...account.stores.values()].flatMap((store) =>
        [...store.orders.values()].filter(wanted(query)).map((order) => ({ store, order })),
      );
      return ok(page(query, 'orders', all, { show: ({ store, order }) => showOrder(store, order) }));
    },
  },
  {
    method: 'GET',
    path: many,
    query: filters,
    answer(call) {
      const store = storeIn(call);
      const all = [...store.orders.values()].filter(wanted(call.query));
      return ok(page(call.query, 'orders', all, { show: (order) => showOrder(store, order), around: { store_id: store.id } }));
    },
  },
  {
    method: 'POST',
    path: many,
    body: bodies.orderPost,
    answer(call) {
      const store = storeIn(call);
      if (store.orders.has(String(call.body.id))) throw alreadyExists('order');
      return ok(showOrder(store, keep(call.account, store, undefined, call.body)));
    },
  },
  { method: 'GET', path: one, answer: (call) => ok(showOrder(storeIn(call), orderIn(call))) },
  {
    method: 'PUT',
    path: one,
    body: bodies.orderPut,
    answer(call) {
      const store = storeIn(call);
      if (call.body.id !== call.at.order) throw invalid({ field: 'id', message: 'This value does not match the address of the request.' });
      return ok(showOrder(store, keep(call.account, store, store.orders.get(call.at.order ?? ''), call.body)));
    },
  },
  {
    method: 'PATCH',
    path: one,
    body: bodies.orderPatch,
    answer: (call) => ok(showOrder(storeIn(call), keep(call.account, storeIn(call), orderIn(call), call.body))),
  },
  {
    method: 'DELETE',
    path: one,
    answer(call) {
      const store = storeIn(call);
      const order = orderIn(call);
      store.orders.delete(order.id);
      store.ordersByCustomer.get(order.customerId)?.delete(order.id);
      return empty;
    },
  },
  ...lines,
];
