/** Articles of the source against the variants of the shop's product. Nothing is ever removed. Pure. */

import { type Compared, compare, type Field } from '../../compare.ts';
import type { Draft, PlanStep } from '../../connector.ts';
import { type Article, hasNoNumber, variantIn } from './matching.ts';
import { titleOf } from './read-products.ts';
import type { Terms } from './terms.ts';
import type { VariantRow } from './wire.ts';

/** Stands for the variant that comes with a new product. */
export const defaultVariant = '{{product.variant}}';

interface Given {
  readonly articles: readonly Article[];
  /** Of the product that is there; none where it is made. */
  readonly variants: readonly VariantRow[];
  /** Id of the product, or the step that brings it. */
  readonly product: number | string;
  readonly several: boolean;
  /** What stands there without a number is ours. */
  readonly halfMade: boolean;
  readonly terms: Terms;
  readonly taxId: string | undefined;
  readonly last: Draft['last'];
  readonly allowed: Readonly<Record<'add' | 'price' | 'tax' | 'ean', boolean>>;
}

export function planVariants(given: Given): { steps: readonly PlanStep[]; values: Readonly<Record<string, unknown>> } {
  /** Comes with the product by itself, or was left so when an earlier attempt broke off. */
  const spare: (VariantRow | typeof defaultVariant)[] =
    given.variants.length === 0 ? [defaultVariant] : given.halfMade ? given.variants.filter(hasNoNumber) : [];
  const steps: PlanStep[] = [];
  let values: Readonly<Record<string, unknown>> = {};
  for (const article of given.articles) {
    const found = variantIn(given.variants, article) ?? (given.allowed.add ? spare.shift() : undefined);
    const planned = planOne(article, found, given);
    if (planned === undefined) continue;
    steps.push(planned.step);
    values = { ...values, ...planned.values };
  }
  return { steps, values };
}

function planOne(
  article: Article,
  found: VariantRow | typeof defaultVariant | undefined,
  given: Given,
): { step: PlanStep; values: Compared['values'] } | undefined {
  const { sku } = article;
  const id = `variant:${sku}`;
  const subject = `variant ${sku}`;
  const there = typeof found === 'object' ? found : undefined;
  if (found === undefined && !given.allowed.add) return undefined;
  const isNew = there === undefined || (given.halfMade && hasNoNumber(there));
  const compared = compare(fieldsOf(article, there, given), { last: isNew ? undefined : given.last });
  // A tax moves the other one of the two prices: the price goes along and stays.
  const price = 'tax' in compared.request && article.price !== undefined && !hasPrice(compared) ? priceBeside(article, there, given) : {};
  const owned = isNew || there.articleCode === '' ? { articleCode: sku } : {};
  const numbered = { ...owned, ...price, ...compared.request };
  if (isNew) {
    const body = { ...creation(article, given), ...numbered };
    const [operation, variant] =
      found === undefined ? ['POST variants', { product: given.product, ...body }] : [`PUT variants/${there?.id ?? defaultVariant}`, body];
    const changes = [{ field: `${id}.sku`, after: sku }, ...compared.changes];
    const request = { operation: String(operation), body: JSON.stringify({ variant }) };
    return {
      step: { id, action: 'create', subject, ...(there && { targetId: String(there.id) }), changes, request },
      values: compared.values,
    };
  }
  const common = { id, subject, targetId: String(there.id) };
  if (Object.keys(numbered).length === 0) {
    const reason = compared.changes.length > 0 ? 'kept' : 'unchanged';
    return { step: { ...common, action: 'skip', reason, changes: compared.changes }, values: compared.values };
  }
  const named = 'articleCode' in owned ? [{ field: `${id}.sku`, before: there.articleCode, after: sku }] : [];
  return {
    step: {
      ...common,
      action: 'update',
      changes: [...named, ...compared.changes],
      request: { operation: `PUT variants/${there.id}`, body: JSON.stringify({ variant: numbered }) },
    },
    values: compared.values,
  };
}

const hasPrice = ({ request }: Compared): boolean => 'priceIncl' in request || 'priceExcl' in request;

function priceBeside(article: Article, there: VariantRow | undefined, { terms, allowed }: Given): Readonly<Record<string, unknown>> {
  const stands = there && terms.current(there);
  if (stands !== undefined) return terms.request(stands);
  return article.price === undefined || !allowed.price ? {} : terms.request(terms.wanted(article.price));
}

/** What only a new variant gets. Nothing can be sold of it until its stock is published. */
const creation = (article: Article, { several }: Given) => ({
  ...(several && { title: article.attributes.length === 0 ? article.name : titleOf(article.attributes) }),
  ...(article.stocked ? { stockTracking: 'enabled', stockLevel: 0 } : { stockTracking: 'disabled' }),
});

function fieldsOf({ sku, price, ean }: Article, there: VariantRow | undefined, { terms, allowed, taxId }: Given): Field[] {
  const list: Field[] = [];
  const path = (name: string): string => `variant:${sku}.${name}`;
  if (price !== undefined && allowed.tax) {
    const wanted = terms.taxOf(price, taxId);
    list.push({ path: path('tax'), current: there?.tax, wanted, request: { tax: wanted } });
  }
  if (price !== undefined && allowed.price) {
    const wanted = terms.wanted(price);
    list.push({ path: path('price'), current: there && terms.current(there), wanted, request: terms.request(wanted) });
  }
  if (ean !== undefined && allowed.ean) list.push({ path: path('ean'), current: there?.ean, wanted: ean, request: { ean } });
  return list;
}
