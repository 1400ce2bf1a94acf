/** Products: how they show, how they are written. The default variant comes by itself. */
import { type CSeriesState, type Product, textOf, type Variant } from './cseries-state.ts';
import { showVariant, writeVariant } from './cseries-variants.ts';
import { type Fields, isFalse, type Linker, Refusal, reference, stamp } from './cseries-wire.ts';

const texts = ['title', 'fulltitle', 'description', 'content', 'url'];
const plain = ['data01', 'data02', 'data03', 'supplier', 'type', 'deliverydate', 'set', 'tags'];

export function showProduct(state: CSeriesState, product: Product, language: string): Fields {
  const to: Linker = state.linker(language);
  const text = (field: string) => textOf(state, product.texts, language, field);
  const own = (resource: string) => reference(to, `${resource}?product=${product.id}`, false);
  const image = product.images[0];
  return {
    id: product.id,
    createdAt: stamp(product.createdAt),
    updatedAt: stamp(product.updatedAt),
    isVisible: product.visibility !== 'hidden',
    visibility: product.visibility,
    hasMatrix: false,
    data01: product.more.data01 ?? '',
    data02: product.more.data02 ?? '',
    data03: product.more.data03 ?? '',
    url: text('url'),
    title: text('title'),
    fulltitle: text('fulltitle'),
    description: text('description'),
    content: text('content'),
    set: false,
    brand: product.brandId === undefined ? false : reference(to, `brands/${product.brandId}`, product.brandId),
    categories: own('categories/products'),
    deliverydate: false,
    image: image === undefined ? false : imageOf(image),
    images: reference(to, `products/${product.id}/images`, false),
    relations: reference(to, `products/${product.id}/relations`, false),
    metafields: reference(to, `products/${product.id}/metafields`, false),
    reviews: own('reviews'),
    type: false,
    attributes: reference(to, `products/${product.id}/attributes`, false),
    supplier: false,
    tags: own('tags/products'),
    variants: own('variants'),
    movements: own('variants/movements'),
    quantityDiscounts: false,
    templateDataFields: [],
  };
}

function imageOf(image: Product['images'][number]): Fields {
  return {
    createdAt: stamp(image.createdAt),
    updatedAt: stamp(image.createdAt),
    extension: image.title.split('.').at(-1) ?? 'jpg',
    size: 1,
    title: image.title,
    thumb: image.src,
    src: image.src,
  };
}

export const showImage = (state: CSeriesState, product: Product, image: Product['images'][number], language: string): Fields => ({
  id: image.id,
  sortOrder: product.images.indexOf(image) + 1,
  ...imageOf(image),
  product: reference(state.linker(language), `products/${product.id}`, product.id),
});

/** Sets what the body names, in the language of the path. */
function writeProduct(state: CSeriesState, product: Product, fields: Fields, language: string): void {
  for (const [field, value] of Object.entries(fields)) {
    if (texts.includes(field)) {
      const text = String(value ?? '');
      if (field === 'title' && text.trim() === '') throw new Refusal(422, 'Invalid product title');
      product.texts = { ...product.texts, [language]: { ...product.texts[language], [field]: text } };
    } else if (field === 'visibility') {
      if (!['hidden', 'visible', 'auto'].includes(String(value))) throw new Refusal(422, 'Invalid product visibility');
      product.visibility = String(value);
    } else if (field === 'isVisible') product.visibility = isFalse(value) ? 'hidden' : 'visible';
    else if (field === 'brand') {
      const id = Number(value);
      if (!isFalse(value) && value !== null && state.tables.brands.get(id) === undefined) throw new Refusal(422, 'Invalid product brand');
      product.brandId = id > 0 ? id : undefined;
    } else if (plain.includes(field)) product.more[field] = value;
    else state.unexpected.push(`a field that no product has: ${field}`);
  }
}

export function createProduct(state: CSeriesState, fields: Fields, language: string): Product {
  if (String(fields.title ?? '').trim() === '') throw new Refusal(422, 'Invalid product title');
  const time = state.now();
  const draft: Omit<Product, 'id'> = {
    createdAt: time,
    updatedAt: time,
    texts: {},
    brandId: undefined,
    visibility: 'hidden',
    more: {},
    images: [],
  };
  // Written first, so that a refused body leaves nothing behind.
  const checked = { id: 0, ...draft };
  writeProduct(state, checked, fields, language);
  const product = state.tables.products.add((id) => ({ ...checked, id }));
  createVariant(state, product.id, { title: 'Default' }, language);
  state.tell('products', 'created', product.id);
  return product;
}

/** Writes a product that exists, and says so. */
export function changeProduct(state: CSeriesState, product: Product, fields: Fields, language: string): void {
  const checked: Product = { ...product, more: { ...product.more } };
  writeProduct(state, checked, fields, language);
  Object.assign(product, checked, { updatedAt: state.now() });
  state.tables.products.changed(product);
  state.tell('products', 'updated', product.id);
}

export function createVariant(state: CSeriesState, productId: number, fields: Fields, language: string): Variant {
  const { variants, taxes, products } = state.tables;
  if (products.get(productId) === undefined) throw new Refusal(422, 'Invalid variant product');
  const time = state.now();
  const siblings = variants.find('product', String(productId));
  const tax = taxes.all().find((one) => one.isDefault) ?? taxes.all()[0];
  const checked: Variant = {
    id: 0,
    createdAt: time,
    updatedAt: time,
    productId,
    taxId: tax?.id ?? 0,
    isDefault: siblings.length === 0,
    sortOrder: siblings.length + 1,
    priceExcl: 0,
    priceIncl: 0,
    stockLevel: 0,
    texts: {},
    more: { articleCode: '', ean: '', sku: '', stockTracking: 'disabled' },
  };
  writeVariant(state, checked, { title: 'Variant', ...fields }, language);
  const variant = variants.add((id) => ({ ...checked, id }));
  if (variant.stockLevel !== 0) recordMovement(state, variant, 'update', variant.stockLevel);
  state.tell('variants', 'created', variant.id);
  return variant;
}

/** Writes a variant that exists: the level's difference becomes a movement, the time of the change is set. */
export function changeVariant(state: CSeriesState, variant: Variant, fields: Fields, language: string): void {
  const checked = { ...variant, more: { ...variant.more } };
  writeVariant(state, checked, fields, language);
  const difference = checked.stockLevel - variant.stockLevel;
  Object.assign(variant, checked, { updatedAt: state.now() });
  state.tables.variants.changed(variant);
  if (difference !== 0) recordMovement(state, variant, 'update', difference);
  state.tell('variants', 'updated', variant.id);
}

/** A sale, a cancelled order: relative, as the shop itself does it. */
export function moveStock(state: CSeriesState, variant: Variant, type: string, amount: number): void {
  variant.stockLevel += amount;
  variant.updatedAt = state.now();
  recordMovement(state, variant, type, amount);
  state.tell('variants', 'updated', variant.id);
}

function recordMovement(state: CSeriesState, variant: Variant, type: string, amount: number): void {
  const time = state.now();
  const code = String(variant.more.articleCode);
  state.tables.movements.add((id) => ({
    ...{ id, createdAt: time, updatedAt: time, variantId: variant.id },
    ...{ code, type, amount, description: '' },
  }));
}

export function removeProduct(state: CSeriesState, product: Product): void {
  const { products, variants, categoryProducts } = state.tables;
  for (const variant of variants.find('product', String(product.id))) variants.remove(variant.id);
  for (const relation of categoryProducts.find('product', String(product.id))) categoryProducts.remove(relation.id);
  state.tell('products', 'deleted', product.id);
  products.remove(product.id);
}

/** `catalog`: a product with its variants by id. */
export const showCatalog = (state: CSeriesState, product: Product, language: string): Fields => ({
  ...showProduct(state, product, language),
  variants: Object.fromEntries(
    state.tables.variants.find('product', String(product.id)).map((variant) => [variant.id, showVariant(state, variant, language)]),
  ),
});
