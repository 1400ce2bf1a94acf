import { describe, expect, it } from 'vitest';
import { plainId } from '../../connectors/mailchimp/ids.ts';
import { carried, draftOf, house, line, order, planned, refusal, storeId, useHouse, written } from './mailchimp-house.ts';

useHouse();

const price = (grossMinor: number) => ({ currency: 'EUR', grossMinor, netMinor: Math.round(grossMinor / 1.21), taxRateBp: 2100 });
const lamp = (more: object = {}) => ({
  id: 'T1',
  sku: '5001',
  name: 'Lamp',
  active: true,
  longText: '<p>Warm &amp; bright.</p>',
  brand: 'Licht',
  price: price(4995),
  ...more,
});
const variant = (size: string, more: object = {}) => ({
  id: `T2-${size}`,
  sku: `51${size}`,
  name: `Shirt ${size}`,
  active: true,
  price: price(1995),
  attributes: [{ name: 'Size', value: size }],
  ...more,
});
const shirt = (sizes: readonly string[], more: object = {}) => ({
  id: 'T2',
  sku: '5100',
  name: 'Shirt',
  active: true,
  variants: sizes.map((size) => variant(size)),
  ...more,
});
const product = (id: string) => house.mailchimp.product(storeId(house), id);

describe('a product', () => {
  it('is made with its price, its text without markup and its one variant', async () => {
    const record = lamp({ custom: { url: 'https://shop.example/lamp', imageUrl: 'https://shop.example/lamp.jpg' } });
    const [outcome] = await carried(house, 'product', [draftOf('product', record)]);
    expect(product('5001')).toMatchObject({
      title: 'Lamp',
      description: 'Warm & bright.',
      vendor: 'Licht',
      url: 'https://shop.example/lamp',
      image_url: 'https://shop.example/lamp.jpg',
      variants: [{ id: '5001', sku: '5001', price: 49.95, visibility: 'visible' }],
    });
    expect(outcome?.target.id).toBe(`${storeId(house)}/5001`);
  });

  it('that did not change costs no write; one that did is written with what it has', async () => {
    const [plan] = await planned(house, 'product', [draftOf('product', lamp())]);
    await carried(house, 'product', [draftOf('product', lamp())]);
    await carried(house, 'stock', [draftOf('stock', { id: 's1', sku: '5001', quantity: 7 })]);
    expect(await carried(house, 'product', [draftOf('product', lamp(), { last: plan?.values })])).toEqual([undefined]);
    const [again] = await planned(house, 'product', [draftOf('product', lamp({ price: price(5995) }), { last: plan?.values })]);
    expect(again?.steps[0]).toMatchObject({ action: 'update', changes: [{ field: 'price', before: 49.95, after: 59.95 }] });
    await carried(house, 'product', [draftOf('product', lamp({ price: price(5995) }), { last: plan?.values })]);
    expect(product('5001')).toMatchObject({ description: 'Warm & bright.', variants: [{ price: 59.95, inventory_quantity: 7 }] });
  });

  it('keeps what somebody edited in Mailchimp', async () => {
    await carried(house, 'product', [draftOf('product', lamp())]);
    const [plan] = await planned(house, 'product', [draftOf('product', lamp({ name: 'Desk lamp' }), { last: { name: 'Table lamp' } })]);
    expect(plan?.steps).toMatchObject([
      { action: 'skip', reason: 'kept', changes: [{ field: 'name', before: 'Lamp', after: 'Desk lamp', kept: { ours: 'Table lamp' } }] },
    ]);
  });

  it('keeps a field that the merchant reserved', async () => {
    await carried(house, 'product', [draftOf('product', lamp())]);
    const changed = lamp({ longText: 'Other.', price: price(100), policies: { longText: 'on-create' }, offer: false });
    expect(await carried(house, 'product', [draftOf('product', changed)])).toEqual([undefined]);
  });

  it('gets variants, and loses those that are gone', async () => {
    await carried(house, 'product', [draftOf('product', shirt(['S', 'M', 'L']))]);
    expect(product('p-T2')?.variants).toMatchObject([{ id: '51S', title: 'S' }, { id: '51M' }, { id: '51L', price: 19.95 }]);
    const [plan] = await planned(house, 'product', [draftOf('product', shirt(['S', 'XL']))]);
    expect(plan?.steps.map(({ request }) => request?.operation.split('/').at(-1))).toEqual(['p-T2', '51M', '51L']);
    await carried(house, 'product', [draftOf('product', shirt(['S', 'XL']))]);
    expect(product('p-T2')?.variants).toMatchObject([{ id: '51S' }, { id: '51XL', price: 19.95 }]);
  });

  it('with more variants than are shown is compared with all of them', async () => {
    const sizes = Array.from({ length: 60 }, (_, index) => `n${index}`);
    await carried(house, 'product', [draftOf('product', shirt(sizes))]);
    expect(await carried(house, 'product', [draftOf('product', shirt(sizes))])).toEqual([undefined]);
    const store = storeId(house);
    await carried(house, 'order', [draftOf('order', order('1', { lines: [line({ sku: '51n59', grossMinor: 1995 })] }))]);
    expect(house.mailchimp.orders(store)[0]?.lines).toMatchObject([{ product_id: 'p-T2', product_variant_id: '51n59' }]);
  });

  it('that ended is hidden where the merchant wants that, and never made', async () => {
    const ended = lamp({ active: false, deletion: 'deactivate' });
    const [none] = await planned(house, 'product', [draftOf('product', ended)]);
    expect(none?.steps).toMatchObject([{ action: 'skip', reason: 'inactive' }]);
    await carried(house, 'product', [draftOf('product', lamp())]);
    expect(await carried(house, 'product', [draftOf('product', lamp({ active: false }))])).toEqual([undefined]);
    await carried(house, 'product', [draftOf('product', ended)]);
    expect(product('5001')?.variants).toMatchObject([{ visibility: 'hidden' }]);
  });

  it('without a price stands in the only store of its source, and is stopped where there is none', async () => {
    expect(await refusal(written(house, 'product', [draftOf('product', lamp({ price: undefined }))]))).toMatchObject({
      code: 'mailchimp.currency-missing',
      remedy: 'fix-data',
      params: { record: '5001' },
    });
    await carried(house, 'product', [draftOf('product', lamp())]);
    await carried(house, 'product', [draftOf('product', lamp({ id: 'T9', sku: '9', price: undefined }))]);
    expect(product('9')).toMatchObject({ title: 'Lamp' });
  });

  it('with a SKU that is no id of Mailchimp gets one that is always the same', () => {
    expect(plainId('AB-12.x_3')).toBe('AB-12.x_3');
    const strange = plainId('Größe 12/ blau "extra"');
    expect(strange).toMatch(/^[\w.-]{1,50}$/);
    expect(plainId('Größe 12/ blau "extra"')).toBe(strange);
    expect(plainId('Größe 12/ blau extra')).not.toBe(strange);
  });
});

describe('stock', () => {
  const level = (sku: string, quantity: number, more: object = {}) => draftOf('stock', { id: `s-${sku}`, sku, quantity, ...more });

  it('is written where it differs, found out by one look at each article', async () => {
    await carried(house, 'product', [draftOf('product', lamp()), draftOf('product', shirt(['S', 'M']))]);
    await carried(house, 'stock', [level('5001', 7), level('51M', 3)]);
    expect(product('p-T2')?.variants).toMatchObject([{ inventory_quantity: 0 }, { inventory_quantity: 3 }]);
    const before = house.writes().length;
    expect(await carried(house, 'stock', [level('5001', 7), level('51M', 3)])).toEqual([undefined, undefined]);
    const [plan] = await planned(house, 'stock', [level('5001', 0)]);
    expect(plan?.steps).toMatchObject([{ action: 'update', changes: [{ field: 'quantity', before: 7, after: 0 }] }]);
    expect(house.writes().length).toBe(before);
  });

  it('of what Mailchimp does not have, or what nobody counts, is left out', async () => {
    await carried(house, 'product', [draftOf('product', lamp())]);
    const plans = await planned(house, 'stock', [level('nothing', 1), level('5001', 1, { managed: false })]);
    expect(plans.map(({ steps }) => steps[0]?.reason)).toEqual(['not-in-store', 'not-managed']);
  });

  it('of hundreds of articles is one list and one batch, and nothing when nothing changed', async () => {
    const skus = Array.from({ length: 300 }, (_, index) => `A${index}`);
    await carried(
      house,
      'product',
      skus.map((sku) => draftOf('product', lamp({ id: sku, sku }))),
    );
    const calls = house.mailchimp.requests.length;
    const submitted = house.submissions();
    await carried(
      house,
      'stock',
      skus.map((sku, index) => level(sku, index + 1)),
    );
    expect(house.submissions() - submitted).toBe(1);
    const looks = house.mailchimp.requests
      .slice(calls)
      .filter(({ method, path, via }) => via === 'http' && method === 'GET' && !path.startsWith('/batches'));
    expect(looks.length).toBeLessThanOrEqual(3);
    expect(product('A299')?.variants).toMatchObject([{ inventory_quantity: 300 }]);
    house.reopen();
    const before = house.writes().length;
    await carried(
      house,
      'stock',
      skus.map((sku, index) => level(sku, index + 1)),
    );
    expect(house.writes().length).toBe(before);
  });
});
