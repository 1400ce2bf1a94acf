/** Categories of products: a tree without versions, read as a whole. */
import { createHash } from 'node:crypto';
import type { Category } from '../../commerce.ts';
import type { Change, Draft, Plan, PlanStep } from '../../connector.ts';
import { type Failure, failureOf } from '../../failure.ts';
import { drafted } from '../drafted.ts';
import { CategoryDraft } from '../drafts.ts';
import { unreadable } from './client.ts';
import type { Store } from './retailer.ts';
import { CategoryRow } from './wire.ts';

export interface Tree {
  readonly rows: readonly CategoryRow[];
  /** Below `parent` (absent: at the top), by name as people compare names. */
  child(parent: string | undefined, name: string): CategoryRow | undefined;
}

const key = (parent: string | undefined, name: string): string => `${parent ?? ''} ${name.trim().toLowerCase()}`;

/** `after` is the id of the last one that was seen (X-Series 2.0, product categories). */
export async function readTree(store: Store): Promise<Tree> {
  const rows: CategoryRow[] = [];
  for (let after = ''; ; ) {
    const query = new URLSearchParams({ page_size: '1000', ...(after !== '' && { after }) });
    const json = await store.client.get(`/2.0/product_categories?${query}`, 'list categories');
    const data: unknown = Reflect.get(Object(json), 'data');
    const list: unknown = Array.isArray(data) ? data : Reflect.get(Object(data), 'categories');
    if (!Array.isArray(list)) throw unreadable(store.client.store, 'list categories', false);
    rows.push(
      ...list.flatMap((one) => {
        const parsed = CategoryRow.safeParse(one);
        return parsed.success && parsed.data.deleted_at === undefined ? [parsed.data] : [];
      }),
    );
    const info: unknown = Reflect.get(Object(json), 'page_info');
    const last: unknown = Reflect.get(Object(info), 'last_seen');
    if (Reflect.get(Object(info), 'has_next') !== true || typeof last !== 'string' || last === after) break;
    after = last;
  }
  const places = new Map(rows.map((row) => [key(row.parent_category_id, row.name ?? ''), row]));
  return { rows, child: (parent, name) => places.get(key(parent, name)) };
}

/** Every category when anything about one of them is different from what the cursor says. */
export async function* changedCategories(store: Store, cursor: string | undefined): AsyncIterable<Change> {
  const { rows } = await readTree(store);
  const marks = rows.map((row) => ({ id: row.id, version: markOf([row]) }));
  const whole = `all:${markOf(rows)}`;
  if (cursor === whole) return;
  for (const [index, { id, version }] of marks.entries())
    yield { id, version, cursor: index === marks.length - 1 ? whole : (cursor ?? 'begun') };
}

const markOf = (rows: readonly CategoryRow[]): string =>
  createHash('sha256')
    .update(JSON.stringify(rows.map(({ id, name, parent_category_id: parent }) => [id, name, parent])))
    .digest('hex')
    .slice(0, 16);

/** In the order of the ids. */
export async function readCategories(store: Store, ids: readonly string[]): Promise<(Category | undefined)[]> {
  const { rows } = await readTree(store);
  const byId = new Map(rows.map((row, position) => [row.id, categoryOf(row, position)]));
  return ids.map((id) => byId.get(id));
}

function categoryOf(row: CategoryRow, position: number): Category {
  return {
    id: row.id,
    ...(row.parent_category_id !== undefined && { parentId: row.parent_category_id }),
    name: row.name ?? '',
    position,
    deleted: false,
  };
}

export interface Place {
  /** The category's id, or what stands for it until a step has made it. */
  readonly id: string;
  readonly steps: readonly PlanStep[];
}

/** Where a path of names leads, and what has to be made for it, one level after the other. */
export function placeFor(tree: Tree, path: readonly string[], root: string | undefined): Place {
  const steps: PlanStep[] = [];
  let parent = root;
  for (const [level, name] of path.entries()) {
    const there = steps.length === 0 ? tree.child(parent, name) : undefined;
    if (there !== undefined) {
      parent = there.id;
      continue;
    }
    const id = `category-${digest(path.slice(0, level + 1))}`;
    const body = { categories: [{ name, ...(parent !== undefined && { parent_category_id: parent }) }] };
    steps.push({
      id,
      action: 'create',
      subject: 'category',
      changes: [{ field: 'name', after: name }],
      request: { operation: 'POST /2.0/product_categories/bulk', body: JSON.stringify(body) },
    });
    parent = `{{${id}}}`;
  }
  return { id: parent ?? '', steps };
}

const digest = (path: readonly string[]): string =>
  createHash('sha256')
    .update(JSON.stringify(path.map((name) => name.trim().toLowerCase())))
    .digest('hex')
    .slice(0, 12);

/** One plan or Failure per draft. What several of a batch need is in the plan of each; apply makes it once. */
export async function planCategories(store: Store, drafts: readonly Draft[]): Promise<(Plan | Failure)[]> {
  const tree = await readTree(store);
  return drafts.map((source) => {
    try {
      return planOne(source, tree);
    } catch (error) {
      return failureOf(error);
    }
  });
}

function planOne(source: Draft, tree: Tree): Plan {
  const { category, path, policy } = drafted(CategoryDraft, source);
  const plan = { id: source.id, reference: source.reference, notes: [] };
  const skip = (reason: string, targetId?: string): PlanStep => ({
    id: 'category',
    action: 'skip',
    subject: 'category',
    reason,
    changes: [],
    ...(targetId !== undefined && { targetId }),
  });
  if (category.deleted) return { ...plan, steps: [skip('deleted-in-source')] };
  const known = source.known === undefined ? undefined : tree.rows.find(({ id }) => id === source.known);
  const name = path.at(-1) ?? category.name;
  if (known !== undefined && known.name !== name) {
    const body = { categories: [{ id: known.id, name }] };
    const step: PlanStep = {
      id: 'category',
      action: 'update',
      subject: 'category',
      targetId: known.id,
      changes: [{ field: 'name', ...(known.name !== undefined && { before: known.name }), after: name }],
      request: { operation: 'POST /2.0/product_categories/bulk', body: JSON.stringify(body) },
    };
    return { ...plan, target: { id: known.id }, steps: [step], values: { name } };
  }
  const { id, steps } = placeFor(tree, path, policy.rootCategory);
  if (steps.length === 0) return { ...plan, target: { id }, steps: [skip('unchanged', id)], values: { name } };
  return { ...plan, steps, values: { name } };
}
