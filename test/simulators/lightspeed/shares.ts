/** Whole shares of an amount by weight that add up to it: largest remainders first. Weights and amount are whole and not negative. */
export function shares(amount: number, weights: readonly number[]): number[] {
  const total = weights.reduce((left, right) => left + right, 0);
  if (total === 0) return weights.map((_, at) => (at === 0 ? amount : 0));
  const exact = weights.map((weight) => (amount * weight) / total);
  const result = exact.map(Math.floor);
  const order = exact.map((value, at) => ({ at, rest: value - Math.floor(value) })).sort((left, right) => right.rest - left.rest);
  let left = amount - result.reduce((sum, part) => sum + part, 0);
  for (const { at } of order) {
    if (left === 0) break;
    result[at] = (result[at] ?? 0) + 1;
    left -= 1;
  }
  return result;
}
