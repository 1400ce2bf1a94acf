/** What a worker process does besides carrying records out: it looks for news, notes imports piece by piece, and tidies up. */

import { type Imports, workOnImport } from './engine/import.ts';
import type { Flow, Tenant } from './engine/model.ts';
import { beginNights } from './engine/nightly.ts';
import { pollFlow, pollLeaseMs } from './engine/poll.ts';
import { type QuietImports, unhush } from './engine/quiet.ts';
import type { Engine } from './engine/run.ts';

const pollsAtOnce = 20;
/** Imports that one process works on side by side. */
const importsAtOnce = 4;

export interface ChoresOptions {
  readonly engine: Engine;
  readonly imports: Imports & QuietImports;
  /** False in a process that only answers: it notes nothing by itself. */
  readonly works: boolean;
  /** Records of an import that are noted but not yet carried out. */
  remaining(tenant: Tenant, flow: string): Promise<number>;
  noticed(by: 'poll', count: number): void;
  wake(): void;
}

export interface Chores {
  /** Takes up imports that nobody works on. Cheap and safe to call at any time. */
  runImports(): void;
  /** Polls what is due; one poll at a time. */
  poll(): Promise<void>;
  /** One round of everything that recurs. */
  round(): Promise<void>;
  /** Resolves when no import is worked on. */
  imported(): Promise<void>;
  /** Takes up nothing more, lets what is under way end. */
  stop(): Promise<void>;
}

export function createChores({ engine, imports, works, remaining, noticed, wake }: ChoresOptions): Chores {
  const importing = new Set<Promise<void>>();
  let polling: Promise<void> | undefined;
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

  async function poll(): Promise<void> {
    polling ??= pollDue().finally(() => {
      polling = undefined;
    });
    await polling;
  }

  async function pollDue(): Promise<void> {
    if ((await beginNights(engine, imports)) > 0) runImports();
    let due: readonly Flow[];
    do {
      due = await engine.flows.claimPolls(engine.clock.now(), { limit: pollsAtOnce, leaseMs: pollLeaseMs });
      const results = await Promise.all(due.map((flow) => pollFlow(engine, flow)));
      const noted = results.reduce((sum, result) => sum + result.noted, 0);
      noticed('poll', noted);
      if (noted > 0) wake();
    } while (due.length === pollsAtOnce && !stopping);
  }

  return {
    runImports,
    poll,
    async round() {
      runImports();
      await poll();
      await unhush({ ...engine, imports }, remaining);
    },
    async imported() {
      while (importing.size > 0) await Promise.all(importing);
    },
    async stop() {
      stopping = true;
      await Promise.all([polling, ...importing]);
    },
  };
}
