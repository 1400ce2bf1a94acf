/** Paid events of as many orders as wanted: a real delivery with other ids, signed anew over its exact bytes. */
import { createHmac, randomBytes } from 'node:crypto';
import { type Posting, wireOf } from './load.ts';

export interface PaidEvent extends Posting {
  readonly url: string;
  readonly eventId: string;
  readonly orderId: string;
  readonly orderNumber: string;
  readonly secret: string;
}

export interface OrderName {
  readonly id: string;
  readonly number: string;
}

let orders = 0;
export function unheardOf(count: number): OrderName[] {
  return Array.from({ length: count }, () => ({ id: randomBytes(16).toString('hex'), number: String(900_000 + orders++) }));
}

/** One delivery per order, ready to be sent to `url`. */
export function paidEvents(model: PaidEvent, orders: readonly OrderName[], url: URL): Buffer[] {
  return orders.map(({ id, number }) => {
    const body = model.body
      .replaceAll(model.orderId, id)
      .replaceAll(`"${model.orderNumber}"`, `"${number}"`)
      .replaceAll(model.eventId, randomBytes(16).toString('hex'));
    const signature = createHmac('sha256', model.secret).update(body).digest('hex');
    return wireOf(url, { headers: { ...model.headers, 'shopware-shop-signature': signature }, body });
  });
}
