import { describe, expect, it } from 'vitest';
import { type Flow, tenantOf } from '../../app-server/engine/model.ts';
import type { Settlement } from '../../app-server/engine/ports.ts';
import { newId } from '../../app-server/store/database.ts';
import { createLedger } from '../../app-server/store/entries.ts';
import { gather } from '../../app-server/store/gather.ts';
import { testDatabase } from '../database.ts';

describe('questions to the database that come together', () => {
  it('are one command, and each asker gets its own answer', async () => {
    const commands: (readonly number[])[] = [];
    const twice = gather(
      async (items: readonly number[]) => {
        commands.push(items);
        return items.map((item) => (item === 3 ? new Error('three') : item * 2));
      },
      { most: 3 },
    );
    const answers = await Promise.allSettled([1, 2, 3, 4].map((item) => twice(item)));
    expect(commands).toEqual([[1, 2, 3], [4]]);
    expect(answers).toMatchObject([{ value: 2 }, { value: 4 }, { reason: new Error('three') }, { value: 8 }]);
    expect(await twice(5)).toBe(10);
  });

  it('fail together when the command fails, and the next goes on', async () => {
    let down = true;
    const ask = gather(
      async (items: readonly number[]) => {
        if (down) throw new Error('away');
        return items;
      },
      { most: 10, restMs: 1 },
    );
    expect(await Promise.allSettled([ask(1), ask(2)])).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
    down = false;
    expect(await ask(3)).toBe(3);
  });
});

describe('records that are written together', () => {
  const test = testDatabase();
  const at = new Date('2026-11-21T10:00:00Z');
  const later = (ms: number): Date => new Date(at.getTime() + ms);
  const flow = (): Flow => ({
    id: newId(),
    tenant: tenantOf('shopware', 'HRTGLOgXlmkKTV6t'),
    kind: 'order',
    source: 's',
    target: 't',
    on: true,
    settings: { values: {}, tables: {} },
    settingsVersion: 1,
  });
  const done: Settlement = { state: 'done', at: later(500), settingsVersion: 1, strikes: 0, revision: 0, counted: true };
  const claiming = { worker: 'w1', lane: 'live', limit: 10, leaseMs: 10, now: later(1) } as const;

  it('are each told whether their own lease still held', async () => {
    const ledger = createLedger(test.database);
    const of = flow();
    await ledger.notice(of, [{ sourceId: 'a' }, { sourceId: 'b' }, { sourceId: 'c' }], { by: 'webhook', lane: 'live', at });
    const [a, b, c] = await ledger.claim(of, claiming);
    if (!a || !b || !c) throw new Error('three were noticed');
    const intend = (entry: typeof a) => ledger.intend(entry, { digest: 'd', until: new Date(later(2).getTime() + 10) });
    expect(await Promise.all([a, b, c].map(intend))).toEqual([true, true, true]);
    await Promise.all([
      ledger.intend(a, { digest: 'd', until: new Date(later(2).getTime() + 1_000) }),
      ledger.intend(c, { digest: 'd', until: new Date(later(2).getTime() + 1_000) }),
    ]);
    const [taken] = await ledger.claim(of, { ...claiming, worker: 'w2', leaseMs: 1_000, now: later(100) });
    expect(taken?.sourceId).toBe('b');
    expect(await Promise.all([a, b, c].map(intend))).toEqual([true, false, true]);
    expect(await Promise.all([a, b, c].map((entry) => ledger.settle(entry, done)))).toEqual([true, false, true]);
    const states = await ledger.look(of, ['a', 'b', 'c']);
    expect(['a', 'b', 'c'].map((id) => states.get(id)?.state)).toEqual(['done', 'waiting', 'done']);
    expect(taken && (await ledger.settle(taken, done))).toBe(true);
  });

  it('take one lock each, and of two that want the same lock one', async () => {
    const ledger = createLedger(test.database);
    const of = flow();
    await ledger.notice(of, [{ sourceId: 'a' }, { sourceId: 'b' }, { sourceId: 'c' }], { by: 'webhook', lane: 'live', at });
    const entries = await ledger.claim(of, { ...claiming, leaseMs: 60_000 });
    const keys = ['ann', 'ann', 'bob'].map((name) => `${of.id}:${name}`);
    const locked = await Promise.all(entries.map((entry, index) => ledger.lock(entry, keys[index] ?? '')));
    expect(locked.filter(Boolean)).toHaveLength(2);
    expect(locked[2]).toBe(true);
  });

  it('know the head of each customer’s queue, also when one of the queues is long', async () => {
    const ledger = createLedger(test.database);
    const of = flow();
    const ids = Array.from({ length: 42 }, (_, index) => `o${String(index).padStart(2, '0')}`);
    await ledger.notice(
      of,
      ids.map((sourceId) => ({ sourceId })),
      { by: 'webhook', lane: 'live', at },
    );
    const entries = await ledger.claim(of, { ...claiming, limit: 50, leaseMs: 60_000 });
    // Ann has forty, bob and cleo one each.
    const keyOf = (index: number): string => `${of.id}:${index < 40 ? 'ann' : index === 40 ? 'bob' : 'cleo'}`;
    await ledger.assign(entries.map((entry, index) => ({ entry, key: keyOf(index) })));
    const now = later(2);
    const asked = [39, 40, 41].map((index) => {
      const entry = entries[index];
      if (!entry) throw new Error('not claimed');
      return ledger.earlier(entry, { key: keyOf(index), now });
    });
    expect(await Promise.all(asked)).toEqual([now, undefined, undefined]);
  });
});
