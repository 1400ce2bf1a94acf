/** The ledger: one document per (flow, source id). Every change is one atomic update; nothing here reads and then writes. */
import type { Entry, Flow } from '../engine/model.ts';
import type { Ledger, Notice } from '../engine/ports.ts';
import { type Database, isDuplicate, newId } from './database.ts';
import { claiming, type EntryDocument, entityIndex, entriesOf, entryOf, laneRank } from './entry-document.ts';
import { firstOf, type NoticingInput, noticing, shownEvents } from './entry-updates.ts';
import { entryWrites, type Held } from './entry-writes.ts';
import { gather } from './gather.ts';

const mostRememberedOpenings = 10_000;
/** Records noticed in one breath keep the order in which they were told: ids ascend. */
const inOrder = { noticedAt: 1, _id: 1 } as const;

interface Queue {
  readonly flow: string;
  readonly key: string;
}
type Head = Pick<EntryDocument, '_id' | 'noticedAt' | 'dueAt' | 'leaseUntil'>;
const headFields = { noticedAt: 1, dueAt: 1, leaseUntil: 1 } as const;
const mostHeads = 100;
/** Of an entity: what was noticed before these was done with long ago. */
const mostKin = 20;
/** Customers with more waiting orders than this are rare. */
const usuallyWaiting = 10;

export function createLedger(database: Database): Ledger {
  const entries = entriesOf(database);
  /** Leases are held by token: an entry that was taken over answers to a new one. */
  const tokens = new WeakMap<Entry, string>();
  const writes = entryWrites(entries);
  const held = (entry: Entry): Held => ({ _id: entry.id, leaseToken: tokens.get(entry) ?? 'none' });
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

  /** The heads of the queues of some entities: of each the earliest record that waits, by the order of the index. */
  const head = gather(
    async (asked: readonly Queue[]): Promise<readonly (Head | undefined)[]> => {
      const [only] = asked;
      const of = (queue: Queue): Promise<Head | undefined> =>
        // With the tie written as an $or the whole index is read.
        entries
          .findOne(
            { flow: queue.flow, entityKey: queue.key, state: 'waiting' },
            { projection: headFields, sort: inOrder, hint: entityIndex },
          )
          .then((found) => found ?? undefined);
      if (only && asked.length === 1) return [await of(only)];
      const most = asked.length * usuallyWaiting;
      const waiting = await entries
        .find(
          { entityKey: { $in: asked.map(({ key }) => key) }, state: 'waiting' },
          { projection: { ...headFields, flow: 1, entityKey: 1 } },
        )
        .sort({ entityKey: 1, state: 1, ...inOrder })
        .hint(entityIndex)
        .limit(most)
        .toArray();
      // Somebody has a long queue: it hides the others.
      if (waiting.length === most) return Promise.all(asked.map(of));
      return asked.map(({ flow, key }) => waiting.find((other) => other.entityKey === key && other.flow === flow));
    },
    { most: mostHeads },
  );

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

    async renew(batch, { until, now }) {
      const leased = [...new Set(batch.map((entry) => tokens.get(entry) ?? 'none'))];
      const ours = { leaseToken: { $in: leased, $type: 'string' as const } };
      // What was begun under this lease may still leave; an older doubt grows older.
      await entries.updateMany({ ...ours, 'intent.until': { $gt: now } }, { $max: { 'intent.until': until } });
      await entries.updateMany(ours, { $max: { leaseUntil: until } });
    },

    async assign(of) {
      await Promise.all(of.map(({ entry, key = '', demand }) => writes.assign(held(entry), { key, demand })));
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
      const [first, reading] = await Promise.all([head({ flow: entry.flow, key }), unread(entry.flow, now)]);
      // Whom another worker is just reading may turn out to be of the same entity.
      if (reading.some((other) => isBefore(other, entry))) return now;
      if (first === undefined || !isBefore(first, entry)) return undefined;
      return first.leaseUntil > now || first.dueAt < now ? now : first.dueAt;
    },

    async kin(entry, key) {
      const others = await entries
        .find(
          {
            ...{ entityKey: key, state: { $in: ['waiting', 'done', 'skipped', 'parked'] } },
            ...(entry && { _id: { $ne: entry.id } }),
            $or: [{ 'target.id': { $exists: true } }, { intent: { $exists: true } }],
          },
          { projection: { kind: 1, target: 1, written: 1, intent: 1 }, hint: entityIndex },
        )
        .sort({ noticedAt: -1, _id: -1 })
        .limit(mostKin)
        .toArray();
      const last = others.find(({ target }) => target !== undefined);
      return {
        intents: others.flatMap(({ intent }) => intent ?? []),
        ...(last?.target && { sibling: { kind: last.kind, id: last.target.id, values: last.written ?? {} } }),
      };
    },

    lock: (entry, key) => writes.lock(held(entry), key),

    intend: (entry, intent) => writes.intend(held(entry), intent),

    settle: (entry, settlement) => writes.settle(held(entry), entry, settlement),

    async hasten(flow, now) {
      await entries.updateMany(
        { flow: flow.id, state: 'waiting', dueAt: { $gt: now }, $or: [{ 'cause.remedy': 'wait' }, { reason: 'awaits-turn' }] },
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

    async brought(flow, targetIds) {
      const documents = await entries
        .find({ flow: flow.id, 'target.id': { $in: [...targetIds] } }, { projection: { 'target.id': 1 } })
        .toArray();
      return documents.flatMap(({ target }) => target?.id ?? []);
    },

    async known(flow) {
      return entries.countDocuments({ flow: flow.id });
    },

    async busy({ id, tenant }, now) {
      const underWay = { $or: [{ lane: laneRank.bulk }, { leaseUntil: { $gt: now } }] };
      const filter = { tenant, flow: id, state: 'waiting' as const, ...underWay };
      return (await entries.findOne(filter, { projection: { _id: 1 }, hint: claiming })) !== null;
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
