/** Money as a Shopware cart calculates it: floats, rounded where the core rounds and nowhere else. Pure. */

export type TaxStatus = 'gross' | 'net' | 'tax-free';
/** `horizontal` adds up the rounded tax of each line; `vertical` taxes the sum of each rate once. */
export type TaxCalculation = 'horizontal' | 'vertical';

export interface CalculatedTax {
  readonly extensions: readonly [];
  readonly tax: number;
  readonly taxRate: number;
  readonly price: number;
  readonly apiAlias: 'cart_tax_calculated';
}
export interface TaxRule {
  readonly extensions: readonly [];
  readonly taxRate: number;
  readonly percentage: number;
  readonly apiAlias: 'cart_tax_rule';
}
export interface CalculatedPrice {
  readonly extensions: readonly [];
  readonly unitPrice: number;
  readonly quantity: number;
  readonly totalPrice: number;
  readonly calculatedTaxes: readonly CalculatedTax[];
  readonly taxRules: readonly TaxRule[];
  readonly referencePrice: null;
  readonly listPrice: null;
  readonly regulationPrice: null;
  readonly apiAlias: 'calculated_price';
}
export interface CartPrice {
  readonly extensions: readonly [];
  readonly netPrice: number;
  readonly totalPrice: number;
  readonly calculatedTaxes: readonly CalculatedTax[];
  readonly taxRules: readonly TaxRule[];
  readonly positionPrice: number;
  readonly taxStatus: TaxStatus;
  readonly rawTotal: number;
  readonly apiAlias: 'cart_price';
}

export interface CartInput {
  readonly taxStatus: TaxStatus;
  readonly taxCalculation: TaxCalculation;
  /** Unit prices as the customer sees them: gross in a gross shop, net otherwise. */
  readonly lines: readonly { readonly unitPrice: number; readonly quantity: number; readonly taxRate: number }[];
  /** Positive numbers; a promotion takes them off. */
  readonly promotions: readonly ({ readonly percent: number } | { readonly amount: number })[];
  readonly shippingCost: number;
}
export interface PricedCart {
  readonly lines: readonly CalculatedPrice[];
  readonly promotions: readonly CalculatedPrice[];
  readonly shipping: CalculatedPrice;
  readonly cart: CartPrice;
}

export const rounding = {
  extensions: [],
  decimals: 2,
  interval: 0.01,
  roundForNet: true,
  apiAlias: 'shopware_core_framework_data_abstraction_layer_pricing_cash_rounding_config',
} as const;

/** PHP's round(): half away from zero, with its pre-rounding to 15 significant digits. */
export function round(value: number): number {
  const cents = Math.round(Number((Math.abs(value) * 100).toPrecision(15)));
  return cents === 0 ? 0 : (Math.sign(value) * cents) / 100;
}

/** Sums leave PHP through a cast with 14 significant digits (FloatComparator::cast). */
const cast = (value: number): number => Number(value.toPrecision(14));
const total = (values: readonly number[]): number => cast(values.reduce((sum, value) => sum + value, 0));

const rule = (taxRate: number, percentage: number): TaxRule => ({ extensions: [], taxRate, percentage, apiAlias: 'cart_tax_rule' });
const taxed = (tax: number, taxRate: number, price: number): CalculatedTax => ({
  extensions: [],
  tax,
  taxRate,
  price,
  apiAlias: 'cart_tax_calculated',
});

function taxesOf(price: number, rules: readonly TaxRule[], status: TaxStatus): CalculatedTax[] {
  return rules.map(({ taxRate, percentage }) => {
    const base = (price / 100) * percentage;
    const tax = status === 'gross' ? (base / ((100 + taxRate) / 100)) * (taxRate / 100) : base * (taxRate / 100);
    return taxed(tax, taxRate, base);
  });
}

/** One position. Only the tax is rounded; the base of a split position keeps its fractions, as in the core. */
export function priceOf(
  unit: number,
  quantity: number,
  { rules, status }: { rules: readonly TaxRule[]; status: TaxStatus },
): CalculatedPrice {
  const unitPrice = round(unit);
  const taxes = taxesOf(unitPrice, rules, status).map((one) => taxed(round(one.tax * quantity), one.taxRate, cast(one.price * quantity)));
  return {
    extensions: [],
    unitPrice,
    quantity,
    totalPrice: round(unitPrice * quantity),
    calculatedTaxes: status === 'tax-free' ? [] : taxes,
    taxRules: status === 'tax-free' ? [] : rules,
    referencePrice: null,
    listPrice: null,
    regulationPrice: null,
    apiAlias: 'calculated_price',
  };
}

function merged(prices: readonly CalculatedPrice[]): CalculatedTax[] {
  const rates = new Map<number, { tax: number; price: number }>();
  for (const { tax, taxRate, price } of prices.flatMap((one) => one.calculatedTaxes)) {
    const sum = rates.get(taxRate) ?? { tax: 0, price: 0 };
    rates.set(taxRate, { tax: cast(sum.tax + tax), price: cast(sum.price + price) });
  }
  return [...rates].map(([taxRate, { tax, price }]) => taxed(tax, taxRate, price));
}

function mergedRules(prices: readonly CalculatedPrice[]): TaxRule[] {
  const rates = new Map(prices.flatMap((one) => one.taxRules).map((one) => [one.taxRate, one]));
  return [...rates.values()];
}

/** How a promotion or the shipping is spread over the rates of what it belongs to. */
function sharesOf(prices: readonly CalculatedPrice[]): TaxRule[] {
  const sum = total(prices.map((one) => one.totalPrice));
  return merged(prices).map((one) => rule(one.taxRate, sum > 0 ? (one.price / sum) * 100 : 0));
}

/** Positions, promotions and shipping in, every price of the order out. */
export function priceCart(input: CartInput): PricedCart {
  const status = input.taxStatus;
  const lines = input.lines.map((line) => priceOf(line.unitPrice, line.quantity, { rules: [rule(line.taxRate, 100)], status }));
  const promotions: CalculatedPrice[] = [];
  for (const promotion of input.promotions) {
    // The next promotion sees what the ones before have left, but is spread over the goods.
    const left = total([...lines, ...promotions].map((one) => one.totalPrice));
    const wanted = 'percent' in promotion ? round((left / 100) * promotion.percent) : promotion.amount;
    promotions.push(priceOf(-Math.min(wanted, left), 1, { rules: sharesOf(lines), status }));
  }
  const goods = [...lines, ...promotions];
  const shipping = priceOf(input.shippingCost, 1, { rules: sharesOf(lines), status });
  const all = [...goods, shipping];
  const positionPrice = total(goods.map((one) => one.totalPrice));
  const sum = total(all.map((one) => one.totalPrice));
  const base = { extensions: [], positionPrice, taxStatus: status, apiAlias: 'cart_price' } as const;
  if (status === 'tax-free') {
    return {
      lines,
      promotions,
      shipping,
      cart: { ...base, netPrice: sum, totalPrice: sum, calculatedTaxes: [], taxRules: [], rawTotal: sum },
    };
  }
  const taxes = (input.taxCalculation === 'horizontal' ? merged(all) : taxesOf(sum, sharesOf(all), status)).map((one) =>
    taxed(round(one.tax), one.taxRate, cast(one.price)),
  );
  const tax = total(taxes.map((one) => one.tax));
  const common = { ...base, calculatedTaxes: taxes, taxRules: mergedRules(all) };
  const cart: CartPrice =
    status === 'gross'
      ? { ...common, netPrice: round(sum - tax), totalPrice: round(sum), rawTotal: sum }
      : { ...common, netPrice: sum, totalPrice: round(sum + tax), rawTotal: cast(sum + tax) };
  return { lines, promotions, shipping, cart };
}
