/** The ledger: one document per (flow, source id). Every change is one atomic update; nothing here reads and then writes. */
import type { Collection, Document } from 'mongodb';
import type { Entry, Tenant } from '../engine/model.ts';
import type { Ledger } from '../engine/ports.ts';
import { type Database, defineCollection, isDuplicate, newId } from './database.ts';

const rememberedEvents = 40;
const shownEvents = 20;
const never = new Date(0);
const laneRank = { live: 0, bulk: 1 } as const;

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
  readonly settingsVersion?: number;
  readonly noticedAt: Date;
  readonly settledAt?: Date;
  readonly leaseToken?: string;
  readonly leaseUntil: Date;
  readonly worker?: string;
  readonly lockKey?: string;
  readonly eventIds: readonly string[];
  readonly events: readonly { readonly id?: string; readonly at: Date; readonly by: Entry['events'][number]['by'] }[];
}

export const entryCollection = defineCollection<EntryDocument>({
  name: 'entries',
  fields: {},
  indexes: [
    { keys: { flow: 1, sourceId: 1 }, unique: true },
    { keys: { state: 1, flow: 1, lane: 1, noticedAt: 1 } },
    { keys: { leaseToken: 1 }, partialFilterExpression: { leaseToken: { $type: 'string' } } },
    { keys: { lockKey: 1 }, unique: true, partialFilterExpression: { lockKey: { $type: 'string' } } },
    { keys: { tenant: 1, noticedAt: -1 } },
    { keys: { tenant: 1, number: 1 } },
    { keys: { tenant: 1, 'target.number': 1 } },
    { keys: { flow: 1, state: 1, 'cause.code': 1 } },
  ],
});

export const entriesOf = (database: Database): Collection<EntryDocument> =>
  database.model(entryCollection).collection as unknown as Collection<EntryDocument>;

export function entryOf(document: EntryDocument): Entry {
  const { _id, tenant, lane, leaseToken: _token, leaseUntil, worker, lockKey: _lock, eventIds: _ids, ...rest } = document;
  return {
    ...rest,
    id: _id,
    tenant: tenant as Tenant,
    lane: lane === laneRank.live ? 'live' : 'bulk',
    ...(worker !== undefined && leaseUntil > never && { lease: { worker, until: leaseUntil } }),
  };
}

export function createLedger(database: Database): Ledger {
  const entries = entriesOf(database);
  /** Leases are held by token: an entry that was taken over answers to a new one. */
  const tokens = new WeakMap<Entry, string>();
  const held = (entry: Entry): { _id: string; leaseToken: string } => ({ _id: entry.id, leaseToken: tokens.get(entry) ?? 'none' });

  return {
    async notice(flow, notices, how) {
      const operations = notices.map(({ sourceId, number, eventId }) => ({
        updateOne: {
          filter: { flow: flow.id, sourceId },
          update: noticing({ flow, number, eventId, how }),
          upsert: true,
        },
      }));
      if (operations.length === 0) return { opened: 0, reopened: 0 };
      try {
        const result = await entries.bulkWrite(operations, { ordered: false });
        return { opened: result.upsertedCount, reopened: result.modifiedCount };
      } catch (error) {
        // Two notices of a new record at once: the slower insert finds it there and becomes an update.
        if (!isDuplicate(error)) throw error;
        const result = await entries.bulkWrite(operations, { ordered: false });
        return { opened: result.upsertedCount, reopened: result.modifiedCount };
      }
    },

    async claim(flow, { worker, lane, limit, leaseMs, now }) {
      const free = { state: 'waiting' as const, dueAt: { $lte: now }, leaseUntil: { $lte: now } };
      const candidates = await entries
        .find({ flow: flow.id, lane: laneRank[lane], ...free }, { projection: { _id: 1 } })
        .sort({ noticedAt: 1 })
        .limit(limit)
        .toArray();
      if (candidates.length === 0) return [];
      const token = newId();
      const { modifiedCount } = await entries.updateMany(
        { _id: { $in: candidates.map(({ _id }) => _id) }, ...free },
        {
          $set: { leaseToken: token, leaseUntil: new Date(now.getTime() + leaseMs), worker },
          $inc: { attempts: 1 },
          $unset: { lockKey: 1 },
        },
      );
      if (modifiedCount === 0) return [];
      const claimed = (await entries.find({ leaseToken: token }).sort({ noticedAt: 1 }).toArray()).map(entryOf);
      for (const entry of claimed) tokens.set(entry, token);
      return claimed;
    },

    async lock(entry, key) {
      try {
        return (await entries.updateOne(held(entry), { $set: { lockKey: key } })).matchedCount === 1;
      } catch (error) {
        if (isDuplicate(error)) return false;
        throw error;
      }
    },

    async intend(entry, { digest, at, extendMs }) {
      const set = { intent: { digest, at }, leaseUntil: new Date(at.getTime() + extendMs) };
      return (await entries.updateOne(held(entry), { $set: set })).matchedCount === 1;
    },

    async settle(entry, settlement) {
      return (await entries.updateOne(held(entry), settling(entry, settlement))).matchedCount === 1;
    },

    async hasten(flow, now) {
      await entries.updateMany({ flow: flow.id, state: 'waiting', dueAt: { $gt: now }, 'cause.remedy': 'wait' }, { $set: { dueAt: now } });
    },

    async reopen(flow, { cause, at }) {
      const parked = { flow: flow.id, state: 'parked' as const, ...(cause !== undefined && { 'cause.code': cause }) };
      const event = { at, by: 'replay' as const };
      const result = await entries.updateMany(parked, {
        $set: { state: 'waiting', dueAt: at, noticedAt: at, strikes: 0 },
        $inc: { noticed: 1 },
        $push: { events: { $each: [event], $slice: -shownEvents } },
      });
      return result.modifiedCount;
    },

    async due() {
      return entries.distinct('flow', { state: 'waiting' });
    },
  };
}

type NoticingInput = {
  flow: { id: string; tenant: string; kind: string };
  number: string | undefined;
  eventId: string | undefined;
  how: Parameters<Ledger['notice']>[2];
};

/** A pipeline, because whether anything changes depends on whether the event is known: one update, no gap to die in. */
function noticing({ flow, number, eventId, how }: NoticingInput): Document[] {
  const known = eventId === undefined ? false : { $in: [{ $literal: eventId }, { $ifNull: ['$eventIds', []] }] };
  const unlessKnown = (field: string, fresh: unknown): Document => ({ $cond: [known, `$${field}`, fresh] });
  const wasWaiting = { $eq: ['$state', 'waiting'] };
  const event = { ...(eventId !== undefined && { id: { $literal: eventId } }), at: how.at, by: how.by };
  return [
    {
      $set: {
        _id: { $ifNull: ['$_id', newId()] },
        tenant: { $literal: flow.tenant },
        kind: flow.kind,
        ...(number !== undefined && { number: { $literal: number } }),
        attempts: { $ifNull: ['$attempts', 0] },
        revision: { $ifNull: ['$revision', 0] },
        leaseUntil: { $ifNull: ['$leaseUntil', never] },
        strikes: unlessKnown('strikes', { $cond: [wasWaiting, '$strikes', 0] }),
        noticed: unlessKnown('noticed', { $add: [{ $ifNull: ['$noticed', 0] }, 1] }),
        lane: unlessKnown('lane', { $cond: [wasWaiting, { $min: ['$lane', laneRank[how.lane]] }, laneRank[how.lane]] }),
        dueAt: unlessKnown('dueAt', { $cond: [wasWaiting, '$dueAt', how.at] }),
        noticedAt: unlessKnown('noticedAt', { $cond: [wasWaiting, '$noticedAt', how.at] }),
        events: unlessKnown('events', { $slice: [{ $concatArrays: [{ $ifNull: ['$events', []] }, [event]] }, -shownEvents] }),
        state: unlessKnown('state', 'waiting'),
      },
    },
    // A second stage, so that the first still sees which events were known.
    {
      $set: {
        eventIds:
          eventId === undefined
            ? { $ifNull: ['$eventIds', []] }
            : {
                $cond: [
                  { $in: [{ $literal: eventId }, { $ifNull: ['$eventIds', []] }] },
                  '$eventIds',
                  { $slice: [{ $concatArrays: [{ $ifNull: ['$eventIds', []] }, [{ $literal: eventId }]] }, -rememberedEvents] },
                ],
              },
      },
    },
  ];
}

/** What came in while the record was worked on opens it again; the update itself sees that. */
function settling(entry: Entry, settlement: Parameters<Ledger['settle']>[1]): Document[] {
  const again = { $gt: ['$noticed', entry.noticed] };
  const optional = (value: unknown): unknown => (value === undefined ? '$$REMOVE' : { $literal: value });
  const finished = settlement.state === 'done' || settlement.state === 'skipped';
  return [
    {
      $set: {
        state: { $cond: [again, 'waiting', settlement.state] },
        dueAt: { $cond: [again, settlement.at, settlement.dueAt ?? settlement.at] },
        reason: optional(settlement.reason),
        cause: optional(settlement.cause),
        strikes: settlement.strikes,
        revision: settlement.revision,
        settingsVersion: settlement.settingsVersion,
        ...(settlement.number !== undefined && { number: { $literal: settlement.number } }),
        ...(settlement.money && { money: { $literal: settlement.money } }),
        ...(settlement.target && { target: { $literal: settlement.target } }),
        ...(settlement.digest !== undefined && { settledDigest: settlement.digest }),
        ...(finished && { intent: '$$REMOVE' }),
        ...(settlement.state !== 'waiting' && { settledAt: settlement.at }),
        ...(!settlement.counted && { attempts: { $subtract: ['$attempts', 1] } }),
        leaseUntil: never,
        leaseToken: '$$REMOVE',
        worker: '$$REMOVE',
        lockKey: '$$REMOVE',
      },
    },
  ];
}
