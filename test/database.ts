import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, inject } from 'vitest';
import { collections } from '../app-server/store/collections.ts';
import { connect, type Database } from '../app-server/store/database.ts';
import { ensureIndexes } from '../app-server/store/indexes.ts';

export interface TestDatabase {
  readonly uri: string;
  readonly name: string;
  /** Connected, with all indexes, from `beforeAll` on. */
  readonly database: Database;
}

/** A database of its own for the test file that calls this at its top; dropped after the file's last test. */
export function testDatabase(): TestDatabase {
  const uri = inject('mongodbUri');
  const name = `tillbridge_test_${randomBytes(6).toString('hex')}`;
  let database: Database | undefined;
  beforeAll(async () => {
    database = await connect(uri, name);
    await ensureIndexes(database, collections);
  });
  afterAll(async () => {
    await database?.connection.dropDatabase();
    await database?.close();
  });
  return {
    uri,
    name,
    get database() {
      if (!database) throw new Error('The test database is connected from beforeAll on.');
      return database;
    },
  };
}
