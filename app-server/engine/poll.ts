/** The backstop: asks the source what changed since the watermark and notes it, so that lost webhooks cost only time. */
import { conversation } from '../../connectors/exchange.ts';
import { failureOf } from '../../connectors/failure.ts';
import { causeOf } from './cause.ts';
import { nextMoment } from './jitter.ts';
import type { Flow } from './model.ts';
import type { Notice } from './ports.ts';
import { type Engine, openRun, type Run } from './run.ts';

const noteAtOnce = 200;
const afterFailureMs = 30_000;
/** How long one worker has a poll to itself between two batches. */
export const pollLeaseMs = 120_000;

/** Notes every change and moves the watermark behind it, batch by batch: a crash only repeats notices, and those are idempotent. */
export async function pollFlow(engine: Engine, flow: Flow): Promise<{ noted: number }> {
  let run: Run | undefined;
  try {
    run = await openRun(engine, flow);
  } catch (error) {
    // One flow that cannot be opened must not stop the polls of the others.
    engine.log.error({ flow: flow.id, err: error }, 'a flow cannot be opened');
  }
  const start = flow.cursor ?? (flow.from ?? engine.clock.now()).toISOString();
  /** Everything up to here is noted. What was told after it and broke off is asked for again. */
  let cursor = start;
  let noted = 0;
  if (run === undefined) {
    await save(later(afterFailureMs));
    return { noted };
  }
  try {
    await conversation.run({ priority: 0 }, async () => {
      let notices: Notice[] = [];
      let told = start;
      for await (const change of run.source.session.changed(flow.kind, start)) {
        notices.push({
          sourceId: change.id,
          eventId: `poll:${change.version ?? change.cursor}`,
          ...(change.number !== undefined && { number: change.number }),
        });
        told = change.cursor;
        if (notices.length >= noteAtOnce) {
          await note(notices, told);
          notices = [];
        }
      }
      await note(notices, told);
    });
    const { pollEveryMs } = run.reading;
    await save(nextMoment(flow.id, pollEveryMs, { now: engine.clock.now(), leastMs: pollEveryMs / 2 }));
  } catch (error) {
    const failure = failureOf(error);
    if (failure.remedy === 'fix-connection') await engine.connections.pause(run.source.connection, causeOf(failure));
    engine.log.warn({ flow: flow.id, code: failure.code }, 'poll failed, it is repeated');
    await save(later(Math.max(failure.waitMs ?? 0, afterFailureMs)));
  }
  return { noted };

  async function note(notices: readonly Notice[], upTo: string): Promise<void> {
    if (notices.length === 0) return;
    const { opened, reopened } = await engine.ledger.notice(flow, notices, { by: 'poll', lane: 'live', at: engine.clock.now() });
    noted += opened + reopened;
    cursor = upTo;
    await engine.flows.polled(flow.id, { cursor, nextPollAt: later(pollLeaseMs), at: engine.clock.now() });
  }

  async function save(nextPollAt: Date): Promise<void> {
    await engine.flows.polled(flow.id, { cursor, nextPollAt, at: engine.clock.now() });
  }

  function later(ms: number): Date {
    return new Date(engine.clock.now().getTime() + ms);
  }
}
