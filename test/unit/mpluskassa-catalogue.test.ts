import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Product } from '../../connectors/commerce.ts';
import type { Change } from '../../connectors/connector.ts';
import { Failure } from '../../connectors/failure.ts';
import { startMpluskassa } from '../simulators/mpluskassa/simulator.ts';
import { openTill, restart, session, till, useTill } from './mpluskassa-house.ts';

useTill();

async function all(kind: 'product' | 'category', cursor?: string, from = session): Promise<Change[]> {
  const changes: Change[] = [];
  for await (const change of from.changed(kind, cursor)) changes.push(change);
  return changes;
}

async function product(id: string): Promise<Product> {
  const [found] = await session.read('product', [id]);
  if (found === undefined || found instanceof Failure) throw found ?? new Error(`no product ${id}`);
  return Product.parse(found);
}

/** What lives in memory, in bytes: the dead is collected first. */
function liveHeap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

const ids = (changes: readonly Change[]): string[] => changes.map(({ id }) => id);

describe('a product of the till', () => {
  it('with one article has its number as SKU, its barcode and its price with and without VAT', async () => {
    expect(await product('1006')).toMatchObject({
      id: '1006',
      sku: '1006',
      name: 'Regenjas',
      active: true,
      ean: '8710000010066',
      price: { currency: 'EUR', grossMinor: 8995, netMinor: 7434, taxRateBp: 2100 },
      categories: ['2'],
      variants: [],
      stocked: true,
      custom: { webshop: true, discontinued: false, turnoverGroup: 10, pluNumber: '1006' },
    });
    expect((await product('1007')).price?.taxRateBp).toBe(900);
    expect((await product('1011')).price).toMatchObject({ taxRateBp: 0, netMinor: 1140 });
  });

  it('with several articles has a SKU that is no article’s, and variants told apart by colour and size', async () => {
    const shirt = await product('501');
    expect(shirt).toMatchObject({ sku: 'P501', name: 'T-shirt Noord', brand: 'Noord', categories: ['2', '4'] });
    expect(shirt.variants.map(({ sku, attributes }) => [sku, ...attributes.map(({ name, value }) => `${name} ${value}`)])).toEqual([
      ['1001', 'Kleur Rood', 'Maat M'],
      ['1002', 'Kleur Rood', 'Maat L'],
      ['1003', 'Kleur Blauw', 'Maat M'],
    ]);
    expect(shirt.price).toBeUndefined();
    expect(shirt.variants[0]).toMatchObject({ ean: '8710000010011', price: { grossMinor: 2495 } });
  });

  it('is found by the number on its label as well, its own or that of one of its articles', async () => {
    const found = await session.read('product', ['#1002', '#P501', '#1006', '501', '#ABC', '4711']);
    expect(found.map((each) => (each && 'sku' in each ? each.sku : undefined))).toEqual([
      'P501',
      'P501',
      '1006',
      'P501',
      undefined,
      undefined,
    ]);
  });

  it('by weight says in what it is weighed; pieces say nothing', async () => {
    expect((await product('1008')).unit).toBe('kg');
    expect((await product('1006')).unit).toBeUndefined();
  });

  it('that is discontinued is not active', async () => {
    expect(await product('1010')).toMatchObject({ active: false, custom: { discontinued: true, webshop: false } });
    till.addArticle({ articleNumber: 1006, discontinued: true });
    expect((await product('1006')).active).toBe(false);
    till.addArticle({ articleNumber: 1001, active: false });
    expect(await product('501')).toMatchObject({ active: true, variants: [{ active: false }, { active: true }, { active: true }] });
  });

  it('brings its texts, the merchant’s own fields and an exact content', async () => {
    till.addArticle({
      articleNumber: 1006,
      productExtraText: 'Waterdicht tot 10.000 mm.',
      extArticleId: 'JAS-1',
      more: {
        invoiceText: 'Regenjas, waterdicht',
        supplierArticleNumber: 'RJ-77',
        contentUnit: 'ml',
        contentQuantity: 7505,
        contentQuantityDecimalPlaces: 1,
        customFieldList: {
          customField: [
            { fieldName: 'Seizoen', strValue: 'Herfst' },
            { fieldName: 'Dikte', intValue: -5, decimalPlaces: 2 },
            { fieldName: 'Nieuw', boolValue: false },
          ],
        },
      },
    });
    expect(await product('1006')).toMatchObject({
      shortText: 'Regenjas, waterdicht',
      longText: 'Waterdicht tot 10.000 mm.',
      custom: {
        supplierArticleNumber: 'RJ-77',
        extArticleId: 'JAS-1',
        contentUnit: 'ml',
        contentQuantity: '750.5',
        Seizoen: 'Herfst',
        Dikte: '-0.05',
        Nieuw: false,
      },
    });
  });

  it('whose articles look alike gets a choice that tells them apart', async () => {
    till.addArticle({ articleNumber: 2001, productNumber: 700, description: 'Kaars', colour: 'Rood' });
    till.addArticle({ articleNumber: 2002, productNumber: 700, description: 'Kaars', colour: 'Rood' });
    till.addArticle({ articleNumber: 2003, productNumber: 700, description: 'Kaars' });
    const { variants } = await product('700');
    expect(variants.map(({ attributes }) => attributes.map(({ value }) => value))).toEqual([
      ['Rood', '2001'],
      ['Rood', '2002'],
      ['–', '2003'],
    ]);
  });

  it('has no price where the till asks for it, and none of a rate that nobody knows', async () => {
    till.addArticle({ articleNumber: 2004, priceIncl: 0, more: { specialPrice: 'PRICE-ASK-POSITIVE' } });
    till.addArticle({ articleNumber: 2005, priceIncl: 0, more: { specialPrice: 'PRICE-FREE' } });
    till.addArticle({ articleNumber: 2006, priceIncl: 500, more: { vatCode: 0, vatPercentage: 0 } });
    till.addArticle({
      articleNumber: 2007,
      priceIncl: 500,
      more: { vatCode: 0, componentArticleList: { componentArticle: [{ vatCode: 2 }, { vatCode: 2 }] } },
    });
    expect((await product('2004')).price).toBeUndefined();
    expect((await product('2005')).price?.grossMinor).toBe(0);
    expect((await product('2006')).price).toBeUndefined();
    expect((await product('2007')).price).toMatchObject({ grossMinor: 500, taxRateBp: 900 });
  });

  it('is not taken for gone when the till answers with nothing', async () => {
    till.faults.next('empty', { operation: 'getProducts', times: 2 });
    await expect(session.read('product', ['1006'])).rejects.toMatchObject({ remedy: 'wait', code: 'till.empty-answer' });
    expect(await session.read('product', ['4711'])).toEqual([undefined]);
  });
});

describe('changed products', () => {
  it('start at the beginning without a cursor, and at now with an instant', async () => {
    expect(new Set(ids(await all('product')))).toEqual(new Set(till.articles().map(({ productNumber }) => String(productNumber))));
    const instant = new Date(Date.now() + 2_000).toISOString();
    expect(await all('product', instant)).toEqual([]);
    const { syncMarker } = till.addArticle({ articleNumber: 1007, priceIncl: 1099 });
    expect(await all('product', instant)).toEqual([
      { id: '1007', number: '1007', version: String(syncMarker), cursor: String(syncMarker) },
    ]);
    expect(await all('product', String(syncMarker))).toEqual([]);
    await expect(all('product', 'yesterday')).rejects.toMatchObject({ code: 'till.bad-cursor' });
  });

  it('show what was switched off since an instant, whichever worker asks first', async () => {
    const instant = new Date(Date.now() - 1_000).toISOString();
    till.addArticle({ articleNumber: 1006, active: false });
    expect(ids(await all('product', instant))).toContain('1006');
    expect(ids(await all('product', instant, openTill(till)))).toContain('1006');
    expect((await product('1006')).active).toBe(false);
  });

  it('come whole, each once, from unsorted pages and from one that a single product overfills', async () => {
    const big = Array.from({ length: 600 }, (_, index) => ({ articleNumber: 20_000 + index, productNumber: 800, size: String(index) }));
    const small = Array.from({ length: 400 }, (_, index) => ({ articleNumber: 30_000 + index }));
    await restart({ articles: [...small.slice(0, 200), ...big, ...small.slice(200)], unsortedPages: true });
    const changes = await all('product');
    expect(new Set(ids(changes)).size).toBe(till.articles().length - 602);
    expect(changes).toHaveLength(new Set(ids(changes)).size);
    expect(till.calls.count('getProducts')).toBeLessThan(10);
    expect((await product('800')).variants).toHaveLength(600);
  });

  it('are never lost when articles change while pages are read', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat({ max: 599 }), { maxLength: 12 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 400 }),
        fc.boolean(),
        async (waves, stopAfter, unsortedPages) => {
          const busy = await startMpluskassa({ articles: 600, unsortedPages });
          const worker = openTill(busy);
          try {
            const seen = new Map<string, string>();
            let cursor: string | undefined;
            const read = async (most: number): Promise<void> => {
              let count = 0;
              for await (const change of worker.changed('product', cursor)) {
                cursor = change.cursor;
                seen.set(change.id, change.version ?? '');
                count += 1;
                if (count % 97 === 0)
                  for (const at of waves.pop() ?? []) busy.addArticle({ articleNumber: 100_000 + at, priceIncl: at + 1 });
                if (count >= most) return;
              }
            };
            await read(stopAfter);
            for (const wave of waves) for (const at of wave) busy.addArticle({ articleNumber: 100_000 + at, priceIncl: at + 2 });
            waves.length = 0;
            await read(Number.POSITIVE_INFINITY);
            const latest = new Map<string, number>();
            for (const { productNumber, syncMarker } of busy.articles()) {
              latest.set(String(productNumber), Math.max(syncMarker, latest.get(String(productNumber)) ?? 0));
            }
            expect(new Map([...seen].map(([id, version]) => [id, Number(version)]))).toEqual(latest);
          } finally {
            await busy.stop();
          }
        },
      ),
      { numRuns: 8 },
    );
  });

  it('are 50,000 articles in as many pages as it takes, without keeping them, and 250 products are read in one call', async () => {
    await restart({ articles: 50_000 });
    const some: string[] = [];
    let heapAfterTenth = 0;
    let told = 0;
    for await (const { id } of session.changed('product', undefined)) {
      told += 1;
      if (some.length < 1_000) some.push(id);
      if (told === 4_000) heapAfterTenth = liveHeap();
    }
    expect(told).toBe(new Set(till.articles().map(({ productNumber }) => productNumber)).size);
    expect(till.calls.count()).toBeLessThanOrEqual(1.05 * (50_017 / 250));
    // All requests are remembered by the simulator, so that a leak of 50,000 products would show, but little would not.
    expect(liveHeap()).toBeLessThan(heapAfterTenth + 150 * 1024 * 1024);
    till.calls.reset();
    for (let from = 0; from < 1_000; from += 250) {
      const records = await session.read('product', some.slice(from, from + 250));
      expect(records.every((record) => record !== undefined && !(record instanceof Failure))).toBe(true);
    }
    expect(till.calls.count('getProducts')).toBe(4);
  }, 180_000);
});

describe('categories', () => {
  it('are the groups of the till with their parents; a deleted one says so', async () => {
    expect(ids(await all('category'))).toEqual(['1', '2', '3', '4']);
    const { syncMarker } = till.putGroup({ groupNumber: 4, deleted: true });
    till.putGroup({ groupNumber: 5, parent: 3, name: 'Kaas', text: 'Van de boer', sortOrder: 7 });
    expect(ids(await all('category', String(syncMarker - 1)))).toEqual(['4', '5']);
    expect(await session.read('category', ['1', '5', '4', '99'])).toEqual([
      { id: '1', name: 'Webshop', position: 1, deleted: false },
      { id: '5', parentId: '3', name: 'Kaas', text: 'Van de boer', position: 7, deleted: false },
      { id: '4', parentId: '2', name: 'Shirts', position: 4, deleted: true },
      undefined,
    ]);
    expect(await session.vocabulary('articleGroups')).toContainEqual({ value: '5', label: 'Webshop / Eten en drinken / Kaas', hint: '5' });
    expect(await all('category', new Date().toISOString())).toEqual([]);
  });
});
