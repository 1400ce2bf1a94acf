/** Sales written by the API: `POST /sales` of 2026-07 and `POST /register_sales` of 0.9. Prices are per piece and without VAT, taxes per piece. */
import { changeSale, payment, recordSale, returnOf, showSale, totalOf } from './xseries-sales.ts';
import {
  asFields,
  asList,
  decimal,
  type Fields,
  numberIn,
  Refusal,
  type Sale,
  type SaleLine,
  type SalePayment,
  sayUnknown,
  stamp,
  uuid,
  type XSeriesState,
} from './xseries-state.ts';

const known = {
  dated: new Set(['source', 'state', 'customer_id', 'date', 'note', 'invoice_number', 'attributes', 'line_items', 'payments']),
  source: new Set(['author_id', 'register_id', 'id', 'type']),
  item: new Set(['product', 'quantity', 'pricing', 'tax', '_metadata', 'note']),
  old: new Set([
    ...['id', 'register_id', 'user_id', 'customer_id', 'source', 'source_id', 'sale_date', 'status', 'note', 'short_code'],
    ...['invoice_number', 'register_sale_products', 'register_sale_payments', 'register_sale_attributes'],
  ]),
  oldLine: new Set([
    ...['product_id', 'register_id', 'sequence', 'quantity', 'price', 'price_set', 'cost', 'discount', 'loyalty_value', 'tax'],
    ...['tax_id', 'tax_total', 'status', 'attributes'],
  ]),
  oldPayment: new Set(['register_id', 'retailer_payment_type_id', 'payment_date', 'amount']),
};

const statuses: Readonly<Record<string, string>> = { parked: 'SAVED', pending: 'AWAITING_DISPATCH', voided: 'VOIDED', closed: 'CLOSED' };
const states: Readonly<Record<string, string>> = { SAVED: 'parked', VOIDED: 'voided' };

function needed(value: unknown, name: string): number {
  const number = numberIn(value);
  if (number === undefined) throw new Refusal(422, `${name} is required`, { [name]: 'required' });
  return number;
}

interface WrittenLine {
  readonly productId: unknown;
  readonly taxId: unknown;
  readonly quantity: number;
  readonly price: number;
  readonly tax: number;
  readonly discount: number;
  readonly note?: unknown;
}

function lineOf(state: XSeriesState, line: WrittenLine): SaleLine {
  const product = state.tables.products.get(String(line.productId));
  if (product === undefined || product.deleted_at !== null) throw new Refusal(422, `Unknown product ${String(line.productId)}`);
  const tax = state.tables.taxes.get(String(line.taxId));
  if (tax === undefined) throw new Refusal(422, `Unknown tax ${String(line.taxId)}`);
  if (line.quantity === 0) throw new Refusal(422, 'quantity must not be 0');
  const fine = (amount: number): number => Math.round(amount * 100_000);
  return {
    ...{ id: uuid(state.random), productId: product.id, taxId: tax.id, quantity: line.quantity, cost: product.supplyPrice },
    ...{
      price: fine(line.price),
      priceTotal: fine(line.price * line.quantity),
      tax: fine(line.tax),
      taxTotal: fine(line.tax * line.quantity),
    },
    ...{ discount: fine(line.discount), discountTotal: fine(line.discount * line.quantity) },
    note: typeof line.note === 'string' ? line.note : null,
  };
}

function paymentOf(state: XSeriesState, typeId: unknown, amount: unknown, date: unknown): SalePayment {
  if (state.tables.paymentTypes.get(String(typeId)) === undefined) throw new Refusal(422, `Unknown payment type ${String(typeId)}`);
  const cents = Math.round(needed(amount, 'amount') * 100);
  return payment(state, String(typeId), cents, typeof date === 'string' ? date : stamp(state.now()));
}

function checkReferences(
  state: XSeriesState,
  fields: { registerId: unknown; userId: unknown; customerId: unknown; sourceId: unknown },
): void {
  if (state.tables.registers.get(String(fields.registerId)) === undefined)
    throw new Refusal(422, `Unknown register ${String(fields.registerId)}`, { register_id: 'unknown' });
  if (state.tables.users.get(String(fields.userId)) === undefined)
    throw new Refusal(422, `Unknown user ${String(fields.userId)}`, { user_id: 'unknown' });
  const customer = state.tables.customers.get(String(fields.customerId));
  const named = fields.customerId !== undefined && fields.customerId !== null && fields.customerId !== '';
  if (named && (customer === undefined || customer.deleted_at !== null))
    throw new Refusal(422, `Unknown customer ${String(fields.customerId)}`, { customer_id: 'unknown' });
  const twin = fields.sourceId === undefined ? [] : state.tables.sales.find('source', String(fields.sourceId));
  if (state.knobs.uniqueSourceId && twin.length > 0) throw new Refusal(409, `A sale with the source id ${String(fields.sourceId)} exists`);
}

function checkPaid(lines: readonly SaleLine[], payments: readonly SalePayment[], status: string): void {
  const paid = payments.reduce((sum, one) => sum + one.amount, 0);
  if (status === 'CLOSED' && paid !== totalOf(lines))
    throw new Refusal(422, `The payments of a closed sale must be its total: ${paid / 100} is not ${totalOf(lines) / 100}`);
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

export function postSale(state: XSeriesState, body: Fields): Sale {
  sayUnknown(state, 'sale', body, known.dated);
  const source = asFields(body.source);
  sayUnknown(state, 'source of a sale', source, known.source);
  const word = statuses[String(body.state)];
  if (word === undefined) throw new Refusal(422, `Unknown state ${String(body.state)}`, { state: 'unknown' });
  const registerId = source.register_id ?? state.tables.registers.all()[0]?.id;
  checkReferences(state, { registerId, userId: source.author_id, customerId: body.customer_id, sourceId: source.id });
  const lines = asList(body.line_items).map((item) => {
    sayUnknown(state, 'line item', item, known.item);
    const pricing = asFields(item.pricing);
    const tax = asFields(item.tax);
    return lineOf(state, {
      ...{ productId: asFields(item.product).id, taxId: tax.id, quantity: needed(item.quantity, 'quantity'), note: item.note },
      ...{ price: needed(pricing.price, 'price'), tax: needed(tax.amount, 'tax.amount'), discount: numberIn(pricing.discount) ?? 0 },
    });
  });
  const payments = asList(body.payments).map((one) => paymentOf(state, asFields(one.type).config_id, one.amount, one.date));
  const attributes = Array.isArray(body.attributes) ? body.attributes.map(String) : [];
  const status = word === 'CLOSED' && attributes.includes('onaccount') && payments.length === 0 ? 'ONACCOUNT' : word;
  checkPaid(lines, payments, status);
  return recordSale(state, {
    ...{ lines, payments, status, attributes, registerId: String(registerId), userId: String(source.author_id) },
    ...{
      customerId: text(body.customer_id),
      sourceId: text(source.id),
      source: text(source.type),
      invoiceNumber: text(body.invoice_number),
    },
    ...{ note: text(body.note), saleDate: text(body.date) },
  });
}

/** As 2026-07 answers a sale. */
export function showDatedSale(state: XSeriesState, sale: Sale): Fields {
  const old = showSale(state, sale);
  return {
    id: sale.id,
    state: states[sale.status] ?? (sale.status.startsWith('AWAITING') ? 'pending' : 'closed'),
    ...{ customer_id: sale.customerId ?? null, invoice_number: sale.invoiceNumber, note: sale.note, date: sale.saleDate },
    source: {
      id: sale.sourceId ?? null,
      type: sale.source,
      register_id: sale.registerId,
      author_id: sale.userId,
      outlet_id: sale.outletId,
    },
    totals: { price: old.total_price, price_incl_tax: sale.placed.total / 100, tax: old.total_tax, paid: paidOf(sale) },
    line_items: sale.lines.map((line, at) => ({
      ...{ id: line.id, product: { id: line.productId }, quantity: line.quantity },
      pricing: { price: decimal(line.price), discount: decimal(line.discount), cost: decimal(line.cost) },
      ...{ tax: { id: line.taxId, amount: decimal(line.tax) }, _metadata: { sequence: at } },
    })),
    payments: sale.payments.map(({ id, typeId, amount, date }) => ({ id, amount: amount / 100, type: { config_id: typeId }, date })),
    _metadata: { version: sale.version, created_at: sale.createdAt, updated_at: sale.updatedAt, deleted_at: sale.deleted_at },
  };
}

const paidOf = (sale: Sale): number => sale.payments.reduce((sum, one) => sum + one.amount, 0) / 100;

/** With the id of a sale that exists it changes that one. */
export function postRegisterSale(state: XSeriesState, body: Fields): Sale {
  sayUnknown(state, 'register sale', body, known.old);
  const old = state.tables.sales.get(String(body.id));
  const rows = asList(body.register_sale_products);
  const lines = rows.map((row) => {
    sayUnknown(state, 'product of a register sale', row, known.oldLine);
    return lineOf(state, {
      ...{ productId: row.product_id, taxId: row.tax_id, quantity: needed(row.quantity, 'quantity') },
      ...{ price: needed(row.price, 'price'), tax: needed(row.tax, 'tax'), discount: numberIn(row.discount) ?? 0 },
    });
  });
  const payments = asList(body.register_sale_payments).map((row) => {
    sayUnknown(state, 'payment of a register sale', row, known.oldPayment);
    return paymentOf(state, row.retailer_payment_type_id, row.amount, row.payment_date);
  });
  const status = text(body.status) ?? 'SAVED';
  if (old !== undefined) {
    checkPaid(old.lines, payments, status);
    changeSale(state, old, { status, payments });
    return old;
  }
  checkReferences(state, { registerId: body.register_id, userId: body.user_id, customerId: body.customer_id, sourceId: body.source_id });
  checkPaid(lines, payments, status);
  return recordSale(state, {
    ...{ lines, payments, status, registerId: String(body.register_id), userId: String(body.user_id), customerId: text(body.customer_id) },
    ...{ source: text(body.source), sourceId: text(body.source_id), invoiceNumber: text(body.invoice_number), note: text(body.note) },
    saleDate: text(body.sale_date),
  });
}

/** As 0.9 answers a sale. */
export function showRegisterSale(state: XSeriesState, sale: Sale): Fields {
  const { line_items, payments, ...rest } = showSale(state, sale);
  return { ...rest, register_sale_products: line_items, register_sale_payments: payments };
}

/** Opens a return: a parked sale of the same goods the other way round. */
export function openReturn(state: XSeriesState, sale: Sale): Sale {
  if (!sale.status.includes('CLOSED')) throw new Refusal(422, 'Only a completed sale can be returned');
  return returnOf(state, sale, 'SAVED');
}
