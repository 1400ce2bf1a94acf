/** The shop's tree of categories: read once in a while, found by the path of names, grown where a path is missing. */
import { createHash } from 'node:crypto';
import type { Category } from '../../commerce.ts';
import type { Draft, Plan, PlanStep } from '../../connector.ts';
import type { CategoryDraft } from '../drafts.ts';
import type { Api } from './client.ts';
import { all } from './listing.ts';
import { CategoryRow } from './wire.ts';

const lifeMs = 10 * 60_000;
/** Text pages and the front page live in the same list. */
const isCategory = ({ type }: CategoryRow): boolean => type === '' || type === 'category';

/** An id, or the step of the plan that brings it. */
export type Place = number | { readonly step: string };

export interface Tree {
  /** Names from below `root` (0: the top) downwards. */
  find(path: readonly string[], root: number): CategoryRow | undefined;
  byId(id: number): CategoryRow | undefined;
  all(): readonly CategoryRow[];
  /** Made or changed by us. */
  put(category: CategoryRow): void;
}

export interface Forest {
  /** @param mostMs how old it may be, in milliseconds */
  tree(mostMs?: number): Promise<Tree>;
  /** Read again next time. */
  forget(): void;
}

export function createForest(api: Api): Forest {
  let current: { readonly tree: Promise<Tree>; readonly at: number } | undefined;
  return {
    tree(mostMs = lifeMs) {
      const at = api.now().getTime();
      if (current === undefined || at - current.at > mostMs) {
        const entry = { tree: load(api), at };
        current = entry;
        entry.tree.catch(() => {
          if (current === entry) current = undefined;
        });
      }
      return current.tree;
    },
    forget() {
      current = undefined;
    },
  };
}

async function load(api: Api): Promise<Tree> {
  const rows = await all(api, { path: 'categories', row: CategoryRow, label: 'list categories' });
  const byId = new Map<number, CategoryRow>();
  const byPlace = new Map<string, CategoryRow>();
  const keyOf = (parent: number, title: string): string => `${parent}/${title.trim()}`;
  function put(category: CategoryRow): void {
    const known = byId.get(category.id);
    if (known !== undefined && byPlace.get(keyOf(known.parent ?? 0, known.title))?.id === known.id) {
      byPlace.delete(keyOf(known.parent ?? 0, known.title));
    }
    byId.set(category.id, category);
    const key = keyOf(category.parent ?? 0, category.title);
    // Of two with one name under one parent the first is meant.
    if (!byPlace.has(key)) byPlace.set(key, category);
  }
  for (const row of rows) if (isCategory(row)) put(row);
  return {
    byId: (id) => byId.get(id),
    all: () => [...byId.values()],
    find(path, root) {
      let found: CategoryRow | undefined;
      for (const name of path) {
        found = byPlace.get(keyOf(found?.id ?? root, name));
        if (found === undefined) return undefined;
      }
      return found;
    },
    put,
  };
}

/** Same path, same step, in whichever plan it stands: apply makes each once. */
const stepIdOf = (path: readonly string[], root: number): string =>
  `category:${createHash('sha256')
    .update(JSON.stringify([root, ...path]))
    .digest('hex')
    .slice(0, 16)}`;

export const placeholder = (place: Place): number | string => (typeof place === 'number' ? place : `{{${place.step}}}`);

/** Where a path stands, and the steps that make what is missing of it, from the top. */
export function placeOf(tree: Tree, path: readonly string[], root: number): { place: Place; steps: readonly PlanStep[] } {
  const steps: PlanStep[] = [];
  let place: Place = root;
  for (let depth = 1; depth <= path.length; depth += 1) {
    const upTo = path.slice(0, depth);
    const found: CategoryRow | undefined = typeof place === 'object' ? undefined : tree.find(upTo, root);
    if (found !== undefined) {
      place = found.id;
      continue;
    }
    const id = stepIdOf(upTo, root);
    const category = { title: upTo.at(-1) ?? '', isVisible: true, ...(place !== 0 && { parent: placeholder(place) }) };
    steps.push({
      id,
      action: 'create',
      subject: 'category',
      changes: [{ field: 'category', after: upTo.join(' › ') }],
      request: { operation: 'POST categories', body: JSON.stringify({ category }) },
    });
    place = { step: id };
  }
  return { place, steps };
}

/** A category follows its name; one that is gone in the source stays where it is. */
export function planCategory(draft: Draft, fields: CategoryDraft, tree: Tree): Plan {
  const { category, path } = fields;
  const root = Number(fields.policy.rootCategory ?? 0);
  const plan = { id: draft.id, reference: draft.reference, notes: [] };
  const skip = (reason: string, there: CategoryRow | undefined, changes: PlanStep['changes'] = []): Plan => ({
    ...plan,
    steps: [{ id: 'category', action: 'skip', subject: 'category', reason, changes }],
    ...(there && { target: { id: String(there.id), number: there.title }, values: { id: there.id, name: there.title } }),
  });
  const known = draft.known ?? draft.last?.id;
  const there = tree.find(path, root) ?? (known === undefined ? undefined : tree.byId(Number(known)));
  if (category.deleted) return skip(there === undefined ? 'not-in-shop' : 'deleted-in-source', there);
  if (there === undefined) return { ...plan, steps: placeOf(tree, path, root).steps, values: { name: category.name } };
  if (there.title === category.name.trim()) return skip('unchanged', there);
  const change = { field: 'category.name', before: there.title, after: category.name };
  const ours = draft.last?.name;
  if (ours !== undefined && ours !== there.title) {
    return { ...skip('kept', there, [{ ...change, kept: { ours } }]), values: { id: there.id, name: ours } };
  }
  return {
    ...plan,
    target: { id: String(there.id), number: category.name },
    values: { id: there.id, name: category.name },
    steps: [
      {
        id: 'category',
        action: 'update',
        subject: 'category',
        targetId: String(there.id),
        changes: [change],
        request: { operation: `PUT categories/${there.id}`, body: JSON.stringify({ category: { title: category.name } }) },
      },
    ],
  };
}

export function categoryOf(row: CategoryRow): Category | undefined {
  if (!isCategory(row)) return undefined;
  return {
    id: String(row.id),
    ...(row.parent !== undefined && { parentId: String(row.parent) }),
    name: row.title,
    ...(row.description !== '' && { text: row.description }),
    position: row.sortOrder ?? 0,
    deleted: false,
  };
}
