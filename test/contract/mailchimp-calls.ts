/** A simulated account per test, and short words to speak to it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect } from 'vitest';
import { type MailchimpOptions, type MailchimpSimulator, startMailchimp } from '../simulators/mailchimp/simulator.ts';
import { problemsInLog } from './mailchimp-schema-check.ts';

export type Body = Record<string, unknown>;

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Body;
}

export interface Caller {
  readonly sim: MailchimpSimulator;
  call(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  get(path: string): Promise<Reply>;
  put(path: string, body: unknown): Promise<Reply>;
  post(path: string, body?: unknown): Promise<Reply>;
  patch(path: string, body: unknown): Promise<Reply>;
  remove(path: string): Promise<Reply>;
}

/**
 * Starts an account before every test. After it, everything that was asked and answered has to fit the specification,
 * and nothing may be left in `unexpected` beyond what the test took out.
 */
export function useMailchimp(options: MailchimpOptions = {}): () => Caller {
  let current: MailchimpSimulator | undefined;
  beforeEach(async () => {
    current = await startMailchimp(options);
  });
  afterEach(async () => {
    const { requests, unexpected } = simulator();
    await simulator().stop();
    expect(problemsInLog(requests)).toEqual([]);
    expect(unexpected).toEqual([]);
  });
  const simulator = (): MailchimpSimulator => {
    if (current === undefined) throw new Error('no account has been started');
    return current;
  };
  return () => {
    const sim = simulator();
    const call: Caller['call'] = async (method, path, body, headers = {}) => {
      const response = await fetch(`${sim.apiBaseUrl}/3.0${path}`, {
        method,
        headers: { authorization: basic(sim.apiKey), 'content-type': 'application/json', ...headers },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const json = response.headers.get('content-type')?.includes('json') === true && text !== '';
      return { status: response.status, headers: response.headers, text, body: json ? (JSON.parse(text) as Body) : {} };
    };
    return {
      sim,
      call,
      get: (path) => call('GET', path),
      put: (path, body) => call('PUT', path, body),
      post: (path, body) => call('POST', path, body),
      patch: (path, body) => call('PATCH', path, body),
      remove: (path) => call('DELETE', path),
    };
  };
}

export const basic = (key: string): string => `Basic ${Buffer.from(`anystring:${key}`).toString('base64')}`;

/** A place that webhooks are sent to. */
export async function listening(answer: (method: string) => number = () => 200) {
  const received: { raw: string; form: URLSearchParams; signature: string | undefined; type: string | undefined }[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += String(chunk);
    });
    request.on('end', () => {
      if (request.method === 'POST')
        received.push({
          raw: text,
          form: new URLSearchParams(text),
          signature: request.headers['x-mailchimp-signature'] as string | undefined,
          type: request.headers['content-type'],
        });
      response.writeHead(answer(request.method ?? '')).end();
    });
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  return {
    received,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/secret`,
    stop: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}
