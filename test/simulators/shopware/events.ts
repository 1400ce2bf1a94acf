/** What the shop tells its apps, before it is addressed to any webhook. */
import { type Database, print, type Tree } from './database.ts';
import { liveVersion } from './wire.ts';

export interface WrittenEntry {
  readonly entity: string;
  readonly operation: 'insert' | 'update' | 'delete';
  readonly primaryKey: string;
  readonly updatedFields?: readonly string[];
  readonly versionId?: string;
}

export interface ShopEvent {
  readonly name: string;
  /** Without the read right on these nothing is sent. */
  readonly reads: readonly string[];
  /** `undefined`: nothing is left to send. Entity events lose their drafts for webhooks that want only the live version. */
  payload(options: { onlyLiveVersion: boolean }): unknown;
}

/** Sends the events one after the other; resolves when the shop may go on. */
export type Emit = (...events: readonly ShopEvent[]) => Promise<void>;

export function written(entity: string, entries: readonly WrittenEntry[], suffix: 'written' | 'deleted' = 'written'): ShopEvent {
  return {
    name: `${entity}.${suffix}`,
    reads: [entity],
    payload: ({ onlyLiveVersion }) => {
      if (!onlyLiveVersion) return entries;
      // PHP's array_filter keeps the keys: a gap at the front turns the list into an object.
      const kept = [...entries.entries()].filter(([, entry]) => entry.versionId === liveVersion);
      if (kept.length === 0) return undefined;
      const gapless = kept.every(([key], at) => key === at);
      return gapless ? kept.map(([, entry]) => entry) : Object.fromEntries(kept);
    },
  };
}

const none: Tree = {};
const address: Tree = { country: none, countryState: none };
const order: Tree = {
  orderCustomer: { salutation: none },
  currency: none,
  stateMachineState: none,
  lineItems: { downloads: none },
  addresses: address,
};
/** Associations of a state event (`OrderStateChangeEventListener`): the states of payment and delivery are not among them. */
const stateTree: Tree = {
  ...order,
  language: { locale: none },
  deliveries: { shippingMethod: none, shippingOrderAddress: address },
  transactions: { paymentMethod: none },
  tags: none,
};
const placedTree: Tree = {
  ...order,
  deliveries: { shippingMethod: none, stateMachineState: none, shippingOrderAddress: address },
  transactions: { paymentMethod: none, stateMachineState: none },
};
const customerTree: Tree = {
  salutation: none,
  defaultBillingAddress: { country: none, salutation: none },
  defaultShippingAddress: { country: none, salutation: none },
  addresses: { country: none, salutation: none },
};

export function orderPlaced(db: Database, orderId: string): ShopEvent {
  const body = { order: print(db, 'order', { row: db.get('order', orderId), tree: placedTree, encoding: 'store' }) };
  return { name: 'checkout.order.placed', reads: ['order'], payload: () => body };
}

export function stateEvent(db: Database, name: string, orderId: string): ShopEvent {
  const body = { order: print(db, 'order', { row: db.get('order', orderId), tree: stateTree, encoding: 'store' }) };
  return { name, reads: ['order'], payload: () => body };
}

export function customerEvent(db: Database, name: string, customerId: string): ShopEvent {
  const body = { customer: print(db, 'customer', { row: db.get('customer', customerId), tree: customerTree, encoding: 'store' }) };
  return { name, reads: ['customer'], payload: () => body };
}

/** The recipient comes without its e-mail address: only `_uniqueIdentifier` leads back to it. */
export function newsletterEvent(db: Database, name: string, recipientId: string): ShopEvent {
  const recipient = print(db, 'newsletter_recipient', { row: db.get('newsletter_recipient', recipientId), tree: none, encoding: 'store' });
  return { name, reads: ['newsletter_recipient'], payload: () => ({ newsletterRecipient: recipient }) };
}
