import type { TillLine, VatTotal } from './till.ts';

/** Half away from zero, as money is rounded at a till. */
function rounded(amount: number): number {
  return Math.sign(amount) * Math.round(Math.abs(amount)) + 0;
}

function lineTotal(line: TillLine, unitPrice: number, percentOf: number): number {
  const full = rounded((unitPrice * line.quantity) / 10 ** line.decimalPlaces);
  return full - rounded((full * line.discountPercentage) / percentOf) - line.discountAmount;
}

export interface Totals {
  totalInclAmount: number;
  totalExclAmount: number;
  vatTotals: VatTotal[];
}

function vatOf(sum: number, basisPoints: number, vatMethod: string): number {
  if (vatMethod === 'VAT-METHOD-INCLUSIVE') return rounded((sum * basisPoints) / (10_000 + basisPoints));
  if (vatMethod === 'VAT-METHOD-EXCLUSIVE') return rounded((sum * basisPoints) / 10_000);
  return 0;
}

/**
 * Fills the totals of the lines and adds them up. VAT is taken once per VAT code over the sum of its lines: out of the gross
 * sum when prices include VAT, on top of the net sum when they do not; none when it is shifted or there is none.
 * `percentOf` is what 100 percent of a discount is written as (100 or 10000).
 */
export function totalUp(lines: readonly TillLine[], vatMethod: string, percentOf: number): Totals {
  const inclusive = vatMethod === 'VAT-METHOD-INCLUSIVE';
  const sums = new Map<number, { basisPoints: number; sum: number }>();
  for (const line of lines) {
    const total = lineTotal(line, inclusive ? line.price : line.priceExcl, percentOf);
    const vat = vatOf(total, line.vatBasisPoints, vatMethod);
    line.totalInclAmount = inclusive ? total : total + vat;
    line.totalExclAmount = inclusive ? total - vat : total;
    const group = sums.get(line.vatCode) ?? { basisPoints: line.vatBasisPoints, sum: 0 };
    group.sum += total;
    sums.set(line.vatCode, group);
  }
  const vatTotals = [...sums].map(([vatCode, { basisPoints, sum }]) => {
    const vatAmount = vatOf(sum, basisPoints, vatMethod);
    return { vatCode, basisPoints, exclAmount: inclusive ? sum - vatAmount : sum, vatAmount };
  });
  const totalExclAmount = vatTotals.reduce((total, group) => total + group.exclAmount, 0);
  return { totalExclAmount, totalInclAmount: vatTotals.reduce((total, group) => total + group.vatAmount, totalExclAmount), vatTotals };
}
