/** The ledger as the merchant reads it: pages, search, counts. Every query is bound to its tenant. */
import type { Document, Filter } from 'mongodb';
import type { Cause, Counts, Entry, EntryState, Tenant } from '../engine/model.ts';
import type { Database } from './database.ts';
import { type EntryDocument, entriesOf, entryOf } from './entry-document.ts';

export interface RecordQuery {
  readonly flow?: string;
  readonly state?: EntryState;
  /** Code of the cause. */
  readonly cause?: string;
  /** Order number, source id or number in the target, from the start of it. */
  readonly search?: string;
  /** Only records with fields that somebody edited in the target. */
  readonly kept?: boolean;
  /** Only records for which the target has several that may be meant. */
  readonly choosing?: boolean;
  readonly after?: string;
  readonly limit: number;
}

export interface Records {
  /** Newest notice first. */
  page(tenant: Tenant, query: RecordQuery): Promise<{ readonly items: readonly Entry[]; readonly next?: string }>;
  get(tenant: Tenant, id: string): Promise<Entry | undefined>;
  /** received = done + skipped + parked + waiting, in one aggregation. */
  counts(tenant: Tenant, flow: string): Promise<Counts>;
  /** Bulk records that wait. */
  remaining(tenant: Tenant, flow: string): Promise<number>;
  /** The next attempt overwrites the field, or leaves it to the target for good. False: no such record or field. */
  resolveKept(tenant: Tenant, id: string, how: { field: string; take: 'source' | 'target' }): Promise<boolean>;
  choose(tenant: Tenant, id: string, chosen: NonNullable<Entry['chosen']>): Promise<boolean>;
  parkedBy(tenant: Tenant, flow: string): Promise<{ readonly cause: Cause; readonly count: number }[]>;
  /** Entries by state over all tenants, for the metrics. */
  totals(): Promise<Readonly<Record<EntryState, number>>>;
}

/** Codes of the failures of a connector that refuses to choose. */
const ambiguous = /-ambiguous$/;

export function createRecords(database: Database): Records {
  const entries = entriesOf(database);
  return {
    async page(tenant, query) {
      const filter: Filter<EntryDocument> = {
        tenant,
        ...(query.flow !== undefined && { flow: query.flow }),
        ...(query.state !== undefined && { state: query.state }),
        ...(query.cause !== undefined && { 'cause.code': query.cause }),
        ...(query.kept === true && { 'kept.field': { $type: 'string' } }),
        ...(query.choosing === true && { state: 'parked', 'cause.code': ambiguous }),
      };
      const conditions = [filter, searching(query.search), after(query.after)].filter((condition) => condition !== undefined);
      const documents = await entries
        .find({ $and: conditions })
        .sort({ noticedAt: -1, _id: -1 })
        .limit(query.limit + 1)
        .toArray();
      const items = documents.slice(0, query.limit);
      const last = items.at(-1);
      return {
        items: items.map(entryOf),
        ...(documents.length > query.limit && last && { next: `${last.noticedAt.getTime()}.${last._id}` }),
      };
    },

    async get(tenant, id) {
      const document = await entries.findOne({ _id: id, tenant });
      return document === null ? undefined : entryOf(document);
    },

    async counts(tenant, flow) {
      const is = (state: EntryState): Document => ({ $sum: { $cond: [{ $eq: ['$state', state] }, 1, 0] } });
      const [counts] = await entries
        .aggregate<Counts>([
          { $match: { tenant, flow } },
          {
            $group: {
              _id: null,
              received: { $sum: 1 },
              done: is('done'),
              skipped: is('skipped'),
              parked: is('parked'),
              waiting: is('waiting'),
            },
          },
          { $project: { _id: 0 } },
        ])
        .toArray();
      return counts ?? { received: 0, done: 0, skipped: 0, parked: 0, waiting: 0 };
    },

    async remaining(tenant, flow) {
      return entries.countDocuments({ tenant, flow, state: 'waiting', lane: 1 });
    },

    async resolveKept(tenant, id, { field, take }) {
      const theirs = { $setDifference: [{ $ifNull: ['$theirs', []] }, [{ $literal: field }]] };
      const decided =
        take === 'source'
          ? // Without what we wrote last, the guard has nothing to hold against the target's value. The field's name may have dots in it.
            { theirs, written: { $unsetField: { field: { $literal: field }, input: { $ifNull: ['$written', {}] } } } }
          : { theirs: { $concatArrays: [theirs, [{ $literal: field }]] } };
      // The digest goes, so that the record is looked at again.
      const result = await entries.updateOne({ _id: id, tenant, 'kept.field': field }, [{ $set: decided }, { $unset: 'settledDigest' }]);
      return result.matchedCount === 1;
    },

    async choose(tenant, id, chosen) {
      const result = await entries.updateOne(
        { _id: id, tenant, state: 'parked', 'cause.code': ambiguous },
        { $set: { chosen }, $unset: { settledDigest: 1 } },
      );
      return result.matchedCount === 1;
    },

    async parkedBy(tenant, flow) {
      return entries
        .aggregate<{ cause: Cause; count: number }>([
          { $match: { tenant, flow, state: 'parked' } },
          { $group: { _id: '$cause.code', cause: { $first: '$cause' }, count: { $sum: 1 } } },
          { $sort: { count: -1, _id: 1 } },
          { $project: { _id: 0, cause: 1, count: 1 } },
        ])
        .toArray();
    },

    async totals() {
      const groups = await entries
        .aggregate<{ _id: EntryState; count: number }>([{ $group: { _id: '$state', count: { $sum: 1 } } }])
        .toArray();
      const totals = { waiting: 0, done: 0, skipped: 0, parked: 0 };
      for (const { _id, count } of groups) totals[_id] = count;
      return totals;
    },
  };
}

function searching(text: string | undefined): Filter<EntryDocument> | undefined {
  const words = text?.trim().replace(/^#/, '');
  if (words === undefined || words === '') return undefined;
  const from = { $regex: `^${words.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}` };
  return { $or: [{ number: from }, { sourceId: from }, { 'target.number': from }, { 'target.id': words }] };
}

function after(cursor: string | undefined): Filter<EntryDocument> | undefined {
  const match = /^(\d{1,16})\.([0-9a-f]{24})$/.exec(cursor ?? '');
  if (match === null) return undefined;
  const at = new Date(Number(match[1]));
  return { $or: [{ noticedAt: { $lt: at } }, { noticedAt: at, _id: { $lt: match[2] ?? '' } }] };
}
