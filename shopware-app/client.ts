/** The Admin API over the connection's only way out: token, paging, and what each refusal means for the merchant. */
import { z } from 'zod';
import type { Io } from '../connectors/connector.ts';
import type { ExchangeResponse } from '../connectors/exchange.ts';
import { Failure } from '../connectors/failure.ts';
import { bodyOf, notShopware, type Objection, objectionsOf } from './refusal.ts';
import type { ShopwareSettings } from './settings.ts';

/** Most rows that Shopware gives in one page (`shopware.api.max_limit`). */
export const pageRows = 500;
/** A token lives 600 s; one that ends while it travels would cost a refused call. */
const tokenLeewayMs = 30_000;
/** 500 products with their rows keep a small shop busy for longer than a search. */
const syncTimeoutMs = 120_000;

export type Criteria = Readonly<Record<string, unknown>>;

export interface AdminApi {
  /** `GET /api/{path}`, parsed as JSON. */
  get(path: string, label: string): Promise<unknown>;
  /** One page of `POST /api/search/{entity}`; the entity in kebab-case. */
  search(entity: string, criteria: Criteria, headers?: Readonly<Record<string, string>>): Promise<readonly unknown[]>;
  /** All pages, for lists that are small by nature (payment methods, taxes). */
  all(entity: string, criteria: Criteria): Promise<readonly unknown[]>;
  /**
   * `POST /api/_action/sync`, one transaction. Resolves to nothing when it was written, and to what Shopware objects to when one of
   * the rows is to blame: then nothing was written. Throws a Failure for everything else, ambiguous where it may have been written.
   */
  sync(operations: readonly SyncOperation[]): Promise<readonly Objection[]>;
}

/** Deletes name rows by their (composite) keys only. */
export interface SyncOperation {
  /** Stands in the pointers of objections. */
  readonly key: string;
  /** In snake_case. */
  readonly entity: string;
  readonly action: 'upsert' | 'delete';
  readonly payload: readonly Readonly<Record<string, unknown>>[];
}

const Token = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });
const Rows = z.object({ data: z.array(z.unknown()) });
/** Opens a client; the token is fetched at the first call and shared by all that wait for it. */
export function createAdminApi(settings: ShopwareSettings, io: Io): AdminApi {
  const base = `${settings.shopUrl.replace(/\/+$/, '')}/api`;
  const host = new URL(base).host;
  let token: { readonly value: string; readonly expiresAt: number } | undefined;
  let fetching: Promise<string> | undefined;

  const fetchToken = async (): Promise<string> => {
    const startedAt = io.now().getTime();
    const response = await io.send({
      method: 'POST',
      reads: true,
      url: `${base}/oauth/token`,
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify({ grant_type: 'client_credentials', client_id: settings.apiKey, client_secret: settings.secretKey }),
      label: 'token',
    });
    if (response.status === 400 || response.status === 401 || response.status === 403) {
      throw new Failure({
        remedy: 'fix-connection',
        code: 'shopware.credentials-refused',
        message: `${host} refuses the API key that it gave to Tillbridge. Install the app in Shopware once more, or rotate its secret.`,
        params: { host, status: response.status },
      });
    }
    const parsed = Token.safeParse(bodyOf(response, { host, now: io.now() }));
    if (!parsed.success) throw notShopware(host, response.status);
    token = { value: parsed.data.access_token, expiresAt: startedAt + parsed.data.expires_in * 1000 };
    return token.value;
  };

  const bearer = (refused?: string): Promise<string> => {
    const usable = token !== undefined && token.value !== refused && token.expiresAt - tokenLeewayMs > io.now().getTime();
    if (usable && token !== undefined) return Promise.resolve(token.value);
    fetching ??= fetchToken().finally(() => {
      fetching = undefined;
    });
    return fetching;
  };

  const answerTo = async (request: Parameters<Io['send']>[0]): Promise<ExchangeResponse> => {
    const attempt = (value: string) =>
      io.send({ ...request, headers: { accept: 'application/json', ...request.headers, authorization: `Bearer ${value}` } });
    const first = await bearer();
    let response = await attempt(first);
    if (response.status === 401) response = await attempt(await bearer(first));
    if (response.status === 401) {
      token = undefined;
      throw new Failure({
        remedy: 'fix-connection',
        code: 'shopware.access-refused',
        message: `${host} refuses even a fresh token of Tillbridge. Deactivate and activate the app in Shopware, or install it once more.`,
        params: { host },
      });
    }
    return response;
  };
  const call = async (request: Parameters<Io['send']>[0]): Promise<unknown> => bodyOf(await answerTo(request), { host, now: io.now() });

  const search: AdminApi['search'] = async (entity, criteria, headers) => {
    const body = await call({
      method: 'POST',
      reads: true,
      url: `${base}/search/${entity}`,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(criteria),
      label: `search ${entity}`,
    });
    const rows = Rows.safeParse(body);
    if (!rows.success) throw notShopware(host, 200);
    return rows.data.data;
  };

  return {
    get: (path, label) => call({ method: 'GET', url: `${base}/${path}`, label }),
    search,
    async all(entity, criteria) {
      const rows: unknown[] = [];
      for (let page = 1; ; page++) {
        const found = await search(entity, { ...criteria, page, limit: pageRows });
        rows.push(...found);
        if (found.length < pageRows) return rows;
      }
    },
    async sync(operations) {
      const response = await answerTo({
        method: 'POST',
        url: `${base}/_action/sync`,
        // Without it the call indexes every product before it answers.
        headers: { 'content-type': 'application/json', 'indexing-behavior': 'use-queue-indexing' },
        body: JSON.stringify(operations),
        label: 'sync',
        timeoutMs: syncTimeoutMs,
      });
      const objections = objectionsOf(response);
      if (objections === undefined) bodyOf(response, { host, now: io.now(), wrote: true });
      return objections ?? [];
    },
  };
}
