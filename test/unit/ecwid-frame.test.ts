import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { enterStore } from '../../ecwid-app/index.ts';
import { type House, startHouse } from './ecwid-house.ts';

let house: House;
beforeEach(async () => {
  house = await startHouse();
});
afterEach(() => house.stop());

const minutes = (count: number) => {
  house.control.now = new Date(house.control.now.getTime() + count * 60_000);
};
const get = async (url: string, headers: Record<string, string> = {}) => {
  const response = await fetch(url, { redirect: 'manual', headers });
  return { status: response.status, headers: response.headers, body: await response.text() };
};
/** The announcement of an installation carries no token: a store that is merely known holds nothing. */
const nothingStored = () => {
  expect([...house.stores.all.values()].filter((store) => store.accessToken !== undefined || store.seenPayloads.length > 0)).toEqual([]);
  expect(house.life.filter((line) => line.startsWith('installed'))).toEqual([]);
};

describe('opening the app from the Control Panel', () => {
  it('proves the token, stores it and opens a session in the language of the merchant', async () => {
    const { status, html, headers } = await house.store.open({ language: 'nl' });
    expect(status).toBe(200);
    expect(html).toContain('data-ticket="ticket-1003-nl"');
    expect(html).toContain(house.store.appScriptUrl);
    const tokens = house.store.tokens();
    expect(house.stores.all.get('1003')).toMatchObject({
      status: 'active',
      accessToken: tokens?.accessToken,
      publicToken: tokens?.publicToken,
    });
    expect(house.life).toEqual(['installed 1003 Koffie & Co storeId+accessToken']);
    expect(headers.get('content-security-policy')).toContain('frame-ancestors https://my.ecwid.com https://*.ecwid.com');
    expect(headers.get('x-frame-options')).toBeNull();
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('never shows the token to the page or the log', async () => {
    const { html } = await house.store.open();
    const token = house.store.tokens()?.accessToken ?? 'none';
    expect(html + house.logged.join()).not.toContain(token);
    expect(house.store.calls.map((call) => call.path + call.query.toString()).join()).not.toContain(token);
  });

  it('speaks English where it does not know the language', async () => {
    expect((await house.store.open({ language: 'fi' })).html).toContain('lang="en"');
  });

  it('takes a new token after a reinstallation', async () => {
    await house.store.open();
    const old = house.store.tokens()?.accessToken;
    house.store.reinstall();
    await house.store.open();
    expect(house.stores.all.get('1003')?.accessToken).not.toBe(old);
    expect(house.stores.all.get('1003')?.accessToken).toBe(house.store.tokens()?.accessToken);
  });

  it('lets an address be reloaded for ten minutes and never again', async () => {
    const url = house.store.frameUrl();
    expect((await get(url)).status).toBe(200);
    minutes(9);
    expect((await get(url)).status).toBe(200);
    minutes(2);
    const { status, body } = await get(url);
    expect(status).toBe(403);
    expect(body).toContain('Control Panel');
    expect(body).not.toContain('ticket-');
    expect((await house.store.open()).status).toBe(200);
  });

  it('opens nothing with an old payload once the app was uninstalled', async () => {
    const url = house.store.frameUrl();
    house.store.uninstall();
    expect((await get(url)).status).toBe(403);
    nothingStored();
  });

  it('says to open it from the Control Panel again, and stores nothing, when the payload is wrong', async () => {
    const good = house.store.frameUrl();
    const other = house.store.frameUrl({
      payload: { store_id: 4711, lang: 'en', access_token: house.store.tokens()?.accessToken, view_mode: 'PAGE' },
    });
    const urls = [
      `${house.url}/frame`,
      `${house.url}/frame?payload=`,
      `${house.url}/frame?payload=a&payload=b`,
      `${house.url}/frame?payload=%00%ff`,
      good.replace(/payload=([^&]+)/, (_, payload: string) => `payload=${payload.slice(0, -5)}`),
      house.store.frameUrl({ clientSecret: 'the-secret-of-another-app' }),
      house.store.frameUrl({ payload: { hello: 'world' } }),
      house.store.frameUrl({ payload: { store_id: 1003, lang: 'en', access_token: 'secret_made_up_by_somebody', view_mode: 'PAGE' } }),
      other,
    ];
    for (const url of urls) {
      const { status, body, headers } = await get(url, { 'accept-language': 'en' });
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
      expect(body).toContain('open the app from the Control Panel again');
      expect(body).not.toMatch(/ecwid|lightspeed/i);
      expect(headers.get('content-security-policy')).toContain('frame-ancestors');
    }
    nothingStored();
  });

  it.each([
    ['de', 'Öffnen Sie die App'.slice(2)],
    ['nl', 'Open de app opnieuw'],
  ])('says so in %s', async (language, words) => {
    const { body } = await get(`${house.url}/frame`, { 'accept-language': language });
    expect(body.toLowerCase()).toContain(words.toLowerCase());
    expect(body).not.toMatch(/ecwid|lightspeed/i);
  });

  it('asks for patience when the store does not answer, and stores nothing', async () => {
    const url = house.store.frameUrl();
    house.store.faults.add({ kind: 'html', path: '/profile', times: 1 });
    const { status } = await get(url);
    expect(status).toBe(503);
    nothingStored();
    expect((await get(url)).status).toBe(200);
  });

  it('is framed by whoever the operator lists', async () => {
    const other = await startHouse({ app: { frameAncestors: ['https://admin.reseller.example'] } });
    try {
      const policy = (await other.store.open()).headers.get('content-security-policy');
      expect(policy).toContain('frame-ancestors https://admin.reseller.example;');
    } finally {
      await other.stop();
    }
  });
});

describe('the other two ways of installing', () => {
  it('exchanges the code of a consent that began here', async () => {
    const start = await get(`${house.url}/oauth/start`);
    const cookie = (start.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const consent = await get(start.headers.get('location') ?? '');
    const callback = consent.headers.get('location') ?? '';
    expect(callback).toContain('store_id=1003');
    const { status, body } = await get(callback, { cookie });
    expect(status).toBe(200);
    expect(body).not.toContain('ticket-');
    expect(house.stores.all.get('1003')).toMatchObject({ status: 'active', scopes: expect.arrayContaining(['read_orders', 'add_to_cp']) });
  });

  it('exchanges the code of an installation from the app market', async () => {
    const code = house.store.code(`${house.url}/oauth/callback`);
    expect((await get(`${house.url}/oauth/callback?code=${code}&store_id=1003`)).status).toBe(200);
    expect(house.stores.all.get('1003')?.publicToken).toBe(house.store.tokens()?.publicToken);
  });

  it('refuses a consent that comes back to another browser, a made-up code and another store', async () => {
    const start = await get(`${house.url}/oauth/start`);
    const consent = await get(start.headers.get('location') ?? '');
    expect((await get(consent.headers.get('location') ?? '')).status).toBe(400);
    const code = house.store.code(`${house.url}/oauth/callback`);
    for (const query of ['code=made-up&store_id=1003', `code=${code}&store_id=4711`, 'store_id=1003', `code=${code}&store_id=../x`]) {
      const { status } = await get(`${house.url}/oauth/callback?${query}`);
      expect([400, 403]).toContain(status);
    }
    nothingStored();
  });

  it('says in words that consent was not given', async () => {
    const { status, body } = await get(`${house.url}/oauth/callback?error=access_denied`, { 'accept-language': 'de' });
    expect(status).toBe(403);
    expect(body).toContain('nicht installiert');
    expect(body).not.toMatch(/ecwid|lightspeed/i);
  });

  it('takes a store id and token by hand when they belong together', async () => {
    house.store.install();
    const accessToken = house.store.tokens()?.accessToken ?? '';
    await expect(enterStore(house.options, { storeId: '4711', accessToken })).rejects.toMatchObject({ remedy: 'fix-connection' });
    await expect(enterStore(house.options, { storeId: '1003', accessToken: 'secret_wrong' })).rejects.toMatchObject({
      code: 'shop.credentials',
    });
    expect([...house.stores.all.values()].filter((store) => store.accessToken !== undefined)).toEqual([]);
    await enterStore(house.options, { storeId: '1003', accessToken });
    expect(house.stores.all.get('1003')).toMatchObject({ status: 'active', accessToken });
  });
});
