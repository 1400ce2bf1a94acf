import type { Tenant } from '../engine/model.ts';
import type { AnyCollection, Database } from './database.ts';

/**
 * Erases everything of a tenant, collection by collection in the order given. May be repeated after a crash: as long as the shop's own
 * document (the last) is there, the purge finds it again.
 */
export async function wipe(database: Database, collections: readonly AnyCollection[], tenant: Tenant): Promise<void> {
  for (const collection of collections) {
    const filter = collection.ofTenant(tenant);
    if (filter) await database.connection.collection(collection.name).deleteMany(filter);
  }
}
