/** The REST API of one store, version 3: what an order sync asks for. Everything else is a request that nobody expected. */
import type { SimRequest, SimResponse } from '../shared/faulty-server.ts';
import { catalogue } from './catalogue.ts';
import { profileOf } from './profile.ts';
import { dated, type Shop, type SimOrder } from './shop.ts';

export interface ShopState {
  readonly storeId: number;
  readonly storeName: string;
  readonly currency: string;
  readonly pricesIncludeTax: boolean;
  readonly orderPrefix: string;
  readonly plan: { paid: boolean; suspended: boolean };
  /** Tokens that work, with what they may do. */
  readonly tokens: Map<string, { readonly scopes: readonly string[] }>;
  subscription: 'ACTIVE' | 'SUSPENDED' | 'TRIAL';
  /** How long lists lag behind the records, in milliseconds. */
  indexLagMs: number;
  /** Calls that each token has per minute. */
  callsPerMinute: number;
  readonly shop: Shop;
  now(): Date;
}

export interface SimCall {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly status: number;
}

type Answer = { readonly status: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> };
const ok = (body: unknown): Answer => ({ status: 200, body });
const refused = (status: number, errorCode: string, errorMessage = errorCode): Answer => ({ status, body: { errorMessage, errorCode } });

const json = ({ status, body, headers }: Answer): SimResponse => ({
  status,
  headers: { 'content-type': 'application/json;charset=utf-8', ...headers },
  body: JSON.stringify(body),
});

export function createRest(state: ShopState, seen: { calls: SimCall[]; unexpected: string[] }) {
  const spent = new Map<string, { minute: number; calls: number }>();

  return (request: SimRequest): SimResponse => {
    const query = new URLSearchParams(request.rawQuery);
    const [, store = '', rest = ''] = /^\/api\/v3\/([^/]+)(\/.*)?$/.exec(request.path) ?? [];
    const answer = (() => {
      const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
      const known = state.tokens.get(token);
      if (known === undefined || store !== String(state.storeId)) return refused(403, 'INVALID_API_TOKEN', 'Token is invalid');
      if (!state.plan.paid) return refused(402, 'NOT_AVAILABLE_ON_CURRENT_PLAN');
      if (state.plan.suspended) return refused(402, 'STORE_IS_SUSPENDED');
      const route = routeOf(request.method, rest);
      if (route === undefined) {
        seen.unexpected.push(`${request.method} ${request.path}`);
        return refused(422, 'WRONG_URL');
      }
      if (!known.scopes.includes(route.scope)) return refused(403, 'INSUFFICIENT_APP_SCOPE', `The token lacks ${route.scope}`);
      if (throttled(token)) return { ...refused(429, 'RATE_LIMITED'), headers: { 'retry-after': '10' } };
      return route.answer(query, request.body);
    })();
    seen.calls.push({ method: request.method, path: rest, query, status: answer.status });
    return json(answer);
  };

  function throttled(token: string): boolean {
    const minute = Math.floor(state.now().getTime() / 60_000);
    const used = spent.get(token);
    const calls = used?.minute === minute ? used.calls + 1 : 1;
    spent.set(token, { minute, calls });
    return calls > state.callsPerMinute;
  }

  interface Route {
    readonly scope: string;
    answer(query: URLSearchParams, body: string): Answer;
  }

  function routeOf(method: string, path: string): Route | undefined {
    const [, resource = '', id = '', sub = '', subId = ''] = path.split('/').map(decodeURIComponent);
    switch (`${method} ${resource}`) {
      case 'GET profile':
        return { scope: 'read_store_profile', answer: () => (id === 'order_statuses' ? ok({ items: statuses() }) : ok(profileOf(state))) };
      case 'GET application':
        return {
          scope: 'read_store_profile',
          answer: () => ok({ subscriptionStatus: state.subscription, subscription: { status: state.subscription } }),
        };
      case 'GET latest-stats':
        return {
          scope: 'read_store_profile',
          answer: () => ok({ ordersUpdated: dated(state.now()), productsUpdated: dated(state.now()), profileUpdated: dated(state.now()) }),
        };
      case 'GET orders':
        return {
          scope: 'read_orders',
          answer: (query) =>
            id === ''
              ? list(
                  [...state.shop.orders.values()]
                    .filter((order) => order.paymentStatus !== 'INCOMPLETE' && orderMatches(order, query))
                    .reverse(),
                  query,
                )
              : order(id),
        };
      case 'PUT orders':
        return { scope: 'update_orders', answer: (_query, body) => updateOrder(id, body) };
      case 'GET customers':
        return {
          scope: 'read_customers',
          answer: (query) =>
            id === ''
              ? list(
                  customers().filter((one) => changedWithin(Date.parse(one.updated), query)),
                  query,
                )
              : one(customers(), id, 'CUSTOMER_NOT_FOUND'),
        };
      case 'GET products':
        if (sub === 'combinations') {
          return {
            scope: 'read_catalog',
            answer: () => {
              const product = products().find((one) => String(one.id) === id);
              if (product === undefined) return refused(404, 'PRODUCT_NOT_FOUND');
              return subId === '' ? ok(product.combinations) : one(product.combinations, subId, 'COMBINATION_NOT_FOUND');
            },
          };
        }
        return {
          scope: 'read_catalog',
          answer: (query) =>
            id === ''
              ? list(
                  products().filter((one) => productMatches(one, query)),
                  query,
                )
              : one(products(), id, 'PRODUCT_NOT_FOUND'),
        };
      case 'PUT products':
        return sub === 'inventory' ? { scope: 'update_catalog', answer: (_query, body) => adjust(id, body) } : undefined;
      default:
        return undefined;
    }
  }

  function order(id: string): Answer {
    const found = id === 'last' ? [...state.shop.orders.values()].at(-1) : state.shop.orders.get(id);
    return found === undefined ? refused(404, 'ORDER_NOT_FOUND', `Order #${id} not found`) : ok(found);
  }

  function updateOrder(id: string, body: string): Answer {
    if (!state.shop.orders.has(id)) return refused(404, 'ORDER_NOT_FOUND', `Order #${id} not found`);
    state.shop.change(id, JSON.parse(body) as Partial<SimOrder>);
    return ok({ updateCount: 1 });
  }

  function adjust(id: string, body: string): Answer {
    const product = products().find((one) => String(one.id) === id);
    if (product === undefined) return refused(404, 'PRODUCT_NOT_FOUND');
    const { quantityDelta } = JSON.parse(body) as { quantityDelta?: unknown };
    if (typeof quantityDelta !== 'number') return refused(400, 'WRONG_PARAMETER', 'Field quantityDelta is absent');
    state.shop.adjustStock(product.sku, quantityDelta);
    return ok({ updateCount: 1, ...((state.shop.stock.get(product.sku) ?? 0) < 0 && { warning: 'Product has negative stock.' }) });
  }

  /** Lists come from an index that lags; single records do not. */
  function list(all: readonly object[], query: URLSearchParams): Answer {
    const numbers = ['offset', 'limit', 'updatedFrom', 'updatedTo'].map((name) => query.get(name));
    if (numbers.some((value) => value !== null && Number.isNaN(Number(value)) && Number.isNaN(Date.parse(value))))
      return refused(400, 'WRONG_PARAMETER');
    const offset = Math.max(0, Number(query.get('offset') ?? 0));
    const limit = Math.min(100, Math.max(0, Number(query.get('limit') ?? 100)));
    const items = all.slice(offset, offset + limit);
    return ok(trimmed({ total: all.length, count: items.length, offset, limit, items }, query.get('responseFields')));
  }

  function orderMatches(order: SimOrder, query: URLSearchParams): boolean {
    const among = (name: string, value: string) => query.get(name) === null || (query.get(name) ?? '').split(',').includes(value);
    return among('paymentStatus', order.paymentStatus) && among('ids', order.id) && changedWithin(order.updateTimestamp * 1000, query);
  }

  function productMatches(
    product: { sku: string; updateTimestamp: number; combinations: readonly { sku: string }[] },
    query: URLSearchParams,
  ): boolean {
    const sku = query.get('sku');
    // `sku` is exact, sees combinations and overrides the other filters.
    if (sku !== null) return product.sku === sku || product.combinations.some((one) => one.sku === sku);
    return changedWithin(product.updateTimestamp * 1000, query);
  }

  function changedWithin(changedMs: number, query: URLSearchParams): boolean {
    const bound = (name: string, otherwise: number) => {
      const value = query.get(name);
      return value === null ? otherwise : /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value);
    };
    const indexed = state.indexLagMs === 0 || changedMs <= state.now().getTime() - state.indexLagMs;
    return indexed && changedMs >= bound('updatedFrom', 0) && changedMs <= bound('updatedTo', Number.POSITIVE_INFINITY);
  }

  function one(all: readonly { id: number }[], id: string, errorCode: string): Answer {
    const found = all.find((record) => String(record.id) === id);
    return found === undefined ? refused(404, errorCode) : ok(found);
  }

  function customers() {
    return [...state.shop.customers.values()].map(({ person, ...customer }) => ({
      ...customer,
      registered: customer.updated,
      customerGroupId: 0,
      customerGroupName: 'General',
      billingPerson: person,
      shippingAddresses: [],
      b2b_b2c: person.companyName === undefined ? 'b2c' : 'b2b',
      taxExempt: false,
      taxId: '',
      acceptMarketing: false,
      lang: 'nl',
    }));
  }

  function products() {
    const updateTimestamp = 1_700_000_000;
    return catalogue.map((item) => ({
      id: state.shop.productIdOf(item.sku),
      sku: item.sku,
      name: item.name,
      price: item.price / 100,
      quantity: state.shop.stock.get(item.sku) ?? 0,
      unlimited: false,
      enabled: true,
      updated: dated(new Date(updateTimestamp * 1000)),
      updateTimestamp,
      // The mug is sold in two colours: one with a SKU and stock of its own, one with the mug's.
      combinations:
        item.sku === '1006'
          ? [
              {
                id: 99_001,
                combinationNumber: 1,
                sku: '1006-W',
                options: [{ name: 'Colour', value: 'White' }],
                quantity: 4,
                unlimited: false,
              },
              { id: 99_002, combinationNumber: 2, sku: '', options: [{ name: 'Colour', value: 'Blue' }], unlimited: false },
            ]
          : [],
    }));
  }
}

const statuses = () =>
  ['AWAITING_PAYMENT', 'PAID', 'CANCELLED', 'REFUNDED', 'PARTIALLY_REFUNDED', 'INCOMPLETE'].map((statusId) => ({
    statusId,
    orderStatusType: 'PAYMENT_STATUS',
    defaultStatus: true,
    enabled: true,
  }));

/** `responseFields=total,items(id,email)`: one level of nesting is enough here. */
function trimmed(page: { items: readonly object[] } & Record<string, unknown>, fields: string | null): unknown {
  if (fields === null) return page;
  const nested = /items\(([^)]*)\)/.exec(fields)?.[1]?.split(',');
  const outer = fields.replace(/\([^)]*\)/, '').split(',');
  const pick = (record: object, names: readonly string[]) =>
    Object.fromEntries(Object.entries(record).filter(([name]) => names.includes(name)));
  const kept = pick(page, outer);
  return nested && 'items' in kept ? { ...kept, items: page.items.map((item) => pick(item, nested)) } : kept;
}
