/** Which products of the store have which SKU, and what they look like. Searches lag behind records, so own writes are remembered. */
import { z } from 'zod';
import { Failure } from '../../connectors/failure.ts';
import { carryOut, type StoreApi } from './requests.ts';
import { Page, StoreProduct } from './wire.ts';

const scope = 'read_catalog';
const pageSize = 100;
/** Up to this many unknown SKUs are searched one by one; beyond, the whole list of SKUs is walked once. */
const searchedSingly = 5;
const indexLifeMs = 10 * 60_000;
/** For so long after a write a list may still show what was before (the official client's tests wait some seconds). */
const lagMs = 60_000;
const mostRemembered = 5_000;

export interface Shelf {
  /** Every product that has one of the SKUs itself or in a combination, by SKU; none where the store has none. */
  find(skus: readonly string[]): Promise<ReadonlyMap<string, readonly StoreProduct[]>>;
  /** We changed or made this product, which has these SKUs. */
  wrote(productId: number, skus: readonly string[]): void;
  /** The store knows better than we do: look again, in the store itself. */
  forget(skus: readonly string[]): void;
}

const IndexItem = z.looseObject({
  id: z.coerce.number().int(),
  sku: z.string().nullish(),
  combinations: z.array(z.looseObject({ sku: z.string().nullish() })).nullish(),
});

export const hasSku = (product: StoreProduct, sku: string): boolean =>
  product.sku === sku || product.combinations.some((combination) => combination.sku === sku);

export function createShelf(api: StoreApi): Shelf {
  let index: { readonly ids: Map<string, number[]>; readonly at: number } | undefined;
  /** Made by us while the search may not show it yet, and what was looked up of late. */
  const known = new Map<string, { readonly ids: readonly number[]; readonly at: number }>();
  const written = new Map<number, number>();
  const distrusted = new Set<string>();
  const nowMs = () => api.now().getTime();

  const currentIndex = () => (index !== undefined && nowMs() - index.at < indexLifeMs ? index.ids : undefined);

  function idsOf(sku: string): readonly number[] {
    const remembered = known.get(sku);
    const fresh = remembered !== undefined && nowMs() - remembered.at < indexLifeMs ? remembered.ids : [];
    return [...new Set([...fresh, ...(currentIndex()?.get(sku) ?? [])])];
  }

  async function page(query: Readonly<Record<string, string>>): Promise<z.infer<typeof Page>> {
    const path = `/products?${new URLSearchParams({ limit: String(pageSize), ...query })}`;
    return parsed(Page, await api.call({ path, label: 'find products', scope }));
  }

  async function loadIndex(): Promise<void> {
    const ids = new Map<string, number[]>();
    const fields = 'total,items(id,sku,combinations(sku))';
    const at = nowMs();
    for (let offset = 0, total = 1; offset < total; offset += pageSize) {
      const { items, total: all } = await page({ offset: String(offset), sortBy: 'ADDED_TIME_ASC', responseFields: fields });
      total = all;
      for (const item of items) {
        const { id, sku, combinations } = parsed(IndexItem, item);
        for (const each of new Set([sku, ...(combinations ?? []).map((combination) => combination.sku)])) {
          if (each) ids.set(each, [...(ids.get(each) ?? []).filter((other) => other !== id), id]);
        }
      }
    }
    index = { ids, at };
  }

  async function byIds(ids: readonly number[]): Promise<StoreProduct[]> {
    if (ids.length === 1) return singly(ids);
    const found: StoreProduct[] = [];
    for (let at = 0; at < ids.length; at += pageSize) {
      const { items } = await page({ productId: ids.slice(at, at + pageSize).join(',') });
      found.push(...items.map((item) => parsed(StoreProduct, item)));
    }
    const listed = new Set(found.map(({ id }) => id));
    // One that we made is not listed yet; one that somebody deleted is nowhere.
    const unlisted = await singly(ids.filter((id) => !listed.has(id)));
    return [...(await upToDate(found)), ...unlisted];
  }

  /** A record by itself is always current. */
  async function singly(ids: readonly number[]): Promise<StoreProduct[]> {
    const answers = await carryOut(
      api,
      ids.map((id) => ({ path: `/products/${id}`, label: 'read product', scope })),
    );
    return answers.flatMap((answer) => {
      if (answer instanceof Failure) throw answer;
      return answer === undefined ? [] : [parsed(StoreProduct, answer)];
    });
  }

  async function upToDate(listed: readonly StoreProduct[]): Promise<StoreProduct[]> {
    const isLate = ({ id }: StoreProduct): boolean => nowMs() - (written.get(id) ?? Number.NEGATIVE_INFINITY) <= lagMs;
    const late = listed.filter(isLate);
    return [...listed.filter((product) => !late.includes(product)), ...(await singly(late.map(({ id }) => id)))];
  }

  async function search(sku: string): Promise<StoreProduct[]> {
    const { items } = await page({ sku });
    const found = await upToDate(items.map((item) => parsed(StoreProduct, item)));
    return found.filter((product) => hasSku(product, sku));
  }

  function remember<Key, Value>(memory: Map<Key, Value>, key: Key, value: Value): void {
    memory.delete(key);
    memory.set(key, value);
    for (const oldest of memory.keys()) {
      if (memory.size <= mostRemembered) break;
      memory.delete(oldest);
    }
  }

  return {
    async find(skus) {
      const wanted = [...new Set(skus)].filter((sku) => sku !== '');
      const unknown = wanted.filter((sku) => idsOf(sku).length === 0 && !distrusted.has(sku));
      if (currentIndex() === undefined && unknown.length > searchedSingly) await loadIndex();
      const products = await byIds([...new Set(wanted.flatMap(idsOf))]);
      const found = new Map(wanted.map((sku) => [sku, products.filter((product) => hasSku(product, sku))]));
      const complete = currentIndex() !== undefined;
      // The list of SKUs says that it is nowhere, unless it said something that turned out to be wrong.
      const searched = wanted.filter((sku) => found.get(sku)?.length === 0 && (!complete || distrusted.has(sku) || idsOf(sku).length > 0));
      for (const sku of searched) {
        const hits = await search(sku);
        found.set(sku, hits);
        if (hits.length > 0) distrusted.delete(sku);
      }
      return found;
    },
    wrote(productId, skus) {
      remember(written, productId, nowMs());
      for (const sku of skus) {
        if (!idsOf(sku).includes(productId)) remember(known, sku, { ids: [...idsOf(sku), productId], at: nowMs() });
      }
    },
    forget(skus) {
      for (const sku of skus) {
        known.delete(sku);
        index?.ids.delete(sku);
        if (distrusted.size < mostRemembered) distrusted.add(sku);
      }
    },
  };
}

export function parsed<Data>(schema: z.ZodType<Data>, body: unknown): Data {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new Failure({
    remedy: 'retry',
    code: 'shop.unreadable-answer',
    message: 'The store’s answer about its catalogue cannot be read.',
    params: { call: 'catalogue' },
    cause: result.error,
  });
}
