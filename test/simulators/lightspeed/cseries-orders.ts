/** Orders: placed by customers, read by the API, changed in a few fields. */
import { type SeedPerson, seedPeople } from './articles.ts';
import { createCustomer, languageOf, personFields, showAddress } from './cseries-customers.ts';
import { type Good, lineMoney, moneyOf, orderMoney } from './cseries-order-money.ts';
import { moveStock } from './cseries-products.ts';
import { type CSeriesState, type Line, type Order, textOf, type Variant } from './cseries-state.ts';
import type { OrderWish } from './cseries-surface.ts';
import { type Fields, Refusal, reference, stamp } from './cseries-wire.ts';

const statuses = new Set([
  ...['new', 'offer', 'on_hold', 'processing', 'processing_awaiting_payment', 'processing_awaiting_shipment'],
  ...['processing_awaiting_pickup', 'processing_ready_for_pickup', 'processing_partially_paid', 'processing_partially_shipped'],
  ...['processing_partially_picked_up', 'completed', 'completed_shipped', 'completed_picked_up', 'cancelled'],
]);
const paymentStatuses = new Set(['not_paid', 'partially_paid', 'paid', 'cancelled']);
const shipmentStatuses = new Set(['not_shipped', 'partially_shipped', 'shipped', 'cancelled']);

export const paymentMethods = [
  { id: 'ideal', title: 'iDEAL' },
  { id: 'creditcard', title: 'Creditcard' },
  { id: 'banktransfer', title: 'Overboeking' },
  { id: 'pickup', title: 'Betalen bij afhalen' },
] as const;

export const shippingMethods = [
  { id: 'core|747283|3298308', title: 'PostNL pakket' },
  { id: 'pickup', title: 'Afhalen in de winkel' },
] as const;

export function variantByCode(state: CSeriesState, code: string): Variant {
  const variant = state.tables.variants.find('articleCode', code.toLowerCase())[0];
  if (variant === undefined) throw new Error(`the simulated shop has no variant with the article code ${code}`);
  return variant;
}

function customerFor(state: CSeriesState, person: SeedPerson): number {
  const known = state.tables.customers.find('email', person.email.toLowerCase())[0];
  if (known !== undefined) return known.id;
  const silent = { doNotifyRegistered: false, doNotifyConfirmed: false, doNotifyPassword: false };
  return createCustomer(state, { ...personFields(person), ...silent }).id;
}

function lineOf(state: CSeriesState, line: Good & { total: number }, at: number, language: string): Line {
  const variant = variantByCode(state, line.code);
  const product = state.tables.products.get(variant.productId);
  return {
    id: 640_000_000 + state.tables.orders.size() * 100 + at,
    supplierTitle: false,
    brandTitle: state.tables.brands.get(product?.brandId ?? 0)?.title ?? false,
    productTitle: product === undefined ? '' : textOf(state, product.texts, language, 'title'),
    variantTitle: textOf(state, variant.texts, language, 'title'),
    quantityOrdered: line.quantity,
    ...{ quantityInvoiced: line.quantity, quantityShipped: 0, quantityRefunded: 0, quantityReturned: 0 },
    ...{ articleCode: variant.more.articleCode, ean: variant.more.ean, sku: variant.more.sku },
    ...{ weight: 0, volume: 0, colli: 0, sizeX: 0, sizeY: 0, sizeZ: 0, priceCost: 0, customExcl: 0, customIncl: 0 },
    ...lineMoney(line, state.knobs),
    customFields: false,
    product: variant.productId,
    variant: variant.id,
  };
}

export function placeOrder(state: CSeriesState, wish: OrderWish = {}): Order {
  const first = state.tables.variants.all()[0];
  const wished = wish.lines ?? [{ code: String(first?.more.articleCode ?? '') }];
  const goods = wished.map(({ code, quantity = 1, unit }): Good => {
    const variant = variantByCode(state, code);
    const rate = state.tables.taxes.get(variant.taxId)?.rate ?? 0;
    return { code, quantity, unit: unit ?? Math.round(variant.priceIncl / 100), rate };
  });
  const money = moneyOf(goods, wish);
  const person = wish.person ?? state.random.pick(seedPeople);
  const paid = wish.paid ?? true;
  const time = state.now();
  const language = wish.language ?? state.languages[0] ?? 'nl';
  const customerId = wish.guest ? undefined : customerFor(state, person);
  const payment = paymentMethods.find((one) => one.id === wish.paymentId) ?? paymentMethods[paid ? 0 : 2];
  const shipment = shippingMethods[wish.pickup ? 1 : 0];
  const waiting = wish.pickup ? 'processing_awaiting_pickup' : 'processing_awaiting_shipment';
  const fixed: Fields = {
    ...{ channel: 'main', remoteIp: '192.0.2.7', userAgent: 'Mozilla/5.0', referralId: false, weight: 0, volume: 0, colli: 0 },
    ...{ gender: false, birthDate: '', nationalId: '', middlename: '', mobile: '', newsletterSubscribed: false, companyCoCNumber: '' },
    ...personFields(person),
    ...showAddress('addressBilling', personFields(person)),
    ...showAddress('addressShipping', personFields(person)),
    ...{ addressBillingRegionData: false, addressShippingRegionData: false, addressShippingCompany: person.company ?? false },
    ...orderMoney(money, wish),
    ...{ paymentId: wish.paymentId ?? payment.id, paymentTitle: payment.title, paymentIsPost: false, paymentIsInvoiceExternal: false },
    ...{ paymentData: false, shipmentId: shipment.id, shipmentTitle: shipment.title, shipmentIsCashOnDelivery: false },
    ...{ shipmentIsPickup: wish.pickup ?? false, shipmentData: false, shippingDate: false, deliveryDate: false },
    ...{ isNewCustomer: false, comment: wish.comment ?? '', allowNotifications: false },
    ...{ doNotifyNew: false, doNotifyReminder: false, doNotifyCancelled: false, giftCardsPayment: [], quote: false },
  };
  const order = state.tables.orders.add((id) => {
    const number = `ORD${String(state.tables.orders.size() + 1).padStart(5, '0')}`;
    return {
      ...{ id, createdAt: time, updatedAt: time, fixed, language, memo: '', customStatusId: false, tracking: '' },
      refunded: new Map(),
      placed: { id, number, email: person.email, customerId, ...money },
      lines: money.lines.map((line, at) => lineOf(state, line, at, language)),
      status: paid ? waiting : 'processing_awaiting_payment',
      paymentStatus: paid ? 'paid' : 'not_paid',
      shipmentStatus: 'not_shipped',
      misses: state.knobs.orderMissesFirst,
    };
  });
  invoice(state, order, money.total, false);
  takeGoods(state, order, -1, 'order');
  state.tell('orders', 'created', order.id);
  if (paid) state.tell('orders', 'paid', order.id);
  return order;
}

function invoice(state: CSeriesState, order: Order, total: number, credit: boolean): void {
  const time = state.now();
  const number = `${credit ? 'CRED' : 'INV'}${String(state.tables.invoices.size() + 1).padStart(5, '0')}`;
  state.tables.invoices.add((id) => ({ id, createdAt: time, updatedAt: time, orderId: order.id, number, total, credit }));
}

/** Gives money back for pieces of lines, by article code; for everything, shipping and payment too, unless told. Goods go back. */
export function creditOrder(state: CSeriesState, order: Order, pieces?: Readonly<Record<string, number>>): number {
  const { placed, lines } = order;
  let total = pieces === undefined ? placed.shipping + placed.paymentCost : 0;
  placed.lines.forEach((line, at) => {
    const quantity = pieces === undefined ? line.quantity : (pieces[line.code] ?? 0);
    const id = lines[at]?.id ?? 0;
    if (quantity === 0) return;
    order.refunded.set(id, (order.refunded.get(id) ?? 0) + quantity);
    total += Math.round((line.total * quantity) / line.quantity);
    const variant = state.tables.variants.find('articleCode', line.code.toLowerCase())[0];
    if (variant !== undefined && variant.more.stockTracking !== 'disabled') moveStock(state, variant, 'credit', quantity);
  });
  invoice(state, order, -total, true);
  order.updatedAt = state.now();
  state.tell('orders', 'updated', order.id);
  return total;
}

function takeGoods(state: CSeriesState, order: Order, sign: number, type: string): void {
  for (const { code, quantity } of order.placed.lines) {
    const variant = state.tables.variants.find('articleCode', code.toLowerCase())[0];
    if (variant !== undefined && variant.more.stockTracking !== 'disabled') moveStock(state, variant, type, sign * quantity);
  }
}

/** Several rates, quantities and prices that do not divide evenly. */
export function randomWish(state: CSeriesState, random: CSeriesState['random']): OrderWish {
  const codes = state.tables.variants
    .all()
    .slice(0, 200)
    .map((variant) => String(variant.more.articleCode))
    .filter((code) => code !== '');
  const lines = Array.from({ length: random.int(1, 6) }, () => ({
    code: random.pick(codes),
    quantity: random.int(1, random.chance(0.1) ? 40 : 4),
    ...(random.chance(0.6) && { unit: random.chance(0.03) ? 0 : random.int(1, 30_000) }),
  }));
  const some = (probability: number, most: number): number => (random.chance(probability) ? random.int(1, most) : 0);
  return {
    lines,
    discount: some(0.4, 5_000),
    shipping: some(0.7, 1_995),
    paymentCost: some(0.15, 300),
    vatShifted: random.chance(0.08),
    pickup: random.chance(0.1),
    person: random.pick(seedPeople),
  };
}

/** Status words that the shop does not know change nothing, and nobody is told. */
export function changeOrder(state: CSeriesState, order: Order, fields: Fields): void {
  const before = { status: order.status, payment: order.paymentStatus, shipment: order.shipmentStatus };
  let touched = false;
  for (const [name, value] of Object.entries(fields)) {
    const word = String(value);
    if (name === 'memo') order.memo = word;
    else if (name === 'customStatusId') order.customStatusId = value;
    else if (name === 'status' && statuses.has(word)) order.status = word;
    else if (name === 'paymentStatus' && paymentStatuses.has(word)) order.paymentStatus = word;
    else if (name === 'shipmentStatus' && shipmentStatuses.has(word)) order.shipmentStatus = word;
    else {
      if (!['status', 'paymentStatus', 'shipmentStatus'].includes(name))
        state.unexpected.push(`a field of an order that cannot be written: ${name}`);
      continue;
    }
    touched = true;
  }
  if (!touched) return;
  order.updatedAt = state.now();
  state.tables.orders.changed(order);
  if (order.status === 'cancelled' && before.status !== 'cancelled') takeGoods(state, order, 1, 'cancel');
  if (order.paymentStatus === 'paid' && before.payment !== 'paid') state.tell('orders', 'paid', order.id);
  if (order.shipmentStatus === 'shipped' && before.shipment !== 'shipped') state.tell('orders', 'shipped', order.id);
  state.tell('orders', 'updated', order.id);
}

/** The lines, or none while they are not there yet. */
export function showLines(state: CSeriesState, order: Order, language: string): readonly Line[] {
  if (state.now() - order.createdAt < state.knobs.linesAfterMs) return [];
  const to = state.linker(language);
  return order.lines.map((line) => {
    const variant = state.tables.variants.get(Number(line.variant));
    const shipped = order.shipmentStatus === 'shipped' ? line.quantityOrdered : 0;
    return {
      ...line,
      quantityShipped: shipped,
      quantityRefunded: order.refunded.get(line.id) ?? 0,
      quantityReturned: order.refunded.get(line.id) ?? 0,
      product: reference(to, `products/${String(line.product)}`, Number(line.product)),
      variant: variant === undefined ? false : reference(to, `variants/${variant.id}`, variant.id),
    };
  });
}

export function showOrder(
  state: CSeriesState,
  order: Order,
  language: string,
  embedded?: { customer: unknown; products: unknown },
): Fields {
  const to = state.linker(language);
  const { customerId, number } = order.placed;
  const own = (resource: string) => reference(to, `${resource}?order=${order.id}`, false);
  return {
    ...{ id: order.id, createdAt: stamp(order.createdAt), updatedAt: stamp(order.updatedAt), number, status: order.status },
    customStatusId: order.customStatusId,
    ...order.fixed,
    ...{ paymentStatus: order.paymentStatus, shipmentStatus: order.shipmentStatus, memo: order.memo },
    language: languageOf(order.language),
    customer: customerId === undefined ? false : reference(to, `customers/${customerId}`, customerId, embedded?.customer),
    invoices: own('invoices'),
    shipments: own('shipments'),
    products: reference(to, `orders/${order.id}/products`, false, embedded?.products),
    metafields: reference(to, `orders/${order.id}/metafields`, false),
    events: own('orders/events'),
  };
}

/** By id; the first reads of a new order may miss it. */
export function readOrder(state: CSeriesState, id: number): Order {
  const order = state.tables.orders.get(id);
  if (order === undefined) throw new Refusal(404, 'Order not found');
  if (order.misses > 0) {
    order.misses -= 1;
    throw new Refusal(404, 'Order not found');
  }
  return order;
}
