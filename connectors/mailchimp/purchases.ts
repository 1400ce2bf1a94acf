/** What orders and carts have in common: their store, and articles that must stand in it first. */
import type { PlanStep } from '../connector.ts';
import { plainId, segment } from './ids.ts';
import { amount, pieces, skuOf } from './order-body.ts';
import type { Article, Shelf } from './shelf.ts';

export interface Bought {
  readonly sku?: string | undefined;
  readonly name: string;
  readonly quantity: number;
  readonly grossMinor: number;
}

export interface Goods {
  articleOf(sku: string): Pick<Article, 'productId' | 'variantId'>;
  /** Articles that the store does not know are made with what the lines say of them; the product flow completes them. */
  readonly steps: readonly PlanStep[];
}

/** By store, everything that purchases name: one look for many of them. */
export async function articlesOf(
  shelf: Shelf,
  wanted: readonly { readonly store: string; readonly exists: boolean; readonly lines: readonly Bought[] }[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, Article>>> {
  const skus = new Map<string, Set<string>>();
  for (const { store, exists, lines } of wanted) {
    if (!exists) continue;
    const held = skus.get(store) ?? new Set<string>();
    for (const line of lines) held.add(skuOf(line));
    skus.set(store, held);
  }
  const found = await Promise.all([...skus].map(async ([store, named]) => [store, await shelf.find(store, [...named])] as const));
  return new Map(found);
}

export function goodsFor(lines: readonly Bought[], at: { store: string; currency: string; known: ReadonlyMap<string, Article> }): Goods {
  const made = new Map<string, PlanStep>();
  for (const line of lines) {
    const sku = skuOf(line);
    if (at.known.has(sku) || made.has(sku)) continue;
    made.set(sku, creation(line, at));
  }
  return {
    articleOf: (sku) => at.known.get(sku) ?? { productId: plainId(sku), variantId: plainId(sku) },
    steps: [...made.values()],
  };
}

function creation(line: Bought, { store, currency }: { store: string; currency: string }): PlanStep {
  const id = plainId(skuOf(line));
  const title = line.name || id;
  const { priceMinor } = pieces(Math.max(0, line.grossMinor), line.quantity);
  const variant = { id, title, ...(line.sku !== undefined && { sku: line.sku }), price: amount(priceMinor, currency) };
  return {
    id: `product:${id}`,
    action: 'create',
    subject: 'product',
    targetId: id,
    changes: [{ field: `products.${id}`, after: title }],
    // No upsert: where the product has come into being meanwhile, what it says of itself stays.
    request: {
      operation: `POST /ecommerce/stores/${segment(store)}/products`,
      body: JSON.stringify({ id, title, variants: [variant] }),
    },
  };
}
