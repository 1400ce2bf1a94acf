/** The map stage: rules turn a canonical record into the draft that the target accepts, and say which rule fired where. Pure. */
import { Failure } from '../../connectors/failure.ts';
import type { FiredRule, Rule, TableRows, Value } from '../../connectors/mapping.ts';
import { setAt, valueAt } from './paths.ts';
import { transformed } from './transforms.ts';

export interface MapInput {
  readonly rules: readonly Rule[];
  readonly record: unknown;
  /** Answers to the flow's questions; rules read them as `settings.x`. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly tables: TableRows;
}

export interface Mapped {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly fired: readonly FiredRule[];
}

interface Scope {
  readonly item: unknown;
  readonly record: unknown;
  readonly values: Readonly<Record<string, unknown>>;
}

interface Found {
  readonly value: unknown;
  readonly by: FiredRule['by'];
  readonly source?: string;
}

/** Throws Failure fix-data `mapping.value-missing` naming the field and the value that no table row and no default covers. */
export function mapRecord(input: MapInput): Mapped {
  const fields: Record<string, unknown> = {};
  const fired: FiredRule[] = [];
  for (const rule of input.rules) {
    const list = /^(\w+)\[\]\.(.+)$/.exec(rule.to);
    if (list === null) {
      apply({
        rule,
        scope: { item: input.record, record: input.record, values: input.values },
        place: fields,
        path: rule.to,
        field: rule.to,
      });
      continue;
    }
    const [, name = '', path = ''] = list;
    const items = valueAt(input.record, name);
    const drafts = (fields[name] ?? (Array.isArray(items) ? items.map(() => ({})) : [])) as Record<string, unknown>[];
    fields[name] = drafts;
    drafts.forEach((place, index) => {
      const item = Array.isArray(items) ? items[index] : undefined;
      apply({ rule, scope: { item, record: input.record, values: input.values }, place, path, field: `${name}[${index}].${path}` });
    });
  }
  return { fields, fired };

  function apply(target: { rule: Rule; scope: Scope; place: Record<string, unknown>; path: string; field: string }): void {
    const { rule, scope, place, path, field } = target;
    if (rule.when && !rule.when.in.includes(read(rule.when.path, scope) as Value)) return;
    const found = decide(rule, scope, input.tables);
    if (found === undefined) {
      if (rule.onMissing === 'leave-out') return;
      throw missing(field, rule, scope);
    }
    const value = (rule.transform ?? []).reduce<unknown>((current, transform) => transformed(current, transform, field), found.value);
    setAt(place, path, value);
    fired.push({ field, by: found.by, ...(found.source !== undefined && { source: found.source }) });
  }
}

function decide(rule: Rule, scope: Scope, tables: TableRows): Found | undefined {
  if (rule.force !== undefined) {
    const forced = constant(rule.force, scope);
    if (forced !== undefined) return { ...forced, by: 'force' };
  }
  const source = firstValue(rule, scope);
  if (rule.table) {
    const row = tableRow(rule, scope, tables);
    if (row !== undefined) return row;
    if (rule.passUnlisted && source !== undefined) return source;
  } else if (source !== undefined) return source;
  if (rule.default !== undefined) {
    const fallback = constant(rule.default, scope);
    if (fallback !== undefined) return { ...fallback, by: 'default' };
  }
  return undefined;
}

function constant(value: NonNullable<Rule['force']>, scope: Scope): { value: unknown; source?: string } | undefined {
  if (typeof value !== 'object') return { value };
  const read_ = read(value.path, scope);
  return read_ === undefined ? undefined : { value: read_, source: value.path };
}

function firstValue(rule: Rule, scope: Scope): Found | undefined {
  for (const path of rule.from === undefined ? [] : [rule.from].flat()) {
    const value = read(path, scope);
    if (value !== undefined) return { value, by: 'source', source: path };
  }
  return undefined;
}

function tableRow(rule: Rule, scope: Scope, tables: TableRows): Found | undefined {
  const { name, keys } = rule.table ?? { name: '', keys: undefined };
  const rows = tables[name] ?? [];
  for (const paths of keys ?? [rule.from === undefined ? [] : [rule.from].flat()].map((list) => list.slice(0, 1))) {
    const parts = paths.map((path) => read(path, scope));
    if (parts.length === 0 || parts.some((part) => part === undefined)) continue;
    const key = parts.join(':');
    const row = rows.find((candidate) => candidate.from === key);
    if (row) return { value: row.to, by: 'table', source: `${name}[${key}]` };
  }
  return undefined;
}

/** Empty texts count as no value: a blank field in a shop is not an answer. */
function read(path: string, scope: Scope): unknown {
  const value = path.startsWith('settings.')
    ? valueAt(scope.values, path.slice('settings.'.length))
    : path.startsWith('$.')
      ? valueAt(scope.record, path.slice(2))
      : valueAt(scope.item, path);
  return value === null || value === '' ? undefined : value;
}

function missing(field: string, rule: Rule, scope: Scope): Failure {
  const paths = rule.table?.keys?.[0] ?? (rule.from === undefined ? [] : [rule.from].flat());
  const value = paths.map((path) => String(read(path, scope) ?? '–')).join(':');
  const where = rule.table
    ? ` Add ${value} to the table “${rule.table.name}”.`
    : ' Give it a value in the shop or a default in the settings.';
  return new Failure({
    remedy: 'fix-data',
    code: rule.table ? 'mapping.row-missing' : 'mapping.value-missing',
    message: `No value for ${field}.${where}`,
    params: { field, value, ...(rule.table && { table: rule.table.name }) },
  });
}
