/** Orders of the shop as canonical orders. An order and its lines are two requests; lines may come later than their order. */
import type { Order, Payment } from '../../commerce.ts';
import { Failure } from '../../failure.ts';
import { decimalOf, minorOf, sum } from '../../money.ts';
import type { Api } from './client.ts';
import { each, firstPage, one, scan } from './listing.ts';
import { explain } from './order-money.ts';
import { addressOf, customerOf } from './people.ts';
import type { Shop } from './shop.ts';
import { InvoiceRow, OrderLineRow, OrderRow } from './wire.ts';

/** The order is there before its lines are; after this long it has none. */
const linesWithinMs = 60 * 60_000;
/** Lines are saved one after another: a total that does not fit may be a line that is still on its way. */
const settledAfterMs = 10 * 60_000;
const lookAgainMs = 15_000;

const list = { path: 'orders', row: OrderRow, label: 'find order' };

/** In the order of the ids; `#ORD00001` is a number. */
export function readOrders(shop: Shop, api: Api, ids: readonly string[]): Promise<(Order | undefined | Failure)[]> {
  return each(ids, async (id) => {
    const row = id.startsWith('#') ? await byNumber(api, id.slice(1)) : /^\d{1,15}$/.test(id) ? await byId(api, Number(id)) : undefined;
    if (row === undefined) return undefined;
    const { currency } = await shop.facts();
    return orderOf(shop, api, { row, rows: await linesOf(shop, api, row), currency });
  });
}

async function byNumber(api: Api, number: string): Promise<OrderRow | undefined> {
  if (number === '') return undefined;
  const rows = await firstPage(api, { ...list, query: { number } });
  return rows.find((row) => row.number === number) ?? rows.find((row) => row.number.toLowerCase() === number.toLowerCase());
}

/** Right after it was placed an order may answer 404; in the list it stands, or nothing behind it does. */
async function byId(api: Api, id: number): Promise<OrderRow | undefined> {
  const row = await one(api, { path: 'orders', row: OrderRow, label: 'read order' }, id);
  if (row !== undefined) return row;
  const [next] = await firstRow(api, id - 1);
  if (next?.id === id) return next;
  if (next !== undefined) return undefined;
  throw new Failure({
    remedy: 'retry',
    code: 'lightspeed.order-not-yet',
    message: `Order ${id} cannot be read yet. Lightspeed shows new orders after some seconds; it is looked at again.`,
    params: { order: id },
    waitMs: lookAgainMs,
  });
}

async function firstRow(api: Api, sinceId: number): Promise<readonly OrderRow[]> {
  return firstPage(api, { ...list, query: { since_id: sinceId } });
}

async function linesOf(shop: Shop, api: Api, order: OrderRow): Promise<OrderLineRow[]> {
  const rows: OrderLineRow[] = [];
  for await (const page of scan(api, { path: `orders/${order.id}/products`, row: OrderLineRow, label: 'read order lines' }))
    rows.push(...page);
  if (rows.length > 0 || ageOf(shop, order) > linesWithinMs) return rows;
  throw new Failure({
    remedy: 'retry',
    code: 'lightspeed.order-lines-missing',
    message: `Order ${order.number} has no lines yet. Lightspeed saves them after the order; it is looked at again.`,
    params: { order: order.number },
    waitMs: lookAgainMs,
  });
}

const ageOf = (shop: Shop, order: OrderRow): number =>
  order.createdAt === undefined ? Number.POSITIVE_INFINITY : shop.now().getTime() - Date.parse(order.createdAt);

async function orderOf(
  shop: Shop,
  api: Api,
  { row, rows, currency }: { row: OrderRow; rows: readonly OrderLineRow[]; currency: string },
): Promise<Order> {
  const totalMinor = minorOf(row.priceIncl ?? '0', currency);
  const explained = explain(row, rows, currency);
  if ('differenceMinor' in explained) throw unexplained(row, { ...explained, currency, young: ageOf(shop, row) < settledAfterMs });
  const { lines, giftCardMinor } = explained;
  const settled = await settledOf(api, row, { totalMinor, refundedMinor: explained.refundedMinor, currency });
  const taxMinor = sum(lines.map((line) => line.taxMinor));
  const customer = customerOf(row, { id: row.customer });
  const { billing, shipping } = { billing: addressOf(row, 'addressBilling'), shipping: addressOf(row, 'addressShipping') };
  return {
    id: String(row.id),
    number: row.number || String(row.id),
    createdAt: row.createdAt ?? row.updatedAt ?? shop.now().toISOString(),
    ...(row.updatedAt !== undefined && { updatedAt: row.updatedAt }),
    currency,
    prices: taxMinor === 0 && totalMinor !== 0 ? 'tax-free' : 'gross',
    state: stateOf(row.status),
    paymentState: settled.state,
    deliveryState: deliveryOf(row, rows),
    customer,
    ...(billing && { billing }),
    ...(shipping && { shipping }),
    lines: [...lines],
    payments: paymentsOf(row, { ...settled, totalMinor, giftCardMinor }),
    ...(row.shipmentId !== '' && { shippingMethod: { id: methodKey(row.shipmentId), name: row.shipmentTitle || row.shipmentId } }),
    ...(row.channel !== '' && { salesChannel: { id: row.channel, name: row.channel } }),
    totalMinor,
    paidMinor: settled.paidMinor,
    refundedMinor: settled.refundedMinor,
    ...(row.comment !== '' && { note: row.comment }),
  };
}

/** `core|747283|3298308` is a method and its price bracket: the method counts. Free texts such as the titles are nobody's key. */
export function methodKey(id: string): string {
  const parts = id.split('|');
  return parts[1] ?? parts[0] ?? id;
}

/** Words of the platform; new ones may come, and count as being worked on. */
function stateOf(status: string): Order['state'] {
  switch (status) {
    case 'cancelled':
      return 'cancelled';
    case 'completed':
    case 'completed_shipped':
    case 'completed_picked_up':
      return 'completed';
    case 'new':
    case 'offer':
    case 'on_hold':
    case 'processing_awaiting_payment':
      return 'open';
    default:
      return 'in-progress';
  }
}

function deliveryOf(row: OrderRow, rows: readonly OrderLineRow[]): NonNullable<Order['deliveryState']> {
  const ordered = rows.filter(({ quantityOrdered }) => (quantityOrdered ?? 0) > 0);
  const returned = ordered.filter(({ quantityReturned }) => (quantityReturned ?? 0) > 0);
  if (returned.length > 0) {
    return ordered.every(({ quantityOrdered, quantityReturned }) => (quantityReturned ?? 0) >= (quantityOrdered ?? 0))
      ? 'returned'
      : 'partially-returned';
  }
  switch (row.shipmentStatus) {
    case 'shipped':
      return 'shipped';
    case 'partially_shipped':
      return 'partially-shipped';
    case 'cancelled':
      return 'cancelled';
    default:
      return 'open';
  }
}

interface Settled {
  readonly state: Order['paymentState'];
  readonly paidMinor: number;
  readonly refundedMinor: number;
}

/** How much of a partial payment came in, and what was credited, stands in the invoices alone: they are read only where it matters. */
async function settledOf(
  api: Api,
  row: OrderRow,
  { totalMinor, refundedMinor, currency }: { totalMinor: number; refundedMinor: number; currency: string },
): Promise<Settled> {
  const invoices =
    row.paymentStatus === 'partially_paid' || refundedMinor > 0
      ? (await firstPage(api, { path: 'invoices', row: InvoiceRow, label: 'read invoices', query: { order: row.id } })).filter(
          ({ order }) => order === row.id,
        )
      : [];
  const amount = (credit: boolean): number =>
    sum(
      invoices
        .filter(({ isCreditNote, status }) => isCreditNote === credit && (credit || status === 'paid'))
        .map(({ priceIncl }) => Math.abs(minorOf(priceIncl ?? '0', currency))),
    );
  const refunded = Math.min(totalMinor, refundedMinor === 0 ? 0 : amount(true) || refundedMinor);
  switch (row.paymentStatus) {
    case 'paid': {
      const state = refunded <= 0 ? 'paid' : refunded >= totalMinor ? 'refunded' : 'partially-refunded';
      return { state, paidMinor: totalMinor - Math.max(0, refunded), refundedMinor: Math.max(0, refunded) };
    }
    case 'partially_paid':
      return { state: 'partially-paid', paidMinor: Math.min(totalMinor, amount(false)), refundedMinor: 0 };
    case 'cancelled':
      return { state: 'cancelled', paidMinor: 0, refundedMinor: 0 };
    default:
      return { state: 'open', paidMinor: 0, refundedMinor: 0 };
  }
}

/** The shop tells one method per order; gift cards beside it are payments of their own. */
function paymentsOf(
  row: OrderRow,
  { state, paidMinor, totalMinor, giftCardMinor }: Settled & { totalMinor: number; giftCardMinor: number },
): Payment[] {
  const method = row.paymentId === '' ? 'unknown' : methodKey(row.paymentId);
  const own = state === 'partially-paid' ? paidMinor : totalMinor;
  const cards = Math.min(giftCardMinor, own);
  const payments: Payment[] = [
    { id: `${row.id}`, methodId: method, methodName: row.paymentTitle || method, amountMinor: own - cards, state },
    { id: `${row.id}-gift-card`, methodId: 'gift-card', methodName: 'Gift card', amountMinor: cards, state },
  ];
  return payments.filter(({ amountMinor }, index) => (index === 0 ? amountMinor !== 0 || cards === 0 : amountMinor !== 0));
}

function unexplained(row: OrderRow, how: { differenceMinor: number; currency: string; young: boolean }): Failure {
  const difference = `${decimalOf(how.differenceMinor, how.currency)} ${how.currency}`;
  return new Failure({
    remedy: how.young ? 'retry' : 'fix-data',
    code: 'lightspeed.total-unexplained',
    message: `The lines of order ${row.number} do not add up to its total: ${difference} remain. Nothing is sent; look at the order in Lightspeed.`,
    params: { order: row.number, difference },
    ...(how.young && { waitMs: lookAgainMs }),
  });
}
