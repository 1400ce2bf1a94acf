import { describe, expect, it } from 'vitest';
import { mapRecord } from '../../app-server/mapping/map-record.ts';
import { Product } from '../../connectors/commerce.ts';
import type { Draft, Outcome, Plan } from '../../connectors/connector.ts';
import { Failure } from '../../connectors/failure.ts';
import { ProductDraft, productRules } from '../../connectors/mpluskassa/product-draft.ts';
import { openSkuAudit } from '../../connectors/mpluskassa/sku-audit.ts';
import type { TillArticle } from '../simulators/mpluskassa/till.ts';
import { session, till, useTill } from './mpluskassa-house.ts';

useTill();

const price = (grossMinor: number) => ({ currency: 'EUR', grossMinor, netMinor: grossMinor, taxRateBp: 2100 });

function shopProduct(over: Partial<Product> = {}): Product {
  return Product.parse({ id: 'p1', sku: '5001', name: 'Muts', active: true, ean: '8710000050017', price: price(1995), ...over });
}

interface Flow {
  values?: Record<string, unknown>;
  tables?: Record<string, { from: string; to: string }[]>;
  last?: Draft['last'];
}

function draftOf(product: Product, { values = {}, tables = {}, last }: Flow = {}): Draft {
  const fields = mapRecord({
    rules: productRules,
    record: { ...product, ...values },
    values: { turnoverGroup: 10, ...values },
    tables,
  }).fields;
  return { id: product.id, reference: `tb-${product.id}`, revision: 0, fields: ProductDraft.parse(fields), ...(last && { last }) };
}

async function planned(product: Product, flow: Flow = {}): Promise<Plan> {
  const [plan] = await session.plan('product', [draftOf(product, flow)]);
  if (plan === undefined || plan instanceof Failure) throw plan ?? new Error('no plan');
  return plan;
}

async function written(product: Product, flow: Flow = {}): Promise<Outcome> {
  const plan = await planned(product, flow);
  const [outcome] = await session.apply('product', [plan]);
  if (outcome === undefined || outcome instanceof Failure) throw outcome ?? new Error('no outcome');
  return { ...outcome, ...(plan.values && { values: plan.values }) };
}

const refusal = (product: Product, flow: Flow = {}): Promise<unknown> =>
  planned(product, flow).then(
    () => 'planned',
    (error: unknown) => error,
  );
const article = (number: number): TillArticle | undefined => till.articles().find(({ articleNumber }) => articleNumber === number);
const words = (plan: Plan): string[] => plan.steps.map(({ action, reason }) => [action, reason].filter(Boolean).join(' '));

describe('a product from the shop', () => {
  it('becomes an article of the till with everything that the shop knows', async () => {
    const outcome = await written(shopProduct({ brand: 'Noord', longText: 'Van wol.', shortText: 'Muts, wol' }));
    expect(outcome).toMatchObject({ target: { id: '5001', number: '5001' }, written: ['product'], values: { '5001.priceIncl': 1995 } });
    expect(article(5001)).toMatchObject({
      priceIncl: 1995,
      vatCode: 1,
      stockArticle: true,
      seed: { description: 'Muts', barcode: '8710000050017', brandName: 'Noord', turnoverGroup: 10, more: { invoiceText: 'Muts, wol' } },
    });
    expect(await session.read('product', ['5001'])).toMatchObject([{ name: 'Muts', longText: 'Van wol.', price: { grossMinor: 1995 } }]);
  });

  it('is not written again when nothing has changed, and then only what has', async () => {
    const { values } = await written(shopProduct());
    till.calls.reset();
    const again = await planned(shopProduct(), { last: values });
    expect(words(again)).toEqual(['skip unchanged']);
    const plan = await planned(shopProduct({ price: price(2495) }), { last: values });
    expect(plan.steps).toMatchObject([{ action: 'update', changes: [{ field: '5001.priceIncl', before: 1995, after: 2495 }] }]);
    expect(till.calls.count('updateProduct')).toBe(0);
    expect((await written(shopProduct({ price: price(2495) }), { last: values })).values).toMatchObject({
      '5001.priceIncl': 2495,
      '5001.barcode': '8710000050017',
    });
    expect(article(5001)?.priceIncl).toBe(2495);
  });

  it('with variants is one product with an article for each, and a new variant joins them', async () => {
    const variant = (sku: string, colour: string, size: string) => ({
      id: sku,
      sku,
      name: 'Muts',
      active: true,
      price: price(1995),
      stocked: true,
      attributes: [
        { name: 'Farbe', value: colour },
        { name: 'Größe', value: size },
      ],
    });
    const hats = shopProduct({ sku: 'MUTS', ean: undefined, variants: [variant('5001', 'rot', 'S'), variant('5002', 'rot', 'M')] });
    const outcome = await written(hats);
    expect([article(5001)?.productNumber, article(5002)?.productNumber]).toEqual([5001, 5001]);
    expect(article(5002)?.seed).toMatchObject({ colour: 'rot', size: 'M' });
    const more = { ...hats, variants: [...hats.variants, variant('5003', 'blau', 'M')] };
    expect(words(await planned(more))).toEqual(['update']);
    await written(more, { last: outcome.values });
    expect(article(5003)).toMatchObject({ productNumber: 5001, vatCode: 1, seed: { colour: 'blau' } });
  });

  it('whose SKU is not a number is refused at the start, and works after the table is filled', async () => {
    const shirt = shopProduct({ sku: 'SHIRT-M' });
    expect(await refusal(shirt)).toMatchObject({ remedy: 'fix-data', code: 'till.article-not-numeric', params: { sku: 'SHIRT-M' } });
    expect(await refusal(shopProduct({ sku: '' }))).toMatchObject({ code: 'till.sku-missing', params: { product: 'Muts' } });
    await written(shirt, { tables: { articles: [{ from: 'SHIRT-M', to: '1001' }] }, values: { deletion: 'ignore' } });
    expect(article(1001)?.priceIncl).toBe(1995);
  });

  it('is recognised by its barcode where the merchant wants that, also one that the till got a minute ago', async () => {
    const jacket = shopProduct({ sku: 'JAS', name: 'Regenjas', ean: '8710000010066', price: price(9995) });
    expect(await refusal(jacket)).toMatchObject({ code: 'till.article-not-numeric' });
    await written(jacket, { values: { matchByBarcode: true } });
    expect(article(1006)?.priceIncl).toBe(9995);
    till.addArticle({ articleNumber: 7001, barcode: '8710000070015' });
    const plan = await planned(shopProduct({ sku: 'NIEUW', ean: '8710000070015' }), { values: { matchByBarcode: true } });
    expect(plan.target).toMatchObject({ id: '7001' });
  });

  it('gets its turnover group and its VAT code by the rate', async () => {
    const book = shopProduct({ price: { currency: 'EUR', grossMinor: 1090, netMinor: 1000, taxRateBp: 900 } });
    await written(book, { tables: { turnoverGroups: [{ from: '900', to: '20' }] } });
    expect(article(5001)).toMatchObject({ vatCode: 2, seed: { turnoverGroup: 20 } });
    expect(await refusal(shopProduct({ sku: '5002' }), { values: { turnoverGroup: undefined } })).toMatchObject({
      code: 'till.turnover-group-missing',
    });
    expect(await refusal(shopProduct({ sku: '5002', price: { ...price(100), taxRateBp: 1234 } }))).toMatchObject({
      code: 'till.vat-rate-unknown',
    });
    expect(await refusal(shopProduct({ sku: '5002', price: { ...price(100), currency: 'CHF' } }))).toMatchObject({ code: 'till.currency' });
  });

  it('is written field by field as the merchant allows', async () => {
    const jacket = shopProduct({ sku: '1006', name: 'Nieuwe naam', ean: '123', price: price(100) });
    const fieldsOf = async (values: Record<string, unknown>): Promise<string[]> =>
      (await planned(jacket, { values })).steps.flatMap(({ changes }) => changes.map(({ field }) => field));
    expect(await fieldsOf({})).toEqual(['description', '1006.description', '1006.barcode', '1006.priceIncl']);
    expect(await fieldsOf({ content: false })).toEqual(['1006.priceIncl']);
    expect(await fieldsOf({ offer: false })).toEqual(['description', '1006.description', '1006.barcode']);
    expect(await fieldsOf({ policies: { description: 'never', barcode: 'on-create' } })).toEqual(['1006.priceIncl']);
  });

  it('leaves what somebody edited in the till, and says so', async () => {
    const { values } = await written(shopProduct());
    till.addArticle({ articleNumber: 5001, priceIncl: 1795 });
    const plan = await planned(shopProduct({ price: price(2495) }), { last: values });
    expect(plan.steps).toMatchObject([
      { action: 'skip', reason: 'kept', changes: [{ field: '5001.priceIncl', before: 1795, after: 2495, kept: { ours: 1995 } }] },
    ]);
  });

  it('that is switched off is switched off in the till only when the merchant wants that, and on again', async () => {
    expect(words(await planned(shopProduct({ active: false })))).toEqual(['skip inactive']);
    const first = await written(shopProduct());
    expect(words(await planned(shopProduct({ active: false }), { last: first.values }))).toEqual(['skip unchanged']);
    const off = await written(shopProduct({ active: false }), { values: { deletion: 'deactivate' }, last: first.values });
    expect(article(5001)?.seed.active).toBe(false);
    await written(shopProduct(), { last: off.values });
    expect(article(5001)?.seed.active).toBe(true);
  });

  it('is found after a lost answer and not made twice', async () => {
    const plan = await planned(shopProduct());
    till.faults.next('write-then-drop', { operation: 'createProduct' });
    expect(await session.apply('product', [plan])).toMatchObject([{ ambiguous: true }]);
    expect(words(await planned(shopProduct()))).toEqual(['skip unchanged']);
    expect(await session.apply('product', [plan])).toMatchObject([{ code: 'till.unclear', ambiguous: true }]);
  });

  it('that the till refuses does not hold up its neighbours; fifty cost one look', async () => {
    const drafts = Array.from({ length: 50 }, (_, at) =>
      draftOf(shopProduct({ id: `p${at}`, sku: at === 7 ? 'SEVEN' : String(6000 + at) })),
    );
    await session.plan('product', drafts.slice(0, 1));
    till.calls.reset();
    const plans = await session.plan('product', drafts);
    expect(plans.filter((plan) => plan instanceof Failure)).toMatchObject([{ params: { sku: 'SEVEN' } }]);
    expect(till.calls.count()).toBeLessThanOrEqual(2);
    till.faults.next('failed', { operation: 'createProduct' });
    const outcomes = await session.apply(
      'product',
      plans.flatMap((plan) => (plan instanceof Failure ? [] : [plan])),
    );
    expect(outcomes.filter((outcome) => outcome instanceof Failure)).toMatchObject([{ remedy: 'fix-data', code: 'till.refused' }]);
    expect(till.articles().filter(({ articleNumber }) => articleNumber >= 6000 && articleNumber < 6050)).toHaveLength(48);
  });
});

describe('the audit of SKUs', () => {
  const variant = (sku: string, name: string) => ({ id: sku, sku, name, active: true, attributes: [], stocked: true });
  const goods = [
    shopProduct({ id: '1', sku: '5001', name: 'Muts' }),
    shopProduct({ id: '2', sku: '5001 ', name: 'Sjaal' }),
    shopProduct({ id: '3', sku: 'SHIRT', name: 'Shirt', variants: [variant('5003', 'Shirt M'), variant('S-L', 'Shirt L')] }),
    shopProduct({ id: '4', sku: '', name: 'Riem' }),
    shopProduct({ id: '5', sku: 'KNOWN', name: 'Pet' }),
    shopProduct({ id: '6', sku: '5006', name: 'Trui XL', custom: { parentId: 'gone' } }),
    shopProduct({ id: '7', sku: 'LOOSE', name: 'Want', ean: undefined }),
  ];
  const found = (values: Record<string, unknown>, articles: { from: string; to: string }[]): string[][] => {
    const audit = openSkuAudit({ values, tables: { articles } });
    for (const product of [...goods].reverse()) audit.see([product]);
    // A walk may come past a product that changes meanwhile.
    audit.see(goods.slice(0, 1));
    return audit.findings().flatMap(({ kind, items }) => items.map(({ value, names }) => [kind, value, ...[...names].sort()]));
  };

  it('names each that the till cannot take, with its products and a way out', () => {
    expect(found({}, [{ from: 'KNOWN', to: '5009' }])).toEqual([
      ['not-numeric', 'LOOSE', 'Want'],
      ['not-numeric', 'S-L', 'Shirt L'],
      ['duplicate', '5001', 'Muts', 'Sjaal'],
      ['empty', '', 'Riem'],
      ['variant-without-parent', '5006', 'Trui XL'],
    ]);
    const audit = openSkuAudit({ values: {}, tables: {} });
    audit.see(goods);
    const findings = audit.findings();
    expect(findings.map(({ kind, table, blocks }) => [kind, table, blocks])).toEqual([
      ['not-numeric', 'articles', undefined],
      ['duplicate', undefined, true],
      ['empty', undefined, undefined],
      ['variant-without-parent', undefined, true],
    ]);
    for (const { title, fix } of findings)
      expect([title, fix].flatMap(({ en, de, nl }) => [en, de, nl]).every((text) => text !== '')).toBe(true);
  });

  it('judges what the table translates by its number there, and leaves barcodes to the till where the merchant wants that', () => {
    const kinds = (values: Record<string, unknown>, articles: { from: string; to: string }[]) =>
      found(values, articles).filter(([kind]) => kind === 'not-numeric' || kind === 'duplicate');
    expect(kinds({}, [{ from: 'KNOWN', to: '5003' }])).toContainEqual(['duplicate', '5003, KNOWN', 'Pet', 'Shirt M']);
    expect(kinds({}, [{ from: 'KNOWN', to: 'still-not' }])).toContainEqual(['not-numeric', 'KNOWN', 'Pet']);
    expect(kinds({ matchByBarcode: true }, [])).not.toContainEqual(['not-numeric', 'KNOWN', 'Pet']);
    expect(kinds({ matchByBarcode: true }, [])).toContainEqual(['not-numeric', 'LOOSE', 'Want']);
  });
});
