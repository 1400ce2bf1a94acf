/** What goes wrong at Mailchimp and Lightspeed has words and a remedy of its own, stops nobody else, and is not asked about for ever. */
import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { testDatabase } from '../database.ts';
import { seedCustomers } from '../simulators/shopware/seed-customers.ts';
import type { Shape } from './api-client.ts';
import { customersOf } from './lightspeed-orders.ts';
import { shopwareFixture, type testShop } from './shopware-fixture.ts';
import { connectMailchimp, connectRetail, connectWebshop, flowBetween, importAll, type Systems, startSystems } from './systems.ts';
import { openWorld, tillSettings, type World } from './world.ts';

vi.setConfig({ testTimeout: 60_000 });

const test = testDatabase();
let systems: Systems;
let world: World;
/** How far the product's clock has been put on. */
let aheadMs: number;

afterEach(async () => {
  await world.stop();
  const unexpected = [...systems.unexpected(), ...world.till.unexpected, ...world.shop.unexpected()];
  await systems.stop();
  expect(unexpected).toEqual([]);
  expect(world.log.filter((line) => line.startsWith('error'))).toEqual([]);
});

async function open(): Promise<void> {
  aheadMs = 0;
  systems = await startSystems({ webshopBehindMs: 120_000 });
  const { environment } = systems;
  const now = (): Date => new Date(Date.now() + aheadMs);
  world = await openWorld({ fixture: shopwareFixture, database: test.database, bare: true, environment, now });
  world.shop.webhooks('delivered');
  await world.api.expect('PUT', 'connections/mpluskassa', { settings: tillSettings(world.till) });
}

const simulator = () => (world.shop as ReturnType<typeof testShop>).simulator;

async function records(flow: Shape<'Flow'>): Promise<Shape<'RecordSummary'>[]> {
  return (await world.api.expect<Shape<'RecordPage'>>('GET', `records?flow=${flow.id}&limit=100`)).items;
}
async function connectionOf(connector: string): Promise<Shape<'Connection'>> {
  const found = (await world.api.expect<Shape<'Connection'>[]>('GET', 'connections')).find((one) => one.connector === connector);
  if (found === undefined) throw new Error(`${connector} is not connected`);
  return found;
}
const flowNow = (flow: Shape<'Flow'>) => world.api.expect<Shape<'Flow'>>('GET', `flows/${flow.id}`);
const off = async (...flows: readonly Shape<'Flow'>[]): Promise<void> => {
  for (const { id } of flows) await world.api.expect('POST', `flows/${id}/switch`, { on: false });
};

/** Customers of the shop, by their numbers; each has bought something. */
async function customers(...numbers: readonly string[]): Promise<void> {
  const [like] = seedCustomers;
  if (like === undefined) throw new Error('the shop has no customers');
  for (const number of numbers) {
    const email = `${number}@example.com`;
    await simulator().backOffice.subscribe(email);
    await simulator().orders.placePaidOrder({ customer: { ...like, number, email } });
  }
  await world.settled();
}

async function openWithMailchimp(): Promise<Systems> {
  await open();
  await connectMailchimp(world.api, systems.mailchimp);
  return systems;
}

const statesOf = async (flow: Shape<'Flow'>) => (await records(flow)).map(({ state }) => state);

/** Hours pass, polls come and go, and `asked` grows no more. */
async function staysQuiet(asked: () => number): Promise<void> {
  await world.poll();
  const before = asked();
  for (let hour = 0; hour < 3; hour += 1) {
    aheadMs += 3_600_000;
    await world.poll();
  }
  // Back in time: the test's own ticket lives for a quarter of an hour.
  aheadMs -= 3 * 3_600_000;
  expect(asked()).toBe(before);
}

const callMailchimp = (method: string, path: string): Promise<Response> => {
  const { apiBaseUrl, apiKey } = systems.mailchimp;
  return fetch(`${apiBaseUrl}/3.0${path}`, {
    method,
    headers: { authorization: `Basic ${Buffer.from(`x:${apiKey}`).toString('base64')}` },
  });
};
const hashOf = (email: string): string => createHash('md5').update(email).digest('hex');

describe('Mailchimp', () => {
  it('takes nobody whose address is forgotten, no address or in compliance state: each is set aside in words, the others arrive', async () => {
    const { mailchimp } = await openWithMailchimp();
    const audience = `/lists/${mailchimp.audienceId}/members`;
    mailchimp.addMember('forgotten@example.com');
    expect((await callMailchimp('POST', `${audience}/${hashOf('forgotten@example.com')}/actions/delete-permanent`)).status).toBe(204);
    mailchimp.behaviour.fakeAddresses.add('fake@example.com');
    const body = JSON.stringify({ title: 'Member In Compliance State', status: 400, detail: 'left@example.com is in a compliance state.' });
    mailchimp.faults.add({ kind: 'status', status: 400, method: 'PUT', path: hashOf('left@example.com'), body });
    await customers('fine', 'forgotten', 'fake', 'left', 'fine-too');
    const flow = await flowBetween(world, 'customer', ['shopware', 'mailchimp'], { values: { joining: 'subscribed' } });
    await importAll(world, flow);
    await world.poll();

    const found = new Map((await records(flow)).map((record) => [record.number, record]));
    for (const number of ['fine', 'fine-too']) expect(found.get(number)).toMatchObject({ state: 'done' });
    const causes = ['forgotten', 'fake', 'left'].map((number) => found.get(number)?.cause);
    expect(causes).toMatchObject([
      { code: 'mailchimp.forgotten', remedy: 'fix-data' },
      { code: 'mailchimp.email-invalid', remedy: 'fix-data' },
      { code: 'mailchimp.compliance-state', remedy: 'fix-data' },
    ]);
    expect(new Set(causes.map((cause) => cause?.message)).size).toBe(3);
    for (const cause of causes) expect(cause?.message).not.toContain('@');
    await staysQuiet(() => mailchimp.requests.filter(({ method }) => method !== 'GET').length);
    for (const { number, attempts } of await records(flow)) expect(attempts).toBe(found.get(number)?.attempts);
    await off(flow);
  });

  it('whose key is dead gets nothing, is not asked again, and stops nobody but itself; a new key lets everything go on', async () => {
    const { mailchimp } = await openWithMailchimp();
    const flow = await flowBetween(world, 'order', ['shopware', 'mailchimp']);
    const toTill = await flowBetween(world, 'order', ['shopware', 'mpluskassa']);
    mailchimp.revoke();
    await world.shop.placePaidOrder();
    await world.shop.placePaidOrder();
    await world.settled();
    expect(await connectionOf('mailchimp')).toMatchObject({
      state: 'paused',
      cause: { code: 'mailchimp.credentials', remedy: 'fix-connection' },
    });
    expect((await connectionOf('mailchimp')).cause?.message).toMatch(/connect mailchimp again/i);
    expect(await statesOf(flow)).toEqual(['waiting', 'waiting']);
    expect(await statesOf(toTill)).toEqual(['done', 'done']);
    await staysQuiet(() => mailchimp.requests.length);
    await connectMailchimp(world.api, { ...mailchimp, apiKey: mailchimp.issueApiKey(), audienceId: mailchimp.audienceId });
    await world.settled();
    expect(await statesOf(flow)).toEqual(['done', 'done']);
    await off(flow, toTill);
  });

  it('whose audience was deleted says so, and goes on with another one', async () => {
    const { mailchimp } = await openWithMailchimp();
    const flow = await flowBetween(world, 'order', ['shopware', 'mailchimp']);
    await world.shop.placePaidOrder();
    await world.settled();
    mailchimp.deleteAudience(mailchimp.audienceId);
    // An audience is taken for the same for ten minutes.
    aheadMs += 11 * 60_000;
    await world.shop.placePaidOrder();
    await world.settled();
    const paused = await connectionOf('mailchimp');
    expect(paused).toMatchObject({ state: 'paused', cause: { code: 'mailchimp.audience-gone', remedy: 'fix-connection' } });
    expect(paused.cause?.message).toContain(mailchimp.audienceId);
    await staysQuiet(() => mailchimp.requests.length);
    const audienceId = mailchimp.addAudience({ name: 'Another one' });
    await connectMailchimp(world.api, { ...mailchimp, apiKey: mailchimp.apiKey, audienceId });
    await world.settled();
    expect(await statesOf(flow)).toEqual(['done', 'done']);
    await off(flow);
  });

  it('that does not know an article any more is brought it again', async () => {
    const { mailchimp } = await openWithMailchimp();
    const flow = await flowBetween(world, 'order', ['shopware', 'mailchimp']);
    await world.shop.placePaidOrder();
    await world.settled();
    const [store = ''] = mailchimp.stores().map(({ id }) => String(id));
    const before = mailchimp.products(store).map(({ id }) => String(id));
    expect(before).not.toEqual([]);
    for (const id of before) await callMailchimp('DELETE', `/ecommerce/stores/${store}/products/${encodeURIComponent(id)}`);
    for (let count = 0; count < 4; count += 1) await world.shop.placePaidOrder();
    await world.settled();
    await expect.poll(() => statesOf(flow), { timeout: 20_000 }).toEqual(Array(5).fill('done'));
    expect(mailchimp.orders(store)).toHaveLength(5);
    await off(flow);
  });

  it('that asks for patience gets it, and everything arrives once', async () => {
    const { mailchimp } = await openWithMailchimp();
    const flow = await flowBetween(world, 'order', ['shopware', 'mailchimp']);
    const end = mailchimp.faults.add({ kind: 'throttle', path: '/3.0/' });
    const toTill = await flowBetween(world, 'order', ['shopware', 'mpluskassa']);
    await world.shop.placePaidOrder();
    await world.settled();
    expect(await flowNow(flow)).toMatchObject({ held: { cause: { code: 'mailchimp.too-many-requests', remedy: 'wait' } } });
    expect(await connectionOf('mailchimp')).toMatchObject({ state: 'ok' });
    expect(await statesOf(toTill)).toEqual(['done']);
    end();
    await expect.poll(() => statesOf(flow), { timeout: 20_000 }).toEqual(['done']);
    expect(mailchimp.stores().flatMap(({ id }) => mailchimp.orders(String(id)))).toHaveLength(1);
    await off(flow, toTill);
  });
});

describe('Lightspeed', () => {
  it('eCom whose key is dead is not asked again, and what was ordered meanwhile arrives with a new one', async () => {
    await open();
    const { webshop } = systems;
    await connectWebshop(world.api, webshop);
    const flow = await flowBetween(world, 'order', ['lightspeed', 'mpluskassa']);
    const fromShop = await flowBetween(world, 'order', ['shopware', 'mpluskassa']);
    webshop.revokeKeys();
    const order = webshop.place({ lines: [{ code: '1001' }], paid: true, person: customersOf(1).next() });
    await webshop.webhooks.idle();
    await world.shop.placePaidOrder();
    await world.settled();
    await world.poll();
    const paused = await connectionOf('lightspeed');
    expect(paused).toMatchObject({ state: 'paused', cause: { code: 'lightspeed.credentials', remedy: 'fix-connection' } });
    expect(await statesOf(fromShop)).toEqual(['done']);
    await staysQuiet(() => webshop.requests.length);
    webshop.restoreKeys();
    expect(await world.api.expect('POST', `connections/${paused.id}/check`)).toMatchObject({ state: 'ok', report: { ok: true } });
    await world.poll();
    expect(await records(flow)).toMatchObject([{ number: order.number, state: 'done' }]);
    await off(flow, fromShop);
  });

  it('eCom whose window is used up is left alone until it opens, and says when', async () => {
    await open();
    const { webshop } = systems;
    await connectWebshop(world.api, webshop);
    const flow = await flowBetween(world, 'stock', ['mpluskassa', 'lightspeed']);
    Object.assign(webshop.knobs, { limits: [webshop.requests.length, 3_000, 12_000] });
    await importAll(world, flow);
    expect(await flowNow(flow)).toMatchObject({ held: { cause: { code: 'lightspeed.window-exhausted', remedy: 'wait' } } });
    expect(await connectionOf('lightspeed')).toMatchObject({ state: 'ok' });
    const asked = webshop.requests.length;
    await world.poll();
    expect(webshop.requests.length).toBe(asked);
    Object.assign(webshop.knobs, { limits: [300, 3_000, 12_000] });
    aheadMs += 6 * 60_000;
    await world.poll();
    const order = webshop.place({ lines: [{ code: '1001' }], paid: true });
    expect(order.number).not.toBe('');
    await expect
      .poll(
        async () => {
          await importAll(world, flow);
          return (await records(flow)).filter(({ state }) => state === 'waiting').length;
        },
        { timeout: 20_000 },
      )
      .toBe(0);
    expect((await records(flow)).some(({ state }) => state === 'done')).toBe(true);
    await off(flow);
  });

  it('Retail that does not have an article sets that order aside by its SKU, and takes the others', async () => {
    await open();
    const { retail } = systems;
    await connectRetail(world.api, retail);
    const flow = await flowBetween(world, 'order', ['shopware', 'lightspeed']);
    const lines = [{ productNumber: '1001', quantity: 1 }];
    const first = await simulator().orders.placePaidOrder({ lines });
    const odd = await world.shop.placeOrderWithUnknownArticle();
    const last = await simulator().orders.placePaidOrder({ lines });
    await world.settled();
    const found = new Map((await records(flow)).map((record) => [record.number, record]));
    for (const { orderNumber } of [first, last]) expect(found.get(orderNumber)).toMatchObject({ state: 'done' });
    expect(found.get(odd.number)).toMatchObject({ state: 'parked', cause: { code: 'lightspeed.product-missing', remedy: 'fix-data' } });
    expect(found.get(odd.number)?.cause?.message).toContain('4711');
    expect(retail.sales()).toHaveLength(2);
    await staysQuiet(() => retail.requests.length);
    await off(flow);
  });

  it('Retail whose access was taken away asks for it again, and the orders wait', async () => {
    await open();
    const { retail } = systems;
    await connectRetail(world.api, retail);
    const flow = await flowBetween(world, 'order', ['shopware', 'lightspeed']);
    retail.revokeTokens();
    await simulator().orders.placePaidOrder({ lines: [{ productNumber: '1001', quantity: 1 }] });
    await world.settled();
    expect(await connectionOf('lightspeed')).toMatchObject({
      state: 'paused',
      cause: { code: 'lightspeed.token-refused', remedy: 'fix-connection' },
    });
    await staysQuiet(() => retail.requests.length);
    await connectRetail(world.api, retail);
    await world.settled();
    expect(await statesOf(flow)).toEqual(['done']);
    expect(retail.sales()).toHaveLength(1);
    await off(flow);
  });
});
