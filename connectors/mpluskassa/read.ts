/** Orders of the till as canonical orders: the read-back after writing, and the till as a source. */
import type { Customer, Order, OrderLine } from '../commerce.ts';
import type { Change } from '../connector.ts';
import { basisPointsOf, sum, taxInGross } from '../money.ts';
import { invoicePrefix, type Relation, type TillLine, type TillOrder } from './answers.ts';
import { momentOf } from './clock.ts';
import { lastSeen } from './cursor.ts';
import { bookedOf, numberOf } from './orders.ts';
import { customerOf, relationsOf } from './people.ts';
import type { Till } from './till.ts';

/** In the order of the ids; undefined where the till has no such order. */
export async function readOrders(till: Till, ids: readonly string[]): Promise<(Order | undefined)[]> {
  const { currency } = till.settings;
  const invoices = ids.filter((id) => id.startsWith(invoicePrefix));
  const orders = ids.filter((id) => !id.startsWith(invoicePrefix));
  const found = new Map([...(await ordersById(till, orders)), ...(await invoicesById(till, invoices))]);
  const people = await relationsOf(
    till,
    [...found.values()].flatMap((order) => order?.relationNumber ?? []),
  );
  return ids.map((id) => {
    const order = found.get(id);
    return order && orderOf(order, { currency, now: till.now(), relation: people.get(order.relationNumber ?? -1) });
  });
}

async function ordersById(till: Till, ids: readonly string[]): Promise<[string, TillOrder | undefined][]> {
  const [first] = ids;
  if (first === undefined) return [];
  if (ids.length === 1) return [[first, (await till.client.call('getOrder', { orderId: first })).order]];
  const { orderList } = await till.client.call('getOrders', {
    request: { articlePluNumbers: {}, articleBarcodes: {}, orderIds: ids, includeLineList: true },
  });
  return orderList.map((order) => [order.orderId, order]);
}

async function invoicesById(till: Till, ids: readonly string[]): Promise<[string, TillOrder | undefined][]> {
  const found: [string, TillOrder | undefined][] = [];
  for (const id of ids) found.push([id, (await till.client.call('getInvoice', { invoiceId: id.slice(invoicePrefix.length) })).invoice]);
  return found;
}

const pageSize = 100;

/** Orders from the marker on. Markers are inclusive and a page need not be sorted, so a page is sorted and the next starts at its highest plus one. */
export async function* changedOrders(till: Till, cursor: string | undefined): AsyncIterable<Change> {
  let marker = (await lastSeen(till, 'order', cursor)) + 1;
  for (;;) {
    const { orderList } = await till.client.call('getOrders', {
      request: { syncMarker: marker, syncMarkerLimit: pageSize, articlePluNumbers: {}, articleBarcodes: {}, includeLineList: false },
    });
    const page = orderList
      .flatMap((order) => (order.syncMarker === undefined ? [] : [{ order, marker: order.syncMarker }]))
      .filter((entry) => entry.marker >= marker)
      .sort((a, b) => a.marker - b.marker);
    for (const entry of page) {
      const number = numberOf(entry.order);
      const cursor = String(entry.marker);
      yield { id: entry.order.orderId, ...(number !== undefined && { number }), version: cursor, cursor };
    }
    const last = page.at(-1);
    if (last === undefined) return;
    marker = last.marker + 1;
  }
}

/** VAT of a line is only known from the till's own totals; without them the line counts as untaxed. */
function orderOf(order: TillOrder, context: { currency: string; now: Date; relation: Relation | undefined }): Order {
  const lines = order.lineList.map((line, index) => lineOf(line, index, order.vatMethod));
  const totalMinor = order.totalInclAmount ?? sum(lines.map(({ grossMinor }) => grossMinor));
  const paidMinor = bookedOf(order) ?? 0;
  const paid = order.fullyPaid === true || (totalMinor > 0 && paidMinor >= totalMinor);
  const customer = customerIn(order, context.relation);
  return {
    id: order.orderId,
    number: numberOf(order) ?? order.orderId,
    createdAt: (momentOf(order.entryTimestamp) ?? context.now).toISOString(),
    currency: context.currency,
    prices:
      order.vatMethod === 'VAT-METHOD-EXCLUSIVE'
        ? 'net'
        : order.vatMethod === 'VAT-METHOD-INCLUSIVE' || order.vatMethod === undefined
          ? 'gross'
          : 'tax-free',
    state: stateOf(order),
    paymentState: paid ? 'paid' : paidMinor > 0 ? 'partially-paid' : 'open',
    ...(customer && { customer }),
    ...(customer?.billing && { billing: customer.billing }),
    ...(customer?.shipping && { shipping: customer.shipping }),
    lines,
    payments: order.paymentList.map((payment, index) => ({
      id: payment.paymentId || String(index),
      methodId: payment.method,
      methodName: payment.description || payment.method,
      amountMinor: payment.amount,
      state: 'paid',
    })),
    totalMinor,
    paidMinor,
    refundedMinor: 0,
  };
}

/** Number 0 is nobody: a sale over the counter. */
function customerIn({ relationNumber, relationName }: TillOrder, relation: Relation | undefined): Customer | undefined {
  if (relation !== undefined) return customerOf(relation);
  if (!relationNumber) return undefined;
  const id = String(relationNumber);
  return { id, number: id, firstName: '', lastName: relationName ?? '', vatIds: [], guest: false };
}

function stateOf(order: TillOrder): Order['state'] {
  if (order.cancelState === 'ORDER-CANCEL-STATE-COMPLETE') return 'cancelled';
  return order.completeState === 'ORDER-COMPLETE-STATE-COMPLETE' ? 'completed' : 'open';
}

/** Canonical quantities are whole: what is weighed (0.530 kg) is one line of its amount. Returns keep their negative amount. */
function lineOf(line: TillLine, index: number, vatMethod: string | undefined): OrderLine {
  const { quantity = 0, decimalPlaces = 0, price = 0, vatPercentage = 0 } = line.data ?? {};
  const scale = 10 ** decimalPlaces;
  const pieces = quantity % scale === 0 && quantity !== 0 ? Math.abs(quantity / scale) : 1;
  const amount = Math.round((price * quantity) / scale);
  const grossMinor = line.data?.totalInclAmount ?? amount;
  const taxRateBp = vatPercentage > 100 ? vatPercentage : basisPointsOf(vatPercentage);
  const untaxed = vatMethod === 'VAT-METHOD-SHIFTED' || vatMethod === 'VAT-METHOD-NONE';
  const netMinor = line.data?.totalExclAmount ?? (untaxed ? grossMinor : grossMinor - taxInGross(grossMinor, taxRateBp));
  return {
    id: line.lineId || String(index),
    kind: 'product',
    sku: String(line.articleNumber),
    name: line.text,
    quantity: pieces,
    grossMinor,
    netMinor,
    taxMinor: grossMinor - netMinor,
    taxRateBp: untaxed ? 0 : taxRateBp,
  };
}
