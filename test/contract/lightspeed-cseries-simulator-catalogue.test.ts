import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seedArticles, seedPeople } from '../simulators/lightspeed/articles.ts';
import { type CSeriesSimulator, startCSeries } from '../simulators/lightspeed/cseries.ts';
import { asShop, listening } from './lightspeed-asking.ts';

let shop: CSeriesSimulator;
let clock: number;
beforeEach(async () => {
  clock = Date.parse('2026-06-02T08:00:00Z');
  shop = await startCSeries({ now: () => new Date(clock) });
});
afterEach(() => shop.stop());
const call = (method: string, path: string, body?: unknown) => asShop(shop, method, path, body);

describe('the customers of the simulated webshop', () => {
  const jan = { email: 'jan@example.nl', firstname: 'Jan', lastname: 'Jansen', addressBillingCountry: 'nl' };
  const quiet = { doNotifyRegistered: false, doNotifyConfirmed: false, doNotifyPassword: false };

  it('are mailed unless told not to, and are there once per address', async () => {
    const post = (customer: unknown) => call('POST', '/nl/customers.json', { customer });
    const { body } = await post({ ...jan, ...quiet });
    expect(body.customer).toMatchObject({ addressBillingCountry: { code: 'nl' }, gender: false });
    expect(shop.mails).toEqual([]);
    expect(await post({ ...jan, email: 'JAN@example.nl', ...quiet })).toMatchObject({
      status: 422,
      body: { error: { errors: { email: 'exists' } } },
    });
    expect((await post({ email: 'x@example.nl' })).status).toBe(422);
    await post({ ...jan, email: 'piet@example.nl', doNotifyConfirmed: false });
    expect(shop.mails).toEqual(['registered piet@example.nl', 'password piet@example.nl']);
    const found = (await call('GET', '/nl/customers.json?email=jan@example.nl')).body.customers;
    expect(found).toHaveLength(1);
    const put = await call('PUT', `/nl/customers/${found[0].id}.json`, { customer: { lastname: 'de Vries', addressBillingCountry: 'be' } });
    expect(put.body.customer).toMatchObject({ lastname: 'de Vries', addressBillingCountry: { code3: 'bel' } });
    expect((await call('DELETE', `/nl/customers/${found[0].id}.json`)).status).toBe(204);
    expect((await call('GET', `/nl/customers/${found[0].id}.json`)).status).toBe(404);
    expect(shop.unexpected).toEqual([]);
  });
});

describe('the catalogue of the simulated webshop', () => {
  it('makes a default variant for a product, whose level is set absolutely', async () => {
    const made = (await call('POST', '/nl/products.json', { product: { title: 'Theepot', visibility: 'visible' } })).body.product;
    const [variant] = (await call('GET', `/nl/variants.json?product=${made.id}`)).body.variants;
    expect(variant).toMatchObject({ isDefault: true, articleCode: '', stockLevel: 0, product: { resource: { id: made.id } } });
    const write = { articleCode: '2001', priceIncl: 3.49, tax: variant.tax.resource.id, stockTracking: 'enabled', stockLevel: 12 };
    expect((await call('PUT', `/nl/variants/${variant.id}.json`, { variant: write })).body.variant).toMatchObject({
      priceExcl: 2.8843,
      stockLevel: 12,
    });
    await call('PUT', `/nl/variants/${variant.id}.json`, { variant: { stockLevel: '5' } });
    expect(shop.stock('2001')).toBe(5);
    const moves = (await call('GET', `/nl/variants/movements.json?variant=${variant.id}`)).body.variantsMovements;
    expect(moves.map((move: { amount: number }) => move.amount)).toEqual([12, -7]);
    expect((await call('PUT', `/nl/variants/${variant.id}.json`, { variant: { title: '' } })).body.error.message).toBe(
      'Invalid variant title',
    );
    expect((await call('PUT', `/nl/variants/${variant.id}.json`, { variant: { stockLevel: 'many' } })).status).toBe(422);
    expect(shop.unexpected).toEqual([]);
  });

  it('takes the price that counts when both are sent', async () => {
    const id = shop.variant('1012')?.id;
    const put = async () => (await call('PUT', `/nl/variants/${id}.json`, { variant: { priceIncl: 12.1, priceExcl: 5 } })).body.variant;
    expect(await put()).toMatchObject({ priceIncl: 12.1, priceExcl: 10 });
    shop.knobs.priceWins = 'excl';
    expect(await put()).toMatchObject({ priceIncl: 6.05, priceExcl: 5 });
  });

  it('writes many variants at once only where it can, and nothing when one is wrong', async () => {
    const [first, second] = [shop.variant('1001')?.id, shop.variant('1002')?.id];
    const bulk = (variant: unknown) => call('PUT', '/nl/variants/bulk.json', { variant });
    expect(
      (
        await bulk([
          { id: first, stockLevel: 1 },
          { id: second, stockLevel: 2 },
        ])
      ).status,
    ).toBe(200);
    expect([shop.stock('1001'), shop.stock('1002')]).toEqual([1, 2]);
    expect(
      (
        await bulk([
          { id: first, stockLevel: 9 },
          { id: 1, stockLevel: 2 },
        ])
      ).status,
    ).toBe(404);
    expect(shop.stock('1001')).toBe(1);
    shop.knobs.bulk = false;
    expect((await bulk([{ id: first, stockLevel: 9 }])).status).toBe(404);
  });

  it('keeps texts per language', async () => {
    const { id } = shop.product('1001') ?? {};
    await call('PUT', `/en/products/${id}.json`, { product: { title: 'Espresso beans' } });
    expect((await call('GET', `/en/products/${id}.json`)).body.product.title).toBe('Espresso beans');
    expect((await call('GET', `/nl/products/${id}.json`)).body.product).toMatchObject({
      title: seedArticles[0]?.name,
      image: false,
      supplier: false,
    });
  });

  it('groups variants, categories and brands, and tells tax rates in both forms', async () => {
    const product = shop.product('1006');
    expect(shop.product('1007')?.id).toBe(product?.id);
    const root = (await call('GET', '/nl/categories.json')).body.categories[0];
    const child = (await call('POST', '/nl/categories.json', { category: { title: 'Mokken', parent: root.id } })).body.category;
    expect(child).toMatchObject({ depth: 2, path: [String(root.id), String(child.id)] });
    const link = { category: child.id, product: product?.id, sortOrder: 1 };
    const made = (await call('POST', '/nl/categories/products.json', { categoriesProduct: link })).body.categoriesProduct;
    await call('POST', '/nl/categories/products/bulk.json', { categoriesProduct: [link, { ...link, product: shop.product('1001')?.id }] });
    const links = async () => (await call('GET', `/nl/categories/products.json?category=${child.id}`)).body.categoriesProducts;
    expect(await links()).toHaveLength(2);
    await call('DELETE', `/nl/categories/products/${made.id}.json`);
    expect(await links()).toHaveLength(1);
    expect(await call('POST', '/nl/brands.json', { brand: { title: 'Noord' } })).toMatchObject({ status: 422 });
    const rates = async () => (await call('GET', '/nl/taxes.json')).body.taxes.map((tax: { rate: number }) => tax.rate);
    expect(await rates()).toEqual([0.21, 0.09, 0]);
    shop.knobs.taxRates = 'percent';
    expect(await rates()).toEqual([21, 9, 0]);
    expect(shop.unexpected).toEqual([]);
  });

  it('takes pictures, and bodies that are forms', async () => {
    const { id } = shop.product('1001') ?? {};
    const picture = { productImage: { attachment: Buffer.from('jpg').toString('base64'), filename: 'a.jpg' } };
    expect((await call('POST', `/nl/products/${id}/images.json`, picture)).status).toBe(201);
    expect(shop.product('1001')?.image).toMatchObject({ title: 'a.jpg' });
    const form = new URLSearchParams({ 'variant[stockLevel]': '3' });
    expect((await call('PUT', `/nl/variants/${shop.variant('1001')?.id}.json`, form)).status).toBe(200);
    expect(shop.stock('1001')).toBe(3);
  });
});

describe('the webhooks of the simulated webshop', () => {
  const subscribe = (address: string, itemGroup: string, itemAction: string) =>
    call('POST', '/nl/webhooks.json', { webhook: { isActive: true, itemGroup, itemAction, language: 'nl', format: 'json', address } });

  it('tell a paid order with its customer and lines, signed, with the headers of the platform', async () => {
    shop.knobs.linesAfterMs = 0;
    const hook = await listening();
    const made = await subscribe(hook.url, 'orders', 'paid');
    expect(made.body.webhook).toMatchObject({ address: hook.url, itemGroup: 'orders', language: { code: 'nl' } });
    const { id, email } = shop.place({ person: seedPeople[0] });
    await shop.webhooks.idle();
    const [received] = hook.received;
    expect(hook.received).toHaveLength(1);
    expect(received?.headers).toMatchObject({
      'x-event': 'orders/paid',
      'x-order-id': String(id),
      'x-shop-id': '123456',
      'x-cluster-id': 'eu1',
    });
    expect(received?.headers['x-signature']).toBe(createHash('md5').update(`${received?.body}${shop.apiSecret}`).digest('hex'));
    const { order } = JSON.parse(received?.body ?? '');
    expect(order.customer.resource.embedded).toMatchObject({ email });
    expect(order.products.resource.embedded).toHaveLength(1);
    await hook.stop();
  });

  it('come twice, shuffled, wrongly signed or not at all when told', async () => {
    const hook = await listening();
    await subscribe(hook.url, 'orders', '*');
    shop.webhooks.mode.drop = true;
    shop.place();
    shop.webhooks.mode.drop = false;
    shop.webhooks.mode.copies = 1;
    shop.webhooks.mode.signature = 'wrong';
    shop.place();
    await shop.webhooks.idle();
    expect(hook.received.map(({ headers }) => headers['x-event']).sort()).toEqual([
      'orders/created',
      'orders/created',
      'orders/paid',
      'orders/paid',
    ]);
    expect(hook.received.some(({ body, headers }) => headers['x-signature'] === shop.sign(body))).toBe(false);
    Object.assign(shop.webhooks.mode, { copies: 0, hold: true });
    const ids = Array.from({ length: 8 }, () => shop.place().id);
    expect(hook.received).toHaveLength(4);
    shop.webhooks.release();
    await shop.webhooks.idle();
    const told = hook.received.slice(4).map(({ headers }) => Number(headers['x-order-id']));
    expect(new Set(told)).toEqual(new Set(ids));
    await hook.stop();
  });

  it('are listed, switched off and removed', async () => {
    const hook = await listening();
    const { id } = (await subscribe(hook.url, 'variants', 'updated')).body.webhook;
    await subscribe(hook.url, 'variants', 'updated');
    expect((await call('GET', '/nl/webhooks.json')).body.webhooks).toHaveLength(2);
    await call('PUT', `/nl/webhooks/${id}.json`, { webhook: { isActive: false } });
    shop.setStock('1001', 4);
    await shop.webhooks.idle();
    expect(hook.received.map(({ headers }) => headers['x-variant-id'])).toEqual([String(shop.variant('1001')?.id)]);
    expect((await call('DELETE', `/nl/webhooks/${id}.json`)).status).toBe(204);
    expect((await subscribe('no address', 'orders', 'paid')).status).toBe(422);
    await hook.stop();
  });
});

describe('the page of the simulated webshop', () => {
  it('places an order at the press of its button', async () => {
    const html = await (await fetch(shop.pageUrl)).text();
    expect(html).toContain('Place a paid order');
    expect(html).toContain('dataset.order');
    expect(html).toContain('prefers-color-scheme:dark');
    await fetch(`${shop.pageUrl}/do/paid`, { method: 'POST', body: '{}' });
    const state = (await (await fetch(`${shop.pageUrl}/state`)).json()) as { rows: { id: string }[]; customers: unknown[] };
    expect(state.rows).toMatchObject([{ label: 'ORD00001', status: 'processing_awaiting_shipment' }]);
    expect(state.customers).toHaveLength(1);
    await fetch(`${shop.pageUrl}/do/ship`, { method: 'POST', body: JSON.stringify({ id: state.rows[0]?.id }) });
    expect(shop.order(Number(state.rows[0]?.id))).toMatchObject({ status: 'completed_shipped' });
    expect(shop.unexpected).toEqual([]);
  });
});
