import { describe, expect, it } from 'vitest';
import { jitterMs } from '../../app-server/engine/jitter.ts';
import { type Cause, type FlowSettings, type Tenant, tenantOf } from '../../app-server/engine/model.ts';
import { newId } from '../../app-server/store/database.ts';
import { createFlowBook } from '../../app-server/store/flow-book.ts';
import { createFlows } from '../../app-server/store/flows.ts';
import { testDatabase } from '../database.ts';

const stored = testDatabase();
const now = new Date('2026-03-01T12:00:00.000Z');
const later = (ms: number): Date => new Date(now.getTime() + ms);
const pollEveryMs = 60_000;
const someTenant = (): Tenant => tenantOf('shopware', newId());
const cause: Cause = { code: 'till.away', message: 'The till does not answer.', remedy: 'wait', params: { host: 'till' } };
const settings: FlowSettings = { values: { at: 'paid' }, tables: { payment: [{ from: 'paypal', to: '7' }] } };
const flowBook = () => createFlowBook(stored.database, { now: () => now, pollEveryMs: () => pollEveryMs });
const newFlow = () => ({ kind: 'order' as const, source: newId(), target: newId(), settings, by: 'anna', at: now });

describe('flows', () => {
  it('exist once per kind, source and target, switched off at first', async () => {
    const tenant = someTenant();
    const given = newFlow();
    const made = await Promise.all(Array.from({ length: 5 }, () => flowBook().create(tenant, given)));
    expect(new Set(made.map((flow) => flow.id)).size).toBe(1);
    expect(made[0]).toMatchObject({ tenant, on: false, settings, settingsVersion: 1 });
    expect(await flowBook().list(tenant)).toHaveLength(1);
    expect(await flowBook().get(someTenant(), made[0]?.id ?? '')).toBeUndefined();
  });

  it('keep every version of their settings and refuse a save on top of a stale one', async () => {
    const tenant = someTenant();
    const flow = await flowBook().create(tenant, newFlow());
    const changed: FlowSettings = { values: { at: 'placed' }, tables: {} };
    const change = { settings: changed, version: 1, by: 'ben', at: later(1000) };
    const saves = await Promise.all([1, 2, 3].map(() => flowBook().saveSettings(tenant, flow.id, change)));
    expect(saves.filter((result) => result !== undefined)).toEqual([expect.objectContaining({ settings: changed, settingsVersion: 2 })]);
    expect(await flowBook().saveSettings(someTenant(), flow.id, { ...change, version: 2 })).toBeUndefined();
    expect(await flowBook().versions(tenant, flow.id)).toEqual([
      { version: 2, at: later(1000), by: 'ben', settings: changed },
      { version: 1, at: now, by: 'anna', settings },
    ]);
    expect(await flowBook().versions(someTenant(), flow.id)).toEqual([]);
  });

  it('are read from the day they were first switched on, also when they are switched off and on again', async () => {
    const tenant = someTenant();
    const { id, source } = await flowBook().create(tenant, newFlow());
    const flows = createFlows(stored.database);
    expect(await flows.reading(tenant, source, 'order')).toEqual([]);
    expect(await flowBook().switch(tenant, id, { on: true })).toMatchObject({ on: true, from: now });
    expect((await flows.reading(tenant, source, 'order')).map((flow) => flow.id)).toEqual([id]);
    expect(await flows.reading(someTenant(), source, 'order')).toEqual([]);
    expect(await flowBook().switch(tenant, id, { on: false })).toMatchObject({ on: false, from: now });
    const afterwards = createFlowBook(stored.database, { now: () => later(9000), pollEveryMs: () => pollEveryMs });
    expect(await afterwards.switch(tenant, id, { on: true })).toMatchObject({ on: true, from: now });
    expect(await afterwards.switch(tenant, id, { on: true, from: later(-5000) })).toMatchObject({ from: later(-5000) });
    expect(await flowBook().switch(someTenant(), id, { on: false })).toBeUndefined();
  });

  it('are polled by one worker at a time, first at their own point of the interval', async () => {
    const tenant = someTenant();
    const ids: string[] = [];
    for (let count = 0; count < 6; count++) {
      const { id } = await flowBook().create(tenant, newFlow());
      await flowBook().switch(tenant, id, { on: true });
      ids.push(id);
    }
    expect(new Set(ids.map((id) => jitterMs(id, pollEveryMs))).size).toBe(6);
    const flows = createFlows(stored.database);
    const claim = async (at: Date): Promise<readonly string[]> => {
      const claims = await Promise.all([1, 2, 3].map(() => flows.claimPolls(at, { limit: 50, leaseMs: 30_000 })));
      return claims.flat().flatMap((flow) => (ids.includes(flow.id) ? [flow.id] : []));
    };
    expect(await claim(later(-1))).toEqual([]);
    expect([...(await claim(later(pollEveryMs)))].sort()).toEqual([...ids].sort());
    expect(await claim(later(pollEveryMs + 29_999))).toEqual([]);
    const [first = '', second = ''] = ids;
    await flows.polled(first, { cursor: 'c1', nextPollAt: later(10 * pollEveryMs), at: later(pollEveryMs) });
    await flowBook().switch(tenant, second, { on: false });
    await flows.polled(second, { cursor: 'c2', nextPollAt: now, at: later(pollEveryMs) });
    expect([...(await claim(later(pollEveryMs + 30_000)))].sort()).toEqual(ids.slice(2).sort());
    expect(await flows.get(first)).toMatchObject({ cursor: 'c1', lastPollAt: later(pollEveryMs) });
  });

  it('hold, go on, and remember the latest notice', async () => {
    const tenant = someTenant();
    const { id } = await flowBook().create(tenant, newFlow());
    await flowBook().switch(tenant, id, { on: true });
    const flows = createFlows(stored.database);
    await flows.hold(id, { until: later(1000), cause, strikes: 2 });
    await flows.touch(id, later(500));
    await flows.touch(id, later(100));
    expect(await flows.get(id)).toMatchObject({ hold: { until: later(1000), cause, strikes: 2 }, lastNoticeAt: later(500) });
    await flows.unhold(id);
    expect(await flows.get(id)).not.toHaveProperty('hold');
  });

  it('go with the connection that they touch', async () => {
    const tenant = someTenant();
    const given = newFlow();
    const { id } = await flowBook().create(tenant, given);
    const kept = await flowBook().create(tenant, newFlow());
    expect(await flowBook().removeOf(someTenant(), given.target)).toEqual([]);
    expect(await flowBook().removeOf(tenant, given.target)).toEqual([id]);
    expect((await flowBook().list(tenant)).map((flow) => flow.id)).toEqual([kept.id]);
  });
});
