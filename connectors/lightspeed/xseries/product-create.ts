/** A product that is not there yet: one request for it and all of its variants, after what it refers to. Pure. */
import type { Draft, FieldChange, Plan, PlanStep } from '../../connector.ts';
import { Failure } from '../../failure.ts';
import type { ProductDraft } from '../drafts.ts';
import { barcode, brandOf, categoryFor, type Ground, priceBody, taxBody, type Unit, wants } from './product-fields.ts';
import { productCreation } from './product-requests.ts';
import { taxFor } from './taxes.ts';

interface Wish {
  readonly draft: ProductDraft;
  readonly units: readonly Unit[];
  readonly ground: Ground;
}

/** Variants of a product differ in three things at most (X-Series back office). */
const mostAttributes = 3;

export function planCreation(source: Draft, { draft, units, ground }: Wish): Plan {
  const { product } = draft;
  const brand = wants(draft, 'brand', 'create') ? brandOf(product.brand, ground) : undefined;
  const place = wants(draft, 'categories', 'create') ? categoryFor(draft, ground) : undefined;
  const grouping = product.variants.length > 0;
  const attributes = grouping ? attributesFor(units, ground) : { ids: new Map<string, string>(), steps: [] };
  const shared = {
    name: product.name,
    ...(wants(draft, 'longText', 'create') && product.longText !== undefined && { description: product.longText }),
    ...(brand && { brand_id: brand.id }),
    ...(place && { product_category_id: place.id }),
    is_active: product.active,
    source_id: source.reference,
  };
  const parts = units.map((unit) => ({ unit, body: unitBody(unit, draft, ground) }));
  const [only] = parts;
  if (only === undefined) throw new RangeError('a product that is made has something to sell');
  const body = grouping
    ? {
        ...shared,
        variants: parts.map(({ unit, body: own }) => ({
          ...own,
          variant_definitions: unit.attributes.map(({ name, value }) => ({ attribute_id: attributes.ids.get(nameKey(name)) ?? '', value })),
        })),
      }
    : { ...shared, ...only.body };
  const step: PlanStep = {
    id: 'product',
    action: 'create',
    subject: 'product',
    changes: [
      { field: 'product.name', after: product.name },
      ...(shared.description === undefined ? [] : [{ field: 'product.longText', after: shared.description }]),
      ...units.flatMap((unit) => unitChanges(unit, draft)),
    ],
    request: productCreation(body, ground.dated),
  };
  const values: Record<string, unknown> = {
    'product.name': product.name,
    ...(shared.description !== undefined && { 'product.longText': shared.description }),
    ...(brand && { 'product.brand': product.brand?.trim() }),
  };
  for (const unit of units) for (const { field, after } of unitChanges(unit, draft)) if (!field.endsWith('.sku')) values[field] = after;
  return {
    id: source.id,
    reference: source.reference,
    steps: [...(brand?.steps ?? []), ...(place?.steps ?? []), ...attributes.steps, step],
    values,
    notes: [],
  };
}

function unitBody(unit: Unit, draft: ProductDraft, ground: Ground): Readonly<Record<string, unknown>> {
  if (unit.sku === '') throw skuless(draft.product.name);
  const { price } = unit;
  const tax = price && wants(draft, 'tax', 'create') ? taxFor(ground.taxes, { taxId: draft.taxId, taxRateBp: price.taxRateBp }) : undefined;
  const code = wants(draft, 'ean', 'create') ? barcode(unit.ean) : undefined;
  return {
    sku: unit.sku,
    product_codes: [{ type: 'CUSTOM', code: unit.sku }, ...(code ? [code] : [])],
    ...(price && wants(draft, 'price', 'create') && priceBody(draft, price, ground)),
    ...(tax && taxBody(tax.id, ground)),
  };
}

function unitChanges(unit: Unit, draft: ProductDraft): FieldChange[] {
  const { path, sku, price, ean } = unit;
  const net = draft.policy.prices === 'net';
  return [
    { field: `${path}.sku`, after: sku },
    ...(price && wants(draft, 'price', 'create') ? [{ field: `${path}.price`, after: net ? price.netMinor : price.grossMinor }] : []),
    ...(ean !== undefined && wants(draft, 'ean', 'create') && barcode(ean) ? [{ field: `${path}.ean`, after: barcode(ean)?.code }] : []),
  ];
}

const nameKey = (name: string): string => name.trim().toLowerCase();

/** Ids of the attributes by name, or what stands for them until a step has made them. */
function attributesFor(units: readonly Unit[], { attributes }: Ground): { ids: Map<string, string>; steps: PlanStep[] } {
  const ids = new Map(attributes.map(({ id, name }) => [nameKey(name), id]));
  const names = new Map(units.flatMap((unit) => unit.attributes.map(({ name }) => [nameKey(name), name.trim()] as const)));
  if (names.size > mostAttributes) {
    throw new Failure({
      remedy: 'fix-data',
      code: 'lightspeed.too-many-attributes',
      message: `The variants differ in ${names.size} things; Lightspeed takes ${mostAttributes}. Create the product there by hand.`,
      params: { count: names.size, most: mostAttributes },
    });
  }
  const steps = [...names].flatMap(([key, name], index): PlanStep[] => {
    if (ids.has(key)) return [];
    const id = `attribute-${index + 1}`;
    ids.set(key, `{{${id}}}`);
    const request = { operation: 'POST /2.0/variant_attributes', body: JSON.stringify({ name }) };
    return [{ id, action: 'create', subject: 'attribute', changes: [{ field: 'name', after: name }], request }];
  });
  return { ids, steps };
}

const skuless = (product: string): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'lightspeed.sku-missing',
    message: `“${product}” has an article without a SKU. Give it one, or it cannot be found again in Lightspeed.`,
    params: { product },
  });
