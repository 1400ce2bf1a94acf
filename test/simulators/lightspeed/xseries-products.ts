/** Products and their stock: variants are products of one family; levels are kept per outlet. */
import {
  asFields,
  asList,
  decimal,
  type Fields,
  numberIn,
  type Product,
  Refusal,
  type Stock,
  sayUnknown,
  stamp,
  uuid,
  type XSeriesState,
} from './xseries-state.ts';

const createKnown = new Set([
  ...['name', 'description', 'handle', 'sku', 'product_codes', 'source', 'source_id', 'source_variant_id', 'is_active'],
  ...['price_including_tax', 'price_excluding_tax', 'supply_price', 'supplier_id', 'supplier_code', 'product_suppliers'],
  ...['product_type_id', 'product_category_id', 'brand_id', 'tag_ids', 'attributes', 'images', 'inventory', 'account_code_sale'],
  ...['account_code_purchase', 'loyalty_amount', 'weight', 'weight_unit', 'length', 'width', 'height', 'dimensions_unit', 'variants'],
  ...['all_outlets_tax', 'outlet_taxes', 'composite'],
]);
const variantKnown = new Set([...createKnown, 'variant_definitions']);
const commonKnown = new Set([
  ...['name', 'description', 'brand_id', 'product_category_id', 'tag_ids', 'product_suppliers', 'track_inventory', 'variant_attributes'],
]);
const detailsKnown = new Set([
  ...['is_active', 'product_codes', 'price_excluding_tax', 'price_including_tax', 'supply_price', 'inventory', 'outlet_taxes'],
  ...['loyalty_amount', 'weight', 'weight_unit', 'length', 'width', 'height', 'dimensions_unit', 'variant_definitions'],
]);

const rateOf = (state: XSeriesState, taxId: string): number => state.tables.taxes.get(taxId)?.rate ?? 0;
const net = (gross: number, rate: number): number => Math.round((gross * 10_000) / (10_000 + rate));
const gross = (amount: number, rate: number): number => Math.round((amount * (10_000 + rate)) / 10_000);

export function stockOf(state: XSeriesState, productId: string, outletId: string): Stock {
  const known = state.tables.stock.find('place', `${productId} ${outletId}`)[0];
  if (known !== undefined) return known;
  const blank = { deleted_at: null, productId, outletId, level: 0, reorderPoint: null, reorderAmount: null };
  return state.tables.stock.add({ id: uuid(state.random), ...blank });
}

export function setLevel(state: XSeriesState, productId: string, outletId: string, level: number): void {
  const row = stockOf(state, productId, outletId);
  row.level = level;
  state.tables.stock.touch(row);
  state.tell('inventory.update', row.id);
}

export const showStock = (row: Stock): Fields => ({
  ...{ id: row.id, product_id: row.productId, outlet_id: row.outletId, inventory_level: row.level, version: row.version },
  ...{ reorder_point: row.reorderPoint, reorder_amount: row.reorderAmount },
});

/** As `2026-07` names it. */
export const showDatedStock = (row: Stock): Fields => ({
  ...{ id: row.id, outlet_id: row.outletId, product_id: row.productId, current_inventory_level: row.level, version: row.version },
  ...{ reorder_point: row.reorderPoint, reorder_amount: row.reorderAmount, average_cost: 0 },
});

export function showProduct(state: XSeriesState, product: Product): Fields {
  const named = (table: 'brands' | 'tags' | 'categories', id: string | undefined): Fields => {
    const row = state.tables[table].get(id ?? '');
    return row === undefined ? {} : { id: row.id, name: row.name, deleted_at: row.deleted_at, version: row.version };
  };
  const family = state.tables.products.find('family', product.familyId);
  const category = named('categories', product.categoryId);
  const image = product.images[0]?.url ?? 'https://secure.retail.lightspeed.app/images/placeholder/product/no-image-white-standard.png';
  return {
    ...{ id: product.id, name: product.name, handle: product.handle, sku: product.sku, description: product.description },
    variant_name: product.variantName,
    ...{ active: product.active, is_active: product.active, has_inventory: product.hasInventory, is_composite: false },
    has_variants: family.length > 1 && product.familyId === product.id,
    variant_parent_id: product.familyId === product.id ? null : product.familyId,
    variant_options: product.variantOptions,
    variant_count: family.length > 1 && product.familyId === product.id ? family.length - 1 : 0,
    price_including_tax: decimal(product.priceIncl),
    price_excluding_tax: decimal(product.priceExcl),
    supply_price: decimal(product.supplyPrice),
    ...(product.brandId !== undefined && { brand_id: product.brandId }),
    brand: named('brands', product.brandId),
    ...(product.categoryId !== undefined && { product_type_id: product.categoryId }),
    ...{ type: category, supplier: {}, tag_ids: product.tagIds, categories: product.tagIds.map((id) => named('tags', id)) },
    ...{ product_codes: product.codes, product_suppliers: [], attributes: [] },
    ...{ image_url: image, image_thumbnail_url: image, images: product.images, button_order: 0 },
    source: product.source,
    ...(product.sourceId !== undefined && { source_id: product.sourceId }),
    ...{ created_at: product.createdAt, updated_at: product.updatedAt, deleted_at: product.deleted_at, version: product.version },
  };
}

/** As `2026-07` adds to it. */
export const showDatedProduct = (state: XSeriesState, product: Product): Fields => {
  const { type, ...rest } = showProduct(state, product);
  return { ...rest, family_id: product.familyId, product_category: type };
};

function writePrice(state: XSeriesState, product: Product, fields: Fields): void {
  const excluding = numberIn(fields.price_excluding_tax);
  const including = numberIn(fields.price_including_tax);
  if (excluding !== undefined && including !== undefined)
    throw new Refusal(422, 'You cannot include both price_including_tax and price_excluding_tax.');
  const rate = rateOf(state, product.taxId);
  if (including !== undefined) product.priceIncl = Math.round(including * 100_000);
  else if (excluding === undefined) return;
  if (excluding !== undefined) {
    product.priceExcl = Math.round(excluding * 100_000);
    product.priceIncl = gross(product.priceExcl, rate);
  } else product.priceExcl = net(product.priceIncl, rate);
}

function existing(state: XSeriesState, table: 'brands' | 'tags' | 'categories' | 'taxes' | 'outlets', id: unknown): string {
  if (state.tables[table].get(String(id)) === undefined) throw new Refusal(422, `Unknown id in ${table}: ${String(id)}`);
  return String(id);
}

function writeShared(state: XSeriesState, product: Product, fields: Fields): void {
  if (fields.name !== undefined) product.name = String(fields.name);
  if (product.name.trim() === '') throw new Refusal(422, 'name is required', { name: 'required' });
  if (fields.description !== undefined) product.description = String(fields.description ?? '');
  if (fields.brand_id !== undefined) product.brandId = fields.brand_id === null ? undefined : existing(state, 'brands', fields.brand_id);
  if (fields.product_category_id !== undefined) product.categoryId = existing(state, 'categories', fields.product_category_id);
  if (Array.isArray(fields.tag_ids)) product.tagIds = fields.tag_ids.map((id) => existing(state, 'tags', id));
  if (fields.track_inventory !== undefined) product.hasInventory = fields.track_inventory === true;
  if (fields.is_active !== undefined) product.active = fields.is_active === true;
  if (fields.supply_price !== undefined) product.supplyPrice = Math.round((numberIn(fields.supply_price) ?? 0) * 100_000);
  if (Array.isArray(fields.product_codes)) {
    product.codes = asList(fields.product_codes).map(({ type, code }) => {
      const kind = String(type).toUpperCase();
      if (!['CUSTOM', 'EAN', 'ISBN', 'ITF', 'JAN', 'UPC'].includes(kind)) throw new Refusal(422, `Unknown type of code: ${String(type)}`);
      return { type: kind, code: String(code) };
    });
    const custom = product.codes.find(({ type }) => type === 'CUSTOM')?.code;
    if (custom !== undefined) product.sku = custom;
  }
}

function writeTax(state: XSeriesState, product: Product, fields: Fields, allKey: string): void {
  const all = asFields(fields[allKey]).tax_id;
  const single = asList(fields.outlet_taxes)[0]?.tax_id;
  if ((all ?? single) !== undefined) product.taxId = existing(state, 'taxes', all ?? single);
}

function writeInventory(state: XSeriesState, product: Product, rows: unknown): void {
  for (const row of asList(rows)) {
    const outletId = existing(state, 'outlets', row.outlet_id);
    const amount = numberIn(row.current_amount);
    const stock = stockOf(state, product.id, outletId);
    if (row.reorder_point !== undefined) stock.reorderPoint = numberIn(row.reorder_point) ?? null;
    if (row.reorder_amount !== undefined) stock.reorderAmount = numberIn(row.reorder_amount) ?? null;
    if (amount !== undefined) setLevel(state, product.id, outletId, amount);
  }
}

function draft(state: XSeriesState, fields: Fields, familyId: string | undefined): Omit<Product, 'version'> {
  const id = uuid(state.random);
  const time = stamp(state.now());
  const sku = String(fields.sku ?? '').trim();
  const standard = state.tables.taxes.all().find((tax) => tax.isDefault)?.id ?? '';
  const product: Product = {
    ...{ id, version: 0, deleted_at: null, name: String(fields.name ?? ''), description: '', active: true, hasInventory: true },
    sku: sku === '' ? String(10_000 + state.tables.products.size()) : sku,
    handle: String(fields.handle ?? fields.name ?? '')
      .toLowerCase()
      .replace(/\W+/g, ''),
    ...{
      familyId: familyId ?? id,
      variantName: String(fields.name ?? ''),
      variantOptions: [],
      priceExcl: 0,
      priceIncl: 0,
      taxId: standard,
    },
    ...{ supplyPrice: 0, brandId: undefined, categoryId: undefined, tagIds: [], codes: [], images: [] },
    source: String(fields.source ?? 'USER'),
    sourceId: fields.source_id === undefined ? undefined : String(fields.source_id),
    ...{ createdAt: time, updatedAt: time },
  };
  writeShared(state, product, fields);
  writeTax(state, product, fields, 'all_outlets_tax');
  writePrice(state, product, fields);
  if (!product.codes.some(({ code }) => code === product.sku)) product.codes = [...product.codes, { type: 'CUSTOM', code: product.sku }];
  if (state.tables.products.find('sku', product.sku).length > 0) throw new Refusal(422, `sku ${product.sku} is taken`, { sku: 'taken' });
  return product;
}

/** One product, or a family of variants: the first of them is the parent. Answers the new ids. */
export function createProduct(state: XSeriesState, fields: Fields): readonly string[] {
  sayUnknown(state, 'product', fields, createKnown);
  const variants = asList(fields.variants);
  for (const variant of variants) sayUnknown(state, 'variant', variant, variantKnown);
  const wishes: readonly Fields[] =
    variants.length === 0 ? [fields] : variants.map((variant) => ({ ...fields, ...variant, name: fields.name }));
  let familyId: string | undefined;
  const drafts = wishes.map((wish) => {
    const made = draft(state, wish, familyId);
    familyId = made.familyId;
    return { made, wish };
  });
  if (new Set(drafts.map(({ made }) => made.sku)).size < drafts.length) throw new Refusal(422, 'sku must be unique', { sku: 'taken' });
  const ready = drafts.map(({ made, wish }) => {
    const options = asList(wish.variant_definitions).map((option) => {
      sayUnknown(state, 'attribute of a variant', option, new Set(['attribute_id', 'value']));
      const attribute = state.tables.attributes.get(String(option.attribute_id));
      if (attribute === undefined) throw new Refusal(422, `Unknown attribute ${String(option.attribute_id)}`);
      return { id: attribute.id, name: attribute.name, value: String(option.value ?? '') };
    });
    return { made, wish, options };
  });
  return ready.map(({ made, wish, options }) => {
    const product = state.tables.products.add(made);
    product.variantOptions = options;
    if (options.length > 0) product.variantName = [product.name, ...options.map(({ value }) => value)].join(' / ');
    for (const outlet of state.tables.outlets.all()) stockOf(state, product.id, outlet.id);
    writeInventory(state, product, wish.inventory);
    state.tell('product.update', product.id);
    return product.id;
  });
}

/** `common` is for the family, `details` for the one product. The tax of all outlets is `all_outlet_tax` in 2.1, `all_outlets_tax` in 2026-07. */
export function updateProduct(state: XSeriesState, product: Product, body: Fields, version: string): void {
  const allKey = version === '2.1' ? 'all_outlet_tax' : 'all_outlets_tax';
  const common = asFields(body.common);
  const details = asFields(body.details);
  sayUnknown(state, 'product update', body, new Set(['common', 'details']));
  sayUnknown(state, 'common part of a product', common, commonKnown);
  sayUnknown(state, 'details of a product', details, new Set([...detailsKnown, allKey]));
  const copy = { ...product };
  writeShared(state, copy, common);
  writeShared(state, copy, details);
  writeTax(state, copy, details, allKey);
  writePrice(state, copy, details);
  if (state.tables.products.find('sku', copy.sku).some((other) => other.id !== product.id))
    throw new Refusal(422, `sku ${copy.sku} is taken`);
  Object.assign(product, copy);
  if ('name' in common || 'description' in common) {
    for (const sibling of state.tables.products.find('family', product.familyId)) {
      sibling.name = product.name;
      sibling.description = product.description;
      if (sibling !== product) changed(state, sibling);
    }
  }
  writeInventory(state, product, details.inventory);
  changed(state, product);
}

export function changed(state: XSeriesState, product: Product): void {
  product.updatedAt = stamp(state.now());
  state.tables.products.touch(product);
  state.tell('product.update', product.id);
}

export function deleteProduct(state: XSeriesState, product: Product): void {
  product.deleted_at = stamp(state.now());
  changed(state, product);
}

const reasons: Readonly<Record<string, number>> = {
  ...{ DAMAGE: -1, EXPIRY: -1, INTERNAL_USE: -1, THEFT: -1, DONATION: -1, STOCK_FOUND: 1, SAMPLE_FOR_SALE: 1, CUSTOM: 0 },
};

/** `POST /stock_adjustments`: 1 to 1,000 changes by a quantity; all or none. */
export function adjustStock(state: XSeriesState, body: Fields): Fields {
  const rows = asList(body.stock_adjustments);
  if (rows.length === 0 || rows.length > 1_000) throw new Refusal(422, 'stock_adjustments must have 1 to 1000 entries');
  const known = new Set(['product_id', 'outlet_id', 'quantity', 'reason', 'custom_inventory_adjustment_reason_id', 'note']);
  const steps = rows.map((row) => {
    sayUnknown(state, 'stock adjustment', row, known);
    const product = state.tables.products.get(String(row.product_id));
    const quantity = numberIn(row.quantity);
    const sign = reasons[String(row.reason)];
    if (product === undefined || product.deleted_at !== null) throw new Refusal(422, `Unknown product_id ${String(row.product_id)}`);
    if (quantity === undefined || quantity === 0) throw new Refusal(422, 'quantity must be a number other than 0');
    if (sign === undefined || sign * quantity < 0) throw new Refusal(422, `reason ${String(row.reason)} does not fit the quantity`);
    return { product, outletId: existing(state, 'outlets', row.outlet_id), quantity, row };
  });
  return {
    data: steps.map(({ product, outletId, quantity, row }) => {
      setLevel(state, product.id, outletId, stockOf(state, product.id, outletId).level + quantity);
      return { id: uuid(state.random), ...row };
    }),
  };
}
