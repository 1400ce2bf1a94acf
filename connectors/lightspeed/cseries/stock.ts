/** Publishing what may be sold: an absolute figure, so that doing it twice is doing it once. */
import type { Draft, Outcome, Plan, PlanStep } from '../../connector.ts';
import { attempt, Failure, failureOf } from '../../failure.ts';
import { drafted } from '../drafted.ts';
import { StockDraft } from '../drafts.ts';
import { gone } from './faults.ts';
import { each, succeeded, unwrapped } from './listing.ts';
import { theVariant } from './matching.ts';
import type { Shop } from './shop.ts';
import { VariantRow } from './wire.ts';

/** Fewer are written one by one. */
const worthTogether = 5;
/** The documents name no limit. */
const together = 50;
/** So many show whether the shop takes several at once. */
const trial = 5;
const untilTriedAgainMs = 24 * 60 * 60_000;

interface Written {
  readonly id: number;
  readonly stockLevel?: number;
  readonly stockTracking?: string;
}

export interface StockRoom {
  plan(drafts: readonly Draft[]): Promise<(Plan | Failure)[]>;
  apply(plans: readonly Plan[]): Promise<(Outcome | Failure)[]>;
}

export function openStockRoom(shop: Shop): StockRoom {
  const api = shop.bulk;
  /** Whether `variants/bulk` does what its name says; not tried: undefined. */
  let bulk: { readonly works: boolean; readonly at: number } | undefined;

  async function plan(drafts: readonly Draft[]): Promise<(Plan | Failure)[]> {
    const parsed = drafts.map((draft) => attempt(() => drafted(StockDraft, draft)));
    const good = parsed.filter(succeeded);
    const found = await shop.shelf.find(good.map(({ sku }) => ({ sku, ean: sku })));
    const rows = new Map(good.map((fields, index) => [fields, found[index] ?? []]));
    return drafts.map((draft, index) => {
      const fields = parsed[index];
      if (fields === undefined || fields instanceof Failure) return fields ?? failureOf(undefined);
      try {
        return planOne(draft, fields, rows.get(fields) ?? []);
      } catch (error) {
        return failureOf(error);
      }
    });
  }

  async function apply(plans: readonly Plan[]): Promise<(Outcome | Failure)[]> {
    const outcomes = new Map<Plan, Outcome | Failure>();
    let open = plans.filter((one) => {
      if (wantedBy(one) !== undefined) return true;
      outcomes.set(one, doneBy(one, []));
      return false;
    });
    const at = shop.now().getTime();
    const known = bulk !== undefined && (bulk.works || at - bulk.at < untilTriedAgainMs) ? bulk.works : undefined;
    if (known !== false && open.length >= worthTogether) {
      const first = known === undefined ? open.slice(0, trial) : [];
      if (known === undefined) bulk = { works: await tried(first), at };
      for (const one of bulk?.works ? first : []) outcomes.set(one, doneBy(one, ['stock']));
      open = open.filter((one) => !outcomes.has(one));
      for (let from = 0; bulk?.works && from < open.length; from += together) {
        const group = open.slice(from, from + together);
        const failure = await putTogether(group);
        // One that is refused refuses all: then each is asked by itself. What may have been written is looked at first.
        if (failure === undefined) for (const one of group) outcomes.set(one, doneBy(one, ['stock']));
        else if (failure.remedy !== 'fix-data') for (const one of group) outcomes.set(one, failure);
      }
      open = open.filter((one) => !outcomes.has(one));
    }
    const singly = await each(open, putOne);
    open.forEach((one, index) => {
      outcomes.set(one, singly[index] ?? failureOf(undefined));
    });
    return plans.map((one) => outcomes.get(one) ?? failureOf(undefined));
  }

  async function putOne(one: Plan): Promise<Outcome> {
    const wanted = wantedBy(one);
    if (wanted === undefined) return doneBy(one, []);
    const label = 'set stock';
    const { id, ...variant } = wanted;
    const answer = await api.call({ method: 'PUT', path: `variants/${id}`, body: JSON.stringify({ variant }), label });
    if (answer === undefined) {
      shop.shelf.drop(id);
      throw gone(label);
    }
    const row = unwrapped(VariantRow, answer, label);
    shop.shelf.learn(row);
    // An answer without the level says nothing; one with another level was not carried out.
    if (row.stockLevel !== undefined && !isSo(row, wanted)) throw ignored(one);
    return doneBy(one, ['stock']);
  }

  /** `undefined`: written. A shop that does not know the call answers 404. */
  async function putTogether(group: readonly Plan[]): Promise<Failure | undefined> {
    const variant = group.flatMap((one) => wantedBy(one) ?? []);
    const label = 'set stock of several';
    try {
      const answer = await api.call({ method: 'PUT', path: 'variants/bulk', body: JSON.stringify({ variant }), label });
      if (answer === undefined) return unknownHere();
    } catch (error) {
      return failureOf(error);
    }
    for (const { id, ...written } of group.flatMap((one) => wantedBy(one) ?? [])) shop.shelf.patch(id, written);
    return undefined;
  }

  /** The body of the call is not documented: a few show whether it works, and are read again before it is believed. */
  async function tried(group: readonly Plan[]): Promise<boolean> {
    const failure = await putTogether(group);
    if (failure !== undefined && (failure.remedy === 'wait' || failure.remedy === 'fix-connection')) throw failure;
    if (failure !== undefined) return false;
    const wanted = group.flatMap((one) => wantedBy(one) ?? []);
    const found = await shop.shelf.fresh(wanted.map(({ id }) => id));
    for (const row of found.values()) shop.shelf.learn(row);
    return wanted.every((one) => isSo(found.get(one.id), one));
  }

  function planOne(draft: Draft, { sku, quantity, managed }: StockDraft, found: readonly VariantRow[]): Plan {
    const base = { id: draft.id, reference: draft.reference, notes: [] };
    const variant = theVariant(sku, found);
    // The till has articles that are not for the web; their stock is nothing to mend.
    if (variant === undefined)
      return { ...base, steps: [{ id: 'stock', action: 'skip', subject: 'stock', reason: 'not-in-shop', changes: [] }] };
    const tracked = variant.stockTracking === 'enabled';
    const untracked = variant.stockTracking === 'disabled';
    const changes = managed
      ? [
          ...(tracked ? [] : [{ field: 'managed', before: false, after: true }]),
          ...(variant.stockLevel === quantity ? [] : [{ field: 'quantity', before: variant.stockLevel, after: quantity }]),
        ]
      : untracked
        ? []
        : [{ field: 'managed', before: true, after: false }];
    const body = managed ? { stockLevel: quantity, ...(!tracked && { stockTracking: 'enabled' }) } : { stockTracking: 'disabled' };
    const common = { id: 'stock', subject: 'stock', targetId: String(variant.id), changes } as const;
    const step: PlanStep =
      changes.length === 0
        ? { ...common, action: 'skip', reason: 'unchanged' }
        : { ...common, action: 'update', request: { operation: `PUT variants/${variant.id}`, body: JSON.stringify({ variant: body }) } };
    return { ...base, target: { id: String(variant.id), number: sku }, steps: [step], values: { quantity, managed } };
  }

  return { plan, apply };
}

/** What a plan's request says, with the variant's id. */
function wantedBy({ steps }: Plan): Written | undefined {
  const request = steps.find(({ action }) => action !== 'skip')?.request;
  if (request === undefined) return undefined;
  const { variant } = JSON.parse(request.body) as { variant: Omit<Written, 'id'> };
  return { id: Number(request.operation.split('/')[1]), ...variant };
}

const isSo = (row: VariantRow | undefined, wanted: Written): boolean =>
  row !== undefined &&
  (wanted.stockLevel === undefined || row.stockLevel === wanted.stockLevel) &&
  (wanted.stockTracking === undefined || row.stockTracking === '' || row.stockTracking === wanted.stockTracking);

const doneBy = (plan: Plan, written: readonly string[]): Outcome => ({ target: plan.target ?? { id: plan.id }, written });

const ignored = ({ target }: Plan): Failure =>
  new Failure({
    remedy: 'retry',
    code: 'lightspeed.write-ignored',
    message: `Lightspeed accepted the new stock of ${target?.number ?? 'an article'} and shows another one. It is written again.`,
    params: { sku: target?.number ?? '' },
    ambiguous: true,
  });

const unknownHere = (): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'lightspeed.refused',
    message: 'Lightspeed does not know how to set the stock of several variants at once.',
    params: { call: 'set stock of several', status: 404, reason: '' },
  });
