/** Who asked to be erased, and the receipts. Neither holds an address or a name. */
import type { ErasedThere } from '../engine/erasure.ts';
import type { Tenant } from '../engine/model.ts';
import { type Database, defineCollection, newId } from './database.ts';

interface ErasureDocument {
  _id: string;
  tenant: Tenant;
  /** The customer's id in the shop, where the shop told of the request. */
  sourceId?: string;
  requestedAt: Date;
  doneAt?: Date;
  receipt?: ErasedThere[];
}

/** A receipt may be asked for long afterwards. */
const keptSeconds = 3 * 365 * 24 * 3600;

export const erasureCollection = defineCollection<ErasureDocument>({
  name: 'erasures',
  fields: {
    _id: String,
    tenant: { type: String, required: true },
    sourceId: String,
    requestedAt: { type: Date, required: true },
    doneAt: Date,
    receipt: { type: [Object], default: undefined },
  },
  indexes: [
    { keys: { tenant: 1, requestedAt: -1 } },
    { keys: { tenant: 1, sourceId: 1 }, unique: true, partialFilterExpression: { sourceId: { $type: 'string' } } },
    { keys: { requestedAt: 1 }, expireAfterSeconds: keptSeconds },
  ],
});

export interface Erasure {
  readonly id: string;
  readonly sourceId?: string;
  readonly requestedAt: Date;
  readonly doneAt?: Date;
  readonly receipt?: readonly ErasedThere[];
}

export interface Erasures {
  /** The shop tells that this customer asked. Told twice, it is one request. */
  request(tenant: Tenant, sourceId: string, at: Date): Promise<void>;
  /** Newest first. */
  list(tenant: Tenant): Promise<readonly Erasure[]>;
  get(tenant: Tenant, id: string): Promise<Erasure | undefined>;
  /** Stores the receipt, of a request or of what the merchant did on his own. */
  done(tenant: Tenant, erasure: { id?: string; at: Date; receipt: readonly ErasedThere[] }): Promise<Erasure>;
}

const mostShown = 50;

export function createErasures(database: Database): Erasures {
  const model = database.model(erasureCollection);
  const erasureOf = ({ _id, sourceId, requestedAt, doneAt, receipt }: ErasureDocument): Erasure => ({
    id: _id,
    requestedAt,
    ...(sourceId !== undefined && { sourceId }),
    ...(doneAt && { doneAt }),
    ...(receipt && { receipt }),
  });
  return {
    async request(tenant, sourceId, at) {
      await model.updateOne({ tenant, sourceId }, { $setOnInsert: { _id: newId(), requestedAt: at } }, { upsert: true });
    },
    async list(tenant) {
      const documents = await model.find({ tenant }).sort({ requestedAt: -1 }).limit(mostShown).lean<ErasureDocument[]>();
      return documents.map(erasureOf);
    },
    async get(tenant, id) {
      const document = await model.findOne({ _id: id, tenant }).lean<ErasureDocument>();
      return document ? erasureOf(document) : undefined;
    },
    async done(tenant, { id = newId(), at, receipt }) {
      const document = await model
        .findOneAndUpdate(
          { _id: id, tenant },
          { $set: { doneAt: at, receipt: [...receipt] }, $setOnInsert: { requestedAt: at } },
          { upsert: true, returnDocument: 'after' },
        )
        .lean<ErasureDocument>();
      if (!document) throw new Error(`The receipt of an erasure of ${tenant} was not stored.`);
      return erasureOf(document);
    },
  };
}
