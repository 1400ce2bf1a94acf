import { existsSync, readFileSync } from 'node:fs';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { type House, house } from './shopware-house.ts';

const file = new URL('../../../shared/contracts/data/shopware/recorded-6.6.7.1.jsonl', import.meta.url);
const shopSecret = 'recorded-shop-secret-0123456789abcdef0123456789abcdef0123456789ab';

interface Recorded {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const paths: Readonly<Record<string, string>> = {
  '/register': '/shopware/register',
  '/hook': '/shopware/hooks',
  '/action': '/shopware/action/resync-order',
  '/iframe/mod': '/shopware/module',
};

function recorded(): Recorded[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Recorded);
}

function shopIdOf(row: Recorded): string {
  return (
    new URLSearchParams(row.url.split('?')[1]).get('shop-id') ?? (JSON.parse(row.body) as { source: { shopId: string } }).source.shopId
  );
}

/** Knows the shop of a recording by the secret that its deliveries are signed with. */
function houseFor(row: Recorded): House {
  const seconds = Number(
    /timestamp=(\d+)/.exec(row.url)?.[1] ?? (JSON.parse(row.body || '{}') as { timestamp?: number }).timestamp ?? 1_795_314_762,
  );
  const at = house({ appName: 'RealTestApp', secret: 'realtest-app-secret', now: new Date(seconds * 1000) });
  if (row.url.startsWith('/register') || row.url === '/confirm') return at;
  const shopId = shopIdOf(row);
  at.shops.set(shopId, {
    shopId,
    shopUrl: 'http://127.0.0.1:8000',
    shopSecret,
    previousShopSecret: undefined,
    pendingShopSecret: undefined,
    pendingShopUrl: undefined,
    secretsRotatedAt: undefined,
    apiKey: 'key',
    secretKey: 'secret',
    active: true,
    confirmed: true,
    doubleSignature: false,
    shopwareVersion: '6.6.7.1',
    uninstalledAt: undefined,
    version: 1,
  });
  return at;
}

function replay(at: House, row: Recorded, body = row.body) {
  const [path = '', query] = row.url.split('?');
  const target = `${paths[path]}${query === undefined ? '' : `?${query}`}`;
  const call = row.method === 'GET' ? request(at.app).get(target) : request(at.app).post(target);
  for (const [name, value] of Object.entries(row.headers)) if (!['host', 'content-length'].includes(name)) call.set(name, value);
  return row.method === 'GET' ? call : call.send(body);
}

describe.runIf(existsSync(file))('what a real Shopware 6.6.7.1 sent', () => {
  const rows = existsSync(file) ? recorded() : [];
  const replayed = rows.filter(({ url }) => url !== '/confirm');

  it('is all here', () => {
    expect(rows).toHaveLength(25);
    expect(replayed).toHaveLength(24);
  });

  it.each(replayed.map((row, index) => ({ index, what: row.url.split('?')[0], row })))(
    'is accepted byte for byte ($index $what)',
    async ({ row }) => {
      const answer = await replay(houseFor(row), row);
      expect([200, 204]).toContain(answer.status);
    },
  );

  it.each(replayed.filter(({ method }) => method === 'POST').map((row, index) => ({ index, row })))(
    'is refused when one byte differs ($index)',
    async ({ row }) => {
      const at = houseFor(row);
      const answer = await replay(at, row, row.body.replace('"appVersion":"1', '"appVersion":"2'));
      expect(answer.status).toBe(401);
      expect([at.noticed, at.told]).toEqual([[], []]);
    },
  );

  it('notices the order when it was placed, paid and written, and nothing of the newsletter', async () => {
    const noticed = new Map<string, string[]>();
    for (const row of replayed.filter(({ url }) => url === '/hook')) {
      const at = houseFor(row);
      await replay(at, row);
      const { event } = (JSON.parse(row.body) as { data: { event: string } }).data;
      noticed.set(event, [
        ...(noticed.get(event) ?? []),
        ...at.noticed.map(({ kind, sourceId, number }) => `${kind} ${sourceId} ${number ?? ''}`.trim()),
      ]);
    }
    const order = 'order 01a201193e717351aa1874e0cf896bc5';
    expect(noticed.get('checkout.order.placed')).toEqual([`${order} 10000`]);
    expect(noticed.get('state_enter.order_transaction.state.paid')).toEqual([`${order} 10000`]);
    expect(noticed.get('order.written')?.every((one) => one === order)).toBe(true);
    expect(noticed.get('customer.written')?.length).toBeGreaterThan(0);
    expect(noticed.get('newsletter.confirm')).toEqual([]);
  });

  it('confirms its registration, byte for byte, once the secret it was handed is pending', async () => {
    const row = rows.find(({ url }) => url === '/confirm');
    const body = row?.body ?? '';
    const at = house({ appName: 'RealTestApp', secret: 'realtest-app-secret', now: new Date(1_795_314_669_000) });
    const registration = rows.find(({ url }) => url.startsWith('/register'));
    if (registration === undefined) throw new Error('the recording holds a registration');
    await replay(at, registration);
    const shop = at.shops.get('24VoQ23gTaRApo2L');
    if (shop === undefined) throw new Error('the registration was stored');
    at.shops.set(shop.shopId, { ...shop, pendingShopSecret: shopSecret });
    const send = (text: string) =>
      request(at.app)
        .post('/shopware/register/confirm')
        .set('content-type', 'application/json')
        .set('shopware-shop-signature', row?.headers['shopware-shop-signature'] ?? '')
        .send(text);
    expect((await send(JSON.stringify(JSON.parse(body)))).status).toBe(401);
    expect((await send(body)).status).toBe(204);
    expect(at.shops.get(shop.shopId)).toMatchObject({ confirmed: true, shopSecret, apiKey: 'SWIAAVRBWFU3YXBRVXJWVDC0MQ' });
    expect(at.told.map(({ what }) => what)).toEqual(['installed']);
  });
});
