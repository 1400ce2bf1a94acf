/** The rows of the shop and how they are printed. */
import type { Random } from '../shared/seeded-random.ts';
import { type Association, entityOf } from './schema.ts';
import { liveVersion, shopDate } from './wire.ts';

export interface Row {
  readonly id: string;
  [field: string]: unknown;
}

/** Which associations to load, as a criteria's `associations` asks for them. */
export interface Tree {
  readonly [association: string]: Tree;
}

export interface Database {
  readonly version: '6.6' | '6.7';
  readonly random: Random;
  now(): Date;
  /** Fields that are not given become null; `createdAt` is now unless given. */
  insert(entity: string, row: Readonly<Record<string, unknown>> & { readonly id?: string }): Row;
  /** Sets the fields and `updatedAt`. */
  update(entity: string, id: string, fields: Readonly<Record<string, unknown>>): Row;
  remove(entity: string, id: string): void;
  find(entity: string, id: unknown): Row | undefined;
  get(entity: string, id: unknown): Row;
  all(entity: string): Row[];
  /** Rows whose foreign key or product number has this value, oldest first. */
  where(entity: string, key: string, value: unknown): Row[];
  related(row: Row, association: Association): Row[];
}

/** Whether {@link Database.where} finds rows by it. */
export const isIndexed = (key: string): boolean => key.endsWith('Id') || key === 'productNumber';

/** Numbers compare as the shop's database collates them. */
const collated = (key: string, value: unknown): unknown =>
  key === 'productNumber' && typeof value === 'string' ? value.trim().toLowerCase() : value;

export function createDatabase({ version, random }: { version: '6.6' | '6.7'; random: Random }): Database {
  const tables = new Map<string, Map<string, Row>>();
  const increments = new Map<string, number>();
  /** `entity.key` → value → rows: foreign keys and product numbers are looked up far too often to scan. */
  const index = new Map<string, Map<unknown, Set<Row>>>();
  let last = 0;
  const table = (entity: string): Map<string, Row> => {
    const rows = tables.get(entityOf(entity).name) ?? new Map<string, Row>();
    tables.set(entity, rows);
    return rows;
  };
  const now = (): Date => {
    // Two rows written one after the other never share a millisecond, so that sorting by date means something.
    last = Math.max(Date.now(), last + 1);
    return new Date(last);
  };
  const find = (entity: string, id: unknown): Row | undefined => (typeof id === 'string' ? table(entity).get(id) : undefined);
  const get = (entity: string, id: unknown): Row => {
    const row = find(entity, id);
    if (!row) throw new Error(`the simulated shop has no ${entity} ${String(id)}`);
    return row;
  };

  const indexedKeys = (row: Row): string[] => Object.keys(row).filter(isIndexed);
  const remember = (entity: string, row: Row): void => {
    for (const key of indexedKeys(row)) {
      const values = index.get(`${entity}.${key}`) ?? new Map<unknown, Set<Row>>();
      index.set(`${entity}.${key}`, values);
      const value = collated(key, row[key]);
      const same = values.get(value) ?? new Set<Row>();
      values.set(value, same.add(row));
    }
  };
  const where = (entity: string, key: string, given: unknown): Row[] => {
    const value = collated(key, given);
    const rows = index.get(`${entity}.${key}`)?.get(value) ?? [];
    return [...rows].filter((row) => collated(key, row[key]) === value);
  };

  return {
    version,
    random,
    now,
    where,
    find,
    get,
    all: (entity) => [...table(entity).values()],
    insert: (entity, given) => {
      const { fields, versioned } = entityOf(entity);
      const number = (increments.get(entity) ?? 0) + 1;
      increments.set(entity, number);
      const blank = Object.fromEntries(fields.map(({ name }) => [name, null]));
      const row: Row = {
        ...blank,
        ...('autoIncrement' in blank ? { autoIncrement: number } : {}),
        createdAt: shopDate(now()),
        updatedAt: null,
        ...given,
        id: given.id ?? random.hex(32),
        versionId: versioned ? liveVersion : null,
      };
      table(entity).set(row.id, row);
      remember(entity, row);
      return row;
    },
    update: (entity, id, fields) => {
      const row = Object.assign(get(entity, id), { updatedAt: shopDate(now()) }, fields);
      remember(entity, row);
      return row;
    },
    remove: (entity, id) => {
      const row = table(entity).get(id);
      table(entity).delete(id);
      if (row) for (const key of indexedKeys(row)) index.get(`${entity}.${key}`)?.get(collated(key, row[key]))?.delete(row);
    },
    related: (row, { entity, kind, by }) => {
      const key = row[by];
      if (kind === 'one') return [find(entity, key)].filter((one) => one !== undefined);
      if (kind === 'linked') return (Array.isArray(key) ? key : []).map((id) => find(entity, id)).filter((one) => one !== undefined);
      return where(entity, by, row.id);
    },
  };
}

export type Encoding = 'admin' | 'store';

/** One row as JSON. `store` leaves out what has no ApiAware flag: that is how webhook bodies are made. Associations that were not loaded are null. */
export function print(
  db: Database,
  entityName: string,
  { row, tree, encoding }: { row: Row; tree: Tree; encoding: Encoding },
): Record<string, unknown> {
  const entity = entityOf(entityName);
  const shown = ({ aware, since67 }: { aware: boolean; since67: boolean }): boolean =>
    (aware || encoding === 'admin') && (!since67 || db.version === '6.7');
  const foreignKeys = { extensions: [], apiAlias: encoding === 'store' ? `${entity.name}_foreign_keys_extension` : null };
  const printed: Record<string, unknown> = {
    extensions: { foreignKeys, ...(entity.translated.length > 0 ? { internal_mapping_storage: { extensions: [], apiAlias: null } } : {}) },
    _uniqueIdentifier: row.id,
    versionId: row.versionId,
    translated:
      entity.translated.length === 0
        ? []
        : { ...Object.fromEntries(entity.translated.map((field) => [field, row[field] ?? null])), customFields: row.customFields ?? [] },
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
  for (const field of entity.fields) if (shown(field)) printed[field.name] = row[field.name];
  for (const [name, association] of Object.entries(entity.associations)) {
    if (!shown(association)) continue;
    const asked = tree[name];
    const many = association.kind === 'many' || association.kind === 'linked';
    if (asked === undefined && !association.auto) {
      printed[name] = null;
      continue;
    }
    const rows = db.related(row, association).map((one) => print(db, association.entity, { row: one, tree: asked ?? {}, encoding }));
    printed[name] = many ? rows : (rows[0] ?? null);
  }
  if (encoding === 'admin' || entity.idAware) printed.id = row.id;
  printed.apiAlias = entity.name;
  return printed;
}
