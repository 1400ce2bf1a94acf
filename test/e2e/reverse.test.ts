import { describe, expect, it } from 'vitest';
import { testDatabase } from '../database.ts';
import type { Shape } from './api-client.ts';
import { catalogueShops, type Shelf } from './catalogue-shops.ts';
import { type CatalogueWorld, catalogueWorlds } from './catalogue-world.ts';

const test = testDatabase();
const open = catalogueWorlds(test);
let seeds = 800;
const seed = (): number => {
  seeds += 1;
  return seeds;
};

/** One that the till has, new ones at three rates, one with variants, and one whose number the till cannot take. */
function enterGoods(shelf: Shelf): void {
  shelf.enter({ number: '1012', name: 'Drinkfles, groen', priceMinor: 1895 });
  shelf.enter({ number: '5001', name: 'Muts', priceMinor: 1995 });
  shelf.enter({ number: '5002', name: 'Thee', priceMinor: 519, rate: 9 });
  shelf.enter({ number: '5003', name: 'Postzegelboek', priceMinor: 1210, rate: 0 });
  shelf.enter({
    number: 'SHIRT',
    name: 'Shirt',
    priceMinor: 2495,
    variants: [
      { number: '5011', colour: 'Rood' },
      { number: '5012', colour: 'Blauw' },
    ],
  });
  shelf.enter({ number: 'AB-12', name: 'Cursus', priceMinor: 6250 });
}

const writes = ({ till }: CatalogueWorld): number => till.calls.count('createProduct') + till.calls.count('updateProduct');
const article = ({ till }: CatalogueWorld, number: number) => till.articles().find(({ articleNumber }) => articleNumber === number);

describe.each(catalogueShops)('products of a shop on $platform in the till', (shop) => {
  it('are refused at the start with the list of what the till cannot take, and come once the table translates it', async () => {
    const world = await open({ shop, seed: seed() });
    const { shelf, api, flowOf, run, answer, view, settled } = world;
    enterGoods(shelf);
    const flow = await flowOf('product', 'till', { turnoverGroup: 10 });
    const start = (more: object = {}) => api.call('POST', `flows/${flow.id}/imports`, { phase: 'import', action: 'start', ...more });
    const switchOn = (more: object = {}) => api.call('POST', `flows/${flow.id}/switch`, { on: true, ...more });

    expect(await switchOn()).toMatchObject({ status: 409, body: { code: 'look-first' } });
    expect(await start({ leaveOut: true })).toMatchObject({ status: 409, body: { code: 'look-first' } });
    const look = await run(flow, 'preview');
    expect(look).toMatchObject({
      state: 'done',
      findings: [{ kind: 'not-numeric', table: 'articles', blocks: false, count: 1, samples: [{ value: 'AB-12', names: ['Cursus'] }] }],
    });
    const audit = await api.expect<Shape<'Audit'>>('GET', `flows/${flow.id}/audit`);
    expect(audit).toMatchObject({ outdated: false, findings: [{ kind: 'not-numeric', items: [{ value: 'AB-12', names: ['Cursus'] }] }] });
    for (const refused of [await switchOn(), await start()]) {
      expect(refused).toMatchObject({
        status: 409,
        body: { code: 'mistakes-found', remedy: 'fix-data', params: { count: 1, sample: 'AB-12' } },
      });
    }
    await settled();
    expect(writes(world)).toBe(0);
    expect((await view(flow)).counts.received).toBe(0);

    await answer(flow, { tables: { articles: [{ from: 'AB-12', to: '5020' }] } });
    expect(await api.expect('GET', `flows/${flow.id}/audit`)).toMatchObject({ outdated: true });
    expect(await start()).toMatchObject({ status: 409, body: { code: 'look-first' } });
    expect(await run(flow, 'preview')).toMatchObject({ findings: [], problems: [], tally: { create: 5, update: 1, problem: 0 } });
    expect(await switchOn()).toMatchObject({ status: 200, body: { on: true } });
    expect(await run(flow, 'import')).toMatchObject({ state: 'done', remaining: 0 });
    expect(await view(flow)).toMatchObject({ parkedBy: [], counts: { received: 6, done: 6 } });
    expect(article(world, 5001)).toMatchObject({ priceIncl: 1995, vatCode: 1, seed: { description: 'Muts', turnoverGroup: 10 } });
    expect(article(world, 5002)).toMatchObject({ priceIncl: 519, vatCode: 2 });
    expect(article(world, 5003)).toMatchObject({ vatCode: 3 });
    expect(article(world, 5020)).toMatchObject({ priceIncl: 6250, seed: { description: 'Cursus' } });
    expect(article(world, 5011)?.seed.colour).toBe('Rood');
    expect(article(world, 5012)?.productNumber).toBe(article(world, 5011)?.productNumber);
    expect(article(world, 1012)).toMatchObject({ priceIncl: 1895, seed: { description: 'Drinkfles, groen' } });
  });

  it('are updated when the shop changes them, and not written a second time when it does not', async () => {
    const world = await open({ shop, seed: seed() });
    const { shelf, api, flowOf, run, poll, settled, till, recordOf } = world;
    enterGoods(shelf);
    const flow = await flowOf('product', 'till', { turnoverGroup: 10, filters: 'sku is-not AB-12' });
    expect(await run(flow, 'preview')).toMatchObject({ findings: [], tally: { skip: 1 } });
    await api.expect('POST', `flows/${flow.id}/switch`, { on: true });
    await run(flow, 'import');
    const written = writes(world);
    await run(flow, 'import');
    expect(writes(world)).toBe(written);

    shelf.reprice('5001', 2195);
    shelf.rename('5002', 'Thee, los');
    await settled();
    await poll();
    expect(article(world, 5001)?.priceIncl).toBe(2195);
    expect(article(world, 5002)?.seed.description).toBe('Thee, los');
    expect(writes(world)).toBe(written + 2);

    // Somebody renames it at the till: that is kept, and shown.
    till.addArticle({ articleNumber: 5001, description: 'Muts (kassa)', productDescription: 'Muts (kassa)' });
    shelf.rename('5001', 'Muts van wol');
    await settled();
    await poll();
    expect(article(world, 5001)?.seed.description).toBe('Muts (kassa)');
    const kept = (await recordOf(flow, '5001')).kept ?? [];
    expect(kept.map(({ field, wanted, found }) => [field, wanted, found])).toContainEqual([
      '5001.description',
      'Muts van wol',
      'Muts (kassa)',
    ]);
    for (const { field } of kept) await api.expect('POST', `records/${(await recordOf(flow, '5001')).id}/kept`, { field, take: 'target' });
    await settled();
    expect((await recordOf(flow, '5001')).kept).toBeUndefined();
    expect(article(world, 5001)?.seed.description).toBe('Muts (kassa)');
  });

  it('may leave out what the till cannot take, and those alone are parked', async () => {
    const world = await open({ shop, seed: seed() });
    const { shelf, api, flowOf, run, view } = world;
    enterGoods(shelf);
    const flow = await flowOf('product', 'till', { turnoverGroup: 10 });
    await run(flow, 'preview');
    await api.expect('POST', `flows/${flow.id}/switch`, { on: true, leaveOut: true });
    expect(await run(flow, 'import', { leaveOut: true })).toMatchObject({ state: 'done', remaining: 0 });
    expect(await view(flow)).toMatchObject({
      counts: { received: 6, done: 5, parked: 1 },
      parkedBy: [{ cause: { code: 'till.article-not-numeric', params: { sku: 'AB-12' } }, count: 1 }],
    });
  });

  it.runIf(shop.looseNumbers)('wait until two products with one number are told apart, whatever is left out', async () => {
    const world = await open({ shop, seed: seed() });
    const { shelf, api, flowOf, run } = world;
    enterGoods(shelf);
    shelf.enter({ number: '5001', name: 'Sjaal', priceMinor: 2995 });
    shelf.enter({ number: '', name: 'Riem', priceMinor: 3495 });
    const flow = await flowOf('product', 'till', { turnoverGroup: 10 });
    const { findings } = await run(flow, 'preview');
    expect(
      findings?.map(({ kind, blocks, samples }) => [kind, blocks, ...samples.flatMap(({ value, names }) => [value, ...[...names].sort()])]),
    ).toEqual([
      ['not-numeric', false, 'AB-12', 'Cursus'],
      ['duplicate', true, '5001', 'Muts', 'Sjaal'],
      ['empty', false, '', 'Riem'],
    ]);
    for (const leaveOut of [false, true]) {
      const refused = await api.call('POST', `flows/${flow.id}/imports`, { phase: 'import', action: 'start', leaveOut });
      expect(refused).toMatchObject({ status: 409, body: { code: 'mistakes-found', params: { count: leaveOut ? 1 : 3 } } });
    }
    expect(writes(world)).toBe(0);
  });
});

describe.each(catalogueShops)('stock of a shop on $platform in the till', (shop) => {
  it('is set there as the shop counts it, and is not written again when it is so', async () => {
    const world = await open({ shop, seed: seed() });
    const { shelf, api, flowOf, run, till, view } = world;
    shelf.enter({ number: '1006', name: 'Regenjas', priceMinor: 8995 });
    shelf.recount('1006', 31);
    const flow = await flowOf('stock', 'till');
    await api.expect('POST', `flows/${flow.id}/switch`, { on: true });
    await run(flow, 'import');
    expect(till.stock(1006).free).toBe(31);
    const { stockId } = till.stock(1006);
    await run(flow, 'import');
    expect(till.stock(1006).stockId).toBe(stockId);
    expect((await view(flow)).counts).toMatchObject({ parked: 0, waiting: 0 });
  });
});
