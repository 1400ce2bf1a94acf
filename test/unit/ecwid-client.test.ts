import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Order } from '../../connectors/commerce.ts';
import type { Change, Session } from '../../connectors/connector.ts';
import { Failure } from '../../connectors/failure.ts';
import { ecwid, ecwidConnector } from '../../ecwid-app/index.ts';
import { type EcwidOptions, type EcwidSimulator, startEcwid } from '../simulators/ecwid/simulator.ts';
import { directSend } from './ecwid-house.ts';

let store: EcwidSimulator;
let clock: Date;
let session: Session;
const later = (seconds: number) => {
  clock = new Date(clock.getTime() + seconds * 1000);
};

async function restart(options: EcwidOptions = {}): Promise<void> {
  await store?.stop();
  clock = new Date('2026-03-01T10:00:00Z');
  store = await startEcwid({ now: () => clock, ...options });
  store.install();
  session = reopened();
}
function reopened(accessToken = store.tokens()?.accessToken ?? ''): Session {
  const connector = ecwidConnector({ apiBaseUrl: store.apiBaseUrl });
  return connector.open(connector.settings.parse({ storeId: store.storeId, accessToken }), { send: directSend(), now: () => clock });
}
beforeEach(() => restart());
afterEach(() => store.stop());

async function walked(cursor?: string, kind: 'order' | 'customer' | 'product' = 'order'): Promise<Change[]> {
  const changes: Change[] = [];
  for await (const change of session.changed(kind, cursor)) changes.push(change);
  return changes;
}
const failureFrom = (work: Promise<unknown>): Promise<Failure> =>
  work.then(
    () => Promise.reject(new Error('it worked')),
    (error: unknown) => (error instanceof Failure ? error : Promise.reject(error)),
  );

describe('the connection to an Ecwid store', () => {
  it('says which store it is, what it counts in and what it may not do', async () => {
    await expect(session.check()).resolves.toMatchObject({ summary: 'Koffie & Co, EUR', warnings: [] });
    await restart({ scopes: ['read_store_profile', 'read_orders'] });
    const { warnings } = await session.check();
    expect(warnings).toEqual([
      expect.objectContaining({ code: 'shop.privileges-missing', params: { privileges: 'read_customers, read_catalog' } }),
    ]);
  });

  it('asks for its settings and comes with the shop', () => {
    expect(ecwid).toMatchObject({ name: 'ecwid', installed: true, writes: {} });
    expect(ecwid.reads.order?.overlapMs).toBeGreaterThanOrEqual(600_000);
    const { calls, intervalMs } = ecwid.limits.perInterval ?? { calls: 0, intervalMs: 1 };
    expect((calls * 60_000) / intervalMs).toBeLessThanOrEqual(600);
  });

  it('reads orders in the order asked for, unknown ones as such, and encodes ids', async () => {
    await restart({ orderPrefix: 'MY/SHOP #' });
    const first = store.placeOnlinePaid();
    const second = store.placeOffline();
    const [a, missing, b] = await session.read('order', [second.id, 'NOPE', first.id]);
    expect(a).toMatchObject({ id: second.id, number: second.id, paymentState: 'open', paidMinor: 0 });
    expect(missing).toBeUndefined();
    expect(b).toMatchObject({
      id: first.id,
      paymentState: 'paid',
      paidMinor: Math.round(first.total * 100),
      salesChannel: { id: '1003', name: 'Koffie & Co' },
    });
    expect(store.unexpected).toEqual([]);
    expect(store.calls.filter((call) => call.path === '/profile')).toHaveLength(1);
  });

  it('reads many orders in one call, but believes the list, which lags, only about what is paid', async () => {
    await session.check();
    const paid = Array.from({ length: 40 }, () => store.placeOnlinePaid().id);
    const open = store.placeOffline().id;
    const before = store.calls.length;
    const wanted = [...paid.slice(0, 20), open, 'NOPE', ...paid.slice(20)];
    const read = await session.read('order', wanted);
    expect(read.map((order) => (order as { id?: string } | undefined)?.id)).toEqual(wanted.map((id) => (id === 'NOPE' ? undefined : id)));
    expect(store.calls.slice(before).map(({ path, query }) => path + (query.has('ids') ? '?ids' : ''))).toEqual([
      '/orders?ids',
      `/orders/${open}`,
      '/orders/NOPE',
    ]);
    store.state.indexLagMs = 60_000;
    const fresh = Array.from({ length: 5 }, () => store.placeOnlinePaid().id);
    expect((await session.read('order', fresh)).map((order) => (order as { paymentState: string }).paymentState)).toEqual(
      fresh.map(() => 'paid'),
    );
  });

  it('finds an order by its number and a product by its own', async () => {
    const order = store.placeOnlinePaid();
    expect((await session.read('order', [`#${order.id}`, '#NOPE'])).map((found) => (found as { id?: string } | undefined)?.id)).toEqual([
      order.id,
      undefined,
    ]);
    expect(await session.read('product', ['#1001'])).toMatchObject([{ sku: '1001' }]);
    expect(await session.read('customer', ['#1'])).toEqual([undefined]);
    await restart({ orderPrefix: '#' });
    const signed = store.placeOnlinePaid();
    for (const wanted of [signed.id, `#${signed.id}`]) expect(await session.read('order', [wanted])).toMatchObject([{ id: signed.id }]);
  });

  it('lists what changed within one second in the order in which it was placed', async () => {
    const orders = Array.from({ length: 12 }, () => store.placeOnlinePaid().id);
    expect((await walked()).map(({ id }) => id)).toEqual(orders);
  });

  it('does not name the platform when its address cannot be reached', async () => {
    const session = ecwidConnector({ apiBaseUrl: 'http://ecwid.invalid:1/api/v3' }).open(
      { storeId: '1003', accessToken: 'secret_of_nobody' },
      { send: directSend(), now: () => clock },
    );
    const failure = await failureFrom(session.check());
    expect(failure).toMatchObject({ remedy: 'wait', code: 'shop.unavailable' });
    expect(`${failure.message} ${JSON.stringify(failure.params)}`).not.toMatch(/ecwid|lightspeed/i);
  });

  it('reads what every kind of order looks like, and none differs from its total', async () => {
    const orders = [
      store.placeGuest(),
      store.placePickup(),
      store.placeWithCouponPromoGiftCard(),
      store.placeB2BReverseCharge(),
      store.randomOrder(true),
      store.randomOrder(false),
    ];
    const read = (await session.read(
      'order',
      orders.map((order) => order.id),
    )) as Order[];
    for (const order of read) expect(order.lines.reduce((total, line) => total + line.grossMinor, 0)).toBe(order.totalMinor);
    expect(read[0]?.customer?.guest).toBe(true);
    expect(read[1]?.shipping).toBeUndefined();
    expect(read[3]?.prices).toBe('tax-free');
  });

  it('reads customers, and products by id, by SKU and by the SKU of a combination', async () => {
    const order = store.placeOnlinePaid();
    await expect(session.read('customer', [String(order.customerId), '1'])).resolves.toEqual([
      expect.objectContaining({ email: order.email }),
      undefined,
    ]);
    const mug = String(store.shop.productIdOf('1006'));
    const products = await session.read('product', [mug, `${mug}-99002`, 'sku:1001', 'sku:1006-W', 'sku:404']);
    expect(products.map((product) => product && 'sku' in product && product.sku)).toEqual(['1006', '1006', '1001', '1006-W', undefined]);
  });

  it('offers the lists that mappings choose from', async () => {
    expect((await session.vocabulary('paymentMethods')).map(({ value }) => value)).toEqual(['iDEAL', 'Bank transfer', 'Cash']);
    expect((await session.vocabulary('shippingMethods')).map(({ value }) => value)).toEqual(['6589-1', '6589-2']);
    expect((await session.vocabulary('taxRates')).map(({ value }) => value)).toEqual(['2100', '1900', '900', '0']);
    expect(await session.vocabulary('countries')).toContainEqual({ value: 'NL', label: 'Netherlands' });
    expect(await session.vocabulary('salesChannels')).toEqual([{ value: '1003', label: 'Koffie & Co' }]);
    const articles = (await session.vocabulary('products')).map(({ value }) => value);
    expect(articles).toEqual(expect.arrayContaining(['1001', '1006', '1006-W']));
    expect(articles.indexOf('1006-W')).toBeLessThan(articles.findIndex((number) => /^\d+$/.test(number)));
    expect(await failureFrom(session.vocabulary('colours'))).toMatchObject({ remedy: 'fix-data' });
  });

  it('takes no carts', async () => {
    expect(await failureFrom(session.plan('cart', []))).toMatchObject({ code: 'shop.not-writable', remedy: 'fix-data' });
    expect(await failureFrom(session.apply('cart', []))).toMatchObject({ code: 'shop.not-writable' });
  });
});

describe('looking for changes', () => {
  it('finds every order once, oldest first, however many changed', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 260; count += 1) {
      ids.push(store.placeOnlinePaid().id);
      if (count % 7 === 0) later(count * 60);
    }
    const changes = await walked();
    expect(changes.map((change) => change.id).sort()).toEqual([...ids].sort());
    const instants = changes.map((change) => Number(change.cursor.slice(1)));
    expect(instants).toEqual([...instants].sort((left, right) => left - right));
    expect(changes[0]?.number).toBe(changes[0]?.id);
    expect(store.calls.length).toBeLessThan(60);
  });

  it('pages through a second in which more orders changed than a page holds', async () => {
    const ids = Array.from({ length: 230 }, () => store.placeOnlinePaid().id);
    expect(new Set((await walked()).map((change) => change.id))).toEqual(new Set(ids));
  });

  it('goes on from its cursor and looks ten minutes back, for the list lags', async () => {
    const old = store.placeOnlinePaid();
    later(3600);
    store.state.indexLagMs = 90_000;
    const late = store.placeOnlinePaid();
    later(60);
    expect((await walked()).map((change) => change.id)).toEqual([old.id]);
    later(60);
    const cursor = `u${Math.floor(clock.getTime() / 1000)}`;
    expect((await walked(cursor)).map((change) => change.id)).toEqual([late.id]);
  });

  it('begins at an instant', async () => {
    store.placeOnlinePaid();
    later(3600);
    const since = clock.toISOString();
    const order = store.placeOnlinePaid();
    expect((await walked(since)).map((change) => change.id)).toEqual([order.id]);
    expect(await failureFrom(walked('sometime'))).toMatchObject({ code: 'shop.cursor-unreadable' });
  });

  it('sees a payment as a change, and never an unfinished order', async () => {
    const order = store.placeOffline();
    store.abandon();
    later(7200);
    store.markPaid(order.id);
    expect((await walked(new Date(clock.getTime() - 60_000).toISOString())).map((change) => change.id)).toEqual([order.id]);
    expect(await walked()).toHaveLength(1);
  });

  it('tells two changes of one second apart, and the same one not', async () => {
    const order = store.placeOffline();
    const [open] = await walked();
    store.markPaid(order.id);
    const [paid] = await walked();
    expect(paid?.cursor).toBe(open?.cursor);
    expect(paid?.version).not.toBe(open?.version);
    expect((await walked())[0]?.version).toBe(paid?.version);
  });

  it('walks customers and products, too', async () => {
    const order = store.placeOnlinePaid();
    expect((await walked(undefined, 'customer')).map((change) => change.id)).toEqual([String(order.customerId)]);
    expect(await walked(undefined, 'product')).toHaveLength(13);
    expect(await failureFrom((async () => session.read('category', ['1']))())).toMatchObject({ remedy: 'fix-data' });
  });
});

describe('when the store does not want to', () => {
  it('waits as long as it is told, without calling meanwhile', async () => {
    const order = store.placeOnlinePaid();
    store.faults.add({ kind: 'throttle', path: '/profile', times: 1, retryAfterSeconds: 30 });
    const [failure] = await session.read('order', [order.id]);
    expect(failure).toMatchObject({ remedy: 'wait', code: 'shop.too-many-requests', waitMs: 30_000 });
    later(29);
    expect((await session.read('order', [order.id]))[0]).toMatchObject({ remedy: 'wait', waitMs: 1000 });
    expect(store.calls).toEqual([]);
    later(1);
    expect((await session.read('order', [order.id]))[0]).toMatchObject({ id: order.id });
  });

  it('honours the store’s own limit', async () => {
    store.state.callsPerMinute = 2;
    const orders = Array.from({ length: 3 }, () => store.placeOnlinePaid().id);
    const read = await session.read('order', orders);
    expect(read.filter((record) => record instanceof Failure)).toEqual([
      expect.objectContaining({ waitMs: 10_000 }),
      expect.objectContaining({ waitMs: 10_000 }),
    ]);
  });

  it('stops calling with a token that is dead, until somebody tests the connection', async () => {
    const orders = Array.from({ length: 30 }, () => store.placeOnlinePaid().id);
    await session.read('order', orders.slice(0, 1));
    store.uninstall();
    const before = store.calls.length;
    const read = await session.read('order', orders);
    expect(
      read.every((record) => record instanceof Failure && record.remedy === 'fix-connection' && record.code === 'shop.credentials'),
    ).toBe(true);
    const tried = store.calls.length - before;
    expect(tried).toBeLessThanOrEqual(8);
    expect(await failureFrom(walked())).toMatchObject({ code: 'shop.credentials' });
    expect(store.calls.length - before).toBe(tried);
    expect(await failureFrom(session.check())).toMatchObject({ code: 'shop.credentials' });
    expect(store.calls.length - before).toBe(tried + 1);
  });

  it('names the permission that is missing and goes on with the others', async () => {
    await restart({ scopes: ['read_store_profile', 'read_orders'] });
    const order = store.placeOnlinePaid();
    expect((await session.read('customer', ['1']))[0]).toMatchObject({
      remedy: 'wait',
      code: 'shop.privileges-missing',
      params: { privileges: 'read_customers' },
    });
    expect((await session.read('order', [order.id]))[0]).toMatchObject({ id: order.id });
  });

  it('says that the plan does not allow it', async () => {
    store.state.plan.paid = false;
    expect(await failureFrom(session.check())).toMatchObject({ remedy: 'fix-connection', code: 'shop.plan' });
    store.state.plan.paid = true;
    store.state.plan.suspended = true;
    expect(await failureFrom(session.check())).toMatchObject({ remedy: 'fix-connection', code: 'shop.plan' });
  });

  it.each([
    ['an HTML page of a proxy', { kind: 'html' }, { remedy: 'wait', code: 'shop.unavailable' }],
    ['an error without a body', { kind: 'status', status: 500, body: '' }, { remedy: 'wait', code: 'shop.unavailable' }],
    ['a time-out', { kind: 'status', status: 408, body: '' }, { remedy: 'wait' }],
    ['a cut connection', { kind: 'drop' }, { remedy: 'wait' }],
    ['HTML with status 200', { kind: 'html', status: 200 }, { remedy: 'retry', code: 'shop.unreadable-answer' }],
    ['401 without a body', { kind: 'status', status: 401, body: '' }, { remedy: 'fix-connection', code: 'shop.credentials' }],
    ['a refusal', { kind: 'status', status: 400, body: '{"errorCode":"WRONG_PARAMETER"}' }, { remedy: 'fix-data', code: 'shop.refused' }],
  ] as const)('knows what to do after %s', async (_name, fault, expected) => {
    const order = store.placeOnlinePaid();
    await session.vocabulary('salesChannels');
    store.faults.add({ ...fault, path: '/orders/' });
    expect((await session.read('order', [order.id]))[0]).toMatchObject(expected);
  });

  it('refuses a token of another store', async () => {
    const connector = ecwidConnector({ apiBaseUrl: store.apiBaseUrl });
    const other = connector.open(
      { storeId: '4711', accessToken: store.tokens()?.accessToken ?? '' },
      { send: directSend(), now: () => clock },
    );
    expect(await failureFrom(other.check())).toMatchObject({ remedy: 'fix-connection' });
  });

  it('never writes the token into an address', async () => {
    const sent: string[] = [];
    const send = directSend();
    const connector = ecwidConnector({ apiBaseUrl: store.apiBaseUrl });
    const token = store.tokens()?.accessToken ?? '';
    const spied = connector.open(
      { storeId: '1003', accessToken: token },
      {
        now: () => clock,
        send(request) {
          sent.push(request.url);
          return send(request);
        },
      },
    );
    await spied.check();
    await spied.read('order', [store.placeOnlinePaid().id]);
    expect(sent.length).toBeGreaterThan(3);
    expect(sent.join()).not.toContain(token);
  });
});
