import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Product, StockLevel } from '../../connectors/commerce.ts';
import type { Draft, Outcome, Plan, Session } from '../../connectors/connector.ts';
import { Failure } from '../../connectors/failure.ts';
import { ecwidConnector } from '../../ecwid-app/index.ts';
import { type EcwidOptions, type EcwidSimulator, startEcwid } from '../simulators/ecwid/simulator.ts';
import { directSend } from './ecwid-house.ts';

let store: EcwidSimulator;
let clock: Date;
let session: Session;

const connector = () => ecwidConnector({ apiBaseUrl: store.apiBaseUrl });
function reopen(): void {
  const settings = { storeId: store.storeId, accessToken: store.tokens()?.accessToken ?? '' };
  session = connector().open(settings, { send: directSend(), now: () => clock });
}
async function restart(options: EcwidOptions = {}): Promise<void> {
  await store?.stop();
  clock = new Date('2026-03-01T10:00:00Z');
  store = await startEcwid({ now: () => clock, ...options });
  store.install();
  reopen();
}
beforeEach(() => restart());
afterEach(() => store.stop());

const later = (seconds: number) => {
  clock = new Date(clock.getTime() + seconds * 1000);
};
const price = (grossMinor: number, taxRateBp = 2100) => ({
  currency: 'EUR',
  grossMinor,
  netMinor: grossMinor - Math.round((grossMinor * taxRateBp) / (10_000 + taxRateBp)),
  taxRateBp,
});
const lamp = (fields: object = {}) => ({
  id: 'T1',
  sku: '5001',
  name: 'Lamp',
  active: true,
  longText: 'Warm light.',
  brand: 'Licht & Co',
  ean: '8712345678906',
  price: price(4995),
  categories: ['g7'],
  ...fields,
});
const shirt = (fields: object = {}) => ({
  id: 'T2',
  sku: '5100',
  name: 'Shirt',
  active: true,
  price: price(1995),
  variants: ['S', 'M', 'L'].map((size, index) => ({
    id: `T2-${size}`,
    sku: `510${index + 1}`,
    name: `Shirt ${size}`,
    active: true,
    ean: `871000000000${index}`,
    price: price(size === 'L' ? 2195 : 1995),
    attributes: [{ name: 'Size', value: size }],
  })),
  ...fields,
});
const last = new Map<string, Readonly<Record<string, unknown>>>();
beforeEach(() => last.clear());

const draftOf = (product: { id: string }, more: object = {}): Draft => ({
  id: product.id,
  reference: `tb-${product.id}`,
  revision: 0,
  fields: { product, categoryNames: { g7: ['Home', 'Lights'] }, ...more },
  ...(last.has(product.id) && { last: last.get(product.id) ?? {} }),
});
const stockDraft = (sku: string, quantity: number, managed = true): Draft => ({
  id: `stock-${sku}`,
  reference: `tb-stock-${sku}`,
  revision: 0,
  fields: { sku, quantity, managed },
});

/** As the engine does it: plans, carries out what is not all skipped, and keeps the values. */
async function carry(kind: 'product' | 'stock' | 'category', drafts: readonly Draft[]) {
  const plans = await session.plan(kind, drafts);
  const good = plans.filter((plan): plan is Plan => !(plan instanceof Failure));
  const writing = good.filter((plan) => plan.steps.some((step) => step.action !== 'skip'));
  const outcomes = writing.length === 0 ? [] : await session.apply(kind, writing);
  const results = plans.map((plan): Outcome | Failure | 'skipped' => {
    if (plan instanceof Failure) return plan;
    return outcomes[writing.indexOf(plan)] ?? 'skipped';
  });
  results.forEach((result, index) => {
    const id = drafts[index]?.id ?? '';
    if (typeof result === 'object' && 'values' in result && result.values) last.set(id, result.values);
  });
  return { plans, results };
}
const failuresIn = (results: readonly unknown[]) => results.filter((result) => result instanceof Failure);
const writes = () => store.calls.filter(({ method, path }) => method !== 'GET' && path !== '/batch');
const batches = () => store.calls.filter(({ method, path }) => method === 'POST' && path === '/batch');
const reasons = (plan: Plan | Failure | undefined) =>
  plan instanceof Failure || !plan ? [plan?.code] : plan.steps.map((step) => step.reason);
const inStore = (sku: string) => {
  const found = [...store.shop.shelves.products.values()].filter((product) => product.sku === sku);
  if (found.length !== 1) throw new Error(`the store has ${found.length} products with SKU ${sku}`);
  return found[0] as (typeof found)[number];
};

describe('a product of the till in the store', () => {
  it('is made with its price, VAT, texts, brand, EAN and place in the tree', async () => {
    const { results } = await carry('product', [draftOf(lamp())]);
    const made = inStore('5001');
    expect(results).toEqual([expect.objectContaining({ target: { id: String(made.id), number: '5001' } })]);
    expect(made).toMatchObject({
      name: 'Lamp',
      price: 49.95,
      description: 'Warm light.',
      enabled: true,
      unlimited: false,
      quantity: 0,
      tax: { taxable: true, enabledManualTaxes: [1] },
    });
    expect(made.attributes.map(({ type, value }) => [type, value])).toEqual([
      ['BRAND', 'Licht & Co'],
      ['UPC', '8712345678906'],
    ]);
    const lights = store.shop.shelves.category(made.categoryIds[0] ?? 0);
    expect(lights.name).toBe('Lights');
    expect(store.shop.shelves.category(lights.parentId ?? 0).name).toBe('Home');
    expect(store.unexpected).toEqual([]);
  });

  it('costs net where the store enters prices without VAT', async () => {
    await restart({ pricesIncludeTax: false });
    await carry('product', [draftOf(lamp())]);
    expect(inStore('5001').price).toBe(41.28);
    expect((await carry('product', [draftOf(lamp())])).results).toEqual(['skipped']);
  });

  it('is not written a second time, not even by a session that remembers nothing', async () => {
    await carry('product', [draftOf(lamp()), draftOf(shirt())]);
    const before = writes().length;
    expect((await carry('product', [draftOf(lamp()), draftOf(shirt())])).results).toEqual(['skipped', 'skipped']);
    reopen();
    const again = await carry('product', [draftOf(lamp()), draftOf(shirt())]);
    expect(again.results).toEqual(['skipped', 'skipped']);
    expect(reasons(again.plans[0])).toEqual(['unchanged']);
    expect(reasons(again.plans[1])).toEqual(['unchanged', 'unchanged', 'unchanged', 'unchanged']);
    expect(writes().length).toBe(before);
    expect(store.shop.shelves.categories.size).toBe(2);
  });

  it('changes with one write, of what changed alone', async () => {
    await carry('product', [draftOf(lamp())]);
    const before = writes().length;
    const { plans } = await carry('product', [draftOf(lamp({ price: price(5495), name: 'Lamp, large' }))]);
    expect(writes().length - before).toBe(1);
    const [plan] = plans;
    if (plan === undefined || plan instanceof Failure) throw new Error('no plan');
    expect(JSON.parse(plan.steps[0]?.request?.body ?? '')).toEqual({ price: 54.95, name: 'Lamp, large' });
    expect(plan.steps[0]?.changes).toEqual([
      { field: 'product.name', before: 'Lamp', after: 'Lamp, large' },
      { field: 'product.price', before: 4995, after: 5495 },
    ]);
    expect(inStore('5001')).toMatchObject({ price: 54.95, name: 'Lamp, large', description: 'Warm light.' });
  });

  it('keeps what the merchant wrote, and takes the rest', async () => {
    await carry('product', [draftOf(lamp())]);
    store.shop.shelves.update(inStore('5001').id, { description: 'Our best lamp.' });
    const changed = lamp({ longText: 'Warmer light.', price: price(3995) });
    const { plans } = await carry('product', [draftOf(changed)]);
    expect(inStore('5001')).toMatchObject({ description: 'Our best lamp.', price: 39.95 });
    expect(plans[0] instanceof Failure ? [] : plans[0]?.steps[0]?.changes).toContainEqual({
      field: 'product.longText',
      before: 'Our best lamp.',
      after: 'Warmer light.',
      kept: { ours: 'Warm light.' },
    });
    const again = await carry('product', [draftOf(changed)]);
    expect(again.results).toEqual(['skipped']);
    expect(reasons(again.plans[0])).toEqual(['kept']);
    // The merchant decides for the till: what we left is forgotten.
    last.delete('T1');
    await carry('product', [draftOf(changed)]);
    expect(inStore('5001').description).toBe('Warmer light.');
  });

  it('is written as far as the merchant wants it', async () => {
    await carry('product', [draftOf(lamp(), { policies: { brand: 'never', longText: 'on-create' } })]);
    expect(inStore('5001').attributes.map(({ type }) => type)).toEqual(['UPC']);
    const changed = lamp({ longText: 'New text.', name: 'New name', price: price(100) });
    await carry('product', [draftOf(changed, { policies: { brand: 'never', longText: 'on-create' }, offer: false })]);
    expect(inStore('5001')).toMatchObject({ description: 'Warm light.', name: 'New name', price: 49.95 });
    await carry('product', [draftOf(changed, { content: false })]);
    expect(inStore('5001')).toMatchObject({ description: 'Warm light.', price: 1 });
  });

  it('is adopted when the store has its SKU already, with all that it does not know', async () => {
    const espresso = inStore('1001');
    store.shop.shelves.update(espresso.id, { attributes: [{ name: 'Material', value: 'Arabica' }] });
    const beans = { id: 'T9', sku: '1001', name: 'Espresso beans', active: true, brand: 'Bar', price: price(1845, 900) };
    await carry('product', [draftOf(beans)]);
    expect(inStore('1001')).toMatchObject({ id: espresso.id, name: 'Espresso beans', price: 18.45, quantity: espresso.quantity });
    expect(inStore('1001').attributes.map(({ value }) => value)).toEqual(['Arabica', 'Bar']);
  });

  it('is hidden when it is discontinued, or left alone, never removed and never made', async () => {
    await carry('product', [draftOf(lamp())]);
    const gone = lamp({ active: false });
    expect((await carry('product', [draftOf(gone, { deletion: 'ignore' })])).results).toEqual(['skipped']);
    await carry('product', [draftOf(gone)]);
    expect(inStore('5001').enabled).toBe(false);
    const never = await carry('product', [draftOf(lamp({ active: false, id: 'T5', sku: '5999' }))]);
    expect(reasons(never.plans[0])).toEqual(['inactive']);
  });
});

describe('variants', () => {
  it('come with the product, in one call', async () => {
    await carry('product', [draftOf(shirt())]);
    expect(writes().map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /products']);
    const made = inStore('5100');
    expect(made.options.map(({ name, choices }) => [name, choices.map(({ text }) => text)])).toEqual([['Size', ['S', 'M', 'L']]]);
    expect(made.combinations.map(({ sku, price: amount, unlimited }) => [sku, amount, unlimited])).toEqual([
      ['5101', 19.95, false],
      ['5102', 19.95, false],
      ['5103', 21.95, false],
    ]);
  });

  it('change and grow one by one, without touching the stock of the others', async () => {
    await carry('product', [draftOf(shirt())]);
    await carry('stock', [stockDraft('5101', 7), stockDraft('5102', 8)]);
    const before = writes().length;
    const given = shirt();
    const bigger = {
      ...given,
      variants: [
        ...given.variants.map((variant) => (variant.sku === '5103' ? { ...variant, price: price(2495) } : variant)),
        { id: 'T2-XL', sku: '5104', name: 'Shirt XL', active: true, price: price(2495), attributes: [{ name: 'Size', value: 'XL' }] },
      ],
    };
    await carry('product', [draftOf(bigger)]);
    expect(writes().length - before).toBe(2);
    const { combinations, options } = inStore('5100');
    expect(combinations.map(({ sku, price: amount, quantity }) => [sku, amount, quantity])).toEqual([
      ['5101', 19.95, 7],
      ['5102', 19.95, 8],
      ['5103', 24.95, 0],
      ['5104', 24.95, 0],
    ]);
    expect(options[0]?.choices.map(({ text }) => text)).toEqual(['S', 'M', 'L', 'XL']);
    expect((await carry('product', [draftOf(bigger)])).results).toEqual(['skipped']);
  });

  it('without a SKU of their own are recognised by what customers choose, and get one', async () => {
    const mug = {
      id: 'T6',
      sku: '1006',
      name: 'Mug, Delft blue',
      active: true,
      price: price(1249),
      variants: [
        { id: 'a', sku: '1006-W', name: 'w', active: true, price: price(1249), attributes: [{ name: 'Colour', value: 'White' }] },
        { id: 'b', sku: '1006-B', name: 'b', active: true, price: price(1349), attributes: [{ name: 'Colour', value: 'Blue' }] },
      ],
    };
    await carry('product', [draftOf(mug)]);
    expect(inStore('1006').combinations.map(({ id, sku, price: amount }) => [id, sku, amount])).toEqual([
      [99_001, '1006-W', undefined],
      [99_002, '1006-B', 13.49],
    ]);
  });

  it('that have nothing to choose by are named', async () => {
    const given = shirt();
    const broken = { ...given, variants: given.variants.map((variant) => ({ ...variant, attributes: [] })) };
    const { results } = await carry('product', [draftOf(broken), draftOf(lamp())]);
    expect(results[0]).toMatchObject({ remedy: 'fix-data', code: 'shop.variant-without-choice', params: { sku: '5101' } });
    expect(inStore('5001').name).toBe('Lamp');
  });
});

describe('many products', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => draftOf(lamp({ id: `M${index}`, sku: String(8000 + index) })));

  it('go out as one batch, and their category is made once', async () => {
    const { results } = await carry('product', many(100));
    expect(failuresIn(results)).toEqual([]);
    expect(batches()).toHaveLength(1);
    expect(store.shop.shelves.products.size).toBe(113);
    expect([...store.shop.shelves.categories.values()].map(({ name }) => name)).toEqual(['Home', 'Lights']);
    const calls = store.calls.length;
    expect((await carry('product', many(100))).results.every((result) => result === 'skipped')).toBe(true);
    reopen();
    later(120);
    const before = store.calls.length;
    expect((await carry('product', many(100))).results.every((result) => result === 'skipped')).toBe(true);
    expect(store.calls.length - before).toBeLessThan(10);
    expect(calls).toBeLessThan(15);
  });

  it('are waited for while the store works on them', async () => {
    store.state.batches.knobs.looks = 2;
    expect(failuresIn((await carry('product', many(6))).results)).toEqual([]);
    expect(store.calls.filter(({ method, path }) => method === 'GET' && path === '/batch')).toHaveLength(3);
  });

  it('do not suffer from one that the store refuses', async () => {
    store.shop.shelves.knobs.mostProducts = 17;
    const { results } = await carry('product', many(6));
    expect(results.filter((result) => !(result instanceof Failure))).toHaveLength(4);
    expect(failuresIn(results)).toEqual([
      expect.objectContaining({ remedy: 'fix-data', code: 'shop.plan-limit' }),
      expect.objectContaining({ remedy: 'fix-data', code: 'shop.plan-limit' }),
    ]);
    const bad = many(5);
    bad[2] = draftOf(lamp({ id: 'USD', sku: '9999', price: { ...price(100), currency: 'USD' } }));
    store.shop.shelves.knobs.mostProducts = 1000;
    const second = await carry('product', bad);
    expect(failuresIn(second.results)).toEqual([expect.objectContaining({ code: 'shop.currency', params: { currency: 'USD' } })]);
  });
});

describe('when the store does not show what is there', () => {
  it('finds its own product although the search lags', async () => {
    store.state.indexLagMs = 30_000;
    await carry('product', [draftOf(lamp())]);
    const changed = draftOf(lamp({ price: price(100) }));
    await carry('product', [changed]);
    expect(inStore('5001').price).toBe(1);
    expect((await carry('product', [draftOf(lamp({ price: price(100) }))])).results).toEqual(['skipped']);
    later(31);
    expect((await carry('product', [draftOf(lamp({ price: price(200) }))])).results).toHaveLength(1);
    expect(inStore('5001').price).toBe(2);
  });

  it('does not take its own last write for somebody’s edit while lists lag', async () => {
    store.state.indexLagMs = 30_000;
    const both = (cents: number) => ['A', 'B'].map((id) => draftOf(lamp({ id, sku: `60${id}`, price: price(cents) })));
    await carry('product', both(100));
    later(31);
    await carry('product', both(200));
    const { plans } = await carry('product', both(300));
    expect(plans.flatMap((plan) => (plan instanceof Failure ? [plan.code] : plan.steps.map(({ action }): string => action)))).toEqual([
      'update',
      'update',
    ]);
    expect([inStore('60A').price, inStore('60B').price]).toEqual([3, 3]);
  });

  it('makes nothing twice when the answer is lost and the search lags', async () => {
    store.state.indexLagMs = 30_000;
    store.shop.shelves.knobs.sameSkuAllowed = true;
    store.faults.add({ kind: 'lose-answer', method: 'POST', path: '/products', times: 1 });
    const first = await carry('product', [draftOf(lamp({ categories: [] }))]);
    expect(first.results).toEqual([expect.objectContaining({ ambiguous: true })]);
    const second = await carry('product', [draftOf(lamp({ categories: [] }))]);
    expect(second.results).toEqual([expect.objectContaining({ remedy: 'retry', code: 'shop.exists-already' })]);
    later(31);
    expect((await carry('product', [draftOf(lamp({ categories: [] }))])).results).toEqual(['skipped']);
    expect(inStore('5001').name).toBe('Lamp');
  });

  it('names a SKU that two products have', async () => {
    store.shop.shelves.knobs.sameSkuAllowed = true;
    store.shop.shelves.create({ name: 'Twin', sku: '1001', price: 1 }, false);
    const beans = { id: 'T9', sku: '1001', name: 'Espresso beans', active: true };
    expect((await carry('product', [draftOf(beans)])).results).toEqual([
      expect.objectContaining({ remedy: 'fix-data', code: 'shop.sku-ambiguous', params: { sku: '1001', count: 2 } }),
    ]);
    expect((await carry('stock', [stockDraft('1001', 1), stockDraft('1002', 1)])).results).toEqual([
      expect.objectContaining({ code: 'shop.sku-ambiguous' }),
      expect.objectContaining({ target: expect.anything() }),
    ]);
  });

  it('names a VAT rate that the store does not have, unless the merchant chose a tax', async () => {
    const odd = lamp({ price: price(100, 600) });
    expect((await carry('product', [draftOf(odd)])).results).toEqual([
      expect.objectContaining({ remedy: 'fix-data', code: 'shop.tax-missing', params: { rate: '6' } }),
    ]);
    await carry('product', [draftOf(odd, { taxId: '2' })]);
    expect(inStore('5001').tax).toEqual({ taxable: true, enabledManualTaxes: [2] });
  });

  it('goes without the catalogue where the permission is missing, and reads on', async () => {
    await restart({ scopes: ['read_store_profile', 'read_orders', 'read_customers', 'read_catalog'] });
    expect((await carry('product', [draftOf(lamp({ categories: [] }))])).results).toEqual([
      expect.objectContaining({ remedy: 'fix-data', code: 'shop.privileges-missing', params: { privileges: 'create_catalog' } }),
    ]);
    expect((await session.read('order', [store.placeOnlinePaid().id]))[0]).not.toBeInstanceOf(Failure);
  });

  it('stops with a dead token and waits when asked to', async () => {
    store.faults.add({ kind: 'throttle', path: '/products', times: 1, retryAfterSeconds: 30 });
    await expect(session.plan('product', [draftOf(lamp())])).rejects.toMatchObject({ remedy: 'wait', waitMs: 30_000 });
    later(31);
    const [plan] = await session.plan('product', [draftOf(lamp())]);
    store.uninstall();
    expect(await session.apply('product', [plan as Plan])).toEqual([expect.objectContaining({ remedy: 'fix-connection' })]);
  });
});

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

describe('the tree of categories', () => {
  const category = (path: string[], fields: object = {}): Draft => ({
    id: 'g1',
    reference: 'tb-g1',
    revision: 0,
    fields: { category: { id: 'g1', name: path.at(-1), ...fields }, path },
    ...(last.has('g1') && { last: last.get('g1') ?? {} }),
  });

  it('grows, follows a new name, keeps the merchant’s own and never shrinks', async () => {
    await carry('category', [category(['Drinks', 'Tea'])]);
    const names = () => [...store.shop.shelves.categories.values()].map(({ name }) => name);
    expect(names()).toEqual(['Drinks', 'Tea']);
    expect((await carry('category', [category(['Drinks', 'Tea'])])).results).toEqual(['skipped']);
    await carry('category', [category(['Drinks', 'Fine tea'])]);
    reopen();
    expect(names()).toEqual(['Drinks', 'Fine tea']);
    const id = Number(last.get('g1')?.id);
    store.shop.shelves.updateCategory(id, { name: 'Our tea' });
    expect(reasons((await carry('category', [category(['Drinks', 'Tea leaves'])])).plans[0])).toEqual(['kept']);
    await carry('category', [category(['Drinks', 'Tea leaves'], { deleted: true })]);
    expect(names()).toEqual(['Drinks', 'Our tea']);
  });
});

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
