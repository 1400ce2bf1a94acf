/** Batch requests: taken at once, carried out one after another, answered by an archive. */
import { type Account, type Json, stamp } from './account.ts';
import type { Archive } from './archive.ts';
import * as bodies from './bodies.ts';
import { page } from './paging.ts';
import { invalid, notFound, tooMany } from './problem.ts';
import { type Answer, type Call, empty, ok, type Route } from './route.ts';
import type { BatchMode } from './surface.ts';
import { tarGz } from './tar.ts';

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly params?: Json;
  readonly headers?: Json;
  readonly body?: string;
  readonly operation_id?: string;
}

interface Batch {
  readonly id: string;
  readonly operations: readonly Operation[];
  readonly submitted: string;
  status: 'pending' | 'started' | 'finished';
  done: number;
  errored: number;
  completed: string;
  looks: number;
  stopped: boolean;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const maxOperations = 1000;
const maxOpen = 500;
/** How many results one file of the archive has. */
const perFile = 250;
/** How many operations are carried out before others get their turn. */
const perTurn = 50;

export function createBatches(account: Account, mode: BatchMode, archive: Archive) {
  const batches = new Map<string, Batch>();
  const queue: Batch[] = [];
  const waiting: (() => void)[] = [];
  let carryOut: (asked: Asked) => Promise<Answer> = () => Promise.reject(new Error('no router yet'));
  let running = false;
  let paused = false;
  let stopped = false;

  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  const fileOf = (batch: Batch) => `${batch.id}-response.tar.gz`;

  async function run(batch: Batch): Promise<void> {
    batch.status = 'started';
    const results: Json[] = [];
    for (const operation of mode.shuffled ? account.random.shuffle(batch.operations) : batch.operations) {
      if (batch.stopped || stopped) return;
      const query = new URLSearchParams();
      for (const [name, value] of Object.entries(operation.params ?? {})) query.append(name, String(value));
      const [path = '', inPath = ''] = operation.path.split('?');
      for (const [name, value] of new URLSearchParams(inPath)) query.append(name, value);
      const headers = Object.fromEntries(
        Object.entries(operation.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
      );
      const asked = { method: operation.method, path, query, headers, body: operation.body ?? '' };
      const answer = await carryOut(asked).catch((error: unknown): Answer => ({ status: 500, body: { detail: String(error) } }));
      batch.done += 1;
      if (answer.status >= 400) batch.errored += 1;
      results.push({
        status_code: answer.status,
        operation_id: operation.operation_id ?? null,
        response: answer.body === undefined ? '' : JSON.stringify(answer.body),
      });
      if (batch.done % perTurn === 0) await turn();
    }
    const files = [];
    for (let at = 0; at < results.length; at += perFile)
      files.push({ name: `${account.random.hex(12)}.json`, text: JSON.stringify(results.slice(at, at + perFile)) });
    archive.put(fileOf(batch), tarGz(files));
    batch.completed = stamp(account.now());
    batch.status = 'finished';
  }

  /** One batch at a time for the whole account. */
  async function drain(): Promise<void> {
    if (running) return;
    running = true;
    await turn();
    while (!paused && !stopped) {
      const batch = queue.shift();
      if (batch === undefined) break;
      if (!batch.stopped) await run(batch);
    }
    running = false;
    if (queue.length === 0 || stopped) for (const resolve of waiting.splice(0)) resolve();
    else if (!paused) void drain();
  }

  function show(batch: Batch, looking: boolean): Json {
    const early = batch.status === 'finished' && batch.looks > 0;
    if (looking && early) batch.looks -= 1;
    const finished = batch.status === 'finished' && !early;
    return {
      id: batch.id,
      status: early ? 'started' : batch.status,
      total_operations: batch.operations.length,
      finished_operations: batch.done,
      errored_operations: batch.errored,
      submitted_at: batch.submitted,
      completed_at: finished ? batch.completed : '',
      response_body_url: finished ? archive.signed(fileOf(batch)) : '',
      _links: [],
    };
  }

  const batchIn = (call: Call): Batch => {
    const batch = batches.get(call.at.batch ?? '');
    if (batch === undefined) throw notFound();
    return batch;
  };

  const routes: readonly Route[] = [
    {
      method: 'GET',
      path: '/batches',
      answer: ({ query }) => ok(page(query, 'batches', batches, { show: (batch: Batch) => show(batch, false) })),
    },
    {
      method: 'POST',
      path: '/batches',
      body: bodies.batchPost,
      answer({ body }) {
        const operations = body.operations as Operation[];
        if (operations.length === 0) throw invalid({ field: 'operations', message: 'This collection should contain 1 element or more.' });
        if (operations.length > maxOperations)
          throw invalid({ field: 'operations', message: `This collection should contain ${maxOperations} elements or less.` });
        if ([...batches.values()].filter((batch) => batch.status !== 'finished').length >= maxOpen)
          throw tooMany(`You have more than ${maxOpen} pending batches. Please wait for some of them to finish.`);
        const batch: Batch = {
          id: account.random.hex(10),
          operations,
          submitted: stamp(account.now()),
          status: 'pending',
          done: 0,
          errored: 0,
          completed: '',
          looks: mode.looks,
          stopped: false,
        };
        batches.set(batch.id, batch);
        queue.push(batch);
        void drain();
        return ok(show(batch, false));
      },
    },
    { method: 'GET', path: '/batches/:batch', answer: (call) => ok(show(batchIn(call), true)) },
    {
      method: 'DELETE',
      path: '/batches/:batch',
      answer(call) {
        const batch = batchIn(call);
        batch.stopped = true;
        batches.delete(batch.id);
        archive.remove(fileOf(batch));
        return empty;
      },
    },
  ];

  return {
    routes,
    /** Who carries out the operations. */
    through: (router: (asked: Asked) => Promise<Answer>) => {
      carryOut = router;
    },
    pause: () => {
      paused = true;
      return () => {
        paused = false;
        void drain();
      };
    },
    idle: () => (running || queue.length > 0 ? new Promise<void>((resolve) => waiting.push(resolve)) : Promise.resolve()),
    stop: () => {
      stopped = true;
    },
  };
}
