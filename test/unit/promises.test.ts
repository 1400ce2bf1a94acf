import { beforeEach, describe, expect, it } from 'vitest';
import { type Entry, type Flow, tenantOf } from '../../app-server/engine/model.ts';
import type { Settlement } from '../../app-server/engine/ports.ts';
import { goodsOf } from '../../app-server/engine/promises.ts';
import { newId } from '../../app-server/store/database.ts';
import { createLedger } from '../../app-server/store/entries.ts';
import { testDatabase } from '../database.ts';

const test = testDatabase();
const tenant = tenantOf('shopware', 'HRTGLOgXlmkKTV6t');
const at = new Date('2026-11-21T10:00:00Z');
const settlement = { at, settingsVersion: 1, strikes: 0, revision: 0, counted: true } as const;
const cause = { code: 'verify.mismatch', message: 'The till shows another total.', remedy: 'fix-data', params: {} } as const;
let [till, other] = ['', ''];
let flow: Flow;

const ledger = () => createLedger(test.database);

beforeEach(() => {
  [till, other] = [newId(), newId()];
  const settings = { values: {}, tables: {} };
  flow = { id: newId(), tenant, kind: 'order', source: 'shop', target: till, on: true, settings, settingsVersion: 1 };
});

/** A paid order of two mugs and a book, on its way to the till; ended as told. */
async function order(sourceId: string, end?: Omit<Settlement, keyof typeof settlement>): Promise<void> {
  const one = ledger();
  await one.notice(flow, [{ sourceId }], { by: 'webhook', lane: 'live', at });
  const claimed = await one.claim(flow, { worker: 'w', lane: 'live', limit: 10, leaseMs: 60_000, now: at });
  const entry = claimed.find((found) => found.sourceId === sourceId) as Entry;
  const of = [
    { sku: 'mug', quantity: 2 },
    { sku: 'book', quantity: 1 },
  ];
  await one.assign([{ entry, key: undefined, demand: { connection: till, of } }]);
  if (end) expect(await one.settle(entry, { ...settlement, ...end })).toBe(true);
}

const promised = (connection = till) => ledger().promised(tenant, connection);

describe('what paid orders have taken of a till’s goods', () => {
  it('adds up while they are on their way, wait, or are set aside without being there', async () => {
    await order('under way');
    await order('waiting', { state: 'waiting', dueAt: at, cause: { ...cause, remedy: 'wait' } });
    await order('set aside', { state: 'parked', cause });
    await order('at the wrong status', { state: 'skipped', reason: 'not-at-status', promised: true });
    expect(await promised()).toEqual({ mug: 8, book: 4 });
  });

  it('is free as soon as the till has them, is not to get them, or has them although something is wrong', async () => {
    const target = { id: 't1', number: '2026.1' };
    await order('booked', { state: 'done', target });
    await order('cancelled', { state: 'skipped', reason: 'cancelled' });
    await order('booked with another total', { state: 'parked', cause, target });
    expect(await promised()).toEqual({});
  });

  it('ends with the connection that they were going to: another till in its place owes nothing', async () => {
    await order('set aside', { state: 'parked', cause });
    expect(await promised(other)).toEqual({});
    expect(await promised()).toEqual({ mug: 2, book: 1 });
  });
});

describe('the goods of an order that is not sent', () => {
  it('are sold once it is paid, back in the shop once it is cancelled or paid back, and open before', () => {
    expect(goodsOf({ state: 'open', paymentState: 'paid' })).toBe('sold');
    expect(goodsOf({ state: 'open', paymentState: 'partially-refunded' })).toBe('sold');
    expect(goodsOf({ state: 'cancelled', paymentState: 'paid' })).toBe('returned');
    expect(goodsOf({ state: 'open', paymentState: 'refunded' })).toBe('returned');
    expect(goodsOf({ state: 'open', paymentState: 'open' })).toBe('open');
  });
});
