/** `POST /api/_action/sync` and the single writes behind it: one transaction, every objection with its pointer, the events afterwards. */
import type { Database, Row } from './database.ts';
import { ApiError, badRequest } from './errors.ts';
import { type Emit, type WrittenEntry, written } from './events.ts';
import { entityOf } from './schema.ts';
import { type FieldType, longest, mappings, perLanguage, type WritableEntity, writable } from './sync-shapes.ts';
import { createTransaction, type Transaction } from './transaction.ts';
import { euro, liveVersion, systemLanguage } from './wire.ts';

type Json = Readonly<Record<string, unknown>>;

export interface SyncGround {
  readonly db: Database;
  readonly emit: Emit;
  /** Throws the shop's 403 with everything that is missing. */
  readonly need: (...privileges: string[]) => void;
}

interface Violation {
  readonly pointer: string;
  readonly detail: string;
}

/** One row to be written, with what was given inside of it taken apart. */
interface Command {
  readonly entity: string;
  readonly id: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly insert: boolean;
}

interface Work {
  readonly commands: Command[];
  readonly links: { readonly table: string; readonly productId: string; readonly id: string; readonly entity: string }[];
  readonly violations: Violation[];
  readonly privileges: Set<string>;
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const isId = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{32}$/.test(value);
const hookable = new Set(['product', 'product_price', 'category']);

const objection = (code: string, detail: string, pointer: string): Json => ({
  code,
  status: '400',
  detail,
  template: detail,
  meta: { parameters: [] },
  source: { pointer },
});

/** Both forms of the body: a list, or an object whose names are the keys of the operations. */
function operationsOf(body: unknown): { key: string; entity: string; action: string; payload: readonly unknown[] }[] {
  const entries = Array.isArray(body) ? body.map((one, at) => [String(at), one] as const) : Object.entries(isObject(body) ? body : {});
  return entries.map(([name, one]) => {
    const { key, entity, action, payload, criteria } = isObject(one) ? one : {};
    const strange = typeof entity !== 'string' || (action !== 'upsert' && action !== 'delete') || !Array.isArray(payload);
    if (strange || (criteria !== undefined && action !== 'delete'))
      throw badRequest('FRAMEWORK__INVALID_SYNC_OPERATION', `The sync operation "${name}" is invalid.`);
    return { key: typeof key === 'string' ? key : name, entity: String(entity), action: String(action), payload: payload as unknown[] };
  });
}

/** Answers as the shop does; throws its ApiErrors, after which nothing is written. */
export async function runSync(ground: SyncGround, body: unknown): Promise<Json> {
  const { db } = ground;
  const operations = operationsOf(body);
  const work: Work = { commands: [], links: [], violations: [], privileges: new Set() };
  const deletions: { entity: string; row: Json }[] = [];
  for (const { key, entity, action, payload } of operations) {
    for (const [at, row] of payload.entries()) {
      if (!isObject(row)) throw badRequest('FRAMEWORK__INVALID_SYNC_OPERATION', `The payload of "${key}" is invalid.`);
      if (action === 'delete') {
        work.privileges.add(`${entity}:delete`);
        deletions.push({ entity, row });
      } else take(db, work, { entity, row, pointer: `/${key}/${at}` });
    }
  }
  ground.need(...work.privileges);
  if (work.violations.length > 0) {
    const { violations } = work;
    const errors = violations.map(({ detail, pointer }) => objection('c1051bb4-d103-4f74-8988-acbcafc7fdc3', detail, pointer));
    throw new ApiError(400, { errors });
  }
  const transaction = createTransaction(db);
  const data: Record<string, unknown[]> = {};
  const deleted: Record<string, unknown[]> = {};
  const notFound: Record<string, unknown[]> = {};
  const add = (to: Record<string, unknown[]>, entity: string, key: unknown): void => {
    to[entity] = [...(to[entity] ?? []), key];
  };
  try {
    for (const command of work.commands) {
      carryOut(db, command, transaction);
      add(data, command.entity, command.id);
    }
    for (const link of work.links) {
      if (!db.find(link.entity, link.id)) throw foreignKey(link.table, link.id);
      const list = mappings[link.table]?.list ?? '';
      const product = db.get('product', link.productId);
      const present = (product[list] as string[] | null) ?? [];
      // The pair is the key: the same one again is no new row.
      if (!present.includes(link.id)) transaction.set(product, { [list]: [...present, link.id] });
      add(data, link.table, { productId: link.productId, [mappings[link.table]?.key ?? 'id']: link.id });
    }
    for (const { entity, row } of deletions) add(remove(db, { entity, row }, transaction) ? deleted : notFound, entity, row.id ?? row);
  } catch (error) {
    transaction.undo();
    throw error;
  }
  settle(db, work.commands);
  await tell(ground, work.commands);
  const printed = (map: Record<string, unknown[]>): unknown => (Object.keys(map).length === 0 ? [] : map);
  return { data: printed(data), notFound: printed(notFound), deleted: printed(deleted), extensions: [] };
}

function take(db: Database, work: Work, given: { entity: string; row: Json; pointer: string; owner?: Json }): string {
  const { entity, pointer } = given;
  const shape = writable[entity];
  if (!shape) throw badRequest('SIMULATOR__NOT_WRITABLE', `The simulator cannot write ${entity}`);
  const row = { ...given.row, ...given.owner };
  if (row.id !== undefined && !isId(row.id)) throw badRequest('FRAMEWORK__INVALID_UUID', `Value is not a valid UUID: ${String(row.id)}`);
  const id = isId(row.id) ? row.id : db.random.hex(32);
  const insert = !db.find(entity, id) && !work.commands.some((command) => command.entity === entity && command.id === id);
  work.privileges.add(`${entity}:${insert ? 'create' : 'update'}`);
  const fields: Record<string, unknown> = {};
  const nested: (() => void)[] = [];
  for (const [name, value] of Object.entries(row)) {
    const type = shape.fields[name];
    const [many, linked] = [shape.many[name], shape.linked[name]];
    if (name === 'id') continue;
    if (type !== undefined) {
      check(work, { name, type, value, pointer });
      fields[name] = type === 'price' && Array.isArray(value) ? value.map(storedPrice) : value;
    } else if (many !== undefined) {
      nested.push(() => {
        for (const [at, one] of (value as Json[]).entries()) {
          take(db, work, { entity: many.entity, row: one, pointer: `${pointer}/${name}/${at}`, owner: { [many.by]: id } });
        }
      });
    } else if (linked !== undefined) {
      nested.push(() => {
        for (const [at, one] of (value as Json[]).entries()) {
          // With more than an id (or without one) the other side is written, too.
          const bare = isId(one.id) && Object.keys(one).length === 1;
          const to = bare ? String(one.id) : take(db, work, { entity: linked.entity, row: one, pointer: `${pointer}/${name}/${at}` });
          work.privileges.add(`${linked.table}:create`);
          work.links.push({ table: linked.table, productId: id, id: to, entity: linked.entity });
        }
      });
    } else throw badRequest('SIMULATOR__UNKNOWN_FIELD', `The simulator cannot write ${name} of ${entity}`);
  }
  if (insert) needed(work, { shape, fields, pointer });
  work.commands.push({ entity, id, insert, fields: insert ? { ...(fields.parentId ? {} : shape.defaults), ...fields } : fields });
  for (const one of nested) one();
  return id;
}

function needed(work: Work, { shape, fields, pointer }: { shape: WritableEntity; fields: Json; pointer: string }): void {
  for (const name of fields.parentId && shape.requiredOfChild ? shape.requiredOfChild : shape.required) {
    if (fields[name] === undefined || fields[name] === null) violate(work, { pointer, name, detail: 'This value should not be blank.' });
  }
}

function violate({ violations }: Work, { pointer, name, detail }: { pointer: string; name: string; detail: string }): void {
  const place = perLanguage.has(name) ? `translations/${systemLanguage}/${name}` : name;
  violations.push({ pointer: `${pointer}/${place}`, detail });
}

function check(work: Work, of: { name: string; type: FieldType; value: unknown; pointer: string }): void {
  const detail = of.value === null ? undefined : wrongWith(of);
  if (detail !== undefined) violate(work, { ...of, detail });
}

function wrongWith({ name, type, value }: { name: string; type: FieldType; value: unknown }): string | undefined {
  if (type === 'text') {
    if (typeof value !== 'string') return 'This value should be of type string.';
    const most = longest[name] ?? Number.POSITIVE_INFINITY;
    if (value.length > most) return `This value is too long. It should have ${most} characters or less.`;
    return name === 'name' && value === '' ? 'This value should not be blank.' : undefined;
  }
  if (type === 'int') return Number.isInteger(value) ? undefined : 'This value should be of type int.';
  if (type === 'number') return typeof value === 'number' ? undefined : 'This value should be of type float.';
  if (type === 'bool') return typeof value === 'boolean' ? undefined : 'This value should be of type bool.';
  if (type === 'ref') {
    if (isId(value)) return undefined;
    throw badRequest('FRAMEWORK__INVALID_UUID', `Value is not a valid UUID: ${String(value)}`);
  }
  const list = Array.isArray(value) ? value.filter(isObject) : [];
  if (!list.some(({ currencyId }) => currencyId === euro)) return 'No price for default currency defined';
  return list.every(({ gross, net }) => typeof gross === 'number' && typeof net === 'number')
    ? undefined
    : 'This value should not be blank.';
}

const storedPrice = (price: Json): Json => ({
  extensions: [],
  listPrice: null,
  percentage: null,
  regulationPrice: null,
  linked: true,
  ...price,
  apiAlias: 'price',
});

function carryOut(db: Database, command: Command, transaction: Transaction): void {
  const { entity, id, insert, fields } = command;
  const shape = writable[entity];
  for (const [name, target] of Object.entries(shape?.refs ?? {})) {
    const value = fields[name];
    if (value !== undefined && value !== null && !db.find(target, value)) throw foreignKey(entity, String(value));
  }
  if (entity === 'product' && typeof fields.productNumber === 'string') {
    const { productNumber } = fields;
    if (db.where('product', 'productNumber', productNumber).some((holder) => holder.id !== id)) {
      throw badRequest('CONTENT__DUPLICATE_PRODUCT_NUMBER', `Product with number "${productNumber}" already exists.`, {
        number: productNumber,
      });
    }
  }
  if (insert) {
    const versions =
      entity === 'product'
        ? { parentVersionId: liveVersion, productManufacturerVersionId: liveVersion, productMediaVersionId: liveVersion }
        : {};
    const states = entity === 'product' ? { states: ['is-physical'], type: 'physical', sales: 0, childCount: 0 } : {};
    transaction.insert(entity, { id, ...versions, ...states, ...fields });
  } else transaction.update(entity, id, fields);
}

function remove(db: Database, { entity, row }: { entity: string; row: Json }, transaction: Transaction): boolean {
  const mapping = mappings[entity];
  if (mapping === undefined) {
    if (!isId(row.id) || !db.find(entity, row.id)) return false;
    transaction.remove(entity, row.id);
    return true;
  }
  const product = db.find('product', row.productId);
  const list = (product?.[mapping.list] as string[] | null) ?? [];
  if (!product || !list.includes(String(row[mapping.key]))) return false;
  transaction.set(product, { [mapping.list]: list.filter((id) => id !== row[mapping.key]) });
  return true;
}

const foreignKey = (entity: string, value: string): ApiError =>
  new ApiError(500, {
    code: '0',
    title: 'Internal Server Error',
    detail: `An exception occurred while executing a query: SQLSTATE[23000]: Integrity constraint violation: 1452 Cannot add or update a child row: a foreign key constraint fails (\`${entity}\`, ${value})`,
  });

/** What the shop works out by itself. */
function settle(db: Database, commands: readonly Command[]): void {
  const parents = new Set<unknown>();
  for (const { entity, id } of commands) {
    if (entity !== 'product') continue;
    const row: Row = db.get('product', id);
    const parent = db.find('product', row.parentId);
    const closeout = row.isCloseout ?? parent?.isCloseout ?? false;
    Object.assign(row, { availableStock: row.stock, available: closeout ? Number(row.stock) >= Number(row.minPurchase ?? 1) : true });
    if (parent) parents.add(parent.id);
  }
  for (const id of parents) Object.assign(db.get('product', id), { childCount: db.where('product', 'parentId', id).length });
}

async function tell({ emit }: SyncGround, commands: readonly Command[]): Promise<void> {
  for (const entity of hookable) {
    const { versioned } = entityOf(entity);
    const entries: WrittenEntry[] = commands
      .filter((command) => command.entity === entity)
      .map(({ id, insert, fields }) => ({
        entity,
        operation: insert ? 'insert' : 'update',
        primaryKey: id,
        updatedFields: [
          ...(versioned ? ['versionId'] : []),
          ...Object.keys(fields),
          insert ? 'createdAt' : 'updatedAt',
          ...('stock' in fields ? ['availableStock'] : []),
          'id',
        ],
        ...(versioned ? { versionId: liveVersion } : {}),
      }));
    if (entries.length > 0) await emit(written(entity, entries));
  }
}
