import { expect, it } from 'vitest';
import { startJobs } from '../../app-server/jobs/jobs.ts';
import { testDatabase } from '../database.ts';

const test = testDatabase();

it('a job that is under way has ended before the server counts as stopped', async () => {
  const happened: string[] = [];
  let finish: () => void = () => undefined;
  const poll = async (): Promise<void> => {
    happened.push('begun');
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    happened.push('ended');
  };
  const db = test.database.connection.db;
  if (db === undefined) throw new Error('the database is closed');
  const chores = { drain: () => undefined, poll, tidy: async () => undefined };
  const jobs = await startJobs({ db, chores, worker: 'w', log: { error: (_facts, message) => happened.push(message) } });
  await expect.poll(() => happened, { timeout: 10_000 }).toEqual(['begun']);
  const stopped = jobs.stop().then(() => happened.push('stopped'));
  await Promise.race([stopped, db.command({ ping: 1 })]);
  finish();
  await stopped;
  expect(happened).toEqual(['begun', 'ended', 'stopped']);
});
