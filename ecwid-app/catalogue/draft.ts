/** What the flows of the catalogue hand over: canonical parts, plus what the merchant decided about them. */
import { z } from 'zod';
import { Category, Product } from '../../connectors/commerce.ts';
import { fieldPolicies } from '../../connectors/connector.ts';

/** Absent: the default of the field's definition. */
const Policies = z.partialRecord(z.string(), z.enum(fieldPolicies));

export const ProductDraft = z.object({
  product: Product.extend({ sku: z.string().default(''), active: z.boolean().default(true) }),
  /** Source category to its path of names, from the top. */
  categoryNames: z.record(z.string(), z.array(z.string().min(1))).default({}),
  policies: Policies.default({}),
  /** Price, tax, visibility, variants. */
  offer: z.boolean().default(true),
  /** Texts, brand, EAN, categories. */
  content: z.boolean().default(true),
  deletion: z.enum(['ignore', 'deactivate']).default('ignore'),
  /** Id of the store's tax for this product, from the merchant's table; absent: found by its rate. */
  taxId: z.coerce.number().int().optional(),
});
export type ProductDraft = z.infer<typeof ProductDraft>;

export const StockDraft = z.object({
  sku: z.string().min(1),
  /** What may be sold, computed already. */
  quantity: z.number().int().min(0),
  /** False: its stock is not kept, it can always be sold. */
  managed: z.boolean().default(true),
});
export type StockDraft = z.infer<typeof StockDraft>;

export const CategoryDraft = z.object({
  category: Category,
  /** Names from the top, its own last. */
  path: z.array(z.string().min(1)).min(1),
});
export type CategoryDraft = z.infer<typeof CategoryDraft>;
