/** Plans for orders: what stands in the till already, what is missing, and the exact requests that bring it there. */
import type { Draft, Plan, PlanStep } from '../connector.ts';
import { Failure, failureOf } from '../failure.ts';
import { decimalOf, sum } from '../money.ts';
import type { TillOrder } from './answers.ts';
import { articleNumberOf, articleNumbersOf } from './articles.ts';
import { OrderDraft } from './draft.ts';
import { drafted } from './drafted.ts';
import { amountToExplain, buildLines, lineGross, priced, type TillOrderLine } from './lines.ts';
import { orderFields, orderNotes, orderSteps, paymentStep } from './order-steps.ts';
import { orderMethod, paymentsOf, remaining } from './payments.ts';
import { type Lookups, note, planCustomer } from './relations.ts';
import { type Till, unknownOperation } from './till.ts';
import { type VatMethod, vatMethodOf } from './vat.ts';

/** One plan or Failure per draft. A new order costs two calls (findOrder, findRelation); lists and articles are remembered. */
export async function planOrders(till: Till, drafts: readonly Draft[]): Promise<(Plan | Failure)[]> {
  const lookups: Lookups = new Map();
  let existing: (reference: string) => Promise<TillOrder | undefined>;
  try {
    existing = await orderFinder(till, drafts);
  } catch (error) {
    return drafts.map(() => failureOf(error));
  }
  return Promise.all(drafts.map((draft) => planOrder(till, draft, { lookups, existing }).catch(failureOf)));
}

interface Shared {
  readonly lookups: Lookups;
  readonly existing: (reference: string) => Promise<TillOrder | undefined>;
}

async function planOrder(till: Till, source: Draft, shared: Shared): Promise<Plan> {
  const draft = drafted(OrderDraft, source);
  if (draft.currency.toUpperCase() !== till.settings.currency) {
    throw new Failure({
      remedy: 'fix-data',
      code: 'till.currency',
      message: `Order ${draft.number} is in ${draft.currency}, the till counts in ${till.settings.currency}. Enter it in the till by hand.`,
      params: { order: draft.number, currency: draft.currency, till: till.settings.currency },
    });
  }
  const numbers = articleNumbersOf(draft);
  const found = await shared.existing(source.reference);
  if (found !== undefined) return planExisting(till, { source, draft, found });
  const [articles, codes, known] = await Promise.all([till.articles.take(numbers), till.vatCodes(), till.paymentMethods()]);
  const vatMethod = vatMethodOf(draft, { setting: till.settings.vatMethod, codes });
  const built = buildLines(draft, { articles, codes, vatMethod });
  const payments = paymentsOf(draft, known);
  await checkDelivery(till, draft);
  const customer = await planCustomer(till, draft, shared.lookups);
  const order = orderFields(till, { source, draft, built, vatMethod, customer, paymentMethod: orderMethod(draft, payments, known) });
  const { v3 } = await till.abilities();
  return {
    id: source.id,
    reference: source.reference,
    steps: [customer.step, ...orderSteps({ source, draft, built, payments, order, v3, documentType: till.settings.documentType })],
    expect: {
      totalMinor: built.totalMinor,
      paidMinor: draft.paidMinor,
      ...(customer.relationNumber !== undefined && { customer: String(customer.relationNumber) }),
      lines: expectedLines(built.lines, vatMethod),
    },
    notes: [...customer.notes, ...orderNotes(built, vatMethod, v3)],
  };
}

/** Looks orders up by our reference: several at once where the service can. */
async function orderFinder(till: Till, drafts: readonly Draft[]): Promise<Shared['existing']> {
  if (till.settings.documentType === 'invoice') {
    return async (extInvoiceId) => (await till.client.call('findInvoice', { extInvoiceId })).invoice;
  }
  const one = async (extOrderId: string): Promise<TillOrder | undefined> => (await till.client.call('findOrder', { extOrderId })).order;
  if (drafts.length < 2 || !(await till.abilities()).ordersByExtIds) return one;
  try {
    const { orderList } = await till.client.call('getOrdersByExtOrderIds', {
      request: { extOrderIds: { id: drafts.map(({ reference }) => reference) } },
    });
    const found = new Map(orderList.map((order) => [order.extOrderId, order]));
    return (reference) => Promise.resolve(found.get(reference));
  } catch (error) {
    if (!unknownOperation(error)) throw error;
    till.lacks('ordersByExtIds');
    return one;
  }
}

async function checkDelivery(till: Till, draft: OrderDraft): Promise<void> {
  if (draft.deliveryMethod === undefined || (await till.deliveryMethods()).has(draft.deliveryMethod)) return;
  throw new Failure({
    remedy: 'fix-data',
    code: 'till.delivery-method-unknown',
    message: `The till has no active delivery method ${draft.deliveryMethod}. Correct the table of shipping methods.`,
    params: { method: draft.deliveryMethod },
  });
}

/** The order is there: nothing is written twice. What was paid since and is not booked yet becomes a payment. */
async function planExisting(till: Till, given: { source: Draft; draft: OrderDraft; found: TillOrder }): Promise<Plan> {
  const { source, draft, found } = given;
  const target = { id: found.orderId, number: numberOf(found) ?? draft.number };
  const cancelled = found.cancelState === 'ORDER-CANCEL-STATE-COMPLETE';
  const steps: PlanStep[] = [
    {
      id: 'order',
      action: 'skip',
      subject: 'order',
      targetId: found.orderId,
      reason: cancelled ? 'cancelled-in-till' : 'exists',
      changes: [],
    },
  ];
  const plan = { id: source.id, reference: source.reference, target, steps };
  if (cancelled) return { ...plan, notes: [note('cancelled-in-till', 'The order was cancelled in the till; nothing is done.')] };
  const totalMinor = amountToExplain(draft);
  const tillMinor = found.totalInclAmount ?? totalMinor;
  if (tillMinor !== totalMinor) throw differing(draft, { totalMinor, tillMinor });
  const booked = bookedOf(found);
  if (booked === undefined && found.fullyPaid === undefined) throw paymentUnclear(draft);
  const settled = found.fullyPaid === true || found.completeState === 'ORDER-COMPLETE-STATE-COMPLETE';
  const missing = settled || (booked ?? 0) >= draft.paidMinor ? [] : remaining(paymentsOf(draft, await till.paymentMethods()), booked ?? 0);
  if (missing.length > 0) {
    const { v3 } = await till.abilities();
    steps.push(paymentStep({ source, payments: missing, orderId: found.orderId, v3 }));
  }
  return {
    ...plan,
    expect: {
      totalMinor,
      paidMinor: Math.max(booked ?? 0, draft.paidMinor),
      lines: existingLines(draft, found.vatMethod),
    },
    notes: (booked ?? 0) > draft.paidMinor ? [note('refund-not-booked', 'The shop has paid money back; book the refund in the till.')] : [],
  };
}

function existingLines(draft: OrderDraft, method: string | undefined) {
  const vatMethod: VatMethod = method === 'VAT-METHOD-EXCLUSIVE' ? method : 'VAT-METHOD-INCLUSIVE';
  const lines = draft.lines.flatMap((line): TillOrderLine[] =>
    priced(vatMethod === 'VAT-METHOD-EXCLUSIVE' ? line.netMinor : line.grossMinor, line.quantity).map((part) => ({
      articleNumber: articleNumberOf(line),
      text: line.text,
      taxRateBp: line.taxRateBp,
      ...part,
    })),
  );
  const wanted = expectedLines(lines, vatMethod);
  const difference = amountToExplain(draft) - wanted.reduce((total, line) => total + line.grossMinor, 0);
  const sku = draft.policy.roundingArticle;
  return difference === 0 || sku === undefined ? wanted : [...wanted, { sku, quantity: 1, grossMinor: difference }];
}

function differing(draft: OrderDraft, amounts: { totalMinor: number; tillMinor: number }): Failure {
  const words = (minor: number): string => `${decimalOf(minor, draft.currency)} ${draft.currency}`;
  return new Failure({
    remedy: 'fix-data',
    code: 'till.order-differs',
    message: `Order ${draft.number} is in the till already, with ${words(amounts.tillMinor)} instead of ${words(amounts.totalMinor)}. Correct it in the till by hand.`,
    params: { order: draft.number, till: amounts.tillMinor, shop: amounts.totalMinor },
  });
}

function expectedLines(lines: readonly TillOrderLine[], vatMethod: VatMethod) {
  return lines.map((line) => ({
    sku: String(line.articleNumber),
    quantity: line.quantity,
    grossMinor: lineGross(line, vatMethod),
  }));
}

/** What the merchant reads in the till: `2026.512`. */
export function numberOf(order: Pick<TillOrder, 'transactionString' | 'orderNumber'>): string | undefined {
  return order.transactionString ?? (order.orderNumber ? `${order.orderNumber.year}.${order.orderNumber.number}` : undefined);
}

/** What the till says was paid so far: its own sum, else its payments. `undefined`: it says neither, and nobody may pay on a guess. */
export function bookedOf(order: Pick<TillOrder, 'prepaidAmount' | 'paymentList'>): number | undefined {
  if (order.prepaidAmount !== undefined) return order.prepaidAmount;
  return order.paymentList.length > 0 ? sum(order.paymentList.map(({ amount }) => amount)) : undefined;
}

const paymentUnclear = (draft: Pick<OrderDraft, 'number'>): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'till.payment-unclear',
    message: `The till has order ${draft.number} but does not say what was paid. Look at it there; nothing is paid a second time.`,
    params: { order: draft.number },
  });
