import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate, basisPointsOf, decimalOf, exponentOf, minorOf, sum, taxInGross, taxOnNet, timesMinor } from '../../connectors/money.ts';

describe('money', () => {
  it('reads decimals by their digits, half a cent away from zero', () => {
    expect(minorOf(83.19, 'EUR')).toBe(8319);
    expect(minorOf('1.005', 'EUR')).toBe(101);
    expect(minorOf(-1.005, 'EUR')).toBe(-101);
    expect(minorOf(1e-7, 'EUR')).toBe(0);
    expect(minorOf('12', 'JPY')).toBe(12);
    expect(minorOf('1.2345', 'KWD')).toBe(1235);
    expect(basisPointsOf(5.5)).toBe(550);
  });

  it('multiplies a price by pieces before it rounds', () => {
    expect(timesMinor('0.3333', 3, 'EUR')).toBe(100);
    expect(timesMinor(8.2645, 12, 'EUR')).toBe(9917);
    expect(timesMinor('-1.005', 1, 'EUR')).toBe(-101);
    expect(timesMinor('1e-7', 1_000_000, 'EUR')).toBe(10);
    expect(timesMinor(undefined, 3, 'EUR')).toBe(0);
    expect(() => timesMinor('1,20', 1, 'EUR')).toThrow(RangeError);
    fc.assert(
      fc.property(fc.integer({ min: -1e7, max: 1e7 }), fc.nat(1_000), (minor, pieces) => {
        expect(timesMinor(decimalOf(minor, 'EUR'), pieces, 'EUR')).toBe(minor * pieces + 0);
      }),
    );
  });

  it('refuses what is no decimal', () => {
    for (const wrong of ['', '1,20', 'abc', Number.NaN, Number.POSITIVE_INFINITY, '.'])
      expect(() => minorOf(wrong, 'EUR')).toThrow(RangeError);
  });

  it('prints and reads back every amount', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), fc.constantFrom('EUR', 'JPY', 'KWD'), (minor, currency) => {
        expect(minorOf(decimalOf(minor, currency), currency)).toBe(minor);
        expect(decimalOf(minor, currency).split('.')[1]?.length ?? 0).toBe(exponentOf(currency));
      }),
    );
  });

  it('allocates without losing or making a cent', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.array(fc.nat(10_000), { minLength: 1, maxLength: 20 }), (minor, weights) => {
        expect(sum(allocate(minor, weights))).toBe(minor);
      }),
    );
  });

  it('takes VAT out of gross and puts it on net', () => {
    expect(taxInGross(12100, 2100)).toBe(2100);
    expect(taxInGross(-12100, 2100)).toBe(-2100);
    expect(taxOnNet(10000, 900)).toBe(900);
    expect(taxOnNet(50, 2100)).toBe(11);
  });
});
