/**
 * Which variants have which article code. Article codes are not unique in a shop and searching one by one costs a request each, so a
 * larger batch walks all variants once (250 in a request) and afterwards only what changed since.
 */
import type { Api } from './client.ts';
import { firstPage, type Listed, scan, sweep } from './listing.ts';
import { type VariantRow, VariantRow as VariantSchema } from './wire.ts';

/** Up to this many codes are searched one by one. */
const fewCodes = 4;
/** After this long what changed is asked for again. */
const changesAfterMs = 20_000;
/** After this long everything is: deleted variants show in no list of changes. Of 50,000 it takes 200 of the 12,000 requests of a day. */
const anewAfterMs = 6 * 60 * 60_000;
/** Rows of the second of the last change are told again rather than missed. */
const overlapMs = 5_000;

const fields = 'id,articleCode,ean,sku,stockLevel,stockTracking,product,updatedAt';
const list = (query: Listed<VariantRow>['query'] = {}): Listed<VariantRow> => ({
  path: 'variants',
  row: VariantSchema,
  label: 'list variants',
  query,
});

/** What an article of the source is called. */
export interface ArticleKey {
  readonly sku: string;
  readonly ean?: string | undefined;
}

export interface Shelf {
  /** Variants of each article: by article code, else by EAN, else by SKU. More than one: the shop's numbers are not unique. */
  find(keys: readonly ArticleKey[]): Promise<readonly (readonly VariantRow[])[]>;
  /** Products whose variants are all without a number: what an interrupted creation leaves. `undefined` while not all are known. */
  nameless(): ReadonlySet<number> | undefined;
  /** As they are now, past all memory. */
  fresh(ids: readonly number[]): Promise<ReadonlyMap<number, VariantRow>>;
  /** We wrote this, or it came with an answer. */
  learn(variant: VariantRow): void;
  /** We wrote this of it, and the answer did not show the rest. */
  patch(id: number, written: Partial<Pick<VariantRow, 'stockLevel' | 'stockTracking'>>): void;
  /** It is not there any more. */
  drop(id: number): void;
}

interface Index {
  readonly rows: Map<number, VariantRow>;
  readonly by: Readonly<Record<Numbering, Map<string, Set<number>>>>;
  readonly madeAt: number;
  /** Latest change seen, as the shop's clock has it. */
  changedAt: number;
  askedAt: number;
}

const numberings = ['articleCode', 'ean', 'sku'] as const;
type Numbering = (typeof numberings)[number];

export function createShelf(api: Api): Shelf {
  let index: Index | undefined;
  let busy: Promise<Index> | undefined;

  async function current(): Promise<Index> {
    busy ??= refresh().finally(() => {
      busy = undefined;
    });
    return busy;
  }

  async function refresh(): Promise<Index> {
    const at = api.now().getTime();
    if (index === undefined || at - index.madeAt > anewAfterMs) {
      const fresh = emptyIndex(at);
      for await (const page of scan(api, list({ fields }))) for (const row of page) put(fresh, row);
      index = fresh;
    } else if (at - index.askedAt > changesAfterMs) {
      const known = index;
      const since = new Date(Math.max(0, known.changedAt - overlapMs)).toISOString().slice(0, 19).replace('T', ' ');
      for await (const page of scan(api, list({ fields, updated_at_min: since }))) for (const row of page) put(known, row);
      known.askedAt = at;
    }
    return index;
  }

  async function searched({ sku, ean }: ArticleKey): Promise<readonly VariantRow[]> {
    for (const numbering of numberings) {
      const value = numbering === 'ean' ? ean : sku;
      if (value === undefined || value === '') continue;
      const rows = await firstPage(api, list({ [numbering]: value }));
      // A filter that the server does not know is ignored by it: what came back is compared.
      const hits = rows.filter((row) => row[numbering] === value);
      if (hits.length > 0) return hits;
    }
    return [];
  }

  return {
    async find(keys) {
      if (keys.length === 0) return [];
      if (index === undefined && keys.length <= fewCodes) return Promise.all(keys.map(searched));
      const known = await current();
      return keys.map((key) => {
        for (const numbering of numberings) {
          const value = numbering === 'ean' ? key.ean : key.sku;
          const ids = value === undefined || value === '' ? undefined : known.by[numbering].get(value);
          if (ids !== undefined && ids.size > 0) return [...ids].flatMap((id) => known.rows.get(id) ?? []);
        }
        return [];
      });
    },
    nameless() {
      if (index === undefined) return undefined;
      const named = new Set<number>();
      const products = new Set<number>();
      for (const row of index.rows.values()) {
        if (row.product === undefined) continue;
        products.add(row.product);
        if (numberings.some((numbering) => row[numbering] !== '')) named.add(row.product);
      }
      return new Set([...products].filter((id) => !named.has(id)));
    },
    fresh: (ids) => sweep(api, { path: 'variants', row: VariantSchema, label: 'read variant', list: list() }, ids),
    learn(variant) {
      if (index !== undefined) put(index, variant);
    },
    patch(id, written) {
      const row = index?.rows.get(id);
      if (index !== undefined && row !== undefined) put(index, { ...row, ...written });
    },
    drop(id) {
      if (index !== undefined) take(index, id);
    },
  };
}

const emptyIndex = (at: number): Index => ({
  rows: new Map(),
  by: { articleCode: new Map(), ean: new Map(), sku: new Map() },
  madeAt: at,
  changedAt: 0,
  askedAt: at,
});

function put(index: Index, row: VariantRow): void {
  take(index, row.id);
  index.rows.set(row.id, row);
  for (const numbering of numberings) {
    if (row[numbering] === '') continue;
    const ids = index.by[numbering].get(row[numbering]);
    if (ids === undefined) index.by[numbering].set(row[numbering], new Set([row.id]));
    else ids.add(row.id);
  }
  const changedAt = row.updatedAt === undefined ? 0 : Date.parse(row.updatedAt);
  if (changedAt > index.changedAt) index.changedAt = changedAt;
}

function take(index: Index, id: number): void {
  const known = index.rows.get(id);
  if (known === undefined) return;
  index.rows.delete(id);
  for (const numbering of numberings) index.by[numbering].get(known[numbering])?.delete(id);
}
