/** Carries out plans of the catalogue: their rows joined into as few sync calls as possible, and each refusal traced to its record. */
import { z } from 'zod';
import type { Outcome, Plan } from '../connectors/connector.ts';
import { Failure, failureOf } from '../connectors/failure.ts';
import { type AdminApi, pageRows, type SyncOperation } from './client.ts';
import { nameKey } from './ids.ts';
import type { Objection } from './refusal.ts';

export type Json = Readonly<Record<string, unknown>>;

/** One row of a sync call. */
export interface SyncRow {
  readonly entity: string;
  readonly action: 'upsert' | 'delete';
  readonly row: Json;
}

/** Every plan of the catalogue says what stands in the shop once it is carried out. */
export interface CataloguePlan extends Plan {
  readonly values: Readonly<Record<string, unknown>>;
}

/** The body of a planned request: this record's own part of a sync call. */
export const requestOf = (rows: readonly SyncRow[]) => ({ operation: 'sync', body: JSON.stringify(rows) });

const Rows = z.array(z.object({ entity: z.string(), action: z.enum(['upsert', 'delete']), row: z.record(z.string(), z.unknown()) }));

/** What a row needs must come before it; what is taken away, last. */
const order = ['product_manufacturer', 'unit', 'property_group', 'property_group_option', 'category', 'product'];

interface Parcel {
  readonly index: number;
  readonly plan: Plan;
  readonly rows: readonly SyncRow[];
}

export interface Applying {
  /** Told of every row that now stands in the shop. */
  readonly written: (rows: readonly SyncRow[]) => void;
  /** The shop is not what it was thought to be: what is known of these numbers must be looked up again. */
  readonly doubtful: (plans: readonly Plan[]) => void;
}

/**
 * One outcome or Failure per plan. A row that Shopware refuses fails its own record (fix-data, the field named) and the others go
 * through. Outages and missing rights fail whatever was not written yet.
 */
export async function applyPlans(api: AdminApi, plans: readonly Plan[], how: Applying): Promise<(Outcome | Failure)[]> {
  const results = new Map<number, Outcome | Failure>();
  const parcels: Parcel[] = plans.map((plan, index) => ({ plan, index, rows: rowsOf(plan) }));
  for (const { plan, index } of parcels.filter(({ rows }) => rows.length === 0)) results.set(index, outcomeOf(plan));
  const waiting = packed(parcels.filter(({ rows }) => rows.length > 0));
  for (const [at, parcel] of waiting.entries()) {
    try {
      await deliver(parcel);
    } catch (error) {
      const failure = failureOf(error);
      for (const { index } of waiting.slice(at).flat()) if (!results.has(index)) results.set(index, failure);
      break;
    }
  }
  return plans.map((_, index) => results.get(index) ?? failureOf(new Error('a plan was left out')));

  async function deliver(group: readonly Parcel[]): Promise<void> {
    const { calls, owners } = joined(group);
    let objections: readonly Objection[] = [];
    for (const operations of calls) {
      objections = await api.sync(operations);
      if (objections.length > 0) break;
    }
    if (objections.length === 0) {
      how.written(group.flatMap(({ rows }) => rows));
      for (const { index, plan } of group) results.set(index, outcomeOf(plan));
      return;
    }
    const blamed = blame(group, { objections, owners });
    const failed = [...blamed].map(([{ index, plan }, objection]) => ({ index, plan, failure: refused(plan, objection) }));
    for (const { index, failure } of failed) results.set(index, failure);
    const doubtful = failed.filter(({ failure }) => failure.remedy === 'retry');
    if (doubtful.length > 0) how.doubtful(doubtful.map(({ plan }) => plan));
    const rest = group.filter((parcel) => !blamed.has(parcel));
    if (rest.length === 0) return;
    if (blamed.size > 0) return deliver(rest);
    // Nothing says who it was: halves until the one is found.
    const middle = Math.ceil(rest.length / 2);
    await deliver(rest.slice(0, middle));
    await deliver(rest.slice(middle));
  }
}

function rowsOf(plan: Plan): SyncRow[] {
  return plan.steps.flatMap(({ action, request }) =>
    action === 'skip' || request === undefined ? [] : Rows.parse(JSON.parse(request.body)),
  );
}

/** Whole records side by side while they stay within one call; a record that is larger travels alone. */
function packed(parcels: readonly Parcel[]): Parcel[][] {
  const groups: Parcel[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const parcel of parcels) {
    if (size + parcel.rows.length > pageRows) {
      groups.push([]);
      size = 0;
    }
    groups.at(-1)?.push(parcel);
    size += parcel.rows.length;
  }
  return groups;
}

type Owners = ReadonlyMap<string, readonly Parcel[]>;

/** Several records may bring the same row (their manufacturer): it is sent once and belongs to all of them. */
function joined(group: readonly Parcel[]): { calls: SyncOperation[][]; owners: Owners } {
  const unique = new Map<string, { row: SyncRow; parcels: Parcel[] }>();
  for (const parcel of group) {
    for (const row of parcel.rows) {
      const key = `${row.action} ${row.entity} ${row.action === 'delete' ? JSON.stringify(row.row) : String(row.row.id)}`;
      const known = unique.get(key);
      if (known === undefined) unique.set(key, { row, parcels: [parcel] });
      else known.parcels.push(parcel);
    }
  }
  const rank = ({ action, entity }: SyncRow): number =>
    action === 'delete' ? order.length + 1 : (order.indexOf(entity) + order.length + 1) % (order.length + 1);
  const sorted = [...unique.values()].sort((one, other) => rank(one.row) - rank(other.row));
  const owners = new Map<string, Parcel[]>();
  const calls: SyncOperation[][] = [];
  for (let from = 0; from < sorted.length; from += pageRows) {
    const operations = new Map<string, { entity: string; action: 'upsert' | 'delete'; payload: Json[] }>();
    for (const { row, parcels } of sorted.slice(from, from + pageRows)) {
      const key = `${row.action}-${row.entity}${from === 0 ? '' : `-${from}`}`;
      const operation = operations.get(key) ?? { entity: row.entity, action: row.action, payload: [] };
      operations.set(key, operation);
      owners.set(`${key}/${operation.payload.length}`, parcels);
      operation.payload.push(row.row);
    }
    calls.push([...operations].map(([key, operation]) => ({ key, ...operation })));
  }
  return { calls, owners };
}

interface Blame {
  readonly objection: Objection;
  readonly field: string | undefined;
}

function blame(
  group: readonly Parcel[],
  refusal: { readonly objections: readonly Objection[]; readonly owners: Owners },
): Map<Parcel, Blame> {
  const blamed = new Map<Parcel, Blame>();
  for (const objection of refusal.objections) {
    const [, key = '', index = '', ...field] = (objection.pointer ?? '').split('/');
    for (const parcel of refusal.owners.get(`${key}/${index}`) ?? []) {
      if (!blamed.has(parcel)) blamed.set(parcel, { objection, field: nameOf(field) });
    }
    const taken = objection.number;
    if (taken === undefined) continue;
    for (const parcel of group) {
      const bears = parcel.rows.some(({ row }) => typeof row.productNumber === 'string' && nameKey(row.productNumber) === nameKey(taken));
      if (bears && !blamed.has(parcel)) blamed.set(parcel, { objection, field: 'productNumber' });
    }
  }
  const only = group[0];
  const [first] = refusal.objections;
  if (blamed.size === 0 && group.length === 1 && only !== undefined && first !== undefined)
    blamed.set(only, { objection: first, field: undefined });
  return blamed;
}

/** The name of a field of which every language has one stands below its language. */
const nameOf = (field: readonly string[]): string | undefined =>
  field.filter((part, index) => part !== 'translations' && field[index - 1] !== 'translations').join('.') || undefined;

function refused(plan: Plan, { objection, field }: Blame): Failure {
  const record = plan.target?.number ?? plan.id;
  if (objection.code === 'CONTENT__DUPLICATE_PRODUCT_NUMBER') {
    return new Failure({
      remedy: 'retry',
      code: 'shopware.number-taken',
      message: `Somebody else has just given the number ${objection.number ?? record} to a product in Shopware. It is looked for again.`,
      params: { record, number: objection.number ?? record },
    });
  }
  const sent = rowsOf(plan).some(({ row }) => field !== undefined && Object.hasOwn(row, field.split('.')[0] ?? ''));
  // A field that was not sent is asked for where the row has been deleted meanwhile: what was an update became an insert.
  if (
    field === undefined ||
    !sent ||
    /SQLSTATE|WRITE_TYPE_INTEND|FOREIGN_KEY|RESOURCE_NOT_FOUND/.test(`${objection.code} ${objection.detail}`)
  ) {
    return new Failure({
      remedy: 'retry',
      code: 'shopware.rows-refused',
      message: `Shopware refuses ${record} although nothing in it is wrong by itself (${objection.code || 'database'}). What it refers to is looked up again.`,
      params: { record, error: objection.code },
    });
  }
  return new Failure({
    remedy: 'fix-data',
    code: 'shopware.row-refused',
    message: `Shopware refuses ${record} because of its field ${field}: ${objection.detail} Correct it at the source.`,
    params: { record, field, reason: objection.detail },
  });
}

function outcomeOf(plan: Plan): Outcome {
  return {
    target: plan.target ?? { id: plan.id },
    written: plan.steps.filter(({ action }) => action !== 'skip').map(({ id }) => id),
    ...(plan.values && { values: plan.values }),
  };
}
