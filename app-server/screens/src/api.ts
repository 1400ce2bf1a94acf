import type { Problem, RenewedTicket } from './shapes.ts';

/** An answer that is not what was asked for, as the server explains it (or as we explain that it did not answer). */
export class ApiProblem extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = 'ApiProblem';
    this.problem = problem;
  }
}

const unreachable: Problem = { type: 'about:blank', title: 'No answer', status: 0, code: 'screens.no-answer', remedy: 'wait' };
const expired: Problem = { type: 'about:blank', title: 'Session ended', status: 401, code: 'screens.session-ended', remedy: 'reload' };

type Method = 'GET' | 'POST' | 'PUT';

/** A ticket is renewed this long before it ends, so that no click meets a dead one. */
const renewAheadMs = 3 * 60_000;

let ticket = '';
let renewal: Promise<void> | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Starts the session of the page. `expiresAt` comes with the first answer; until then the timer assumes the usual 15 minutes. */
export function useTicket(first: string): void {
  ticket = first;
  renewAt(Date.now() + 15 * 60_000);
}

export function renewAt(expiresAtMs: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => void renew().catch(() => undefined), Math.max(5_000, expiresAtMs - Date.now() - renewAheadMs));
}

function renew(): Promise<void> {
  renewal ??= request('POST', '/session/renew')
    .then(async (response) => {
      if (!response.ok) throw new ApiProblem(expired);
      const renewed = (await response.json()) as RenewedTicket;
      ticket = renewed.ticket;
      renewAt(Date.parse(renewed.expiresAt));
    })
    .finally(() => {
      renewal = undefined;
    });
  return renewal;
}

function request(method: Method, path: string, body?: unknown): Promise<Response> {
  const headers: Record<string, string> = { authorization: `Bearer ${ticket}`, accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  return fetch(`/api${path}`, {
    method,
    headers,
    credentials: 'omit',
    cache: 'no-store',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** Calls the settings API. Throws an {@link ApiProblem}; a ticket that ran out is renewed once without a word. */
export async function call<Answer>(method: Method, path: string, body?: unknown): Promise<Answer> {
  let response: Response;
  try {
    response = await request(method, path, body);
    if (response.status === 401) {
      await renew();
      response = await request(method, path, body);
    }
  } catch (error) {
    throw error instanceof ApiProblem ? error : new ApiProblem(unreachable);
  }
  if (response.status === 401) throw new ApiProblem(expired);
  if (!response.ok) throw new ApiProblem(await problemIn(response));
  return response.status === 204 ? (undefined as Answer) : ((await response.json()) as Answer);
}

async function problemIn(response: Response): Promise<Problem> {
  try {
    const problem = (await response.json()) as Partial<Problem>;
    if (typeof problem.code === 'string') return { ...unreachable, remedy: 'retry', status: response.status, ...problem };
  } catch {
    // A proxy in between answers with a page of its own.
  }
  return { ...unreachable, status: response.status };
}

/** The problem behind anything that was thrown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ApiProblem) return error.problem;
  return { ...unreachable, code: 'screens.unexpected', detail: error instanceof Error ? error.message : String(error), remedy: 'reload' };
}
