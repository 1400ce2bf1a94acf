/**
 * The connection to MongoDB and the pattern of a collection.
 *
 * A collection is one file: `export const entries = defineCollection<EntryDocument>({ name: 'entries', fields: {...}, indexes: [...] })`
 * and a factory `createLedger(database)` that starts with `const model = database.model(entries)`. Add the definition to the list
 * in collections.ts: from then on its indexes are created and verified at start and its documents are erased with their tenant.
 * Ids are strings (`_id: newId()`), documents carry `tenant` unless `ofTenant` says how to find a tenant's documents otherwise.
 */
import mongoose, { type Connection, type Model, type QueryFilter, Schema, type SchemaDefinition } from 'mongoose';
import type { Tenant } from '../engine/model.ts';

export interface IndexDefinition {
  /** In the order of the index. */
  readonly keys: Readonly<Record<string, 1 | -1 | 'text'>>;
  readonly unique?: true;
  readonly partialFilterExpression?: Readonly<Record<string, unknown>>;
  /** Documents are removed this long after the date in the (single) key. 0: at that date. */
  readonly expireAfterSeconds?: number;
}

export interface CollectionDefinition<D> {
  readonly name: string;
  readonly schema: Schema<D>;
  readonly indexes: readonly IndexDefinition[];
  /** Which documents belong to a tenant; `undefined`: this collection has none of that tenant. */
  readonly ofTenant: (tenant: Tenant) => QueryFilter<D> | undefined;
}

/** A definition of any document type, as lists of collections hold it. */
export type AnyCollection = Pick<CollectionDefinition<unknown>, 'name' | 'indexes'> & {
  readonly ofTenant: (tenant: Tenant) => object | undefined;
};

/** Unknown fields are refused in documents, updates and filters; empty objects are kept; there is no `__v`. */
export function defineCollection<D>(definition: {
  readonly name: string;
  readonly fields: SchemaDefinition;
  readonly indexes: readonly IndexDefinition[];
  readonly ofTenant?: (tenant: Tenant) => QueryFilter<D> | undefined;
}): CollectionDefinition<D> {
  const schema = new Schema(definition.fields, {
    collection: definition.name,
    strict: 'throw',
    strictQuery: 'throw',
    minimize: false,
    versionKey: false,
    autoIndex: false,
    autoCreate: false,
    id: false,
  });
  return {
    name: definition.name,
    schema: schema as unknown as Schema<D>,
    indexes: definition.indexes,
    ofTenant: definition.ofTenant ?? ((tenant) => ({ tenant }) as unknown as QueryFilter<D>),
  };
}

export interface Database {
  /** Shared with Agenda: `connection.getClient()`, `connection.db`. */
  readonly connection: Connection;
  /** The model of a collection on this connection; made at the first call. */
  model<D>(collection: CollectionDefinition<D>): Model<D>;
  close(): Promise<void>;
}

/**
 * Connects, and fails after ten seconds with a sentence that names the address without its password.
 * @param dbName overrides the database in the URI; without either it is `tillbridge`.
 */
export async function connect(uri: string, dbName?: string): Promise<Database> {
  const connection = mongoose.createConnection(uri, {
    autoIndex: false,
    autoCreate: false,
    dbName: dbName ?? (databaseIn(uri) || 'tillbridge'),
    serverSelectionTimeoutMS: 10_000,
    appName: 'tillbridge',
    ignoreUndefined: true,
  });
  connection.on('error', () => {
    // Each command that fails rejects on its own; without a listener the connection would end the process.
  });
  try {
    await connection.asPromise();
  } catch (error) {
    await connection.destroy(true).catch(() => undefined);
    throw new Error(`MongoDB at ${withoutPassword(uri)} does not answer: ${reason(error)}. Check MONGODB_URI.`, { cause: error });
  }
  return {
    connection,
    model<D>(collection: CollectionDefinition<D>): Model<D> {
      const known = connection.models[collection.name] as Model<D> | undefined;
      return known ?? (connection.model(collection.name, collection.schema) as unknown as Model<D>);
    },
    close: () => connection.close(),
  };
}

/** A new document id: 24 hexadecimal digits, ascending in time. */
export function newId(): string {
  return new mongoose.Types.ObjectId().toHexString();
}

/** True when a write failed because a unique index already holds that key. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 11_000;
}

/** Runs an upsert again when another process inserted the same key at the same moment: the second time it finds the document. */
export async function despiteRace<T>(upsert: () => Promise<T>): Promise<T> {
  try {
    return await upsert();
  } catch (error) {
    if (isDuplicate(error)) return upsert();
    throw error;
  }
}

const databaseIn = (uri: string): string => /^mongodb(?:\+srv)?:\/\/[^/?]+\/([^?]*)/.exec(uri)?.[1] ?? '';
const withoutPassword = (uri: string): string => uri.replace(/^(mongodb(?:\+srv)?:\/\/)[^@/]*@/, '$1').replace(/\?.*$/, '');
const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));
