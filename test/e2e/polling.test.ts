import { afterEach, describe, expect, it, vi } from 'vitest';
import { testDatabase } from '../database.ts';
import type { Shape } from './api-client.ts';
import type { PlacedOrder } from './shop-fixture.ts';
import { compared, type OpenWay, openWay, ways } from './ways.ts';

const long = process.env.TEST_LONG === '1';
vi.setConfig({ testTimeout: 180_000 });
const test = testDatabase();
let way: OpenWay;

afterEach(async () => {
  await way.stop();
  expect(way.world.log.filter((line) => line.startsWith('error'))).toEqual([]);
  expect(way.unexpected()).toEqual([]);
});

describe.each(ways.map((one) => ({ ...one, orders: long ? (one.main ? 200 : 80) : one.main ? 40 : 24 })))(
  '$name, whose webhooks never arrive',
  (named) => {
    const { orders } = named;
    it(`has its ${orders} orders there by polling, each customer's in their order, although the target is away for a while`, async () => {
      way = await openWay({ way: named, database: test.database });
      const { world, source, target } = way;
      source.webhooks('dropped');
      const placed: PlacedOrder[] = [];
      const place = async (count: number): Promise<void> => {
        for (let index = 0; index < count; index += 1) placed.push(await source.placePaidOrder());
      };
      const counts = async (): Promise<Shape<'Counts'>> => (await world.flow()).counts;

      await place(orders / 4);
      await world.poll();
      expect(await counts()).toEqual({ received: orders / 4, done: orders / 4, skipped: 0, parked: 0, waiting: 0 });

      await target.weather.away(true);
      for (let part = 0; part < 2; part += 1) {
        await place(orders / 4);
        await world.poll();
        expect(await counts()).toMatchObject({ received: placed.length, done: orders / 4, parked: 0, waiting: placed.length - orders / 4 });
      }
      // Long enough for the flow to be held: nobody knocks at a closed door for every order.
      await expect
        .poll(async () => (await world.flow()).held, { timeout: 20_000, interval: 50 })
        .toMatchObject({ cause: { remedy: 'wait' } });
      expect(await counts()).toMatchObject({ parked: 0, waiting: placed.length - orders / 4 });

      await target.weather.away(false);
      await place(orders / 4);
      await world.poll();
      const left = async () => (await world.api.expect<Shape<'RecordPage'>>('GET', 'records?state=waiting&limit=100')).items;
      await expect.poll(left, { timeout: 60_000, interval: 50 }).toEqual([]);
      const settled = { received: orders, done: orders, skipped: 0, parked: 0, waiting: 0 };
      await expect.poll(counts, { timeout: 20_000, interval: 50 }).toEqual(settled);
      expect((await world.flow()).held).toBeUndefined();

      const { wanted, found } = compared(target, placed);
      expect(found).toEqual(wanted);
      const arrived = target.arrived();
      const customers = new Set(arrived.map(({ customer }) => customer));
      expect(customers.size).toBeLessThan(orders / 2);
      for (const customer of target.oneAfterAnother ? customers : []) {
        const names = arrived.filter((order) => order.customer === customer).map(({ name }) => name);
        expect(names).toEqual(placed.map((order) => target.nameOf(order)).filter((name) => names.includes(name)));
      }
    });
  },
);
