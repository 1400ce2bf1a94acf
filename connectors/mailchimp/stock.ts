/** Plans for stock: an absolute figure for every article with this SKU in the stores of the source. */

import { z } from 'zod';
import type { Draft, Plan, PlanStep } from '../connector.ts';
import { parseDraft } from '../draft.ts';
import type { Failure } from '../failure.ts';
import type { Account } from './account.ts';
import { StockDraft } from './drafts.ts';
import { recordId, segment, storePrefix } from './ids.ts';
import { inParallel, worthAList } from './lookup.ts';
import { unreadableDraft } from './refusals.ts';
import type { Article, Shelf } from './shelf.ts';
import { storeGround } from './store.ts';

const Variant = z.looseObject({ inventory_quantity: z.number().optional() });

export const variantPath = (store: string, { productId, variantId }: Pick<Article, 'productId' | 'variantId'>): string =>
  `/ecommerce/stores/${segment(store)}/products/${segment(productId)}/variants/${segment(variantId)}`;

export async function planStock(account: Account, shelf: Shelf, drafts: readonly Draft[]): Promise<(Plan | Failure)[]> {
  const { audience, stores } = await storeGround(account);
  const parsed = drafts.map((draft) => parseDraft(StockDraft, draft.fields).data);
  const storesOf = (source: string): string[] => stores.map(({ id }) => id).filter((id) => id.startsWith(storePrefix(source, audience.id)));
  const wanted = new Map<string, Set<string>>();
  for (const fields of parsed) {
    for (const store of fields === undefined ? [] : storesOf(fields.source.id)) {
      wanted.set(store, (wanted.get(store) ?? new Set()).add(fields?.sku ?? ''));
    }
  }
  const few = drafts.length < worthAList;
  const found = new Map(
    await Promise.all(
      [...wanted].map(async ([store, skus]) => [store, await (few ? current(store, [...skus]) : shelf.stock(store, [...skus]))] as const),
    ),
  );
  return drafts.map((draft, index) => {
    const fields = parsed[index];
    if (fields === undefined) return unreadableDraft(draft.id);
    const articles = storesOf(fields.source.id).flatMap((store) => {
      const article = found.get(store)?.get(fields.sku);
      return article === undefined ? [] : [{ store, article }];
    });
    return planLevel(draft, fields, articles);
  });

  /** Where an article stands is remembered; how many there are is asked. */
  async function current(store: string, skus: readonly string[]): Promise<ReadonlyMap<string, Article>> {
    const known = await shelf.find(store, skus);
    const asked = await inParallel([...known.values()], async (article) => {
      const variant = await account.client.get(Variant, {
        path: variantPath(store, article),
        query: { fields: 'id,inventory_quantity' },
        label: 'read stock',
      });
      // Moved or removed in Mailchimp: the next look reads the list again.
      if (variant === undefined) shelf.forget(store);
      return variant === undefined ? undefined : { ...article, quantity: variant.inventory_quantity };
    });
    return new Map(asked.flatMap((article) => (article === undefined ? [] : [[article.sku, article]])));
  }
}

function planLevel(draft: Draft, { sku, quantity, managed }: StockDraft, articles: readonly { store: string; article: Article }[]): Plan {
  const base = { id: draft.id, reference: draft.reference, notes: [] };
  const skip = (reason: string): Plan => ({ ...base, steps: [{ id: 'stock', action: 'skip', subject: 'stock', reason, changes: [] }] });
  const [first] = articles;
  if (first === undefined) return skip('not-in-store');
  if (!managed) return skip('not-managed');
  const target = { id: recordId(first.store, first.article.variantId), number: sku };
  const steps = articles.map(({ store, article }, index): PlanStep => {
    const common = {
      id: index === 0 ? 'stock' : `stock:${store}`,
      subject: 'stock',
      targetId: recordId(store, article.variantId),
    } as const;
    if (article.quantity === quantity) return { ...common, action: 'skip', reason: 'unchanged', changes: [] };
    return {
      ...common,
      action: 'update',
      changes: [{ field: 'quantity', before: article.quantity, after: quantity }],
      request: { operation: `PATCH ${variantPath(store, article)}`, body: JSON.stringify({ inventory_quantity: quantity }) },
    };
  });
  return { ...base, target, steps, values: { quantity } };
}
