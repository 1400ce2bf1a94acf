/** Ecwid stores that installed the app. Their tokens are sealed. */
import type { InstalledStore, InstalledStores } from '../../ecwid-app/ports.ts';
import { type Database, defineCollection } from './database.ts';
import { platformId } from './tenant.ts';
import { place, type Vault } from './vault.ts';
import { writeVersioned } from './versioned.ts';

interface EcwidStoreDocument {
  _id: string;
  scopes: string[];
  status: InstalledStore['status'];
  seenPayloads: { digest: string; at: Date }[];
  uninstalledAt?: Date;
  version: number;
  /** Field name to sealed value. */
  sealed: Record<string, string>;
}

export const ecwidStoreCollection = defineCollection<EcwidStoreDocument>({
  name: 'ecwid-stores',
  fields: {
    _id: String,
    scopes: { type: [String], required: true },
    status: { type: String, required: true },
    seenPayloads: [{ _id: false, digest: String, at: Date }],
    uninstalledAt: Date,
    version: { type: Number, required: true },
    sealed: { type: Object, required: true },
  },
  indexes: [],
  ofTenant: (tenant) => {
    const storeId = platformId(tenant, 'ecwid');
    return storeId === undefined ? undefined : { _id: storeId };
  },
});

/** The store id is the document's id, which is what makes it unique. */
export function createInstalledStores(database: Database, vault: Vault): InstalledStores {
  const model = database.model(ecwidStoreCollection);
  const placeOf = (storeId: string, field: string): string => place('ecwid-stores', storeId, field);

  const read = (document: EcwidStoreDocument): InstalledStore => {
    const secret = (field: string): string | undefined => {
      const sealed = document.sealed[field];
      return sealed === undefined ? undefined : vault.open(sealed, placeOf(document._id, field));
    };
    return {
      storeId: document._id,
      accessToken: secret('accessToken'),
      publicToken: secret('publicToken'),
      scopes: document.scopes,
      status: document.status,
      seenPayloads: document.seenPayloads,
      uninstalledAt: document.uninstalledAt,
      version: document.version,
    };
  };

  const written = (store: InstalledStore): EcwidStoreDocument => {
    const sealed: Record<string, string> = {};
    for (const field of ['accessToken', 'publicToken'] as const) {
      const secret = store[field];
      if (secret !== undefined) sealed[field] = vault.seal(secret, placeOf(store.storeId, field));
    }
    return {
      _id: store.storeId,
      scopes: [...store.scopes],
      status: store.status,
      seenPayloads: [...store.seenPayloads],
      ...(store.uninstalledAt && { uninstalledAt: store.uninstalledAt }),
      version: store.version + 1,
      sealed,
    };
  };

  return {
    async find(storeId) {
      const document = await model.findById(storeId).lean<EcwidStoreDocument>();
      return document ? read(document) : undefined;
    },
    async save(store) {
      const document = written(store);
      return (await writeVersioned(model, document, store.version)) ? { ...store, version: document.version } : undefined;
    },
    async remove(storeId) {
      await model.deleteOne({ _id: storeId });
    },
  };
}
