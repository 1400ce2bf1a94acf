import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Entry, Flow } from '../../app-server/engine/model.ts';
import { tenantOf } from '../../app-server/engine/model.ts';
import type { Ledger, Settlement } from '../../app-server/engine/ports.ts';
import { newId } from '../../app-server/store/database.ts';
import { createLedger } from '../../app-server/store/entries.ts';
import { createRecords, type Records } from '../../app-server/store/records.ts';
import { testDatabase } from '../database.ts';

const test = testDatabase();
let ledger: Ledger;
let records: Records;
const tenant = tenantOf('shopware', 'HRTGLOgXlmkKTV6t');
const at = new Date('2026-11-21T10:00:00Z');
const later = (ms: number): Date => new Date(at.getTime() + ms);

let flow: Flow;

const webhook = { by: 'webhook', lane: 'live', at } as const;
const claiming = { worker: 'w1', lane: 'live', limit: 10, leaseMs: 60_000, now: later(1) } as const;
const done: Settlement = {
  state: 'done',
  at: later(5),
  settingsVersion: 1,
  strikes: 0,
  revision: 0,
  counted: true,
  digest: 'd1',
  target: { id: 't1', number: '2026.1' },
};
const unfinished: Settlement = {
  state: 'waiting',
  at: later(500),
  dueAt: later(500),
  settingsVersion: 1,
  strikes: 0,
  revision: 0,
  counted: true,
};

beforeAll(() => {
  ledger = createLedger(test.database);
  records = createRecords(test.database);
});
beforeEach(() => {
  flow = {
    id: newId(),
    tenant,
    kind: 'order',
    source: 's',
    target: 't',
    on: true,
    settings: { values: {}, tables: {} },
    settingsVersion: 1,
  };
});

const only = async () => {
  const { items } = await records.page(tenant, { flow: flow.id, limit: 10 });
  expect(items).toHaveLength(1);
  const [entry] = items;
  if (!entry) throw new Error('no entry');
  return entry;
};

describe('the ledger', () => {
  it('lets the earlier record of a customer go first, also the one that another worker is just reading', async () => {
    await ledger.notice(flow, [{ sourceId: 'first' }, { sourceId: 'second' }, { sourceId: 'other' }], webhook);
    const [first, second, other] = await ledger.claim(flow, claiming);
    if (!first || !second || !other) throw new Error('three were noticed');
    const now = later(2);
    const earlier = (entry: typeof first, key: string) => ledger.earlier(entry, { key, now });
    expect(await earlier(second, 'ann')).toEqual(now);
    await ledger.assign([
      { entry: first, key: 'ann' },
      { entry: second, key: 'ann' },
      { entry: other, key: undefined },
    ]);
    expect(await earlier(first, 'ann')).toBeUndefined();
    expect(await earlier(second, 'ann')).toEqual(now);
    expect(await earlier(other, 'bob')).toBeUndefined();
    await ledger.settle(first, { ...done, state: 'waiting', dueAt: later(5_000) });
    expect(await earlier(second, 'ann')).toEqual(later(5_000));
    const [again] = await ledger.claim(flow, { ...claiming, now: later(6_000) });
    if (!again) throw new Error('it was due');
    await ledger.settle(again, done);
    expect(await earlier(second, 'ann')).toBeUndefined();
  });

  it('keeps the lease of a worker that lives, and only that of what it has not settled', async () => {
    await ledger.notice(flow, [{ sourceId: 'a' }, { sourceId: 'b' }], webhook);
    const claimed = await ledger.claim(flow, { ...claiming, leaseMs: 1_000 });
    const [a] = claimed;
    if (!a) throw new Error('two were noticed');
    await ledger.settle(a, { ...done, state: 'waiting', dueAt: later(10) });
    await ledger.renew(claimed, { until: later(9_000), now: later(0) });
    expect((await ledger.claim(flow, { ...claiming, worker: 'w2', now: later(5_000) })).map(({ sourceId }) => sourceId)).toEqual(['a']);
    expect((await ledger.claim(flow, { ...claiming, worker: 'w2', now: later(10_000) })).map(({ sourceId }) => sourceId)).toEqual(['b']);
  });

  it('is busy while an import’s records wait, and while any record is being carried out', async () => {
    const busy = () => ledger.busy(flow, later(2));
    expect(await busy()).toBe(false);
    await ledger.notice(flow, [{ sourceId: 'a' }], { ...webhook, by: 'import', lane: 'bulk' });
    expect(await busy()).toBe(true);
    const [a] = await ledger.claim(flow, { ...claiming, lane: 'bulk' });
    if (!a) throw new Error('one was noticed');
    await ledger.notice(flow, [{ sourceId: 'a', eventId: 'news' }], { ...webhook, by: 'poll' });
    expect(await busy()).toBe(true);
    await ledger.settle(a, done);
    expect(await only()).toMatchObject({ state: 'waiting', lane: 'live' });
    expect(await busy()).toBe(false);
  });

  it('lets a doubt grow older while the record is held, and prolongs only what was begun under the lease', async () => {
    await ledger.notice(flow, [{ sourceId: 'a' }, { sourceId: 'b' }], webhook);
    const claim = async (ms: number) => ledger.claim(flow, { ...claiming, leaseMs: 1_000, now: later(ms) });
    const intents = async () => [...(await ledger.look(flow, ['a', 'b'])).values()].map(({ intent }) => intent?.until);
    const [a, b] = await claim(0);
    if (!a || !b) throw new Error('two were noticed');
    await ledger.intend(a, { digest: 'x', until: later(1_000) });
    await ledger.settle(a, { ...unfinished, intent: 'open' });
    await ledger.settle(b, unfinished);
    const both = await claim(600);
    const second = both.find(({ sourceId }) => sourceId === 'b');
    if (!second) throw new Error('both are due');
    await ledger.intend(second, { digest: 'y', until: later(1_600) });
    await ledger.renew(both, { until: later(2_000), now: later(1_000) });
    expect(await intents()).toEqual([later(500), later(2_000)]);
  });

  it('knows of an entity what is in the target and what may be, of however many that wait', async () => {
    const numbers = Array.from({ length: 40 }, (_, index) => String(index));
    await ledger.notice(flow, [{ sourceId: 'there' }, { sourceId: 'doubt' }], webhook);
    const [there, doubt] = await ledger.claim(flow, claiming);
    if (!there || !doubt) throw new Error('two were noticed');
    const assign = (entries: readonly Entry[]) => ledger.assign(entries.map((entry) => ({ entry, key: `anna ${flow.id}` })));
    await assign([there, doubt]);
    await ledger.settle(there, { ...done, target: { id: 't1' }, written: { customer: 'c1' }, intent: 'closed' });
    await ledger.intend(doubt, { digest: 'x', until: later(9) });
    await ledger.settle(doubt, { ...unfinished, dueAt: later(60_000) });
    await ledger.notice(
      flow,
      numbers.map((sourceId) => ({ sourceId })),
      { ...webhook, at: later(1) },
    );
    const others = await ledger.claim(flow, { ...claiming, limit: 100, now: later(2) });
    await assign(others);
    const [one] = others;
    expect(await ledger.kin(one, `anna ${flow.id}`)).toEqual({
      sibling: { kind: 'order', id: 't1', values: { customer: 'c1' } },
      intents: [{ digest: 'x', until: later(9) }],
    });
    expect((await ledger.kin(doubt, `anna ${flow.id}`)).intents).toEqual([]);
  });

  it('opens one entry however often and from however many sides a record is noticed', async () => {
    const events = Array.from({ length: 20 }, (_, index) => ({ sourceId: 'o1', number: '10023', eventId: `e${index % 7}` }));
    await Promise.all(events.map((event) => ledger.notice(flow, [event], webhook)));
    const entry = await only();
    expect(entry).toMatchObject({ state: 'waiting', number: '10023', noticed: 7, attempts: 0, lane: 'live' });
    expect(entry.events).toHaveLength(7);
  });

  it('gives an entry to one of many workers', async () => {
    await ledger.notice(
      flow,
      Array.from({ length: 50 }, (_, index) => ({ sourceId: `o${index}` })),
      webhook,
    );
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, index) => ledger.claim(flow, { ...claiming, worker: `w${index}`, limit: 25 })),
    );
    const ids = claims.flat().map(({ sourceId }) => sourceId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('takes the oldest first', async () => {
    for (const [index, sourceId] of ['first', 'second', 'third'].entries())
      await ledger.notice(flow, [{ sourceId }], { ...webhook, at: later(index) });
    const claimed = await ledger.claim(flow, { ...claiming, limit: 2, now: later(10) });
    expect(claimed.map(({ sourceId }) => sourceId)).toEqual(['first', 'second']);
  });

  it('leaves an entry waiting that was noticed again while it was worked on', async () => {
    await ledger.notice(flow, [{ sourceId: 'o1', eventId: 'placed' }], webhook);
    const [entry] = await ledger.claim(flow, claiming);
    await ledger.notice(flow, [{ sourceId: 'o1', eventId: 'paid' }], { ...webhook, at: later(2) });
    expect(entry && (await ledger.settle(entry, done))).toBe(true);
    expect(await only()).toMatchObject({ state: 'waiting', settledDigest: 'd1', target: { number: '2026.1' } });
    expect(await ledger.claim(flow, { ...claiming, now: later(6) })).toHaveLength(1);
  });

  it('keeps a settled entry settled when a known event comes again', async () => {
    await ledger.notice(flow, [{ sourceId: 'o1', eventId: 'paid' }], webhook);
    const [entry] = await ledger.claim(flow, claiming);
    if (entry) await ledger.settle(entry, done);
    const again = await ledger.notice(flow, [{ sourceId: 'o1', eventId: 'paid' }], { ...webhook, at: later(9) });
    expect(again).toEqual({ opened: 0, reopened: 0 });
    expect(await only()).toMatchObject({ state: 'done', noticed: 1 });
  });

  it('refuses to be settled by a worker whose lease ran out and was taken over', async () => {
    await ledger.notice(flow, [{ sourceId: 'o1' }], webhook);
    const [slow] = await ledger.claim(flow, { ...claiming, leaseMs: 10 });
    const [quick] = await ledger.claim(flow, { ...claiming, worker: 'w2', now: later(100) });
    if (!slow || !quick) throw new Error('not claimed');
    expect(await ledger.intend(slow, { digest: 'x', until: later(102) })).toBe(false);
    expect(await ledger.settle(slow, done)).toBe(false);
    expect(await ledger.settle(quick, done)).toBe(true);
    expect((await only()).attempts).toBe(2);
  });

  it('lets one record of a customer be written at a time and gives the lock back at settling', async () => {
    await ledger.notice(flow, [{ sourceId: 'o1' }, { sourceId: 'o2' }], webhook);
    const [first, second] = await ledger.claim(flow, claiming);
    if (!first || !second) throw new Error('not claimed');
    const key = `${flow.id}:customer`;
    expect(await ledger.lock(first, key)).toBe(true);
    expect(await ledger.lock(second, key)).toBe(false);
    await ledger.settle(first, done);
    expect(await ledger.lock(second, key)).toBe(true);
  });

  it('does not count an attempt that could not begin', async () => {
    await ledger.notice(flow, [{ sourceId: 'o1' }], webhook);
    const [entry] = await ledger.claim(flow, claiming);
    if (entry) await ledger.settle(entry, { ...done, state: 'waiting', counted: false, dueAt: later(50) });
    expect(await only()).toMatchObject({ state: 'waiting', attempts: 0, dueAt: later(50) });
    expect(await ledger.claim(flow, { ...claiming, now: later(40) })).toEqual([]);
  });

  it('hurries those who wait for the other side, not those who wait for themselves', async () => {
    await ledger.notice(flow, [{ sourceId: 'away' }, { sourceId: 'odd' }], webhook);
    const cause = { code: 'network.unreachable', message: '', params: {} };
    for (const entry of await ledger.claim(flow, claiming)) {
      const remedy = entry.sourceId === 'away' ? ('wait' as const) : ('retry' as const);
      await ledger.settle(entry, { ...done, state: 'waiting', dueAt: later(900_000), cause: { ...cause, remedy } });
    }
    await ledger.hasten(flow, later(100));
    const due = await ledger.claim(flow, { ...claiming, now: later(100) });
    expect(due.map(({ sourceId }) => sourceId)).toEqual(['away']);
  });

  it('opens parked entries of one cause again', async () => {
    await ledger.notice(flow, [{ sourceId: 'a' }, { sourceId: 'b' }, { sourceId: 'c' }], webhook);
    for (const entry of await ledger.claim(flow, claiming)) {
      const code = entry.sourceId === 'c' ? 'till.currency' : 'till.article-missing';
      await ledger.settle(entry, { ...done, state: 'parked', cause: { code, message: '', remedy: 'fix-data', params: {} } });
    }
    expect(await records.parkedBy(tenant, flow.id)).toMatchObject([{ count: 2, cause: { code: 'till.article-missing' } }, { count: 1 }]);
    expect(await ledger.reopen(flow, { cause: 'till.article-missing', at: later(20) })).toBe(2);
    expect(await records.counts(tenant, flow.id)).toEqual({ received: 3, done: 0, skipped: 0, parked: 1, waiting: 2 });
  });

  it('finds records by order number, by id and by the number in the till, within the tenant only', async () => {
    await ledger.notice(
      flow,
      [
        { sourceId: 'abc', number: '10023' },
        { sourceId: 'def', number: '20001' },
      ],
      webhook,
    );
    for (const entry of await ledger.claim(flow, claiming))
      await ledger.settle(entry, { ...done, target: { id: `t-${entry.sourceId}`, number: `N.${entry.sourceId}` } });
    const search = async (text: string, whose = tenant) =>
      (await records.page(whose, { flow: flow.id, search: text, limit: 10 })).items.map(({ sourceId }) => sourceId);
    expect(await search('#1002')).toEqual(['abc']);
    expect(await search('def')).toEqual(['def']);
    expect(await search('N.abc')).toEqual(['abc']);
    expect(await search('.*')).toEqual([]);
    expect(await search('1002', tenantOf('shopware', 'other'))).toEqual([]);
  });

  it('pages through everything once, newest first', async () => {
    const ids = Array.from({ length: 25 }, (_, index) => `o${String(index).padStart(2, '0')}`);
    for (const [index, sourceId] of ids.entries())
      await ledger.notice(flow, [{ sourceId }], { ...webhook, at: later(Math.floor(index / 3)) });
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await records.page(tenant, { flow: flow.id, limit: 7, ...(after !== undefined && { after }) });
      seen.push(...page.items.map(({ sourceId }) => sourceId));
      after = page.next;
    } while (after !== undefined);
    expect([...seen].sort()).toEqual(ids);
    expect(seen[0]).toBe('o24');
  });
});
