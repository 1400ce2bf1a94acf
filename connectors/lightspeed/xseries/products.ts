/** Products of the store as canonical products: a family of variants is one of them. */
import type { Price, Product, Trait, Variant } from '../../commerce.ts';
import type { Change } from '../../connector.ts';
import { type Failure, failureOf } from '../../failure.ts';
import { basisPointsOf } from '../../money.ts';
import { minorIn } from '../decimals.ts';
import { afterOf, pagesOf } from './feed.ts';
import { familyOf } from './goods.ts';
import type { KnownTax, Store } from './retailer.ts';
import { instantOf } from './sale-order.ts';
import { shownTax } from './taxes.ts';
import { ProductRow } from './wire.ts';

/** A version as cursor; an instant means "from then on". A variant's change is one of its family. */
export async function* changedProducts(store: Store, cursor: string | undefined): AsyncIterable<Change> {
  const after = await afterOf(store.client, 'products', { cursor, origins: store.origins });
  for await (const { rows } of pagesOf(store.client, 'products', { row: Changed, after })) {
    const latest = new Map<string, number>();
    for (const row of rows) latest.set(row.variant_parent_id ?? row.id, row.version);
    for (const [id, version] of [...latest].sort(([, a], [, b]) => a - b)) yield { id, version: String(version), cursor: String(version) };
  }
}

const Changed = ProductRow.pick({ id: true, variant_parent_id: true, version: true });

/** In the order of the ids; the id of a variant means its family, `#…` the product with that SKU. One request for all of them. */
export async function readProducts(store: Store, ids: readonly string[]): Promise<(Product | undefined | Failure)[]> {
  const [{ code: currency }, taxes] = await Promise.all([store.profile(), store.taxes(), store.goods.sync()]);
  return ids.map((id) => {
    try {
      const row = id.startsWith('#') ? store.goods.withSku(id.slice(1))[0] : store.goods.withId(id);
      const family = store.goods.family(row === undefined ? id : familyOf(row));
      return family.length === 0 ? undefined : productOf(family, { currency, taxes });
    } catch (error) {
      return failureOf(error);
    }
  });
}

interface Ground {
  readonly currency: string;
  readonly taxes: readonly KnownTax[];
}

export const isActive = (row: ProductRow): boolean => (row.is_active ?? row.active) !== false;

/** @param family the product that stands for it first. */
export function productOf(family: readonly ProductRow[], ground: Ground): Product {
  const [head, ...others] = family;
  if (head === undefined) throw new RangeError('a family has at least one product');
  const single = others.length === 0 && head.variant_options.length === 0;
  const price = priceOf(head, ground);
  const ean = barcodeOf(head);
  const category = categoryOf(head);
  const brand = head.brand?.name;
  const updatedAt = instantOf(
    family
      .map((row) => row.updated_at ?? '')
      .sort()
      .at(-1) || undefined,
  );
  return {
    id: head.id,
    sku: single ? (head.sku ?? '') : (head.handle ?? head.sku ?? ''),
    name: head.name ?? head.variant_name ?? head.sku ?? '',
    active: family.some(isActive),
    ...(head.description !== undefined && { longText: head.description }),
    ...(brand !== undefined && { brand }),
    ...(single && ean !== undefined && { ean }),
    ...(price && { price }),
    stocked: family.some((row) => row.has_inventory !== false),
    categories: category === undefined ? [] : [category],
    properties: [],
    // The first of a family belongs to nobody, unless it is gone and its variants are left.
    custom: head.variant_parent_id === undefined ? {} : { parentId: head.variant_parent_id },
    variants: single ? [] : family.map((row) => variantOf(row, ground)),
    ...(updatedAt !== undefined && { updatedAt }),
  };
}

function variantOf(row: ProductRow, ground: Ground): Variant {
  const price = priceOf(row, ground);
  const ean = barcodeOf(row);
  return {
    id: row.id,
    sku: row.sku ?? '',
    name: row.variant_name ?? row.name ?? '',
    active: isActive(row),
    ...(ean !== undefined && { ean }),
    ...(price && { price }),
    attributes: row.variant_options.flatMap(({ name, value }): Trait[] => (value === undefined ? [] : [{ name: name ?? '', value }])),
    stocked: row.has_inventory !== false,
  };
}

/** Nothing where one of the two prices is missing: VAT is not computed twice. */
export function priceOf(row: ProductRow, { currency, taxes }: Ground): Price | undefined {
  if (row.price_including_tax === undefined || row.price_excluding_tax === undefined) return undefined;
  const grossMinor = minorIn(row.price_including_tax, currency);
  const netMinor = minorIn(row.price_excluding_tax, currency);
  return {
    currency,
    grossMinor,
    netMinor,
    taxRateBp: shownTax(taxes, { grossMinor, netMinor })?.rateBp ?? impliedRate(grossMinor, netMinor),
  };
}

/** To a tenth of a percent. */
function impliedRate(grossMinor: number, netMinor: number): number {
  return netMinor <= 0 ? 0 : Math.max(0, basisPointsOf(((grossMinor / netMinor - 1) * 100).toFixed(1)));
}

export function barcodeOf(row: ProductRow): string | undefined {
  const code = (type: string): string | undefined => row.product_codes.find((one) => one.type === type && one.code !== undefined)?.code;
  return code('EAN') ?? code('UPC') ?? code('JAN') ?? code('ISBN');
}

export const categoryOf = (row: ProductRow): string | undefined => row.product_category?.id ?? row.product_type_id ?? row.type?.id;
