import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runInNewContext } from 'node:vm';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type House, startHouse } from './ecwid-house.ts';

let folder: string;
let house: House;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storefront-'));
  const configFile = resolve(import.meta.dirname, '../../ecwid-app/storefront/vite.config.ts');
  await build({ configFile, logLevel: 'silent', build: { outDir: folder, emptyOutDir: true } });
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  house = await startHouse({ app: { storefrontScript: join(folder, 'storefront.js') } });
  await house.store.open();
});
afterEach(() => house.stop());

interface Visit {
  /** What the storefront has loaded on the page. */
  api?: object;
  stored?: string;
}

/** A page of the shop window: runs the served script, lets its timers go at once, and waits for every request that it makes. */
async function visit({ api, stored }: Visit): Promise<{ errors: unknown[]; requests: string[] }> {
  const script = await (await fetch(`${house.url}/storefront.js`)).text();
  const errors: unknown[] = [];
  const requests: string[] = [];
  const open = new Set<Promise<unknown>>();
  const track = <T>(work: Promise<T>): Promise<T> => {
    open.add(work);
    return work.finally(() => open.delete(work));
  };
  const page = {
    Ecwid: api,
    localStorage: { getItem: () => stored ?? null, PSecwid__1003PScart: stored },
    setTimeout: (work: () => void) =>
      void track(
        Promise.resolve()
          .then(work)
          .catch((error: unknown) => errors.push(error)),
      ),
    clearTimeout: () => {},
    fetch: (url: string, init?: RequestInit) => {
      requests.push(`${init?.method ?? 'GET'} ${new URL(url).pathname}`);
      return track(fetch(url, init));
    },
    Promise,
    JSON,
    Number,
    String,
  };
  runInNewContext(script, Object.assign(page, { window: page }));
  // One turn of the loop after the last request is enough for what follows it.
  do {
    await Promise.all([...open]);
    await new Promise((done) => setImmediate(done));
  } while (open.size > 0);
  return { errors, requests };
}

const shopApi = (fields: object = {}) => ({
  OnAPILoaded: { add: (callback: () => void) => callback() },
  OnCartChanged: { add: () => {} },
  Cart: {
    get: (callback: (cart: object) => void) =>
      callback({
        cartId: 'C-9',
        items: [{ quantity: 2, product: { id: 5, sku: '1006', name: 'Mug', price: 12.49 } }],
        customer: { email: 'a@example.com' },
      }),
  },
  getOwnerId: () => 1003,
  getAppPublicToken: () => house.store.tokens()?.publicToken,
  ...fields,
});

describe('the script in the shop window', () => {
  it('reports the cart, without the e-mail of a visitor who did not agree', async () => {
    const { errors } = await visit({ api: shopApi() });
    expect(errors).toEqual([]);
    expect(house.carts).toMatchObject([
      { shopId: '1003', cart: { cartId: 'C-9', email: undefined, items: [{ sku: '1006', quantity: 2 }] } },
    ]);
  });

  it('reports the e-mail of one who agreed', async () => {
    await visit({ api: shopApi({ getTrackingConsent: () => 'ACCEPTED' }) });
    expect(house.carts[0]?.cart.email).toBe('a@example.com');
  });

  it('does nothing but ask while the merchant has not switched it on', async () => {
    house.control.cartsWanted = false;
    const { requests } = await visit({ api: shopApi() });
    expect(requests).toEqual(['GET /ecwid/carts']);
    expect(house.carts).toEqual([]);
  });

  it('survives a broken stored cart where the storefront has no cart to ask', async () => {
    const api = shopApi({ Cart: undefined, OnCartChanged: undefined });
    await expect(visit({ api, stored: '{broken' })).resolves.toMatchObject({ errors: [], requests: ['GET /ecwid/carts'] });
    expect(house.carts).toEqual([]);
  });

  it('stays silent, and throws nothing, where there is no storefront, no token or a storefront that throws', async () => {
    const broken = shopApi({
      getOwnerId: () => {
        throw new Error('no');
      },
    });
    for (const api of [undefined, {}, shopApi({ getAppPublicToken: () => undefined }), shopApi({ getOwnerId: () => 'x' }), broken]) {
      await expect(visit(api === undefined ? {} : { api })).resolves.toEqual({ errors: [], requests: [] });
    }
  });

  it('is small', async () => {
    expect((await readFile(join(folder, 'storefront.js'))).length).toBeLessThan(8_000);
  });
});
