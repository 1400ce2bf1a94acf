/** A small shop that answers what a test puts in line, with a client and sessions on it. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach } from 'vitest';
import type { Change, Session } from '../../connectors/connector.ts';
import { createBudget, createExchange } from '../../connectors/exchange.ts';
import { Failure } from '../../connectors/failure.ts';
import { type AdminApi, createAdminApi } from '../../shopware-app/client.ts';
import { shopware } from '../../shopware-app/connector.ts';

export interface Row {
  readonly [field: string]: unknown;
}
interface Asked {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
}
interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Record<string, string>;
}

/** A small shop: hands out tokens, searches its rows by a range, and answers what a test put in line first. */
interface SmallShop {
  readonly url: string;
  readonly asked: Asked[];
  readonly inLine: Answer[];
  readonly tokensInLine: Answer[];
  readonly rows: Record<string, Row[]>;
  tokens: number;
}

let server: Server;
export let shop: SmallShop;
export let now: Date;

/** Time passes. */
export const later = (ms: number): void => {
  now = new Date(now.getTime() + ms);
};

const stampOf = (row: Row, field: string): number => Date.parse(String(row[field]));

function search(body: Record<string, unknown>, rows: readonly Row[]): Row[] {
  const { page, limit, ids } = body as { page: number; limit: number; ids?: string[] };
  const [filter] = (body.filter ?? []) as (
    | { type: 'range'; field: string; parameters: { gte: string } }
    | { type: 'equalsAny'; field: string; value: string[] }
  )[];
  const [sort] = (body.sort ?? []) as { field: string }[];
  return rows
    .filter((row) => ids === undefined || ids.includes(String(row.id)))
    .filter((row) => filter?.type !== 'equalsAny' || filter.value.includes(String(row[filter.field])))
    .filter(
      (row) => filter?.type !== 'range' || (row[filter.field] != null && stampOf(row, filter.field) >= Date.parse(filter.parameters.gte)),
    )
    .sort((one, other) =>
      sort === undefined ? 0 : stampOf(one, sort.field) - stampOf(other, sort.field) || (String(one.id) < String(other.id) ? -1 : 1),
    )
    .slice((page - 1) * limit, page * limit);
}

async function open(): Promise<void> {
  now = new Date('2026-11-22T12:00:00Z');
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      const text = Buffer.concat(chunks).toString();
      const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
      const give = ({ status, body: answer, headers }: Answer) => {
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
      };
      if (path === '/api/oauth/token') {
        shop.tokens += 1;
        return give(
          shop.tokensInLine.shift() ?? {
            status: 200,
            body: { token_type: 'Bearer', expires_in: 600, access_token: `token-${shop.tokens}` },
          },
        );
      }
      shop.asked.push({ path, headers: request.headers, body });
      const first = shop.inLine.shift();
      if (first !== undefined) return give(first);
      if (path === '/api/_info/version') return give({ status: 200, body: { version: '6.6.7.1' } });
      const entity = /^\/api\/search\/(.+)$/.exec(path)?.[1] ?? '';
      give({ status: 200, body: { total: 0, data: search(body, shop.rows[entity] ?? []), aggregations: [] } });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  shop = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    inLine: [],
    tokensInLine: [],
    rows: {},
    tokens: 0,
  };
}

/** A fresh shop for each test of the file that calls this at its top. */
export function useShop(): void {
  beforeEach(open);
  afterEach(() => new Promise<void>((resolve) => void server.close(() => resolve())));
}

export const io = () => ({
  send: createExchange({ system: 'shopware', budget: createBudget({ concurrency: 4 }), allowPrivateHosts: true }),
  now: () => now,
});
export const settings = () => ({ shopUrl: `${shop.url}/`, apiKey: 'SWIAKEY', secretKey: 'very-secret-key' });
export const client = (): AdminApi => createAdminApi(settings(), io());
export const session = (): Session => shopware.open(settings(), io());

export async function failureIn(work: Promise<unknown>): Promise<Failure> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Failure)) throw new Error('it should have failed');
  return error;
}

export const iso = (ms: number) => new Date(ms).toISOString().replace('Z', '+00:00');
export const start = Date.parse('2026-11-22T11:00:00.000Z');
export const hex = (index: number) => index.toString(16).padStart(32, '0');
export const newOrder = (index: number, createdMs: number, updatedMs?: number): Row => ({
  id: hex(index),
  orderNumber: String(10_000 + index),
  createdAt: iso(createdMs),
  updatedAt: updatedMs === undefined ? null : iso(updatedMs),
});
export const newPayment = (index: number, ofOrder: number, how: { createdMs: number; updatedMs?: number }): Row => ({
  id: hex(0xf000 + index),
  orderId: hex(ofOrder),
  createdAt: iso(how.createdMs),
  updatedAt: how.updatedMs === undefined ? null : iso(how.updatedMs),
});

export async function poll(of: Session, cursor: string | undefined, kind: 'order' | 'customer' | 'product' = 'order'): Promise<Change[]> {
  const changes: Change[] = [];
  for await (const change of of.changed(kind, cursor)) changes.push(change);
  return changes;
}
export const idsOf = (changes: readonly Change[]) => changes.map(({ id }) => Number.parseInt(id, 16));
