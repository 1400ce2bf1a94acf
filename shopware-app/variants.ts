/** Plans the variants of one product: children that inherit what they share, and the settings by which a buyer chooses among them. */
import type { PlanStep } from '../connectors/connector.ts';
import { Failure } from '../connectors/failure.ts';
import type { CatalogueRow } from './catalogue-rows.ts';
import { shownName } from './catalogue-rows.ts';
import { createSheet } from './field-sheet.ts';
import { nameKey } from './ids.ts';
import { checkCurrency, pricedFields, type Worth, worthOf } from './prices.ts';
import type { Ground, Look } from './product-look.ts';
import { activeField, type Baggage, eanField, misplaced, policyOf, stepOf, type Task } from './product-parts.ts';
import type { Json, SyncRow } from './sync.ts';

export interface Parent {
  readonly id: string;
  readonly row: CatalogueRow | undefined;
  /** What it costs now, and once the plan is carried out. */
  readonly now: Worth;
  readonly after: Worth;
  readonly active: { readonly now: boolean | undefined; readonly after: boolean };
}

export interface PlannedVariants {
  readonly steps: readonly PlanStep[];
  /** New configurator settings of the parent. */
  readonly settings: readonly Json[];
  readonly values: Readonly<Record<string, unknown>>;
}

type Where = { readonly look: Look; readonly ground: Ground; readonly baggage: Baggage; readonly parent: Parent };

/** Throws fix-data for a variant without attributes or one that stands elsewhere in the shop. */
export function planVariants(task: Task, where: Where): PlannedVariants {
  const { look, ground, baggage, parent } = where;
  const values: Record<string, unknown> = {};
  const steps: PlanStep[] = [];
  const used = new Set<string>();
  const kept = new Set<string>();
  for (const variant of task.fields.product.variants) {
    const own = ground.idOf('product', nameKey(variant.sku));
    const row = look.find(variant.sku, [own]);
    if (row !== undefined && row.parentId !== parent.id)
      throw misplaced(variant.sku, row.parentId ? 'belongs to another product' : 'stands alone');
    if (row !== undefined) kept.add(row.id);
    // A variant that was discontinued before it ever stood in the shop.
    if (row === undefined && !variant.active) continue;
    steps.push(planVariant(task, where, { variant, row, id: row?.id ?? own, used, values }));
  }
  const gone = look.childrenOf(parent.id).filter(({ id }) => !kept.has(id));
  const ours = ({ id, productNumber }: CatalogueRow): boolean => id === ground.idOf('product', nameKey(productNumber));
  for (const row of gone.filter(ours)) steps.push(...switchOff(task, row, { parent, values }));
  // Variants that the merchant made stay, and so does what is chosen by.
  for (const row of gone.filter((one) => !ours(one))) for (const option of row.options) used.add(option.id);

  const present = parent.row?.configuratorSettings ?? [];
  const settings = [...used]
    .filter((optionId) => !present.some((setting) => setting.optionId === optionId))
    .map((optionId) => ({ id: ground.idOf('product_configurator_setting', parent.id, optionId), optionId }));
  const before = new Set(look.childrenOf(parent.id).flatMap(({ options }) => options.map(({ id }) => id)));
  for (const { id, optionId } of present) {
    // A setting that no variant has ever had is the merchant's own.
    if (!used.has(optionId) && before.has(optionId))
      baggage.removals.push({ entity: 'product_configurator_setting', action: 'delete', row: { id } });
  }
  return { steps, settings, values };
}

interface One {
  readonly variant: Task['fields']['product']['variants'][number];
  readonly row: CatalogueRow | undefined;
  readonly id: string;
  /** Options by which a buyer can choose, filled here. */
  readonly used: Set<string>;
  readonly values: Record<string, unknown>;
}

function planVariant(task: Task, { look, baggage, parent }: Where, { variant, row, id, used, values }: One): PlanStep {
  const { fields } = task;
  const traits = variant.attributes
    .filter(({ name, value }) => name.trim() !== '' && value.trim() !== '')
    .map((trait) => look.option(trait));
  if (traits.length === 0) {
    throw new Failure({
      remedy: 'fix-data',
      code: 'shopware.variant-without-option',
      message: `The variant ${variant.sku} has nothing that tells it from its siblings, such as a colour or a size. Give it one.`,
      params: { record: variant.sku },
    });
  }
  checkCurrency(variant.price, { currency: look.currency, sku: variant.sku });
  const creating = row === undefined;
  const suffix = suffixOf(variant.sku);
  const sheet = createSheet({ creating, suffix, last: task.last, policyOf: policyOf(fields) });
  const now = worthOf(row, parent.now);
  const after = worthOf(row, parent.after);
  const labels = new Map(row?.options.map((option) => [option.id, `${option.group ? shownName(option.group) : ''}: ${shownName(option)}`]));
  for (const trait of traits) labels.set(trait.id, trait.label);
  const wanted = [...new Set(traits.map((trait) => trait.id))];
  const current = row?.options.map((option) => option.id) ?? [];
  const add = wanted.filter((optionId) => !current.includes(optionId));
  // An article is one combination: what it was before, it is no more.
  const remove = current.filter((optionId) => !wanted.includes(optionId));
  if (add.length > 0 || remove.length > 0) {
    const text = (list: readonly string[]): string =>
      list
        .map((one) => labels.get(one) ?? one)
        .sort()
        .join(', ');
    sheet.changes.push({ field: `options${suffix}`, ...(!creating && { before: text(current) }), after: text(wanted) });
  }
  for (const trait of traits) if (add.includes(trait.id)) baggage.references.push(...trait.create);
  if (variant.active || fields.deletion === 'ignore') for (const optionId of wanted) used.add(optionId);
  const present = creating ? parent.active.after : (row.active ?? parent.active.after);
  const written: Json = {
    ...(creating && {
      parentId: parent.id,
      productNumber: variant.sku,
      stock: 0,
      ...(!variant.stocked && fields.closeout && { isCloseout: false }),
    }),
    ...(add.length > 0 && { options: add.map((one) => ({ id: one })) }),
    ...pricedFields(sheet, { wanted: variant.price, now, after }, look),
    ...eanField(sheet, variant.ean, row),
    ...activeField(sheet, {
      fields,
      active: variant.active,
      current: present,
      ...(!creating && { stood: row.active ?? parent.active.now }),
    }),
  };
  Object.assign(values, sheet.values);
  const removals: SyncRow[] = remove.map((optionId) => ({ entity: 'product_option', action: 'delete', row: { productId: id, optionId } }));
  return stepOf(`variant-${variant.sku}`, { id, written, creating, changes: sheet.changes, removals });
}

/** A variant of ours that the source has no more. */
function switchOff(task: Task, row: CatalogueRow, { parent, values }: { parent: Parent; values: Record<string, unknown> }): PlanStep[] {
  const sheet = createSheet({ creating: false, suffix: suffixOf(row.productNumber), last: task.last, policyOf: policyOf(task.fields) });
  const current = row.active ?? parent.active.after;
  const written = activeField(sheet, { fields: task.fields, active: false, current, stood: row.active ?? parent.active.now });
  Object.assign(values, sheet.values);
  return [stepOf(`variant-${row.productNumber}`, { id: row.id, written, creating: false, changes: sheet.changes, removals: [] })];
}

/** Databases do not like dots in names. */
const suffixOf = (sku: string): string => `:${sku.replaceAll('.', '_')}`;
