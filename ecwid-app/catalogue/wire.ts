/** Products and categories as the REST API sends them, as far as the catalogue looks at them. */
import { z } from 'zod';

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const list = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item)
    .nullish()
    .transform((value) => value ?? []);
const amount = z
  .number()
  .finite()
  .nullish()
  .transform((value) => value ?? undefined);
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? undefined);
const id = z.coerce.number().int();

const Attribute = z.looseObject({
  id: id.optional(),
  name: text,
  value: text,
  type: text,
  show: z.string().optional(),
});

export const StoreVariant = z.looseObject({
  id,
  /** Empty: it has the SKU and the stock of its product (legacy docs, products). */
  sku: text,
  options: list(z.looseObject({ name: text, value: text })),
  price: amount,
  quantity: amount,
  unlimited: flag,
  attributes: list(Attribute),
});
export type StoreVariant = z.infer<typeof StoreVariant>;

export const StoreProduct = z.looseObject({
  id,
  sku: text,
  name: text,
  enabled: flag,
  price: amount,
  /** Absent when `unlimited`. */
  quantity: amount,
  unlimited: flag,
  description: text,
  subtitle: text,
  tax: z
    .looseObject({ taxable: flag, defaultLocationIncludedTaxRate: amount, enabledManualTaxes: list(z.number()) })
    .nullish()
    .transform((value) => value ?? undefined),
  categoryIds: list(id),
  attributes: list(Attribute),
  combinations: list(StoreVariant),
  updateTimestamp: amount,
  updated: z.string().optional(),
});
export type StoreProduct = z.infer<typeof StoreProduct>;

export const StoreCategory = z.looseObject({
  id,
  parentId: id.nullish().transform((value) => value || undefined),
  name: text,
  description: text,
});
export type StoreCategory = z.infer<typeof StoreCategory>;

export const Page = z.looseObject({ total: z.number().int().default(0), items: list(z.unknown()) });
export const Created = z.looseObject({ id });

export const attributeOf = (of: Pick<StoreProduct, 'attributes'>, type: 'UPC' | 'BRAND'): string =>
  of.attributes.find((attribute) => attribute.type === type)?.value ?? '';
