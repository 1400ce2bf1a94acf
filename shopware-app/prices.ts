/** Prices and their tax as product rows hold them: a list by currency, gross and net in decimals. Pure. */
import { z } from 'zod';
import type { Price } from '../connectors/commerce.ts';
import { Failure } from '../connectors/failure.ts';
import { decimalOf, minorOf } from '../connectors/money.ts';
import type { CatalogueRow, PriceRow } from './catalogue-rows.ts';
import { asNumber, type Sheet } from './field-sheet.ts';
import { defaultCurrencyId, type Taxes } from './references.ts';

export interface Pricing {
  readonly currency: string;
  readonly taxes: Taxes;
}

/** What a row costs, itself or by inheritance. */
export interface Worth {
  readonly price: readonly PriceRow[];
  readonly taxId: string | undefined;
}

export function worthOf(row: CatalogueRow | undefined, parent?: Worth): Worth {
  const price = row !== undefined && row.price.length > 0 ? row.price : (parent?.price ?? []);
  return { price, taxId: row?.taxId ?? parent?.taxId };
}

/** Throws fix-data when the price is in another currency than the shop's own. */
export function checkCurrency(price: Price | undefined, { currency, sku }: { readonly currency: string; readonly sku: string }): void {
  if (price === undefined || price.currency === currency) return;
  throw new Failure({
    remedy: 'fix-data',
    code: 'shopware.currency-differs',
    message: `The price of ${sku} is in ${price.currency}, but the default currency of the shop is ${currency}. Give it a price in ${currency}.`,
    params: { record: sku, currency: price.currency, wanted: currency },
  });
}

/**
 * The fields to write so that the row costs `wanted`; empty when it does. Prices of other currencies and list prices stay.
 * `now` is what it costs, `after` what it will cost when nothing is written to it: a variant's parent may just be changing.
 */
export function pricedFields(
  sheet: Sheet,
  of: { readonly wanted: Price | undefined; readonly now: Worth; readonly after: Worth; readonly required?: true },
  { currency, taxes }: Pricing,
): { price?: PriceRow[]; taxId?: string } {
  const { wanted, now, after } = of;
  const required = of.required && { required: of.required };
  const grossOf = (worth: Worth): number | undefined => {
    const entry = entryOf(worth);
    return entry === undefined ? undefined : minorOf(entry.gross, currency);
  };
  const taxed = sheet.write('tax', {
    wanted: wanted?.taxRateBp,
    current: taxes.rateOf(after.taxId),
    stood: taxes.rateOf(now.taxId),
    parse: asNumber,
    label: (bp: number) => `${bp / 100} %`,
    ...required,
  });
  const moved = sheet.write('price', {
    wanted: wanted?.grossMinor,
    current: grossOf(after),
    stood: grossOf(now),
    parse: asNumber,
    label: (minor: number) => `${decimalOf(minor, currency)} ${currency}`,
    ...required,
  });
  if (wanted === undefined || (!moved && !taxed)) return {};
  const present = entryOf(after);
  const theirs = moved || present === undefined || grossOf(after) === wanted.grossMinor ? undefined : present.gross;
  const entry: PriceRow = {
    ...(present && stored(present)),
    currencyId: defaultCurrencyId,
    gross: theirs ?? numberOf(wanted.grossMinor, currency),
    net: theirs === undefined ? numberOf(wanted.netMinor, currency) : netOf(theirs, wanted.taxRateBp),
    linked: true,
  };
  const others = after.price.filter(({ currencyId }) => currencyId !== defaultCurrencyId);
  return { price: [entry, ...others.map(stored)], ...(taxed && { taxId: taxes.of(wanted.taxRateBp, after.taxId) }) };
}

/** Without the words that only reading adds; a crossed-out price stays. */
function stored(row: PriceRow): PriceRow {
  const { currencyId, gross, net, linked, listPrice, regulationPrice } = row;
  const inner = (price: unknown): Record<string, unknown> => {
    const known = Crossed.safeParse(price);
    return known.success ? known.data : {};
  };
  const entry: PriceRow = { currencyId, gross, net, linked: linked ?? true };
  if (listPrice) entry.listPrice = inner(listPrice);
  if (regulationPrice) entry.regulationPrice = inner(regulationPrice);
  return entry;
}

const Crossed = z.object({ currencyId: z.string().optional(), gross: z.number(), net: z.number(), linked: z.boolean().optional() });

const entryOf = ({ price }: Worth): PriceRow | undefined => price.find(({ currencyId }) => currencyId === defaultCurrencyId);
const numberOf = (minor: number, currency: string): number => Number(decimalOf(minor, currency));
/** A price that somebody else set keeps its gross when the tax changes. */
const netOf = (gross: number, rateBp: number): number => Math.round((gross / (1 + rateBp / 10_000)) * 1e6) / 1e6;
