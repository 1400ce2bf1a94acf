/** What mapping rules read of a record besides its own fields: parts that only a flow's settings or its surroundings can tell. Pure. */
import type { Category, Kind, Product, StockLevel } from '../../connectors/commerce.ts';
import { passes } from './filters.ts';
import { withHouseNumbers } from './house-number.ts';
import { filtersOf, policiesOf } from './kind-settings.ts';
import { publishable, type StockFormula, type StockRule } from './stock.ts';

/** Facts that were gathered for a batch before it is mapped. */
export interface Surroundings {
  /** Names from the root to a category, by its id in the source. */
  readonly categoryPaths?: Readonly<Record<string, readonly string[]>>;
  /** The system that the records come from, as targets may name it. */
  readonly source?: { readonly id: string; readonly name: string };
  /** Records that are in the source by our own hand and go no further, by their id there. */
  readonly passedOn?: Readonly<Record<string, 'own-record' | 'carried-directly'>>;
  /** Pieces sold in shops and not yet booked in the source, by SKU. */
  readonly promised?: Readonly<Record<string, number>>;
}

export interface Derived {
  readonly record: object;
  /** The part of the delivery address that is the house number is clear. */
  readonly addressSure: boolean;
}

export interface DeriveInput {
  readonly values: Readonly<Record<string, unknown>>;
  readonly surroundings: Surroundings;
  /** The record was brought to the target before. */
  readonly known: boolean;
  /** Fields that are the target's own for this record. */
  readonly theirs: readonly string[];
}

export type NotForThisFlow = 'filtered-out' | 'not-stocked' | 'stock-unknown';

export function derive(kind: Kind, record: object, how: DeriveInput): Derived | NotForThisFlow {
  const derived = deriveKind(kind, record, how);
  // A consent's own source is its proof.
  if (typeof derived === 'string' || kind === 'consent' || how.surroundings.source === undefined) return derived;
  return { ...derived, record: { ...derived.record, source: how.surroundings.source } };
}

function deriveKind(kind: Kind, record: object, how: DeriveInput): Derived | NotForThisFlow {
  switch (kind) {
    case 'order': {
      const { record: addressed, sure } = withHouseNumbers(record);
      return { record: addressed, addressSure: sure };
    }
    case 'customer': {
      const { record: addressed, sure } = withHouseNumbers(record);
      const policies = { ...policiesOf(how.values), ...Object.fromEntries(how.theirs.map((field) => [field, 'never'])) };
      return { record: { ...addressed, policies, match: how.values.match ?? 'email' }, addressSure: sure };
    }
    case 'category': {
      const { id, name } = record as Category;
      return { record: { ...record, category: record, path: how.surroundings.categoryPaths?.[id] ?? [name] }, addressSure: true };
    }
    case 'product':
      return product(record as Product, how);
    case 'stock':
      return stock(record as StockLevel, how);
    default:
      return { record, addressSure: true };
  }
}

/** What no longer passes the filters but was brought to the target by us has ended there: the deletion policy decides. */
function product(record: Product, { values, surroundings, known, theirs }: DeriveInput): Derived | NotForThisFlow {
  const wanted = passes(record, filtersOf(values));
  if (!wanted && !known) return 'filtered-out';
  const paths = surroundings.categoryPaths ?? {};
  const sent = wanted ? record : { ...record, active: false };
  return {
    addressSure: true,
    record: {
      ...sent,
      product: sent,
      categoryNames: Object.fromEntries(record.categories.flatMap((id) => (paths[id] ? [[id, paths[id]]] : []))),
      policies: { ...policiesOf(values), ...Object.fromEntries(theirs.map((field) => [field, 'never'])) },
      offer: values.offer ?? true,
      content: values.content ?? true,
      deletion: values.deletion ?? 'ignore',
    },
  };
}

function stock(record: StockLevel, { values, surroundings }: DeriveInput): Derived | NotForThisFlow {
  if (record.branches.length === 0) return 'not-stocked';
  const quantity = publishable(record, stockRuleOf(record.sku, { values, surroundings }));
  if (quantity === undefined) return 'stock-unknown';
  return { addressSure: true, record: { ...record, quantity, managed: values.managed ?? true } };
}

/** A flow's stock formula for one article. */
export function stockRuleOf(sku: string, { values, surroundings }: Pick<DeriveInput, 'values' | 'surroundings'>): StockRule {
  return {
    formula: (values.formula as StockFormula | undefined) ?? 'available',
    branches: String(values.stockBranches ?? '')
      .split(/[\s,;]+/)
      .filter((branch) => branch !== ''),
    buffer: Number(values.buffer ?? 0),
    ...(typeof values.cap === 'number' && { cap: values.cap }),
    promised: surroundings.promised?.[sku] ?? 0,
  };
}
