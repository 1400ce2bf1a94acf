/** What a worker process does besides carrying records out: it looks for news, notes imports piece by piece, and tidies up. */

import { type Imports, workOnImport } from './engine/import.ts';
import type { Flow } from './engine/model.ts';
import { beginNights } from './engine/nightly.ts';
import { pollFlow, pollLeaseMs } from './engine/poll.ts';
import type { QuietImports } from './engine/ports.ts';
import { unhush } from './engine/quiet.ts';
import type { Engine } from './engine/run.ts';

const pollsAtOnce = 20;
/** Imports that one process works on side by side. */
const importsAtOnce = 4;

export interface ChoresOptions {
  readonly engine: Engine;
  readonly imports: Imports & QuietImports;
  /** False in a process that only answers: it notes nothing by itself. */
  readonly works: boolean;
  noticed(by: 'poll', count: number): void;
  wake(): void;
}

export interface Chores {
  /** Takes up imports that nobody works on. Cheap and safe to call at any time. */
  runImports(): void;
  /** Polls what is due, and resolves when that is done. */
  poll(): Promise<void>;
  /** One round of everything that recurs. */
  round(): Promise<void>;
  /** Resolves when no import is worked on. */
  imported(): Promise<void>;
  /** Takes up nothing more, lets what is under way end. */
  stop(): Promise<void>;
}

export function createChores({ engine, imports, works, noticed, wake }: ChoresOptions): Chores {
  const importing = new Set<Promise<void>>();
  const polls = new Set<Promise<void>>();
  let looking: Promise<void> | undefined;
  let stopping = false;

  function runImports(): void {
    if (!works || stopping || importing.size >= importsAtOnce) return;
    const work = workOnImport({ ...engine, imports }, { stopping: () => stopping, woken: wake })
      .then((found) => {
        // Where there was one there may be more.
        if (found) setImmediate(runImports);
      })
      .catch((error: unknown) => engine.log.error({ err: error }, 'an import failed, it is taken up again'))
      .finally(() => importing.delete(work));
    importing.add(work);
  }

  function start(flow: Flow): void {
    const work = pollFlow(engine, flow)
      .then(({ noted }) => {
        noticed('poll', noted);
        if (noted > 0) wake();
      })
      .catch((error: unknown) => engine.log.error({ flow: flow.id, err: error }, 'a poll failed, it is repeated'))
      .finally(() => polls.delete(work));
    polls.add(work);
  }

  /** Starts what is due until nothing is. A poll that brings tens of thousands of changes goes on beside the others. */
  async function lookForDue(): Promise<void> {
    if ((await beginNights(engine, imports)) > 0) runImports();
    while (!stopping) {
      if (polls.size >= pollsAtOnce) await Promise.race(polls);
      const due = await engine.flows.claimPolls(engine.clock.now(), { limit: pollsAtOnce - polls.size, leaseMs: pollLeaseMs });
      if (due.length === 0) return;
      for (const flow of due) start(flow);
    }
  }

  function look(): Promise<void> {
    looking ??= lookForDue().finally(() => {
      looking = undefined;
    });
    return looking;
  }

  return {
    runImports,
    async poll() {
      await look();
      await Promise.all(polls);
    },
    async round() {
      runImports();
      await look();
      await unhush(engine);
    },
    async imported() {
      while (importing.size > 0) await Promise.all(importing);
    },
    async stop() {
      stopping = true;
      await Promise.all([looking, ...polls, ...importing]);
    },
  };
}
