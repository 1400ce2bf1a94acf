/** Orders of other stores in the account, brought there by somebody else's integration. Ours are left out: they come from where they would go. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Order } from '../commerce.ts';
import type { Change } from '../connector.ts';
import { Failure, failureOf } from '../failure.ts';
import { type Account, pageSize } from './account.ts';
import { ours, partsOf, recordId, segment } from './ids.ts';
import { inParallel } from './lookup.ts';
import type { Shelf } from './shelf.ts';
import { money, orderOf, StoreOrder, word } from './store-order.ts';

const listed = [
  'id',
  'store_id',
  'processed_at_foreign',
  'updated_at_foreign',
  'cancelled_at_foreign',
  'financial_status',
  'fulfillment_status',
  'order_total',
] as const;
const Listed = z.looseObject({
  id: z.string(),
  store_id: z.string(),
  processed_at_foreign: word,
  updated_at_foreign: word,
  cancelled_at_foreign: word,
  financial_status: word,
  fulfillment_status: word,
  order_total: money,
});
const Page = z.looseObject({ orders: z.array(Listed), total_items: z.number().int() });

/** How far a poll looks back: the times are those of the shops, and some bring their orders once a day or after the weekend. */
export const overlapMs = 3 * 24 * 60 * 60_000;

/** Oldest first. The list cannot be asked for what changed, so all of it is walked; only ids and times are kept. */
export async function* changedOrders(account: Account, cursor: string | undefined): AsyncGenerator<Change> {
  const since = cursor === undefined ? Number.NEGATIVE_INFINITY : instantOf(cursor) - overlapMs;
  // A shop with the wrong date must not hide what others bring from now on.
  const latest = account.now().getTime();
  const changes: (Change & { at: number })[] = [];
  for (let offset = 0; ; offset += pageSize) {
    const found = await account.client.get(Page, {
      path: '/ecommerce/orders',
      query: {
        count: String(pageSize),
        offset: String(offset),
        fields: [...listed.map((field) => `orders.${field}`), 'total_items'].join(','),
      },
      label: 'list orders',
    });
    for (const order of found?.orders ?? []) {
      if (order.store_id.startsWith(ours)) continue;
      const time = [order.updated_at_foreign, order.cancelled_at_foreign, order.processed_at_foreign].map((value) => Date.parse(value));
      const at = Math.max(...time.filter((value) => !Number.isNaN(value)));
      // Without any time nobody knows whether it is new: it is told each time, and its version tells that it is the same.
      const dated = Number.isFinite(at);
      if (dated && at < since) continue;
      const facts = [at, order.financial_status, order.fulfillment_status, order.order_total].join(':');
      const version = createHash('sha256').update(facts).digest('hex').slice(0, 16);
      const place = dated ? new Date(Math.min(at, latest)).toISOString() : (cursor ?? new Date(0).toISOString());
      changes.push({ id: recordId(order.store_id, order.id), number: order.id, version, cursor: place, at });
    }
    if ((found?.orders.length ?? 0) < pageSize) break;
  }
  changes.sort((left, right) => left.at - right.at);
  for (const { at: _, ...change } of changes) yield change;
}

function instantOf(cursor: string): number {
  const at = Date.parse(cursor);
  if (!Number.isNaN(at)) return at;
  throw new Failure({
    remedy: 'fix-data',
    code: 'mailchimp.cursor-unreadable',
    message: 'The place where the last look ended cannot be read. Start over.',
  });
}

/** Ids as {@link changedOrders} gives them; `#1001` is looked for by its number in every store. */
export function readOrders(account: Account, shelf: Shelf, ids: readonly string[]): Promise<(Order | undefined | Failure)[]> {
  return inParallel(ids, async (id) => {
    try {
      const place = id.startsWith('#') ? await placeOf(account, id.slice(1)) : partsOf(id);
      if (place === undefined) return undefined;
      const order = await account.client.get(StoreOrder, {
        path: `/ecommerce/stores/${segment(place.store)}/orders/${segment(place.id)}`,
        label: 'read order',
      });
      if (order === undefined) return undefined;
      const bySku = await skusOf(shelf, order);
      return orderOf(order, bySku);
    } catch (error) {
      return failureOf(error);
    }
  });
}

async function placeOf(account: Account, number: string): Promise<{ store: string; id: string } | undefined> {
  const found = await account.client.get(z.looseObject({ stores: z.array(z.looseObject({ id: z.string() })) }), {
    path: '/ecommerce/stores',
    query: { count: String(pageSize), fields: 'stores.id' },
    label: 'list stores',
  });
  for (const store of (found?.stores ?? []).filter(({ id }) => !id.startsWith(ours))) {
    const order = await account.client.get(z.looseObject({ id: z.string() }), {
      path: `/ecommerce/stores/${segment(store.id)}/orders/${segment(number)}`,
      query: { fields: 'id' },
      label: 'find order',
    });
    if (order !== undefined) return { store: store.id, id: number };
  }
  return undefined;
}

async function skusOf(shelf: Shelf, order: StoreOrder): Promise<ReadonlyMap<string, string>> {
  const articles = await shelf.all(order.store_id);
  return new Map(articles.map(({ productId, variantId, sku }) => [`${productId}/${variantId}`, sku]));
}
