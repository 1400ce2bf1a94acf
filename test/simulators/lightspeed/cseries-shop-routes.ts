/** Routes of everything that is no catalogue: orders, customers, webhooks, the account and the shop itself. */
import { type Call, created, fixedRoutes, found, gone, listRoutes, ok, type Routes } from './cseries-call.ts';
import { changeCustomer, countries, createCustomer, languageOf, showCustomer } from './cseries-customers.ts';
import { changeOrder, paymentMethods, readOrder, shippingMethods, showLines, showOrder } from './cseries-orders.ts';
import type { Customer, Hook, Metafield, Order } from './cseries-state.ts';
import { showHook, writeHook } from './cseries-webhooks.ts';
import { type Fields, filtered, paged, picked, Refusal, reference, stamp } from './cseries-wire.ts';
import type { RateWindows } from './rate-windows.ts';

const orderOf = ({ state, ids }: Call): Order => readOrder(state, ids[0] ?? 0);
const customerOf = ({ state, ids }: Call): Customer => found(state.tables.customers.get(ids[0] ?? 0), 'Customer');

/** A shipment has the id of its order plus this. */
const shipmentOffset = 100_000_000;

function showShipment({ state, language }: Call, order: Order): Fields {
  const to = state.linker(language);
  return {
    ...{ id: order.id + shipmentOffset, createdAt: stamp(order.createdAt), updatedAt: stamp(order.updatedAt) },
    ...{ number: order.placed.number.replace('ORD', 'SHIP'), status: order.shipmentStatus, trackingCode: order.tracking },
    ...{ doNotifyShipped: false, doNotifyReadyForPickup: false, doNotifyTrackingCode: false },
    order: reference(to, `orders/${order.id}`, order.id),
    products: reference(to, `shipments/${order.id + shipmentOffset}/products`, false),
  };
}

const orders: Routes = {
  ...listRoutes('orders', 'orders', {
    table: (state) => state.tables.orders,
    show: (state, row, language) => showOrder(state, row, language),
  }),
  'GET orders/#': (call) => ok({ order: picked(call.query, showOrder(call.state, orderOf(call), call.language)) }),
  'PUT orders/#': (call) => {
    const order = orderOf(call);
    changeOrder(call.state, order, call.body('order'));
    return ok({ order: showOrder(call.state, order, call.language) });
  },
  'GET orders/#/products': (call) => ok({ orderProducts: paged(call.query, showLines(call.state, orderOf(call), call.language)) }),
  'GET orders/#/products/count': (call) => ok({ count: showLines(call.state, orderOf(call), call.language).length }),
  ...fixedRoutes('orders/customstatuses', 'customStatuses', () => [{ id: 1, title: 'Ingepakt', color: '#275dc5' }]),
  'GET shipments': (call) => {
    const wanted = call.query.get('order');
    const rows = wanted === null ? call.state.tables.orders.all() : [call.state.tables.orders.get(Number(wanted))];
    return ok({ shipments: rows.flatMap((order) => (order === undefined ? [] : showShipment(call, order))) });
  },
  'PUT shipments/#': (call) => {
    const order = found(call.state.tables.orders.get((call.ids[0] ?? 0) - shipmentOffset), 'Shipment');
    const { trackingCode, status } = call.body('shipment');
    if (trackingCode !== undefined) order.tracking = String(trackingCode);
    if (status !== undefined) changeOrder(call.state, order, { shipmentStatus: status });
    order.updatedAt = call.state.now();
    return ok({ shipment: showShipment(call, order) });
  },
};

const invoices: Routes = listRoutes('invoices', 'invoices', {
  table: (state) => state.tables.invoices,
  show: (state, row, language) => {
    const order = state.tables.orders.get(row.orderId);
    const to = state.linker(language);
    return {
      ...{ id: row.id, createdAt: stamp(row.createdAt), updatedAt: stamp(row.updatedAt), number: row.number },
      ...{ status: row.credit || order?.paymentStatus === 'paid' ? 'paid' : 'not_paid', isVatShifted: false, priceIncl: row.total / 100 },
      ...{ doNotifyNew: false, doNotifyPaid: false, invoice: false, isCreditNote: row.credit, creditNote: false },
      order: reference(to, `orders/${row.orderId}`, row.orderId),
      items: reference(to, `invoices/${row.id}/items`, false),
    };
  },
});

const customers: Routes = {
  ...listRoutes('customers', 'customers', { table: (state) => state.tables.customers, show: showCustomer }),
  'GET customers/#': (call) => ok({ customer: showCustomer(call.state, customerOf(call), call.language) }),
  'POST customers': (call) =>
    created({ customer: showCustomer(call.state, createCustomer(call.state, call.body('customer')), call.language) }),
  'PUT customers/#': (call) => {
    const customer = customerOf(call);
    changeCustomer(call.state, customer, call.body('customer'));
    return ok({ customer: showCustomer(call.state, customer, call.language) });
  },
  'DELETE customers/#': (call) => {
    const customer = customerOf(call);
    call.state.tell('customers', 'deleted', customer.id);
    call.state.tables.customers.remove(customer.id);
    return gone;
  },
};

const showMetafield = (row: Metafield): Fields => ({
  ...{ id: row.id, createdAt: stamp(row.createdAt), updatedAt: stamp(row.updatedAt), key: row.key, value: row.value },
});

/** Notes that apps leave at a record: `orderMetafield`, `productMetafield` and so on. */
function metafieldRoutes(resource: 'orders' | 'customers' | 'products' | 'variants'): Routes {
  const single = `${resource.slice(0, -1)}Metafield`;
  const owner = (call: Call): string => {
    if (resource === 'orders') return `orders/${orderOf(call).id}`;
    return `${resource}/${found(call.state.tables[resource].get(call.ids[0] ?? 0), 'Record').id}`;
  };
  const mine = (call: Call) => call.state.tables.metafields.find('owner', owner(call));
  const one = (call: Call): Metafield =>
    found(
      mine(call).find((row) => row.id === call.ids[1]),
      'Metafield',
    );
  const written = (fields: Fields): { key: string; value: string } => {
    if (String(fields.key ?? '') === '' || fields.value === undefined) throw new Refusal(422, 'Invalid data input.');
    return { key: String(fields.key), value: String(fields.value) };
  };
  const base = `${resource}/#/metafields`;
  return {
    [`GET ${base}`]: (call) => {
      const rows = {
        all: () => mine(call),
        has: (key: string) => key === 'key',
        find: (_: string, value: string) => mine(call).filter((row) => row.key.toLowerCase() === value),
      };
      return ok({ [`${single}s`]: paged(call.query, filtered(call.query, rows, call.unexpected)).map(showMetafield) });
    },
    [`GET ${base}/count`]: (call) => ok({ count: mine(call).length }),
    [`POST ${base}`]: (call) => {
      const time = call.state.now();
      const values = written(call.body(single));
      const place = owner(call);
      const row = call.state.tables.metafields.add((id) => ({ id, createdAt: time, updatedAt: time, owner: place, ...values }));
      return created({ [single]: showMetafield(row) });
    },
    [`GET ${base}/#`]: (call) => ok({ [single]: showMetafield(one(call)) }),
    [`PUT ${base}/#`]: (call) => {
      const row = one(call);
      Object.assign(row, written({ key: row.key, value: row.value, ...call.body(single) }), { updatedAt: call.state.now() });
      call.state.tables.metafields.changed(row);
      return ok({ [single]: showMetafield(row) });
    },
    [`DELETE ${base}/#`]: (call) => {
      call.state.tables.metafields.remove(one(call).id);
      return gone;
    },
  };
}

const hookOf = ({ state, ids }: Call): Hook => found(state.tables.webhooks.get(ids[0] ?? 0), 'Webhook');

const webhooks: Routes = {
  ...listRoutes('webhooks', 'webhooks', { table: (state) => state.tables.webhooks, show: (_, row) => showHook(row) }),
  'GET webhooks/#': (call) => ok({ webhook: showHook(hookOf(call)) }),
  'POST webhooks': (call) => {
    const time = call.state.now();
    const language = call.language;
    const fields = { isActive: true, itemGroup: '', itemAction: '', language, format: 'json', address: '' };
    const checked: Hook = { id: 0, createdAt: time, updatedAt: time, fields };
    writeHook(call.state, checked, call.body('webhook'));
    return created({ webhook: showHook(call.state.tables.webhooks.add((id) => ({ ...checked, id }))) });
  },
  'PUT webhooks/#': (call) => {
    const hook = hookOf(call);
    writeHook(call.state, hook, call.body('webhook'));
    hook.updatedAt = call.state.now();
    return ok({ webhook: showHook(hook) });
  },
  'DELETE webhooks/#': (call) => {
    call.state.tables.webhooks.remove(hookOf(call).id);
    return gone;
  },
};

const account = (rates: RateWindows): Routes => ({
  'GET account': ({ state, language }) => {
    const to = state.linker(language);
    return ok({
      account: {
        ...{ id: 1, appId: state.app === undefined ? false : 4711, apiKey: state.apiKey, signout: false },
        permissions: reference(to, 'account/permissions', false),
        ratelimit: reference(to, 'account/ratelimit', false),
        metafields: reference(to, 'account/metafields', false),
      },
    });
  },
  'GET account/permissions': ({ state }) => ok({ accountPermissions: state.knobs.permissions }),
  'GET account/ratelimit': () => {
    const names = ['limit5Min', 'limitHour', 'limitDay'];
    const windows = rates
      .state()
      .map(({ limit, remaining, reset, until }, at) => [names[at], { limit, remaining, reset, resetTime: stamp(until) }]);
    return ok({ accountRatelimit: Object.fromEntries(windows) });
  },
});

const shop: Routes = {
  'GET shop': ({ state }) =>
    ok({
      shop: {
        ...{ id: state.shopId, createdAt: '2020-01-06T09:00:00+01:00', updatedAt: '2026-01-05T09:00:00+01:00', status: 'active' },
        ...{ isB2b: false, subDomain: 'koffie', mainDomain: 'koffie.example.com', email: 'shop@example.com' },
        ...{ title: state.shopName, currency: { shortcode: 'eur', symbol: '€', title: 'Euro' } },
        ...{ language: languageOf(state.languages[0] ?? 'nl'), country: countries[0] },
      },
    }),
  'GET time': ({ state }) => ok({ time: { system: stamp(state.now()) } }),
  ...fixedRoutes('languages', 'languages', ({ state }) =>
    state.languages.map((code, at) => ({ ...languageOf(code), isDefault: at === 0, isActive: true })),
  ),
  ...fixedRoutes('countries', 'countries', () => countries),
  ...fixedRoutes('paymentmethods', 'paymentmethods', () =>
    paymentMethods.map((method, at) => ({ ...method, isActive: true, sortOrder: at + 1 })),
  ),
  ...fixedRoutes('shippingmethods', 'shippingmethods', () =>
    shippingMethods.map((method, at) => ({ ...method, isActive: true, sortOrder: at + 1 })),
  ),
};

export const shopRoutes = (rates: RateWindows): Routes => ({
  ...orders,
  ...invoices,
  ...customers,
  ...metafieldRoutes('orders'),
  ...metafieldRoutes('customers'),
  ...metafieldRoutes('products'),
  ...metafieldRoutes('variants'),
  ...webhooks,
  ...account(rates),
  ...shop,
});
