import { afterEach, describe, expect, it } from 'vitest';
import { testDatabase } from '../database.ts';
import type { Shape } from './api-client.ts';
import { type StockFixture, type StockShop, stockFixtures } from './stock-shops.ts';
import { openWorld, type World } from './world.ts';

const test = testDatabase();
const sku = '1001';
const pieces = 20;
let world: World;
let shop: StockShop;
let orders: Shape<'Flow'>;

afterEach(async () => {
  const { till, log } = world;
  await world.stop();
  expect(log.filter((line) => line.startsWith('error'))).toEqual([]);
  expect(till.unexpected).toEqual([]);
  expect(shop.unexpected()).toEqual([]);
});

/** Orders go to the till with these answers, and its stock comes back. */
async function open(fixture: StockFixture, values: object = {}): Promise<void> {
  const start: StockFixture['start'] = async (options) => {
    shop = await fixture.start(options);
    return shop;
  };
  world = await openWorld({ fixture: { platform: fixture.platform, start }, database: test.database });
  world.till.addArticle({ articleNumber: Number(sku), stock: { 1: pieces } });
  const { api } = world;
  orders = await world.flow();
  const { settings, settingsVersion: version } = orders;
  const answered = { ...settings, values: { ...settings.values, ...values } };
  await api.expect('PUT', `flows/${orders.id}/settings`, { version, settings: answered });
  const stock = await api.expect<Shape<'Flow'>>('POST', 'flows', {
    kind: 'stock',
    source: orders.target.connection,
    target: orders.source.connection,
  });
  await api.expect('POST', `flows/${stock.id}/switch`, { on: true });
  await api.expect('POST', `flows/${stock.id}/imports`, { phase: 'import', action: 'start' });
  await world.settled();
  expect(shop.published(sku)).toBe(pieces);
}

async function paidOrder(quantity: number): Promise<{ id: string; number: string }> {
  const placed = await shop.order(sku, quantity);
  await shop.pay(placed.id);
  await world.settled();
  return placed;
}

describe.each(stockFixtures)('what $platform offers', (fixture) => {
  it('is not what the shop put back by itself when an order that the till has was cancelled there', async () => {
    await open(fixture);
    const { id } = await paidOrder(3);
    expect(world.till.stock(Number(sku)).free).toBe(pieces - 3);
    await shop.cancel(id);
    await world.settled();
    expect(shop.published(sku)).toBe(pieces - 3);
    // The till decides: once it lets go, the pieces are on offer again.
    world.till.cancel(world.till.orders()[0]?.orderId ?? '');
    await world.poll();
    expect(shop.published(sku)).toBe(pieces);
  });

  it('is without the goods of a paid order that waits to be completed before it is sent', async () => {
    await open(fixture, { sendWhen: 'completed' });
    const { id, number } = await paidOrder(4);
    expect(world.till.orders()).toEqual([]);
    const { items } = await world.api.expect<Shape<'RecordPage'>>('GET', `records?flow=${orders.id}&search=${number}`);
    expect(items).toMatchObject([{ state: 'skipped', reason: 'not-at-status' }]);
    // Somebody sells at the counter, and the shop's figure is written anew.
    world.till.sell(Number(sku), 1);
    await world.poll();
    expect(shop.published(sku)).toBe(pieces - 4 - 1);
    // It is cancelled and never sent: its goods are on offer again.
    await shop.cancel(id);
    await world.settled();
    expect(shop.published(sku)).toBe(pieces - 1);
  });

  it('grows again when an order that the till refused is cancelled', async () => {
    await open(fixture);
    world.till.faults.next('failed', { operation: 'createOrderV3', times: 5 });
    const { id } = await paidOrder(2);
    world.till.sell(Number(sku), 1);
    await world.poll();
    expect(shop.published(sku)).toBe(pieces - 2 - 1);
    await shop.cancel(id);
    await world.settled();
    expect(shop.published(sku)).toBe(pieces - 1);
  });
});
