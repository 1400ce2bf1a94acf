import { createHash } from 'node:crypto';

/** Always the same share of the interval for one flow, so that a thousand flows that start together do not work together. */
export function jitterMs(id: string, intervalMs: number): number {
  return createHash('sha256').update(id).digest().readUInt32BE(0) % Math.max(1, Math.floor(intervalMs));
}

/**
 * A flow's own moments come round once per interval, whenever it was at work last: flows that something has pushed together part again.
 * @param leastMs the next moment is at least this far away
 */
export function nextMoment(id: string, intervalMs: number, after: { now: Date; leastMs?: number }): Date {
  const earliest = after.now.getTime() + Math.max(1, after.leastMs ?? 0);
  const sinceOwn = (earliest - jitterMs(id, intervalMs)) % intervalMs;
  return new Date(sinceOwn === 0 ? earliest : earliest + intervalMs - sinceOwn);
}
