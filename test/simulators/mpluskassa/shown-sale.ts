import { tillDate, tillTime } from './clock.ts';
import type { Fields } from './fields.ts';
import { employees, paymentMethods, vatRates } from './seed.ts';
import { shownRate, type Till, type TillInvoice, type TillLine, type TillOrder, type TillPayment, type TillSale } from './till.ts';

function shownLine(till: Till, line: TillLine): Fields {
  const article = till.articles.get(line.articleNumber);
  return {
    lineId: line.lineId,
    articleNumber: line.articleNumber,
    pluNumber: article?.seed.pluNumber,
    text: line.text,
    data: {
      quantity: line.quantity,
      decimalPlaces: line.decimalPlaces,
      deliveredQuantity: line.delivered ? line.quantity : 0,
      deliveredDecimalPlaces: line.decimalPlaces,
      price: line.price,
      priceExcl: line.priceExcl,
      turnoverGroup: article?.seed.turnoverGroup ?? 10,
      vatCode: line.vatCode,
      vatPercentage: shownRate(till, line.vatBasisPoints),
      discountPercentage: line.discountPercentage,
      discountAmount: line.discountAmount,
      totalInclAmount: line.totalInclAmount,
      totalExclAmount: line.totalExclAmount,
    },
    lineType: 'LINE-TYPE-NONE',
  };
}

function shownPayment(payment: TillPayment, branchNumber: number): Fields {
  const method = paymentMethods.find((each) => each.method === payment.method);
  return {
    paymentId: payment.paymentId,
    financialDate: tillDate(payment.at),
    entryTimestamp: tillTime(payment.at),
    branchNumber,
    method: payment.method,
    description: method?.description,
    amount: payment.amount,
    paymentMethodType: method?.type,
    externalReference: payment.externalReference,
  };
}

/** What the client sent and the till only keeps. */
const KEPT = [
  'deliveryAddress',
  'invoiceAddress',
  'financialDate',
  'vatChange',
  'vatCountryCode',
  'vatCountryIso3',
  'activityId',
  'orderCategoryNumber',
];
const KEPT_ON_ORDERS = [
  'deliveryMethod',
  'deliveryDate',
  'deliveryPeriodBegin',
  'deliveryPeriodEnd',
  'paymentMethod',
  'onDeliveryUrl',
  'onInvoiceUrl',
];

function kept(sent: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(names.map((name) => [name, sent[name]]));
}

function shownSale(till: Till, sale: TillSale, withLines: boolean): Fields {
  const relation = till.relations.get(sale.relationNumber);
  return {
    financialDate: tillDate(sale.enteredAt),
    ...kept(sale.sent, KEPT),
    transactionString: `${sale.number.year}.${sale.number.number}`,
    syncMarker: sale.syncMarker,
    entryBranchNumber: sale.entryBranchNumber,
    employeeNumber: sale.employeeNumber,
    employeeName: employees.find((each) => each.employeeNumber === sale.employeeNumber)?.name,
    entryTimestamp: tillTime(sale.enteredAt),
    relationNumber: sale.relationNumber,
    relationName: relation?.name,
    financialBranchNumber: sale.financialBranchNumber,
    workplaceNumber: sale.workplaceNumber,
    reference: sale.sent.reference ?? '',
    totalInclAmount: sale.totalInclAmount,
    totalExclAmount: sale.totalExclAmount,
    vatMethod: sale.vatMethod,
    vatGroupList: {
      vatGroup: sale.vatTotals.map((group) => {
        const rate = vatRates.find((each) => each.vatCode === group.vatCode);
        return {
          branchNumber: sale.financialBranchNumber,
          countryCode: rate?.countryCode,
          countryIso3: rate?.countryIso3,
          vatCode: group.vatCode,
          vatPercentage: shownRate(till, group.basisPoints),
          exclAmount: group.exclAmount,
          vatAmount: group.vatAmount,
        };
      }),
    },
    changeCounter: sale.changeCounter,
    versionNumber: sale.versionNumber,
    lineList: withLines ? { line: sale.lines.map((line) => shownLine(till, line)) } : undefined,
    paymentList: till.silentOnPayments
      ? undefined
      : { payment: sale.payments.map((payment) => shownPayment(payment, sale.financialBranchNumber)) },
  };
}

const state = (kind: string, reached: 'NOTHING' | 'PARTIAL' | 'COMPLETE'): string => `ORDER-${kind}-STATE-${reached}`;

/** An order as the till answers it. Without lines the references are left out too, as includeLineList=false does. */
export function shownOrder(till: Till, order: TillOrder, withLines = true): Fields {
  return {
    ...kept(order.sent, KEPT_ON_ORDERS),
    ...shownSale(till, order, withLines),
    orderId: order.orderId,
    extOrderId: order.extOrderId === '' ? undefined : order.extOrderId,
    invoiceIds: order.invoiceId !== undefined && withLines ? { id: [order.invoiceId] } : undefined,
    orderType: order.sent.orderType ?? 'ORDER-TYPE-EXTERNAL-SALES-ORDER',
    prepaidAmount: till.silentOnPayments ? undefined : order.prepaidAmount,
    fullyPaid: till.silentOnPayments ? undefined : order.fullyPaid,
    deliveryState: state('DELIVERY', order.delivered ? 'COMPLETE' : 'NOTHING'),
    cancelState: state('CANCEL', order.cancelled ? 'COMPLETE' : 'NOTHING'),
    completeState: state('COMPLETE', order.invoiceId !== undefined ? 'COMPLETE' : order.delivered ? 'PARTIAL' : 'NOTHING'),
    orderNumber: order.number,
    packingSlipIds: order.packingSlipId !== undefined && withLines ? { id: [order.packingSlipId] } : undefined,
  };
}

function invoiceState(invoice: TillInvoice): string {
  if (invoice.paidAmount === invoice.totalInclAmount) return 'INVOICE-STATE-PAID';
  if (invoice.totalInclAmount < 0) return 'INVOICE-STATE-OUTSTANDING-CREDIT';
  return invoice.paidAmount === 0 ? 'INVOICE-STATE-OUTSTANDING' : 'INVOICE-STATE-PARTLY-PAID';
}

export function shownInvoice(till: Till, invoice: TillInvoice): Fields {
  return {
    ...shownSale(till, invoice, true),
    invoiceId: invoice.invoiceId,
    extInvoiceId: invoice.extInvoiceId === '' ? undefined : invoice.extInvoiceId,
    orderIds: { id: invoice.orderIds },
    invoiceNumber: invoice.number,
    invoiceType: invoice.sent.invoiceType ?? (invoice.totalInclAmount < 0 ? 'INVOICE-TYPE-CREDIT-INVOICE' : 'INVOICE-TYPE-INVOICE'),
    creditedInvoiceId: invoice.sent.creditedInvoiceId,
    creditedReason: invoice.sent.creditedReason,
    paidAmount: invoice.paidAmount,
    state: invoiceState(invoice),
    finalized: false,
  };
}
