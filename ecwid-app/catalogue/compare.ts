/** Field by field: what the source wants, what the store has, what we left there. Pure. */
import type { FieldChange } from '../../connectors/connector.ts';

type Comparable = string | number | boolean;

export interface Field {
  /** Path in the draft. */
  readonly path: string;
  /** Absent: the store has none. */
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

/** A field whose value is neither wanted nor the one that we left was edited by somebody: it is kept. */
export function compare(
  fields: readonly Field[],
  { last, policies }: { last: Readonly<Record<string, unknown>> | undefined; policies: Readonly<Partial<Record<string, string>>> },
): Compared {
  const changes: FieldChange[] = [];
  const values: Record<string, unknown> = {};
  let request: Readonly<Record<string, unknown>> = {};
  for (const field of fields) {
    const { path, current, wanted } = field;
    // By its path: left to the store for this one record.
    if (wanted === undefined || policies[path] === 'never') continue;
    const ours = last?.[path];
    if (same(current, wanted)) values[path] = wanted;
    else if (ours !== undefined && current !== undefined && !same(current, ours)) {
      changes.push({ field: path, before: current, after: wanted, kept: { ours } });
      values[path] = ours;
    } else {
      changes.push({ field: path, before: current, after: wanted });
      values[path] = wanted;
      request = { ...request, ...field.request };
    }
  }
  return { changes, request, values };
}

/** White space is the editor's, not the merchant's. */
function same(left: unknown, right: unknown): boolean {
  if (typeof left === 'string' || typeof right === 'string') return tidy(left) === tidy(right);
  return left === right;
}

const tidy = (value: unknown): string =>
  String(value ?? '')
    .replace(/\s+/g, ' ')
    .trim();
