import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Delivery } from '../../connectors/connector.ts';
import { failureOf } from '../../connectors/failure.ts';
import { hearCSeries } from '../../connectors/lightspeed/cseries/index.ts';
import { bad, draftOf, type House, startHouse } from './lightspeed-cseries-house.ts';

const open: { stop(): Promise<void> }[] = [];
const house = async (options: Parameters<typeof startHouse>[0] = {}): Promise<House> => {
  const made = await startHouse(options);
  open.push(made.shop);
  return made;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.stop()));
});

/** Vector of the contract: md5(body + secret). */
const vector = {
  secret: '0123456789abcdef0123456789abcdef',
  body: '{"order":{"id":315967958,"number":"ORD00001"}}',
  signature: 'f3febd67ac31f97bf300d752776eb7c7',
};
const delivery = (headers: Record<string, string>, body: string | Buffer = vector.body): Delivery => ({
  method: 'POST',
  headers,
  body: Buffer.from(body),
  now: new Date(),
});
const heard = (one: Delivery) => hearCSeries(one, { apiSecret: vector.secret });

describe('a delivery of the eCom shop', () => {
  it('is believed when it is signed with the secret, in whatever case', () => {
    const news = [{ kind: 'order', id: '315967958', number: 'ORD00001' }];
    expect(heard(delivery({ 'x-signature': vector.signature }))).toEqual(news);
    expect(heard(delivery({ 'x-signature': vector.signature.toUpperCase() }))).toEqual(news);
  });

  it('is refused when its signature is wrong, over other bytes, or none at all', () => {
    const others = ['0'.repeat(32), 'nonsense', '', vector.signature.slice(1)].filter((signature) => signature !== '');
    for (const signature of others) expect(heard(delivery({ 'x-signature': signature }))).toBe('refused');
    expect(heard(delivery({ 'x-signature': vector.signature }, `${vector.body} `))).toBe('refused');
    expect(hearCSeries(delivery({ 'x-signature': vector.signature }), {})).toBe('refused');
    expect(heard({ ...delivery({}), method: 'GET' })).toBe('refused');
  });

  it('without a signature is a hint, because only the shop knows the address', () => {
    expect(heard(delivery({ 'x-request-id': 'r1', 'x-event': 'orders/paid' }))).toEqual([
      { kind: 'order', id: '315967958', number: 'ORD00001', eventId: 'hook:r1:orders/paid' },
    ]);
  });

  it('about what is gone tells the id in its headers; one that says nothing says nothing', () => {
    expect(heard(delivery({ 'x-event': 'products/deleted', 'x-product-id': '77' }, '{}'))).toEqual([{ kind: 'product', id: '77' }]);
    expect(heard(delivery({ 'x-product-id': '../77' }, 'no json'))).toEqual([]);
    expect(heard(delivery({}, '{"order":{"id":"<script>"}}'))).toEqual([]);
  });

  it('about a variant tells the product and its stock', () => {
    const body = JSON.stringify({ variant: { id: 5, articleCode: '1006', product: { resource: { id: 4, url: 'products/4' } } } });
    const signature = createHash('md5')
      .update(body + vector.secret)
      .digest('hex');
    expect(heard(delivery({ 'x-signature': signature }, body))).toEqual([
      { kind: 'product', id: '4' },
      { kind: 'stock', id: '5', number: '1006' },
    ]);
  });

  it('really sent is understood: orders, customers, variants', async () => {
    const made = await house();
    const got: Delivery[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
        got.push({ method: request.method ?? '', headers, body: Buffer.concat(chunks), now: new Date() });
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push({ stop: () => new Promise((resolve) => server.close(() => resolve())) });
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/lightspeed/secret-part`;
    await made.session.subscribe?.(address, ['order', 'customer', 'stock']);
    const placed = made.shop.place();
    made.shop.sell('1005', 1);
    await made.shop.webhooks.idle();
    const news = got.map((one) => hearCSeries(one, { apiSecret: made.shop.apiSecret }));
    expect(news).not.toContain('refused');
    const flat = news.flatMap((one) => (one === 'refused' ? [] : one));
    expect(flat.some(({ kind, id, number }) => kind === 'order' && id === String(placed.id) && number === placed.number)).toBe(true);
    expect(flat.some(({ kind, id }) => kind === 'customer' && id === String(placed.customerId))).toBe(true);
    expect(flat.some(({ kind, number }) => kind === 'stock' && number === '1005')).toBe(true);
    // The order's own delivery is no news about its customer: that has its own.
    expect(news.filter((one) => one !== 'refused' && one.some(({ kind }) => kind === 'order') && one.length > 1)).toEqual([]);
    expect(hearCSeries({ ...(got[0] ?? delivery({})), body: Buffer.from('{}') }, { apiSecret: made.shop.apiSecret })).toBe('refused');
  });
});

describe('webhooks at the eCom shop', () => {
  const address = 'https://app.example/hooks/lightspeed/one-secret';
  const there = async ({ shop }: House) => {
    const response = await fetch(`${shop.url}/nl/webhooks.json`, {
      headers: { authorization: `Basic ${Buffer.from(`${shop.apiKey}:${shop.apiSecret}`).toString('base64')}` },
    });
    const { webhooks } = (await response.json()) as { webhooks: { itemGroup: string; itemAction: string; address: string }[] };
    return webhooks.map((hook) => `${hook.itemGroup}/${hook.itemAction} ${hook.address}`).sort();
  };

  it('are made once, however often they are asked for', async () => {
    const made = await house();
    await made.session.subscribe?.(address, ['order', 'product', 'stock', 'customer']);
    const first = await there(made);
    expect(first).toEqual(['customers/*', 'orders/*', 'orders/paid', 'products/*', 'variants/*'].map((event) => `${event} ${address}`));
    made.asked();
    await made.session.subscribe?.(address, ['order', 'product', 'stock', 'customer']);
    expect(made.asked()).toEqual(['GET webhooks']);
    expect(made.shop.unexpected).toEqual([]);
  });

  it('of ours that lead elsewhere or are not needed any more go away; those of others stay', async () => {
    const made = await house();
    for (const other of [
      'https://app.example/hooks/lightspeed/older-secret',
      'https://old.example/api/one-secret',
      'https://parcel.example/x/y',
    ]) {
      await made.session.subscribe?.(other, ['order']);
    }
    await made.session.subscribe?.(address, ['order', 'customer']);
    await made.session.subscribe?.(address, ['order']);
    expect(await there(made)).toEqual([
      `orders/* ${address}`,
      'orders/* https://parcel.example/x/y',
      `orders/paid ${address}`,
      'orders/paid https://parcel.example/x/y',
    ]);
  });
});

describe('the test of the connection', () => {
  it('says which shop it is and what the key may not do', async () => {
    const made = await house();
    const report = await made.session.check();
    expect(report).toMatchObject({ summary: 'Koffie & Co, Lightspeed eCom (C-Series)', warnings: [] });
    expect(report.facts).toEqual(
      expect.arrayContaining([
        { label: 'Currency', value: 'EUR' },
        { label: 'Languages', value: 'nl, en' },
        { label: 'Requests left today', value: expect.stringMatching(/^119\d\d$/) },
      ]),
    );
    made.shop.knobs.permissions.products.write = false;
    made.shop.knobs.permissions.orders.read = false;
    expect((await made.session.check()).warnings.map(({ code, params }) => [code, params])).toEqual([
      ['lightspeed.permission-missing', { area: 'orders', right: 'read' }],
      ['lightspeed.permission-missing', { area: 'products', right: 'write' }],
    ]);
    made.shop.revokeKeys();
    expect(await made.session.check().catch(failureOf)).toMatchObject({ code: 'lightspeed.credentials', remedy: 'fix-connection' });
  });

  it('fills the lists that mappings choose from, with the keys that orders have', async () => {
    const made = await house();
    const values = async (list: string) => (await made.session.vocabulary(list)).map(({ value }) => value);
    expect(await values('paymentMethods')).toEqual(['ideal', 'creditcard', 'banktransfer', 'pickup', 'gift-card']);
    expect(await values('shippingMethods')).toEqual(['747283', 'pickup']);
    expect(await values('taxRates')).toEqual(['2100', '900', '0']);
    expect(await values('languages')).toEqual(['nl', 'en']);
    expect(await values('countries')).toContain('NL');
    expect(await values('products')).toContain('AB-12');
    expect(await values('registers')).toEqual([]);
    expect(await made.session.vocabulary('moons').catch(failureOf)).toMatchObject({ code: 'lightspeed.list-unknown' });
    expect(made.shop.unexpected).toEqual([]);
  });

  it('has no orders to be written, and says which product of Lightspeed has', async () => {
    const { session } = await house();
    const order = {
      ...{ id: 'o', number: '1', createdAt: '2026-06-12T10:00:00Z', currency: 'EUR', prices: 'gross', totalMinor: 0, paidMinor: 0 },
      ...{ lines: [], payments: [] },
    };
    const [failure] = await session.plan('order', [draftOf('order', order)]);
    expect(bad(failure)).toMatchObject({ code: 'lightspeed.orders-not-writable', remedy: 'fix-data' });
  });
});
