/** Carts that were left behind: made, changed, and taken away once they became an order. */

import { z } from 'zod';
import type { Draft, Plan, PlanStep } from '../connector.ts';
import { parseDraft } from '../draft.ts';
import { type Failure, failureOf } from '../failure.ts';
import type { Account } from './account.ts';
import { covers } from './compare.ts';
import { CartDraft } from './drafts.ts';
import { plainId, recordId, segment } from './ids.ts';
import { inParallel } from './lookup.ts';
import { amount, buyerOf, pieces, skuOf } from './order-body.ts';
import { articlesOf, goodsFor } from './purchases.ts';
import { invalidEmail, unreadableDraft } from './refusals.ts';
import type { Article, Shelf } from './shelf.ts';
import { type Shopfront, shopfrontOf, storeGround } from './store.ts';
import { plausibleEmail } from './translate.ts';

const Standing = z.looseObject({ id: z.string(), lines: z.array(z.looseObject({ id: z.string() })).default([]) });
type Standing = z.infer<typeof Standing>;

interface Ready {
  readonly draft: Draft;
  readonly cart: CartDraft['cart'];
  readonly email: string;
  readonly front: Shopfront;
  readonly id: string;
}

export async function planCarts(account: Account, shelf: Shelf, drafts: readonly Draft[]): Promise<(Plan | Failure)[]> {
  const ground = await storeGround(account, drafts);
  const prepared = drafts.map((draft): Ready | Plan | Failure => {
    const fields = parseDraft(CartDraft, draft.fields).data;
    if (fields === undefined) return unreadableDraft(draft.id);
    const { cart, source } = fields;
    if (cart.customer.email === undefined || cart.customer.email.trim() === '') return skipped(draft, 'no-email');
    const email = plausibleEmail(cart.customer.email);
    if (email === undefined) return invalidEmail(draft.id);
    const front = shopfrontOf({ source, currency: cart.currency, at: cart.updatedAt, importing: draft.importing }, ground);
    return { draft, cart, email, front, id: plainId(draft.reference) };
  });
  const ready = prepared.filter((one): one is Ready => 'front' in one);
  const [standing, articles] = await Promise.all([
    inParallel(ready, async ({ front, id }) => (front.store === undefined ? undefined : readCart(account, front.id, id))),
    articlesOf(
      shelf,
      ready
        .filter(({ cart }) => !cart.closed)
        .map(({ cart, front }) => ({ store: front.id, exists: front.store !== undefined, lines: cart.lines })),
    ),
  ]);
  const there = new Map(ready.map((one, index) => [one, standing[index]]));
  return prepared.map((one) => {
    if (!('front' in one)) return one;
    try {
      return planCart(one, { there: there.get(one), known: articles.get(one.front.id) ?? new Map() });
    } catch (error) {
      return failureOf(error);
    }
  });
}

const skipped = ({ id, reference }: Draft, reason: string): Plan => ({
  id,
  reference,
  steps: [{ id: 'cart', action: 'skip', subject: 'cart', reason, changes: [] }],
  notes: [],
});

const readCart = (account: Account, store: string, id: string): Promise<Standing | undefined> =>
  account.client.get(Standing, { path: `/ecommerce/stores/${segment(store)}/carts/${segment(id)}`, label: 'read cart' });

function planCart(
  { draft, cart, email, front, id }: Ready,
  { there, known }: { there: Standing | undefined; known: ReadonlyMap<string, Article> },
): Plan {
  const path = `/ecommerce/stores/${segment(front.id)}/carts`;
  const targetId = recordId(front.id, id);
  const common = { id: 'cart', subject: 'cart', targetId } as const;
  const plan = { id: draft.id, reference: draft.reference, ...(there && { target: { id: targetId } }), notes: [] };
  if (cart.closed || cart.lines.length === 0) {
    if (there === undefined) return skipped(draft, 'closed');
    const changes = [{ field: 'closed', before: false, after: true }];
    return {
      ...plan,
      steps: [{ ...common, action: 'update', changes, request: { operation: `DELETE ${path}/${segment(id)}`, body: '' } }],
    };
  }
  const goods = goodsFor(cart.lines, { store: front.id, currency: cart.currency, known });
  const lines = cart.lines.map((line) => {
    const { productId, variantId } = goods.articleOf(skuOf(line));
    const { priceMinor } = pieces(line.grossMinor, line.quantity);
    return {
      id: plainId(line.id),
      product_id: productId,
      product_variant_id: variantId,
      quantity: line.quantity,
      price: amount(priceMinor, cart.currency),
    };
  });
  const content = {
    currency_code: cart.currency,
    order_total: amount(cart.totalMinor, cart.currency),
    ...(cart.url !== undefined && { checkout_url: cart.url }),
    lines,
  };
  if (there === undefined) {
    const body = JSON.stringify({ id, customer: buyerOf(cart.customer, email), ...content });
    const changes = [{ field: 'totalMinor', after: cart.totalMinor }];
    const step: PlanStep = { ...common, action: 'create', changes, request: { operation: `POST ${path}`, body } };
    return { ...plan, steps: [...front.steps, ...goods.steps, step] };
  }
  const gone = there.lines.filter(({ id: line }) => !lines.some((wanted) => wanted.id === line));
  const changed = Object.entries(content).filter(([name, wanted]) => !covers((there as Record<string, unknown>)[name], wanted));
  if (changed.length === 0 && gone.length === 0)
    return { ...plan, steps: [{ ...common, action: 'skip', reason: 'unchanged', changes: [] }] };
  const step: PlanStep = {
    ...common,
    action: 'update',
    changes: changed.map(([field]) => ({ field })),
    request: { operation: `PATCH ${path}/${segment(id)}`, body: JSON.stringify(content) },
  };
  const removals = gone.map(
    (line): PlanStep => ({
      id: `line:${line.id}`,
      action: 'update',
      subject: 'line',
      targetId: line.id,
      changes: [{ field: `lines.${line.id}`, before: line.id }],
      request: { operation: `DELETE ${path}/${segment(id)}/lines/${segment(line.id)}`, body: '' },
    }),
  );
  return { ...plan, steps: [...front.steps, ...goods.steps, step, ...removals] };
}
