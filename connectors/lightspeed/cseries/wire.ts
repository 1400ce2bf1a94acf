/**
 * Records of eCom C-Series as far as they are looked at (Lightspeed eCom C-Series REST API). Missing values come as `false`, `null`
 * or an empty text, numbers sometimes as texts, references as `{resource: {id}}`: all of it is levelled here.
 */
import { z } from 'zod';

/** May be missing altogether, and then counts as nothing. */
const given = z.unknown().optional();
const nothing = (value: unknown): boolean => value === false || value === null || value === undefined || value === '';

/** Empty where there is none. */
const text = given.transform((value) => (typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''));
/** A decimal as it was printed: amounts never become floating point numbers. */
const decimal = given
  .refine((value) => nothing(value) || value === true || (String(value).trim() !== '' && Number.isFinite(Number(value))), 'not a number')
  .transform((value) => (nothing(value) || value === true ? undefined : String(value).trim()));
const whole = given
  .refine((value) => nothing(value) || Number.isSafeInteger(Number(value)), 'not a whole number')
  .transform((value) => (nothing(value) ? undefined : Number(value)));
/** A figure that is none is not there: one odd row of a long list must not hide the others. */
const count = given.transform((value) => (nothing(value) || !Number.isSafeInteger(Number(value)) ? undefined : Number(value)));
const flag = given.transform((value) => value === true || value === 1 || value === '1' || value === 'true');
/** `2026-06-02T10:24:43+02:00` as an instant in UTC. */
const instant = given.transform((value) => {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
});
const id = z.coerce.number().int().positive();
/** The id of what is referred to. */
const reference = given.transform((value) => {
  const resource = typeof value === 'object' && value !== null && 'resource' in value ? value.resource : value;
  const told = typeof resource === 'object' && resource !== null && 'id' in resource ? resource.id : resource;
  const number = Number(told);
  return typeof told !== 'boolean' && Number.isSafeInteger(number) && number > 0 ? number : undefined;
});
/** Read as an object, written as two letters. ISO 3166-1 alpha-2, upper case. */
const country = given.transform((value) => {
  const code = typeof value === 'object' && value !== null && 'code' in value ? value.code : value;
  return typeof code === 'string' && /^[a-z]{2}$/i.test(code.trim()) ? code.trim().toUpperCase() : undefined;
});
/** An array, or an object whose values are the rows. */
const list = <Item extends z.ZodType>(item: Item) =>
  given
    .transform((value) => (Array.isArray(value) ? value : typeof value === 'object' && value !== null ? Object.values(value) : []))
    .pipe(z.array(item));
const language = given.transform((value) => {
  const code = typeof value === 'object' && value !== null && 'code' in value ? value.code : value;
  return typeof code === 'string' && code !== '' ? code : undefined;
});

const address = <Prefix extends 'addressBilling' | 'addressShipping'>(prefix: Prefix) => {
  const parts = ['Name', 'Street', 'Street2', 'Number', 'Extension', 'Zipcode', 'City', 'Region'] as const;
  type Shape = Record<`${Prefix}${(typeof parts)[number]}`, typeof text> & Record<`${Prefix}Country`, typeof country>;
  return { ...Object.fromEntries(parts.map((part) => [`${prefix}${part}`, text])), [`${prefix}Country`]: country } as Shape;
};

/** What orders and customers say about a person. */
const person = {
  email: text,
  firstname: text,
  middlename: text,
  lastname: text,
  phone: text,
  mobile: text,
  isCompany: flag,
  companyName: text,
  companyVatNumber: text,
  addressShippingCompany: text,
  ...address('addressBilling'),
  ...address('addressShipping'),
  language,
};
const PersonRow = z.object(person);
export type PersonRow = z.infer<typeof PersonRow>;

const TaxShare = z.looseObject({ name: text, rate: decimal, amount: decimal });
export type TaxShare = z.infer<typeof TaxShare>;

export const OrderRow = z.looseObject({
  id,
  number: text,
  createdAt: instant,
  updatedAt: instant,
  status: text,
  channel: text,
  ...person,
  priceExcl: decimal,
  priceIncl: decimal,
  paymentId: text,
  paymentTitle: text,
  paymentStatus: text,
  paymentTaxRate: decimal,
  paymentTaxRates: list(TaxShare),
  paymentPriceExcl: decimal,
  paymentPriceIncl: decimal,
  shipmentId: text,
  shipmentTitle: text,
  shipmentStatus: text,
  shipmentTaxRate: decimal,
  shipmentTaxRates: list(TaxShare),
  shipmentPriceExcl: decimal,
  shipmentPriceIncl: decimal,
  shipmentDiscountIncl: decimal,
  discountType: text,
  discountAmount: decimal,
  discountPercentage: decimal,
  discountCouponCode: text,
  comment: text,
  giftCardsPayment: list(z.looseObject({ id: text, amount: decimal, price: decimal, value: decimal })),
  customer: reference,
});
export type OrderRow = z.infer<typeof OrderRow>;

export const OrderLineRow = z.looseObject({
  id,
  productTitle: text,
  variantTitle: text,
  articleCode: text,
  ean: text,
  sku: text,
  taxRate: decimal,
  taxRates: list(TaxShare),
  quantityOrdered: whole,
  quantityRefunded: whole,
  quantityReturned: whole,
  basePriceIncl: decimal,
  priceExcl: decimal,
  priceIncl: decimal,
  discountIncl: decimal,
  customIncl: decimal,
});
export type OrderLineRow = z.infer<typeof OrderLineRow>;

export const InvoiceRow = z.looseObject({
  id,
  status: text,
  priceIncl: decimal,
  isCreditNote: flag,
  order: reference,
});

/** Tens of thousands are remembered: what is not named here is left out. */
export const VariantRow = z.object({
  id,
  updatedAt: instant,
  isDefault: flag,
  sortOrder: count,
  title: text,
  articleCode: text,
  ean: text,
  sku: text,
  priceExcl: decimal,
  priceIncl: decimal,
  stockTracking: text,
  stockLevel: count,
  options: list(z.looseObject({ name: text, value: given })),
  tax: reference,
  product: reference,
});
export type VariantRow = z.infer<typeof VariantRow>;

export const ProductRow = z.looseObject({
  id,
  updatedAt: instant,
  visibility: text,
  isVisible: flag,
  title: text,
  description: text,
  content: text,
  data01: text,
  data02: text,
  data03: text,
  brand: reference,
});
export type ProductRow = z.infer<typeof ProductRow>;

export const CategoryRow = z.looseObject({
  id,
  updatedAt: instant,
  type: text,
  title: text,
  description: text,
  sortOrder: count,
  parent: reference,
});
export type CategoryRow = z.infer<typeof CategoryRow>;

export const RelationRow = z.looseObject({ id, category: reference, product: reference });
export type RelationRow = z.infer<typeof RelationRow>;

export const BrandRow = z.looseObject({ id, title: text });
export const TaxRow = z.looseObject({ id, title: text, rate: decimal, isDefault: flag });

export const CustomerRow = z.looseObject({ id, type: text, memo: text, createdAt: instant, updatedAt: instant, ...person });
export type CustomerRow = z.infer<typeof CustomerRow>;

export const WebhookRow = z.looseObject({
  id,
  isActive: flag,
  itemGroup: text,
  itemAction: text,
  format: text,
  language,
  address: text,
  /** What some answers call it. */
  url: text,
});
export type WebhookRow = z.infer<typeof WebhookRow>;

export const MethodRow = z.looseObject({ id: text, title: text });
export const LanguageRow = z.looseObject({ code: text, title: text });
export const CountryRow = z.looseObject({ code: text, title: text });

/** A change in a list that is read for its ids only. */
export const ChangeRow = z.looseObject({ id, number: text, articleCode: text, title: text, updatedAt: instant, product: reference });
export type ChangeRow = z.infer<typeof ChangeRow>;

/** The article number that merchants mean: article code, or the SKU where that is empty. */
export const codeOf = (row: { readonly articleCode: string; readonly sku: string }): string => row.articleCode || row.sku;

/** `undefined` is what the API writes as `false`. */
export const isVisible = (product: ProductRow): boolean =>
  product.visibility === '' ? product.isVisible : product.visibility !== 'hidden';
