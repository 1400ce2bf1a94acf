/** Stock: levels per outlet as the source, an absolute figure for one outlet as the target. */
import type { BranchStock, Quantity, StockLevel } from '../../commerce.ts';
import type { Change, Draft, Plan, PlanStep } from '../../connector.ts';
import { Failure, failureOf } from '../../failure.ts';
import { exactOf } from '../decimals.ts';
import { drafted } from '../drafted.ts';
import { StockDraft } from '../drafts.ts';
import { badCursor, pagesOf } from './feed.ts';
import { ambiguousSku } from './goods.ts';
import { productUpdate } from './product-requests.ts';
import { outletFor, type Store } from './retailer.ts';
import { InventoryRow } from './wire.ts';

/** A version as cursor. Levels bear no time, so a poll that begins at an instant goes through all of them once. */
export async function* changedStock(store: Store, cursor: string | undefined): AsyncIterable<Change> {
  const after = cursor === undefined || !/^\d{1,15}$/.test(cursor) ? 0 : Number(cursor);
  if (after === 0 && cursor !== undefined && cursor !== '0' && Number.isNaN(Date.parse(cursor))) throw badCursor();
  for await (const { rows } of pagesOf(store.client, 'inventory', { row: InventoryRow, after })) {
    const latest = new Map<string, number>();
    for (const row of rows) latest.set(row.product_id, Math.max(row.version, latest.get(row.product_id) ?? 0));
    for (const [id, version] of [...latest].sort(([, a], [, b]) => a - b)) yield { id, version: String(version), cursor: String(version) };
  }
}

/** In the order of the ids; `#…` means the product with that SKU. Two requests for all of them. */
export async function readStock(store: Store, ids: readonly string[]): Promise<(StockLevel | undefined | Failure)[]> {
  await Promise.all([store.goods.sync(), store.levels.sync()]);
  return ids.map((id) => {
    try {
      const row = id.startsWith('#') ? store.goods.withSku(id.slice(1))[0] : store.goods.withId(id);
      if (row?.sku === undefined || row.has_inventory === false) return undefined;
      const branches = [...store.levels.of(row.id)].sort((a, b) => (a.outlet_id < b.outlet_id ? -1 : 1)).map(branchOf);
      return { id: row.id, sku: row.sku, branches };
    } catch (error) {
      return failureOf(error);
    }
  });
}

/** The store knows one figure: what lies there and can be sold. */
function branchOf(row: InventoryRow): BranchStock {
  const level = row.inventory_level ?? row.current_inventory_level;
  if (level === undefined) return { branch: row.outlet_id };
  const quantity = quantityOf(level);
  return { branch: row.outlet_id, physical: quantity, available: quantity };
}

export function quantityOf(level: number | string): Quantity {
  let value = exactOf(level);
  let scale = 8;
  while (scale > 0 && value % 10n === 0n) {
    value /= 10n;
    scale -= 1;
  }
  if (scale <= 6 && value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER))
    return { value: Number(value), scale };
  throw new Failure({
    remedy: 'fix-data',
    code: 'lightspeed.amount-unusable',
    message: `Lightspeed states a stock of ${level}, which cannot be counted with.`,
    params: { value: String(level) },
  });
}

/** One plan or Failure per draft; two requests for all of them. */
export async function planStock(store: Store, drafts: readonly Draft[]): Promise<(Plan | Failure)[]> {
  await Promise.all([store.goods.sync(), store.levels.sync()]);
  const dated = await store.dated();
  return Promise.all(drafts.map((source) => planOne(store, source, dated).catch(failureOf)));
}

async function planOne(store: Store, source: Draft, dated: boolean): Promise<Plan> {
  const { sku, quantity, managed, policy } = drafted(StockDraft, source);
  const plan = { id: source.id, reference: source.reference, notes: [] };
  const step = { id: 'stock', subject: 'stock', changes: [] };
  const skip = (reason: string, targetId?: string): PlanStep => ({
    ...step,
    action: 'skip',
    reason,
    ...(targetId !== undefined && { targetId }),
  });
  const [row, ...more] = store.goods.withSku(sku);
  if (row === undefined) return { ...plan, steps: [skip('not-in-shop')] };
  if (more.length > 0) throw ambiguousSku(sku, more.length + 1);
  const target = { id: row.id, number: sku };
  if (!managed) return { ...plan, target, steps: [skip('not-managed', row.id)] };
  if (row.has_inventory === false) return { ...plan, target, steps: [skip('no-stock-article', row.id)] };
  const outlet = await outletFor(store, policy.outlet);
  const there = store.levels.of(row.id).find(({ outlet_id: id }) => id === outlet.id);
  const level = there?.inventory_level ?? there?.current_inventory_level;
  if (level !== undefined && exactOf(level) === exactOf(quantity)) {
    return { ...plan, target, steps: [skip('unchanged', row.id)], values: { quantity } };
  }
  return {
    ...plan,
    target,
    values: { quantity },
    steps: [
      {
        ...step,
        action: 'update',
        targetId: row.id,
        changes: [{ field: 'quantity', ...(level !== undefined && { before: Number(level) }), after: quantity }],
        request: productUpdate(row.id, { details: { inventory: [{ outlet_id: outlet.id, current_amount: quantity }] } }, dated),
      },
    ],
  };
}
