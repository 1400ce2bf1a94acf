import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signEvent } from '../simulators/ecwid/payload.ts';
import { type EcwidSimulator, startEcwid } from '../simulators/ecwid/simulator.ts';

let store: EcwidSimulator;
beforeEach(async () => {
  store = await startEcwid({
    scopes: ['read_store_profile', 'read_orders', 'read_customers', 'read_catalog', 'update_orders', 'update_catalog', 'public_storefront'],
  });
  store.install();
});
afterEach(() => store.stop());

interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}
const call = async (path: string, init: RequestInit & { token?: string } = {}): Promise<Answer> => {
  const token = init.token ?? store.tokens()?.accessToken ?? '';
  const response = await fetch(`${store.apiBaseUrl}${path}`, { ...init, headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, unknown> };
};

const data = resolve(import.meta.dirname, '../../../shared/contracts/data/ecwid');
describe.runIf(existsSync(data))('what the simulated store answers', () => {
  type Field = { name: string };
  const read = (name: string) => JSON.parse(readFileSync(resolve(data, name), 'utf8'));
  const docs = existsSync(data) ? (read('schema/docs-fields.json') as Record<string, { sections: Record<string, Field[]> }>) : {};
  const dtos = existsSync(data) ? (read('schema/kotlin-dtos.json') as Record<string, Record<string, [string, string][]>>) : {};

  /** Names that the documentation of the page has, with those of the official client's class of the same record. */
  const knownNames = (page: string, classes: RegExp): Set<string> => {
    const names = Object.values(docs[page]?.sections ?? {}).flatMap((fields) => fields.map((field) => field.name));
    const typed = Object.entries(dtos)
      .filter(([file]) => classes.test(file))
      .flatMap(([, dto]) =>
        Object.values(dto).flatMap((fields) => fields.map((field) => (Array.isArray(field) ? field[0] : String(field)))),
      );
    return new Set([...names, ...typed]);
  };
  const namesIn = (value: unknown): string[] =>
    Array.isArray(value)
      ? value.flatMap(namesIn)
      : typeof value === 'object' && value !== null
        ? Object.entries(value).flatMap(([name, inner]) => [name, ...namesIn(inner)])
        : [];

  it.each([
    ['orders/get-order', /^order\/result\//, (): string => `/1003/orders/${encodeURIComponent(store.placeWithCouponPromoGiftCard().id)}`],
    ['orders/get-order', /^order\/result\//, (): string => `/1003/orders/${store.placeB2BReverseCharge().id}`],
    ['orders/get-order', /^order\/result\//, (): string => `/1003/orders/${store.refundFull(store.placePickup().id).id}`],
    ['customers/get-customer', /^customer\/result\//, (): string => `/1003/customers/${store.placeOnlinePaid().customerId}`],
    ['products/get-product', /^(product|variation)\/result\//, (): string => `/1003/products/${store.shop.productIdOf('1006')}`],
    ['store-profile/get-store-profile', /^profile\/result\//, (): string => '/1003/profile'],
  ] as const)('has only fields that the documents know: %s', async (page, classes, path) => {
    const known = knownNames(page, classes);
    expect(known.size).toBeGreaterThan(20);
    const { status, body } = await call(path());
    expect(status).toBe(200);
    expect([...new Set(namesIn(body))].filter((name) => !known.has(name))).toEqual([]);
  });

  it('signs as the published vectors are signed', () => {
    const vectors = read('test-vectors.json').webhookSignature as {
      eventCreated: number;
      eventId: string;
      clientSecret: string;
      signature: string;
    }[];
    for (const vector of vectors) expect(signEvent(vector.eventCreated, vector.eventId, vector.clientSecret)).toBe(vector.signature);
  });

  it('sends webhooks of the published shape', async () => {
    const examples = read('webhook-examples.json') as Record<string, Record<string, unknown>>;
    const received = await listening();
    store.connect(received.url);
    const order = store.placeOffline();
    store.markPaid(order.id);
    store.remove(order.id);
    store.suspend();
    store.uninstall();
    await store.webhooks.idle();
    await received.stop();
    expect(new Set(received.bodies.map((body) => body.eventType))).toEqual(
      new Set([
        'order.created',
        'order.updated',
        'order.deleted',
        'product.updated',
        'customer.created',
        'application.subscriptionStatusChanged',
        'application.uninstalled',
      ]),
    );
    for (const body of received.bodies) {
      const example = Object.entries(examples).find(([name]) => name.split(' ')[0] === body.eventType)?.[1] ?? {};
      expect(Object.keys(body).sort()).toEqual(Object.keys(example).sort());
      expect(typeof body.entityId).toBe(typeof example.entityId);
      expect(Object.keys(body.data ?? {}).sort()).toEqual(Object.keys((example.data as object | undefined) ?? {}).sort());
    }
  });
});

async function listening(answer: () => number = () => 200) {
  const bodies: { eventId: string; eventType: string; entityId: unknown; data?: object }[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += String(chunk);
    });
    request.on('end', () => {
      bodies.push(JSON.parse(text));
      response.writeHead(answer(), { location: '/elsewhere' }).end();
    });
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  return {
    bodies,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}

describe('the simulated store', () => {
  it('checks token, store, plan and scope in this order', async () => {
    expect(await call('/1003/profile', { token: 'secret_wrong' })).toMatchObject({ status: 403, body: { errorCode: 'INVALID_API_TOKEN' } });
    expect(await call('/1004/profile')).toMatchObject({ status: 403, body: { errorCode: 'INVALID_API_TOKEN' } });
    store.state.plan.paid = false;
    expect(await call('/1003/orders')).toMatchObject({ status: 402 });
    store.state.plan.paid = true;
    const narrow = await startEcwid({ scopes: ['read_store_profile'] });
    narrow.install();
    const response = await fetch(`${narrow.apiBaseUrl}/1003/orders`, {
      headers: { authorization: `Bearer ${narrow.tokens()?.accessToken}` },
    });
    await narrow.stop();
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ errorCode: 'INSUFFICIENT_APP_SCOPE' });
  });

  it('pages, filters and trims lists', async () => {
    for (let count = 0; count < 105; count += 1) store.placeOnlinePaid();
    store.placeOffline();
    store.abandon();
    expect((await call('/1003/orders?limit=500')).body).toMatchObject({ total: 106, count: 100, limit: 100 });
    expect((await call('/1003/orders?offset=100&responseFields=total,items(id)')).body).toEqual({
      total: 106,
      items: Array.from({ length: 6 }, () => ({ id: expect.any(String) })),
    });
    expect((await call('/1003/orders?paymentStatus=AWAITING_PAYMENT,CANCELLED')).body.total).toBe(1);
    expect((await call('/1003/orders?updatedFrom=tomorrow')).status).toBe(400);
    expect((await call('/1003/orders?updatedFrom=4102444800')).body.total).toBe(0);
  });

  it('lets lists lag and single records not', async () => {
    store.state.indexLagMs = 60_000;
    const order = store.placeOnlinePaid();
    expect((await call('/1003/orders')).body.total).toBe(0);
    expect((await call(`/1003/orders/${order.id}`)).status).toBe(200);
  });

  it('changes orders in part and tells about it, whoever did it', async () => {
    const received = await listening();
    store.connect(received.url);
    const order = store.placeOnlinePaid();
    const { body } = await call(`/1003/orders/${order.id}`, { method: 'PUT', body: JSON.stringify({ privateAdminNotes: 'receipt 12' }) });
    await store.webhooks.idle();
    await received.stop();
    expect(body).toEqual({ updateCount: 1 });
    expect(store.shop.orders.get(order.id)).toMatchObject({ privateAdminNotes: 'receipt 12', email: order.email });
    expect(received.bodies.filter((one) => one.eventType === 'order.updated')).toMatchObject([
      { data: { oldPaymentStatus: 'PAID', newPaymentStatus: 'PAID' } },
    ]);
  });

  it('repeats a webhook 27 times with one event id unless the answer is one that counts', async () => {
    for (const [status, tries] of [
      [204, 1],
      [203, 28],
      [301, 28],
    ] as const) {
      const fresh = await startEcwid();
      const received = await listening(() => status);
      fresh.connect(received.url);
      fresh.webhooks.mode.minuteMs = 0.01;
      fresh.install();
      await fresh.webhooks.idle();
      await fresh.stop();
      await received.stop();
      expect(received.bodies).toHaveLength(tries);
      expect(new Set(received.bodies.map((body) => body.eventId)).size).toBe(1);
      expect(fresh.webhooks.lost).toHaveLength(tries === 1 ? 0 : 1);
    }
  });

  it('gives a code once, and takes the token back when it comes twice', async () => {
    const code = store.code('https://app.example/callback');
    const exchange = () =>
      fetch(`${store.oauthBaseUrl}/token/1003`, {
        method: 'POST',
        body: new URLSearchParams({
          client_id: store.clientId,
          client_secret: store.clientSecret,
          code,
          redirect_uri: 'https://app.example/callback',
          grant_type: 'authorization_code',
        }),
      });
    const first = (await (await exchange()).json()) as { access_token: string; store_id: number };
    expect(first.store_id).toBe(1003);
    expect((await call('/1003/profile', { token: first.access_token })).status).toBe(200);
    expect((await exchange()).status).toBe(400);
    expect((await call('/1003/profile', { token: first.access_token })).status).toBe(403);
  });

  it('plays the Control Panel: the app in a frame, buttons, and the list of orders', async () => {
    store.connect('http://127.0.0.1:1/ecwid');
    store.webhooks.mode.drop = true;
    const page = await fetch(store.adminUrl);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(await page.text()).toContain('Place a paid order');
    const act = async (action: string, id?: string) =>
      (await fetch(`${store.url}/sandbox/${action}`, { method: 'POST', body: JSON.stringify({ id }) })).json() as Promise<{ id: string }>;
    const { id } = await act('unpaid');
    await act('mark-paid', id);
    await act('paid');
    const { orders } = (await (await fetch(`${store.url}/sandbox/orders`)).json()) as { orders: { id: string; paymentStatus: string }[] };
    expect(orders.map((order) => order.paymentStatus)).toEqual(['PAID', 'PAID']);
    expect(await (await fetch(`${store.url}/sandbox/frame`)).json()).toMatchObject({
      url: expect.stringContaining('/ecwid/frame?payload='),
    });
    expect(await (await fetch(store.appScriptUrl)).text()).toContain('window.EcwidApp');
    expect(store.unexpected).toEqual([]);
  });

  it('notes a request that no store answers', async () => {
    expect((await call('/1003/coffee')).status).toBe(422);
    expect(store.unexpected).toEqual(['GET /api/v3/1003/coffee']);
  });
});
