import { afterEach, describe, expect, it } from 'vitest';
import { collections } from '../../app-server/store/collections.ts';
import { testDatabase } from '../database.ts';
import { signEvent } from '../simulators/ecwid/payload.ts';
import { type EcwidOptions, type EcwidSimulator, startEcwid } from '../simulators/ecwid/simulator.ts';
import { openFrame, type Shape } from './api-client.ts';
import { ecwidOptions, ecwidShop } from './ecwid-fixture.ts';
import { openWorld, type World, type WorldOptions } from './world.ts';

const test = testDatabase();
let world: World;
let store: EcwidSimulator;

async function open(wish: Partial<EcwidOptions> = {}, more: Partial<WorldOptions> = {}): Promise<void> {
  const start = async ({ seed }: { seed: number }) => {
    store = await startEcwid({ ...ecwidOptions(seed), ...wish });
    return ecwidShop(store);
  };
  world = await openWorld({ fixture: { platform: 'ecwid', start }, database: test.database, ...more });
}

afterEach(async () => {
  const errors = world.log.filter((line) => line.startsWith('error'));
  await world.stop();
  expect(errors).toEqual([]);
  expect(world.till.unexpected).toEqual([]);
  expect(store.unexpected).toEqual([]);
});

/** Everything in the database, byte for byte. */
const everything = async (): Promise<string> =>
  JSON.stringify(
    await Promise.all(
      collections.map(async ({ name }) => [name, await test.database.connection.collection(name).find().sort({ _id: 1 }).toArray()]),
    ),
  );
const inTill = (): string[] => world.till.orders().map(({ reference }) => reference);
const ownConnection = async (): Promise<Shape<'Connection'> | undefined> =>
  (await world.api.expect<Shape<'Connection'>[]>('GET', 'connections')).find(({ connector }) => connector === 'ecwid');
const get = async (url: string) => {
  const response = await fetch(url, { redirect: 'manual', headers: { 'accept-language': 'en' } });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

describe('whoever comes to the frame without a good payload', () => {
  it('reads to open the app from the Control Panel again, and nothing is stored', async () => {
    await open();
    const good = store.frameUrl();
    const token = store.tokens()?.accessToken ?? '';
    const frame = `${world.appUrl}/ecwid/frame`;
    const urls = {
      'without a payload': frame,
      'payload of another app': store.frameUrl({ clientSecret: 'the-secret-of-another-app' }),
      truncated: good.replace(/payload=([^&]+)/, (_, payload: string) => `payload=${payload.slice(0, -7)}`),
      'one block short': good.replace(/payload=([^&]+)/, (_, payload: string) => `payload=${payload.slice(0, 64)}`),
      'not base64': `${frame}?payload=${encodeURIComponent('{"store_id":1003}')}`,
      'wrong key': store.frameUrl({ clientSecret: 'sixteen-byte-key' }),
      'token of another store': store.frameUrl({ payload: { store_id: 4711, lang: 'en', access_token: token, view_mode: 'PAGE' } }),
      'made-up token': store.frameUrl({
        payload: { store_id: Number(store.storeId), lang: 'en', access_token: 'secret_made_up', view_mode: 'PAGE' },
      }),
    };
    const before = await everything();
    for (const [what, url] of Object.entries(urls)) {
      const { status, text, headers } = await get(url);
      expect(status, what).toBeGreaterThanOrEqual(400);
      expect(status, what).toBeLessThan(500);
      expect(text, what).toContain('open the app from the Control Panel again');
      expect(text, what).not.toMatch(/ecwid|lightspeed|ticket/i);
      expect(headers.get('content-security-policy'), what).toContain(`frame-ancestors ${store.url}`);
    }
    expect(await everything()).toBe(before);
    expect(world.log.join()).not.toContain(token);
  });

  it('cannot use an address again that was used before', async () => {
    let ahead = 0;
    await open({}, { now: () => new Date(Date.now() + ahead) });
    const url = store.frameUrl();
    expect((await get(url)).status).toBe(200);
    ahead = 11 * 60_000;
    const before = await everything();
    expect(await get(url)).toMatchObject({ status: 403, text: expect.stringContaining('Control Panel again') });
    expect(await everything()).toBe(before);
    expect((await get(store.frameUrl())).status).toBe(200);
  });
});

describe('the page in the frame', () => {
  it('loads its own files and the Control Panel’s script, and shows nobody the token', async () => {
    await open();
    const { text, headers } = await get(store.frameUrl());
    expect(headers.get('content-security-policy')?.split('; ')).toEqual(
      expect.arrayContaining([
        `script-src 'self' ${store.url}`,
        "style-src 'self' 'unsafe-inline'",
        "font-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        `frame-ancestors ${store.url}`,
      ]),
    );
    expect(headers.get('x-frame-options')).toBeNull();
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(text).toContain(store.appScriptUrl);
    expect(text).not.toContain(store.tokens()?.accessToken);
  });
});

describe('a webhook', () => {
  const post = async (fields: object, secret: string | undefined = store.clientSecret): Promise<number> => {
    const event = {
      eventId: crypto.randomUUID(),
      eventCreated: Math.floor(Date.now() / 1000),
      storeId: Number(store.storeId),
      entityId: 103_878_999,
      eventType: 'order.updated',
      ...fields,
    };
    const response = await fetch(`${world.appUrl}/ecwid/hooks?eventtype=${event.eventType}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(secret !== '' && { 'x-ecwid-webhook-signature': signEvent(event.eventCreated, event.eventId, secret) }),
      },
      body: JSON.stringify(event),
    });
    return response.status;
  };

  it('that is not signed by this app is refused, and nothing is stored', async () => {
    await open();
    const before = await everything();
    expect(await post({ data: { orderId: 'XJ12J' } }, 'another-secret-of-another-app')).toBe(401);
    expect(await post({ data: { orderId: 'XJ12J' } }, '')).toBe(401);
    expect(await post({ data: { orderId: 'XJ12J' }, eventCreated: 1_700_000_000 })).toBe(401);
    expect(await post({ eventType: 'application.uninstalled' }, 'another-secret-of-another-app')).toBe(401);
    expect(await everything()).toBe(before);
  });

  it('of an unknown kind or store is taken, ignored and counted', async () => {
    await open();
    const before = await everything();
    for (let time = 0; time < 3; time += 1) expect(await post({ eventType: 'spaceship.landed' })).toBe(200);
    expect(await post({ storeId: 4711, data: { orderId: 'XJ12J' } })).toBe(200);
    expect(await everything()).toBe(before);
    const ignored = world.log.filter((line) => line.includes('a webhook was ignored'));
    expect(ignored.filter((line) => line.includes('spaceship.landed')).at(-1)).toContain('"count":3');
  });
});

describe('the life of an installation', () => {
  it('pauses while the subscription is suspended, also when the app is opened meanwhile, and loses nothing', async () => {
    await open();
    store.suspend();
    await world.settled();
    const order = store.placeOnlinePaid();
    await world.settled();
    await get(store.frameUrl());
    await world.settled();
    expect(inTill()).toEqual([]);
    expect((await world.flow()).counts).toMatchObject({ received: 1, waiting: 1, parked: 0 });
    const paused = await ownConnection();
    expect(paused).toMatchObject({ state: 'paused', cause: { code: 'shop.suspended' } });
    expect(await world.api.expect('POST', `connections/${paused?.id}/check`)).toMatchObject({ state: 'paused', report: { ok: false } });
    await world.settled();
    expect(inTill()).toEqual([]);
    store.resume();
    await world.settled();
    expect(inTill()).toEqual([order.id]);
  });

  it('goes on after an uninstallation when the app is installed again: with the new token, and with the orders that waited', async () => {
    await open();
    await world.till.faults.away(true);
    const waiting = store.placeOnlinePaid();
    await world.settled();
    store.uninstall();
    await world.settled();
    await world.till.faults.away(false);
    const untold = store.placeOnlinePaid();
    await world.poll();
    expect(inTill()).toEqual([]);
    expect(JSON.stringify(await test.database.connection.collection('ecwid-stores').findOne({ _id: store.storeId as never }))).toContain(
      '"sealed":{}',
    );
    const calls = store.calls.length;
    await world.poll();
    expect(store.calls.length, 'a dead token is not used').toBe(calls);

    store.reinstall();
    await store.webhooks.idle();
    expect(inTill()).toEqual([]);
    await openFrame(world.appUrl, store.frameUrl());
    await world.settled();
    await world.poll();
    expect(inTill().sort()).toEqual([waiting.id, untold.id].sort());
  });

  it('stops calling a store whose token died, and says what to do', async () => {
    await open();
    store.state.tokens.clear();
    for (let count = 0; count < 5; count += 1) store.placeOnlinePaid();
    await world.settled();
    const calls = store.calls.length;
    expect(await ownConnection()).toMatchObject({ state: 'paused', cause: { code: 'shop.credentials', remedy: 'fix-connection' } });
    await world.poll();
    await world.poll();
    expect(store.calls.length).toBe(calls);
    expect((await world.flow()).counts).toMatchObject({ waiting: 5, parked: 0 });
  });

  it('leaves out only what a missing permission is needed for', async () => {
    await open({ scopes: ['read_store_profile', 'read_orders', 'add_to_cp'] });
    const order = store.placeOnlinePaid();
    await world.settled();
    expect(inTill()).toEqual([order.id]);
    const { id = '' } = (await ownConnection()) ?? {};
    const checked = await world.api.expect<Shape<'Connection'>>('POST', `connections/${id}/check`);
    expect(checked.state).toBe('ok');
    expect(checked.report?.warnings).toMatchObject([
      { code: 'shop.privileges-missing', params: { privileges: 'read_customers, read_catalog' } },
    ]);
  });

  it('holds the orders with a sentence while the permission for them is missing, and sends them once it is given', async () => {
    await open({ scopes: ['read_store_profile', 'read_catalog', 'add_to_cp'] });
    const orders = Array.from({ length: 3 }, () => store.placeOnlinePaid().id);
    await world.settled();
    expect((await world.flow()).held).toMatchObject({
      cause: {
        code: 'shop.privileges-missing',
        params: { privileges: 'read_orders' },
        message: expect.stringContaining('install it again'),
      },
    });
    const calls = store.calls.length;
    store.placeOnlinePaid();
    await world.settled();
    expect(store.calls.length, 'it does not knock again and again').toBe(calls);
    expect((await ownConnection())?.state).not.toBe('paused');

    store.uninstall();
    store.reinstall(['read_store_profile', 'read_orders', 'read_customers', 'read_catalog', 'add_to_cp']);
    await store.webhooks.idle();
    await openFrame(world.appUrl, store.frameUrl());
    await world.settled();
    expect(inTill()).toHaveLength(4);
    expect(inTill()).toEqual(expect.arrayContaining(orders));
  });
});

describe('paid is a state', () => {
  it.each([
    ['as documented', { snakeCase: false, strings: false }],
    ['with names and numbers spelt otherwise', { snakeCase: true, strings: true }],
  ])('however it is told, every order is in the till once (events %s)', async (_how, spelling) => {
    await open();
    Object.assign(store.webhooks.mode, spelling);
    const atOnce = store.placeOnlinePaid();
    const later = store.placeOffline();
    const never = store.placeOffline();
    const unfinished = store.abandon();
    await world.settled();
    expect(inTill()).toEqual([atOnce.id]);
    store.markPaid(later.id);
    await world.settled();
    for (let time = 0; time < 3; time += 1) for (const { id } of [atOnce, later]) store.editPaid(id);
    await world.settled();
    await world.poll();
    expect(inTill()).toEqual([atOnce.id, later.id]);
    expect(inTill()).not.toContain(never.id);
    expect(inTill()).not.toContain(unfinished.id);
    expect(world.till.orders().map(({ prepaidAmount, payments }) => [prepaidAmount, payments.length])).toEqual(
      [atOnce, later].map(({ total }) => [Math.round(total * 100), 1]),
    );
  });

  it('also when it was paid and edited while the till was away', async () => {
    await open();
    await world.till.faults.away(true);
    const order = store.placeOffline();
    store.markPaid(order.id);
    store.editPaid(order.id);
    await world.settled();
    await world.till.faults.away(false);
    await expect.poll(inTill, { timeout: 15_000, interval: 50 }).toEqual([order.id]);
    store.editPaid(order.id);
    await world.settled();
    expect(inTill()).toEqual([order.id]);
  });
});
