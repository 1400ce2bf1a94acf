/** The ledger: one document per (flow, source id). Every change is one atomic update; nothing here reads and then writes. */
import type { Collection, Document } from 'mongodb';
import type { Entry, Flow, Tenant } from '../engine/model.ts';
import type { Ledger, Notice } from '../engine/ports.ts';
import { type Database, defineCollection, isDuplicate, newId } from './database.ts';

const rememberedEvents = 40;
const shownEvents = 20;
const mostRememberedOpenings = 10_000;
const never = new Date(0);
const laneRank = { live: 0, bulk: 1 } as const;
const entityIndex = { entityKey: 1, state: 1, noticedAt: 1, _id: 1 } as const;
/** Records noticed in one breath keep the order in which they were told: ids ascend. */
const inOrder = { noticedAt: 1, _id: 1 } as const;

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
  readonly settingsVersion?: number;
  readonly noticedAt: Date;
  readonly settledAt?: Date;
  readonly leaseToken?: string;
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
const claiming = { state: 1, flow: 1, lane: 1, noticedAt: 1, _id: 1 } as const;

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
    leaseUntil,
    worker,
    lockKey: _lock,
    entityKey: _entity,
    demand: _demand,
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

export function createLedger(database: Database): Ledger {
  const entries = entriesOf(database);
  /** Leases are held by token: an entry that was taken over answers to a new one. */
  const tokens = new WeakMap<Entry, string>();
  const held = (entry: Entry): { _id: string; leaseToken: string } => ({ _id: entry.id, leaseToken: tokens.get(entry) ?? 'none' });
  /** Only spares a vain insert: what is forgotten or was opened elsewhere is found by the unique index. */
  const openedLately = new Set<string>();

  /** Most news is of a record that was never heard of, and a plain insert costs a third of the update. False: it is known. */
  async function opened(flow: Flow, notice: Notice, how: NoticingInput['how']): Promise<boolean> {
    if (openedLately.size >= mostRememberedOpenings) openedLately.clear();
    openedLately.add(`${flow.id}/${notice.sourceId}`);
    try {
      await entries.insertOne(firstOf(flow, notice, how));
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      openedLately.delete(`${flow.id}/${notice.sourceId}`);
      throw error;
    }
  }

  const asking = new Map<string, Promise<readonly Place[]>>();
  /**
   * What is leased in this flow and not read yet. A batch asks for all its records in one turn and gets one answer: the index of leases
   * keeps what was given back until the database cleans up, and walking over that once per record makes a long queue slow.
   */
  function unread(flow: string, now: Date): Promise<readonly Place[]> {
    const asked = asking.get(flow);
    if (asked) return asked;
    const answer = entries
      .find(
        { flow, state: 'waiting', leaseToken: { $type: 'string' }, leaseUntil: { $gt: now }, entityKey: { $exists: false } },
        { projection: { noticedAt: 1 }, hint: { leaseToken: 1 } },
      )
      .toArray();
    asking.set(flow, answer);
    queueMicrotask(() => asking.delete(flow));
    return answer;
  }

  return {
    async notice(flow, notices, how) {
      const [only, ...others] = notices;
      if (only && others.length === 0 && !openedLately.has(`${flow.id}/${only.sourceId}`)) {
        if (await opened(flow, only, how)) return { opened: 1, reopened: 0 };
      }
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
        .find({ flow: flow.id, lane: laneRank[lane], ...free }, { projection: { _id: 1 }, hint: claiming })
        .sort(inOrder)
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
        { hint: { _id: 1 } },
      );
      if (modifiedCount === 0) return [];
      const claimed = (
        await entries
          .find({ leaseToken: { $eq: token, $type: 'string' } })
          .sort(inOrder)
          .toArray()
      ).map(entryOf);
      for (const entry of claimed) tokens.set(entry, token);
      return claimed;
    },

    async renew(batch, until) {
      const leased = [...new Set(batch.map((entry) => tokens.get(entry) ?? 'none'))];
      await entries.updateMany({ leaseToken: { $in: leased, $type: 'string' } }, { $max: { leaseUntil: until } });
    },

    async assign(of) {
      const changed = of.map(({ entry, key, demand }) => ({
        updateOne: {
          filter: held(entry),
          update: { $set: { entityKey: key ?? '', ...(demand && { demand: { ...demand, of: [...demand.of] } }) } },
        },
      }));
      if (changed.length > 0) await entries.bulkWrite(changed, { ordered: false });
    },

    async promised(tenant, connection) {
      const sums = await entries
        .aggregate<{ _id: string; quantity: number }>([
          { $match: { tenant, 'demand.connection': { $eq: connection, $type: 'string' } } },
          { $unwind: '$demand.of' },
          { $group: { _id: '$demand.of.sku', quantity: { $sum: '$demand.of.quantity' } } },
        ])
        .toArray();
      return Object.fromEntries(sums.map(({ _id, quantity }) => [_id, quantity]));
    },

    async earlier(entry, { key, now }) {
      const [first, reading] = await Promise.all([
        // The head of the entity's queue, by the order of the index; with the tie written as an $or the whole index is read.
        entries.findOne(
          { flow: entry.flow, entityKey: key, state: 'waiting' },
          { projection: { noticedAt: 1, dueAt: 1, leaseUntil: 1 }, sort: inOrder, hint: entityIndex },
        ),
        unread(entry.flow, now),
      ]);
      // Whom another worker is just reading may turn out to be of the same entity.
      if (reading.some((other) => isBefore(other, entry))) return now;
      if (first === null || !isBefore(first, entry)) return undefined;
      return first.leaseUntil > now || first.dueAt < now ? now : first.dueAt;
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
      await entries.updateMany(
        { flow: flow.id, state: 'waiting', dueAt: { $gt: now }, $or: [{ 'cause.remedy': 'wait' }, { reason: 'locked' }] },
        { $set: { dueAt: now } },
        { hint: claiming },
      );
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

    async look(flow, sourceIds) {
      const found = await entries.find({ flow: flow.id, sourceId: { $in: [...sourceIds] } }).toArray();
      return new Map(found.map((document) => [document.sourceId, entryOf(document)]));
    },

    async known(flow) {
      return entries.countDocuments({ flow: flow.id });
    },

    async due() {
      return entries.distinct('flow', { state: 'waiting' });
    },
  };
}

type Place = Pick<EntryDocument, '_id' | 'noticedAt'>;

function isBefore(one: Place, other: Entry): boolean {
  return one.noticedAt < other.noticedAt || (one.noticedAt.getTime() === other.noticedAt.getTime() && one._id < other.id);
}

type NoticingInput = {
  flow: { id: string; tenant: string; kind: string };
  number: string | undefined;
  eventId: string | undefined;
  how: Parameters<Ledger['notice']>[2];
};

/** The document that {@link noticing} makes where there is none. */
function firstOf(flow: Flow, { sourceId, number, eventId }: Notice, { lane, at, by }: NoticingInput['how']): EntryDocument {
  return {
    _id: newId(),
    flow: flow.id,
    sourceId,
    tenant: flow.tenant,
    kind: flow.kind,
    ...(number !== undefined && { number }),
    attempts: 0,
    revision: 0,
    leaseUntil: never,
    strikes: 0,
    noticed: 1,
    lane: laneRank[lane],
    dueAt: at,
    noticedAt: at,
    events: [{ ...(eventId !== undefined && { id: eventId }), at, by }],
    state: 'waiting',
    eventIds: eventId === undefined ? [] : [eventId],
  };
}

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
        ...(settlement.written && { written: { $literal: settlement.written } }),
        ...(settlement.kept && { kept: settlement.kept.length > 0 ? { $literal: settlement.kept } : '$$REMOVE' }),
        ...(settlement.digest !== undefined && { settledDigest: settlement.digest }),
        ...(finished && { intent: '$$REMOVE' }),
        // What is in the target is reserved there.
        ...((finished || settlement.target) && { demand: '$$REMOVE' }),
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
