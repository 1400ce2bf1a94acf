import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { testDatabase } from '../database.ts';
import { type MpluskassaSimulator, startMpluskassa } from '../simulators/mpluskassa/simulator.ts';
import { seededRandom } from '../simulators/shared/seeded-random.ts';
import { openFrame, type Shape } from './api-client.ts';
import { fixtures } from './fixtures.ts';
import { inDatabase, openProcesses, type Processes } from './processes.ts';
import type { PlacedOrder, TestShop } from './shop-fixture.ts';
import { articlesOf, setUp } from './world.ts';

const long = process.env.TEST_LONG === '1';
const size = long ? { kills: 20, ordersPerKill: 10, orders: 200 } : { kills: 6, ordersPerKill: 7, orders: 40 };
// A call that hangs takes a minute until it is given up: only in the long run.
const quick = ['refuse', 'fault', 'bad-gateway', 'write-then-drop', 'failed'] as const;
const faults = long ? ([...quick, ...quick, ...quick, 'timeout'] as const) : quick;

const test = testDatabase();
let open: { platform: string; processes: Processes; shop: TestShop; till: MpluskassaSimulator } | undefined;

afterEach(async () => {
  await open?.processes.stop();
  await open?.shop.stop();
  await open?.till.stop();
  if (open) await test.database.connection.useDb(`${test.name}_${open.platform}`).dropDatabase();
});

describe.each(fixtures)('orders from $platform while the server dies again and again', (fixture) => {
  it(
    `are in the till once each, paid once, after ${size.orders} orders and ${size.kills} kills`,
    async () => {
      const seed = Number(process.env.TEST_SEED ?? 4711);
      const random = seededRandom(seed);
      const shop = await fixture.start({ seed });
      const till = await startMpluskassa({ articles: articlesOf(shop) });
      const processes = await openProcesses(2, (url) => ({
        APP_URL: url,
        MONGODB_URI: inDatabase(test.uri, `${test.name}_${fixture.platform}`),
        ENCRYPTION_KEYS: `k:${Buffer.alloc(32, 7).toString('base64')}`,
        JWT_SECRET: secret,
        ALLOW_PRIVATE_HOSTS: '1',
        LEASE_MS: '3000',
        POLL_EVERY_MS: '1000',
        ...shop.environment(),
      }));
      open = { platform: fixture.platform, processes, shop, till };
      await processes.ready();
      await shop.install(processes.url);
      const api = await openFrame(processes.url, await shop.frameUrl());
      const flow = await setUp(api, till);
      const relationsBefore = till.relations().length;
      till.faults.rate(0.1, faults, seed);

      shop.webhooks('delivered');
      const placed: PlacedOrder[] = [];
      for (let wave = 0; wave < size.kills; wave += 1) {
        await processes.ready();
        for (let index = 0; index < size.ordersPerKill && placed.length < size.orders; index += 1) {
          const order = await shop.placeUnpaidOrder();
          shop.disturb({ copies: random.int(1, 20), freshIds: random.chance(0.5) });
          await shop.pay(order.id);
          shop.disturb({ copies: 1, freshIds: false });
          placed.push(order);
        }
        const killed = afterCalls(till, random.int(1, 10), () => processes.kill(random.int(0, 1)));
        await Promise.race([Promise.all([shop.delivered(), killed]), processes.broken]);
      }
      await processes.ready();

      const current = async (): Promise<Shape<'Flow'>> => api.expect('GET', `flows/${flow.id}`);
      await expect.poll(async () => (await current()).counts.waiting, { timeout: 240_000, interval: 250 }).toBe(0);
      // What the till refused without a word waits for the merchant; he sends it again, and the till has come to its senses.
      const { items } = await api.expect<Shape<'RecordPage'>>('GET', 'records?state=parked&limit=100');
      for (const { cause } of items) expect(cause).toMatchObject({ code: expect.stringMatching(/^till\.(payment-)?refused$/) });
      till.faults.clear();
      await api.expect('POST', 'records/replay', { flow: flow.id });
      await expect.poll(async () => (await current()).counts.done, { timeout: 60_000, interval: 100 }).toBe(size.orders);

      expect((await current()).counts).toEqual({ received: size.orders, done: size.orders, skipped: 0, parked: 0, waiting: 0 });
      expect(placed).toHaveLength(size.orders);
      const paid = new Map(placed.map(({ number, paidMinor }) => [number, paidMinor]));
      const inTill = till.orders().map(({ reference, totalInclAmount, prepaidAmount, payments }) => ({
        reference,
        total: totalInclAmount,
        prepaid: prepaidAmount,
        payments: payments.map(({ amount }) => amount),
      }));
      expect(inTill.map(({ reference }) => reference).sort()).toEqual([...paid.keys()].sort());
      expect(inTill).toEqual(
        inTill.map(({ reference }) => {
          const amount = paid.get(reference);
          return { reference, total: amount, prepaid: amount, payments: [amount] };
        }),
      );
      const addresses = till
        .relations()
        .slice(relationsBefore)
        .map(({ email }) => String(email).toLowerCase());
      expect(addresses).toEqual([...new Set(addresses)]);
      expect(processes.kills).toBe(size.kills);
      expect(processes.errors).toEqual([]);
      expect(till.unexpected).toEqual([]);
      expect(shop.unexpected()).toEqual([]);
    },
    long ? 1_200_000 : 180_000,
  );
});

const secret = randomBytes(32).toString('hex');

/** Runs `work` at the n-th call from now: the till has done it, its answer is still on its way. */
function afterCalls(till: MpluskassaSimulator, calls: number, work: () => void): Promise<void> {
  let left = calls;
  return new Promise((resolve) => {
    const end = till.calls.watch(() => {
      left -= 1;
      if (left > 0) return;
      end();
      work();
      resolve();
    });
  });
}
