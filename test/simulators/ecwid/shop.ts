/** The store's state and everything that can happen in it. Each change tells the webhooks. */
import type { Random } from '../shared/seeded-random.ts';
import { catalogue, company, newcomer, type Person, people } from './catalogue.ts';
import { dated, type ShopEvent } from './events.ts';
import { type MoneySpec, orderMoney } from './order-money.ts';
import { type SimCustomer, writeCustomer } from './people.ts';
import { randomMoney } from './random-order.ts';
import { createShelves } from './shelves.ts';

export type SimOrder = Omit<ReturnType<typeof orderMoney>, 'shippingRate' | 'shippingRateWithoutTax'> & OrderFacts;

interface OrderFacts {
  id: string;
  internalId: number;
  email: string;
  paymentMethod: string;
  paymentModule: string;
  paymentStatus: string;
  fulfillmentStatus: string;
  refundedAmount: number;
  refunds: { date: string; source: string; reason: string; amount: number }[];
  customerId?: number;
  customerTaxExempt: boolean;
  customerTaxId: string;
  customerTaxIdValid: boolean;
  reversedTaxApplied: boolean;
  b2b_b2c: string;
  createDate: string;
  createTimestamp: number;
  updateDate: string;
  updateTimestamp: number;
  billingPerson?: Person;
  shippingPerson?: Person;
  shippingOption?: Readonly<Record<string, unknown>>;
  orderComments: string;
  privateAdminNotes: string;
  acceptMarketing: boolean;
  lang: string;
  externalTransactionId: string;
  hidden: boolean;
}

export interface OrderWish {
  readonly money?: Partial<MoneySpec>;
  readonly paymentStatus?: string;
  readonly paymentMethod?: string;
  readonly guest?: boolean;
  /** Somebody who never bought anything before. */
  readonly newcomer?: boolean;
  /** The buyer's address, instead of the one that he usually has. */
  readonly email?: string;
  readonly business?: boolean;
  readonly pickup?: boolean;
  readonly note?: string;
  /** Ticks the box for news. */
  readonly acceptMarketing?: boolean;
}

export interface ShopOptions {
  readonly storeId: number;
  readonly pricesIncludeTax: boolean;
  readonly orderPrefix: string;
  readonly random: Random;
  now(): Date;
  tell(event: ShopEvent): void;
}

export type Shop = ReturnType<typeof createShop>;

export function createShop(options: ShopOptions) {
  const orders = new Map<string, SimOrder>();
  const customers = new Map<number, SimCustomer>();
  /** Orders that were never finished, by the id of their cart. */
  const carts = new Map<string, { order: SimOrder; recoveredOrderId?: number }>();
  /** Every mail that the store sent by itself. */
  const mails: { to: string; about: string }[] = [];
  const shelves = createShelves(options);
  let counter = 0;
  const productIdOf = (sku: string): number => 660_000 + catalogue.findIndex((item) => item.sku === sku);
  const now = () => options.now();
  const stamp = () => ({ updateDate: dated(now()), updateTimestamp: Math.floor(now().getTime() / 1000) });

  const told = (eventType: 'customer.created' | 'customer.updated', { id, email }: SimCustomer): void =>
    options.tell({ eventType, entityId: id, data: { customerEmail: email } });

  function customerOf(email: string, acceptMarketing?: boolean, person?: Person): number {
    for (const known of customers.values()) {
      if (known.email.toLowerCase() !== email.toLowerCase()) continue;
      if (acceptMarketing === true) Object.assign(known, { acceptMarketing, updated: dated(now()) });
      return known.id;
    }
    const fields = {
      email,
      ...(person && { billingPerson: person, b2b_b2c: person.companyName === undefined ? 'b2c' : 'b2b' }),
      ...(acceptMarketing !== undefined && { acceptMarketing }),
    };
    return writeCustomer({ customers, now, told }, undefined, fields).id;
  }

  function place(wish: OrderWish = {}): SimOrder {
    counter += 1;
    const known = wish.business ? company : wish.newcomer ? newcomer(counter) : options.random.pick(people);
    const buyer = { ...known, email: wish.email ?? known.email };
    const id = `${options.orderPrefix}${(counter + 46_655).toString(36).toUpperCase()}${options.random.hex(2).toUpperCase()}`;
    const basket = [catalogue[0], catalogue[5]].flatMap((item) =>
      item ? [{ ...item, quantity: 1, unit: item.price, rates: [item.rate] }] : [],
    );
    const { shippingRate, shippingRateWithoutTax, ...money } = orderMoney({
      pricesIncludeTax: options.pricesIncludeTax,
      items: basket,
      shipping: wish.pickup ? 0 : 495,
      exempt: wish.business === true,
      ...wish.money,
    });
    const exempt = wish.money?.exempt ?? wish.business ?? false;
    const created = now();
    const order: SimOrder = {
      ...money,
      items: money.items.map((item) => ({
        ...item,
        productId: productIdOf(item.sku),
        imageUrl: `https://images-cdn.ecwid.com/images/${options.storeId}/${item.sku}.jpg`,
      })),
      id,
      internalId: 103_878_160 + counter,
      email: buyer.email,
      paymentMethod: wish.paymentMethod ?? 'iDEAL',
      paymentModule: wish.paymentMethod === 'Bank transfer' ? 'offline' : 'CUSTOM_PAYMENT_APP-mollie-pg',
      paymentStatus: wish.paymentStatus ?? 'PAID',
      fulfillmentStatus: 'AWAITING_PROCESSING',
      refundedAmount: 0,
      refunds: [],
      ...(!wish.guest && { customerId: customerOf(buyer.email, wish.acceptMarketing ?? false, buyer.person) }),
      customerTaxExempt: exempt && wish.business !== true,
      customerTaxId: wish.business ? company.taxId : '',
      customerTaxIdValid: wish.business === true,
      reversedTaxApplied: exempt && wish.business === true,
      b2b_b2c: wish.business ? 'b2b' : 'b2c',
      createDate: dated(created),
      createTimestamp: Math.floor(created.getTime() / 1000),
      ...stamp(),
      billingPerson: buyer.person,
      ...(!wish.pickup && { shippingPerson: buyer.person }),
      shippingOption: wish.pickup
        ? {
            shippingMethodId: '6589-2',
            shippingMethodName: 'Pick up in the shop',
            shippingRate: 0,
            isPickup: true,
            fulfillmentType: 'PICKUP',
            pickupInstruction: 'Behind the counter',
          }
        : {
            shippingMethodId: '6589-1',
            shippingMethodName: 'PostNL',
            shippingCarrierName: '',
            shippingRate,
            shippingRateWithoutTax,
            isPickup: false,
            fulfillmentType: 'SHIPPING',
          },
      orderComments: wish.note ?? '',
      privateAdminNotes: '',
      acceptMarketing: wish.acceptMarketing ?? false,
      lang: 'nl',
      externalTransactionId: `tr_${options.random.hex(10)}`,
      hidden: false,
    };
    orders.set(id, order);
    if (order.paymentStatus === 'INCOMPLETE') {
      const cartId = options.random.hex(32).toUpperCase();
      carts.set(cartId, { order });
      tellOrder('unfinished_order.created', order, { cartId });
      return order;
    }
    tellOrder('order.created', order, { newPaymentStatus: order.paymentStatus, newFulfillmentStatus: order.fulfillmentStatus });
    moveStock(order, -1);
    return order;
  }

  function moveStock({ items }: Pick<SimOrder, 'items'>, direction: 1 | -1): void {
    for (const { sku, quantity } of items) {
      const productId = productIdOf(sku);
      if (shelves.products.has(productId)) shelves.adjust(productId, direction * quantity);
    }
  }

  function tellOrder(eventType: string, order: SimOrder, data: Readonly<Record<string, string>>): void {
    options.tell({ eventType, entityId: order.internalId, data: { orderId: order.id, ...data } });
  }

  function change(id: string, fields: Partial<SimOrder>): SimOrder {
    const before = orders.get(id);
    if (before === undefined) throw new Error(`the simulated store has no order ${id}`);
    const after = { ...before, ...fields, ...stamp() };
    orders.set(id, after);
    tellOrder('order.updated', after, {
      oldPaymentStatus: before.paymentStatus,
      newPaymentStatus: after.paymentStatus,
      oldFulfillmentStatus: before.fulfillmentStatus,
      newFulfillmentStatus: after.fulfillmentStatus,
    });
    return after;
  }

  /** What was bought is back in stock (support.ecwid.com, "Canceling orders"). */
  function cancel(id: string): SimOrder {
    const before = orders.get(id);
    const after = change(id, { paymentStatus: 'CANCELLED', fulfillmentStatus: 'WILL_NOT_DELIVER' });
    if (before?.paymentStatus !== 'CANCELLED') moveStock(after, 1);
    return after;
  }

  function tellAgain(id: string): void {
    const order = orders.get(id);
    if (order === undefined) throw new Error(`the simulated store has no order ${id}`);
    tellOrder('order.updated', order, {
      oldPaymentStatus: order.paymentStatus,
      newPaymentStatus: order.paymentStatus,
      oldFulfillmentStatus: order.fulfillmentStatus,
      newFulfillmentStatus: order.fulfillmentStatus,
    });
  }

  function refund(id: string, amount?: number): SimOrder {
    const order = orders.get(id);
    if (order === undefined) throw new Error(`the simulated store has no order ${id}`);
    const part = amount ?? order.total - order.refundedAmount;
    const refundedAmount = Math.round((order.refundedAmount + part) * 100) / 100;
    return change(id, {
      refundedAmount,
      refunds: [...order.refunds, { date: dated(now()), source: 'CP', reason: 'Returned', amount: part }],
      paymentStatus: refundedAmount >= order.total ? 'REFUNDED' : 'PARTIALLY_REFUNDED',
    });
  }

  /** He came back and paid: the cart says which order it became. */
  function recover(cartId: string): SimOrder {
    const cart = carts.get(cartId);
    if (cart === undefined) throw new Error(`the simulated store has no cart ${cartId}`);
    const order = change(cart.order.id, { paymentStatus: 'PAID' });
    carts.set(cartId, { order, recoveredOrderId: order.internalId });
    tellOrder('unfinished_order.updated', order, { cartId });
    return order;
  }

  return {
    orders,
    customers,
    carts,
    mails,
    shelves,
    productIdOf,
    customerOf,
    putCustomer: (fields: Parameters<typeof writeCustomer>[2], id?: number) => writeCustomer({ customers, now, told }, id, fields),
    recover,
    add(order: SimOrder): void {
      orders.set(order.id, order);
      tellOrder('order.created', order, { newPaymentStatus: order.paymentStatus, newFulfillmentStatus: order.fulfillmentStatus });
    },
    place,
    change,
    cancel,
    tellAgain,
    refund,
    remove(id: string): void {
      const order = orders.get(id);
      orders.delete(id);
      if (order) tellOrder('order.deleted', order, {});
    },
    placeRandom: (pricesIncludeTax = options.pricesIncludeTax, wish: Omit<OrderWish, 'money'> = {}): SimOrder =>
      place({ guest: options.random.chance(0.3), ...wish, money: randomMoney(options.random, pricesIncludeTax) }),
  };
}
