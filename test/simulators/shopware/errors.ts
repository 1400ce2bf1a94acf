/** Errors in the shape of the shop's ErrorResponseFactory. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: { readonly errors: readonly Readonly<Record<string, unknown>>[] };
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, error: Readonly<Record<string, unknown>>, headers: Readonly<Record<string, string>> = {}) {
    super(String(error.detail ?? error.title ?? status));
    this.status = status;
    const { errors } = error;
    this.body = { errors: Array.isArray(errors) ? errors : [{ status: String(status), ...error }] };
    this.headers = headers;
  }
}

export function badRequest(code: string, detail: string, parameters: Readonly<Record<string, unknown>> = {}): ApiError {
  return new ApiError(400, { code, title: 'Bad Request', detail, meta: { parameters } });
}

export function notFound(entity: string, id: string): ApiError {
  return new ApiError(404, {
    code: 'FRAMEWORK__RESOURCE_NOT_FOUND',
    title: 'Not Found',
    detail: `The ${entity} resource with the following primary key was not found: id(${id})`,
    meta: { parameters: { type: entity, primaryKeyString: `id(${id})` } },
  });
}

/** The detail is itself JSON, as text. */
export function missingPrivileges(privileges: readonly string[]): ApiError {
  return new ApiError(403, {
    code: 'FRAMEWORK__MISSING_PRIVILEGE_ERROR',
    title: 'Forbidden',
    detail: JSON.stringify({ message: 'Missing privilege', missingPrivileges: privileges }),
    meta: { parameters: [] },
  });
}
