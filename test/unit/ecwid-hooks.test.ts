import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signEvent } from '../simulators/ecwid/payload.ts';
import { type House, startHouse } from './ecwid-house.ts';

let house: House;
beforeEach(async () => {
  house = await startHouse();
});
afterEach(() => house.stop());

interface Body {
  eventId: string;
  eventCreated: number | string;
  [field: string]: unknown;
}
const created = () => Math.floor(house.control.now.getTime() / 1000);
const event = (fields: object = {}): Body => ({
  eventId: 'e-1',
  eventCreated: created(),
  storeId: 1003,
  entityId: 103878162,
  eventType: 'order.updated',
  data: { orderId: 'XJ12J', newPaymentStatus: 'PAID' },
  ...fields,
});
const post = async (body: Body | string, headers: Record<string, string> = {}) => {
  const signed =
    typeof body === 'string' ? {} : { 'x-ecwid-webhook-signature': signEvent(body.eventCreated, body.eventId, house.store.clientSecret) };
  const response = await fetch(`${house.url}/hooks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...signed, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: await response.text() };
};
const orderNotices = () => house.notices.filter((notice) => notice.kind === 'order');
/** Installed and opened, with nothing noticed yet. */
const opened = async () => {
  await house.store.open();
  await house.store.webhooks.idle();
};

describe('a webhook', () => {
  it('notes the order by its order id, not by the internal number', async () => {
    await opened();
    const order = house.store.placeOnlinePaid();
    await house.store.webhooks.idle();
    expect(orderNotices()).toEqual([{ shopId: '1003', kind: 'order', sourceId: order.id, number: order.id, eventId: expect.any(String) }]);
    expect(house.notices.some((notice) => notice.kind === 'product')).toBe(true);
    expect(house.notices.some((notice) => notice.kind === 'customer')).toBe(true);
    expect(house.store.webhooks.deliveries.every((delivery) => delivery.status === 200)).toBe(true);
  });

  it('keeps the event id the same in every repetition, so that the ledger can tell', async () => {
    await opened();
    house.store.webhooks.mode.duplicates = 4;
    house.store.webhooks.mode.disorderMs = 5;
    const order = house.store.placeOffline();
    house.store.markPaid(order.id);
    house.store.editPaid(order.id);
    await house.store.webhooks.idle();
    expect(orderNotices()).toHaveLength(15);
    expect(new Set(orderNotices().map((notice) => notice.eventId)).size).toBe(3);
  });

  it('is refused, and nothing noted, without or with a wrong signature', async () => {
    await opened();
    house.notices.length = 0;
    expect((await post(event(), { 'x-ecwid-webhook-signature': '' })).status).toBe(401);
    expect((await post(JSON.stringify(event()))).status).toBe(401);
    expect((await post(event(), { 'x-ecwid-webhook-signature': signEvent(created(), 'e-2', house.store.clientSecret) })).status).toBe(401);
    expect((await post(event(), { 'x-ecwid-webhook-signature': signEvent(created(), 'e-1', 'another-secret') })).status).toBe(401);
    expect(house.notices).toEqual([]);
  });

  it('is refused when it is older than two days or from the future', async () => {
    await opened();
    house.notices.length = 0;
    expect((await post(event({ eventCreated: created() - 49 * 3600 }))).status).toBe(401);
    expect((await post(event({ eventCreated: created() + 600 }))).status).toBe(401);
    expect(house.notices).toEqual([]);
    expect((await post(event({ eventCreated: created() - 47 * 3600 }))).status).toBe(200);
    expect((await post(event({ eventCreated: created() + 60 }))).status).toBe(200);
    expect(house.notices).toHaveLength(2);
  });

  it('is refused when it is not one, and the server goes on', async () => {
    await opened();
    expect((await post('{"eventId":')).status).toBe(400);
    expect((await post('[]')).status).toBe(400);
    expect((await post('null')).status).toBe(400);
    expect((await post(JSON.stringify({ ...event(), filler: 'x'.repeat(2 * 1024 * 1024) }))).status).toBe(413);
    expect((await post(event({ eventCreated: 'soon' }))).status).toBe(400);
    expect((await post(event())).status).toBe(200);
  });

  it('may write its numbers as texts and its names with underscores', async () => {
    await opened();
    house.notices.length = 0;
    Object.assign(house.store.webhooks.mode, { strings: true, snakeCase: true });
    house.store.suspend();
    const order = house.store.placeOnlinePaid();
    await house.store.webhooks.idle();
    expect(orderNotices().map((notice) => notice.sourceId)).toEqual([order.id]);
    expect(house.life).toContain('suspended 1003');
  });

  it('is accepted and counted when nobody knows the event or the store', async () => {
    await opened();
    house.notices.length = 0;
    for (const eventType of ['coffee.brewed', 'coffee.brewed', 'nonsense', 'unfinished_order.created', 'order.created']) {
      const data = eventType === 'order.created' ? {} : { orderId: 'A' };
      expect((await post(event({ eventType, data }))).status).toBe(200);
    }
    expect((await post(event({ storeId: 999 }))).status).toBe(200);
    expect(house.notices).toEqual([]);
    expect(house.logged.some((line) => line.includes('"type":"coffee.brewed","count":2'))).toBe(true);
  });

  it('asks to be sent again when it cannot be stored, and arrives then', async () => {
    await opened();
    house.control.storing = 'fails';
    expect((await post(event())).status).toBe(503);
    const order = house.store.placeOnlinePaid({ guest: true });
    house.control.storing = 'works';
    await house.store.webhooks.idle();
    expect(orderNotices().map((notice) => notice.sourceId)).toContain(order.id);
    expect(house.store.webhooks.lost).toEqual([]);
  });
});

describe('the life of an installation', () => {
  it('knows a store that was installed and never opened, and takes its webhooks politely', async () => {
    house.store.install();
    house.store.placeOnlinePaid();
    await house.store.webhooks.idle();
    expect(house.stores.all.get('1003')).toMatchObject({ status: 'installed', accessToken: undefined });
    expect(house.notices).toEqual([]);
    expect(house.store.webhooks.deliveries.every((delivery) => delivery.status === 200)).toBe(true);
    expect((await house.store.open()).status).toBe(200);
    expect(house.stores.all.get('1003')?.status).toBe('active');
  });

  it('pauses when suspended and resumes without having lost a notice', async () => {
    await opened();
    house.store.suspend();
    await house.store.webhooks.idle();
    expect(house.stores.all.get('1003')?.status).toBe('suspended');
    const order = house.store.placeOnlinePaid();
    await house.store.webhooks.idle();
    expect(orderNotices().map((notice) => notice.sourceId)).toEqual([order.id]);
    await house.store.open();
    expect(house.stores.all.get('1003')?.status).toBe('suspended');
    house.store.resume();
    await house.store.webhooks.idle();
    expect(house.stores.all.get('1003')?.status).toBe('active');
    expect(house.life.at(-1)).toBe('resumed 1003');
  });

  it('ends up right when suspension and resumption overtake each other', async () => {
    await opened();
    house.store.suspend();
    house.store.resume();
    house.store.webhooks.send({
      eventType: 'application.subscriptionStatusChanged',
      entityId: '1003',
      data: { newSubscriptionStatus: 'SUSPENDED' },
    });
    await house.store.webhooks.idle();
    expect(house.stores.all.get('1003')?.status).toBe('active');
  });

  it('forgets the tokens at uninstallation, and comes back with new ones', async () => {
    await opened();
    const old = house.store.tokens()?.accessToken;
    house.store.uninstall();
    await house.store.webhooks.idle();
    expect(house.stores.all.get('1003')).toMatchObject({
      status: 'uninstalled',
      accessToken: undefined,
      publicToken: undefined,
      uninstalledAt: house.control.now,
    });
    expect(house.life).toContain('uninstalled 1003');
    house.store.reinstall();
    await house.store.webhooks.idle();
    expect(house.stores.all.get('1003')).toMatchObject({ status: 'installed', accessToken: undefined });
    await house.store.open();
    expect(house.stores.all.get('1003')).toMatchObject({ status: 'active', uninstalledAt: undefined });
    expect(house.stores.all.get('1003')?.accessToken).not.toBe(old);
  });

  it('does not believe in an uninstallation while the token works, for the body is not signed', async () => {
    await opened();
    expect((await post(event({ eventType: 'application.uninstalled', entityId: '1003', data: undefined }))).status).toBe(200);
    expect(house.stores.all.get('1003')?.status).toBe('active');
    expect(house.life).not.toContain('uninstalled 1003');
  });

  it('asks for a repetition when it cannot find out whether it was uninstalled', async () => {
    await opened();
    house.store.faults.add({ kind: 'html', path: '/profile', times: 1 });
    expect((await post(event({ eventType: 'application.uninstalled', entityId: '1003', data: undefined }))).status).toBe(503);
    expect(house.stores.all.get('1003')?.status).toBe('active');
  });
});

const bodies = resolve(import.meta.dirname, '../../../shared/contracts/data/ecwid/webhook-examples.json');
describe.runIf(existsSync(bodies))('every published webhook body', () => {
  it('is answered with 200, and refused with another signature', async () => {
    await opened();
    house.notices.length = 0;
    const all = Object.entries(JSON.parse(readFileSync(bodies, 'utf8')) as Record<string, Body | string>).flatMap(([name, body]) =>
      typeof body === 'string' ? [] : [{ name, body }],
    );
    expect(all.length).toBeGreaterThan(15);
    for (const { name, body } of all) {
      house.control.now = new Date(Number(body.eventCreated) * 1000 + 60_000);
      expect(await post(body, { 'x-ecwid-webhook-signature': 'AAAA' }), name).toMatchObject({ status: 401 });
      expect(await post(body), name).toMatchObject({ status: 200 });
    }
    const ids = (kind: string) => house.notices.filter((notice) => notice.kind === kind).map((notice) => notice.sourceId);
    expect(ids('order')).toEqual(['XJ12H', 'XJ12J', 'XJ12J', 'B8HGD', 'XJ12H']);
    expect(ids('product')).toEqual(['667251253', '66722483', '667251253']);
    expect(ids('customer')).toEqual(['1663830', '1663830', '1663830']);
  });
});
