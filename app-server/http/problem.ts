/** Every refusal of the API as application/problem+json (RFC 9457): a stable code, plain words and a remedy. */
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { Failure } from '../../connectors/failure.ts';
import { createRedactor } from '../../connectors/redaction.ts';
import type { Problem as ProblemBody } from './api.ts';
import type { Log } from './log.ts';

interface ProblemDetails {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly remedy: ProblemBody['remedy'];
  readonly detail?: string;
  readonly params?: Readonly<Record<string, string | number>>;
  /** Path in the body to message. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** Thrown by routes; its details are for the browser, so they hold no secret and no internals. */
export class Problem extends Error {
  readonly details: ProblemDetails;

  constructor(details: ProblemDetails) {
    super(details.title);
    this.name = 'Problem';
    this.details = details;
  }
}

/** What is unknown and what belongs to somebody else look the same. */
export const notFound = (): Problem => new Problem({ status: 404, code: 'not-found', title: 'There is nothing here.', remedy: 'reload' });

export const wrongContentType = (): Problem =>
  new Problem({ status: 415, code: 'wrong-content-type', title: 'Send JSON, with content-type application/json.', remedy: 'fix-data' });

export function invalidInput(fields: Readonly<Record<string, string>>): Problem {
  return new Problem({ status: 400, code: 'invalid-input', title: 'Some values are missing or wrong.', remedy: 'fix-data', fields });
}

/** Field errors by their dotted path behind `prefix`; the first message of each field. */
export function fieldsOf(error: z.ZodError, prefix = ''): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const issue of error.issues) {
    const path = [...(prefix === '' ? [] : [prefix]), ...issue.path.map(String)].join('.');
    fields[path] ??= issue.message;
  }
  return fields;
}

const failureTitles = {
  wait: 'The other side is away or asks us to wait.',
  retry: 'That did not work.',
  'fix-data': 'The other side does not accept this.',
  'fix-connection': 'The connection does not work.',
} as const satisfies Record<Failure['remedy'], string>;

/** Any thrown thing as a problem; what we did not foresee tells nothing of itself, a zod error deep inside included. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof Failure && error.code !== 'unexpected') {
    return new Problem({
      status: error.remedy === 'wait' || error.remedy === 'retry' ? 502 : 422,
      code: error.code,
      title: failureTitles[error.remedy],
      remedy: error.remedy,
      detail: error.message,
      params: error.params,
    });
  }
  return (
    bodyProblem(error) ?? new Problem({ status: 500, code: 'unexpected', title: 'Something went wrong on our side.', remedy: 'retry' })
  );
}

const HttpError = z.object({ status: z.number().int().min(400).max(499), type: z.string().optional(), expose: z.boolean().optional() });

/** What Express and its body parser refuse before a route sees it. */
function bodyProblem(error: unknown): Problem | undefined {
  const refusal = HttpError.safeParse(error);
  // Other libraries put the status of an answer they got on their errors; that is not our caller's fault.
  if (!refusal.success || (refusal.data.expose !== true && !(error instanceof URIError))) return undefined;
  const { status, type } = refusal.data;
  if (type === 'entity.parse.failed') {
    return new Problem({ status: 400, code: 'malformed-json', title: 'The body is not JSON.', remedy: 'fix-data' });
  }
  if (status === 413) return new Problem({ status: 413, code: 'too-large', title: 'The body is too large.', remedy: 'fix-data' });
  if (status === 415) return wrongContentType();
  if (status === 404) return notFound();
  return new Problem({ status, code: 'malformed-request', title: 'The request cannot be read.', remedy: 'reload' });
}

const redact = createRedactor([]);

/** Message and stack frames with personal data masked. */
function described(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { thrown: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { name: error.name, message: redact(error.message.slice(0, 500)), frames: frames.slice(0, 12).map((line) => line.trim()) };
}

/** The last handler. Logs what is our fault, with the request's id; tells the browser only what it can act on. */
export function problemHandler(log: Log): ErrorRequestHandler {
  return (error, _request, response, next) => {
    const problem = problemOf(error);
    if (problem.details.status === 500) {
      log.error({ requestId: response.locals.requestId, error: described(error) }, 'A request failed unexpectedly.');
    }
    if (response.headersSent) return next(error);
    sendProblem(response, problem);
  };
}

function sendProblem(response: Response, { details }: Problem): void {
  const body: ProblemBody = {
    type: `urn:tillbridge:problem:${details.code}`,
    title: details.title,
    status: details.status,
    code: details.code,
    remedy: details.remedy,
    ...(details.detail !== undefined && { detail: details.detail }),
    ...(details.params && { params: { ...details.params } }),
    ...(details.fields && { fields: { ...details.fields } }),
  };
  response.status(details.status).set('cache-control', 'no-store').type('application/problem+json').send(JSON.stringify(body));
}

export const unknownRoute: RequestHandler = (_request, _response, next) => next(notFound());
