/** Plans for products: what of them stands there, what differs, and what the merchant lets us write. Never writes. */

import { compare } from '../../compare.ts';
import type { Draft, FieldChange, Plan, PlanNote, PlanStep } from '../../connector.ts';
import { Failure, failureOf } from '../../failure.ts';
import { drafted } from '../drafted.ts';
import { ProductDraft } from '../drafts.ts';
import { type Attribute, readAttributes } from './attributes.ts';
import { readTree, type Tree } from './categories.ts';
import { ambiguousSku, familyOf } from './goods.ts';
import { planCreation } from './product-create.ts';
import { commonFields, detailFields, type Ground, type Unit, unitsOf } from './product-fields.ts';
import { productUpdate } from './product-requests.ts';
import type { Store } from './retailer.ts';
import type { ProductRow } from './wire.ts';

/** One plan or Failure per draft. The products are looked at once for all of them. */
export async function planProducts(store: Store, drafts: readonly Draft[]): Promise<(Plan | Failure)[]> {
  const parsed = drafts.map((source) => {
    try {
      return { source, draft: drafted(ProductDraft, source) };
    } catch (error) {
      return failureOf(error);
    }
  });
  const good = parsed.flatMap((item) => (item instanceof Failure ? [] : [item]));
  if (good.length === 0) return parsed.map((item) => item as Failure);
  const [profile, taxes, brands, outlets, dated] = await Promise.all([
    store.profile(),
    store.taxes(),
    store.brands(),
    store.outlets(),
    store.dated(),
    store.goods.sync(),
  ]);
  const needsTree = good.some(({ draft }) => draft.product.categories.some((id) => draft.categoryNames[id] !== undefined));
  const tree: Tree = needsTree ? await readTree(store) : { rows: [], child: () => undefined };
  const attributes: readonly Attribute[] = good.some(({ draft }) => draft.product.variants.length > 0) ? await readAttributes(store) : [];
  const ground: Ground = {
    currency: profile.code,
    taxExclusive: profile.tax_exclusive === true,
    taxes,
    brands,
    outlets,
    tree,
    attributes,
    dated,
  };
  const planWith = (known: Ground): (Plan | Failure)[] =>
    parsed.map((item) => {
      if (item instanceof Failure) return item;
      try {
        return planOne(store, item, known);
      } catch (error) {
        return failureOf(error);
      }
    });
  const plans = planWith(ground);
  if (!plans.some(makesBrand)) return plans;
  // Another process may have made it since the list was read.
  store.forgetBrands();
  return planWith({ ...ground, brands: await store.brands() });
}

const makesBrand = (plan: Plan | Failure): boolean =>
  !(plan instanceof Failure) && plan.steps.some(({ action, subject }) => action === 'create' && subject === 'brand');

interface Parsed {
  readonly source: Draft;
  readonly draft: ProductDraft;
}

interface Met {
  readonly unit: Unit;
  readonly row: ProductRow;
  readonly byCode: boolean;
}

function planOne(store: Store, { source, draft }: Parsed, ground: Ground): Plan {
  checkCurrency(draft, ground);
  const units = unitsOf(draft);
  const found = units.map((unit) => ({ unit, ...rowFor(store, unit, units.length === 1 ? source.known : undefined) }));
  const met = found.flatMap((item): Met[] => (item.row === undefined ? [] : [{ unit: item.unit, row: item.row, byCode: item.byCode }]));
  const plan = { id: source.id, reference: source.reference };
  if (met.length === 0) {
    if (!draft.product.active)
      return { ...plan, notes: [], steps: [{ id: 'product', action: 'skip', subject: 'product', reason: 'inactive', changes: [] }] };
    return planCreation(source, { draft, units: units.filter(({ active }) => active), ground });
  }
  const families = [...new Set(met.map(({ row }) => familyOf(row)))];
  const [family] = families;
  const head = met.find(({ row }) => row.id === family) ?? met[0];
  if (head === undefined || family === undefined) throw new RangeError('a product was met and is gone');
  const values: Record<string, unknown> = {};
  const extra: PlanStep[] = [];
  const steps = met.map((item, index): PlanStep => {
    // The texts are those of the whole family; products that the store keeps apart have texts of their own there.
    const common = item === head && families.length === 1 ? commonFields(draft, { row: item.row, ground, steps: extra }) : [];
    return stepOf(item, { draft, ground, last: source.last, common, values, id: index === 0 ? 'product' : `product-${index + 1}` });
  });
  const used = (step: PlanStep): boolean => [...steps, ...extra].some(({ request }) => request?.body.includes(`{{${step.id}}}`));
  return {
    ...plan,
    target: { id: head.row.id, ...(head.row.sku !== undefined && { number: head.row.sku }) },
    steps: [...extra.filter(used), ...steps],
    values,
    notes: notesOf(found, met),
  };
}

/** By SKU, else by the barcode where exactly one product has it, else by what the ledger knows. */
function rowFor(store: Store, unit: Unit, known: string | undefined): { row: ProductRow | undefined; byCode: boolean } {
  const { goods } = store;
  const [row, ...more] = unit.sku === '' ? [] : goods.withSku(unit.sku);
  if (more.length > 0) throw ambiguousSku(unit.sku, more.length + 1);
  if (row !== undefined) return { row, byCode: false };
  const coded = unit.ean === undefined ? [] : goods.withCode(unit.ean);
  if (coded.length === 1) return { row: coded[0], byCode: true };
  return { row: known === undefined ? undefined : goods.withId(known), byCode: false };
}

interface StepContext {
  readonly id: string;
  readonly draft: ProductDraft;
  readonly ground: Ground;
  readonly last: Draft['last'];
  readonly common: ReturnType<typeof commonFields>;
  readonly values: Record<string, unknown>;
}

function stepOf({ unit, row }: Met, { id, draft, ground, last, common, values }: StepContext): PlanStep {
  const compared = compare([...common, ...detailFields(draft, { unit, row, ground })], { last });
  Object.assign(values, compared.values);
  const changes: FieldChange[] = [...compared.changes];
  if (unit.sku !== '' && row.sku !== undefined && row.sku !== unit.sku) {
    changes.push({ field: `${unit.path}.sku`, before: row.sku, after: unit.sku, kept: { ours: unit.sku } });
  }
  const step = { id, subject: 'product', targetId: row.id, changes } as const;
  if (Object.keys(compared.request).length === 0) return { ...step, action: 'skip', reason: changes.length > 0 ? 'kept' : 'unchanged' };
  return { ...step, action: 'update', request: productUpdate(row.id, nested(compared.request), ground.dated) };
}

/** `common.name` and `details.price_including_tax` as the two parts of the request. */
function nested(request: Readonly<Record<string, unknown>>): { common?: Record<string, unknown>; details?: Record<string, unknown> } {
  const parts: { common?: Record<string, unknown>; details?: Record<string, unknown> } = {};
  for (const [path, value] of Object.entries(request)) {
    const part = path.startsWith('common.') ? 'common' : 'details';
    parts[part] = { ...parts[part], [path.slice(part.length + 1)]: value };
  }
  return parts;
}

function notesOf(found: readonly { unit: Unit; row: ProductRow | undefined }[], met: readonly Met[]): PlanNote[] {
  return [
    ...met.flatMap(({ unit, byCode }) =>
      byCode
        ? [{ code: 'matched-by-barcode', message: `Product ${unit.sku} was recognised by its barcode.`, params: { sku: unit.sku } }]
        : [],
    ),
    ...found.flatMap(({ unit, row }) =>
      row === undefined && unit.active
        ? [
            {
              code: 'variant-not-added',
              message: `Lightspeed has the product, but not its variant ${unit.sku}. Add the variant there; it is kept up to date from then on.`,
              params: { sku: unit.sku },
            },
          ]
        : [],
    ),
  ];
}

function checkCurrency({ product }: ProductDraft, { currency }: Ground): void {
  const other = [product, ...product.variants].find(({ price }) => price !== undefined && price.currency.toUpperCase() !== currency);
  if (other === undefined) return;
  throw new Failure({
    remedy: 'fix-data',
    code: 'lightspeed.price-currency',
    message: `The price of ${other.sku} is in ${other.price?.currency ?? ''}, Lightspeed counts in ${currency}.`,
    params: { sku: other.sku, currency: other.price?.currency ?? '', till: currency },
  });
}
