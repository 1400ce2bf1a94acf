/** count, offset, fields and exclude_fields, as every collection has them. */
import { invalid } from './problem.ts';

const whole = (query: URLSearchParams, name: string, otherwise: number): number => {
  const text = query.get(name);
  if (text === null) return otherwise;
  if (!/^\d+$/.test(text)) throw invalid({ field: name, message: 'This value should be a whole number, 0 or more.' });
  return Number(text);
};

/** The asked part of a collection under its name; `around` stands beside it. Only what is asked for gets shown. */
export function page<T>(
  query: URLSearchParams,
  name: string,
  all: readonly T[] | ReadonlyMap<string, T> | ReadonlyMap<number, T>,
  { show, around = {} }: { readonly show: (item: T) => unknown; readonly around?: object },
): object {
  const count = whole(query, 'count', 10);
  const offset = whole(query, 'offset', 0);
  if (count > 1000) throw invalid({ field: 'count', message: 'This value should be 1000 or less.' });
  const items = Array.isArray(all) ? all : [...all.values()];
  return { ...around, [name]: items.slice(offset, offset + count).map(show), total_items: items.length, _links: [] };
}

/** `fields=members.email_address,total_items` */
export function trimmed(body: unknown, query: URLSearchParams): unknown {
  const wanted = query.get('fields');
  const unwanted = query.get('exclude_fields');
  const kept = wanted === null ? body : keep(body, tree(wanted));
  return unwanted === null ? kept : drop(kept, tree(unwanted));
}

type Tree = Map<string, Tree>;
function tree(names: string): Tree {
  const root: Tree = new Map();
  for (const name of names.split(',')) {
    let at = root;
    for (const part of name.trim().split('.')) {
      const next = at.get(part) ?? new Map();
      at.set(part, next);
      at = next;
    }
  }
  return root;
}

function keep(value: unknown, names: Tree): unknown {
  if (Array.isArray(value)) return value.map((item) => keep(item, names));
  if (names.size === 0 || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      const below = names.get(name);
      return below === undefined ? [] : [[name, keep(inner, below)]];
    }),
  );
}

function drop(value: unknown, names: Tree): unknown {
  if (Array.isArray(value)) return value.map((item) => drop(item, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      const below = names.get(name);
      if (below === undefined) return [[name, inner]];
      return below.size === 0 ? [] : [[name, drop(inner, below)]];
    }),
  );
}
