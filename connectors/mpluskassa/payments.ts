/** What has been paid in the shop, as prepayments of the till. Pure. */
import { Failure } from '../failure.ts';
import { sum } from '../money.ts';
import type { DraftPayment, OrderDraft } from './draft.ts';

export interface TillPayment {
  readonly method: string;
  readonly amountMinor: number;
}

const taken: ReadonlySet<DraftPayment['state']> = new Set(['paid', 'partially-paid', 'partially-refunded']);
const lost: ReadonlySet<DraftPayment['state']> = new Set(['failed', 'cancelled', 'refunded']);

/**
 * The payments that make up `paidMinor`, in the shop's order. A single payment carries all of it; of several the last ones
 * give way to a refund. Throws fix-data when a method has no counterpart in the till or the payments do not reach the sum.
 */
export function paymentsOf(draft: OrderDraft, known: ReadonlySet<string>): TillPayment[] {
  if (draft.paidMinor <= 0) return [];
  const received = draft.payments.filter(({ state, amountMinor }) => taken.has(state) && amountMinor > 0);
  const open = draft.payments.filter(({ state }) => !lost.has(state)).slice(-1);
  const chosen = received.length > 0 ? received : open;
  const payments =
    chosen.length > 1
      ? chosen.map((payment) => ({ method: methodOf(payment, known), amountMinor: payment.amountMinor }))
      : [{ method: methodOf(chosen[0] ?? { method: draft.policy.defaultPaymentMethod, name: '' }, known), amountMinor: draft.paidMinor }];
  const total = sum(payments.map(({ amountMinor }) => amountMinor));
  if (total < draft.paidMinor) {
    throw new Failure({
      remedy: 'fix-data',
      code: 'till.payments-differ',
      message: `Order ${draft.number} counts as paid, but its payments are ${draft.paidMinor - total} cents short. Correct the payments in the shop.`,
      params: { order: draft.number, difference: draft.paidMinor - total },
    });
  }
  return cut(payments, draft.paidMinor);
}

/** What is still to be booked when part of it stands in the till already. */
export function remaining(payments: readonly TillPayment[], bookedMinor: number): TillPayment[] {
  let covered = bookedMinor;
  return payments.flatMap(({ method, amountMinor }) => {
    const used = Math.min(covered, amountMinor);
    covered -= used;
    return amountMinor > used ? [{ method, amountMinor: amountMinor - used }] : [];
  });
}

/** The method that the order itself names: also of a payment that is still open. */
export function orderMethod(draft: OrderDraft, payments: readonly TillPayment[], known: ReadonlySet<string>): string | undefined {
  const method = payments[0]?.method ?? draft.payments.find(({ state }) => !lost.has(state))?.method;
  return method !== undefined && known.has(method) ? method : undefined;
}

function cut(payments: readonly TillPayment[], totalMinor: number): TillPayment[] {
  let left = totalMinor;
  return payments.flatMap(({ method, amountMinor }) => {
    const amount = Math.min(left, amountMinor);
    left -= amount;
    return amount > 0 ? [{ method, amountMinor: amount }] : [];
  });
}

function methodOf(payment: Pick<DraftPayment, 'method' | 'name'>, known: ReadonlySet<string>): string {
  if (payment.method === undefined) {
    throw new Failure({
      remedy: 'fix-data',
      code: 'till.payment-method-missing',
      message: `The payment method “${payment.name}” of the shop has no counterpart in the till. Add it to the table of payment methods.`,
      params: { method: payment.name },
    });
  }
  if (!known.has(payment.method)) {
    throw new Failure({
      remedy: 'fix-data',
      code: 'till.payment-method-unknown',
      message: `The till has no active payment method ${payment.method}. Correct the table of payment methods.`,
      params: { method: payment.method },
    });
  }
  return payment.method;
}
