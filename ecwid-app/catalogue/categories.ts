/** The store's tree of categories: read once in a while, found by the path of names, grown where a path is missing. */
import { createHash } from 'node:crypto';
import type { Draft, Plan, PlanStep } from '../../connectors/connector.ts';
import type { CategoryDraft } from './draft.ts';
import type { StoreApi } from './requests.ts';
import { parsed } from './shelf.ts';
import { Page, StoreCategory } from './wire.ts';

const lifeMs = 10 * 60_000;
/** Lists follow the records: so long what we made may be missing in them, and what we may have made is looked for in a tree no older than that. */
const lagMs = 60_000;
const lookAgainMs = 1_000;
const pageSize = 100;

/** An id, or the step of the plan that brings it. */
type Place = number | { readonly step: string };

export interface Tree {
  find(path: readonly string[]): StoreCategory | undefined;
  byId(id: number): StoreCategory | undefined;
  add(category: StoreCategory): void;
}

interface Forest {
  tree(): Promise<Tree>;
  /** The tree as the store shows it now: where something is missing in the one at hand. */
  fresh(): Promise<Tree>;
  made(category: StoreCategory): void;
  /** It is not known whether one was made: until the lists have caught up only a fresh tree will do. */
  unsure(): void;
}

export function createForest(api: StoreApi): Forest {
  let current: { readonly tree: Promise<Tree>; readonly at: number } | undefined;
  let unsureUntil = 0;
  let young: readonly { readonly category: StoreCategory; readonly until: number }[] = [];
  const nowMs = (): number => api.now().getTime();

  function noOlderThan(mostMs: number): Promise<Tree> {
    const at = nowMs();
    if (current === undefined || at - current.at > mostMs) {
      young = young.filter(({ until }) => until > at);
      const entry = { tree: load(api, young), at };
      current = entry;
      entry.tree.catch(() => {
        if (current === entry) current = undefined;
      });
    }
    return current.tree;
  }

  const tree = (): Promise<Tree> => noOlderThan(nowMs() < unsureUntil ? lookAgainMs : lifeMs);
  return {
    tree,
    fresh: () => noOlderThan(lookAgainMs),
    made(category) {
      young = [...young, { category, until: nowMs() + lagMs }];
      current?.tree.then(
        (known) => known.add(category),
        () => undefined,
      );
    },
    unsure() {
      unsureUntil = nowMs() + lagMs;
    },
  };
}

async function load(api: StoreApi, young: readonly { readonly category: StoreCategory }[]): Promise<Tree> {
  const byId = new Map<number, StoreCategory>();
  const byParent = new Map<string, StoreCategory>();
  const keyOf = (parentId: number | undefined, name: string) => `${parentId ?? 0}/${name.trim()}`;
  function add(category: StoreCategory): void {
    byId.set(category.id, category);
    const key = keyOf(category.parentId, category.name);
    // Of two with one name under one parent the first is meant.
    if (!byParent.has(key)) byParent.set(key, category);
  }
  for (let offset = 0, total = 1; offset < total; offset += pageSize) {
    const query = new URLSearchParams({ hidden_categories: 'true', limit: String(pageSize), offset: String(offset) });
    const body = await api.call({ path: `/categories?${query}`, label: 'read categories', scope: 'read_catalog' });
    const page = parsed(Page, body);
    total = page.total;
    for (const item of page.items) add(parsed(StoreCategory, item));
  }
  for (const { category } of young) if (!byId.has(category.id)) add(category);
  return {
    byId: (id) => byId.get(id),
    find(path) {
      let found: StoreCategory | undefined;
      for (const name of path) {
        found = byParent.get(keyOf(found?.id, name));
        if (found === undefined) return undefined;
      }
      return found;
    },
    add,
  };
}

/** Same path, same step, in whichever plan it stands: apply makes each once. */
const stepIdOf = (path: readonly string[]): string =>
  `category:${createHash('sha256').update(JSON.stringify(path)).digest('hex').slice(0, 16)}`;

export const placeholder = (place: Place): number | string => (typeof place === 'number' ? place : `{{${place.step}}}`);

/** Where a path stands, and the steps that make what is missing of it, from the top. */
export function placeOf(tree: Tree, path: readonly string[]): { place: Place; steps: readonly PlanStep[] } {
  const steps: PlanStep[] = [];
  let place: Place | undefined;
  for (let depth = 1; depth <= path.length; depth += 1) {
    const upTo = path.slice(0, depth);
    const name = upTo.at(-1) ?? '';
    const found = typeof place === 'object' ? undefined : tree.find(upTo);
    if (found !== undefined) {
      place = found.id;
      continue;
    }
    const id = stepIdOf(upTo);
    steps.push({
      id,
      action: 'create',
      subject: 'category',
      changes: [{ field: 'category', after: upTo.join(' › ') }],
      request: {
        operation: 'POST /categories',
        body: JSON.stringify({ name, ...(place !== undefined && { parentId: placeholder(place) }), enabled: true }),
      },
    });
    place = { step: id };
  }
  return { place: place ?? 0, steps };
}

/** A category follows its name and text; one that is gone in the source stays where it is. */
export function planCategory(draft: Draft, fields: CategoryDraft, tree: Tree): Plan {
  const { category, path } = fields;
  const plan = { id: draft.id, reference: draft.reference, notes: [] };
  const skip = (reason: string, targetId?: number): Plan => ({
    ...plan,
    steps: [{ id: 'category', action: 'skip', subject: 'category', reason, changes: [] }],
    ...(targetId !== undefined && { target: { id: String(targetId) } }),
  });
  const ours = typeof draft.last?.id === 'number' ? tree.byId(draft.last.id) : undefined;
  const there = tree.find(path) ?? ours;
  if (category.deleted) return skip(there === undefined ? 'not-in-shop' : 'deleted-in-source', there?.id);
  if (there === undefined) return { ...plan, steps: placeOf(tree, path).steps };
  const target = { target: { id: String(there.id) } };
  if (there.name.trim() === category.name.trim()) return skip('unchanged', there.id);
  const change = { field: 'category.name', before: there.name, after: category.name };
  const edited = draft.last?.name !== undefined && draft.last.name !== there.name;
  if (edited) {
    const kept = { ...change, kept: { ours: draft.last?.name } };
    return { ...plan, ...target, steps: [{ id: 'category', action: 'skip', subject: 'category', reason: 'kept', changes: [kept] }] };
  }
  return {
    ...plan,
    ...target,
    steps: [
      {
        id: 'category',
        action: 'update',
        subject: 'category',
        targetId: String(there.id),
        changes: [change],
        request: { operation: `PUT /categories/${there.id}`, body: JSON.stringify({ name: category.name }) },
      },
    ],
  };
}
