import type { Fields } from './fields.ts';
import * as seed from './seed.ts';

export interface TillArticle {
  articleNumber: number;
  productNumber: number;
  syncMarker: number;
  changedAt: number;
  priceIncl: number;
  priceExcl: number;
  vatCode: number;
  stockArticle: boolean;
  stockDecimals: number;
  seed: seed.ArticleSeed;
}

export interface TillGroup {
  groupNumber: number;
  /** 0 = top level. */
  parent: number;
  name: string;
  text: string;
  sortOrder: number;
  deleted: boolean;
  syncMarker: number;
}

export interface TillProduct {
  productNumber: number;
  syncMarker: number;
  description: string;
  extraText: string;
  groupNumbers: readonly number[];
  articles: TillArticle[];
}

/** Amounts are millionths, so that every quantity the protocol can say fits exactly. */
export interface StockCell {
  branchNumber: number;
  articleNumber: number;
  onHand: number;
  reserved: number;
  incoming: number;
  stockId: number;
  changedAt: number;
}

export interface StockMove {
  stockId: number;
  at: number;
  branchNumber: number;
  articleNumber: number;
  /** Millionths. */
  change: number;
  type: string;
  orderId?: string;
  invoiceId?: string;
  receiptId?: string;
  correctionNumber?: number;
}

export interface TillRelation extends Fields {
  relationNumber: number;
  syncMarker: number;
  name: string;
}

export interface TillPayment {
  paymentId: string;
  method: string;
  /** Cents. */
  amount: number;
  at: number;
  externalReference?: string;
}

export interface TillLine {
  lineId: string;
  articleNumber: number;
  text: string;
  /** quantity / 10^decimalPlaces pieces. */
  quantity: number;
  decimalPlaces: number;
  /** Unit prices in cents. */
  price: number;
  priceExcl: number;
  vatCode: number;
  vatBasisPoints: number;
  discountPercentage: number;
  discountAmount: number;
  totalInclAmount: number;
  totalExclAmount: number;
  delivered: boolean;
}

export interface VatTotal {
  vatCode: number;
  basisPoints: number;
  exclAmount: number;
  vatAmount: number;
}

/** What an order and an invoice have in common. Amounts in cents. `sent` is what the client sent, for the fields only kept. */
export interface TillSale {
  syncMarker: number;
  number: { year: number; number: number };
  vatMethod: string;
  relationNumber: number;
  employeeNumber: number;
  entryBranchNumber: number;
  financialBranchNumber: number;
  workplaceNumber: number | undefined;
  totalInclAmount: number;
  totalExclAmount: number;
  vatTotals: VatTotal[];
  lines: TillLine[];
  payments: TillPayment[];
  versionNumber: number;
  changeCounter: number;
  enteredAt: number;
  sent: Fields;
}

export interface TillOrder extends TillSale {
  orderId: string;
  extOrderId: string;
  reference: string;
  prepaidAmount: number;
  fullyPaid: boolean;
  cancelled: boolean;
  delivered: boolean;
  invoiceId: string | undefined;
  packingSlipId: string | undefined;
}

export interface TillInvoice extends TillSale {
  invoiceId: string;
  extInvoiceId: string;
  orderIds: string[];
  paidAmount: number;
}

export interface TillReceipt {
  receiptId: string;
  at: number;
  articleNumber: number;
  quantity: number;
  totalInclAmount: number;
}

export type MarkerKind = 'article' | 'articleGroup' | 'relation' | 'employee' | 'invoice' | 'receipt' | 'order' | 'stock';

/** Everything one till remembers. */
export interface Till {
  version: readonly [number, number, number];
  vatScale: 'whole' | 'hundredths';
  /** Pages come in the reverse order of their markers: nothing promises that they are sorted. */
  unsortedPages: boolean;
  /** Orders are shown without what was paid on them: both fields are optional in the protocol. */
  silentOnPayments: boolean;
  markers: Record<MarkerKind, number>;
  /** Products in the order of their sync markers: whoever changes one puts it at the end. */
  products: Map<number, TillProduct>;
  groups: Map<number, TillGroup>;
  articles: Map<number, TillArticle>;
  stock: Map<string, StockCell>;
  moves: StockMove[];
  relations: Map<number, TillRelation>;
  orders: Map<string, TillOrder>;
  ordersByExtId: Map<string, TillOrder>;
  invoices: Map<string, TillInvoice>;
  invoicesByExtId: Map<string, TillInvoice>;
  receipts: TillReceipt[];
  /** Answers kept per idempotency key. */
  answers: Map<string, Fields>;
  numbers: { relation: number; order: number; invoice: number; packingSlip: number; receipt: number; correction: number };
}

export function nextMarker(till: Till, kind: MarkerKind): number {
  till.markers[kind] += 1;
  return till.markers[kind];
}

/** A rate as the protocol writes it; whether whole percents or hundredths is not established, so the till can do both. */
export function shownRate(till: Till, basisPoints: number): number {
  return till.vatScale === 'hundredths' ? basisPoints : Math.round(basisPoints / 100);
}

export function rateOf(vatCode: number): number | undefined {
  return seed.vatRates.find((rate) => rate.vatCode === vatCode)?.basisPoints;
}

/** An empty till: no articles, no relations. Branches, employees and methods are fixed and stand in seed.ts. */
export function emptyTill(version: Till['version'], vatScale: Till['vatScale']): Till {
  return {
    version,
    vatScale,
    unsortedPages: false,
    silentOnPayments: false,
    markers: {
      article: 0,
      articleGroup: seed.articleGroups.length,
      relation: 0,
      employee: seed.employees.length,
      invoice: 0,
      receipt: 0,
      order: 0,
      stock: 0,
    },
    products: new Map(),
    groups: new Map(
      seed.articleGroups.map((group, at) => [
        group.groupNumber,
        { ...group, text: '', sortOrder: group.groupNumber, deleted: false, syncMarker: at + 1 },
      ]),
    ),
    articles: new Map(),
    stock: new Map(),
    moves: [],
    relations: new Map(),
    orders: new Map(),
    ordersByExtId: new Map(),
    invoices: new Map(),
    invoicesByExtId: new Map(),
    receipts: [],
    answers: new Map(),
    numbers: { relation: 1000, order: 500, invoice: 200, packingSlip: 50, receipt: 0, correction: 0 },
  };
}
