/** Products of the shop with their variants and categories, as they are now. */
import { z } from 'zod';
import type { Api } from './client.ts';
import { all, firstPage, type Listed, one, sweep } from './listing.ts';
import { remembered } from './shop.ts';
import { ProductRow, RelationRow, VariantRow } from './wire.ts';

/** From so many products on all relations to categories are read together. */
const manyProducts = 6;
const relationsForMs = 2 * 60_000;

export interface Good {
  readonly product: ProductRow;
  /** In the order of the shop; at least one. */
  readonly variants: readonly VariantRow[];
}

export interface Goods {
  /** By id; those that are not there are missing. */
  read(ids: readonly number[]): Promise<ReadonlyMap<number, Good>>;
  /** Categories of products, by product. */
  relations(ids: readonly number[]): Promise<ReadonlyMap<number, readonly RelationRow[]>>;
  /** Products with exactly this title in the shop's language. */
  titled(title: string): Promise<readonly ProductRow[]>;
  /** A relation was made or removed: the remembered list is read again. */
  forgetRelations(): void;
}

const products: Listed<ProductRow> = { path: 'products', row: ProductRow, label: 'list products' };
const variants: Listed<VariantRow> = { path: 'variants', row: VariantRow, label: 'list variants of a product' };
const relations: Listed<RelationRow> = { path: 'categories/products', row: RelationRow, label: 'list categories of products' };

/** A row of the catalogue: the product, and its variants in a map by id. */
const CatalogRow = ProductRow.extend({ variants: z.unknown().optional() });
const catalog: Listed<z.infer<typeof CatalogRow>> = { path: 'catalog', row: CatalogRow, label: 'list the catalogue' };
const Variants = z.record(z.string(), VariantRow).or(z.array(VariantRow));

export function createGoods(api: Api): Goods {
  const everyRelation = remembered(async () => byProduct(await all(api, relations)), api.now, relationsForMs);

  async function variantsOf(id: number): Promise<readonly VariantRow[]> {
    const rows = await firstPage(api, { ...variants, query: { product: id } });
    return inOrder(rows.filter(({ product }) => product === id));
  }

  async function singly(id: number, product?: ProductRow): Promise<Good | undefined> {
    const found = product ?? (await one(api, { path: 'products', row: ProductRow, label: 'read product' }, id));
    return found === undefined ? undefined : { product: found, variants: await variantsOf(id) };
  }

  return {
    async read(ids) {
      const found = new Map<number, Good>();
      if (ids.length <= 3) {
        const some = await Promise.all([...new Set(ids)].map((id) => singly(id)));
        for (const good of some) if (good !== undefined) found.set(good.product.id, good);
        return found;
      }
      const rows = await sweep(api, { path: 'catalog', row: CatalogRow, label: 'read the catalogue', list: catalog }, ids);
      for (const row of rows.values()) {
        const nested = nestedIn(row);
        const good = nested === undefined ? await singly(row.id, row) : { product: row, variants: nested };
        if (good !== undefined) found.set(row.id, good);
      }
      const missing = await Promise.all(ids.filter((id) => !found.has(id)).map((id) => singly(id)));
      for (const good of missing) if (good !== undefined) found.set(good.product.id, good);
      return found;
    },
    async relations(ids) {
      if (ids.length >= manyProducts) return everyRelation.get();
      const some = await Promise.all(ids.map((id) => firstPage(api, { ...relations, query: { product: id } })));
      return byProduct(some.flat());
    },
    async titled(title) {
      const rows = await firstPage(api, { ...products, query: { title } });
      return rows.filter((row) => row.title === title);
    },
    forgetRelations: everyRelation.forget,
  };
}

/** The catalogue may show less of a variant than its own resource: then that is asked. */
function nestedIn(row: z.infer<typeof CatalogRow>): readonly VariantRow[] | undefined {
  const parsed = Variants.safeParse(row.variants);
  if (!parsed.success) return undefined;
  const rows = Object.values(parsed.data);
  const complete =
    rows.length > 0 && rows.every(({ priceIncl, tax, title }) => priceIncl !== undefined && tax !== undefined && title !== '');
  return complete ? inOrder(rows.map((variant) => ({ ...variant, product: row.id }))) : undefined;
}

const inOrder = (rows: readonly VariantRow[]): VariantRow[] =>
  [...rows].sort((left, right) => (left.sortOrder ?? 0) - (right.sortOrder ?? 0) || left.id - right.id);

function byProduct(rows: readonly RelationRow[]): Map<number, RelationRow[]> {
  const found = new Map<number, RelationRow[]>();
  for (const row of rows) if (row.product !== undefined) found.set(row.product, [...(found.get(row.product) ?? []), row]);
  return found;
}
