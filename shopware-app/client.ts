/** The Admin API over the connection's only way out: token, paging, and what each refusal means for the merchant. Reads only. */
import { z } from 'zod';
import type { Io } from '../connectors/connector.ts';
import type { ExchangeResponse } from '../connectors/exchange.ts';
import { Failure, type FailureDetails } from '../connectors/failure.ts';
import type { ShopwareSettings } from './settings.ts';

/** Most rows that Shopware gives in one page (`shopware.api.max_limit`). */
export const pageRows = 500;
/** A token lives 600 s; one that ends while it travels would cost a refused call. */
const tokenLeewayMs = 30_000;

export type Criteria = Readonly<Record<string, unknown>>;

export interface AdminApi {
  /** `GET /api/{path}`, parsed as JSON. */
  get(path: string, label: string): Promise<unknown>;
  /** One page of `POST /api/search/{entity}`; the entity in kebab-case. */
  search(entity: string, criteria: Criteria, headers?: Readonly<Record<string, string>>): Promise<readonly unknown[]>;
  /** All pages, for lists that are small by nature (payment methods, taxes). */
  all(entity: string, criteria: Criteria): Promise<readonly unknown[]>;
}

const Token = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });
const Rows = z.object({ data: z.array(z.unknown()) });
const Errors = z.object({
  errors: z
    .array(
      z.object({
        code: z.union([z.string(), z.number()]).transform(String).optional(),
        detail: z.string().nullish(),
        meta: z
          .object({ parameters: z.object({ seconds: z.coerce.number().positive().optional() }).optional().catch(undefined) })
          .optional()
          .catch(undefined),
      }),
    )
    .min(1),
});
const MissingPrivileges = z.object({ missingPrivileges: z.array(z.string()).min(1) });

/** Opens a client; the token is fetched at the first call and shared by all that wait for it. */
export function createAdminApi(settings: ShopwareSettings, io: Io): AdminApi {
  const base = `${settings.shopUrl.replace(/\/+$/, '')}/api`;
  const host = new URL(base).host;
  let token: { readonly value: string; readonly expiresAt: number } | undefined;
  let fetching: Promise<string> | undefined;

  /** Everything here only reads, so a lost answer leaves nothing behind that would have to be looked for. */
  const send: Io['send'] = async (request) => {
    try {
      return await io.send(request);
    } catch (error) {
      if (!(error instanceof Failure) || !error.ambiguous) throw error;
      throw new Failure({
        remedy: error.remedy,
        code: error.code,
        message: error.message,
        params: error.params,
        ...(error.waitMs !== undefined && { waitMs: error.waitMs }),
        cause: error,
      });
    }
  };

  const fetchToken = async (): Promise<string> => {
    const startedAt = io.now().getTime();
    const response = await send({
      method: 'POST',
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

  const call = async (request: Parameters<Io['send']>[0]): Promise<unknown> => {
    const attempt = (value: string) =>
      send({ ...request, headers: { accept: 'application/json', ...request.headers, authorization: `Bearer ${value}` } });
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
    return bodyOf(response, { host, now: io.now() });
  };

  const search: AdminApi['search'] = async (entity, criteria, headers) => {
    const body = await call({
      method: 'POST',
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
  };
}

/** The JSON of a good answer; everything else as the Failure that says what to do. Never assumes JSON: proxies answer in HTML. */
function bodyOf(response: ExchangeResponse, at: { readonly host: string; readonly now: Date }): unknown {
  const { status } = response;
  const json = jsonOf(response.body);
  if (status >= 200 && status < 300 && json !== undefined) return json;
  const errors = Errors.safeParse(json);
  throw new Failure(refusalOf(response, { ...at, errors: errors.success ? errors.data.errors : [] }));
}

function refusalOf(
  response: ExchangeResponse,
  at: { readonly host: string; readonly now: Date; readonly errors: z.infer<typeof Errors>['errors'] },
): FailureDetails {
  const { host } = at;
  const { status } = response;
  const first = at.errors[0];
  if (status === 429) {
    const waitMs = retryAfterMs(response.headers['retry-after'], at.now) ?? secondsToMs(first?.meta?.parameters?.seconds);
    return {
      remedy: 'wait',
      code: 'shopware.too-many-requests',
      message: `${host} asks us to slow down.`,
      params: { host },
      ...(waitMs !== undefined && { waitMs }),
    };
  }
  if (status === 403 && first !== undefined) {
    const missing = MissingPrivileges.safeParse(jsonOf(first.detail ?? ''));
    const privileges = missing.success ? missing.data.missingPrivileges.join(', ') : '';
    return missing.success
      ? {
          remedy: 'fix-connection',
          code: 'shopware.missing-privileges',
          message: `Tillbridge may not read everything it needs in ${host}: ${privileges}. Accept the permissions of the app in Shopware, or update the app.`,
          params: { host, privileges },
        }
      : {
          remedy: 'fix-connection',
          code: 'shopware.forbidden',
          message: `${host} forbids Tillbridge this request (${first.code ?? status}). Check the permissions of the app in Shopware.`,
          params: { host, error: first.code ?? '' },
        };
  }
  if (status === 404 && first === undefined) {
    return {
      remedy: 'fix-connection',
      code: 'shopware.no-api',
      message: `There is no Shopware Admin API under ${host}. Check the APP_URL of the shop.`,
      params: { host },
    };
  }
  if (status >= 500 || first === undefined) {
    const waitMs = retryAfterMs(response.headers['retry-after'], at.now);
    return {
      remedy: 'wait',
      code: 'shopware.unavailable',
      message: `${host} is away (status ${status}${first === undefined ? ', not JSON' : ''}).`,
      params: { host, status },
      ...(waitMs !== undefined && { waitMs }),
    };
  }
  return {
    remedy: 'fix-data',
    code: 'shopware.request-refused',
    message: `${host} refuses a request of Tillbridge (${first.code ?? status}). Tell support; nothing was changed.`,
    params: { host, status, error: first.code ?? '' },
  };
}

function notShopware(host: string, status: number): Failure {
  return new Failure({
    remedy: 'wait',
    code: 'shopware.unavailable',
    message: `${host} answers, but not as Shopware does (status ${status}).`,
    params: { host, status },
  });
}

function retryAfterMs(header: string | undefined, now: Date): number | undefined {
  if (header === undefined || header.trim() === '') return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now.getTime();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

function secondsToMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
