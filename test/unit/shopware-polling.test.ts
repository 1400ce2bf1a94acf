import { describe, expect, it } from 'vitest';
import { failureIn, idsOf, iso, newOrder, newPayment, now, poll, session, shop, start, useShop } from './shopware-client-house.ts';

useShop();

describe('polling for orders', () => {
  const minute = 60_000;

  it('finds new ones, changed ones and paid ones, oldest first', async () => {
    shop.rows.order = [
      newOrder(1, start - 60 * minute),
      newOrder(2, start + minute),
      newOrder(3, start - 90 * minute, start + 3 * minute),
      newOrder(4, start - 90 * minute),
    ];
    shop.rows['order-transaction'] = [
      newPayment(1, 1, { createdMs: start - 60 * minute, updatedMs: start + 2 * minute }),
      newPayment(4, 4, { createdMs: start + 4 * minute }),
    ];
    const changes = await poll(session(), new Date(start).toISOString());
    expect(idsOf(changes)).toEqual([2, 1, 3, 4]);
    expect(changes[0]).toMatchObject({ number: '10002' });
  });

  it('tells nothing twice in a quiet shop, and the next change at once', async () => {
    shop.rows.order = [newOrder(1, start + minute)];
    shop.rows['order-transaction'] = [newPayment(1, 1, { createdMs: start + minute + 5 })];
    const first = await poll(session(), new Date(start).toISOString());
    expect(idsOf(first)).toEqual([1]);
    expect(await poll(session(), first[0]?.cursor)).toEqual([]);
    shop.rows['order-transaction'] = [newPayment(1, 1, { createdMs: start + minute + 5, updatedMs: start + 2 * minute })];
    expect(idsOf(await poll(session(), first[0]?.cursor))).toEqual([1]);
  });

  it('finds what appears late, with a moment shortly before the cursor', async () => {
    shop.rows.order = [newOrder(1, start + 10 * minute)];
    const [told] = await poll(session(), new Date(start).toISOString());
    shop.rows.order.push(newOrder(2, start + 6 * minute), newOrder(3, start + 4 * minute));
    expect(idsOf(await poll(session(), told?.cursor))).toEqual([2]);
  });

  it('goes on after a stop where it was stopped', async () => {
    shop.rows.order = [1, 2, 3, 4].map((index) => newOrder(index, start + index));
    const changes = await poll(session(), new Date(start).toISOString());
    expect(idsOf(await poll(session(), changes[1]?.cursor))).toEqual([3, 4]);
  });

  it('imports everything from the beginning of time, also 1,200 orders of the same millisecond, and ends', async () => {
    shop.rows.order = Array.from({ length: 2_300 }, (_, index) =>
      newOrder(index + 1, index < 600 ? start - 10_000 + index : index < 1_800 ? start : start + index),
    );
    const changes = await poll(session(), undefined);
    expect(new Set(idsOf(changes)).size).toBe(2_300);
    expect(changes).toHaveLength(2_300);
    expect(shop.asked.length).toBeLessThan(20);
    for (const { cursor } of changes.slice(-3)) expect(cursor.length).toBeLessThan(32_000);
  });

  it('does not wait for the day of an order that was dated ahead', async () => {
    shop.rows.order = [newOrder(1, Date.parse('2031-01-01T00:00:00Z'))];
    const [told] = await poll(session(), new Date(start).toISOString());
    expect(JSON.parse(told?.cursor ?? '{}')).toMatchObject({ at: now.toISOString() });
    shop.rows.order.push(newOrder(2, now.getTime() + minute));
    expect(idsOf(await poll(session(), told?.cursor))).toEqual([2]);
  });

  it('asks a shop of 6.6 for nothing that only 6.7 has, and for live moments only', async () => {
    await poll(session(), new Date(start).toISOString());
    expect(shop.asked.map(({ path }) => path)).toEqual(expect.arrayContaining(['/api/search/order', '/api/search/order-transaction']));
    for (const { body } of shop.asked)
      expect(body.filter).toEqual([
        { type: 'range', field: expect.stringMatching(/^(created|updated)At$/), parameters: { gte: iso(start - 5 * minute) } },
      ]);
  });

  it('refuses a cursor that is none', async () => {
    expect(await failureIn(poll(session(), '{"at":1}'))).toMatchObject({ remedy: 'fix-data', code: 'shopware.bad-cursor' });
  });
});
