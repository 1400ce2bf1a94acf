/** What planning a product and planning its variants have in common. Pure. */
import type { Draft, PlanNote, PlanStep } from '../connectors/connector.ts';
import { Failure } from '../connectors/failure.ts';
import type { ProductDraft } from './catalogue-draft.ts';
import type { CatalogueRow } from './catalogue-rows.ts';
import { productPolicies } from './catalogue-settings.ts';
import { asBoolean, asText, type Sheet, type SheetOptions } from './field-sheet.ts';
import type { Wanted } from './product-look.ts';
import { type Json, requestOf, type SyncRow } from './sync.ts';

export interface Task extends Wanted {
  readonly draft: Draft;
  readonly last: Readonly<Record<string, unknown>>;
}

/** What a record brings along: reference rows that others may bring too, rows to take away, remarks. */
export interface Baggage {
  readonly references: SyncRow[];
  readonly removals: SyncRow[];
  readonly notes: PlanNote[];
}

/** The switches for offer and content stand over the single policies. */
export function policyOf(fields: ProductDraft): SheetOptions['policyOf'] {
  return (field, name) => {
    // Left to the shop for this one record.
    if (fields.policies[name] === 'never') return 'never';
    const named = field === 'tax' ? 'price' : field === 'options' ? 'variants' : field;
    if (named === 'variants') return 'always';
    const definition = productPolicies.find((policy) => policy.field === named);
    if (definition !== undefined && !fields[definition.part]) return 'never';
    return fields.policies[named] ?? definition?.default ?? 'always';
  };
}

/** One row of `product` as a step; the rows that it takes away travel with it. */
export function stepOf(
  stepId: string,
  of: {
    readonly id: string;
    readonly written: Json;
    readonly creating: boolean;
    readonly changes: PlanStep['changes'];
    readonly removals: readonly SyncRow[];
  },
): PlanStep {
  const fields = Object.keys(of.written).length;
  const rows: SyncRow[] = [
    ...(fields > 0 ? [{ entity: 'product', action: 'upsert' as const, row: { id: of.id, ...of.written } }] : []),
    ...of.removals,
  ];
  const subject = stepId === 'product' ? 'product' : 'variant';
  const step = { id: stepId, subject, targetId: of.id, changes: of.changes };
  if (rows.length === 0) return { ...step, action: 'skip', reason: of.changes.some(({ kept }) => kept) ? 'edited' : 'unchanged' };
  return { ...step, action: of.creating ? 'create' : 'update', request: requestOf(rows) };
}

/** An EAN belongs to one article only and is never inherited. */
export function eanField(sheet: Sheet, ean: string | undefined, row: CatalogueRow | undefined): { ean?: string } {
  const current = row === undefined ? undefined : (row.ean ?? '');
  return sheet.write('ean', { wanted: ean, current, parse: asText }) && ean !== undefined ? { ean } : {};
}

/** Never deleted: what is gone at the source is switched off, or left alone. */
export function activeField(
  sheet: Sheet,
  of: {
    readonly fields: ProductDraft;
    readonly active: boolean;
    readonly current: boolean | undefined;
    readonly stood?: boolean | undefined;
  },
): { active?: boolean } {
  const wanted = of.active || of.fields.deletion === 'deactivate' || of.current === undefined ? of.active : undefined;
  const stood = 'stood' in of ? of.stood : of.current;
  return sheet.write('active', { wanted, current: of.current, stood, parse: asBoolean }) && wanted !== undefined ? { active: wanted } : {};
}

export function misplaced(sku: string, what: string): Failure {
  return new Failure({
    remedy: 'fix-data',
    code: 'shopware.variant-misplaced',
    message: `The product ${sku} ${what} in Shopware. Give one of them another number, or make both sides alike.`,
    params: { record: sku },
  });
}
