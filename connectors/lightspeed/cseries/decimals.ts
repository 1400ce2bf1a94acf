/** Decimals of the wire to whole numbers, on the digits of the text: nothing here is a floating point number. */
import { basisPointsOf, minorOf } from '../../money.ts';

/** A price of one piece times a quantity, in minor units, rounded once: unit prices have up to four decimals. */
export function timesMinor(decimal: string | undefined, quantity: number, currency: string): number {
  if (decimal === undefined) return 0;
  const match = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(decimal);
  if (match === null) return minorOf(decimal, currency) * quantity;
  const [, sign = '', digits = '0', fraction = ''] = match;
  return minorOf(`${sign}${BigInt(digits + fraction) * BigInt(quantity)}e-${fraction.length}`, currency);
}

/** A VAT rate in basis points. Orders say 0.21; taxes may say 21: more than 1 means percent. */
export function rateBpOf(rate: string | undefined): number {
  if (rate === undefined) return 0;
  return Math.max(0, Number(rate) > 1 ? basisPointsOf(rate) : basisPointsOf(/e/i.test(rate) ? String(Number(rate) * 100) : `${rate}e2`));
}

/** The same number, however it is printed. */
export const equalDecimals = (left: string | undefined, right: string | undefined): boolean =>
  left !== undefined && right !== undefined && Number(left) === Number(right);
