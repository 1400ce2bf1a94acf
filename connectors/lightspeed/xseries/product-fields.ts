/** The fields of a product that are compared and written, and by which switch. Pure. */
import type { Price, Trait } from '../../commerce.ts';
import type { Field } from '../../compare.ts';
import type { PlanStep } from '../../connector.ts';
import { decimalOf } from '../../money.ts';
import { minorIn } from '../decimals.ts';
import type { ProductDraft } from '../drafts.ts';
import { type ProductField, productPolicies } from '../flow-settings.ts';
import type { Attribute } from './attributes.ts';
import { placeFor, type Tree } from './categories.ts';
import { barcodeOf, categoryOf, isActive } from './products.ts';
import type { KnownTax } from './retailer.ts';
import { shownTax, taxFor } from './taxes.ts';
import type { Named, Outlet, ProductRow } from './wire.ts';

export interface Ground {
  /** ISO 4217. */
  readonly currency: string;
  /** Prices are entered without tax, and taxes are kept per outlet. */
  readonly taxExclusive: boolean;
  readonly taxes: readonly KnownTax[];
  readonly brands: readonly Named[];
  readonly outlets: readonly Outlet[];
  readonly tree: Tree;
  readonly attributes: readonly Attribute[];
  readonly dated: boolean;
}

/** What is sold: a variant, or the product itself where it has none. */
export interface Unit {
  /** In the draft. */
  readonly path: string;
  readonly sku: string;
  readonly ean: string | undefined;
  readonly price: Price | undefined;
  readonly active: boolean;
  readonly attributes: readonly Trait[];
}

export function unitsOf({ product }: ProductDraft): readonly Unit[] {
  if (product.variants.length === 0) {
    const { sku, ean, price, active } = product;
    return [{ path: 'product', sku: sku.trim(), ean, price, active, attributes: [] }];
  }
  return product.variants.map((variant, index) => ({
    path: `product.variants[${index}]`,
    sku: variant.sku.trim(),
    ean: variant.ean,
    price: variant.price ?? product.price,
    active: variant.active && product.active,
    attributes: variant.attributes,
  }));
}

/** Whether the merchant wants a field written at this moment. */
export function wants(draft: ProductDraft, field: ProductField, moment: 'create' | 'update'): boolean {
  const definition = productPolicies.find((one) => one.field === field);
  const policy = draft.policies[field] ?? definition?.default;
  const part = definition?.part === 'offer' ? draft.offer : draft.content;
  return part && policy !== 'never' && (moment === 'create' || policy === 'always');
}

/** Name, texts, brand, category: of the family. What has to be made for them goes into `steps`. */
export function commonFields(draft: ProductDraft, { row, ground, steps }: { row: ProductRow; ground: Ground; steps: PlanStep[] }): Field[] {
  const { product } = draft;
  const brand = brandOf(product.brand, ground);
  const place = categoryFor(draft, ground);
  const list: (Field & { readonly field: ProductField })[] = [
    { field: 'name', path: 'product.name', current: row.name ?? '', wanted: product.name, request: { 'common.name': product.name } },
    {
      field: 'longText',
      path: 'product.longText',
      current: row.description ?? '',
      wanted: product.longText,
      request: { 'common.description': product.longText },
    },
    {
      field: 'brand',
      path: 'product.brand',
      current: row.brand?.name ?? ground.brands.find(({ id }) => id === row.brand_id)?.name ?? '',
      wanted: brand && product.brand?.trim(),
      request: { 'common.brand_id': brand?.id },
    },
    {
      field: 'categories',
      path: 'product.categories',
      current: categoryOf(row) ?? '',
      wanted: place?.id,
      request: { 'common.product_category_id': place?.id },
    },
  ];
  steps.push(...(brand?.steps ?? []), ...(place?.steps ?? []));
  return list.filter(({ field }) => wants(draft, field, 'update'));
}

/** Price, tax, barcode, activity: of the one product. */
export function detailFields(draft: ProductDraft, { unit, row, ground }: { unit: Unit; row: ProductRow; ground: Ground }): Field[] {
  const list: (Field & { readonly field: ProductField })[] = [];
  const { price, path } = unit;
  if (price !== undefined) {
    const net = draft.policy.prices === 'net';
    const there = net ? row.price_excluding_tax : row.price_including_tax;
    list.push({
      field: 'price',
      path: `${path}.price`,
      current: there === undefined ? undefined : minorIn(there, ground.currency),
      wanted: net ? price.netMinor : price.grossMinor,
      request: prefixed(priceBody(draft, price, ground)),
    });
    const grossMinor = minorIn(row.price_including_tax, ground.currency);
    const netMinor = minorIn(row.price_excluding_tax, ground.currency);
    // A price of nothing shows no tax.
    if (grossMinor !== 0 && row.price_excluding_tax !== undefined) {
      const tax = taxFor(ground.taxes, { taxId: draft.taxId, taxRateBp: price.taxRateBp });
      list.push({
        field: 'tax',
        path: `${path}.price.taxRateBp`,
        current: shownTax([...ground.taxes.filter(({ rateBp }) => rateBp === tax.rateBp), ...ground.taxes], { grossMinor, netMinor })
          ?.rateBp,
        wanted: tax.rateBp,
        request: prefixed(taxBody(tax.id, ground)),
      });
    }
  }
  const code = barcode(unit.ean);
  if (code !== undefined) {
    const others = row.product_codes.filter(({ type, code: there }) => type !== code.type && there !== undefined);
    list.push({
      field: 'ean',
      path: `${path}.ean`,
      current: row.product_codes.some((one) => one.code === code.code) ? code.code : (barcodeOf(row) ?? ''),
      wanted: code.code,
      // The list is replaced as a whole, and the SKU is one of the codes.
      request: { 'details.product_codes': [...others, code] },
    });
  }
  if (unit.active || draft.deletion === 'deactivate') {
    list.push({
      field: 'active',
      path: `${path}.active`,
      current: isActive(row),
      wanted: unit.active,
      request: { 'details.is_active': unit.active },
    });
  }
  return list.filter(({ field }) => wants(draft, field, 'update'));
}

const prefixed = (body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(body).map(([name, value]) => [`details.${name}`, value]));

/** One of the two prices, never both (X-Series refuses both). */
export function priceBody(draft: ProductDraft, price: Price, { currency }: Ground): Readonly<Record<string, number>> {
  const decimal = (minor: number): number => Number(decimalOf(minor, currency));
  return draft.policy.prices === 'net'
    ? { price_excluding_tax: decimal(price.netMinor) }
    : { price_including_tax: decimal(price.grossMinor) };
}

export function taxBody(taxId: string, { taxExclusive, outlets }: Ground): Readonly<Record<string, unknown>> {
  return taxExclusive
    ? { outlet_taxes: outlets.map(({ id }) => ({ outlet_id: id, tax_id: taxId })) }
    : { all_outlets_tax: { tax_id: taxId } };
}

/** The kind of code by its length; what is no barcode is left out. */
export function barcode(ean: string | undefined): { readonly type: 'EAN' | 'UPC' | 'ITF'; readonly code: string } | undefined {
  const code = ean?.replace(/\s/g, '') ?? '';
  if (/^(?:\d{8}|\d{13})$/.test(code)) return { type: 'EAN', code };
  if (/^\d{12}$/.test(code)) return { type: 'UPC', code };
  return /^\d{14}$/.test(code) ? { type: 'ITF', code } : undefined;
}

interface Made {
  readonly id: string;
  readonly steps: readonly PlanStep[];
}

export function brandOf(name: string | undefined, { brands }: Ground): Made | undefined {
  const wanted = name?.trim() ?? '';
  if (wanted === '') return undefined;
  const there = brands.find((brand) => brand.name?.trim().toLowerCase() === wanted.toLowerCase());
  if (there !== undefined) return { id: there.id, steps: [] };
  const step: PlanStep = {
    id: 'brand',
    action: 'create',
    subject: 'brand',
    changes: [{ field: 'product.brand', after: wanted }],
    request: { operation: 'POST /2.0/brands', body: JSON.stringify({ name: wanted }) },
  };
  return { id: '{{brand}}', steps: [step] };
}

/** The store gives a product one category: the first that has a path. */
export function categoryFor({ product, categoryNames, policy }: ProductDraft, { tree }: Ground): Made | undefined {
  const path = product.categories.map((id) => categoryNames[id]).find((one) => one !== undefined && one.length > 0);
  return path === undefined ? undefined : placeFor(tree, path, policy.rootCategory);
}
