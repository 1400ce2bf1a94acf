import { randomUUID } from 'node:crypto';
import { cancelOrder, storeOrder } from './answers/orders.ts';
import { payOrder } from './answers/payments.ts';
import { createRelation, updateRelation } from './answers/relations.ts';
import { manyArticles, putArticle, putGroup } from './articles.ts';
import { type Calls, callLog } from './calls.ts';
import { type FaultKind, FaultPlan } from './faults.ts';
import * as seed from './seed.ts';
import { type Desk, openDoor } from './server.ts';
import { lookAtStock, moveStock, stockCell, toMillionths } from './stock.ts';
import {
  emptyTill,
  nextMarker,
  type Till,
  type TillArticle,
  type TillGroup,
  type TillOrder,
  type TillReceipt,
  type TillRelation,
} from './till.ts';
import { tillPage } from './till-page.ts';

export interface MpluskassaOptions {
  /** 0 or absent: a free port. */
  port?: number;
  ident?: string;
  secret?: string;
  /** Default 67.1.3. Below 57 there are no V2 and V3 operations, below 61 no getOrdersByExtOrderIds. */
  serviceVersion?: readonly [number, number, number];
  /** How rates and discount percentages are written: 21 or 2100. Default hundredths. */
  vatScale?: 'whole' | 'hundredths';
  /** Come on top of the articles every till here has (1001..1012, 9001..9005); a number: so many made up ones, from 100000 on. */
  articles?: readonly seed.ArticleSeed[] | number;
  /** Pages of products come with the highest marker first. */
  unsortedPages?: boolean;
  /** Default true: what does not fit the schema is a fault. */
  strict?: boolean;
}

/** Stock in pieces, or kilos. */
interface StockNow {
  free: number;
  reserved: number;
  incoming: number;
  stockId: number;
}

interface MpluskassaFaults {
  /** The next call (of an operation) goes wrong; `times` calls in a row, default one. */
  next(kind: FaultKind, options?: { operation?: string; times?: number }): void;
  /** Calls go wrong by chance, the same way for the same seed. */
  rate(probability: number, kinds: readonly FaultKind[], seed: number): void;
  clear(): void;
  /** True closes the port and cuts all connections; false opens the same port again. Wait for it. */
  away(away: boolean): Promise<void>;
}

export interface MpluskassaSimulator {
  /** With ident and secret. */
  url: string;
  /** Scheme and address without port: http://127.0.0.1 */
  host: string;
  port: number;
  ident: string;
  secret: string;
  orders(): TillOrder[];
  order(extOrderId: string): TillOrder | undefined;
  relations(): TillRelation[];
  /** Somebody at the counter enters a relation, or changes the one with this number. */
  putRelation(relation: Partial<Omit<TillRelation, 'syncMarker'>>): TillRelation;
  /** Somebody at the counter takes an order of this customer, paid in full by PIN. */
  placeOrder(order: { email: string; lines: readonly { articleNumber: number; quantity: number }[] }): TillOrder;
  articles(): TillArticle[];
  /** Adds an article, or changes the one with this number; it gets the next sync marker. */
  addArticle(article: seed.ArticleSeed): TillArticle;
  /** Adds a group of articles, or changes the one with this number. */
  putGroup(group: Partial<TillGroup> & { groupNumber: number }): TillGroup;
  /** Branch 1 unless told. */
  stock(articleNumber: number, branch?: number): StockNow;
  /** A sale at the counter of branch 1: a receipt and a line of stock history. Negative takes goods back. */
  sell(articleNumber: number, quantity: number): TillReceipt;
  /** Somebody at the counter cancels an order, or takes its cancelling back. */
  cancel(orderId: string): void;
  /** Somebody takes an order out of the till: it is not found any more. */
  remove(orderId: string): void;
  /** From now on orders are shown without what was paid on them, or with it again. */
  silentOnPayments(silent: boolean): void;
  faults: MpluskassaFaults;
  calls: Calls;
  /** Mistakes of the client, as sentences. */
  unexpected: string[];
  stop(): Promise<void>;
}

function filledTill(options: MpluskassaOptions): Till {
  const till = emptyTill(options.serviceVersion ?? [67, 1, 3], options.vatScale ?? 'hundredths');
  till.unsortedPages = options.unsortedPages ?? false;
  for (const article of seed.articles) putArticle(till, article);
  const { articles = [] } = options;
  for (const article of typeof articles === 'number' ? manyArticles(articles) : articles) putArticle(till, article);
  for (const relation of seed.relations) createRelation(till, { relation: { ...relation } });
  return till;
}

function stockNow(till: Till, articleNumber: number, branch: number): StockNow {
  const cell = lookAtStock(till, articleNumber, branch);
  return { free: (cell.onHand - cell.reserved) / 1e6, reserved: cell.reserved / 1e6, incoming: cell.incoming / 1e6, stockId: cell.stockId };
}

function sell(till: Till, articleNumber: number, quantity: number): TillReceipt {
  const article = till.articles.get(articleNumber);
  if (article === undefined) throw new Error(`the till has no article ${articleNumber}`);
  const receipt = {
    receiptId: randomUUID(),
    at: Date.now(),
    articleNumber,
    quantity,
    totalInclAmount: Math.round(article.priceIncl * quantity),
  };
  nextMarker(till, 'receipt');
  till.numbers.receipt += 1;
  till.receipts.push(receipt);
  if (article.stockArticle) {
    moveStock(till, stockCell(till, articleNumber, 1), {
      change: -toMillionths(quantity),
      type: 'STOCK-HISTORY-TYPE-SALES',
      receiptId: receipt.receiptId,
    });
  }
  return receipt;
}

function placeOrder(till: Till, { email, lines }: Parameters<MpluskassaSimulator['placeOrder']>[0]): TillOrder {
  const known = [...till.relations.values()].find((relation) => relation.email === email);
  const relationNumber =
    known?.relationNumber ?? Number(createRelation(till, { relation: { name: email.split('@')[0] ?? email, email } }).relationNumber);
  const line = lines.map(({ articleNumber, quantity }) => ({ articleNumber, data: { quantity } }));
  const created = storeOrder(till, { relationNumber, employeeNumber: 101, entryBranchNumber: 1, lineList: { line } });
  if (!('order' in created)) throw new Error(created.errorMessage);
  const { order } = created;
  const payment = { method: 'PIN', amount: order.totalInclAmount };
  const paid = payOrder(till, { request: { orderId: order.orderId, prepay: true, paymentList: { payment: [payment] } } });
  if (paid.result !== 'PAY-ORDER-RESULT-OK') throw new Error(String(paid.errorMessage));
  return order;
}

/** Starts a till with branches, staff, articles and relations, on 127.0.0.1. It holds everything in memory. */
export async function startMpluskassa(options: MpluskassaOptions = {}): Promise<MpluskassaSimulator> {
  const till = filledTill(options);
  const { calls, add } = callLog();
  const faults = new FaultPlan();
  const ident = options.ident ?? 'tillbridge';
  const secret = options.secret ?? 'geheim-van-de-kassa';
  const desk: Desk = {
    till,
    ident,
    secret,
    strict: options.strict ?? true,
    faults,
    unexpected: [],
    record: add,
    away: false,
    page: (request, response) => page(request, response),
  };
  const page = tillPage(desk, (articleNumber) => sell(till, articleNumber, 1));
  const door = await openDoor(desk, options.port ?? 0);
  const host = 'http://127.0.0.1';
  return {
    url: `${host}:${door.port}/?ident=${encodeURIComponent(ident)}&secret=${encodeURIComponent(secret)}`,
    host,
    port: door.port,
    ident,
    secret,
    orders: () => [...till.orders.values()],
    order: (extOrderId) => till.ordersByExtId.get(extOrderId),
    relations: () => [...till.relations.values()],
    putRelation: (relation) => {
      const known = till.relations.has(Number(relation.relationNumber ?? 0));
      const answer = (known ? updateRelation : createRelation)(till, { relation });
      const put = till.relations.get(Number(answer.relationNumber ?? relation.relationNumber));
      if (put === undefined) throw new Error(String(answer.errorMessage));
      return put;
    },
    placeOrder: (order) => placeOrder(till, order),
    articles: () => [...till.articles.values()],
    addArticle: (article) => putArticle(till, article),
    putGroup: (group) => putGroup(till, group),
    stock: (articleNumber, branch = 1) => stockNow(till, articleNumber, branch),
    sell: (articleNumber, quantity) => sell(till, articleNumber, quantity),
    cancel: (orderId) => void cancelOrder(till, { orderId }),
    remove: (orderId) => {
      till.ordersByExtId.delete(till.orders.get(orderId)?.extOrderId ?? '');
      till.orders.delete(orderId);
    },
    silentOnPayments: (silent) => {
      till.silentOnPayments = silent;
    },
    faults: {
      next: (kind, wanted) => faults.next(kind, wanted),
      rate: (probability, kinds, start) => faults.rate(probability, kinds, start),
      clear: () => faults.clear(),
      away: (away) => (away ? door.close() : door.open()),
    },
    calls,
    unexpected: desk.unexpected,
    stop: () => door.close(),
  };
}
