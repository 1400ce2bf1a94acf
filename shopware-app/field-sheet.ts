/** Decides field by field what is written to one row: the merchant's policy, what stands there, and what somebody else has changed since we wrote. Pure. */
import type { FieldChange, FieldPolicy } from '../connectors/connector.ts';

export interface SheetOptions {
  /** The row is not there yet. */
  readonly creating: boolean;
  /** Behind every field name; a variant's fields bear its number. */
  readonly suffix?: string;
  /** Whether the field's switch and policy let it be written. */
  /** `name`: the field with its suffix, as it is kept and reported. */
  readonly policyOf: (field: string, name: string) => FieldPolicy;
  readonly last: Readonly<Record<string, unknown>>;
}

export interface Sheet {
  readonly changes: FieldChange[];
  /** What stands in the target by our hand. */
  readonly values: Record<string, unknown>;
  /** True when the field is to be written; changes and values are noted. */
  write<Value>(field: string, of: Single<Value>): boolean;
  /** What to add to and take from a list of which others may own entries too. */
  merge(field: string, of: Several): { readonly add: readonly string[]; readonly remove: readonly string[] };
}

interface Single<Value> {
  readonly wanted: Value | undefined;
  /** What stands there, or will when nothing is written. */
  readonly current: Value | undefined;
  /** What stands there now, where that differs: a variant's parent may just be changing. */
  readonly stood?: Value | undefined;
  readonly same?: (one: Value, other: Value) => boolean;
  /** Shopware does not take a new row without it. */
  readonly required?: true;
  readonly label?: (value: Value) => unknown;
  /** `last` as it was stored, back to a value; anything else than undefined counts as ours. */
  readonly parse: (stored: unknown) => Value | undefined;
}

interface Several {
  readonly wanted: readonly string[];
  readonly current: readonly string[];
  readonly label: (value: string) => string;
  /** Takes part in creating, whatever the policy: a variant without its options is none. */
  readonly required?: true;
}

export function createSheet(options: SheetOptions): Sheet {
  const { creating, last, policyOf } = options;
  const changes: FieldChange[] = [];
  const values: Record<string, unknown> = {};
  const nameOf = (field: string): string => `${field}${options.suffix ?? ''}`;
  const allowed = (field: string): boolean => {
    const policy = policyOf(field, nameOf(field));
    return policy === 'always' || (creating && policy === 'on-create');
  };
  const keepLast = (name: string): void => {
    if (last[name] !== undefined) values[name] = last[name];
  };

  return {
    changes,
    values,
    write(field, { wanted, current, stood = current, same = Object.is, required, label = (value) => value, parse }) {
      const name = nameOf(field);
      const may = allowed(field) || (creating && required === true);
      if (!may || wanted === undefined) {
        keepLast(name);
        return false;
      }
      if (current !== undefined && same(current, wanted)) {
        values[name] = wanted;
        return false;
      }
      const ours = parse(last[name]);
      const before = creating || stood === undefined ? undefined : label(stood);
      const shown = { field: name, ...(before !== undefined && { before }), after: label(wanted) };
      const edited = !creating && ours !== undefined && (stood === undefined || !same(stood, ours));
      if (edited) {
        keepLast(name);
        changes.push({ ...shown, kept: { ours: label(ours) } });
        return false;
      }
      values[name] = wanted;
      changes.push(shown);
      return true;
    },
    merge(field, { wanted, current, label, required }) {
      const name = nameOf(field);
      const none = { add: [], remove: [] };
      if (!allowed(field) && !(creating && required === true)) {
        keepLast(name);
        return none;
      }
      const stored = last[name];
      const ours = Array.isArray(stored) ? stored.map(String) : undefined;
      const missing = wanted.filter((value) => !current.includes(value));
      const gone = creating ? [] : missing.filter((value) => ours?.includes(value) === true);
      const add = missing.filter((value) => !gone.includes(value));
      const remove = creating ? [] : current.filter((value) => ours?.includes(value) === true && !wanted.includes(value));
      values[name] = [...wanted];
      const text = (list: readonly string[]): string => list.map(label).sort().join(', ');
      if (add.length > 0 || remove.length > 0) {
        const after = [...current.filter((value) => !remove.includes(value)), ...add];
        changes.push({ field: name, ...(!creating && { before: text(current) }), after: text(after) });
      }
      if (gone.length > 0) changes.push({ field: name, before: text(current), after: text(wanted), kept: { ours: text(ours ?? []) } });
      return { add, remove };
    },
  };
}

export const asText = (stored: unknown): string | undefined => (typeof stored === 'string' ? stored : undefined);
export const asNumber = (stored: unknown): number | undefined => (typeof stored === 'number' ? stored : undefined);
export const asBoolean = (stored: unknown): boolean | undefined => (typeof stored === 'boolean' ? stored : undefined);
