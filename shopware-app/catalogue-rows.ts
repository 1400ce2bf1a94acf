/** Rows of the catalogue as the Admin API gives them, so far as they are compared; and what to ask for. */
import { z } from 'zod';
import type { Criteria } from './client.ts';

const text = z.string().nullish();
const translated = z.object({ name: text, description: text }).partial().nullish().catch(undefined);
/** An association that was not loaded is null, an empty one []. */
const listOf = <Row extends z.ZodType>(row: Row) =>
  z
    .union([z.array(row), z.record(z.string(), row)])
    .nullish()
    .transform((rows) => Object.values(rows ?? []));

export const PriceRow = z.looseObject({ currencyId: z.string(), gross: z.number(), net: z.number() });
export type PriceRow = z.infer<typeof PriceRow>;

const named = z.object({ id: z.string(), name: text, translated });
export const OptionRow = named.extend({ groupId: text, group: named.nullish(), shortCode: text });
export type OptionRow = z.infer<typeof OptionRow>;

export const CatalogueRow = z.object({
  id: z.string(),
  productNumber: z.string(),
  parentId: text,
  name: text,
  description: text,
  translated,
  active: z.boolean().nullish(),
  isCloseout: z.boolean().nullish(),
  stock: z.number().nullish(),
  availableStock: z.number().nullish(),
  childCount: z.number().nullish(),
  ean: text,
  taxId: text,
  tax: z.object({ taxRate: z.number() }).nullish(),
  manufacturerId: text,
  manufacturer: named.nullish(),
  unitId: text,
  unit: named.nullish(),
  price: listOf(PriceRow),
  categories: listOf(z.object({ id: z.string() })),
  properties: listOf(OptionRow),
  options: listOf(OptionRow),
  visibilities: listOf(z.object({ id: z.string(), salesChannelId: z.string(), visibility: z.number() })),
  configuratorSettings: listOf(z.object({ id: z.string(), optionId: z.string() })),
  createdAt: text,
  updatedAt: text,
});
export type CatalogueRow = z.infer<typeof CatalogueRow>;

/** Of what is loaded, only what is compared. */
export const catalogueIncludes = {
  product: Object.keys(CatalogueRow.shape).filter((name) => name !== 'translated'),
  category: ['id'],
  property_group: ['id', 'name', 'translated'],
  property_group_option: ['id', 'name', 'translated', 'groupId', 'group'],
  product_visibility: ['id', 'salesChannelId', 'visibility'],
  product_configurator_setting: ['id', 'optionId'],
  product_manufacturer: ['id', 'name', 'translated'],
  unit: ['id', 'name', 'translated'],
  tax: ['taxRate'],
};

/**
 * Associations and not the lists of ids beside them: the indexer fills those later than the rows are written. No images, no
 * translations: 500 rows stay small.
 */
export const catalogueCriteria: Criteria = {
  associations: {
    categories: {},
    properties: { associations: { group: {} } },
    options: { associations: { group: {} } },
    visibilities: {},
    configuratorSettings: {},
    manufacturer: {},
    unit: {},
    tax: {},
  },
  includes: catalogueIncludes,
};

export const CategoryRow = z.object({
  id: z.string(),
  parentId: text,
  name: text,
  description: text,
  translated,
  active: z.boolean().nullish(),
});
export type CategoryRow = z.infer<typeof CategoryRow>;

export const TaxRow = z.object({ id: z.string(), taxRate: z.number(), position: z.number().nullish() });
export type TaxRow = z.infer<typeof TaxRow>;

export const ChannelRow = z.object({
  id: z.string(),
  name: text,
  translated,
  typeId: text,
  active: z.boolean().nullish(),
  navigationCategoryId: text,
});
export type ChannelRow = z.infer<typeof ChannelRow>;

/** What can be understood of an answer; a strange row is left out and therefore not touched. */
export function rowsAs<Row>(row: z.ZodType<Row>, rows: readonly unknown[]): Row[] {
  return rows.flatMap((one) => {
    const parsed = row.safeParse(one);
    return parsed.success ? [parsed.data] : [];
  });
}

export function shownName(row: {
  readonly name?: string | null | undefined;
  readonly translated?: { readonly name?: string | null | undefined } | null | undefined;
}): string {
  return row.name ?? row.translated?.name ?? '';
}
