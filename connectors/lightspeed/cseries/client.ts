/** Calls to the REST API of eCom C-Series: Basic auth, the language in the path, envelopes, rate windows; every answer that is no success is a Failure. */
import type { Io } from '../../connector.ts';
import type { ExchangeResponse } from '../../exchange.ts';
import { Failure } from '../../failure.ts';
import { refusalOf, unreadable } from './faults.ts';
import { createRateWindows, type Lane, type RateWindows } from './windows.ts';

export interface Call {
  /** Default GET. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Without language and `.json`: `orders/12/products`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number>>;
  /** JSON, in its envelope. */
  readonly body?: string;
  readonly label: string;
}

export interface Api {
  /** Parsed JSON; `undefined` for 404 and for an answer without a body. Throws a Failure for all else. */
  call(call: Call): Promise<unknown>;
  now(): Date;
  /** Requests left in the three windows, as far as known. */
  left: RateWindows['left'];
}

export interface Access {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly language: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** One for what cannot wait, one for the rest; both count against the same windows. */
export function createApis(access: Access, io: Pick<Io, 'send' | 'now'>): Readonly<Record<Lane, Api>> {
  const windows = createRateWindows(io.now);
  const authorization = `Basic ${Buffer.from(`${access.apiKey}:${access.apiSecret}`).toString('base64')}`;

  async function call(lane: Lane, { method = 'GET', path, query, body, label }: Call): Promise<unknown> {
    const leave = windows.enter(lane);
    let response: ExchangeResponse;
    try {
      const search =
        query === undefined
          ? ''
          : `?${new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]))}`;
      response = await io.send({
        method,
        url: `${access.baseUrl}/${access.language}/${path}.json${search}`,
        headers: { authorization, accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body }),
        label,
      });
    } finally {
      leave();
    }
    if (response.status === 429) throw windows.refused(response.headers);
    windows.saw(response.headers);
    return answerOf({ method, path, label }, response, access);
  }

  const of = (lane: Lane): Api => ({ call: (one) => call(lane, one), now: io.now, left: windows.left });
  return { live: of('live'), bulk: of('bulk') };
}

function answerOf(call: Required<Pick<Call, 'method' | 'path' | 'label'>>, response: ExchangeResponse, access: Access): unknown {
  const { status, body } = response;
  const error = refusalOf(call, response, access);
  if (error instanceof Failure) throw error;
  if (error === 'not-found' || status === 204 || body.trim() === '') return undefined;
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch {
    // Told below like any other answer that is no JSON.
  }
  throw unreadable(call.label, call.method !== 'GET');
}
