/** The simulated shop is held against what a real Shopware 6.6.7.1 sent and against the published schema of the Admin API. */
import { createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../simulators/shared/seeded-random.ts';
import { decide, randomOrder, seedCatalogue } from '../simulators/shopware/order-input.ts';
import type { ShopwareSimulator } from '../simulators/shopware/simulator.ts';
import type { SmallApp } from '../simulators/shopware/small-app.ts';
import { machines } from '../simulators/shopware/transitions.ts';
import { type Json, object, rows, startTrial, type Trial } from '../simulators/shopware/trial.ts';

const data = new URL('../../../shared/contracts/data/shopware/', import.meta.url);
const here = existsSync(data);
const read = (name: string): string => readFileSync(new URL(name, data), 'utf8');
const hmac = (text: string, secret: string): string => createHmac('sha256', secret).update(text).digest('hex');

let trial: Trial;
let shop: ShopwareSimulator;
let app: SmallApp;

async function open(version: '6.6' | '6.7', manifest?: string): Promise<void> {
  await trial.open(version, manifest === undefined ? undefined : { manifest });
  shop = trial.shop;
}
const api: Trial['api'] = (method, path, body) => trial.api(method, path, body);

beforeEach(async () => {
  trial = await startTrial();
  ({ shop, app } = trial);
});
afterEach(() => trial.stop());

/** The keys of a value, object by object; lists are as their first element. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 || typeof value[0] !== 'object' ? 'list' : [shape(value[0])];
  if (typeof value !== 'object' || value === null) return 'value';
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, shape(one)]),
  );
}
/** Paths that the real body has and ours lacks, or the other way round; where one side is empty or null nothing is compared. */
function differences(real: unknown, ours: unknown, path = ''): string[] {
  if (Array.isArray(real) && Array.isArray(ours)) return differences(real[0], ours[0], `${path}[]`);
  if (typeof real !== 'object' || real === null || typeof ours !== 'object' || ours === null) return [];
  const [a, b] = [object(real), object(ours)];
  const missing = Object.keys(a).filter((key) => !(key in b));
  const added = Object.keys(b).filter((key) => !(key in a));
  const deeper = Object.keys(a)
    .filter((key) => key in b)
    .flatMap((key) => differences(a[key], b[key], `${path}.${key}`));
  return [...missing.map((key) => `${path}.${key} is missing`), ...added.map((key) => `${path}.${key} is too much`), ...deeper];
}

describe.runIf(here)('beside a real shop', () => {
  const recorded = here
    ? read('recorded-6.6.7.1.jsonl')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { url: string; method: string; headers: Record<string, string>; body: string })
    : [];
  const real = (event: string): Json => {
    const row = recorded.find((one) => one.body.includes(`"event":"${event}"`));
    if (!row) throw new Error(`no recording of ${event}`);
    return object(JSON.parse(row.body));
  };

  it('the bodies of orders have the same fields as recorded ones', async () => {
    const { id } = await shop.orders.placePaidOrder({ customer: '10001', lines: [{ productNumber: '1001', quantity: 2 }] });
    await shop.orders.setOrderState(id, 'in_progress');
    for (const event of ['checkout.order.placed', 'state_enter.order_transaction.state.paid', 'order.written']) {
      const ours = object(JSON.parse(app.last(event).body));
      expect(differences(shape(real(event)), shape(ours)), event).toEqual([]);
    }
  });

  it('the body of a registered customer has the same fields as a recorded one', async () => {
    await shop.orders.placeOrder({
      customer: {
        number: '20001',
        salutation: 'mr',
        firstName: 'Nieuw',
        lastName: 'Klant',
        email: 'n@example.test',
        street: 'Weg 1',
        zipcode: '1000AA',
        city: 'Ede',
        country: 'NL',
      },
    });
    const ours = object(JSON.parse(app.last('checkout.customer.register').body));
    expect(differences(shape(real('checkout.customer.register')), shape(ours))).toEqual([]);
  });

  it('the bodies of newsletter readers have the same fields as recorded ones', async () => {
    await shop.backOffice.unsubscribe(await shop.backOffice.subscribe('lezer@example.test'));
    for (const event of ['newsletter.confirm', 'newsletter.unsubscribe']) {
      expect(shape(JSON.parse(app.last(event).body)), event).toEqual(shape(real(event)));
    }
  });

  it('registration, confirmation and webhooks carry the recorded headers and parameters', async () => {
    const own = ['host', 'connection', 'accept', 'accept-language', 'sec-fetch-mode', 'accept-encoding', 'content-length', 'user-agent'];
    const names = (headers: Json): string[] =>
      Object.keys(headers)
        .filter((name) => !own.includes(name))
        .sort();
    const [register, confirm, installed] = recorded;
    expect(names(object(app.requests[0]?.headers))).toEqual(names(register?.headers ?? {}));
    expect(names(object(app.requests[1]?.headers))).toEqual(names(confirm?.headers ?? {}));
    expect(names(object(app.last('app.installed').headers))).toEqual(names(installed?.headers ?? {}));
    const parameters = (query: string): string[] => [...new URLSearchParams(query).keys()];
    expect(parameters(app.requests[0]?.rawQuery ?? '')).toEqual(parameters(register?.url.split('?')[1] ?? ''));
    expect(Object.keys(object(JSON.parse(app.requests[1]?.body ?? '')))).toEqual(Object.keys(object(JSON.parse(confirm?.body ?? ''))));
    expect(parameters(new URL(shop.moduleUrl()).search.slice(1))).toEqual(parameters(recorded.at(-1)?.url.split('?')[1] ?? ''));
  });

  it('takes rights, webhooks and the module from a manifest, and keeps customers out of live-version webhooks', async () => {
    const manifest = read('samples/manifest.example.xml').replaceAll(
      'event="customer.written"',
      'event="customer.written" onlyLiveVersion="true"',
    );
    await open('6.7', manifest);
    app.forget();
    await shop.orders.placePaidOrder();
    expect(app.names()).toEqual(['order.written', 'checkout.order.placed', 'state_enter.order_transaction.state.paid']);
    expect(app.last('order.written').path).toBe('/shopware/hook/order-written');
    expect(shop.moduleUrl().startsWith(`${app.url}/shopware/module?shop-id=`)).toBe(true);
    expect((await api('POST', '/notification', { status: 'info', message: 'Hello' })).status).toBe(200);
    expect((await api('POST', '/search/webhook', {})).status).toBe(403);
  });

  it('the transitions are those of the core', () => {
    const table = object(object(JSON.parse(read('state-machine-transitions.json'))).machines);
    const core = Object.fromEntries(Object.entries(table).map(([name, machine]) => [name, object(machine).transitions]));
    expect(machines).toEqual(core);
  });

  it.each(['6.6', '6.7'] as const)('every field that %s shows stands in the schema of the Admin API', async (version) => {
    await open(version);
    await shop.orders.placePaidOrder({ customer: '10003', promotions: [{ percent: 10 }] });
    const schemas = object(object(JSON.parse(read('openapi/slim-admin-entities.json'))).schemas);
    const always = new Set(['extensions', '_uniqueIdentifier', 'versionId', 'translated', 'apiAlias', 'productVersionId']);
    // Written by the core since 6.4 but left out of the generated schema, or gone with 6.7.
    const older: Record<string, string[]> = { customer: ['defaultPaymentMethod'] };
    const named: Record<string, string> = {
      order: 'Order',
      'order-line-item': 'OrderLineItem',
      'order-customer': 'OrderCustomer',
      'order-address': 'OrderAddress',
      'order-delivery': 'OrderDelivery',
      'order-transaction': 'OrderTransaction',
      customer: 'Customer',
      product: 'Product',
    };
    for (const [entity, schema] of Object.entries(named)) {
      const known = Object.keys(object(object(schemas[schema]).properties));
      const [row] = rows((await api('POST', `/search/${entity}`, { limit: 1 })).json);
      expect(
        Object.keys(row ?? {}).filter((name) => !known.includes(name) && !always.has(name) && !older[entity]?.includes(name)),
        entity,
      ).toEqual([]);
    }
  });
});

describe('the shop signs what it sends', () => {
  it('over the raw query and the raw body, with slashes and accents escaped as PHP does', async () => {
    const [register, confirm] = app.requests;
    expect(register?.headers['shopware-app-signature']).toBe(hmac(register?.rawQuery ?? '', app.appSecret));
    expect(register?.rawQuery).toContain(`shop-url=${shop.url}&`);
    expect(confirm?.headers['shopware-shop-signature']).toBe(hmac(confirm?.body ?? '', app.shopSecret));
    await shop.orders.placeOrder({ customer: '10006' });
    const placed = app.last('checkout.order.placed');
    expect(placed.headers['shopware-shop-signature']).toBe(hmac(placed.body, app.shopSecret));
    expect(placed.body).toContain('\\u00c9lodie');
    expect(placed.body).toContain('http:\\/\\/127.0.0.1');
    expect(placed.body).not.toMatch(/[^\\]\/|[\u0080-\uffff]/);
  });

  it('the module address, with unknown signed parameters and an unsigned colour scheme', () => {
    const url = shop.moduleUrl({ extraSigned: { 'sw-new': 'x' }, colorScheme: 'dark' });
    const [signed = '', rest = ''] = (url.split('?')[1] ?? '').split('&shopware-shop-signature=');
    expect(signed.endsWith('sw-new=x')).toBe(true);
    expect(rest).toBe(`${hmac(signed, app.shopSecret)}&color-scheme=dark`);
  });

  it('twice when a 6.7 shop rotates its secret, never in 6.6', async () => {
    await open('6.7');
    const before = app.shopSecret;
    const from = app.requests.length;
    await shop.rotateSecret();
    const [register, confirm] = app.requests.slice(from);
    expect(app.shopSecret).not.toBe(before);
    expect(register?.headers['shopware-shop-signature']).toBe(hmac(register?.rawQuery ?? '', before));
    expect(confirm?.headers['shopware-shop-signature-previous']).toBe(hmac(confirm?.body ?? '', before));
    await open('6.6');
    await shop.rotateSecret();
    expect(app.requests.at(-2)?.headers['shopware-shop-signature']).toBeUndefined();
  });
});

describe('a handshake that goes wrong', () => {
  it('leaves no app behind when the proof is wrong or the app server refuses', async () => {
    await shop.uninstall();
    const install = (secret: string): Promise<void> =>
      shop.install({ name: app.name, secret, registrationUrl: `${app.url}/register`, hooksUrl: `${app.url}/hook` });
    await expect(install('another-secret')).rejects.toThrow('invalid proof');
    app.confirmWith(403);
    await expect(install(app.appSecret)).rejects.toThrow('403');
    expect(() => shop.credentials()).toThrow('not installed');
    app.confirmWith(204);
    await install(app.appSecret);
    expect(app.names().slice(-2)).toEqual(['app.installed', 'app.activated']);
  });

  it('keeps the old secret in 6.7 until a confirmation succeeds, but not in 6.6', async () => {
    for (const version of ['6.6', '6.7'] as const) {
      await open(version);
      const before = app.shopSecret;
      app.confirmWith(500);
      await expect(shop.rotateSecret()).rejects.toThrow('500');
      expect(shop.credentials().shopSecret, version).toBe(version === '6.7' ? before : app.shopSecret);
      app.confirmWith(204);
      expect(await shop.retryConfirm()).toBe(204);
      expect(shop.credentials().shopSecret).toBe(app.shopSecret);
    }
  });

  it('a moved shop is silent until it registers again under its new address, a copy registers under a new id', async () => {
    const { shopId } = shop;
    app.forget();
    await shop.moveUrl('/elsewhere', { resolve: false });
    await shop.orders.placeOrder();
    expect(app.requests).toEqual([]);
    await shop.moveUrl('/elsewhere');
    expect(app.requests[0]?.rawQuery).toContain(`shop-id=${shopId}&shop-url=${shop.url}&`);
    expect(shop.url.endsWith('/elsewhere')).toBe(true);
    expect((await api('GET', '/_info/version')).json).toEqual({ version: '6.6.10.6' });
    const old = app.shopSecret;
    await shop.reinstallWithNewId();
    expect(shop.shopId).not.toBe(shopId);
    const installed = app.last('app.installed');
    expect(installed.headers['shopware-shop-signature']).toBe(hmac(installed.body, old));
    expect(installed.body).toContain(shop.shopId);
  });
});

describe('the money of random orders', () => {
  it('ties: lines, promotions and shipping add up to what is paid, in 2000 shops', () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 2000; seed++) {
      const random = seededRandom(seed);
      const { priced, cart } = decide(randomOrder(random), { random, catalogue: seedCatalogue });
      const cents = (euros: number): number => Math.round(euros * 100);
      const positions = [...priced.lines, ...priced.promotions, priced.shipping];
      const sum = positions.reduce((total, one) => total + cents(one.totalPrice), 0);
      const tax = priced.cart.calculatedTaxes.reduce((total, one) => total + cents(one.tax), 0);
      expect(sum + (cart.taxStatus === 'net' ? tax : 0), `seed ${seed}`).toBe(cents(priced.cart.totalPrice));
      expect(cents(priced.cart.netPrice), `net of seed ${seed}`).toBe(cart.taxStatus === 'gross' ? sum - tax : sum);
      for (const one of positions) expect(one.totalPrice, `cents of seed ${seed}`).toBe(cents(one.totalPrice) / 100);
      if (cart.taxStatus === 'tax-free') expect(tax).toBe(0);
      if (cart.taxCalculation === 'horizontal')
        expect(tax).toBe(positions.flatMap((one) => one.calculatedTaxes).reduce((total, one) => total + cents(one.tax), 0));
      seen.add(`${cart.taxStatus} ${cart.taxCalculation} ${cart.promotions.length}`);
    }
    expect(seen.size).toBe(18);
  });
});
