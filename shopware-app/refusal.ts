/** What an answer of the Admin API that is not the wanted one means: for the merchant, or for a single row. Pure. */
import { z } from 'zod';
import type { ExchangeResponse } from '../connectors/exchange.ts';
import { Failure, type FailureDetails } from '../connectors/failure.ts';

const Errors = z.object({
  errors: z
    .array(
      z.object({
        code: z.union([z.string(), z.number()]).transform(String).optional(),
        detail: z.string().nullish(),
        source: z.object({ pointer: z.string() }).optional().catch(undefined),
        meta: z
          .object({
            parameters: z
              .object({ seconds: z.coerce.number().positive().optional().catch(undefined), number: z.string().optional().catch(undefined) })
              .optional()
              .catch(undefined),
          })
          .optional()
          .catch(undefined),
      }),
    )
    .min(1),
});
const MissingPrivileges = z.object({ missingPrivileges: z.array(z.string()).min(1) });

export interface Objection {
  readonly code: string;
  readonly detail: string;
  /** `/{key}/{index}/{field}`; absent where Shopware does not say which row it is. */
  readonly pointer?: string;
  /** The product number that is taken already. */
  readonly number?: string;
}

/** What Shopware has against single rows: its own validation (400), or a database that refuses data (500 with SQLSTATE class 22 or 23). */
export function objectionsOf(response: ExchangeResponse): Objection[] | undefined {
  if (response.status !== 400 && response.status !== 500) return undefined;
  const parsed = Errors.safeParse(jsonOf(response.body));
  if (!parsed.success) return undefined;
  const { errors } = parsed.data;
  if (response.status === 500 && !errors.some(({ detail }) => /SQLSTATE\[2[23]/.test(detail ?? ''))) return undefined;
  return errors.map(({ code, detail, source, meta }) => ({
    code: code ?? '',
    detail: detail ?? '',
    ...(source && { pointer: source.pointer }),
    ...(meta?.parameters?.number !== undefined && { number: meta.parameters.number }),
  }));
}

interface Place {
  readonly host: string;
  readonly now: Date;
  /** The request may have changed something. */
  readonly wrote?: true;
}

/** The JSON of a good answer; everything else as the Failure that says what to do. Never assumes JSON: proxies answer in HTML. */
export function bodyOf(response: ExchangeResponse, at: Place): unknown {
  const { status } = response;
  const json = jsonOf(response.body);
  if (status >= 200 && status < 300 && json !== undefined) return json;
  const errors = Errors.safeParse(json);
  throw new Failure(refusalOf(response, { ...at, errors: errors.success ? errors.data.errors : [] }));
}

function refusalOf(response: ExchangeResponse, at: Place & { readonly errors: z.infer<typeof Errors>['errors'] }): FailureDetails {
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
          message: `Tillbridge may not ${at.wrote ? 'write' : 'read'} everything it needs in ${host}: ${privileges}. Accept the permissions of the app in Shopware, or update the app.`,
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
  // Indexing and orders lock the same rows (issues #7398, #3524): the transaction was rolled back, a moment later it passes.
  if (status >= 500 && /SQLSTATE\[40001\]|Deadlock|\b1205\b|Lock wait timeout/i.test(first?.detail ?? '')) {
    return { remedy: 'wait', code: 'shopware.busy', message: `The database of ${host} is busy with the same rows.`, params: { host } };
  }
  if (status >= 500 || first === undefined) {
    const waitMs = retryAfterMs(response.headers['retry-after'], at.now);
    return {
      remedy: 'wait',
      code: 'shopware.unavailable',
      message: `${host} is away (status ${status}${first === undefined ? ', not JSON' : ''}).`,
      params: { host, status },
      ...(at.wrote && { ambiguous: true }),
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

export function notShopware(host: string, status: number): Failure {
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
