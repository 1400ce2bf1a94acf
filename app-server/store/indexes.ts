/** Creates the indexes at start and verifies that they are what the code relies on. */
import { isDeepStrictEqual } from 'node:util';
import type { AnyCollection, Database, IndexDefinition } from './database.ts';

/** Only indexes with this prefix are removed when no definition asks for them; an operator's own stay. */
const prefix = 'tb_';

interface StoredIndex {
  readonly name: string;
  readonly key: Readonly<Record<string, unknown>>;
  readonly [option: string]: unknown;
}

/**
 * Leaves every collection with exactly the defined indexes. One that is missing is built; one that differs is dropped and built again
 * (no collMod: the embedded engine has none). Safe to run from several processes at once.
 * Throws when a unique index cannot be built because the data holds duplicates; the message names collection, keys and the duplicate's id.
 */
export async function ensureIndexes(database: Database, collections: readonly AnyCollection[]): Promise<void> {
  for (const collection of collections) {
    const stored = await storedIndexes(database, collection.name);
    for (const index of stored) {
      if (isInTheWay(index, collection.indexes)) await drop(database, collection.name, index.name);
    }
    for (const index of collection.indexes) {
      if (!stored.some((found) => isSame(found, index))) await build(database, collection.name, index);
    }
    const missing = await unmet(database, collection);
    if (missing) throw new Error(`The index ${missing} of the collection ${collection.name} could not be verified after it was built.`);
  }
}

const nameOf = (index: IndexDefinition): string =>
  prefix +
  Object.entries(index.keys)
    .map(([field, direction]) => `${field}_${direction}`)
    .join('_');

async function storedIndexes(database: Database, collection: string): Promise<readonly StoredIndex[]> {
  try {
    return (await database.connection.collection(collection).indexes()) as unknown as readonly StoredIndex[];
  } catch (error) {
    if (hasCode(error, namespaceNotFound)) return [];
    throw error;
  }
}

async function unmet(database: Database, collection: AnyCollection): Promise<string | undefined> {
  const stored = await storedIndexes(database, collection.name);
  const index = collection.indexes.find((wanted) => !stored.some((found) => isSame(found, wanted)));
  return index && nameOf(index);
}

function isSame(stored: StoredIndex, wanted: IndexDefinition): boolean {
  return (
    stored.name === nameOf(wanted) &&
    sameKeys(stored, wanted) &&
    (stored.unique === true) === (wanted.unique === true) &&
    stored.sparse !== true &&
    comparesBinary(stored.collation) &&
    stored.expireAfterSeconds === wanted.expireAfterSeconds &&
    isDeepStrictEqual(stored.partialFilterExpression ?? {}, wanted.partialFilterExpression ?? {})
  );
}

/** The embedded engine spells out the default. */
const comparesBinary = (collation: unknown): boolean =>
  collation === undefined ||
  (typeof collation === 'object' && collation !== null && 'locale' in collation && collation.locale === 'simple');

/** The order of an index' keys matters. A text index is stored under its own internal keys with the fields as weights. */
function sameKeys(stored: StoredIndex, wanted: IndexDefinition): boolean {
  const text = Object.entries(wanted.keys).filter(([, direction]) => direction === 'text');
  if (text.length > 0) return isDeepStrictEqual(Object.keys(stored.weights ?? {}).sort(), text.map(([field]) => field).sort());
  return isDeepStrictEqual(Object.entries(stored.key), Object.entries(wanted.keys));
}

/** Ours but not (or no longer) as defined, or somebody's index on keys that we define: the server takes only one of them. */
const isInTheWay = (stored: StoredIndex, wanted: readonly IndexDefinition[]): boolean =>
  stored.name !== '_id_' &&
  !wanted.some((index) => isSame(stored, index)) &&
  (stored.name.startsWith(prefix) || wanted.some((index) => sameKeys(stored, index)));

async function drop(database: Database, collection: string, name: string): Promise<void> {
  try {
    await database.connection.collection(collection).dropIndex(name);
  } catch (error) {
    if (!hasCode(error, indexNotFound) && !hasCode(error, namespaceNotFound)) throw error;
  }
}

async function build(database: Database, collection: string, index: IndexDefinition): Promise<void> {
  const { keys, ...options } = index;
  try {
    await database.connection.collection(collection).createIndex({ ...keys }, { ...options, name: nameOf(index) });
  } catch (error) {
    if (!hasCode(error, duplicateKey)) throw error;
    const fields = Object.keys(keys).join(', ');
    throw new Error(
      `The collection ${collection} holds several documents with the same ${fields}, which must be unique. Remove the surplus ones and start again.`,
      { cause: error },
    );
  }
}

const namespaceNotFound = 26;
const indexNotFound = 27;
const duplicateKey = 11_000;

const hasCode = (error: unknown, code: number): boolean => error instanceof Error && 'code' in error && error.code === code;
