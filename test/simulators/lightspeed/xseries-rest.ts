/** The door of the API: which version, who may come in, how often, and where to. */
import type { SimRequest, SimResponse } from '../shared/faulty-server.ts';
import { createRateWindows } from './rate-windows.ts';
import type { Answer } from './xseries-call.ts';
import type { Scopes } from './xseries-oauth.ts';
import { routes } from './xseries-routes.ts';
import { asFields, type Fields, Refusal, type XSeriesState } from './xseries-state.ts';
import type { XSeriesRequest } from './xseries-surface.ts';

const windowMs = 5 * 60_000;
const newest = '2026-07';

export function createRest(
  state: XSeriesState,
  oauth: { scopes(token: string): Scopes | undefined; token(request: SimRequest): SimResponse },
  requests: XSeriesRequest[],
) {
  const limit = (): number => state.knobs.limit ?? 300 * state.tables.registers.all().length + 50;
  const rates = createRateWindows(
    [windowMs],
    () => [limit()],
    () => new Date(state.now()),
  );

  function headers(): Record<string, string> {
    const [window] = rates.state();
    return {
      'content-type': 'application/json',
      'x-ratelimit-limit': String(window?.limit ?? 0),
      'x-ratelimit-remaining': String(Math.max(0, window?.remaining ?? 0)),
    };
  }

  /** The version whose rules answer: dates before the oldest are answered like it, dates to come are unknown. */
  function versionOf(text: string): '0.9' | '2.0' | '2.1' | 'dated' | undefined {
    if (text === '0.9' || text === '2.0' || text === '2.1') return text;
    return /^\d{4}-\d\d$/.test(text) && text <= newest && state.knobs.dated ? 'dated' : undefined;
  }

  function bodyOf(request: SimRequest): Fields {
    try {
      const value: unknown = JSON.parse(request.body);
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return asFields(value);
    } catch {
      // Answered below like any other body that is no object.
    }
    throw new Refusal(400, 'The body must be a JSON object');
  }

  function refuseStranger(scopes: Scopes | undefined, request: SimRequest): Scopes {
    if (scopes === undefined) throw new Refusal(401, 'Invalid or expired access token');
    if ((request.headers['user-agent'] ?? '') === '') {
      state.unexpected.push('a request without a User-Agent');
      throw new Refusal(403, 'User-Agent is required');
    }
    return scopes;
  }

  function carryOut(request: SimRequest, version: string, path: string): Answer {
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const scopes = refuseStranger(oauth.scopes(token), request);
    if (!rates.take()) throw new Refusal(429, 'Rate limiting enforced');
    const isId = (part: string): boolean => /^[0-9a-f-]{36}$/.test(part);
    const parts = path.slice(1).split('/');
    const route = routes[`${request.method} ${parts.map((part) => (isId(part) ? '#' : part)).join('/')}`];
    const rules = versionOf(version);
    if (route === undefined || rules === undefined || !route.versions.includes(rules)) {
      // An older shop does not know the dates; asking is no mistake then.
      if (rules !== undefined || state.knobs.dated) state.unexpected.push(`${request.method} /api/${version}${path}`);
      throw new Refusal(404, 'Not found');
    }
    const wanted = `${route.scope}:${request.method === 'GET' ? 'read' : 'write'}`;
    const given = route.scope === undefined || scopes === 'all' || scopes.has(wanted) || scopes.has(route.scope);
    if (!given) throw new Refusal(403, `The token lacks the scope ${wanted}`);
    const query = new URLSearchParams(request.rawQuery);
    return route.run({ state, version, ids: parts.filter(isId), query, body: () => bodyOf(request) });
  }

  return (request: SimRequest): SimResponse => {
    // `/shop/api/…` and `/api/…` both lead in; without a version it is 0.9.
    const [, prefix = '', dotted, rest = ''] = /^(?:\/([^/]+))?\/api(?:\/(\d\.\d|\d{4}-\d\d))?(\/.*)$/.exec(request.path) ?? [];
    const version = dotted ?? '0.9';
    const known = rest !== '' && (prefix === '' || prefix === state.domainPrefix);
    const log = (status: number): number => {
      requests.push({
        method: request.method,
        version,
        path: rest,
        query: new URLSearchParams(request.rawQuery),
        body: request.body,
        status,
      });
      return status;
    };
    if (!known) {
      state.unexpected.push(`${request.method} ${request.path}`);
      return { status: log(404), headers: { 'content-type': 'text/html' }, body: '<html><body>Store not found</body></html>' };
    }
    if (version === '1.0' && rest === '/token' && request.method === 'POST') {
      const answer = oauth.token(request);
      log(answer.status);
      return answer;
    }
    try {
      const { status, body } = carryOut(request, version, rest);
      return { status: log(status), headers: headers(), ...(body !== undefined && { body: JSON.stringify(body) }) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { status, message, fields } = error;
      const words: Readonly<Record<number, string>> = {
        401: 'Unauthorized',
        403: 'Forbidden',
        404: 'Not Found',
        409: 'Conflict',
        429: 'Too Many Requests',
      };
      const wait = status === 429 ? { 'retry-after': new Date(rates.waitUntil()).toUTCString() } : {};
      const body = { error: words[status] ?? 'Validation failed', message, ...(fields && { fields }) };
      return { status: log(status), headers: { ...headers(), ...wait }, body: JSON.stringify(body) };
    }
  };
}
