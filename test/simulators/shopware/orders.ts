/** What buyers and staff do with orders, with every event that the shop fires for it. */
import type { Random } from '../shared/seeded-random.ts';
import { fullOrder, rewriteOrder, writeOrder } from './checkout.ts';
import type { Database, Row } from './database.ts';
import { ApiError } from './errors.ts';
import { customerEvent, type Emit, orderPlaced, type ShopEvent, stateEvent, written } from './events.ts';
import { type Catalogue, decide, type OrderInput } from './order-input.ts';
import { customerId, productId, stateId } from './seed.ts';
import { actionTo, follow, machineOf, type StatefulEntity } from './transitions.ts';
import { liveVersion } from './wire.ts';

export interface PlacedOrder {
  readonly id: string;
  readonly orderNumber: string;
  /** What the customer pays, in the order's currency. */
  readonly total: number;
  readonly transactionId: string;
  readonly deliveryId: string;
}

export interface OrderDesk {
  placeOrder(input?: OrderInput): Promise<PlacedOrder>;
  placePaidOrder(input?: OrderInput): Promise<PlacedOrder>;
  /** To paid, by whichever action leads there. */
  pay(orderId: string): Promise<void>;
  /** One payment, told twice under different event ids (the return of the buyer and the provider's call race). */
  payTwice(orderId: string): Promise<void>;
  /** Moves the payment to a state by its technical name, e.g. `refunded`. */
  setPaymentState(orderId: string, to: string): Promise<void>;
  setOrderState(orderId: string, to: string): Promise<void>;
  setDeliveryState(orderId: string, to: string): Promise<void>;
  cancelOrder(orderId: string): Promise<void>;
  /** Another attempt to pay: the old transaction fails, a new one is opened. */
  retryPayment(orderId: string, paymentMethod?: string): Promise<string>;
  /** New contents, as saved in the admin: the draft and the live version both fire `order.written`. */
  editOrder(orderId: string, input: OrderInput): Promise<void>;
  /** The order as the Admin API shows it. */
  read(orderId: string): Record<string, unknown>;
  list(): PlacedOrder[];
  /** Runs a transition as the API does; throws the shop's 400 for an illegal one. Returns the state's row. */
  transition(entity: StatefulEntity, id: string, action: string): Promise<Row>;
}

const insertedFields = [
  'id',
  'versionId',
  'billingAddressId',
  'billingAddressVersionId',
  'currencyId',
  'languageId',
  'salesChannelId',
  'stateId',
  'orderNumber',
  'orderDateTime',
  'price',
  'shippingCosts',
  'currencyFactor',
  'deepLinkCode',
  'affiliateCode',
  'campaignCode',
  'customerComment',
  'source',
  'ruleIds',
  'itemRounding',
  'totalRounding',
  'createdAt',
];
const stateFields = ['versionId', 'billingAddressVersionId', 'stateId', 'updatedById', 'updatedAt', 'id'];
const editedFields = ['versionId', 'billingAddressVersionId', 'price', 'shippingCosts', 'updatedAt', 'id'];

export function createOrderDesk(
  db: Database,
  { emit, random, firstNumber = 10_000 }: { emit: Emit; random: Random; firstNumber?: number },
): OrderDesk {
  let nextNumber = firstNumber;
  const catalogue: Catalogue = {
    find: (number) => {
      const product = db.find('product', productId(number));
      if (!product) return undefined;
      const price = (product.price as readonly { gross: number }[])[0]?.gross ?? 0;
      return { name: String(product.name), price, taxRate: Number(db.get('tax', product.taxId).taxRate) };
    },
  };
  const ofOrder = (entity: string, orderId: string): Row[] => db.where(entity, 'orderId', orderId);
  const newest = (entity: string, orderId: string): Row => {
    const row = ofOrder(entity, orderId).at(-1);
    if (!row) throw new Error(`order ${orderId} has no ${entity}`);
    return row;
  };
  const summary = (order: Row): PlacedOrder => ({
    id: order.id,
    orderNumber: String(order.orderNumber),
    total: Number(order.amountTotal),
    transactionId: newest('order_transaction', order.id).id,
    deliveryId: newest('order_delivery', order.id).id,
  });
  const orderWritten = (orderId: string, updatedFields: readonly string[], operation: 'insert' | 'update' = 'update'): ShopEvent =>
    written('order', [{ entity: 'order', operation, primaryKey: orderId, updatedFields, versionId: liveVersion }]);

  const moveStock = (orderId: string, direction: 1 | -1): void => {
    for (const line of ofOrder('order_line_item', orderId)) {
      const product = db.find('product', line.productId);
      const stock = Number(product?.stock) + direction * Number(line.quantity);
      if (product) Object.assign(product, { stock, availableStock: stock });
    }
  };

  const transition: OrderDesk['transition'] = async (entity, id, action) => {
    const machine = machineOf(entity);
    const row = db.get(entity, id);
    const from = String(db.get('state_machine_state', row.stateId).technicalName);
    const outcome = follow(machine, from, { action, version: db.version });
    if (outcome.kind === 'illegal') {
      const detail = `Illegal transition "${action}" from state "${from}". Possible transitions are: ${outcome.possible.join(', ')}`;
      throw new ApiError(400, {
        code: 'SYSTEM__ILLEGAL_STATE_TRANSITION',
        title: 'Bad Request',
        detail,
        meta: { parameters: { transition: action, currentState: from, possibleTransitions: outcome.possible.join(', ') } },
      });
    }
    if (outcome.kind === 'already') return db.get('state_machine_state', row.stateId);
    db.update(entity, id, { stateId: stateId(machine, outcome.to) });
    const orderId = entity === 'order' ? id : String(row.orderId);
    if (entity === 'order' && outcome.to === 'cancelled' && from !== 'cancelled') moveStock(id, 1);
    if (entity === 'order' && from === 'cancelled' && outcome.to === 'open') moveStock(id, -1);
    const events = entity === 'order' ? [orderWritten(id, stateFields)] : [];
    await emit(
      ...events,
      stateEvent(db, `state_leave.${machine}.${from}`, orderId),
      stateEvent(db, `state_enter.${machine}.${outcome.to}`, orderId),
    );
    return db.get('state_machine_state', row.stateId);
  };

  const moveTo = async (entity: StatefulEntity, row: Row, to: string): Promise<void> => {
    const from = String(db.get('state_machine_state', row.stateId).technicalName);
    const action = actionTo(machineOf(entity), from, to) ?? (to === 'cancelled' && db.version === '6.6' ? 'cancel' : undefined);
    if (action === undefined) throw new Error(`no transition leads from ${from} to ${to}`);
    await transition(entity, row.id, action);
  };

  const placeOrder: OrderDesk['placeOrder'] = async (input = {}) => {
    const decided = decide(input, { random, catalogue });
    const { customer } = decided;
    const isNew = typeof customer !== 'string' && !db.find('customer', customerId(customer.number));
    const order = writeOrder(db, decided, String(nextNumber++));
    const id = customerId(typeof customer === 'string' ? customer : customer.number);
    const customerWritten = (operation: 'insert' | 'update', updatedFields: string[]): ShopEvent =>
      written('customer', [{ entity: 'customer', operation, primaryKey: id, updatedFields }]);
    const events: ShopEvent[] = [];
    if (isNew && typeof customer !== 'string') {
      events.push(
        customerWritten('insert', [
          'id',
          'groupId',
          'salesChannelId',
          'languageId',
          'defaultBillingAddressId',
          'defaultShippingAddressId',
          'customerNumber',
          'firstName',
          'lastName',
          'email',
          'guest',
          'accountType',
          'createdAt',
        ]),
      );
      events.push(customerEvent(db, customer.guest ? 'checkout.customer.guest_register' : 'checkout.customer.register', id));
    }
    if (decided.placedBy === 'storefront') {
      const transaction = newest('order_transaction', order.id);
      db.update('customer', id, { lastPaymentMethodId: transaction.paymentMethodId });
      events.push(
        customerWritten('update', ['remoteAddress', 'updatedAt', 'id']),
        customerWritten('update', ['lastPaymentMethodId', 'updatedAt', 'id']),
      );
    }
    events.push(orderWritten(order.id, insertedFields, 'insert'));
    if (decided.placedBy === 'storefront') events.push(orderPlaced(db, order.id));
    await emit(...events);
    return summary(order);
  };
  const setPaymentState: OrderDesk['setPaymentState'] = (orderId, to) =>
    moveTo('order_transaction', newest('order_transaction', orderId), to);
  const pay = (orderId: string): Promise<void> => setPaymentState(orderId, 'paid');

  return {
    placeOrder,
    pay,
    setPaymentState,
    transition,
    placePaidOrder: async (input) => {
      const placed = await placeOrder(input);
      await pay(placed.id);
      return placed;
    },
    payTwice: async (orderId) => {
      await pay(orderId);
      await emit(stateEvent(db, 'state_enter.order_transaction.state.paid', orderId));
    },
    setOrderState: (orderId, to) => moveTo('order', db.get('order', orderId), to),
    setDeliveryState: (orderId, to) => moveTo('order_delivery', newest('order_delivery', orderId), to),
    cancelOrder: (orderId) => moveTo('order', db.get('order', orderId), 'cancelled'),
    retryPayment: async (orderId, paymentMethod) => {
      const old = newest('order_transaction', orderId);
      await moveTo('order_transaction', old, 'failed');
      const method =
        paymentMethod === undefined ? old.paymentMethodId : db.all('payment_method').find((row) => row.name === paymentMethod)?.id;
      const { orderVersionId, amount } = old;
      const fresh = db.insert('order_transaction', {
        orderId,
        orderVersionId,
        amount,
        validationData: [],
        paymentMethodId: method,
        stateId: stateId('order_transaction.state', 'open'),
      });
      if (db.version === '6.7') Object.assign(db.get('order', orderId), { primaryOrderTransactionId: fresh.id });
      return fresh.id;
    },
    editOrder: async (orderId, input) => {
      rewriteOrder(db, orderId, decide(input, { random, catalogue }));
      const draft = random.hex(32);
      const entry = { entity: 'order', primaryKey: orderId, updatedFields: editedFields } as const;
      await emit(
        written('order', [{ ...entry, operation: 'insert', versionId: draft }]),
        written('order', [
          { ...entry, operation: 'update', versionId: draft },
          { ...entry, operation: 'update', versionId: liveVersion },
        ]),
      );
    },
    read: (orderId) => fullOrder(db, orderId),
    list: () => db.all('order').map(summary),
  };
}
