/** What changed since an instant, walked in windows of time: the list has no order by change and moves while it is paged. */
import { z } from 'zod';
import type { Change } from '../connectors/connector.ts';
import { Failure } from '../connectors/failure.ts';
import { secondsOf } from './wire.ts';

export type ChangingKind = 'order' | 'customer' | 'product' | 'cart';

/** Most that a page holds (docs.ecwid.com). */
const pageSize = 100;
const aheadSeconds = 300;
const maxPages = 1000;

/** The list is an index that lags behind the records, so every poll looks this far back (contract: at least 10 min). */
export const overlapMs = 10 * 60_000;

const Item = z.preprocess(
  // What others have as `id` is `cartId` of a cart.
  (item) => (typeof item === 'object' && item !== null && 'cartId' in item ? { ...item, id: item.cartId } : item),
  z.looseObject({
    id: z.union([z.string(), z.number()]).transform(String),
    /** Of an order; grows with every order. */
    internalId: z.number().optional(),
    updateTimestamp: z.number().optional(),
    updated: z.string().optional(),
    paymentStatus: z.string().optional(),
    fulfillmentStatus: z.string().optional(),
    total: z.number().optional(),
    refundedAmount: z.number().optional(),
    recoveredOrderId: z.union([z.string(), z.number()]).nullish(),
  }),
);
type Item = z.infer<typeof Item>;
const ListPage = z.looseObject({ total: z.number().int(), items: z.array(Item) });

export interface Walk {
  readonly kind: ChangingKind;
  readonly cursor: string | undefined;
  readonly now: Date;
  /** GET of a list with this query. */
  list(query: URLSearchParams): Promise<unknown>;
}

/**
 * Ids by the time of their change, oldest first. The cursor is ours (`u` and seconds) or an ISO instant to begin at;
 * without one everything is walked.
 */
export async function* changesOf(walk: Walk): AsyncGenerator<Change> {
  const end = Math.floor(walk.now.getTime() / 1000) + aheadSeconds;
  let from = startOf(walk.cursor);
  let width = Math.max(1, end - from);
  while (from <= end) {
    const to = Math.min(end, from + width);
    const first = await page(walk, { from, to, offset: 0 });
    if (first.total > pageSize && to > from) {
      width = Math.max(0, Math.floor((to - from) / 2));
      continue;
    }
    const items = [...first.items];
    for (let at = 1; items.length < first.total && at < maxPages; at += 1) {
      const next = await page(walk, { from, to, offset: items.length });
      if (next.items.length === 0) break;
      items.push(...next.items);
    }
    const dated = items.map((item) => ({ item, at: item.updateTimestamp ?? secondsOf(item.updated) ?? from }));
    // Changes are dated to the second and the list begins with the newest: within a second the older record goes first.
    dated.sort((left, right) => left.at - right.at || ageOf(left.item) - ageOf(right.item));
    for (const { item, at } of dated) {
      yield { id: item.id, ...(walk.kind === 'order' && { number: item.id }), version: versionOf(item, at), cursor: `u${at}` };
    }
    from = to + 1;
    width = first.total < pageSize / 2 ? Math.max(1, width * 2) : Math.max(1, width);
  }
}

const ageOf = (item: Item): number => item.internalId ?? (Number(item.id) || 0);

/** The store dates changes to the second, so what matters of an order takes part: two changes in one second are two versions. */
function versionOf(item: Item, at: number): string {
  return [at, item.paymentStatus, item.fulfillmentStatus, item.total, item.refundedAmount, item.recoveredOrderId]
    .filter((part) => part !== undefined && part !== null)
    .join(':');
}

function startOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const own = /^u(\d{1,12})$/.exec(cursor)?.[1];
  if (own !== undefined) return Math.max(0, Number(own) - overlapMs / 1000);
  const instant = Date.parse(cursor);
  if (!Number.isNaN(instant)) return Math.max(0, Math.floor(instant / 1000));
  throw new Failure({
    remedy: 'fix-data',
    code: 'shop.cursor-unreadable',
    message: 'The place where the last look ended cannot be read. Start over.',
  });
}

async function page(walk: Walk, window: { from: number; to: number; offset: number }): Promise<z.infer<typeof ListPage>> {
  const fields = {
    order: 'id,internalId,updateTimestamp,paymentStatus,fulfillmentStatus,total,refundedAmount',
    customer: 'id,updated',
    product: 'id,updateTimestamp',
    cart: 'cartId,updateTimestamp,total,recoveredOrderId',
  }[walk.kind];
  const body = await walk.list(
    new URLSearchParams({
      updatedFrom: String(window.from),
      updatedTo: String(window.to),
      offset: String(window.offset),
      limit: String(pageSize),
      responseFields: `total,count,offset,limit,items(${fields})`,
    }),
  );
  const parsed = ListPage.safeParse(body);
  if (!parsed.success) {
    throw new Failure({
      remedy: 'retry',
      code: 'shop.unreadable-answer',
      message: `The store's list of changed ${walk.kind}s cannot be read.`,
      params: { call: `list ${walk.kind}s` },
      cause: parsed.error,
    });
  }
  return parsed.data;
}
