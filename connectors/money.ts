/**
 * Money is an integer number of minor units (cents) of one currency; rates are basis points (21 % = 2100).
 * No function here takes or returns a fraction of a minor unit.
 */
import { dinero, allocate as dineroAllocate, toSnapshot } from 'dinero.js';

const exponents: Readonly<Record<string, number>> = {
  BHD: 3,
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JOD: 3,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  KWD: 3,
  OMR: 3,
  PYG: 0,
  RWF: 0,
  TND: 3,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
};

/** Digits after the decimal point of an ISO 4217 currency: 2 unless the standard says otherwise. */
export function exponentOf(currency: string): number {
  return exponents[currency.toUpperCase()] ?? 2;
}

/**
 * A decimal as systems print it (`83.19`, `"1e-7"`, `12`) to minor units, rounded half away from zero.
 * Works on the digits of the text, so 1.005 is one euro and one cent. Throws RangeError when it is not a finite decimal.
 */
export function minorOf(decimal: number | string, currency: string): number {
  return scaled(decimal, exponentOf(currency));
}

/**
 * A price of one piece times a number of pieces, in minor units, rounded once: 3 × 0.3333 is one euro. `undefined` is nothing.
 * Throws RangeError like {@link minorOf}.
 */
export function timesMinor(decimal: number | string | undefined, quantity: number, currency: string): number {
  if (decimal === undefined) return 0;
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i.exec(String(decimal).trim());
  const [, sign = '', digits = '', fraction = '', exponent = '0'] = match ?? [];
  if (match === null || digits + fraction === '') throw new RangeError(`not a decimal: ${JSON.stringify(decimal)}`);
  return minorOf(`${sign}${BigInt(digits + fraction) * BigInt(quantity)}e${Number(exponent) - fraction.length}`, currency);
}

/** Percent as systems print it (`21`, `5.5`) to basis points. */
export function basisPointsOf(percent: number | string): number {
  return scaled(percent, 2);
}

/** Minor units as a plain decimal text: 8319 EUR is `83.19`. */
export function decimalOf(minor: number, currency: string): string {
  const exponent = exponentOf(currency);
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0');
  const sign = minor < 0 ? '-' : '';
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/** Splits an amount over weights so that the parts add up to the amount exactly; larger remainders first. Weights are integers >= 0. */
export function allocate(minor: number, weights: readonly number[]): number[] {
  if (weights.every((weight) => weight === 0)) {
    return weights.map((_, index) => (index === 0 ? minor : 0));
  }
  const parts = dineroAllocate(dinero({ amount: minor, currency: { code: 'XXX', base: 10, exponent: 0 } }), [...weights]);
  return parts.map((part) => toSnapshot(part).amount);
}

/** VAT contained in a gross amount, rounded half away from zero: 121 at 2100 is 21. */
export function taxInGross(grossMinor: number, rateBp: number): number {
  return divideRounded(grossMinor * rateBp, 10_000 + rateBp);
}

/** VAT on top of a net amount, rounded half away from zero: 100 at 2100 is 21. */
export function taxOnNet(netMinor: number, rateBp: number): number {
  return divideRounded(netMinor * rateBp, 10_000);
}

export function sum(amounts: Iterable<number>): number {
  let total = 0;
  for (const amount of amounts) total += amount;
  return total;
}

function divideRounded(numerator: number, denominator: number): number {
  const quotient = (2n * BigInt(Math.abs(numerator)) + BigInt(denominator)) / (2n * BigInt(denominator));
  return numerator < 0 ? -Number(quotient) : Number(quotient);
}

function scaled(decimal: number | string, exponent: number): number {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i.exec(String(decimal).trim());
  const digits = `${match?.[2] ?? ''}${match?.[3] ?? ''}`;
  if (match === null || digits === '') throw new RangeError(`not a decimal: ${JSON.stringify(decimal)}`);
  const shift = exponent + Number(match[4] ?? 0) - (match[3] ?? '').length;
  const magnitude = shift >= 0 ? BigInt(digits) * 10n ** BigInt(shift) : roundedShift(BigInt(digits), -shift);
  const value = Number(match[1] === '-' ? -magnitude : magnitude);
  if (!Number.isSafeInteger(value)) throw new RangeError(`too large for an amount: ${decimal}`);
  return value === 0 ? 0 : value;
}

function roundedShift(digits: bigint, places: number): bigint {
  const divisor = 10n ** BigInt(places);
  return (2n * digits + divisor) / (2n * divisor);
}
