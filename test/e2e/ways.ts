/** The ways of an order that the suites of killed servers, silent webhooks and sudden deaths go along: a source, a target, and both connected. */
import type { Database } from '../../app-server/store/database.ts';
import { seedArticles } from '../simulators/lightspeed/articles.ts';
import type { startMpluskassa } from '../simulators/mpluskassa/simulator.ts';
import type { ApiClient, Shape } from './api-client.ts';
import { ecwidFixture } from './ecwid-fixture.ts';
import { type ConnectedSource, retailShop, shopItself, webshop } from './order-sources.ts';
import { type Arrival, mailchimp, type OrderTarget, retailTill, till } from './order-targets.ts';
import type { PlacedOrder, ShopFixture } from './shop-fixture.ts';
import { shopwareFixture } from './shopware-fixture.ts';
import type { Street } from './street.ts';
import { type Systems, startSystems } from './systems.ts';
import { openWorld, type World } from './world.ts';

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
  readonly retail: Systems['retail'];
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
    retail: systems.retail,
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
    wanted: placed.map((order) => ({ name: target.nameOf(order), totalMinor: order.paidMinor, payments: [order.paidMinor] })).sort(byName),
    found: target.arrived().map(bare).sort(byName),
  };
}
