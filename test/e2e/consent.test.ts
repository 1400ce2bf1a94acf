/** Nobody is written to who did not ask for it, whatever is synced and however often. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { workOnImport } from '../../app-server/engine/import.ts';
import { pollFlow } from '../../app-server/engine/poll.ts';
import { unhush } from '../../app-server/engine/quiet.ts';
import { createImports } from '../../app-server/store/imports.ts';
import { testDatabase } from '../database.ts';
import type { MemberStatus } from '../simulators/mailchimp/surface.ts';
import { seedCustomers } from '../simulators/shopware/seed-customers.ts';
import { ecwidFixture, type ecwidShop } from './ecwid-fixture.ts';
import type { ShopFixture } from './shop-fixture.ts';
import { shopwareFixture, type testShop } from './shopware-fixture.ts';
import { connectMailchimp, flowBetween, importAll, outcome, type Systems, startSystems } from './systems.ts';
import { flowOf, newEncryptionKeys, workerProcess } from './workers.ts';
import { openWorld, tillSettings, type World } from './world.ts';

vi.setConfig({ testTimeout: 120_000 });

const test = testDatabase();
const statuses: readonly MemberStatus[] = ['subscribed', 'unsubscribed', 'cleaned', 'pending', 'transactional', 'archived'];
/** Five of each status. */
const thirty = statuses.flatMap((status) =>
  Array.from({ length: 5 }, (_, index) => ({ status, email: `${status}.${index + 1}@example.com` })),
);

let systems: Systems;
let world: World;

afterEach(async () => {
  await world.stop();
  const unexpected = [...systems.unexpected(), ...world.till.unexpected, ...world.shop.unexpected()];
  await systems.stop();
  expect(unexpected).toEqual([]);
  expect(world.log.filter((line) => line.startsWith('error'))).toEqual([]);
});

async function open(fixture: ShopFixture, environment: Readonly<Record<string, string>> = {}): Promise<void> {
  systems = await startSystems();
  world = await openWorld({ fixture, database: test.database, bare: true, environment: { ...systems.environment, ...environment } });
  world.shop.webhooks('delivered');
  await world.api.expect('PUT', 'connections/mpluskassa', { settings: tillSettings(world.till) });
  await connectMailchimp(world.api, systems.mailchimp);
}

/** The shops that the stories are told for: somebody who is a customer there, agreed to news there, and buys. */
const shops: readonly { readonly platform: string; readonly fixture: ShopFixture; readonly buys: (email: string) => Promise<void> }[] = [
  {
    platform: 'Shopware',
    fixture: shopwareFixture,
    async buys(email) {
      const { simulator } = world.shop as ReturnType<typeof testShop>;
      const [like] = seedCustomers;
      if (like === undefined) throw new Error('the shop has no customers');
      // Long ago, at another counter: the strongest yes that a shop can have.
      await simulator.backOffice.subscribe(email);
      await simulator.orders.placePaidOrder({ customer: { ...like, number: email, email } });
    },
  },
  {
    platform: 'Ecwid',
    fixture: ecwidFixture,
    async buys(email) {
      const { simulator } = world.shop as ReturnType<typeof ecwidShop>;
      simulator.shop.putCustomer({ email, acceptMarketing: true });
      simulator.placeOnlinePaid({ email, acceptMarketing: true });
    },
  },
];

function addMembers(): void {
  const { mailchimp } = systems;
  for (const { status, email } of thirty) {
    mailchimp.addMember(email, { status: status === 'archived' ? 'subscribed' : status });
    if (status === 'archived') mailchimp.archive(email, { how: 'admin' });
  }
}

const statusesNow = () => thirty.map(({ email }) => ({ status: systems.mailchimp.member(email)?.status, email }));
const switchOff = async (...flows: readonly { readonly id: string }[]): Promise<void> => {
  for (const { id } of flows) await world.api.expect('POST', `flows/${id}/switch`, { on: false });
};

describe.each(shops)('with a shop on $platform', ({ fixture, buys }) => {
  it('a first sync of thirty members in every status mails nobody and changes no status, nor does a second one', async () => {
    await open(fixture);
    const { mailchimp } = systems;
    addMembers();
    expect(statusesNow()).toEqual(thirty);
    const mailed = mailchimp.mails.length;
    for (const { email } of thirty) {
      await buys(email);
      world.till.putRelation({ name: email.split('@')[0] ?? email, email });
    }
    await world.settled();
    const { platform } = fixture;
    // The boldest choice that a merchant has: everybody with proof is to be subscribed.
    const bold = { values: { joining: 'subscribed' } };
    const flows = [
      await flowBetween(world, 'customer', [platform, 'mailchimp'], bold),
      await flowBetween(world, 'customer', ['mpluskassa', 'mailchimp'], bold),
      await flowBetween(world, 'order', [platform, 'mailchimp']),
    ];
    for (let time = 0; time < 2; time += 1) {
      for (const flow of flows) await importAll(world, flow);
      for (const flow of flows) {
        const records = await outcome(world, flow);
        expect(records.filter(({ state }) => state === 'parked' || state === 'waiting')).toEqual([]);
        expect(records.length).toBeGreaterThanOrEqual(30);
        // Whom the merchant put away there is left where he is; an order of his is an order all the same.
        const left = records.filter(({ state }) => state === 'skipped').map(({ reason }) => reason);
        if (time === 0) expect(left).toEqual(flow.kind === 'customer' ? Array.from({ length: 5 }, () => 'archived') : []);
      }
      expect(statusesNow()).toEqual(thirty);
      const to = new Set(thirty.map(({ email }) => email));
      expect(mailchimp.mails.slice(mailed).filter((mail) => to.has(mail.to))).toEqual([]);
    }
    await switchOff(...flows);
  });

  it('whoever unsubscribed and comes back through an order stays unsubscribed', async () => {
    await open(fixture);
    const { mailchimp } = systems;
    const { platform } = fixture;
    const gone = Array.from({ length: 10 }, (_, index) => `gone.${index}@example.com`);
    for (const [index, email] of gone.entries()) {
      mailchimp.addMember(email);
      if (index % 3 === 2) mailchimp.clean(email);
      else mailchimp.unsubscribe(email, { how: index % 3 === 0 ? 'user' : 'admin' });
    }
    const before = gone.map((email) => mailchimp.member(email)?.status);
    const orders = await flowBetween(world, 'order', [platform, 'mailchimp']);
    const customers = await flowBetween(world, 'customer', [platform, 'mailchimp'], {
      values: { joining: 'subscribed', raiseTransactional: true },
    });
    const mailed = mailchimp.mails.length;
    for (const email of gone) await buys(email);
    await world.settled();
    await world.poll();
    await importAll(world, customers);
    expect((await outcome(world, orders)).filter(({ state }) => state === 'done')).toHaveLength(10);
    const stores = mailchimp.stores().map(({ id }) => String(id));
    const buyers = stores
      .flatMap((store) => mailchimp.orders(store))
      .map(({ customer }) => (customer as { email_address: string }).email_address);
    expect(buyers.toSorted()).toEqual(gone.toSorted());
    expect(gone.map((email) => mailchimp.member(email)?.status)).toEqual(before);
    expect(mailchimp.mails.slice(mailed).filter(({ to }) => gone.includes(to))).toEqual([]);
    await switchOff(orders, customers);
  });
});

describe('with order notifications switched on in Mailchimp', () => {
  it('bringing 300 orders of the past mails nobody, and the next live order is mailed about', async () => {
    await open(shopwareFixture);
    const { mailchimp } = systems;
    const flow = await flowBetween(world, 'order', ['shopware', 'mailchimp']);
    // The scheduler ends the rest when everything has been brought.
    await world.app.start();
    await world.shop.placePaidOrder();
    await world.shop.delivered();
    await expect.poll(() => mailchimp.stores().flatMap(({ id }) => mailchimp.orders(String(id))), { timeout: 20_000 }).toHaveLength(1);
    const store = String(mailchimp.stores()[0]?.id);
    mailchimp.notify(store, ['pending', 'paid', 'refunded', 'cancelled', 'shipped']);
    expect(mailchimp.store(store)).toMatchObject({ is_syncing: false });
    // What a poll finds is news, and news is mailed about: here everything is to come by the import.
    await world.unpolled();

    world.shop.webhooks('dropped');
    for (let count = 0; count < 300; count += 1) await world.shop.placePaidOrder();
    await world.api.expect('POST', `flows/${flow.id}/imports`, { phase: 'import', action: 'start' });
    await expect.poll(() => mailchimp.orders(store).length, { timeout: 90_000, interval: 100 }).toBe(301);
    await expect.poll(() => mailchimp.store(store)?.is_syncing, { timeout: 30_000, interval: 100 }).toBe(false);
    expect(mailchimp.mails).toEqual([]);
    expect((await outcome(world, flow)).filter(({ state }) => state !== 'done')).toEqual([]);

    world.shop.webhooks('delivered');
    const live = await world.shop.placePaidOrder();
    await world.shop.delivered();
    await expect.poll(() => mailchimp.orders(store).length, { timeout: 20_000 }).toBe(302);
    const sent = mailchimp.orders(store).at(-1);
    expect(sent).toMatchObject({ order_total: live.paidMinor / 100 });
    expect(mailchimp.mails.map(({ why, about }) => [why, about])).toEqual([['order-paid', `${store}/${sent?.id}`]]);
    await switchOff(flow);
  });

  it('also when a poll takes for news what the import is just writing', async () => {
    const encryptionKeys = newEncryptionKeys();
    await open(shopwareFixture, { ROLE: 'web', ENCRYPTION_KEYS: encryptionKeys });
    const { mailchimp } = systems;
    const flow = await flowBetween(world, 'order', ['shopware', 'mailchimp']);
    const { engine, work } = workerProcess(world, test.database, { name: 'imports', encryptionKeys, environment: systems.environment });
    await world.shop.placePaidOrder();
    await world.shop.delivered();
    await work();
    const store = String(mailchimp.stores()[0]?.id);
    mailchimp.notify(store, ['pending', 'paid', 'refunded', 'cancelled', 'shipped']);

    world.shop.webhooks('dropped');
    for (let count = 0; count < 20; count += 1) await world.shop.placePaidOrder();
    await world.api.expect('POST', `flows/${flow.id}/imports`, { phase: 'import', action: 'start' });
    await workOnImport({ ...engine, imports: createImports(test.database) }, { stopping: () => false, woken: () => undefined });
    const resume = mailchimp.batches.pause();
    const submitted = () => mailchimp.requests.filter(({ method, path }) => method === 'POST' && path === '/batches').length;
    const submittedBefore = submitted();
    const worked = work();
    await expect.poll(submitted, { timeout: 20_000 }).toBeGreaterThan(submittedBefore);
    await pollFlow(engine, await flowOf(test.database, flow.id));
    await unhush(engine);
    expect(mailchimp.store(store)).toMatchObject({ is_syncing: true });

    resume();
    await worked;
    await work();
    expect(mailchimp.orders(store)).toHaveLength(21);
    await unhush(engine);
    expect(mailchimp.store(store)).toMatchObject({ is_syncing: false });
    expect(mailchimp.mails).toEqual([]);
  });

  it('one process walks through the past, another brings it there, and nobody is mailed', async () => {
    const encryptionKeys = newEncryptionKeys();
    await open(shopwareFixture, { ROLE: 'web', ENCRYPTION_KEYS: encryptionKeys });
    const { mailchimp } = systems;
    const flow = await flowBetween(world, 'order', ['shopware', 'mailchimp']);
    const process = (name: string) => workerProcess(world, test.database, { name, encryptionKeys, environment: systems.environment });
    const [walks, brings] = [process('walks'), process('brings')];
    await world.shop.placePaidOrder();
    await world.shop.delivered();
    await brings.work();
    const store = String(mailchimp.stores()[0]?.id);
    mailchimp.notify(store, ['pending', 'paid', 'refunded', 'cancelled', 'shipped']);

    world.shop.webhooks('dropped');
    for (let count = 0; count < 20; count += 1) await world.shop.placePaidOrder();
    await world.api.expect('POST', `flows/${flow.id}/imports`, { phase: 'import', action: 'start' });
    await workOnImport({ ...walks.engine, imports: createImports(test.database) }, { stopping: () => false, woken: () => undefined });
    await brings.work();
    expect(mailchimp.orders(store)).toHaveLength(21);
    expect(mailchimp.store(store)).toMatchObject({ is_syncing: true });

    await unhush(walks.engine);
    expect(mailchimp.store(store)).toMatchObject({ is_syncing: false });
    expect(mailchimp.mails).toEqual([]);
    world.shop.webhooks('delivered');
    await world.shop.placePaidOrder();
    await world.shop.delivered();
    await brings.work();
    expect(mailchimp.mails.map(({ why }) => why)).toEqual(['order-paid']);
  });
});
