/** How the simulated shop behaves: its Admin API, its webhooks and their mishaps, and the page of the administration. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ShopwareSimulator } from '../simulators/shopware/simulator.ts';
import type { SmallApp } from '../simulators/shopware/small-app.ts';
import { errors, type Json, object, rows, startTrial, type Trial } from '../simulators/shopware/trial.ts';

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

describe('the back office', () => {
  it('tells of edits without their values, and of newsletter readers without their address', async () => {
    app.forget();
    await shop.backOffice.editCustomer('10001', { firstName: 'Pieter' });
    await shop.backOffice.editProduct('1001', { stock: 5 });
    const id = await shop.backOffice.subscribe('lezer@example.test');
    expect(app.names()).toEqual(['customer.written', 'product.written', 'newsletter.confirm']);
    const bodies = app.requests.map((request) => request.body).join();
    expect(bodies).not.toMatch(/Pieter|lezer@/);
    expect(bodies).toContain(`"_uniqueIdentifier":"${id}"`);
    const [reader] = rows((await api('POST', '/search/newsletter-recipient', { ids: [id] })).json);
    expect(reader?.email).toBe('lezer@example.test');
  });
});

describe('the Admin API', () => {
  it('leaves out what was not asked for, and needs the right to read what was', async () => {
    await shop.orders.placeOrder({ customer: '10003' });
    const plain = rows((await api('POST', '/search/order', { limit: 1 })).json)[0];
    expect(plain?.lineItems).toBeNull();
    const asked = rows(
      (await api('POST', '/search/order', { associations: { lineItems: {}, orderCustomer: { associations: { customer: {} } } } })).json,
    )[0];
    expect(asked?.lineItems).toHaveLength(shop.db.all('order_line_item').length);
    expect(object(object(asked?.orderCustomer).customer).customerNumber).toBe('10003');
    await open('6.6', '<manifest><permissions><read>order</read></permissions></manifest>');
    const refused = await api('POST', '/search/order', { associations: { lineItems: { associations: { product: {} } } } });
    expect(refused.status).toBe(403);
    expect(JSON.parse(String(errors(refused.json)[0]?.detail))).toEqual({
      message: 'Missing privilege',
      missingPrivileges: ['order_line_item:read', 'product:read'],
    });
  });

  it('finds paid transactions by the state they are in and the time they changed', async () => {
    const paid = await shop.orders.placePaidOrder();
    const since = String(shop.db.get('order_transaction', paid.transactionId).updatedAt);
    await shop.orders.placeOrder();
    const { json } = await api('POST', '/search/order-transaction', {
      'total-count-mode': 1,
      filter: [
        { type: 'equals', field: 'stateMachineState.technicalName', value: 'paid' },
        { type: 'range', field: 'updatedAt', parameters: { gte: since } },
      ],
      sort: [{ field: 'updatedAt', order: 'ASC' }],
    });
    expect(rows(json).map((row) => row.orderId)).toEqual([paid.id]);
    expect(shop.db.get('order', paid.id).updatedAt).toBeNull();
    const across = await api('POST', '/search-ids/order', {
      filter: [
        {
          type: 'not',
          operator: 'OR',
          queries: [{ type: 'equals', field: 'transactions.stateMachineState.technicalName', value: 'paid' }],
        },
      ],
    });
    expect(across.json.data).not.toContain(paid.id);
    expect(across.json.total).toBe(1);
  });

  it('refuses pages above 500, unknown fields and unknown associations', async () => {
    const code = async (criteria: unknown): Promise<unknown> => errors((await api('POST', '/search/product', criteria)).json)[0]?.code;
    expect(await code({ limit: 501 })).toBe('FRAMEWORK__QUERY_LIMIT_EXCEEDED');
    expect(await code({ filter: [{ type: 'equals', field: 'sku', value: '1' }] })).toBe('FRAMEWORK__UNMAPPED_FIELD');
    expect(await code({ associations: { lines: {} } })).toBe('FRAMEWORK__ASSOCIATION_NOT_FOUND');
  });

  it('knows wrong secrets (4) from worn-out tokens (9)', async () => {
    const wrong = await fetch(`${shop.url}/api/oauth/token`, {
      method: 'POST',
      body: JSON.stringify({ grant_type: 'client_credentials', client_id: 'a', client_secret: 'b' }),
    });
    expect([wrong.status, errors(object(await wrong.json()))[0]?.code]).toEqual([401, '4']);
    const bearer = await trial.token();
    shop.expireTokens();
    const late = await fetch(`${shop.url}/api/_info/version`, { headers: { authorization: `Bearer ${bearer}` } });
    expect([late.status, errors(object(await late.json()))[0]?.code]).toEqual([401, '9']);
  });

  it('moves an order along its states, takes stock back on cancel, and refuses what cannot be', async () => {
    const stock = (): number => Number(shop.db.all('product').find((row) => row.productNumber === '1001')?.stock);
    const before = stock();
    const { id } = await shop.orders.placeOrder({ lines: [{ productNumber: '1001', quantity: 3 }] });
    expect(stock()).toBe(before - 3);
    expect((await api('POST', `/_action/order/${id}/state/process`)).json.technicalName).toBe('in_progress');
    const illegal = await api('POST', `/_action/order/${id}/state/reopen`);
    expect([illegal.status, errors(illegal.json)[0]?.code]).toEqual([400, 'SYSTEM__ILLEGAL_STATE_TRANSITION']);
    const ways = (await api('GET', `/_action/state-machine/order/${id}/state`)).json.transitions as Json[];
    expect(ways.map((way) => way.actionName)).toEqual(['complete', 'cancel']);
    await api('POST', `/_action/order/${id}/state/cancel`);
    expect(stock()).toBe(before);
    expect(app.events('product.written')).toEqual([]);
    expect(app.events('order.written').length).toBe(3);
  });

  it('remembers a request that it does not know', async () => {
    expect((await api('POST', '/_action/nonsense')).status).toBe(404);
    expect(shop.unexpected).toEqual(['POST /api/_action/nonsense']);
  });

  it('fails on demand, and only as often as told', async () => {
    const statuses = async (): Promise<number> => (await api('GET', '/_info/version')).status;
    shop.faults.add({ kind: 'throttle', path: '/api/_info', times: 1, retryAfterSeconds: 2 });
    shop.faults.add({ kind: 'status', path: '/api/_info', times: 1, status: 503 });
    expect([await statuses(), await statuses(), await statuses()]).toEqual([429, 503, 200]);
    shop.faults.add({ kind: 'lose-answer', path: /state\/process$/ });
    const { id } = await shop.orders.placeOrder();
    await expect(api('POST', `/_action/order/${id}/state/process`)).rejects.toThrow();
    expect(object(shop.orders.read(id).stateMachineState).technicalName).toBe('in_progress');
  });
});

describe('webhooks', () => {
  it('come in the order of a checkout, and a payment is not an order.written', async () => {
    app.forget();
    await shop.orders.placePaidOrder({ customer: '10001' });
    expect(app.names()).toEqual([
      'customer.written',
      'customer.written',
      'order.written',
      'checkout.order.placed',
      'state_enter.order_transaction.state.paid',
    ]);
  });

  it('are tried four times under one event id and give up for good after ten lost events', async () => {
    shop.webhooks.mode = 'queue';
    app.answerWith(500);
    await shop.orders.placeOrder({ placedBy: 'admin' });
    await shop.webhooks.idle();
    const tries = shop.webhooks.deliveries.filter((one) => one.event === 'order.written');
    expect(tries.map((one) => one.attempt)).toEqual([1, 2, 3, 4]);
    expect(new Set(tries.map((one) => one.eventId)).size).toBe(1);
    for (let n = 0; n < 9; n++) await shop.orders.placeOrder({ placedBy: 'admin' });
    await shop.webhooks.idle();
    expect(shop.db.all('webhook').find((row) => row.eventName === 'order.written')?.active).toBe(false);
  });

  it('can be doubled, shuffled and lost', async () => {
    shop.webhooks.mode = 'queue';
    shop.webhooks.setOrder('reverse');
    shop.webhooks.setDuplicates(1);
    app.forget();
    await shop.orders.placePaidOrder({ placedBy: 'admin' });
    await shop.webhooks.idle();
    const paid = 'state_enter.order_transaction.state.paid';
    expect(app.names()).toEqual([paid, paid, 'order.written', 'order.written']);
    shop.webhooks.mode = 'dropped';
    await shop.orders.placeOrder();
    expect(app.names()).toHaveLength(4);
  });

  it('tell of an edited order once per version, as an object when the draft came first', async () => {
    const { id } = await shop.orders.placeOrder({ placedBy: 'admin' });
    app.forget();
    await shop.orders.editOrder(id, { lines: [{ productNumber: '1006', quantity: 4 }], shippingCost: 0 });
    const [only, ...more] = app.events('order.written');
    expect(more).toEqual([]);
    expect(Object.keys(object(object(JSON.parse(only?.body ?? '')).data).payload as Json)).toEqual(['1']);
    expect(shop.orders.read(id).amountTotal).toBe(51.96);
  });

  it('say at the end whether data is kept, in 6.7 only', async () => {
    const payload = (): unknown => object(object(JSON.parse(app.last('app.deleted').body)).data).payload;
    await shop.uninstall({ keepUserData: true });
    expect(payload()).toEqual([]);
    await open('6.7');
    await shop.uninstall({ keepUserData: true });
    expect(payload()).toEqual({ keepUserData: true });
  });
});

describe('the page of the administration', () => {
  it('opens the app under a fresh signature and shows what was ordered', async () => {
    const page = await (await fetch(`${shop.url}/admin`)).text();
    expect(page).toContain('sw-app-loaded');
    expect(page).toContain("frame.referrerPolicy = 'origin-when-cross-origin'");
    const post = async (path: string): Promise<Json> =>
      object(await (await fetch(`${shop.url}/sandbox/${path}`, { method: 'POST' })).json());
    await post('orders/unpaid');
    const paid = await post('orders/pay-last');
    await post('orders/unknown-product');
    const listed = object(await (await fetch(`${shop.url}/sandbox/orders`, { headers: { origin: 'http://localhost:5173' } })).json())
      .orders as Json[];
    expect(listed.map((row) => row.payment)).toEqual(['Paid', 'Paid']);
    expect(listed[1]?.orderNumber).toBe(paid.orderNumber);
    const { url } = object(await (await fetch(`${shop.url}/sandbox/module-url`)).json());
    expect(String(url)).toContain(`shop-id=${shop.shopId}&`);
  });
});
