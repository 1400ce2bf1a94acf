/** What has to happen before the same thing can succeed. Only `retry` and `wait` are repeated by the engine itself. */
export type Remedy = 'retry' | 'wait' | 'fix-data' | 'fix-connection';

/** Values that the plain-words text of a failure names: a SKU, a difference in cents, a host. Never a secret, never personal data. */
export type FailureParams = Readonly<Record<string, string | number>>;

export interface FailureDetails {
  readonly remedy: Remedy;
  /** Stable, kebab-case, prefixed by the room it comes from: `till.article-missing`, `network.timeout`. */
  readonly code: string;
  /** One English sentence: who, what, which record, what to do. The screens translate `code` with `params`. */
  readonly message: string;
  readonly params?: FailureParams;
  /** With remedy `wait`: how long the other side asked us to stay away, in milliseconds. */
  readonly waitMs?: number;
  /** True when the request may have taken effect although its answer was lost: look before repeating. */
  readonly ambiguous?: boolean;
  readonly cause?: unknown;
}

/** Something went wrong, and this says what is to be done about it. Decided where it is thrown, never guessed later. */
export class Failure extends Error {
  readonly remedy: Remedy;
  readonly code: string;
  readonly params: FailureParams;
  readonly waitMs: number | undefined;
  readonly ambiguous: boolean;

  constructor(details: FailureDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'Failure';
    this.remedy = details.remedy;
    this.code = details.code;
    this.params = details.params ?? {};
    this.waitMs = details.waitMs;
    this.ambiguous = details.ambiguous ?? false;
  }

  /** The same failure of something that may have taken effect, or that has not. */
  as(ambiguous: boolean): Failure {
    const { remedy, code, message, params, waitMs, cause } = this;
    return new Failure({ remedy, code, message, params, ambiguous, cause, ...(waitMs !== undefined && { waitMs }) });
  }
}

/** Any thrown thing as a failure; what we did not foresee is retried under the code `unexpected`. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Failure({ remedy: 'retry', code: 'unexpected', message: `Unexpected: ${message}`, cause: error });
}

/** What the work gives, or why it cannot: one that fails does not take the others along. */
export function attempt<T>(work: () => T): T | Failure {
  try {
    return work();
  } catch (error) {
    return failureOf(error);
  }
}
