/** What the Admin API gives, so far as it is used. Parsed at the border; what newer shops add passes unread, what older ones lack is optional. */
import { z } from 'zod';

const text = z.string().nullish();
const translated = z
  .object({ name: text, distinguishableName: text })
  .partial()
  .nullish()
  // PHP prints an empty map as [].
  .catch(undefined);
const named = z.object({ id: z.string(), name: text, translated });
const amount = z.number();

const CalculatedTax = z.object({ tax: amount, taxRate: z.number(), price: amount });
export type CalculatedTax = z.infer<typeof CalculatedTax>;

export const CalculatedPrice = z.object({
  totalPrice: amount,
  // A filtered PHP list may arrive as an object with numbers for names.
  calculatedTaxes: z
    .union([z.array(CalculatedTax), z.record(z.string(), CalculatedTax)])
    .nullish()
    .transform((taxes) => Object.values(taxes ?? [])),
});
export type CalculatedPrice = z.infer<typeof CalculatedPrice>;

export const AddressRow = z.object({
  company: text,
  department: text,
  firstName: text,
  lastName: text,
  street: text,
  zipcode: text,
  city: text,
  phoneNumber: text,
  additionalAddressLine1: text,
  additionalAddressLine2: text,
  vatId: text,
  country: z.object({ iso: text }).nullish(),
  countryState: z.object({ name: text, shortCode: text, translated }).nullish(),
});
export type AddressRow = z.infer<typeof AddressRow>;

const state = z.object({ technicalName: z.string() });
const locale = z.object({ locale: z.object({ code: text }).nullish() }).nullish();
const group = z.object({ name: text, translated }).nullish();

const LineRow = z.object({
  id: z.string(),
  parentId: text,
  type: text,
  label: text,
  quantity: z.number(),
  totalPrice: amount,
  position: z.number().nullish(),
  price: CalculatedPrice.nullish(),
  payload: z.object({ productNumber: text }).nullish().catch(undefined),
  product: z.object({ productNumber: text }).nullish(),
});
export type LineRow = z.infer<typeof LineRow>;

const TransactionRow = z.object({
  id: z.string(),
  createdAt: z.string(),
  updatedAt: text,
  paymentMethodId: z.string(),
  amount: CalculatedPrice,
  paymentMethod: named.nullish(),
  stateMachineState: state,
});
export type TransactionRow = z.infer<typeof TransactionRow>;

const DeliveryRow = z.object({
  id: z.string(),
  createdAt: z.string().default(''),
  shippingCosts: CalculatedPrice,
  shippingMethodId: text,
  shippingMethod: named.nullish(),
  shippingOrderAddress: AddressRow.nullish(),
  stateMachineState: state.nullish(),
});
export type DeliveryRow = z.infer<typeof DeliveryRow>;

const OrderCustomerRow = z.object({
  customerId: text,
  customerNumber: text,
  email: text,
  firstName: text,
  lastName: text,
  company: text,
  vatIds: z.array(z.string()).nullish(),
  customer: z.object({ guest: z.boolean().nullish(), vatIds: z.array(z.string()).nullish(), updatedAt: text, group }).nullish(),
});
export type OrderCustomerRow = z.infer<typeof OrderCustomerRow>;

export const OrderRow = z.object({
  id: z.string(),
  orderNumber: z.string(),
  createdAt: z.string(),
  orderDateTime: text,
  updatedAt: text,
  amountTotal: amount.nullish(),
  price: z.object({ totalPrice: amount, taxStatus: text }),
  taxStatus: text,
  shippingCosts: CalculatedPrice.nullish(),
  currency: z.object({ isoCode: z.string() }),
  language: locale,
  salesChannelId: text,
  salesChannel: named.nullish(),
  stateMachineState: state,
  customerComment: text,
  primaryOrderDeliveryId: text,
  primaryOrderTransactionId: text,
  orderCustomer: OrderCustomerRow.nullish(),
  billingAddress: AddressRow.nullish(),
  lineItems: z.array(LineRow).nullish(),
  deliveries: z.array(DeliveryRow).nullish(),
  transactions: z.array(TransactionRow).nullish(),
});
export type OrderRow = z.infer<typeof OrderRow>;

export const CustomerRow = z.object({
  id: z.string(),
  customerNumber: text,
  email: text,
  firstName: text,
  lastName: text,
  company: text,
  vatIds: z.array(z.string()).nullish(),
  guest: z.boolean().nullish(),
  updatedAt: text,
  createdAt: text,
  salesChannelId: text,
  group,
  language: locale,
  defaultBillingAddress: AddressRow.nullish(),
  defaultShippingAddress: AddressRow.nullish(),
});
export type CustomerRow = z.infer<typeof CustomerRow>;

export const RecipientRow = z.object({
  id: z.string(),
  email: z.string(),
  /** `notSet`: has not confirmed yet. `direct`: signed up without having to confirm. */
  status: text,
  salesChannelId: text,
  confirmedAt: text,
  createdAt: text,
  updatedAt: text,
});
export type RecipientRow = z.infer<typeof RecipientRow>;

/** An entry of a list that mappings choose from. */
export const ListRow = z.object({
  id: z.string(),
  name: text,
  iso: text,
  taxRate: z.number().optional(),
  rules: z.array(z.object({ taxRate: z.number() })).nullish(),
  active: z.boolean().nullish(),
  translated,
});
export type ListRow = z.infer<typeof ListRow>;
