import type { Fields } from './fields.ts';

/** The last Sunday of a month at 01:00 UTC: when Europe changes its clocks. */
function lastSunday(year: number, month: number): number {
  const end = new Date(Date.UTC(year, month + 1, 0, 1));
  return end.getTime() - end.getUTCDay() * 86_400_000;
}

/** Minutes that Amsterdam is ahead of UTC: 60, or 120 in summer. */
function amsterdamOffset(at: number): number {
  const year = new Date(at).getUTCFullYear();
  return at >= lastSunday(year, 2) && at < lastSunday(year, 9) ? 120 : 60;
}

/** A moment (epoch ms) as the till writes it: wall clock of the shop plus the offset in minutes, isdst always false. */
export function tillTime(at: number): Fields {
  const timezone = amsterdamOffset(at);
  const wall = new Date(at + timezone * 60_000);
  return {
    sec: wall.getUTCSeconds(),
    min: wall.getUTCMinutes(),
    hour: wall.getUTCHours(),
    day: wall.getUTCDate(),
    mon: wall.getUTCMonth() + 1,
    year: wall.getUTCFullYear(),
    isdst: false,
    timezone,
  };
}

/** The shop's calendar day at a moment. */
export function tillDate(at: number): Fields {
  const { day, mon, year } = tillTime(at);
  return { day, mon, year };
}

/** What a client sent, as epoch ms: the wall clock is read as Amsterdam's, the sent offset is ignored. */
export function momentOf(time: Fields): number {
  const part = (name: string): number => Number(time[name] ?? 0);
  const wall = Date.UTC(part('year'), part('mon') - 1, part('day'), part('hour'), part('min'), part('sec'));
  return wall - amsterdamOffset(wall - 3_600_000) * 60_000;
}

/** A calendar day as a number that sorts; 0 for the "no date" of 0/0/0. */
export function dayNumber(date: Fields): number {
  return Number(date.year ?? 0) * 10_000 + Number(date.mon ?? 0) * 100 + Number(date.day ?? 0);
}
