import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seedPeople } from '../simulators/lightspeed/articles.ts';
import { startXSeries, type XSeriesSimulator } from '../simulators/lightspeed/xseries.ts';

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
const redirectUri = 'https://app.example/lightspeed/callback';
const exchange = async (form: Record<string, string>) => {
  const url = `${till.apiBaseUrl.replace('{domain_prefix}', till.domainPrefix)}/api/1.0/token`;
  const body = new URLSearchParams({ client_id: 'app', client_secret: 'app-secret', ...form });
  const response = await fetch(url, { method: 'POST', body });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
};
const refresh = (token = '') => exchange({ grant_type: 'refresh_token', refresh_token: token });
const idOf = (sku: string): string => String(till.product(sku)?.id);

describe('the log-in of the simulated till', () => {
  it('sends the merchant back with a code, the shop and the state, and takes the code once', async () => {
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: 'app',
      redirect_uri: redirectUri,
      state: 's1',
      scope: 'sales:read',
    });
    const answer = await fetch(`${till.connectUrl}?${query}`, { redirect: 'manual' });
    const target = new URL(answer.headers.get('location') ?? '');
    expect(answer.status).toBe(302);
    expect(Object.fromEntries(target.searchParams)).toMatchObject({ domain_prefix: 'koffie', state: 's1' });
    const code = target.searchParams.get('code') ?? '';
    const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri };
    const first = await exchange(form);
    expect(first).toMatchObject({
      status: 200,
      body: { token_type: 'Bearer', domain_prefix: 'koffie', expires: clock / 1000 + 86_400, scope: 'sales:read' },
    });
    expect((await exchange(form)).status).toBe(400);
    const token = first.body.access_token ?? '';
    expect((await call('GET', '/2.0/sales', { token })).status).toBe(200);
    expect((await call('GET', '/2.0/products', { token })).status).toBe(403);
    const silent = await fetch(
      `${till.connectUrl}?${new URLSearchParams({ response_type: 'code', client_id: 'app', redirect_uri: redirectUri })}`,
      { redirect: 'manual' },
    );
    expect(silent.headers.get('location')).toContain('error=invalid_scope');
  });

  it('rotates refresh tokens and ends the old one at once', async () => {
    const granted = till.grant();
    const first = await refresh(granted.refreshToken);
    expect(first.status).toBe(200);
    expect(first.body.refresh_token).not.toBe(granted.refreshToken);
    expect(await refresh(granted.refreshToken)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await refresh(first.body.refresh_token)).status).toBe(200);
  });

  it('lets a used refresh token live for the grace period when told so', async () => {
    till.knobs.refreshGraceSeconds = 30;
    const granted = till.grant();
    await refresh(granted.refreshToken);
    clock += 29_000;
    expect((await refresh(granted.refreshToken)).status).toBe(200);
    clock += 2_000;
    expect((await refresh(granted.refreshToken)).status).toBe(400);
  });

  it('can lose the answer after the rotation', async () => {
    const granted = till.grant();
    till.loseTokenAnswers(1);
    await expect(refresh(granted.refreshToken)).rejects.toThrow();
    expect((await refresh(granted.refreshToken)).status).toBe(400);
  });

  it('knows when a token is over, and forgets all of them', async () => {
    const { accessToken } = till.grant();
    const personal = till.personalToken();
    clock += 86_400_000;
    expect((await call('GET', '/2.0/retailer', { token: accessToken })).status).toBe(401);
    expect((await call('GET', '/2.0/retailer', { token: personal })).status).toBe(200);
    till.revokeTokens();
    expect((await call('GET', '/2.0/retailer', { token: personal })).status).toBe(401);
  });
});

describe('the sales of the simulated till', () => {
  it('add up to the cent, whatever was rung up', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1_000_000 }), async (seed) => {
        const placed = till.sellRandom(seed);
        const sale = till.sale(placed.id) as {
          total_price: number;
          total_tax: number;
          line_items: { price_total: number; tax_total: number; price: number; quantity: number }[];
          payments: { amount: number }[];
          taxes: { amount: number }[];
        };
        const cents = (amount: number): number => Math.round(amount * 100_000) / 1_000;
        expect(cents(sale.total_price + sale.total_tax)).toBe(placed.total);
        expect(sale.line_items.map((line) => cents(line.price_total + line.tax_total))).toEqual(placed.lines.map((line) => line.total));
        expect(placed.lines.reduce((sum, line) => sum + line.total, 0)).toBe(placed.total);
        expect(Math.round(sale.payments.reduce((sum, one) => sum + one.amount * 100, 0))).toBe(placed.total);
        expect(sale.taxes.reduce((sum, one) => sum + one.amount, 0)).toBeCloseTo(sale.total_tax, 4);
        for (const line of sale.line_items) expect(line.price * line.quantity).toBeCloseTo(line.price_total, 3);
      }),
      { numRuns: 60 },
    );
  });

  it('are the feed of their changes, and take goods from the shelf of their outlet', async () => {
    const before = till.stock('1001') ?? 0;
    const first = till.sell({ lines: [{ code: '1001', quantity: 3 }] });
    till.sell({ status: 'SAVED' });
    expect(till.stock('1001')).toBe(before - 3);
    expect(till.stock('1001', 1)).toBe(0);
    const page = (await call('GET', '/2.0/sales?after=0&page_size=1')).body;
    expect(page.data.map((sale: { id: string }) => sale.id)).toEqual([first.id]);
    const rest = (await call('GET', `/2.0/sales?after=${page.version.max}`)).body;
    expect(rest.data).toHaveLength(1);
    expect((await call('GET', `/2.0/sales?after=${rest.version.max}`)).body.data).toEqual([]);
    till.cancel(first.id);
    expect(till.stock('1001')).toBe(before);
    const again = (await call('GET', `/2.0/sales?after=${rest.version.max}`)).body;
    expect(again.data).toMatchObject([{ id: first.id, status: 'VOIDED' }]);
  });

  it('are returned, paid later and rounded to five cents', () => {
    const sale = till.sell({ lines: [{ code: '1002' }], payment: 'Card', rounded: true });
    expect(sale).toMatchObject({
      total: 829,
      payments: [
        { name: 'Cash', amount: 830 },
        { name: 'Cash Rounding', amount: -1 },
      ],
    });
    const back = till.refund(sale.id);
    expect(till.sale(back.id)).toMatchObject({ return_for: sale.id, line_items: [{ is_return: true, quantity: -1 }] });
    expect(back.total).toBe(-829);
    const account = till.sell({ status: 'ONACCOUNT', person: seedPeople[2] });
    till.pay(account.id);
    expect(till.sale(account.id)).toMatchObject({ status: 'ONACCOUNT_CLOSED', payments: [{ amount: account.total / 100 }] });
  });

  const written = (changes: Record<string, unknown> = {}) => ({
    source: { author_id: userId, register_id: till.registerIds()[0], id: 'ORD00001', type: 'ECOMMERCE' },
    state: 'closed',
    line_items: [
      { product: { id: idOf('1001') }, quantity: 2, pricing: { price: 16.92661 }, tax: { id: till.taxId(900), amount: 1.52339 } },
    ],
    payments: [{ amount: 36.9, type: { config_id: till.paymentTypeId('iDEAL') }, date: '2026-06-02T07:59:00Z' }],
    ...changes,
  });
  let userId = '';
  beforeEach(async () => {
    userId = (await call('GET', '/2.0/users')).body.data[0].id;
  });

  it('are written in the dated version, price and tax per piece', async () => {
    const before = till.stock('1001') ?? 0;
    const { status, body } = await call('POST', '/2026-07/sales', { body: written() });
    expect(status).toBe(201);
    expect(body.data).toMatchObject({ state: 'closed', totals: { price_incl_tax: 36.9, paid: 36.9 } });
    expect(till.salesBySource('ORD00001')).toMatchObject([
      { status: 'CLOSED', total_price: 33.85322, total_tax: 3.04678, source: 'ECOMMERCE' },
    ]);
    expect(till.stock('1001')).toBe(before - 2);
    expect(till.unexpected).toEqual([]);
    const short = written({ payments: [] });
    expect((await call('POST', '/2026-07/sales', { body: short })).status).toBe(422);
    expect((await call('POST', '/2026-07/sales', { body: { ...short, state: 'parked' } })).body.data.state).toBe('parked');
    expect((await call('POST', '/2026-07/sales', { body: { ...written(), colour: 'red' } })).status).toBe(201);
    expect(till.unexpected).toEqual(['a field that no sale has: colour']);
  });

  it('are written in 0.9 as well, and nobody stops a second one from the same source unless told', async () => {
    const body = {
      register_id: till.registerIds()[0],
      user_id: userId,
      source_id: 'ORD00002',
      status: 'CLOSED',
      register_sale_products: [
        { product_id: idOf('1012'), quantity: 1, price: 2.8843, tax: 0.6057, tax_id: till.taxId(2100), status: 'CONFIRMED' },
      ],
      register_sale_payments: [{ register_id: till.registerIds()[0], retailer_payment_type_id: till.paymentTypeId('Card'), amount: 3.49 }],
    };
    const first = await call('POST', '/register_sales', { body });
    expect(first.body.register_sale).toMatchObject({ source_id: 'ORD00002', status: 'CLOSED' });
    expect((await call('POST', '/0.9/register_sales', { body })).status).toBe(200);
    expect(till.salesBySource('ORD00002')).toHaveLength(2);
    till.knobs.uniqueSourceId = true;
    expect((await call('POST', '/register_sales', { body })).status).toBe(409);
    const parked = { id: first.body.register_sale.id, status: 'VOIDED' };
    expect((await call('POST', '/register_sales', { body: parked })).body.register_sale).toMatchObject(parked);
    expect(till.unexpected).toEqual([]);
  });
});
