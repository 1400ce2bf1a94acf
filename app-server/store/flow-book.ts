/** Flows as the screens use them: set up, saved in versions, switched on and off. Every query is bound to the tenant. */
import type { QueryFilter } from 'mongoose';
import { nextMoment } from '../engine/jitter.ts';
import type { Flow } from '../engine/model.ts';
import { nextNight } from '../engine/nightly.ts';
import type { FlowBook } from '../http/ports.ts';
import { type Database, despiteRace, newId } from './database.ts';
import { createFlowVersions } from './flow-versions.ts';
import { type FlowDocument, flowCollection, flowOf } from './flows.ts';

export interface FlowBookOptions {
  now(): Date;
  /** The source's poll interval: the first poll of a flow comes at its own fixed point within it. */
  pollEveryMs(flow: Flow): number | Promise<number>;
}

export function createFlowBook(database: Database, options: FlowBookOptions): FlowBook {
  const model = database.model(flowCollection);
  const versions = createFlowVersions(database);

  const keepVersion = (document: FlowDocument): Promise<void> =>
    versions.keep(flowOf(document), { at: document.savedAt, by: document.savedBy });

  const one = async (filter: QueryFilter<FlowDocument>): Promise<Flow | undefined> => {
    const document = await model.findOne(filter).lean<FlowDocument>();
    return document ? flowOf(document) : undefined;
  };

  return {
    get: (tenant, id) => one({ _id: id, tenant }),
    async list(tenant) {
      const documents = await model.find({ tenant }).sort({ _id: 1 }).lean<FlowDocument[]>();
      return documents.map(flowOf);
    },
    versions: (tenant, id) => versions.list(tenant, id),

    async create(tenant, flow) {
      const { kind, source, target, settings, at, by } = flow;
      const fresh = { _id: newId(), enabled: false, settings, settingsVersion: 1, savedAt: at, savedBy: by };
      const document = await despiteRace(async () =>
        model
          .findOneAndUpdate({ tenant, kind, source, target }, { $setOnInsert: fresh }, { upsert: true, returnDocument: 'after' })
          .lean<FlowDocument>(),
      );
      if (!document) throw new Error(`The ${kind} flow of ${tenant} was not stored.`);
      await keepVersion(document);
      return flowOf(document);
    },

    async saveSettings(tenant, id, change) {
      const current: QueryFilter<FlowDocument> = { _id: id, tenant, settingsVersion: change.version };
      const before = await model.findOne(current).lean<FlowDocument>();
      if (!before) return undefined;
      // A process that ended between saving and keeping left this one out.
      await keepVersion(before);
      const { settings, at, by } = change;
      const document = await model
        .findOneAndUpdate(
          current,
          { $set: { settings, savedAt: at, savedBy: by }, $inc: { settingsVersion: 1 } },
          { returnDocument: 'after' },
        )
        .lean<FlowDocument>();
      if (!document) return undefined;
      await keepVersion(document);
      return flowOf(document);
    },

    async switch(tenant, id, to) {
      const flow = await one({ _id: id, tenant });
      if (!flow) return undefined;
      if (!to.on) {
        await model.updateOne({ _id: id, tenant }, { $set: { enabled: false }, $unset: { nextPollAt: 1, nextNightAt: 1, hold: 1 } });
        return one({ _id: id, tenant });
      }
      const now = options.now();
      const nextPollAt = nextMoment(id, await options.pollEveryMs(flow), { now });
      // The date has to stand before the first record is looked at, so it is stored before the flow is on.
      if (to.from) await model.updateOne({ _id: id, tenant }, { $set: { from: to.from } });
      else await model.updateOne({ _id: id, tenant, from: { $exists: false } }, { $set: { from: now } });
      const nights = flow.kind === 'stock' ? { nextNightAt: nextNight(id, now) } : {};
      await model.updateOne({ _id: id, tenant, enabled: false }, { $set: { enabled: true, nextPollAt, ...nights } });
      return one({ _id: id, tenant });
    },

    async removeOf(tenant, connection) {
      const touching: QueryFilter<FlowDocument> = { tenant, $or: [{ source: connection }, { target: connection }] };
      const documents = await model.find(touching, { _id: 1 }).lean<{ _id: string }[]>();
      await model.deleteMany(touching);
      return documents.map((document) => document._id);
    },
  };
}
