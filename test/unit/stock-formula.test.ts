import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { publishable, type StockRule } from '../../app-server/mapping/stock.ts';

const rule = (more: Partial<StockRule> = {}): StockRule => ({ formula: 'available', branches: [], buffer: 0, promised: 0, ...more });
const pieces = (value: number, scale = 0) => ({ value, scale });
const branch = (name: string, available: number, more: object = {}) => ({ branch: name, available: pieces(available), ...more });

describe('what a shop may sell', () => {
  it('is what is available in the branches that count', () => {
    const level = { branches: [branch('1', 5), branch('2', 3)] };
    expect(publishable(level, rule())).toBe(8);
    expect(publishable(level, rule({ branches: ['2'] }))).toBe(3);
  });

  it('keeps the buffer back, subtracts what was sold but not yet booked, and stays under the cap', () => {
    const level = { branches: [branch('1', 20)] };
    expect(publishable(level, rule({ buffer: 2, promised: 3 }))).toBe(15);
    expect(publishable(level, rule({ cap: 10 }))).toBe(10);
    expect(publishable(level, rule({ promised: 30 }))).toBe(0);
  });

  it('can count the shelf or what is on its way', () => {
    const level = { branches: [branch('1', 5, { physical: pieces(9), incoming: pieces(4) })] };
    expect(publishable(level, rule({ formula: 'physical' }))).toBe(9);
    expect(publishable(level, rule({ formula: 'available-plus-incoming' }))).toBe(9);
  });

  it('is unknown, not zero, when a figure or a branch is missing', () => {
    expect(publishable({ branches: [] }, rule())).toBeUndefined();
    expect(publishable({ branches: [{ branch: '1' }] }, rule())).toBeUndefined();
    expect(publishable({ branches: [branch('1', 5)] }, rule({ branches: ['9'] }))).toBeUndefined();
    expect(publishable({ branches: [branch('1', 5)] }, rule({ formula: 'available-plus-incoming' }))).toBeUndefined();
  });

  it('counts whole pieces of what is weighed', () => {
    expect(
      publishable(
        {
          branches: [
            { branch: '1', available: pieces(1250, 3) },
            { branch: '2', available: pieces(9, 1) },
          ],
        },
        rule(),
      ),
    ).toBe(2);
  });

  it('never exceeds what there is, whatever the settings', () => {
    const quantity = fc.record({ value: fc.integer({ min: -1e6, max: 1e6 }), scale: fc.integer({ min: 0, max: 6 }) });
    fc.assert(
      fc.property(
        fc.array(quantity, { minLength: 1, maxLength: 5 }),
        fc.nat(50),
        fc.nat(50),
        fc.option(fc.nat(100), { nil: undefined }),
        (amounts, buffer, promised, cap) => {
          const branches = amounts.map((available, index) => ({ branch: String(index), available }));
          const published = publishable({ branches }, rule({ buffer, promised, ...(cap !== undefined && { cap }) }));
          const there = amounts.reduce((sum, { value, scale }) => sum + value / 10 ** scale, 0);
          expect(published).toBeGreaterThanOrEqual(0);
          expect(published).toBeLessThanOrEqual(Math.max(0, there - buffer - promised + 1e-6));
          if (cap !== undefined) expect(published).toBeLessThanOrEqual(cap);
        },
      ),
    );
  });
});
