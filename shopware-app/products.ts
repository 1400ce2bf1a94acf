/** Plans products: what is to be created, changed or left alone, with every row under an id of its own. Never writes. */

import type { Draft, PlanStep } from '../connectors/connector.ts';
import { parseDraft } from '../connectors/draft.ts';
import { Failure, failureOf } from '../connectors/failure.ts';
import { ProductDraft } from './catalogue-draft.ts';
import type { CatalogueRow } from './catalogue-rows.ts';
import { createSheet } from './field-sheet.ts';
import { nameKey } from './ids.ts';
import { checkCurrency, pricedFields, worthOf } from './prices.ts';
import { contentOf } from './product-content.ts';
import { type Ground, type Look, lookAt } from './product-look.ts';
import { activeField, type Baggage, eanField, misplaced, policyOf, stepOf, type Task } from './product-parts.ts';
import { type CataloguePlan, type Json, requestOf, type SyncRow } from './sync.ts';
import { planVariants } from './variants.ts';

/** One plan or Failure per draft. Throws when the shop cannot be read. */
export async function planProducts(ground: Ground, drafts: readonly Draft[]): Promise<(CataloguePlan | Failure)[]> {
  const seen = new Map<string, string>();
  const tasks = drafts.map((draft): Task | Failure => {
    const parsed = parseDraft(ProductDraft, draft.fields);
    if (!parsed.success) return unusable(draft, parsed.error.issues[0]?.path.join('.') ?? '');
    const { product } = parsed.data;
    for (const sku of new Set([product.sku, ...product.variants.map((variant) => variant.sku)])) {
      const other = seen.get(nameKey(sku));
      if (other !== undefined && other !== draft.id) return twice(sku);
      seen.set(nameKey(sku), draft.id);
    }
    const last = draft.last ?? {};
    return { draft, last, fields: parsed.data, ids: typeof last.id === 'string' ? [last.id] : [] };
  });
  const look = await lookAt(
    ground,
    tasks.filter((task): task is Task => !(task instanceof Failure)),
  );
  return tasks.map((task) => {
    if (task instanceof Failure) return task;
    try {
      return planOne(task, look, ground);
    } catch (error) {
      return failureOf(error);
    }
  });
}

function planOne(task: Task, look: Look, ground: Ground): CataloguePlan {
  const { fields, draft } = task;
  const { product } = fields;
  const own = ground.idOf('product', nameKey(product.sku));
  const row = look.find(product.sku, [own, ...task.ids]);
  const id = row?.id ?? own;
  const grouping = product.variants.length > 0;
  const base = { id: draft.id, reference: draft.reference, target: { id, number: product.sku } };
  if (row === undefined && !(grouping ? product.active && product.variants.some(({ active }) => active) : product.active)) {
    return {
      ...base,
      notes: [],
      values: {},
      steps: [{ id: 'product', action: 'skip', subject: 'product', reason: 'inactive', changes: [] }],
    };
  }
  if (grouping && row?.parentId) throw misplaced(product.sku, 'is itself a variant of another product');
  const sheet = createSheet({ creating: row === undefined, last: task.last, policyOf: policyOf(fields) });
  sheet.values.id = id;
  const baggage: Baggage = { references: [], removals: [], notes: [] };
  const parent = row?.parentId ? look.find('', [row.parentId]) : undefined;
  const price = product.price ?? (grouping ? product.variants.find(({ price: own }) => own !== undefined)?.price : undefined);
  checkCurrency(price, { currency: look.currency, sku: product.sku });
  if (row === undefined && price === undefined) throw priceless(product.sku);
  const now = worthOf(row, parent && worthOf(parent));
  const priced = pricedFields(sheet, { wanted: price, now, after: now, ...(row === undefined && { required: true }) }, look);
  const written: Record<string, unknown> = {
    ...priced,
    // A variant that the source knows as an article of its own keeps its parent's texts and places.
    ...(row?.parentId ? {} : contentOf(sheet, { fields, row, id, look, ground, baggage })),
    ...eanField(sheet, product.ean, row),
    ...activeField(sheet, { fields, active: product.active, current: row?.active ?? parent?.active ?? (row && true) }),
  };
  const after = { price: priced.price ?? now.price, taxId: priced.taxId ?? now.taxId };
  const variants = grouping
    ? planVariants(task, { look, ground, baggage, parent: { id, row, now, after, active: activeOf(written, row) } })
    : { steps: [], settings: [], values: {} };
  if (variants.settings.length > 0) written.configuratorSettings = variants.settings;
  if (row === undefined) {
    Object.assign(written, { productNumber: product.sku, stock: 0, ...(fields.closeout && product.stocked && { isCloseout: true }) });
  } else if (nameKey(row.productNumber) !== nameKey(product.sku)) {
    sheet.changes.push({ field: 'productNumber', before: row.productNumber, after: product.sku, kept: { ours: product.sku } });
  }
  const steps = [
    ...referenceSteps(baggage.references),
    stepOf('product', { id, written, creating: row === undefined, changes: sheet.changes, removals: baggage.removals }),
    ...variants.steps,
  ];
  return { ...base, steps, notes: baggage.notes, values: { ...sheet.values, ...variants.values } };
}

function referenceSteps(rows: readonly SyncRow[]): PlanStep[] {
  const unique = new Map(rows.map((row) => [String(row.row.id), row]));
  return [...unique].map(([id, { entity, action, row }]) => ({
    id: `${entity}-${id}`,
    action: 'create',
    subject: entity,
    targetId: id,
    changes: [{ field: 'name', after: row.name }],
    request: requestOf([{ entity, action, row }]),
  }));
}

function activeOf(written: Json, row: CatalogueRow | undefined): { readonly now: boolean | undefined; readonly after: boolean } {
  const now = row === undefined ? undefined : (row.active ?? true);
  return { now, after: typeof written.active === 'boolean' ? written.active : (now ?? true) };
}

const priceless = (sku: string): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'shopware.price-missing',
    message: `The article ${sku} has no price, and Shopware takes no product without one. Give it a price.`,
    params: { record: sku },
  });

const twice = (sku: string): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'shopware.number-twice',
    message: `The number ${sku} is used by two articles. Give each its own.`,
    params: { record: sku },
  });

const unusable = (draft: Draft, field: string): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'shopware.draft-unusable',
    message: `The record ${draft.id} cannot be used because of its field ${field}.`,
    params: { record: draft.id, field },
  });
