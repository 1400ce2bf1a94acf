/** From a canonical record to a draft: gate and map, the pure middle that the live run and the dry run share. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Customer, Order, Product, StockLevel } from '../../connectors/commerce.ts';
import type { Draft, KindWriting, PlanNote } from '../../connectors/connector.ts';
import { parseDraft } from '../../connectors/draft.ts';
import { Failure } from '../../connectors/failure.ts';
import type { FiredRule } from '../../connectors/mapping.ts';
import { derive, type NotForThisFlow, type Surroundings } from '../mapping/derive.ts';
import { digestOf } from '../mapping/digest.ts';
import { mapRecord } from '../mapping/map-record.ts';
import { type GateReason, gate } from './gate.ts';
import type { Entry, Flow, Tenant } from './model.ts';

export interface RecordFacts {
  readonly number?: string;
  readonly money?: { readonly currency: string; readonly totalMinor: number; readonly paidMinor: number };
}

export interface Prepared {
  readonly draft: Draft;
  readonly digest: string;
  readonly fired: readonly FiredRule[];
  readonly notes: readonly PlanNote[];
  readonly lockKey?: string;
  readonly demand?: readonly Demand[];
}

/** Pieces that a record will take out of the target's stock once it is booked there. */
export interface Demand {
  readonly sku: string;
  readonly quantity: number;
}

/** What a draft may ask of the engine beside its own fields. */
const Wishes = z.object({
  /** Records with the same key are written one after another. */
  lockKey: z.string().optional(),
  demand: z.array(z.object({ sku: z.string(), quantity: z.number() })).optional(),
});

/**
 * Our name for a record in the target: the same in every retry, on every worker and after a re-installation of the same shop,
 * different for two shops that share a till and a numbering.
 */
export function referenceOf(tenant: Tenant, kind: string, sourceId: string): string {
  return `tb-${createHash('sha256').update(`${tenant}/${kind}/${sourceId}`).digest('hex').slice(0, 29)}`;
}

export function factsOf(flow: Pick<Flow, 'kind'>, record: unknown): RecordFacts {
  if (flow.kind === 'product' || flow.kind === 'stock') return { number: (record as Product | StockLevel).sku };
  if (flow.kind === 'customer') {
    const { number } = record as Customer;
    return number === undefined ? {} : { number };
  }
  if (flow.kind !== 'order') return {};
  const { number, currency, totalMinor, paidMinor } = record as Order;
  return { number, money: { currency, totalMinor, paidMinor } };
}

export interface PrepareInput {
  readonly writing: KindWriting;
  readonly sourceId: string;
  readonly revision: number;
  readonly surroundings: Surroundings;
  /** The record's id in the target, when it was brought there by us before, and with which values. */
  readonly known?: string;
  readonly last?: Readonly<Record<string, unknown>>;
  /** Fields that are the target's own for this record. */
  readonly theirs?: readonly string[];
  readonly chosen?: NonNullable<Entry['chosen']>;
  /** False: whether it is ready to go is not asked. */
  readonly gated?: false;
}

/** What the ledger knows of a record from before. */
export function historyOf(entry: Entry | undefined): Pick<PrepareInput, 'revision' | 'known' | 'last' | 'theirs' | 'chosen'> {
  return {
    revision: entry?.revision ?? 0,
    ...(entry?.target && { known: entry.target.id }),
    ...(entry?.chosen && { chosen: entry.chosen }),
    ...(entry?.written && { last: entry.written }),
    ...(entry?.theirs && { theirs: entry.theirs }),
  };
}

/** Throws Failure fix-data when a rule finds no value or the draft is not what the target accepts. */
export function prepare(flow: Flow, record: unknown, how: PrepareInput): Prepared | GateReason | NotForThisFlow {
  const follows = (how.writing.follows === true && how.known !== undefined) || how.gated === false;
  return how.surroundings.passedOn?.[how.sourceId] ?? gate(flow, record, { follows }) ?? drafted(flow, record, how);
}

/** Pieces of the target's goods that an order stands for, whether or not it is sent. What cannot be mapped stands for none. */
export function takenBy(flow: Flow, record: unknown, how: PrepareInput): readonly Demand[] {
  try {
    const draft = drafted(flow, record, how);
    return typeof draft === 'string' ? [] : (draft.demand ?? []);
  } catch {
    return [];
  }
}

function drafted(flow: Flow, record: unknown, how: PrepareInput): Prepared | NotForThisFlow {
  const { values, tables } = flow.settings;
  const derived = derive(flow.kind, record as object, {
    values,
    surroundings: how.surroundings,
    known: how.known !== undefined,
    theirs: how.theirs ?? [],
  });
  if (typeof derived === 'string') return derived;
  const reference = referenceOf(flow.tenant, flow.kind, how.sourceId);
  const { fields, fired } = mapRecord({ rules: how.writing.rules, record: { ...derived.record, reference }, values, tables });
  const parsed = parseDraft(how.writing.draft, fields);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = issue?.path.join('.') ?? '';
    throw new Failure({
      remedy: 'fix-data',
      code: 'mapping.value-unusable',
      message: `The value for ${field} cannot be used: ${issue?.message ?? 'invalid'}. Correct it in the shop or in the settings.`,
      params: { field, value: issue?.message ?? '' },
    });
  }
  const { lockKey, demand } = Wishes.parse(parsed.data);
  return {
    draft: {
      id: how.sourceId,
      reference,
      revision: how.revision,
      fields: parsed.data,
      ...(how.last && { last: how.last }),
      ...(how.known !== undefined && { known: how.known }),
      ...(how.chosen && { chosen: how.chosen }),
    },
    digest: digestOf(parsed.data),
    fired,
    notes: derived.addressSure ? [] : [houseNumberUnsure],
    ...(lockKey !== undefined && { lockKey }),
    ...(demand !== undefined && { demand }),
  };
}

const houseNumberUnsure: PlanNote = {
  code: 'house-number-unsure',
  message: 'Which part of the delivery address is the house number cannot be told for sure. Look at the address before it is used.',
};
