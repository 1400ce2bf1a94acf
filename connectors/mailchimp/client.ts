/** Calls to the Marketing API 3.0: JSON over HTTP with Basic or Bearer, problem documents as Failures. */
import type { z } from 'zod';
import type { Io } from '../connector.ts';
import type { Send } from '../exchange.ts';
import { Failure } from '../failure.ts';
import { type Answer, connectionFailure, recordFailure, succeeded, unreadable } from './refusals.ts';
import { credentialsOf, type MailchimpSettings } from './settings.ts';

export const defaultApiBaseUrl = 'https://{dc}.api.mailchimp.com';

/** Mailchimp itself gives up after 120 s; a page of 1000 members may take long. */
const timeoutMs = 100_000;
const backoff = { firstMs: 1_000, mostMs: 60_000 } as const;

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Call {
  readonly method: Method;
  /** Behind `/3.0`, segments encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body?: string;
  /** How the timeline names it. */
  readonly label: string;
}

export interface Client {
  /** Any answer about a record. Throws a Failure for what concerns the whole connection: credentials, limits, outages. */
  ask(call: Call): Promise<Answer>;
  /** `undefined` for 404. Throws a Failure for all else that is no success. */
  get<Data>(schema: z.ZodType<Data>, call: Omit<Call, 'method'>): Promise<Data | undefined>;
  /** An answer that came inside a batch, held to the same measure. Throws like {@link Client.ask}. */
  judged(answer: Answer): Answer;
  /** A file behind a signed address of Mailchimp's storage. No credentials go there. */
  readonly send: Send;
  /** Somebody presses the test button: what was refused is asked once more. */
  reset(): void;
}

export function createClient(settings: MailchimpSettings, { apiBaseUrl, io }: { apiBaseUrl: string; io: Io<MailchimpSettings> }): Client {
  const { dc, authorization } = credentialsOf(settings);
  const base = `${apiBaseUrl.replace('{dc}', dc)}/3.0`;
  /** Set once the credentials are refused: every further call with them would only be refused as well. */
  let refused: Failure | undefined;
  let quiet = { until: 0, strikes: 0 };

  function judged(answer: Answer, write = true): Answer {
    const restMs = Math.min(backoff.mostMs, backoff.firstMs * 2 ** quiet.strikes) * (1 + Math.random() / 4);
    const failure = connectionFailure(answer, { write, waitMs: Math.round(restMs) });
    if (failure?.code === 'mailchimp.credentials') refused = failure;
    if (failure?.code === 'mailchimp.too-many-requests') {
      quiet = { until: io.now().getTime() + (failure.waitMs ?? 0), strikes: quiet.strikes + 1 };
    }
    if (failure !== undefined) throw failure;
    quiet = { until: 0, strikes: 0 };
    return answer;
  }

  async function ask({ method, path, query, body, label }: Call): Promise<Answer> {
    if (refused !== undefined) throw refused;
    const restMs = quiet.until - io.now().getTime();
    if (restMs > 0) {
      throw new Failure({
        remedy: 'wait',
        code: 'mailchimp.too-many-requests',
        message: 'Mailchimp asks us to slow down. It goes on by itself.',
        waitMs: restMs,
      });
    }
    const response = await io.send({
      method,
      url: `${base}${path}${query === undefined ? '' : `?${new URLSearchParams(query)}`}`,
      headers: { authorization, accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body }),
      timeoutMs,
      label,
    });
    return judged({ status: response.status, body: parsed(response.body) }, method !== 'GET');
  }

  return {
    ask,
    send: io.send,
    judged: (answer) => judged(answer),
    async get(schema, call) {
      const answer = await ask({ ...call, method: 'GET' });
      if (answer.status === 404) return undefined;
      if (!succeeded(answer)) throw recordFailure(answer, { record: call.label, subject: call.label });
      const data = schema.safeParse(answer.body);
      if (!data.success) throw unreadable(call.label, data.error);
      return data.data;
    },
    reset() {
      refused = undefined;
      quiet = { until: 0, strikes: 0 };
    },
  };
}

/** `undefined` where it is no JSON: a proxy's page, an empty answer. */
function parsed(body: string): unknown {
  if (body === '') return undefined;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}
