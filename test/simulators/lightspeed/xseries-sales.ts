/** Sales: rung up at the till, shown to the API, and what they do to the stock. */
import { seedPeople } from './articles.ts';
import { shares } from './shares.ts';
import { setLevel, stockOf } from './xseries-products.ts';
import {
  decimal,
  type Fields,
  type Product,
  type Sale,
  type SaleLine,
  type SalePayment,
  stamp,
  uuid,
  type XSeriesState,
} from './xseries-state.ts';
import type { PlacedSale, SaleWish } from './xseries-surface.ts';

/** Goods have left the shelf in every state but these. */
const keepsGoods = new Set(['SAVED', 'VOIDED']);

export function productBySku(state: XSeriesState, sku: string): Product {
  const product = state.tables.products.find('sku', sku)[0];
  if (product === undefined) throw new Error(`the simulated till has no product with the SKU ${sku}`);
  return product;
}

const rateOf = (state: XSeriesState, taxId: string): number => state.tables.taxes.get(taxId)?.rate ?? 0;

/** A line from what it costs in cents including VAT; price and tax of the line add up to exactly that. */
function lineOf(state: XSeriesState, product: Product, quantity: number, money: { total: number; full: number }): SaleLine {
  const rate = rateOf(state, product.taxId);
  const net = (cents: number): number => Math.round((cents * 1_000 * 10_000) / (10_000 + rate));
  const priceTotal = net(money.total);
  const taxTotal = money.total * 1_000 - priceTotal;
  const discountTotal = net(money.full) - priceTotal;
  const each = (amount: number): number => Math.round(amount / quantity);
  return {
    ...{ id: uuid(state.random), productId: product.id, taxId: product.taxId, quantity, cost: product.supplyPrice, note: null },
    ...{ price: each(priceTotal), priceTotal, tax: each(taxTotal), taxTotal, discount: each(discountTotal), discountTotal },
  };
}

export function paymentType(state: XSeriesState, name: string): string {
  return state.tables.paymentTypes.all().find((type) => type.name === name)?.id ?? '';
}

interface Draft {
  readonly lines: readonly SaleLine[];
  readonly payments: readonly SalePayment[];
  readonly status: string;
  readonly registerId: string;
  readonly customerId?: string | undefined;
  readonly userId?: string | undefined;
  readonly source?: string | undefined;
  readonly sourceId?: string | undefined;
  readonly invoiceNumber?: string | undefined;
  readonly note?: string | null | undefined;
  readonly returnFor?: string | undefined;
  readonly saleDate?: string | undefined;
  readonly attributes?: readonly string[] | undefined;
}

export const totalOf = (lines: readonly SaleLine[]): number =>
  Math.round(lines.reduce((sum, line) => sum + line.priceTotal + line.taxTotal, 0) / 1_000);

/** Keeps a sale, takes its goods, tells. */
export function recordSale(state: XSeriesState, draft: Draft): Sale {
  const register = state.tables.registers.get(draft.registerId);
  const outletId = String(register?.more.outlet_id ?? '');
  const time = stamp(state.now());
  const id = uuid(state.random);
  const number = state.tables.sales.size() + 1;
  const invoiceNumber = draft.invoiceNumber ?? `${String(register?.more.invoice_prefix ?? '')}${number}`;
  const placed: PlacedSale = {
    ...{ id, invoiceNumber, total: totalOf(draft.lines), customerId: draft.customerId },
    lines: draft.lines.map((line) => ({
      code: state.tables.products.get(line.productId)?.sku ?? '',
      quantity: line.quantity,
      total: Math.round((line.priceTotal + line.taxTotal) / 1_000),
      rate: rateOf(state, line.taxId),
    })),
    payments: draft.payments.map(({ typeId, amount }) => ({ name: state.tables.paymentTypes.get(typeId)?.name ?? '', amount })),
  };
  const sale = state.tables.sales.add({
    ...{ id, deleted_at: null, outletId, registerId: draft.registerId, customerId: draft.customerId, invoiceNumber },
    userId: draft.userId ?? state.tables.users.all()[0]?.id ?? '',
    ...{ source: draft.source ?? 'USER', sourceId: draft.sourceId, status: draft.status, note: draft.note ?? null },
    ...{ shortCode: state.random.hex(6), returnFor: draft.returnFor, saleDate: draft.saleDate ?? time, lines: draft.lines },
    ...{ payments: draft.payments, attributes: draft.attributes ?? [], taken: false, placed, createdAt: time, updatedAt: time },
  });
  settle(state, sale);
  for (let count = 0; count < state.knobs.saleUpdates; count += 1) state.tell('sale.update', sale.id);
  return sale;
}

/** Takes the goods or puts them back, as the state of the sale wants it. */
function settle(state: XSeriesState, sale: Sale): void {
  const taken = !keepsGoods.has(sale.status);
  if (taken === sale.taken) return;
  sale.taken = taken;
  for (const line of sale.lines) {
    if (state.tables.products.get(line.productId)?.hasInventory !== true) continue;
    const level = stockOf(state, line.productId, sale.outletId).level;
    setLevel(state, line.productId, sale.outletId, level + (taken ? -line.quantity : line.quantity));
  }
}

export function changeSale(
  state: XSeriesState,
  sale: Sale,
  changes: Partial<Pick<Sale, 'status' | 'payments' | 'customerId' | 'note'>>,
): void {
  Object.assign(sale, changes);
  sale.updatedAt = stamp(state.now());
  settle(state, sale);
  state.tables.sales.touch(sale);
  for (let count = 0; count < state.knobs.saleUpdates; count += 1) state.tell('sale.update', sale.id);
}

export const payment = (state: XSeriesState, typeId: string, amount: number, date = stamp(state.now())): SalePayment => ({
  ...{ id: uuid(state.random), typeId, amount, date },
});

function paymentsFor(state: XSeriesState, total: number, wish: SaleWish): SalePayment[] {
  const name = wish.payment ?? 'Card';
  if (!wish.rounded) return [payment(state, paymentType(state, name), total)];
  const cash = Math.round(total / 5) * 5;
  const rest = total - cash;
  const main = payment(state, paymentType(state, 'Cash'), cash);
  return rest === 0 ? [main] : [main, payment(state, paymentType(state, 'Cash Rounding'), rest)];
}

/** Rings up a sale as a cashier does. */
export function ringUp(state: XSeriesState, wish: SaleWish, customerFor: (wish: SaleWish) => string | undefined): Sale {
  const wished = (wish.lines ?? [{ code: state.tables.products.all()[0]?.sku ?? '' }]).map(({ code, quantity = 1, unit, discount = 0 }) => {
    const product = productBySku(state, code);
    const price = unit ?? Math.round(product.priceIncl / 1_000);
    return { product, quantity, full: price * quantity, charged: (price - discount) * quantity };
  });
  const weights = wished.map(({ charged }) => Math.max(0, charged));
  const parts = shares(
    Math.min(
      wish.discount ?? 0,
      weights.reduce((left, right) => left + right, 0),
    ),
    weights,
  );
  const lines = wished.map(({ product, quantity, full, charged }, at) =>
    lineOf(state, product, quantity, { full, total: charged - (parts[at] ?? 0) }),
  );
  const shipping = wish.shipping ?? 0;
  if (shipping > 0) lines.push(lineOf(state, productBySku(state, state.shippingSku), 1, { full: shipping, total: shipping }));
  const outlet = state.tables.outlets.all()[wish.outlet ?? 0];
  const register = state.tables.registers.all().find((one) => one.more.outlet_id === outlet?.id);
  const status = wish.status ?? 'CLOSED';
  const unpaid = status === 'SAVED' || status === 'ONACCOUNT' || status === 'LAYBY';
  return recordSale(state, {
    ...{ lines, status, registerId: register?.id ?? '', customerId: customerFor(wish), note: wish.note },
    payments: unpaid ? [] : paymentsFor(state, totalOf(lines), wish),
    attributes: status === 'ONACCOUNT' || status === 'LAYBY' ? [status.toLowerCase()] : [],
  });
}

export function randomSale(state: XSeriesState, random: XSeriesState['random']): SaleWish {
  const skus = state.tables.products
    .all()
    .filter((product) => product.hasInventory)
    .slice(0, 200)
    .map((product) => product.sku);
  const lines = Array.from({ length: random.int(1, 6) }, () => {
    const unit = random.int(1, 30_000);
    return {
      code: random.pick(skus),
      quantity: random.int(1, random.chance(0.1) ? 40 : 4),
      unit,
      ...(random.chance(0.25) && { discount: random.int(0, unit) }),
    };
  });
  return {
    lines,
    ...(random.chance(0.3) && { discount: random.int(1, 5_000) }),
    ...(random.chance(0.2) && { shipping: random.int(1, 1_995) }),
    ...(random.chance(0.5) && { person: random.pick(seedPeople) }),
    ...(random.chance(0.2) && { rounded: true }),
  };
}

/** The same goods the other way round. */
export function returnOf(state: XSeriesState, sale: Sale, status: 'CLOSED' | 'SAVED'): Sale {
  const lines = sale.lines.map((line) => ({
    ...{ ...line, id: uuid(state.random), quantity: -line.quantity, discountTotal: -line.discountTotal },
    ...{ priceTotal: -line.priceTotal, taxTotal: -line.taxTotal },
  }));
  const payments = status === 'SAVED' ? [] : sale.payments.map(({ typeId, amount }) => payment(state, typeId, -amount));
  return recordSale(state, { lines, payments, status, registerId: sale.registerId, customerId: sale.customerId, returnFor: sale.id });
}

/** Taxes of the sale by rate. */
function taxesOf(state: XSeriesState, lines: readonly SaleLine[]): readonly Fields[] {
  const amounts = new Map<string, number>();
  for (const line of lines) amounts.set(line.taxId, (amounts.get(line.taxId) ?? 0) + line.taxTotal);
  return [...amounts].map(([taxId, amount]) => {
    const tax = state.tables.taxes.get(taxId);
    return { id: tax?.rateId ?? taxId, name: tax?.name ?? '', rate: (tax?.rate ?? 0) / 10_000, amount: decimal(amount) };
  });
}

const showLine = (state: XSeriesState, line: SaleLine, at: number): Fields => ({
  ...{ id: line.id, product_id: line.productId, tax_id: line.taxId, quantity: line.quantity, sequence: at, status: 'CONFIRMED' },
  ...{ price: decimal(line.price), price_total: decimal(line.priceTotal), tax: decimal(line.tax), tax_total: decimal(line.taxTotal) },
  ...{ discount: decimal(line.discount), discount_total: decimal(line.discountTotal) },
  ...{ cost: decimal(line.cost), cost_total: decimal(line.cost * line.quantity), loyalty_value: 0, price_set: false, note: line.note },
  tax_components: [{ rate_id: state.tables.taxes.get(line.taxId)?.rateId ?? line.taxId, total_tax: decimal(line.taxTotal) }],
  ...{ unit_price: decimal(line.price), unit_tax: decimal(line.tax), unit_discount: decimal(line.discount), unit_cost: decimal(line.cost) },
  ...{ total_price: decimal(line.priceTotal), total_tax: decimal(line.taxTotal), total_discount: decimal(line.discountTotal) },
  is_return: line.quantity < 0,
});

/** As version 2.0 shows a sale. */
export function showSale(state: XSeriesState, sale: Sale): Fields {
  const sum = (read: (line: SaleLine) => number): number => decimal(sale.lines.reduce((total, line) => total + read(line), 0));
  return {
    ...{ id: sale.id, outlet_id: sale.outletId, register_id: sale.registerId, user_id: sale.userId },
    ...(sale.customerId !== undefined && { customer_id: sale.customerId }),
    ...{ invoice_number: sale.invoiceNumber, receipt_number: sale.invoiceNumber, source: sale.source },
    ...(sale.sourceId !== undefined && { source_id: sale.sourceId }),
    ...{ status: sale.status, note: sale.note, short_code: sale.shortCode, return_for: sale.returnFor ?? null },
    ...{ total_price: sum((line) => line.priceTotal), total_tax: sum((line) => line.taxTotal), total_loyalty: 0 },
    ...{
      sale_date: sale.saleDate,
      created_at: sale.createdAt,
      updated_at: sale.updatedAt,
      deleted_at: sale.deleted_at,
      version: sale.version,
    },
    taxes: taxesOf(state, sale.lines),
    line_items: sale.lines.map((line, at) => showLine(state, line, at)),
    payments: sale.payments.map(({ id, typeId, amount, date }) => ({
      ...{ id, register_id: sale.registerId, outlet_id: sale.outletId, retailer_payment_type_id: typeId },
      payment_type_id: String(state.tables.paymentTypes.get(typeId)?.more.type_id ?? ''),
      ...{ name: state.tables.paymentTypes.get(typeId)?.name ?? '', amount: amount / 100, payment_date: date, external_attributes: [] },
    })),
    ...{ adjustments: [], attributes: sale.attributes },
  };
}
