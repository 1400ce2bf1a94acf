/** The ways of an order that the suites of killed servers, silent webhooks and sudden deaths go along: a source, a target, and both connected. */
import type { Database } from '../../app-server/store/database.ts';
import { tenantOf } from '../../app-server/engine/model.ts';
import { referenceOf } from '../../app-server/engine/prepare.ts';
import { seedArticles } from '../simulators/lightspeed/articles.ts';
import type { MpluskassaSimulator, startMpluskassa } from '../simulators/mpluskassa/simulator.ts';
import type { Faults, FaultKind } from '../simulators/shared/faulty-server.ts';
import { seededRandom } from '../simulators/shared/seeded-random.ts';
import type { ApiClient, Shape } from './api-client.ts';
import { ecwidFixture } from './ecwid-fixture.ts';
import { customersOf } from './lightspeed-orders.ts';
import type { OrderSource, PlacedOrder, ShopFixture, TestShop } from './shop-fixture.ts';
import { shopwareFixture } from './shopware-fixture.ts';
import { type Systems, startSystems } from './systems.ts';
import { openWorld, tillSettings, type World } from './world.ts';

/** Everything that stands along the street; the way says what of it takes part. */
export interface Street {
  readonly shop: TestShop;
  readonly till: MpluskassaSimulator;
  readonly systems: Systems;
}

/** An order as it stands in the target. */
export interface Arrival {
  /** {@link OrderTarget.nameOf} of the order that it came from. */
  readonly name: string;
  readonly totalMinor: number;
  /** One amount per payment. */
  readonly payments: readonly number[];
  readonly customer: string;
}

export interface Weather {
  /** One call in this many goes wrong, in any of the ways that do not take a minute to notice. */
  rough(how: { readonly seed: number; readonly timeouts: boolean }): void;
  clear(): void;
  away(away: boolean): Promise<void>;
  /** Runs `work` at the n-th call from now: it has been carried out, its answer is still on its way. */
  atCall(calls: number, work: () => void): Promise<void>;
}

export interface OrderTarget {
  readonly connector: string;
  readonly weather: Weather;
  /** What it parks when it says no without a word, to be sent again. */
  readonly refusals: RegExp;
  connect(api: ApiClient): Promise<unknown>;
  nameOf(order: PlacedOrder): string;
  /** Orders of one customer come in their order. False: each stands for itself there, and many go at once. */
  readonly oneAfterAnother: boolean;
  /** In the order of their arrival. */
  arrived(): readonly Arrival[];
  /** Addresses of everybody whom it knows and did not know at first; one that stands there twice was made twice. */
  people(): readonly string[];
  unexpected(): readonly string[];
}

export interface ConnectedSource extends OrderSource {
  readonly connector: string;
  /** Nothing to do where it is the shop itself. */
  connect(api: ApiClient): Promise<unknown>;
}

export interface Way {
  readonly name: string;
  readonly shop: ShopFixture;
  source(street: Street): ConnectedSource;
  target(street: Street): OrderTarget;
  /** What most merchants do: the suites look at it longest. */
  readonly main?: true;
  /** Labels of the requests that write in the target, in their order. */
  readonly writes: readonly string[];
}

const shopItself = ({ shop }: Street, connector: string): ConnectedSource => ({ ...shop, connector, connect: async () => undefined });

const till = (street: Street): OrderTarget => {
  const simulator = street.till;
  const before = simulator.relations().length;
  return {
    connector: 'mpluskassa',
    oneAfterAnother: true,
    refusals: /^till\.(payment-)?refused$/,
    connect: (api) => api.expect('PUT', 'connections/mpluskassa', { settings: tillSettings(simulator) }),
    nameOf: ({ number }) => number,
    arrived: () =>
      simulator.orders().map(({ reference, totalInclAmount, payments, relationNumber }) => ({
        name: reference,
        totalMinor: totalInclAmount,
        payments: payments.map(({ amount }) => amount),
        customer: String(relationNumber),
      })),
    people: () =>
      simulator
        .relations()
        .slice(before)
        .map(({ email }) => String(email).toLowerCase()),
    unexpected: () => simulator.unexpected,
    weather: {
      rough({ seed, timeouts }) {
        const quick = ['refuse', 'fault', 'bad-gateway', 'write-then-drop', 'failed'] as const;
        // A call that hangs takes a minute until it is given up.
        simulator.faults.rate(0.1, timeouts ? [...quick, ...quick, ...quick, 'timeout'] : quick, seed);
      },
      clear: () => simulator.faults.clear(),
      away: (away) => simulator.faults.away(away),
      atCall: (calls, work) => nth((listener) => simulator.calls.watch(listener), calls, work),
    },
  };
};

const mailchimp = ({ systems, shop }: Street): OrderTarget => {
  const simulator = systems.mailchimp;
  return {
    connector: 'mailchimp',
    oneAfterAnother: false,
    refusals: /^$/,
    connect: (api) =>
      api.expect('PUT', 'connections/mailchimp', { settings: { apiKey: simulator.apiKey, audience: simulator.audienceId } }),
    nameOf: referenceIn(shop),
    arrived: () =>
      simulator.stores().flatMap(({ id }) =>
        simulator.orders(String(id)).map((order) => {
          const totalMinor = Math.round(Number(order.order_total) * 100);
          const customer = String((order.customer as { email_address?: unknown }).email_address);
          // Mailchimp knows no payments; it says that an order is paid, or does not.
          return { name: String(order.id), totalMinor, payments: order.financial_status === 'paid' ? [totalMinor] : [], customer };
        }),
      ),
    people: () => simulator.members().map((member) => String(member.email_address).toLowerCase()),
    unexpected: () => simulator.unexpected,
    weather: httpWeather(simulator.faults),
  };
};

const retailTill = ({ systems, shop }: Street): OrderTarget => {
  const { retail } = systems;
  const before = retail.customers().length;
  return {
    connector: 'lightspeed',
    oneAfterAnother: true,
    refusals: /^$/,
    connect: (api) => connectRetailBy(api, systems),
    nameOf: referenceIn(shop),
    arrived: () =>
      retail.sales().map((sale) => ({
        name: String(sale.source_id),
        totalMinor: Math.round((Number(sale.total_price) + Number(sale.total_tax)) * 100),
        payments: (sale.payments as { amount: unknown }[]).map(({ amount }) => Math.round(Number(amount) * 100)),
        customer: String(sale.customer_id),
      })),
    people: () =>
      retail
        .customers()
        .slice(before)
        .map(({ email }) => String(email).toLowerCase()),
    unexpected: () => retail.unexpected,
    weather: httpWeather(retail.faults),
  };
};

const webshop = ({ systems }: Street): ConnectedSource => {
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

const retailShop = ({ systems }: Street): ConnectedSource => {
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

/** By tokens as the merchant's agreement brings them: what is signed with the app's secret is believed. */
function connectRetailBy(api: ApiClient, { retail }: Systems): Promise<unknown> {
  const { accessToken, refreshToken, expires } = retail.grant();
  const expiresAt = new Date(expires * 1000).toISOString();
  return api.expect('PUT', 'connections/lightspeed', {
    settings: { series: 'retail', domainPrefix: retail.domainPrefix, accessToken, refreshToken, expiresAt },
  });
}

export const ways: readonly Way[] = [
  {
    ...{ name: 'Shopware → MplusKASSA', shop: shopwareFixture, target: till, writes: ['createRelation', 'createOrderV3'], main: true },
    source: (street) => shopItself(street, 'shopware'),
  },
  {
    ...{ name: 'Ecwid → MplusKASSA', shop: ecwidFixture, target: till, writes: ['createRelation', 'createOrderV3'], main: true },
    source: (street) => shopItself(street, 'ecwid'),
  },
  {
    ...{ name: 'Shopware → Mailchimp', shop: shopwareFixture, target: mailchimp, writes: ['create order'] },
    source: (street) => shopItself(street, 'shopware'),
  },
  {
    ...{ name: 'Ecwid → Lightspeed Retail', shop: ecwidFixture, target: retailTill, writes: ['write the customer', 'create the sale'] },
    source: (street) => shopItself(street, 'ecwid'),
  },
  {
    ...{ name: 'Lightspeed eCom → MplusKASSA', shop: shopwareFixture, target: till, writes: ['createRelation', 'createOrderV3'] },
    source: webshop,
  },
  {
    ...{ name: 'Lightspeed Retail → MplusKASSA', shop: shopwareFixture, target: till, writes: ['createRelation', 'createOrderV3'] },
    source: retailShop,
  },
];

/** Systems that sell what both shops sell, and whose limits are out of the way. */
export async function systemsOfWays(): Promise<Systems> {
  const more = { code: '1010', name: 'Kadohoesje', price: 95, rate: 2100, stock: 1_000 };
  const systems = await startSystems({ articles: [...seedArticles, more], webshopBehindMs: 120_000 });
  Object.assign(systems.webshop.knobs, { limits: [1_000_000, 1_000_000, 1_000_000] });
  Object.assign(systems.retail.knobs, { limit: 1_000_000 });
  return systems;
}

export interface OpenWay {
  readonly world: World;
  readonly source: ConnectedSource;
  readonly target: OrderTarget;
  /** Where the product finds everybody. */
  readonly environment: Readonly<Record<string, string>>;
  unexpected(): readonly string[];
  stop(): Promise<void>;
}

/** A world in which one way is set up. */
export async function openWay(how: {
  readonly way: Way;
  readonly database: Database;
  readonly till?: Parameters<typeof startMpluskassa>[0];
  readonly environment?: Readonly<Record<string, string>>;
}): Promise<OpenWay> {
  const { way, database, till: tillOptions } = how;
  const systems = await systemsOfWays();
  const environment = { ...systems.environment, ...how.environment };
  const world = await openWorld({
    ...{ fixture: way.shop, database, bare: true, environment },
    ...(tillOptions && { till: tillOptions }),
  });
  const street = { shop: world.shop, till: world.till, systems };
  const source = way.source(street);
  const target = way.target(street);
  await setUpWay(world.api, source, target);
  return {
    world,
    source,
    target,
    environment,
    unexpected: () => [...systems.unexpected(), ...world.till.unexpected, ...world.shop.unexpected()],
    async stop() {
      await world.stop();
      await systems.stop();
    },
  };
}

/** What the merchant does: connects both ends, takes the suggestions, switches on. */
export async function setUpWay(api: ApiClient, source: ConnectedSource, target: OrderTarget): Promise<Shape<'Flow'>> {
  await source.connect(api);
  await target.connect(api);
  const connections = await api.expect<Shape<'Connection'>[]>('GET', 'connections');
  const [from, to] = [source, target].map((end) => connections.find(({ connector }) => connector === end.connector)?.id);
  const flow = await api.expect<Shape<'Flow'>>('POST', 'flows', { kind: 'order', source: from, target: to });
  return api.expect<Shape<'Flow'>>('POST', `flows/${flow.id}/switch`, { on: true, from: new Date(Date.now() - 3_600_000).toISOString() });
}

/** The expected arrivals, and those that there are; both sorted by name. */
export function compared(target: OrderTarget, placed: readonly PlacedOrder[]): { wanted: object[]; found: object[] } {
  const byName = (a: { name: string }, b: { name: string }): number => a.name.localeCompare(b.name);
  const bare = ({ name, totalMinor, payments }: Omit<Arrival, 'customer'>) => ({ name, totalMinor, payments });
  return {
    wanted: placed
      .map((order) => ({ name: target.nameOf(order), totalMinor: order.paidMinor, payments: [order.paidMinor] }))
      .sort(byName),
    found: target.arrived().map(bare).sort(byName),
  };
}

const referenceIn =
  (shop: TestShop) =>
  ({ id }: PlacedOrder): string =>
    referenceOf(tenantOf(/^\d+$/.test(shop.shopId) ? 'ecwid' : 'shopware', shop.shopId), 'order', id);

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

function httpWeather(faults: Faults): Weather {
  let back: (() => void) | undefined;
  return {
    rough({ seed, timeouts }) {
      const quick = ['drop', 'html', 'status', 'lose-answer'] as const satisfies readonly FaultKind[];
      const kinds: readonly FaultKind[] = timeouts ? [...quick, ...quick, ...quick, 'hang'] : quick;
      faults.rate(0.03, kinds, seededRandom(seed).next);
    },
    clear: () => faults.clear(),
    async away(away) {
      back?.();
      back = away ? faults.add({ kind: 'drop' }) : undefined;
    },
    atCall: (calls, work) => nth((listener) => faults.watch(listener), calls, work),
  };
}

function nth(watch: (listener: () => void) => () => void, count: number, work: () => void): Promise<void> {
  let left = count;
  return new Promise((resolve) => {
    const end = watch(() => {
      left -= 1;
      if (left > 0) return;
      end();
      work();
      resolve();
    });
  });
}
