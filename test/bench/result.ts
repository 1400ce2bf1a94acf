/** What a benchmark says. */
export interface Row {
  readonly what: string;
  readonly measured: number;
  /** Absent: printed for information. */
  readonly limit?: { readonly atLeast: number } | { readonly atMost: number };
  readonly unit?: string;
  /** The figures behind the ratio. */
  readonly detail: string;
}

export function missed({ measured, limit }: Row): boolean {
  if (limit === undefined) return false;
  return 'atLeast' in limit ? !(measured >= limit.atLeast) : !(measured <= limit.atMost);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? Number.NaN) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
