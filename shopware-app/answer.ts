/** The answers that every route of the app gives in the same words. */
import type { Response } from 'express';

/** Stable codes; the sender only sees the status, people see the rest in its log. */
export interface Refusal {
  readonly status: 400 | 401 | 413 | 415 | 503;
  readonly code: string;
  readonly title: string;
}

export const refusals = {
  unauthentic: { status: 401, code: 'shopware.signature-refused', title: 'The signature is not that of a registered shop.' },
  malformed: { status: 400, code: 'shopware.malformed', title: 'The body is not a Shopware delivery.' },
  tooLarge: { status: 413, code: 'shopware.too-large', title: 'The body is larger than 1 MB.' },
  wrongType: { status: 415, code: 'shopware.not-json', title: 'The body must be sent as application/json, uncompressed.' },
  unavailable: { status: 503, code: 'shopware.unavailable', title: 'Nothing was stored. Please deliver again later.' },
} as const satisfies Record<string, Refusal>;

const remedies = { 400: 'fix-data', 401: 'fix-connection', 413: 'fix-data', 415: 'fix-data', 503: 'wait' } as const;

/** Refuses with RFC 9457 problem details. */
export function refuse(response: Response, refusal: Refusal): void {
  const { status, code, title } = refusal;
  response.status(status).set('cache-control', 'no-store').type('application/problem+json');
  response.send(JSON.stringify({ type: 'about:blank', title, status, code, remedy: remedies[status] }));
}

/** Refuses a registration: Shopware shows the text of `error` to the merchant. */
export function refuseRegistration(response: Response, status: number, error: string): void {
  response.status(status).set('cache-control', 'no-store').json({ error });
}
