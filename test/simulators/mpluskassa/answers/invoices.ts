import { randomUUID } from 'node:crypto';
import { tillDate } from '../clock.ts';
import { type Fields, inside, numberOf, textOf, textsOf } from '../fields.ts';
import { Refused, readLines, readPayments, readSale, recount } from '../sales.ts';
import { shownInvoice } from '../shown-sale.ts';
import { deliver, moveStock, quantityMillionths, stockCell } from '../stock.ts';
import { nextMarker, type Till, type TillInvoice, type TillOrder } from '../till.ts';

function nextNumber(till: Till): TillInvoice['number'] {
  till.numbers.invoice += 1;
  return { year: Number(tillDate(Date.now()).year), number: till.numbers.invoice };
}

function keep(till: Till, invoice: TillInvoice): void {
  till.invoices.set(invoice.invoiceId, invoice);
  if (invoice.extInvoiceId !== '') till.invoicesByExtId.set(invoice.extInvoiceId, invoice);
}

/** The invoice that paying or delivering an order makes. Its stock has moved with the order. Returns its id. */
export function invoiceOrder(till: Till, order: TillOrder): string {
  const invoice: TillInvoice = {
    ...order,
    syncMarker: nextMarker(till, 'invoice'),
    number: nextNumber(till),
    lines: structuredClone(order.lines),
    payments: [...order.payments],
    versionNumber: 1,
    changeCounter: 1,
    invoiceId: randomUUID(),
    extInvoiceId: '',
    orderIds: [order.orderId],
    paidAmount: order.prepaidAmount,
  };
  keep(till, invoice);
  return invoice.invoiceId;
}

function infoOf(invoice: TillInvoice | undefined): Fields {
  if (invoice === undefined) return { invoiceId: '', invoiceString: '' };
  return { invoiceId: invoice.invoiceId, invoiceString: `${invoice.number.year}.${invoice.number.number}`, invoiceNumber: invoice.number };
}

function saved(result: string, invoice: TillInvoice | undefined, errorMessage = ''): Fields {
  return { result: `SAVE-INVOICE-RESULT-${result}`, info: infoOf(invoice), errorMessage };
}

function create(till: Till, sent: Fields): Fields {
  const extInvoiceId = textOf(sent, 'extInvoiceId');
  if (extInvoiceId !== '' && till.invoicesByExtId.has(extInvoiceId))
    return saved('EXT-INVOICE-ID-ALREADY-EXISTS', undefined, `Factuur met extInvoiceId ${extInvoiceId} bestaat al.`);
  const payments = readPayments(sent);
  const sale = readSale(till, sent, { year: 0, number: 0 });
  const invoice: TillInvoice = {
    ...sale,
    number: nextNumber(till),
    syncMarker: nextMarker(till, 'invoice'),
    payments,
    invoiceId: randomUUID(),
    extInvoiceId,
    orderIds: textsOf(inside(sent, 'orderIds'), 'id'),
    paidAmount: payments.reduce((sum, each) => sum + each.amount, 0),
  };
  deliver(till, invoice, { invoiceId: invoice.invoiceId, reserved: false });
  keep(till, invoice);
  return saved('OK', invoice);
}

function takeBack(till: Till, invoice: TillInvoice): void {
  for (const line of invoice.lines) {
    if (till.articles.get(line.articleNumber)?.stockArticle !== true) continue;
    const change = quantityMillionths(line.quantity, line.decimalPlaces);
    const cell = stockCell(till, line.articleNumber, invoice.financialBranchNumber);
    moveStock(till, cell, { change, type: 'STOCK-HISTORY-TYPE-SALES', invoiceId: invoice.invoiceId });
  }
}

function update(till: Till, invoice: TillInvoice, sent: Fields): Fields {
  if (numberOf(sent, 'versionNumber') !== invoice.versionNumber || numberOf(sent, 'changeCounter') !== invoice.changeCounter) {
    return saved('INVOICE-HAS-CHANGED', invoice, 'Factuur is intussen gewijzigd (invoice has changed).');
  }
  if (sent.lineList !== undefined) {
    const lines = readLines(till, sent, invoice.vatMethod);
    takeBack(till, invoice);
    invoice.lines = lines;
    recount(till, invoice);
    deliver(till, invoice, { invoiceId: invoice.invoiceId, reserved: false });
  }
  invoice.sent = { ...invoice.sent, ...sent };
  invoice.changeCounter += 1;
  invoice.versionNumber += 1;
  invoice.syncMarker = nextMarker(till, 'invoice');
  return saved('OK', invoice);
}

/** An empty invoiceId creates; otherwise the current counters are needed, as with orders. Stock moves at once. */
export function saveInvoice(till: Till, input: Fields): Fields {
  const sent = inside(input, 'invoice');
  const invoiceId = textOf(sent, 'invoiceId');
  const known = till.invoices.get(invoiceId);
  if (invoiceId !== '' && known === undefined) return saved('NOT-FOUND', undefined, 'Factuur niet gevonden (invoice not found).');
  try {
    return known === undefined ? create(till, sent) : update(till, known, sent);
  } catch (error) {
    if (error instanceof Refused) return saved('FAILED', known, error.message);
    throw error;
  }
}

function found(till: Till, invoice: TillInvoice | undefined): Fields {
  return invoice === undefined
    ? { result: 'GET-INVOICE-RESULT-NOT-FOUND' }
    : { result: 'GET-INVOICE-RESULT-OK', invoice: shownInvoice(till, invoice) };
}

export function getInvoice(till: Till, input: Fields): Fields {
  return found(till, till.invoices.get(textOf(input, 'invoiceId')));
}

export function findInvoice(till: Till, input: Fields): Fields {
  return found(till, till.invoicesByExtId.get(textOf(input, 'extInvoiceId')));
}

/** Pays a bill, or pays back a credit with negative amounts; never beyond what is open. */
export function payInvoice(till: Till, input: Fields): Fields {
  const request = inside(input, 'request');
  const invoice = till.invoices.get(textOf(request, 'invoiceId'));
  const answer = (result: string, errorMessage = ''): Fields => ({ result: `PAY-INVOICE-RESULT-${result}`, errorMessage });
  if (invoice === undefined) return answer('FAILED', 'Factuur niet gevonden (invoice not found).');
  try {
    const payments = readPayments(request);
    const amount = payments.reduce((sum, each) => sum + each.amount, 0);
    const open = invoice.totalInclAmount - invoice.paidAmount;
    if (open >= 0 ? amount > open : amount < open) return answer('PAYMENT-TOO-HIGH', 'Betaling is te hoog (payment is too high).');
    invoice.payments.push(...payments);
    invoice.paidAmount += amount;
    invoice.changeCounter += 1;
    invoice.syncMarker = nextMarker(till, 'invoice');
    return answer('OK');
  } catch (error) {
    if (error instanceof Refused) return answer('FAILED', error.message);
    throw error;
  }
}
