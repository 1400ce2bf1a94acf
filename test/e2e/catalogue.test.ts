import { afterEach, describe, expect, it } from 'vitest';
import { testDatabase } from '../database.ts';
import { type ShopwareSimulator, startShopware } from '../simulators/shopware/simulator.ts';
import type { ApiClient, Shape } from './api-client.ts';
import { testShop } from './shopware-fixture.ts';
import { openWorld, setUp, tillSettings, type World } from './world.ts';

const test = testDatabase();
let world: World;
let shop: ShopwareSimulator;

afterEach(async () => {
  const errors = world.log.filter((line) => line.startsWith('error'));
  const { till } = world;
  await world.stop();
  expect(errors).toEqual([]);
  expect(till.unexpected).toEqual([]);
});

/** A shop that sells nothing yet and a till with variants, goods by weight, several rates and something that is not sold any more. */
async function open(seed: number, how: { empty: boolean } = { empty: true }): Promise<void> {
  shop = await startShopware({ seed });
  if (how.empty) for (const { id } of shop.db.all('product')) shop.db.remove('product', id);
  world = await openWorld({
    fixture: { platform: 'shopware', start: async () => testShop(shop) },
    database: test.database,
    bare: true,
    till: { articles: [] },
  });
  await world.api.expect('PUT', 'connections/mpluskassa', { settings: tillSettings(world.till) });
}

/** A flow out of the till into the shop, switched on. */
async function openFlow(api: ApiClient, kind: 'product' | 'stock', values: object = {}): Promise<Shape<'Flow'>> {
  const connections = await api.expect<Shape<'Connection'>[]>('GET', 'connections');
  const from = connections.find(({ connector }) => connector === 'mpluskassa');
  const to = connections.find(({ connector }) => connector !== 'mpluskassa');
  const flow = await api.expect<Shape<'Flow'>>('POST', 'flows', { kind, source: from?.id, target: to?.id });
  const { settings, settingsVersion: version } = flow;
  await api.expect('PUT', `flows/${flow.id}/settings`, { version, settings: { ...settings, values: { ...settings.values, ...values } } });
  return api.expect<Shape<'Flow'>>('POST', `flows/${flow.id}/switch`, { on: true });
}

async function run(flow: Shape<'Flow'>, phase: 'preview' | 'import'): Promise<Shape<'ImportRun'>> {
  await world.api.expect('POST', `flows/${flow.id}/imports`, { phase, action: 'start' });
  await world.settled();
  const runs = await world.api.expect<Shape<'ImportRun'>[]>('GET', `flows/${flow.id}/imports`);
  const found = runs.find((candidate) => candidate.phase === phase);
  if (found === undefined) throw new Error(`there is no ${phase}`);
  return found;
}

const product = (number: string) => shop.db.all('product').find((row) => row.productNumber === number);
const writes = (): number => shop.calls.count('_action/sync');
const view = (flow: Shape<'Flow'>) => world.api.expect<Shape<'Flow'>>('GET', `flows/${flow.id}`);
const recordOf = async (flow: Shape<'Flow'>, number: string): Promise<Shape<'RecordSummary'>> => {
  const { items } = await world.api.expect<Shape<'RecordPage'>>('GET', `records?flow=${flow.id}&search=${number}`);
  if (items[0] === undefined) throw new Error(`no record of ${number}`);
  return items[0];
};

describe('the till’s catalogue in the shop', () => {
  it('is looked at first, imported then, and a second time writes nothing', async () => {
    await open(501);
    const flow = await openFlow(world.api, 'product');
    const before = writes();
    const preview = await run(flow, 'preview');
    expect(preview).toMatchObject({ state: 'done', problems: [] });
    expect(preview.tally.create).toBeGreaterThanOrEqual(7);
    expect(preview.tally.skip).toBeGreaterThanOrEqual(1);
    expect(writes()).toBe(before);
    expect(shop.db.all('product')).toEqual([]);

    expect(await run(flow, 'import')).toMatchObject({ state: 'done', remaining: 0 });
    expect((await view(flow)).parkedBy).toEqual([]);
    expect(product('1006')).toMatchObject({ productNumber: '1006', active: true });
    expect(product('1001')?.parentId).toBeTruthy();
    expect(product('1010')).toBeUndefined();
    const rows = () =>
      ['product', 'product_price', 'property_group_option', 'product_configurator_setting', 'product_visibility'].map(
        (entity) => shop.db.all(entity).length,
      );
    const counted = rows();
    const written = writes();
    const again = await run(flow, 'preview');
    expect(again.tally).toMatchObject({ create: 0, update: 0, problem: 0 });
    await run(flow, 'import');
    expect(writes()).toBe(written);
    expect(rows()).toEqual(counted);
  });

  it('keeps what somebody edited in the shop, says so, and can be told either way', async () => {
    await open(502);
    const flow = await openFlow(world.api, 'product');
    await run(flow, 'import');
    const id = String(product('1006')?.id);
    const name = () => (shop.db.where('product_translation', 'productId', id)[0]?.name ?? product('1006')?.name) as string;
    shop.db.update('product', id, { name: 'Raincoat, enriched' });
    world.till.addArticle({ articleNumber: 1006, description: 'Regenjas lang', productDescription: 'Regenjas lang' });
    await world.poll();
    expect(name()).toBe('Raincoat, enriched');
    const kept = await recordOf(flow, '1006');
    expect(kept.kept).toMatchObject([{ field: 'name', wanted: 'Regenjas lang', found: 'Raincoat, enriched' }]);
    const listed = await world.api.expect<Shape<'RecordPage'>>('GET', 'records?kept=true');
    expect(listed.items.map(({ number }) => number)).toEqual(['1006']);

    await world.api.expect('POST', `records/${kept.id}/kept`, { field: 'name', take: 'target' });
    await world.settled();
    expect(name()).toBe('Raincoat, enriched');
    expect((await recordOf(flow, '1006')).kept).toBeUndefined();

    world.till.addArticle({ articleNumber: 1009, description: 'Leesboek 2', productDescription: 'Leesboek 2' });
    shop.db.update('product', String(product('1009')?.id), { name: 'A book' });
    await world.poll();
    const book = await recordOf(flow, '1009');
    await world.api.expect('POST', `records/${book.id}/kept`, { field: 'name', take: 'source' });
    await world.settled();
    expect(product('1009')?.name ?? shop.db.where('product_translation', 'productId', product('1009')?.id)[0]?.name).toBe('Leesboek 2');
  });
});

describe('the till’s stock in the shop', () => {
  it('follows a sale in the till with one write, and shows how the number came about', async () => {
    await open(503);
    await run(await openFlow(world.api, 'product'), 'import');
    const flow = await openFlow(world.api, 'stock', { buffer: 1, stockBranches: '1' });
    await run(flow, 'import');
    expect(product('1006')?.stock).toBe(world.till.stock(1006).free - 1);
    const before = writes();
    world.till.sell(1006, 2);
    await world.poll();
    expect(product('1006')?.stock).toBe(world.till.stock(1006).free - 1);
    expect(writes()).toBe(before + 1);
    const rehearsal = await world.api.expect<Shape<'DryRun'>>('POST', `flows/${flow.id}/dry-run`, { record: '1006' });
    const free = world.till.stock(1006).free;
    expect(rehearsal.working).toEqual([
      { what: 'branch', branch: '1', value: free },
      { what: 'buffer', value: -1 },
      { what: 'published', value: free - 1 },
    ]);
  });

  it('does not offer what a paid order has already taken, before and after the till knows of it', async () => {
    await open(504, { empty: false });
    const orders = await setUp(world.api, world.till);
    expect(orders.kind).toBe('order');
    const flow = await openFlow(world.api, 'stock', { stockBranches: '1' });
    await run(flow, 'import');
    const free = world.till.stock(1006).free;
    expect(product('1006')?.stock).toBe(free);
    // The till understands nothing for a while: the order is paid in the shop and not yet booked.
    world.till.faults.next('failed', { operation: 'createOrderV3', times: 50 });
    await shop.orders.placePaidOrder({ lines: [{ productNumber: '1006', quantity: 2 }], shippingCost: 0 });
    await world.settled();
    expect((await recordOf(orders, '10000')).state).toBe('parked');
    expect(world.till.stock(1006).free).toBe(free);
    expect(product('1006')?.stock).toBe(free - 2);
    world.till.faults.clear();
    await world.api.expect('POST', `records/${(await recordOf(orders, '10000')).id}/replay`);
    await world.settled();
    expect(world.till.stock(1006).free).toBe(free - 2);
    expect(product('1006')?.stock).toBe(free - 2);
  });

  it('holds a run in which too much falls to zero, publishes nothing of it, and goes on when somebody says so', async () => {
    await open(505);
    for (let number = 3001; number <= 3020; number += 1)
      world.till.addArticle({ articleNumber: number, description: `Thing ${number}`, stock: { 1: 5 } });
    await run(await openFlow(world.api, 'product'), 'import');
    const flow = await openFlow(world.api, 'stock', { stockBranches: '1' });
    await run(flow, 'import');
    expect(product('3001')?.stock).toBe(5);
    for (let number = 3001; number <= 3020; number += 1) world.till.sell(number, 5);
    const before = writes();
    await world.poll();
    expect(writes()).toBe(before);
    const held = await view(flow);
    expect(held.held?.cause).toMatchObject({ code: 'stock.brake', params: { zeroed: 20 } });
    expect(held.counts.waiting).toBe(20);
    await world.api.expect('POST', `flows/${flow.id}/release`);
    await world.settled();
    expect(product('3001')?.stock).toBe(0);
    expect((await view(flow)).counts.waiting).toBe(0);
  });

  it('publishes nothing when the till gives an empty answer or none', async () => {
    await open(506);
    await run(await openFlow(world.api, 'product'), 'import');
    const flow = await openFlow(world.api, 'stock', { stockBranches: '1' });
    await run(flow, 'import');
    const before = writes();
    world.till.sell(1006, 1);
    world.till.faults.next('empty', { operation: 'getStock', times: 2 });
    await world.poll();
    expect(writes()).toBe(before);
    expect((await view(flow)).counts.parked).toBe(0);
  });
});

describe('who is the master', () => {
  it('is one side per pair: the other direction cannot be switched on beside it', async () => {
    await open(507);
    const flow = await openFlow(world.api, 'product');
    const opposite = await world.api.expect<Shape<'Flow'>>('POST', 'flows', {
      kind: 'product',
      source: flow.target.connection,
      target: flow.source.connection,
    });
    const refused = await world.api.call('POST', `flows/${opposite.id}/switch`, { on: true });
    expect(refused).toMatchObject({ status: 409, body: { code: 'direction-conflict', remedy: 'fix-data' } });
    await world.api.expect('POST', `flows/${flow.id}/switch`, { on: false });
    expect(await world.api.expect('POST', `flows/${opposite.id}/switch`, { on: true })).toMatchObject({ on: true });
  });
});
