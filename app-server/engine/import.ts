/** The first big run of a flow: looked at beforehand, in pieces, at any time to be paused, and never in the way of live records. */
import type { Audit, Change, Finding, PlanStep } from '../../connectors/connector.ts';
import { conversation } from '../../connectors/exchange.ts';
import { Failure, failureOf } from '../../connectors/failure.ts';
import { causeOf } from './cause.ts';
import type { Cause, Flow, Tenant } from './model.ts';
import type { Notice } from './ports.ts';
import { factsOf, historyOf, prepare } from './prepare.ts';
import { hush } from './quiet.ts';
import { type Engine, openRun, type Run } from './run.ts';
import { surroundingsOf } from './surroundings.ts';

export const tallied = ['create', 'update', 'unchanged', 'skip', 'problem'] as const;
export type Tallied = (typeof tallied)[number];

export interface Problem {
  readonly cause: Cause;
  readonly count: number;
  /** One record that has it, by the number that people know. */
  readonly sample: string;
}

/** What the target could never take, with how many there are of it; of a long list the beginning is kept. */
export type CountedFinding = Finding & { readonly count: number };

export interface ImportRun {
  readonly id: string;
  readonly tenant: Tenant;
  readonly flow: string;
  /** A preview plans everything and writes nothing; an import notes everything and lets the flow carry it out, as does the full read at night. */
  readonly phase: 'preview' | 'import' | 'nightly';
  readonly state: 'running' | 'paused' | 'done' | 'failed';
  readonly cursor?: string;
  /** Records of the source seen so far. */
  readonly seen: number;
  readonly tally: Readonly<Record<Tallied, number>>;
  readonly problems: readonly Problem[];
  /** Of a finished preview, where the target has such mistakes: what was found under these settings. */
  readonly audit?: { readonly settingsVersion: number; readonly findings: readonly CountedFinding[] };
  readonly startedAt: Date;
  readonly endedAt?: Date;
  readonly cause?: Cause;
}

export interface Imports {
  /** Starts from the beginning, whatever there was before. */
  start(flow: Pick<Flow, 'id' | 'tenant'>, phase: ImportRun['phase'], at: Date): Promise<ImportRun>;
  /** Running imports that nobody works on, each leased to one worker. */
  claim(now: Date, leaseMs: number): Promise<ImportRun | undefined>;
  /** Stores a piece of progress of a claimed run. False: it was paused, started anew or taken over meanwhile; stop. */
  progress(run: ImportRun, next: Piece & { cause?: Cause; at: Date }): Promise<boolean>;
}

const pieceOf = { preview: 200, import: 1_000, nightly: 1_000 } as const;
export const importLeaseMs = 60_000;
const mostProblems = 50;
const mostItems = 500;
export const untallied: ImportRun['tally'] = { create: 0, update: 0, unchanged: 0, skip: 0, problem: 0 };

/** Claims one import and works on it until it ends, is paused, or the process stops. False: there is none to work on. */
export async function workOnImport(
  engine: Engine & { readonly imports: Imports },
  how: { stopping: () => boolean; woken: () => void },
): Promise<boolean> {
  const claimed = await engine.imports.claim(engine.clock.now(), importLeaseMs);
  if (claimed === undefined) return false;
  let run = claimed;
  try {
    const flow = await engine.flows.get(run.flow);
    const open = flow && (await openRun(engine, flow));
    if (flow === undefined || open === undefined) {
      await engine.imports.progress(claimed, { ...run, state: 'paused', at: engine.clock.now(), cause: closed });
      return true;
    }
    if (run.phase === 'import') await conversation.run({ priority: 0 }, () => hush(engine, run, open));
    const audit = run.phase === 'preview' ? open.writing.audit?.(flow.settings) : undefined;
    // Mistakes show when all records are seen together, so this look begins anew wherever it was interrupted.
    if (audit) run = { ...withoutCursor(run), seen: 0, tally: untallied, problems: [] };
    // One walk from beginning to end: the cursor, which looks back, is only used after a crash.
    const changes = open.source.session.changed(open.flow.kind, run.cursor)[Symbol.asyncIterator]();
    while (run.state === 'running' && !how.stopping()) {
      const next = await conversation.run({ priority: 0 }, async () => {
        const taken = await take(run, changes);
        return run.phase === 'preview' ? previewPiece(engine, { run, open, taken, audit }) : importPiece(engine, { run, flow, taken });
      });
      if (!(await engine.imports.progress(claimed, { ...next, at: engine.clock.now() }))) return true;
      run = { ...run, ...next };
      if (run.phase !== 'preview') how.woken();
    }
  } catch (error) {
    const failure = failureOf(error);
    // The other side is away or odd: the run stays as it is and is taken up again. Anything else wants a person.
    if (failure.remedy === 'wait' || failure.remedy === 'retry') {
      engine.log.warn({ flow: run.flow, code: failure.code }, 'an import waits and is taken up again');
      return true;
    }
    engine.log.warn({ flow: run.flow, code: failure.code }, 'an import stopped');
    await engine.imports.progress(claimed, { ...run, state: 'failed', at: engine.clock.now(), cause: causeOf(failure) });
  }
  return true;
}

type Piece = Pick<ImportRun, 'seen' | 'tally' | 'problems' | 'state' | 'cursor' | 'audit'>;

interface Taken {
  readonly notices: readonly Notice[];
  readonly cursor: string | undefined;
  readonly ended: boolean;
}

async function take(run: ImportRun, changes: AsyncIterator<Change>): Promise<Taken> {
  const notices: Notice[] = [];
  let { cursor } = run;
  while (notices.length < pieceOf[run.phase]) {
    const { done, value: change } = await changes.next();
    if (done === true) return { notices, cursor, ended: true };
    notices.push({
      sourceId: change.id,
      // Starting again is meant: what was noted by an earlier start is noted anew.
      eventId: `${run.phase}:${run.startedAt.getTime()}:${change.version ?? change.cursor}`,
      ...(change.number !== undefined && { number: change.number }),
    });
    cursor = change.cursor;
  }
  return { notices, cursor, ended: false };
}

async function importPiece(engine: Engine, { run, flow, taken }: { run: ImportRun; flow: Flow; taken: Taken }): Promise<Piece> {
  const { notices, cursor, ended } = taken;
  const by = run.phase === 'nightly' ? 'nightly' : 'import';
  await engine.ledger.notice(flow, notices, { by, lane: 'bulk', at: engine.clock.now() });
  return {
    seen: run.seen + notices.length,
    tally: run.tally,
    problems: run.problems,
    state: ended ? 'done' : 'running',
    ...(cursor !== undefined && { cursor }),
  };
}

interface Preview {
  readonly run: ImportRun;
  readonly open: Run;
  readonly taken: Taken;
  readonly audit: Audit | undefined;
}

async function previewPiece(engine: Engine, { run, open, taken, audit }: Preview): Promise<Piece> {
  const { notices, cursor, ended } = taken;
  const tally = { ...run.tally };
  const problems = new Map(run.problems.map((problem) => [problem.cause.code, problem]));
  const blame = (failure: Failure, sample: string): void => {
    tally.problem += 1;
    const known = problems.get(failure.code);
    if (known) problems.set(failure.code, { ...known, count: known.count + 1 });
    else if (problems.size < mostProblems) problems.set(failure.code, { cause: causeOf(failure), count: 1, sample });
  };
  const ids = notices.map(({ sourceId }) => sourceId);
  const surroundings = await surroundingsOf(engine, open, ids);
  const records = ids.length === 0 ? [] : await open.source.session.read(open.flow.kind, ids);
  const entries = await engine.ledger.look(open.flow, ids);
  const drafts = records.flatMap((record, index) => {
    const id = ids[index] ?? '';
    try {
      if (record === undefined) return [];
      if (record instanceof Failure) throw record;
      const prepared = prepare(open.flow, record, {
        writing: open.writing,
        sourceId: id,
        surroundings,
        ...historyOf(entries.get(id)),
      });
      if (typeof prepared !== 'string') audit?.see([record]);
      if (typeof prepared !== 'string') return [{ draft: prepared.draft, sample: factsOf(open.flow, record).number ?? id }];
      tally.skip += 1;
    } catch (error) {
      const failure = failureOf(error);
      if (failure.remedy !== 'fix-data') throw failure;
      blame(failure, notices[index]?.number ?? id);
    }
    return [];
  });
  const size = Math.max(1, open.writing.batch);
  for (let from = 0; from < drafts.length; from += size) {
    const group = drafts.slice(from, from + size);
    const plans = await open.target.session.plan(
      open.flow.kind,
      group.map(({ draft }) => draft),
    );
    plans.forEach((plan, index) => {
      if (!(plan instanceof Failure)) tally[verdictOf(plan.steps, open.flow.kind)] += 1;
      else if (plan.remedy === 'fix-data') blame(plan, group[index]?.sample ?? '');
      else throw plan;
    });
  }
  return {
    seen: run.seen + notices.length,
    tally,
    problems: [...problems.values()],
    state: ended ? 'done' : 'running',
    ...(cursor !== undefined && { cursor }),
    ...(ended && audit && { audit: { settingsVersion: open.flow.settingsVersion, findings: counted(audit.findings()) } }),
  };
}

const counted = (findings: readonly Finding[]): CountedFinding[] =>
  findings.map((finding) => ({ ...finding, count: finding.items.length, items: finding.items.slice(0, mostItems) }));

function withoutCursor({ cursor: _, ...run }: ImportRun): ImportRun {
  return run;
}

/** What a plan comes to, in one word. */
export function verdictOf(plan: readonly PlanStep[], kind: string): Tallied {
  // What stands around a product (categories, properties) may be new where the product itself is not.
  const own = plan.filter(({ id, subject }) => id === kind || subject === kind);
  const steps = own.length > 0 ? own : plan;
  if (steps.some(({ action }) => action === 'create')) return 'create';
  if (steps.some(({ action }) => action === 'update')) return 'update';
  return steps.some(({ reason }) => reason === 'unchanged' || reason === 'exists') ? 'unchanged' : 'skip';
}

const closed: Cause = {
  code: 'connection.paused',
  message: 'A connection of this flow is paused. Test it first, then go on.',
  remedy: 'fix-connection',
  params: {},
};
