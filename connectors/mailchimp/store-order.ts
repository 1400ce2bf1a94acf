/** An order as a store in Mailchimp shows it, as a canonical order. Pure. */
import { z } from 'zod';
import { Address, type Customer, Order, type OrderLine } from '../commerce.ts';
import { Failure } from '../failure.ts';
import { allocate, minorOf, sum, timesMinor } from '../money.ts';
import { recordId } from './ids.ts';

export const word = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
export const money = z
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

export const StoreOrder = z.looseObject({
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
export type StoreOrder = z.infer<typeof StoreOrder>;

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
export function orderOf(order: StoreOrder, skus: ReadonlyMap<string, string>): Order {
  const currency = order.currency_code;
  const minor = (decimal: number): number => minorOf(decimal, currency);
  const updatedAt = instantIn(order.updated_at_foreign);
  const createdAt = instantIn(order.processed_at_foreign) ?? updatedAt ?? instantIn(order.cancelled_at_foreign);
  if (createdAt === undefined) throw unreadableOrder(order.id);
  const paymentState = paymentStates[order.financial_status.toLowerCase() as keyof typeof paymentStates] ?? 'open';
  const cancelled = paymentState === 'cancelled' || order.cancelled_at_foreign !== '';
  const totalMinor = minor(order.order_total);
  const paid = paymentState === 'paid';
  const goods = order.lines.map((line) => ({ line, grossMinor: timesMinor(line.price, line.quantity, currency) - minor(line.discount) }));
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
    createdAt,
    ...(updatedAt !== undefined && { updatedAt }),
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

function instantIn(text: string): string | undefined {
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
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
