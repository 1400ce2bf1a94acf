import { afterEach, describe, expect, it } from 'vitest';
import { testDatabase } from '../database.ts';
import type { Shape } from './api-client.ts';
import { fixtures } from './fixtures.ts';
import { openWorld, type World } from './world.ts';

const test = testDatabase();
let world: World;

afterEach(async () => {
  const { till, shop, log } = world;
  await world.stop();
  expect(log.filter((line) => line.startsWith('error'))).toEqual([]);
  expect(till.unexpected).toEqual([]);
  expect(shop.unexpected()).toEqual([]);
});

async function recordOf(number: string): Promise<Shape<'RecordSummary'>> {
  const { items } = await world.api.expect<Shape<'RecordPage'>>('GET', `records?search=${number}`);
  if (items[0] === undefined) throw new Error(`no record of ${number}`);
  return items[0];
}

/** Other settings make another draft of the same order, so that the till is asked again. */
async function sendAgainUnderOtherSettings(record: Shape<'RecordSummary'>): Promise<void> {
  const { id, settings, settingsVersion: version } = await world.flow();
  await world.api.expect('PUT', `flows/${id}/settings`, {
    version,
    settings: { ...settings, values: { ...settings.values, roundingLimitCents: 7 } },
  });
  await world.api.expect('POST', `records/${record.id}/replay`);
  await world.settled();
}

const written = (): string[] =>
  world.till.calls.map(({ operation }) => operation).filter((operation) => /^(create|update|save|pay)/.test(operation));

describe.each(fixtures)('an order from $platform that is in the till', (fixture) => {
  it('and is taken out there is set aside with a word about it, and is not made a second time', async () => {
    world = await openWorld({ fixture, database: test.database });
    const { number } = await world.shop.placePaidOrder();
    await world.settled();
    const [inTill] = world.till.orders();
    world.till.remove(inTill?.orderId ?? '');
    world.till.calls.reset();

    await sendAgainUnderOtherSettings(await recordOf(number));
    expect(await recordOf(number)).toMatchObject({
      state: 'parked',
      cause: { code: 'target.order-gone', remedy: 'fix-data', params: { order: expect.stringMatching(/./) } },
    });
    expect(world.till.orders()).toEqual([]);
    expect(written()).toEqual([]);

    // Nor does asking once more, nor more news of it.
    await world.api.expect('POST', `records/${(await recordOf(number)).id}/replay`);
    await world.settled();
    expect((await recordOf(number)).cause?.code).toBe('target.order-gone');
    expect(written()).toEqual([]);
  });

  it('but of which the till does not say what was paid is not paid again', async () => {
    world = await openWorld({ fixture, database: test.database });
    world.till.faults.next('write-then-drop', { operation: 'createOrderV3' });
    world.till.silentOnPayments(true);
    const { number, paidMinor } = await world.shop.placePaidOrder();
    await world.settled();
    // The answer got lost; the next look finds the order.
    await expect.poll(async () => (await recordOf(number)).state, { timeout: 15_000, interval: 50 }).toBe('parked');
    expect((await recordOf(number)).cause).toMatchObject({ code: 'till.payment-unclear', remedy: 'fix-data', params: { order: number } });
    expect(world.till.orders()).toMatchObject([{ prepaidAmount: paidMinor, payments: [{ amount: paidMinor }] }]);
    expect(written().filter((operation) => operation.startsWith('pay'))).toEqual([]);

    // Once the till says it, the order is done without a second payment.
    world.till.silentOnPayments(false);
    await world.api.expect('POST', `records/${(await recordOf(number)).id}/replay`);
    await world.settled();
    expect(await recordOf(number)).toMatchObject({ state: 'done' });
    expect(world.till.orders()).toMatchObject([{ prepaidAmount: paidMinor, payments: [{ amount: paidMinor }] }]);
  });
});
