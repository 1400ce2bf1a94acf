/** How this shop counts: what a price and a VAT rate of the source are called here. Pure. */
import type { Price } from '../../commerce.ts';
import { Failure } from '../../failure.ts';
import { decimalOf, minorOf } from '../../money.ts';
import type { Tax } from './shop.ts';
import type { VariantRow } from './wire.ts';

export interface Terms {
  readonly side: 'gross' | 'net';
  /** In minor units, on the side on which the shop enters prices. */
  wanted(price: Price): number;
  current(variant: VariantRow): number | undefined;
  request(minor: number): Readonly<Record<string, number>>;
  /** Throws Failure fix-data when not exactly one tax of the shop fits. */
  taxOf(price: Price, chosen: string | undefined): number;
}

export function termsOf({ currency, taxes, side }: { currency: string; taxes: readonly Tax[]; side: 'gross' | 'net' }): Terms {
  const field = side === 'gross' ? 'priceIncl' : 'priceExcl';
  return {
    side,
    wanted(price) {
      if (price.currency !== currency) {
        throw new Failure({
          remedy: 'fix-data',
          code: 'lightspeed.currency',
          message: `The price is in ${price.currency}, but the shop sells in ${currency}. Use one currency on both sides.`,
          params: { currency: price.currency, shop: currency },
        });
      }
      return side === 'gross' ? price.grossMinor : price.netMinor;
    },
    current(variant) {
      const stands = variant[field];
      return stands === undefined ? undefined : minorOf(stands, currency);
    },
    request: (minor) => ({ [field]: Number(decimalOf(minor, currency)) }),
    taxOf({ taxRateBp }, chosen) {
      if (chosen !== undefined) return Number(chosen);
      const fitting = taxes.filter(({ rateBp }) => rateBp === taxRateBp);
      const usual = fitting.filter(({ isDefault }) => isDefault);
      const [tax] = usual.length === 1 ? usual : fitting;
      if (tax !== undefined && (fitting.length === 1 || usual.length === 1)) return tax.id;
      const rate = String(taxRateBp / 100);
      const missing = fitting.length === 0;
      throw new Failure({
        remedy: 'fix-data',
        code: missing ? 'lightspeed.tax-missing' : 'lightspeed.tax-ambiguous',
        message: missing
          ? `Lightspeed has no VAT rate of ${rate} %. Add it there, or choose one in the flow's table of VAT rates.`
          : `Lightspeed has ${fitting.length} VAT rates of ${rate} %. Choose one in the flow's table of VAT rates.`,
        params: { rate },
      });
    },
  };
}
