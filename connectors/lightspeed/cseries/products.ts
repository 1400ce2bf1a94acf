/** Plan and apply for products and categories: what is looked up for a batch is looked up once. */
import type { Draft, Outcome, Plan } from '../../connector.ts';
import { attempt, Failure, failureOf } from '../../failure.ts';
import { drafted } from '../drafted.ts';
import { CategoryDraft, ProductDraft } from '../drafts.ts';
import { carryOut, isShared } from './carry-out.ts';
import { type Forest, planCategory, type Tree } from './categories.ts';
import type { Good, Goods } from './goods.ts';
import { succeeded, unwrapped } from './listing.ts';
import { type Article, articlesOf, hasNoNumber, keysOf, theProduct } from './matching.ts';
import { type Ground, momentOf, planProduct, wants } from './product-plan.ts';
import type { Shop } from './shop.ts';
import { termsOf } from './terms.ts';
import { CategoryRow, isVisible, VariantRow } from './wire.ts';

interface Wanted {
  readonly draft: Draft;
  readonly fields: ProductDraft;
  readonly articles: readonly Article[];
  /** Product in the shop, where it is known. */
  readonly productId: number | undefined;
}

export async function planProducts(
  shop: Shop,
  { goods, forest }: { goods: Goods; forest: Forest },
  drafts: readonly Draft[],
): Promise<(Plan | Failure)[]> {
  const wanted = await located(shop, drafts);
  const good = wanted.filter(succeeded);
  if (good.length === 0) return wanted.map((one) => one as Failure);
  const [there, facts, taxes, brands, tree, halfMade] = await Promise.all([
    goods.read(good.flatMap(({ productId }) => productId ?? [])),
    shop.facts(),
    shop.taxes(),
    shop.brands(),
    forest.tree(),
    interrupted(
      shop,
      goods,
      good.filter(({ productId, fields }) => productId === undefined && fields.product.active),
    ),
  ]);
  const linked = good.filter(({ productId, fields }) => productId !== undefined && wants(fields, 'categories', 'update'));
  const relations = await goods.relations(linked.flatMap(({ productId }) => productId ?? []));
  const planWith = (lists: Pick<Ground, 'tree' | 'brands'>): (Plan | Failure)[] => {
    const left = new Map(halfMade);
    return wanted.map((one) => {
      if (one instanceof Failure) return one;
      const { draft, fields, articles, productId } = one;
      const title = fields.product.name.trim();
      const found = productId === undefined ? left.get(title) : there.get(productId);
      // Of two with one title only the first takes it up.
      if (productId === undefined) left.delete(title);
      const state = { there: found, halfMade: productId === undefined && found !== undefined };
      try {
        return planProduct(draft, {
          ...state,
          fields,
          articles,
          relations: momentOf(state) === 'create' ? [] : (relations.get(productId ?? 0) ?? []),
          ground: { ...lists, terms: termsOf({ currency: facts.currency, taxes, side: fields.policy.prices }) },
        });
      } catch (error) {
        return failureOf(error);
      }
    });
  };
  const plans = planWith({ tree, brands });
  if (!plans.some(makesShared)) return plans;
  const [freshTree, freshBrands] = await Promise.all([forest.tree(freshMs), shop.brands(freshMs)]);
  return planWith({ tree: freshTree, brands: freshBrands });
}

/** What several products need is made only after a look at lists no older than this: another process may have made it. */
const freshMs = 1_000;
const makesShared = (plan: Plan | Failure): boolean => !(plan instanceof Failure) && plan.steps.some(isShared);

async function located(shop: Shop, drafts: readonly Draft[]): Promise<(Wanted | Failure)[]> {
  const read = drafts.map((draft) =>
    attempt(() => {
      const fields = drafted(ProductDraft, draft);
      const { product } = fields;
      // One that is discontinued still tells which product is meant.
      const named = product.variants.length === 0 ? [product] : product.variants;
      return { draft, fields, articles: articlesOf(fields), named: named.filter(({ sku }) => sku !== '') };
    }),
  );
  const good = read.filter(succeeded);
  const found = await shop.shelf.find(good.flatMap(({ named }) => keysOf(named)));
  let at = 0;
  return read.map((one) => {
    if (one instanceof Failure) return one;
    const hits = found.slice(at, at + one.named.length);
    at += one.named.length;
    try {
      const known = theProduct(
        one.named.map((article) => ({ ...article, attributes: [] })),
        hits,
      );
      return { draft: one.draft, fields: one.fields, articles: one.articles, productId: known };
    } catch (error) {
      return failureOf(error);
    }
  });
}

/** Products that an earlier attempt made and could not number any more: hidden, of the same title, and no variant has a number. */
async function interrupted(shop: Shop, goods: Goods, wanted: readonly Wanted[]): Promise<Map<string, Good>> {
  if (wanted.length === 0) return new Map();
  const titles = new Set(wanted.map(({ fields }) => fields.product.name.trim()));
  const nameless = shop.shelf.nameless();
  const ids =
    nameless === undefined
      ? (await Promise.all([...titles].map((title) => goods.titled(title))))
          .flat()
          .filter((row) => !isVisible(row))
          .map(({ id }) => id)
      : [...nameless];
  const found = new Map<string, Good>();
  for (const good of (await goods.read(ids)).values()) {
    const { product, variants } = good;
    if (titles.has(product.title) && !isVisible(product) && variants.length > 0 && variants.every(hasNoNumber))
      found.set(product.title, good);
  }
  return found;
}

export async function applyProducts(
  shop: Shop,
  { goods, forest }: { goods: Goods; forest: Forest },
  plans: readonly Plan[],
): Promise<(Outcome | Failure)[]> {
  const tree = await forest.tree();
  const results = await carryOut(shop, plans, (_, { outcome, answers }) => {
    for (const [step, answer] of answers) {
      if (step.startsWith('category:')) tree.put(unwrapped(CategoryRow, answer, 'create category'));
      else if (step.startsWith('brand:')) shop.forgetBrands();
      else if (step.startsWith('variant:')) learn(shop, answer);
      else if (step.startsWith('link:')) goods.forgetRelations();
    }
    if (outcome.written.some((step) => step.startsWith('unlink:'))) goods.forgetRelations();
    return outcome;
  });
  // What broke off may have made something: it is read again.
  if (results.some((result) => result instanceof Failure)) {
    forest.forget();
    shop.forgetBrands();
    goods.forgetRelations();
  }
  return results;
}

function learn(shop: Shop, answer: unknown): void {
  const row = unwrapped(VariantRow, answer, 'write variant');
  if (row.product !== undefined) shop.shelf.learn(row);
}

export async function planCategories(forest: Forest, drafts: readonly Draft[]): Promise<(Plan | Failure)[]> {
  const planIn = (tree: Tree): (Plan | Failure)[] =>
    drafts.map((draft) => attempt(() => planCategory(draft, drafted(CategoryDraft, draft), tree)));
  const plans = planIn(await forest.tree());
  return plans.some(makesShared) ? planIn(await forest.tree(freshMs)) : plans;
}

export async function applyCategories(shop: Shop, forest: Forest, plans: readonly Plan[]): Promise<(Outcome | Failure)[]> {
  const tree = await forest.tree();
  const results = await carryOut(shop, plans, (plan, { outcome, answers }) => {
    for (const answer of answers.values()) tree.put(unwrapped(CategoryRow, answer, 'write category'));
    return { ...outcome, values: { ...plan.values, id: Number(outcome.target.id) } };
  });
  if (results.some((result) => result instanceof Failure)) forest.forget();
  return results;
}
