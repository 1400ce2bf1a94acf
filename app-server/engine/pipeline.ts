/** claim → read → map → plan → apply → verify → settle, for the entries that a worker has leased. */
import type { Order } from '../../connectors/commerce.ts';
import type { Outcome, Plan, TargetReference } from '../../connectors/connector.ts';
import { conversation } from '../../connectors/exchange.ts';
import { Failure, failureOf } from '../../connectors/failure.ts';
import type { Stage } from './attempt.ts';
import { causeOf } from './cause.ts';
import { digestOfPlan } from './digest-plan.ts';
import type { Entry } from './model.ts';
import type { Settlement } from './ports.ts';
import { factsOf, type Prepared, prepare, type RecordFacts } from './prepare.ts';
import type { End, Engine, Run } from './run.ts';
import { settlementOf } from './settlement.ts';
import { type Story, startStory } from './story.ts';
import { verify } from './verify.ts';

/** Another record of the same customer is being written: look again after this time. */
const lockedForMs = 40;
/** The longest that an apply may take before somebody else may try: two writes at their time limit, doubled. */
const applyExtendsLeaseMs = 240_000;

export interface BatchResult {
  /** Records that reached the target's side without the connection failing. */
  readonly succeeded: number;
  /** The failure that says that the other side is away, if one did. */
  readonly away: Failure | undefined;
  /** Earliest time at which something of this batch is due again. */
  readonly dueAt: Date | undefined;
}

interface Item {
  readonly entry: Entry;
  readonly story: Story;
  facts: RecordFacts;
}
type ReadyItem = Item & { readonly prepared: Prepared };
type PlannedItem = ReadyItem & { readonly plan: Plan; outcome?: Outcome };

export async function runBatch(engine: Engine, run: Run, entries: readonly Entry[]): Promise<BatchResult> {
  const result = { succeeded: 0, away: undefined as Failure | undefined, dueAt: undefined as Date | undefined };
  const items: Item[] = entries.map((entry) => ({
    entry,
    story: startStory(entry, engine.clock),
    facts: { ...(entry.number !== undefined && { number: entry.number }), ...(entry.money && { money: entry.money }) },
  }));
  const ready = await readAndMap();
  const groups = chunks(ready, Math.max(1, run.writing.batch));
  await Promise.all(groups.map((group) => carryOut(group)));
  return result;

  async function readAndMap(): Promise<ReadyItem[]> {
    const records = await attempt(items, 'read', () =>
      run.source.session.read(
        run.flow.kind,
        items.map(({ entry }) => entry.sourceId),
      ),
    );
    if (records instanceof Failure) {
      await Promise.all(items.map((item) => fail(item, records, run.source)));
      return [];
    }
    const mapped = await Promise.all(items.map((item, index) => mapOne(item, records[index])));
    return mapped.filter((item) => item !== undefined);
  }

  async function mapOne(item: Item, record: unknown): Promise<ReadyItem | undefined> {
    if (record instanceof Failure) return fail(item, record, run.source);
    if (record === undefined) return end(item, { state: item.entry.target ? 'done' : 'skipped', reason: 'deleted-in-source' });
    const startedAt = engine.clock.now().getTime();
    item.facts = factsOf(run.flow, record);
    let prepared: ReturnType<typeof prepare>;
    try {
      prepared = prepare(run.flow, record, { writing: run.writing, sourceId: item.entry.sourceId, revision: item.entry.revision });
    } catch (error) {
      item.story.stage('map', startedAt);
      return fail(item, failureOf(error), run.source);
    }
    if (typeof prepared === 'string') {
      item.story.stage('map', startedAt, prepared);
      return end(item, { state: item.entry.target ? 'done' : 'skipped', reason: prepared });
    }
    item.story.stage('map', startedAt);
    item.story.fired = prepared.fired;
    if (prepared.digest === item.entry.settledDigest) return end(item, { state: 'done', reason: 'unchanged', digest: prepared.digest });
    return { ...item, prepared };
  }

  async function carryOut(group: readonly ReadyItem[]): Promise<void> {
    const free: ReadyItem[] = [];
    for (const item of group) {
      const { lockKey } = item.prepared;
      if (lockKey === undefined || (await engine.ledger.lock(item.entry, `${run.target.connection.id}:${lockKey}`))) free.push(item);
      else await postpone(item);
    }
    if (free.length === 0) return;
    const plans = await attempt(free, 'plan', () =>
      run.target.session.plan(
        run.flow.kind,
        free.map(({ prepared }) => prepared.draft),
      ),
    );
    const planned = await sorted(free, plans, (item, plan): PlannedItem => {
      item.story.plan = plan;
      item.story.digest = digestOfPlan(plan);
      return { ...item, plan };
    });
    const written = await applyAll(planned);
    await verifyAll(written);
  }

  async function applyAll(planned: readonly PlannedItem[]): Promise<PlannedItem[]> {
    const writing = planned.filter(({ plan }) => plan.steps.some(({ action }) => action !== 'skip'));
    const intended: PlannedItem[] = [];
    await Promise.all(
      writing.map(async (item) => {
        const intent = { digest: item.story.digest ?? '', at: engine.clock.now(), extendMs: applyExtendsLeaseMs };
        if (await engine.ledger.intend(item.entry, intent)) intended.push(item);
      }),
    );
    const untouched = planned.filter((item) => !writing.includes(item));
    if (intended.length === 0) return untouched;
    const outcomes = await attempt(intended, 'apply', () =>
      run.target.session.apply(
        run.flow.kind,
        intended.map(({ plan }) => plan),
      ),
    );
    const applied = await sorted(
      intended,
      outcomes,
      (item, outcome): PlannedItem => {
        item.outcome = outcome;
        return item;
      },
      true,
    );
    return [...untouched, ...applied];
  }

  async function verifyAll(planned: readonly PlannedItem[]): Promise<void> {
    const checkable = planned.filter((item) => item.plan.expect && targetOf(item));
    const rest = planned.filter((item) => !checkable.includes(item));
    await Promise.all(rest.map((item) => finish(item)));
    if (checkable.length === 0) return;
    const found = await attempt(checkable, 'verify', () =>
      run.target.session.read(
        run.flow.kind,
        checkable.map((item) => targetOf(item)?.id ?? ''),
      ),
    );
    const verified = await sorted(
      checkable,
      found instanceof Failure ? found : found.map((record) => record ?? vanished()),
      (item, record) => {
        if (item.plan.expect) item.story.verdict = verify(item.plan.expect, record as Order);
        return item;
      },
    );
    await Promise.all(verified.map((item) => finish(item)));
  }

  function finish(item: PlannedItem): Promise<undefined> {
    const target = targetOf(item);
    const { verdict } = item.story;
    if (verdict && !verdict.ok) {
      const wrong = verdict.checks.find((check) => !check.ok);
      const failure = new Failure({
        remedy: 'fix-data',
        code: 'verify.mismatch',
        message: `${run.target.connector.title} shows ${wrong?.what} ${wrong?.found} where ${wrong?.expected} was sent. Compare both and correct by hand.`,
        params: { what: wrong?.what ?? '', expected: wrong?.expected ?? '', found: wrong?.found ?? '' },
      });
      return end(item, { state: 'parked', cause: causeOf(failure), ...(target && { target }) });
    }
    const existed = item.outcome === undefined && item.entry.intent === undefined && item.entry.target === undefined;
    return end(item, {
      state: existed ? 'skipped' : 'done',
      ...(existed && { reason: 'exists' }),
      ...(target && { target }),
      digest: item.prepared.digest,
    });
  }

  /** Runs one stage for several records: their timelines share the exchanges and the time. A thrown thing becomes a Failure. */
  async function attempt<T>(group: readonly Item[], stage: Stage, work: () => Promise<T>): Promise<T | Failure> {
    const startedAt = engine.clock.now().getTime();
    const talk = {
      record: (exchange: Story['exchanges'][number]): void => {
        for (const { story } of group) story.exchanges.push(exchange);
      },
      priority: group.some(({ entry }) => entry.lane === 'live') ? 1 : 0,
    };
    try {
      return await conversation.run(talk, work);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code === 'unexpected') engine.log.error({ flow: run.flow.id, stage, err: error }, 'a stage failed unexpectedly');
      return failure;
    } finally {
      for (const { story } of group) story.stage(stage, startedAt);
    }
  }

  /** Lets the good ones through and settles the others. */
  async function sorted<I extends Item, T, R>(
    group: readonly I[],
    answers: readonly (T | Failure)[] | Failure,
    take: (item: I, answer: T) => R,
    refused = false,
  ): Promise<R[]> {
    const taken: R[] = [];
    const failing: Promise<undefined>[] = [];
    group.forEach((item, index) => {
      const answer = answers instanceof Failure ? answers : answers[index];
      if (answer === undefined) failing.push(fail(item, unanswered(), run.target));
      else if (answer instanceof Failure) failing.push(fail(item, answer, run.target, refused));
      else taken.push(take(item, answer));
    });
    await Promise.all(failing);
    return taken;
  }

  async function fail(item: Item, failure: Failure, side: End, refused = false): Promise<undefined> {
    if (failure.remedy === 'fix-connection') await engine.connections.pause(side.connection, causeOf(failure));
    if (failure.remedy === 'wait') result.away = failure;
    const now = engine.clock.now();
    return close(item, settlementOf(item.entry, failure, { now, settingsVersion: run.flow.settingsVersion, refused }));
  }

  function postpone(item: Item): Promise<undefined> {
    const { entry } = item;
    const now = engine.clock.now();
    return close(item, {
      state: 'waiting',
      at: now,
      dueAt: new Date(now.getTime() + lockedForMs),
      reason: 'locked',
      strikes: entry.strikes,
      revision: entry.revision,
      settingsVersion: run.flow.settingsVersion,
      counted: false,
    });
  }

  function end(item: Item, settled: Pick<Settlement, 'state' | 'reason' | 'cause' | 'digest' | 'target'>): Promise<undefined> {
    result.succeeded += 1;
    const settlement = {
      at: engine.clock.now(),
      strikes: 0,
      revision: item.entry.revision,
      settingsVersion: run.flow.settingsVersion,
      counted: true,
    };
    return close(item, { ...settled, ...settlement });
  }

  async function close(item: Item, settlement: Settlement): Promise<undefined> {
    if (settlement.dueAt && (result.dueAt === undefined || settlement.dueAt < result.dueAt)) result.dueAt = settlement.dueAt;
    const { state, reason, cause } = settlement;
    const told = item.story.tell(
      { outcome: state, ...(reason !== undefined && { reason }), ...(cause && { cause }) },
      { worker: engine.worker, settingsVersion: run.flow.settingsVersion },
    );
    await Promise.all([
      engine.ledger.settle(item.entry, { ...item.facts, ...settlement }),
      settlement.counted ? engine.journal.write(item.entry, told) : undefined,
    ]);
    return undefined;
  }
}

function targetOf(item: PlannedItem): TargetReference | undefined {
  return item.outcome?.target ?? item.plan.target;
}

const vanished = (): Failure =>
  new Failure({
    remedy: 'retry',
    code: 'verify.not-found',
    message: 'What was written cannot be read back. It is looked for again.',
    ambiguous: true,
  });

const unanswered = (): Failure =>
  new Failure({ remedy: 'retry', code: 'unexpected', message: 'The connector gave fewer answers than it was asked for.', ambiguous: true });

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size));
}
