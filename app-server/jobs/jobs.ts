/** Agenda only wakes: three recurring, idempotent jobs. Losing one, or running it twice, costs nothing. */
import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda } from 'agenda';
import type { Db } from 'mongodb';

export interface Chores {
  /** Looks for due records and starts draining; returns at once. */
  drain(): void;
  /** Polls the flows whose time has come. */
  poll(): Promise<void>;
  /** Forgets and erases what is due to be. */
  tidy(): Promise<void>;
}

const intervals = { drain: '2 seconds', poll: '1 second', tidy: '10 minutes' } as const;

export interface Jobs {
  /** Begins nothing more, and resolves when what is under way has ended. */
  stop(): Promise<void>;
}

export async function startJobs(options: {
  readonly db: Db;
  readonly chores: Chores;
  readonly worker: string;
  readonly log: { error(facts: Readonly<Record<string, unknown>>, message: string): void };
}): Promise<Jobs> {
  const agenda = new Agenda({
    backend: new MongoBackend({ mongo: options.db as never, collection: 'jobs' }),
    name: options.worker,
    processEvery: '1 second',
    defaultLockLifetime: 60_000,
  });
  agenda.on('error', (error: unknown) => options.log.error({ err: error }, 'the scheduler met an error'));
  // It returns at once, so a process that dies in it is not waited for long.
  agenda.define('drain', async () => options.chores.drain(), { lockLifetime: 5_000 });
  agenda.define('poll', () => guarded('poll', options.chores.poll));
  agenda.define('tidy', () => guarded('tidy', options.chores.tidy));
  const underWay = new Set<Promise<void>>();
  await agenda.start();
  for (const [name, interval] of Object.entries(intervals)) await agenda.every(interval, name);
  return {
    async stop() {
      await agenda.stop(false);
      // The scheduler does not wait for them, and they speak to the database.
      await Promise.all(underWay);
    },
  };

  function guarded(name: string, work: () => Promise<void>): Promise<void> {
    const done = work()
      .catch((error: unknown) => options.log.error({ err: error, job: name }, 'a job failed, it runs again'))
      .finally(() => underWay.delete(done));
    underWay.add(done);
    return done;
  }
}
