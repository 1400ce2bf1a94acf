/** Decimals of the wire, on the digits of the text. X-Series has five and more of them: here they are whole numbers of 10^-8, so that sums are exact. */
import { exponentOf, minorOf } from '../money.ts';

const places = 8;
const one = 10n ** 8n;

/** An amount in units of 10^-8 of the currency. */
export type Exact = bigint;

/** Throws RangeError when it is not a decimal. */
export function exactOf(decimal: number | string): Exact {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i.exec(String(decimal).trim());
  const digits = `${match?.[2] ?? ''}${match?.[3] ?? ''}`;
  if (match === null || digits === '') throw new RangeError(`not a decimal: ${JSON.stringify(decimal)}`);
  const shift = places + Number(match[4] ?? 0) - (match[3] ?? '').length;
  const magnitude = shift >= 0 ? BigInt(digits) * 10n ** BigInt(shift) : halfUp(BigInt(digits), 10n ** BigInt(-shift));
  return match[1] === '-' ? -magnitude : magnitude;
}

/** Minor units, rounded half away from zero. */
export function minorOfExact(exact: Exact, currency: string): number {
  const divisor = 10n ** BigInt(places - exponentOf(currency));
  const magnitude = halfUp(exact < 0n ? -exact : exact, divisor);
  return exact < 0n && magnitude !== 0n ? -Number(magnitude) : Number(magnitude);
}

/**
 * Amounts in minor units whose sum is the rounded sum of the exact ones: each is what the running total grows by, so none is off by
 * more than one unit and whole cents stay what they are.
 */
export function minorsOf(exact: readonly Exact[], currency: string): number[] {
  let running = 0n;
  let before = 0;
  return exact.map((amount) => {
    running += amount;
    const after = minorOfExact(running, currency);
    const part = after - before;
    before = after;
    return part;
  });
}

/** A decimal of the wire in minor units; 0 where there is none. */
export function minorIn(decimal: number | string | null | undefined, currency: string): number {
  return decimal === null || decimal === undefined || decimal === '' ? 0 : minorOf(decimal, currency);
}

/** A VAT rate in basis points, never negative. Orders and X-Series say 0.21, lists of taxes may say 21: more than 1 means percent. */
export function rateBpOf(rate: number | string | undefined): number {
  if (rate === undefined) return 0;
  const exact = exactOf(rate);
  return exact <= 0n ? 0 : Number(halfUp(exact, 10n ** BigInt(exact > one ? places - 2 : places - 4)));
}

/** The same number, however it is printed. */
export const equalDecimals = (left: string | undefined, right: string | undefined): boolean =>
  left !== undefined && right !== undefined && Number(left) === Number(right);

function halfUp(value: bigint, divisor: bigint): bigint {
  return (2n * value + divisor) / (2n * divisor);
}
