/** Products of the store: single ones by id or SKU for orders, all of them for flows of products and stock. */
import { Failure } from '../../failure.ts';
import { type Client, unreadable } from './client.ts';
import { createMirror } from './mirror.ts';
import { ProductRow, rowIn, rowsIn } from './wire.ts';

export interface Goods {
  /** By the SKU or one of the codes, exactly. Several where the store has several. */
  bySku(sku: string): Promise<readonly ProductRow[]>;
  /** What an order line shows of a product; remembered. */
  named(id: string): Promise<ProductRow | undefined>;
  /** Brings the whole list up to date. The calls below need it once. */
  sync(): Promise<void>;
  all(): Iterable<ProductRow>;
  withId(id: string): ProductRow | undefined;
  withSku(sku: string): readonly ProductRow[];
  withCode(code: string): readonly ProductRow[];
  /** The product itself first, then its variants, by name. */
  family(id: string): readonly ProductRow[];
}

const mostNamed = 5_000;
const namedLifeMs = 10 * 60_000;

/** SKUs are compared as people read them. */
export const skuKey = (sku: string): string => sku.trim().toLowerCase();

/** Products with variants: the first of the family is itself one of them and stands for all. */
export const familyOf = (row: ProductRow): string => row.variant_parent_id ?? row.id;

export function openGoods(client: Client, now: () => Date): Goods {
  const named = new Map<string, { readonly row: Promise<ProductRow | undefined>; readonly at: number }>();
  const index = { sku: new Map<string, Set<string>>(), code: new Map<string, Set<string>>(), family: new Map<string, Set<string>>() };
  const mirror = createMirror(client, {
    feed: 'products',
    row: ProductRow,
    keyOf: ({ id }) => id,
    seen(row, before) {
      if (before !== undefined) each(before, (map, key) => map.get(key)?.delete(before.id));
      if (row.deleted_at === undefined) each(row, (map, key) => map.set(key, (map.get(key) ?? new Set()).add(row.id)));
    },
  });

  function each(row: ProductRow, use: (map: Map<string, Set<string>>, key: string) => void): void {
    if (row.sku !== undefined) use(index.sku, skuKey(row.sku));
    for (const { code } of row.product_codes) if (code !== undefined) use(index.code, skuKey(code));
    use(index.family, familyOf(row));
  }

  const rowsOf = (ids: ReadonlySet<string> | undefined): ProductRow[] => [...(ids ?? [])].flatMap((id) => mirror.get(id) ?? []);

  async function ask(id: string): Promise<ProductRow | undefined> {
    const json = await client.get(`/2.0/products/${encodeURIComponent(id)}`, 'read product');
    return json === undefined ? undefined : rowIn(ProductRow, json);
  }

  return {
    async bySku(sku) {
      if (mirror.known()) {
        await mirror.sync();
        return bestOf(sku, [...rowsOf(index.sku.get(skuKey(sku))), ...rowsOf(index.code.get(skuKey(sku)))]);
      }
      const json = await client.get(`/2.0/products?${new URLSearchParams({ sku })}`, 'look for product');
      const found = json === undefined ? { rows: [] } : rowsIn(ProductRow, json);
      if (found === undefined) throw unreadable(client.store, 'look for product', false);
      return bestOf(
        sku,
        found.rows.filter(({ deleted_at: gone }) => gone === undefined),
      );
    },
    named(id) {
      const at = now().getTime();
      const known = named.get(id);
      if (known !== undefined && at - known.at < namedLifeMs) return known.row;
      const row = ask(id);
      if (named.size >= mostNamed) named.clear();
      named.set(id, { row, at });
      row.catch(() => named.delete(id));
      return row;
    },
    sync: () => mirror.sync(),
    all: () => mirror.all(),
    withId: (id) => mirror.get(id),
    withSku: (sku) => rowsOf(index.sku.get(skuKey(sku))),
    withCode: (code) => rowsOf(index.code.get(skuKey(code))),
    family(id) {
      const rows = rowsOf(index.family.get(id));
      const place = (row: ProductRow): string => `${row.id === id ? 0 : 1}${row.variant_name ?? row.sku ?? ''}${row.id}`;
      return rows.sort((a, b) => (place(a) < place(b) ? -1 : 1));
    },
  };
}

/** A SKU goes before a further code of another product, and each product counts once. */
function bestOf(sku: string, rows: readonly ProductRow[]): readonly ProductRow[] {
  const key = skuKey(sku);
  const unique = [...new Map(rows.map((row) => [row.id, row])).values()];
  const exact = unique.filter((row) => row.sku !== undefined && skuKey(row.sku) === key);
  return exact.length > 0
    ? exact
    : unique.filter((row) => row.product_codes.some(({ code }) => code !== undefined && skuKey(code) === key));
}

export const productMissing = (sku: string): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'lightspeed.product-missing',
    message: `Lightspeed has no product with the SKU ${sku}. Create it there or translate the SKU in the table of articles.`,
    params: { sku },
  });

export const ambiguousSku = (sku: string, count: number): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'lightspeed.product-ambiguous',
    message: `Lightspeed has ${count} products with the SKU ${sku}. Give each its own.`,
    params: { sku, count },
  });
