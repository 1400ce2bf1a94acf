/**
 * The lines of an order with their VAT, from what the API says about an order's money. The documented arithmetic is
 * `total = subtotal - couponDiscount - discount + tax + shipping + handling` (net prices; gross prices have the tax inside),
 * and the tax of an item includes the tax on its share of the shipping. Where the documents contradict each other,
 * the reading that explains the total is taken; the total itself is never computed.
 */
import type { OrderLine } from '../connectors/commerce.ts';
import { basisPointsOf, minorOf, sum, taxInGross, taxOnNet } from '../connectors/money.ts';
import { charges } from './charges.ts';
import { line, type PricedItem, type Reading, rateFrom, signedAllocate } from './line.ts';
import type { OrderItem, WireOrder } from './wire.ts';

/** What a difference may be to count as rounding, in minor units. */
const roundingMinor = 5;

export interface Lines {
  readonly lines: readonly OrderLine[];
  readonly gross: boolean;
}

/** `profileGross`: what the store's tax settings say, for orders that do not say it themselves. */
export function linesOf(order: WireOrder, how: { currency: string; profileGross: boolean | undefined }): Lines {
  const totalMinor = minorOf(order.total, how.currency);
  let best: { lines: OrderLine[]; gross: boolean; residualMinor: number } | undefined;
  for (const reading of readings(order, how)) {
    const lines = readWith(order, reading);
    const residualMinor = totalMinor - sum(lines.map((line) => line.grossMinor));
    if (best === undefined || (Math.abs(residualMinor) < Math.abs(best.residualMinor) && Math.abs(residualMinor) <= roundingMinor)) {
      best = { lines, gross: reading.gross, residualMinor };
    }
    if (residualMinor === 0) break;
  }
  if (best === undefined) return { lines: [], gross: true };
  const { lines, residualMinor, gross } = best;
  if (residualMinor === 0 || Math.abs(residualMinor) > roundingMinor) return { lines, gross };
  return { lines: [...lines, untaxed({ id: 'rounding', kind: 'rounding', name: 'Rounding', grossMinor: residualMinor })], gross };
}

/** Every way to read the contradictions, the documented one first. Most orders leave only one. */
function* readings(order: WireOrder, how: { currency: string; profileGross: boolean | undefined }): Generator<Reading> {
  const minor = (decimal: number) => minorOf(decimal, how.currency);
  const first = order.pricesIncludeTax ?? how.profileGross ?? false;
  const modes = order.pricesIncludeTax === undefined ? [first, !first] : [first];
  const discount = minor(order.discount);
  const custom = sum(order.customDiscount.map(minor));
  const coupon = minor(order.couponDiscount);
  const discounts = new Set([discount, discount + custom, discount - coupon, undefined]);
  const exempt = order.customerTaxExempt === true || order.reversedTaxApplied === true;
  const option = order.shippingOption;
  const shippingDiffers = option?.discountedShippingRate !== undefined && option.discountedShippingRate !== option.shippingRate;
  for (const taxDeducted of exempt && order.tax === 0 ? [false, true] : [false]) {
    for (const gross of modes) {
      for (const shippingDiscounted of shippingDiffers ? [true, false] : [false]) {
        for (const giftCardOutside of order.giftCardRedemption > 0 ? [false, true] : [false]) {
          for (const discountMinor of discounts) {
            yield { currency: how.currency, gross, taxDeducted, shippingDiscounted, giftCardOutside, discountMinor };
          }
        }
      }
    }
  }
}

function readWith(order: WireOrder, reading: Reading): OrderLine[] {
  const minor = (decimal: number) => minorOf(decimal, reading.currency);
  const items = order.items.filter((item) => item.quantity > 0).map((item, index) => priced(item, { index, reading }));
  spread(items, 'couponMinor', minor(order.couponDiscount) - sum(items.map((item) => item.couponMinor)), reading);
  spread(items, 'discountMinor', (reading.discountMinor ?? 0) - sum(items.map((item) => item.discountMinor)), reading);

  const products: OrderLine[] = [];
  const reductions = new Map<string, { name: string; kind: string; rateBp: number; amountMinor: number; taxMinor: number }>();
  const couponName = order.discountCoupon?.name ?? order.discountCoupon?.code ?? 'Coupon';
  for (const item of items) {
    const reducedMinor = item.couponMinor + item.discountMinor;
    const fullTaxMinor = reducedMinor === 0 ? item.taxMinor : taxOf(item.fullMinor, item.rateBp, reading.gross);
    products.push(
      line({ ...namesOf(item), rateBp: item.rateBp }, { amountMinor: item.fullMinor, taxMinor: fullTaxMinor, gross: reading.gross }),
    );
    if (reducedMinor === 0) continue;
    const [couponTax = 0, discountTax = 0] = signedAllocate(item.taxMinor - fullTaxMinor, [item.couponMinor, item.discountMinor]);
    for (const part of [
      { kind: 'coupon', name: couponName, amountMinor: item.couponMinor, taxMinor: couponTax },
      { kind: 'discount', name: 'Discount', amountMinor: item.discountMinor, taxMinor: discountTax },
    ]) {
      const key = `${part.kind}:${item.rateBp}`;
      const known = reductions.get(key);
      reductions.set(key, {
        ...part,
        rateBp: item.rateBp,
        amountMinor: (known?.amountMinor ?? 0) - part.amountMinor,
        taxMinor: (known?.taxMinor ?? 0) + part.taxMinor,
      });
    }
  }
  const discountLines = [...reductions]
    .filter(([, part]) => part.amountMinor !== 0 || part.taxMinor !== 0)
    .map(([id, part]) =>
      line({ id, kind: 'discount', name: part.name, quantity: 1, rateBp: part.rateBp }, { ...part, gross: reading.gross }),
    );
  const giftCard = reading.giftCardOutside ? 0 : minor(order.giftCardRedemption);
  return [
    ...products,
    ...discountLines,
    ...charges(order, { reading, items }),
    ...(giftCard === 0 ? [] : [untaxed({ id: 'gift-card', kind: 'gift-card', name: 'Gift card', grossMinor: -giftCard })]),
  ];
}

function priced(item: OrderItem, how: { index: number; reading: Reading }): PricedItem {
  const { reading } = how;
  const minor = (decimal: number) => minorOf(decimal, reading.currency);
  const unit = reading.taxDeducted ? (item.priceWithoutTax ?? item.price) : item.price;
  const fullMinor = timesMinor(unit, item.quantity, reading.currency);
  const couponMinor = minor(item.couponAmount);
  const discountMinor = sum(item.discounts.map((discount) => minor(discount.total)));
  const taxMinor =
    item.taxes.length === 0
      ? minor(item.tax)
      : sum(item.taxes.map((tax) => minor(tax.taxOnDiscountedSubtotal ?? 0) || minor(tax.total) - minor(tax.taxOnShipping)));
  const amountMinor = fullMinor - couponMinor - discountMinor;
  const statedBp = sum(item.taxes.map((tax) => basisPointsOf(tax.value)));
  // A rate that brought no tax was not applied: exempt customers keep the rate on the item.
  const applied = taxMinor !== 0 || item.taxes.some((tax) => tax.total !== 0) || taxOf(amountMinor, statedBp, reading.gross) === 0;
  const rateBp =
    item.taxes.length > 0 ? (applied ? statedBp : 0) : rateFrom(reading.gross ? amountMinor - taxMinor : amountMinor, taxMinor);
  return { line: String(item.id ?? `item-${how.index}`), item, fullMinor, rateBp, taxMinor, couponMinor, discountMinor };
}

/** What the order gives away beyond what its items say is shared among them by what is left of them. */
function spread(items: readonly PricedItem[], field: 'couponMinor' | 'discountMinor', missingMinor: number, reading: Reading): void {
  if (missingMinor === 0 || items.length === 0 || (field === 'discountMinor' && reading.discountMinor === undefined)) return;
  const shares = signedAllocate(
    missingMinor,
    items.map((item) => Math.max(0, item.fullMinor - item.couponMinor - item.discountMinor)),
  );
  items.forEach((item, index) => {
    item[field] += shares[index] ?? 0;
  });
}

const namesOf = ({ line: id, item }: PricedItem) => ({
  id,
  kind: 'product' as const,
  name: item.name ?? item.sku ?? 'Item',
  quantity: item.quantity,
  ...(item.sku !== undefined && { sku: item.sku }),
});

const untaxed = (what: { id: string; kind: OrderLine['kind']; name: string; grossMinor: number }): OrderLine => ({
  ...what,
  quantity: 1,
  netMinor: what.grossMinor,
  taxMinor: 0,
  taxRateBp: 0,
});

const taxOf = (amountMinor: number, rateBp: number, gross: boolean): number =>
  gross ? taxInGross(amountMinor, rateBp) : taxOnNet(amountMinor, rateBp);

/** Unit price times quantity, rounded once: unit prices may have more digits than the currency. */
function timesMinor(unit: number, quantity: number, currency: string): number {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(unit)) ?? [];
  if (/e/i.test(String(unit))) return minorOf(unit, currency) * quantity;
  return minorOf(`${sign}${BigInt(whole + fraction) * BigInt(quantity)}e-${fraction.length}`, currency);
}
