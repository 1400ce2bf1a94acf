import { describe, expect, it } from 'vitest';
import { batches, carry, failuresIn, inStore, later, reasons, stockDraft, store, useStore, writes } from './ecwid-catalogue-house.ts';

useStore();

describe('stock', () => {
  it('is published with one write for a sale, and none when nothing changed', async () => {
    const { results } = await carry('stock', [stockDraft('1001', 89)]);
    expect(results).toEqual([expect.objectContaining({ target: { id: String(inStore('1001').id), number: '1001' } })]);
    expect(inStore('1001').quantity).toBe(89);
    expect(writes()).toHaveLength(1);
    const again = await carry('stock', [stockDraft('1001', 89)]);
    expect(reasons(again.plans[0])).toEqual(['unchanged']);
    expect(writes()).toHaveLength(1);
  });

  it('goes to the variant that has the SKU', async () => {
    await carry('stock', [stockDraft('1006-W', 11)]);
    expect(inStore('1006').combinations.map(({ quantity }) => quantity)).toEqual([11, 0]);
    expect(inStore('1006').quantity).toBe(140);
  });

  it('is without limit where it is not kept, and counted again where it is', async () => {
    await carry('stock', [stockDraft('1001', 0, false)]);
    expect(inStore('1001').unlimited).toBe(true);
    expect((await carry('stock', [stockDraft('1001', 0, false)])).results).toEqual(['skipped']);
    await carry('stock', [stockDraft('1001', 5)]);
    expect(inStore('1001')).toMatchObject({ unlimited: false, quantity: 5 });
  });

  it('skips what the shop does not sell', async () => {
    const { plans } = await carry('stock', [stockDraft('404', 3)]);
    expect(reasons(plans[0])).toEqual(['not-in-shop']);
    expect(writes()).toEqual([]);
  });

  it('of 500 articles costs two calls to write and a handful to look', async () => {
    for (let index = 0; index < 500; index += 1) {
      store.shop.shelves.create({ name: `Article ${index}`, sku: `S${index}`, price: 1, unlimited: false, quantity: 1 }, false);
    }
    const drafts = (quantity: number) => Array.from({ length: 500 }, (_, index) => stockDraft(`S${index}`, quantity));
    expect(failuresIn((await carry('stock', drafts(2))).results)).toEqual([]);
    expect(writes()).toEqual([]);
    expect(batches()).toHaveLength(1);
    expect(store.calls.length).toBeLessThanOrEqual(6 + 5 + 2);
    expect([...store.shop.shelves.products.values()].filter(({ sku, quantity }) => sku.startsWith('S') && quantity === 2)).toHaveLength(
      500,
    );
    later(61);
    const before = store.calls.length;
    expect((await carry('stock', drafts(2))).results.every((result) => result === 'skipped')).toBe(true);
    expect(store.calls.length - before).toBe(5);
  });
});
