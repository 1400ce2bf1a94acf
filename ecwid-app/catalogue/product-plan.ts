/** One product of the source against what the store has: which fields and combinations are written, and why others are not. Pure. */
import type { Variant } from '../../connectors/commerce.ts';
import { type Compared, compare, type Field } from '../../connectors/compare.ts';
import type { Draft, Plan, PlanNote, PlanStep } from '../../connectors/connector.ts';
import { placeholder, placeOf, type Tree } from './categories.ts';
import type { ProductDraft } from './draft.ts';
import type { Terms } from './terms.ts';
import { planVariants } from './variant-plan.ts';
import { attributeOf, type StoreProduct } from './wire.ts';
import { type ProductField, productPolicies } from './writes.ts';

export interface Planned {
  readonly plan: Plan;
  readonly skus: readonly string[];
}

export interface Ground {
  readonly terms: Terms;
  readonly tree: Tree;
}

type Moment = 'create' | 'update';

const activeVariants = ({ product }: ProductDraft): readonly Variant[] => product.variants.filter(({ active }) => active);

/** Whether the merchant wants a field written at this moment. */
function wants(fields: ProductDraft, field: ProductField, moment: Moment): boolean {
  const definition = productPolicies.find((one) => one.field === field);
  const policy = fields.policies[field] ?? definition?.default;
  const part = definition?.part === 'offer' ? fields.offer : fields.content;
  return part && policy !== 'never' && (moment === 'create' || policy === 'always');
}

/** @param there the store's product with this SKU or one of its variants', if it has one. */
export function planProduct(draft: Draft, given: { fields: ProductDraft; there: StoreProduct | undefined; ground: Ground }): Planned {
  const { fields, there, ground } = given;
  const { product } = fields;
  const skus = [product.sku, ...product.variants.map(({ sku }) => sku)].filter((sku) => sku !== '');
  const base = { id: draft.id, reference: draft.reference };
  if (there === undefined && !product.active) {
    const skip: PlanStep = { id: 'product', action: 'skip', subject: 'product', reason: 'inactive', changes: [] };
    return { plan: { ...base, steps: [skip], notes: [] }, skus };
  }
  const { compared, categories } = compareProduct(fields, { there, ground, last: draft.last });
  const variants = planVariants(fields, {
    there,
    terms: ground.terms,
    last: draft.last,
    policies: fields.policies,
    allowed: variantsAllowed(fields, there),
    priceChanges: 'price' in compared.request,
  });
  const values = { ...compared.values, ...variants.values };
  const notes = notesOf(fields, there);
  if (there === undefined) {
    const body = { ...compared.request, ...creation(fields, draft), ...variants.inCreation };
    const step: PlanStep = {
      id: 'product',
      action: 'create',
      subject: 'product',
      changes: compared.changes,
      request: {
        operation: `POST /products${variants.inCreation === undefined ? '' : '?saveCombinations=true'}`,
        body: JSON.stringify(body),
      },
    };
    return { plan: { ...base, steps: [...categories, step], notes, values }, skus };
  }
  const target = { id: String(there.id), number: there.sku };
  const writing = Object.keys(compared.request).length > 0;
  const steps: PlanStep[] = [
    ...(writing ? categories : []),
    {
      id: 'product',
      action: writing ? 'update' : 'skip',
      subject: 'product',
      targetId: target.id,
      changes: compared.changes,
      ...(writing
        ? { request: { operation: `PUT /products/${there.id}`, body: JSON.stringify(compared.request) } }
        : { reason: compared.changes.length > 0 ? 'kept' : 'unchanged' }),
    },
    ...variants.steps,
  ];
  return { plan: { ...base, target, steps, notes, values }, skus };
}

const variantsAllowed = (fields: ProductDraft, there: StoreProduct | undefined) => ({
  add: wants(fields, 'variants', there === undefined ? 'create' : 'update'),
  price: wants(fields, 'price', there === undefined ? 'create' : 'update'),
  ean: wants(fields, 'ean', there === undefined ? 'create' : 'update'),
});

/** What only a new product gets. Nothing can be sold of it until its stock is published. */
function creation({ product }: ProductDraft, draft: Draft): Readonly<Record<string, unknown>> {
  return {
    name: product.name,
    sku: product.sku,
    // Unique in the store: a lost answer cannot make a second one.
    externalReferenceId: draft.reference,
    ...(product.stocked ? { unlimited: false, quantity: 0 } : { unlimited: true }),
  };
}

function compareProduct(
  fields: ProductDraft,
  { there, ground, last }: { there: StoreProduct | undefined; ground: Ground; last: Draft['last'] },
): { compared: Compared; categories: readonly PlanStep[] } {
  const { product } = fields;
  const { terms, tree } = ground;
  const moment: Moment = there === undefined ? 'create' : 'update';
  const list: Field[] = [];
  const add = (field: ProductField, make: () => Field): void => {
    if (wants(fields, field, moment)) list.push(make());
  };
  const plain = (field: 'name' | 'description' | 'subtitle', path: string, wanted: string | undefined): Field => ({
    path,
    current: there?.[field],
    wanted,
    request: { [field]: wanted },
  });
  add('name', () => plain('name', 'product.name', product.name));
  add('longText', () => plain('description', 'product.longText', product.longText));
  add('shortText', () => plain('subtitle', 'product.shortText', product.shortText));
  const price = product.price ?? activeVariants(fields).find((variant) => variant.price !== undefined)?.price;
  if (price !== undefined) {
    add('price', () => {
      const wanted = terms.minorOf(price);
      const current = there?.price === undefined ? undefined : terms.read(there.price);
      return { path: 'product.price', current, wanted, request: { price: terms.write(wanted) } };
    });
    add('tax', () => taxField(there, terms.taxOf(price, fields.taxId)));
  }
  if (product.active || fields.deletion === 'deactivate' || there === undefined) {
    add('active', () => ({
      path: 'product.active',
      current: there?.enabled,
      wanted: product.active,
      request: { enabled: product.active },
    }));
  }
  const paths = product.categories.flatMap((category) => (fields.categoryNames[category] ? [fields.categoryNames[category]] : []));
  const places = paths.map((path) => placeOf(tree, path));
  const categories = places.flatMap(({ steps }) => steps);
  if (paths.length > 0) add('categories', () => categoriesField(there, places));
  const compared = compare(withAttributes(list, fields, there), { last, policies: fields.policies });
  const unique = [...new Map(categories.map((step) => [step.id, step])).values()];
  return { compared, categories: 'categoryIds' in compared.request ? unique : [] };
}

function taxField(there: StoreProduct | undefined, wanted: readonly number[] | undefined): Field {
  // "No tax" is a wish of its own: what is not said of a new product the store fills in itself.
  const told = (ids: readonly number[]): string => (ids.length === 0 ? 'none' : [...ids].sort((left, right) => left - right).join(','));
  const current = there?.tax?.taxable === false ? [] : (there?.tax?.enabledManualTaxes ?? []);
  return {
    path: 'product.tax',
    current: there === undefined ? undefined : told(current),
    wanted: wanted && told(wanted),
    request: { tax: { taxable: (wanted ?? []).length > 0, enabledManualTaxes: wanted } },
  };
}

function categoriesField(there: StoreProduct | undefined, places: readonly ReturnType<typeof placeOf>[]): Field {
  const ids = [...new Set(places.map(({ place }) => placeholder(place)))];
  const told = (list: readonly (number | string)[]): string => [...list].map(String).sort().join(',');
  return {
    path: 'product.categories',
    current: there && told(there.categoryIds),
    wanted: told(ids),
    request: { categoryIds: ids },
  };
}

/** Attributes are replaced as a whole, so every one that is there goes along when one of them changes. */
function withAttributes(list: readonly Field[], fields: ProductDraft, there: StoreProduct | undefined): Field[] {
  const moment: Moment = there === undefined ? 'create' : 'update';
  const wanted = {
    BRAND: wants(fields, 'brand', moment) ? fields.product.brand : undefined,
    // With variants each has its own.
    UPC: wants(fields, 'ean', moment) && fields.product.variants.length === 0 ? fields.product.ean : undefined,
  };
  const aliases = (['BRAND', 'UPC'] as const).filter((alias) => wanted[alias] !== undefined);
  const others = (there?.attributes ?? []).filter(({ type }) => !aliases.some((alias) => alias === type));
  const attributes = [
    ...others.map(({ id, name, value, show }) => ({
      ...(id === undefined ? { name } : { id }),
      value,
      ...(show !== undefined && { show }),
    })),
    ...aliases.map((alias) => ({ alias, value: wanted[alias] })),
  ];
  return [
    ...list,
    ...aliases.map(
      (alias): Field => ({
        path: alias === 'BRAND' ? 'product.brand' : 'product.ean',
        current: there && attributeOf(there, alias),
        wanted: wanted[alias],
        request: { attributes },
      }),
    ),
  ];
}

function notesOf({ product }: ProductDraft, there: StoreProduct | undefined): readonly PlanNote[] {
  const gone = product.variants.filter(({ active, sku }) => !active && there?.combinations.some((one) => one.sku === sku));
  return gone.map(({ sku }) => ({
    code: 'variant-inactive',
    message: `Variant ${sku} is discontinued. The shop can only hide whole products; publish no stock for it.`,
    params: { sku },
  }));
}
