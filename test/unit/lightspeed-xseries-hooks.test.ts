import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../connectors/connector.ts';
import { LightspeedSettings } from '../../connectors/lightspeed/settings.ts';
import { hearXSeries } from '../../connectors/lightspeed/xseries/index.ts';
import { startFaultyServer } from '../simulators/shared/faulty-server.ts';
import { carry, draftOf, openHouse } from './lightspeed-xseries-house.ts';
import { shopOrder } from './mpluskassa-house.ts';

const settings = LightspeedSettings.parse({ series: 'retail', domainPrefix: 'example', accessToken: 'token-1' });
const secret = 'cs_test_secret';
const hear = (over: Partial<Delivery> & { body?: Buffer }, clientSecret: string | undefined = secret) =>
  hearXSeries({ method: 'POST', headers: {}, body: Buffer.from(''), now: new Date(), ...over }, settings, {
    ...(clientSecret !== undefined && { clientSecret }),
  });
const form = (payload: object, more: Record<string, string> = { domain_prefix: 'example' }): Buffer =>
  Buffer.from(new URLSearchParams({ payload: JSON.stringify(payload), ...more }).toString());
const sign = (body: Buffer | string, key = secret): string =>
  `signature=${createHmac('sha256', key).update(body).digest('hex')},algorithm=HMAC-SHA256`;
const signed = (body: Buffer, header = sign(body)): Partial<Delivery> => ({ body, headers: { 'x-signature': header } });

describe('a delivery', () => {
  it('is believed when the raw form is signed with our secret', () => {
    const body = Buffer.from('payload=%7B%22id%22%3A%22abc%22%7D&domain_prefix=example');
    const header = 'signature=3927c2cf6aa8da730d2e10e20dfd5d32e300333ef72cefbd1300e1584c5dbff6,algorithm=HMAC-SHA256';
    expect(hear(signed(body, header))).toEqual([]);
    expect(
      hear(
        signed(
          body,
          header.replace(/=([0-9a-f]{64})/, (_all, hex: string) => `=${hex.toUpperCase()}`),
        ),
      ),
    ).toEqual([]);
  });

  it('is believed when the payload alone is signed, and with the parts of the header in any order', () => {
    const body = form({ id: 's-1', line_items: [] });
    expect(hear(signed(body, sign(JSON.stringify({ id: 's-1', line_items: [] }))))).toEqual([{ kind: 'order', id: 's-1' }]);
    const [signature, algorithm] = sign(body).split(',');
    expect(hear(signed(body, `${algorithm}, ${signature}`))).toEqual([{ kind: 'order', id: 's-1' }]);
  });

  it('is refused with another secret, another body, without a signature, for another store, and where we have no secret', () => {
    const body = form({ id: 's-1', line_items: [] });
    expect(hear(signed(body, sign(body, 'another')))).toBe('refused');
    expect(hear({ ...signed(Buffer.concat([body, Buffer.from('&x=1')]), sign(body)) })).toBe('refused');
    expect(hear({ body })).toBe('refused');
    expect(hear(signed(body, 'signature=,algorithm=HMAC-SHA256'))).toBe('refused');
    expect(hear(signed(Buffer.from('')))).toBe('refused');
    expect(hear(signed(form({ id: 's-1', line_items: [] }, { domain_prefix: 'other' })))).toBe('refused');
    expect(hear({ ...signed(body), method: 'GET' })).toBe('refused');
    expect(hear(signed(body, sign(body, '')), '')).toBe('refused');
  });

  it.each([
    ['a sale', { id: 's-1', invoice_number: 'W1-7', line_items: [{ quantity: 1 }] }, { kind: 'order', id: 's-1', number: 'W1-7' }],
    ['a sale as 0.9 writes it', { id: 's-1', register_sale_products: [] }, { kind: 'order', id: 's-1' }],
    ['a return', { id: 's-2', return_for: 's-1', line_items: [{ quantity: -1 }] }, { kind: 'order', id: 's-1' }],
    ['an exchange', { id: 's-2', return_for: 's-1', line_items: [{ quantity: -1 }, { quantity: 1 }] }, { kind: 'order', id: 's-2' }],
    ['a product', { id: 'p-1', sku: '1006', handle: 'mok' }, { kind: 'product', id: 'p-1' }],
    ['a variant', { id: 'p-2', sku: '1007', variant_parent_id: 'p-1' }, { kind: 'product', id: 'p-1' }],
    ['a customer', { id: 'c-1', customer_code: 'ANN-1', first_name: 'Ann' }, { kind: 'customer', id: 'c-1' }],
    ['a level', { id: 'i-1', product_id: 'p-1', outlet_id: 'o-1', count: 4 }, { kind: 'stock', id: 'p-1' }],
    ['a level as older ones write it', { id: 'i-1', product: { id: 'p-1' }, count: 4 }, { kind: 'stock', id: 'p-1' }],
  ])('about %s names the record to be read', (_name, payload, news) => {
    expect(hear(signed(form(payload)))).toEqual([news]);
  });

  it.each([
    ['a sale of ours', { id: 's-1', source: 'TILLBRIDGE', line_items: [] }],
    ['another sale of ours', { id: 's-1', source: 'USER', source_id: `tb-${'0'.repeat(29)}`, line_items: [] }],
    ['something that we do not know', { id: 'x-1', closed_at: '2026' }],
    ['nobody', { sku: '1' }],
  ])('about %s opens nothing', (_name, payload) => {
    expect(hear(signed(form(payload)))).toEqual([]);
  });

  it('that is not JSON opens nothing', () => {
    expect(hear(signed(Buffer.from('payload=%7B')))).toEqual([]);
    expect(hear(signed(Buffer.from('nothing')))).toEqual([]);
  });
});

describe('subscribing', () => {
  async function ears() {
    const heard: unknown[] = [];
    let listen: (delivery: Delivery) => unknown = () => undefined;
    const server = await startFaultyServer(async (request) => {
      heard.push(
        listen({
          method: request.method,
          headers: request.headers as Record<string, string>,
          body: Buffer.from(request.body),
          now: new Date(),
        }),
      );
      return { status: 200 };
    });
    return {
      server,
      heard,
      hearing: (by: typeof listen) => {
        listen = by;
      },
    };
  }

  const oauth = (house: Awaited<ReturnType<typeof openHouse>>) => {
    const { accessToken, refreshToken, expires } = house.sim.grant();
    return house.settings({ accessToken, refreshToken, expiresAt: new Date(expires * 1000).toISOString() });
  };

  it.each([false, true])('brings news of real sales, products, customers and stock (payload alone signed: %s)', async (signPayloadOnly) => {
    const house = await openHouse({ knobs: { signPayloadOnly, saleUpdates: 1 } });
    const { server, heard, hearing } = await ears();
    const entered = oauth(house);
    hearing((delivery) => hearXSeries(delivery, entered, house.options));
    const session = house.open(entered);
    await session.subscribe?.(`${server.url}/hooks/lightspeed/secret-1`, ['order', 'product', 'customer', 'stock', 'category']);
    const sale = house.sim.sell({ lines: [{ code: '1008' }] });
    house.sim.editProduct('1005', { common: { name: 'Koffiemachine' } });
    await house.sim.webhooks.idle();
    expect(heard).toContainEqual([{ kind: 'order', id: sale.id, number: sale.invoiceNumber }]);
    expect(heard).toContainEqual([{ kind: 'stock', id: house.sim.product('1008')?.id }]);
    expect(heard).toContainEqual([{ kind: 'product', id: house.sim.product('1005')?.id }]);
    heard.length = 0;
    const draft = draftOf('order', shopOrder(), { settings: { defaultPaymentMethod: house.sim.paymentTypeId('iDEAL') } });
    await carry(session, 'order', draft);
    await house.sim.webhooks.idle();
    expect(heard.flat().map((news) => Reflect.get(Object(news), 'kind'))).toEqual(expect.arrayContaining(['customer', 'stock']));
    expect(heard.flat()).not.toContainEqual(expect.objectContaining({ kind: 'order' }));
    house.sim.webhooks.mode.signature = 'wrong';
    heard.length = 0;
    house.sim.sell({});
    await house.sim.webhooks.idle();
    expect(new Set(heard)).toEqual(new Set(['refused']));
    await server.stop();
  });

  it('again changes nothing, moves ours to the new address and leaves those of others alone', async () => {
    const house = await openHouse();
    const session = house.open(oauth(house));
    const writes = () => house.sim.requests.filter(({ method, path }) => method !== 'GET' && path.startsWith('/webhooks')).length;
    const hooks = async () => {
      const token = house.sim.personalToken();
      const response = await fetch(`${house.sim.url}/api/2026-07/webhooks`, { headers: { authorization: `Bearer ${token}` } });
      const { data } = (await response.json()) as { data: { type: string; url: string }[] };
      return data.map(({ type, url }) => `${type} ${url}`).sort();
    };
    const other = { method: 'POST', headers: { authorization: `Bearer ${house.sim.personalToken()}` } };
    const stranger = JSON.stringify({ active: true, type: 'sale.update', url: 'https://other.example/hook' });
    await fetch(`${house.sim.url}/api/2026-07/webhooks`, { ...other, body: stranger });
    await session.subscribe?.('https://app.example/hooks/lightspeed/one', ['order', 'stock']);
    const first = writes();
    await session.subscribe?.('https://app.example/hooks/lightspeed/one', ['order', 'stock']);
    expect(writes()).toBe(first);
    await session.subscribe?.('https://app.example/hooks/lightspeed/two', ['order']);
    expect(await hooks()).toEqual(['sale.update https://app.example/hooks/lightspeed/two', 'sale.update https://other.example/hook']);
  });

  it('is left out where nothing could be verified, and where the store is older', async () => {
    const house = await openHouse();
    await house.session.subscribe?.('https://app.example/hooks/one', ['order']);
    house.sim.knobs.dated = false;
    await house.open(oauth(house)).subscribe?.('https://app.example/hooks/one', ['order']);
    expect(house.sim.requests.filter(({ path }) => path === '/webhooks')).toEqual([]);
  });
});
