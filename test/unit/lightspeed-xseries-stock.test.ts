import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Category, StockLevel } from '../../connectors/commerce.ts';
import type { Draft } from '../../connectors/connector.ts';
import { Failure } from '../../connectors/failure.ts';
import { CategoryDraft } from '../../connectors/lightspeed/drafts.ts';
import { quantityOf } from '../../connectors/lightspeed/xseries/inventory.ts';
import { carry, changes, draftOf, failed, type House, openHouse, planned, planOf, referenceOf } from './lightspeed-xseries-house.ts';

const level = (sku: string, value: number): StockLevel =>
  StockLevel.parse({ id: sku, sku, branches: [{ branch: '1', available: { value, scale: 0 }, physical: { value, scale: 0 } }] });

const writes = (house: House) => house.sim.requests.filter(({ method, version }) => method !== 'GET' && version !== '1.0');

describe('categories', () => {
  const draft = (path: string[], over: Partial<Draft> = {}): Draft => ({
    id: path.join('/'),
    reference: referenceOf(path.join('/')),
    revision: 0,
    fields: CategoryDraft.parse({ category: Category.parse({ id: '1', name: path.at(-1) ?? '' }), path }),
    ...over,
  });

  it('are read as a tree, and told again when one of them is different', async () => {
    const house = await openHouse();
    await carry(house.session, 'category', draft(['Keuken', 'Thee']));
    const all = await changes(house.session, 'category');
    const records = await house.session.read(
      'category',
      all.map(({ id }) => id),
    );
    expect(records).toMatchObject([{ name: 'Assortiment' }, { name: 'Keuken' }, { name: 'Thee', parentId: all[1]?.id }]);
    expect(await changes(house.session, 'category', all.at(-1)?.cursor)).toEqual([]);
    await carry(house.session, 'category', draft(['Keuken', 'Koffie']));
    expect(await changes(house.session, 'category', all.at(-1)?.cursor)).toHaveLength(4);
  });

  it('are made once, level by level, also when several of a batch stand below one that is not there yet', async () => {
    const house = await openHouse();
    const drafts = [draft(['Tuin']), draft(['Tuin', 'Stoelen']), draft(['Tuin', 'Tafels'])];
    const outcomes = await house.session.apply('category', (await house.session.plan('category', drafts)).map(planned));
    expect(outcomes.filter((outcome) => outcome instanceof Failure)).toEqual([]);
    expect((await house.session.vocabulary('categories')).map(({ label }) => label)).toEqual([
      'Assortiment',
      'Tuin',
      'Tuin / Stoelen',
      'Tuin / Tafels',
    ]);
    const again = planned(await planOf(house.session, 'category', draft(['tuin', 'STOELEN'])));
    expect(again.steps).toMatchObject([{ action: 'skip', reason: 'unchanged' }]);
    const renamed = draft(['Tuin', 'Zitjes'], { known: again.target?.id ?? '' });
    expect(planned(await planOf(house.session, 'category', renamed)).steps).toMatchObject([
      { action: 'update', targetId: again.target?.id },
    ]);
  });
});

describe('stock of the store', () => {
  it('is read per outlet, changes by version and costs two requests for everything', async () => {
    const house = await openHouse();
    house.sim.setStock('1008', 3, 1);
    const id = String(house.sim.product('1008')?.id);
    const [first] = await house.session.read('stock', [id]);
    const branches = [
      { branch: house.sim.outletIds()[0], available: { value: 15, scale: 0 } },
      { branch: house.sim.outletIds()[1], available: { value: 3, scale: 0 } },
    ].sort((a, b) => String(a.branch).localeCompare(String(b.branch)));
    expect(first).toMatchObject({ id, sku: '1008', branches });
    StockLevel.parse(first);
    const all = await changes(house.session, 'stock');
    house.sim.setStock('1006', 5);
    const news = await changes(house.session, 'stock', all.at(-1)?.cursor);
    expect(news.map((change) => change.id)).toEqual([house.sim.product('1006')?.id]);
    const before = house.sim.requests.length;
    const everything = [...new Set(all.map((change) => change.id))];
    const levels = await house.session.read('stock', everything);
    expect(levels.filter((record) => record !== undefined).length).toBeGreaterThan(10);
    expect(house.sim.requests.length - before).toBeLessThan(5);
    expect(
      await house.session.read('stock', ['b0000000-0000-4000-a000-000000000000', String(house.sim.product('verzendkosten')?.id)]),
    ).toEqual([undefined, undefined]);
  });

  it('is written as an absolute figure for the chosen outlet, and not at all where it is so already', async () => {
    const house = await openHouse();
    const second = house.sim.outletIds()[1];
    await carry(house.session, 'stock', draftOf('stock', level('1008', 4)));
    await carry(house.session, 'stock', draftOf('stock', level('1008', 9), { settings: { outlet: second } }));
    expect([house.sim.stock('1008', 0), house.sim.stock('1008', 1)]).toEqual([4, 9]);
    const before = writes(house).length;
    const plans = await house.session.plan('stock', [draftOf('stock', level('1008', 4)), draftOf('stock', level('4711', 4))]);
    expect(plans.map((plan) => planned(plan).steps[0]?.reason)).toEqual(['unchanged', 'not-in-shop']);
    await house.session.apply('stock', plans.map(planned));
    expect(writes(house)).toHaveLength(before);
    house.sim.setStock('1008', 7);
    expect(planned(await planOf(house.session, 'stock', draftOf('stock', level('1008', 4)))).steps).toMatchObject([{ action: 'update' }]);
  });

  it('of many articles is planned with a few requests and written with one each; a lost answer is found out', async () => {
    const house = await openHouse();
    const drafts = ['1001', '1002', '1003', '1004', '1005', '1006', '1007'].map((sku) => draftOf('stock', level(sku, 1)));
    const plans = (await house.session.plan('stock', drafts)).map(planned);
    expect(house.sim.requests.length).toBeLessThan(8);
    house.sim.faults.add({ kind: 'lose-answer', method: 'PUT', path: '/products/', times: 1 });
    const outcomes = await house.session.apply('stock', plans);
    expect(outcomes.filter((outcome) => outcome instanceof Failure)).toHaveLength(1);
    const again = (await house.session.plan('stock', drafts)).map(planned);
    expect(again.map(({ steps }) => steps[0]?.reason)).toEqual(drafts.map(() => 'unchanged'));
  });

  it('for an outlet that is gone is refused', async () => {
    const house = await openHouse();
    const draft = draftOf('stock', level('1008', 4), { settings: { outlet: 'b0000000-0000-4000-a000-000000000000' } });
    expect(failed(await planOf(house.session, 'stock', draft))).toMatchObject({ remedy: 'fix-data', code: 'lightspeed.outlet-missing' });
  });

  it('with decimals is exact', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), fc.integer({ min: 0, max: 6 }), (value, scale) => {
        const digits = String(Math.abs(value)).padStart(scale + 1, '0');
        const text = `${value < 0 ? '-' : ''}${digits.slice(0, digits.length - scale)}.${digits.slice(digits.length - scale)}0`;
        const quantity = quantityOf(text);
        expect(quantity.value * 10 ** (scale - quantity.scale)).toBe(value);
      }),
    );
  });
});
