/**
 * The money of an order, in cents including VAT until it is written: what the customer pays is the sum of the lines after the
 * discount, the shipping and the cost of payment. Net amounts have four decimals.
 */
import type { CSeriesKnobs, OrderWish, PlacedOrder } from './cseries-surface.ts';
import { type Fields, netOf } from './cseries-wire.ts';
import { shares } from './shares.ts';

export interface Good {
  readonly code: string;
  readonly quantity: number;
  /** Cents including VAT. */
  readonly unit: number;
  /** Basis points. */
  readonly rate: number;
}

export type Money = Pick<PlacedOrder, 'total' | 'shipping' | 'paymentCost' | 'discount' | 'lines'>;

const standardRate = 2100;

export function moneyOf(goods: readonly Good[], wish: OrderWish): Money {
  // Reverse charge: the customer pays the net price of each piece.
  const priced = goods.map((good) => (wish.vatShifted ? { ...good, unit: netOf(good.unit, good.rate), rate: 0 } : good));
  const weights = priced.map((good) => good.unit * good.quantity);
  const discount = Math.min(
    wish.discount ?? 0,
    weights.reduce((left, right) => left + right, 0),
  );
  const parts = shares(discount, weights);
  const lines = priced.map((good, at) => ({ ...good, total: (weights[at] ?? 0) - (parts[at] ?? 0) }));
  const shipping = wish.shipping ?? 0;
  const paymentCost = wish.paymentCost ?? 0;
  const total = lines.reduce((sum, line) => sum + line.total, 0) + shipping + paymentCost;
  return { total, shipping, paymentCost, discount, lines };
}

const euros = (cents: number): number => cents / 100;
/** Net euros, four decimals, of gross cents. */
const net = (cents: number, rate: number): number => netOf(Math.round(cents * 100), rate) / 10_000;
const four = (value: number): number => Math.round(value * 10_000) / 10_000;
/** 0.21 for 2100. */
const fraction = (rate: number): number => rate / 10_000;

const taxRate = (rate: number, gross: number): Fields => ({
  name: `${rate / 100}%`,
  rate: fraction(rate),
  amount: four(euros(gross) - net(gross, rate)),
});

/** The fields of one line that speak of money. Prices are per piece or per line, after the discount or before, as the knobs say. */
export function lineMoney(line: Money['lines'][number], knobs: CSeriesKnobs): Fields {
  const base = line.unit * line.quantity;
  const per = knobs.linePrice === 'unit' ? line.quantity : 1;
  const charged = (knobs.discount === 'in-price' ? line.total : base) / per;
  const off = knobs.discount === 'order' ? 0 : (base - line.total) / per;
  return {
    taxRate: fraction(line.rate),
    taxRates: [taxRate(line.rate, line.total)],
    basePriceExcl: net(line.unit, line.rate),
    basePriceIncl: euros(line.unit),
    priceExcl: net(charged, line.rate),
    priceIncl: four(euros(charged)),
    discountExcl: net(off, line.rate),
    discountIncl: four(euros(off)),
  };
}

/** The fields of an order that speak of money. */
export function orderMoney(money: Money, wish: OrderWish): Fields {
  const costRate = wish.vatShifted ? 0 : standardRate;
  const byRate = new Map<number, number>();
  const add = (rate: number, gross: number) => {
    if (gross !== 0) byRate.set(rate, (byRate.get(rate) ?? 0) + gross);
  };
  for (const line of money.lines) add(line.rate, line.total);
  add(costRate, money.shipping + money.paymentCost);
  const cost = (prefix: 'shipment' | 'payment', gross: number): Fields => ({
    [`${prefix}TaxRate`]: gross === 0 ? 0 : fraction(costRate),
    [`${prefix}TaxRates`]: gross === 0 ? [] : [taxRate(costRate, gross)],
    [`${prefix}BasePriceExcl`]: net(gross, costRate),
    [`${prefix}BasePriceIncl`]: euros(gross),
    [`${prefix}PriceExcl`]: net(gross, costRate),
    [`${prefix}PriceIncl`]: euros(gross),
  });
  return {
    priceCost: 0,
    priceExcl: four([...byRate].reduce((sum, [rate, gross]) => sum + net(gross, rate), 0)),
    priceIncl: euros(money.total),
    ...cost('payment', money.paymentCost),
    ...cost('shipment', money.shipping),
    shipmentDiscountExcl: 0,
    shipmentDiscountIncl: 0,
    isDiscounted: money.discount > 0,
    discountType: money.discount > 0 ? 'amount' : false,
    discountAmount: euros(money.discount),
    discountPercentage: 0,
    discountCouponCode: money.discount > 0 ? (wish.couponCode ?? 'WELKOM') : '',
    taxRates: [...byRate].map(([rate, gross]) => taxRate(rate, gross)),
  };
}
