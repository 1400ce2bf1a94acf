/** What the API says when it refuses (Marketing API 3.0, problem documents). */
import { randomUUID } from 'node:crypto';

export interface FieldError {
  readonly field: string;
  readonly message: string;
}

export class Problem extends Error {
  readonly status: number;
  readonly title: string;
  readonly errors: readonly FieldError[];

  constructor(status: number, title: string, detail: string, errors: readonly FieldError[] = []) {
    super(detail);
    this.status = status;
    this.title = title;
    this.errors = errors;
  }
}

export const document = (problem: Problem): Record<string, unknown> => ({
  type: 'https://mailchimp.com/developer/marketing/docs/errors/',
  title: problem.title,
  status: problem.status,
  detail: problem.message,
  instance: randomUUID(),
  ...(problem.errors.length > 0 && { errors: problem.errors }),
});

export const notFound = () => new Problem(404, 'Resource Not Found', 'The requested resource could not be found.');
export const methodNotAllowed = () => new Problem(405, 'Method Not Allowed', 'The requested method and resource are not compatible.');
export const badRequest = (detail: string) => new Problem(400, 'Bad Request', detail);
export const invalid = (...errors: FieldError[]) =>
  new Problem(
    400,
    'Invalid Resource',
    "The resource submitted could not be validated. For field-specific details, see the 'errors' array.",
    errors,
  );
export const keyInvalid = () =>
  new Problem(401, 'API Key Invalid', 'Your API key may be invalid, or you’ve attempted to access the wrong datacenter.');
export const tooMany = (detail = 'You have exceeded the limit of 10 simultaneous connections.') =>
  new Problem(429, 'Too Many Requests', detail);
export const memberExists = (email: string) =>
  new Problem(400, 'Member Exists', `${email} is already a list member. Use PUT to insert or update list members.`);
export const compliance = (email: string) =>
  new Problem(
    400,
    'Member In Compliance State',
    `${email} is in a compliance state due to unsubscribe, bounce, or compliance review and cannot be subscribed.`,
  );
export const forgotten = (email: string) =>
  new Problem(
    400,
    'Forgotten Email Not Subscribed',
    `${email} was permanently deleted and cannot be re-imported. The contact must re-subscribe to get back on the list.`,
  );
export const alreadyExists = (what: string) => badRequest(`A ${what} with the provided ID already exists in the account for this list.`);
