/** Product rows to canonical products, categories and stock levels. Pure. */
import type { Category, Price, Product, StockLevel, Variant } from '../connectors/commerce.ts';
import { basisPointsOf, minorOf } from '../connectors/money.ts';
import type { CatalogueRow, CategoryRow, OptionRow } from './catalogue-rows.ts';
import { shownName } from './catalogue-rows.ts';
import { defaultCurrencyId } from './references.ts';

export interface Family {
  readonly row: CatalogueRow;
  readonly children: readonly CatalogueRow[];
  /** ISO code of the default currency. */
  readonly currency: string;
}

export function productOf({ row, children, currency }: Family): Product {
  const name = filled(row.name) ?? filled(row.translated?.name) ?? row.productNumber;
  const changes = [row, ...children].flatMap((one) => one.updatedAt ?? one.createdAt ?? []);
  const last = changes
    .map((text) => new Date(text).toISOString())
    .sort()
    .at(-1);
  return {
    id: row.id,
    sku: row.productNumber,
    name,
    active: row.active ?? true,
    ...optional('longText', row.description ?? row.translated?.description),
    ...optional('brand', row.manufacturer && shownName(row.manufacturer)),
    ...optional('ean', row.ean),
    ...priceOf(row, row, currency),
    ...optional('unit', row.unit && shownName(row.unit)),
    // Shopware counts the stock of everything.
    stocked: true,
    categories: row.categories.map(({ id }) => id),
    properties: row.properties.map(traitOf),
    // A variant stands here by itself only where its product could not be read.
    custom: row.parentId ? { parentId: row.parentId } : {},
    variants: children.map((child) => variantOf(child, row, { name, currency })),
    ...(last !== undefined && { updatedAt: last }),
  };
}

export function categoryOf(row: CategoryRow): Category {
  return {
    id: row.id,
    ...(row.parentId && { parentId: row.parentId }),
    name: filled(row.name) ?? filled(row.translated?.name) ?? row.id,
    ...optional('text', row.description),
    position: 0,
    deleted: false,
  };
}

/** Since 6.6 `stock` is what can be sold: orders take from it at once. Undefined for a product whose variants have the stock. */
export function stockOf(row: CatalogueRow): StockLevel | undefined {
  if (!row.parentId && (row.childCount ?? 0) > 0) return undefined;
  const stock = row.stock ?? 0;
  const changedAt = row.updatedAt ?? row.createdAt;
  return {
    id: row.id,
    sku: row.productNumber,
    branches: [{ branch: 'shop', physical: { value: stock, scale: 0 }, available: { value: row.availableStock ?? stock, scale: 0 } }],
    ...(changedAt && { updatedAt: new Date(changedAt).toISOString() }),
  };
}

function variantOf(row: CatalogueRow, parent: CatalogueRow, of: { readonly name: string; readonly currency: string }): Variant {
  const attributes = row.options.map(traitOf);
  return {
    id: row.id,
    sku: row.productNumber,
    name: filled(row.name) ?? [of.name, ...attributes.map(({ value }) => value)].join(' '),
    active: row.active ?? parent.active ?? true,
    ...optional('ean', row.ean),
    ...priceOf(row, parent, of.currency),
    attributes,
    ...optional('unit', (row.unit && shownName(row.unit)) ?? (parent.unit && shownName(parent.unit))),
    stocked: true,
  };
}

function priceOf(row: CatalogueRow, parent: CatalogueRow, currency: string): { price?: Price } {
  const entry = (row.price.length > 0 ? row : parent).price.find(({ currencyId }) => currencyId === defaultCurrencyId);
  const tax = row.tax ?? parent.tax;
  if (entry === undefined || tax == null || currency.length !== 3) return {};
  const price = { currency, grossMinor: minorOf(entry.gross, currency), netMinor: minorOf(entry.net, currency) };
  return { price: { ...price, taxRateBp: basisPointsOf(tax.taxRate) } };
}

function traitOf(option: OptionRow): { name: string; value: string } {
  return { name: option.group ? shownName(option.group) : '', value: shownName(option) };
}

function filled(text: string | null | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === undefined || trimmed === '' ? undefined : trimmed;
}

function optional<Name extends string>(name: Name, text: string | null | undefined): { [_ in Name]?: string } {
  const value = filled(text);
  return (value === undefined ? {} : { [name]: value }) as { [_ in Name]?: string };
}
