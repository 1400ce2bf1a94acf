/** Flows as the engine uses them: where the poll stands and what holds them. The screens' side is flow-book.ts. */
import type { Kind } from '../../connectors/commerce.ts';
import type { Cause, Flow, FlowSettings, Tenant } from '../engine/model.ts';
import type { Flows } from '../engine/ports.ts';
import { type Database, defineCollection } from './database.ts';

export interface FlowDocument {
  _id: string;
  tenant: Tenant;
  kind: Kind;
  source: string;
  target: string;
  /** Not `on`: Mongoose keeps that name for itself. */
  enabled: boolean;
  from?: Date;
  settings: FlowSettings;
  settingsVersion: number;
  savedAt: Date;
  savedBy: string;
  cursor?: string;
  hold?: { until?: Date; cause: Cause; strikes: number };
  letThrough?: Date;
  /** Articles that fell to zero since then. */
  fallen?: { since: Date; count: number };
  lastNoticeAt?: Date;
  lastPollAt?: Date;
  /** While a worker polls: when its lease ends. Absent while the flow is off. */
  nextPollAt?: Date;
  /** Of a stock flow: when everything is read again. */
  nextNightAt?: Date;
}

export const flowCollection = defineCollection<FlowDocument>({
  name: 'flows',
  fields: {
    _id: String,
    tenant: { type: String, required: true },
    kind: { type: String, required: true },
    source: { type: String, required: true },
    target: { type: String, required: true },
    enabled: { type: Boolean, required: true },
    from: Date,
    settings: { type: Object, required: true },
    settingsVersion: { type: Number, required: true },
    savedAt: { type: Date, required: true },
    savedBy: { type: String, required: true },
    cursor: String,
    hold: Object,
    letThrough: Date,
    fallen: Object,
    lastNoticeAt: Date,
    lastPollAt: Date,
    nextPollAt: Date,
    nextNightAt: Date,
  },
  indexes: [
    { keys: { tenant: 1, kind: 1, source: 1, target: 1 }, unique: true },
    { keys: { nextPollAt: 1 }, partialFilterExpression: { enabled: true } },
    { keys: { nextNightAt: 1 }, partialFilterExpression: { enabled: true } },
  ],
});

export function createFlows(database: Database): Flows & { touch(id: string, at: Date): Promise<void> } {
  const model = database.model(flowCollection);

  /** Flows for which something is due, each leased to one worker by moving the moment on. */
  async function claim(due: 'nextPollAt' | 'nextNightAt', now: Date, how: { limit: number; leaseMs: number }): Promise<Flow[]> {
    const claimed: Flow[] = [];
    while (claimed.length < how.limit) {
      const document = await model
        .findOneAndUpdate(
          { enabled: true, [due]: { $lte: now } },
          { $set: { [due]: new Date(now.getTime() + how.leaseMs) } },
          { sort: { [due]: 1 }, returnDocument: 'after' },
        )
        .lean<FlowDocument>();
      if (!document) break;
      claimed.push(flowOf(document));
    }
    return claimed;
  }

  return {
    async get(id) {
      const document = await model.findById(id).lean<FlowDocument>();
      return document ? flowOf(document) : undefined;
    },
    async into(tenant, connection, kind) {
      const documents = await model.find({ tenant, kind, target: connection }).lean<FlowDocument[]>();
      return documents.map(flowOf);
    },
    async kindsRead(tenant, connection) {
      return model.distinct('kind', { tenant, source: connection, enabled: true });
    },
    async reading(tenant, connection, kind) {
      const documents = await model.find({ tenant, kind, source: connection, enabled: true }).lean<FlowDocument[]>();
      return documents.map(flowOf);
    },
    claimPolls: (now, how) => claim('nextPollAt', now, how),
    claimNights: (now, how) => claim('nextNightAt', now, how),
    async nightBegun(id, nextNightAt) {
      await model.updateOne({ _id: id, enabled: true }, { $set: { nextNightAt } });
    },
    async polled(id, result) {
      const { cursor, nextPollAt, at } = result;
      await model.updateOne({ _id: id }, { $set: { cursor, lastPollAt: at } });
      // A flow that was switched off meanwhile keeps the watermark but gets no next poll.
      await model.updateOne({ _id: id, enabled: true }, { $set: { nextPollAt } });
    },
    async hold(id, hold) {
      // A hold without an end waits for somebody's word; the weather does not change it.
      const mine = hold.until === undefined ? {} : { $or: [{ hold: { $exists: false } }, { 'hold.until': { $exists: true } }] };
      await model.updateOne({ _id: id, enabled: true, ...mine }, { $set: { hold } });
    },
    async unhold(id) {
      await model.updateOne({ _id: id, 'hold.until': { $exists: true } }, { $unset: { hold: 1 } });
    },
    async fell(id, { count, at, windowMs }) {
      const begun = { $gt: ['$fallen.since', new Date(at.getTime() - windowMs)] };
      const document = await model
        .findOneAndUpdate(
          { _id: id },
          [
            {
              $set: {
                fallen: {
                  since: { $cond: [begun, '$fallen.since', at] },
                  count: { $max: [0, { $add: [{ $cond: [begun, '$fallen.count', 0] }, count] }] },
                },
              },
            },
          ],
          { returnDocument: 'after', updatePipeline: true },
        )
        .lean<FlowDocument>();
      return document?.fallen?.count ?? 0;
    },
    async letThrough(id, at) {
      await model.updateOne({ _id: id }, { $set: { letThrough: at }, $unset: { hold: 1 } });
    },
    /** A notice came for this flow. */
    async touch(id, at) {
      await model.updateOne({ _id: id }, { $max: { lastNoticeAt: at } });
    },
  };
}

export const flowOf = (document: FlowDocument): Flow => ({
  id: document._id,
  tenant: document.tenant,
  kind: document.kind,
  source: document.source,
  target: document.target,
  on: document.enabled,
  ...(document.from && { from: document.from }),
  settings: document.settings,
  settingsVersion: document.settingsVersion,
  ...(document.cursor !== undefined && { cursor: document.cursor }),
  ...(document.hold && { hold: document.hold }),
  ...(document.letThrough && { letThrough: document.letThrough }),
  ...(document.lastNoticeAt && { lastNoticeAt: document.lastNoticeAt }),
  ...(document.lastPollAt && { lastPollAt: document.lastPollAt }),
});
