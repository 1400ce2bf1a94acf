/** Orders of other stores in the account, brought there by somebody else's integration. Ours are left out: they come from where they would go. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Address, type Customer, Order, type OrderLine } from '../commerce.ts';
import type { Change } from '../connector.ts';
import { Failure, failureOf } from '../failure.ts';
import { allocate, minorOf, sum } from '../money.ts';
import { type Account, pageSize } from './account.ts';
import { ours, partsOf, recordId, segment } from './ids.ts';
import { inParallel } from './lookup.ts';
import type { Shelf } from './shelf.ts';

const word = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const money = z
  .number()
  .nullish()
  .transform((value) => value ?? 0);
const Place = z.looseObject({
  name: word,
  company: word,
  address1: word,
  address2: word,
  city: word,
  province: word,
  postal_code: word,
  country_code: word,
  phone: word,
});
type Place = z.infer<typeof Place>;

const StoreOrder = z.looseObject({
  id: z.string(),
  store_id: z.string(),
  customer: z.looseObject({ id: z.string(), email_address: word, first_name: word, last_name: word, company: word }),
  currency_code: z.string().length(3),
  order_total: z.number(),
  tax_total: money,
  shipping_total: money,
  discount_total: money,
  financial_status: word,
  fulfillment_status: word,
  processed_at_foreign: word,
  updated_at_foreign: word,
  cancelled_at_foreign: word,
  billing_address: Place.nullish(),
  shipping_address: Place.nullish(),
  lines: z.array(
    z.looseObject({
      id: z.string(),
      product_id: z.string(),
      product_variant_id: z.string(),
      product_title: word,
      product_variant_title: word,
      quantity: z.number().int(),
      price: z.number(),
      discount: money,
    }),
  ),
});
type StoreOrder = z.infer<typeof StoreOrder>;

const listed = [
  'id',
  'store_id',
  'processed_at_foreign',
  'updated_at_foreign',
  'cancelled_at_foreign',
  'financial_status',
  'fulfillment_status',
  'order_total',
] as const;
const Listed = z.looseObject({
  id: z.string(),
  store_id: z.string(),
  processed_at_foreign: word,
  updated_at_foreign: word,
  cancelled_at_foreign: word,
  financial_status: word,
  fulfillment_status: word,
  order_total: money,
});
const Page = z.looseObject({ orders: z.array(Listed), total_items: z.number().int() });

/** How far a poll looks back: the list has no order and the times in it are those of the shop. */
export const overlapMs = 60 * 60_000;

/** Oldest first. The list cannot be asked for what changed, so all of it is walked; only ids and times are kept. */
export async function* changedOrders(account: Account, cursor: string | undefined): AsyncGenerator<Change> {
  const since = cursor === undefined ? Number.NEGATIVE_INFINITY : instantOf(cursor) - overlapMs;
  const changes: (Change & { at: number })[] = [];
  for (let offset = 0; ; offset += pageSize) {
    const found = await account.client.get(Page, {
      path: '/ecommerce/orders',
      query: {
        count: String(pageSize),
        offset: String(offset),
        fields: [...listed.map((field) => `orders.${field}`), 'total_items'].join(','),
      },
      label: 'list orders',
    });
    for (const order of found?.orders ?? []) {
      if (order.store_id.startsWith(ours)) continue;
      const time = [order.updated_at_foreign, order.cancelled_at_foreign, order.processed_at_foreign].map((value) => Date.parse(value));
      const at = Math.max(...time.filter((value) => !Number.isNaN(value)));
      // Without any time it can be told neither when it was made nor whether it is new.
      if (!Number.isFinite(at) || at < since) continue;
      const facts = [at, order.financial_status, order.fulfillment_status, order.order_total].join(':');
      const version = createHash('sha256').update(facts).digest('hex').slice(0, 16);
      changes.push({ id: recordId(order.store_id, order.id), number: order.id, version, cursor: new Date(at).toISOString(), at });
    }
    if ((found?.orders.length ?? 0) < pageSize) break;
  }
  changes.sort((left, right) => left.at - right.at);
  for (const { at: _, ...change } of changes) yield change;
}

function instantOf(cursor: string): number {
  const at = Date.parse(cursor);
  if (!Number.isNaN(at)) return at;
  throw new Failure({
    remedy: 'fix-data',
    code: 'mailchimp.cursor-unreadable',
    message: 'The place where the last look ended cannot be read. Start over.',
  });
}

/** Ids as {@link changedOrders} gives them; `#1001` is looked for by its number in every store. */
export function readOrders(account: Account, shelf: Shelf, ids: readonly string[]): Promise<(Order | undefined | Failure)[]> {
  return inParallel(ids, async (id) => {
    try {
      const place = id.startsWith('#') ? await placeOf(account, id.slice(1)) : partsOf(id);
      if (place === undefined) return undefined;
      const order = await account.client.get(StoreOrder, {
        path: `/ecommerce/stores/${segment(place.store)}/orders/${segment(place.id)}`,
        label: 'read order',
      });
      if (order === undefined) return undefined;
      const bySku = await skusOf(shelf, order);
      return orderOf(order, bySku);
    } catch (error) {
      return failureOf(error);
    }
  });
}

async function placeOf(account: Account, number: string): Promise<{ store: string; id: string } | undefined> {
  const found = await account.client.get(z.looseObject({ stores: z.array(z.looseObject({ id: z.string() })) }), {
    path: '/ecommerce/stores',
    query: { count: String(pageSize), fields: 'stores.id' },
    label: 'list stores',
  });
  for (const store of (found?.stores ?? []).filter(({ id }) => !id.startsWith(ours))) {
    const order = await account.client.get(z.looseObject({ id: z.string() }), {
      path: `/ecommerce/stores/${segment(store.id)}/orders/${segment(number)}`,
      query: { fields: 'id' },
      label: 'find order',
    });
    if (order !== undefined) return { store: store.id, id: number };
  }
  return undefined;
}

async function skusOf(shelf: Shelf, order: StoreOrder): Promise<ReadonlyMap<string, string>> {
  const articles = await shelf.all(order.store_id);
  return new Map(articles.map(({ productId, variantId, sku }) => [`${productId}/${variantId}`, sku]));
}

const paymentStates = {
  paid: 'paid',
  pending: 'open',
  authorized: 'authorized',
  partially_paid: 'partially-paid',
  refunded: 'refunded',
  partially_refunded: 'partially-refunded',
  cancelled: 'cancelled',
} as const;

/**
 * Mailchimp tells one sum of tax and no rates. It is spread over the lines by their amounts, and each line's rate is worked out from that;
 * where rates matter, they are the articles' in the target.
 */
function orderOf(order: StoreOrder, skus: ReadonlyMap<string, string>): Order {
  const currency = order.currency_code;
  const minor = (decimal: number): number => minorOf(decimal, currency);
  const at = order.processed_at_foreign || order.updated_at_foreign || order.cancelled_at_foreign;
  if (at === '' || Number.isNaN(Date.parse(at))) throw unreadableOrder(order.id);
  const paymentState = paymentStates[order.financial_status.toLowerCase() as keyof typeof paymentStates] ?? 'open';
  const cancelled = paymentState === 'cancelled' || order.cancelled_at_foreign !== '';
  const totalMinor = minor(order.order_total);
  const paid = paymentState === 'paid';
  const goods = order.lines.map((line) => ({ line, grossMinor: minor(line.price) * line.quantity - minor(line.discount) }));
  const beside = [
    { id: 'shipping', kind: 'shipping' as const, name: 'Shipping', amountMinor: minor(order.shipping_total) },
    { id: 'discount', kind: 'discount' as const, name: 'Discount', amountMinor: -minor(order.discount_total) },
  ].filter(({ amountMinor }) => amountMinor !== 0);
  const taxMinor = minor(order.tax_total);
  const explained = sum([...goods.map(({ grossMinor }) => grossMinor), ...beside.map(({ amountMinor }) => amountMinor)]);
  // Prices with tax add up to the total by themselves.
  const gross = explained === totalMinor || explained + taxMinor !== totalMinor;
  const amounts = [...goods.map(({ grossMinor }) => grossMinor), ...beside.map(({ amountMinor }) => amountMinor)];
  const taxes = spread(taxMinor, amounts);
  const line = (index: number, amountMinor: number): Pick<OrderLine, 'grossMinor' | 'netMinor' | 'taxMinor' | 'taxRateBp'> => {
    const tax = taxes[index] ?? 0;
    const netMinor = gross ? amountMinor - tax : amountMinor;
    return {
      grossMinor: netMinor + tax,
      netMinor,
      taxMinor: tax,
      taxRateBp: netMinor === 0 ? 0 : Math.max(0, Math.round((tax * 10_000) / netMinor)),
    };
  };
  const parsed = Order.safeParse({
    id: recordId(order.store_id, order.id),
    number: order.id,
    createdAt: new Date(at).toISOString(),
    ...(order.updated_at_foreign !== '' && { updatedAt: new Date(order.updated_at_foreign).toISOString() }),
    currency,
    prices: gross ? 'gross' : 'net',
    state: cancelled ? 'cancelled' : order.fulfillment_status === 'shipped' ? 'completed' : 'open',
    paymentState,
    deliveryState:
      order.fulfillment_status === 'shipped' ? 'shipped' : order.fulfillment_status === 'partial' ? 'partially-shipped' : 'open',
    customer: customerOf(order),
    ...(order.billing_address && { billing: addressOf(order.billing_address) }),
    ...(order.shipping_address && { shipping: addressOf(order.shipping_address) }),
    lines: [
      ...goods.map(({ line: item, grossMinor }, index) => ({
        id: item.id,
        kind: 'product',
        sku: skus.get(`${item.product_id}/${item.product_variant_id}`) ?? item.product_variant_id,
        name: item.product_title || item.product_variant_title || item.product_variant_id,
        quantity: item.quantity,
        ...line(index, grossMinor),
      })),
      ...beside.map(({ id, kind, name, amountMinor }, index) => ({
        id,
        kind,
        name,
        quantity: 1,
        ...line(goods.length + index, amountMinor),
      })),
    ],
    payments: paid
      ? [{ id: `${order.id}:payment`, methodId: 'mailchimp', methodName: 'Mailchimp', amountMinor: totalMinor, state: 'paid' }]
      : [],
    salesChannel: { id: order.store_id, name: order.store_id },
    totalMinor,
    paidMinor: paid ? totalMinor : 0,
    refundedMinor: paymentState === 'refunded' ? totalMinor : 0,
  });
  if (!parsed.success) throw unreadableOrder(order.id, parsed.error);
  return parsed.data;
}

/** By the size of the amounts, whatever their sign; the parts add up to the tax. */
function spread(taxMinor: number, amounts: readonly number[]): number[] {
  if (amounts.length === 0) return [];
  const positive = amounts.map((amount) => Math.max(0, amount));
  return allocate(taxMinor, positive);
}

const customerOf = ({ customer }: StoreOrder): Partial<Customer> => ({
  id: customer.id,
  ...(customer.email_address !== '' && { email: customer.email_address }),
  firstName: customer.first_name,
  lastName: customer.last_name,
  ...(customer.company !== '' && { company: customer.company }),
});

function addressOf(place: Place): Address {
  const [firstName = '', ...rest] = place.name.split(' ');
  const country = place.country_code.toUpperCase();
  return Address.parse({
    firstName: rest.length === 0 ? '' : firstName,
    lastName: rest.length === 0 ? firstName : rest.join(' '),
    ...(place.company !== '' && { company: place.company }),
    street: place.address1,
    additional: place.address2 === '' ? [] : [place.address2],
    postalCode: place.postal_code,
    city: place.city,
    ...(place.province !== '' && { state: place.province }),
    ...(country.length === 2 && { country }),
    ...(place.phone !== '' && { phone: place.phone }),
  });
}

const unreadableOrder = (order: string, cause?: unknown): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'mailchimp.order-unreadable',
    message: `Order ${order} in Mailchimp cannot be read: it lacks its date or an amount. Complete it where it comes from.`,
    params: { order },
    ...(cause !== undefined && { cause }),
  });
