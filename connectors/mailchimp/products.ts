/** Plans for products with their variants. */

import { z } from 'zod';
import type { Draft, FieldPolicy, Plan, PlanStep } from '../connector.ts';
import { parseDraft } from '../draft.ts';
import { Failure, failureOf } from '../failure.ts';
import { type Account, pageSize } from './account.ts';
import { compareFields, type Field } from './compare.ts';
import { ProductDraft } from './drafts.ts';
import { type ProductField, productPolicies } from './flow-settings.ts';
import { partsOf, plainId, recordId, segment, storePrefix } from './ids.ts';
import { findAll, idsOnly, inParallel } from './lookup.ts';
import { amount } from './order-body.ts';
import { unreadableDraft } from './refusals.ts';
import { readVariants, StoreVariant, shownVariants } from './shelf.ts';
import { type Shopfront, type StoreGround, shopfrontOf, storeGround } from './store.ts';

const Standing = z.looseObject({
  id: z.string(),
  title: z.string().catch(''),
  description: z.string().catch(''),
  vendor: z.string().catch(''),
  url: z.string().catch(''),
  image_url: z.string().catch(''),
  variants: z.array(StoreVariant).default([]),
});
type Standing = z.infer<typeof Standing>;
const Page = z.looseObject({ products: z.array(Standing), total_items: z.number().int() });

const variantFields = ['id', 'title', 'sku', 'price', 'inventory_quantity', 'visibility', 'url', 'image_url'];
const fields = ['id', 'title', 'description', 'vendor', 'url', 'image_url', ...variantFields.map((field) => `variants.${field}`)];

interface Ready {
  readonly draft: Draft;
  readonly fields: ProductDraft;
  readonly front: Shopfront;
  readonly id: string;
}

export async function planProducts(account: Account, drafts: readonly Draft[]): Promise<(Plan | Failure)[]> {
  const ground = await storeGround(account);
  const prepared = drafts.map((draft): Ready | Failure => {
    const parsed = parseDraft(ProductDraft, draft.fields).data;
    if (parsed === undefined) return unreadableDraft(draft.id);
    const currency = currencyOf(parsed, ground);
    if (currency === undefined) return currencyMissing(parsed.product.sku || draft.id);
    const front = shopfrontOf({ source: parsed.source, currency }, ground);
    return { draft, fields: parsed, front, id: productIdOf(draft, parsed, front.id) };
  });
  const ready = prepared.filter((one): one is Ready => !(one instanceof Failure));
  const standing = await standingProducts(account, ready);
  return prepared.map((one) => {
    if (one instanceof Failure) return one;
    try {
      return planProduct(one, standing.get(one.front.id)?.get(one.id));
    } catch (error) {
      return failureOf(error);
    }
  });
}

/** Of its own price, of a variant's, or of the only store that the source has here. */
function currencyOf({ product, source }: ProductDraft, { audience, stores }: StoreGround): string | undefined {
  const priced = product.price ?? product.variants.find(({ price }) => price !== undefined)?.price;
  if (priced !== undefined) return priced.currency;
  const own = stores.filter(({ id }) => id.startsWith(storePrefix(source.id, audience.id)));
  return own.length === 1 ? own[0]?.currency_code : undefined;
}

/**
 * Orders find an article by its SKU, so that is its name there. A product around variants is no article: its own number is left to the order that
 * names it although no variant was chosen.
 */
function productIdOf(draft: Draft, { product }: ProductDraft, store: string): string {
  const known = draft.known === undefined ? undefined : partsOf(draft.known);
  if (known?.store === store) return known.id;
  const grouping = product.variants.length > 0;
  return plainId(product.sku === '' || product.sku === '–' || grouping ? `p-${product.id}` : product.sku);
}

async function standingProducts(account: Account, ready: readonly Ready[]): Promise<Map<string, Map<string, Standing>>> {
  const stores = new Map<string, string[]>();
  for (const { front, id } of ready) if (front.store !== undefined) stores.set(front.id, [...(stores.get(front.id) ?? []), id]);
  const found = await Promise.all(
    [...stores].map(async ([store, ids]) => {
      const products = await findAll(ids, productsOf(account, store));
      const large = [...products.values()].filter(({ variants }) => variants.length >= shownVariants);
      await inParallel(large, async (product) => {
        const variants = await readVariants(account, { store, product: product.id, fields: variantFields });
        if (variants !== undefined) products.set(product.id, { ...product, variants });
      });
      return [store, products] as const;
    }),
  );
  return new Map(found);
}

function productsOf(account: Account, store: string) {
  const path = `/ecommerce/stores/${segment(store)}/products`;
  const list = [...fields.map((field) => `products.${field}`), 'total_items'].join(',');
  const page = async (query: Readonly<Record<string, string>>) =>
    (await account.client.get(Page, { path, query: { ...query, fields: list }, label: 'list products' })) ?? {
      products: [],
      total_items: 0,
    };
  return {
    total: async () => (await page({ count: '1' })).total_items,
    ids: (offset: number) => idsOnly(account, { path, name: 'products' }, offset),
    page: async (offset: number) => (await page({ count: String(pageSize), offset: String(offset) })).products,
    one: (id: string) =>
      account.client.get(Standing, { path: `${path}/${segment(id)}`, query: { fields: fields.join(',') }, label: 'read product' }),
    idOf: ({ id }: Standing) => id,
  };
}

interface WantedVariant {
  readonly id: string;
  readonly sku: string;
  readonly title: string;
  readonly price: number | undefined;
  readonly visible: boolean;
}

function planProduct({ draft, fields: wanted, front, id }: Ready, there: Standing | undefined): Plan {
  const { product } = wanted;
  const base = { id: draft.id, reference: draft.reference, notes: [] };
  const target = { id: recordId(front.id, id), number: product.sku };
  if (!product.active && (there === undefined || wanted.deletion === 'ignore')) {
    return {
      ...base,
      ...(there && { target }),
      steps: [{ id: 'product', action: 'skip', subject: 'product', reason: 'inactive', changes: [] }],
    };
  }
  const may = policyOf(wanted);
  const variants = variantsOf(wanted, there);
  const { changes, writes, values } = compareFields(comparedFields(wanted, { there, variants, may }), {
    isNew: there === undefined,
    last: draft.last,
    seal: (value) => value,
  });
  const gone =
    there !== undefined && may('variants') === 'always' ? there.variants.filter((one) => !variants.some((two) => two.id === one.id)) : [];
  const missing = variants.filter((one) => !there?.variants.some((two) => two.id === one.id));
  const adds = there !== undefined && missing.length > 0 && may('variants') === 'always';
  const plan = { ...base, ...(there && { target }), values };
  if (there !== undefined && writes.size === 0 && gone.length === 0 && !adds) {
    const reason = changes.length > 0 ? 'kept' : 'unchanged';
    return { ...plan, steps: [{ id: 'product', action: 'skip', subject: 'product', targetId: target.id, reason, changes }] };
  }
  const path = `/ecommerce/stores/${segment(front.id)}/products/${segment(id)}`;
  const written = there !== undefined && !adds ? variants.filter((one) => !missing.includes(one)) : variants;
  const step: PlanStep = {
    id: 'product',
    action: there === undefined ? 'create' : 'update',
    subject: 'product',
    targetId: target.id,
    changes: [...changes, ...(adds ? missing.map(({ sku }) => ({ field: `variants.${sku}`, after: sku })) : [])],
    request: { operation: `PUT ${path}`, body: JSON.stringify(bodyOf({ id, wanted, there, variants: written, writes })) },
  };
  const removals = gone.map(
    (variant): PlanStep => ({
      id: `variant:${variant.id}`,
      action: 'update',
      subject: 'variant',
      targetId: variant.id,
      changes: [{ field: `variants.${variant.sku || variant.id}`, before: variant.sku || variant.id }],
      request: { operation: `DELETE ${path}/variants/${segment(variant.id)}`, body: '' },
    }),
  );
  return { ...plan, steps: [...front.steps, step, ...removals] };
}

/** What the merchant decided about a field: its own policy within the two switches. */
function policyOf({ policies, offer, content }: ProductDraft): (field: ProductField) => FieldPolicy {
  return (field) => {
    const definition = productPolicies.find((candidate) => candidate.field === field);
    const open = definition?.part === 'offer' ? offer : content;
    return open ? (policies[field] ?? definition?.default ?? 'always') : 'never';
  };
}

/** A product without variants is its own only one, with the same id (Marketing API 3.0, e-commerce products). */
function variantsOf({ product }: ProductDraft, there: Standing | undefined): WantedVariant[] {
  const named = (sku: string, otherwise: string): string => there?.variants.find((one) => one.sku === sku)?.id ?? plainId(sku || otherwise);
  if (product.variants.length === 0) {
    const { sku, name, price, active } = product;
    return [{ id: named(sku, product.id), sku, title: name, price: price && amount(price.grossMinor, price.currency), visible: active }];
  }
  return product.variants.map(({ id, sku, name, price = product.price, active, attributes }) => ({
    id: named(sku, id),
    sku,
    title: attributes.map(({ value }) => value).join(' ') || name,
    price: price && amount(price.grossMinor, price.currency),
    visible: product.active && active,
  }));
}

const visibilityOf = (visible: boolean): string => (visible ? 'visible' : 'hidden');

function comparedFields(
  wanted: ProductDraft,
  { there, variants, may }: { there: Standing | undefined; variants: readonly WantedVariant[]; may: (field: ProductField) => FieldPolicy },
): Field[] {
  const { product, url, imageUrl } = wanted;
  const standing = new Map(there?.variants.map((variant) => [variant.id, variant]));
  const single = variants.length === 1;
  return [
    // Without a title there is no product.
    { path: 'name', current: there?.title, wanted: product.name, policy: there === undefined ? 'always' : may('name') },
    { path: 'longText', current: there?.description, wanted: plainText(product.longText ?? product.shortText), policy: may('longText') },
    { path: 'brand', current: there?.vendor, wanted: product.brand, policy: may('brand') },
    { path: 'url', current: there?.url, wanted: url, policy: may('url') },
    { path: 'image', current: there?.image_url, wanted: imageUrl, policy: may('image') },
    ...variants.flatMap((variant): Field[] => {
      const found = standing.get(variant.id);
      if (there !== undefined && found === undefined) return [];
      const path = (field: string): string => (single ? field : `variants.${variant.sku}.${field}`);
      return [
        { path: path('price'), current: found?.price, wanted: variant.price, policy: may('price') },
        {
          path: path('active'),
          current: found && (found.visibility || 'visible'),
          wanted: visibilityOf(variant.visible),
          policy: may('active'),
        },
        ...(single ? [] : [{ path: path('name'), current: found?.title, wanted: variant.title, policy: may('name') }]),
      ];
    }),
  ];
}

/** The whole product, as a new one needs it; what is not written keeps the value that stands there. */
function bodyOf(of: {
  id: string;
  wanted: ProductDraft;
  there: Standing | undefined;
  variants: readonly WantedVariant[];
  writes: ReadonlySet<string>;
}): Record<string, unknown> {
  const { id, wanted, there, variants, writes } = of;
  const { product, url, imageUrl } = wanted;
  const single = variants.length === 1;
  const pick = (path: string, mine: string | undefined, standing: string | undefined): string | undefined =>
    writes.has(path) ? mine : standing || undefined;
  const title = pick('name', product.name, there?.title) ?? product.name;
  return present({
    id,
    title,
    description: pick('longText', plainText(product.longText ?? product.shortText), there?.description),
    vendor: pick('brand', product.brand, there?.vendor),
    url: pick('url', url, there?.url),
    image_url: pick('image', imageUrl, there?.image_url),
    variants: variants.map((variant) => {
      const found = there?.variants.find((one) => one.id === variant.id);
      const path = (field: string): string => (single ? field : `variants.${variant.sku}.${field}`);
      const fresh = found === undefined;
      const visibility = fresh || writes.has(path('active')) ? visibilityOf(variant.visible) : found.visibility;
      return present({
        id: variant.id,
        title: fresh || writes.has(path('name')) ? (single ? title : variant.title) : found.title || variant.title,
        sku: variant.sku || undefined,
        price: writes.has(path('price')) || (fresh && there !== undefined) ? variant.price : found?.price,
        visibility: visibility || undefined,
        // Stock has a flow of its own; an upsert must not reset it.
        inventory_quantity: found?.inventory_quantity,
        url: pick('url', url, found?.url),
        image_url: found?.image_url || undefined,
      });
    }),
  });
}

const present = (all: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));

/** Mails show the description as text. */
const plainText = (html: string | undefined): string | undefined =>
  html
    ?.replace(/<(?:br|\/p|\/li|\/h\d)\b[^>]*>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&nbsp;/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .trim();

const currencyMissing = (record: string): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'mailchimp.currency-missing',
    message: `Product ${record} has no price, so it is not clear into which store of Mailchimp it belongs. Give it a price in the source.`,
    params: { record },
  });
