import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startXSeries, type XSeriesSimulator } from '../simulators/lightspeed/xseries.ts';
import { listening } from './lightspeed-asking.ts';

let till: XSeriesSimulator;
let clock: number;
beforeEach(async () => {
  clock = Date.parse('2026-06-02T08:00:00Z');
  till = await startXSeries({ now: () => new Date(clock), clientId: 'app', clientSecret: 'app-secret' });
});
afterEach(() => till.stop());

const call = async (method: string, path: string, wish: { body?: unknown; token?: string } = {}) => {
  const response = await fetch(`${till.url}/api${path}`, {
    method,
    headers: { authorization: `Bearer ${wish.token ?? till.personalToken()}`, 'content-type': 'application/json' },
    ...(wish.body !== undefined && { body: JSON.stringify(wish.body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
};
const idOf = (sku: string): string => String(till.product(sku)?.id);

describe('the stock and the products of the simulated till', () => {
  it('set levels absolutely with a product and change them by adjustments', async () => {
    const [shop, store] = till.outletIds();
    const update = { details: { price_including_tax: 10, inventory: [{ outlet_id: store, current_amount: 7 }] } };
    expect((await call('PUT', `/2.1/products/${idOf('1001')}`, { body: update })).status).toBe(200);
    expect(till.stock('1001', 1)).toBe(7);
    expect(till.product('1001')).toMatchObject({ price_including_tax: 10, price_excluding_tax: 9.17431 });
    const row = (quantity: string, reason: string) => ({ product_id: idOf('1001'), outlet_id: shop, quantity, reason });
    const adjust = (rows: unknown[]) => call('POST', '/2026-07/stock_adjustments', { body: { stock_adjustments: rows } });
    expect((await adjust([row('-2', 'INTERNAL_USE'), row('5', 'STOCK_FOUND')])).status).toBe(201);
    expect(till.stock('1001')).toBe(93);
    expect((await adjust([row('2', 'THEFT')])).status).toBe(422);
    expect((await adjust(Array.from({ length: 1_001 }, () => row('1', 'CUSTOM')))).status).toBe(422);
    const dated = (await call('POST', '/2026-07/inventory', { body: { product_id: idOf('1001'), sort_direction: 'asc' } })).body;
    expect(dated.map((one: { current_inventory_level: number }) => one.current_inventory_level).sort()).toEqual([7, 93]);
    const feed = (await call('GET', '/2.0/inventory?after=0&page_size=5000')).body;
    expect(feed.data.at(-1)).toMatchObject({ product_id: idOf('1001'), inventory_level: 93 });
    expect(till.unexpected).toEqual([]);
  });

  it('knows the key of its version for the tax of all outlets', async () => {
    const tax = { tax_id: till.taxId(0) };
    await call('PUT', `/2026-07/products/${idOf('1001')}`, { body: { details: { all_outlets_tax: tax } } });
    expect(till.unexpected).toEqual([]);
    await call('PUT', `/2.1/products/${idOf('1001')}`, { body: { details: { all_outlets_tax: tax } } });
    expect(till.unexpected).toEqual(['a field that no details of a product has: all_outlets_tax']);
  });

  it('refuses two prices and a SKU that is taken, and makes families of variants', async () => {
    const post = (body: unknown) => call('POST', '/2026-07/products', { body });
    expect((await post({ name: 'A', price_including_tax: 1, price_excluding_tax: 1 })).status).toBe(422);
    expect((await post({ name: 'A', sku: '1001' })).status).toBe(422);
    const { body } = await post({
      name: 'Trui',
      variants: [
        { sku: 'T-S', price_including_tax: 30 },
        { sku: 'T-M', price_including_tax: 32 },
      ],
    });
    expect(body.data).toHaveLength(2);
    expect(till.product('T-M')).toMatchObject({ variant_parent_id: body.data[0], price_including_tax: 32 });
    expect(till.product('T-S')).toMatchObject({ has_variants: true, variant_parent_id: null });
  });

  it('keeps what was deleted, for those who ask', async () => {
    const id = idOf('1001');
    const { version } = (await call('GET', '/2.0/products?page_size=500')).body;
    await call('DELETE', `/2.0/products/${id}`);
    expect((await call('GET', `/2.0/products/${id}`)).status).toBe(404);
    expect((await call('GET', `/2.0/products?after=${version.max}`)).body.data).toEqual([]);
    const feed = (await call('GET', `/2.0/products?after=${version.max}&deleted=true`)).body;
    expect(feed.data).toMatchObject([{ id, deleted_at: '2026-06-02T08:00:00+00:00' }]);
  });
});

describe('the door of the simulated till', () => {
  it('counts requests per five minutes by registers, and says until when to wait as a date', async () => {
    const token = till.personalToken();
    till.knobs.limit = 2;
    const first = await call('GET', '/2.0/retailer', { token });
    expect(first.headers.get('x-ratelimit-remaining')).toBe('1');
    await call('GET', '/2.0/retailer', { token });
    const refused = await call('GET', '/2.0/retailer', { token });
    expect(refused).toMatchObject({ status: 429, body: { error: 'Too Many Requests', message: 'Rate limiting enforced' } });
    expect(refused.headers.get('retry-after')).toBe('Tue, 02 Jun 2026 08:05:00 GMT');
    clock += 300_000;
    till.knobs.limit = undefined;
    expect((await call('GET', '/2.0/retailer', { token })).headers.get('x-ratelimit-limit')).toBe('650');
  });

  it('writes down what no retailer understands', async () => {
    await call('GET', '/2.0/gizmos');
    await call('GET', '/2.0/webhooks');
    await call('GET', '/2.0/search?type=products&colour=red');
    expect(till.unexpected).toEqual(['GET /api/2.0/gizmos', 'GET /api/2.0/webhooks', 'a search of products by colour']);
    expect((await fetch(`${till.url}/other-shop/api/2.0/retailer`)).status).toBe(404);
  });

  it('goes away and comes back', async () => {
    till.takeAway();
    await expect(call('GET', '/2.0/retailer')).rejects.toThrow();
    expect((await fetch(till.pageUrl)).status).toBe(200);
    till.bringBack();
    expect((await call('GET', '/2.0/retailer')).status).toBe(200);
  });

  it('shows a page whose button rings up a sale', async () => {
    const html = await (await fetch(till.pageUrl)).text();
    expect(html).toContain('Place a paid order');
    expect(html).toContain('dataset.sale');
    await fetch(`${till.pageUrl}/do/paid`, { method: 'POST', body: '{}' });
    const state = (await (await fetch(`${till.pageUrl}/state`)).json()) as { rows: unknown; products: unknown };
    expect(state.rows).toMatchObject([{ status: 'CLOSED' }]);
    expect(state.products).toEqual(expect.arrayContaining([expect.objectContaining({ sku: '1001' })]));
    expect(till.unexpected).toEqual([]);
  });
});

describe('the webhooks of the simulated till', () => {
  it('come as signed forms, several times per sale, and once per type and address', async () => {
    const hook = await listening();
    const body = { active: true, type: 'sale.update', url: hook.url };
    expect((await call('POST', '/2026-07/webhooks', { body })).status).toBe(201);
    expect((await call('POST', '/2026-07/webhooks', { body })).status).toBe(409);
    const sale = till.sell();
    till.webhooks.mode.hold = true;
    till.sell();
    await till.webhooks.idle();
    expect(hook.received).toHaveLength(2);
    for (const { body: raw, headers } of hook.received) {
      expect(headers['x-signature']).toBe(till.sign(raw));
      const form = new URLSearchParams(raw);
      expect(form.get('domain_prefix')).toBe('koffie');
      expect(JSON.parse(form.get('payload') ?? '')).toMatchObject({ id: sale.id });
    }
    till.webhooks.release();
    await till.webhooks.idle();
    expect(till.webhooks.deliveries.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const [listed] = (await call('GET', '/2026-07/webhooks')).body.data;
    expect((await call('DELETE', `/2026-07/webhooks/${listed.id}`)).status).toBe(204);
    till.sell();
    till.webhooks.release();
    await till.webhooks.idle();
    expect(hook.received).toHaveLength(4);
    await hook.stop();
  });
});
