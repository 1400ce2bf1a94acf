/** How C-Series writes things: envelopes, references, times, lists (Lightspeed eCom C-Series REST API). */

/** A request that is turned down: status and the message of the error envelope. */
export class Refusal extends Error {
  readonly status: number;
  readonly fields: Readonly<Record<string, string>> | undefined;
  constructor(status: number, message: string, fields?: Readonly<Record<string, string>>) {
    super(message);
    this.status = status;
    this.fields = fields;
  }
}

export type Fields = Readonly<Record<string, unknown>>;

function lastSunday(year: number, month: number): number {
  const end = new Date(Date.UTC(year, month + 1, 0, 1));
  return end.getTime() - end.getUTCDay() * 86_400_000;
}

/** `2026-06-02T10:24:43+02:00`: the shop's wall clock, Amsterdam. */
export function stamp(at: number): string {
  const year = new Date(at).getUTCFullYear();
  const hours = at >= lastSunday(year, 2) && at < lastSunday(year, 9) ? 2 : 1;
  return `${new Date(at + hours * 3_600_000).toISOString().slice(0, 19)}+0${hours}:00`;
}

/** Filters say `2026-06-02 08:24:43` and mean UTC. */
function filterTime(text: string): number | undefined {
  const time = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text) ? Date.parse(`${text.replace(' ', 'T')}Z`) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

export interface Linker {
  /** Base of the API as the client sees it. */
  readonly base: string;
  readonly language: string;
}

export const reference = (to: Linker, url: string, id: number | string | false, embedded?: unknown) => ({
  resource: {
    id,
    url,
    link: `${to.base}/${to.language}/${url.replace(/(\?|$)/, '.json$1')}`,
    ...(embedded !== undefined && { embedded }),
  },
});

/** Ten-thousandths as the decimal number of the wire. */
export const decimal = (tenThousandths: number): number => tenThousandths / 10_000;

/** The net part of a gross amount, whatever its unit; `rate` in basis points. */
export const netOf = (gross: number, rate: number): number => Math.round((gross * 10_000) / (10_000 + rate));
export const grossOf = (net: number, rate: number): number => Math.round((net * (10_000 + rate)) / 10_000);

/** `false`, `"false"`, 0 and "0" all mean no, as in form bodies. */
export const isFalse = (value: unknown): boolean => value === false || value === 'false' || value === 0 || value === '0';

interface Listed {
  readonly id: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

const paging = new Set(['page', 'limit', 'since_id', 'fields', 'created_at_min', 'created_at_max', 'updated_at_min', 'updated_at_max']);

/** Rows that the query asks for before paging. Filters nobody knows are ignored, and said to `unexpected`. */
export function filtered<T extends Listed>(
  query: URLSearchParams,
  source: { all(): readonly T[]; find(key: string, value: string): readonly T[]; has(key: string): boolean },
  unexpected: (what: string) => void,
): readonly T[] {
  const filters = [...query].filter(([name]) => !paging.has(name));
  let rows: readonly T[] | undefined;
  for (const [name, value] of filters) {
    if (!source.has(name)) {
      unexpected(`a filter that is ignored: ${name}`);
      continue;
    }
    const found = source.find(name, value.toLowerCase());
    const ids = new Set(found.map((row) => row.id));
    rows = rows === undefined ? found : rows.filter((row) => ids.has(row.id));
  }
  let result = rows ?? source.all();
  for (const field of ['created_at', 'updated_at'] as const) {
    const of = (row: T): number => Math.floor((field === 'created_at' ? row.createdAt : row.updatedAt) / 1000) * 1000;
    for (const side of ['min', 'max'] as const) {
      const text = query.get(`${field}_${side}`);
      if (text === null) continue;
      const limit = filterTime(text);
      if (limit === undefined) unexpected(`a time that is not YYYY-MM-DD HH:MM:SS: ${field}_${side}=${text}`);
      else result = result.filter((row) => (side === 'min' ? of(row) >= limit : of(row) <= limit));
    }
  }
  return result;
}

/** One page: 50 rows unless told, 250 at most, `since_id` before `page`. */
export function paged<T extends { readonly id: number }>(query: URLSearchParams, rows: readonly T[]): readonly T[] {
  const limit = Math.min(250, Math.max(1, Number(query.get('limit') ?? 50) || 50));
  const since = query.get('since_id');
  const after = since === null ? rows : rows.filter((row) => row.id > Number(since));
  const page = Math.max(1, Number(query.get('page') ?? 1) || 1);
  return after.slice((page - 1) * limit, page * limit);
}

export function picked(query: URLSearchParams, record: Fields): Fields {
  const names = query.get('fields')?.split(',');
  return names === undefined ? record : Object.fromEntries(names.flatMap((name) => (name in record ? [[name, record[name]]] : [])));
}

/** JSON, or a form with names such as `variant[stockLevel]`. */
export function parsedBody(body: string, contentType: string): Fields {
  if (contentType.includes('form-urlencoded')) {
    const result: Record<string, Record<string, string>> = {};
    for (const [name, value] of new URLSearchParams(body)) {
      const [, key = name, field = ''] = /^(\w+)\[(\w+)\]$/.exec(name) ?? [];
      result[key] = { ...result[key], [field]: value };
    }
    return result;
  }
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null) return value as Fields;
  } catch {
    // Answered below like any other body that is no object.
  }
  throw new Refusal(400, 'Invalid data input.');
}
