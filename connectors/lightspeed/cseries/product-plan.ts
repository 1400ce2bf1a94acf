/** One product of the source against what the shop has: which requests it takes, and why others are not made. Pure. */
import { createHash } from 'node:crypto';
import { type Compared, compare, type Field } from '../../compare.ts';
import type { Draft, Plan, PlanNote, PlanStep } from '../../connector.ts';
import type { ProductDraft } from '../drafts.ts';
import { type ProductField, productPolicies } from '../flow-settings.ts';
import { placeholder, placeOf, type Tree } from './categories.ts';
import type { Good } from './goods.ts';
import { type Article, variantIn } from './matching.ts';
import type { Terms } from './terms.ts';
import { planVariants } from './variant-plan.ts';
import { isVisible, type RelationRow } from './wire.ts';

export interface Ground {
  readonly terms: Terms;
  readonly tree: Tree;
  readonly brands: ReadonlyMap<number, string>;
}

export interface Given {
  readonly fields: ProductDraft;
  readonly articles: readonly Article[];
  /** The shop's product, if it has it. */
  readonly there: Good | undefined;
  /** It is what an earlier attempt left half made: nothing in it is anybody's edit. */
  readonly halfMade: boolean;
  readonly relations: readonly RelationRow[];
  readonly ground: Ground;
}

type Moment = 'create' | 'update';

/** Whether the merchant wants a field written at this moment. */
export function wants(fields: ProductDraft, field: ProductField, moment: Moment): boolean {
  const definition = productPolicies.find((one) => one.field === field);
  const policy = fields.policies[field] ?? definition?.default;
  const part = definition?.part === 'offer' ? fields.offer : fields.content;
  return part && policy !== 'never' && (moment === 'create' || policy === 'always');
}

export const momentOf = ({ there, halfMade }: Pick<Given, 'there' | 'halfMade'>): Moment =>
  there === undefined || halfMade ? 'create' : 'update';

export function planProduct(draft: Draft, given: Given): Plan {
  const { fields, there, articles } = given;
  const base = { id: draft.id, reference: draft.reference, notes: notesOf(given) };
  if (there === undefined && (!fields.product.active || articles.length === 0)) {
    return { ...base, steps: [{ id: 'product', action: 'skip', subject: 'product', reason: 'inactive', changes: [] }] };
  }
  const moment = momentOf(given);
  const last = moment === 'create' ? undefined : draft.last;
  const brand = brandOf(given);
  const compared = compare(fieldsOf(given, brand.id), { last });
  const variants = planVariants({
    articles,
    variants: there?.variants ?? [],
    product: there?.product.id ?? '{{product}}',
    several: fields.product.variants.length > 0,
    halfMade: given.halfMade,
    terms: given.ground.terms,
    taxId: fields.taxId,
    last,
    allowed: {
      add: moment === 'create' || wants(fields, 'variants', moment),
      price: wants(fields, 'price', moment),
      tax: wants(fields, 'tax', moment),
      ean: wants(fields, 'ean', moment),
    },
  });
  const links = planLinks(given, draft);
  const values = { ...compared.values, ...variants.values, ...links.values };
  const brandSteps = 'brand' in compared.request ? brand.steps : [];
  const before = [...links.places, ...brandSteps];
  if (there === undefined) {
    const { visibility, ...request } = compared.request as Record<string, unknown>;
    const product = { title: fields.product.name, ...request, visibility: 'hidden' };
    const create: PlanStep = {
      id: 'product',
      action: 'create',
      subject: 'product',
      changes: compared.changes,
      request: { operation: 'POST products', body: JSON.stringify({ product }) },
    };
    // Nobody can buy it half made: it is shown when it has its price.
    return { ...base, values, steps: [...before, create, ...variants.steps, ...links.steps, ...shown('{{product}}', visibility)] };
  }
  const { id } = there.product;
  const writing = Object.keys(compared.request).length > 0;
  const own: PlanStep = {
    id: 'product',
    action: writing ? 'update' : 'skip',
    subject: 'product',
    targetId: String(id),
    changes: compared.changes,
    ...(writing
      ? { request: { operation: `PUT products/${id}`, body: JSON.stringify({ product: compared.request }) } }
      : { reason: compared.changes.length > 0 ? 'kept' : 'unchanged' }),
  };
  const target = { id: String(id), ...(articles[0] !== undefined && { number: fields.product.sku || articles[0].sku }) };
  const late = given.halfMade ? [...variants.steps, ...links.steps, own] : [own, ...variants.steps, ...links.steps];
  return { ...base, target, values, steps: [...before, ...late] };
}

function shown(id: string, visibility: unknown): PlanStep[] {
  if (visibility !== 'visible') return [];
  const body = JSON.stringify({ product: { visibility } });
  return [{ id: 'shown', action: 'update', subject: 'visibility', changes: [], request: { operation: `PUT products/${id}`, body } }];
}

function fieldsOf(given: Given, brand: number | string | undefined): Field[] {
  const { fields, there, ground } = given;
  const { product } = fields;
  const moment = momentOf(given);
  const list: Field[] = [];
  const add = (field: ProductField, make: () => Omit<Field, 'path'>): void => {
    if (wants(fields, field, moment)) list.push({ path: `product.${field}`, ...make() });
  };
  add('name', () => ({ current: there?.product.title, wanted: product.name, request: { title: product.name } }));
  add('shortText', () => ({
    current: there?.product.description,
    wanted: product.shortText,
    request: { description: product.shortText },
  }));
  add('longText', () => ({ current: there?.product.content, wanted: product.longText, request: { content: product.longText } }));
  add('brand', () => ({
    current: there && (ground.brands.get(there.product.brand ?? 0) ?? ''),
    wanted: product.brand,
    request: { brand },
  }));
  if (product.active || fields.deletion === 'deactivate' || there === undefined) {
    add('active', () => ({
      current: there && isVisible(there.product),
      wanted: product.active,
      request: { visibility: product.active ? 'visible' : 'hidden' },
    }));
  }
  return list;
}

function brandOf({ fields, ground }: Given): { id: number | string | undefined; steps: readonly PlanStep[] } {
  const title = fields.product.brand?.trim();
  if (title === undefined || title === '') return { id: undefined, steps: [] };
  const known = [...ground.brands].find(([, name]) => name.toLowerCase() === title.toLowerCase());
  if (known !== undefined) return { id: known[0], steps: [] };
  const id = `brand:${createHash('sha256').update(title).digest('hex').slice(0, 16)}`;
  const request = { operation: 'POST brands', body: JSON.stringify({ brand: { title } }) };
  return { id: `{{${id}}}`, steps: [{ id, action: 'create', subject: 'brand', changes: [{ field: 'brand', after: title }], request }] };
}

/** Categories that we put the product into and that it left in the source are taken out again; those of the merchant stay. */
function planLinks(given: Given, draft: Draft): { places: readonly PlanStep[]; steps: readonly PlanStep[]; values: Compared['values'] } {
  const { fields, there, relations, ground } = given;
  const { product, categoryNames } = fields;
  const nothing = { places: [], steps: [], values: {} };
  const told = draft.last?.['product.categories'];
  if (!wants(fields, 'categories', momentOf(given)))
    return typeof told === 'string' ? { ...nothing, values: { 'product.categories': told } } : nothing;
  const root = Number(fields.policy.rootCategory ?? 0);
  const paths = product.categories.flatMap((category) => (categoryNames[category] ? [categoryNames[category]] : []));
  const places = paths.map((path) => placeOf(ground.tree, path, root));
  const wanted = [...new Set(places.map(({ place }) => placeholder(place)))];
  const ours = typeof told === 'string' ? told.split(',').filter((id) => id !== '') : [];
  const inside = relations.flatMap(({ category }) => (category === undefined ? [] : [category]));
  const missing = wanted.filter((id) => typeof id === 'string' || !inside.includes(id));
  const left = relations.filter(({ category }) => category !== undefined && ours.includes(String(category)) && !wanted.includes(category));
  const owner = there?.product.id ?? '{{product}}';
  const steps = [
    ...missing.map(
      (category): PlanStep => ({
        id: `link:${String(category).replace(/[{}]/g, '')}`,
        action: 'create',
        subject: 'category link',
        changes: [{ field: 'product.categories', after: nameOf(category) }],
        request: { operation: 'POST categories/products', body: JSON.stringify({ categoriesProduct: { category, product: owner } }) },
      }),
    ),
    ...left.map(
      ({ id, category }): PlanStep => ({
        id: `unlink:${id}`,
        action: 'update',
        subject: 'category link',
        changes: [{ field: 'product.categories', before: nameOf(category ?? 0) }],
        request: { operation: `DELETE categories/products/${id}`, body: '' },
      }),
    ),
  ];
  const unique = [...new Map(places.flatMap((place) => place.steps).map((step) => [step.id, step])).values()];
  return { places: unique, steps, values: { 'product.categories': wanted.join(',') } };

  function nameOf(category: number | string): string {
    const found = typeof category === 'number' ? ground.tree.byId(category)?.title : undefined;
    const path = paths[places.findIndex(({ place }) => placeholder(place) === category)];
    return found ?? path?.join(' › ') ?? String(category);
  }
}

function notesOf({ fields, there }: Given): readonly PlanNote[] {
  const gone = fields.product.variants.filter((variant) => !variant.active && there && variantIn(there.variants, variant) !== undefined);
  return gone.map(({ sku }) => ({
    code: 'variant-inactive',
    message: `Variant ${sku} is discontinued. Lightspeed can only hide whole products; publish no stock for it.`,
    params: { sku },
  }));
}
