/** How long a record waits after its n-th strike in a row, and when a flow that only meets silence pauses. Milliseconds. */

const recordBaseMs = 1_000;
const recordMostMs = 15 * 60_000;

/** Attempts that end in `retry` before the record is parked: about three hours. `wait` never parks. */
export const mostStrikes = 20;

/** Strikes of a flow without one success in between before it is held. */
export const strikesBeforeHold = 3;
const holdBaseMs = 500;
const holdMostMs = 60_000;

export function recordBackoffMs(strikes: number): number {
  return Math.min(recordMostMs, recordBaseMs * 2 ** Math.max(0, strikes - 1));
}

export function holdMs(strikes: number): number {
  return Math.min(holdMostMs, holdBaseMs * 2 ** Math.max(0, strikes - strikesBeforeHold));
}
