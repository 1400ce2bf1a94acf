import { randomUUID } from 'node:crypto';
import { type Fields, flagOf, inside, textOf } from '../fields.ts';
import { Refused, readPayments } from '../sales.ts';
import { shownOrder } from '../shown-sale.ts';
import { deliver } from '../stock.ts';
import type { Till, TillOrder, TillPayment } from '../till.ts';
import { invoiceOrder } from './invoices.ts';
import { changed, creation, storeOrder } from './orders.ts';

interface Paid {
  result: string;
  errorMessage: string;
  invoiceId?: string;
}

function add(order: TillOrder, payments: readonly TillPayment[]): void {
  order.payments.push(...payments);
  order.prepaidAmount += payments.reduce((sum, each) => sum + each.amount, 0);
  order.fullyPaid = order.prepaidAmount >= order.totalInclAmount;
}

function handOver(till: Till, order: TillOrder): void {
  deliver(till, order, { orderId: order.orderId, reserved: true });
  order.delivered = true;
  order.packingSlipId = randomUUID();
  till.numbers.packingSlip += 1;
}

/** prepay books a deposit and no more; without it the order must be covered and is delivered and invoiced at once. */
function settle(till: Till, order: TillOrder, payments: readonly TillPayment[], prepay: boolean): Paid {
  if (order.invoiceId !== undefined)
    return { result: 'PAY-ORDER-RESULT-ORDER-ALREADY-INVOICED', errorMessage: 'Order is al gefactureerd (already invoiced).' };
  if (order.cancelled) return { result: 'PAY-ORDER-RESULT-FAILED', errorMessage: 'Order is geannuleerd (order is cancelled).' };
  const offered = payments.reduce((sum, each) => sum + each.amount, order.prepaidAmount);
  if (!prepay && offered < order.totalInclAmount)
    return { result: 'PAY-ORDER-RESULT-PAYMENT-INSUFFICIENT', errorMessage: 'Betaling is te laag (payment is insufficient).' };
  add(order, payments);
  if (!prepay) {
    if (!order.delivered) handOver(till, order);
    order.invoiceId = invoiceOrder(till, order);
  }
  changed(till, order);
  return { result: 'PAY-ORDER-RESULT-OK', errorMessage: '', ...(order.invoiceId === undefined ? {} : { invoiceId: order.invoiceId }) };
}

/** Serves both versions; the second only adds the idempotency key, which is dealt with before. */
export function payOrder(till: Till, input: Fields): Fields {
  const request = inside(input, 'request');
  const order = till.orders.get(textOf(request, 'orderId'));
  if (order === undefined) return { result: 'PAY-ORDER-RESULT-FAILED', errorMessage: 'Order niet gevonden (order not found).' };
  try {
    return { ...settle(till, order, readPayments(request), flagOf(request, 'prepay')) };
  } catch (error) {
    if (error instanceof Refused) return { result: 'PAY-ORDER-RESULT-FAILED', errorMessage: error.message };
    throw error;
  }
}

/** Creates, and pays when a paymentList is sent. An unknown method stores nothing; too little money leaves the order unpaid. */
export function createOrderV3(till: Till, input: Fields): Fields {
  const request = inside(input, 'request');
  let payments: TillPayment[];
  try {
    payments = readPayments(request);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return creation(till, { result: 'CREATE-ORDER-RESULT-FAILED', errorMessage: error.message });
  }
  const created = storeOrder(till, inside(request, 'order'));
  if (!('order' in created) || payments.length === 0) return creation(till, created);
  const paid = settle(till, created.order, payments, flagOf(request, 'prepay'));
  const answer = { ...creation(till, created), order: shownOrder(till, created.order), payResult: paid.result, invoiceId: paid.invoiceId };
  return paid.result === 'PAY-ORDER-RESULT-OK'
    ? answer
    : { ...answer, result: 'CREATE-ORDER-RESULT-PAYMENT-FAILED', errorMessage: paid.errorMessage };
}

export function deliverOrder(till: Till, input: Fields): Fields {
  const request = inside(input, 'request');
  const order = till.orders.get(textOf(request, 'orderId'));
  const answer = (result: string, errorMessage = ''): Fields => ({
    result: `DELIVER-ORDER-RESULT-${result}`,
    errorMessage,
    packingSlipId: order?.packingSlipId,
  });
  if (order === undefined) return answer('FAILED', 'Order niet gevonden (order not found).');
  if (order.delivered) return answer('ALREADY-DELIVERED', 'Order is al geleverd.');
  if (order.cancelled) return answer('FAILED', 'Order is geannuleerd (order is cancelled).');
  handOver(till, order);
  if (textOf(request, 'turnoverType') === 'DELIVER-ORDER-TURNOVER-TYPE-INVOICE') order.invoiceId = invoiceOrder(till, order);
  changed(till, order);
  return { ...answer('OK'), invoiceId: order.invoiceId };
}
