/** Searching: a criteria is parsed strictly, its privileges are collected, then it runs over the rows. */
import { type Database, type Encoding, isIndexed, print, type Row, type Tree } from './database.ts';
import { badRequest } from './errors.ts';
import { type Association, entityOf } from './schema.ts';

type Json = Readonly<Record<string, unknown>>;

interface Sort {
  readonly field: string;
  readonly descending: boolean;
  readonly natural: boolean;
}
export interface Criteria {
  readonly page: number;
  readonly limit: number | undefined;
  readonly ids: readonly string[];
  readonly filters: readonly Json[];
  readonly sorts: readonly Sort[];
  readonly tree: Tree;
  readonly totalMode: number;
  readonly term: string | undefined;
  /** Entity (by its alias) → the only fields to print. */
  readonly includes: Readonly<Record<string, readonly string[]>>;
  /** `<entity>:read` for the entity itself and for whatever the criteria crosses. */
  readonly privileges: readonly string[];
}

const maxLimit = 500;
const known = new Set([
  'page',
  'limit',
  'ids',
  'filter',
  'post-filter',
  'sort',
  'associations',
  'total-count-mode',
  'term',
  'includes',
  'aggregations',
  'fields',
  'grouping',
]);
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const isId = (value: unknown): boolean => typeof value === 'string' && /^[0-9a-f]{32}$/.test(value);

function listOf(value: unknown): Json[] {
  if (value === undefined || value === null) return [];
  const items = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
  return items.filter(isObject);
}

interface Path {
  readonly associations: readonly Association[];
  readonly field: string;
}

/** Follows `transactions.stateMachineState.technicalName`; a leading entity name (`order.id`) is allowed as in the shop. */
function pathOf(entityName: string, text: string, version: string): Path {
  const parts = text.split('.');
  if (parts.length > 1 && parts[0] === entityName) parts.shift();
  const associations: Association[] = [];
  let entity = entityOf(entityName);
  for (const [at, part] of parts.entries()) {
    const association = entity.associations[part];
    if (association && !(association.since67 && version === '6.6')) {
      associations.push(association);
      entity = entityOf(association.entity);
      if (at === parts.length - 1) return { associations, field: 'id' };
      continue;
    }
    const field = entity.fields.find(({ name, since67 }) => name === part && !(since67 && version === '6.6'));
    const plain = field !== undefined || ['id', 'createdAt', 'updatedAt', 'versionId'].includes(part);
    // What comes after a field of JSON (customFields.x, price.gross) is left as it is.
    if (plain) return { associations, field: parts.slice(at).join('.') };
    throw badRequest('FRAMEWORK__UNMAPPED_FIELD', `Field "${part}" in entity "${entity.name}" was not found.`, {
      field: part,
      entity: entity.name,
    });
  }
  return { associations, field: 'id' };
}

function treeOf(entityName: string, given: unknown, walk: { needs: Set<string>; version: string }): Tree {
  if (!isObject(given)) return {};
  return Object.fromEntries(
    Object.entries(given).map(([name, nested]) => {
      const association = entityOf(entityName).associations[name];
      if (!association || (association.since67 && walk.version === '6.6')) {
        throw badRequest('FRAMEWORK__ASSOCIATION_NOT_FOUND', `Can not find association by name ${name}`, { association: name });
      }
      walk.needs.add(`${association.entity}:read`);
      return [name, treeOf(association.entity, isObject(nested) ? nested.associations : undefined, walk)];
    }),
  );
}

function checkFilters(entityName: string, filters: readonly Json[], walk: { needs: Set<string>; version: string }): void {
  for (const filter of filters) {
    const type = filter.type;
    if (type === 'multi' || type === 'not' || type === 'and' || type === 'or' || type === 'nand' || type === 'nor') {
      checkFilters(entityName, listOf(filter.queries), walk);
      continue;
    }
    if (!['equals', 'equalsAny', 'contains', 'prefix', 'suffix', 'range'].includes(String(type))) {
      throw badRequest('FRAMEWORK__INVALID_FILTER_QUERY', `Unsupported filter type: ${String(type)}`);
    }
    if (typeof filter.field !== 'string')
      throw badRequest('FRAMEWORK__INVALID_FILTER_QUERY', `Parameter "field" for ${String(type)} filter is missing.`);
    const path = pathOf(entityName, filter.field, walk.version);
    for (const { entity } of path.associations) walk.needs.add(`${entity}:read`);
  }
}

/** Throws the shop's 400 for whatever the shop would refuse. */
export function parseCriteria(entityName: string, body: unknown, version: string): Criteria {
  const given = isObject(body) ? body : {};
  const strange = Object.keys(given).filter((key) => !known.has(key));
  if (strange.length > 0) throw badRequest('SIMULATOR__UNKNOWN_CRITERIA', `The simulator does not know the criteria ${strange.join(', ')}`);
  const walk = { needs: new Set([`${entityName}:read`]), version };
  const limit = given.limit === undefined || given.limit === null ? undefined : Number(given.limit);
  if (limit !== undefined && limit > maxLimit) {
    throw badRequest(
      'FRAMEWORK__QUERY_LIMIT_EXCEEDED',
      `The limit must be lower than or equal to MAX_LIMIT(=${maxLimit}). Given: ${limit}`,
      { maxLimit, limit },
    );
  }
  if (limit !== undefined && !(limit > 0))
    throw badRequest(
      'FRAMEWORK__INVALID_LIMIT_QUERY',
      `The limit parameter must be a positive integer greater or equals than 1. Given: ${limit}`,
    );
  const page = given.page === undefined ? 1 : Number(given.page);
  if (!(page > 0)) throw badRequest('FRAMEWORK__INVALID_PAGE_QUERY', `The page parameter must be a positive integer. Given: ${page}`);
  const ids = Array.isArray(given.ids) ? given.ids.map(String) : [];
  for (const id of ids) if (!isId(id)) throw badRequest('FRAMEWORK__INVALID_UUID', `Value is not a valid UUID: ${id}`, { input: id });
  const filters = [...listOf(given.filter), ...listOf(given['post-filter'])];
  checkFilters(entityName, filters, walk);
  const sorts = listOf(given.sort).map((sort) => {
    const field = String(sort.field);
    for (const { entity } of pathOf(entityName, field, version).associations) walk.needs.add(`${entity}:read`);
    return { field, descending: String(sort.order ?? 'ASC').toUpperCase() === 'DESC', natural: sort.naturalSorting === true };
  });
  const tree = treeOf(entityName, given.associations, walk);
  const includes = isObject(given.includes) ? (given.includes as Record<string, string[]>) : {};
  return {
    ids,
    filters,
    sorts,
    tree,
    includes,
    page,
    limit,
    totalMode: Number(given['total-count-mode'] ?? 0),
    term: typeof given.term === 'string' ? given.term : undefined,
    privileges: [...walk.needs],
  };
}

function valuesAt(db: Database, row: Row, path: Path): unknown[] {
  let rows = [row];
  for (const association of path.associations) rows = rows.flatMap((one) => db.related(one, association));
  const values = rows.map((one) => path.field.split('.').reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), one));
  // A missing relation compares as NULL, as a LEFT JOIN does.
  return values.length > 0 ? values.flatMap((value) => (Array.isArray(value) ? value : [value ?? null])) : [null];
}

/** Dates in any of the usual spellings compare by their instant. */
function comparable(value: unknown): number | string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  const text = String(value);
  if (/^\d{4}-\d\d-\d\d/.test(text)) {
    const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text.replace(' ', 'T')}${text.length > 10 ? 'Z' : ''}`;
    const instant = Date.parse(zoned);
    if (!Number.isNaN(instant)) return instant;
  }
  return text.toLowerCase();
}

function equal(left: unknown, right: unknown): boolean {
  const [a, b] = [comparable(left), comparable(right)];
  return a === b || (a !== null && b !== null && String(a) === String(b));
}

function inRange(value: unknown, bounds: Json): boolean {
  const left = comparable(value);
  if (left === null) return false;
  return Object.entries(bounds).every(([operator, bound]) => {
    const right = comparable(bound);
    if (right === null) return true;
    const [a, b] = typeof left === typeof right ? [left, right] : [Number(left), Number(right)];
    if (operator === 'gte') return a >= b;
    if (operator === 'gt') return a > b;
    if (operator === 'lte') return a <= b;
    return a < b;
  });
}

interface Prepared {
  readonly path: Path;
  readonly any: ReadonlySet<string> | undefined;
}

/** Filters are run over every row: what does not depend on the row is worked out once. */
const preparedFilters = new WeakMap<Json, Prepared>();

function preparedOf(db: Database, entityName: string, filter: Json): Prepared {
  const known = preparedFilters.get(filter);
  if (known) return known;
  const list = filter.type === 'equalsAny' ? (Array.isArray(filter.value) ? filter.value : String(filter.value).split('|')) : undefined;
  const any = list && new Set(list.map(comparable).map(String));
  const made = { path: pathOf(entityName, String(filter.field), db.version), any };
  preparedFilters.set(filter, made);
  return made;
}

function matches(db: Database, entityName: string, { row, filter }: { row: Row; filter: Json }): boolean {
  const type = String(filter.type);
  if (['multi', 'not', 'and', 'or', 'nand', 'nor'].includes(type)) {
    const results = listOf(filter.queries).map((query) => matches(db, entityName, { row, filter: query }));
    const or = type === 'or' || type === 'nor' || String(filter.operator ?? 'AND').toUpperCase() === 'OR';
    const together = or ? results.some(Boolean) : results.every(Boolean);
    return type === 'not' || type === 'nand' || type === 'nor' ? !together : together;
  }
  const { path, any } = preparedOf(db, entityName, filter);
  const values = valuesAt(db, row, path);
  if (any) return values.some((value) => value !== null && any.has(String(comparable(value))));
  const wanted = filter.value;
  const texts = values.filter((value) => value !== null).map((value) => String(value).toLowerCase());
  const needle = String(wanted).toLowerCase();
  switch (type) {
    case 'equals':
      return values.some((value) => (wanted === null ? value === null : equal(value, wanted)));
    case 'contains':
      return texts.some((text) => text.includes(needle));
    case 'prefix':
      return texts.some((text) => text.startsWith(needle));
    case 'suffix':
      return texts.some((text) => text.endsWith(needle));
    default:
      return values.some((value) => inRange(value, isObject(filter.parameters) ? filter.parameters : {}));
  }
}

function compare(db: Database, entityName: string, { sort, a, b }: { sort: Sort; a: Row; b: Row }): number {
  const path = pathOf(entityName, sort.field, db.version);
  const [left, right] = [a, b].map((row) => comparable(valuesAt(db, row, path)[0] ?? null));
  let order = 0;
  if (left !== right) {
    if (left === null || left === undefined) order = -1;
    else if (right === null || right === undefined) order = 1;
    else if (sort.natural) order = String(left).localeCompare(String(right), 'en', { numeric: true });
    else order = left < right ? -1 : 1;
  }
  return sort.descending ? -order : order;
}

export interface Found {
  readonly total: number;
  readonly rows: readonly Row[];
}

/** The rows that may match: by index where a filter names one, or a large catalogue is walked through for every call. */
function candidates(db: Database, entityName: string, { ids, filters }: Criteria): Row[] {
  if (ids.length > 0) return [...new Set(ids)].flatMap((id) => db.find(entityName, id) ?? []);
  for (const { type, field, value } of filters) {
    const values = type === 'equalsAny' && Array.isArray(value) ? value : type === 'equals' ? [value] : undefined;
    const name = String(field).replace(`${entityName}.`, '');
    if (values === undefined || !values.every((one) => typeof one === 'string')) continue;
    if (name === 'id') return [...new Set(values)].flatMap((id) => db.find(entityName, id) ?? []);
    if (isIndexed(name)) return [...new Set(values.flatMap((one) => db.where(entityName, name, one)))];
  }
  return db.all(entityName);
}

export function search(db: Database, entityName: string, criteria: Criteria): Found {
  const term = criteria.term?.toLowerCase();
  const found = candidates(db, entityName, criteria)
    .filter(
      (row) => term === undefined || Object.values(row).some((value) => typeof value === 'string' && value.toLowerCase().includes(term)),
    )
    .filter((row) => criteria.filters.every((filter) => matches(db, entityName, { row, filter })));
  const sorted = found.sort((a, b) => {
    for (const sort of criteria.sorts) {
      const order = compare(db, entityName, { sort, a, b });
      if (order !== 0) return order;
    }
    return 0;
  });
  const limit = criteria.limit ?? maxLimit;
  const from = (criteria.page - 1) * limit;
  const rows = sorted.slice(from, from + limit);
  // Without total-count-mode 1 the total is only the number of rows on the page; mode 2 looks one page further.
  const total =
    criteria.totalMode === 1 ? sorted.length : criteria.totalMode === 2 ? Math.min(sorted.length - from, limit * 5 + 1) : rows.length;
  return { total, rows };
}

function narrowed(value: unknown, includes: Criteria['includes']): unknown {
  if (Array.isArray(value)) return value.map((one) => narrowed(one, includes));
  if (!isObject(value)) return value;
  const allowed = includes[String(value.apiAlias)];
  const kept = allowed ? Object.entries(value).filter(([key]) => allowed.includes(key) || key === 'apiAlias') : Object.entries(value);
  return Object.fromEntries(kept.map(([key, one]) => [key, narrowed(one, includes)]));
}

export function printed(
  db: Database,
  entityName: string,
  { row, criteria, encoding }: { row: Row; criteria: Pick<Criteria, 'tree' | 'includes'>; encoding: Encoding },
): unknown {
  const full = print(db, entityName, { row, tree: criteria.tree, encoding });
  return Object.keys(criteria.includes).length === 0 ? full : narrowed(full, criteria.includes);
}
