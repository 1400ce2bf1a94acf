/** What stands in Mailchimp against what the source wants. Pure. */
import type { FieldChange, FieldPolicy } from '../connector.ts';

export interface Field {
  /** Path in the draft. */
  readonly path: string;
  /** Absent: nothing there. */
  readonly current: unknown;
  /** Absent: the source does not say. */
  readonly wanted: unknown;
  readonly policy?: FieldPolicy;
}

export interface Compared {
  readonly changes: readonly FieldChange[];
  /** Paths that are written. */
  readonly writes: ReadonlySet<string>;
  /** What stands there by our hand afterwards, as {@link CompareOptions.seal} has it. */
  readonly values: Readonly<Record<string, unknown>>;
}

export interface CompareOptions {
  /** The record is made now. */
  readonly isNew: boolean;
  /** What was left there the last time, sealed in the same way. */
  readonly last: Readonly<Record<string, unknown>> | undefined;
  /** How a value is remembered. */
  seal(value: unknown): unknown;
  /** What is shown in place of a value that is not remembered in clear. */
  readonly sealed?: string;
}

/** A field that is neither as wanted nor as we left it was edited by somebody: it is kept. */
export function compareFields(fields: readonly Field[], { isNew, last, seal, sealed }: CompareOptions): Compared {
  const changes: FieldChange[] = [];
  const writes = new Set<string>();
  const values: Record<string, unknown> = {};
  for (const { path, current, wanted, policy = 'always' } of fields) {
    if (wanted === undefined || policy === 'never' || (policy === 'on-create' && !isNew)) continue;
    const ours = last?.[path];
    if (covers(current, wanted)) values[path] = seal(wanted);
    else if (!isNew && ours !== undefined && !isEmpty(current) && ours !== seal(current)) {
      changes.push({ field: path, before: current, after: wanted, kept: { ours: sealed ?? ours } });
      values[path] = ours;
    } else {
      changes.push({ field: path, ...(!isEmpty(current) && { before: current }), after: wanted });
      writes.add(path);
      values[path] = seal(wanted);
    }
  }
  return { changes, writes, values };
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '';

const isoDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/** Everything that is wanted stands there; what stands beside it does not matter. Lists of things with ids are matched by them. */
export function covers(standing: unknown, wanted: unknown): boolean {
  if (isEmpty(wanted)) return wanted === undefined || isEmpty(standing);
  if (typeof wanted === 'string') {
    if (typeof standing !== 'string') return false;
    if (isoDate.test(wanted)) return Date.parse(standing) === Date.parse(wanted);
    return standing.replace(/\s+/g, ' ').trim() === wanted.replace(/\s+/g, ' ').trim();
  }
  if (typeof wanted !== 'object') return (standing ?? emptyOf(wanted)) === wanted;
  if (Array.isArray(wanted)) {
    if (!Array.isArray(standing)) return wanted.length === 0;
    const byId = new Map(standing.map((item: { id?: unknown }) => [item?.id, item]));
    return wanted.every((item: { id?: unknown }, index) => covers(item?.id === undefined ? standing[index] : byId.get(item.id), item));
  }
  const there = typeof standing === 'object' && standing !== null ? (standing as Record<string, unknown>) : {};
  return Object.entries(wanted as object).every(([name, value]) => covers(there[name], value));
}

/** Zero and false are how Mailchimp shows what nobody set. */
const emptyOf = (wanted: unknown): unknown => (typeof wanted === 'number' ? 0 : typeof wanted === 'boolean' ? false : undefined);
