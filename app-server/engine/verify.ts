/** The verify stage: what reading back from the target shows, held against what the plan expected. Pure. */
import type { Order } from '../../connectors/commerce.ts';
import type { Expectation } from '../../connectors/connector.ts';
import { decimalOf } from '../../connectors/money.ts';

export interface Check {
  readonly what: string;
  readonly expected: string;
  readonly found: string;
  readonly ok: boolean;
}

export interface Verdict {
  readonly ok: boolean;
  readonly checks: readonly Check[];
}

/** Money to the cent, every article's quantity and amount, the customer. Lines that cost nothing and were not ours are the target's own. */
export function verify(expected: Expectation, found: Order): Verdict {
  const money = (minor: number): string => `${decimalOf(minor, found.currency)} ${found.currency}`;
  const checks: Check[] = [
    compare('total', money(expected.totalMinor), money(found.totalMinor)),
    compare('paid', money(expected.paidMinor), money(found.paidMinor)),
  ];
  if (expected.customer !== undefined) checks.push(compare('customer', expected.customer, found.customer?.id ?? '–'));
  const wanted = bySku(expected.lines);
  const got = bySku(found.lines.map((line) => ({ sku: line.sku ?? '', quantity: line.quantity, grossMinor: line.grossMinor })));
  for (const sku of new Set([...wanted.keys(), ...got.keys()])) {
    const left = wanted.get(sku);
    const right = got.get(sku);
    if (left === undefined && right?.grossMinor === 0) continue;
    const words = (line: typeof left): string => (line === undefined ? '–' : `${line.quantity} × = ${money(line.grossMinor)}`);
    checks.push(compare(`line ${sku}`, words(left), words(right)));
  }
  return { ok: checks.every((check) => check.ok), checks };
}

function compare(what: string, expected: string, found: string): Check {
  return { what, expected, found, ok: expected === found };
}

function bySku(lines: Expectation['lines']): Map<string, { quantity: number; grossMinor: number }> {
  const sums = new Map<string, { quantity: number; grossMinor: number }>();
  for (const { sku, quantity, grossMinor } of lines) {
    const sum = sums.get(sku) ?? { quantity: 0, grossMinor: 0 };
    sums.set(sku, { quantity: sum.quantity + quantity, grossMinor: sum.grossMinor + grossMinor });
  }
  return sums;
}
