/** An HTTP server that can be told to misbehave: the ground of every simulator. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SimRequest {
  readonly method: string;
  /** Path without the query, as sent. */
  readonly path: string;
  readonly rawQuery: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface SimResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export type FaultKind =
  /** Answers with `status` (500 unless told) and a JSON error body. */
  | 'status'
  /** Answers with `status` (502 unless told) and an HTML page, as a proxy in front of a shop does. */
  | 'html'
  /** 429 with Retry-After. */
  | 'throttle'
  /** The connection is cut before anything is done. */
  | 'drop'
  /** The work IS done, then the connection is cut: the answer is lost. */
  | 'lose-answer'
  /** Takes the request and never answers. */
  | 'hang'
  /** Answers properly after `delayMs`. */
  | 'slow'
  /** Sends the client to `location`. */
  | 'redirect';

export interface Fault {
  readonly kind: FaultKind;
  /** A part of the path, or a pattern over it. Without it the fault strikes everywhere. */
  readonly path?: string | RegExp;
  readonly method?: string;
  /** How often it strikes; without it until it is removed. */
  readonly times?: number;
  /** Lets this many matching requests pass first. */
  readonly after?: number;
  readonly status?: number;
  readonly body?: string;
  readonly retryAfterSeconds?: number;
  readonly delayMs?: number;
  readonly location?: string;
}

export interface Faults {
  /** Returns a function that removes the fault again. */
  add(fault: Fault): () => void;
  /** Requests go wrong by chance; `random` gives numbers from 0 up to 1. Ends with `clear`. */
  rate(probability: number, kinds: readonly FaultKind[], random: () => number): void;
  clear(): void;
  /** Is told of every request once it is done and before its answer leaves. Returns the end of it. */
  watch(listener: (request: SimRequest) => void): () => void;
}

export interface FaultyServer {
  /** Without a trailing slash. */
  readonly url: string;
  readonly faults: Faults;
  /** Closes the port and every open connection. */
  stop(): Promise<void>;
}

interface Armed {
  readonly fault: Fault;
  passes: number;
  left: number;
}

function strikes({ fault }: Armed, request: SimRequest): boolean {
  if (fault.method !== undefined && fault.method.toUpperCase() !== request.method) return false;
  if (fault.path === undefined) return true;
  return typeof fault.path === 'string' ? request.path.includes(fault.path) : fault.path.test(request.path);
}

function faultyAnswer(fault: Fault): SimResponse | undefined {
  switch (fault.kind) {
    case 'status': {
      const status = fault.status ?? 500;
      const body =
        fault.body ??
        JSON.stringify({ errors: [{ status: String(status), code: '0', title: 'Fault on demand', detail: 'Fault on demand' }] });
      return { status, headers: { 'content-type': 'application/json' }, body };
    }
    case 'html':
      return {
        status: fault.status ?? 502,
        headers: { 'content-type': 'text/html' },
        body:
          fault.body ?? '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>',
      };
    case 'throttle':
      return {
        status: 429,
        headers: { 'content-type': 'application/json', 'retry-after': String(fault.retryAfterSeconds ?? 1) },
        body: fault.body ?? JSON.stringify({ errors: [{ status: '429', code: '0', title: 'Too Many Requests' }] }),
      };
    case 'redirect':
      return { status: fault.status ?? 301, headers: { location: fault.location ?? 'http://127.0.0.1:1/' } };
    default:
      return undefined;
  }
}

async function read(incoming: IncomingMessage): Promise<SimRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk as Uint8Array));
  const target = incoming.url ?? '/';
  const mark = target.indexOf('?');
  return {
    method: (incoming.method ?? 'GET').toUpperCase(),
    path: mark < 0 ? target : target.slice(0, mark),
    rawQuery: mark < 0 ? '' : target.slice(mark + 1),
    headers: incoming.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function send(outgoing: ServerResponse, response: SimResponse): void {
  outgoing.writeHead(response.status, response.headers ?? {});
  outgoing.end(response.body ?? '');
}

/** Starts on 127.0.0.1; port 0 (the default) takes a free one. A handler that throws answers 500 with the message. */
export async function startFaultyServer(handle: (request: SimRequest) => Promise<SimResponse>, port = 0): Promise<FaultyServer> {
  const armed: Armed[] = [];
  const listeners = new Set<(request: SimRequest) => void>();
  let chance: { probability: number; kinds: readonly FaultKind[]; random: () => number } | undefined;
  const timers = new Set<NodeJS.Timeout>();

  const strike = (request: SimRequest): Fault | undefined => {
    for (const one of armed) {
      if (one.left <= 0 || !strikes(one, request)) continue;
      if (one.passes > 0) {
        one.passes--;
        continue;
      }
      one.left--;
      return one.fault;
    }
    if (chance === undefined || chance.random() >= chance.probability) return undefined;
    const kind = chance.kinds[Math.floor(chance.random() * chance.kinds.length)];
    return kind && { kind };
  };

  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const request = await read(incoming);
    const fault = strike(request);
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'drop') {
      incoming.socket.destroy();
      return;
    }
    const planned = fault && faultyAnswer(fault);
    if (planned) {
      send(outgoing, planned);
      return;
    }
    const response = await handle(request);
    for (const listener of listeners) listener(request);
    if (fault?.kind === 'lose-answer') {
      incoming.socket.destroy();
      return;
    }
    if (fault?.kind === 'slow') {
      const timer = setTimeout(() => {
        timers.delete(timer);
        send(outgoing, response);
      }, fault.delayMs ?? 1000);
      timers.add(timer);
      return;
    }
    send(outgoing, response);
  };

  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch((error: unknown) => {
      if (outgoing.headersSent || outgoing.destroyed) return;
      send(outgoing, {
        status: 500,
        headers: { 'content-type': 'text/plain' },
        body: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${address.port}`,
    faults: {
      add: (fault) => {
        const one: Armed = { fault, passes: fault.after ?? 0, left: fault.times ?? Number.POSITIVE_INFINITY };
        armed.push(one);
        return () => {
          one.left = 0;
        };
      },
      rate: (probability, kinds, random) => {
        chance = { probability, kinds, random };
      },
      clear: () => {
        armed.length = 0;
        chance = undefined;
      },
      watch: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    stop: () =>
      new Promise<void>((resolve) => {
        for (const timer of timers) clearTimeout(timer);
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
