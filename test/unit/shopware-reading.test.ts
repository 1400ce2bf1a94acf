import { describe, expect, it } from 'vitest';
import { shopware } from '../../shopware-app/connector.ts';
import { failureIn, hex, io, newOrder, type Row, session, settings, shop, start, useShop } from './shopware-client-house.ts';

useShop();

describe('reading', () => {
  const full = (index: number): Row => ({
    ...newOrder(index, start),
    amountTotal: 0,
    price: { totalPrice: 0, taxStatus: 'gross' },
    currency: { isoCode: 'EUR' },
    stateMachineState: { technicalName: 'open' },
  });

  it('takes a hundred orders in one search and keeps their places; unknown ones stay empty, a broken one fails alone', async () => {
    shop.rows.order = [full(2), { ...full(1), currency: null }, full(3)];
    const [broken, second, unknown, odd, third] = await session().read('order', [hex(1), hex(2), hex(9), 'not-an-id', hex(3)]);
    expect(broken).toMatchObject({ remedy: 'fix-data', code: 'shopware.unreadable', params: { fields: 'currency' } });
    expect([second, third]).toMatchObject([{ number: '10002' }, { number: '10003' }]);
    expect([unknown, odd]).toEqual([undefined, undefined]);
    expect(shop.asked).toHaveLength(1);
    expect(shop.asked[0]?.body).toMatchObject({ ids: [hex(1), hex(2), hex(9), hex(3)], limit: 4 });
    await session().read(
      'order',
      Array.from({ length: 101 }, (_, index) => hex(index)),
    );
    expect(shop.asked).toHaveLength(3);
  });

  it('finds records by the number that people type, beside those asked for by id', async () => {
    shop.rows.order = [full(1), full(2), full(3)];
    const read = await session().read('order', ['#10003', hex(1), '#77777', '#', '#10001']);
    expect(read.map((record) => (record !== undefined && 'id' in record ? record.id : undefined))).toEqual([
      hex(3),
      hex(1),
      undefined,
      undefined,
      hex(1),
    ]);
    expect(shop.asked).toHaveLength(2);
  });

  it('reads a batch in halves when the answer would be too large, and says so only when one record alone is', async () => {
    shop.rows.order = [1, 2, 3, 4].map(full);
    const narrow = (maxBytes: number) => {
      const { send, now: clock } = io();
      return shopware.open(settings(), { now: clock, send: (request) => send({ ...request, maxBytes }) });
    };
    const ids = [1, 2, 3, 4].map(hex);
    expect(await narrow(800).read('order', ids)).toMatchObject([1, 2, 3, 4].map((index) => ({ number: String(10_000 + index) })));
    expect(shop.asked.length).toBeGreaterThan(2);
    expect((await failureIn(narrow(200).read('order', ids))).code).toBe('network.answer-too-large');
  });

  it('reads variants with what they inherit', async () => {
    shop.rows.product = [{ id: hex(1), productNumber: '4711', name: null, translated: { name: 'Shirt' }, active: null }];
    expect(await session().read('product', [hex(1)])).toMatchObject([{ sku: '4711', name: 'Shirt' }]);
    expect(shop.asked[0]?.headers['sw-inheritance']).toBe('1');
  });

  it('says of a variant whose product cannot be read which one it belongs to', async () => {
    shop.rows.product = [
      { id: hex(1), parentId: hex(2), productNumber: '4711.1', name: 'Shirt M' },
      { id: hex(2), productNumber: 4711, name: ['Shirt'] },
      { id: hex(3), productNumber: '4712', name: 'Cap' },
    ];
    const [variant, other] = await session().read('product', [hex(1), hex(3)]);
    expect(variant).toMatchObject({ sku: '4711.1', variants: [], custom: { parentId: hex(2) } });
    expect(other).toMatchObject({ custom: {} });
  });

  it('offers what mappings choose from: rates in basis points, countries by code', async () => {
    shop.rows.tax = [
      { id: 't1', name: 'Standard', taxRate: 19, rules: [{ taxRate: 21 }] },
      { id: 't2', name: 'Reduced', taxRate: 5.5, rules: null },
    ];
    shop.rows.country = [{ id: 'x', iso: 'nl', name: 'Netherlands', active: true, translated: [] }];
    shop.rows['payment-method'] = [
      { id: 'm', name: 'PayPal', active: false, translated: { name: 'PayPal', distinguishableName: 'PayPal | Plugin' } },
    ];
    const open = session();
    expect(await open.vocabulary('taxRates')).toEqual([
      { value: '0', label: '0 %' },
      { value: '550', label: 'Reduced (5.5 %)' },
      { value: '1900', label: 'Standard (19 %)' },
      { value: '2100', label: '21 %' },
    ]);
    expect(await open.vocabulary('countries')).toEqual([{ value: 'NL', label: 'Netherlands' }]);
    expect(await open.vocabulary('paymentMethods')).toEqual([{ value: 'm', label: 'PayPal | Plugin', hint: 'inactive' }]);
    shop.rows.product = [
      { id: hex(1), productNumber: '10', name: 'Shirt', active: true },
      { id: hex(2), productNumber: '9', name: null, translated: { name: 'Cap' }, active: true },
      { id: hex(3), productNumber: 'SW-1', name: 'Mug', active: true, childCount: 2 },
      { id: hex(4), productNumber: 'SW-1.1', name: null, translated: { name: 'Mug' }, active: true, childCount: 0 },
    ];
    // What only groups variants is never on an order; numbers that the till cannot know come first.
    expect(await open.vocabulary('products')).toEqual([
      { value: 'SW-1.1', label: 'SW-1.1 – Mug' },
      { value: '9', label: '9 – Cap' },
      { value: '10', label: '10 – Shirt' },
    ]);
    expect((await failureIn(open.vocabulary('horoscopes'))).code).toBe('shopware.unknown-list');
  });

  it('says which Shopware it is, and which records cannot be written to it', async () => {
    const open = session();
    expect(await open.check()).toMatchObject({ summary: 'Shopware 6.6.7.1', warnings: [] });
    for (const write of [open.plan('order', []), open.apply('customer', [])])
      expect((await failureIn(write)).code).toBe('shopware.not-writable');
  });
});
