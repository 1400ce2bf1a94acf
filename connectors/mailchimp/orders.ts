/** Plans for orders: store, articles, the order itself, and lines that are gone. */

import { z } from 'zod';
import type { Draft, FieldChange, Plan, PlanStep } from '../connector.ts';
import { parseDraft } from '../draft.ts';
import { type Failure, failureOf } from '../failure.ts';
import { type Account, pageSize } from './account.ts';
import { covers } from './compare.ts';
import { OrderDraft } from './drafts.ts';
import { plainId, recordId, segment } from './ids.ts';
import { findAll, idsOnly } from './lookup.ts';
import { goodsOf, orderBody, type Statuses, statusesOf } from './order-body.ts';
import { articlesOf, goodsFor } from './purchases.ts';
import { invalidEmail, unreadableDraft } from './refusals.ts';
import type { Article, Shelf } from './shelf.ts';
import { isHistory, type Shopfront, shopfrontOf, storeGround } from './store.ts';
import { plausibleEmail } from './translate.ts';

const Standing = z.looseObject({
  id: z.string(),
  financial_status: z.string().nullish(),
  fulfillment_status: z.string().nullish(),
  lines: z.array(z.looseObject({ id: z.string() })).default([]),
});
type Standing = z.infer<typeof Standing>;
const Page = z.looseObject({ orders: z.array(Standing), total_items: z.number().int() });

interface Ready {
  readonly draft: Draft;
  readonly fields: OrderDraft;
  readonly email: string;
  readonly front: Shopfront;
  readonly id: string;
}

export async function planOrders(account: Account, shelf: Shelf, drafts: readonly Draft[]): Promise<(Plan | Failure)[]> {
  const ground = await storeGround(account, drafts);
  const prepared = drafts.map((draft): Ready | Plan | Failure => {
    const fields = parseDraft(OrderDraft, draft.fields).data;
    if (fields === undefined) return unreadableDraft(draft.id);
    // A sale over the counter may have no customer to write to; an address is never made up.
    if (fields.customer?.email === undefined || fields.customer.email.trim() === '') return skipped(draft, 'no-email');
    const email = plausibleEmail(fields.customer.email);
    if (email === undefined) return invalidEmail(fields.number);
    if (goodsOf(fields).length === 0) return skipped(draft, 'no-goods');
    const front = shopfrontOf(
      { source: fields.source, currency: fields.currency, at: fields.orderedAt, importing: draft.importing },
      ground,
    );
    return { draft, fields, email, front, id: plainId(draft.reference) };
  });
  const ready = prepared.filter((one): one is Ready => 'front' in one);
  const [standing, articles] = await Promise.all([
    standingOrders(account, ready),
    articlesOf(
      shelf,
      ready.map(({ fields, front }) => ({ store: front.id, exists: front.store !== undefined, lines: goodsOf(fields) })),
    ),
  ]);
  return prepared.map((one) => {
    if (!('front' in one)) return one;
    try {
      const there = standing.get(one.front.id)?.get(one.id);
      return planOrder(one, { there, known: articles.get(one.front.id) ?? new Map(), now: ground.now });
    } catch (error) {
      return failureOf(error);
    }
  });
}

const skipped = ({ id, reference }: Draft, reason: string): Plan => ({
  id,
  reference,
  steps: [{ id: 'order', action: 'skip', subject: 'order', reason, changes: [] }],
  notes: [],
});

async function standingOrders(account: Account, ready: readonly Ready[]): Promise<Map<string, Map<string, Standing>>> {
  const stores = new Map<string, string[]>();
  for (const { front, id } of ready) if (front.store !== undefined) stores.set(front.id, [...(stores.get(front.id) ?? []), id]);
  const found = await Promise.all([...stores].map(async ([store, ids]) => [store, await findAll(ids, ordersOf(account, store))] as const));
  return new Map(found);
}

function ordersOf(account: Account, store: string) {
  const path = `/ecommerce/stores/${segment(store)}/orders`;
  const noLinks = 'orders._links,orders.customer.address,orders.lines._links,_links';
  const page = async (query: Readonly<Record<string, string>>) =>
    (await account.client.get(Page, { path, query: { ...query, exclude_fields: noLinks }, label: 'list orders' })) ?? {
      orders: [],
      total_items: 0,
    };
  return {
    total: async () => (await page({ count: '1' })).total_items,
    ids: (offset: number) => idsOnly(account, { path, name: 'orders' }, offset),
    page: async (offset: number) => (await page({ count: String(pageSize), offset: String(offset) })).orders,
    one: (id: string) => account.client.get(Standing, { path: `${path}/${segment(id)}`, label: 'read order' }),
    idOf: ({ id }: Standing) => id,
  };
}

function planOrder(
  { draft, fields, email, front, id }: Ready,
  { there, known, now }: { there: Standing | undefined; known: ReadonlyMap<string, Article>; now: Date },
): Plan {
  const path = `/ecommerce/stores/${segment(front.id)}/orders/${segment(id)}`;
  const goods = goodsFor(goodsOf(fields), { store: front.id, currency: fields.currency, known });
  const statuses = spoken(statusesOf(fields), { there, late: !front.quiet && isHistory(fields.orderedAt, now) });
  const body = orderBody({ id, email, draft: fields, statuses, articleOf: goods.articleOf });
  const changes = there === undefined ? created(fields, statuses) : changedFrom(there, body);
  const target = { id: recordId(front.id, id), number: fields.number };
  const wanted = new Set((body.lines as { id: string }[]).map((line) => line.id));
  const gone = there?.lines.filter((line) => !wanted.has(line.id)) ?? [];
  const plan = { id: draft.id, reference: draft.reference, ...(there && { target }), notes: [] };
  if (there !== undefined && changes.length === 0 && gone.length === 0) {
    const step = { id: 'order', action: 'skip', subject: 'order', targetId: target.id, reason: 'unchanged', changes: [] } as const;
    return { ...plan, steps: [step] };
  }
  const order: PlanStep = {
    id: 'order',
    action: there === undefined ? 'create' : 'update',
    subject: 'order',
    targetId: target.id,
    changes,
    request: { operation: `PUT ${path}`, body: JSON.stringify(body) },
  };
  // An upsert merges lines by their id and leaves the others: they are taken off one by one.
  const removals = gone.map(
    (line): PlanStep => ({
      id: `line:${line.id}`,
      action: 'update',
      subject: 'line',
      targetId: line.id,
      changes: [{ field: `lines.${line.id}`, before: line.id }],
      request: { operation: `DELETE ${path}/lines/${segment(line.id)}`, body: '' },
    }),
  );
  return { ...plan, steps: [...front.steps, ...goods.steps, order, ...removals] };
}

/**
 * A status that comes in late would send a mail about an old order. It is left out where Mailchimp has none of it so far;
 * cancellations and refunds of an order that is there are news.
 */
function spoken(statuses: Statuses, { there, late }: { there: Standing | undefined; late: boolean }): Statuses {
  if (!late || there?.financial_status || there?.fulfillment_status) return statuses;
  const { financial_status, cancelled_at_foreign } = statuses;
  if (there !== undefined && (financial_status === 'refunded' || financial_status === 'cancelled')) return statuses;
  return there === undefined || cancelled_at_foreign === undefined ? {} : { cancelled_at_foreign };
}

function created(fields: OrderDraft, statuses: Statuses): FieldChange[] {
  return [
    { field: 'number', after: fields.number },
    { field: 'totalMinor', after: fields.totalMinor },
    ...(statuses.financial_status === undefined ? [] : [{ field: 'financialStatus', after: statuses.financial_status }]),
  ];
}

/** Amounts and statuses are shown; of addresses only that they differ. */
function changedFrom(there: Standing, body: Record<string, unknown>): FieldChange[] {
  const standing: Record<string, unknown> = there;
  return Object.entries(body).flatMap(([name, wanted]): FieldChange[] => {
    // Whoever orders next under the same address may be called otherwise; that is no news of this order.
    const compared = name === 'customer' ? { id: (wanted as { id: string }).id } : wanted;
    if (covers(standing[name], compared)) return [];
    const plain = typeof wanted === 'number' || typeof wanted === 'string';
    return [plain ? { field: name, before: standing[name], after: wanted } : { field: name }];
  });
}
