/** What orders and carts have in common: a customer, and lines that point to products of the store. */
import { type Account, type Json, type Purchase, type Store, stamp } from './account.ts';
import { keepCustomer, showCustomer } from './customers.ts';
import { type FieldError, invalid } from './problem.ts';
import { keepProduct } from './products.ts';

/** Merges lines by their id; the ones that are not named stay. Nothing is changed when one of them is wrong. */
export function mergedLines(account: Account, store: Store, held: ReadonlyMap<string, Json>, wished: readonly Json[]): Map<string, Json> {
  const lines = new Map(held);
  const errors: FieldError[] = [];
  for (const [at, wish] of wished.entries()) {
    const { product: inline, ...rest } = wish;
    const id = String(wish.id ?? '');
    const line: Json = { ...lines.get(id), ...rest, id };
    const wrong = (field: string, message: string) => errors.push({ field: `lines.item:${at}.${field}`, message });
    if (id === '') wrong('id', 'This value should not be blank.');
    if (inline !== undefined) keepProduct(account, store, inline as Json);
    const product = store.products.get(String(line.product_id ?? ''));
    for (const name of ['product_id', 'product_variant_id', 'quantity', 'price'])
      if (line[name] === undefined) wrong(name, 'This value should not be blank.');
    if (line.product_id !== undefined && product === undefined)
      wrong('product_id', 'A product with the provided ID does not exist in the account for this store.');
    if (product !== undefined && line.product_variant_id !== undefined && !product.variants.has(String(line.product_variant_id)))
      wrong('product_variant_id', 'A product variant with the provided ID does not exist in the account for this product.');
    lines.set(id, line);
  }
  if (errors.length > 0) throw invalid(...errors);
  return lines;
}

export interface Kept {
  readonly known: Purchase | undefined;
  readonly body: Json;
  readonly create: readonly string[];
}

/** An order or a cart from a body; `create` names what a new one must have. */
export function keepPurchase(account: Account, store: Store, { known, body, create }: Kept): Purchase {
  const { id, customer, lines, ...facts } = body;
  const lacking = known === undefined ? create.filter((name) => body[name] === undefined) : [];
  if (lacking.length > 0) throw invalid(...lacking.map((field) => ({ field, message: 'This value should not be blank.' })));
  const wished = (lines ?? []) as Json[];
  if (known === undefined && wished.length === 0)
    throw invalid({ field: 'lines', message: 'This collection should contain 1 element or more.' });
  const kept = mergedLines(account, store, known?.lines ?? new Map(), wished);
  const buyer = { ...(known !== undefined && { id: known.customerId }), ...(customer as Json | undefined) };
  const customerId = customer === undefined ? (known?.customerId ?? '') : keepCustomer(account, store, buyer).id;
  const now = stamp(account.now());
  return {
    id: String(id ?? known?.id),
    customerId,
    facts: { ...known?.facts, ...facts },
    lines: kept,
    created: known?.created ?? now,
    updated: now,
    settled: known?.settled ?? store.syncing,
  };
}

export function showBuyer(store: Store, purchase: Purchase): Json {
  const customer = store.customers.get(purchase.customerId);
  return customer === undefined ? { id: purchase.customerId } : showCustomer(store, customer);
}

export function titles(store: Store, line: Json): Json {
  const product = store.products.get(String(line.product_id));
  const variant = product?.variants.get(String(line.product_variant_id));
  return { product_title: product?.facts.title ?? '', product_variant_title: variant?.title ?? '' };
}
