/** Records with the version of their last change: lists are the feed of changes (X-Series, pagination by `after`). */
export interface Versioned {
  readonly id: string;
  version: number;
  deleted_at: string | null;
}

export interface Feed<T> {
  readonly data: readonly T[];
  readonly version: { readonly min: number; readonly max: number };
}

export interface VersionedTable<T extends Versioned> {
  add(row: Omit<T, 'version'>): T;
  /** Deleted ones included. */
  get(id: string): T | undefined;
  /** Deleted ones included. */
  size(): number;
  /** Not deleted, in the order of their last change. */
  all(): readonly T[];
  /** Not deleted, by a value that is indexed. */
  find(key: string, value: string): readonly T[];
  /** After every change: gives the next version. */
  touch(row: T): void;
  /** A page of changes: `after`, `before`, `page_size`, `deleted`. */
  feed(query: URLSearchParams, where?: (row: T) => boolean): Feed<T>;
}

const mostPerPage = 10_000;

export function createVersioned<T extends Versioned>(
  next: () => number,
  keys: Readonly<Record<string, (row: T) => string | readonly string[]>> = {},
): VersionedTable<T> {
  // Moved to the end whenever it changes, so that reading in order is reading by version.
  const rows = new Map<string, T>();
  const indexes = new Map(Object.keys(keys).map((key) => [key, new Map<string, Set<string>>()]));
  const filed = new Map<string, readonly (readonly [string, string])[]>();

  function file(row: T): void {
    for (const [key, value] of filed.get(row.id) ?? []) indexes.get(key)?.get(value)?.delete(row.id);
    const values = Object.entries(keys).flatMap(([key, read]) => [read(row)].flat().map((value) => [key, value] as const));
    for (const [key, value] of values) {
      const index = indexes.get(key);
      const bucket = index?.get(value) ?? new Set();
      bucket.add(row.id);
      index?.set(value, bucket);
    }
    filed.set(row.id, values);
  }

  function touch(row: T): void {
    row.version = next();
    rows.delete(row.id);
    rows.set(row.id, row);
    file(row);
  }

  return {
    add(draft) {
      const row = { ...draft, version: 0 } as T;
      touch(row);
      return row;
    },
    get: (id) => rows.get(id),
    size: () => rows.size,
    all: () => [...rows.values()].filter((row) => row.deleted_at === null),
    find: (key, value) =>
      [...(indexes.get(key)?.get(value) ?? [])].flatMap((id) => {
        const row = rows.get(id);
        return row === undefined || row.deleted_at !== null ? [] : row;
      }),
    touch,
    feed(query, where = () => true) {
      const after = Number(query.get('after') ?? 0);
      const before = Number(query.get('before') ?? Number.POSITIVE_INFINITY);
      const size = Math.min(mostPerPage, Math.max(1, Number(query.get('page_size') ?? 100) || 100));
      const deleted = query.get('deleted') === 'true';
      const wanted: T[] = [];
      for (const row of rows.values()) {
        if (row.version <= after || row.version >= before || (row.deleted_at !== null && !deleted) || !where(row)) continue;
        wanted.push(row);
        if (wanted.length === size) break;
      }
      return { data: wanted, version: { min: wanted[0]?.version ?? 0, max: wanted.at(-1)?.version ?? 0 } };
    },
  };
}
