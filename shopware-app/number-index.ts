/** Which product stands under which number, with its stock as last seen: kept in the session, so that a stock run asks for each number once. */
import { z } from 'zod';
import { rowsAs } from './catalogue-rows.ts';
import { type AdminApi, pageRows } from './client.ts';
import { nameKey } from './ids.ts';

export interface Stocked {
  readonly id: string;
  readonly number: string;
  readonly stock: number;
  readonly closeout: boolean;
  /** It has variants, and those have the stock. */
  readonly grouping: boolean;
}

export interface NumberIndex {
  /** By {@link nameKey}; what was asked for and is missing is not in the shop. `fresh` are those read just now. */
  find(numbers: readonly string[]): Promise<{ readonly found: ReadonlyMap<string, Stocked>; readonly fresh: ReadonlySet<string> }>;
  /** Reads these again. */
  again(entries: readonly Stocked[]): Promise<ReadonlyMap<string, Stocked>>;
  wrote(id: string, to: { readonly stock: number; readonly closeout?: boolean }): void;
  forget(numbers: readonly string[]): void;
}

const oldestMs = 60 * 60_000;
/** A product may be created at any moment by somebody else. */
const absentMs = 60_000;
const mostRemembered = 200_000;

const Row = z.object({
  id: z.string(),
  productNumber: z.string(),
  parentId: z.string().nullish(),
  stock: z.number().nullish(),
  isCloseout: z.boolean().nullish(),
  childCount: z.number().nullish(),
  parent: z.object({ isCloseout: z.boolean().nullish() }).nullish(),
});

const criteria = {
  associations: { parent: {} },
  includes: { product: ['id', 'productNumber', 'parentId', 'stock', 'isCloseout', 'childCount', 'parent'] },
};

export function createNumberIndex(api: AdminApi, now: () => Date): NumberIndex {
  const known = new Map<string, { entry: Stocked | undefined; readonly untilMs: number }>();
  const numberOf = new Map<string, string>();

  const keep = (key: string, entry: Stocked | undefined): void => {
    if (known.size >= mostRemembered) {
      known.clear();
      numberOf.clear();
    }
    known.set(key, { entry, untilMs: now().getTime() + (entry === undefined ? absentMs : oldestMs) });
    if (entry !== undefined) numberOf.set(entry.id, key);
  };
  const read = async (filter: { field: string; value: readonly string[] }): Promise<Stocked[]> => {
    const found = await api.search('product', { page: 1, limit: pageRows, ...criteria, filter: [{ type: 'equalsAny', ...filter }] });
    return rowsAs(Row, found).map((row) => ({
      id: row.id,
      number: row.productNumber,
      stock: row.stock ?? 0,
      closeout: row.isCloseout ?? row.parent?.isCloseout ?? false,
      grouping: (row.childCount ?? 0) > 0,
    }));
  };

  return {
    async find(numbers) {
      const atMs = now().getTime();
      const fresh = new Set<string>();
      const keys = new Map(numbers.map((number) => [nameKey(number), number.trim()]));
      const asked = [...keys].filter(([key]) => (known.get(key)?.untilMs ?? 0) <= atMs);
      const found = new Map<string, Stocked>();
      for (let from = 0; from < asked.length; from += pageRows) {
        const part = asked.slice(from, from + pageRows);
        const rows = new Map(
          (await read({ field: 'productNumber', value: part.map(([, number]) => number) })).map((row) => [nameKey(row.number), row]),
        );
        for (const [key] of part) {
          const row = rows.get(key);
          keep(key, row);
          fresh.add(key);
          if (row !== undefined) found.set(key, row);
        }
      }
      for (const key of keys.keys()) {
        const entry = known.get(key)?.entry;
        if (entry !== undefined) found.set(key, entry);
      }
      return { found, fresh };
    },
    async again(entries) {
      const found = new Map<string, Stocked>();
      for (let from = 0; from < entries.length; from += pageRows) {
        const ids = entries.slice(from, from + pageRows).map(({ id }) => id);
        for (const row of await read({ field: 'id', value: ids })) {
          keep(nameKey(row.number), row);
          found.set(row.id, row);
        }
      }
      return found;
    },
    wrote(id, { stock, closeout }) {
      const kept = known.get(numberOf.get(id) ?? '');
      if (kept?.entry !== undefined) kept.entry = { ...kept.entry, stock, closeout: closeout ?? kept.entry.closeout };
    },
    forget(numbers) {
      for (const number of numbers) known.delete(nameKey(number));
    },
  };
}
