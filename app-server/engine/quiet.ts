/** What a target would do about news by itself (mails to customers) rests while history is brought to it, and is taken up again afterwards. */
import type { Draft } from '../../connectors/connector.ts';
import { failureOf } from '../../connectors/failure.ts';
import type { Entry } from './model.ts';
import type { HushedRun } from './ports.ts';
import { type Engine, openRun, type Run } from './run.ts';

export async function hush(engine: Engine, run: HushedRun, open: Run): Promise<void> {
  if (open.target.session.wake) await engine.imports.hush(run);
}

export type Importing = (entry: Pick<Entry, 'lane'>) => Draft['importing'];

/**
 * What the drafts for a target are told of imports into it. Asked of the database for each batch; any process may carry out a piece of an import
 * that another one walks.
 */
export async function importingInto(engine: Engine, { flow, target }: Run): Promise<Importing> {
  if (target.session.wake === undefined) return () => undefined;
  const hushed = await engine.imports.hushed();
  const flows = await Promise.all(hushed.map((run) => engine.flows.get(run.flow)));
  const kinds = new Set(flows.filter((one) => one?.target === target.connection.id).map((one) => one?.kind));
  return ({ lane }) => {
    if (kinds.size === 0) return undefined;
    return lane === 'bulk' && kinds.has(flow.kind) ? 'history' : 'meanwhile';
  };
}

/** Ends the rest of targets whose imports are over and carried out. Called again and again: what fails is tried next time. */
export async function unhush(engine: Engine): Promise<void> {
  const runs = await engine.imports.hushed();
  const now = engine.clock.now();
  const seen = await Promise.all(
    runs.map(async (run) => {
      const busy = run.state === 'running' || (await engine.ledger.busy({ id: run.flow, tenant: run.tenant }, now));
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
      await open?.target.session.wake?.();
      await engine.imports.unhush(run);
    } catch (error) {
      engine.log.warn({ flow: run.flow, code: failureOf(error).code }, 'a target still rests after an import, it is asked again');
    }
  }
}
