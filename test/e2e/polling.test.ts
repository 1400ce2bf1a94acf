import { afterEach, describe, expect, it, vi } from 'vitest';
import { testDatabase } from '../database.ts';
import type { Shape } from './api-client.ts';
import { fixtures } from './fixtures.ts';
import type { PlacedOrder } from './shop-fixture.ts';
import { openWorld, type World } from './world.ts';

const orders = process.env.TEST_LONG === '1' ? 200 : 40;
vi.setConfig({ testTimeout: 180_000 });
const test = testDatabase();
let world: World;

afterEach(async () => {
  const { till, shop, log } = world;
  await world.stop();
  expect(log.filter((line) => line.startsWith('error'))).toEqual([]);
  expect(till.unexpected).toEqual([]);
  expect(shop.unexpected()).toEqual([]);
});

describe.each(fixtures)('a shop on $platform whose webhooks never arrive', (fixture) => {
  it(`has its ${orders} orders in the till by polling, each customer's in their order, although the till is away for a while`, async () => {
    world = await openWorld({ fixture, database: test.database });
    world.shop.webhooks('dropped');
    const placed: PlacedOrder[] = [];
    const place = async (count: number): Promise<void> => {
      for (let index = 0; index < count; index += 1) placed.push(await world.shop.placePaidOrder());
    };
    const counts = async (): Promise<Shape<'Counts'>> => (await world.flow()).counts;

    await place(orders / 4);
    await world.poll();
    expect(await counts()).toEqual({ received: orders / 4, done: orders / 4, skipped: 0, parked: 0, waiting: 0 });

    await world.till.faults.away(true);
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

    await world.till.faults.away(false);
    await place(orders / 4);
    await world.poll();
    await expect.poll(async () => (await counts()).waiting, { timeout: 60_000, interval: 50 }).toBe(0);
    expect(await counts()).toEqual({ received: orders, done: orders, skipped: 0, parked: 0, waiting: 0 });
    expect((await world.flow()).held).toBeUndefined();

    const inTill = world.till.orders();
    expect(inTill.map(({ reference, prepaidAmount }) => ({ number: reference, paidMinor: prepaidAmount })).sort(byNumber)).toEqual(
      placed.map(({ number, paidMinor }) => ({ number, paidMinor })).sort(byNumber),
    );
    const customers = new Set(inTill.map(({ relationNumber }) => relationNumber));
    expect(customers.size).toBeLessThan(orders / 2);
    for (const customer of customers) {
      const arrived = inTill.filter(({ relationNumber }) => relationNumber === customer).map(({ reference }) => reference);
      expect(arrived).toEqual(placed.map(({ number }) => number).filter((number) => arrived.includes(number)));
    }
  });
});

const byNumber = (a: { number: string }, b: { number: string }): number => a.number.localeCompare(b.number);
