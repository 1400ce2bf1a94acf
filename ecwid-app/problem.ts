/** Refusals in the form of RFC 9457, as the rest of the server gives them. */
import type { ErrorRequestHandler, Response } from 'express';
import { failureOf } from '../connectors/failure.ts';
import type { Log } from './ports.ts';

export interface Refusal {
  readonly status: number;
  /** Stable, kebab-case. */
  readonly code: string;
  readonly title: string;
}

export function refuse(response: Response, refusal: Refusal): void {
  response
    .status(refusal.status)
    .set('cache-control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', remedy: refusal.status >= 500 ? 'wait' : 'fix-data', ...refusal }));
}

/** Bodies that cannot be read are the sender's fault (4xx); all else is ours, and asks for a repetition (503). */
export function refuseErrors(log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const status = statusOf(error);
    if (status === 413) return refuse(response, { status, code: 'body-too-large', title: 'The body is too large.' });
    if (status !== undefined) return refuse(response, { status, code: 'body-unreadable', title: 'The body cannot be read.' });
    log.warn({ route: request.path, code: failureOf(error).code }, 'could not take in a request');
    return refuse(response, { status: 503, code: 'try-again', title: 'This could not be stored now. Send it again.' });
  };
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('status' in error)) return undefined;
  const { status } = error;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
