/** Every shop that has or had the app: one document per tenant. */
import type { Platform, Shop, Tenant } from '../engine/model.ts';
import { type Database, defineCollection, despiteRace } from './database.ts';

interface ShopDocument {
  _id: Tenant;
  platform: Platform;
  title: string;
  url?: string;
  state: Shop['state'];
  installedAt: Date;
  /** When everything of an uninstalled shop is to be erased; absent while it is installed. */
  purgeAt?: Date;
  /** Names of the options that are switched on. */
  optionsOn?: string[];
}

export const shopCollection = defineCollection<ShopDocument>({
  name: 'shops',
  fields: {
    _id: String,
    platform: { type: String, required: true },
    title: { type: String, required: true },
    url: String,
    state: { type: String, required: true },
    installedAt: { type: Date, required: true },
    purgeAt: Date,
    optionsOn: { type: [String], default: undefined },
  },
  indexes: [{ keys: { purgeAt: 1 }, partialFilterExpression: { purgeAt: { $exists: true } } }],
  ofTenant: (tenant) => ({ _id: tenant }),
});

/** How long an uninstalled shop's data waits for the shop to come back. */
export const purgeGraceMs = 30 * 24 * 3600 * 1000;

export interface Shops {
  get(tenant: Tenant): Promise<Shop | undefined>;
  /** Called at every (re-)installation: the shop is active afterwards and no longer to be erased. `installedAt` is kept. */
  upsert(shop: Omit<Shop, 'state'>): Promise<Shop>;
  /** Active or suspended. False when there is no such shop or it was uninstalled. */
  setState(tenant: Tenant, state: 'active' | 'suspended'): Promise<boolean>;
  /** @param purgeAt when its data may be erased; `purgeGraceMs` after the uninstallation unless the shop asked for less. Repeating it never postpones. */
  uninstall(tenant: Tenant, purgeAt: Date): Promise<boolean>;
  /** Options of the shop that are switched on. None after an uninstallation: coming back is a fresh consent. */
  optionsOn(tenant: Tenant): Promise<ReadonlySet<string>>;
  /** False when there is no such shop or it was uninstalled. */
  switchOption(tenant: Tenant, name: string, on: boolean): Promise<boolean>;
  list(state?: Shop['state']): Promise<readonly Shop[]>;
  /** Tenants whose grace period is over, longest first. */
  toPurge(now: Date, limit: number): Promise<readonly Tenant[]>;
}

export function createShops(database: Database): Shops {
  const model = database.model(shopCollection);
  return {
    async get(tenant) {
      const document = await model.findById(tenant).lean<ShopDocument>();
      return document ? shopOf(document) : undefined;
    },
    async upsert(shop) {
      const { tenant, installedAt, url, ...rest } = shop;
      const update = {
        $set: { ...rest, ...(url !== undefined && { url }), state: 'active' as const },
        $unset: { purgeAt: 1 as const, ...(url === undefined && { url: 1 as const }) },
        $setOnInsert: { installedAt },
      };
      const document = await despiteRace(async () =>
        model.findOneAndUpdate({ _id: tenant }, update, { upsert: true, returnDocument: 'after' }).lean<ShopDocument>(),
      );
      if (!document) throw new Error(`The shop ${tenant} was not stored.`);
      return shopOf(document);
    },
    async setState(tenant, state) {
      const result = await model.updateOne({ _id: tenant, state: { $ne: 'uninstalled' } }, { $set: { state } });
      return result.matchedCount > 0;
    },
    async uninstall(tenant, purgeAt) {
      const result = await model.updateOne(
        { _id: tenant },
        { $set: { state: 'uninstalled' }, $min: { purgeAt }, $unset: { optionsOn: 1 } },
      );
      return result.matchedCount > 0;
    },
    async optionsOn(tenant) {
      const document = await model.findById(tenant, { optionsOn: 1 }).lean<Pick<ShopDocument, 'optionsOn'>>();
      return new Set(document?.optionsOn);
    },
    async switchOption(tenant, name, on) {
      const update = on ? { $addToSet: { optionsOn: name } } : { $pull: { optionsOn: name } };
      const result = await model.updateOne({ _id: tenant, state: { $ne: 'uninstalled' } }, update);
      return result.matchedCount > 0;
    },
    async list(state) {
      const documents = await model
        .find(state === undefined ? {} : { state })
        .sort({ _id: 1 })
        .lean<ShopDocument[]>();
      return documents.map(shopOf);
    },
    async toPurge(now, limit) {
      const documents = await model
        .find({ purgeAt: { $lte: now } }, { _id: 1 })
        .sort({ purgeAt: 1 })
        .limit(limit)
        .lean<Pick<ShopDocument, '_id'>[]>();
      return documents.map((document) => document._id);
    },
  };
}

const shopOf = (document: ShopDocument): Shop => ({
  tenant: document._id,
  platform: document.platform,
  title: document.title,
  ...(document.url !== undefined && { url: document.url }),
  state: document.state,
  installedAt: document.installedAt,
});
