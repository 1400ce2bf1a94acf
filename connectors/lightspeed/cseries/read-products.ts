/** Products and variants of the shop as canonical products and stock levels. */
import type { Price, Product, StockLevel, Trait, Variant } from '../../commerce.ts';
import type { Failure } from '../../failure.ts';
import { minorOf } from '../../money.ts';
import type { Good, Goods } from './goods.ts';
import { each, firstPage } from './listing.ts';
import type { Shop, Tax } from './shop.ts';
import { codeOf, isVisible, type RelationRow, VariantRow } from './wire.ts';

interface Words {
  readonly currency: string;
  readonly taxes: readonly Tax[];
  readonly brands: ReadonlyMap<number, string>;
}

/** Ids of products; `#1006` finds the product one of whose variants has that article code. */
export async function readProducts(shop: Shop, goods: Goods, ids: readonly string[]): Promise<(Product | undefined | Failure)[]> {
  const numbers = await productIds(shop, ids);
  const wanted = [...new Set(numbers.filter((id) => id !== undefined))];
  if (wanted.length === 0) return ids.map(() => undefined);
  const [found, relations, facts, taxes, brands] = await Promise.all([
    goods.read(wanted),
    goods.relations(wanted),
    shop.facts(),
    shop.taxes(),
    shop.brands(),
  ]);
  return each(numbers, async (id) => {
    const good = id === undefined ? undefined : found.get(id);
    return good && productOf(good, relations.get(good.product.id) ?? [], { currency: facts.currency, taxes, brands });
  });
}

async function productIds(shop: Shop, ids: readonly string[]): Promise<(number | undefined)[]> {
  const codes = ids.filter((id) => id.startsWith('#'));
  const found = await shop.shelf.find(codes.map((code) => ({ sku: code.slice(1) })));
  const byCode = new Map(codes.map((code, index) => [code, found[index]?.[0]?.product]));
  return ids.map((id) => (id.startsWith('#') ? byCode.get(id) : /^\d{1,15}$/.test(id) ? Number(id) : undefined));
}

function productOf({ product, variants }: Good, relations: readonly RelationRow[], words: Words): Product {
  const [first] = variants;
  const single = variants.length <= 1 ? first : undefined;
  const price = single === undefined ? undefined : priceOf(single, words);
  const brand = product.brand === undefined ? undefined : words.brands.get(product.brand);
  const custom = Object.entries({ data01: product.data01, data02: product.data02, data03: product.data03 }).filter(
    ([, value]) => value !== '',
  );
  return {
    id: String(product.id),
    sku: single === undefined ? String(product.id) : codeOf(single),
    name: product.title,
    active: isVisible(product),
    ...(product.description !== '' && { shortText: product.description }),
    ...(product.content !== '' && { longText: product.content }),
    ...(brand !== undefined && { brand }),
    ...(single !== undefined && single.ean !== '' && { ean: single.ean }),
    ...(price && { price }),
    stocked: variants.some(({ stockTracking }) => stockTracking !== 'disabled'),
    categories: [...new Set(relations.flatMap(({ category }) => (category === undefined ? [] : [String(category)])))],
    properties: [],
    custom: Object.fromEntries(custom),
    variants: single === undefined ? variants.map((variant) => variantOf(variant, product.title, isVisible(product), words)) : [],
    ...(product.updatedAt !== undefined && { updatedAt: product.updatedAt }),
  };
}

function variantOf(variant: VariantRow, title: string, active: boolean, words: Words): Variant {
  const attributes = traitsOf(variant);
  const price = priceOf(variant, words);
  return {
    id: String(variant.id),
    sku: codeOf(variant),
    name: `${title} (${attributes.map(({ value }) => value).join(', ')})`,
    active,
    ...(variant.ean !== '' && { ean: variant.ean }),
    ...(price && { price }),
    attributes,
    stocked: variant.stockTracking !== 'disabled',
  };
}

/** The options of a matrix, or what the title says: `Colour: blue, Size: M`. */
export function traitsOf({ options, title }: Pick<VariantRow, 'options' | 'title'>): Trait[] {
  const chosen = options.flatMap(({ name, value }) => {
    const told = typeof value === 'object' && value !== null && 'name' in value ? value.name : value;
    return name !== '' && typeof told === 'string' && told !== '' ? [{ name, value: told }] : [];
  });
  if (chosen.length > 0) return chosen;
  const parts = title.split(/\s*,\s*(?=[^:,]+:)/).map((part) => /^\s*"?([^:"]+?)\s*:\s*(.+?)"?\s*$/.exec(part));
  const named = parts.flatMap((part) => (part ? [{ name: part[1] ?? '', value: part[2] ?? '' }] : []));
  return named.length === parts.length ? named : [{ name: 'Variant', value: title }];
}

export const titleOf = (traits: readonly Trait[]): string => traits.map(({ name, value }) => `${name}: ${value}`).join(', ');

function priceOf(variant: VariantRow, { currency, taxes }: Words): Price | undefined {
  if (variant.priceIncl === undefined || variant.priceExcl === undefined) return undefined;
  return {
    currency,
    grossMinor: minorOf(variant.priceIncl, currency),
    netMinor: minorOf(variant.priceExcl, currency),
    taxRateBp: taxes.find(({ id }) => id === variant.tax)?.rateBp ?? 0,
  };
}

/** Ids of variants, `#1006` or an article code. */
export async function readStock(shop: Shop, ids: readonly string[]): Promise<(StockLevel | undefined | Failure)[]> {
  const found = await shop.shelf.fresh(ids.flatMap((id) => (/^\d{1,15}$/.test(id) ? [Number(id)] : [])));
  return each(ids, async (id) => {
    const variant = found.get(Number(id)) ?? (await byCode(shop, id.replace(/^#/, '')));
    return variant && stockOf(variant);
  });
}

async function byCode(shop: Shop, code: string): Promise<VariantRow | undefined> {
  const rows = await firstPage(shop.bulk, { path: 'variants', row: VariantRow, label: 'find variant', query: { articleCode: code } });
  return rows.find(({ articleCode }) => articleCode === code);
}

/** The shop has one place. What is not counted has no figure. */
function stockOf(variant: VariantRow): StockLevel {
  const counted = variant.stockTracking !== 'disabled' && variant.stockLevel !== undefined;
  const figure = { value: variant.stockLevel ?? 0, scale: 0 };
  return {
    id: String(variant.id),
    sku: codeOf(variant),
    branches: [{ branch: 'shop', ...(counted && { physical: figure, available: figure }) }],
    ...(variant.updatedAt !== undefined && { updatedAt: variant.updatedAt }),
  };
}
