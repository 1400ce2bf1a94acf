import { afterEach, beforeEach, expect, it } from 'vitest';
import { testDatabase } from '../database.ts';
import type { Shape } from './api-client.ts';
import { ecwidFixture, type ecwidShop } from './ecwid-fixture.ts';
import { connectMailchimp, flowBetween, importAll, type Systems, startSystems } from './systems.ts';
import { openWorld, type World } from './world.ts';

const test = testDatabase();
let systems: Systems;
let world: World;

beforeEach(async () => {
  systems = await startSystems();
  world = await openWorld({ fixture: ecwidFixture, database: test.database, environment: systems.environment });
});
afterEach(async () => {
  await world.stop();
  await systems.stop();
});

it('forgets a person wherever they were brought, once and for good, and keeps a receipt without their address', async () => {
  await connectMailchimp(world.api, systems.mailchimp);
  await world.shop.placePaidOrderOfNewCustomer();
  const flow = await flowBetween(world, 'order', ['ecwid', 'mailchimp']);
  await importAll(world, flow);
  await world.poll();
  const [member] = systems.mailchimp.members();
  const email = String(member?.email_address);
  const receipt = await world.api.expect<Shape<'Erasure'>>('POST', 'erasures', { email: email.toUpperCase() });
  expect(receipt.receipt).toEqual([{ connector: 'mailchimp', title: 'Mailchimp', gone: ['customer', 'member'] }]);
  expect(systems.mailchimp.members().some(({ email_address }) => email_address === email)).toBe(false);
  const again = await world.api.expect<Shape<'Erasure'>>('POST', 'erasures', { email });
  expect(again.receipt?.[0]?.gone).toEqual([]);
  const list = await world.api.expect<Shape<'Erasure'>[]>('GET', 'erasures');
  expect(list).toHaveLength(2);
  const kept = await test.database.connection.collection('erasures').find().toArray();
  expect(JSON.stringify(kept).toLowerCase()).not.toContain(email.toLowerCase());
  expect(world.log.join('\n').toLowerCase()).not.toContain(email.toLowerCase());
});

it('says which system was away, and finishes there the next time', async () => {
  await connectMailchimp(world.api, systems.mailchimp);
  systems.mailchimp.addMember('late@example.com');
  systems.mailchimp.faults.add({ kind: 'drop', path: /delete-permanent/ });
  const first = await world.api.expect<Shape<'Erasure'>>('POST', 'erasures', { email: 'late@example.com' });
  expect(first.receipt?.[0]?.cause).toMatchObject({ remedy: 'wait' });
  systems.mailchimp.faults.clear();
  const second = await world.api.expect<Shape<'Erasure'>>('POST', 'erasures', { email: 'late@example.com' });
  expect(second.receipt?.[0]?.gone).toEqual(['member']);
});

it('shows that a customer asked in the shop, and waits for the merchant: a webhook proves nothing', async () => {
  const { simulator } = world.shop as ReturnType<typeof ecwidShop>;
  for (let time = 0; time < 2; time += 1) {
    simulator.webhooks.send({ eventType: 'customer.personal_data_removal_request', entityId: 4711, data: {} } as never);
  }
  await simulator.webhooks.idle();
  const list = await world.api.expect<Shape<'Erasure'>[]>('GET', 'erasures');
  expect(list).toEqual([{ id: expect.any(String), customer: '4711', requestedAt: expect.any(String) }]);
  const done = await world.api.expect<Shape<'Erasure'>>('POST', 'erasures', { email: 'who@example.com', request: list[0]?.id });
  expect(done).toMatchObject({ id: list[0]?.id, doneAt: expect.any(String) });
  expect(await world.api.call('POST', 'erasures', { email: 'who@example.com', request: 'nobody' })).toMatchObject({ status: 404 });
  expect(await world.api.call('POST', 'erasures', { email: 'not an address' })).toMatchObject({ status: 400 });
});
