import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { testDatabase } from '../database.ts';
import { startMpluskassa } from '../simulators/mpluskassa/simulator.ts';
import { seededRandom } from '../simulators/shared/seeded-random.ts';
import { openFrame, type Shape } from './api-client.ts';
import { inDatabase, openProcesses, type Processes } from './processes.ts';
import type { PlacedOrder } from './shop-fixture.ts';
import type { Street } from './street.ts';
import { compared, setUpWay, systemsOfWays, ways } from './ways.ts';
import { articlesOf } from './world.ts';

const long = process.env.TEST_LONG === '1';
/** The shops on their way to the till are looked at longest. */
const sizeOf = (main: boolean) =>
  long
    ? main
      ? { kills: 20, ordersPerKill: 10, orders: 200 }
      : { kills: 6, ordersPerKill: 10, orders: 60 }
    : main
      ? { kills: 6, ordersPerKill: 7, orders: 40 }
      : { kills: 2, ordersPerKill: 7, orders: 14 };

const test = testDatabase();
let open: { database: string; processes: Processes; street: Street } | undefined;

afterEach(async () => {
  await open?.processes.stop();
  await Promise.all([open?.street.shop.stop(), open?.street.till.stop(), open?.street.systems.stop()]);
  if (open) await test.database.connection.useDb(open.database).dropDatabase();
  open = undefined;
});

describe.each(ways.map((way, index) => ({ way, name: way.name, index, size: sizeOf(way.main === true) })))(
  'orders $name while the server dies again and again',
  ({ way, index, size }) => {
    it(
      `are there once each, paid once, after ${size.orders} orders and ${size.kills} kills`,
      async () => {
        const seed = Number(process.env.TEST_SEED ?? 4711);
        const random = seededRandom(seed);
        const [shop, systems] = await Promise.all([way.shop.start({ seed }), systemsOfWays()]);
        const till = await startMpluskassa({ articles: articlesOf(shop) });
        // Retail's search learns of a sale later than the next attempt may look for it.
        systems.retail.knobs.searchLagMs = 1_000;
        const street = { shop, till, systems };
        const database = `${test.name}_${index}`;
        const processes = await openProcesses(2, (url) => ({
          APP_URL: url,
          MONGODB_URI: inDatabase(test.uri, database),
          ENCRYPTION_KEYS: `k:${Buffer.alloc(32, 7).toString('base64')}`,
          JWT_SECRET: secret,
          ALLOW_PRIVATE_HOSTS: '1',
          LEASE_MS: '3000',
          POLL_EVERY_MS: '1000',
          LIGHTSPEED_RETAIL_SEARCH_LAG_MS: '3000',
          ...shop.environment(),
          ...systems.environment,
        }));
        open = { database, processes, street };
        await processes.ready();
        await shop.install(processes.url);
        const api = await openFrame(processes.url, await shop.frameUrl());
        const source = way.source(street);
        const target = way.target(street);
        const flow = await setUpWay(api, source, target);
        target.weather.rough({ seed, timeouts: long });

        source.webhooks('delivered');
        const placed: PlacedOrder[] = [];
        for (let wave = 0; wave < size.kills; wave += 1) {
          await processes.ready();
          for (let count = 0; count < size.ordersPerKill && placed.length < size.orders; count += 1) {
            const order = await source.placeUnpaidOrder();
            source.disturb({ copies: random.int(1, 20), freshIds: random.chance(0.5) });
            await source.pay(order.id);
            source.disturb({ copies: 1, freshIds: false });
            placed.push(order);
          }
          const killed = target.weather.atCall(random.int(1, 10), () => processes.kill(random.int(0, 1)));
          await Promise.race([Promise.all([source.delivered(), killed]), processes.broken]);
        }
        await processes.ready();

        const current = async (): Promise<Shape<'Flow'>> => api.expect('GET', `flows/${flow.id}`);
        const left = async () => (await api.expect<Shape<'RecordPage'>>('GET', 'records?state=waiting&limit=100')).items;
        await expect.poll(left, { timeout: long ? 600_000 : 150_000, interval: 250 }).toEqual([]);
        // What was refused without a word waits for the merchant; he sends it again, and the target has come to its senses.
        const { items } = await api.expect<Shape<'RecordPage'>>('GET', 'records?state=parked&limit=100');
        for (const { cause } of items) expect(cause).toMatchObject({ code: expect.stringMatching(target.refusals) });
        target.weather.clear();
        await api.expect('POST', 'records/replay', { flow: flow.id });
        // A poll that looks back over them opens some once more; they end as they were.
        const settled = { received: size.orders, done: size.orders, skipped: 0, parked: 0, waiting: 0 };
        await expect.poll(async () => (await current()).counts, { timeout: 60_000, interval: 100 }).toEqual(settled);
        expect(placed).toHaveLength(size.orders);
        const { wanted, found } = compared(target, placed);
        expect(found).toEqual(wanted);
        const addresses = target.people();
        expect(addresses).toEqual([...new Set(addresses)]);
        expect(processes.kills).toBe(size.kills);
        expect(processes.errors).toEqual([]);
        expect([...target.unexpected(), ...source.unexpected(), ...shop.unexpected()]).toEqual([]);
      },
      long ? 1_200_000 : 180_000,
    );
  },
);

const secret = randomBytes(32).toString('hex');
