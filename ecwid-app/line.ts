/** What the lines of an order are made of: one way to read its money, its priced items, and the canonical line. */
import type { OrderLine } from '../connectors/commerce.ts';
import { allocate, taxOnNet } from '../connectors/money.ts';
import type { OrderItem } from './wire.ts';

export interface Reading {
  readonly currency: string;
  /** Amounts of the order include VAT. */
  readonly gross: boolean;
  /** Exempt customers: the prices without tax were charged. */
  readonly taxDeducted: boolean;
  readonly shippingDiscounted: boolean;
  readonly giftCardOutside: boolean;
  /** Order-wide discounts, minor units, apart from the coupon; `undefined`: only what the items say. */
  readonly discountMinor: number | undefined;
}

/** One item with everything said about its money, in minor units. */
export interface PricedItem {
  readonly line: string;
  readonly item: OrderItem;
  /** Before discounts, as the shop counts: with or without VAT. */
  readonly fullMinor: number;
  readonly rateBp: number;
  /** VAT after discounts, without its share of the shipping. */
  readonly taxMinor: number;
  couponMinor: number;
  discountMinor: number;
}

/** An amount as the shop counts (with or without VAT) and its VAT, as a canonical line. */
export function line(
  names: { id: string; kind: OrderLine['kind']; name: string; quantity: number; sku?: string; rateBp: number },
  money: { amountMinor: number; taxMinor: number; gross: boolean },
): OrderLine {
  const { rateBp, ...rest } = names;
  const netMinor = money.gross ? money.amountMinor - money.taxMinor : money.amountMinor;
  return { ...rest, netMinor, taxMinor: money.taxMinor, grossMinor: netMinor + money.taxMinor, taxRateBp: rateBp };
}

/** `allocate` for amounts of either sign. */
export const signedAllocate = (amountMinor: number, weights: readonly number[]): number[] =>
  amountMinor < 0 ? allocate(-amountMinor, weights).map((part) => (part === 0 ? 0 : -part)) : allocate(amountMinor, weights);

/** The rate behind a tax whose rate nobody states: the nearest half per cent that gives this tax, else the quotient. Basis points. */
export function rateFrom(netMinor: number, taxMinor: number): number {
  if (taxMinor <= 0 || netMinor <= 0) return 0;
  const exact = (taxMinor * 10_000) / netMinor;
  const round = Math.round(exact / 50) * 50;
  return Math.abs(taxOnNet(netMinor, round) - taxMinor) <= 1 ? round : Math.round(exact);
}
