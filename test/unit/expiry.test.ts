import { describe, expect, it } from 'vitest';
import { removeExpired } from '../../app-server/store/embedded/expiry.ts';
import { testDatabase } from '../database.ts';

const stored = testDatabase();

describe('documents with a date to end', () => {
  it('are removed after it, and only those that their index is about', async () => {
    const { connection } = stored.database;
    const records = connection.collection('things');
    await records.createIndex({ at: 1 }, { expireAfterSeconds: 60 });
    await records.createIndex({ until: 1 }, { expireAfterSeconds: 0, partialFilterExpression: { draft: true } });
    const now = new Date('2026-03-01T12:00:00Z');
    const secondsAgo = (seconds: number): Date => new Date(now.getTime() - seconds * 1000);
    await records.insertMany([
      { name: 'old', at: secondsAgo(61) },
      { name: 'young', at: secondsAgo(59) },
      { name: 'no date', at: 'yesterday' },
      { name: 'old draft', until: secondsAgo(1), draft: true },
      { name: 'old, no draft', until: secondsAgo(1), draft: false },
    ]);
    await removeExpired(connection.getClient(), now);
    const left = await records.find().toArray();
    expect(left.map((record) => record.name).sort()).toEqual(['no date', 'old, no draft', 'young']);
  });
});
