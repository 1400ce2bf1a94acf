/** The door of the Marketing API: who may come in, how many at once, and where a request belongs. */
import type { SimRequest, SimResponse } from '../shared/faulty-server.ts';
import { type Account, stamp } from './account.ts';
import type { Asked } from './batches.ts';
import { cartRoutes } from './carts.ts';
import { customerRoutes } from './customers.ts';
import { listRoutes } from './list-routes.ts';
import { memberRoutes } from './member-routes.ts';
import { orderRoutes } from './orders.ts';
import { trimmed } from './paging.ts';
import { badRequest, document, invalid, keyInvalid, methodNotAllowed, notFound, Problem, tooMany } from './problem.ts';
import { productRoutes } from './products.ts';
import { type Answer, createFinder, ok, type Route } from './route.ts';
import { check } from './shape.ts';
import { storeRoutes } from './stores.ts';
import type { ApiRequest } from './surface.ts';

const accountRoutes: readonly Route[] = [
  { method: 'GET', path: '/ping', answer: () => ok({ health_status: "Everything's Chimpy!" }) },
  {
    method: 'GET',
    path: '/',
    answer: ({ account }) =>
      ok({
        account_id: 'a1b2c3d4e5',
        login_id: '123',
        account_name: account.name,
        email: 'owner@example.nl',
        first_name: 'Ada',
        last_name: 'Owner',
        username: 'owner',
        avatar_url: '',
        role: 'owner',
        member_since: account.created,
        pricing_plan_type: 'monthly',
        first_payment: account.created,
        account_timezone: 'Europe/Amsterdam',
        account_industry: 'Retail',
        contact: { company: account.name, addr1: 'Dam 1', addr2: '', city: 'Amsterdam', state: 'NH', zip: '1012 JS', country: 'NL' },
        pro_enabled: false,
        last_login: stamp(account.now()),
        total_subscribers: [...account.audiences.values()].reduce(
          (sum, audience) => sum + [...audience.members.values()].filter((member) => member.status === 'subscribed').length,
          0,
        ),
        _links: [],
      }),
  },
];

/** Everything that the simulated API answers, except batches. */
export const routes: readonly Route[] = [
  ...accountRoutes,
  ...listRoutes,
  ...memberRoutes,
  ...storeRoutes,
  ...customerRoutes,
  ...productRoutes,
  ...orderRoutes,
  ...cartRoutes,
];

export interface Traffic {
  open: number;
  peak: number;
  refused: number;
  /** Set while requests have to wait. */
  gate: Promise<void> | undefined;
}

interface Door {
  readonly account: Account;
  readonly requests: ApiRequest[];
  readonly traffic: Traffic;
  readonly pendingWebhooks: () => number;
}

const everyGet = ['fields', 'exclude_fields', 'count', 'offset'];

export function createApi({ account, requests, traffic, pendingWebhooks }: Door, batchRoutes: readonly Route[]) {
  const find = createFinder([...routes, ...batchRoutes]);

  function parsed(asked: Asked, route: Route): Record<string, unknown> {
    const name = `${asked.method} ${asked.path}`;
    if (asked.body === '') {
      if (route.body !== undefined) throw badRequest('The request has no body.');
      return {};
    }
    let body: unknown;
    try {
      body = JSON.parse(asked.body);
    } catch {
      account.unexpected.push(`${name} has a body that is not JSON`);
      throw badRequest('We encountered an unspecified JSON parsing error.');
    }
    if (route.body === undefined) {
      if (JSON.stringify(body) !== '{}') account.unexpected.push(`${name} takes no body`);
      return {};
    }
    const { errors, unknown } = check(route.body, body);
    for (const field of unknown) account.unexpected.push(`${name} knows no field ${field}`);
    if (errors.length > 0) throw invalid(...errors);
    return body as Record<string, unknown>;
  }

  async function answer(asked: Asked): Promise<Answer> {
    const found = find(asked.method, asked.path);
    if (found === 'no path' || found === 'no method') {
      account.unexpected.push(`${asked.method} ${asked.path}`);
      throw found === 'no path' ? notFound() : methodNotAllowed();
    }
    const { route, at } = found;
    const known = [...(asked.method === 'GET' ? everyGet : []), ...(route.query ?? [])];
    for (const name of asked.query.keys())
      if (!known.includes(name)) account.unexpected.push(`${asked.method} ${asked.path} knows no parameter ${name}`);
    const reply = await route.answer({ account, at, query: asked.query, body: parsed(asked, route), headers: asked.headers });
    return { status: reply.status, ...(reply.body !== undefined && { body: trimmed(reply.body, asked.query) }) };
  }

  async function carryOut(asked: Asked, via: ApiRequest['via']): Promise<Answer> {
    let reply: Answer;
    try {
      reply = await answer(asked);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      reply = { status: error.status, body: document(error) };
    }
    requests.push({
      method: asked.method,
      path: asked.path,
      query: asked.query,
      status: reply.status,
      body: readable(asked.body),
      answer: reply.body,
      via,
    });
    return reply;
  }

  function refusal(request: SimRequest, dc: string | undefined): Problem | undefined {
    const authorization = request.headers.authorization ?? '';
    const bearer = /^Bearer (\S+)$/i.exec(authorization)?.[1];
    const basic = /^Basic (\S+)$/i.exec(authorization)?.[1];
    const password =
      basic === undefined
        ? undefined
        : Buffer.from(basic, 'base64')
            .toString('utf8')
            .replace(/^[^:]*:/, '');
    const good = (bearer !== undefined && account.tokens.has(bearer)) || (password !== undefined && account.apiKeys.has(password));
    return good && (dc === undefined || dc === account.dc) ? undefined : keyInvalid();
  }

  function overloaded(): SimResponse {
    traffic.refused += 1;
    const { overload } = account.behaviour;
    if (overload === 'problem') return said({ status: 429, body: document(tooMany()) });
    const status = overload === 'bare-429' ? 429 : 403;
    return { status, headers: { 'content-type': 'text/html' }, body: `<html><body><h1>${status}</h1></body></html>` };
  }

  /** `/3.0/…`, or `/us19/3.0/…` as the host name has it in the real world. */
  async function door(request: SimRequest, dc: string | undefined, path: string): Promise<SimResponse> {
    if (traffic.open >= account.behaviour.connections) return overloaded();
    traffic.open += 1;
    traffic.peak = Math.max(traffic.peak, traffic.open);
    try {
      // What has arrived together counts together.
      await new Promise((resolve) => setImmediate(resolve));
      await traffic.gate;
      const { latencyMs } = account.behaviour;
      if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
      const no =
        refusal(request, dc) ?? (pendingWebhooks() > account.behaviour.pendingWebhooks ? tooMany('Too many pending webhooks.') : undefined);
      if (no !== undefined) return said({ status: no.status, body: document(no) });
      const override = request.headers['x-http-method-override'];
      if (override !== undefined && request.method !== 'POST')
        return said({
          status: 422,
          body: document(new Problem(422, 'Invalid Method Override', 'The method override header is only for POST.')),
        });
      const asked: Asked = {
        method: typeof override === 'string' ? override.toUpperCase() : request.method,
        path,
        query: new URLSearchParams(request.rawQuery),
        body: request.body,
        headers: request.headers as Record<string, string>,
      };
      return said(await carryOut(asked, 'http'));
    } finally {
      traffic.open -= 1;
    }
  }

  return { door, inBatch: (asked: Asked) => carryOut(asked, 'batch') };
}

function readable(body: string): unknown {
  if (body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

const said = ({ status, body }: Answer): SimResponse =>
  body === undefined
    ? { status }
    : {
        status,
        headers: { 'content-type': `application/${status >= 400 ? 'problem+json' : 'json'}; charset=utf-8` },
        body: JSON.stringify(body),
      };
