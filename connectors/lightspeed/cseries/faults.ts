/** What an answer that is no success means to the merchant (Lightspeed eCom C-Series REST API, error envelope). */
import type { ExchangeResponse } from '../../exchange.ts';
import { Failure } from '../../failure.ts';
import { withoutPeople } from '../refusal-words.ts';

interface Asked {
  readonly method: string;
  /** `orders/12/products`. */
  readonly path: string;
  readonly label: string;
}

/** `undefined`: a success. Of a missing record nothing is known but that it is not there. */
export function refusalOf(
  call: Asked,
  response: ExchangeResponse,
  access: { readonly language: string },
): Failure | 'not-found' | undefined {
  const { status } = response;
  if (status >= 200 && status < 300) return undefined;
  const writes = call.method !== 'GET';
  const reason = reasonOf(response.body);
  if (status === 401) return badCredentials();
  if (status === 403) return forbidden(call);
  if (status === 404 && /language/i.test(reason)) {
    return new Failure({
      remedy: 'fix-connection',
      code: 'lightspeed.language',
      message: `The language ${access.language} is not active in the shop. Choose one that is.`,
      params: { language: access.language },
    });
  }
  if (status === 404) return 'not-found';
  if (status === 408 || status >= 500) {
    return new Failure({
      // An outage is waited for; over one record it may break down for ever.
      remedy: status === 500 ? 'retry' : 'wait',
      code: 'lightspeed.unavailable',
      message: `Lightspeed could not carry out "${call.label}" (HTTP ${status}). It is tried again.`,
      params: { call: call.label, status },
      ambiguous: writes,
    });
  }
  return new Failure({
    remedy: 'fix-data',
    code: 'lightspeed.refused',
    message: `Lightspeed refused "${call.label}" (HTTP ${status})${reason === '' ? '.' : `: ${reason}`}`,
    params: { call: call.label, status, reason },
  });
}

export const badCredentials = (): Failure =>
  new Failure({
    remedy: 'fix-connection',
    code: 'lightspeed.credentials',
    message:
      'Lightspeed does not accept the API key. Look it up in the back office under Settings, Developers, and enter key and secret again.',
  });

/** The key may do other things: only what it may not do stands still. */
function forbidden({ path, method }: Asked): Failure {
  const area = path.split('/')[0] ?? path;
  const right = method === 'GET' ? 'read' : 'write';
  return new Failure({
    remedy: 'fix-data',
    code: 'lightspeed.permission',
    message: `The API key may not ${right} ${area}. Give it that permission in the back office under Settings, Developers.`,
    params: { area, right },
  });
}

export const unreadable = (what: string, ambiguous = false): Failure =>
  new Failure({
    remedy: 'retry',
    code: 'lightspeed.unreadable-answer',
    message: `The answer of Lightspeed to "${what}" cannot be read. It is asked again.`,
    params: { call: what },
    ambiguous,
  });

/** What was to be changed is not there: looked for again, as if the answer had been lost. */
export const gone = (what: string): Failure =>
  new Failure({
    remedy: 'retry',
    code: 'lightspeed.record-gone',
    message: `What "${what}" was about is no longer in Lightspeed. It is looked for again.`,
    params: { call: what },
    ambiguous: true,
  });

/** The server's words with the names of the fields. */
function reasonOf(body: string): string {
  try {
    const { error } = JSON.parse(body) as { error?: { message?: unknown; errors?: unknown } };
    const fields = typeof error?.errors === 'object' && error.errors !== null ? Object.keys(error.errors).slice(0, 5) : [];
    const words = typeof error?.message === 'string' ? error.message : '';
    return withoutPeople(`${words}${fields.length === 0 ? '' : ` (${fields.join(', ')})`}`).slice(0, 200);
  } catch {
    return '';
  }
}
