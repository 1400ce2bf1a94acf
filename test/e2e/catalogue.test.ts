import { describe, expect, it } from 'vitest';
import { testDatabase } from '../database.ts';
import type { Shape } from './api-client.ts';
import { catalogueShops } from './catalogue-shops.ts';
import { type CatalogueWorld, catalogueWorlds } from './catalogue-world.ts';
import { setUp, tillSettings } from './world.ts';

const test = testDatabase();
const open = catalogueWorlds(test);
let seeds = 500;
const seed = (): number => {
  seeds += 1;
  return seeds;
};

describe.each(catalogueShops)('the till’s catalogue in a shop on $platform', (shop) => {
  it('is looked at first, imported then, and a second time writes nothing', async () => {
    const { shelf, flowOn, run, view } = await open({ shop, seed: seed() });
    const flow = await flowOn('product');
    const before = shelf.writes();
    const preview = await run(flow, 'preview');
    expect(preview).toMatchObject({ state: 'done', problems: [] });
    expect(preview.tally.create).toBeGreaterThanOrEqual(7);
    expect(preview.tally.skip).toBeGreaterThanOrEqual(1);
    expect(shelf.writes()).toBe(before);
    expect(shelf.count()).toBe(0);

    expect(await run(flow, 'import')).toMatchObject({ state: 'done', remaining: 0 });
    expect((await view(flow)).parkedBy).toEqual([]);
    expect(shelf.find('1006')).toMatchObject({ name: 'Regenjas', priceMinor: 8995, rate: 21, variant: false });
    expect(shelf.find('1001')).toMatchObject({ priceMinor: 2495, rate: 21, variant: true });
    expect(shelf.find('1008')).toMatchObject({ name: 'Oude kaas', rate: 9 });
    expect(shelf.find('1011')).toMatchObject({ name: 'Postzegels', rate: 0 });
    expect(shelf.find('1010')).toBeUndefined();
    const rows = shelf.rows();
    const written = shelf.writes();
    const again = await run(flow, 'preview');
    expect(again.tally).toMatchObject({ create: 0, update: 0, problem: 0 });
    await run(flow, 'import');
    expect(shelf.writes()).toBe(written);
    expect(shelf.rows()).toEqual(rows);
  });

  it('has no row twice after changes in the till, edits in the shop and a new variant', async () => {
    const { shelf, flowOn, run, till, poll, view } = await open({ shop, seed: seed() });
    const flow = await flowOn('product');
    await run(flow, 'import');
    const rows = shelf.rows();
    till.addArticle({ articleNumber: 1007, priceIncl: 1195 });
    till.addArticle({ articleNumber: 1012, description: 'Drinkfles groot', productDescription: 'Drinkfles groot' });
    shelf.rename('1009', 'Edited by hand');
    await poll();
    await run(flow, 'import');
    expect(shelf.find('1007')?.priceMinor).toBe(1195);
    expect(shelf.find('1012')?.name).toBe('Drinkfles groot');
    expect(shelf.rows()).toEqual(rows);

    till.addArticle({ articleNumber: 1099, productNumber: 501, description: 'T-shirt Noord', colour: 'Blauw', size: 'L', priceIncl: 2495 });
    const count = shelf.count();
    await poll();
    expect(shelf.find('1099')).toMatchObject({ variant: true, priceMinor: 2495 });
    expect(shelf.count()).toBe(count);
    const grown = shelf.rows();
    await run(flow, 'import');
    expect(shelf.rows()).toEqual(grown);
    expect((await view(flow)).parkedBy).toEqual([]);
  });

  it('keeps what somebody edited in the shop, says so, and can be told either way', async () => {
    const { shelf, api, flowOn, run, till, poll, settled, recordOf } = await open({ shop, seed: seed() });
    const flow = await flowOn('product');
    await run(flow, 'import');
    shelf.rename('1006', 'Raincoat, enriched');
    till.addArticle({ articleNumber: 1006, description: 'Regenjas lang', productDescription: 'Regenjas lang' });
    await poll();
    expect(shelf.find('1006')?.name).toBe('Raincoat, enriched');
    const kept = await recordOf(flow, '1006');
    expect(kept.kept).toMatchObject([{ field: shop.nameField, wanted: 'Regenjas lang', ours: 'Regenjas', found: 'Raincoat, enriched' }]);
    const listed = await api.expect<Shape<'RecordPage'>>('GET', 'records?kept=true');
    expect(listed.items.map(({ number }) => number)).toEqual(['1006']);

    await api.expect('POST', `records/${kept.id}/kept`, { field: shop.nameField, take: 'target' });
    await settled();
    expect(shelf.find('1006')?.name).toBe('Raincoat, enriched');
    expect((await recordOf(flow, '1006')).kept).toBeUndefined();

    till.addArticle({ articleNumber: 1009, description: 'Leesboek 2', productDescription: 'Leesboek 2' });
    shelf.rename('1009', 'A book');
    await poll();
    expect(shelf.find('1009')?.name).toBe('A book');
    await api.expect('POST', `records/${(await recordOf(flow, '1009')).id}/kept`, { field: shop.nameField, take: 'source' });
    await settled();
    expect(shelf.find('1009')?.name).toBe('Leesboek 2');
    expect((await recordOf(flow, '1009')).kept).toBeUndefined();
  });

  it('guards the first edit of what was there already and only adopted', async () => {
    const { shelf, flowOn, run, till, poll, recordOf } = await open({ shop, seed: seed() });
    const flow = await flowOn('product');
    await run(flow, 'import');
    // Everything is forgotten, as if the products had always been in the shop.
    await test.database.connection.collection('entries').deleteMany({ flow: flow.id as never });
    const written = shelf.writes();
    await run(flow, 'import');
    expect(shelf.writes()).toBe(written);
    expect(await recordOf(flow, '1006')).toMatchObject({ state: 'done', reason: 'unchanged' });
    shelf.rename('1006', 'Raincoat, enriched');
    till.addArticle({ articleNumber: 1006, description: 'Regenjas lang', productDescription: 'Regenjas lang' });
    await poll();
    expect(shelf.find('1006')?.name).toBe('Raincoat, enriched');
    expect((await recordOf(flow, '1006')).kept).toMatchObject([{ field: shop.nameField, found: 'Raincoat, enriched' }]);
  });
});

describe.each(catalogueShops)('the till’s stock in a shop on $platform', (shop) => {
  /** Products are in the shop, and their stock is published as the values say. */
  async function published(world: CatalogueWorld, values: object): Promise<Shape<'Flow'>> {
    await world.run(await world.flowOn('product'), 'import');
    const flow = await world.flowOn('stock', values);
    await world.run(flow, 'import');
    // The first look goes back to the second in which it was switched on, and the till was filled in that second.
    await world.poll();
    return flow;
  }

  it('follows a sale in the till with one write, and shows how the number came about', async () => {
    const world = await open({ shop, seed: seed() });
    const { shelf, till, api, poll } = world;
    const flow = await published(world, { buffer: 1, stockBranches: '1' });
    expect(shelf.find('1006')?.stock).toBe(till.stock(1006).free - 1);
    expect(shelf.find('1001')?.stock).toBe(till.stock(1001).free - 1);
    const before = shelf.writes();
    till.sell(1006, 2);
    await poll();
    const { free } = till.stock(1006);
    expect(shelf.find('1006')?.stock).toBe(free - 1);
    expect(shelf.writes()).toBe(before + 1);
    const rehearsal = await api.expect<Shape<'DryRun'>>('POST', `flows/${flow.id}/dry-run`, { record: '1006' });
    expect(rehearsal.working).toEqual([
      { what: 'branch', branch: '1', value: free },
      { what: 'buffer', value: -1 },
      { what: 'published', value: free - 1 },
    ]);
  });

  it('is published as the formula says: branches, what is reserved, what is kept back, a cap', async () => {
    const world = await open({ shop, seed: seed(), stocked: true });
    const { shelf, till, api, run, answer, settled } = world;
    const both = { settings: { ...tillSettings(till), stockBranches: '1,2' } };
    await setUp(api, till);
    await api.expect('PUT', 'connections/mpluskassa', both);
    const flow = await published(world, { stockBranches: '1', brakePercent: 100 });
    await shelf.sell('1006', 2);
    await settled();
    const [here, south] = [till.stock(1006), till.stock(1006, 2)];
    expect(here.reserved).toBe(2);
    const physical = here.free + here.reserved;
    const formulas: readonly (readonly [values: Record<string, unknown>, stock: number])[] = [
      [{ formula: 'available', stockBranches: '1' }, here.free],
      [{ formula: 'physical', stockBranches: '1' }, physical],
      [{ formula: 'available', stockBranches: '1, 2' }, here.free + south.free],
      [{ formula: 'physical', stockBranches: '' }, physical + south.free + south.reserved],
      [{ formula: 'available-plus-incoming', stockBranches: '2' }, south.free + south.incoming],
      [{ formula: 'available', stockBranches: '1,2', buffer: 2 }, here.free + south.free - 2],
      [{ formula: 'available', stockBranches: '1,2', buffer: 0, cap: 1 }, 1],
      [{ formula: 'available', stockBranches: '2', buffer: 50 }, 0],
    ];
    for (const [values, stock] of formulas) {
      await answer(flow, { values });
      await run(flow, 'import');
      expect([values, shelf.find('1006')?.stock]).toEqual([values, stock]);
    }
    // By weight it is sold in whole pieces, rounded down.
    await answer(flow, { values: { formula: 'available', stockBranches: '1', buffer: 0, cap: '' } });
    await run(flow, 'import');
    expect(till.stock(1008).free).toBe(12.5);
    expect(shelf.find('1008')?.stock).toBe(12);
  });

  it('does not offer what a paid order has already taken, before and after the till knows of it', async () => {
    const world = await open({ shop, seed: seed(), stocked: true });
    const { shelf, till, api, settled, recordOf, flowOn, run } = world;
    const orders = await setUp(api, till);
    expect(orders.kind).toBe('order');
    const flow = await flowOn('stock', { stockBranches: '1' });
    await run(flow, 'import');
    const { free } = till.stock(1006);
    expect(shelf.find('1006')?.stock).toBe(free);
    // The till understands nothing for a while: the order is paid in the shop and not yet booked.
    till.faults.next('failed', { operation: 'createOrderV3', times: 50 });
    const { number } = await shelf.sell('1006', 2);
    await settled();
    expect((await recordOf(orders, number)).state).toBe('parked');
    expect(till.stock(1006).free).toBe(free);
    expect(shelf.find('1006')?.stock).toBe(free - 2);
    till.faults.clear();
    await api.expect('POST', `records/${(await recordOf(orders, number)).id}/replay`);
    await settled();
    expect(till.stock(1006).free).toBe(free - 2);
    expect(shelf.find('1006')?.stock).toBe(free - 2);
  });

  const things = Array.from({ length: 20 }, (_, index) => 3001 + index);
  const withThings = {
    articles: things.map((articleNumber) => ({ articleNumber, description: `Thing ${articleNumber}`, stock: { 1: 5 } })),
  };

  it('holds a run in which too much falls to zero, publishes nothing of it, and goes on when somebody says so', async () => {
    const world = await open({ shop, seed: seed(), till: withThings });
    const { shelf, till, api, poll, settled, view } = world;
    const flow = await published(world, { stockBranches: '1' });
    expect(shelf.find('3001')?.stock).toBe(5);
    for (const number of things) till.sell(number, 5);
    const before = shelf.writes();
    await poll();
    expect(shelf.writes()).toBe(before);
    const held = await view(flow);
    expect(held.held?.cause).toMatchObject({ code: 'stock.brake', params: { zeroed: 20 } });
    expect(held.counts.waiting).toBe(20);
    await api.expect('POST', `flows/${flow.id}/release`);
    await settled();
    expect(shelf.find('3001')?.stock).toBe(0);
    expect((await view(flow)).counts.waiting).toBe(0);
  });

  it('holds as well when it falls little by little, from one look at the till to the next', async () => {
    const world = await open({ shop, seed: seed(), till: withThings });
    const { shelf, till, poll, view } = world;
    const flow = await published(world, { stockBranches: '1' });
    for (const number of things.slice(0, 7)) till.sell(number, 5);
    await poll();
    expect((await view(flow)).held).toBeUndefined();
    expect(shelf.find('3001')?.stock).toBe(0);
    for (const number of things.slice(7, 14)) till.sell(number, 5);
    await poll();
    expect((await view(flow)).held?.cause).toMatchObject({ code: 'stock.brake', params: { zeroed: 14 } });
    expect(shelf.find('3008')?.stock).toBe(5);
  });

  it('is compared in full once a night, so that what was put apart comes together again', async () => {
    const world = await open({ shop, seed: seed() });
    const { shelf, till, poll, settled, view, api } = world;
    const flow = await published(world, { stockBranches: '1' });
    const flows = test.database.connection.collection('flows');
    const night = async (): Promise<Date> => (await flows.findOne({ _id: flow.id as never }))?.nextNightAt as Date;
    expect(Number(new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Amsterdam', hour: '2-digit' }).format(await night()))).toSatisfy(
      (hour: number) => hour >= 2 && hour < 5,
    );
    shelf.recount('1006', 99);
    await settled();
    await poll();
    expect(shelf.find('1006')?.stock).toBe(99);
    const before = shelf.writes();
    await flows.updateOne({ _id: flow.id as never }, { $set: { nextNightAt: new Date(0) } });
    await poll();
    await settled();
    expect(shelf.find('1006')?.stock).toBe(till.stock(1006).free);
    expect(shelf.writes()).toBe(before + 1);
    expect((await night()).getTime()).toBeGreaterThan(Date.now());
    expect((await view(flow)).counts).toMatchObject({ waiting: 0, parked: 0 });
    const runs = await api.expect<Shape<'ImportRun'>[]>('GET', `flows/${flow.id}/imports`);
    expect(runs.find(({ phase }) => phase === 'nightly')).toMatchObject({ state: 'done' });
  });

  it('stays as it is when the till gives an empty answer or none', async () => {
    const world = await open({ shop, seed: seed() });
    const { shelf, till, poll, view, settled } = world;
    const flow = await published(world, { stockBranches: '1' });
    const before = shelf.writes();
    const { stock } = shelf.find('1006') ?? {};
    till.sell(1006, 1);
    till.faults.next('empty', { operation: 'getStock', times: 2 });
    await poll();
    expect(shelf.writes()).toBe(before);
    await till.faults.away(true);
    await poll();
    expect(shelf.writes()).toBe(before);
    expect(shelf.find('1006')?.stock).toBe(stock);
    expect((await view(flow)).counts.parked).toBe(0);
    await till.faults.away(false);
    till.faults.clear();
    await poll();
    await settled();
    expect((await view(flow)).held?.cause.code).not.toBe('stock.brake');
  });
});

describe.each(catalogueShops)('who is the master, of a shop on $platform', (shop) => {
  it('is one side per pair: the other direction cannot be switched on beside it', async () => {
    const { api, flowOn, flowOf } = await open({ shop, seed: seed() });
    const flow = await flowOn('stock');
    const opposite = await flowOf('stock', 'till');
    const refused = await api.call('POST', `flows/${opposite.id}/switch`, { on: true });
    expect(refused).toMatchObject({ status: 409, body: { code: 'direction-conflict', remedy: 'fix-data' } });
    await api.expect('POST', `flows/${flow.id}/switch`, { on: false });
    expect(await api.expect('POST', `flows/${opposite.id}/switch`, { on: true })).toMatchObject({ on: true });
  });
});
