/** A long queue: what it costs in memory while the till is away, and whether an order takes longer the longer the queue is. */
import { setTimeout as pause } from 'node:timers/promises';
import { openGround } from './ground.ts';
import { pour } from './load.ts';
import { paidEvents } from './paid-events.ts';
import { median, type Row } from './result.ts';
import type { Placed } from './third-parties.ts';
import { doneAt, drained, noteOrders } from './waiting-orders.ts';

const long = 10_000;
const short = 1_000;
const shortRounds = 2;
const placedAtOnce = 500;
/** Longer than any connection, timer or buffer of the arrival lives. */
const settleMs = 8_000;

export async function queue(): Promise<Row[]> {
  const ground = await openGround();
  try {
    const others = ground.thirdParties();
    // The orders come from the ledger alone; a poll would bring them before their time.
    const server = await ground.server({ POLL_EVERY_MS: String(24 * 3_600_000) });
    const flow = await others.install(server.url);
    const model = await others.paidEvent();
    await drained(ground.database);
    // The shop has all its orders from the start: it is no part of what grows.
    const orders: Placed[] = [];
    while (orders.length < long + 2 * shortRounds * short) orders.push(...(await others.place(placedAtOnce)));
    const take = (count: number): Placed[] => orders.splice(0, count);
    const atRest = server.residentMb();

    const drain = async (waiting: readonly Placed[]): Promise<number> => {
      await others.switch({ flow: flow.flow, on: true });
      await drained(ground.database);
      const times = await doneAt(ground.database, waiting);
      // The first tenth warms up, in the short queue as in the long one.
      const from = Math.floor(times.length / 10);
      return ((times.at(-1) ?? 0) - (times[from] ?? 0)) / (times.length - 1 - from);
    };
    const shortQueue = async (): Promise<number> => {
      await others.switch({ flow: flow.flow, on: false });
      const waiting = take(short);
      await noteOrders(ground.database, flow, waiting);
      return drain(waiting);
    };

    const shorts: number[] = [];
    for (let round = 0; round < shortRounds; round += 1) shorts.push(await shortQueue());

    await others.away(true);
    const waiting = take(long);
    const url = new URL(model.url);
    for (let from = 0; from < waiting.length; from += placedAtOnce) {
      await pour(url, paidEvents(model, waiting.slice(from, from + placedAtOnce), url), 16);
    }
    await pause(settleMs);
    const whileWaiting = server.residentMb();
    const held = await ground.database.connection.collection('entries').countDocuments({ state: 'waiting' });
    if (held !== long) throw new Error(`${held} of ${long} orders wait`);
    await others.away(false);
    const longMs = await drain(waiting);
    const afterwards = server.residentMb();
    for (let round = 0; round < shortRounds; round += 1) shorts.push(await shortQueue());

    return [
      {
        what: 'time per order, 10,000 waiting to 1,000',
        measured: longMs / median(shorts),
        limit: { atMost: 1.2 },
        detail: `${longMs.toFixed(2)} ms to ${median(shorts).toFixed(2)} ms (median of ${shorts.length}, before and after)`,
      },
      {
        what: 'resident memory, 10,000 waiting, till away',
        measured: Math.round(whileWaiting),
        unit: 'MB',
        limit: { atMost: 250 },
        detail: `server process alone, compiled; the embedded database is another process; ${Math.round(atRest)} MB before`,
      },
      {
        what: 'resident memory after draining 10,000',
        measured: Math.round(afterwards),
        unit: 'MB',
        limit: { atMost: 250 },
        detail: 'right after the last order',
      },
    ];
  } finally {
    await ground.stop();
  }
}
