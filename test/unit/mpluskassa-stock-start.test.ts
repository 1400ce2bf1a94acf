import { beforeEach, describe, expect, it } from 'vitest';
import { applied, draftOf, openTill, planned, session, shopOrder, till, useTill } from './mpluskassa-house.ts';

useTill();

beforeEach(async () => {
  // What the till was filled with happened long ago.
  await applied(session, await planned(session, draftOf(shopOrder())));
});

async function movedSince(instant: Date): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of openTill(till).changed('stock', instant.toISOString())) ids.push(id);
  return ids;
}

describe('the first look at the till’s stock', () => {
  it('finds what was set free between switching on and the look, though no history tells it', async () => {
    const [order] = till.orders();
    const switchedOn = new Date();
    till.cancel(order?.orderId ?? '');
    expect(await movedSince(switchedOn)).toContain('1006');
  });

  it('is the same for a server that was started again meanwhile', async () => {
    const switchedOn = new Date();
    expect(await movedSince(new Date(Date.now() + 5_000))).toEqual([]);
    till.cancel(till.orders()[0]?.orderId ?? '');
    expect(await movedSince(switchedOn)).toContain('1006');
  });

  it('looks at each branch that counts', async () => {
    const both = openTill(till, { stockBranches: '1, 2' });
    const switchedOn = new Date();
    till.calls.reset();
    for await (const _ of both.changed('stock', switchedOn.toISOString()));
    expect(till.calls.filter(({ operation, request }) => operation === 'getStock' && request !== undefined)).not.toHaveLength(0);
    expect(till.calls.filter(({ operation }) => operation === 'getStock').length).toBeGreaterThanOrEqual(2);
  });
});
