/** The engine stores TTL indexes but has nothing that removes what is due; this does what a MongoDB server's monitor does. */
import type { Db, MongoClient } from 'mongodb';

const systemDatabases = new Set(['admin', 'local', 'config']);

/** Removes every document that is past the date of a TTL index of its collection. */
export async function removeExpired(client: MongoClient, now: Date): Promise<void> {
  const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true });
  for (const { name } of databases) {
    if (!systemDatabases.has(name)) await removeExpiredIn(client.db(name), now);
  }
}

async function removeExpiredIn(db: Db, now: Date): Promise<void> {
  const infos = await db.listCollections({}, { nameOnly: true }).toArray();
  for (const info of infos) {
    if (info.type !== 'collection' || info.name.startsWith('system.')) continue;
    const collection = db.collection(info.name);
    for (const index of await collection.indexes()) {
      const [field] = Object.keys(index.key);
      if (typeof index.expireAfterSeconds !== 'number' || field === undefined) continue;
      const due = new Date(now.getTime() - index.expireAfterSeconds * 1000);
      await collection.deleteMany({ $and: [index.partialFilterExpression ?? {}, { [field]: { $type: 'date', $lt: due } }] });
    }
  }
}
