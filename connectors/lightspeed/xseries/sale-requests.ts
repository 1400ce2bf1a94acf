/** A sale to be written, in the words of the version that the store knows. Pure. */
import type { PlannedRequest } from '../../connector.ts';
import { decimalOf } from '../../money.ts';
import type { OrderDraft } from '../drafts.ts';
import { dated } from './retailer.ts';
import type { SaleItem, SaleTender } from './sale-lines.ts';
import { ownSource } from './sales.ts';

export interface Place {
  readonly registerId: string;
  readonly userId: string;
}

export interface SaleWish {
  readonly reference: string;
  readonly draft: OrderDraft;
  readonly items: readonly SaleItem[];
  readonly tenders: readonly SaleTender[];
  readonly place: Place;
  readonly state: OrderDraft['policy']['saleState'];
  readonly customerId: string | undefined;
  readonly currency: string;
}

const noteOf = ({ number, note }: OrderDraft): string => (note === undefined || note.trim() === '' ? number : `${number} – ${note}`);

/** `POST /sales` of 2026-07: prices without tax and taxes, both per piece. */
export function datedRequest({ reference, draft, items, tenders, place, state, customerId, currency }: SaleWish): PlannedRequest {
  const words = { closed: 'closed', dispatch: 'pending', pickup: 'pending', parked: 'parked' } as const;
  const fulfilment = state === 'dispatch' ? 'DISPATCH' : state === 'pickup' ? 'PICKUP' : undefined;
  const money = (minor: number): number => Number(decimalOf(minor, currency));
  const body = {
    source: { author_id: place.userId, register_id: place.registerId, id: reference, type: ownSource },
    state: words[state],
    ...(customerId !== undefined && { customer_id: customerId }),
    date: draft.orderedAt,
    note: noteOf(draft),
    line_items: items.map((item, sequence) => ({
      product: { id: item.productId },
      quantity: item.quantity,
      pricing: { price: money(item.priceMinor) },
      tax: { id: item.taxId, amount: money(item.taxMinor) },
      _metadata: { sequence, ...(fulfilment && { fulfillment_method: fulfilment }) },
    })),
    payments: tenders.map(({ typeId, amountMinor, at }) => ({
      amount: money(amountMinor),
      type: { config_id: typeId },
      date: at,
      source: { register_id: place.registerId },
    })),
  };
  return { operation: `POST /${dated}/sales`, body: JSON.stringify(body) };
}

/** `POST /register_sales` (0.9), for stores that do not know the dated versions. */
export function olderRequest({ reference, draft, items, tenders, place, state, customerId, currency }: SaleWish): PlannedRequest {
  const words = { closed: 'CLOSED', dispatch: 'AWAITING_DISPATCH', pickup: 'AWAITING_PICKUP', parked: 'SAVED' } as const;
  const money = (minor: number): number => Number(decimalOf(minor, currency));
  const body = {
    register_id: place.registerId,
    user_id: place.userId,
    ...(customerId !== undefined && { customer_id: customerId }),
    source: ownSource,
    source_id: reference,
    sale_date: draft.orderedAt,
    status: words[state],
    note: noteOf(draft),
    register_sale_products: items.map((item, sequence) => ({
      product_id: item.productId,
      register_id: place.registerId,
      sequence,
      quantity: item.quantity,
      price: money(item.priceMinor),
      // Set by hand: the till must not put its own price there.
      price_set: true,
      tax: money(item.taxMinor),
      tax_id: item.taxId,
      status: 'CONFIRMED',
    })),
    register_sale_payments: tenders.map(({ typeId, amountMinor, at }) => ({
      register_id: place.registerId,
      retailer_payment_type_id: typeId,
      payment_date: at,
      amount: money(amountMinor),
    })),
  };
  return { operation: 'POST /register_sales', body: JSON.stringify(body) };
}
