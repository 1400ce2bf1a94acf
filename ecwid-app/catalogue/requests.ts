/** Carries requests out: a few one by one, many as a batch, whose parts fail by themselves. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { Failure, failureOf } from '../../connectors/failure.ts';
import { answerOf, type Call } from '../calls.ts';

/** What the catalogue needs of the connection: one call, guarded against dead tokens and throttling. */
export interface StoreApi {
  readonly storeId: string;
  /** Parsed JSON; `undefined` for 404. Throws a Failure for all else. */
  call(call: Call): Promise<unknown>;
  now(): Date;
}

/** A batch costs two calls at least: sending it and asking for its results. */
const worthABatch = 4;
/** Most requests of one batch (docs.ecwid.com, batch requests). */
const largestBatch = 500;
/** The first look comes at once; then ever longer pauses, as long as a store may take for 500 requests. */
const pauses = { firstMs: 150, factor: 1.6, longestMs: 5_000, altogetherMs: 90_000 } as const;

/** One answer or Failure per request, in their order. The requests must not depend on each other. */
export async function carryOut(api: StoreApi, calls: readonly Call[]): Promise<readonly unknown[]> {
  if (calls.length < worthABatch) return Promise.all(calls.map((call) => api.call(call).catch(failureOf)));
  const answers: unknown[] = [];
  for (let at = 0; at < calls.length; at += largestBatch) {
    const some = calls.slice(at, at + largestBatch);
    answers.push(...(await batch(api, some).catch((error: unknown) => some.map(() => failureOf(error)))));
  }
  return answers;
}

const Ticket = z.looseObject({ ticket: z.string().min(1) });
const Part = z.looseObject({
  id: z.coerce.string(),
  status: z.string().optional(),
  httpStatusCode: z.number().int().optional(),
  httpBody: z.unknown(),
  escapedHttpBody: z.string().optional(),
});
const Progress = z.looseObject({ status: z.string(), responses: z.array(Part).nullish() });

async function batch(api: StoreApi, calls: readonly Call[]): Promise<readonly unknown[]> {
  const { scope } = calls[0] ?? { scope: '' };
  const body = calls.map(({ method, path, body }, index) => ({
    id: String(index),
    method: method ?? 'GET',
    path,
    ...(body !== undefined && { body: JSON.parse(body) as unknown }),
  }));
  const query = new URLSearchParams({ stopOnFirstFailure: 'false', allowParallelMode: 'true', deduplicationKey: randomUUID() });
  const sent = await api.call({ method: 'POST', path: `/batch?${query}`, body: JSON.stringify(body), label: 'send batch', scope });
  const { ticket } = readable(Ticket, sent);
  const parts = await results(api, { ticket, scope });
  return calls.map((call, index) => {
    const part = parts.get(String(index));
    if (part?.httpStatusCode === undefined || part.status === 'NOT_EXECUTED') return unfinished(api.storeId);
    const text = part.escapedHttpBody ?? (typeof part.httpBody === 'string' ? part.httpBody : JSON.stringify(part.httpBody ?? {}));
    try {
      return answerOf(api, call, { status: part.httpStatusCode, headers: {}, body: text });
    } catch (error) {
      return failureOf(error);
    }
  });
}

async function results(api: StoreApi, { ticket, scope }: { ticket: string; scope: string }): Promise<Map<string, z.infer<typeof Part>>> {
  const path = `/batch?${new URLSearchParams({ ticket })}`;
  let waitedMs = 0;
  for (let nextMs: number = pauses.firstMs; ; nextMs = Math.min(pauses.longestMs, nextMs * pauses.factor)) {
    let answer: unknown;
    try {
      answer = await api.call({ path, label: 'ask for the batch', scope });
    } catch (error) {
      const failure = failureOf(error);
      const { remedy, code, message, params, waitMs } = failure;
      throw new Failure({ remedy, code, message, params, ...(waitMs !== undefined && { waitMs }), ambiguous: true, cause: failure });
    }
    const progress = readable(Progress, answer);
    if (progress.status === 'COMPLETED') return new Map((progress.responses ?? []).map((part) => [part.id, part]));
    if (waitedMs >= pauses.altogetherMs) throw unfinished(api.storeId);
    await pause(nextMs);
    waitedMs += nextMs;
  }
}

function readable<Data>(schema: z.ZodType<Data>, answer: unknown): Data {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new Failure({
    remedy: 'retry',
    code: 'shop.unreadable-answer',
    message: 'The store’s answer to a batch cannot be read.',
    params: { call: 'batch' },
    ambiguous: true,
    cause: parsed.error,
  });
}

const unfinished = (storeId: string): Failure =>
  new Failure({
    remedy: 'wait',
    code: 'shop.unavailable',
    message: `Store ${storeId} did not finish a batch in time. What it did is looked at before anything is repeated.`,
    ambiguous: true,
  });
