/** Fills the ledger as webhooks do, and waits until the product is through with it. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Flow } from '../../app-server/engine/model.ts';
import type { Database } from '../../app-server/store/database.ts';
import { createLedger } from '../../app-server/store/entries.ts';
import { entriesOf } from '../../app-server/store/entry-document.ts';
import type { OrderName } from './paid-events.ts';

const standstillMs = 60_000;

export async function noteOrders(database: Database, flow: { flow: string; tenant: string }, orders: readonly OrderName[]): Promise<void> {
  const ledger = createLedger(database);
  const listening = { id: flow.flow, tenant: flow.tenant, kind: 'order' } as Flow;
  for (const { id, number } of orders) {
    await ledger.notice(listening, [{ sourceId: id, number, eventId: id }], { by: 'webhook', lane: 'live', at: new Date() });
  }
}

/** Resolves when nothing waits any more. Throws when something was set aside. */
export async function drained(database: Database): Promise<void> {
  const entries = entriesOf(database);
  let left = Number.POSITIVE_INFINITY;
  let stoodSince = Date.now();
  for (;;) {
    const waiting = await entries.countDocuments({ state: 'waiting' });
    if (waiting === 0) break;
    if (waiting < left) stoodSince = Date.now();
    left = Math.min(left, waiting);
    if (Date.now() - stoodSince > standstillMs)
      throw new Error(`${waiting} orders wait and nothing has moved for ${standstillMs / 1000} s`);
    await pause(200);
  }
  const parked = await entries.findOne({ state: 'parked' });
  if (parked !== null) throw new Error(`order ${parked.number} was set aside: ${parked.cause?.message}`);
}

/** When each of these orders was done, in milliseconds, earliest first. */
export async function doneAt(database: Database, orders: readonly OrderName[]): Promise<number[]> {
  const wanted = orders.map(({ id }) => id);
  const found = await entriesOf(database)
    .find({ sourceId: { $in: wanted }, state: 'done' }, { projection: { settledAt: 1 } })
    .toArray();
  if (found.length !== orders.length) throw new Error(`${found.length} of ${orders.length} orders are done`);
  return found.map(({ settledAt }) => settledAt?.getTime() ?? 0).sort((a, b) => a - b);
}

/** Orders per second, without the first tenth: until then connections open and caches fill. */
export function rateOf(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  const from = Math.floor(sorted.length / 10);
  return (sorted.length - 1 - from) / (((sorted.at(-1) ?? 0) - (sorted[from] ?? 0)) / 1000);
}
