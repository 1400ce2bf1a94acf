/** What the shop has of a batch of products, and what the products refer to: read once per batch, never per record. */
import { Failure } from '../connectors/failure.ts';
import type { ProductDraft } from './catalogue-draft.ts';
import { CatalogueRow, type ChannelRow, catalogueCriteria, rowsAs } from './catalogue-rows.ts';
import type { CategoryTree } from './category-tree.ts';
import type { AdminApi } from './client.ts';
import { type IdOf, nameKey } from './ids.ts';
import type { Named, Trait } from './names.ts';
import type { References, Taxes } from './references.ts';

export interface Ground {
  readonly api: AdminApi;
  readonly idOf: IdOf;
  readonly references: References;
}

export interface Look {
  readonly currency: string;
  readonly taxes: Taxes;
  readonly channels: readonly ChannelRow[];
  readonly categories: CategoryTree;
  manufacturer(name: string): Named;
  unit(name: string): Named;
  option(trait: Trait): Named;
  /** By number, else by one of the ids. */
  find(number: string, ids: readonly (string | undefined)[]): CatalogueRow | undefined;
  childrenOf(parentId: string): readonly CatalogueRow[];
}

export interface Wanted {
  readonly fields: ProductDraft;
  /** Ids under which the product may stand although it bears another number there. */
  readonly ids: readonly string[];
}

/** Numbers per search: each may be found by its number and another row by its id, and 500 rows is what a page holds. */
const numbersPerSearch = 200;

/** One search for a batch without variants, one more for the variants of those that have some. Throws the client's Failures. */
export async function lookAt(ground: Ground, batch: readonly Wanted[]): Promise<Look> {
  const { references } = ground;
  const products = batch.map(({ fields }) => fields.product);
  const traits = products.flatMap(({ properties, variants }) => [...properties, ...variants.flatMap(({ attributes }) => attributes)]);
  const [currency, taxes, channels, categories, manufacturer, unit, option, rows] = await Promise.all([
    references.currency(),
    references.taxes(),
    references.channels(),
    references.categories(),
    references.names.manufacturers(products.flatMap(({ brand }) => (brand ? [brand] : []))),
    references.names.units(products.flatMap(({ unit: name }) => (name ? [name] : []))),
    references.names.options(traits.filter(({ name, value }) => name.trim() !== '' && value.trim() !== '')),
    rowsOf(ground, batch),
  ]);
  const byNumber = new Map(rows.map((row) => [nameKey(row.productNumber), row]));
  const byId = new Map(rows.map((row) => [row.id, row]));
  const children = new Map<string, CatalogueRow[]>();
  for (const row of byId.values()) if (row.parentId) children.set(row.parentId, [...(children.get(row.parentId) ?? []), row]);
  return {
    currency,
    taxes,
    channels,
    categories,
    manufacturer,
    unit,
    option,
    find: (number, ids) => byNumber.get(nameKey(number)) ?? ids.map((id) => byId.get(id ?? '')).find((row) => row !== undefined),
    childrenOf: (parentId) => children.get(parentId) ?? [],
  };
}

async function rowsOf({ api, idOf }: Ground, batch: readonly Wanted[]): Promise<CatalogueRow[]> {
  const keys = new Map<string, string[]>();
  for (const { fields, ids } of batch) {
    for (const { sku } of [fields.product, ...fields.product.variants]) keys.set(sku, [idOf('product', nameKey(sku))]);
    keys.set(fields.product.sku, [...(keys.get(fields.product.sku) ?? []), ...ids]);
  }
  const rows: CatalogueRow[] = [];
  const all = [...keys];
  for (let from = 0; from < all.length; from += numbersPerSearch)
    rows.push(...(await search(api, all.slice(from, from + numbersPerSearch))));
  const grouping = new Set(
    batch.filter(({ fields }) => fields.product.variants.length > 0).map(({ fields }) => nameKey(fields.product.sku)),
  );
  const parents = rows.filter((row) => !row.parentId && (grouping.has(nameKey(row.productNumber)) || (row.childCount ?? 0) > 0));
  if (parents.length > 0) {
    const filter = [{ type: 'equalsAny', field: 'parentId', value: parents.map(({ id }) => id) }];
    rows.push(...rowsAs(CatalogueRow, await api.all('product', { ...catalogueCriteria, filter, sort: [{ field: 'id', order: 'ASC' }] })));
  }
  return rows;
}

async function search(api: AdminApi, keys: readonly (readonly [string, readonly string[]])[]): Promise<CatalogueRow[]> {
  const queries = [
    { type: 'equalsAny', field: 'productNumber', value: keys.map(([number]) => number) },
    { type: 'equalsAny', field: 'id', value: [...new Set(keys.flatMap(([, ids]) => ids))] },
  ];
  try {
    const found = await api.search('product', {
      ...catalogueCriteria,
      page: 1,
      limit: 500,
      filter: [{ type: 'multi', operator: 'or', queries }],
    });
    return rowsAs(CatalogueRow, found);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'network.answer-too-large' || keys.length < 2) throw error;
    const middle = Math.ceil(keys.length / 2);
    return [...(await search(api, keys.slice(0, middle))), ...(await search(api, keys.slice(middle)))];
  }
}
