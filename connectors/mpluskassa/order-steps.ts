/** The steps of an order's plan: the exact requests, and what they change. */
import { createHash } from 'node:crypto';
import type { Draft, PlanNote, PlanStep } from '../connector.ts';
import { invoicePrefix } from './answers.ts';
import { render } from './client.ts';
import { wallClock } from './clock.ts';
import type { OrderDraft } from './draft.ts';
import type { BuiltLines } from './lines.ts';
import type { TillPayment } from './payments.ts';
import { type CustomerPlan, note } from './relations.ts';
import type { MpluskassaSettings } from './settings.ts';
import type { Till } from './till.ts';
import { orderAddress } from './translate.ts';
import type { VatMethod } from './vat.ts';

interface OrderParts {
  readonly source: Draft;
  readonly draft: OrderDraft;
  readonly built: BuiltLines;
  readonly vatMethod: VatMethod;
  readonly customer: CustomerPlan;
  readonly paymentMethod: string | undefined;
}

/** The order as the till takes it. Without a financial date: the till books it on its own open day. */
export function orderFields(till: Till, parts: OrderParts): object {
  const { source, draft, built, vatMethod, customer, paymentMethod } = parts;
  const branchNumber = draft.branchNumber ?? till.settings.branchNumber;
  const names = draft.policy.countryNames;
  return {
    ...(till.settings.documentType === 'invoice'
      ? { invoiceId: '', extInvoiceId: source.reference }
      : { orderId: '', extOrderId: source.reference, deliveryMethod: draft.deliveryMethod, paymentMethod }),
    entryBranchNumber: branchNumber,
    employeeNumber: draft.employeeNumber ?? till.settings.employeeNumber,
    entryTimestamp: wallClock(new Date(draft.orderedAt)),
    relationNumber: customer.relationNumber ?? '{{customer}}',
    deliveryAddress: orderAddress(draft.shipping, names),
    invoiceAddress: orderAddress(draft.billing, names),
    financialBranchNumber: branchNumber,
    workplaceNumber: draft.workplaceNumber ?? till.settings.workplaceNumber,
    reference: draft.number,
    vatMethod,
    lineList: {
      line: built.lines.map((line) => ({
        articleNumber: line.articleNumber,
        text: line.text === '' ? undefined : line.text,
        data: {
          quantity: line.quantity,
          decimalPlaces: 0,
          price: line.priceMinor,
          turnoverGroup: line.turnoverGroup,
          vatCode: line.vatCode,
        },
      })),
    },
  };
}

interface StepParts {
  readonly source: Draft;
  readonly draft: OrderDraft;
  readonly built: BuiltLines;
  readonly payments: readonly TillPayment[];
  readonly order: object;
  readonly v3: boolean;
  readonly documentType: MpluskassaSettings['documentType'];
}

export function orderSteps(parts: StepParts): PlanStep[] {
  const { source, draft, built, payments, order, v3 } = parts;
  const changes = orderChanges(draft, built);
  if (parts.documentType === 'invoice') return invoiceSteps(parts, changes);
  const paid = payments.length > 0 ? { prepay: true, paymentList: paymentList(payments) } : {};
  if (!v3) {
    const step: PlanStep = {
      id: 'order',
      action: 'create',
      subject: 'order',
      changes,
      request: { operation: 'createOrder', body: render('createOrder', { order }) },
    };
    return payments.length === 0 ? [step] : [step, paymentStep({ source, payments, orderId: '{{order}}', v3 })];
  }
  // Without the relation: the same order keeps its key when the customer was created by an attempt whose answer got lost.
  const idempotencyKey = keyOf(source, 'order', { ...order, relationNumber: undefined, ...paid });
  return [
    {
      id: 'order',
      action: 'create',
      subject: 'order',
      changes: [...changes, ...paymentChanges(payments)],
      request: {
        operation: 'createOrderV3',
        body: render('createOrderV3', {
          request: { idempotencyKey, order, applySalesAndActions: false, applySalesPrices: false, applyPriceGroups: false, ...paid },
        }),
      },
    },
  ];
}

/** An invoice has neither key nor payment in the same call: its reference guards it, the payment follows. */
function invoiceSteps(parts: StepParts, changes: PlanStep['changes']): PlanStep[] {
  const { source, payments, order, v3 } = parts;
  const step: PlanStep = {
    id: 'order',
    action: 'create',
    subject: 'invoice',
    changes,
    request: { operation: 'saveInvoice', body: render('saveInvoice', { invoice: order }) },
  };
  return payments.length === 0 ? [step] : [step, paymentStep({ source, payments, orderId: `${invoicePrefix}{{order}}`, v3 })];
}

/** A deposit: `prepay` true books the money and neither delivers nor invoices. */
export function paymentStep(parts: { source: Draft; payments: readonly TillPayment[]; orderId: string; v3: boolean }): PlanStep {
  const { source, payments, orderId, v3 } = parts;
  if (orderId.startsWith(invoicePrefix)) {
    const request = { invoiceId: orderId.slice(invoicePrefix.length), paymentList: paymentList(payments) };
    return {
      id: 'payment',
      action: 'create',
      subject: 'payment',
      changes: paymentChanges(payments),
      request: { operation: 'payInvoice', body: render('payInvoice', { request }) },
    };
  }
  const request = { orderId, prepay: true, paymentList: paymentList(payments) };
  const operation = v3 ? 'payOrderV2' : 'payOrder';
  const body = v3 ? { idempotencyKey: keyOf(source, 'payment', request), ...request } : request;
  return {
    id: 'payment',
    action: 'create',
    subject: 'payment',
    changes: paymentChanges(payments),
    request: { operation, body: render(operation, { request: body }) },
  };
}

function paymentList(payments: readonly TillPayment[]): object {
  return { payment: payments.map(({ method, amountMinor }) => ({ method, amount: amountMinor })) };
}

function paymentChanges(payments: readonly TillPayment[]): PlanStep['changes'] {
  return payments.flatMap(({ method, amountMinor }, index) => [
    { field: `payments[${index}].method`, after: method },
    { field: `payments[${index}].amountMinor`, after: amountMinor },
  ]);
}

function orderChanges(draft: OrderDraft, built: BuiltLines): PlanStep['changes'] {
  return [
    { field: 'number', after: draft.number },
    { field: 'orderedAt', after: draft.orderedAt },
    { field: 'totalMinor', after: built.totalMinor },
    ...(draft.deliveryMethod === undefined ? [] : [{ field: 'deliveryMethod', after: draft.deliveryMethod }]),
    ...draft.lines.flatMap((line, index) => {
      const own = built.lines.find(({ source }) => source === index);
      return [
        { field: `lines[${index}].article`, after: own?.articleNumber },
        { field: `lines[${index}].quantity`, after: line.quantity },
        { field: `lines[${index}].grossMinor`, after: line.grossMinor },
        ...(own?.vatCode === undefined ? [] : [{ field: `lines[${index}].vatCode`, after: own.vatCode }]),
      ];
    }),
    ...(built.roundingMinor === 0 ? [] : [{ field: `lines[${draft.lines.length}].grossMinor`, after: built.roundingMinor }]),
  ];
}

export function orderNotes(built: BuiltLines, vatMethod: VatMethod, v3: boolean): PlanNote[] {
  return [
    ...(built.roundingMinor === 0
      ? []
      : [note('rounding-line', `A line of ${built.roundingMinor} cents rounds the order.`, { cents: built.roundingMinor })]),
    ...(vatMethod === 'VAT-METHOD-INCLUSIVE' ? [] : [note('vat-method', `Booked with ${vatMethod}.`, { method: vatMethod })]),
    ...(built.vatBy.has('rate') ? [note('vat-code-by-rate', 'A VAT code was chosen by its rate, not by the article.')] : []),
    ...(v3 ? [] : [note('older-service', 'The till’s service has no idempotent orders; the reference guards against doubles.')]),
  ];
}

/** The same request has the same key on every worker and in every retry; a definite refusal changes it. Formed as a UUID. */
function keyOf(source: Draft, step: string, body: object): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([source.reference, source.revision, step, body]))
    .digest('hex');
  const variant = '89ab'[Number.parseInt(digest[16] ?? '0', 16) % 4];
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}
