/** The only way out to the network: time and size limits, a budget per connection, redaction, and a record of each exchange. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { lookup as systemLookup } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import PQueue from 'p-queue';
import { Failure } from './failure.ts';
import { createRedactor, redactUrl } from './redaction.ts';

export interface ExchangeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** From start to the last byte. Default 30 000. */
  readonly timeoutMs?: number;
  /** Longest answer taken. Default 16 MiB. */
  readonly maxBytes?: number;
  /** How the timeline names it: `createOrderV3`, `search order`. */
  readonly label?: string;
  /** It changes nothing, whatever its method: a lost answer leaves nothing to look for. Default for GET. */
  readonly reads?: boolean;
  /** The answer comes as {@link ExchangeResponse.bytes} and is kept in no record. */
  readonly binary?: true;
  /** How often a GET without credentials may be sent on to another address; each is checked like the first. Default 0. */
  readonly redirects?: number;
}

export interface ExchangeResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Empty where bytes were asked for. */
  readonly body: string;
  readonly bytes?: Buffer;
}

/** Any HTTP status is a response; a Failure means that no complete answer came. */
export type Send = (request: ExchangeRequest) => Promise<ExchangeResponse>;

/** What the timeline keeps of one exchange. Secrets and personal data are masked before it is made. */
export interface ExchangeRecord {
  readonly at: string;
  readonly system: string;
  readonly label: string;
  readonly method: string;
  readonly url: string;
  readonly requestBody?: string;
  readonly status?: number;
  readonly responseBody?: string;
  readonly durationMs: number;
  readonly failure?: string;
}

/** On whose behalf calls are made: collects their records for the timeline and says how urgent they are. */
export interface Conversation {
  record?(exchange: ExchangeRecord): void;
  /** Asked right before a request leaves, however long it waited for its turn; throws a Failure to hold it back. */
  permit?(): void;
  /** Higher goes first where a budget makes calls wait. */
  readonly priority: number;
}

/** Calls made inside `run` belong to that conversation; outside, nobody keeps a record. */
export const conversation = new AsyncLocalStorage<Conversation>();

/** Shares one connection's allowance among everything that talks through it. */
export interface Budget {
  run<T>(work: () => Promise<T>, priority: number): Promise<T>;
}

export function createBudget(limits: { concurrency: number; perInterval?: { calls: number; intervalMs: number } }): Budget {
  const queue = new PQueue({
    concurrency: limits.concurrency,
    ...(limits.perInterval && { intervalCap: limits.perInterval.calls, interval: limits.perInterval.intervalMs }),
  });
  return { run: (work, priority) => queue.add(work, { priority }) };
}

export interface ExchangeOptions {
  readonly system: string;
  readonly budget: Budget;
  /** Private and reserved addresses are refused unless set: the sandbox, the tests, a till in the same network. */
  readonly allowPrivateHosts: boolean;
  /** Exact texts that never appear in a record: the connection's secrets. */
  readonly secrets?: readonly string[];
  /** Words that stand in no record either, whatever their case. */
  readonly unspoken?: readonly string[];
  /** Told of every call, for the metrics; `outcome` is the status or the failure's code. */
  readonly called?: (exchange: { system: string; outcome: string; seconds: number }) => void;
}

const keptBodyCharacters = 64 * 1024;
/** Read beyond the cut, so that a secret or a name that straddles it is seen whole and masked. */
const marginCharacters = 1024;
const agents = {
  'http:': new http.Agent({ keepAlive: true, maxSockets: 256 }),
  'https:': new https.Agent({ keepAlive: true, maxSockets: 256 }),
} as const;

export function createExchange(options: ExchangeOptions): Send {
  const redact = createRedactor(options.secrets ?? []);
  const neutral = withoutWords(options.unspoken ?? []);
  const kept = (body: string): string => neutral(redact(body.slice(0, keptBodyCharacters + marginCharacters))).slice(0, keptBodyCharacters);
  return (request) => {
    const talk = conversation.getStore();
    const exchange = async (): Promise<ExchangeResponse> => {
      talk?.permit?.();
      const startedAt = Date.now();
      const note = (outcome: string, rest: () => Pick<ExchangeRecord, 'status' | 'responseBody' | 'failure'>): void => {
        const durationMs = Date.now() - startedAt;
        options.called?.({ system: options.system, outcome, seconds: durationMs / 1000 });
        talk?.record?.({
          at: new Date(startedAt).toISOString(),
          system: options.system,
          label: request.label ?? request.method,
          method: request.method,
          url: neutral(redactUrl(request.url)),
          ...(request.body !== undefined && { requestBody: kept(request.body) }),
          durationMs,
          ...rest(),
        });
      };
      try {
        const response = await transmit(request, options);
        note(String(response.status), () => ({ status: response.status, responseBody: kept(response.body) }));
        return response;
      } catch (error) {
        const failure = error instanceof Failure ? error : unreachable(request, error, true);
        note(failure.code, () => ({ failure: failure.code }));
        throw failure;
      }
    };
    return options.budget.run(exchange, talk?.priority ?? 0);
  };
}

function withoutWords(words: readonly string[]): (text: string) => string {
  if (words.length === 0) return (text) => text;
  const any = new RegExp(words.join('|'), 'gi');
  return (text) => text.replace(any, '•••');
}

const reads = ({ method, reads = method === 'GET' }: ExchangeRequest): boolean => reads;

/** On a line of its own when `fresh`. */
function transmit(request: ExchangeRequest, options: ExchangeOptions, fresh = false): Promise<ExchangeResponse> {
  const url = parsedUrl(request.url);
  const timeoutMs = request.timeoutMs ?? 30_000;
  const maxBytes = request.maxBytes ?? 16 * 1024 * 1024;
  if (!options.allowPrivateHosts && isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0) {
    refusePrivate(url.hostname, url.hostname.replace(/^\[|\]$/g, ''));
  }
  return new Promise((resolve, reject) => {
    let sent = false;
    /** Nothing was answered yet, and we did not hang up ourselves. */
    let silent = true;
    const stop = (failure: Failure): void => {
      silent = false;
      reject(failure);
      outgoing.destroy();
    };
    const secure = url.protocol === 'https:';
    const outgoing = (secure ? https : http).request(
      url,
      {
        method: request.method,
        agent: !fresh && agents[secure ? 'https:' : 'http:'],
        headers: {
          'user-agent': 'Tillbridge/1',
          'accept-encoding': 'identity',
          ...request.headers,
          ...(request.body !== undefined && { 'content-length': String(Buffer.byteLength(request.body)) }),
        },
        ...(!options.allowPrivateHosts && { lookup: publicLookup }),
      },
      (incoming) => {
        silent = false;
        const chunks: Buffer[] = [];
        let size = 0;
        incoming.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > maxBytes) {
            stop(
              new Failure({
                remedy: 'fix-data',
                code: 'network.answer-too-large',
                message: `${url.host} sent more than ${maxBytes} bytes.`,
                params: { host: url.host, maxBytes },
                ambiguous: !reads(request),
              }),
            );
          } else chunks.push(chunk);
        });
        incoming.on('end', () => {
          const status = incoming.statusCode ?? 0;
          if (status >= 300 && status < 400 && status !== 304) {
            const next = followed(request, url, incoming.headers.location);
            if (next === undefined) reject(redirected(url, incoming.headers.location));
            else resolve(transmit(next, options));
            return;
          }
          const headers: Record<string, string> = {};
          for (const [name, value] of Object.entries(incoming.headers))
            headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
          const bytes = Buffer.concat(chunks);
          resolve(request.binary ? { status, headers, body: '', bytes } : { status, headers, body: bytes.toString('utf8') });
        });
        incoming.on('error', (error) => reject(unreachable(request, error, true)));
        incoming.on('close', () => {
          if (!incoming.complete) reject(unreachable(request, new Error('the answer broke off'), true));
        });
      },
    );
    const timer = setTimeout(() => {
      stop(
        new Failure({
          remedy: 'wait',
          code: 'network.timeout',
          message: `${url.host} did not answer within ${timeoutMs / 1000} s.`,
          params: { host: url.host, seconds: timeoutMs / 1000 },
          ambiguous: sent && !reads(request),
        }),
      );
    }, timeoutMs);
    outgoing.on('socket', (socket) => {
      if (!socket.connecting) sent = true;
      else
        socket.once(secure ? 'secureConnect' : 'connect', () => {
          sent = true;
        });
    });
    outgoing.on('error', (error) => {
      // The other side closed a line that lay idle at the moment it was taken up again: whatever only reads is asked once more.
      if (silent && outgoing.reusedSocket && reads(request) && hungUp(error)) resolve(transmit(request, options, true));
      else reject(error instanceof Failure ? error : unreachable(request, error, sent));
    });
    outgoing.on('close', () => clearTimeout(timer));
    outgoing.end(request.body);
  });
}

const hungUp = (error: NodeJS.ErrnoException): boolean => error.code === 'ECONNRESET' || error.code === 'EPIPE';

function parsedUrl(text: string): URL {
  try {
    const url = new URL(text);
    if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  } catch {
    // Said below.
  }
  throw new Failure({
    remedy: 'fix-connection',
    code: 'network.bad-address',
    message: 'The address of the connection is not a web address.',
  });
}

function unreachable(request: ExchangeRequest, error: unknown, sent: boolean): Failure {
  const host = parsedUrl(request.url).host;
  const reason = error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.message) : String(error);
  return new Failure({
    remedy: 'wait',
    code: sent ? 'network.broken-off' : 'network.unreachable',
    message: sent ? `The connection to ${host} broke off (${reason}).` : `${host} cannot be reached (${reason}).`,
    params: { host, reason },
    ambiguous: sent && !reads(request),
    cause: error,
  });
}

/** Where a download goes on; never with credentials, never from a safe address to an unsafe one. */
function followed(request: ExchangeRequest, url: URL, location: string | undefined): ExchangeRequest | undefined {
  const { redirects = 0, headers = {}, method } = request;
  const named = Object.keys(headers).some((name) => /^(?:authorization|cookie)$/i.test(name));
  if (redirects <= 0 || method !== 'GET' || named || location === undefined || !URL.canParse(location, url.href)) return undefined;
  const next = new URL(location, url.href);
  if (url.protocol === 'https:' && next.protocol !== 'https:') return undefined;
  return { ...request, url: next.href, redirects: redirects - 1 };
}

function redirected(url: URL, location: string | undefined): Failure {
  const to = location !== undefined && URL.canParse(location, url.href) ? new URL(location, url.href).origin : 'another address';
  return new Failure({
    remedy: 'fix-connection',
    code: 'network.redirected',
    message: `${url.origin} sends us on to ${to}. Enter that address instead.`,
    params: { host: url.host, to },
  });
}

const reserved = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  reserved.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::', 127],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  reserved.addSubnet(network, prefix, 'ipv6');
}

function refusePrivate(host: string, address: string): void {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (!reserved.check(address, family)) return;
  throw new Failure({
    remedy: 'fix-connection',
    code: 'network.private-address',
    message: `${host} is a private address. Tillbridge only connects to public addresses.`,
    params: { host },
  });
}

/** Resolves and checks in one step, so that the address that was checked is the address that is used. */
const publicLookup: LookupFunction = (hostname, lookupOptions, callback) => {
  systemLookup(hostname, { ...lookupOptions, all: true }, (error, addresses) => {
    if (error) return callback(error, '', 0);
    try {
      for (const { address } of addresses) refusePrivate(hostname, address);
    } catch (refusal) {
      return callback(refusal as NodeJS.ErrnoException, '', 0);
    }
    const first = addresses[0];
    if (lookupOptions.all === true) return callback(null, addresses);
    return callback(null, first?.address ?? '', first?.family ?? 4);
  });
};
