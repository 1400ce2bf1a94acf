/** The till states times as the shop's wall clock; its official clients take it for Europe/Amsterdam. */
import type { TillDateTime } from './elements.ts';

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

/** An offset changes on the full hour only, and asking the calendar is slow: the last hours are remembered. */
const offsets = new Map<number, number>();
const mostOffsets = 1_000;
const hourMs = 3_600_000;

function offsetMinutes(at: Date): number {
  const hour = Math.floor(at.getTime() / hourMs);
  let offset = offsets.get(hour);
  if (offset === undefined) {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
    const local = {
      sec: part('second'),
      min: part('minute'),
      hour: part('hour'),
      day: part('day'),
      mon: part('month'),
      year: part('year'),
    };
    offset = Math.round((utcOf(local) - Math.floor(at.getTime() / 1000) * 1000) / 60_000);
    if (offsets.size >= mostOffsets) offsets.clear();
    offsets.set(hour, offset);
  }
  return offset;
}

/** Wall clock with the real UTC offset in minutes, east positive, as the official writer sends it. */
export function wallClock(at: Date): TillDateTime & { isdst: boolean; timezone: number } {
  const timezone = offsetMinutes(at);
  const local = new Date(at.getTime() + timezone * 60_000);
  return {
    sec: local.getUTCSeconds(),
    min: local.getUTCMinutes(),
    hour: local.getUTCHours(),
    day: local.getUTCDate(),
    mon: local.getUTCMonth() + 1,
    year: local.getUTCFullYear(),
    isdst: false,
    timezone,
  };
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
