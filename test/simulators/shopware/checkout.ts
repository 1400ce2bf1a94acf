/** Writes a decided order into the shop: every row that a checkout writes, with the stock taken. */
import { type Database, print, type Row } from './database.ts';
import type { DecidedOrder } from './order-input.ts';
import { rounding } from './pricing.ts';
import { customerId, insertCustomer, productId, salesChannelId, stateId } from './seed.ts';
import { euro, idOf, liveVersion, shopDate, systemLanguage } from './wire.ts';

interface Address {
  readonly [field: string]: unknown;
}

const copied = [
  'countryId',
  'countryStateId',
  'salutationId',
  'firstName',
  'lastName',
  'street',
  'zipcode',
  'city',
  'company',
  'department',
  'title',
  'phoneNumber',
  'additionalAddressLine1',
  'additionalAddressLine2',
];

function addressOf(db: Database, id: unknown): Address {
  const row = db.get('customer_address', id);
  return Object.fromEntries(copied.map((field) => [field, row[field] ?? null]));
}

function buyer(db: Database, customer: DecidedOrder['customer']): Row {
  if (typeof customer === 'string') return db.get('customer', customerId(customer));
  return db.find('customer', customerId(customer.number)) ?? insertCustomer(db, customer);
}

function productPayload(db: Database, productNumber: string): Record<string, unknown> {
  const product = db.find('product', productId(productNumber));
  return {
    isCloseout: false,
    customFields: [],
    createdAt: '2025-03-01 09:00:00.000',
    releaseDate: null,
    isNew: false,
    markAsTopseller: false,
    purchasePrices: null,
    productNumber,
    manufacturerId: null,
    taxId: product?.taxId ?? null,
    tagIds: null,
    categoryIds: product?.categoryIds ?? null,
    propertyIds: null,
    optionIds: null,
    options: [],
    streamIds: null,
    parentId: null,
    stock: product?.stock ?? 0,
    features: [],
  };
}

function writeLines(db: Database, decided: DecidedOrder, order: { id: string; at: Record<string, unknown> }): void {
  const versions = { orderVersionId: liveVersion, productVersionId: liveVersion, parentVersionId: liveVersion };
  const common = { ...order.at, orderId: order.id, ...versions, customFields: null };
  for (const [at, line] of decided.lines.entries()) {
    const price = decided.priced.lines[at];
    if (!price) throw new Error('every line has a price');
    const product = db.find('product', productId(line.productNumber));
    const id = product?.id ?? null;
    db.insert('order_line_item', {
      ...common,
      identifier: id ?? db.random.hex(32),
      referencedId: id,
      productId: id,
      quantity: line.quantity,
      unitPrice: price.unitPrice,
      totalPrice: price.totalPrice,
      label: line.label,
      good: true,
      removable: true,
      stackable: true,
      position: at + 1,
      price,
      payload: productPayload(db, line.productNumber),
      type: id === null ? 'custom' : 'product',
      states: ['is-physical'],
      priceDefinition: {
        extensions: [],
        price: price.unitPrice,
        taxRules: price.taxRules,
        quantity: line.quantity,
        isCalculated: true,
        referencePriceDefinition: null,
        listPrice: null,
        regulationPrice: null,
        type: 'quantity',
        apiAlias: 'cart_price_quantity',
      },
    });
    // Stock is taken by plain SQL: no updatedAt, no product.written.
    if (product)
      Object.assign(product, { stock: Number(product.stock) - line.quantity, availableStock: Number(product.stock) - line.quantity });
  }
  for (const [at, promotion] of decided.promotions.entries()) {
    const price = decided.priced.promotions[at];
    if (!price) throw new Error('every promotion has a price');
    const label = promotion.label ?? 'Promotion';
    const percent = 'percent' in promotion ? promotion.percent : undefined;
    const promotionId = idOf('promotion', label);
    if (!db.find('promotion', promotionId))
      db.insert('promotion', {
        id: promotionId,
        name: label,
        active: true,
        useCodes: promotion.code !== undefined,
        code: promotion.code ?? null,
      });
    const value = percent ?? -price.totalPrice;
    db.insert('order_line_item', {
      ...common,
      identifier: db.random.hex(32),
      referencedId: promotion.code ?? '',
      promotionId,
      quantity: 1,
      unitPrice: price.unitPrice,
      totalPrice: price.totalPrice,
      label,
      good: false,
      removable: true,
      stackable: false,
      position: decided.lines.length + at + 1,
      price,
      type: 'promotion',
      states: [],
      payload: {
        promotionId,
        discountId: idOf('discount', label),
        code: promotion.code ?? '',
        value: String(value),
        discountType: percent === undefined ? 'absolute' : 'percentage',
        discountScope: 'cart',
        promotionCodeType: promotion.code === undefined ? 'global' : 'fixed',
        maxValue: '',
        groupId: '',
        filter: { sorterKey: null, applierKey: null, usageKey: null, pickerKey: null },
        exclusions: [],
        composition: [],
      },
      priceDefinition:
        percent === undefined
          ? { extensions: [], price: price.unitPrice, filter: null, type: 'absolute', apiAlias: 'cart_price_absolute' }
          : { extensions: [], percentage: -percent, filter: null, type: 'percentage', apiAlias: 'cart_price_percentage' },
    });
  }
}

/** Returns the order's row. The order is open, its payment is open, and `updatedAt` is null on every row. */
export function writeOrder(db: Database, decided: DecidedOrder, orderNumber: string): Row {
  const customer = buyer(db, decided.customer);
  const now = db.now();
  const at = { createdAt: shopDate(now) };
  const orderId = db.random.hex(32);
  const { cart, shipping } = decided.priced;
  const ours = { ...at, orderId, orderVersionId: liveVersion };
  const billing = db.insert('order_address', { ...ours, ...addressOf(db, customer.defaultBillingAddressId) });
  const elsewhere = customer.defaultShippingAddressId !== customer.defaultBillingAddressId;
  const goods = elsewhere ? db.insert('order_address', { ...ours, ...addressOf(db, customer.defaultShippingAddressId) }) : billing;
  const { salutationId, firstName, lastName, title, company, email, customerNumber, vatIds } = customer;
  db.insert('order_customer', {
    ...ours,
    salutationId,
    firstName,
    lastName,
    title,
    company,
    email,
    customerNumber,
    vatIds,
    customerId: customer.id,
    remoteAddress: '::',
  });
  const day = (days: number): string => `${new Date(now.getTime() + days * 86_400_000).toISOString().slice(0, 10)}T00:00:00.000+00:00`;
  const delivery = db.insert('order_delivery', {
    ...ours,
    shippingOrderAddressId: goods.id,
    shippingOrderAddressVersionId: liveVersion,
    shippingMethodId: idOf('shipping_method', decided.shippingMethod),
    trackingCodes: [],
    shippingDateEarliest: day(1),
    shippingDateLatest: day(3),
    shippingCosts: shipping,
    stateId: stateId('order_delivery.state', 'open'),
  });
  const transaction = db.insert('order_transaction', {
    ...ours,
    paymentMethodId: idOf('payment_method', decided.paymentMethod),
    stateId: stateId('order_transaction.state', 'open'),
    validationData: [],
    amount: {
      extensions: [],
      unitPrice: cart.totalPrice,
      quantity: 1,
      totalPrice: cart.totalPrice,
      calculatedTaxes: cart.calculatedTaxes,
      taxRules: cart.taxRules,
      referencePrice: null,
      listPrice: null,
      regulationPrice: null,
      apiAlias: 'calculated_price',
    },
  });
  writeLines(db, decided, { id: orderId, at });
  for (const line of db.where('order_line_item', 'orderId', orderId).filter((one) => one.good === true)) {
    db.insert('order_delivery_position', {
      ...at,
      orderDeliveryId: delivery.id,
      orderDeliveryVersionId: liveVersion,
      orderLineItemId: line.id,
      orderLineItemVersionId: liveVersion,
      price: line.price,
      unitPrice: line.unitPrice,
      totalPrice: line.totalPrice,
      quantity: line.quantity,
    });
  }
  return db.insert('order', {
    ...at,
    id: orderId,
    orderNumber,
    currencyId: euro,
    currencyFactor: 1,
    salesChannelId,
    languageId: systemLanguage,
    billingAddressId: billing.id,
    billingAddressVersionId: liveVersion,
    orderDateTime: at.createdAt,
    orderDate: day(0),
    ...totals(decided),
    stateId: stateId('order.state', 'open'),
    deepLinkCode: db.random.hex(32),
    customerComment: decided.comment ?? null,
    ruleIds: [],
    itemRounding: rounding,
    totalRounding: rounding,
    '~tagIds': [],
    taxCalculationType: decided.cart.taxCalculation,
    primaryOrderDeliveryId: delivery.id,
    primaryOrderDeliveryVersionId: liveVersion,
    primaryOrderTransactionId: transaction.id,
    primaryOrderTransactionVersionId: liveVersion,
  });
}

/** The price fields of the order itself; the plain ones are columns generated from `price` and `shippingCosts`. */
export function totals({ priced: { cart, shipping } }: DecidedOrder): Record<string, unknown> {
  return {
    price: cart,
    amountTotal: cart.totalPrice,
    amountNet: cart.netPrice,
    positionPrice: cart.positionPrice,
    taxStatus: cart.taxStatus,
    shippingCosts: shipping,
    shippingTotal: shipping.totalPrice,
  };
}

/** Replaces lines and prices of an order that is edited in the admin; the customer and the addresses stay. */
export function rewriteOrder(db: Database, orderId: string, decided: DecidedOrder): void {
  for (const line of db.where('order_line_item', 'orderId', orderId)) {
    const product = db.find('product', line.productId);
    const back = Number(line.quantity);
    if (product) Object.assign(product, { stock: Number(product.stock) + back, availableStock: Number(product.stock) + back });
    db.remove('order_line_item', line.id);
  }
  writeLines(db, decided, { id: orderId, at: { createdAt: shopDate(db.now()) } });
  for (const delivery of db.where('order_delivery', 'orderId', orderId))
    db.update('order_delivery', delivery.id, { shippingCosts: decided.priced.shipping });
  db.update('order', orderId, totals(decided));
}

/** The order as `POST /api/search/order` shows it with the usual associations: for tests that compare. */
export function fullOrder(db: Database, orderId: string): Record<string, unknown> {
  const tree = {
    lineItems: {},
    deliveries: { shippingMethod: {} },
    transactions: { stateMachineState: {}, paymentMethod: {} },
    orderCustomer: {},
    stateMachineState: {},
  };
  return print(db, 'order', { row: db.get('order', orderId), tree, encoding: 'admin' });
}
