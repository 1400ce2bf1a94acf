import { expect, it } from 'vitest';
import type { Flow } from '../../app-server/engine/model.ts';
import { pollFlow } from '../../app-server/engine/poll.ts';
import type { Engine } from '../../app-server/engine/run.ts';
import type { Change, Connector, KindWriting, Session } from '../../connectors/connector.ts';
import { Failure } from '../../connectors/failure.ts';

/** A source with a feed of versions that breaks off after so many changes; the next poll goes on where the watermark stands. */
function feed(length: number, breaksAfter: number | undefined) {
  const noted = new Set<string>();
  const watermarks: string[] = [];
  let breaks = breaksAfter;
  const session = {
    async *changed(_kind: string, cursor: string | undefined): AsyncIterable<Change> {
      const first = /^\d+$/.test(cursor ?? '') ? Number(cursor) + 1 : 1;
      for (let version = first; version <= length; version += 1) {
        if (breaks !== undefined && version > breaks) {
          breaks = undefined;
          throw new Failure({ remedy: 'wait', code: 'network.broken-off', message: 'The feed broke off.' });
        }
        yield { id: `r${version}`, cursor: String(version) };
      }
    },
  } as Partial<Session> as Session;
  const connector = {
    title: 'Feed',
    reads: { order: { overlapMs: 0, pollEveryMs: 60_000, batch: 50 } },
    writes: { order: {} as KindWriting },
  } as Partial<Connector> as Connector;
  const flow = (cursor?: string) =>
    ({ id: 'f', tenant: 'shopware:s', kind: 'order', source: 'a', target: 'b', on: true, ...(cursor !== undefined && { cursor }) }) as Flow;
  const engine = {
    clock: { now: () => new Date('2026-03-01T12:00:00Z') },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    connections: { get: async (_tenant: string, id: string) => ({ id, state: 'ok' }), pause: async () => undefined },
    sessions: { open: () => ({ connector, session }) },
    flows: {
      polled: async (_id: string, { cursor }: { cursor: string }) => {
        watermarks.push(cursor);
      },
    },
    ledger: {
      notice: async (_flow: Flow, notices: readonly { sourceId: string }[]) => {
        for (const { sourceId } of notices) noted.add(sourceId);
        return { opened: notices.length, reopened: 0 };
      },
    },
  } as unknown as Engine;
  return { poll: () => pollFlow(engine, flow(watermarks.at(-1))), noted, watermarks };
}

it.each([1, 150, 199, 200, 201, 350, 399, 401])('loses nothing of a feed that breaks off after %i changes', async (breaksAfter) => {
  const { poll, noted, watermarks } = feed(450, breaksAfter);
  await poll();
  // What was told but not noted is not behind the watermark.
  expect(Number(watermarks.at(-1)) || 0).toBeLessThanOrEqual(noted.size);
  await poll();
  expect(noted.size).toBe(450);
  expect(watermarks.at(-1)).toBe('450');
});
