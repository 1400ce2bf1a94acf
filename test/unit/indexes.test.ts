import { describe, expect, it } from 'vitest';
import { type CollectionDefinition, defineCollection, newId } from '../../app-server/store/database.ts';
import { ensureIndexes } from '../../app-server/store/indexes.ts';
import { testDatabase } from '../database.ts';

const stored = testDatabase();

interface Thing {
  _id: string;
  tenant: string;
  a: number;
  b: number;
}
const things = (indexes: CollectionDefinition<Thing>['indexes'], name = `things-${newId()}`): CollectionDefinition<Thing> =>
  defineCollection<Thing>({ name, fields: { _id: String, tenant: String, a: Number, b: Number }, indexes });

describe('indexes at start', () => {
  const indexesOf = (name: string) => stored.database.connection.collection(name).indexes();

  it('are built, and starting again changes nothing', async () => {
    const definition = things([
      { keys: { a: 1, b: -1 }, unique: true },
      { keys: { b: 1 }, partialFilterExpression: { a: { $exists: true } } },
    ]);
    await ensureIndexes(stored.database, [definition]);
    const before = await indexesOf(definition.name);
    expect(before.map((index) => index.name)).toEqual(['_id_', 'tb_a_1_b_-1', 'tb_b_1']);
    await ensureIndexes(stored.database, [definition]);
    expect(await indexesOf(definition.name)).toEqual(before);
  });

  it('are built anew where they differ from what the code relies on, and an operator’s own index stays', async () => {
    const definition = things([{ keys: { a: 1 }, unique: true }, { keys: { b: 1 }, expireAfterSeconds: 60 }, { keys: { tenant: 1 } }]);
    const collection = stored.database.connection.collection(definition.name);
    await collection.createIndex({ a: 1 }, { name: 'tb_a_1' });
    await collection.createIndex({ b: 1 }, { name: 'somebody_else' });
    await collection.createIndex({ a: 1, tenant: 1 }, { name: 'tb_from_an_older_release', unique: true });
    await collection.createIndex({ tenant: 1, b: 1 }, { name: 'report_of_the_operator' });
    await ensureIndexes(stored.database, [definition]);
    const found = new Map((await indexesOf(definition.name)).map((index) => [index.name, index]));
    expect([...found.keys()].sort()).toEqual(['_id_', 'report_of_the_operator', 'tb_a_1', 'tb_b_1', 'tb_tenant_1']);
    expect(found.get('tb_a_1')).toMatchObject({ unique: true });
    expect(found.get('tb_b_1')).toMatchObject({ expireAfterSeconds: 60 });
  });

  it('that cannot be unique because of the data stop the start with a sentence', async () => {
    const definition = things([{ keys: { tenant: 1, a: 1 }, unique: true }]);
    const collection = stored.database.connection.collection(definition.name);
    await collection.insertMany([
      { tenant: 't', a: 1 },
      { tenant: 't', a: 1 },
    ]);
    await expect(ensureIndexes(stored.database, [definition])).rejects.toThrow(
      `The collection ${definition.name} holds several documents with the same tenant, a, which must be unique.`,
    );
  });

  it('may be verified by many processes at once', async () => {
    const definition = things([{ keys: { a: 1 }, unique: true }, { keys: { b: 1 } }]);
    await Promise.all(Array.from({ length: 4 }, () => ensureIndexes(stored.database, [definition])));
    expect((await indexesOf(definition.name)).map((index) => index.name).sort()).toEqual(['_id_', 'tb_a_1', 'tb_b_1']);
  });
});

describe('a misspelt field', () => {
  it('is refused in a document, an update and a filter, rather than ignored', async () => {
    const model = stored.database.model(things([]));
    const bad = { tennant: 't' } as unknown as Partial<Thing>;
    await expect(model.create({ _id: newId(), ...bad })).rejects.toThrow('tennant');
    await expect(model.updateOne({ _id: newId() }, { $set: bad })).rejects.toThrow('tennant');
    await expect(model.findOne(bad as object)).rejects.toThrow('tennant');
  });
});
