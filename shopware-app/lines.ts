/** Order lines in cents. The price that the shop charged is kept to the cent; only how it splits into net and VAT may be worked out. */
import type { LineKind, OrderLine } from '../connectors/commerce.ts';
import { allocate, basisPointsOf, minorOf, sum, taxInGross, taxOnNet } from '../connectors/money.ts';
import type { CalculatedPrice, DeliveryRow, LineRow, OrderRow } from './rows.ts';

export type Prices = 'gross' | 'net' | 'tax-free';
export interface Pricing {
  readonly currency: string;
  readonly prices: Prices;
}

/** Rounding that a shop may do to a whole order (`totalRounding`, taxes summed per rate). Beyond it a difference stays visible. */
const roundingMinor = 5;

interface Share {
  readonly taxRateBp: number;
  readonly grossMinor: number;
  readonly netMinor: number;
  readonly taxMinor: number;
}

/**
 * All lines of an order: items, shipping of every delivery, and a rounding line when order and lines differ by at most 5 minor units.
 * For each item its shares add up to its `totalPrice` exactly: gross in gross orders, net in net orders.
 */
export function linesOf(order: OrderRow, pricing: Pricing, totalMinor: number): OrderLine[] {
  const lines = [
    ...chargedItems(order.lineItems ?? [], pricing).flatMap((item) => itemLines(item, pricing)),
    ...shippingLines(order, pricing),
  ];
  const differenceMinor = totalMinor - sum(lines.map((line) => line.grossMinor));
  if (differenceMinor === 0 || Math.abs(differenceMinor) > roundingMinor) return lines;
  const rounding = { grossMinor: differenceMinor, netMinor: differenceMinor, taxMinor: 0, taxRateBp: 0 };
  return [...lines, { id: `${order.id}:rounding`, kind: 'rounding', name: 'Rounding', quantity: 1, ...rounding }];
}

/**
 * One share per VAT rate. `calculatedTaxes[].price` is shown as the order shows prices: gross in gross orders, net in net ones.
 * A few cents that rounding left between the rates and the total go to the largest share; a total that the rates do not
 * explain at all is spread over them and its VAT worked out anew.
 */
export function sharesOf(price: CalculatedPrice, pricing: Pricing): Share[] {
  const totalMinor = minorOf(price.totalPrice, pricing.currency);
  if (pricing.prices === 'tax-free') return [share(totalMinor, 0, { taxRateBp: 0, prices: 'gross' })];
  const prices = pricing.prices;
  const rates = new Map<number, { shownMinor: number; taxMinor: number }>();
  for (const tax of price.calculatedTaxes) {
    const taxRateBp = basisPointsOf(tax.taxRate);
    const known = rates.get(taxRateBp) ?? { shownMinor: 0, taxMinor: 0 };
    rates.set(taxRateBp, {
      shownMinor: known.shownMinor + minorOf(tax.price, pricing.currency),
      taxMinor: known.taxMinor + minorOf(tax.tax, pricing.currency),
    });
  }
  const told = [...rates].map(([taxRateBp, { shownMinor, taxMinor }]) => ({ taxRateBp, shownMinor, taxMinor }));
  if (told.length === 0) return [share(totalMinor, 0, { taxRateBp: 0, prices })];
  const missingMinor = totalMinor - sum(told.map(({ shownMinor }) => shownMinor));
  if (Math.abs(missingMinor) <= told.length) {
    const largest = indexOfLargest(told.map(({ shownMinor }) => shownMinor));
    return told
      .map((part, index) =>
        share(part.shownMinor + (index === largest ? missingMinor : 0), part.taxMinor, { taxRateBp: part.taxRateBp, prices }),
      )
      .filter((part, _, all) => all.length === 1 || part.grossMinor !== 0 || part.taxMinor !== 0);
  }
  const shown = allocate(
    totalMinor,
    told.map(({ shownMinor }) => Math.abs(shownMinor)),
  );
  return told
    .map(({ taxRateBp }, index) => {
      const shownMinor = shown[index] ?? 0;
      return share(shownMinor, prices === 'gross' ? taxInGross(shownMinor, taxRateBp) : taxOnNet(shownMinor, taxRateBp), {
        taxRateBp,
        prices,
      });
    })
    .filter((part, index) => index === 0 || part.grossMinor !== 0);
}

function share(shownMinor: number, taxMinor: number, as: { taxRateBp: number; prices: 'gross' | 'net' }): Share {
  const { taxRateBp } = as;
  return as.prices === 'gross'
    ? { taxRateBp, grossMinor: shownMinor, netMinor: shownMinor - taxMinor, taxMinor }
    : { taxRateBp, grossMinor: shownMinor + taxMinor, netMinor: shownMinor, taxMinor };
}

function indexOfLargest(amounts: readonly number[]): number {
  return amounts.reduce((best, value, index) => (Math.abs(value) > Math.abs(amounts[best] ?? 0) ? index : best), 0);
}

/**
 * The items that make up the price. A container is replaced by its children. Any other item with children is replaced when they
 * explain its price; children that cost nothing ride along for the stock; else only the item itself was charged.
 */
function chargedItems(items: readonly LineRow[], pricing: Pricing): LineRow[] {
  const ids = new Set(items.map(({ id }) => id));
  const childrenOf = new Map<string, LineRow[]>();
  const tops: LineRow[] = [];
  for (const item of [...items].sort((one, other) => (one.position ?? 0) - (other.position ?? 0))) {
    const parent = item.parentId ?? undefined;
    if (parent === undefined || parent === item.id || !ids.has(parent)) tops.push(item);
    else childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), item]);
  }
  const minor = (item: LineRow) => minorOf(item.totalPrice, pricing.currency);
  const resolve = (item: LineRow): LineRow[] => {
    const children = childrenOf.get(item.id) ?? [];
    if (children.length === 0) return [item];
    const resolved = children.flatMap(resolve);
    const childrenMinor = sum(resolved.map(minor));
    if (item.type === 'container' || (childrenMinor === minor(item) && childrenMinor !== 0)) return resolved;
    return resolved.every((child) => minor(child) === 0) ? [item, ...resolved] : [item];
  };
  return tops.flatMap(resolve);
}

function itemLines(item: LineRow, pricing: Pricing): OrderLine[] {
  const sku = item.payload?.productNumber ?? item.product?.productNumber ?? undefined;
  const kind = kindOf(item, sku);
  const shares = sharesOf({ totalPrice: item.totalPrice, calculatedTaxes: item.price?.calculatedTaxes ?? [] }, pricing);
  const name = item.label ?? sku ?? item.id;
  if (kind === 'product' || kind === 'gift-card') {
    const largest = indexOfLargest(shares.map(({ grossMinor }) => grossMinor));
    return shares.map((part, index) =>
      index === largest
        ? {
            id: partId(item.id, part, shares),
            kind,
            ...(sku !== undefined && { sku }),
            name,
            quantity: Math.max(1, Math.round(item.quantity)),
            ...part,
          }
        : // The article leaves the stock once, so its other rates are money without an article.
          { id: partId(item.id, part, shares), kind: part.grossMinor < 0 ? 'discount' : 'surcharge', name, quantity: 1, ...part },
    );
  }
  return shares
    .filter((part) => part.grossMinor !== 0)
    .map((part) => ({ id: partId(item.id, part, shares), kind, name, quantity: 1, ...part }));
}

function kindOf(item: LineRow, sku: string | undefined): LineKind {
  const type = item.type ?? 'product';
  if (type === 'product') return 'product';
  if (/gift|voucher/i.test(type)) return 'gift-card';
  const reduces = type === 'promotion' || type === 'discount' || type === 'credit';
  if (!reduces && sku !== undefined) return 'product';
  return item.totalPrice < 0 ? 'discount' : 'surcharge';
}

function shippingLines(order: OrderRow, pricing: Pricing): OrderLine[] {
  const deliveries: readonly Pick<DeliveryRow, 'id' | 'shippingCosts' | 'shippingMethod'>[] = order.deliveries?.length
    ? order.deliveries
    : order.shippingCosts
      ? [{ id: `${order.id}:shipping`, shippingCosts: order.shippingCosts, shippingMethod: undefined }]
      : [];
  return deliveries.flatMap(({ id, shippingCosts, shippingMethod }) => {
    const name = shippingMethod?.translated?.name ?? shippingMethod?.name ?? 'Shipping';
    const shares = sharesOf(shippingCosts, pricing);
    return shares
      .filter((part) => part.grossMinor !== 0)
      .map((part) => ({ id: partId(id, part, shares), kind: 'shipping' as const, name, quantity: 1, ...part }));
  });
}

function partId(id: string, part: Share, shares: readonly Share[]): string {
  return shares.length === 1 ? id : `${id}:${part.taxRateBp}`;
}
