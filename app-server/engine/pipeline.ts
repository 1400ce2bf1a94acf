/** claim → read → map → plan → apply → verify → settle, for the entries that a worker has leased. */
import type { Order } from '../../connectors/commerce.ts';
import type { Outcome, Plan, TargetReference } from '../../connectors/connector.ts';
import { Failure, failureOf } from '../../connectors/failure.ts';
import type { Surroundings } from '../mapping/derive.ts';
import { type Batch, type BatchResult, type Item, openBatch } from './batch.ts';
import { brake, zeroedBy } from './brake.ts';
import { causeOf } from './cause.ts';
import { digestOfPlan } from './digest-plan.ts';
import type { Entry, KeptField } from './model.ts';
import type { Settlement } from './ports.ts';
import { type Demand, factsOf, historyOf, type Prepared, prepare } from './prepare.ts';
import type { Engine, Run } from './run.ts';
import { surroundingsOf } from './surroundings.ts';
import { verify } from './verify.ts';

type ReadyItem = Item & { readonly prepared: Prepared };
type PlannedItem = ReadyItem & { readonly plan: Plan; outcome?: Outcome };

export async function runBatch(engine: Engine, run: Run, entries: readonly Entry[]): Promise<BatchResult> {
  const batch: Batch = openBatch(engine, run, entries);
  /** Asked once per batch: which they are does not change with each of its orders. */
  let stockFlows: ReturnType<Engine['flows']['reading']> | undefined;
  try {
    const ready = await readAndMap();
    await engine.ledger.assign(ready.map(({ entry, prepared }) => ({ entry, key: entityOf(prepared), demand: demandOf(prepared) })));
    await announce(ready);
    for (const round of rounds(ready)) {
      const groups = chunks(round, Math.max(1, run.writing.batch));
      await allOf(groups.map((group) => carryOut(group)));
    }
  } finally {
    batch.close();
  }
  return batch.result;

  function entityOf({ lockKey }: Prepared): string | undefined {
    return lockKey === undefined ? undefined : `${run.target.connection.id}:${lockKey}`;
  }

  /** What an order will take, or has just taken, changes what may be published: the stock flows of its target look again. */
  async function announce(items: readonly ReadyItem[]): Promise<void> {
    const skus = new Set(items.flatMap(({ prepared }) => prepared.demand ?? []).map(({ sku }) => sku));
    if (skus.size === 0) return;
    stockFlows ??= engine.flows.reading(run.flow.tenant, run.target.connection.id, 'stock');
    const flows = await stockFlows;
    if (flows.length === 0) return;
    const at = engine.clock.now();
    for (const flow of flows) {
      await engine.ledger.notice(
        flow,
        [...skus].map((sku) => ({ sourceId: sku, number: sku })),
        { by: 'order', lane: 'live', at },
      );
    }
    engine.wake();
  }

  function demandOf({ demand }: Prepared): { connection: string; of: readonly Demand[] } | undefined {
    return demand === undefined || demand.length === 0 ? undefined : { connection: run.target.connection.id, of: demand };
  }

  async function readAndMap(): Promise<ReadyItem[]> {
    const ids = batch.items.map(({ entry }) => entry.sourceId);
    const read = await batch.attempt(batch.items, 'read', async () => ({
      records: await run.source.session.read(run.flow.kind, ids),
      surroundings: await surroundingsOf(engine, run),
    }));
    if (read instanceof Failure) {
      await Promise.all(batch.items.map((item) => batch.fail(item, read, run.source)));
      return [];
    }
    const { records, surroundings } = read;
    const mapped = await Promise.all(batch.items.map((item, index) => mapOne(item, { record: records[index], surroundings })));
    return mapped.filter((item) => item !== undefined);
  }

  async function mapOne(
    item: Item,
    { record, surroundings }: { record: unknown; surroundings: Surroundings },
  ): Promise<ReadyItem | undefined> {
    if (record instanceof Failure) return batch.fail(item, record, run.source);
    if (record === undefined) return batch.end(item, { state: item.entry.target ? 'done' : 'skipped', reason: 'deleted-in-source' });
    const startedAt = engine.clock.now().getTime();
    item.facts = factsOf(run.flow, record);
    let prepared: ReturnType<typeof prepare>;
    try {
      prepared = prepare(run.flow, record, {
        writing: run.writing,
        sourceId: item.entry.sourceId,
        surroundings,
        ...historyOf(item.entry),
      });
    } catch (error) {
      item.story.stage('map', startedAt);
      return batch.fail(item, failureOf(error), run.source);
    }
    if (typeof prepared === 'string') {
      item.story.stage('map', startedAt, prepared);
      return batch.end(item, { state: item.entry.target ? 'done' : 'skipped', reason: prepared });
    }
    item.story.stage('map', startedAt);
    item.story.fired = prepared.fired;
    item.story.notes = prepared.notes;
    if (prepared.digest === item.entry.settledDigest)
      return batch.end(item, { state: 'done', reason: 'unchanged', digest: prepared.digest });
    return { ...item, prepared };
  }

  async function carryOut(group: readonly ReadyItem[]): Promise<void> {
    const free: ReadyItem[] = [];
    for (const item of group) {
      const key = entityOf(item.prepared);
      const now = engine.clock.now();
      const first = key === undefined ? undefined : await engine.ledger.earlier(item.entry, { key, now });
      if (first === undefined && (key === undefined || (await engine.ledger.lock(item.entry, key)))) free.push(item);
      else await batch.postpone(item, first ?? now);
    }
    if (free.length === 0) return;
    const plans = await batch.attempt(free, 'plan', () =>
      run.target.session.plan(
        run.flow.kind,
        free.map(({ prepared }) => prepared.draft),
      ),
    );
    const planned = await batch.sorted(free, plans, {
      take: (item, plan): PlannedItem => {
        item.story.plan = plan;
        item.story.digest = digestOfPlan(plan);
        return { ...item, plan };
      },
    });
    const safe = await onlyOnce(planned);
    if (await braked(safe)) return;
    const written = await applyAll(safe);
    await verifyAll(written);
    await announce(written);
  }

  /** An order that we brought to the target and that is not found there any more was moved or removed by somebody: it is never made a second time. */
  async function onlyOnce(planned: readonly PlannedItem[]): Promise<PlannedItem[]> {
    const gone = planned.filter(
      ({ entry, plan }) =>
        run.flow.kind === 'order' &&
        entry.target !== undefined &&
        plan.target === undefined &&
        plan.steps.some(({ action }) => action === 'create'),
    );
    await Promise.all(gone.map((item) => batch.fail(item, vanishedOrder(item.entry, run.target.connector.title), run.target)));
    return planned.filter((item) => !gone.includes(item));
  }

  /** Groups of a round run side by side: each counts its falls before it waits for anything, and takes them back when it is held. */
  async function braked(planned: readonly PlannedItem[]): Promise<boolean> {
    const falling = run.flow.kind === 'stock' ? zeroedBy(planned.map(({ plan }) => plan)) : 0;
    if (falling === 0) return false;
    run.fallen.count += falling;
    const zeroed = run.fallen.count;
    const cause = brake({ flow: run.flow, zeroed, known: await engine.ledger.known(run.flow), now: engine.clock.now() });
    if (cause === undefined) return false;
    run.fallen.count -= falling;
    await engine.flows.hold(run.flow.id, { cause, strikes: 0 });
    await Promise.all(planned.map((item) => batch.postpone(item, engine.clock.now())));
    return true;
  }

  async function applyAll(planned: readonly PlannedItem[]): Promise<PlannedItem[]> {
    const writing = planned.filter(({ plan }) => plan.steps.some(({ action }) => action !== 'skip'));
    const intended: PlannedItem[] = [];
    await Promise.all(
      writing.map(async (item) => {
        const intent = { digest: item.story.digest ?? '', at: engine.clock.now(), extendMs: engine.leaseMs };
        if (await engine.ledger.intend(item.entry, intent)) intended.push(item);
      }),
    );
    const untouched = planned.filter((item) => !writing.includes(item));
    if (intended.length === 0) return untouched;
    const outcomes = await batch.attempt(intended, 'apply', () =>
      run.target.session.apply(
        run.flow.kind,
        intended.map(({ plan }) => plan),
      ),
    );
    const applied = await batch.sorted(intended, outcomes, {
      take: (item, outcome): PlannedItem => {
        item.outcome = outcome;
        return item;
      },
      refused: true,
    });
    return [...untouched, ...applied];
  }

  async function verifyAll(planned: readonly PlannedItem[]): Promise<void> {
    const checkable = planned.filter((item) => item.plan.expect && targetOf(item));
    const rest = planned.filter((item) => !checkable.includes(item));
    await Promise.all(rest.map((item) => finish(item)));
    if (checkable.length === 0) return;
    const found = await batch.attempt(checkable, 'verify', () =>
      run.target.session.read(
        run.flow.kind,
        checkable.map((item) => targetOf(item)?.id ?? ''),
      ),
    );
    const verified = await batch.sorted(checkable, found instanceof Failure ? found : found.map((record) => record ?? vanished()), {
      take: (item, record) => {
        if (item.plan.expect) item.story.verdict = verify(item.plan.expect, record as Order);
        return item;
      },
    });
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
      return batch.end(item, { state: 'parked', cause: causeOf(failure), ...(target && { target }) });
    }
    const kept = keptFields(item.plan);
    const values = item.outcome?.values;
    return batch.end(item, {
      ...verdictOn(item),
      ...(target && { target }),
      ...(values && { written: { ...item.entry.written, ...values } }),
      ...((kept.length > 0 || item.entry.kept) && { kept }),
      digest: item.prepared.digest,
    });
  }
}

/** Nothing to write is not always the same: already so, somebody else's, or not for this target. */
function verdictOn({ plan, outcome, entry }: PlannedItem): Pick<Settlement, 'state' | 'reason'> {
  if (outcome !== undefined) return { state: 'done' };
  const reason = plan.steps.findLast((step) => step.reason !== undefined)?.reason;
  if (reason === 'unchanged') return { state: 'done', reason };
  const ours = entry.intent !== undefined || entry.target !== undefined;
  if (plan.target !== undefined && ours) return { state: 'done' };
  return { state: 'skipped', reason: plan.target === undefined ? (reason ?? 'exists') : 'exists' };
}

function keptFields(plan: Plan): KeptField[] {
  return plan.steps
    .flatMap(({ changes }) => changes)
    .flatMap(({ field, before, after, kept }) => (kept ? [{ field, wanted: after, ours: kept.ours, found: before }] : []));
}

function targetOf(item: PlannedItem): TargetReference | undefined {
  return item.outcome?.target ?? item.plan.target;
}

const vanishedOrder = ({ target }: Entry, title: string): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'target.order-gone',
    message: `${title} had this order as ${target?.number ?? target?.id} and does not find it any more. Nothing is created a second time; look at it there.`,
    params: { order: target?.number ?? target?.id ?? '' },
  });

/** Waits for all, also when one fails: nothing goes on unwatched. Then throws the first failure. */
async function allOf(work: readonly Promise<void>[]): Promise<void> {
  const ended = await Promise.allSettled(work);
  const failed = ended.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}

const vanished = (): Failure =>
  new Failure({
    remedy: 'retry',
    code: 'verify.not-found',
    message: 'What was written cannot be read back. It is looked for again.',
    ambiguous: true,
  });

/** Of each entity one record per round, in their order: the next one finds what the one before it has left. */
function rounds(ready: readonly ReadyItem[]): ReadyItem[][] {
  const seen = new Map<string, number>();
  const sorted: ReadyItem[][] = [];
  for (const item of ready) {
    const { lockKey } = item.prepared;
    const round = lockKey === undefined ? 0 : (seen.get(lockKey) ?? 0);
    if (lockKey !== undefined) seen.set(lockKey, round + 1);
    sorted[round] = [...(sorted[round] ?? []), item];
  }
  return sorted;
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size));
}
