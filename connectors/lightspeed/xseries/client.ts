/** Speaks with the API of one store (Retail X-Series: dated versions such as 2026-07, and the older numbered ones beside them). */
import type { Io } from '../../connector.ts';
import { conversation, type ExchangeRequest, type ExchangeResponse } from '../../exchange.ts';
import { Failure } from '../../failure.ts';
import { withoutPeople } from '../refusal-words.ts';
import type { LightspeedOptions, LightspeedSettings } from '../settings.ts';
import { storeAddress } from './address.ts';
import { jsonOf } from './grant.ts';
import { openTokens, type Tokens } from './tokens.ts';

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Behind `/api`, with its version and query: `/2.0/sales?after=1`. */
  readonly path: string;
  readonly body?: string;
  readonly label: string;
}

export interface Client {
  readonly store: string;
  readonly tokens: Tokens;
  /** The JSON of a good answer; `undefined` for a GET of something that is not there. Throws a Failure that says what to do. */
  call(call: Call): Promise<unknown>;
  /** Like {@link call}, with the status, and without judging 400, 404, 409 and 422. */
  ask(call: Call): Promise<Answer>;
  get(path: string, label: string): Promise<unknown>;
}

export interface Answer {
  readonly status: number;
  readonly json: unknown;
}

const judgedByCaller: ReadonlySet<number> = new Set([400, 404, 409, 422]);
/** Bulk work leaves this share of the allowance to live orders. */
const reservedShare = 0.1;
const longestRestMs = 600_000;
/** The allowance is counted per five minutes; how much of the window is over is not said (X-Series rate limiting). */
const bulkRestMs = 15_000;

export function openClient(settings: LightspeedSettings, io: Io<LightspeedSettings>, options: LightspeedOptions): Client {
  const base = storeAddress(options, settings.domainPrefix);
  const store = settings.domainPrefix ?? '';
  const tokens = openTokens(settings, io, options);
  let quietUntil = 0;
  let bulkQuietUntil = 0;

  function permit(): void {
    const nowMs = io.now().getTime();
    const bulk = (conversation.getStore()?.priority ?? 1) < 1;
    const restMs = Math.max(quietUntil, bulk ? bulkQuietUntil : 0) - nowMs;
    if (restMs > 0) throw slowDown(store, restMs);
  }

  function noteAllowance({ status, headers }: ExchangeResponse): void {
    const nowMs = io.now().getTime();
    if (status === 429) {
      quietUntil = nowMs + (retryAfterMs(headers['retry-after'], nowMs) ?? bulkRestMs);
      return;
    }
    const limit = Number(headers['x-ratelimit-limit']);
    const remaining = Number(headers['x-ratelimit-remaining']);
    if (headers['x-ratelimit-remaining'] !== undefined && limit > 0 && remaining < limit * reservedShare)
      bulkQuietUntil = nowMs + bulkRestMs;
  }

  async function exchange({ method, path, body, label }: Call): Promise<ExchangeResponse> {
    const request = (token: string): ExchangeRequest => ({
      method,
      url: `${base}/api${path}`,
      headers: {
        accept: 'application/json',
        'user-agent': 'Tillbridge/1',
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body }),
      label,
    });
    permit();
    const token = await tokens.current();
    const response = await io.send(request(token));
    noteAllowance(response);
    if (response.status !== 401) return response;
    const again = await io.send(request(await tokens.instead(token)));
    noteAllowance(again);
    return again;
  }

  async function ask(call: Call): Promise<Answer> {
    const response = await exchange(call);
    const { status } = response;
    const json = jsonOf(response.body);
    const write = call.method !== 'GET';
    if (status >= 200 && status < 300) {
      if (json === undefined && response.body.trim() !== '') throw unreadable(store, call.label, write);
      return { status, json };
    }
    if (judgedByCaller.has(status)) return { status, json };
    throw failureFor(response, { store, call, quietUntil, nowMs: io.now().getTime() });
  }

  async function call(wanted: Call): Promise<unknown> {
    const { status, json } = await ask(wanted);
    if (status >= 200 && status < 300) return json;
    if (status === 404 && wanted.method === 'GET') return undefined;
    throw refused(wanted.label, { status, json });
  }

  return { store, tokens, call, ask, get: (path, label) => call({ method: 'GET', path, label }) };
}

interface Context {
  readonly store: string;
  readonly call: Call;
  readonly quietUntil: number;
  readonly nowMs: number;
}

function failureFor({ status }: ExchangeResponse, { store, call, quietUntil, nowMs }: Context): Failure {
  const write = call.method !== 'GET';
  switch (status) {
    case 401:
      return new Failure({
        remedy: 'fix-connection',
        code: 'lightspeed.reconnect',
        message: `Lightspeed no longer accepts our access to ${store}. Click on Connect once more; nothing is lost, everything goes on where it stopped.`,
        params: { store },
      });
    case 402:
    case 403:
      return new Failure({
        // A missing permission is a matter of the flows that need it, an unpaid store of all of them.
        remedy: status === 403 ? 'fix-data' : 'fix-connection',
        code: 'lightspeed.forbidden',
        message: `Lightspeed does not allow us this in ${store}: ${call.label}. Connect once more and agree to everything that is asked, or check the plan of the store.`,
        params: { store, what: call.label },
      });
    case 429:
      return slowDown(store, quietUntil - nowMs);
    default:
      return status >= 500
        ? new Failure({
            // An outage is waited for; over one record it may break down for ever.
            remedy: status === 500 ? 'retry' : 'wait',
            code: 'lightspeed.unreachable',
            message: `Lightspeed cannot answer at the moment (status ${status}).`,
            params: { status },
            ambiguous: write,
          })
        : refused(call.label, { status, json: undefined });
  }
}

function slowDown(store: string, restMs: number): Failure {
  return new Failure({
    remedy: 'wait',
    code: 'lightspeed.too-many-requests',
    message: `Lightspeed asks us to slow down in ${store}.`,
    params: { store },
    waitMs: Math.max(1_000, restMs),
  });
}

/** Refused for good: the same request will be refused again. */
export function refused(what: string, { status, json }: Answer): Failure {
  const reason = reasonIn(json) ?? `status ${status}`;
  return new Failure({
    remedy: 'fix-data',
    code: 'lightspeed.refused',
    message: `Lightspeed refused to ${what}: ${reason}`,
    params: { what, reason },
  });
}

/** No complete answer can be made of it; a write may have been carried out. */
export function unreadable(store: string, what: string, write: boolean): Failure {
  return new Failure({
    remedy: 'retry',
    code: 'lightspeed.unreadable',
    message: `Lightspeed answered in a way that we do not understand (${what} in ${store}).`,
    params: { what, store },
    ambiguous: write,
  });
}

/** Something has changed since the plan was made: planning again looks at what is there now. */
export function outdated(what: string): Failure {
  return new Failure({
    remedy: 'retry',
    code: 'lightspeed.plan-outdated',
    message: `Something in Lightspeed has changed since we looked (${what}). It is looked at again.`,
    params: { what },
    ambiguous: true,
  });
}

/** `error` and `message`, else the first of the field maps, whose shape varies. What may name a person is masked. */
function reasonIn(json: unknown): string | undefined {
  const texts: string[] = [];
  const collect = (value: unknown, depth: number): void => {
    if (typeof value === 'string') texts.push(value);
    else if (depth < 4 && Array.isArray(value)) for (const one of value) collect(one, depth + 1);
    else if (depth < 4 && typeof value === 'object' && value !== null) {
      for (const name of ['message', 'error', 'details', 'errors', 'fields'])
        if (name in value) collect(Reflect.get(value, name), depth + 1);
      if (depth > 0 && texts.length === 0) for (const one of Object.values(value)) collect(one, depth + 1);
    }
  };
  collect(json, 0);
  const text = withoutPeople([...new Set(texts)].join('; '));
  return text === '' ? undefined : text.slice(0, 200);
}

/** A date as documented (RFC 1123), or seconds. */
function retryAfterMs(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 1_000), longestRestMs);
}
