import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Flow, tenantOf } from '../../app-server/engine/model.ts';
import { nextNight } from '../../app-server/engine/nightly.ts';
import { newId } from '../../app-server/store/database.ts';
import { createLedger } from '../../app-server/store/entries.ts';
import { createFlowBook } from '../../app-server/store/flow-book.ts';
import { createFlows } from '../../app-server/store/flows.ts';
import { createRecords } from '../../app-server/store/records.ts';
import { testDatabase } from '../database.ts';

const stored = testDatabase();
const now = new Date('2026-03-01T12:00:00.000Z');
const later = (ms: number): Date => new Date(now.getTime() + ms);
const hourMs = 3_600_000;

async function stockFlow(): Promise<Flow> {
  const book = createFlowBook(stored.database, { now: () => now, pollEveryMs: () => 60_000 });
  const tenant = tenantOf('shopware', newId());
  const settings = { values: {}, tables: {} };
  const { id } = await book.create(tenant, { kind: 'stock', source: newId(), target: newId(), settings, by: 'test', at: now });
  const flow = await book.switch(tenant, id, { on: true });
  if (!flow) throw new Error('the flow is gone');
  return flow;
}

describe('a night', () => {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Amsterdam', hour: '2-digit', minute: '2-digit' });

  it('comes once in 24 hours, between two and five where the shops are, also when the clocks change', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[0-9a-f]{24}$/),
        fc.date({ min: new Date('2025-01-01'), max: new Date('2032-01-01'), noInvalidDate: true }),
        (flow, after) => {
          const night = nextNight(flow, after);
          const aheadMs = night.getTime() - after.getTime();
          expect(aheadMs).toBeGreaterThan(0);
          expect(aheadMs).toBeLessThanOrEqual(25 * hourMs);
          // In the night of the change the hour from two to three is told as one to two, or as three to four.
          expect(clock.format(night)).toMatch(/^0[1-5]:/);
          const following = nextNight(flow, night).getTime() - night.getTime();
          expect([23, 24, 25].map((hours) => hours * hourMs)).toContain(following);
        },
      ),
    );
  });

  it('is begun by one worker, and again when that one dies before it has', async () => {
    const flows = createFlows(stored.database);
    const { id } = await stockFlow();
    const due = later(24 * hourMs);
    const how = { limit: 10, leaseMs: 60_000 };
    /** How often this flow is given out: other tests of this file have nights as well. */
    const given = async (at: Date): Promise<number> => (await flows.claimNights(at, how)).filter((flow) => flow.id === id).length;
    expect((await Promise.all([given(due), given(due), given(due)])).sort()).toEqual([0, 0, 1]);
    expect(await given(due)).toBe(0);
    const afterwards = later(24 * hourMs + 60_000);
    expect(await given(afterwards)).toBe(1);
    await flows.nightBegun(id, nextNight(id, afterwards));
    expect(await given(later(26 * hourMs))).toBe(0);
  });
});

describe('what falls to zero', () => {
  it('is counted over all workers, until the window begins anew', async () => {
    const flows = createFlows(stored.database);
    const { id } = await stockFlow();
    const windowMs = 15 * 60_000;
    const totals = await Promise.all(Array.from({ length: 8 }, () => flows.fell(id, { count: 2, at: now, windowMs })));
    expect([...totals].sort((a, b) => a - b)).toEqual([2, 4, 6, 8, 10, 12, 14, 16]);
    expect(await flows.fell(id, { count: -6, at: later(60_000), windowMs })).toBe(10);
    expect(await flows.fell(id, { count: 1, at: later(windowMs - 1), windowMs })).toBe(11);
    expect(await flows.fell(id, { count: 1, at: later(windowMs), windowMs })).toBe(1);
    expect(await flows.fell(id, { count: -5, at: later(windowMs), windowMs })).toBe(0);
  });
});

describe('fields that somebody edited', () => {
  it('are each decided in one step: two people who decide at once both get their way', async () => {
    const flow = await stockFlow();
    const ledger = createLedger(stored.database);
    const records = createRecords(stored.database);
    await ledger.notice(flow, [{ sourceId: '1006' }], { by: 'poll', lane: 'live', at: now });
    const [entry] = await ledger.claim(flow, { worker: 'w', lane: 'live', limit: 1, leaseMs: 60_000, now });
    if (!entry) throw new Error('nothing was claimed');
    const fields = ['product.name', 'variant:1.5.price', '$odd', 'ean'];
    const kept = fields.map((field) => ({ field, wanted: 'w', ours: 'o', found: 'f' }));
    await ledger.settle(entry, {
      state: 'done',
      at: now,
      settingsVersion: 1,
      strikes: 0,
      revision: 0,
      counted: true,
      digest: 'd',
      written: Object.fromEntries([...fields, 'other.field'].map((field) => [field, 'o'])),
      kept,
    });
    const takes = fields.map((field, index) =>
      records.resolveKept(flow.tenant, entry.id, { field, take: index < 3 ? 'source' : 'target' }),
    );
    expect(await Promise.all(takes)).toEqual([true, true, true, true]);
    expect(await records.resolveKept(flow.tenant, entry.id, { field: 'nothing', take: 'source' })).toBe(false);
    expect(await records.resolveKept(tenantOf('shopware', 'other'), entry.id, { field: 'ean', take: 'source' })).toBe(false);
    const decided = await records.get(flow.tenant, entry.id);
    expect(decided?.written).toEqual({ ean: 'o', 'other.field': 'o' });
    expect(decided?.theirs).toEqual(['ean']);
    expect(decided?.settledDigest).toBeUndefined();
    await records.resolveKept(flow.tenant, entry.id, { field: 'ean', take: 'target' });
    expect((await records.get(flow.tenant, entry.id))?.theirs).toEqual(['ean']);
    await records.resolveKept(flow.tenant, entry.id, { field: 'ean', take: 'source' });
    expect(await records.get(flow.tenant, entry.id)).toMatchObject({ theirs: [], written: { 'other.field': 'o' } });
  });
});
