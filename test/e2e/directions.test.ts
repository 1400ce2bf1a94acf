/** One test per cell of the table of directions: it is named after its cell, and runs through the whole product. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testDatabase } from '../database.ts';
import { seedArticles } from '../simulators/lightspeed/articles.ts';
import type { Shape } from './api-client.ts';
import { ecwidFixture, type ecwidShop } from './ecwid-fixture.ts';
import { shopwareFixture } from './shopware-fixture.ts';
import {
  connectMailchimp,
  connectRetail,
  connectWebshop,
  flowBetween,
  importAll,
  type Kind,
  outcome,
  type Systems,
  startSystems,
} from './systems.ts';
import { openWorld, setUp, tillSettings, type World } from './world.ts';

const test = testDatabase();
const emailOf = (record: Readonly<Record<string, unknown>>): string => String(record.email_address ?? record.email ?? '').toLowerCase();

/** Of all that the shops sell, the only one that is not sold there anyway. */
const giftSleeve = { code: '1010', name: 'Cadeaukaarthoesje', price: 99, rate: 2100, stock: 500 };

let systems: Systems;
let world: World;

const storeOf = () => String(systems.mailchimp.stores()[0]?.id ?? '');
const sentOrders = () => systems.mailchimp.stores().flatMap(({ id }) => systems.mailchimp.orders(String(id)));

async function open(fixture: typeof shopwareFixture): Promise<void> {
  systems = await startSystems({ articles: [...seedArticles, giftSleeve] });
  world = await openWorld({ fixture, database: test.database, bare: true, environment: systems.environment });
  await world.api.expect('PUT', 'connections/mpluskassa', { settings: tillSettings(world.till) });
  world.shop.webhooks('delivered');
}

async function close(): Promise<void> {
  await world.stop();
  const unexpected = [...systems.unexpected(), ...world.till.unexpected, ...world.shop.unexpected()];
  await systems.stop();
  expect(unexpected).toEqual([]);
  expect(world.log.filter((line) => line.startsWith('error'))).toEqual([]);
}

/** Nothing of a flow is parked; how many of its records are where they belong. */
async function allDone(kind: Kind, way: readonly [string, string], values = {}): Promise<number> {
  const flow = await flowBetween(world, kind, way, { values });
  await importAll(world, flow);
  const records = await outcome(world, flow);
  expect(records.filter(({ state }) => state === 'parked' || state === 'waiting')).toEqual([]);
  return records.filter(({ state }) => state === 'done').length;
}

describe.each([
  ['Shopware', shopwareFixture],
  ['Ecwid', ecwidFixture],
] as const)('from a shop on %s', (platform, fixture) => {
  const shop = fixture.platform;
  beforeEach(() => open(fixture));
  afterEach(close);

  it(`orders: ${platform} → Mailchimp`, async () => {
    await connectMailchimp(world.api, systems.mailchimp);
    const flow = await flowBetween(world, 'order', [shop, 'mailchimp']);
    const order = await world.shop.placePaidOrder();
    await world.settled();
    // Told more than once, it may have been looked at once more without a change.
    expect(await outcome(world, flow)).toEqual([expect.objectContaining({ state: 'done', number: order.number })]);
    const [sent] = sentOrders();
    expect(sent).toMatchObject({ currency_code: 'EUR', order_total: order.paidMinor / 100, financial_status: 'paid' });
    // Whoever buys has not subscribed to anything.
    const customer = sent?.customer as Record<string, unknown>;
    expect(systems.mailchimp.member(emailOf(customer))).toMatchObject({ status: 'transactional' });
    expect(systems.mailchimp.mails).toEqual([]);
  });

  it(`customers: ${platform} → Mailchimp`, async () => {
    await connectMailchimp(world.api, systems.mailchimp);
    await world.shop.placePaidOrderOfNewCustomer();
    expect(await allDone('customer', [shop, 'mailchimp'])).toBeGreaterThan(0);
    expect(systems.mailchimp.members().length).toBeGreaterThan(0);
    expect(systems.mailchimp.mails).toEqual([]);
  });

  it(`customers: ${platform} → MplusKASSA`, async () => {
    await world.shop.placePaidOrderOfNewCustomer();
    const before = world.till.relations().length;
    const done = await allDone('customer', [shop, 'mpluskassa']);
    expect(done).toBeGreaterThan(0);
    expect(world.till.relations().length).toBeGreaterThan(before);
    // Guests stay out, and nobody is made twice.
    const made = world.till.relations().length;
    expect(await allDone('customer', [shop, 'mpluskassa'])).toBeGreaterThanOrEqual(done);
    expect(world.till.relations()).toHaveLength(made);
  });

  it(`orders: ${platform} → MplusKASSA, and the till's order is not sent to Mailchimp a second time`, async () => {
    await connectMailchimp(world.api, systems.mailchimp);
    await setUp(world.api, world.till);
    await flowBetween(world, 'order', [shop, 'mailchimp']);
    const back = await flowBetween(world, 'order', ['mpluskassa', 'mailchimp']);
    const before = sentOrders().length;
    const order = await world.shop.placePaidOrder();
    await world.settled();
    await world.poll();
    expect(world.till.orders().at(-1)).toMatchObject({ totalInclAmount: order.paidMinor });
    expect(sentOrders()).toHaveLength(before + 1);
    const records = await outcome(world, back);
    expect(records.map(({ state, reason }) => [state, reason])).toEqual(records.map(() => ['skipped', 'carried-directly']));
    expect(records.length).toBeGreaterThan(0);
  });

  it(`orders: ${platform} → Lightspeed`, async () => {
    await connectRetail(world.api, systems.retail);
    const [register] = systems.retail.registerIds();
    const flow = await flowBetween(world, 'order', [shop, 'lightspeed'], { values: { register } });
    const before = systems.retail.sales().length;
    const order = await world.shop.placePaidOrder();
    await world.settled();
    expect({ outcome: await outcome(world, flow), sales: systems.retail.sales().length - before }).toMatchObject({
      outcome: [{ state: 'done', number: order.number }],
      sales: 1,
    });
  });

  it(`categories: MplusKASSA → ${platform}`, async () => {
    world.till.putGroup({ groupNumber: 77, name: 'Wijn' });
    world.till.putGroup({ groupNumber: 78, parent: 77, name: 'Rood' });
    expect(await allDone('category', ['mpluskassa', shop])).toBeGreaterThanOrEqual(2);
    // The second time they are found by their names from the top.
    await allDone('category', ['mpluskassa', shop]);
  });

  it(`stock: ${platform} → Lightspeed`, async () => {
    await connectWebshop(world.api, systems.webshop);
    const flow = await flowBetween(world, 'stock', [shop, 'lightspeed']);
    await importAll(world, flow);
    const records = await outcome(world, flow);
    expect(records.filter(({ state }) => state === 'done').length).toBeGreaterThan(0);
  });

  it(`stock: Lightspeed → ${platform}`, async () => {
    await connectWebshop(world.api, systems.webshop);
    const flow = await flowBetween(world, 'stock', ['lightspeed', shop]);
    await importAll(world, flow);
    const records = await outcome(world, flow);
    expect(records.filter(({ state }) => state === 'done').length).toBeGreaterThan(0);
  });

  it(`unsubscriptions: Mailchimp → ${platform}`, async () => {
    await connectMailchimp(world.api, systems.mailchimp);
    const flow = await flowBetween(world, 'consent', ['mailchimp', shop]);
    systems.mailchimp.addMember('gone@example.com', { how: 'user' });
    systems.mailchimp.unsubscribe('gone@example.com');
    await systems.mailchimp.webhooks.idle();
    await world.settled();
    const records = await outcome(world, flow);
    expect(records.filter(({ state }) => state === 'parked')).toEqual([]);
    expect(records.length).toBeGreaterThan(0);
  });
});

describe('into a shop on Ecwid', () => {
  const store = () => (world.shop as ReturnType<typeof ecwidShop>).simulator;
  beforeEach(() => open(ecwidFixture));
  afterEach(close);

  it('customers: MplusKASSA → Ecwid', async () => {
    world.till.putRelation({ name: 'Counter Customer', email: 'counter@example.com', city: 'Delft' });
    const flow = await flowBetween(world, 'customer', ['mpluskassa', 'ecwid']);
    await importAll(world, flow);
    expect((await outcome(world, flow)).filter(({ state }) => state === 'parked' || state === 'waiting')).toEqual([]);
    const made = [...store().shop.customers.values()].find(({ email }) => email === 'counter@example.com');
    expect(made).toMatchObject({ email: 'counter@example.com' });
    expect(made?.acceptMarketing).not.toBe(true);
  });

  it('orders: MplusKASSA → Ecwid, once, and it does not come back to the till', async () => {
    await setUp(world.api, world.till).catch(() => undefined);
    const [forth] = await world.api.expect<Shape<'Flow'>[]>('GET', 'flows');
    if (forth) await world.api.expect('POST', `flows/${forth.id}/switch`, { on: false });
    const flow = await flowBetween(world, 'order', ['mpluskassa', 'ecwid']);
    const order = world.till.placeOrder({ email: 'counter@example.com', lines: [{ articleNumber: 1006, quantity: 2 }] });
    await world.poll();
    await world.settled();
    expect(await outcome(world, flow)).toEqual([{ state: 'done', number: expect.any(String) }]);
    expect([...store().shop.orders.values()].at(-1)).toMatchObject({ total: order.totalInclAmount / 100, paymentStatus: 'PAID' });
    // The other way round it is known as ours.
    await world.api.expect('POST', `flows/${flow.id}/switch`, { on: false });
    const back = await flowBetween(world, 'order', ['ecwid', 'mpluskassa']);
    const before = world.till.orders().length;
    await world.poll();
    expect((await outcome(world, back)).map(({ reason }) => reason)).toEqual(['own-record']);
    expect(world.till.orders()).toHaveLength(before);
  });

  it('carts: Ecwid → Mailchimp, only of people who agreed', async () => {
    await connectMailchimp(world.api, systems.mailchimp);
    const flow = await flowBetween(world, 'cart', ['ecwid', 'mailchimp']);
    store().abandon();
    store().abandon({ acceptMarketing: true } as never);
    await store().webhooks.idle();
    await world.settled();
    await world.poll();
    const records = await outcome(world, flow);
    expect(records.filter(({ state }) => state === 'parked' || state === 'waiting')).toEqual([]);
    const carts = systems.mailchimp.stores().flatMap(({ id }) => systems.mailchimp.carts(String(id)));
    expect(carts).toHaveLength(1);
  });
});

describe('between till, mail and the other shop', () => {
  beforeEach(() => open(shopwareFixture));
  afterEach(close);

  it('orders: Lightspeed → MplusKASSA (eCom)', async () => {
    await connectWebshop(world.api, systems.webshop);
    const flow = await flowBetween(world, 'order', ['lightspeed', 'mpluskassa']);
    const order = systems.webshop.place({ lines: [{ code: '1001', quantity: 2 }, { code: '1006' }], shipping: 495, paid: true });
    await systems.webshop.webhooks.idle?.();
    await world.settled();
    await world.poll();
    expect(await outcome(world, flow)).toEqual([{ state: 'done', number: order.number }]);
    expect(world.till.orders().at(-1)).toMatchObject({ totalInclAmount: order.total });
  });

  it('orders: Lightspeed → MplusKASSA (Retail)', async () => {
    await connectRetail(world.api, systems.retail);
    const flow = await flowBetween(world, 'order', ['lightspeed', 'mpluskassa']);
    const person = { email: 'sale@example.com', firstname: 'Sale', lastname: 'Person' };
    const sale = systems.retail.sell({ lines: [{ code: '1001' }], person: { ...seedAddress, ...person } });
    await world.poll();
    const records = await outcome(world, flow);
    expect(records.filter(({ state }) => state !== 'done' && state !== 'skipped')).toEqual([]);
    expect(world.till.orders().at(-1)).toMatchObject({ totalInclAmount: sale.total });
  });

  it('orders: Lightspeed → Mailchimp', async () => {
    await connectWebshop(world.api, systems.webshop);
    await connectMailchimp(world.api, systems.mailchimp);
    const flow = await flowBetween(world, 'order', ['lightspeed', 'mailchimp']);
    const before = sentOrders().length;
    systems.webshop.place({ lines: [{ code: '1002' }], paid: true });
    await world.poll();
    expect((await outcome(world, flow)).filter(({ state }) => state === 'parked' || state === 'waiting')).toEqual([]);
    expect(sentOrders().length).toBeGreaterThan(before);
  });

  it('orders: MplusKASSA → Mailchimp', async () => {
    await connectMailchimp(world.api, systems.mailchimp);
    const flow = await flowBetween(world, 'order', ['mpluskassa', 'mailchimp']);
    const before = sentOrders().length;
    world.till.placeOrder({ email: 'counter@example.com', lines: [{ articleNumber: 1001, quantity: 1 }] });
    await world.poll();
    expect((await outcome(world, flow)).filter(({ state }) => state === 'parked' || state === 'waiting')).toEqual([]);
    expect([await outcome(world, flow), sentOrders().length]).toEqual([[{ state: 'done', number: expect.any(String) }], before + 1]);
  });

  it('orders: MplusKASSA → Lightspeed', async () => {
    await connectRetail(world.api, systems.retail);
    const [register] = systems.retail.registerIds();
    const flow = await flowBetween(world, 'order', ['mpluskassa', 'lightspeed'], { values: { register } });
    const before = systems.retail.sales().length;
    world.till.placeOrder({ email: 'counter2@example.com', lines: [{ articleNumber: 1002, quantity: 2 }] });
    await world.poll();
    expect([await outcome(world, flow), systems.retail.sales().length]).toEqual([
      [{ state: 'done', number: expect.any(String) }],
      before + 1,
    ]);
  });

  it('orders: Mailchimp → MplusKASSA', async () => {
    await connectMailchimp(world.api, systems.mailchimp);
    const flow = await flowBetween(world, 'order', ['mailchimp', 'mpluskassa']);
    await addForeignOrder();
    await world.poll();
    expect(await outcome(world, flow)).toEqual([{ state: 'done', number: 'W-77' }]);
    expect(world.till.orders().at(-1)).toMatchObject({ totalInclAmount: 3790 });
  });

  it('customers: MplusKASSA → Mailchimp', async () => {
    await connectMailchimp(world.api, systems.mailchimp);
    world.till.putRelation({ name: 'Till Customer', email: 'till.customer@example.com' });
    const flow = await flowBetween(world, 'customer', ['mpluskassa', 'mailchimp']);
    await importAll(world, flow);
    expect((await outcome(world, flow)).filter(({ state }) => state === 'parked' || state === 'waiting')).toEqual([]);
    expect(systems.mailchimp.member('till.customer@example.com')).toMatchObject({ status: 'transactional' });
    expect(systems.mailchimp.mails).toEqual([]);
  });

  it('customers: Mailchimp → MplusKASSA', async () => {
    await connectMailchimp(world.api, systems.mailchimp);
    systems.mailchimp.addMember('reader@example.com', { mergeFields: { FNAME: 'Rita', LNAME: 'Reader' } });
    const flow = await flowBetween(world, 'customer', ['mailchimp', 'mpluskassa']);
    await importAll(world, flow);
    expect((await outcome(world, flow)).filter(({ state }) => state === 'parked' || state === 'waiting')).toEqual([]);
    expect(world.till.relations().some(({ email }) => email === 'reader@example.com')).toBe(true);
  });

  it.each(['eCom', 'Retail'] as const)('customers: Lightspeed → MplusKASSA (%s)', async (series) => {
    await (series === 'eCom' ? connectWebshop(world.api, systems.webshop) : connectRetail(world.api, systems.retail));
    const email = `new.${series.toLowerCase()}@example.com`;
    const person = { ...seedAddress, email, firstname: 'New', lastname: series };
    if (series === 'eCom') systems.webshop.addCustomer(person);
    else systems.retail.addCustomer(person);
    const flow = await flowBetween(world, 'customer', ['lightspeed', 'mpluskassa']);
    await importAll(world, flow);
    expect((await outcome(world, flow)).filter(({ state }) => state === 'parked' || state === 'waiting')).toEqual([]);
    expect(world.till.relations().some((relation) => relation.email === email)).toBe(true);
  });

  it('customers: Lightspeed → Mailchimp', async () => {
    await connectWebshop(world.api, systems.webshop);
    await connectMailchimp(world.api, systems.mailchimp);
    const flow = await flowBetween(world, 'customer', ['lightspeed', 'mailchimp']);
    await importAll(world, flow);
    expect((await outcome(world, flow)).filter(({ state }) => state === 'parked' || state === 'waiting')).toEqual([]);
    expect(systems.mailchimp.mails).toEqual([]);
  });

  it.each(['eCom', 'Retail'] as const)('products, categories and stock: MplusKASSA → Lightspeed (%s)', async (series) => {
    await (series === 'eCom' ? connectWebshop(world.api, systems.webshop) : connectRetail(world.api, systems.retail));
    const there = (code: string) => (series === 'eCom' ? systems.webshop.variant(code) : systems.retail.product(code));
    world.till.addArticle({ ...freshArticle, articleNumber: series === 'eCom' ? 3101 : 3102 });
    const code = series === 'eCom' ? '3101' : '3102';
    const flow = await flowBetween(world, 'product', ['mpluskassa', 'lightspeed'], { values: { onlyWebshop: false } });
    await importAll(world, flow);
    expect((await outcome(world, flow)).filter(({ state }) => state === 'waiting')).toEqual([]);
    expect(there(code)).toBeDefined();
    const stock = await flowBetween(world, 'stock', ['mpluskassa', 'lightspeed']);
    await importAll(world, stock);
    expect((series === 'eCom' ? systems.webshop : systems.retail).stock(code)).toBe(33);
  });

  it('products and stock: MplusKASSA → Mailchimp', async () => {
    await connectMailchimp(world.api, systems.mailchimp);
    world.till.addArticle({ ...freshArticle, articleNumber: 3103 });
    const flow = await flowBetween(world, 'product', ['mpluskassa', 'mailchimp'], { values: { onlyWebshop: false } });
    await importAll(world, flow);
    expect((await outcome(world, flow)).filter(({ state }) => state === 'parked' || state === 'waiting')).toEqual([]);
    const products = systems.mailchimp.stores().flatMap(({ id }) => systems.mailchimp.products(String(id)));
    expect(products.map(({ title }) => title)).toContain('Nieuw artikel');
    const stock = await flowBetween(world, 'stock', ['mpluskassa', 'mailchimp']);
    await importAll(world, stock);
    expect(storeOf()).not.toBe('');
  });

  it.each(['eCom', 'Retail'] as const)('products: Lightspeed → MplusKASSA (%s)', async (series) => {
    await (series === 'eCom' ? connectWebshop(world.api, systems.webshop) : connectRetail(world.api, systems.retail));
    const flow = await flowBetween(world, 'product', ['lightspeed', 'mpluskassa'], {
      values: { onlyWebshop: false, turnoverGroup: 10 },
      lookFirst: true,
    });
    await world.api.expect('POST', `flows/${flow.id}/imports`, { phase: 'import', action: 'start', leaveOut: true });
    await world.app.idle();
    const records = await outcome(world, flow);
    expect(records.filter(({ state }) => state === 'waiting')).toEqual([]);
    expect(records.filter(({ state }) => state === 'done').length).toBeGreaterThan(3);
  });
});

/** A store that somebody else keeps in Mailchimp, with one paid order. */
async function addForeignOrder(): Promise<void> {
  const { apiBaseUrl, apiKey, audienceId } = systems.mailchimp;
  const post = async (path: string, body: object): Promise<void> => {
    const response = await fetch(`${apiBaseUrl}/3.0/ecommerce/stores${path}`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`any:${apiKey}`).toString('base64')}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };
  await post('', { id: 'other', list_id: audienceId, name: 'Other shop', currency_code: 'EUR' });
  await post('/other/products', { id: '1001', title: 'Espresso beans', variants: [{ id: '1001', title: 'Espresso beans', sku: '1001' }] });
  await post('/other/orders', {
    ...{ id: 'W-77', currency_code: 'EUR', order_total: 37.9, tax_total: 3.13, financial_status: 'paid' },
    processed_at_foreign: new Date().toISOString(),
    customer: { id: 'c1', email_address: 'buyer@example.com', opt_in_status: false, first_name: 'Bea', last_name: 'Buyer' },
    lines: [{ id: '1', product_id: '1001', product_variant_id: '1001', quantity: 2, price: 18.95 }],
  });
}

const seedAddress = {
  ...{ street: 'Kade', number: '1', extension: '', zipcode: '1011 AA', city: 'Amsterdam', country: 'nl', phone: '+31 20 555 0199' },
};

const freshArticle = {
  description: 'Nieuw artikel',
  priceIncl: 1495,
  vatCode: 1,
  active: true,
  discontinued: false,
  webshop: true,
  stock: { 1: 33 },
};
