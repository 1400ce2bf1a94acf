/** Field by field: what the source wants, what the target has, what we left there. Pure. */
import type { FieldChange } from './connector.ts';
import { fingerprint } from './fingerprint.ts';

type Comparable = string | number | boolean;

export interface Field {
  /** Path in the draft. */
  readonly path: string;
  /** Absent: there is none yet. */
  readonly current: Comparable | undefined;
  /** Absent: the source does not say. */
  readonly wanted: Comparable | undefined;
  /** What this field adds to the request. */
  readonly request: Readonly<Record<string, unknown>>;
}

export interface Compared {
  readonly changes: readonly FieldChange[];
  readonly request: Readonly<Record<string, unknown>>;
  /** What stands there by our hand once the request is carried out. */
  readonly values: Readonly<Record<string, unknown>>;
}

export interface CompareOptions {
  /** What we left there; absent: never. */
  readonly last: Readonly<Record<string, unknown>> | undefined;
  /** By path. `never` leaves a field of this one record to the target. */
  readonly policies?: Readonly<Partial<Record<string, string>>>;
  /** Turns a value into what is remembered of it: {@link personal} for people. */
  readonly mark?: (value: Comparable) => Comparable;
}

/** A field whose value is neither wanted nor the one that we left was edited by somebody: it is kept. */
export function compare(fields: readonly Field[], { last, policies = {}, mark = (value) => value }: CompareOptions): Compared {
  const changes: FieldChange[] = [];
  const values: Record<string, unknown> = {};
  let request: Readonly<Record<string, unknown>> = {};
  for (const { path, current, wanted, request: part } of fields) {
    if (wanted === undefined || policies[path] === 'never') continue;
    const ours = last?.[path];
    if (same(current, wanted)) values[path] = mark(wanted);
    else if (ours !== undefined && current !== undefined && !same(mark(current), ours)) {
      changes.push({ field: path, before: current, after: wanted, kept: { ours } });
      values[path] = ours;
    } else {
      changes.push({ field: path, ...(current !== undefined && { before: current }), after: wanted });
      values[path] = mark(wanted);
      request = { ...request, ...part };
    }
  }
  return { changes, request, values };
}

/** What is remembered of a person's data is no person's data. */
export const personal =
  (reference: string) =>
  (value: Comparable): string =>
    fingerprint(reference, tidy(value));

/** White space is the editor's, not the merchant's. */
function same(left: unknown, right: unknown): boolean {
  if (typeof left === 'string' || typeof right === 'string') return tidy(left) === tidy(right);
  return left === right;
}

const tidy = (value: unknown): string =>
  String(value ?? '')
    .replace(/\s+/g, ' ')
    .trim();
