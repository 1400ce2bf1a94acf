/** One call to the store's API: status and error body become a Failure that says what to do. */
import type { ExchangeResponse, Send } from '../connectors/exchange.ts';
import { Failure, failureOf } from '../connectors/failure.ts';

export interface Call {
  /** Default GET. */
  readonly method?: 'GET' | 'POST' | 'PUT';
  /** JSON. */
  readonly body?: string;
  /** Path below `/{storeId}` with its query: `/orders/XJ12H`. Never carries the token. */
  readonly path: string;
  readonly label: string;
  /** The scope that this call needs, named to the merchant when it is missing. */
  readonly scope: string;
  readonly timeoutMs?: number;
}

export interface ApiAccess {
  readonly apiBaseUrl: string;
  readonly storeId: string;
  readonly accessToken: string;
  readonly send: Send;
}

type Answer = Pick<ExchangeResponse, 'status' | 'headers' | 'body'>;

/** Permissions change when the app is installed again, and that tells us; this is for a store that does it otherwise. */
const heldBack = { remedy: 'wait', waitMs: 30 * 60_000 } as const;

/** The parsed JSON of the answer, `undefined` for 404. Throws a Failure for all else. */
export async function callApi(access: ApiAccess, call: Call): Promise<unknown> {
  const response = await sent(access, {
    method: call.method ?? 'GET',
    url: `${access.apiBaseUrl}/${encodeURIComponent(access.storeId)}${call.path}`,
    headers: {
      authorization: `Bearer ${access.accessToken}`,
      accept: 'application/json',
      ...(call.body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(call.body !== undefined && { body: call.body }),
    label: call.label,
    ...(call.timeoutMs !== undefined && { timeoutMs: call.timeoutMs }),
  });
  return answerOf(access, call, response);
}

/** What an answer says, wherever it came from: one of its own or a part of a batch. Throws like {@link callApi}. */
export function answerOf(access: Pick<ApiAccess, 'storeId'>, call: Call, response: Answer): unknown {
  if (response.status === 404) return undefined;
  if (response.status < 200 || response.status > 299) throw refusal(access, call, response);
  const body = jsonOf(response.body);
  if (typeof body !== 'object' || body === null) {
    throw new Failure({
      remedy: 'retry',
      code: 'shop.unreadable-answer',
      message: `The store's answer to "${call.label}" cannot be read.`,
      params: { call: call.label },
      ambiguous: (call.method ?? 'GET') !== 'GET',
    });
  }
  return body;
}

/** Failures of the network name the host, and with it the platform, whose name the merchant never reads. */
async function sent(access: ApiAccess, request: Parameters<Send>[0]): Promise<ExchangeResponse> {
  try {
    return await access.send(request);
  } catch (error) {
    const failure = failureOf(error);
    if (!failure.code.startsWith('network.')) throw failure;
    throw new Failure({
      remedy: failure.remedy,
      code: failure.remedy === 'wait' ? 'shop.unavailable' : 'shop.refused',
      message:
        failure.remedy === 'wait'
          ? `Store ${access.storeId} cannot be reached.`
          : `The answer of store ${access.storeId} to "${request.label ?? request.method}" cannot be used.`,
      params: { call: request.label ?? request.method },
      ambiguous: failure.ambiguous,
      cause: failure,
      ...(failure.waitMs !== undefined && { waitMs: failure.waitMs }),
    });
  }
}

/** Bodies of errors may be empty or HTML (docs and a third-party client disagree): only `errorCode` is looked at, if it is there. */
function refusal(access: Pick<ApiAccess, 'storeId'>, call: Call, response: Answer): Failure {
  const { status } = response;
  const writes = call.method === 'POST' || call.method === 'PUT';
  const errorCode = errorCodeOf(response.body);
  if (status === 403 && errorCode === 'INSUFFICIENT_APP_SCOPE') {
    return new Failure({
      // A feature without its permission is off; what the others do goes on. Without the profile nothing works.
      ...(writes ? { remedy: 'fix-data' } : call.scope === 'read_store_profile' ? { remedy: 'fix-connection' } : heldBack),
      code: 'shop.privileges-missing',
      message: `Store ${access.storeId} did not give the app the permission ${call.scope}. Uninstall the app and install it again.`,
      params: { privileges: call.scope },
    });
  }
  if (status === 401 || status === 403) {
    return new Failure({
      remedy: 'fix-connection',
      code: 'shop.credentials',
      message: `Store ${access.storeId} no longer accepts the app's token. Open the app from the Control Panel again, or install it again.`,
    });
  }
  if (status === 402 && errorCode?.startsWith('MAX_')) {
    return new Failure({
      remedy: 'fix-data',
      code: 'shop.plan-limit',
      message: `The plan of store ${access.storeId} allows no more of these (${errorCode}). Upgrade it or remove some.`,
      params: { errorCode },
    });
  }
  if (status === 402) {
    return new Failure({
      remedy: 'fix-connection',
      code: 'shop.plan',
      message: `The plan of store ${access.storeId} does not include apps, or the store is suspended. Upgrade or reactivate it.`,
      ...(errorCode !== undefined && { params: { errorCode } }),
    });
  }
  if (status === 429) {
    return new Failure({
      remedy: 'wait',
      code: 'shop.too-many-requests',
      message: `Store ${access.storeId} asks us to slow down.`,
      waitMs: retryAfterMs(response.headers['retry-after']),
    });
  }
  if (status === 408 || status >= 500) {
    return new Failure({
      remedy: 'wait',
      code: 'shop.unavailable',
      message: `Store ${access.storeId} is not available (HTTP ${status}).`,
      params: { status },
      ambiguous: writes,
    });
  }
  if (status === 409 && (errorCode === 'SKU_ALREADY_EXISTS' || errorCode === 'EXTERNAL_ID_ALREADY_USED')) {
    return new Failure({
      remedy: 'retry',
      code: 'shop.exists-already',
      message: `Store ${access.storeId} has this article already, although its search did not show it. It is looked for again.`,
      params: { errorCode },
      ambiguous: true,
    });
  }
  return new Failure({
    remedy: 'fix-data',
    code: 'shop.refused',
    message: `Store ${access.storeId} refused "${call.label}" (HTTP ${status}${errorCode === undefined ? '' : `, ${errorCode}`}).`,
    params: { call: call.label, status, ...(errorCode !== undefined && { errorCode }) },
  });
}

/** Seconds; the official Java client waits 10 s without the header and at most 60 s. */
function retryAfterMs(header: string | undefined): number {
  const seconds = Number(header ?? '10');
  return Math.min(Number.isFinite(seconds) && seconds > 0 ? seconds : 10, 600) * 1000;
}

function errorCodeOf(body: string): string | undefined {
  const error = jsonOf(body);
  if (typeof error !== 'object' || error === null || !('errorCode' in error)) return undefined;
  return typeof error.errorCode === 'string' ? error.errorCode.slice(0, 60) : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
