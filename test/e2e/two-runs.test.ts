import { afterEach, describe, expect, it } from 'vitest';
import type { Rehearsal } from '../../app-server/engine/desk.ts';
import { tenantOf } from '../../app-server/engine/model.ts';
import { testDatabase } from '../database.ts';
import { fixtures } from './fixtures.ts';
import { openWorld, type World } from './world.ts';

const test = testDatabase();
let world: World;

afterEach(async () => {
  const { till, shop } = world;
  await world.stop();
  expect(till.unexpected).toEqual([]);
  expect(shop.unexpected()).toEqual([]);
});

const writing = /^(create|update|save|pay|set|cancel|deliver)/;

describe.each(fixtures)('a dry run of an order from $platform', (fixture) => {
  it.each(['who never bought anything before', 'whom the till knows'])(
    'by somebody %s is the same twice, writes nothing, and the live run sends those very bytes',
    async (who) => {
      world = await openWorld({ fixture, database: test.database });
      const { shop, till } = world;
      shop.webhooks('dropped');
      const placeOrder = who === 'whom the till knows' ? shop.placePaidOrder : shop.placePaidOrderOfNewCustomer;
      let order = await placeOrder();
      let first = await rehearse(order.number);
      // The simulated shop draws its customers: until one comes whom the till has.
      while (who === 'whom the till knows' && first.steps.some(({ id, action }) => id === 'customer' && action === 'create')) {
        await world.poll();
        order = await placeOrder();
        first = await rehearse(order.number);
      }
      const before = { orders: till.orders().length, relations: till.relations().length, received: (await world.flow()).counts.received };
      till.calls.reset();
      const second = await rehearse(order.number);
      expect(JSON.stringify(second)).toBe(JSON.stringify(first));
      expect(second).toMatchObject({ verdict: 'would-write', number: order.number });
      expect(till.calls.filter(({ operation }) => writing.test(operation))).toEqual([]);
      expect({ orders: till.orders().length, relations: till.relations().length, received: (await world.flow()).counts.received }).toEqual(
        before,
      );

      await world.poll();
      const sent = till.calls.filter(({ operation }) => writing.test(operation)).map(({ operation, body }) => ({ operation, body }));
      const newcomer = till.relations().slice(before.relations)[0];
      const shown = first.steps.flatMap(({ request }) => (request ? [request] : []));
      expect(shown.length).toBe(who === 'whom the till knows' ? 1 : 2);
      // The number that the till gave its new customer is all that the dry run could not know.
      expect(sent).toEqual(
        shown.map(({ operation, body }) => ({ operation, body: body.replace('{{customer}}', String(newcomer?.relationNumber)) })),
      );
    },
  );

  /** As the engine has it: the screens get names and addresses masked. */
  async function rehearse(number: string): Promise<Rehearsal> {
    const { desk, flows } = world.app.ports;
    const tenant = tenantOf(fixture.platform, world.shop.shopId);
    const flow = await flows.get(tenant, (await world.flow()).id);
    const rehearsal = flow && (await desk.dryRun(flow, number));
    if (rehearsal === undefined) throw new Error(`the shop does not know ${number}`);
    return rehearsal;
  }
});
