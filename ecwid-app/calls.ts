/** One call to the store's API: status and error body become a Failure that says what to do. */
import type { ExchangeResponse, Send } from '../connectors/exchange.ts';
import { Failure } from '../connectors/failure.ts';

export interface Call {
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

/** The parsed JSON of the answer, `undefined` for 404. Throws a Failure for all else. */
export async function callApi(access: ApiAccess, call: Call): Promise<unknown> {
  const response = await access.send({
    method: 'GET',
    url: `${access.apiBaseUrl}/${encodeURIComponent(access.storeId)}${call.path}`,
    headers: { authorization: `Bearer ${access.accessToken}`, accept: 'application/json' },
    label: call.label,
    ...(call.timeoutMs !== undefined && { timeoutMs: call.timeoutMs }),
  });
  if (response.status === 404) return undefined;
  if (response.status < 200 || response.status > 299) throw refusal(access, call, response);
  const body = jsonOf(response.body);
  if (typeof body !== 'object' || body === null) {
    throw new Failure({
      remedy: 'retry',
      code: 'shop.unreadable-answer',
      message: `The store's answer to "${call.label}" cannot be read.`,
      params: { call: call.label },
    });
  }
  return body;
}

/** Bodies of errors may be empty or HTML (docs and a third-party client disagree): only `errorCode` is looked at, if it is there. */
function refusal(access: ApiAccess, call: Call, response: ExchangeResponse): Failure {
  const { status } = response;
  const errorCode = errorCodeOf(response.body);
  if (status === 403 && errorCode === 'INSUFFICIENT_APP_SCOPE') {
    return new Failure({
      remedy: 'fix-connection',
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
