import { branches } from './seed.ts';
import { lookAtStock } from './stock.ts';
import type { Till, TillArticle, TillLine, TillOrder } from './till.ts';

const NEWEST = 100;

function quantityText(line: TillLine): string {
  return String(line.quantity / 10 ** line.decimalPlaces);
}

function stateOf(order: TillOrder): string {
  if (order.cancelled) return 'Cancelled';
  if (order.delivered) return order.invoiceId === undefined ? 'Delivered' : 'Invoiced';
  if (order.fullyPaid) return 'Paid';
  return order.prepaidAmount > 0 ? 'Partly paid' : 'Open';
}

function orderRow(till: Till, order: TillOrder): object {
  return {
    id: order.orderId,
    number: `${order.number.year}.${order.number.number}`,
    extOrderId: order.extOrderId,
    reference: order.reference,
    customer: till.relations.get(order.relationNumber)?.name ?? '',
    branch: order.financialBranchNumber,
    enteredAt: order.enteredAt,
    lines: order.lines.map((line) => ({
      quantity: quantityText(line),
      text: line.text,
      articleNumber: line.articleNumber,
      total: line.totalInclAmount,
    })),
    total: order.totalInclAmount,
    prepaid: order.prepaidAmount,
    state: stateOf(order),
  };
}

function articleRow(till: Till, article: TillArticle): object {
  const { seed } = article;
  return {
    articleNumber: article.articleNumber,
    name: [seed.description ?? `Artikel ${article.articleNumber}`, seed.colour, seed.size].filter(Boolean).join(' · '),
    price: article.priceIncl,
    unit: seed.unit ?? '',
    active: seed.active ?? true,
    stock: branches.map(({ branchNumber }) => {
      const cell = lookAtStock(till, article.articleNumber, branchNumber);
      return { branch: branchNumber, free: (cell.onHand - cell.reserved) / 1e6, reserved: cell.reserved / 1e6 };
    }),
  };
}

/** What the till page shows, as JSON: amounts in cents, quantities in units, newest orders first. */
export function tillView(till: Till, away: boolean): object {
  const orders = [...till.orders.values()].reverse();
  return {
    version: till.version.join('.'),
    away,
    orderCount: orders.length,
    relationCount: till.relations.size,
    branches: branches.map(({ branchNumber, branchName }) => ({ branch: branchNumber, name: branchName })),
    orders: orders.slice(0, NEWEST).map((order) => orderRow(till, order)),
    articles: [...till.articles.values()].filter((article) => article.stockArticle).map((article) => articleRow(till, article)),
  };
}
