/** Which article of a store has a SKU: orders, carts and stock name nothing else. The whole list is read at once and kept for a while. */
import { z } from 'zod';
import { type Account, pageSize } from './account.ts';
import { segment } from './ids.ts';
import { inParallel } from './lookup.ts';

export interface Article {
  readonly productId: string;
  readonly variantId: string;
  readonly sku: string;
  readonly quantity: number | undefined;
}

export const StoreVariant = z.looseObject({
  id: z.string(),
  title: z.string().catch(''),
  sku: z.string().catch(''),
  url: z.string().catch(''),
  image_url: z.string().catch(''),
  visibility: z.string().catch(''),
  price: z.number().optional().catch(undefined),
  inventory_quantity: z.number().optional().catch(undefined),
});
export type StoreVariant = z.infer<typeof StoreVariant>;

const Listed = z.looseObject({
  id: z.string(),
  variants: z
    .array(z.looseObject({ id: z.string(), sku: z.string().catch(''), inventory_quantity: z.number().optional().catch(undefined) }))
    .default([]),
});
const Page = z.looseObject({ products: z.array(Listed), total_items: z.number().int() });

/** A product shows this many of its variants. */
export const shownVariants = 50;
const variantFields = ['id', 'sku', 'inventory_quantity'];
/** What was read or learnt less than this ago is not asked for again. */
const freshMs = 60_000;

export interface Shelf {
  /** By SKU. A SKU that is not in the answer is not in the store. */
  find(store: string, skus: readonly string[]): Promise<ReadonlyMap<string, Article>>;
  /** As {@link find}, with stock that is not older than a minute. */
  stock(store: string, skus: readonly string[]): Promise<ReadonlyMap<string, Article>>;
  /** Everything in the store, not older than a minute. */
  all(store: string): Promise<readonly Article[]>;
  /** A product or a variant was written: its body. */
  learn(store: string, product: { readonly id: string; readonly variants: readonly Partial<StoreVariant>[] }): void;
  /** It is not as it was remembered. */
  forget(store: string): void;
}

interface Row {
  readonly bySku: Map<string, Article>;
  readAt: number;
  reading: Promise<void> | undefined;
}

export function createShelf(account: Account): Shelf {
  const rows = new Map<string, Row>();
  const rowOf = (store: string): Row => {
    const known = rows.get(store);
    if (known !== undefined) return known;
    const fresh: Row = { bySku: new Map(), readAt: Number.NEGATIVE_INFINITY, reading: undefined };
    rows.set(store, fresh);
    return fresh;
  };

  /** An article with variants around it goes before one that stands alone: the latter may have been made for an order. */
  function note(row: Row, article: Article, alone: boolean): void {
    const held = row.bySku.get(article.sku);
    if (held === undefined || held.productId === article.productId || !alone) row.bySku.set(article.sku, article);
  }

  async function readAll(store: string, row: Row): Promise<void> {
    const startedAt = account.now().getTime();
    const first = await page(store, 0);
    const pages = Math.ceil((first?.total_items ?? 0) / pageSize);
    const rest = await inParallel(
      [...Array(Math.max(0, pages - 1)).keys()].map((index) => (index + 1) * pageSize),
      (offset) => page(store, offset),
    );
    row.bySku.clear();
    const products = [first, ...rest].flatMap((one) => one?.products ?? []);
    const complete = await inParallel(products, async (product) =>
      product.variants.length < shownVariants
        ? product
        : { ...product, variants: (await readVariants(account, { store, product: product.id, fields: variantFields })) ?? [] },
    );
    for (const product of complete) {
      for (const variant of product.variants) {
        const sku = variant.sku || variant.id;
        const article = { productId: product.id, variantId: variant.id, sku, quantity: variant.inventory_quantity };
        note(row, article, product.variants.length === 1);
      }
    }
    row.readAt = startedAt;
  }

  async function page(store: string, offset: number): Promise<z.infer<typeof Page> | undefined> {
    const fields = ['products.id', ...variantFields.map((field) => `products.variants.${field}`), 'total_items'].join(',');
    return account.client.get(Page, {
      path: `/ecommerce/stores/${segment(store)}/products`,
      query: { count: String(pageSize), offset: String(offset), fields },
      label: 'list products',
    });
  }

  async function fresh(store: string, isEnough: (row: Row) => boolean): Promise<Row> {
    const row = rowOf(store);
    if (isEnough(row) || account.now().getTime() - row.readAt < freshMs) return row;
    row.reading ??= readAll(store, row).finally(() => {
      row.reading = undefined;
    });
    await row.reading;
    return row;
  }

  const among = (row: Row, skus: readonly string[]): Map<string, Article> =>
    new Map(skus.flatMap((sku) => (row.bySku.has(sku) ? [[sku, row.bySku.get(sku) as Article]] : [])));

  return {
    find: async (store, skus) => among(await fresh(store, ({ bySku }) => skus.every((sku) => bySku.has(sku))), skus),
    stock: async (store, skus) => among(await fresh(store, () => false), skus),
    all: async (store) => [...(await fresh(store, () => false)).bySku.values()],
    learn(store, { id, variants }) {
      const row = rowOf(store);
      for (const variant of variants) {
        const sku = variant.sku || variant.id;
        if (variant.id === undefined || sku === undefined) continue;
        const quantity = variant.inventory_quantity ?? row.bySku.get(sku)?.quantity;
        note(row, { productId: id, variantId: variant.id, sku, quantity }, variants.length === 1);
      }
    },
    forget: (store) => void rows.delete(store),
  };
}

/** All variants of a product; `undefined`: the product is gone. */
export async function readVariants(
  account: Account,
  { store, product, fields }: { store: string; product: string; fields: readonly string[] },
): Promise<StoreVariant[] | undefined> {
  const found = await account.client.get(z.looseObject({ variants: z.array(StoreVariant) }), {
    path: `/ecommerce/stores/${segment(store)}/products/${segment(product)}/variants`,
    query: { count: String(pageSize), fields: fields.map((field) => `variants.${field}`).join(',') },
    label: 'list variants',
  });
  return found?.variants;
}
