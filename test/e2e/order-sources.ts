/** Where orders come from: the shop that the app is installed in, or a system that is connected to it. */
import type { ApiClient } from './api-client.ts';
import { customersOf } from './lightspeed-orders.ts';
import type { OrderSource, PlacedOrder } from './shop-fixture.ts';
import { connectRetailBy, type Street } from './street.ts';

export interface ConnectedSource extends OrderSource {
  readonly connector: string;
  /** Nothing to do where it is the shop itself. */
  connect(api: ApiClient): Promise<unknown>;
}

export const shopItself = ({ shop }: Street, connector: string): ConnectedSource => ({
  ...shop,
  connector,
  connect: async () => undefined,
});

export const webshop = ({ systems }: Street): ConnectedSource => {
  const shop = systems.webshop;
  const people = customersOf(5);
  let placed = 0;
  const next = (paid: boolean, person = people.next()): PlacedOrder => {
    placed += 1;
    const lines = [{ code: '1001', quantity: 1 + (placed % 3) }, { code: placed % 2 === 0 ? '1006' : '1002' }];
    const { id, number, total } = shop.place({ lines, person, paid, shipping: 495 });
    return { id: String(id), number, paidMinor: total };
  };
  return {
    connector: 'lightspeed',
    connect: (api) =>
      api.expect('PUT', 'connections/lightspeed', {
        settings: { series: 'ecom', apiKey: shop.apiKey, apiSecret: shop.apiSecret, language: 'nl' },
      }),
    placePaidOrder: async () => next(true),
    placePaidOrderOfNewCustomer: async () => next(true, people.newcomer()),
    placeUnpaidOrder: async () => next(false),
    pay: async (id) => shop.pay(Number(id)),
    ...newsOf(shop.webhooks),
    unexpected: () => shop.unexpected,
  };
};

export const retailShop = ({ systems }: Street): ConnectedSource => {
  const { retail } = systems;
  const people = customersOf(5);
  let placed = 0;
  const next = (paid: boolean, person = people.next()): PlacedOrder => {
    placed += 1;
    const lines = [{ code: '1001', quantity: 1 + (placed % 3) }, { code: placed % 2 === 0 ? '1006' : '1002' }];
    const known = retail.customers().find(({ email }) => email === person.email);
    const who = known === undefined ? { person } : { customerId: String(known.id) };
    const { id, invoiceNumber, total } = retail.sell({ lines, ...who, status: paid ? 'CLOSED' : 'ONACCOUNT' });
    return { id, number: invoiceNumber, paidMinor: total };
  };
  return {
    connector: 'lightspeed',
    connect: (api) => connectRetailBy(api, systems),
    placePaidOrder: async () => next(true),
    placePaidOrderOfNewCustomer: async () => next(true, people.newcomer()),
    placeUnpaidOrder: async () => next(false),
    pay: async (id) => retail.pay(id),
    ...newsOf(retail.webhooks),
    unexpected: () => retail.unexpected,
  };
};

interface Deliveries {
  readonly mode: { drop: boolean; copies: number; hold: boolean };
  release(): void;
  idle(): Promise<void>;
}

const newsOf = (webhooks: Deliveries): Pick<OrderSource, 'disturb' | 'webhooks' | 'delivered'> => ({
  disturb: ({ copies }) => Object.assign(webhooks.mode, { copies: copies - 1, hold: true }),
  webhooks: (mode) => {
    webhooks.mode.drop = mode === 'dropped';
  },
  async delivered() {
    webhooks.release();
    await webhooks.idle();
  },
});
