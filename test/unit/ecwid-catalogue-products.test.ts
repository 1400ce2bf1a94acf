import { describe, expect, it } from 'vitest';
import { Failure } from '../../connectors/failure.ts';
import {
  batches,
  carry,
  draftOf,
  failuresIn,
  inStore,
  lamp,
  last,
  later,
  price,
  reasons,
  reopen,
  restart,
  shirt,
  stockDraft,
  store,
  useStore,
  writes,
} from './ecwid-catalogue-house.ts';

useStore();

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
    expect((await carry('product', [draftOf(gone)])).results).toEqual(['skipped']);
    await carry('product', [draftOf(gone, { deletion: 'deactivate' })]);
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
