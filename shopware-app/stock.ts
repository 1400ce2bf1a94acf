/** Plans stock levels: absolute figures, one row each, as few calls as there are pages of 500. Never writes. */

import type { Draft } from '../connectors/connector.ts';
import { parseDraft } from '../connectors/draft.ts';
import { Failure } from '../connectors/failure.ts';
import { StockDraft } from './catalogue-draft.ts';
import { nameKey } from './ids.ts';
import type { NumberIndex, Stocked } from './number-index.ts';
import { type CataloguePlan, requestOf } from './sync.ts';

/**
 * One plan or Failure per draft. A level is left out only after the shop was asked, because orders change it without telling;
 * one that differs from what was last seen is written without asking again.
 */
export async function planStock(index: NumberIndex, drafts: readonly Draft[]): Promise<(CataloguePlan | Failure)[]> {
  const wanted = drafts.map((draft) => parseDraft(StockDraft, draft.fields));
  const skus = wanted.flatMap((parsed) => (parsed.success ? [parsed.data.sku] : []));
  const { found, fresh } = await index.find(skus);
  const doubtful = new Map<string, Stocked>();
  for (const parsed of wanted) {
    if (!parsed.success) continue;
    const key = nameKey(parsed.data.sku);
    const entry = found.get(key);
    if (entry !== undefined && !fresh.has(key) && isSo(entry, parsed.data)) doubtful.set(entry.id, entry);
  }
  const again = doubtful.size > 0 ? await index.again([...doubtful.values()]) : new Map<string, Stocked>();
  return drafts.map((draft, at) => {
    const parsed = wanted[at];
    if (!parsed?.success) return unusable(draft);
    const entry = found.get(nameKey(parsed.data.sku));
    const present = entry !== undefined && doubtful.has(entry.id) ? again.get(entry.id) : entry;
    return planOne(draft, parsed.data, present);
  });
}

const isSo = (entry: Stocked, { quantity, managed }: StockDraft): boolean => entry.stock === quantity && entry.closeout === managed;

function planOne(draft: Draft, wanted: StockDraft, entry: Stocked | undefined): CataloguePlan {
  const { sku, quantity, managed } = wanted;
  const base = { id: draft.id, reference: draft.reference, notes: [], values: { quantity, managed } };
  const step = { id: 'stock', subject: 'product', changes: [] };
  if (entry === undefined) return { ...base, values: {}, steps: [{ ...step, action: 'skip', reason: 'not-in-shop' }] };
  const target = { id: entry.id, number: sku };
  if (entry.grouping)
    return { ...base, values: {}, target, steps: [{ ...step, action: 'skip', targetId: entry.id, reason: 'has-variants' }] };
  if (isSo(entry, wanted)) return { ...base, target, steps: [{ ...step, action: 'skip', targetId: entry.id, reason: 'unchanged' }] };
  const changes = [
    ...(entry.stock === quantity ? [] : [{ field: 'quantity', before: entry.stock, after: quantity }]),
    ...(entry.closeout === managed ? [] : [{ field: 'managed', before: entry.closeout, after: managed }]),
  ];
  const row = { id: entry.id, stock: quantity, ...(entry.closeout !== managed && { isCloseout: managed }) };
  return {
    ...base,
    target,
    steps: [{ ...step, action: 'update', targetId: entry.id, changes, request: requestOf([{ entity: 'product', action: 'upsert', row }]) }],
  };
}

const unusable = (draft: Draft): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'shopware.draft-unusable',
    message: `The stock of ${draft.id} is no whole number of pieces from zero up.`,
    params: { record: draft.id },
  });
