/** A simulated eCom shop and a session that talks to it over HTTP, with a clock that the test holds. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mapRecord } from '../../app-server/mapping/map-record.ts';
import type { Kind } from '../../connectors/commerce.ts';
import type { Change, Draft, Outcome, Plan, Session } from '../../connectors/connector.ts';
import { createBudget, createExchange } from '../../connectors/exchange.ts';
import { Failure } from '../../connectors/failure.ts';
import { lightspeedConnector } from '../../connectors/lightspeed/index.ts';
import type { LightspeedSettings } from '../../connectors/lightspeed/settings.ts';
import { type CSeriesOptions, type CSeriesSimulator, startCSeries } from '../simulators/lightspeed/cseries.ts';

export interface House {
  readonly shop: CSeriesSimulator;
  readonly clock: { now: Date };
  readonly session: Session;
  /** As another process would. */
  open(settings?: Partial<LightspeedSettings>): Session;
  pass(ms: number): void;
  /** Requests since the last call, as `GET orders/12/products`. */
  asked(): string[];
}

export async function startHouse(options: CSeriesOptions = {}): Promise<House> {
  const clock = { now: new Date('2026-06-12T10:00:00Z') };
  const shop = await startCSeries({ now: () => clock.now, ...options, knobs: { linesAfterMs: 0, ...options.knobs } });
  const open = (settings: Partial<LightspeedSettings> = {}): Session =>
    openAt(shop.url, { apiKey: shop.apiKey, apiSecret: shop.apiSecret, ...settings }, () => clock.now);
  let seen = 0;
  return {
    shop,
    clock,
    session: open(),
    open,
    pass(ms) {
      clock.now = new Date(clock.now.getTime() + ms);
    },
    asked() {
      const fresh = shop.requests.slice(seen).map(({ method, path }) => `${method} ${path}`);
      seen = shop.requests.length;
      return fresh;
    },
  };
}

export function openAt(url: string, settings: Partial<LightspeedSettings>, now: () => Date = () => new Date()): Session {
  const connector = lightspeedConnector({ ecomApiBaseUrl: url });
  const send = createExchange({
    system: 'lightspeed',
    budget: createBudget(connector.limits),
    allowPrivateHosts: true,
    secrets: [settings.apiSecret ?? ''],
  });
  return connector.open(connector.settings.parse({ apiKey: 'key', apiSecret: 'secret', ...settings }), { send, now });
}

/** A draft as the flow's default mapping makes it. */
export function draftOf(
  kind: Kind,
  record: { readonly id: string; readonly [field: string]: unknown },
  how: { values?: Readonly<Record<string, unknown>>; draft?: Partial<Draft> } = {},
): Draft {
  const writing = lightspeedConnector().writes[kind];
  if (writing === undefined) throw new Error(`no writing of ${kind}`);
  const { fields } = mapRecord({ rules: writing.rules, record, values: how.values ?? {}, tables: {} });
  return { id: record.id, reference: `tb-${record.id}`, revision: 0, fields: writing.draft.parse(fields), ...how.draft };
}

export async function gathered(changes: AsyncIterable<Change>): Promise<Change[]> {
  const list: Change[] = [];
  for await (const change of changes) list.push(change);
  return list;
}

export function good<Value>(value: Value | Failure | undefined): Value {
  if (value instanceof Failure || value === undefined) throw value ?? new Error('there is none');
  return value;
}

export function bad(value: unknown): Failure {
  if (value instanceof Failure) return value;
  throw new Error(`no failure: ${JSON.stringify(value)}`);
}

/** Plans and carries out what is to be written, as the engine does. */
export async function brought(session: Session, kind: Kind, drafts: readonly Draft[]): Promise<{ plans: Plan[]; outcomes: Outcome[] }> {
  const plans = (await session.plan(kind, drafts)).map(good);
  const writing = plans.filter(({ steps }) => steps.some(({ action }) => action !== 'skip'));
  return { plans, outcomes: (await session.apply(kind, writing)).map(good) };
}

/** A server whose every answer the test gives: for what no shop should say. */
export async function startOdd(
  answer: (path: string, query: URLSearchParams) => { status?: number; headers?: Record<string, string>; body: unknown },
): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://odd');
    const path = url.pathname.replace(/^\/[a-z]{2}\/|\.json$/g, '');
    const { status = 200, headers = {}, body } = answer(path, url.searchParams);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
