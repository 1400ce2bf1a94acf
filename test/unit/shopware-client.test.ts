import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Change, Session } from '../../connectors/connector.ts';
import { createBudget, createExchange } from '../../connectors/exchange.ts';
import { Failure } from '../../connectors/failure.ts';
import { type AdminApi, createAdminApi } from '../../shopware-app/client.ts';
import { shopware } from '../../shopware-app/connector.ts';

interface Row {
  readonly [field: string]: unknown;
}
interface Asked {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
}
interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Record<string, string>;
}

/** A small shop: hands out tokens, searches its rows by a range, and answers what a test put in line first. */
interface SmallShop {
  readonly url: string;
  readonly asked: Asked[];
  readonly inLine: Answer[];
  readonly tokensInLine: Answer[];
  readonly rows: Record<string, Row[]>;
  tokens: number;
}

let server: Server;
let shop: SmallShop;
let now: Date;

const stampOf = (row: Row, field: string): number => Date.parse(String(row[field]));

function search(body: Record<string, unknown>, rows: readonly Row[]): Row[] {
  const { page, limit, ids } = body as { page: number; limit: number; ids?: string[] };
  const [filter] = (body.filter ?? []) as (
    | { type: 'range'; field: string; parameters: { gte: string } }
    | { type: 'equalsAny'; field: string; value: string[] }
  )[];
  const [sort] = (body.sort ?? []) as { field: string }[];
  return rows
    .filter((row) => ids === undefined || ids.includes(String(row.id)))
    .filter((row) => filter?.type !== 'equalsAny' || filter.value.includes(String(row[filter.field])))
    .filter(
      (row) => filter?.type !== 'range' || (row[filter.field] != null && stampOf(row, filter.field) >= Date.parse(filter.parameters.gte)),
    )
    .sort((one, other) =>
      sort === undefined ? 0 : stampOf(one, sort.field) - stampOf(other, sort.field) || (String(one.id) < String(other.id) ? -1 : 1),
    )
    .slice((page - 1) * limit, page * limit);
}

beforeEach(async () => {
  now = new Date('2026-11-22T12:00:00Z');
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      const text = Buffer.concat(chunks).toString();
      const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
      const give = ({ status, body: answer, headers }: Answer) => {
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
      };
      if (path === '/api/oauth/token') {
        shop.tokens += 1;
        return give(
          shop.tokensInLine.shift() ?? {
            status: 200,
            body: { token_type: 'Bearer', expires_in: 600, access_token: `token-${shop.tokens}` },
          },
        );
      }
      shop.asked.push({ path, headers: request.headers, body });
      const first = shop.inLine.shift();
      if (first !== undefined) return give(first);
      if (path === '/api/_info/version') return give({ status: 200, body: { version: '6.6.7.1' } });
      const entity = /^\/api\/search\/(.+)$/.exec(path)?.[1] ?? '';
      give({ status: 200, body: { total: 0, data: search(body, shop.rows[entity] ?? []), aggregations: [] } });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  shop = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    inLine: [],
    tokensInLine: [],
    rows: {},
    tokens: 0,
  };
});
afterEach(() => new Promise<void>((resolve) => void server.close(() => resolve())));

const io = () => ({
  send: createExchange({ system: 'shopware', budget: createBudget({ concurrency: 4 }), allowPrivateHosts: true }),
  now: () => now,
});
const settings = () => ({ shopUrl: `${shop.url}/`, apiKey: 'SWIAKEY', secretKey: 'very-secret-key' });
const client = (): AdminApi => createAdminApi(settings(), io());
const session = (): Session => shopware.open(settings(), io());

async function failureIn(work: Promise<unknown>): Promise<Failure> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Failure)) throw new Error('it should have failed');
  return error;
}

describe('the token', () => {
  it('is fetched once for all calls that wait for it, and sent with each', async () => {
    const api = client();
    await Promise.all([
      api.search('order', { page: 1, limit: 1 }),
      api.search('order', { page: 1, limit: 1 }),
      api.get('_info/version', 'version'),
    ]);
    expect(shop.tokens).toBe(1);
    expect(shop.asked.map(({ headers }) => [headers.authorization, headers.accept])).toEqual(
      Array(3).fill(['Bearer token-1', 'application/json']),
    );
  });

  it('is renewed thirty seconds before it ends', async () => {
    const api = client();
    await api.search('order', {});
    now = new Date(now.getTime() + 569_000);
    await api.search('order', {});
    expect(shop.tokens).toBe(1);
    now = new Date(now.getTime() + 2_000);
    await api.search('order', {});
    expect(shop.tokens).toBe(2);
  });

  it('is replaced once when the shop refuses it, and the call succeeds', async () => {
    shop.inLine.push({ status: 401, body: { errors: [{ code: '9', status: '401' }] } });
    await expect(client().search('order', {})).resolves.toEqual([]);
    expect([shop.tokens, shop.asked.length]).toEqual([2, 2]);
  });

  it('pauses the connection when even a fresh one is refused, after two calls', async () => {
    shop.inLine.push({ status: 401, body: { errors: [{ code: '9' }] } }, { status: 401, body: { errors: [{ code: '9' }] } });
    expect(await failureIn(client().search('order', {}))).toMatchObject({ remedy: 'fix-connection', code: 'shopware.access-refused' });
    expect(shop.asked).toHaveLength(2);
  });

  it('pauses the connection when the key is refused, and never says the key', async () => {
    shop.tokensInLine.push({
      status: 401,
      body: { errors: [{ code: '4', status: '401', title: 'Client authentication failed', detail: null }] },
    });
    const failure = await failureIn(client().search('order', {}));
    expect(failure).toMatchObject({ remedy: 'fix-connection', code: 'shopware.credentials-refused' });
    expect(failure.message).not.toContain('very-secret-key');
  });

  it('waits as long as the login limiter says', async () => {
    shop.tokensInLine.push({
      status: 429,
      body: { errors: [{ code: 'FRAMEWORK__AUTH_THROTTLED', status: '429', meta: { parameters: { seconds: 28 } } }] },
    });
    expect(await failureIn(client().search('order', {}))).toMatchObject({ remedy: 'wait', waitMs: 28_000 });
  });

  it('is asked for again after an outage', async () => {
    const api = client();
    shop.tokensInLine.push({ status: 503, body: '<html>maintenance</html>' });
    expect((await failureIn(api.search('order', {}))).remedy).toBe('wait');
    await expect(api.search('order', {})).resolves.toEqual([]);
  });
});

describe('what the shop answers', () => {
  it.each([
    [
      '429 with a header in seconds',
      { status: 429, body: 'slow down', headers: { 'retry-after': '7' } },
      { remedy: 'wait', code: 'shopware.too-many-requests', waitMs: 7_000 },
    ],
    [
      '429 with a date',
      { status: 429, body: {}, headers: { 'retry-after': 'Sun, 22 Nov 2026 12:01:00 GMT' } },
      { remedy: 'wait', waitMs: 60_000 },
    ],
    ['429 without a hint', { status: 429, body: {} }, { remedy: 'wait', waitMs: undefined }],
    ['502 in HTML', { status: 502, body: '<html>Bad Gateway</html>' }, { remedy: 'wait', code: 'shopware.unavailable' }],
    [
      '500 in JSON',
      { status: 500, body: { errors: [{ code: '0', detail: 'SQLSTATE' }] } },
      { remedy: 'wait', code: 'shopware.unavailable' },
    ],
    ['200 in HTML', { status: 200, body: '<html>Maintenance</html>' }, { remedy: 'wait', code: 'shopware.unavailable' }],
    ['200 in another JSON', { status: 200, body: { ok: true } }, { remedy: 'wait', code: 'shopware.unavailable' }],
    ['404 in HTML', { status: 404, body: '<html>Not found</html>' }, { remedy: 'fix-connection', code: 'shopware.no-api' }],
    [
      'a redirect',
      { status: 301, body: '', headers: { location: 'https://www.shop.example/' } },
      { remedy: 'fix-connection', code: 'network.redirected' },
    ],
    [
      '400',
      { status: 400, body: { errors: [{ code: 'FRAMEWORK__UNMAPPED_FIELD' }] } },
      { remedy: 'fix-data', params: { error: 'FRAMEWORK__UNMAPPED_FIELD' } },
    ],
    ['403 without a list', { status: 403, body: { errors: [{ code: 'X' }] } }, { remedy: 'fix-connection', code: 'shopware.forbidden' }],
  ])('%s says what is to be done', async (_, answer, expected) => {
    shop.inLine.push(answer);
    expect(await failureIn(client().search('order', {}))).toMatchObject(expected);
  });

  it('names the permissions that are missing', async () => {
    const detail = JSON.stringify({ message: 'Missing privilege', missingPrivileges: ['order:read', 'tag:read'] });
    shop.inLine.push({ status: 403, body: { errors: [{ status: '403', code: 'FRAMEWORK__MISSING_PRIVILEGE_ERROR', detail }] } });
    const failure = await failureIn(session().check());
    expect(failure).toMatchObject({
      remedy: 'fix-connection',
      code: 'shopware.missing-privileges',
      params: { privileges: 'order:read, tag:read' },
    });
    expect(failure.message).toContain('tag:read');
  });

  it('is nothing when the shop is away: wait, and nothing is in doubt', async () => {
    const away = shopware.open({ ...settings(), shopUrl: 'http://127.0.0.1:1' }, io());
    expect(await failureIn(away.check())).toMatchObject({ remedy: 'wait', ambiguous: false });
  });

  it('comes in pages of 500 until one is not full', async () => {
    shop.rows.country = Array.from({ length: 1001 }, (_, index) => ({ id: `c${index}`, iso: 'NL', name: 'x' }));
    expect(await client().all('country', {})).toHaveLength(1001);
    expect(shop.asked.map(({ body }) => [body.page, body.limit])).toEqual([
      [1, 500],
      [2, 500],
      [3, 500],
    ]);
  });
});

const iso = (ms: number) => new Date(ms).toISOString().replace('Z', '+00:00');
const start = Date.parse('2026-11-22T11:00:00.000Z');
const hex = (index: number) => index.toString(16).padStart(32, '0');
const newOrder = (index: number, createdMs: number, updatedMs?: number): Row => ({
  id: hex(index),
  orderNumber: String(10_000 + index),
  createdAt: iso(createdMs),
  updatedAt: updatedMs === undefined ? null : iso(updatedMs),
});
const newPayment = (index: number, ofOrder: number, how: { createdMs: number; updatedMs?: number }): Row => ({
  id: hex(0xf000 + index),
  orderId: hex(ofOrder),
  createdAt: iso(how.createdMs),
  updatedAt: how.updatedMs === undefined ? null : iso(how.updatedMs),
});

async function poll(of: Session, cursor: string | undefined, kind: 'order' | 'customer' | 'product' = 'order'): Promise<Change[]> {
  const changes: Change[] = [];
  for await (const change of of.changed(kind, cursor)) changes.push(change);
  return changes;
}
const idsOf = (changes: readonly Change[]) => changes.map(({ id }) => Number.parseInt(id, 16));

describe('polling for orders', () => {
  const minute = 60_000;

  it('finds new ones, changed ones and paid ones, oldest first', async () => {
    shop.rows.order = [
      newOrder(1, start - 60 * minute),
      newOrder(2, start + minute),
      newOrder(3, start - 90 * minute, start + 3 * minute),
      newOrder(4, start - 90 * minute),
    ];
    shop.rows['order-transaction'] = [
      newPayment(1, 1, { createdMs: start - 60 * minute, updatedMs: start + 2 * minute }),
      newPayment(4, 4, { createdMs: start + 4 * minute }),
    ];
    const changes = await poll(session(), new Date(start).toISOString());
    expect(idsOf(changes)).toEqual([2, 1, 3, 4]);
    expect(changes[0]).toMatchObject({ number: '10002' });
  });

  it('tells nothing twice in a quiet shop, and the next change at once', async () => {
    shop.rows.order = [newOrder(1, start + minute)];
    shop.rows['order-transaction'] = [newPayment(1, 1, { createdMs: start + minute + 5 })];
    const first = await poll(session(), new Date(start).toISOString());
    expect(idsOf(first)).toEqual([1]);
    expect(await poll(session(), first[0]?.cursor)).toEqual([]);
    shop.rows['order-transaction'] = [newPayment(1, 1, { createdMs: start + minute + 5, updatedMs: start + 2 * minute })];
    expect(idsOf(await poll(session(), first[0]?.cursor))).toEqual([1]);
  });

  it('finds what appears late, with a moment shortly before the cursor', async () => {
    shop.rows.order = [newOrder(1, start + 10 * minute)];
    const [told] = await poll(session(), new Date(start).toISOString());
    shop.rows.order.push(newOrder(2, start + 6 * minute), newOrder(3, start + 4 * minute));
    expect(idsOf(await poll(session(), told?.cursor))).toEqual([2]);
  });

  it('goes on after a stop where it was stopped', async () => {
    shop.rows.order = [1, 2, 3, 4].map((index) => newOrder(index, start + index));
    const changes = await poll(session(), new Date(start).toISOString());
    expect(idsOf(await poll(session(), changes[1]?.cursor))).toEqual([3, 4]);
  });

  it('imports everything from the beginning of time, also 1,200 orders of the same millisecond, and ends', async () => {
    shop.rows.order = Array.from({ length: 2_300 }, (_, index) =>
      newOrder(index + 1, index < 600 ? start - 10_000 + index : index < 1_800 ? start : start + index),
    );
    const changes = await poll(session(), undefined);
    expect(new Set(idsOf(changes)).size).toBe(2_300);
    expect(changes).toHaveLength(2_300);
    expect(shop.asked.length).toBeLessThan(20);
    for (const { cursor } of changes.slice(-3)) expect(cursor.length).toBeLessThan(32_000);
  });

  it('does not wait for the day of an order that was dated ahead', async () => {
    shop.rows.order = [newOrder(1, Date.parse('2031-01-01T00:00:00Z'))];
    const [told] = await poll(session(), new Date(start).toISOString());
    expect(JSON.parse(told?.cursor ?? '{}')).toMatchObject({ at: now.toISOString() });
    shop.rows.order.push(newOrder(2, now.getTime() + minute));
    expect(idsOf(await poll(session(), told?.cursor))).toEqual([2]);
  });

  it('asks a shop of 6.6 for nothing that only 6.7 has, and for live moments only', async () => {
    await poll(session(), new Date(start).toISOString());
    expect(shop.asked.map(({ path }) => path)).toEqual(expect.arrayContaining(['/api/search/order', '/api/search/order-transaction']));
    for (const { body } of shop.asked)
      expect(body.filter).toEqual([
        { type: 'range', field: expect.stringMatching(/^(created|updated)At$/), parameters: { gte: iso(start - 5 * minute) } },
      ]);
  });

  it('refuses a cursor that is none', async () => {
    expect(await failureIn(poll(session(), '{"at":1}'))).toMatchObject({ remedy: 'fix-data', code: 'shopware.bad-cursor' });
  });
});

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
