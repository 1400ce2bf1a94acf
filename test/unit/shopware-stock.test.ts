import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Draft } from '../../connectors/connector.ts';
import { type CatalogueHouse, carry, draftOf, openHouse, shirt } from './shopware-catalogue-house.ts';

let house: CatalogueHouse;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(async () => {
  expect(house.shop.unexpected).toEqual([]);
  await house.stop();
});

const level = (sku: string, quantity: number, managed = true): Draft => ({
  id: sku,
  reference: `tb-${sku}`,
  revision: 0,
  fields: { sku, quantity, managed },
});
const searches = (): number => house.shop.calls.count('/api/search/product');

describe('stock', () => {
  it('is written as it is, with the flag that says whether it can be sold out', async () => {
    const first = await carry(house.session, 'stock', [level('1001', 7), level('1002', 80, false), level('9999', 3)]);
    expect(first.actions).toEqual(['update', 'skip:unchanged', 'skip:not-in-shop']);
    expect(house.product('1001')).toMatchObject({ stock: 7, availableStock: 7, isCloseout: true, name: 'Espresso beans, 1 kg' });
    expect(first.values[0]).toEqual({ quantity: 7, managed: true });
    await carry(house.session, 'stock', [level('1001', 7, false)]);
    expect(house.product('1001')).toMatchObject({ stock: 7, isCloseout: false });
  });

  it('goes to the variants, and a variant inherits the flag of its product', async () => {
    await carry(house.session, 'product', [draftOf(shirt([['47111', 'red', 'M']]))]);
    const { actions } = await carry(house.session, 'stock', [level('47111', 5), level('4711', 5)]);
    expect(actions).toEqual(['update', 'skip:has-variants']);
    expect(house.product('47111')).toMatchObject({ stock: 5, isCloseout: null });
  });

  it('one sale is one write', async () => {
    await carry(house.session, 'stock', [level('1001', 119)]);
    house.shop.calls.clear();
    await carry(house.session, 'stock', [level('1001', 118)]);
    expect([house.writes(), searches(), house.shop.calls.list.length]).toEqual([1, 0, 1]);
  });

  it('is looked at before it is left alone, because orders take stock without a word', async () => {
    await carry(house.session, 'stock', [level('1001', 100)]);
    await house.shop.orders.placePaidOrder({ lines: [{ productNumber: '1001', quantity: 3 }] });
    expect(house.product('1001').stock).toBe(97);
    const { actions } = await carry(house.session, 'stock', [level('1001', 100)]);
    expect(actions).toEqual(['update']);
    expect(house.product('1001').stock).toBe(100);
  });

  it('5,000 changed levels are ten calls once the numbers are known, and unchanged ones none that write', async () => {
    const skus = Array.from({ length: 5_000 }, (_, at) => String(500_000 + at));
    for (const sku of skus)
      house.shop.db.insert('product', { productNumber: sku, name: sku, stock: 1, isCloseout: true, active: true, minPurchase: 1 });
    const run = async (quantity: number): Promise<Set<string>> => {
      const actions = new Set<string>();
      for (let from = 0; from < skus.length; from += 500) {
        const drafts = skus.slice(from, from + 500).map((sku) => level(sku, quantity));
        for (const action of (await carry(house.session, 'stock', drafts)).actions) actions.add(action);
      }
      return actions;
    };
    await run(2);
    house.shop.calls.clear();
    expect([...(await run(3))]).toEqual(['update']);
    expect(house.shop.calls.list.length).toBeLessThanOrEqual(1.1 * Math.ceil(skus.length / 500));
    house.shop.calls.clear();
    expect([...(await run(3))]).toEqual(['skip:unchanged']);
    expect(house.writes()).toBe(0);
    const imported = house.shop.db.all('product').filter(({ productNumber }) => Number(productNumber) >= 500_000);
    expect(new Set(imported.map(({ stock }) => stock))).toEqual(new Set([3]));
  }, 20_000);

  it('of a product that was deleted meanwhile is looked up again, and the others are written', async () => {
    await carry(house.session, 'stock', [level('1001', 1), level('1002', 1)]);
    await house.shop.backOffice.deleteProduct('1001');
    const { results } = await carry(house.session, 'stock', [level('1001', 2), level('1002', 2)]);
    expect(results).toMatchObject([{ remedy: 'retry', code: 'shopware.rows-refused' }, { target: { number: '1002' } }]);
    expect(house.product('1002').stock).toBe(2);
    expect((await carry(house.session, 'stock', [level('1001', 2)])).actions).toEqual(['skip:not-in-shop']);
  });

  it('finds a product that was created after it was missed, a minute later', async () => {
    expect((await carry(house.session, 'stock', [level('9999', 2)])).actions).toEqual(['skip:not-in-shop']);
    await house.shop.backOffice.addProduct({ number: '9999', name: 'New', price: 1, taxRate: 21, stock: 0 });
    house.now = new Date(house.now.getTime() + 61_000);
    expect((await carry(house.session, 'stock', [level('9999', 2)])).actions).toEqual(['update']);
  });

  it('refuses what is no number of pieces', async () => {
    const { actions } = await carry(house.session, 'stock', [level('1001', -1), level('1001', 1.5)]);
    expect(actions).toEqual(['shopware.draft-unusable', 'shopware.draft-unusable']);
  });

  it('is read from the shop, of everything or of what changed', async () => {
    await carry(house.session, 'product', [draftOf(shirt([['47111', 'red', 'M']]))]);
    const ids = async (cursor: string | undefined): Promise<string[]> => {
      const told: string[] = [];
      for await (const { id } of house.session.changed('stock', cursor)) told.push(id);
      return told;
    };
    expect(new Set(await ids(undefined)).size).toBe(house.shop.db.all('product').length);
    await house.shop.backOffice.editProduct('1001', { stock: 4 });
    const [parent, variant, edited] = await house.session.read('stock', [house.product('4711').id, house.product('47111').id, '#1001']);
    expect(parent).toBeUndefined();
    expect(variant).toMatchObject({ sku: '47111', branches: [{ branch: 'shop', physical: { value: 0, scale: 0 } }] });
    expect(edited).toMatchObject({ sku: '1001', branches: [{ available: { value: 4, scale: 0 } }] });
  });
});
