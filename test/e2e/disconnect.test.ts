import { afterEach, expect, it } from 'vitest';
import { testDatabase } from '../database.ts';
import type { Shape } from './api-client.ts';
import { shopwareFixture } from './shopware-fixture.ts';
import { openWorld, setUp, type World } from './world.ts';

const test = testDatabase();
let world: World;
afterEach(() => world.stop());

it('forgets a till with its flows, leaves the shop alone, and begins anew when it is connected again', async () => {
  world = await openWorld({ fixture: shopwareFixture, database: test.database });
  const first = await world.shop.placePaidOrder();
  await world.settled();
  const connections = await world.api.expect<Shape<'Connection'>[]>('GET', 'connections');
  const till = connections.find(({ connector }) => connector === 'mpluskassa');
  const shop = connections.find(({ connector }) => connector === 'shopware');
  expect(await world.api.call('POST', `connections/${shop?.id}/disconnect`)).toMatchObject({ status: 409 });
  const left = await world.api.expect<Shape<'Connection'>[]>('POST', `connections/${till?.id}/disconnect`);
  expect(left.map(({ connector }) => connector)).toEqual(['shopware']);
  expect(await world.api.expect('GET', 'flows')).toEqual([]);
  expect(await world.api.call('POST', `connections/${till?.id}/disconnect`)).toMatchObject({ status: 404 });
  const kept = await test.database.connection.collection('connections').find().toArray();
  expect(JSON.stringify(kept)).not.toContain(String(till?.id));

  // What comes meanwhile reaches nobody, and the order of before is not written twice afterwards.
  await world.shop.placePaidOrder();
  await world.settled();
  expect(world.till.orders()).toHaveLength(1);
  await setUp(world.api, world.till);
  await world.poll();
  expect(world.till.orders().filter(({ totalInclAmount }) => totalInclAmount === first.paidMinor).length).toBeGreaterThan(0);
  expect(world.till.orders()).toHaveLength(2);
});
