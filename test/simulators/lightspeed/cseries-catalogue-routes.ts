/** Routes of the goods: products with their images, variants with their movements. */
import { type Answer, type Call, created, found, gone, listRoutes, ok, type Routes } from './cseries-call.ts';
import {
  changeProduct,
  changeVariant,
  createProduct,
  createVariant,
  removeProduct,
  showCatalog,
  showImage,
  showProduct,
} from './cseries-products.ts';
import type { Product, Variant } from './cseries-state.ts';
import { showVariant } from './cseries-variants.ts';
import { type Fields, Refusal, reference, stamp } from './cseries-wire.ts';

const productOf = ({ state, ids }: Call): Product => found(state.tables.products.get(ids[0] ?? 0), 'Product');
const variantOf = ({ state, ids }: Call): Variant => found(state.tables.variants.get(ids[0] ?? 0), 'Variant');
const shownProduct = ({ state, language }: Call, product: Product) => ({ product: showProduct(state, product, language) });
const shownVariant = ({ state, language }: Call, variant: Variant) => ({ variant: showVariant(state, variant, language) });

const products: Routes = {
  ...listRoutes('products', 'products', { table: (state) => state.tables.products, show: showProduct }),
  'GET products/#': (call) => ok(shownProduct(call, productOf(call))),
  'POST products': (call) => created(shownProduct(call, createProduct(call.state, call.body('product'), call.language))),
  'PUT products/#': (call) => {
    const product = productOf(call);
    changeProduct(call.state, product, call.body('product'), call.language);
    return ok(shownProduct(call, product));
  },
  'DELETE products/#': (call) => {
    removeProduct(call.state, productOf(call));
    return gone;
  },
  'GET products/#/images': (call) => {
    const product = productOf(call);
    return ok({ productImages: product.images.map((image) => showImage(call.state, product, image, call.language)) });
  },
  'POST products/#/images': (call) => {
    const product = productOf(call);
    const { attachment, filename } = call.body('productImage');
    const text = String(attachment ?? '');
    // Base64 of a picture, or the address of one.
    if (text === '' || !/^(https?:\/\/|[A-Za-z0-9+/=\s]+$)/.test(text)) throw new Refusal(422, 'Invalid image attachment');
    const title = String(filename ?? text.split('/').at(-1));
    const id = product.id * 100 + product.images.length + 1;
    const src = text.startsWith('http') ? text : `https://cdn.example.com/shops/${call.state.shopId}/files/${id}/${title}`;
    const image = { id, title, src, createdAt: call.state.now() };
    product.images.push(image);
    product.updatedAt = call.state.now();
    return created({ productImage: showImage(call.state, product, image, call.language) });
  },
  'DELETE products/#/images/#': (call) => {
    const product = productOf(call);
    const at = product.images.findIndex((image) => image.id === call.ids[1]);
    if (at < 0) throw new Refusal(404, 'Image not found');
    product.images.splice(at, 1);
    product.updatedAt = call.state.now();
    return gone;
  },
  ...listRoutes('catalog', 'products', { table: (state) => state.tables.products, show: showCatalog }),
};

const variants: Routes = {
  ...listRoutes('variants', 'variants', { table: (state) => state.tables.variants, show: showVariant }),
  'GET variants/#': (call) => ok(shownVariant(call, variantOf(call))),
  'POST variants': (call) => {
    const fields = call.body('variant');
    return created(shownVariant(call, createVariant(call.state, Number(fields.product), fields, call.language)));
  },
  'PUT variants/#': (call) => {
    const variant = variantOf(call);
    changeVariant(call.state, variant, call.body('variant'), call.language);
    return ok(shownVariant(call, variant));
  },
  'PUT variants/bulk': (call) => bulk(call),
  'DELETE variants/#': (call) => {
    const variant = variantOf(call);
    call.state.tell('variants', 'deleted', variant.id);
    call.state.tables.variants.remove(variant.id);
    return gone;
  },
  ...listRoutes('variants/movements', 'variantsMovements', {
    table: (state) => state.tables.movements,
    show: (state, row, language) => ({
      ...{ id: row.id, createdAt: stamp(row.createdAt), type: row.type, amount: row.amount, description: row.description },
      variant: reference(state.linker(language), `variants/${row.variantId}`, row.variantId),
    }),
  }),
};

/** `{"variant":[{"id":1,"stockLevel":5}]}`: all or nothing. */
function bulk({ state, raw, language }: Call): Answer {
  if (!state.knobs.bulk) throw new Refusal(404, 'Not found');
  const rows = raw().variant;
  if (!Array.isArray(rows) || rows.length === 0) throw new Refusal(400, 'Invalid data input.');
  const changes = (rows as Fields[]).map(({ id, ...fields }) => ({
    variant: found(state.tables.variants.get(Number(id)), 'Variant'),
    fields,
  }));
  for (const { variant, fields } of changes) changeVariant(state, variant, fields, language);
  return ok({ variants: changes.map(({ variant }) => showVariant(state, variant, language)) });
}

export const catalogueRoutes: Routes = { ...products, ...variants };
