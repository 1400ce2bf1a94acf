/** The records that a worker has in its hands together: their timelines, their common lease, and how each of them ends. */
import { type Conversation, conversation } from '../../connectors/exchange.ts';
import { Failure, failureOf } from '../../connectors/failure.ts';
import type { Stage } from './attempt.ts';
import { causeOf } from './cause.ts';
import { keepLease } from './lease.ts';
import type { Entry } from './model.ts';
import type { Settlement } from './ports.ts';
import type { RecordFacts } from './prepare.ts';
import type { End, Engine, Run } from './run.ts';
import { settlementOf } from './settlement.ts';
import { type Story, startStory } from './story.ts';

/** Another record of the same customer is being written: look again after this time, and later the longer it has lasted. */
const lockedMs = { least: 40, most: 1_000 } as const;

/** What the timelines of a batch keep of one request and of its answer, together. */
const sharedBodyCharacters = 64 * 1024;

export interface BatchResult {
  /** Records that reached the target's side without the connection failing. */
  readonly succeeded: number;
  /** Records for which the target was looked at and nothing more. */
  readonly looked: number;
  /** The failure that says that the other side is away, if one did. */
  readonly away: Failure | undefined;
  /** When something of this batch is due again: every one of these moments, since what is due later is not claimed with what is due first. */
  readonly dueAt: readonly Date[];
  /** Those among them at which a record comes back that only waited for another one of its customer. */
  readonly turns: readonly Date[];
}

export interface Item {
  readonly entry: Entry;
  readonly story: Story;
  facts: RecordFacts;
}

type Settled = Pick<Settlement, 'state' | 'reason' | 'cause' | 'digest' | 'intent' | 'target' | 'written' | 'kept' | 'promised'>;
/** What is in the target, whatever went wrong afterwards. */
type Known = Pick<Settlement, 'target' | 'written'>;

/** Another record of its entity comes first; what it may have made is looked for; the merchant has to look at the run. */
type Postponed = 'awaits-turn' | 'in-doubt' | 'held-back';

export interface Batch {
  readonly items: readonly Item[];
  readonly result: BatchResult;
  /** Runs one stage for several records: their timelines share the exchanges and the time. A thrown thing becomes a Failure. */
  attempt<T>(group: readonly Item[], stage: Stage, work: () => Promise<T>): Promise<T | Failure>;
  /** Lets the good answers through and ends the records of the others. `writing`: the answers are to writes. `known`: what is certain all the same. */
  sorted<I extends Item, T, R>(
    group: readonly I[],
    answers: readonly (T | Failure)[] | Failure,
    how: { take: (item: I, answer: T) => R; writing?: true; known?: (item: I) => Known },
  ): Promise<R[]>;
  /** Ends the attempt as its failure says; `side` is the connection that a dead credential pauses. */
  fail(item: Item, failure: Failure, side: End): Promise<undefined>;
  /** Gives the record back without counting the attempt. */
  postpone(item: Item, until: Date, reason: Postponed): Promise<undefined>;
  end(item: Item, settled: Settled): Promise<undefined>;
  /** The lease is no longer renewed. */
  close(): void;
}

/** @param moved is told how many records are still being worked on, each time that one of them has ended or a stage of some. */
export function openBatch(
  engine: Engine,
  run: Run,
  { entries, moved }: { entries: readonly Entry[]; moved: (left: number) => void },
): Batch {
  const result = { succeeded: 0, looked: 0, away: undefined as Failure | undefined, dueAt: [] as Date[], turns: [] as Date[] };
  const lease = keepLease(engine, entries);
  const items = entries.map((entry) => ({
    entry,
    story: startStory(entry, engine.clock),
    facts: { ...(entry.number !== undefined && { number: entry.number }), ...(entry.money && { money: entry.money }) },
  }));
  let settled = 0;
  return {
    items,
    result,
    attempt,
    sorted,
    fail,
    postpone,
    end,
    close: () => lease.end(),
  };

  async function attempt<T>(group: readonly Item[], stage: Stage, work: () => Promise<T>): Promise<T | Failure> {
    const startedAt = engine.clock.now().getTime();
    const talk: Conversation = {
      record: (exchange) => {
        const kept = shared(exchange, group.length);
        for (const { story } of group) story.exchanges.push(kept);
      },
      priority: group.some(({ entry }) => entry.lane === 'live') ? 1 : 0,
      permit: lease.check,
    };
    try {
      return await conversation.run(talk, work);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code === 'unexpected') engine.log.error({ flow: run.flow.id, stage, err: error }, 'a stage failed unexpectedly');
      return failure;
    } finally {
      for (const { story } of group) story.stage(stage, startedAt);
      moved(items.length - settled);
      // Sockets and answers that are kept for later keep the conversation in which they came: without this, many batches of stories with it.
      delete talk.record;
    }
  }

  async function sorted<I extends Item, T, R>(
    group: readonly I[],
    answers: readonly (T | Failure)[] | Failure,
    { take, writing = false, known = () => ({}) }: { take: (item: I, answer: T) => R; writing?: boolean; known?: (item: I) => Known },
  ): Promise<R[]> {
    const taken: R[] = [];
    const failing: Promise<undefined>[] = [];
    group.forEach((item, index) => {
      const answer = answers instanceof Failure ? answers : answers[index];
      const failure = answer === undefined ? unanswered() : answer;
      if (failure instanceof Failure) failing.push(conclude(item, { failure, side: run.target, writing, known: known(item) }));
      else taken.push(take(item, failure));
    });
    await Promise.all(failing);
    return taken;
  }

  function fail(item: Item, failure: Failure, side: End): Promise<undefined> {
    return conclude(item, { failure, side, writing: false, known: {} });
  }

  async function conclude(
    item: Item,
    { failure, side, writing, known }: { failure: Failure; side: End; writing: boolean; known: Known },
  ): Promise<undefined> {
    if (failure.remedy === 'fix-connection') await engine.connections.pause(side.connection, causeOf(failure));
    if (failure.remedy === 'wait') result.away = failure;
    const now = engine.clock.now();
    return settle(item, { ...settlementOf(item.entry, failure, { now, settingsVersion: run.flow.settingsVersion, writing }), ...known });
  }

  function postpone(item: Item, until: Date, reason: Postponed): Promise<undefined> {
    const { entry } = item;
    const now = engine.clock.now();
    const waitedMs = now.getTime() - entry.noticedAt.getTime();
    const pauseMs = Math.min(lockedMs.most, Math.max(lockedMs.least, waitedMs / 4));
    const dueAt = new Date(Math.max(now.getTime(), until.getTime()) + pauseMs);
    // Behind a record that waits for the weather its turn is far off.
    if (reason === 'in-doubt') result.looked += 1;
    if (reason === 'awaits-turn' && dueAt.getTime() - now.getTime() <= 2 * lockedMs.most) result.turns.push(dueAt);
    return settle(item, {
      state: 'waiting',
      at: now,
      dueAt,
      reason,
      ...(reason === 'in-doubt' && entry.cause && { cause: entry.cause }),
      strikes: entry.strikes,
      revision: entry.revision,
      settingsVersion: run.flow.settingsVersion,
      counted: false,
    });
  }

  function end(item: Item, settled: Settled): Promise<undefined> {
    result.succeeded += 1;
    const settlement = {
      at: engine.clock.now(),
      strikes: 0,
      revision: item.entry.revision,
      settingsVersion: run.flow.settingsVersion,
      counted: true,
    };
    return settle(item, { ...settled, ...settlement });
  }

  async function settle(item: Item, settlement: Settlement): Promise<undefined> {
    if (settlement.dueAt) result.dueAt.push(settlement.dueAt);
    const { state, reason, cause } = settlement;
    const told = item.story.tell(
      { outcome: state, ...(reason !== undefined && { reason }), ...(cause && { cause }) },
      { worker: engine.worker, settingsVersion: run.flow.settingsVersion },
    );
    await Promise.all([
      engine.ledger.settle(item.entry, { ...item.facts, ...settlement }),
      settlement.counted ? engine.journal.write(item.entry, told) : undefined,
    ]);
    settled += 1;
    moved(items.length - settled);
    return undefined;
  }
}

/** What was said about many records is kept once for each of them: each timeline shows its share, or a batch would store megabytes. */
function shared(exchange: Story['exchanges'][number], among: number): Story['exchanges'][number] {
  if (among === 1) return exchange;
  const share = (body: string): string => body.slice(0, Math.ceil(sharedBodyCharacters / among));
  const { requestBody, responseBody } = exchange;
  return {
    ...exchange,
    ...(requestBody !== undefined && { requestBody: share(requestBody) }),
    ...(responseBody !== undefined && { responseBody: share(responseBody) }),
  };
}

const unanswered = (): Failure =>
  new Failure({ remedy: 'retry', code: 'unexpected', message: 'The connector gave fewer answers than it was asked for.', ambiguous: true });
