/** What a target would do about news by itself (mails to customers) rests while history is brought to it, and is taken up again afterwards. */
import { failureOf } from '../../connectors/failure.ts';
import type { Tenant } from './model.ts';
import { type Engine, openRun, type Run } from './run.ts';

/** As much of an import as is needed here. */
interface HushedRun {
  readonly id: string;
  readonly tenant: Tenant;
  readonly flow: string;
  readonly state: string;
  readonly startedAt: Date;
}

export interface QuietImports {
  /** Remembers that the target was asked to rest, before it is asked. */
  hush(run: HushedRun): Promise<void>;
  hushed(): Promise<readonly HushedRun[]>;
  /** Does nothing when the import was started anew meanwhile. */
  unhush(run: HushedRun): Promise<void>;
}

type Ground = Engine & { imports: QuietImports };

export async function hush(engine: Ground, run: HushedRun, open: Run): Promise<void> {
  const { session } = open.target;
  if (session.importing === undefined) return;
  await engine.imports.hush(run);
  await session.importing(open.flow.kind, true);
}

/** Ends the rest of targets whose imports are over and carried out. Called again and again: what fails is tried next time. */
export async function unhush(engine: Ground, remaining: (tenant: Tenant, flow: string) => Promise<number>): Promise<void> {
  const runs = await engine.imports.hushed();
  const seen = await Promise.all(
    runs.map(async (run) => {
      const busy = run.state === 'running' || (await remaining(run.tenant, run.flow)) > 0;
      return { run, flow: await engine.flows.get(run.flow), busy };
    }),
  );
  // A target rests as a whole: one import that is still under way keeps it quiet for the others.
  const resting = new Set(seen.flatMap(({ flow, busy }) => (busy && flow ? [flow.target] : [])));
  for (const { run, flow, busy } of seen) {
    if (busy || (flow && resting.has(flow.target))) continue;
    try {
      const open = flow && (await openRun(engine, flow));
      // Without its flow there is nobody to wake; a paused connection is woken when it is mended.
      if (flow && open === undefined) continue;
      await open?.target.session.importing?.(open.flow.kind, false);
      await engine.imports.unhush(run);
    } catch (error) {
      engine.log.warn({ flow: run.flow, code: failureOf(error).code }, 'a target still rests after an import, it is asked again');
    }
  }
}
