import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CSeriesSimulator, startCSeries } from '../simulators/lightspeed/cseries.ts';
import { installedSecret, signBody, signInstall } from '../simulators/lightspeed/cseries-webhooks.ts';
import { asShop } from './lightspeed-asking.ts';

let shop: CSeriesSimulator;
let clock: number;
beforeEach(async () => {
  clock = Date.parse('2026-06-02T08:00:00Z');
  shop = await startCSeries({ now: () => new Date(clock) });
});
afterEach(() => shop.stop());
const call = (method: string, path: string, body?: unknown) => asShop(shop, method, path, body);

const data = resolve(import.meta.dirname, '../../../shared/contracts/data/lightspeed');
describe.runIf(existsSync(data))('the simulated webshop and the published material', () => {
  it('signs as the vectors are signed', () => {
    const { vectors } = JSON.parse(readFileSync(resolve(data, 'test-vectors.json'), 'utf8'));
    const { app_secret, query, signature } = vectors.cseries_install;
    const { cluster_id, ...signed } = query;
    expect(signInstall(signed, app_secret)).toBe(signature);
    expect(signInstall({ ...signed, cluster_id }, app_secret)).toBe(vectors.cseries_install.signature_if_cluster_id_is_included);
    expect(installedSecret(query.token, app_secret)).toBe(vectors.cseries_install['api_secret_md5(token+app_secret)']);
    const hook = vectors.cseries_webhook;
    expect(signBody(hook.raw_body, hook.app_secret)).toBe(hook['x_signature_md5(body+secret)']);
  });

  it('answers only what the official client knows', async () => {
    const known = new Set(
      readFileSync(resolve(data, 'cseries-endpoints.txt'), 'utf8')
        .split('\n')
        .filter((line) => !line.startsWith('#') && line.trim() !== '')
        .flatMap((line) => {
          const [path = '', ...verbs] = line.trim().split(/\s+/);
          return verbs.map((verb) => `${verb.replace(/\[.*/, '')} ${path.replace(/\{\w+\}/g, '#')}`);
        }),
    );
    expect(known.size).toBeGreaterThan(300);
    const { catalogueRoutes } = await import('../simulators/lightspeed/cseries-catalogue-routes.ts');
    const { groupRoutes } = await import('../simulators/lightspeed/cseries-group-routes.ts');
    const { shopRoutes } = await import('../simulators/lightspeed/cseries-shop-routes.ts');
    const { createRateWindows } = await import('../simulators/lightspeed/rate-windows.ts');
    const windows = createRateWindows(
      [1],
      () => [1],
      () => new Date(clock),
    );
    const routes = Object.keys({ ...catalogueRoutes, ...groupRoutes, ...shopRoutes(windows) });
    expect(routes.length).toBeGreaterThan(60);
    expect(routes.filter((route) => !known.has(route))).toEqual([]);
  });
});

describe('the door of the simulated webshop', () => {
  it('asks for the key, then for an active language', async () => {
    const stranger = await fetch(`${shop.url}/nl/account.json`, { headers: { authorization: `Basic ${btoa('a:b')}` } });
    expect(stranger.status).toBe(401);
    expect(await stranger.json()).toEqual({ error: { code: 401, method: 'GET', request: '/nl/account.json', message: 'Access denied.' } });
    expect(await call('GET', '/fr/account.json')).toMatchObject({
      status: 404,
      body: { error: { message: 'Unknown or inactive language.' } },
    });
    expect((await call('GET', '/nl/account.json')).body.account).toMatchObject({ apiKey: shop.apiKey, appId: false });
    shop.revokeKeys();
    expect((await call('GET', '/nl/account.json')).status).toBe(401);
    shop.restoreKeys();
    expect((await call('GET', '/nl/account.json')).status).toBe(200);
  });

  it('counts three windows and says until when to wait, as a date or in seconds', async () => {
    shop.knobs.limits = [2, 3_000, 12_000];
    const first = await call('GET', '/nl/shop.json');
    expect(first.headers.get('x-ratelimit-limit')).toBe('2/3000/12000');
    expect(first.headers.get('x-ratelimit-remaining')).toBe('1/2999/11999');
    clock += 40_000;
    expect((await call('GET', '/nl/account/ratelimit.json')).body.accountRatelimit.limit5Min).toMatchObject({
      limit: 2,
      remaining: 0,
      reset: 260,
    });
    const refused = await call('GET', '/nl/shop.json');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('Tue, 02 Jun 2026 08:05:00 GMT');
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('-1/2997/11997');
    shop.knobs.retryAfter = 'seconds';
    expect((await call('GET', '/nl/shop.json')).headers.get('retry-after')).toBe('260');
    clock += 260_000;
    expect((await call('GET', '/nl/shop.json')).status).toBe(200);
  });

  it('refuses what the key may not do, and writes down what no shop understands', async () => {
    shop.knobs.permissions.orders.write = false;
    const { id } = shop.place();
    expect((await call('PUT', `/nl/orders/${id}.json`, { order: { memo: 'x' } })).status).toBe(403);
    expect((await call('GET', '/nl/account/permissions.json')).body.accountPermissions.orders).toEqual({ read: true, write: false });
    expect((await call('POST', '/nl/orders.json', { order: {} })).status).toBe(405);
    expect((await call('GET', '/nl/gizmos.json')).status).toBe(404);
    expect((await call('POST', '/nl/brands.json', { title: 'A' })).status).toBe(400);
    await call('GET', '/nl/variants.json?colour=red');
    expect(shop.unexpected).toEqual([
      'POST orders',
      'GET gizmos',
      'a body without brand: POST brands',
      'GET variants: a filter that is ignored: colour',
    ]);
  });

  it('goes away and comes back', async () => {
    shop.takeAway();
    await expect(call('GET', '/nl/shop.json')).rejects.toThrow();
    shop.bringBack();
    expect((await call('GET', '/nl/shop.json')).status).toBe(200);
  });

  it('sends a merchant who installs the app, signed with or without the cluster', async () => {
    const secret = '0123456789abcdef0123456789abcdef';
    const public_ = await startCSeries({ app: { key: 'app-key', secret }, now: () => new Date(clock) });
    for (const signClusterId of [false, true]) {
      const query = Object.fromEntries(new URL(public_.installUrl('https://app.example/ls', { signClusterId })).searchParams);
      const { signature, cluster_id, ...rest } = query;
      expect(signInstall(signClusterId ? { ...rest, cluster_id: String(cluster_id) } : rest, secret)).toBe(signature);
      expect(public_.apiSecret).toBe(createHash('md5').update(`${rest.token}${secret}`).digest('hex'));
    }
    expect((await asShop(public_, 'GET', '/nl/account.json')).status).toBe(200);
    await public_.stop();
  });
});

describe('the lists of the simulated webshop', () => {
  it('go by ids, 250 at most, and count with the same filters', async () => {
    const big = await startCSeries({
      now: () => new Date(clock),
      articles: Array.from({ length: 5_200 }, (_, at) => ({
        code: String(10_000 + at),
        name: `Artikel ${at}`,
        price: at + 1,
        rate: 2100,
        stock: at,
      })),
    });
    const seen: number[] = [];
    for (let since = 0, more = true; more; ) {
      const { variants } = (await asShop(big, 'GET', `/nl/variants.json?limit=1000&since_id=${since}&fields=id`)).body;
      expect(variants.length).toBeLessThanOrEqual(250);
      seen.push(...variants.map((variant: { id: number }) => variant.id));
      since = seen.at(-1) ?? 0;
      more = variants.length === 250;
    }
    expect(new Set(seen).size).toBe(5_200);
    expect(seen).toEqual([...seen].sort((left, right) => left - right));
    expect((await asShop(big, 'GET', '/nl/variants/count.json')).body).toEqual({ count: 5_200 });
    expect((await asShop(big, 'GET', '/nl/variants/count.json?articleCode=10042')).body).toEqual({ count: 1 });
    await big.stop();
  });

  it('filter by UTC times, and page', async () => {
    const old = shop.place();
    clock += 3_600_000;
    const fresh = shop.place();
    const ids = async (query: string) =>
      (await call('GET', `/nl/orders.json?${query}`)).body.orders.map((order: { id: number }) => order.id);
    expect(await ids('updated_at_min=2026-06-02 09:00:00')).toEqual([fresh.id]);
    expect(await ids('updated_at_max=2026-06-02 08:59:59')).toEqual([old.id]);
    expect(await ids('limit=1&page=2')).toEqual([fresh.id]);
    expect((await call('GET', '/nl/orders.json?fields=number,createdAt')).body.orders[0]).toEqual({
      number: old.number,
      createdAt: '2026-06-02T10:00:00+02:00',
    });
    shop.cancel(old.id);
    expect(await ids('updated_at_min=2026-06-02 09:00:00')).toEqual([old.id, fresh.id]);
    expect(await ids('status=cancelled')).toEqual([old.id]);
    expect(shop.unexpected).toEqual([]);
  });
});

describe('the orders of the simulated webshop', () => {
  it('show their lines a second later, and may be missed by the first reads', async () => {
    shop.knobs.orderMissesFirst = 1;
    const { id } = shop.place({ lines: [{ code: '1001', quantity: 2 }] });
    expect((await call('GET', '/nl/orders.json')).body.orders).toHaveLength(1);
    expect((await call('GET', `/nl/orders/${id}.json`)).status).toBe(404);
    expect((await call('GET', `/nl/orders/${id}/products.json`)).body).toEqual({ orderProducts: [] });
    clock += 1_000;
    const [line] = (await call('GET', `/nl/orders/${id}/products.json`)).body.orderProducts;
    expect(line).toMatchObject({
      articleCode: '1001',
      quantityOrdered: 2,
      taxRate: 0.09,
      priceIncl: 18.45,
      priceExcl: 16.9266,
      customFields: false,
    });
    expect(line.variant.resource.id).toBe(shop.variant('1001')?.id);
    expect((await call('GET', `/nl/orders/${id}.json`)).body.order).toMatchObject({
      number: 'ORD00001',
      priceIncl: 36.9,
      paymentStatus: 'paid',
      addressBillingCountry: { code: expect.any(String), code3: expect.any(String) },
      customer: { resource: { id: expect.any(Number) } },
    });
  });

  it.each([
    ['unit', 'in-price'],
    ['unit', 'beside'],
    ['unit', 'order'],
    ['line', 'in-price'],
    ['line', 'beside'],
    ['line', 'order'],
  ] as const)('explain every cent when prices are per %s and discounts are %s', async (linePrice, discount) => {
    Object.assign(shop.knobs, { linePrice, discount, linesAfterMs: 0, limits: [1e6, 1e6, 1e6] });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1_000_000 }), async (seed) => {
        const placed = shop.placeRandom(seed);
        const order = (await call('GET', `/nl/orders/${placed.id}.json`)).body.order;
        const lines: Record<string, number>[] = (await call('GET', `/nl/orders/${placed.id}/products.json`)).body.orderProducts;
        const cents = lines.map((line) => {
          const per = linePrice === 'unit' ? Number(line.quantityOrdered) : 1;
          return Math.round((Number(line.priceIncl) - (discount === 'beside' ? Number(line.discountIncl) : 0)) * per * 100);
        });
        const goods = cents.reduce((sum, one) => sum + one, 0) - (discount === 'order' ? Math.round(order.discountAmount * 100) : 0);
        const costs = Math.round(order.shipmentPriceIncl * 100) + Math.round(order.paymentPriceIncl * 100);
        expect(goods + costs).toBe(placed.total);
        expect(Math.round(order.priceIncl * 100)).toBe(placed.total);
        expect(order.priceExcl + order.taxRates.reduce((sum: number, one: { amount: number }) => sum + one.amount, 0)).toBeCloseTo(
          order.priceIncl,
          3,
        );
        expect(placed.lines.reduce((sum, line) => sum + line.total, 0) + placed.shipping + placed.paymentCost).toBe(placed.total);
        if (discount === 'in-price') expect(cents).toEqual(placed.lines.map((line) => line.total));
      }),
      { numRuns: 25 },
    );
  });

  it('repeat with their seed', async () => {
    const other = await startCSeries({ now: () => new Date(clock) });
    expect(shop.placeRandom(7).lines).toEqual(other.placeRandom(7).lines);
    await other.stop();
  });

  it('take a known status, ignore an unknown one without a word, and keep notes of apps', async () => {
    const { id } = shop.place({ lines: [{ code: '1001', quantity: 2 }] });
    clock += 60_000;
    const put = (order: unknown) => call('PUT', `/nl/orders/${id}.json`, { order });
    expect(await put({ status: 'sent_by_pigeon' })).toMatchObject({
      status: 200,
      body: { order: { status: 'processing_awaiting_shipment', updatedAt: '2026-06-02T10:00:00+02:00' } },
    });
    expect((await put({ status: 'completed_shipped', shipmentStatus: 'shipped' })).body.order).toMatchObject({
      status: 'completed_shipped',
      updatedAt: '2026-06-02T10:01:00+02:00',
    });
    const note = await call('POST', `/nl/orders/${id}/metafields.json`, { orderMetafield: { key: 'mplus_order', value: '123' } });
    expect(note).toMatchObject({ status: 201, body: { orderMetafield: { key: 'mplus_order', value: '123' } } });
    expect((await call('GET', `/nl/orders/${id}/metafields.json`)).body.orderMetafields).toHaveLength(1);
    expect(shop.orderMetafields(id)).toEqual({ mplus_order: '123' });
    await call('DELETE', `/nl/orders/${id}/metafields/${note.body.orderMetafield.id}.json`);
    expect(shop.orderMetafields(id)).toEqual({});
    expect(shop.unexpected).toEqual([]);
  });

  it('are credited with a note of their own, in whole or by pieces', async () => {
    shop.knobs.linesAfterMs = 0;
    const { id, total } = shop.place({ lines: [{ code: '1001', quantity: 3 }, { code: '1012' }], shipping: 495 });
    const before = shop.stock('1001') ?? 0;
    expect(shop.credit(id, { '1001': 2 })).toBe(3690);
    expect(shop.stock('1001')).toBe(before + 2);
    const [line] = (await call('GET', `/nl/orders/${id}/products.json`)).body.orderProducts;
    expect(line).toMatchObject({ articleCode: '1001', quantityOrdered: 3, quantityRefunded: 2 });
    const { invoices } = (await call('GET', `/nl/invoices.json?order=${id}`)).body;
    expect(invoices).toMatchObject([
      { isCreditNote: false, status: 'paid', priceIncl: total / 100 },
      { isCreditNote: true, priceIncl: -36.9 },
    ]);
    expect(shop.credit(shop.place({ shipping: 495 }).id)).toBe(1845 + 495);
  });

  it('give their goods back when they are cancelled', () => {
    const before = shop.stock('1001') ?? 0;
    const { id } = shop.place({ lines: [{ code: '1001', quantity: 2 }], paid: false });
    expect(shop.stock('1001')).toBe(before - 2);
    shop.pay(id);
    expect(shop.order(id)).toMatchObject({ paymentStatus: 'paid' });
    shop.cancel(id);
    expect(shop.stock('1001')).toBe(before);
    expect(shop.movements.slice(-2)).toEqual([
      { code: '1001', type: 'order', amount: -2 },
      { code: '1001', type: 'cancel', amount: 2 },
    ]);
    expect(shop.order(shop.place({ guest: true, vatShifted: true, lines: [{ code: '1012' }] }).id)).toMatchObject({
      customer: false,
      priceIncl: 2.88,
      priceExcl: 2.88,
    });
  });
});
