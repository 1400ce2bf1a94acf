import { randomUUID } from 'node:crypto';
import { dayNumber, tillDate } from '../clock.ts';
import { type Fields, inside, numberOf, numbersOf, textOf, textsOf } from '../fields.ts';
import { Refused, readLines, readSale, recount } from '../sales.ts';
import { shownOrder } from '../shown-sale.ts';
import { reserve } from '../stock.ts';
import { nextMarker, type Till, type TillOrder } from '../till.ts';

/** Counters go up with every change; the order gets the next marker. */
export function changed(till: Till, order: TillOrder): void {
  order.changeCounter += 1;
  order.versionNumber += 1;
  order.syncMarker = nextMarker(till, 'order');
}

function infoOf(order: TillOrder | undefined): Fields {
  return { orderId: order?.orderId ?? '', orderString: order === undefined ? '' : `${order.number.year}.${order.number.number}` };
}

export type Created = { order: TillOrder } | { result: string; errorMessage: string };

/** Stores a new order, or says why not. */
export function storeOrder(till: Till, sent: Fields): Created {
  const extOrderId = textOf(sent, 'extOrderId');
  if (extOrderId !== '' && till.ordersByExtId.has(extOrderId)) {
    return {
      result: 'CREATE-ORDER-RESULT-EXT-ORDER-ID-ALREADY-EXISTS',
      errorMessage: `Order met extOrderId ${extOrderId} bestaat al (already exists).`,
    };
  }
  try {
    const number = { year: Number(tillDate(Date.now()).year), number: till.numbers.order + 1 };
    const sale = readSale(till, sent, number);
    till.numbers.order += 1;
    const order: TillOrder = {
      ...sale,
      syncMarker: nextMarker(till, 'order'),
      orderId: randomUUID().replaceAll('-', ''),
      extOrderId,
      reference: textOf(sent, 'reference'),
      prepaidAmount: 0,
      fullyPaid: false,
      cancelled: false,
      delivered: false,
      invoiceId: undefined,
      packingSlipId: undefined,
    };
    till.orders.set(order.orderId, order);
    if (extOrderId !== '') till.ordersByExtId.set(extOrderId, order);
    reserve(till, order, 1);
    return { order };
  } catch (error) {
    if (error instanceof Refused) return { result: 'CREATE-ORDER-RESULT-FAILED', errorMessage: error.message };
    throw error;
  }
}

/** The answer of createOrder and createOrderV2; the first has no place for the order and its writer leaves it out. */
export function creation(till: Till, created: Created): Fields {
  if ('order' in created)
    return { result: 'CREATE-ORDER-RESULT-OK', order: shownOrder(till, created.order), info: infoOf(created.order), errorMessage: '' };
  return { ...created, info: infoOf(undefined) };
}

export function createOrder(till: Till, input: Fields): Fields {
  return creation(till, storeOrder(till, inside(input, 'order')));
}

export function createOrderV2(till: Till, input: Fields): Fields {
  return createOrder(till, inside(input, 'request'));
}

function replaceLines(till: Till, order: TillOrder, sent: Fields): void {
  const lines = readLines(till, sent, order.vatMethod);
  reserve(till, order, -1);
  order.lines = lines;
  recount(till, order);
  reserve(till, order, 1);
  order.fullyPaid = order.prepaidAmount >= order.totalInclAmount;
}

const COUNTERS = new Set(['orderId', 'extOrderId', 'changeCounter', 'versionNumber']);

/** Needs the current counters. Sent fields replace what was there, a sent lineList all lines; what is left out stays. */
export function updateOrder(till: Till, input: Fields): Fields {
  const sent = inside(input, 'order');
  const order = till.orders.get(textOf(sent, 'orderId'));
  const answer = (result: string, errorMessage = ''): Fields => ({
    result: `UPDATE-ORDER-RESULT-${result}`,
    info: infoOf(order),
    errorMessage,
  });
  if (order === undefined) return answer('NOT-FOUND', 'Order niet gevonden (order not found).');
  if (numberOf(sent, 'versionNumber') !== order.versionNumber || numberOf(sent, 'changeCounter') !== order.changeCounter) {
    return answer('ORDER-HAS-CHANGED', 'Order is intussen gewijzigd (order has changed).');
  }
  if (order.cancelled || order.delivered) return answer('FAILED', 'Order is geannuleerd of geleverd en kan niet meer worden gewijzigd.');
  const changes = Object.keys(sent).filter(
    (name) => !COUNTERS.has(name) && JSON.stringify(sent[name]) !== JSON.stringify(order.sent[name]),
  );
  if (changes.length === 0) return answer('NO-CHANGES', 'Order not saved because there were no changes in the order.');
  try {
    if (changes.includes('lineList')) replaceLines(till, order, sent);
  } catch (error) {
    if (error instanceof Refused) return answer('FAILED', error.message);
    throw error;
  }
  order.sent = { ...order.sent, ...sent };
  order.reference = textOf(order.sent, 'reference');
  changed(till, order);
  return answer('OK');
}

function found(till: Till, order: TillOrder | undefined): Fields {
  return order === undefined ? { result: 'GET-ORDER-RESULT-NOT-FOUND' } : { result: 'GET-ORDER-RESULT-OK', order: shownOrder(till, order) };
}

export function getOrder(till: Till, input: Fields): Fields {
  return found(till, till.orders.get(textOf(input, 'orderId')));
}

export function findOrder(till: Till, input: Fields): Fields {
  return found(till, till.ordersByExtId.get(textOf(input, 'extOrderId')));
}

type Test = (order: TillOrder) => boolean;

function financialDay(order: TillOrder): number {
  const sent = order.sent.financialDate;
  return dayNumber(sent === undefined ? tillDate(order.enteredAt) : inside(order.sent, 'financialDate'));
}

function oneOf<T>(wanted: readonly T[], read: (order: TillOrder) => T): Test {
  const set = new Set(wanted);
  return (order) => set.size === 0 || set.has(read(order));
}

function page(till: Till, request: Fields, tests: readonly Test[]): Fields {
  const since = numberOf(request, 'syncMarker') ?? 0;
  const limit = numberOf(request, 'syncMarkerLimit') || 1000;
  const orders = [...till.orders.values()].filter((order) => order.syncMarker >= since && tests.every((test) => test(order)));
  orders.sort((a, b) => a.syncMarker - b.syncMarker);
  return { orderList: { order: orders.slice(0, limit).map((order) => shownOrder(till, order, request.includeLineList !== false)) } };
}

export function getOrders(till: Till, input: Fields): Fields {
  const request = inside(input, 'request');
  const articles = new Set(numbersOf(request, 'articleNumbers'));
  const numbers = (Array.isArray(request.orderNumbers) ? request.orderNumbers : []) as Fields[];
  const from = dayNumber(inside(request, 'fromFinancialDate'));
  const through = dayNumber(inside(request, 'throughFinancialDate')) || Number.POSITIVE_INFINITY;
  const types = textsOf(inside(request, 'orderTypeList'), 'orderType');
  return page(till, request, [
    oneOf(textsOf(request, 'orderIds'), (order) => order.orderId),
    oneOf(numbersOf(request, 'branchNumbers'), (order) => order.financialBranchNumber),
    oneOf(numbersOf(request, 'employeeNumbers'), (order) => order.employeeNumber),
    oneOf(numbersOf(request, 'relationNumbers'), (order) => order.relationNumber),
    oneOf(types, (order) => textOf(order.sent, 'orderType') || 'ORDER-TYPE-EXTERNAL-SALES-ORDER'),
    oneOf(
      numbers.map((each) => `${String(each.year)}.${String(each.number)}`),
      (order) => `${order.number.year}.${order.number.number}`,
    ),
    (order) => articles.size === 0 || order.lines.some((line) => articles.has(line.articleNumber)),
    (order) => financialDay(order) >= from && financialDay(order) <= through,
  ]);
}

export function getOrdersByExtOrderIds(till: Till, input: Fields): Fields {
  const request = inside(input, 'request');
  return page(till, request, [oneOf(textsOf(inside(request, 'extOrderIds'), 'id'), (order) => order.extOrderId)]);
}

/** Cancels; a second call undoes the first. */
export function cancelOrder(till: Till, input: Fields): Fields {
  const order = till.orders.get(textOf(input, 'orderId'));
  if (order === undefined) return { result: 'CANCEL-ORDER-RESULT-NOT-FOUND', message: 'Order niet gevonden (order not found).' };
  if (order.delivered) return { result: 'CANCEL-ORDER-RESULT-FAILED', message: 'Order is al geleverd (order was delivered already).' };
  order.cancelled = !order.cancelled;
  reserve(till, order, order.cancelled ? -1 : 1);
  changed(till, order);
  return { result: order.cancelled ? 'CANCEL-ORDER-RESULT-OK' : 'CANCEL-ORDER-RESULT-UNDO-CANCEL-OK', message: '' };
}
