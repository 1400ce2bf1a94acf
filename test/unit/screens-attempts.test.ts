import { describe, expect, it } from 'vitest';
import { happenings, tellingOf } from '../../app-server/screens/src/attempts.ts';
import type { Attempt } from '../../app-server/screens/src/shapes.ts';

const attempt = (number: number, more: Partial<Attempt> = {}): Attempt => ({
  number,
  at: '2026-03-01T10:00:00.000Z',
  worker: 'w',
  settingsVersion: 1,
  stages: [],
  outcome: 'done',
  steps: [],
  notes: [],
  exchanges: [],
  ...more,
});
const wrote = (number: number) => attempt(number, { steps: [{ id: 'order', action: 'create', subject: 'order', changes: [] }] });
const looked = (number: number) => attempt(number, { reason: 'unchanged' });
const parked = (number: number) =>
  attempt(number, { outcome: 'parked', cause: { code: 'till.article-missing', message: 'No article.', params: {}, remedy: 'fix-data' } });

const told = (attempts: readonly Attempt[]) =>
  happenings(attempts).map((one) => one.attempt?.number ?? one.looks?.map(({ number }) => number));

describe('the timeline of a record', () => {
  it('opens the attempt that wrote, not a later look that changed nothing', () => {
    expect(tellingOf([wrote(1), looked(2), looked(3)])).toBe(1);
  });

  it('opens the newest obstacle when one came after', () => {
    expect(tellingOf([wrote(1), parked(2), looked(3)])).toBe(2);
  });

  it('opens the newest attempt when none wrote', () => {
    expect(tellingOf([looked(1), looked(2)])).toBe(2);
    expect(tellingOf([])).toBeUndefined();
  });

  it('puts looks in a row that changed nothing into one line, newest first', () => {
    expect(told([wrote(1), looked(2), looked(3), wrote(4), looked(5)])).toEqual([[5], 4, [3, 2], 1]);
  });

  it('shows them one by one when there is nothing else', () => {
    expect(told([looked(1), looked(2)])).toEqual([2, 1]);
  });
});
