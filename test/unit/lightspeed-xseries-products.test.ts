import { describe, expect, it } from 'vitest';
import { Product } from '../../connectors/commerce.ts';
import type { Draft } from '../../connectors/connector.ts';
import { Failure } from '../../connectors/failure.ts';
import { barcode } from '../../connectors/lightspeed/xseries/product-fields.ts';
import { productOf } from '../../connectors/lightspeed/xseries/products.ts';
import { ProductRow } from '../../connectors/lightspeed/xseries/wire.ts';
import { taxInGross } from '../../connectors/money.ts';
import { carry, changes, draftOf, failed, type House, openHouse, planned, planOf } from './lightspeed-xseries-house.ts';

const price = (grossMinor: number, taxRateBp = 2100, currency = 'EUR') => {
  const netMinor = grossMinor - taxInGross(grossMinor, taxRateBp);
  return { currency, grossMinor, netMinor, taxRateBp };
};

const article = (over: Partial<Product> = {}): Product =>
  Product.parse({ id: 'a-1', sku: '2001', name: 'Theepot', active: true, price: price(2999), ean: '8710000020012', ...over });

const writes = (house: House) => house.sim.requests.filter(({ method, version }) => method !== 'GET' && version !== '1.0');

async function readAll(house: House) {
  const ids = [...new Set((await changes(house.session, 'product')).map(({ id }) => id))];
  return (await house.session.read('product', ids)).map((product) => {
    if (product === undefined || product instanceof Failure) throw product ?? new Error('no product');
    return Product.parse(product);
  });
}

describe('products of the store', () => {
  it('are read with price, rate, barcode and brand, all of them in a handful of requests', async () => {
    const house = await openHouse();
    const products = await readAll(house);
    expect(products.find(({ sku }) => sku === '1001')).toMatchObject({
      name: 'Espressobonen, 1 kg',
      active: true,
      ean: '8710000010011',
      brand: 'Noord',
      price: { currency: 'EUR', grossMinor: 1845, netMinor: 1693, taxRateBp: 900 },
      variants: [],
    });
    expect(products.find(({ sku }) => sku === '1011')?.price).toMatchObject({ grossMinor: 1140, taxRateBp: 0 });
    expect(house.sim.requests.length).toBeLessThan(10);
  });

  it('change by version, once per family, and are gone when they are removed', async () => {
    const house = await openHouse();
    const all = await changes(house.session, 'product');
    house.sim.editProduct('1008', { price_including_tax: 80 });
    const id = String(house.sim.product('1008')?.id);
    const news = await changes(house.session, 'product', all.at(-1)?.cursor);
    expect(news.map((change) => change.id)).toEqual([id]);
    expect(await house.session.read('product', [id, '#1008', 'b0000000-0000-4000-a000-000000000000'])).toMatchObject([
      { sku: '1008', price: { grossMinor: 8000 } },
      { sku: '1008' },
      undefined,
    ]);
    house.sim.removeProduct('1008');
    expect((await changes(house.session, 'product', news.at(-1)?.cursor)).map((change) => change.id)).toEqual([id]);
    expect(await house.session.read('product', [id])).toEqual([undefined]);
  });

  it('with variants are one product whose first variant stands for all', () => {
    const row = (over: object) =>
      ProductRow.parse({ name: 'Mok', handle: 'mok', price_including_tax: 12.49, price_excluding_tax: 10.32231, active: true, ...over });
    const family = [
      row({
        id: 'p-1',
        sku: '1006',
        has_variants: true,
        variant_name: 'Mok / Blauw',
        variant_options: [{ name: 'Kleur', value: 'Blauw' }],
      }),
      row({
        id: 'p-2',
        sku: '1007',
        variant_parent_id: 'p-1',
        variant_name: 'Mok / Wit',
        variant_options: [{ name: 'Kleur', value: 'Wit' }],
      }),
    ];
    const taxes = [{ id: 't', name: '21 %', rateBp: 2100, isDefault: true }];
    expect(Product.parse(productOf(family, { currency: 'EUR', taxes }))).toMatchObject({
      id: 'p-1',
      sku: 'mok',
      variants: [
        { id: 'p-1', sku: '1006', attributes: [{ name: 'Kleur', value: 'Blauw' }] },
        { id: 'p-2', sku: '1007', attributes: [{ name: 'Kleur', value: 'Wit' }], price: { grossMinor: 1249, taxRateBp: 2100 } },
      ],
      custom: {},
    });
    // The audit of SKUs tells whose first variant is gone.
    expect(productOf(family.slice(1), { currency: 'EUR', taxes })).toMatchObject({ id: 'p-2', custom: { parentId: 'p-1' } });
  });
});

describe('products for the store', () => {
  it('find one brand and one category where several batches were planned and go out at the same time', async () => {
    const house = await openHouse();
    const batch = (from: number) =>
      [0, 1, 2].map((at) => {
        const product = article({ id: `a-${from + at}`, sku: `${from + at}`, ean: undefined, brand: 'Nieuw', categories: ['9'] });
        return draftOf('product', product, { derived: { categoryNames: { 9: ['Keuken', 'Kannen'] } } });
      });
    const plans = await Promise.all([house.session.plan('product', batch(8100)), house.session.plan('product', batch(8200))]);
    const outcomes = await Promise.all(plans.map((some) => house.session.apply('product', some.map(planned))));
    expect(outcomes.flat().filter((outcome) => outcome instanceof Failure)).toEqual([]);
    const made = writes(house).map(({ path }) => path);
    expect(made.filter((path) => path.includes('brands'))).toHaveLength(1);
    expect(made.filter((path) => path.includes('product_categories'))).toHaveLength(2);
  });

  it('are created once, with one of the two prices, the tax of their rate, barcode, brand and category', async () => {
    const house = await openHouse();
    const record = article({ brand: 'Zuid', longText: '<p>Blauw</p>', categories: ['9'], price: price(2999, 900) });
    const draft = draftOf('product', record, { derived: { categoryNames: { 9: ['Keuken', 'Thee'] } } });
    const { plan, outcome } = await carry(house.session, 'product', draft);
    expect(plan.steps.map(({ subject, action }) => `${action} ${subject}`)).toEqual([
      'create brand',
      'create category',
      'create category',
      'create product',
    ]);
    const body = JSON.parse(plan.steps.at(-1)?.request?.body ?? '{}');
    expect(body).toMatchObject({ price_including_tax: 29.99, all_outlets_tax: { tax_id: house.sim.taxId(900) } });
    expect(body).not.toHaveProperty('price_excluding_tax');
    const there = house.sim.product('2001');
    expect(there).toMatchObject({
      name: 'Theepot',
      description: '<p>Blauw</p>',
      brand: { name: 'Zuid' },
      type: { name: 'Thee' },
      active: true,
    });
    expect(there?.id).toBe(outcome.target.id);
    expect(there?.product_codes).toContainEqual({ type: 'EAN', code: '8710000020012' });
    const before = writes(house).length;
    const again = planned(await planOf(house.session, 'product', { ...draft, ...(outcome.values && { last: outcome.values }) }));
    expect(again.steps.map(({ action, reason }) => [action, reason])).toEqual([['skip', 'unchanged']]);
    await house.session.apply('product', [again]);
    expect(writes(house)).toHaveLength(before);
  });

  it('take the brand that another process made since this one looked', async () => {
    const house = await openHouse();
    const pot = (sku: string) => draftOf('product', article({ id: sku, sku, ean: undefined, brand: 'Nieuw' }));
    await house.session.plan('product', [pot('8301')]);
    await carry(house.open(), 'product', pot('8302'));
    const { plan } = await carry(house.session, 'product', pot('8303'));
    expect(plan.steps.map(({ subject, action }) => `${action} ${subject}`)).toEqual(['create product']);
    expect((await house.session.vocabulary('brands')).filter(({ label }) => label === 'Nieuw')).toHaveLength(1);
  });

  it('of one new brand and category make these once', async () => {
    const house = await openHouse();
    const drafts = ['2001', '2002', '2003'].map((sku) => {
      const record = article({ id: sku, sku, ean: undefined, brand: 'Zuid', categories: ['9'] });
      return draftOf('product', record, { derived: { categoryNames: { 9: ['Keuken', 'Thee'] } } });
    });
    await house.session.apply('product', (await house.session.plan('product', drafts)).map(planned));
    const next = article({ id: 'd', sku: '2004', ean: undefined, brand: 'zuid' });
    await carry(house.session, 'product', draftOf('product', next));
    expect((await house.session.vocabulary('brands')).filter(({ label }) => label === 'Zuid')).toHaveLength(1);
    expect((await house.session.vocabulary('categories')).map(({ label }) => label)).toEqual(['Assortiment', 'Keuken', 'Keuken / Thee']);
  });

  it('whose answer is lost are found again and not created twice', async () => {
    const house = await openHouse();
    const draft = draftOf('product', article());
    const plan = planned(await planOf(house.session, 'product', draft));
    house.sim.faults.add({ kind: 'lose-answer', method: 'POST', path: '/products', times: 1 });
    const [lost] = await house.session.apply('product', [plan]);
    expect(failed(lost)).toMatchObject({ ambiguous: true });
    expect(planned(await planOf(house.session, 'product', draft)).steps).toMatchObject([{ action: 'skip', reason: 'unchanged' }]);
    expect(house.sim.requests.filter(({ method, path }) => method === 'POST' && path === '/products')).toHaveLength(1);
  });

  it('change only what differs and keep the SKU among the codes', async () => {
    const house = await openHouse();
    const there = house.sim.product('1008');
    const draft = draftOf('product', article({ sku: '1008', name: 'Koffiemolen', price: price(6500), ean: '8710000010080' }));
    const { plan } = await carry(house.session, 'product', draft);
    expect(plan.steps).toHaveLength(1);
    expect(JSON.parse(plan.steps[0]?.request?.body ?? '{}')).toEqual({
      details: {
        price_including_tax: 65,
        product_codes: [
          { type: 'CUSTOM', code: '1008' },
          { type: 'EAN', code: '8710000010080' },
        ],
      },
    });
    expect(house.sim.product('1008')).toMatchObject({ id: there?.id, sku: '1008', price_including_tax: 65 });
  });

  it('may be priced without tax, and take another rate', async () => {
    const house = await openHouse();
    const draft = draftOf('product', article({ sku: '1008', name: 'Koffiemolen', ean: undefined, price: price(7750, 900) }), {
      settings: { prices: 'net' },
    });
    const { plan } = await carry(house.session, 'product', draft);
    expect(JSON.parse(plan.steps[0]?.request?.body ?? '{}')).toEqual({
      details: { price_excluding_tax: 71.1, all_outlets_tax: { tax_id: house.sim.taxId(900) } },
    });
    const [again] = await house.session.read('product', [String(house.sim.product('1008')?.id)]);
    expect(again).toMatchObject({ price: { netMinor: 7110, grossMinor: 7750, taxRateBp: 900 } });
  });

  it('leave alone what somebody edited there, and say so', async () => {
    const house = await openHouse();
    const draft = draftOf('product', article());
    const { outcome } = await carry(house.session, 'product', draft);
    house.sim.editProduct('2001', { price_including_tax: 24.99, common: { name: 'Theepot, aanbieding' } });
    const next: Draft = {
      ...draftOf('product', article({ name: 'Theepot groot', price: price(3499) })),
      ...(outcome.values && { last: outcome.values }),
    };
    const { plan } = await carry(house.session, 'product', next);
    expect(plan.steps).toMatchObject([{ action: 'skip', reason: 'kept' }]);
    expect(plan.steps[0]?.changes).toMatchObject([
      { field: 'product.name', kept: { ours: 'Theepot' } },
      { field: 'product.price', kept: { ours: 2999 } },
    ]);
    expect(house.sim.product('2001')).toMatchObject({ name: 'Theepot, aanbieding', price_including_tax: 24.99 });
  });

  it('follow the policies: a field that is never written is not, one for new products only then', async () => {
    const house = await openHouse();
    const over = { derived: { policies: { name: 'never', price: 'on-create' } } };
    const draft = draftOf('product', article({ sku: '1008', name: 'Anders', price: price(100), ean: undefined }), over);
    expect(planned(await planOf(house.session, 'product', draft)).steps).toMatchObject([{ action: 'skip', reason: 'unchanged' }]);
  });

  it('that ended are switched off only where the merchant wants that, and not created', async () => {
    const house = await openHouse();
    const ended = { active: false, ean: undefined };
    const known = { sku: '1008', name: 'Koffiemolen', price: price(7750) };
    expect(planned(await planOf(house.session, 'product', draftOf('product', article(ended)))).steps).toMatchObject([
      { action: 'skip', reason: 'inactive' },
    ]);
    const ignored = draftOf('product', article({ ...ended, ...known }));
    expect(planned(await planOf(house.session, 'product', ignored)).steps).toMatchObject([{ action: 'skip', reason: 'unchanged' }]);
    await carry(house.session, 'product', draftOf('product', article({ ...ended, ...known }), { derived: { deletion: 'deactivate' } }));
    expect(house.sim.product('1008')).toMatchObject({ active: false });
  });

  it('are recognised by their barcode where the SKU is another', async () => {
    const house = await openHouse();
    const draft = draftOf('product', article({ sku: '9999', name: 'Espressobonen, 1 kg', ean: '8710000010011', price: price(1845, 900) }));
    const plan = planned(await planOf(house.session, 'product', draft));
    expect(plan.target?.id).toBe(house.sim.product('1001')?.id);
    expect(plan.notes).toMatchObject([{ code: 'matched-by-barcode' }]);
    expect(plan.steps).toMatchObject([{ action: 'skip', reason: 'kept' }]);
  });

  it('whose variants the store keeps as products of their own are kept up to date there; a missing one is named', async () => {
    const house = await openHouse();
    const variant = (sku: string, gross: number) => ({
      id: sku,
      sku,
      name: sku,
      active: true,
      price: price(gross),
      attributes: [{ name: 'Kleur', value: sku }],
    });
    const record = article({
      sku: 'mok',
      name: 'Mok',
      ean: undefined,
      variants: [variant('1006', 1349), variant('1007', 1249), variant('1099', 1)] as never,
    });
    const { plan } = await carry(house.session, 'product', draftOf('product', record));
    expect(plan.steps.map(({ action }) => action)).toEqual(['update', 'skip']);
    expect(plan.notes).toMatchObject([{ code: 'variant-not-added', params: { sku: '1099' } }]);
    expect(house.sim.product('1006')).toMatchObject({ price_including_tax: 13.49 });
  });

  it('with variants are created as one family, its attributes first', async () => {
    const house = await openHouse();
    const variant = (sku: string, value: string) => ({
      id: sku,
      sku,
      name: value,
      active: true,
      price: price(4995),
      attributes: [{ name: 'Maat', value }],
    });
    const record = article({
      sku: 'jas',
      name: 'Regenjas',
      ean: undefined,
      variants: [variant('3001', 'S'), variant('3002', 'M')] as never,
    });
    const { plan } = await carry(house.session, 'product', draftOf('product', record));
    expect(plan.steps.map(({ subject }) => subject)).toEqual(['attribute', 'product']);
    expect(house.sim.product('3002')).toMatchObject({ variant_parent_id: house.sim.product('3001')?.id, price_including_tax: 49.95 });
    expect(house.sim.product('3002')?.variant_options).toMatchObject([{ name: 'Maat', value: 'M' }]);
  });

  it.each([
    ['without a SKU', { sku: '' }, 'lightspeed.sku-missing'],
    ['in another currency', { price: price(100, 2100, 'USD') }, 'lightspeed.price-currency'],
    ['with a rate that is not there', { price: price(100, 1900) }, 'lightspeed.tax-missing'],
  ] as const)('%s are refused, and a neighbour goes through', async (_name, over, code) => {
    const house = await openHouse();
    const [bad, good] = await house.session.plan('product', [
      draftOf('product', article(over as never)),
      draftOf('product', article({ id: 'b', sku: '2002' })),
    ]);
    expect(failed(bad)).toMatchObject({ remedy: 'fix-data', code });
    expect(planned(good).steps).toMatchObject([{ action: 'create' }]);
  });

  it('are written the older way where the store does not know the dated version', async () => {
    const house = await openHouse({ knobs: { dated: false } });
    await carry(house.session, 'product', draftOf('product', article()));
    await carry(house.session, 'product', draftOf('product', article({ price: price(3499, 900) })));
    expect(writes(house).map(({ method, version }) => `${method} ${version}`)).toEqual(['POST 2.0', 'PUT 2.1']);
    expect(house.sim.product('2001')).toMatchObject({ price_including_tax: 34.99 });
  });

  it('have barcodes of the kinds that there are', () => {
    expect(['87100001', '8710000010011', '012345678905', '18710000010018', '12', undefined].map((ean) => barcode(ean)?.type)).toEqual([
      'EAN',
      'EAN',
      'UPC',
      'ITF',
      undefined,
      undefined,
    ]);
  });
});
