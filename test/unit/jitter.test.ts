import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextMoment } from '../../app-server/engine/jitter.ts';

const anInstant = fc.date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true });
const minute = 60_000;

describe('the moments of a flow', () => {
  it('come round once per interval, whenever it was at work last', () => {
    fc.assert(
      fc.property(fc.string(), anInstant, fc.nat({ max: minute / 2 - 1 }), (id, now, lateMs) => {
        const first = nextMoment(id, minute, { now });
        expect(first.getTime() - now.getTime()).toBeGreaterThan(0);
        expect(first.getTime() - now.getTime()).toBeLessThanOrEqual(minute);
        const late = new Date(first.getTime() + lateMs);
        expect(nextMoment(id, minute, { now: late, leastMs: minute / 2 }).getTime()).toBe(first.getTime() + minute);
      }),
    );
  });

  it('part a thousand flows that something has pushed together', () => {
    const now = new Date('2026-11-21T10:00:00Z');
    const seconds = Array.from({ length: 1_000 }, (_, index) => nextMoment(`flow ${index}`, minute, { now }).getTime()).map((at) =>
      Math.floor((at - now.getTime()) / 1_000),
    );
    const fullest = Math.max(...Array.from({ length: 61 }, (_, second) => seconds.filter((each) => each === second).length));
    expect(fullest).toBeLessThan((3 * 1_000) / 60);
  });
});
