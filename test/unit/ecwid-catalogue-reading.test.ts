import { describe, expect, it } from 'vitest';
import type { Product, StockLevel } from '../../connectors/commerce.ts';
import {
  carry,
  clock,
  connector,
  draftOf,
  inStore,
  lamp,
  later,
  price,
  session,
  shirt,
  stockDraft,
  useStore,
} from './ecwid-catalogue-house.ts';

useStore();

describe('reading the catalogue', () => {
  it('shows products with price, VAT, variants and texts', async () => {
    await carry('product', [draftOf(lamp()), draftOf(shirt())]);
    const [lampRead, shirtRead] = (await session.read('product', ['sku:5001', '#5100'])) as Product[];
    expect(lampRead).toMatchObject({
      longText: 'Warm light.',
      brand: 'Licht & Co',
      ean: '8712345678906',
      price: price(4995),
      stocked: true,
    });
    expect(shirtRead?.variants.map(({ sku, price: cost, attributes }) => [sku, cost?.grossMinor, attributes])).toEqual([
      ['5101', 1995, [{ name: 'Size', value: 'S' }]],
      ['5102', 1995, [{ name: 'Size', value: 'M' }]],
      ['5103', 2195, [{ name: 'Size', value: 'L' }]],
    ]);
  });

  it('shows stock per article, and none where it is not counted', async () => {
    const mug = String(inStore('1006').id);
    const levels = (await session.read('stock', [mug, `${mug}-99001`, 'sku:1001', '#404'])) as (StockLevel | undefined)[];
    expect(levels.map((level) => level && [level.sku, level.branches[0]?.available?.value])).toEqual([
      ['1006', 140],
      ['1006-W', 4],
      ['1001', 90],
      undefined,
    ]);
    await carry('stock', [stockDraft('1001', 0, false)]);
    expect(((await session.read('stock', ['sku:1001'])) as StockLevel[])[0]?.branches).toEqual([{ branch: 'shop' }]);
  });

  it('walks every article whose stock may have changed', async () => {
    later(3600);
    const since = clock.toISOString();
    await carry('stock', [stockDraft('1006-W', 1)]);
    const ids: string[] = [];
    for await (const change of session.changed('stock', since)) ids.push(change.id);
    const mug = String(inStore('1006').id);
    expect(ids).toEqual([mug, `${mug}-99001`]);
  });

  it('asks the merchant in three languages, with a default for every question', () => {
    const { writes: kinds } = connector();
    for (const writing of Object.values(kinds)) {
      expect(writing.settings.safeParse({}).success).toBe(true);
      for (const { title } of writing.policies ?? []) expect(Object.keys(title)).toEqual(['en', 'de', 'nl']);
    }
    expect(kinds.product?.settings.parse({ policies: { name: 'never' } })).toMatchObject({ policies: { name: 'never' } });
    expect(JSON.stringify(kinds)).not.toMatch(/ecwid|lightspeed/i);
  });
});
