/** Admin API records to canonical ones. Pure. */
import {
  type Address,
  type Customer,
  type deliveryStates,
  Order,
  type orderStates,
  type Payment,
  type Permission,
  type paymentStates,
} from '../connectors/commerce.ts';
import { Failure } from '../connectors/failure.ts';
import { minorOf, sum } from '../connectors/money.ts';
import { linesOf, type Prices } from './lines.ts';
import type { AddressRow, CustomerRow, DeliveryRow, OrderCustomerRow, OrderRow, TransactionRow } from './rows.ts';

type OrderState = (typeof orderStates)[number];
type PaymentState = (typeof paymentStates)[number];
type DeliveryState = (typeof deliveryStates)[number];

const orderStateOf: Readonly<Record<string, OrderState>> = {
  open: 'open',
  in_progress: 'in-progress',
  completed: 'completed',
  cancelled: 'cancelled',
};

/** A chargeback is money that went back, whoever sent it. */
const paymentStateOf: Readonly<Record<string, PaymentState>> = {
  open: 'open',
  in_progress: 'open',
  unconfirmed: 'open',
  reminded: 'open',
  authorized: 'authorized',
  paid_partially: 'partially-paid',
  paid: 'paid',
  refunded_partially: 'partially-refunded',
  refunded: 'refunded',
  chargeback: 'refunded',
  failed: 'failed',
  cancelled: 'cancelled',
};

const deliveryStateOf: Readonly<Record<string, DeliveryState>> = {
  open: 'open',
  shipped_partially: 'partially-shipped',
  shipped: 'shipped',
  returned_partially: 'partially-returned',
  returned: 'returned',
  cancelled: 'cancelled',
};

/** Throws Failure fix-data for a state that Shopware itself does not have, or when the result is not a sound order. */
export function orderOf(row: OrderRow): Order {
  const currency = row.currency.isoCode;
  const prices = pricesOf(row);
  const totalMinor = minorOf(row.amountTotal ?? row.price.totalPrice, currency);
  const payments = (row.transactions ?? []).map((transaction) => paymentOf(transaction, row));
  const delivery = leadingDelivery(row);
  const deliveryState = delivery?.stateMachineState && deliveryStateOf[delivery.stateMachineState.technicalName];
  const billing = row.billingAddress ? addressOf(row.billingAddress) : undefined;
  const shipping = delivery?.shippingOrderAddress ? addressOf(delivery.shippingOrderAddress) : undefined;
  const method = delivery?.shippingMethod;
  const channel = row.salesChannel;
  const order: Order = {
    id: row.id,
    number: row.orderNumber,
    createdAt: instant(row.orderDateTime ?? row.createdAt),
    ...(row.updatedAt && { updatedAt: instant(row.updatedAt) }),
    currency,
    prices,
    state: known(orderStateOf, row.stateMachineState.technicalName, row),
    paymentState: paymentStateOfOrder(row, payments, totalMinor),
    ...(deliveryState && { deliveryState }),
    ...(row.orderCustomer && { customer: orderCustomerOf(row, row.orderCustomer) }),
    ...(billing && { billing }),
    ...(shipping && { shipping }),
    lines: linesOf(row, { currency, prices }, totalMinor),
    payments,
    ...(method && { shippingMethod: { id: method.id, name: nameOf(method) } }),
    ...(channel && { salesChannel: { id: channel.id, name: nameOf(channel) } }),
    totalMinor,
    paidMinor: sum(payments.map(keptMinor)),
    refundedMinor: sum(payments.filter(({ state }) => state === 'refunded').map(({ amountMinor }) => amountMinor)),
    ...(row.customerComment && { note: row.customerComment }),
  };
  const sound = Order.safeParse(order);
  if (sound.success) return sound.data;
  const fields = sound.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new Failure({
    remedy: 'fix-data',
    code: 'shopware.order-unsound',
    message: `Order ${row.orderNumber} cannot be understood (${fields}). Correct it in Shopware and send it again.`,
    params: { order: row.orderNumber, fields },
  });
}

/** `permission`: what the newsletter knows of his address. */
export function customerOf(row: CustomerRow, permission?: Permission): Customer {
  const billing = row.defaultBillingAddress ? addressOf(row.defaultBillingAddress) : undefined;
  const shipping = row.defaultShippingAddress ? addressOf(row.defaultShippingAddress) : undefined;
  const changedAt = row.updatedAt ?? row.createdAt;
  return {
    id: row.id,
    ...optional('number', row.customerNumber),
    ...optional('email', row.email),
    firstName: row.firstName ?? '',
    lastName: row.lastName ?? '',
    ...optional('company', filled(row.company) ?? billing?.company),
    vatIds: vatIdsOf(row.vatIds, row.defaultBillingAddress?.vatId),
    ...optional('phone', billing?.phone ?? shipping?.phone),
    ...optional('group', row.group && (row.group.translated?.name ?? row.group.name)),
    guest: row.guest ?? false,
    ...optional('language', row.language?.locale?.code),
    ...(billing && { billing }),
    ...(shipping && { shipping }),
    ...(permission && { permission }),
    ...(changedAt && { updatedAt: instant(changedAt) }),
  };
}

function pricesOf(row: OrderRow): Prices {
  const status = row.taxStatus ?? row.price.taxStatus ?? 'gross';
  if (status === 'gross' || status === 'net' || status === 'tax-free') return status;
  throw new Failure({
    remedy: 'fix-data',
    code: 'shopware.unknown-tax-status',
    message: `Order ${row.orderNumber} has the tax status ${status}, which Tillbridge does not know.`,
    params: { order: row.orderNumber, status },
  });
}

function paymentOf(transaction: TransactionRow, row: OrderRow): Payment {
  const method = transaction.paymentMethod;
  return {
    id: transaction.id,
    methodId: transaction.paymentMethodId,
    methodName: method ? nameOf(method) : transaction.paymentMethodId,
    amountMinor: minorOf(transaction.amount.totalPrice, row.currency.isoCode),
    state: known(paymentStateOf, transaction.stateMachineState.technicalName, row),
    at: instant(transaction.updatedAt ?? transaction.createdAt),
  };
}

/** Shopware does not say how much of a part payment came in, nor how much of a part refund went back. */
function keptMinor(payment: Payment): number {
  return payment.state === 'paid' || payment.state === 'partially-refunded' ? payment.amountMinor : 0;
}

/** The primary transaction (6.7), else the newest that is neither failed nor cancelled, else the newest. */
function paymentStateOfOrder(row: OrderRow, payments: readonly Payment[], totalMinor: number): PaymentState {
  const primary = payments.find(({ id }) => id === row.primaryOrderTransactionId);
  const createdAt = new Map((row.transactions ?? []).map((transaction) => [transaction.id, Date.parse(transaction.createdAt)]));
  const newest = [...payments].sort((one, other) => (createdAt.get(other.id) ?? 0) - (createdAt.get(one.id) ?? 0));
  const leading = primary ?? newest.find(({ state }) => state !== 'failed' && state !== 'cancelled') ?? newest[0];
  return leading?.state ?? (totalMinor === 0 ? 'paid' : 'open');
}

/** The primary delivery (6.7), else the first that is no shipping discount. */
function leadingDelivery(row: OrderRow): DeliveryRow | undefined {
  const deliveries = [...(row.deliveries ?? [])].sort((one, other) => one.createdAt.localeCompare(other.createdAt));
  return (
    deliveries.find(({ id }) => id === row.primaryOrderDeliveryId) ??
    deliveries.find(({ shippingCosts }) => shippingCosts.totalPrice >= 0) ??
    deliveries[0]
  );
}

function orderCustomerOf(row: OrderRow, person: OrderCustomerRow): Customer {
  const billing = row.billingAddress ? addressOf(row.billingAddress) : undefined;
  const delivery = leadingDelivery(row)?.shippingOrderAddress;
  const shipping = delivery ? addressOf(delivery) : undefined;
  const group = person.customer?.group;
  return {
    ...optional('id', person.customerId),
    ...optional('number', person.customerNumber),
    ...optional('email', person.email),
    firstName: person.firstName ?? '',
    lastName: person.lastName ?? '',
    ...optional('company', filled(person.company) ?? billing?.company),
    vatIds: vatIdsOf(person.vatIds ?? person.customer?.vatIds, row.billingAddress?.vatId),
    ...optional('phone', billing?.phone ?? shipping?.phone),
    ...optional('group', group && (group.translated?.name ?? group.name)),
    guest: person.customer?.guest ?? !person.customerId,
    ...optional('language', row.language?.locale?.code),
    ...(billing && { billing }),
    ...(shipping && { shipping }),
    ...(person.customer?.updatedAt && { updatedAt: instant(person.customer.updatedAt) }),
  };
}

function addressOf(row: AddressRow): Address {
  const country = filled(row.country?.iso)?.toUpperCase();
  return {
    ...optional('company', row.company),
    ...optional('department', row.department),
    firstName: row.firstName ?? '',
    lastName: row.lastName ?? '',
    street: row.street ?? '',
    additional: [filled(row.additionalAddressLine1), filled(row.additionalAddressLine2)].filter((line) => line !== undefined),
    postalCode: row.zipcode ?? '',
    city: row.city ?? '',
    ...optional('state', row.countryState && (row.countryState.translated?.name ?? row.countryState.name ?? row.countryState.shortCode)),
    ...(country?.length === 2 && { country }),
    ...optional('phone', row.phoneNumber),
  };
}

function vatIdsOf(ids: readonly string[] | null | undefined, ofAddress: string | null | undefined): string[] {
  const all = (ids ?? []).map((id) => id.trim()).filter((id) => id !== '');
  const legacy = filled(ofAddress);
  return all.length === 0 && legacy !== undefined ? [legacy] : all;
}

function known<State>(states: Readonly<Record<string, State>>, name: string, row: OrderRow): State {
  const state = Object.hasOwn(states, name) ? states[name] : undefined;
  if (state !== undefined) return state;
  throw new Failure({
    remedy: 'fix-data',
    code: 'shopware.unknown-state',
    message: `Order ${row.orderNumber} is in the state ${name}, which Tillbridge does not know. Move it to a state of Shopware's own and send it again.`,
    params: { order: row.orderNumber, state: name },
  });
}

function nameOf(named: {
  id: string;
  name?: string | null | undefined;
  translated?: { name?: string | null | undefined } | null | undefined;
}): string {
  return filled(named.translated?.name) ?? filled(named.name) ?? named.id;
}

function filled(text: string | null | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === undefined || trimmed === '' ? undefined : trimmed;
}

function optional<Name extends string>(name: Name, text: string | null | undefined): { [_ in Name]?: string } {
  const value = filled(text);
  return (value === undefined ? {} : { [name]: value }) as { [_ in Name]?: string };
}

/** Shopware prints `+00:00`; canonical instants end in Z. */
function instant(text: string): string {
  return new Date(text).toISOString();
}
