/** What an order costs beside its items: shipping, handling, surcharges and tips, each with the VAT that the items carry for it. */
import type { OrderLine } from '../connectors/commerce.ts';
import { basisPointsOf, minorOf, sum, taxInGross, taxOnNet } from '../connectors/money.ts';
import { line, type PricedItem, type Reading, rateFrom, signedAllocate } from './line.ts';
import type { WireOrder } from './wire.ts';

interface Charge {
  readonly id: string;
  readonly kind: 'shipping' | 'surcharge';
  readonly name: string;
  readonly amountMinor: number;
}

/** VAT by rate, minor units by basis points. */
type Pool = ReadonlyMap<number, number>;

export function charges(order: WireOrder, how: { reading: Reading; items: readonly PricedItem[] }): OrderLine[] {
  const { reading } = how;
  const minor = (decimal: number) => minorOf(decimal, reading.currency);
  const option = order.shippingOption;
  const rate = reading.taxDeducted
    ? (option?.shippingRateWithoutTax ?? option?.shippingRate)
    : reading.shippingDiscounted
      ? option?.discountedShippingRate
      : option?.shippingRate;
  const shipping: Charge = {
    id: 'shipping',
    kind: 'shipping',
    name: option?.shippingMethodName ?? 'Shipping',
    amountMinor: minor(rate ?? 0),
  };
  const handling: Charge = {
    id: 'handling',
    kind: 'surcharge',
    name: order.handlingFee?.name ?? 'Handling fee',
    amountMinor: minor(order.handlingFee?.value ?? 0),
  };
  const pool = shippingPool(order, how);
  const ownPool = handlingPool(how);
  const together =
    ownPool.size === 0 &&
    poolFits(pool, { amountMinor: shipping.amountMinor + handling.amountMinor, without: shipping.amountMinor, reading });
  const parts = together
    ? taxed([shipping, handling], pool, reading)
    : [...taxed([shipping], pool, reading), ...taxed([handling], ownPool, reading)];
  return [...parts, ...surcharges(order, reading)];
}

/** The tax on shipping that the items carry, by the rate of the item; where they carry none, what the order says. */
function shippingPool(order: WireOrder, how: { reading: Reading; items: readonly PricedItem[] }): Pool {
  const minor = (decimal: number) => minorOf(decimal, how.reading.currency);
  const pool = new Map<number, number>();
  for (const { item, rateBp } of how.items) {
    const taxMinor = sum(item.taxes.map((tax) => minor(tax.taxOnShipping)));
    if (taxMinor !== 0) pool.set(rateBp, (pool.get(rateBp) ?? 0) + taxMinor);
  }
  if (pool.size > 0) return pool;
  for (const tax of order.taxesOnShipping) {
    const taxMinor = minor(tax.total);
    const rateBp = basisPointsOf(tax.value);
    if (taxMinor !== 0) pool.set(rateBp, (pool.get(rateBp) ?? 0) + taxMinor);
  }
  return pool;
}

/** Tax of an item that is neither on its price nor on its shipping is on the handling fee. */
function handlingPool(how: { reading: Reading; items: readonly PricedItem[] }): Pool {
  const minor = (decimal: number) => minorOf(decimal, how.reading.currency);
  const pool = new Map<number, number>();
  for (const { item, rateBp, taxMinor } of how.items) {
    if (item.taxes.length === 0) continue;
    const restMinor = sum(item.taxes.map((tax) => minor(tax.total) - minor(tax.taxOnShipping))) - taxMinor;
    if (restMinor > 0) pool.set(rateBp, (pool.get(rateBp) ?? 0) + restMinor);
  }
  return pool;
}

/** The bases of a pool: what the taxes would be on, as the shop counts. */
const basesOf = (pool: Pool, gross: boolean): number[] =>
  [...pool].map(([rateBp, taxMinor]) =>
    rateBp === 0 ? 0 : Math.round((Math.abs(taxMinor) * 10_000) / rateBp) + (gross ? Math.abs(taxMinor) : 0),
  );

function poolFits(pool: Pool, how: { amountMinor: number; without: number; reading: Reading }): boolean {
  const base = sum(basesOf(pool, how.reading.gross));
  return Math.abs(base - how.amountMinor) < Math.abs(base - how.without);
}

/** One line per charge and rate. What the taxes do not cover is untaxed. */
function taxed(list: readonly Charge[], pool: Pool, reading: Reading): OrderLine[] {
  const amountMinor = sum(list.map((charge) => charge.amountMinor));
  const bases = basesOf(pool, reading.gross);
  const rates = [...pool.keys()];
  const taxes = [...pool.values()];
  // A tax is exact to half a cent, so its base is exact to half a cent divided by the rate, for each item that it was added up from.
  const slack = 2 + sum(rates.map((rateBp) => (rateBp === 0 ? 0 : Math.ceil(30_000 / rateBp))));
  const uncovered = amountMinor - sum(bases);
  if (rates.length === 0 || uncovered > slack) {
    bases.push(Math.max(0, uncovered));
    rates.push(0);
    taxes.push(0);
  }
  const shares = list.map((charge) => signedAllocate(charge.amountMinor, bases));
  return rates.flatMap((rateBp, at) => {
    const parts = shares.map((share) => share[at] ?? 0);
    const taxParts = signedAllocate(taxes[at] ?? 0, parts);
    return list.flatMap((charge, index) => {
      const money = { amountMinor: parts[index] ?? 0, taxMinor: taxParts[index] ?? 0, gross: reading.gross };
      if (money.amountMinor === 0 && money.taxMinor === 0) return [];
      const id = rates.length === 1 ? charge.id : `${charge.id}:${rateBp}`;
      return [line({ id, kind: charge.kind, name: charge.name, quantity: 1, rateBp }, money)];
    });
  });
}

/** Fees and tips. `total` and `totalWithoutTax` say the tax where they differ; otherwise the list of taxes does. */
function surcharges(order: WireOrder, reading: Reading): OrderLine[] {
  const minor = (decimal: number) => minorOf(decimal, reading.currency);
  return order.customSurcharges.flatMap((surcharge, index) => {
    const totalMinor = minor(surcharge.total);
    if (totalMinor === 0) return [];
    const netMinor = surcharge.totalWithoutTax === undefined ? undefined : minor(surcharge.totalWithoutTax);
    const listed = sum(surcharge.taxes.map((tax) => minor(tax.total)));
    const statedBp = sum(surcharge.taxes.map((tax) => basisPointsOf(tax.value)));
    const inside = netMinor !== undefined && netMinor !== totalMinor;
    const taxMinor = inside ? totalMinor - netMinor : listed;
    const gross = inside || reading.gross;
    const baseMinor = gross ? totalMinor - taxMinor : totalMinor;
    const fits = Math.abs((gross ? taxInGross(totalMinor, statedBp) : taxOnNet(totalMinor, statedBp)) - taxMinor) <= 1;
    return [
      line(
        {
          id: `surcharge:${surcharge.id ?? index}`,
          kind: 'surcharge',
          name: surcharge.description ?? 'Surcharge',
          quantity: 1,
          rateBp: taxMinor === 0 ? 0 : fits ? statedBp : rateFrom(baseMinor, taxMinor),
        },
        { amountMinor: totalMinor, taxMinor, gross },
      ),
    ];
  });
}
