/** What the flows of the catalogue hand to Shopware. */

import { z } from 'zod';
import { Category, Product } from '../connectors/commerce.ts';
import { Policies } from '../connectors/draft.ts';
import { emptyAsAbsent } from '../connectors/questions.ts';

/** Forms give lists as one text; empty is "not chosen". */
const ids = z.preprocess(
  (value) =>
    typeof value === 'string'
      ? value
          .split(/[\s,;]+/)
          .map((id) => id.trim())
          .filter((id) => id !== '')
      : value,
  z.array(z.string()).default([]),
);

export const visibilities = { everywhere: 30, search: 20, link: 10 } as const;

export const ProductDraft = z.object({
  product: Product,
  /** Path from the root of every category that the product names, by its id in the source. */
  categoryNames: z.record(z.string(), z.array(z.string())).default({}),
  policies: Policies,
  offer: z.boolean().default(true),
  content: z.boolean().default(true),
  deletion: z.enum(['ignore', 'deactivate']).default('ignore'),
  /** Ids of sales channels; none: every active storefront. */
  salesChannels: ids,
  visibility: z.enum(['everywhere', 'search', 'link']).default('everywhere'),
  /** Under this category the tree of the source is built; absent: where the sales channel's navigation begins. */
  rootCategory: z.preprocess(emptyAsAbsent, z.string().optional()),
  /** A new article that is stocked cannot be bought until its stock is known. */
  closeout: z.boolean().default(true),
});
export type ProductDraft = z.infer<typeof ProductDraft>;

export const CategoryDraft = z.object({
  category: Category,
  /** Names from the root to the category itself. */
  path: z.array(z.string().min(1)).min(1),
  rootCategory: z.preprocess(emptyAsAbsent, z.string().optional()),
  salesChannels: ids,
});
export type CategoryDraft = z.infer<typeof CategoryDraft>;

export const StockDraft = z.object({
  sku: z.string().min(1),
  quantity: z.number().int().nonnegative(),
  /** False: it can always be bought. */
  managed: z.boolean().default(true),
});
export type StockDraft = z.infer<typeof StockDraft>;
