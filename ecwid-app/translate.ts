/** The store's orders and customers into canonical ones. Pure: data in, data out. */
import type { z } from 'zod';
import { Address, Customer, Order } from '../connectors/commerce.ts';
import { Failure } from '../connectors/failure.ts';
import { minorOf } from '../connectors/money.ts';
import { linesOf } from './amounts.ts';
import type { Profile } from './profile.ts';
import { titleOf } from './profile.ts';
import { Person, secondsOf, WireCustomer, WireOrder } from './wire.ts';

/**
 * An order as GET /orders/{id} gives it. Amounts: see amounts.ts; `paidMinor` is the stated total less refunds once the order is paid.
 * A Failure with remedy fix-data when it cannot be read; never a guess.
 */
export function orderOf(body: unknown, profile: Profile): Order {
  const order = parsed(WireOrder, body, 'order');
  const { currency } = profile.formatsAndUnits;
  const { lines, gross } = linesOf(order, { currency, profileGross: profile.taxSettings?.pricesIncludeTax });
  const totalMinor = minorOf(order.total, currency);
  const money = paid(order, totalMinor, currency);
  const exempt = (order.customerTaxExempt === true || order.reversedTaxApplied === true) && order.tax === 0;
  const billing = order.billingPerson ?? order.shippingPerson ?? undefined;
  const pickup = order.shippingOption?.isPickup === true || /pickup/i.test(order.shippingOption?.fulfillmentType ?? '');
  const canonical = {
    id: order.id,
    number: order.id,
    createdAt: instant(order.createTimestamp ?? secondsOf(order.createDate)),
    updatedAt: instant(order.updateTimestamp ?? secondsOf(order.updateDate)),
    currency,
    prices: exempt ? 'tax-free' : gross ? 'gross' : 'net',
    ...states(order),
    ...money,
    customer: {
      ...customerOfOrder(billing),
      id: order.customerId === '0' ? undefined : (order.customerId ?? undefined),
      email: order.email,
      vatIds: order.customerTaxId === undefined ? [] : [order.customerTaxId],
      group: order.customerGroup,
      guest: order.customerId === undefined || order.customerId === null || order.customerId === '0',
      language: order.lang,
      // The moment of the tick is known here. An order without it takes nothing back that was said elsewhere.
      permission:
        order.acceptMarketing === true
          ? { state: 'subscribed', at: instant(order.createTimestamp ?? secondsOf(order.createDate)), source: 'checkout' }
          : undefined,
    },
    billing: billing && addressOf(billing),
    shipping: pickup || !order.shippingPerson ? undefined : addressOf(order.shippingPerson),
    lines,
    payments: [
      {
        id: order.externalTransactionId ?? `${order.id}:payment`,
        methodId: order.paymentMethod ?? order.paymentModule ?? 'none',
        methodName: order.paymentMethod ?? order.paymentModule ?? '',
        amountMinor: totalMinor,
        state: money.paymentState,
      },
    ],
    shippingMethod: order.shippingOption && {
      id: order.shippingOption.shippingMethodId ?? order.shippingOption.shippingMethodName ?? 'none',
      name: order.shippingOption.shippingMethodName ?? '',
    },
    salesChannel: { id: profile.generalInfo.storeId, name: titleOf(profile) },
    totalMinor,
    note: order.orderComments,
  };
  const result = Order.safeParse(withoutAbsent(canonical));
  if (!result.success) throw unreadable(`order ${order.id}`, result.error);
  return result.data;
}

/** Paid is a state. Custom states are not paid, and an unfinished order never is, whatever else it says. */
function paid(order: WireOrder, totalMinor: number, currency: string): Pick<Order, 'paymentState' | 'paidMinor' | 'refundedMinor'> {
  const refundedMinor = minorOf(order.refundedAmount, currency);
  switch (order.paymentStatus) {
    case 'PAID':
      return { paymentState: 'paid', paidMinor: totalMinor - refundedMinor, refundedMinor };
    case 'PARTIALLY_REFUNDED':
      return { paymentState: 'partially-refunded', paidMinor: totalMinor - refundedMinor, refundedMinor };
    case 'REFUNDED':
      return { paymentState: 'refunded', paidMinor: 0, refundedMinor: refundedMinor === 0 ? totalMinor : refundedMinor };
    case 'CANCELLED':
      return { paymentState: 'cancelled', paidMinor: 0, refundedMinor };
    default:
      return { paymentState: 'open', paidMinor: 0, refundedMinor };
  }
}

function states(order: WireOrder): Pick<Order, 'state' | 'deliveryState'> {
  if (order.paymentStatus === 'CANCELLED') return { state: 'cancelled', deliveryState: 'cancelled' };
  switch (order.fulfillmentStatus) {
    case 'PROCESSING':
    case 'READY_FOR_PICKUP':
      return { state: 'in-progress', deliveryState: 'open' };
    case 'SHIPPED':
    case 'OUT_FOR_DELIVERY':
      return { state: 'in-progress', deliveryState: 'shipped' };
    case 'DELIVERED':
      return { state: 'completed', deliveryState: 'shipped' };
    case 'RETURNED':
      return { state: 'completed', deliveryState: 'returned' };
    case 'WILL_NOT_DELIVER':
      return { state: 'cancelled', deliveryState: 'cancelled' };
    default:
      return { state: 'open', deliveryState: 'open' };
  }
}

/**
 * A customer as GET /customers/{id} gives it. `acceptMarketing` has no date: true is a yes of the day on which he registered at the earliest
 * (a later one would make every edit of his record look like a fresh yes). False is said of everybody who never ticked the box, so it
 * is a no only where `revoked` shows that he had said yes before.
 */
export function customerOf(body: unknown, { revoked = false }: { revoked?: boolean } = {}): Customer {
  const customer = parsed(WireCustomer, body, 'customer');
  const person = customer.billingPerson ?? customer.shippingAddresses[0] ?? Person.parse({ name: customer.name });
  const shipping = customer.shippingAddresses[0];
  const result = Customer.safeParse(
    withoutAbsent({
      ...customerOfOrder(person),
      id: customer.id,
      email: customer.email,
      vatIds: customer.taxId === undefined ? [] : [customer.taxId],
      group: customer.customerGroupName,
      guest: false,
      language: customer.lang,
      billing: customer.billingPerson ? addressOf(customer.billingPerson) : undefined,
      shipping: shipping && addressOf(shipping),
      permission:
        customer.acceptMarketing === true
          ? { state: 'subscribed', at: instant(secondsOf(customer.registered)), source: 'shop' }
          : revoked
            ? { state: 'unsubscribed', source: 'shop' }
            : undefined,
      updatedAt: instant(secondsOf(customer.updated)),
    }),
  );
  if (!result.success) throw unreadable(`customer ${customer.id}`, result.error);
  return result.data;
}

function addressOf(person: Person): Address {
  const [street = '', ...additional] = (person.street ?? '').split('\n').map((part) => part.trim());
  return Address.parse(
    withoutAbsent({
      ...namesOf(person),
      company: person.companyName,
      street,
      additional: additional.filter((part) => part !== ''),
      postalCode: person.postalCode,
      city: person.city,
      state: person.stateOrProvinceCode,
      country: person.countryCode?.length === 2 ? person.countryCode.toUpperCase() : undefined,
      phone: person.phone,
    }),
  );
}

/** What the address of an order or a cart says of its customer. */
export const customerOfOrder = (person: Person | undefined) => ({
  ...(person && namesOf(person)),
  company: person?.companyName,
  phone: person?.phone,
});

/** First and last name are only given for names of two words or more; a single word is the last name. */
function namesOf(person: Person): { firstName: string; lastName: string } {
  if (person.firstName !== undefined || person.lastName !== undefined) {
    return { firstName: person.firstName ?? '', lastName: person.lastName ?? '' };
  }
  const [first = '', ...rest] = (person.name ?? '').split(/\s+/);
  return rest.length === 0 ? { firstName: '', lastName: first } : { firstName: first, lastName: rest.join(' ') };
}

const instant = (seconds: number | undefined): string | undefined =>
  seconds === undefined ? undefined : new Date(seconds * 1000).toISOString();

const withoutAbsent = (record: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(record)
      .map(([name, value]) => [name, isPlain(value) ? withoutAbsent(value) : value] as const)
      .filter(([, value]) => value !== undefined && value !== null),
  );

const isPlain = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function parsed<Data>(schema: z.ZodType<Data>, body: unknown, what: string): Data {
  const result = schema.safeParse(body);
  if (!result.success) throw unreadable(what, result.error);
  return result.data;
}

function unreadable(what: string, cause: unknown): Failure {
  return new Failure({
    remedy: 'fix-data',
    code: 'shop.record-unreadable',
    message: `The store's ${what} cannot be read. Look at it in the Control Panel.`,
    params: { what },
    cause,
  });
}
