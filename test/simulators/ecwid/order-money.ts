/**
 * The money of an order as the store computes it, in cents: discounts shared among the items, VAT per item on what is left,
 * VAT on each item's share of shipping and handling inside the tax of that item, and a total that all of it explains.
 */
interface MoneyItem {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unit: number;
  /** Basis points of each tax on it; more than one are stacked. */
  readonly rates: readonly number[];
}

export interface MoneySpec {
  readonly pricesIncludeTax: boolean;
  readonly items: readonly MoneyItem[];
  readonly coupon?: number;
  readonly discount?: number;
  readonly shipping?: number;
  readonly handling?: number;
  readonly surcharges?: readonly { readonly id: string; readonly name: string; readonly amount: number; readonly rate: number }[];
  readonly giftCard?: number;
  /** Exempt or reverse charge: no VAT is charged, and prices that held it are reduced to net. */
  readonly exempt?: boolean;
}

const euros = (cents: number): number => cents / 100;

/** Shares by weight that add up; the last one with a weight takes what rounding left. */
function share(amount: number, weights: readonly number[]): number[] {
  const total = weights.reduce((left, right) => left + right, 0);
  if (total === 0) return weights.map((_, at) => (at === 0 ? amount : 0));
  const parts = weights.map((weight) => Math.floor((amount * weight) / total));
  let rest = amount - parts.reduce((left, right) => left + right, 0);
  for (let at = 0; rest > 0; at = (at + 1) % parts.length) {
    if ((weights[at] ?? 0) === 0) continue;
    parts[at] = (parts[at] ?? 0) + 1;
    rest -= 1;
  }
  return parts;
}

const inside = (gross: number, rate: number, all: number): number => Math.round((gross * rate) / (10_000 + all));
const onTop = (net: number, rate: number): number => Math.round((net * rate) / 10_000);

/** The fields of an order that speak of money, as the REST API names them. */
export function orderMoney(spec: MoneySpec) {
  const included = spec.pricesIncludeTax;
  const items = spec.items.map((item) => {
    const all = item.rates.reduce((left, right) => left + right, 0);
    // With an exempt customer the store takes the VAT out of prices that held it.
    const unit = spec.exempt && included ? item.unit - inside(item.unit, all, all) : item.unit;
    return { ...item, all, unit, full: unit * item.quantity };
  });
  const subtotal = items.reduce((total, item) => total + item.full, 0);
  const coupon = Math.min(spec.coupon ?? 0, subtotal);
  const coupons = share(
    coupon,
    items.map((item) => item.full),
  );
  const discount = Math.min(spec.discount ?? 0, subtotal - coupon);
  const discounts = share(
    discount,
    items.map((item, at) => item.full - (coupons[at] ?? 0)),
  );
  const shipping = spec.shipping ?? 0;
  const handling = spec.handling ?? 0;
  const shares = share(
    shipping + handling,
    items.map((item) => item.full),
  );
  const shippingShares = share(
    shipping,
    items.map((item) => item.full),
  );
  const taxOf = (amount: number, rate: number, all: number) =>
    spec.exempt ? 0 : included ? inside(amount, rate, all) : onTop(amount, rate);

  const priced = items.map((item, at) => {
    const left = item.full - (coupons[at] ?? 0) - (discounts[at] ?? 0);
    const taxes = item.rates.map((rate) => {
      const onDiscounted = taxOf(left, rate, item.all);
      const onShipping = taxOf(shares[at] ?? 0, rate, item.all);
      return { name: rate === 0 ? 'Zero rate' : `VAT ${rate / 100} %`, value: rate / 100, onDiscounted, onShipping };
    });
    return { item, at, left, taxes, tax: taxes.reduce((total, tax) => total + tax.onDiscounted + tax.onShipping, 0) };
  });
  const tax = priced.reduce((total, one) => total + one.tax, 0);
  const surcharges = (spec.surcharges ?? []).map((one) => {
    const part = spec.exempt ? 0 : included ? inside(one.amount, one.rate, one.rate) : onTop(one.amount, one.rate);
    return { ...one, tax: part, gross: included ? one.amount : one.amount + part };
  });
  const before =
    subtotal - coupon - discount + (included ? 0 : tax) + shipping + handling + surcharges.reduce((total, one) => total + one.gross, 0);
  const giftCard = Math.min(spec.giftCard ?? 0, before);
  const onShipping = new Map<string, { value: number; total: number }>();
  for (const part of priced.flatMap((one) => one.taxes)) {
    const known = onShipping.get(part.name);
    if (part.onShipping > 0) onShipping.set(part.name, { value: part.value, total: (known?.total ?? 0) + part.onShipping });
  }
  const total = before - giftCard;
  const shippingTax = [...onShipping.values()].reduce((sum, one) => sum + one.total, 0);
  return {
    subtotal: euros(subtotal),
    subtotalWithoutTax: euros(
      included ? subtotal - priced.reduce((sum, one) => sum + inside(one.item.full, one.item.all, one.item.all), 0) : subtotal,
    ),
    total: euros(total),
    totalWithoutTax: euros(total - tax),
    tax: euros(tax),
    couponDiscount: euros(coupon),
    discount: euros(discount),
    volumeDiscount: 0,
    membershipBasedDiscount: 0,
    totalAndMembershipBasedDiscount: 0,
    customDiscount: [] as number[],
    ...(coupon > 0 && {
      discountCoupon: { id: 1, name: 'Welcome', code: 'WELCOME', discountType: 'ABS', status: 'ACTIVE', discount: euros(coupon) },
    }),
    discountInfo: discount > 0 ? [{ value: euros(discount), type: 'ABS', base: 'ON_TOTAL', orderTotal: 1 }] : [],
    giftCardRedemption: euros(giftCard),
    totalBeforeGiftCardRedemption: euros(before),
    usdTotal: euros(total),
    pricesIncludeTax: included,
    customSurcharges: surcharges.map((one) => ({
      id: one.id,
      value: euros(one.amount),
      type: 'ABSOLUTE',
      total: euros(one.gross),
      totalWithoutTax: euros(one.gross - one.tax),
      description: one.name,
      taxable: one.rate > 0,
      taxes: one.tax > 0 ? [{ name: `VAT ${one.rate / 100} %`, value: one.rate / 100, total: euros(one.tax) }] : [],
    })),
    ...(handling > 0 && { handlingFee: { name: 'Packing', value: euros(handling), description: '' } }),
    taxesOnShipping: [...onShipping].map(([name, one]) => ({ name, value: one.value, total: euros(one.total) })),
    shippingRate: euros(shipping),
    shippingRateWithoutTax: euros(included ? Math.max(0, shipping - (handling > 0 ? 0 : shippingTax)) : shipping),
    items: priced.map(({ item, at, taxes, tax: itemTax }) => ({
      id: 700_001 + at,
      price: euros(item.unit),
      priceWithoutTax: euros(included && !spec.exempt ? item.unit - inside(item.unit, item.all, item.all) : item.unit),
      productPrice: euros(item.unit),
      sku: item.sku,
      name: item.name,
      quantity: item.quantity,
      tax: euros(itemTax),
      shipping: euros(shippingShares[at] ?? 0),
      isShippingRequired: true,
      digital: false,
      couponApplied: coupon > 0,
      couponAmount: euros(coupons[at] ?? 0),
      discounts:
        (discounts[at] ?? 0) > 0
          ? [{ discountInfo: { value: euros(discount), type: 'ABS', base: 'ON_TOTAL' }, total: euros(discounts[at] ?? 0) }]
          : [],
      taxAlreadyDeductedFromPrice: spec.exempt === true && included,
      taxes: taxes.map((part) => ({
        name: part.name,
        value: part.value,
        total: euros(part.onDiscounted + part.onShipping),
        taxOnDiscountedSubtotal: euros(part.onDiscounted),
        taxOnShipping: euros(part.onShipping),
        sourceTaxRateType: 'MANUAL',
      })),
    })),
  };
}
