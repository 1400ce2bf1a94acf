/** Records by ascending id, with look-ups by other values that cost the same however many records there are. */
interface Row {
  readonly id: number;
}

export interface Table<T extends Row> {
  add(make: (id: number) => T): T;
  get(id: number): T | undefined;
  size(): number;
  /** Ascending ids. */
  all(): readonly T[];
  find(key: string, value: string): readonly T[];
  /** Whether `find` knows the key. */
  has(key: string): boolean;
  /** After a change of a value that can be searched. */
  changed(row: T): void;
  remove(id: number): boolean;
}

export function createTable<T extends Row>(first: number, keys: Readonly<Record<string, (row: T) => string>> = {}): Table<T> {
  const rows = new Map<number, T>();
  const indexes = new Map(Object.keys(keys).map((key) => [key, new Map<string, Set<number>>()]));
  const filed = new Map<number, Readonly<Record<string, string>>>();
  let next = first;

  function unfile(id: number): void {
    for (const [key, value] of Object.entries(filed.get(id) ?? {})) {
      const bucket = indexes.get(key)?.get(value);
      bucket?.delete(id);
      if (bucket?.size === 0) indexes.get(key)?.delete(value);
    }
    filed.delete(id);
  }

  function file(row: T): void {
    unfile(row.id);
    const values = Object.fromEntries(Object.entries(keys).map(([key, read]) => [key, read(row)]));
    for (const [key, value] of Object.entries(values)) {
      const index = indexes.get(key);
      const bucket = index?.get(value) ?? new Set();
      bucket.add(row.id);
      index?.set(value, bucket);
    }
    filed.set(row.id, values);
  }

  return {
    add(make) {
      const row = make(next);
      next += 1;
      rows.set(row.id, row);
      file(row);
      return row;
    },
    get: (id) => rows.get(id),
    size: () => rows.size,
    all: () => [...rows.values()],
    find: (key, value) => [...(indexes.get(key)?.get(value) ?? [])].sort((left, right) => left - right).flatMap((id) => rows.get(id) ?? []),
    has: (key) => key in keys,
    changed: file,
    remove(id) {
      unfile(id);
      return rows.delete(id);
    },
  };
}
