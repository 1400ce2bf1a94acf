/** `POST /orders`: an order that comes from elsewhere, with money as it is told. */
import { dated } from './events.ts';
import { Refusal } from './goods.ts';
import type { Shop, SimOrder } from './shop.ts';

interface NewItem {
  readonly productId?: number;
  readonly combinationId?: number;
  readonly quantity?: number;
  readonly price?: number;
  readonly trackQuantity?: boolean;
}

interface NewOrder extends Partial<Omit<SimOrder, 'items' | 'createDate'>> {
  readonly items?: readonly NewItem[];
  readonly createDate?: string;
  readonly disableAllCustomerNotifications?: boolean;
}

const required = ['subtotal', 'total', 'email', 'fulfillmentStatus', 'paymentStatus'] as const;

export function makeOrder(shop: Shop, body: NewOrder, { now, prefix }: { now: Date; prefix: string }): SimOrder {
  for (const name of required) if (body[name] === undefined) throw new Refusal(400, 'WRONG_PARAMETER', `Field Order.${name} is absent`);
  if ((body.total ?? 0) < 0) throw new Refusal(400, 'WRONG_PARAMETER', 'Field Order.total is negative');
  for (const { quantity, price } of body.items ?? []) {
    if (quantity === undefined) throw new Refusal(400, 'WRONG_PARAMETER', 'Field OrderItem.quantity is absent');
    if ((price ?? 0) < 0) throw new Refusal(400, 'WRONG_PARAMETER', 'Field OrderItem.price is negative');
  }
  const { disableAllCustomerNotifications: silent, ...fields } = body;
  const number = shop.orders.size + 1;
  const at = Math.floor(now.getTime() / 1000);
  const created =
    fields.createDate === undefined ? at : Math.floor(Date.parse(fields.createDate.replace(' +0000', 'Z').replace(' ', 'T')) / 1000);
  const customerId = fields.customerId ?? shop.customerOf(fields.email ?? '', fields.acceptMarketing);
  const order = {
    refunds: [],
    refundedAmount: 0,
    hidden: false,
    ...fields,
    ...(customerId !== undefined && { customerId }),
    items: (fields.items ?? []).map((item, index) => ({ id: 900_000 + number * 100 + index, ...item })),
    id: `${prefix}M${(number + 46_655).toString(36).toUpperCase()}`,
    internalId: 203_878_160 + number,
    createDate: dated(new Date(created * 1000)),
    createTimestamp: created,
    updateDate: dated(now),
    updateTimestamp: at,
  } as unknown as SimOrder;
  shop.add(order);
  // What the store keeps the stock of leaves it, unless the item says that somebody else does.
  for (const { productId, combinationId, quantity = 0, trackQuantity } of fields.items ?? []) {
    if (productId !== undefined && trackQuantity !== false && shop.shelves.products.has(productId)) {
      shop.shelves.adjust(productId, -quantity, combinationId);
    }
  }
  if (silent !== true) shop.mails.push({ to: order.email, about: order.id });
  return order;
}
