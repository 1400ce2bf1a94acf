/** One record of one flow as it is stored, and the indexes that the ledger's questions need. */
import type { Collection } from 'mongodb';
import type { Entry, Tenant } from '../engine/model.ts';
import { type Database, defineCollection } from './database.ts';

export const never = new Date(0);
export const laneRank = { live: 0, bulk: 1 } as const;
export const entityIndex = { entityKey: 1, state: 1, noticedAt: 1, _id: 1 } as const;

export interface EntryDocument {
  readonly _id: string;
  readonly tenant: string;
  readonly flow: string;
  readonly kind: Entry['kind'];
  readonly sourceId: string;
  readonly number?: string;
  readonly state: Entry['state'];
  readonly lane: 0 | 1;
  readonly noticed: number;
  readonly attempts: number;
  readonly strikes: number;
  readonly revision: number;
  readonly settledDigest?: string;
  readonly intent?: NonNullable<Entry['intent']>;
  readonly dueAt: Date;
  readonly reason?: string;
  readonly cause?: NonNullable<Entry['cause']>;
  readonly money?: NonNullable<Entry['money']>;
  readonly target?: NonNullable<Entry['target']>;
  readonly written?: Readonly<Record<string, unknown>>;
  readonly kept?: NonNullable<Entry['kept']>;
  readonly theirs?: readonly string[];
  readonly chosen?: NonNullable<Entry['chosen']>;
  readonly settingsVersion?: number;
  readonly noticedAt: Date;
  readonly settledAt?: Date;
  readonly leaseToken?: string;
  /** Token of the lease under which it was settled last: tells a worker whether it was its own. */
  readonly settledUnder?: string;
  readonly leaseUntil: Date;
  readonly worker?: string;
  readonly lockKey?: string;
  /** Which entity (customer) the record belongs to, as far as it was read; empty: none. */
  readonly entityKey?: string;
  /** What the record will take out of its target's stock; gone as soon as it is booked. */
  readonly demand?: { readonly connection: string; readonly of: { readonly sku: string; readonly quantity: number }[] };
  readonly eventIds: readonly string[];
  readonly events: readonly { readonly id?: string; readonly at: Date; readonly by: Entry['events'][number]['by'] }[];
}

/** Gives the due entries in their order without sorting: a long queue is not looked at for each claim. */
export const claiming = { state: 1, flow: 1, lane: 1, noticedAt: 1, _id: 1 } as const;

export const entryCollection = defineCollection<EntryDocument>({
  name: 'entries',
  fields: {},
  indexes: [
    { keys: { flow: 1, sourceId: 1 }, unique: true },
    { keys: claiming },
    // Queries name the type again: only then does MongoDB see that the partial index holds what they ask for.
    { keys: { leaseToken: 1 }, partialFilterExpression: { leaseToken: { $type: 'string' } } },
    { keys: { lockKey: 1 }, unique: true, partialFilterExpression: { lockKey: { $type: 'string' } } },
    // Not partial: MongoDB does not see that a key is a string, and would read such an index from end to end.
    { keys: entityIndex },
    { keys: { tenant: 1, 'demand.connection': 1 }, partialFilterExpression: { 'demand.connection': { $type: 'string' } } },
    { keys: { tenant: 1, noticedAt: -1 } },
    { keys: { tenant: 1, number: 1 } },
    { keys: { tenant: 1, 'target.number': 1 } },
    { keys: { flow: 1, 'target.id': 1 } },
    { keys: { flow: 1, state: 1, 'cause.code': 1 } },
    { keys: { tenant: 1, 'kept.field': 1 }, partialFilterExpression: { 'kept.field': { $type: 'string' } } },
  ],
});

export const entriesOf = (database: Database): Collection<EntryDocument> =>
  database.model(entryCollection).collection as unknown as Collection<EntryDocument>;

export function entryOf(document: EntryDocument): Entry {
  const {
    _id,
    tenant,
    lane,
    leaseToken: _token,
    settledUnder: _settledUnder,
    leaseUntil,
    worker,
    lockKey: _lock,
    entityKey: _entity,
    eventIds: _ids,
    ...rest
  } = document;
  return {
    ...rest,
    id: _id,
    tenant: tenant as Tenant,
    lane: lane === laneRank.live ? 'live' : 'bulk',
    ...(worker !== undefined && leaseUntil > never && { lease: { worker, until: leaseUntil } }),
  };
}
