import { spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tenantOf } from '../../app-server/engine/model.ts';
import { issueTicket } from '../../app-server/http/tickets.ts';
import { collections } from '../../app-server/store/collections.ts';
import { testDatabase } from '../database.ts';
import { startShopware } from '../simulators/shopware/simulator.ts';
import { type ApiClient, openFrame, type Shape } from './api-client.ts';
import { fixtures } from './fixtures.ts';
import type { TestShop } from './shop-fixture.ts';
import { shopwareFixture, testShop } from './shopware-fixture.ts';
import { openWorld, setUp, type World } from './world.ts';

const test = testDatabase();
const secret = randomBytes(32).toString('hex');
const root = fileURLToPath(new URL('../..', import.meta.url));
type Problem = Shape<'Problem'>;

/** Everything that the house has stored, as text. */
async function stored(): Promise<string> {
  const lists = collections.map(({ name }) => test.database.connection.collection(name).find().sort({ _id: 1 }).toArray());
  return JSON.stringify(await Promise.all(lists));
}

/** Refused, in the form and with the code that programs rely on, and nothing has changed. */
async function expectRefusal(ask: () => Promise<Response>, status: number, code: string): Promise<void> {
  const before = await stored();
  const response = await ask();
  const body = (await response.json()) as Problem;
  expect({ status: response.status, type: response.headers.get('content-type')?.replace(/;.*/, ''), code: body.code }).toEqual({
    status,
    type: 'application/problem+json',
    code,
  });
  expect(await stored()).toBe(before);
}

describe.each(fixtures)('the settings API of a shop on $platform', (fixture) => {
  let world: World;
  let stranger: { readonly shop: TestShop; readonly api: ApiClient };
  const ticketOf = (shopId: string, key = secret, at = new Date()): string =>
    issueTicket({ secret: key, now: () => at }, { tenant: tenantOf(fixture.platform, shopId), platform: fixture.platform, language: 'en' })
      .ticket;

  beforeAll(async () => {
    const shop = await shopwareFixture.start({ seed: 4_000 + fixtures.indexOf(fixture) });
    world = await openWorld({ fixture, database: test.database, environment: { ...shop.environment(), JWT_SECRET: secret } });
    await shop.install(world.appUrl);
    stranger = { shop, api: await openFrame(world.appUrl, await shop.frameUrl()) };
    await setUp(stranger.api, world.till);
    await world.shop.placePaidOrder();
    await world.shop.placeOrderWithUnknownArticle();
    await world.settled();
  });
  afterAll(async () => {
    await world.stop();
    await stranger.shop.stop();
    expect(world.log.filter((line) => line.startsWith('error'))).toEqual([]);
  });

  const put = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${world.appUrl}/api/connections/mpluskassa`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${world.api.ticket}`, 'content-type': 'application/json', ...headers },
      body,
    });

  it('refuses what is no JSON, is too large or is sent as something else', async () => {
    await expectRefusal(() => put('{"settings":'), 400, 'malformed-json');
    await expectRefusal(() => put(JSON.stringify({ settings: { host: 'x'.repeat(2 * 1024 * 1024) } })), 413, 'too-large');
    await expectRefusal(() => put('settings=1', { 'content-type': 'application/x-www-form-urlencoded' }), 415, 'wrong-content-type');
    await expectRefusal(() => put('{"settings":{"host":5}}'), 400, 'invalid-input');
  });

  it('lets nobody in with a ticket that is missing, forged, unsigned or over', async () => {
    const with_ = (ticket: string | undefined) => () =>
      fetch(`${world.appUrl}/api/flows`, { headers: ticket === undefined ? {} : { authorization: `Bearer ${ticket}` } });
    const [header, claims] = world.api.ticket.split('.');
    const none = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${claims}.`;
    expect((await with_(ticketOf(world.shop.shopId))()).status).toBe(200);
    await expectRefusal(with_(undefined), 401, 'ticket-invalid');
    await expectRefusal(with_(ticketOf(world.shop.shopId, 'another secret that is just as long as ours')), 401, 'ticket-invalid');
    await expectRefusal(with_(none), 401, 'ticket-invalid');
    await expectRefusal(with_(`${header}.${claims}.AAAA`), 401, 'ticket-invalid');
    await expectRefusal(with_(ticketOf(world.shop.shopId, secret, new Date(Date.now() - 3_600_000))), 401, 'ticket-expired');
  });

  it("shows and does nothing with another shop's ids, on any of its routes", async () => {
    const flow = await world.flow();
    const connections = await world.api.expect<Shape<'Connection'>[]>('GET', 'connections');
    const { items } = await world.api.expect<Shape<'RecordPage'>>('GET', 'records');
    expect(items.map(({ state }) => state).sort()).toEqual(['done', 'parked']);
    const ids = [flow.id, ...connections.map(({ id }) => id), ...items.map(({ id }) => id)];
    const bodies: Readonly<Record<string, unknown>> = {
      'PUT /api/flows/{id}/settings': { settings: flow.settings, version: flow.settingsVersion },
      'POST /api/flows/{id}/switch': { on: false },
      'POST /api/flows/{id}/imports': { phase: 'import', action: 'start' },
      'POST /api/records/{id}/kept': { field: 'name', take: 'target' },
      'POST /api/records/{id}/choice': { candidate: null },
      'POST /api/flows/{id}/dry-run': { record: items[0]?.number },
    };
    const description = (await (await fetch(`${world.appUrl}/api/openapi.json`)).json()) as { paths: Record<string, object> };
    const routes = Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({ path, method: method.toUpperCase() })),
    );
    const withId = routes.filter(({ path }) => path.includes('{id}'));
    expect(withId.length).toBeGreaterThanOrEqual(9);
    for (const { path, method } of withId) {
      for (const id of ids) {
        const filled = path.replace('{id}', id).replace('{list}', 'branches');
        expect(filled).not.toContain('{');
        await expectRefusal(
          () => asStranger(method, filled, method === 'GET' ? undefined : (bodies[`${method} ${path}`] ?? {})),
          404,
          'not-found',
        );
      }
    }
    const ends = { source: flow.source.connection, target: flow.target.connection };
    await expectRefusal(() => asStranger('POST', '/api/flows', { kind: 'order', ...ends }), 404, 'not-found');
    await expectRefusal(() => asStranger('POST', '/api/records/replay', { flow: flow.id }), 404, 'not-found');
    await expectRefusal(() => asStranger('GET', `/api/records?flow=${flow.id}`, undefined), 404, 'not-found');
    for (const { number } of items) expect(await stranger.api.expect('GET', `records?search=${number}`)).toMatchObject({ items: [] });
  });

  const asStranger = (method: string, path: string, body: unknown) =>
    fetch(`${world.appUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${stranger.api.ticket}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
});

describe('the hooks that Shopware calls', () => {
  let world: World;
  let shop: Awaited<ReturnType<typeof startShopware>>;

  beforeAll(async () => {
    const fixture = {
      platform: 'shopware' as const,
      start: async ({ seed }: { seed: number }) => {
        shop = await startShopware({ seed });
        return testShop(shop);
      },
    };
    world = await openWorld({ fixture, database: test.database, seed: 777 });
    await world.shop.placePaidOrder();
    await world.settled();
  });
  afterAll(() => world.stop());

  const genuine = () => {
    const found = shop.webhooks.deliveries.find(({ event }) => event === 'state_enter.order_transaction.state.paid');
    if (found === undefined) throw new Error('no paid event was sent');
    return found;
  };
  const signed = (body: string) =>
    createHmac('sha256', shop.credentials().shopSecret ?? '')
      .update(body)
      .digest('hex');
  const deliver = (body: string, headers: Record<string, string> = {}) => {
    const { url, headers: own } = genuine();
    return fetch(url, { method: 'POST', body, headers: { ...own, 'shopware-shop-signature': signed(body), ...headers } });
  };
  const asFresh = (): string => genuine().body.replace(/"eventId":"[0-9a-f]+"/, `"eventId":"${randomBytes(16).toString('hex')}"`);

  it('store nothing of a delivery that is not signed by a shop they know', async () => {
    await expectRefusal(() => deliver(asFresh(), { 'shopware-shop-signature': '0'.repeat(64) }), 401, 'shopware.signature-refused');
    await expectRefusal(() => deliver(asFresh(), { 'shopware-shop-signature': '' }), 401, 'shopware.signature-refused');
    const unknown = asFresh().replaceAll(shop.shopId, 'Unknown1Shop2Id3');
    expect(unknown).not.toBe(asFresh());
    await expectRefusal(() => deliver(unknown), 401, 'shopware.signature-refused');
  });

  it('store nothing of a body that is malformed, too large or of another type', async () => {
    await expectRefusal(() => deliver('{"data":'), 400, 'shopware.malformed');
    const large = asFresh().replace('{"data":', `{"ballast":"${'x'.repeat(2 * 1024 * 1024)}","data":`);
    await expectRefusal(() => deliver(large), 413, 'shopware.too-large');
    await expectRefusal(() => deliver(asFresh(), { 'content-type': 'text/plain' }), 415, 'shopware.not-json');
  });

  it('take the genuine one afterwards', async () => {
    expect((await deliver(asFresh())).status).toBeLessThan(300);
    await world.settled();
    expect((await world.flow()).counts).toMatchObject({ received: 1, done: 1 });
  });
});

describe('a server with a bad configuration', () => {
  it('says all that is wrong with it and ends with code 1', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'app-server/index.ts'], {
      cwd: root,
      env: {
        PATH: process.env.PATH ?? '',
        NODE_ENV: 'production',
        PORT: 'eighty',
        ROLE: 'boss',
        JWT_SECRET: 'short',
        ENCRYPTION_KEYS: 'not-a-key',
        MONGODB_URI: 'postgres://somewhere',
        APP_URL: 'http://shop.example',
        SHOPWARE_APP_NAME: 'Tillbridge',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(1);
    expect(said).toMatch(/^Tillbridge cannot start:\n( {2}- .+\n)+$/);
    for (const name of ['PORT', 'ROLE', 'JWT_SECRET', 'ENCRYPTION_KEYS', 'MONGODB_URI', 'APP_URL', 'SHOPWARE_APP_SECRET']) {
      expect(said).toMatch(new RegExp(`^ {2}- ${name} .+$`, 'm'));
    }
  });
});
