/** claim → read → map → plan → apply → verify → settle, for the entries that a worker has leased. */
import type { Order } from '../../connectors/commerce.ts';
import type { Draft, Outcome, Plan } from '../../connectors/connector.ts';
import { Failure, failureOf } from '../../connectors/failure.ts';
import type { NotForThisFlow, Surroundings } from '../mapping/derive.ts';
import { type Batch, type BatchResult, type Item, openBatch } from './batch.ts';
import { holdsBack, takeBack } from './brake.ts';
import { causeOf } from './cause.ts';
import { keptFields, knownOf, targetOf, vanished, vanishedOrder, verdictOn } from './conclusion.ts';
import { digestOfPlan } from './digest-plan.ts';
import { isOpen, isThere, lookAgainAt, makes } from './doubt.ts';
import type { GateReason } from './gate.ts';
import { entityOf, hiddenMsOf, kinOf } from './kin.ts';
import type { Entry } from './model.ts';
import type { Kin } from './ports.ts';
import { factsOf, historyOf, type Prepared, type PrepareInput, prepare, takenBy } from './prepare.ts';
import { goodsOf, promisesOf } from './promises.ts';
import { type Importing, importingInto } from './quiet.ts';
import type { Engine, Run } from './run.ts';
import { surroundingsOf } from './surroundings.ts';
import { chunks, queues, rounds } from './turns.ts';
import { verify } from './verify.ts';

type ReadyItem = Item & { readonly prepared: Prepared; readonly closed?: Closed };
type PlannedItem = ReadyItem & { readonly plan: Plan; readonly kin: Kin; outcome?: Outcome };

/** The gate is closed behind a record that may be in the target already: it is looked for, and not made. */
interface Closed {
  readonly reason: GateReason | NotForThisFlow;
  /** `looked`: it is not there. */
  end(how?: { looked: boolean }): Promise<undefined>;
}

/** @param moved see {@link openBatch}. */
export async function runBatch(
  engine: Engine,
  run: Run,
  entries: readonly Entry[],
  moved: (left: number) => void = () => undefined,
): Promise<BatchResult> {
  const batch: Batch = openBatch(engine, run, { entries, moved });
  const promises = promisesOf(engine, run);
  const hiddenMs = hiddenMsOf(run);
  let importing: Importing = () => undefined;
  try {
    const ready = await readAndMap();
    importing = await importingInto(engine, run);
    await engine.ledger.assign(
      ready.map(({ entry, prepared }) => ({ entry, key: entityOf(run, prepared), demand: promises.owed(entry, prepared.demand) })),
    );
    await promises.announce(ready.flatMap(({ prepared }) => prepared.demand ?? []));
    if (run.writing.batch <= 1) await allOf(queues(ready).map(oneByOne));
    else for (const round of rounds(ready)) await allOf(chunks(round, run.writing.batch).map(carryOut));
    await promises.close();
  } finally {
    batch.close();
  }
  return batch.result;

  async function readAndMap(): Promise<ReadyItem[]> {
    const ids = batch.items.map(({ entry }) => entry.sourceId);
    const read = await batch.attempt(batch.items, 'read', async () => {
      // First what is promised, then the stock: an order that is booked in between counts twice for a moment, never not at all.
      const surroundings = await surroundingsOf(engine, run, ids);
      return { surroundings, records: await run.source.session.read(run.flow.kind, ids) };
    });
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
    if (record === undefined) {
      await promises.release([item], item.entry.demand?.of ?? []);
      return batch.end(item, { state: item.entry.target ? 'done' : 'skipped', reason: 'deleted-in-source' });
    }
    const startedAt = engine.clock.now().getTime();
    item.facts = factsOf(run.flow, record);
    const how = { writing: run.writing, sourceId: item.entry.sourceId, surroundings, ...historyOf(item.entry) };
    let prepared: ReturnType<typeof prepare>;
    try {
      prepared = prepare(run.flow, record, how);
    } catch (error) {
      item.story.stage('map', startedAt);
      return batch.fail(item, failureOf(error), run.source);
    }
    if (typeof prepared === 'string') {
      const reason = prepared;
      const closed: Closed = { reason, end: ({ looked } = { looked: false }) => leave(item, { record, how, reason, looked }) };
      const sent = isOpen(item.entry.intent) && item.entry.target === undefined ? draftBehind(record, how) : undefined;
      item.story.stage('map', startedAt, reason);
      return sent ? { ...item, prepared: sent, closed } : closed.end();
    }
    item.story.stage('map', startedAt);
    item.story.fired = prepared.fired;
    item.story.notes = prepared.notes;
    // A shop changes its stock with every order: that we brought the same figure before does not say that it still stands there.
    if (run.flow.kind !== 'stock' && prepared.digest === item.entry.settledDigest && !isOpen(item.entry.intent))
      return batch.end(item, { state: 'done', reason: 'unchanged', digest: prepared.digest });
    return { ...item, prepared };
  }

  /** What would have been looked for if the gate were open. */
  function draftBehind(record: unknown, how: PrepareInput): Prepared | undefined {
    try {
      const prepared = prepare(run.flow, record, { ...how, gated: false });
      return typeof prepared === 'string' ? undefined : prepared;
    } catch {
      return undefined;
    }
  }

  /** The gate is closed: nothing is sent, and what it stands for is promised no longer, unless it is sold and only waits for its status. */
  async function leave(
    item: Item,
    { record, how, reason, looked }: { record: unknown; how: PrepareInput; reason: Closed['reason']; looked: boolean },
  ): Promise<undefined> {
    const goods = run.flow.kind === 'order' ? goodsOf(record as Order) : 'open';
    const taken = goods === 'open' ? [] : takenBy(run.flow, record, how);
    const promised = reason === 'not-at-status' && goods === 'sold';
    if (promised) await promises.keep(item.entry, taken);
    else await promises.release([item], [...(goods === 'returned' ? taken : []), ...(item.entry.demand?.of ?? [])]);
    const state = item.entry.target ? 'done' : 'skipped';
    return batch.end(item, { state, reason, ...(promised && { promised }), ...(looked && { intent: 'closed' }) });
  }

  async function oneByOne(queue: readonly ReadyItem[]): Promise<void> {
    for (const item of queue) await carryOut([item]);
  }

  async function carryOut(group: readonly ReadyItem[]): Promise<void> {
    const free: ReadyItem[] = [];
    for (const item of group) {
      const key = entityOf(run, item.prepared);
      const now = engine.clock.now();
      const first = key === undefined ? undefined : await engine.ledger.earlier(item.entry, { key, now });
      if (first === undefined && (key === undefined || (await engine.ledger.lock(item.entry, key)))) free.push(item);
      else await batch.postpone(item, first ?? now, 'awaits-turn');
    }
    if (free.length === 0) return;
    const kin = new Map(
      await Promise.all(free.map(async (item) => [item, await kinOf(engine, run, { ...item.prepared, entry: item.entry })] as const)),
    );
    const drafts = free.map((item) => draftOf(item, kin.get(item)));
    const plans = await batch.attempt(free, 'plan', () => run.target.session.plan(run.flow.kind, drafts));
    const found = await withoutUnfound(free, plans);
    const planned = await batch.sorted(found.items, found.plans, {
      take: (item, plan): PlannedItem => {
        item.story.plan = plan;
        item.story.digest = digestOfPlan(plan);
        return { ...item, plan, kin: kin.get(item) ?? { intents: [] } };
      },
    });
    const safe = await onlyOnce(await stillOpen(await unhidden(planned)));
    if (
      await holdsBack(
        engine,
        run.flow,
        safe.map(({ plan }) => plan),
      )
    ) {
      await Promise.all(safe.map((item) => batch.postpone(item, engine.clock.now(), 'held-back')));
      return;
    }
    const written = await applyAll(safe);
    const unwritten = safe.filter(({ entry }) => !written.some((item) => item.entry === entry));
    await takeBack(
      engine,
      run.flow,
      unwritten.map(({ plan }) => plan),
    );
    await promises.release(
      written.map(({ entry, prepared }) => ({ entry, key: entityOf(run, prepared) })),
      written.flatMap(({ prepared }) => prepared.demand ?? []),
    );
    await verifyAll(written);
  }

  function draftOf({ entry, prepared }: ReadyItem, { sibling }: Partial<Kin> = {}): Draft {
    const now = importing(entry);
    return now || sibling ? { ...prepared.draft, ...(now && { importing: now }), ...(sibling && { sibling }) } : prepared.draft;
  }

  /** An order that we brought to the target and that is not found there any more was moved or removed by somebody: it is never made a second time. */
  async function onlyOnce(planned: readonly PlannedItem[]): Promise<PlannedItem[]> {
    const gone = planned.filter(({ entry, plan }) => run.flow.kind === 'order' && entry.target !== undefined && makes(plan));
    await Promise.all(gone.map((item) => batch.fail(item, vanishedOrder(item.entry, run.target.connector.title), run.target)));
    return planned.filter((item) => !gone.includes(item));
  }

  /** What an attempt without a known end may have made is not made again as long as the target may hide it; until then it is looked for. */
  async function unhidden(planned: readonly PlannedItem[]): Promise<readonly PlannedItem[]> {
    const now = engine.clock.now();
    const again = new Map<PlannedItem, Date>();
    for (const item of planned.filter(({ plan }) => makes(plan))) {
      const looks = [item.entry.intent, ...item.kin.intents].flatMap((intent) => lookAgainAt(intent, { hiddenMs, now }) ?? []);
      const [first] = looks.sort((a, b) => a.getTime() - b.getTime());
      if (first) again.set(item, first);
    }
    await Promise.all([...again].map(([item, at]) => batch.postpone(item, at, 'in-doubt')));
    return planned.filter((item) => !again.has(item));
  }

  /** Behind a closed gate: what cannot even be planned was not found, unless the refusal says that it is there. */
  async function withoutUnfound(
    items: readonly ReadyItem[],
    plans: readonly (Plan | Failure)[] | Failure,
  ): Promise<{ items: readonly ReadyItem[]; plans: readonly (Plan | Failure)[] | Failure }> {
    if (plans instanceof Failure) return { items, plans };
    const unfound = (item: ReadyItem, index: number): boolean => {
      const plan = plans[index];
      return item.closed !== undefined && plan instanceof Failure && plan.remedy === 'fix-data' && !isThere(plan);
    };
    const now = engine.clock.now();
    for (const item of items.filter(unfound)) {
      const again = lookAgainAt(item.entry.intent, { hiddenMs, now });
      await (again ? batch.postpone(item, again, 'in-doubt') : item.closed?.end({ looked: true }));
    }
    return {
      items: items.filter((item, index) => !unfound(item, index)),
      plans: plans.filter((_, index) => !items[index] || !unfound(items[index], index)),
    };
  }

  /** Behind a closed gate nothing is made. What was found there all the same is known from now on, and followed where the target follows. */
  async function stillOpen(planned: readonly PlannedItem[]): Promise<readonly PlannedItem[]> {
    const open: PlannedItem[] = [];
    for (const item of planned) {
      const { closed, plan } = item;
      if (closed === undefined || (plan.target && run.writing.follows)) open.push(item);
      else if (plan.target) {
        await promises.release([{ entry: item.entry, key: entityOf(run, item.prepared) }], item.prepared.demand ?? []);
        await batch.end(item, { state: 'done', reason: closed.reason, target: plan.target, intent: 'closed' });
      } else await closed.end({ looked: true });
    }
    return open;
  }

  async function applyAll(planned: readonly PlannedItem[]): Promise<PlannedItem[]> {
    const writing = planned.filter(({ plan }) => plan.steps.some(({ action }) => action !== 'skip'));
    const intended: PlannedItem[] = [];
    await Promise.all(
      writing.map(async (item) => {
        const intent = { digest: item.story.digest ?? '', until: new Date(engine.clock.now().getTime() + engine.leaseMs) };
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
      writing: true,
      known: ({ entry, plan }) => (isOpen(entry.intent) && plan.target ? { target: plan.target } : {}),
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
      known: (item) => knownOf(item),
    });
    await Promise.all(verified.map((item) => finish(item)));
  }

  function finish(item: PlannedItem): Promise<undefined> {
    const { verdict } = item.story;
    if (verdict && !verdict.ok) {
      const wrong = verdict.checks.find((check) => !check.ok);
      const failure = new Failure({
        remedy: 'fix-data',
        code: 'verify.mismatch',
        message: `${run.target.connector.title} shows ${wrong?.what} ${wrong?.found} where ${wrong?.expected} was sent. Compare both and correct by hand.`,
        params: { what: wrong?.what ?? '', expected: wrong?.expected ?? '', found: wrong?.found ?? '' },
      });
      return batch.end(item, { state: 'parked', cause: causeOf(failure), ...knownOf(item), intent: 'closed' });
    }
    const kept = keptFields(item.plan, run.flow.kind);
    const conclusion = verdictOn(item);
    return batch.end(item, {
      ...conclusion,
      ...knownOf(item),
      intent: 'closed',
      ...((kept.length > 0 || item.entry.kept) && { kept }),
      // What was left out may be wanted later although its source did not change: the target decides anew each time.
      ...(conclusion.state === 'done' && { digest: item.prepared.digest }),
    });
  }
}

/** Waits for all, also when one fails: nothing goes on unwatched. Then throws the first failure. */
async function allOf(work: readonly Promise<void>[]): Promise<void> {
  const ended = await Promise.allSettled(work);
  const failed = ended.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}
