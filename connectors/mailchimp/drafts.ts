/** What the rules fill, kind by kind. */
import { z } from 'zod';
import { Address, Cart, Consent, Customer, deliveryStates, lineKinds, orderStates, Product, paymentStates } from '../commerce.ts';
import { minor, Policies } from '../draft.ts';
import { CustomerFlowSettings, OrderFlowSettings } from './flow-settings.ts';
import { hashOf } from './ids.ts';

/** The connected system that the record comes from. Its id stays the same after a reinstallation. */
const Source = z.object({ id: z.string().min(1), name: z.string().default('') });
export type Source = z.infer<typeof Source>;

/** Two records of one address are written one after another. */
const lockOf = (email: string | undefined): { lockKey?: string } => (email === undefined ? {} : { lockKey: `member:${hashOf(email)}` });

export const CustomerDraft = z
  .object({
    customer: Customer,
    /** From the merchant's table of groups. */
    groupTagName: z.string().optional(),
    policies: Policies,
    policy: CustomerFlowSettings.prefault({}),
  })
  .transform((draft) => ({ ...draft, ...lockOf(draft.customer.email) }));
export type CustomerDraft = z.infer<typeof CustomerDraft>;

export const ConsentDraft = z.object({ consent: Consent }).transform((draft) => ({ ...draft, ...lockOf(draft.consent.email) }));
export type ConsentDraft = z.infer<typeof ConsentDraft>;

export const OrderDraft = z.object({
  number: z.string().min(1),
  orderedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime().optional(),
  currency: z.string().length(3),
  state: z.enum(orderStates),
  paymentState: z.enum(paymentStates),
  deliveryState: z.enum(deliveryStates).optional(),
  customer: Customer.optional(),
  billing: Address.optional(),
  shipping: Address.optional(),
  lines: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(lineKinds),
      sku: z.string().optional(),
      name: z.string().default(''),
      quantity: z.number().int().positive(),
      grossMinor: minor,
      taxMinor: minor,
    }),
  ),
  totalMinor: minor,
  source: Source,
  policy: OrderFlowSettings.prefault({}),
});
export type OrderDraft = z.infer<typeof OrderDraft>;

export const CartDraft = z.object({ cart: Cart, source: Source });
export type CartDraft = z.infer<typeof CartDraft>;

export const ProductDraft = z.object({
  product: Product.extend({ sku: z.string().default(''), active: z.boolean().default(true) }),
  /** Where the source shows it, and its picture. */
  url: z.string().optional(),
  imageUrl: z.string().optional(),
  policies: Policies,
  offer: z.boolean().default(true),
  content: z.boolean().default(true),
  deletion: z.enum(['ignore', 'deactivate']).default('ignore'),
  source: Source,
});
export type ProductDraft = z.infer<typeof ProductDraft>;

export const StockDraft = z.object({
  sku: z.string().min(1),
  quantity: z.number().int().min(0),
  managed: z.boolean().default(true),
  source: Source,
});
export type StockDraft = z.infer<typeof StockDraft>;
