/** What a person starts: a test of the connection, a dry run, a replay, a suggestion. Nothing here writes to a target. */
import { z } from 'zod';
import type { CanonicalRecord, StockLevel } from '../../connectors/commerce.ts';
import type { CheckReport, FieldMeta, PlanNote, PlanStep, VocabularyItem } from '../../connectors/connector.ts';
import { conversation } from '../../connectors/exchange.ts';
import { Failure, failureOf } from '../../connectors/failure.ts';
import type { FiredRule, TableRows } from '../../connectors/mapping.ts';
import { stockRuleOf } from '../mapping/derive.ts';
import { type WorkingLine, workingOf } from '../mapping/stock.ts';
import { suggestByWords, suggestRows } from '../mapping/suggest.ts';
import { causeOf } from './cause.ts';
import { digestOfPlan } from './digest-plan.ts';
import { type ErasedThere, erasePerson } from './erasure.ts';
import { kinOf } from './kin.ts';
import type { Cause, Connection, Entry, Flow, FlowSettings } from './model.ts';
import { factsOf, historyOf, prepare, type RecordFacts } from './prepare.ts';
import { type Engine, openRun, type Run } from './run.ts';
import { surroundingsOf } from './surroundings.ts';
import type { Worker } from './worker.ts';

/** What would happen, or why nothing would. Masked only when it is shown. */
export interface Rehearsal extends RecordFacts {
  readonly recordId: string;
  readonly verdict: 'would-write' | 'would-skip' | 'would-park';
  readonly reason?: string;
  readonly cause?: Cause;
  readonly steps: readonly PlanStep[];
  readonly fired: readonly FiredRule[];
  readonly notes: readonly PlanNote[];
  /** Of a stock level: how the published number came about. */
  readonly working?: readonly WorkingLine[];
  /** Over the exact requests: the live run of the same record shows the same one. */
  readonly digest: string;
}

/** A flow that may not be stored yet. */
export type FlowDraft = Pick<Flow, 'tenant' | 'kind' | 'source' | 'target' | 'settings'>;

/** The engine's operations that a person starts. Each may throw a Failure, which becomes the answer. */
export interface Desk {
  check(connection: Connection): Promise<CheckReport>;
  vocabulary(connection: Connection, list: string): Promise<readonly VocabularyItem[]>;
  /** The flow's settings with everything filled in that can be guessed; what the merchant chose is kept. */
  suggest(flow: FlowDraft): Promise<FlowSettings>;
  /** `record` is an order number or id in the source; `undefined` when the source does not know it. */
  dryRun(flow: Flow, record: string): Promise<Rehearsal | undefined>;
  /** What this record may mean in the target, where the engine refused to choose. Asked anew each time: nothing of it is stored. */
  candidates(entry: Entry): Promise<readonly VocabularyItem[]>;
  /** Erases a person in every one of these that can. */
  erase(connections: readonly Connection[], email: string): Promise<readonly ErasedThere[]>;
  /** Opens one record again and wakes its flow. */
  replay(entry: Entry): Promise<void>;
  /** Opens what is parked again, of one cause or all; how many. */
  replayMany(flow: Flow, which: { cause?: string; at: Date }): Promise<number>;
  /** Something changed that may let work go on (switched on, credentials mended): lifts holds and wakes these flows. */
  wake(flows: readonly Flow[]): Promise<void>;
  /** Somebody says that a run which the brake holds is right. */
  release(flow: Flow): Promise<void>;
  /** An import was started or resumed. */
  importing(): void;
  /** Has this system tell its news of what flows read from it. Polling covers what comes of a failure, which is only logged. */
  subscribe(connection: Connection): Promise<void>;
}

export interface DeskOptions extends Pick<Worker, 'wake'> {
  importing(): void;
  /** Where a connection's system sends its news. */
  hookAddress(connection: Connection): string;
}

export function createDesk(engine: Engine, worker: DeskOptions): Desk {
  return {
    check: (connection) => forSomebody(() => engine.sessions.open(connection).session.check()),
    vocabulary: (connection, list) => forSomebody(() => engine.sessions.open(connection).session.vocabulary(list)),
    suggest: (flow) => forSomebody(() => suggest(engine, flow)),
    dryRun: (flow, record) => forSomebody(() => rehearse(engine, flow, record)),
    erase: (connections, email) => erasePerson(engine, connections, email),
    candidates: (entry) => forSomebody(() => candidates(engine, entry)),
    async replay(entry) {
      const flow = await engine.flows.get(entry.flow);
      if (flow === undefined) return;
      await engine.ledger.notice(flow, [{ sourceId: entry.sourceId }], { by: 'replay', lane: 'live', at: engine.clock.now() });
      worker.wake();
    },
    async replayMany(flow, which) {
      const count = await engine.ledger.reopen(flow, which);
      worker.wake();
      return count;
    },
    async release(flow) {
      await engine.flows.letThrough(flow.id, engine.clock.now());
      worker.wake();
    },
    importing: () => worker.importing(),
    async subscribe(connection) {
      const kinds = await engine.flows.kindsRead(connection.tenant, connection.id);
      try {
        await forSomebody(
          () => engine.sessions.open(connection).session.subscribe?.(worker.hookAddress(connection), kinds) ?? Promise.resolve(),
        );
      } catch (error) {
        engine.log.warn({ connection: connection.id, code: failureOf(error).code }, 'a system could not be asked for its news');
      }
    },
    async wake(flows) {
      for (const flow of flows) {
        if (flow.hold?.until) await engine.flows.unhold(flow.id);
        await engine.ledger.hasten(flow, engine.clock.now());
      }
      worker.wake();
    },
  };
}

/** A person waits for this: its calls go before bulk work. */
function forSomebody<T>(work: () => Promise<T>): Promise<T> {
  return conversation.run({ priority: 2 }, work);
}

async function rehearse(engine: Engine, flow: Flow, record: string): Promise<Rehearsal | undefined> {
  const run = await openRun(engine, flow);
  if (run === undefined) throw paused();
  const found = await find(run, record);
  if (found === undefined) return undefined;
  const { id, record: read } = found;
  const surroundings = await surroundingsOf(engine, run, [id]);
  const facts = {
    recordId: id,
    ...factsOf(flow, read),
    ...(flow.kind === 'stock' && {
      working: workingOf(read as StockLevel, stockRuleOf((read as StockLevel).sku, { values: flow.settings.values, surroundings })),
    }),
  };
  const nothing = { steps: [], fired: [], notes: [], digest: '' };
  try {
    const entry = (await engine.ledger.look(flow, [id])).get(id);
    const prepared = prepare(flow, read, { writing: run.writing, sourceId: id, surroundings, ...historyOf(entry) });
    if (typeof prepared === 'string') return { ...facts, ...nothing, verdict: 'would-skip', reason: prepared };
    const { sibling } = await kinOf(engine, run, { ...prepared, entry });
    const [plan] = await run.target.session.plan(flow.kind, [{ ...prepared.draft, ...(sibling && { sibling }) }]);
    if (plan === undefined || plan instanceof Failure)
      throw plan ?? new Failure({ remedy: 'retry', code: 'unexpected', message: 'The target gave no plan.' });
    const writes = plan.steps.some(({ action }) => action !== 'skip');
    return {
      ...facts,
      verdict: writes ? 'would-write' : 'would-skip',
      ...(!writes && { reason: 'exists' }),
      steps: plan.steps,
      fired: prepared.fired,
      notes: [...prepared.notes, ...plan.notes],
      digest: digestOfPlan(plan),
    };
  } catch (error) {
    const failure = failureOf(error);
    if (failure.remedy !== 'fix-data') throw failure;
    return { ...facts, ...nothing, verdict: 'would-park', cause: causeOf(failure) };
  }
}

async function candidates(engine: Engine, entry: Entry): Promise<readonly VocabularyItem[]> {
  const flow = await engine.flows.get(entry.flow);
  const run = flow && (await openRun(engine, flow));
  if (flow === undefined || run === undefined) throw paused();
  const { session } = run.target;
  const [record] = await run.source.session.read(flow.kind, [entry.sourceId]);
  if (record instanceof Failure) throw record;
  if (record === undefined || session.candidates === undefined) return [];
  const surroundings = await surroundingsOf(engine, run, [entry.sourceId]);
  const prepared = prepare(flow, record, { writing: run.writing, sourceId: entry.sourceId, surroundings, ...historyOf(entry) });
  return typeof prepared === 'string' ? [] : session.candidates(flow.kind, prepared.draft);
}

/** By number first: that is what people type. */
async function find(run: Run, record: string): Promise<{ id: string; record: CanonicalRecord } | undefined> {
  for (const id of [`#${record.replace(/^#/, '')}`, record]) {
    const [found] = await run.source.session.read(run.flow.kind, [id]);
    if (found instanceof Failure) throw found;
    if (found !== undefined) return { id: found.id ?? record, record: found };
  }
  return undefined;
}

async function suggest(engine: Engine, flow: FlowDraft): Promise<FlowSettings> {
  const run = await openRun(engine, flow as Flow);
  if (run === undefined) return flow.settings;
  const lists = new Map<string, Promise<readonly VocabularyItem[]>>();
  const list = (end: 'source' | 'target', name: string): Promise<readonly VocabularyItem[]> => {
    const key = `${end}/${name}`;
    // A list that cannot be read suggests nothing; the form then takes free text.
    const items = lists.get(key) ?? run[end].session.vocabulary(name).catch(() => []);
    lists.set(key, items);
    return items;
  };
  const values: Record<string, unknown> = { ...flow.settings.values };
  if (run.writing.settings instanceof z.ZodObject) {
    for (const [name, field] of Object.entries(run.writing.settings.shape)) {
      const meta = (field as z.ZodType).meta() as FieldMeta | undefined;
      if (meta?.vocabulary === undefined || meta.suggest === undefined || !blank(values[name])) continue;
      const hit = suggestByWords(await list('target', meta.vocabulary), meta.suggest);
      if (hit !== undefined) values[name] = hit;
    }
  }
  const tables: Record<string, TableRows[string]> = { ...flow.settings.tables };
  for (const table of run.writing.tables) {
    if (!table.suggest || table.target === undefined) continue;
    const known = tables[table.name] ?? [];
    const rows = suggestRows(await list('source', table.source), await list('target', table.target));
    tables[table.name] = [...known, ...rows.filter((row) => !known.some(({ from }) => from === row.from))];
  }
  return { values, tables };
}

const paused = (): Failure =>
  new Failure({
    remedy: 'fix-connection',
    code: 'connection.paused',
    message: 'A connection of this flow is paused. Test it first, then try again.',
  });

const blank = (value: unknown): boolean => value === undefined || value === null || value === '';
