/** How this store counts: what a price and a VAT rate of the source are called here. Pure. */
import type { Price } from '../../connectors/commerce.ts';
import { Failure } from '../../connectors/failure.ts';
import { basisPointsOf, decimalOf, minorOf } from '../../connectors/money.ts';
import type { Profile } from '../profile.ts';

export interface Terms {
  readonly currency: string;
  /** The price as the store enters it, in minor units: with VAT or without. */
  minorOf(price: Price): number;
  /** A price of the store in minor units. */
  read(amount: number): number;
  write(minor: number): number;
  /** `undefined`: the store works its taxes out by itself. */
  taxOf(price: Price, chosen: number | undefined): readonly number[] | undefined;
}

export function termsOf(profile: Profile): Terms {
  const { currency } = profile.formatsAndUnits;
  const taxes = profile.taxSettings;
  const gross = taxes?.pricesIncludeTax !== false;
  return {
    currency,
    minorOf(price) {
      if (price.currency !== currency) {
        throw new Failure({
          remedy: 'fix-data',
          code: 'shop.currency',
          message: `The price is in ${price.currency}, but the shop sells in ${currency}. Use one currency on both sides.`,
          params: { currency: price.currency },
        });
      }
      return gross ? price.grossMinor : price.netMinor;
    },
    read: (amount) => minorOf(amount, currency),
    write: (minor) => Number(decimalOf(minor, currency)),
    taxOf({ taxRateBp }, chosen) {
      if (taxes?.automaticTaxEnabled === true) return undefined;
      if (chosen !== undefined) return [chosen];
      const fitting = (taxes?.taxes ?? []).flatMap(({ id, enabled, defaultTax }) =>
        id !== undefined && enabled !== false && defaultTax !== undefined && basisPointsOf(defaultTax) === taxRateBp ? [id] : [],
      );
      if (fitting.length === 1) return fitting;
      if (taxRateBp === 0 && fitting.length === 0) return [];
      const rate = String(taxRateBp / 100);
      throw new Failure({
        remedy: 'fix-data',
        code: fitting.length === 0 ? 'shop.tax-missing' : 'shop.tax-ambiguous',
        message:
          fitting.length === 0
            ? `The shop has no tax of ${rate} %. Add it in the shop's settings, or choose one in the flow's table of VAT rates.`
            : `The shop has ${fitting.length} taxes of ${rate} %. Choose one in the flow's table of VAT rates.`,
        params: { rate },
      });
    },
  };
}
