import { afterEach, describe, expect, it } from 'vitest';
import { testDatabase } from '../database.ts';
import type { Shape } from './api-client.ts';
import { fixtures } from './fixtures.ts';
import { articlesOf, openWorld, type World } from './world.ts';

const long = process.env.TEST_LONG === '1';
const orders = long ? 10_000 : 500;
/** A shop and a till of their own each: the simulated shop searches all its orders for every page. */
const mostPerWorld = 1_000;
const ordersPerPoll = 100;

const test = testDatabase();
let world: World | undefined;

afterEach(async () => {
  await world?.stop();
});

describe.each(fixtures)('orders from $platform with every rate, discount and odd cent', (fixture) => {
  it(
    `come to the cent in the till: ${orders} random ones`,
    async () => {
      const differing: object[] = [];
      const aside = new Map<string, number>();
      let right = 0;
      for (let done = 0, seed = 1; done < orders; done += mostPerWorld, seed += 1) {
        const here = Math.min(mostPerWorld, orders - done);
        const shop = await fixture.start({ seed: 0 });
        // What has no number of the till in the shop is translated in the merchant's table.
        const others = shop.catalogue().filter(({ number }) => !/^\d+$/.test(number));
        const translated = others.map((product, index) => ({ from: product.number, to: String(8_001 + index) }));
        const renamed = others.map((product, index) => ({ ...product, number: String(8_001 + index) }));
        const articles = articlesOf({ catalogue: () => [...shop.catalogue(), ...renamed] });
        await shop.stop();
        world = await openWorld({ fixture, database: test.database, seed, till: { articles } });
        world.shop.webhooks('dropped');
        const flow = await world.flow();
        await world.api.expect('PUT', `flows/${flow.id}/settings`, {
          version: flow.settingsVersion,
          settings: { ...flow.settings, tables: { ...flow.settings.tables, articles: translated } },
        });
        const paid = new Map<string, number>();
        for (let placed = 0; placed < here; placed += 1) {
          const order = await world.shop.placeRandomPaidOrder();
          paid.set(order.number, order.paidMinor);
          if (paid.size % ordersPerPoll === 0) await world.poll();
        }
        const inTill = world.till.orders();
        for (const { reference, totalInclAmount, prepaidAmount } of inTill) {
          const paidMinor = paid.get(reference);
          if (totalInclAmount === paidMinor && prepaidAmount === paidMinor) right += 1;
          else differing.push({ reference, paidMinor, totalInclAmount, prepaidAmount });
        }
        const { counts } = await world.flow();
        expect(counts).toMatchObject({ received: here, done: inTill.length, waiting: 0 });
        for (const [cause, count] of await causes(world)) aside.set(cause, (aside.get(cause) ?? 0) + count);
        expect(world.till.unexpected).toEqual([]);
        await world.stop();
        world = undefined;
      }
      const list = [...aside].map(([cause, count]) => `${count} × ${cause}`).join(', ');
      console.log(
        `${fixture.platform}: ${right} of ${orders} orders to the cent, ${differing.length} differ, set aside: ${list || 'none'}`,
      );
      expect(differing).toEqual([]);
      const parked = [...aside.values()].reduce((sum, count) => sum + count, 0);
      expect(right + parked).toBe(orders);
      expect(parked).toBeLessThanOrEqual(orders / 100);
    },
    long ? 2_400_000 : 120_000,
  );
});

/** What was set aside, by the words of its cause. */
async function causes({ api }: World): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  let after = '';
  do {
    const page = await api.expect<Shape<'RecordPage'>>('GET', `records?state=parked&limit=100${after}`);
    for (const { cause, reason } of page.items) {
      const words = cause ? `${cause.code} ${JSON.stringify(cause.params)}` : String(reason);
      found.set(words, (found.get(words) ?? 0) + 1);
    }
    after = page.next === undefined ? '' : `&after=${page.next}`;
  } while (after !== '');
  return found;
}
