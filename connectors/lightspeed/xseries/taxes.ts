/** Which tax of the store is meant. Pure. */
import { Failure } from '../../failure.ts';
import type { KnownTax } from './retailer.ts';

interface Wanted {
  /** From the merchant's table. */
  readonly taxId?: string | undefined;
  readonly taxRateBp: number;
  /** The store's own tax of 0 %. */
  readonly untaxed?: string | undefined;
}

/** The one that the table names, else by its rate, the default one first. Throws fix-data when there is none. */
export function taxFor(taxes: readonly KnownTax[], { taxId, taxRateBp, untaxed }: Wanted): Pick<KnownTax, 'id' | 'rateBp'> {
  const chosen = taxId === undefined ? undefined : taxes.find(({ id }) => id === taxId);
  if (chosen !== undefined) return chosen;
  const same = taxes.filter(({ rateBp }) => rateBp === taxRateBp);
  const tax = same.find(({ isDefault }) => isDefault) ?? same[0];
  if (tax !== undefined) return tax;
  if (taxRateBp === 0 && untaxed !== undefined) return { id: untaxed, rateBp: 0 };
  const rate = String(taxRateBp / 100);
  throw new Failure({
    remedy: 'fix-data',
    code: 'lightspeed.tax-missing',
    message: `Lightspeed has no tax of ${rate} %. Create it there or choose one in the table of VAT rates.`,
    params: { rate },
  });
}

/** The tax that a product's two prices show; nothing when they show none that the store has. */
export function shownTax(
  taxes: readonly KnownTax[],
  prices: { readonly grossMinor: number; readonly netMinor: number },
): KnownTax | undefined {
  const { grossMinor, netMinor } = prices;
  const fits = taxes.filter(({ rateBp }) => Math.abs(netMinor * (10_000 + rateBp) - grossMinor * 10_000) <= 10_000);
  const off = ({ rateBp }: KnownTax): number => Math.abs(netMinor * (10_000 + rateBp) - grossMinor * 10_000);
  return fits.sort((a, b) => off(a) - off(b) || Number(b.isDefault) - Number(a.isDefault))[0];
}
