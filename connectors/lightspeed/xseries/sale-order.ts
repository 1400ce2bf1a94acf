/** A sale as a canonical order. Pure. X-Series states unit prices without tax and with more digits than money has; totals decide. */
import type { Customer, LineKind, Order, OrderLine, Payment } from '../../commerce.ts';
import { Failure } from '../../failure.ts';
import { exponentOf, sum } from '../../money.ts';
import { type Exact, exactOf, minorIn, minorOfExact, minorsOf } from '../decimals.ts';
import type { ProductRow, SaleRow } from './wire.ts';

export interface SaleContext {
  /** ISO 4217. */
  readonly currency: string;
  /** Basis points by tax id. */
  readonly rates: ReadonlyMap<string, number>;
  readonly products: ReadonlyMap<string, ProductRow>;
  /** The product on which the till books discounts over a whole sale. */
  readonly discountProduct: string | undefined;
  readonly outlets: ReadonlyMap<string, string>;
  readonly customer: Customer | undefined;
  /** What was given back for it in sales of their own, in minor units. */
  readonly refundedMinor: number;
}

interface Part {
  readonly id: string;
  readonly kind: LineKind;
  readonly sku: string | undefined;
  readonly name: string;
  readonly quantity: number;
  readonly net: Exact;
  readonly tax: Exact;
  readonly rateBp: number | undefined;
}

/** Largest difference between lines and total that is rounding, in minor units. */
const roundingLimit = 5n;

const shippingNames = /^(?:shipping|delivery|postage|freight|verzend|bezorg|versand|liefer)/i;
const roundingNames = /rounding|afronding|rundung/i;

const whole = (value: number | string | undefined): Exact => (value === undefined ? 0n : exactOf(value));
const one = exactOf(1);

/** Throws fix-data when the lines do not explain the total. */
export function orderOf(sale: SaleRow, context: SaleContext): Order {
  const { currency } = context;
  const total = whole(sale.total_price) + whole(sale.total_tax);
  const lines = linesOf(partsOf(sale, context, total), currency);
  const cashRounding = sale.payments.filter(isRounding);
  const money = sale.payments.filter((payment) => !isRounding(payment) && payment.deleted_at === undefined);
  const roundedMinor = sum(cashRounding.map(({ amount }) => minorIn(amount, currency)));
  const totalMinor = minorOfExact(total, currency) - roundedMinor;
  const difference = totalMinor - sum(lines.map(({ grossMinor }) => grossMinor));
  if (difference !== 0) lines.push(roundingLine(difference));
  const payments = money.map((payment, index): Payment => {
    const methodId = payment.retailer_payment_type_id ?? payment.payment_type_id ?? payment.name ?? 'unknown';
    const at = instantOf(payment.payment_date);
    return {
      id: payment.id ?? String(index),
      methodId,
      methodName: payment.name ?? methodId,
      amountMinor: minorIn(payment.amount, currency),
      state: 'paid',
      ...(at !== undefined && { at }),
    };
  });
  const capturedMinor = sum(payments.map(({ amountMinor }) => amountMinor));
  const refundedMinor = Math.max(0, context.refundedMinor);
  const outlet = sale.outlet_id;
  const updatedAt = instantOf(sale.updated_at);
  return {
    id: sale.id,
    number: numberOf(sale),
    createdAt: instantOf(sale.sale_date) ?? instantOf(sale.created_at) ?? new Date(0).toISOString(),
    ...(updatedAt !== undefined && { updatedAt }),
    currency,
    prices: 'gross',
    ...statesOf(sale, { totalMinor, capturedMinor, refundedMinor }),
    ...(context.customer && {
      customer: context.customer,
      ...(context.customer.billing && { billing: context.customer.billing }),
      ...(context.customer.shipping && { shipping: context.customer.shipping }),
    }),
    lines,
    payments,
    ...(outlet !== undefined && { salesChannel: { id: outlet, name: context.outlets.get(outlet) ?? outlet } }),
    totalMinor,
    paidMinor: capturedMinor - refundedMinor,
    refundedMinor,
    ...(sale.note !== undefined && { note: sale.note }),
  };
}

/** What the merchant and the customer call it. */
export const numberOf = (sale: Pick<SaleRow, 'id' | 'invoice_number'>): string => sale.invoice_number ?? sale.id;

/** Goods that come back and nothing else: what it gives back belongs to the sale that it names. */
export function isPureReturn(sale: SaleRow): boolean {
  return sale.return_for !== undefined && sale.line_items.length > 0 && sale.line_items.every(({ quantity }) => whole(quantity) <= 0n);
}

/** Cash has no small coins: the difference is booked as a payment of a type of its own. */
const isRounding = (payment: SaleRow['payments'][number]): boolean => roundingNames.test(payment.name ?? '');

type Reading = (sale: SaleRow, context: SaleContext) => Part[];

/** The documents leave open whether a line's total is before or after its discount: the reading that reaches the total is right. */
function partsOf(sale: SaleRow, context: SaleContext, total: Exact): Part[] {
  const readings: readonly Reading[] = [
    (of, how) => [...lineParts(of, how, 'as-is'), ...chargeParts(of)],
    (of, how) => [...lineParts(of, how, 'less-discount'), ...chargeParts(of)],
    (of, how) => [...lineParts(of, how, 'as-is'), ...chargeParts(of), ...adjustmentParts(of)],
    (of, how) => [...lineParts(of, how, 'less-discount'), ...chargeParts(of), ...adjustmentParts(of)],
  ];
  const limit = roundingLimit * 10n ** BigInt(8 - exponentOf(context.currency));
  const read = readings.map((reading) => {
    const parts = reading(sale, context);
    const off = total - parts.reduce((exact, { net, tax }) => exact + net + tax, 0n);
    return { parts, off: off < 0n ? -off : off };
  });
  const best = read.reduce((least, reading) => (reading.off < least.off ? reading : least));
  if (best.off <= limit) return best.parts;
  const number = numberOf(sale);
  const difference = minorOfExact(best.off, context.currency);
  throw new Failure({
    remedy: 'fix-data',
    code: 'lightspeed.sale-unclear',
    message: `The lines of sale ${number} do not add up to its total; ${difference} cents are unexplained. Enter it by hand.`,
    params: { sale: number, difference },
  });
}

function lineParts(sale: SaleRow, { products, rates, discountProduct }: SaleContext, discounts: 'as-is' | 'less-discount'): Part[] {
  return sale.line_items.flatMap((line, index): Part[] => {
    if (line.status === 'VOIDED' && sale.status !== 'VOIDED') return [];
    const quantity = whole(line.quantity);
    const times = (unit: number | string | undefined): Exact => (whole(unit) * quantity) / one;
    const before = line.price_total === undefined ? times(line.price) : whole(line.price_total);
    const discount = line.discount_total === undefined ? times(line.discount) : whole(line.discount_total);
    const product = line.product_id === undefined ? undefined : products.get(line.product_id);
    return [
      {
        id: line.id ?? String(index),
        kind: kindOf(line.product_id, product, discountProduct),
        sku: product?.sku,
        name: product === undefined ? '' : nameOf(product),
        // What is weighed is one line of its amount.
        quantity: quantity % one === 0n && quantity !== 0n ? Number((quantity < 0n ? -quantity : quantity) / one) : 1,
        net: discounts === 'as-is' ? before : before - discount,
        tax: line.tax_total === undefined ? times(line.tax) : whole(line.tax_total),
        rateBp: line.tax_id === undefined ? undefined : rates.get(line.tax_id),
      },
    ];
  });
}

function kindOf(productId: string | undefined, product: ProductRow | undefined, discountProduct: string | undefined): LineKind {
  if (productId !== undefined && productId === discountProduct) return 'discount';
  return product !== undefined && (shippingNames.test(product.sku ?? '') || shippingNames.test(product.handle ?? ''))
    ? 'shipping'
    : 'product';
}

/** The family's name with what tells the variant apart, as the till shows it. */
export function nameOf(row: ProductRow): string {
  return row.variant_name ?? row.name ?? row.sku ?? row.id;
}

/** What Lightspeed's own web shop adds to a sale. */
function chargeParts(sale: SaleRow): Part[] {
  return (sale.ecom_custom_charges?.charges ?? []).map((charge, index) => ({
    id: `charge-${charge.source_id ?? index}`,
    kind: shippingNames.test(charge.name ?? '') ? 'shipping' : 'surcharge',
    sku: undefined,
    name: charge.name ?? '',
    quantity: 1,
    net: whole(charge.total),
    tax: whole(charge.total_tax),
    rateBp: undefined,
  }));
}

function adjustmentParts(sale: SaleRow): Part[] {
  return sale.adjustments.flatMap((adjustment, index): Part[] => {
    if (adjustment.adjustment_type === 'ECOM_CUSTOM_CHARGE') return [];
    const discount = adjustment.adjustment_type === 'DISCOUNT';
    const value = whole(adjustment.value);
    return [
      {
        id: `adjustment-${index}`,
        kind: discount ? 'discount' : 'surcharge',
        sku: undefined,
        name: adjustment.name ?? '',
        quantity: 1,
        net: discount && value > 0n ? -value : value,
        tax: 0n,
        rateBp: undefined,
      },
    ];
  });
}

function linesOf(parts: readonly Part[], currency: string): OrderLine[] {
  const gross = minorsOf(
    parts.map(({ net, tax }) => net + tax),
    currency,
  );
  return parts.map((part, index): OrderLine => {
    const grossMinor = gross[index] ?? 0;
    const netMinor = part.tax === 0n ? grossMinor : minorOfExact(part.net, currency);
    const { id, kind, sku, name, quantity } = part;
    return {
      id,
      kind,
      ...(sku !== undefined && { sku }),
      name,
      quantity,
      grossMinor,
      netMinor,
      taxMinor: grossMinor - netMinor,
      taxRateBp: part.rateBp ?? impliedRate(part),
    };
  });
}

/** A tax that is no longer in the list: the rate that the amounts show, to a tenth of a percent. */
function impliedRate({ net, tax }: Part): number {
  if (net === 0n || tax === 0n) return 0;
  const tenths = Number((tax * 1_000n * 2n + net) / (net * 2n));
  return Math.max(0, tenths * 10);
}

const roundingLine = (grossMinor: number): OrderLine => ({
  id: 'rounding',
  kind: 'rounding',
  name: '',
  quantity: 1,
  grossMinor,
  netMinor: grossMinor,
  taxMinor: 0,
  taxRateBp: 0,
});

interface Amounts {
  readonly totalMinor: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
}

type States = Pick<Order, 'state' | 'paymentState' | 'deliveryState'>;

/** Words of version 2.0; unknown ones are judged by what was paid. */
function statesOf(sale: SaleRow, amounts: Amounts): States {
  const paymentState = paymentStateOf(amounts);
  const refunded: States['deliveryState'] | undefined =
    paymentState === 'refunded' ? 'returned' : paymentState === 'partially-refunded' ? 'partially-returned' : undefined;
  switch (sale.status) {
    case 'VOIDED':
      return { state: 'cancelled', paymentState: 'cancelled', deliveryState: 'cancelled' };
    case 'CLOSED':
    case 'ONACCOUNT_CLOSED':
    case 'LAYBY_CLOSED':
    case 'DISPATCHED_CLOSED':
    case 'PICKED_UP_CLOSED':
    case 'SERVICE_CLOSED':
      return { state: 'completed', paymentState, deliveryState: refunded ?? 'shipped' };
    case 'ONACCOUNT':
      return { state: 'in-progress', paymentState, deliveryState: refunded ?? 'shipped' };
    case 'AWAITING_DISPATCH':
    case 'AWAITING_PICKUP':
      return { state: 'in-progress', paymentState, deliveryState: refunded ?? 'open' };
    default:
      return { state: 'open', paymentState, deliveryState: refunded ?? 'open' };
  }
}

function paymentStateOf({ totalMinor, capturedMinor, refundedMinor }: Amounts): Order['paymentState'] {
  if (refundedMinor > 0) return refundedMinor >= capturedMinor ? 'refunded' : 'partially-refunded';
  if (totalMinor <= 0) return capturedMinor <= totalMinor ? 'paid' : 'open';
  if (capturedMinor >= totalMinor) return 'paid';
  return capturedMinor > 0 ? 'partially-paid' : 'open';
}

/** Instants come with a zone, or without one and then in UTC (`2026-06-12 11:45:30`). */
export function instantOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const zoned = /(?:z|[+-]\d\d:?\d\d)$/i.test(text.trim()) ? text : `${text.trim().replace(' ', 'T')}Z`;
  const ms = Date.parse(zoned);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}
