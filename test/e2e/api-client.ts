/** The screens' side of the API, as the tests speak it: a ticket out of the frame, then JSON. */
import type { z } from 'zod';
import type * as shapes from '../../app-server/http/api.ts';

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

export interface ApiClient {
  readonly ticket: string;
  call<T = unknown>(method: string, path: string, body?: unknown): Promise<Answer<T>>;
  /** Like `call`, but anything but 2xx throws with the problem's words. */
  expect<T>(method: string, path: string, body?: unknown): Promise<T>;
}

/** Opens the frame as the shop's admin would and takes the ticket from the page. */
export async function openFrame(appUrl: string, frameUrl: string): Promise<ApiClient> {
  const response = await fetch(frameUrl);
  const html = await response.text();
  const facts = /<script type="application\/json" id="tillbridge">(.*?)<\/script>/s.exec(html)?.[1];
  if (facts === undefined) throw new Error(`the frame did not open: ${response.status} ${html.slice(0, 300)}`);
  return apiClient(appUrl, (JSON.parse(facts) as { ticket: string }).ticket);
}

export function apiClient(appUrl: string, ticket: string): ApiClient {
  const call = async <T>(method: string, path: string, body?: unknown): Promise<Answer<T>> => {
    const response = await fetch(`${appUrl}/api/${path}`, {
      method,
      headers: { authorization: `Bearer ${ticket}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
  };
  return {
    ticket,
    call,
    async expect<T>(method: string, path: string, body?: unknown) {
      const answer = await call<T>(method, path, body);
      if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body;
    },
  };
}

export type Shape<K extends keyof typeof shapes> = (typeof shapes)[K] extends z.ZodType ? z.infer<(typeof shapes)[K]> : never;
