/** The Admin API, as far as an app that keeps orders, customers and articles in step uses it. */
import type { Random } from '../shared/seeded-random.ts';
import type { InstalledApp } from './app-lifecycle.ts';
import { parseCriteria, printed, search } from './criteria.ts';
import type { Database, Row } from './database.ts';
import { ApiError, badRequest, missingPrivileges, notFound } from './errors.ts';
import { type Emit, written } from './events.ts';
import type { OrderDesk } from './orders.ts';
import { entities, entityOf } from './schema.ts';
import { runSync } from './sync.ts';
import { writable } from './sync-shapes.ts';
import { machineOf, machines, type StatefulEntity } from './transitions.ts';
import { liveVersion } from './wire.ts';

export interface ApiCall {
  readonly method: string;
  /** Path inside the shop, e.g. `/api/search/order`. */
  readonly path: string;
  /** Parsed when it is JSON. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}
export interface ApiAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
export interface AdminApi {
  /** Throws an ApiError; `undefined` when the simulator does not know the route. */
  handle(call: ApiCall): Promise<ApiAnswer | undefined>;
  /** Every token given out so far is refused from now on (401, code 9). */
  expireTokens(): void;
  readonly notifications: readonly Readonly<Record<string, unknown>>[];
  reset(): void;
}

interface Ground {
  readonly db: Database;
  readonly random: Random;
  readonly emit: Emit;
  readonly orders: OrderDesk;
  readonly swVersion: string;
  readonly app: () => InstalledApp | undefined;
  readonly rotateSecret: () => Promise<void>;
}

const tokenLifeMs = 600_000;
const hookable = new Set([
  'product',
  'product_price',
  'category',
  'sales_channel',
  'customer',
  'customer_address',
  'order',
  'order_address',
  'media',
]);
const stateful = new Set(['order', 'order_transaction', 'order_delivery']);
const denied = (code: string, title: string): ApiError => new ApiError(401, { code, title, detail: null });
const snake = (name: string): string => name.replaceAll('-', '_');
const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

/** JSON:API, what the shop answers to everyone who does not ask for plain JSON. Relationships are left out. */
function jsonApi(entity: string, data: unknown): unknown {
  const one = (item: unknown): unknown => {
    const { id, apiAlias: _, ...attributes } = objectOf(item);
    return { id, type: entity, attributes, relationships: {}, links: {}, meta: null };
  };
  return { data: Array.isArray(data) ? data.map(one) : one(data), included: [] };
}

export function createAdminApi(ground: Ground): AdminApi {
  const { db, random, orders } = ground;
  const tokens = new Map<string, number>();
  const failures: number[] = [];
  const notifications: Record<string, unknown>[] = [];

  const need = (...privileges: string[]): void => {
    const granted = ground.app()?.manifest.privileges;
    const missing = granted ? privileges.filter((privilege) => !granted.has(privilege)) : [];
    if (missing.length > 0) throw missingPrivileges(missing);
  };
  const authenticate = (call: ApiCall): void => {
    const token = /^Bearer (.+)$/.exec(String(call.headers.authorization ?? ''))?.[1];
    const until = token === undefined ? undefined : tokens.get(token);
    if (!ground.app() || until === undefined || until < Date.now())
      throw denied('9', 'The resource owner or authorization server denied the request.');
  };
  const token = (body: unknown): ApiAnswer => {
    const { grant_type, client_id, client_secret } = objectOf(body);
    if (grant_type !== 'client_credentials')
      throw new ApiError(400, {
        code: '2',
        title: 'The authorization grant type is not supported by the authorization server.',
        detail: 'Check that all required parameters have been provided',
      });
    const since = Date.now() - 10_000;
    const recent = failures.filter((at) => at > since);
    if (recent.length >= 10)
      throw new ApiError(429, {
        code: 'FRAMEWORK__AUTH_THROTTLED',
        title: 'Too Many Requests',
        detail: 'Auth throttled for 10 seconds.',
        meta: { parameters: { seconds: 10 } },
      });
    const integration = ground.app()?.integration;
    if (!integration || integration.apiKey !== client_id || integration.secretKey !== client_secret) {
      failures.push(Date.now());
      throw denied('4', 'Client authentication failed');
    }
    failures.length = 0;
    const access = `eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.${random.hex(64)}.${random.hex(43)}`;
    tokens.set(access, Date.now() + tokenLifeMs);
    return { status: 200, body: { token_type: 'Bearer', expires_in: tokenLifeMs / 1000, access_token: access } };
  };

  const transitionsOf = (entity: StatefulEntity, row: Row): ApiAnswer => {
    const from = String(db.get('state_machine_state', row.stateId).technicalName);
    const actions = machines[machineOf(entity)][from] ?? {};
    const name = (state: string): string => state.replaceAll('_', ' ').replace(/^./, (first) => first.toUpperCase());
    const transitions = Object.entries(actions).map(([actionName, to]) => ({
      name: name(to),
      technicalName: to,
      actionName,
      fromStateName: from,
      toStateName: name(to),
      url: `/api/_action/state-machine/${entity}/${row.id}/state/${actionName}`,
    }));
    return { status: 200, body: { transitions } };
  };
  const rowOf = (entity: string, id: string): Row => {
    if (!/^[0-9a-f]{32}$/.test(id)) throw badRequest('FRAMEWORK__INVALID_UUID', `Value is not a valid UUID: ${id}`, { input: id });
    const row = db.find(entity, id);
    if (!row) throw notFound(entity, id);
    return row;
  };
  const move = async (entity: string, id: string, action: string): Promise<ApiAnswer> => {
    need(`${entity}:update`);
    rowOf(entity, id);
    const state = await orders.transition(entity as StatefulEntity, id, action);
    return {
      status: 200,
      body: printed(db, 'state_machine_state', { row: state, criteria: { tree: {}, includes: {} }, encoding: 'admin' }),
    };
  };
  /** Catalogue entities go the way of sync, whose rules they share. */
  const write = async (entity: string, row: Readonly<Record<string, unknown>>): Promise<ApiAnswer> => {
    await runSync({ db, emit: ground.emit, need }, [{ key: '', entity, action: 'upsert', payload: [row] }]);
    return { status: 204 };
  };
  const patch = async (entity: string, id: string, body: unknown): Promise<ApiAnswer> => {
    need(`${entity}:update`);
    const fields = objectOf(body);
    if (!db.find(entity, id))
      throw new ApiError(400, {
        code: 'FRAMEWORK__WRITE_TYPE_INTEND_ERROR',
        title: 'Bad Request',
        detail: `Expected command for "${entity}" to be "UpdateCommand". (Got: InsertCommand)`,
      });
    if (writable[entity]) return await write(entity, { ...fields, id });
    const names = new Set(entityOf(entity).fields.map(({ name }) => name));
    const strange = Object.keys(fields).filter((name) => name !== 'id' && !names.has(name));
    if (strange.length > 0) throw badRequest('SIMULATOR__UNKNOWN_FIELD', `The simulator cannot write ${strange.join(', ')} of ${entity}`);
    const { id: _, ...changes } = fields;
    db.update(entity, id, changes);
    const { versioned } = entityOf(entity);
    const updatedFields = [...(versioned ? ['versionId'] : []), ...Object.keys(changes), 'updatedAt', 'id'];
    if (hookable.has(entity))
      await ground.emit(
        written(entity, [{ entity, operation: 'update', primaryKey: id, updatedFields, ...(versioned ? { versionId: liveVersion } : {}) }]),
      );
    return { status: 204 };
  };
  const find = (kind: 'search' | 'search-ids', entity: string, call: ApiCall): ApiAnswer => {
    const criteria = parseCriteria(entity, call.body, db.version);
    need(...criteria.privileges);
    const { total, rows } = search(db, entity, criteria);
    if (kind === 'search-ids') return { status: 200, body: { total, data: rows.map((row) => row.id) } };
    const data = rows.map((row) => printed(db, entity, { row, criteria, encoding: 'admin' }));
    if (!String(call.headers.accept ?? '').includes('application/json'))
      return { status: 200, headers: { 'content-type': 'application/vnd.api+json' }, body: jsonApi(entity, data) };
    return { status: 200, body: { total, data, aggregations: [] } };
  };
  const detail = (entity: string, id: string, call: ApiCall): ApiAnswer => {
    need(`${entity}:read`);
    const data = printed(db, entity, { row: rowOf(entity, id), criteria: { tree: {}, includes: {} }, encoding: 'admin' });
    if (!String(call.headers.accept ?? '').includes('application/json'))
      return { status: 200, headers: { 'content-type': 'application/vnd.api+json' }, body: jsonApi(entity, data) };
    return { status: 200, body: { data } };
  };

  const action = async (call: ApiCall, parts: readonly string[]): Promise<ApiAnswer | undefined> => {
    const [subject = '', second = '', third = '', fourth = '', fifth = ''] = parts;
    if (call.method === 'POST' && subject === 'sync' && second === '')
      return { status: 200, body: await runSync({ db, emit: ground.emit, need }, call.body) };
    if (call.method === 'POST' && stateful.has(subject) && third === 'state') return await move(subject, second, fourth);
    if (subject === 'state-machine' && stateful.has(snake(second)) && fourth === 'state') {
      const entity = snake(second);
      if (call.method === 'POST') return await move(entity, third, fifth);
      need('state_machine:read');
      return transitionsOf(entity as StatefulEntity, rowOf(entity, third));
    }
    if (call.method === 'POST' && parts.join('/') === 'app-system/secret/rotate') {
      setImmediate(() => void ground.rotateSecret().catch(() => undefined));
      return { status: 202 };
    }
    return undefined;
  };
  const notify = (body: unknown): ApiAnswer => {
    need('notification:create');
    const { status, message } = objectOf(body);
    if (typeof status !== 'string' || typeof message !== 'string' || status === '' || message === '')
      throw badRequest('FRAMEWORK__INVALID_REQUEST_PARAMETER', 'status and message are needed');
    notifications.push({ ...objectOf(body) });
    return { status: 200, body: { id: random.hex(32) } };
  };

  return {
    notifications,
    handle: async (call) => {
      const [, , first = '', second = '', third = '', ...rest] = call.path.split('/');
      if (call.method === 'POST' && call.path === '/api/oauth/token') return token(call.body);
      authenticate(call);
      if (call.method === 'GET' && call.path === '/api/_info/version') return { status: 200, body: { version: ground.swVersion } };
      if (call.method === 'GET' && call.path === '/api/_info/health-check') return { status: 200 };
      if (call.method === 'POST' && call.path === '/api/notification') return notify(call.body);
      if (first === '_action') return await action(call, [second, third, ...rest]);
      if (first === 'search' || first === 'search-ids') {
        return call.method === 'POST' && entities.has(snake(second)) ? find(first, snake(second), call) : undefined;
      }
      const entity = snake(first);
      if (call.method === 'POST' && writable[entity] && second === '') return await write(entity, objectOf(call.body));
      if (!entities.has(entity) || second === '' || third !== '') return undefined;
      if (call.method === 'GET') return detail(entity, second, call);
      if (call.method === 'PATCH') return await patch(entity, second, call.body);
      return undefined;
    },
    expireTokens: () => tokens.clear(),
    reset: () => {
      tokens.clear();
      failures.length = 0;
      notifications.length = 0;
    },
  };
}
