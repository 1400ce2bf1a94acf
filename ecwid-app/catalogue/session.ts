/** Plan and apply for the catalogue of one store: what is looked up is kept, what is written goes out in as few calls as possible. */

import type { z } from 'zod';
import type { Kind } from '../../connectors/commerce.ts';
import type { Draft, Outcome, Plan, PlanStep } from '../../connectors/connector.ts';
import { parseDraft } from '../../connectors/draft.ts';
import { Failure, failureOf } from '../../connectors/failure.ts';
import { createOnce } from '../../connectors/once.ts';
import type { Call } from '../calls.ts';
import type { Profile } from '../profile.ts';
import { createForest, planCategory, type Tree } from './categories.ts';
import { CategoryDraft, ProductDraft, StockDraft } from './draft.ts';
import { planProduct } from './product-plan.ts';
import { carryOut, type StoreApi } from './requests.ts';
import { createShelf, hasSku } from './shelf.ts';
import { ambiguousSku, planStock } from './stock-plan.ts';
import { termsOf } from './terms.ts';
import { Created, type StoreProduct } from './wire.ts';

const catalogueKinds = ['product', 'stock', 'category'] as const;
export type CatalogueKind = (typeof catalogueKinds)[number];
export const isCatalogue = (kind: Kind): kind is CatalogueKind => catalogueKinds.some((one) => one === kind);

export interface Catalogue {
  plan(kind: CatalogueKind, drafts: readonly Draft[]): Promise<readonly (Plan | Failure)[]>;
  apply(kind: CatalogueKind, plans: readonly Plan[]): Promise<readonly (Outcome | Failure)[]>;
}

export function openCatalogue(api: StoreApi & { profile(): Promise<Profile> }): Catalogue {
  const shelf = createShelf(api);
  const forest = createForest(api);
  const once = createOnce<number>(() => api.now());
  /** SKUs that a plan of this session is about: what is remembered of them changes when it is carried out. */
  const about = new WeakMap<Plan, readonly string[]>();

  async function planProducts(drafts: readonly Draft[]): Promise<(Plan | Failure)[]> {
    const parsed = drafts.map((draft) => fieldsOf(ProductDraft, draft));
    const good = parsed.filter(succeeded);
    const skus = good.flatMap(skusOf);
    const needsTree = good.some((fields) => Object.keys(fields.categoryNames).length > 0);
    const [terms, hits] = await Promise.all([api.profile().then(termsOf), shelf.find(skus)]);
    const planIn = (tree: Tree): (Plan | Failure)[] =>
      drafts.map((draft, index) => {
        const fields = parsed[index];
        if (fields === undefined || fields instanceof Failure) return fields ?? unreadableDraft(draft);
        try {
          const { plan, skus } = planProduct(draft, { fields, there: theOne(fields, hits), ground: { terms, tree } });
          about.set(plan, skus);
          return plan;
        } catch (error) {
          return failureOf(error);
        }
      });
    return needsTree ? inForest(planIn) : planIn(noTree);
  }

  /** In the tree at hand; what would grow there is planned again in the one that the store shows now: another process may have made it, or begun to. */
  async function inForest(planIn: (tree: Tree) => (Plan | Failure)[]): Promise<(Plan | Failure)[]> {
    const plans = planIn(await forest.tree());
    const grows = plans.some((plan) => !(plan instanceof Failure) && plan.steps.some(isNewCategory));
    return grows ? planIn(await forest.fresh()) : plans;
  }

  async function planStocks(drafts: readonly Draft[]): Promise<(Plan | Failure)[]> {
    const parsed = drafts.map((draft) => fieldsOf(StockDraft, draft));
    const hits = await shelf.find(parsed.flatMap((fields) => (fields instanceof Failure ? [] : [fields.sku])));
    return drafts.map((draft, index) => {
      const fields = parsed[index];
      if (fields === undefined || fields instanceof Failure) return fields ?? unreadableDraft(draft);
      try {
        const plan = planStock(draft, fields, hits.get(fields.sku) ?? []);
        about.set(plan, [fields.sku]);
        return plan;
      } catch (error) {
        return failureOf(error);
      }
    });
  }

  async function planCategories(drafts: readonly Draft[]): Promise<(Plan | Failure)[]> {
    const parsed = drafts.map((draft) => fieldsOf(CategoryDraft, draft));
    return inForest((tree) =>
      drafts.map((draft, index) => {
        const fields = parsed[index];
        if (fields === undefined || fields instanceof Failure) return fields ?? unreadableDraft(draft);
        return { ...planCategory(draft, fields, tree), values: { name: fields.category.name } };
      }),
    );
  }

  /** Categories first, level by level and each once, for products stand in them. */
  async function makeCategories(plans: readonly Plan[]): Promise<Map<string, number | Failure>> {
    const made = new Map<string, number | Failure>();
    const open = new Map(plans.flatMap(({ steps }) => steps.filter(isNewCategory).map((step) => [step.id, step] as const)));
    while (open.size > 0) {
      const ready = [...open.values()].filter((step) => placesIn(step).every((id) => made.has(id) || !open.has(id)));
      if (ready.length === 0) break;
      const ours: { readonly call: Call; answered(answer: unknown): void }[] = [];
      const places = ready.map((step) => {
        const call = filledIn(step, made);
        if (call instanceof Failure) return call;
        const make = async () => taken(step, call, await new Promise((answered) => ours.push({ call, answered })));
        return once(step.id, make).catch(failureOf);
      });
      const answers = await carryOut(
        api,
        ours.map(({ call }) => call),
      );
      for (const [index, { answered }] of ours.entries()) answered(answers[index]);
      for (const [index, place] of (await Promise.all(places)).entries()) {
        const { id = '' } = ready[index] ?? {};
        open.delete(id);
        made.set(id, place);
      }
    }
    return made;
  }

  /** The id of a new category. */
  function taken(step: PlanStep, call: Call, answer: unknown): number {
    const created = Created.safeParse(answer);
    if (created.success) {
      const { name, parentId } = JSON.parse(call.body ?? '{}') as { name: string; parentId?: number };
      forest.made({ id: created.data.id, name, parentId, description: '' });
      return created.data.id;
    }
    const failure = answer instanceof Failure ? answer : unreadableAnswer(step);
    if (failure.ambiguous) forest.unsure();
    throw failure;
  }

  async function apply(kind: CatalogueKind, plans: readonly Plan[]): Promise<readonly (Outcome | Failure)[]> {
    const places = await makeCategories(plans);
    const work = plans.map((plan) =>
      plan.steps.filter((step) => step.action !== 'skip' && step.request && !isNewCategory(step)).map((step) => filledIn(step, places)),
    );
    const calls = work.flatMap((list) => (list.every(succeeded) ? list : []));
    const answers = [...(await carryOut(api, calls))];
    return plans.map((plan, index) => {
      const list = work[index] ?? [];
      const impossible = list.find((call) => call instanceof Failure);
      if (impossible !== undefined) return impossible;
      const own = answers.splice(0, list.length);
      return outcomeOf({ kind, plan, answers: own, places });
    });
  }

  function outcomeOf(done: {
    kind: CatalogueKind;
    plan: Plan;
    answers: readonly unknown[];
    places: ReadonlyMap<string, number | Failure>;
  }): Outcome | Failure {
    const { kind, plan, answers, places } = done;
    const { values = {} } = plan;
    const skus = about.get(plan) ?? [];
    const categories = plan.steps.filter(isNewCategory);
    const failed = [...answers, ...categories.map(({ id }) => places.get(id))].find((answer) => answer instanceof Failure);
    const productId = Number((plan.target?.id ?? '').split('-')[0]);
    if (kind !== 'category' && productId > 0 && answers.length > 0) shelf.wrote(productId, skus);
    if (failed !== undefined) {
      if (failed.code === 'shop.exists-already' || failed.ambiguous) shelf.forget(skus);
      // The lists of another process may not show yet what was made.
      return categories.some(({ id }) => typeof places.get(id) === 'number') ? failed.as(true) : failed;
    }
    if (answers.some((answer) => answer === undefined)) {
      shelf.forget(skus);
      return vanished();
    }
    const written = plan.steps.filter(({ action }) => action !== 'skip').map(({ id }) => id);
    const settled = Object.fromEntries(
      Object.entries(values).map(([field, value]) => [field, typeof value === 'string' ? substituted(value, places) : value]),
    );
    if (plan.target) return { target: plan.target, written, values: kind === 'category' ? { ...settled, id: productId } : settled };
    const created = kind === 'category' ? places.get(categories.at(-1)?.id ?? '') : Created.safeParse(answers[0]).data?.id;
    if (typeof created !== 'number') return vanished();
    if (kind === 'category') return { target: { id: String(created) }, written, values: { ...settled, id: created } };
    shelf.wrote(created, skus);
    return { target: { id: String(created), ...(skus[0] !== undefined && { number: skus[0] }) }, written, values: settled };
  }

  return {
    plan: (kind, drafts) => ({ product: planProducts, stock: planStocks, category: planCategories })[kind](drafts),
    apply,
  };
}

const succeeded = <Value>(value: Value | Failure): value is Value => !(value instanceof Failure);

const noTree: Tree = { find: () => undefined, byId: () => undefined, add: () => undefined };

const skusOf = ({ product }: ProductDraft): string[] => [product.sku, ...product.variants.map(({ sku }) => sku)];

/** The store's product that is meant: by its own SKU, else the one that has the SKU, or a variant's, in a combination. */
function theOne(fields: ProductDraft, hits: ReadonlyMap<string, readonly StoreProduct[]>): StoreProduct | undefined {
  const { sku, variants } = fields.product;
  const own = (hits.get(sku) ?? []).filter((product) => product.sku === sku);
  if (own.length > 1) throw ambiguousSku(sku, own.length);
  const loose = variants.find(
    (variant) => variant.sku !== sku && (hits.get(variant.sku) ?? []).some((product) => product.sku === variant.sku),
  );
  if (loose !== undefined) {
    throw new Failure({
      remedy: 'fix-data',
      code: 'shop.variant-stands-alone',
      message: `${loose.sku} is a variant in the source but a product of its own in the store. Make it a variation there, or remove it.`,
      params: { sku: loose.sku },
    });
  }
  const candidates = own.length > 0 ? own : [sku, ...variants.map((variant) => variant.sku)].flatMap((one) => hits.get(one) ?? []);
  const unique = new Map(candidates.map((product) => [product.id, product]));
  if (unique.size > 1) {
    const shared = [sku, ...variants.map((variant) => variant.sku)].find((one) =>
      (hits.get(one) ?? []).some((product) => hasSku(product, one)),
    );
    throw ambiguousSku(shared ?? sku, unique.size);
  }
  const [there] = unique.values();
  if (there !== undefined || !fields.product.active || sku !== '') return there;
  throw new Failure({
    remedy: 'fix-data',
    code: 'shop.sku-missing',
    message: `Product "${fields.product.name}" has no SKU, without which the store cannot tell it again. Give it one in the source.`,
  });
}

const isNewCategory = (step: PlanStep): boolean => step.action === 'create' && step.subject === 'category';

const placePattern = /\{\{([^{}"]+)\}\}/g;
const placesIn = (step: PlanStep): string[] => [...(step.request?.body ?? '').matchAll(placePattern)].map((match) => match[1] ?? '');

function substituted(text: string, places: ReadonlyMap<string, number | Failure>): string {
  return text.replace(placePattern, (all, id: string) => (typeof places.get(id) === 'number' ? String(places.get(id)) : all));
}

function filledIn(step: PlanStep, places: ReadonlyMap<string, number | Failure>): Call | Failure {
  const failed = placesIn(step)
    .map((id) => places.get(id))
    .find((place) => place instanceof Failure);
  if (failed !== undefined) return failed;
  const [method, path = ''] = (step.request?.operation ?? '').split(' ');
  const body = (step.request?.body ?? '{}').replace(/"\{\{([^{}"]+)\}\}"/g, (all, id: string) => String(places.get(id) ?? all));
  const post = method === 'POST';
  return {
    method: post ? 'POST' : 'PUT',
    path,
    body,
    label: `${post ? 'create' : 'update'} ${step.subject.split(' ')[0]}`,
    scope: post ? 'create_catalog' : 'update_catalog',
  };
}

function fieldsOf<Data>(schema: z.ZodType<Data>, draft: Draft): Data | Failure {
  const parsed = parseDraft(schema, draft.fields);
  return parsed.success ? parsed.data : unreadableDraft(draft);
}

const unreadableDraft = (draft: Draft): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'shop.draft-unusable',
    message: `Record ${draft.id} lacks what the store needs. Complete it in the source.`,
    params: { record: draft.id },
  });

const unreadableAnswer = (step: PlanStep): Failure =>
  new Failure({
    remedy: 'retry',
    code: 'shop.unreadable-answer',
    message: `The store's answer to "${step.request?.operation ?? ''}" cannot be read.`,
    params: { call: step.request?.operation ?? '' },
    ambiguous: true,
  });

const vanished = (): Failure =>
  new Failure({
    remedy: 'retry',
    code: 'shop.record-gone',
    message: 'What was to be changed is no longer in the store. It is looked for again.',
    ambiguous: true,
  });
