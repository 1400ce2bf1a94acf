import { nextMarker, type StockCell, type StockMove, type Till, type TillSale } from './till.ts';

const MILLION = 1_000_000;

export function toMillionths(amount: number): number {
  return Math.round(amount * MILLION);
}

/** quantity / 10^decimalPlaces in millionths. */
export function quantityMillionths(quantity: number, decimalPlaces: number): number {
  return Math.round((quantity * MILLION) / 10 ** decimalPlaces);
}

/** Millionths as the protocol says them: with the wanted decimals, or six when that would lose something. */
export function spoken(millionths: number, decimals: number): { amount: number; decimals: number } {
  const step = 10 ** (6 - decimals);
  return millionths % step === 0 ? { amount: millionths / step + 0, decimals } : { amount: millionths, decimals: 6 };
}

/** The stock of an article in a branch; an empty one is made when there is none yet. */
export function stockCell(till: Till, articleNumber: number, branchNumber: number): StockCell {
  const key = `${branchNumber}/${articleNumber}`;
  const known = till.stock.get(key);
  if (known !== undefined) return known;
  const cell = {
    branchNumber,
    articleNumber,
    onHand: 0,
    reserved: 0,
    incoming: 0,
    stockId: nextMarker(till, 'stock'),
    changedAt: Date.now(),
  };
  till.stock.set(key, cell);
  return cell;
}

/** The same without making one: who only looks changes nothing. An article that was never touched in a branch stands at zero, its stockId is 0. */
export function lookAtStock(till: Till, articleNumber: number, branchNumber: number): StockCell {
  const known = till.stock.get(`${branchNumber}/${articleNumber}`);
  return known ?? { branchNumber, articleNumber, onHand: 0, reserved: 0, incoming: 0, stockId: 0, changedAt: Date.now() };
}

function touch(till: Till, cell: StockCell): void {
  cell.stockId = nextMarker(till, 'stock');
  cell.changedAt = Date.now();
}

/** Changes what lies on the shelf and writes it in the history. `change` in millionths. Returns the new stockId. */
export function moveStock(
  till: Till,
  cell: StockCell,
  move: Pick<StockMove, 'change' | 'type' | 'orderId' | 'invoiceId' | 'receiptId' | 'correctionNumber'>,
): number {
  cell.onHand += move.change;
  touch(till, cell);
  till.moves.push({
    ...move,
    stockId: cell.stockId,
    at: cell.changedAt,
    branchNumber: cell.branchNumber,
    articleNumber: cell.articleNumber,
  });
  return cell.stockId;
}

function eachStockLine(till: Till, sale: TillSale, act: (cell: StockCell, millionths: number) => void): void {
  for (const line of sale.lines) {
    if (line.delivered || till.articles.get(line.articleNumber)?.stockArticle !== true) continue;
    act(stockCell(till, line.articleNumber, sale.financialBranchNumber), quantityMillionths(line.quantity, line.decimalPlaces));
  }
}

/** Sets stock aside for the undelivered lines (sign 1) or gives it free again (sign -1). */
export function reserve(till: Till, sale: TillSale, sign: 1 | -1): void {
  eachStockLine(till, sale, (cell, millionths) => {
    cell.reserved += sign * millionths;
    touch(till, cell);
  });
}

/** Takes the undelivered lines from the shelf; when they were reserved, from what was set aside as well. */
export function deliver(till: Till, sale: TillSale, by: { orderId?: string; invoiceId?: string; reserved: boolean }): void {
  const { reserved, ...origin } = by;
  eachStockLine(till, sale, (cell, millionths) => {
    if (reserved) cell.reserved -= millionths;
    moveStock(till, cell, { change: -millionths, type: 'STOCK-HISTORY-TYPE-SALES', ...origin });
  });
  for (const line of sale.lines) line.delivered = true;
}
