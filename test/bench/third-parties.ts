/** A process that plays the shop and the till, and remembers what the product asked of them. */

import { openFrame, type Shape } from '../e2e/api-client.ts';
import { testShop } from '../e2e/shopware-fixture.ts';
import { articlesOf, setUp } from '../e2e/world.ts';
import { type MpluskassaSimulator, startMpluskassa } from '../simulators/mpluskassa/simulator.ts';
import type { SeedCustomer } from '../simulators/shopware/seed-customers.ts';
import { startShopware } from '../simulators/shopware/simulator.ts';
import { serve } from './remote.ts';

const simulator = await startShopware({ seed: 1 });
const shop = testShop(simulator);
shop.webhooks('dropped');
const newTill = (): Promise<MpluskassaSimulator> => startMpluskassa({ articles: articlesOf(shop) });
const till = await newTill();
/** For whoever does the same work beside the product. */
const spare = await newTill();
let api: Awaited<ReturnType<typeof openFrame>> | undefined;
let customers = 0;

/** Somebody who never bought anything before. */
function stranger(): SeedCustomer {
  customers += 1;
  return {
    number: String(50_000 + customers),
    salutation: 'not_specified',
    firstName: 'Robin',
    lastName: `Buyer${customers}`,
    email: `robin.${customers}@example.test`,
    street: `Langestraat ${customers}`,
    zipcode: '1012JS',
    city: 'Amsterdam',
    country: 'NL',
  };
}

const oneOfEach = articlesOf(shop).map(({ articleNumber }) => ({ productNumber: String(articleNumber), quantity: 1 }));
const bought: SeedCustomer[] = [];

export interface Placed {
  readonly id: string;
  readonly number: string;
  readonly email: string;
}

async function inTurn<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let index = 0; index < count; index += 1) results.push(await work(index));
  return results;
}

const methods = {
  /** Installs the app, connects the till, switches the flow on. */
  async install(appUrl: string) {
    simulator.webhooks.mode = 'sync';
    await shop.install(appUrl);
    shop.webhooks('dropped');
    api = await openFrame(appUrl, await shop.frameUrl());
    const flow = await setUp(api, till);
    return { flow: flow.id, tenant: `shopware:${shop.shopId}` };
  },
  async switch({ flow, on }: { flow: string; on: boolean }) {
    await api?.expect<Shape<'Flow'>>('POST', `flows/${flow}/switch`, { on });
  },
  /** A real paid event as the shop signs it, to be multiplied. */
  async paidEvent() {
    simulator.webhooks.mode = 'sync';
    const order = await shop.placePaidOrder();
    shop.webhooks('dropped');
    const delivery = simulator.webhooks.deliveries.findLast(({ event }) => event === 'state_enter.order_transaction.state.paid');
    if (delivery === undefined) throw new Error('no paid event went out');
    const { url, body, headers, eventId, status } = delivery;
    const secret = simulator.credentials().shopSecret ?? '';
    return { url, body, headers, eventId, status, orderId: order.id, orderNumber: order.number, secret };
  },
  shop: () => ({ url: shop.url, shopId: shop.shopId, ...simulator.credentials() }),
  till: () => ({ host: till.host, port: till.port, ident: till.ident, secret: till.secret, branchNumber: 1, employeeNumber: 101 }),
  /** Paid orders; each second one of a customer of an earlier call, as far as there are any. Nobody buys twice in one call. */
  place(count: number): Promise<Placed[]> {
    const before = bought.slice(-count);
    return inTurn(count, async (index) => {
      const buyer = (index % 2 === 1 && before[index]) || stranger();
      bought.push(buyer);
      const { id, orderNumber } = await simulator.orders.placePaidOrder({ customer: buyer });
      return { id, number: orderNumber, email: buyer.email };
    });
  },
  /** A paid order of somebody new or of somebody who bought before, told by webhook. Resolves to its id. */
  async buy({ customer, everything = false }: { customer: 'new' | 'returning'; everything?: boolean }) {
    const buyer = (customer === 'returning' && bought.at(-1)) || stranger();
    bought.push(buyer);
    simulator.webhooks.mode = 'sync';
    const order = await simulator.orders.placePaidOrder({ customer: buyer, ...(everything && { lines: oneOfEach }) });
    shop.webhooks('dropped');
    return order.id;
  },
  repeat: ({ id, times }: { id: string; times: number }) => shop.repeatPaidEvent(id, times),
  /** Names of the operations since the last time. */
  tillCalls() {
    const names = till.calls.map(({ operation }) => operation);
    till.calls.reset();
    return names;
  },
  /** Everything asked since the last time, as it was asked. */
  recorded() {
    const soap = till.calls.map(({ operation, body }) => ({ operation, body }));
    const searches = simulator.calls.list.filter(({ path }) => path === '/api/search/order').map(({ body }) => JSON.stringify(body));
    till.calls.reset();
    simulator.calls.clear();
    simulator.webhooks.reset();
    shop.webhooks('dropped');
    return { soap, searches, unexpected: [...till.unexpected, ...shop.unexpected()] };
  },
  spareTill: () => spare.url,
  async away(away: boolean) {
    await till.faults.away(away);
  },
  tillOrders: () => ({ product: till.orders().length, spare: spare.orders().length }),
};

export type ThirdParties = typeof methods;
serve(methods);
