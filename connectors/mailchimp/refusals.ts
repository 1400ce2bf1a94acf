/** What an answer that is not a success means, and what is to be done about it. Decided by the HTTP status, never by a `status` in the body. */
import { Failure } from '../failure.ts';

export interface Answer {
  /** Of HTTP. */
  readonly status: number;
  /** Parsed JSON; `undefined` where there was none. */
  readonly body: unknown;
}

export const succeeded = ({ status }: Answer): boolean => status >= 200 && status < 300;

interface Problem {
  readonly title: string;
  readonly detail: string;
  readonly fields: readonly string[];
  readonly messages: readonly string[];
}

/** `undefined`: no problem document, so it does not come from the API itself. `type` and `instance` are missing in the wild. */
function problemOf(body: unknown): Problem | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const { title, detail, errors } = body as Record<string, unknown>;
  if (typeof title !== 'string' && typeof detail !== 'string') return undefined;
  const list = Array.isArray(errors) ? (errors as Record<string, unknown>[]) : [];
  return {
    title: String(title ?? ''),
    detail: String(detail ?? ''),
    fields: list.map((error) => String(error?.field ?? '')).filter((field) => field !== ''),
    messages: list.map((error) => String(error?.message ?? '')),
  };
}

/** A create that found its id taken: what was to be made is there. */
export function existsAlready(answer: Answer): boolean {
  const problem = problemOf(answer.body);
  return answer.status === 400 && problem !== undefined && /already exists/i.test([problem.detail, ...problem.messages].join(' '));
}

/** What concerns the connection as a whole; `undefined`: the answer is about the one record. `write`: it may have taken effect. */
export function connectionFailure(answer: Answer, { write, waitMs }: { write: boolean; waitMs: number }): Failure | undefined {
  const { status, body } = answer;
  if (status === 401) {
    return new Failure({
      remedy: 'fix-connection',
      code: 'mailchimp.credentials',
      message: 'Mailchimp does not accept the key or the access any more. Connect Mailchimp again.',
    });
  }
  if (status === 403 && problemOf(body) !== undefined) {
    return new Failure({
      remedy: 'fix-connection',
      code: 'mailchimp.forbidden',
      message: 'Mailchimp does not allow this: the account is blocked, or its role or plan lacks it. Look at the account in Mailchimp.',
    });
  }
  // At very high volume a 403 without a document means the same as 429 (Marketing API 3.0, limits).
  if (status === 429 || status === 403) {
    return new Failure({
      remedy: 'wait',
      code: 'mailchimp.too-many-requests',
      message: 'Mailchimp asks us to slow down. It goes on by itself.',
      waitMs,
    });
  }
  if (status >= 500) {
    return new Failure({
      // An outage is waited for; over one record it may break down for ever.
      remedy: status === 500 ? 'retry' : 'wait',
      code: 'mailchimp.unavailable',
      message: `Mailchimp had an error of its own (${status}). It is tried again.`,
      params: { status },
      ambiguous: write,
    });
  }
  if (status < 200 || (status >= 300 && status < 400)) {
    return new Failure({
      remedy: 'retry',
      code: 'mailchimp.unreadable-answer',
      message: `Mailchimp's answer (${status}) cannot be read. It is tried again.`,
      params: { call: String(status) },
      ambiguous: write,
    });
  }
  return undefined;
}

/** How the failing record is called: its id or number in the source, never an address. */
export interface About {
  readonly record: string;
  readonly subject: string;
}

/** Of a request about one record. `answer` is neither a success nor a {@link connectionFailure}. */
export function recordFailure({ status, body }: Answer, { record, subject }: About): Failure {
  const problem = problemOf(body) ?? { title: '', detail: '', fields: [], messages: [] };
  const said = [problem.title, problem.detail, ...problem.messages].join(' ');
  const params = { record };
  if (status === 404) return recordGone({ record, subject });
  if (/compliance state/i.test(said)) {
    return new Failure({
      remedy: 'fix-data',
      code: 'mailchimp.compliance-state',
      message: `Record ${record}: this person unsubscribed, bounced or is under review in Mailchimp, and only they can sign up again.`,
      params,
    });
  }
  if (/forgotten email|permanently deleted|was permanently/i.test(said)) {
    return new Failure({
      remedy: 'fix-data',
      code: 'mailchimp.forgotten',
      message: `Record ${record}: this address was erased in Mailchimp for good. Only the person can sign up again.`,
      params,
    });
  }
  if (/member exists|already a list member|already exists/i.test(said)) {
    return new Failure({
      remedy: 'retry',
      code: 'mailchimp.exists-already',
      message: `Record ${record} came into being in Mailchimp at the same moment. It is looked at again.`,
      params,
      ambiguous: true,
    });
  }
  if (
    problem.fields.some((field) => /product_id|product_variant_id|variants/.test(field)) ||
    /product.*(not exist|not found)/i.test(said)
  ) {
    return new Failure({
      remedy: 'retry',
      code: 'mailchimp.variant-unknown',
      message: `Record ${record} has an article that the store in Mailchimp does not know any more. It is created there and tried again.`,
      params,
      ambiguous: true,
    });
  }
  if (problem.fields.some((field) => /email/i.test(field)) || /valid email|fake or invalid|real email/i.test(said))
    return invalidEmail(record);
  if (/merge field/i.test(said)) {
    const fields = problem.fields.join(', ');
    return new Failure({
      remedy: 'fix-data',
      code: 'mailchimp.merge-field',
      message: `Record ${record}: Mailchimp does not take the value for ${fields || 'a merge field'}. Correct it in the source, or map another field.`,
      params: { record, fields: fields || '–' },
    });
  }
  const fields = problem.fields.join(', ') || problem.title || String(status);
  return new Failure({
    remedy: 'fix-data',
    code: 'mailchimp.refused',
    message: `Record ${record}: Mailchimp refused the ${subject} (${fields}). Correct it in the source or in the settings.`,
    params: { record, subject, fields },
  });
}

export const invalidEmail = (record: string): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'mailchimp.email-invalid',
    message: `Record ${record}: Mailchimp does not take its e-mail address. Correct it in the source.`,
    params: { record },
  });

export const recordGone = ({ record, subject }: About): Failure =>
  new Failure({
    remedy: 'retry',
    code: 'mailchimp.record-gone',
    message: `Record ${record}: the ${subject} that was to be changed is not in Mailchimp any more. It is looked at again.`,
    params: { record, subject },
    ambiguous: true,
  });

export const audienceGone = (audience: string): Failure =>
  new Failure({
    remedy: 'fix-connection',
    code: 'mailchimp.audience-gone',
    message: `Mailchimp has no audience ${audience} any more. Choose another one in the connection.`,
    params: { audience },
  });

/** `count`: how many audiences there are to choose from. */
export const audienceMissing = (count: number): Failure =>
  new Failure({
    remedy: 'fix-connection',
    code: 'mailchimp.audience-missing',
    message:
      count === 0
        ? 'The Mailchimp account has no audience yet. Create one there.'
        : `The Mailchimp account has ${count} audiences. Choose one in the connection.`,
    params: { count },
  });

export const unreadable = (what: string, cause?: unknown): Failure =>
  new Failure({
    remedy: 'retry',
    code: 'mailchimp.unreadable-answer',
    message: `Mailchimp's answer to "${what}" cannot be read. It is tried again.`,
    params: { call: what },
    ...(cause !== undefined && { cause }),
  });

export const unreadableDraft = (record: string): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'mailchimp.draft-unusable',
    message: `Record ${record} lacks what Mailchimp needs. Complete it in the source.`,
    params: { record },
  });
