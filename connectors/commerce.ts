/** The canonical records: what an order, a customer, a product is between any two systems. Parsed at the border, trusted inside. */
import { z } from 'zod';

/** The kinds of record that flows carry. */
export const kinds = ['order', 'customer', 'product', 'category', 'stock', 'consent', 'cart'] as const;
export type Kind = (typeof kinds)[number];

const minor = z.number().int();
const basisPoints = z.number().int().nonnegative();

export const Address = z.object({
  company: z.string().optional(),
  department: z.string().optional(),
  firstName: z.string().default(''),
  lastName: z.string().default(''),
  /** Street with house number, as the source has it. The mapping splits it where the target wants two fields. */
  street: z.string().default(''),
  additional: z.array(z.string()).default([]),
  postalCode: z.string().default(''),
  city: z.string().default(''),
  state: z.string().optional(),
  /** ISO 3166-1 alpha-2, upper case. */
  country: z.string().length(2).optional(),
  phone: z.string().optional(),
});
export type Address = z.infer<typeof Address>;

export const consentStates = ['subscribed', 'pending', 'unsubscribed', 'cleaned'] as const;

/** What a person said about being written to. `subscribed` counts only with its proof: when, where and to which words. */
export const Permission = z.object({
  state: z.enum(consentStates),
  at: z.iso.datetime().optional(),
  /** Where it was given: `checkout`, `newsletter form`, a page's address. */
  source: z.string().optional(),
  /** The words that the person agreed to. */
  text: z.string().optional(),
});
export type Permission = z.infer<typeof Permission>;

export const Customer = z.object({
  /** Id in the source; absent for guests whose record is gone. */
  id: z.string().optional(),
  number: z.string().optional(),
  email: z.string().optional(),
  firstName: z.string().default(''),
  lastName: z.string().default(''),
  company: z.string().optional(),
  vatIds: z.array(z.string()).default([]),
  phone: z.string().optional(),
  group: z.string().optional(),
  guest: z.boolean().default(false),
  language: z.string().optional(),
  billing: Address.optional(),
  shipping: Address.optional(),
  /** Absent: the source says nothing about it, which is neither a yes nor a no. */
  permission: Permission.optional(),
  tags: z.array(z.string()).optional(),
  /** It is gone in the source, or was blocked there. */
  deleted: z.boolean().optional(),
  updatedAt: z.iso.datetime().optional(),
});
export type Customer = z.infer<typeof Customer>;

export const lineKinds = ['product', 'shipping', 'discount', 'surcharge', 'gift-card', 'rounding'] as const;
export type LineKind = (typeof lineKinds)[number];

/** One line has one VAT rate. What a source taxes at several rates arrives as several lines. gross = net + tax, always. */
export const OrderLine = z
  .object({
    id: z.string(),
    kind: z.enum(lineKinds),
    sku: z.string().optional(),
    name: z.string(),
    quantity: z.number().int().positive(),
    grossMinor: minor,
    netMinor: minor,
    taxMinor: minor,
    taxRateBp: basisPoints,
  })
  .refine((line) => line.grossMinor === line.netMinor + line.taxMinor, 'gross must be net + tax');
export type OrderLine = z.infer<typeof OrderLine>;

export const orderStates = ['open', 'in-progress', 'completed', 'cancelled'] as const;
export const paymentStates = [
  'open',
  'authorized',
  'partially-paid',
  'paid',
  'partially-refunded',
  'refunded',
  'failed',
  'cancelled',
] as const;
export const deliveryStates = ['open', 'partially-shipped', 'shipped', 'partially-returned', 'returned', 'cancelled'] as const;

export const Payment = z.object({
  id: z.string(),
  /** Id of the payment method in the source: the key of the merchant's table. */
  methodId: z.string(),
  methodName: z.string(),
  amountMinor: minor,
  state: z.enum(paymentStates),
  at: z.iso.datetime().optional(),
});
export type Payment = z.infer<typeof Payment>;

export const Order = z.object({
  id: z.string(),
  /** What the merchant and the customer call it. */
  number: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime().optional(),
  /** ISO 4217. */
  currency: z.string().length(3),
  /** How the source shows prices; amounts below are always given both ways. */
  prices: z.enum(['gross', 'net', 'tax-free']),
  state: z.enum(orderStates),
  paymentState: z.enum(paymentStates),
  deliveryState: z.enum(deliveryStates).optional(),
  customer: Customer.optional(),
  billing: Address.optional(),
  shipping: Address.optional(),
  lines: z.array(OrderLine),
  payments: z.array(Payment),
  shippingMethod: z.object({ id: z.string(), name: z.string() }).optional(),
  salesChannel: z.object({ id: z.string(), name: z.string() }).optional(),
  /** What the source says the customer has to pay in total. */
  totalMinor: minor,
  /** What has been paid and kept (captured minus refunded). The truth that lines must explain. */
  paidMinor: minor,
  refundedMinor: minor.default(0),
  note: z.string().optional(),
});
export type Order = z.infer<typeof Order>;

/** What somebody pays for one piece. Both sides are given, so that nobody computes VAT twice. */
export const Price = z.object({
  /** ISO 4217. */
  currency: z.string().length(3),
  grossMinor: minor,
  netMinor: minor,
  taxRateBp: basisPoints,
});
export type Price = z.infer<typeof Price>;

/** A name and its value: "Colour: red". What makes a variant is an attribute, what only informs is a property. */
export const Trait = z.object({ name: z.string(), value: z.string() });
export type Trait = z.infer<typeof Trait>;

/** What is sold, stocked and put on an order line. A product without variants is its own only article. */
export const Variant = z.object({
  id: z.string(),
  sku: z.string(),
  name: z.string(),
  active: z.boolean(),
  ean: z.string().optional(),
  price: Price.optional(),
  attributes: z.array(Trait).default([]),
  /** Pieces can be counted; otherwise it is weighed or measured and amounts have decimals. */
  unit: z.string().optional(),
  /** False: its stock is not kept (a service). */
  stocked: z.boolean().default(true),
});
export type Variant = z.infer<typeof Variant>;

export const Product = z.object({
  id: z.string(),
  /** Of the product itself where it has no variants, else the number that groups them. */
  sku: z.string(),
  name: z.string(),
  active: z.boolean(),
  shortText: z.string().optional(),
  longText: z.string().optional(),
  brand: z.string().optional(),
  ean: z.string().optional(),
  price: Price.optional(),
  unit: z.string().optional(),
  stocked: z.boolean().default(true),
  /** Ids of categories in the source. */
  categories: z.array(z.string()).default([]),
  properties: z.array(Trait).default([]),
  /** Further fields of the source by their name there: what filters and mappings may use. */
  custom: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  variants: z.array(Variant).default([]),
  updatedAt: z.iso.datetime().optional(),
});
export type Product = z.infer<typeof Product>;

export const Category = z.object({
  id: z.string(),
  /** Absent: stands at the top. */
  parentId: z.string().optional(),
  name: z.string(),
  text: z.string().optional(),
  position: z.number().int().default(0),
  /** It is gone in the source. */
  deleted: z.boolean().default(false),
});
export type Category = z.infer<typeof Category>;

/** An amount with decimals, exact: 1.25 is 125 at scale 2. */
export const Quantity = z.object({ value: z.number().int(), scale: z.number().int().min(0).max(6) });
export type Quantity = z.infer<typeof Quantity>;

/** How much of one article there is in one branch. A figure that the source did not give is absent, never zero. */
export const BranchStock = z.object({
  branch: z.string(),
  /** On the shelf, reserved ones included. */
  physical: Quantity.optional(),
  /** Can be sold now. */
  available: Quantity.optional(),
  reserved: Quantity.optional(),
  incoming: Quantity.optional(),
});
export type BranchStock = z.infer<typeof BranchStock>;

export const StockLevel = z.object({
  /** Id of the article in the source. */
  id: z.string(),
  sku: z.string(),
  branches: z.array(BranchStock),
  updatedAt: z.iso.datetime().optional(),
});
export type StockLevel = z.infer<typeof StockLevel>;

/** News of what a person wants, by address: unsubscribing in one system counts in all of them. */
export const Consent = Permission.extend({
  id: z.string(),
  email: z.string(),
});
export type Consent = z.infer<typeof Consent>;

/** What somebody left behind on the way to paying. Only carts whose owner gave an address and may be written to are carried. */
export const Cart = z.object({
  id: z.string(),
  customer: Customer,
  currency: z.string().length(3),
  totalMinor: minor,
  lines: z.array(z.object({ id: z.string(), sku: z.string(), name: z.string(), quantity: z.number().int().positive(), grossMinor: minor })),
  /** Where the customer goes on. */
  url: z.string().optional(),
  /** It became an order or was emptied. */
  closed: z.boolean().default(false),
  updatedAt: z.iso.datetime().optional(),
});
export type Cart = z.infer<typeof Cart>;

export type CanonicalRecord = Order | Customer | Product | Category | StockLevel | Consent | Cart;
