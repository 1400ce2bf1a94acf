/** Drains flows: claims what is due, runs it, and goes on until nothing is. Any number of workers may do so at once. */
import type { Failure } from '../../connectors/failure.ts';
import { failureOf } from '../../connectors/failure.ts';
import { holdMs, strikesBeforeHold } from './backoff.ts';
import type { BatchResult } from './batch.ts';
import { causeOf } from './cause.ts';
import type { Entry, Flow } from './model.ts';
import { runBatch } from './pipeline.ts';
import { type Engine, openRun, type Run } from './run.ts';

const lanes = ['live', 'bulk'] as const;
type Lane = Entry['lane'];

/** Fewer leave the target idle at the end of each batch, and each claim costs the same. */
const claimAtOnce = 100;
/** A batch of which nothing ends for this long lies still: a call hangs. The others do not wait for it. */
const patienceMs = 1_000;
/** More batches of one lane than this do not lie still side by side. */
const mostStill = 4;
/** What is due sooner than this is waited for here; the rest is left to the recurring wake-up. */
const waitHereMs = 10_000;
/** What is due within this time is waited for before the worker counts as idle. */
const soonMs = 100;

export interface Worker {
  /** Something may be due. Cheap and safe to call at any time: a burst is one drain. */
  wake(): void;
  /** Resolves when nothing is being worked on and nothing is about to be. */
  idle(): Promise<void>;
  /** Claims nothing more, lets what is under way end. */
  stop(): Promise<void>;
}

/** Records that were claimed together and are being worked on. */
interface Batch {
  /** Flow and lane. */
  readonly key: string;
  /** It is not waited for any more. */
  still: boolean;
  /** At most half of them are left: whoever fetches the next ones by then keeps the target busy. */
  readonly half: Promise<void>;
  /** Nothing is left, or nothing that is to be waited for. False: it broke off, as the next one would. */
  readonly over: Promise<boolean>;
  /** Nothing is left. */
  readonly ended: Promise<void>;
}

export function createWorker(engine: Engine): Worker {
  const running = new Map<string, { again: boolean; done: Promise<void> }>();
  const strikes = new Map<string, number>();
  /** All that is under way. */
  const batches = new Set<Batch>();
  let looking: Promise<void> | undefined;
  let lookAgain = false;
  let stopping = false;
  /** Until then records come back that only waited for another one of their customer. */
  let turnsUntil = 0;
  let timer: { readonly at: number; readonly handle: NodeJS.Timeout } | undefined;
  /** Moments at which something is due, behind the timer's own: each is kept, or its record would lie until the recurring wake-up. */
  const later = new Set<number>();

  function wake(): void {
    if (stopping) return;
    if (looking) {
      lookAgain = true;
      return;
    }
    looking = look().finally(() => {
      looking = undefined;
      if (lookAgain) {
        lookAgain = false;
        wake();
      }
    });
  }

  async function look(): Promise<void> {
    try {
      for (const flow of await engine.ledger.due(engine.clock.now())) for (const lane of lanes) start(flow, lane);
    } catch (error) {
      engine.log.error({ err: error }, 'cannot look for due records');
    }
  }

  function start(flow: string, lane: Lane): void {
    const key = `${flow}/${lane}`;
    const current = running.get(key);
    if (current) {
      current.again = true;
      return;
    }
    const state = { again: false, done: Promise.resolve() };
    running.set(key, state);
    state.done = drain(flow, lane)
      .catch((error: unknown) => engine.log.error({ flow, err: error }, 'drain failed'))
      .finally(() => {
        running.delete(key);
        if (state.again && !stopping) start(flow, lane);
      });
  }

  async function drain(flowId: string, lane: Lane): Promise<void> {
    /** The batch before, as far as it is still being worked on. */
    let before: Batch | undefined;
    try {
      while (!stopping) {
        const flow = await engine.flows.get(flowId);
        const now = engine.clock.now();
        if (flow === undefined || !flow.on) return;
        // Without an end it waits for somebody's word.
        if (flow.hold && flow.hold.until === undefined) return;
        if (flow.hold?.until && flow.hold.until > now) return wakeAt(flow.hold.until);
        const run = await openRun(engine, flow);
        if (run === undefined) return;
        const limit = troubled(flowId) ? 1 : Math.max(claimAtOnce, run.writing.batch);
        const entries = await engine.ledger.claim(flow, { worker: engine.worker, lane, limit, leaseMs: engine.leaseMs, now });
        if (entries.length === 0 && before === undefined) return;
        const previous = before;
        before = entries.length > 0 ? carryOut(run, entries, `${flowId}/${lane}`) : undefined;
        // What goes there one by one would leave the target idle at the end of each batch. In bad weather each batch is waited for.
        const early = run.writing.batch <= 1 && !strikes.has(flowId);
        const going = await Promise.all([previous?.over, early ? before?.half : before?.over]);
        if (going.includes(false)) return;
        if (!early) before = undefined;
      }
    } finally {
      await before?.over;
    }
  }

  const troubled = (flow: string): boolean => (strikes.get(flow) ?? 0) >= strikesBeforeHold;

  /** Starts a batch. One that lies still is over as well, where its records go out one by one: it goes on beside the others, and is ended by itself. */
  function carryOut(run: Run, entries: readonly Entry[], key: string): Batch {
    let patience: NodeJS.Timeout | undefined;
    let halfDone: () => void = () => undefined;
    let over: (going: boolean) => void = () => undefined;
    const mayLieStill = (): boolean =>
      run.writing.batch <= 1 &&
      !troubled(run.flow.id) &&
      [...batches].filter((other) => other.still && other.key === key).length < mostStill;
    // Until something was read there is nothing that others could go on with: records of one customer keep their order.
    const moved = (left: number): void => {
      clearTimeout(patience);
      if (left * 2 <= entries.length) halfDone();
      if (left === 0 || batch.still) return;
      patience = setTimeout(() => {
        if (!mayLieStill()) return moved(left);
        batch.still = true;
        over(true);
      }, patienceMs);
    };
    const work = runBatch(engine, run, entries, moved).then((result) => concluded(batch, run.flow, result));
    const batch: Batch = {
      key,
      still: false,
      half: new Promise((resolve) => {
        halfDone = resolve;
      }),
      over: new Promise((resolve) => {
        over = (going) => {
          halfDone();
          resolve(going);
        };
      }),
      ended: work
        .then(() => over(true))
        .catch((error: unknown) => {
          engine.log.error({ flow: run.flow.id, err: error }, 'a batch broke off');
          over(false);
        })
        .finally(() => {
          // Where it broke off, something of it may still move.
          batch.still = true;
          clearTimeout(patience);
          batches.delete(batch);
        }),
    };
    batches.add(batch);
    return batch;
  }

  async function concluded(batch: Batch, flow: Flow, result: BatchResult): Promise<void> {
    await weather(flow, result, batch.still);
    for (const at of result.dueAt) wakeAt(at);
    turnsUntil = Math.max(turnsUntil, ...result.turns.map((at) => at.getTime()));
  }

  /**
   * Success ends a hold and hurries those who wait for the weather; silence three times in a row begins or prolongs one. A batch that lay still
   * tells of the weather some time ago, one that only looked for something that the other side answers.
   */
  async function weather(flow: Flow, result: BatchResult, late: boolean): Promise<void> {
    if (result.succeeded > 0) {
      if (late) return;
      const poor = strikes.has(flow.id) || flow.hold !== undefined;
      strikes.delete(flow.id);
      if (flow.hold) await engine.flows.unhold(flow.id);
      if (poor) await engine.ledger.hasten(flow, engine.clock.now());
      return;
    }
    if (result.away) return hold(flow, result.away);
    if (result.looked > 0 && troubled(flow.id)) strikes.set(flow.id, strikesBeforeHold - 1);
  }

  async function hold(flow: Flow, failure: Failure): Promise<void> {
    const count = Math.max(strikes.get(flow.id) ?? 0, flow.hold?.strikes ?? 0) + 1;
    strikes.set(flow.id, count);
    if (count < strikesBeforeHold && failure.waitMs === undefined) return;
    const until = new Date(engine.clock.now().getTime() + Math.max(failure.waitMs ?? 0, holdMs(count)));
    await engine.flows.hold(flow.id, { until, cause: causeOf(failureOf(failure)), strikes: count });
    wakeAt(until);
  }

  function wakeAt(time: Date): void {
    const at = time.getTime();
    const inMs = at - engine.clock.now().getTime();
    if (inMs > waitHereMs || stopping || timer?.at === at) return;
    if (timer && timer.at < at) {
      later.add(at);
      return;
    }
    if (timer) {
      clearTimeout(timer.handle);
      later.add(timer.at);
    }
    timer = { at, handle: setTimeout(ring, Math.max(1, inMs)) };
  }

  function ring(): void {
    timer = undefined;
    const now = engine.clock.now().getTime();
    for (const at of later) if (at <= now) later.delete(at);
    const next = Math.min(...later);
    if (later.delete(next)) wakeAt(new Date(next));
    wake();
  }

  const soon = (): boolean => {
    const now = engine.clock.now().getTime();
    return timer !== undefined && (timer.at - now < soonMs || now < turnsUntil);
  };

  async function idle(): Promise<void> {
    while (looking || running.size > 0 || batches.size > 0 || soon()) {
      await Promise.all([looking, ...[...running.values()].map(({ done }) => done), ...[...batches].map(({ ended }) => ended)]);
      if (!looking && running.size === 0 && batches.size === 0 && timer && soon())
        await new Promise((resolve) => setTimeout(resolve, soonMs));
    }
  }

  return {
    wake,
    idle,
    async stop() {
      stopping = true;
      if (timer) clearTimeout(timer.handle);
      timer = undefined;
      later.clear();
      await idle();
    },
  };
}
