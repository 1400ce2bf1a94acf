/**
 * The lines of an order. The documents leave open whether a line's price is for one piece or for the line, and where a discount shows;
 * so the order's total decides: the reading that explains it to the cent is taken, and an order that none explains is not carried on.
 */
import type { LineKind, OrderLine } from '../../commerce.ts';
import { allocate, minorOf, sum, taxInGross, timesMinor } from '../../money.ts';
import { equalDecimals, rateBpOf } from '../decimals.ts';
import { codeOf, type OrderLineRow, type OrderRow, type TaxShare } from './wire.ts';

export interface Explained {
  readonly lines: readonly OrderLine[];
  /** Paid with gift cards, where the total still contains it. */
  readonly giftCardMinor: number;
  /** What a line's refunded pieces were worth, all lines together. */
  readonly refundedMinor: number;
}

/** What no reading explains: the total minus what the documented reading adds up to. */
export interface Unexplained {
  readonly differenceMinor: number;
}

interface Reading {
  readonly per: 'unit' | 'line';
  /** Off at the line beside its price. */
  readonly beside: boolean;
  /** Off at the order alone. */
  readonly orderDiscountMinor: number;
  readonly shippingDiscounted: boolean;
  readonly custom: boolean;
  readonly giftCardInside: boolean;
}

interface Good {
  readonly row: OrderLineRow;
  readonly quantity: number;
  readonly rateBp: number;
  /** What the customer pays for the line before a discount at the order. */
  readonly chargedMinor: number;
}

export function explain(order: OrderRow, rows: readonly OrderLineRow[], currency: string): Explained | Unexplained {
  const totalMinor = minorOf(order.priceIncl ?? '0', currency);
  const ordered = rows.filter((row) => (row.quantityOrdered ?? 0) > 0);
  let closest: { reading: Reading; residualMinor: number } | undefined;
  let documented: number | undefined;
  for (const reading of readings(order, ordered, currency)) {
    const residualMinor = totalMinor - sum(chargesOf(order, ordered, { reading, currency }).map(({ chargedMinor }) => chargedMinor));
    documented ??= residualMinor;
    if (closest === undefined || Math.abs(residualMinor) < Math.abs(closest.residualMinor)) closest = { reading, residualMinor };
    if (residualMinor === 0) break;
  }
  // Each line is rounded by half a cent at most.
  const charged = ordered.length + [order.shipmentPriceIncl, order.paymentPriceIncl].filter((price) => Number(price ?? 0) !== 0).length;
  if (closest === undefined || Math.abs(closest.residualMinor) > Math.floor(charged / 2)) {
    return { differenceMinor: documented ?? totalMinor };
  }
  return written(order, ordered, { ...closest, currency });
}

/** Every way to read what is left open, the documented one first. Most orders leave few. */
function* readings(order: OrderRow, rows: readonly OrderLineRow[], currency: string): Generator<Reading> {
  const some = (told: boolean): readonly boolean[] => (told ? [false, true] : [false]);
  const given = (decimal: string | undefined): boolean => Number(decimal ?? 0) !== 0;
  const several = rows.some((row) => (row.quantityOrdered ?? 0) > 1);
  const goods = (per: Reading['per']): number =>
    sum(
      rows.map((row) =>
        per === 'unit' ? timesMinor(row.priceIncl, row.quantityOrdered ?? 0, currency) : minorOf(row.priceIncl ?? '0', currency),
      ),
    );
  for (const giftCardInside of some(giftCardsOf(order, currency) !== 0)) {
    for (const custom of some(rows.some((row) => given(row.customIncl)))) {
      for (const shippingDiscounted of some(given(order.shipmentDiscountIncl))) {
        for (const per of several ? (['unit', 'line'] as const) : (['unit'] as const)) {
          const common = { per, shippingDiscounted, custom, giftCardInside };
          yield { ...common, beside: false, orderDiscountMinor: 0 };
          if (rows.some((row) => given(row.discountIncl))) yield { ...common, beside: true, orderDiscountMinor: 0 };
          for (const orderDiscountMinor of orderDiscounts(order, goods(per), currency))
            yield { ...common, beside: false, orderDiscountMinor };
        }
      }
    }
  }
}

/** An amount, or a share of the goods. */
function orderDiscounts(order: OrderRow, goodsMinor: number, currency: string): number[] {
  const amount = Math.abs(minorOf(order.discountAmount ?? '0', currency));
  const percent = order.discountPercentage === undefined ? 0 : rateBpOf(`${Math.abs(Number(order.discountPercentage)) / 100}`);
  const share = taxFreeShare(goodsMinor, percent);
  return [...new Set([amount, share])].filter((minor) => minor > 0);
}

const taxFreeShare = (minor: number, basisPoints: number): number => Math.round((minor * basisPoints) / 10_000);

function giftCardsOf(order: OrderRow, currency: string): number {
  return sum(order.giftCardsPayment.map(({ amount, price, value }) => Math.abs(minorOf(amount ?? price ?? value ?? '0', currency))));
}

interface Charge {
  readonly chargedMinor: number;
}

function chargesOf(order: OrderRow, rows: readonly OrderLineRow[], how: { reading: Reading; currency: string }): Charge[] {
  const { reading, currency } = how;
  return [
    ...rows.map((row) => goodOf(row, how)),
    { chargedMinor: shippingOf(order, how) },
    { chargedMinor: minorOf(order.paymentPriceIncl ?? '0', currency) },
    { chargedMinor: -reading.orderDiscountMinor },
    { chargedMinor: reading.giftCardInside ? -giftCardsOf(order, currency) : 0 },
  ];
}

function goodOf(row: OrderLineRow, { reading, currency }: { reading: Reading; currency: string }): Good {
  const quantity = row.quantityOrdered ?? 0;
  const amount = (decimal: string | undefined): number =>
    reading.per === 'unit' ? timesMinor(decimal, quantity, currency) : minorOf(decimal ?? '0', currency);
  const off = reading.beside ? Math.abs(amount(row.discountIncl)) : 0;
  return {
    row,
    quantity,
    rateBp: rateOf(row),
    chargedMinor: amount(row.priceIncl) - off + (reading.custom ? amount(row.customIncl) : 0),
  };
}

function shippingOf(order: OrderRow, { reading, currency }: { reading: Reading; currency: string }): number {
  const off = reading.shippingDiscounted ? Math.abs(minorOf(order.shipmentDiscountIncl ?? '0', currency)) : 0;
  return minorOf(order.shipmentPriceIncl ?? '0', currency) - off;
}

/** A rate that brought no tax was not applied: a customer abroad keeps the rate on the line. */
function rateOf({ taxRate, taxRates, priceExcl, priceIncl }: OrderLineRow): number {
  if (Number(priceIncl ?? 0) !== 0 && equalDecimals(priceExcl, priceIncl)) return 0;
  return taxRate === undefined ? sum(taxRates.map(({ rate }) => rateBpOf(rate))) : rateBpOf(taxRate);
}

function written(
  order: OrderRow,
  rows: readonly OrderLineRow[],
  how: { reading: Reading; residualMinor: number; currency: string },
): Explained {
  const { reading, residualMinor, currency } = how;
  const goods = rows.map((row) => goodOf(row, how));
  const lines: OrderLine[] = [];
  const reductions = new Map<number, { grossMinor: number; taxMinor: number }>();
  const reduce = (rateBp: number, grossMinor: number, taxMinor: number): void => {
    const known = reductions.get(rateBp) ?? { grossMinor: 0, taxMinor: 0 };
    reductions.set(rateBp, { grossMinor: known.grossMinor + grossMinor, taxMinor: known.taxMinor + taxMinor });
  };
  const shares =
    reading.orderDiscountMinor === 0
      ? []
      : allocate(
          reading.orderDiscountMinor,
          goods.map(({ chargedMinor }) => Math.max(0, chargedMinor)),
        );
  goods.forEach((good, index) => {
    const { row, quantity, rateBp, chargedMinor } = good;
    const fullMinor = beforeDiscount(good, currency);
    const kept = chargedMinor - (shares[index] ?? 0);
    const sku = codeOf(row);
    lines.push({
      ...lineOf({ id: String(row.id), kind: 'product', name: nameOf(row), rateBp }, fullMinor),
      quantity,
      ...(sku !== '' && { sku }),
    });
    reduce(rateBp, kept - fullMinor, taxInGross(kept, rateBp) - taxInGross(fullMinor, rateBp));
  });
  const coupon = order.discountCouponCode === '' ? 'Discount' : `Discount ${order.discountCouponCode}`;
  for (const [rateBp, { grossMinor, taxMinor }] of reductions) {
    if (grossMinor === 0 && taxMinor === 0) continue;
    lines.push({
      id: `discount:${rateBp}`,
      kind: 'discount',
      name: coupon,
      quantity: 1,
      taxRateBp: rateBp,
      grossMinor,
      taxMinor,
      netMinor: grossMinor - taxMinor,
    });
  }
  lines.push(
    ...costs({ id: 'shipping', kind: 'shipping', name: order.shipmentTitle || 'Shipping' }, shippingOf(order, how), {
      ...{ rate: order.shipmentTaxRate, shares: order.shipmentTaxRates, excl: order.shipmentPriceExcl, incl: order.shipmentPriceIncl },
    }),
    ...costs(
      { id: 'payment', kind: 'surcharge', name: order.paymentTitle || 'Payment costs' },
      minorOf(order.paymentPriceIncl ?? '0', currency),
      { rate: order.paymentTaxRate, shares: order.paymentTaxRates, excl: order.paymentPriceExcl, incl: order.paymentPriceIncl },
    ),
  );
  const giftCardMinor = giftCardsOf(order, currency);
  if (reading.giftCardInside && giftCardMinor !== 0) {
    lines.push(lineOf({ id: 'gift-card', kind: 'gift-card', name: 'Gift card', rateBp: 0 }, -giftCardMinor));
  }
  if (residualMinor !== 0) lines.push(lineOf({ id: 'rounding', kind: 'rounding', name: 'Rounding', rateBp: 0 }, residualMinor));
  return {
    lines,
    giftCardMinor: reading.giftCardInside ? 0 : giftCardMinor,
    refundedMinor: sum(
      goods.map(({ row, quantity, chargedMinor }, index) => {
        const refunded = Math.min(quantity, Math.max(0, row.quantityRefunded ?? 0));
        return Math.round(((chargedMinor - (shares[index] ?? 0)) * refunded) / quantity);
      }),
    ),
  };
}

/** The price before the discount, where price and discount of the line fit together; else what was charged. */
function beforeDiscount({ row, quantity, chargedMinor }: Good, currency: string): number {
  const offs = [timesMinor(row.discountIncl, quantity, currency), minorOf(row.discountIncl ?? '0', currency)].map(Math.abs);
  const fulls = [timesMinor(row.basePriceIncl, quantity, currency), minorOf(row.basePriceIncl ?? '0', currency)];
  const fits = fulls.find((full) => offs.some((off) => off > 0 && Math.abs(full - off - chargedMinor) <= 1));
  return fits ?? chargedMinor;
}

interface Named {
  readonly id: string;
  readonly kind: LineKind;
  readonly name: string;
}

/** Shipping or payment, one line per VAT rate: mixed baskets share the VAT of their shipping among their rates. */
function costs(
  what: Named,
  grossMinor: number,
  vat: { rate: string | undefined; shares: readonly TaxShare[]; excl: string | undefined; incl: string | undefined },
): OrderLine[] {
  if (grossMinor === 0) return [];
  if (equalDecimals(vat.excl, vat.incl)) return [lineOf({ ...what, rateBp: 0 }, grossMinor)];
  const parts = vat.shares.map(({ rate, amount }) => ({ rateBp: rateBpOf(rate), tax: Math.round(Math.abs(Number(amount ?? 0)) * 10_000) }));
  const told = vat.rate === undefined ? undefined : rateBpOf(vat.rate);
  // Rates that add up to the line's own are parts of one rate, not shares of the amount.
  if (parts.length <= 1 || sum(parts.map(({ rateBp }) => rateBp)) === told) {
    return [lineOf({ ...what, rateBp: told ?? parts[0]?.rateBp ?? 0 }, grossMinor)];
  }
  const bases = parts.map(({ rateBp, tax }) => (rateBp === 0 ? 0 : Math.round((tax * (10_000 + rateBp)) / rateBp)));
  const amounts = inProportion(Math.abs(grossMinor), bases).map((part) => part * Math.sign(grossMinor));
  return parts.flatMap(({ rateBp }, index) => {
    const part = amounts[index] ?? 0;
    return part === 0 ? [] : [lineOf({ ...what, id: `${what.id}:${rateBp}`, rateBp }, part)];
  });
}

/** Each part to the cent by itself; what is left of the amount goes to the largest. Without weights all of it to the first. */
function inProportion(amount: number, weights: readonly number[]): number[] {
  const total = sum(weights);
  const parts = weights.map((weight) => (total === 0 ? 0 : Math.round((amount / total) * weight)));
  const largest = weights.indexOf(Math.max(...weights));
  return parts.map((part, index) => (index === largest ? part + amount - sum(parts) : part));
}

function lineOf({ id, kind, name, rateBp }: Named & { rateBp: number }, grossMinor: number): OrderLine {
  const taxMinor = taxInGross(grossMinor, rateBp);
  return { id, kind, name, quantity: 1, grossMinor, netMinor: grossMinor - taxMinor, taxMinor, taxRateBp: rateBp };
}

/** Every product has a variant; the one that comes by itself says nothing. */
function nameOf({ productTitle, variantTitle, articleCode }: OrderLineRow): string {
  const telling = variantTitle !== '' && !/^(default|standaard|standard)$/i.test(variantTitle) && variantTitle !== productTitle;
  const name = productTitle || variantTitle || articleCode || 'Article';
  return telling && productTitle !== '' ? `${name} (${variantTitle})` : name;
}
