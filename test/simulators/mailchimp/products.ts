/** Products of a store and their variants. */
import { type Account, type Json, type Product, type Store, stamp } from './account.ts';
import * as bodies from './bodies.ts';
import { page } from './paging.ts';
import { alreadyExists, invalid, notFound } from './problem.ts';
import { type Call, empty, ok, type Route } from './route.ts';
import { storeIn } from './stores.ts';

/** More are only told by `/variants`. */
const shownVariants = 50;

const showVariant = (variant: Json): Json => ({
  url: '',
  sku: '',
  price: 0,
  inventory_quantity: 0,
  image_url: '',
  backorders: '',
  visibility: '',
  ...variant,
  _links: [],
});

export const showProduct = (store: Store, product: Product): Json => {
  const { images = [], ...facts } = product.facts;
  return {
    id: product.id,
    currency_code: store.facts.currency_code,
    title: '',
    handle: '',
    url: '',
    description: '',
    type: '',
    vendor: '',
    image_url: '',
    ...facts,
    variants: [...product.variants.values()].slice(0, shownVariants).map(showVariant),
    images: (images as Json[]).map((image) => ({ variant_ids: [], ...image, _links: [] })),
    _links: [],
  };
};

function keepVariant(account: Account, product: Product, body: Json): Json {
  const now = stamp(account.now());
  const id = String(body.id ?? '');
  const known = product.variants.get(id);
  if (known === undefined && (id === '' || body.title === undefined))
    throw invalid({ field: id === '' ? 'variants.id' : 'variants.title', message: 'This value should not be blank.' });
  const variant = { created_at: now, ...known, ...body, id, updated_at: now };
  product.variants.set(id, variant);
  return variant;
}

/** Variants that are not named stay as they are. */
export function keepProduct(account: Account, store: Store, body: Json): Product {
  const { id: rawId, variants, ...facts } = body;
  const id = String(rawId);
  const known = store.products.get(id);
  const wished = variants as Json[] | undefined;
  if (known === undefined && (wished === undefined || wished.length === 0))
    throw invalid({ field: 'variants', message: 'This collection should contain 1 element or more.' });
  if (known === undefined && facts.title === undefined) throw invalid({ field: 'title', message: 'This value should not be blank.' });
  const product: Product = { id, facts: { ...known?.facts, ...facts }, variants: new Map(known?.variants) };
  for (const variant of wished ?? []) keepVariant(account, product, variant);
  store.products.set(id, product);
  return product;
}

function productIn(call: Call): Product {
  const product = storeIn(call).products.get(call.at.product ?? '');
  if (product === undefined) throw notFound();
  return product;
}

function variantIn(call: Call): Json {
  const variant = productIn(call).variants.get(call.at.variant ?? '');
  if (variant === undefined) throw notFound();
  return variant;
}

function sameId(call: Call, id: string | undefined): void {
  if (call.body.id !== id) throw invalid({ field: 'id', message: 'This value does not match the address of the request.' });
}

const many = '/ecommerce/stores/:store/products';
const one = `${many}/:product`;
const variants: Route[] = [
  {
    method: 'GET',
    path: `${one}/variants`,
    answer(call) {
      const product = productIn(call);
      const around = { store_id: storeIn(call).id, product_id: product.id };
      return ok(page(call.query, 'variants', product.variants, { show: showVariant, around }));
    },
  },
  {
    method: 'POST',
    path: `${one}/variants`,
    body: bodies.variantPost,
    answer(call) {
      const product = productIn(call);
      if (product.variants.has(String(call.body.id))) throw alreadyExists('product variant');
      return ok(showVariant(keepVariant(call.account, product, call.body)));
    },
  },
  { method: 'GET', path: `${one}/variants/:variant`, answer: (call) => ok(showVariant(variantIn(call))) },
  {
    method: 'PUT',
    path: `${one}/variants/:variant`,
    body: bodies.variantPost,
    answer(call) {
      sameId(call, call.at.variant);
      return ok(showVariant(keepVariant(call.account, productIn(call), call.body)));
    },
  },
  {
    method: 'PATCH',
    path: `${one}/variants/:variant`,
    body: bodies.variantPatch,
    answer: (call) => ok(showVariant(keepVariant(call.account, productIn(call), { ...call.body, id: variantIn(call).id }))),
  },
  {
    method: 'DELETE',
    path: `${one}/variants/:variant`,
    answer(call) {
      variantIn(call);
      productIn(call).variants.delete(call.at.variant ?? '');
      return empty;
    },
  },
];

export const productRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: many,
    answer(call) {
      const store = storeIn(call);
      const show = (product: Product) => showProduct(store, product);
      return ok(page(call.query, 'products', store.products, { show, around: { store_id: store.id } }));
    },
  },
  {
    method: 'POST',
    path: many,
    body: bodies.productPost,
    answer(call) {
      const store = storeIn(call);
      if (store.products.has(String(call.body.id))) throw alreadyExists('product');
      return ok(showProduct(store, keepProduct(call.account, store, call.body)));
    },
  },
  { method: 'GET', path: one, answer: (call) => ok(showProduct(storeIn(call), productIn(call))) },
  {
    method: 'PUT',
    path: one,
    body: bodies.productPost,
    answer(call) {
      sameId(call, call.at.product);
      return ok(showProduct(storeIn(call), keepProduct(call.account, storeIn(call), call.body)));
    },
  },
  {
    method: 'PATCH',
    path: one,
    body: bodies.productPatch,
    answer: (call) => ok(showProduct(storeIn(call), keepProduct(call.account, storeIn(call), { ...call.body, id: productIn(call).id }))),
  },
  {
    method: 'DELETE',
    path: one,
    answer(call) {
      storeIn(call).products.delete(productIn(call).id);
      return empty;
    },
  },
  ...variants,
];
