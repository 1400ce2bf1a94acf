/** The till states times as the shop's wall clock; its official clients take it for Europe/Amsterdam. */
import type { TillDateTime } from './answers.ts';

const format = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Amsterdam',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
  hourCycle: 'h23',
});

/** Wall clock with the real UTC offset in minutes, east positive, as the official writer sends it. */
export function wallClock(at: Date): TillDateTime & { isdst: boolean; timezone: number } {
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  const clock = { sec: part('second'), min: part('minute'), hour: part('hour'), day: part('day'), mon: part('month'), year: part('year') };
  const timezone = Math.round((utcOf(clock) - Math.floor(at.getTime() / 1000) * 1000) / 60_000);
  return { ...clock, isdst: false, timezone };
}

/** The moment of a wall clock; of the doubled hour in autumn the earlier one. Undefined for the till's zero date. */
export function momentOf(clock: TillDateTime | null | undefined): Date | undefined {
  if (!clock || clock.year === 0 || clock.mon === 0 || clock.day === 0) return undefined;
  const asUtc = utcOf(clock);
  for (const offset of [120, 60]) {
    const candidate = new Date(asUtc - offset * 60_000);
    if (wallClock(candidate).timezone === offset) return candidate;
  }
  return new Date(asUtc - 60 * 60_000);
}

function utcOf(clock: TillDateTime): number {
  return Date.UTC(clock.year, clock.mon - 1, clock.day, clock.hour, clock.min, clock.sec);
}
