/** Many requests as one batch: submitted, waited for, and read from an archive behind a signed address (Marketing API 3.0, batch operations). */
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { Failure, failureOf } from '../failure.ts';
import type { Account } from './account.ts';
import type { Call } from './client.ts';
import { type Answer, recordFailure, succeeded, unreadable } from './refusals.ts';
import { entriesOf } from './tar.ts';

/** Most requests of one batch that every version of the documents agrees on. */
export const largestBatch = 500;
/** One batch runs at a time for the whole account, so it may wait for others before it begins. */
const pauses = { firstMs: 200, factor: 1.6, longestMs: 10_000, altogetherMs: 30 * 60_000 } as const;
const archive = { maxBytes: 128 * 1024 * 1024, tries: 4, redirects: 3, timeoutMs: 120_000 } as const;

export type Operation = Pick<Call, 'method' | 'path' | 'query' | 'body'>;

const Status = z.looseObject({
  id: z.string().min(1),
  status: z.string(),
  response_body_url: z.string().default(''),
});
type Status = z.infer<typeof Status>;

const Result = z.looseObject({ status_code: z.number().int(), operation_id: z.coerce.string(), response: z.string().nullish() });

/** One answer or Failure per operation, in their order. Nothing is promised about the order in which they are carried out. */
export async function runBatch(account: Account, operations: readonly Operation[]): Promise<readonly (Answer | Failure)[]> {
  const answers: (Answer | Failure)[] = [];
  for (let at = 0; at < operations.length; at += largestBatch) {
    const some = operations.slice(at, at + largestBatch);
    answers.push(...(await carryOut(account, some).catch((error: unknown) => some.map(() => failureOf(error)))));
  }
  return answers;
}

async function carryOut(account: Account, operations: readonly Operation[]): Promise<(Answer | Failure)[]> {
  const body = operations.map(({ method, path, query, body }, index) => ({
    method,
    path,
    ...(query !== undefined && { params: query }),
    ...(body !== undefined && body !== '' && { body }),
    operation_id: String(index),
  }));
  const sent = await account.client.ask({
    method: 'POST',
    path: '/batches',
    body: JSON.stringify({ operations: body }),
    label: 'submit batch',
  });
  if (!succeeded(sent)) throw recordFailure(sent, { record: `${operations.length} records`, subject: 'batch' });
  const finished = await finishedBatch(account, statusOf(sent));
  const results = await resultsOf(account, finished);
  return operations.map((_, index) => results.get(String(index)) ?? unanswered());
}

function statusOf(answer: Answer): Status {
  const parsed = Status.safeParse(answer.body);
  if (parsed.success) return parsed.data;
  throw unanswered(parsed.error);
}

/** Reading costs nothing twice: an outage while a batch runs only makes the wait longer. */
async function look(account: Account, id: string): Promise<Status | undefined> {
  try {
    const answer = await account.client.ask({ method: 'GET', path: `/batches/${encodeURIComponent(id)}`, label: 'read batch' });
    if (succeeded(answer)) return statusOf(answer);
  } catch (error) {
    const failure = failureOf(error);
    if (failure.remedy === 'fix-connection') throw failure;
    return undefined;
  }
  // Stopped by somebody: what was carried out is not told any more.
  throw unanswered();
}

async function finishedBatch(account: Account, submitted: Status): Promise<Status> {
  let waitedMs = 0;
  let current: Status | undefined = submitted;
  for (let nextMs: number = pauses.firstMs; ; nextMs = Math.min(pauses.longestMs, nextMs * pauses.factor)) {
    if (current?.status === 'finished') return current;
    if (waitedMs >= pauses.altogetherMs) throw unfinished();
    await pause(nextMs);
    waitedMs += nextMs;
    current = await look(account, submitted.id);
  }
}

async function resultsOf(account: Account, finished: Status): Promise<Map<string, Answer | Failure>> {
  let { response_body_url: address } = finished;
  for (let left = archive.tries; ; left -= 1) {
    const bytes = address === '' ? undefined : await download(account, address);
    if (bytes !== undefined) return readResults(account, bytes);
    if (left <= 1) throw unanswered();
    await pause(pauses.firstMs * (archive.tries - left + 1));
    // Signed addresses expire; the batch has a fresh one.
    address = (await look(account, finished.id))?.response_body_url ?? '';
  }
}

async function download(account: Account, url: string): Promise<Buffer | undefined> {
  try {
    const { status, bytes } = await account.client.send({
      method: 'GET',
      url,
      binary: true,
      redirects: archive.redirects,
      maxBytes: archive.maxBytes,
      timeoutMs: archive.timeoutMs,
      label: 'read results',
    });
    return status === 200 ? bytes : undefined;
  } catch (error) {
    const failure = failureOf(error);
    if (failure.remedy === 'fix-connection' || failure.remedy === 'fix-data') throw unanswered(failure);
    return undefined;
  }
}

/** Of an archive that is damaged halfway, what could be read counts. */
async function readResults(account: Account, bytes: Buffer): Promise<Map<string, Answer | Failure>> {
  const results = new Map<string, Answer | Failure>();
  try {
    for await (const { name, data } of entriesOf(bytes)) {
      if (!name.endsWith('.json')) continue;
      const parsed = z.array(Result).safeParse(json(data.toString('utf8')));
      if (!parsed.success) throw unreadable('read results', parsed.error);
      for (const { status_code: status, operation_id: id, response } of parsed.data) {
        results.set(id, judged(account, { status, body: json(response ?? '') }));
      }
    }
  } catch (error) {
    if (results.size === 0) throw error;
  }
  return results;
}

function judged(account: Account, answer: Answer): Answer | Failure {
  try {
    return account.client.judged(answer);
  } catch (error) {
    return failureOf(error);
  }
}

function json(text: string): unknown {
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

const unanswered = (cause?: unknown): Failure =>
  new Failure({
    remedy: 'retry',
    code: 'mailchimp.results-unreadable',
    message: 'The results of a batch cannot be read. What it did is looked at before anything is repeated.',
    ambiguous: true,
    ...(cause !== undefined && { cause }),
  });

const unfinished = (): Failure =>
  new Failure({
    remedy: 'wait',
    code: 'mailchimp.batch-unfinished',
    message: 'Mailchimp did not finish a batch in time. What it did is looked at before anything is repeated.',
    ambiguous: true,
  });
