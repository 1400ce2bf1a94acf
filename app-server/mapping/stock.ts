/** From what the branches of a source have to the one number that a shop may sell. Pure; whole pieces, rounded down. */
import type { BranchStock, Quantity, StockLevel } from '../../connectors/commerce.ts';

export const stockFormulas = ['available', 'physical', 'available-plus-incoming'] as const;
export type StockFormula = (typeof stockFormulas)[number];

export interface StockRule {
  readonly formula: StockFormula;
  /** Branches that count; empty: all. */
  readonly branches: readonly string[];
  /** Pieces that are kept back. */
  readonly buffer: number;
  /** Never publish more than this. */
  readonly cap?: number;
  /** Sold in a shop but not yet booked in the source: pieces that are spoken for. */
  readonly promised: number;
}

/** `undefined`: the source did not say enough. A missing figure is never taken for zero. Negative stock is published as zero. */
export function publishable(level: Pick<StockLevel, 'branches'>, rule: StockRule): number | undefined {
  const counted = level.branches.filter(({ branch }) => rule.branches.length === 0 || rule.branches.includes(branch));
  if (counted.length === 0) return undefined;
  const figures = counted.map((branch) => figureOf(branch, rule.formula));
  if (figures.some((figure) => figure === undefined)) return undefined;
  const pieces = wholePieces(figures.flatMap((figure) => figure ?? []));
  const sellable = pieces - rule.buffer - rule.promised;
  return Math.max(0, Math.min(sellable, rule.cap ?? sellable));
}

/** One line of how the number came about. */
export interface WorkingLine {
  readonly what: 'branch' | 'buffer' | 'promised' | 'cap' | 'published';
  readonly branch?: string;
  readonly value: number;
}

/** The same sum, line by line, for somebody to follow. Empty where {@link publishable} cannot tell. */
export function workingOf(level: Pick<StockLevel, 'branches'>, rule: StockRule): WorkingLine[] {
  const published = publishable(level, rule);
  if (published === undefined) return [];
  const branches = level.branches
    .filter(({ branch }) => rule.branches.length === 0 || rule.branches.includes(branch))
    .map((stock) => ({
      what: 'branch' as const,
      branch: stock.branch,
      value: (figureOf(stock, rule.formula) ?? []).reduce((sum, { value, scale }) => sum + value / 10 ** scale, 0),
    }));
  return [
    ...branches,
    ...(rule.buffer > 0 ? [{ what: 'buffer' as const, value: -rule.buffer }] : []),
    ...(rule.promised > 0 ? [{ what: 'promised' as const, value: -rule.promised }] : []),
    ...(rule.cap !== undefined ? [{ what: 'cap' as const, value: rule.cap }] : []),
    { what: 'published', value: published },
  ];
}

/** The quantities that a formula adds up for one branch. */
function figureOf(stock: BranchStock, formula: StockFormula): readonly Quantity[] | undefined {
  switch (formula) {
    case 'available':
      return stock.available && [stock.available];
    case 'physical':
      return stock.physical && [stock.physical];
    case 'available-plus-incoming':
      return stock.available && stock.incoming && [stock.available, stock.incoming];
  }
}

function wholePieces(quantities: readonly Quantity[]): number {
  const scale = Math.max(0, ...quantities.map((quantity) => quantity.scale));
  const sum = quantities.reduce((total, quantity) => total + BigInt(quantity.value) * 10n ** BigInt(scale - quantity.scale), 0n);
  const unit = 10n ** BigInt(scale);
  const floor = sum / unit - (sum < 0n && sum % unit !== 0n ? 1n : 0n);
  return Number(floor);
}
