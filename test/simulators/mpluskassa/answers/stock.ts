import { momentOf, tillTime } from '../clock.ts';
import { type Fields, flagOf, inside, listOf, numberOf, numbersOf, textOf } from '../fields.ts';
import { branches } from '../seed.ts';
import { lookAtStock, moveStock, quantityMillionths, spoken, stockCell } from '../stock.ts';
import type { StockCell, StockMove, Till } from '../till.ts';

function shownStock(till: Till, cell: StockCell): Fields {
  const decimals = till.articles.get(cell.articleNumber)?.stockDecimals ?? 0;
  const free = spoken(cell.onHand - cell.reserved, decimals);
  const reserved = spoken(cell.reserved, decimals);
  const incoming = spoken(cell.incoming, decimals);
  return {
    branchNumber: cell.branchNumber,
    articleNumber: cell.articleNumber,
    changeTimestamp: tillTime(cell.changedAt),
    stockId: cell.stockId,
    amountFree: free.amount,
    decimalPlacesFree: free.decimals,
    amountReserved: reserved.amount,
    decimalPlacesReserved: reserved.decimals,
    amountIncoming: incoming.amount,
    decimalPlacesIncoming: incoming.decimals,
    isDayStockArticle: false,
  };
}

function wantedArticles(request: Fields): Set<number> {
  return new Set(numbersOf(inside(request, 'articleNumbers'), 'articleNumbers'));
}

/** An empty list of article numbers means all stock articles. Articles never touched in a branch stand at zero. */
export function getStock(till: Till, input: Fields): Fields {
  const request = inside(input, 'request');
  if (flagOf(request, 'dayStockOnlyFilter')) return { articleStocks: [] };
  const more = numbersOf(inside(request, 'branchNumbers'), 'branchNumber');
  const wantedBranches = new Set(more.length > 0 ? more : [numberOf(request, 'branchNumber') ?? 0]);
  const wanted = wantedArticles(request);
  const since = numberOf(request, 'stockId') ?? 0;
  const cells: StockCell[] = [];
  for (const { branchNumber } of branches) {
    if (!wantedBranches.has(branchNumber)) continue;
    for (const articleNumber of wanted.size > 0 ? wanted : till.articles.keys()) {
      if (till.articles.get(articleNumber)?.stockArticle !== true) continue;
      const cell = lookAtStock(till, articleNumber, branchNumber);
      if (cell.stockId >= since) cells.push(cell);
    }
  }
  return { articleStocks: cells.sort((a, b) => a.stockId - b.stockId).map((cell) => shownStock(till, cell)) };
}

function shownMove(till: Till, move: StockMove): Fields {
  const { amount, decimals } = spoken(move.change, till.articles.get(move.articleNumber)?.stockDecimals ?? 0);
  return {
    stockId: move.stockId,
    timestamp: tillTime(move.at),
    branchNumber: move.branchNumber,
    articleNumber: move.articleNumber,
    amountChanged: amount,
    decimalPlaces: decimals,
    type: move.type,
    orderId: move.orderId,
    invoiceId: move.invoiceId,
    receiptId: move.receiptId,
    correctionNumber:
      move.correctionNumber === undefined ? undefined : { year: new Date(move.at).getFullYear(), number: move.correctionNumber },
  };
}

/** Serves both versions: the first names one branch, the second several (none = all). */
export function getStockHistory(till: Till, input: Fields): Fields {
  const request = inside(input, 'request');
  const branch = numberOf(request, 'branchNumber');
  const wantedBranches = branch === undefined ? numbersOf(request, 'branchNumbers') : [branch];
  const wanted = wantedArticles(request);
  const since = numberOf(request, 'sinceStockId') ?? 0;
  const edge = (name: string, otherwise: number): number => (request[name] === undefined ? otherwise : momentOf(inside(request, name)));
  const from = edge('fromFinancialDateTime', 0);
  const through = edge('throughFinancialDateTime', Number.POSITIVE_INFINITY);
  const found = till.moves.filter(
    (move) =>
      move.stockId >= since &&
      move.at >= from &&
      move.at <= through + 999 &&
      (wantedBranches.length === 0 || wantedBranches.includes(move.branchNumber)) &&
      (wanted.size === 0 || wanted.has(move.articleNumber)),
  );
  return { articleStockHistory: found.slice(0, numberOf(request, 'sinceStockIdLimit') || 1000).map((move) => shownMove(till, move)) };
}

function change(till: Till, input: Fields, how: { prefix: string; amountName: string; absolute: boolean }): Fields {
  const request = inside(input, 'request');
  const branchNumber = numberOf(request, 'branchNumber') ?? 0;
  const articleNumber = numberOf(request, 'articleNumber') ?? 0;
  if (!branches.some((each) => each.branchNumber === branchNumber)) return { result: `${how.prefix}-BRANCH-NOT-FOUND` };
  const article = till.articles.get(articleNumber);
  if (article === undefined) return { result: `${how.prefix}-ARTICLE-NOT-FOUND` };
  if (!article.stockArticle) return { result: `${how.prefix}-NO-STOCK-ARTICLE` };
  const cell = stockCell(till, articleNumber, branchNumber);
  const amount = quantityMillionths(numberOf(request, how.amountName) ?? 0, numberOf(request, 'decimalPlaces') ?? 0);
  const stockId = moveStock(till, cell, { change: how.absolute ? amount - cell.onHand : amount, type: 'STOCK-HISTORY-TYPE-API' });
  return { result: `${how.prefix}-OK`, stockId };
}

/** Relative: `amountChanged` may be negative. */
export function updateStock(till: Till, input: Fields): Fields {
  return change(till, input, { prefix: 'UPDATE-STOCK-RESULT', amountName: 'amountChanged', absolute: false });
}

/** Absolute: what lies on the shelf, reservations included. */
export function setStock(till: Till, input: Fields): Fields {
  return change(till, input, { prefix: 'SET-STOCK-RESULT', amountName: 'amount', absolute: true });
}

/** All corrections or none. A count is absolute: what lies on the shelf. */
export function saveStockCorrections(till: Till, input: Fields): Fields {
  const request = inside(input, 'request');
  const branchNumber = numberOf(request, 'branchNumber') ?? 0;
  const corrections = listOf(request, 'stockCorrectionList', 'correction');
  const answer = (result: string, failedArticleNumber?: number): Fields => ({
    result: `SAVE-STOCK-CORRECTIONS-RESULT-${result}`,
    failedArticleNumber,
  });
  if (!branches.some((each) => each.branchNumber === branchNumber)) return answer('BRANCH-NOT-FOUND');
  if (corrections.length === 0) return answer('NO-CORRECTIONS');
  const seen = new Set<number>();
  for (const correction of corrections) {
    const articleNumber = numberOf(correction, 'articleNumber') ?? 0;
    const article = till.articles.get(articleNumber);
    if (seen.has(articleNumber)) return answer('DUPLICATE-ARTICLE', articleNumber);
    seen.add(articleNumber);
    if (article === undefined) return answer('ARTICLE-NOT-FOUND', articleNumber);
    if (!article.stockArticle) return answer('NO-STOCK-ARTICLE', articleNumber);
  }
  till.numbers.correction += 1;
  const relative = textOf(request, 'correctionMode') === 'STOCK-CORRECTION-MODE-RELATIVE';
  let stockId = 0;
  for (const correction of corrections) {
    const cell = stockCell(till, numberOf(correction, 'articleNumber') ?? 0, branchNumber);
    const amount = quantityMillionths(numberOf(correction, 'amount') ?? 0, numberOf(correction, 'decimalPlaces') ?? 0);
    const change = relative ? amount : amount - cell.onHand;
    stockId = moveStock(till, cell, { change, type: 'STOCK-HISTORY-TYPE-CORRECTION', correctionNumber: till.numbers.correction });
  }
  return { ...answer('OK'), stockId };
}
