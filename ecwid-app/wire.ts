/** Orders and customers as the REST API sends them: only what is read here, lenient about the rest. */
import { z } from 'zod';

const amount = z
  .number()
  .finite()
  .nullish()
  .transform((value) => value ?? 0);
const maybeAmount = z
  .number()
  .finite()
  .nullish()
  .transform((value) => value ?? undefined);
const text = z
  .string()
  .nullish()
  .transform((value) => value?.trim() || undefined);
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? undefined);
const id = z.union([z.number(), z.string()]).transform(String);
const listOf = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item)
    .nullish()
    .transform((value) => value ?? []);

const Tax = z.looseObject({
  name: text,
  /** Percent. */
  value: amount,
  total: amount,
  taxOnDiscountedSubtotal: maybeAmount,
  taxOnShipping: amount,
});

export const Person = z.looseObject({
  name: text,
  firstName: text,
  lastName: text,
  companyName: text,
  street: text,
  city: text,
  countryCode: text,
  postalCode: text,
  stateOrProvinceCode: text,
  phone: text,
});
export type Person = z.infer<typeof Person>;

export const OrderItem = z.looseObject({
  id: id.nullish(),
  sku: text,
  name: text,
  price: amount,
  priceWithoutTax: maybeAmount,
  quantity: z.number().int().nonnegative(),
  shipping: amount,
  tax: amount,
  taxes: listOf(Tax),
  couponAmount: amount,
  discounts: listOf(z.looseObject({ total: amount })),
});
export type OrderItem = z.infer<typeof OrderItem>;

const Surcharge = z.looseObject({
  id: id.nullish(),
  description: text,
  total: amount,
  totalWithoutTax: maybeAmount,
  taxes: listOf(Tax),
});

export const WireOrder = z.looseObject({
  id: z.string().min(1),
  createDate: text,
  createTimestamp: maybeAmount,
  updateDate: text,
  updateTimestamp: maybeAmount,
  email: text,
  total: z.number().finite(),
  tax: amount,
  discount: amount,
  couponDiscount: amount,
  customDiscount: listOf(z.number().finite()),
  discountCoupon: z.looseObject({ name: text, code: text }).nullish(),
  giftCardRedemption: amount,
  pricesIncludeTax: flag,
  customSurcharges: listOf(Surcharge),
  handlingFee: z.looseObject({ name: text, value: amount }).nullish(),
  paymentMethod: text,
  paymentModule: text,
  paymentStatus: text,
  fulfillmentStatus: text,
  externalTransactionId: text,
  refundedAmount: amount,
  customerId: id.nullish(),
  customerGroup: text,
  customerTaxId: text,
  customerTaxExempt: flag,
  reversedTaxApplied: flag,
  acceptMarketing: flag,
  lang: text,
  orderComments: text,
  billingPerson: Person.nullish(),
  shippingPerson: Person.nullish(),
  shippingOption: z
    .looseObject({
      shippingMethodId: id.nullish(),
      shippingMethodName: text,
      shippingRate: amount,
      shippingRateWithoutTax: maybeAmount,
      discountedShippingRate: maybeAmount,
      isPickup: flag,
      fulfillmentType: text,
    })
    .nullish(),
  taxesOnShipping: listOf(Tax),
  items: listOf(OrderItem),
});
export type WireOrder = z.infer<typeof WireOrder>;

export const WireCustomer = z.looseObject({
  id,
  email: text,
  registered: text,
  updated: text,
  acceptMarketing: flag,
  stats: z.looseObject({ numberOfOrders: z.number().nullish() }).nullish(),
  customerGroupName: text,
  taxId: text,
  lang: text,
  name: text,
  billingPerson: Person.nullish(),
  shippingAddresses: listOf(Person),
});
export type WireCustomer = z.infer<typeof WireCustomer>;

/** Seconds of `2024-06-04 21:15:10 +0000`; `undefined` when it is not a time. */
export function secondsOf(text: string | undefined): number | undefined {
  const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)?\s*(?:Z|([+-]\d\d):?(\d\d))?$/.exec(text ?? '');
  if (match === null) return undefined;
  const zone = match[3] === undefined ? 'Z' : `${match[3]}:${match[4]}`;
  const milliseconds = Date.parse(`${match[1]}T${match[2]}${zone}`);
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}
