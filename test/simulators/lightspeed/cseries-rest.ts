/** The door of the API: who may come in, in which language, how often, and where to. */
import type { SimRequest, SimResponse } from '../shared/faulty-server.ts';
import type { Answer, Call, Routes } from './cseries-call.ts';
import { catalogueRoutes } from './cseries-catalogue-routes.ts';
import { groupRoutes } from './cseries-group-routes.ts';
import { shopRoutes } from './cseries-shop-routes.ts';
import type { CSeriesState } from './cseries-state.ts';
import type { CSeriesRequest } from './cseries-surface.ts';
import { type Fields, parsedBody, Refusal } from './cseries-wire.ts';
import { createRateWindows } from './rate-windows.ts';

const areas: Readonly<Record<string, 'content' | 'products' | 'customers' | 'orders' | 'settings'>> = {
  ...{ products: 'products', variants: 'products', catalog: 'products', categories: 'products', brands: 'products' },
  ...{ orders: 'orders', shipments: 'orders', customers: 'customers', webhooks: 'settings' },
};

export function createRest(state: CSeriesState, secret: () => string, requests: CSeriesRequest[]) {
  const rates = createRateWindows(
    [5 * 60_000, 3_600_000, 86_400_000],
    () => state.knobs.limits,
    () => new Date(state.now()),
  );
  const routes: Routes = { ...catalogueRoutes, ...groupRoutes, ...shopRoutes(rates) };

  function headers(): Record<string, string> {
    const windows = rates.state();
    return {
      'content-type': 'application/json',
      'x-ratelimit-limit': windows.map(({ limit }) => limit).join('/'),
      'x-ratelimit-remaining': windows.map(({ remaining }) => remaining).join('/'),
      'x-ratelimit-reset': windows.map(({ reset }) => reset).join('/'),
    };
  }

  function retryAfter(): Record<string, string> {
    const until = rates.waitUntil();
    if (state.knobs.retryAfter === 'none') return {};
    const seconds = String(Math.ceil((until - state.now()) / 1000));
    return { 'retry-after': state.knobs.retryAfter === 'date' ? new Date(until).toUTCString() : seconds };
  }

  function refuseStranger(request: SimRequest): void {
    const [scheme = '', sent = ''] = (request.headers.authorization ?? '').split(' ');
    const wanted = Buffer.from(`${state.apiKey}:${secret()}`).toString('base64');
    if (!state.alive || scheme !== 'Basic' || sent !== wanted) throw new Refusal(401, 'Access denied.');
  }

  function carryOut(request: SimRequest, language: string, path: string): Answer {
    if (!state.languages.includes(language)) throw new Refusal(404, 'Unknown or inactive language.');
    const ids = path.split('/').filter((part) => /^\d+$/.test(part));
    const shape = path
      .split('/')
      .map((part) => (/^\d+$/.test(part) ? '#' : part))
      .join('/');
    const route = routes[`${request.method} ${shape}`];
    if (route === undefined) {
      state.unexpected.push(`${request.method} ${path}`);
      const elsewhere = ['GET', 'POST', 'PUT', 'DELETE'].some((method) => routes[`${method} ${shape}`] !== undefined);
      throw new Refusal(elsewhere ? 405 : 404, elsewhere ? 'Method not allowed' : 'Not found');
    }
    const area = areas[path.split('/')[0] ?? ''];
    const right = request.method === 'GET' ? 'read' : 'write';
    if (area !== undefined && !state.knobs.permissions[area][right]) throw new Refusal(403, `No permission to ${right} ${area}.`);
    const raw = (): Fields => parsedBody(request.body, request.headers['content-type'] ?? '');
    const call: Call = {
      state,
      language,
      ids: ids.map(Number),
      query: new URLSearchParams(request.rawQuery),
      raw,
      body(envelope) {
        const inner = raw()[envelope];
        if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) return inner as Fields;
        state.unexpected.push(`a body without ${envelope}: ${request.method} ${path}`);
        throw new Refusal(400, 'Invalid data input.');
      },
      unexpected: (what) => void state.unexpected.push(`${request.method} ${path}: ${what}`),
    };
    return route(call);
  }

  return (request: SimRequest): SimResponse => {
    const [, language = '', path = ''] = /^\/([^/]+)\/(.+)\.json$/.exec(request.path) ?? [];
    const query = new URLSearchParams(request.rawQuery);
    const log = (status: number): number => {
      requests.push({ method: request.method, language, path, query, body: request.body, status });
      return status;
    };
    let extra: Record<string, string> = {};
    try {
      refuseStranger(request);
      if (!rates.take()) {
        extra = retryAfter();
        throw new Refusal(429, 'Too many requests in this time period. Try again later.');
      }
      const { status, body } = carryOut(request, language, path);
      return { status: log(status), headers: headers(), ...(body !== undefined && { body: JSON.stringify(body) }) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { status, message, fields } = error;
      const envelope = { code: status, method: request.method, request: request.path, message, ...(fields && { errors: fields }) };
      return { status: log(status), headers: { ...headers(), ...extra }, body: JSON.stringify({ error: envelope }) };
    }
  };
}
