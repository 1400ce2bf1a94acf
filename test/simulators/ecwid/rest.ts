/** The REST API of one store, version 3: what the app asks for. Everything else is a request that nobody expected. */
import type { SimRequest, SimResponse } from '../shared/faulty-server.ts';
import { dated } from './events.ts';
import { Refusal } from './goods.ts';
import { makeOrder } from './made-orders.ts';
import { customerMatches, groups, printedCustomer, type SimCustomer } from './people.ts';
import { profileOf } from './profile.ts';
import { catalogueRoute } from './rest-catalogue.ts';
import type { SimOrder } from './shop.ts';
import type { ShopState } from './state.ts';

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
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const asked = { token, method: request.method, path: rest, query, body: request.body };
    const answer = refusalOf(token, store) ?? (rest === '/batch' ? batch(asked) : carryOut(asked, true));
    seen.calls.push({ method: request.method, path: rest, query, status: answer.status });
    return json(answer);
  };

  function refusalOf(token: string, store: string): Answer | undefined {
    if (!state.tokens.has(token) || store !== String(state.storeId)) return refused(403, 'INVALID_API_TOKEN', 'Token is invalid');
    if (!state.plan.paid) return refused(402, 'NOT_AVAILABLE_ON_CURRENT_PLAN');
    return state.plan.suspended ? refused(402, 'STORE_IS_SUSPENDED') : undefined;
  }

  interface Asked {
    readonly token: string;
    readonly method: string;
    readonly path: string;
    readonly query: URLSearchParams;
    readonly body: string;
  }

  function carryOut({ token, method, path, query, body }: Asked, counted: boolean): Answer {
    const route = routeOf(method, path);
    if (route === undefined) {
      seen.unexpected.push(`${method} /api/v3/${state.storeId}${path}`);
      return refused(422, 'WRONG_URL');
    }
    if (state.tokens.get(token)?.scopes.includes(route.scope) !== true) {
      return refused(403, 'INSUFFICIENT_APP_SCOPE', `The token lacks ${route.scope}`);
    }
    if (counted && throttled(token)) return { ...refused(429, 'RATE_LIMITED'), headers: { 'retry-after': '10' } };
    try {
      return route.answer(query, body);
    } catch (error) {
      if (error instanceof Refusal) return refused(error.status, error.errorCode, error.message);
      throw error;
    }
  }

  function batch({ token, method, query, body }: Asked): Answer {
    if (throttled(token)) return { ...refused(429, 'RATE_LIMITED'), headers: { 'retry-after': '10' } };
    if (method === 'GET') return state.batches.get(query);
    return state.batches.post(query, body, (inner) => {
      const { pathname, searchParams } = new URL(inner.path, 'http://store.invalid');
      const text = inner.body === undefined || inner.body === '' ? '' : JSON.stringify(inner.body);
      return carryOut({ token, method: inner.method, path: pathname, query: searchParams, body: text }, false);
    });
  }

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
      case 'POST orders':
        return id === '' ? { scope: 'create_orders', answer: (_query, body) => createOrder(body) } : undefined;
      case 'PUT orders':
        return { scope: 'update_orders', answer: (_query, body) => updateOrder(id, body) };
      case 'GET carts':
        return { scope: 'read_orders', answer: (query) => (id === '' ? list(cartsWithin(query), query) : cart(id)) };
      case 'GET customers':
        return {
          scope: 'read_customers',
          answer: (query) =>
            id === ''
              ? list(
                  [...state.shop.customers.values()]
                    .filter((one) => changedWithin(Date.parse(one.updated), query) && customerMatches(one, query))
                    .map(printed),
                  query,
                )
              : one([...state.shop.customers.values()].map(printed), id, 'CUSTOMER_NOT_FOUND'),
        };
      case 'POST customers':
        return id === ''
          ? { scope: 'create_customers', answer: (_query, body) => ok({ id: state.shop.putCustomer(JSON.parse(body)).id }) }
          : undefined;
      case 'PUT customers':
        return {
          scope: 'update_customers',
          answer: (_query, body) => {
            state.shop.putCustomer(JSON.parse(body), Number(id));
            return ok({ updateCount: 1 });
          },
        };
      case 'GET customer_groups':
        return { scope: 'read_customers', answer: (query) => list(groups, query) };
      default:
        return catalogueOf(method, [resource, id, sub, subId]);
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

  function catalogueOf(method: string, parts: readonly string[]): Route | undefined {
    const found = catalogueRoute(state.shop.shelves, {
      method,
      parts,
      lagMs: state.indexLagMs,
      page: (all, query) => list(all, query).body,
      changedWithin,
    });
    return found && { scope: found.scope, answer: (query, body) => ok(found.answer(query, body)) };
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
    const same = (name: string, value: unknown) => query.get(name) === null || query.get(name) === String(value);
    const bound = (name: string, otherwise: number) => Number(query.get(name) ?? otherwise);
    return (
      among('paymentStatus', order.paymentStatus) &&
      among('ids', order.id) &&
      same('customerId', order.customerId) &&
      same('acceptMarketing', order.acceptMarketing) &&
      order.total >= bound('totalFrom', Number.NEGATIVE_INFINITY) &&
      order.total <= bound('totalTo', Number.POSITIVE_INFINITY) &&
      order.createTimestamp >= bound('createdFrom', 0) &&
      changedWithin(order.updateTimestamp * 1000, query)
    );
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

  function printed(customer: SimCustomer) {
    const orders = [...state.shop.orders.values()].filter(({ customerId }) => customerId === customer.id).length;
    return printedCustomer(customer, orders);
  }

  function createOrder(body: string): Answer {
    const { id, internalId } = makeOrder(state.shop, JSON.parse(body), { now: state.now(), prefix: state.orderPrefix });
    return ok({ id: internalId, orderid: id });
  }

  function cartsWithin(query: URLSearchParams): object[] {
    return [...state.shop.carts].flatMap(([cartId, { order }]) =>
      changedWithin(order.updateTimestamp * 1000, query) ? [printedCart(cartId)] : [],
    );
  }

  function cart(cartId: string): Answer {
    return state.shop.carts.has(cartId) ? ok(printedCart(cartId)) : refused(404, 'CART_NOT_FOUND', `Cart #${cartId} not found`);
  }

  function printedCart(cartId: string): object {
    const { order, recoveredOrderId } = state.shop.carts.get(cartId) ?? {};
    const { id: _, internalId: __, ...fields } = order ?? ({} as SimOrder);
    return { cartId, ...fields, ...(recoveredOrderId !== undefined && { recoveredOrderId }) };
  }
}

const statuses = () =>
  ['AWAITING_PAYMENT', 'PAID', 'CANCELLED', 'REFUNDED', 'PARTIALLY_REFUNDED', 'INCOMPLETE'].map((statusId) => ({
    statusId,
    orderStatusType: 'PAYMENT_STATUS',
    defaultStatus: true,
    enabled: true,
  }));

/** `responseFields=total,items(id,combinations(sku))` */
function trimmed(page: object, fields: string | null): unknown {
  return fields === null ? page : picked(page, fields);
}

function picked(value: unknown, fields: string): unknown {
  if (Array.isArray(value)) return value.map((item) => picked(item, fields));
  if (typeof value !== 'object' || value === null) return value;
  const wanted = new Map(
    [...fields.matchAll(/(\w+)(?:\(((?:[^()]|\([^()]*\))*)\))?/g)].map(([, name = '', inner]) => [name, inner] as const),
  );
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) => {
      if (!wanted.has(name)) return [];
      const inner = wanted.get(name);
      return [[name, inner === undefined ? item : picked(item, inner)]];
    }),
  );
}
