/** The simulated store's catalogue, held against what the platform documents about its own. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EcwidSimulator, startEcwid } from '../simulators/ecwid/simulator.ts';

let store: EcwidSimulator;
const told: string[] = [];
beforeEach(async () => {
  store = await startEcwid({ now: () => new Date('2026-03-01T10:00:00Z') });
  store.install();
  const send = store.webhooks.send;
  told.length = 0;
  Object.assign(store.webhooks, {
    send: (event: Parameters<typeof send>[0]) => {
      told.push(`${event.eventType} ${event.entityId}`);
    },
  });
});
afterEach(() => store.stop());

/** All that is looked at in any answer. */
interface Told {
  id: number;
  name: string;
  quantity?: number;
  ticket: string;
  combinations: object[];
  attributes: { type: string; value: string }[];
  items: { id: number; name: string }[];
  responses: { id: string; status: string; httpStatusCode?: number; httpBody?: unknown }[];
}

async function call(method: string, path: string, body?: unknown) {
  const response = await fetch(`${store.apiBaseUrl}/${store.storeId}${path}`, {
    method,
    headers: { authorization: `Bearer ${store.tokens()?.accessToken}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Told };
}
const lamp = { name: 'Lamp', sku: '5001', price: 10 };

describe('the simulated store’s catalogue', () => {
  it('makes a product with its combinations only when told to save them, and tells the webhooks of each write', async () => {
    const combinations = [{ options: [{ name: 'Size', value: 'L' }], sku: '5001-L', price: 12 }];
    const { body: plain } = await call('POST', '/products', { ...lamp, combinations });
    expect((await call('GET', `/products/${plain.id}`)).body.combinations).toEqual([]);
    const { body: made } = await call('POST', '/products?saveCombinations=true', { ...lamp, sku: '5002', combinations });
    const { body: read } = await call('GET', `/products/${made.id}`);
    expect(read).toMatchObject({ combinations: [{ sku: '5001-L', price: 12 }], options: [{ type: 'SELECT', name: 'Size' }] });
    expect((await call('GET', '/products?sku=5001-L')).body.items.map(({ id }) => id)).toEqual([made.id]);
    await call('PUT', `/products/${made.id}`, { price: 11 });
    expect(told).toEqual([`product.created ${plain.id}`, `product.created ${made.id}`, `product.updated ${made.id}`]);
  });

  it('leaves fields that a PUT does not name, and replaces arrays that it does', async () => {
    const attributes = [
      { alias: 'UPC', value: '871' },
      { alias: 'BRAND', value: 'Licht' },
    ];
    const { body: made } = await call('POST', '/products', { ...lamp, description: 'Warm', attributes });
    expect((await call('PUT', `/products/${made.id}`, { attributes: [{ alias: 'UPC', value: '872' }] })).body).toEqual({ updateCount: 1 });
    const { body: read } = await call('GET', `/products/${made.id}`);
    expect(read).toMatchObject({ description: 'Warm', name: 'Lamp' });
    expect(read.attributes.map(({ type, value }) => [type, value])).toEqual([['UPC', '872']]);
  });

  it('has no quantity where stock is without limit, lets it go negative, and says so', async () => {
    const { body: made } = await call('POST', '/products', { ...lamp, quantity: 1, unlimited: false });
    const answer = await call('PUT', `/products/${made.id}/inventory`, { quantityDelta: -2 });
    expect(answer.body).toEqual({ updateCount: 1, warning: 'Product has negative stock.' });
    expect((await call('GET', `/products/${made.id}`)).body.quantity).toBe(-1);
    await call('PUT', `/products/${made.id}`, { unlimited: true });
    expect((await call('GET', `/products/${made.id}`)).body).not.toHaveProperty('quantity');
  });

  it('refuses a SKU, a reference and a choice that are taken', async () => {
    const { body: made } = await call('POST', '/products', { ...lamp, externalReferenceId: 'tb-1' });
    expect(await call('POST', '/products', lamp)).toMatchObject({ status: 409, body: { errorCode: 'SKU_ALREADY_EXISTS' } });
    const reference = await call('POST', '/products', { ...lamp, sku: 'other', externalReferenceId: 'tb-1' });
    expect(reference).toMatchObject({ status: 409, body: { errorCode: 'EXTERNAL_ID_ALREADY_USED' } });
    const large = { options: [{ name: 'Size', value: 'L' }] };
    expect((await call('POST', `/products/${made.id}/combinations`, large)).status).toBe(200);
    const again = await call('POST', `/products/${made.id}/combinations`, large);
    expect(again).toMatchObject({ status: 409, body: { errorCode: 'COMBINATION_DUPLICATED' } });
    expect((await call('POST', '/products', { sku: 'x' })).status).toBe(400);
  });

  it('carries out a batch part by part, once per key', async () => {
    const parts = [
      { id: 'a', method: 'POST', path: '/products', body: lamp },
      { id: 'b', method: 'POST', path: '/products', body: lamp },
      { id: 'c', method: 'GET', path: '/products?sku=5001&responseFields=total', body: '' },
    ];
    const query = '?deduplicationKey=8d3c5b1e-0000-4000-8000-000000000001';
    const { body: sent } = await call('POST', `/batch${query}`, parts);
    expect((await call('POST', `/batch${query}`, parts)).body).toEqual(sent);
    const { body: result } = await call('GET', `/batch?ticket=${sent.ticket}`);
    expect(result).toMatchObject({ status: 'COMPLETED', totalRequests: 3, completedRequests: 3 });
    expect(result.responses.map(({ id, status, httpStatusCode }) => [id, status, httpStatusCode])).toEqual([
      ['a', 'COMPLETED', 200],
      ['b', 'FAILED', 409],
      ['c', 'COMPLETED', 200],
    ]);
    expect(result.responses[2]?.httpBody).toEqual({ total: 1 });
    const stopping = await call('POST', '/batch?stopOnFirstFailure=true', [parts[1], parts[2]]);
    const { body: stopped } = await call('GET', `/batch?ticket=${stopping.body.ticket}`);
    expect(stopped.responses.map(({ status }) => status)).toEqual(['FAILED', 'NOT_EXECUTED']);
  });

  it('shows a lagging list of what was, and the record itself as it is', async () => {
    store.state.indexLagMs = 60_000;
    const id = store.shop.productIdOf('1001');
    await call('PUT', `/products/${id}`, { name: 'Beans' });
    expect((await call('GET', '/products?sku=1001')).body.items[0]?.name).toBe('Espresso beans, 1 kg');
    expect((await call('GET', `/products/${id}`)).body.name).toBe('Beans');
  });
});
