/** What the mapping fills and the till's plans are made from. Canonical parts stay canonical; translate.ts words them for the till. */
import { z } from 'zod';
import { Address, Customer, paymentStates } from '../commerce.ts';
import { lockOf, minor, orderLine, word } from '../draft.ts';
import { code } from './code.ts';
import { OrderFlowSettings } from './flow-settings.ts';

export const DraftLine = z.object({
  ...orderLine,
  /** The article number as text: checked for digits when the plan is made. */
  article: word,
  /** VAT code of the till, when the merchant's table names one. */
  vatCode: code,
  turnoverGroup: code,
});
export type DraftLine = z.infer<typeof DraftLine>;

export const DraftPayment = z.object({
  /** Payment method of the till. */
  method: word,
  /** What the shop calls it: named when no row of the table fits. */
  name: z.string().default(''),
  amountMinor: minor,
  state: z.enum(paymentStates).default('paid'),
});
export type DraftPayment = z.infer<typeof DraftPayment>;

const fields = z.object({
  /** The order number that the merchant knows. */
  number: z.string().min(1),
  orderedAt: z.iso.datetime(),
  currency: z.string().length(3),
  prices: z.enum(['gross', 'net', 'tax-free']),
  totalMinor: minor,
  paidMinor: minor,
  refundedMinor: minor.default(0),
  /** Stand in for the connection's settings when a rule gives them. */
  branchNumber: code,
  workplaceNumber: code,
  employeeNumber: code,
  vatMethod: z.enum(['auto', 'inclusive', 'exclusive', 'shifted', 'none']).optional(),
  deliveryMethod: word,
  customer: Customer.optional(),
  billing: Address.optional(),
  shipping: Address.optional(),
  lines: z.array(DraftLine),
  payments: z.array(DraftPayment).default([]),
  policy: OrderFlowSettings.prefault({}),
});

/**
 * The draft with `lockKey` (two orders of one customer are not written side by side, or he would be created twice) and `demand` (the pieces
 * that the till will reserve once the order is booked).
 */
export const OrderDraft = fields.transform((draft) => {
  return {
    ...draft,
    ...lockOf('relation', customerKey(draft)),
    demand: draft.lines.flatMap(({ kind, article, quantity }) =>
      kind === 'product' && article !== undefined ? [{ sku: String(article), quantity }] : [],
    ),
  };
});
export type OrderDraft = z.infer<typeof OrderDraft>;

/** What identifies the customer in the till; undefined when the default debtor takes the order. */
function customerKey(draft: z.infer<typeof fields>): string | undefined {
  if (draft.policy.defaultDebtorMode === 'force' && draft.policy.defaultDebtor !== undefined) return undefined;
  const email = draft.customer?.email?.trim().toLowerCase();
  const external = draft.customer?.number ?? draft.customer?.id;
  if (draft.policy.customerMatch === 'external-id') return external ?? email;
  return email || (draft.policy.defaultDebtor === undefined ? external : undefined);
}
