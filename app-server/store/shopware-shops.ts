/** Registered Shopware shops: the handshake's memory. Their secrets are sealed. */
import type { RegisteredShop, RegisteredShops } from '../../shopware-app/ports.ts';
import { type Database, defineCollection } from './database.ts';
import { platformId } from './tenant.ts';
import { place, type Vault } from './vault.ts';
import { writeVersioned } from './versioned.ts';

interface ShopwareShopDocument {
  _id: string;
  shopUrl: string;
  pendingShopUrl?: string;
  secretsRotatedAt?: Date;
  active: boolean;
  confirmed: boolean;
  doubleSignature: boolean;
  shopwareVersion?: string;
  uninstalledAt?: Date;
  version: number;
  /** Field name to sealed value. */
  sealed: Record<string, string>;
}

const secretFields = ['shopSecret', 'previousShopSecret', 'pendingShopSecret', 'apiKey', 'secretKey'] as const;

export const shopwareShopCollection = defineCollection<ShopwareShopDocument>({
  name: 'shopware-shops',
  fields: {
    _id: String,
    shopUrl: { type: String, required: true },
    pendingShopUrl: String,
    secretsRotatedAt: Date,
    active: { type: Boolean, required: true },
    confirmed: { type: Boolean, required: true },
    doubleSignature: { type: Boolean, required: true },
    shopwareVersion: String,
    uninstalledAt: Date,
    version: { type: Number, required: true },
    sealed: { type: Object, required: true },
  },
  indexes: [],
  ofTenant: (tenant) => {
    const shopId = platformId(tenant, 'shopware');
    return shopId === undefined ? undefined : { _id: shopId };
  },
});

/** The shop id is the document's id, which is what makes it unique. */
export function createRegisteredShops(database: Database, vault: Vault): RegisteredShops {
  const model = database.model(shopwareShopCollection);
  const placeOf = (shopId: string, field: string): string => place('shopware-shops', shopId, field);

  const read = (document: ShopwareShopDocument): RegisteredShop => {
    const secret = (field: (typeof secretFields)[number]): string | undefined => {
      const sealed = document.sealed[field];
      return sealed === undefined ? undefined : vault.open(sealed, placeOf(document._id, field));
    };
    return {
      shopId: document._id,
      shopUrl: document.shopUrl,
      shopSecret: secret('shopSecret'),
      previousShopSecret: secret('previousShopSecret'),
      pendingShopSecret: secret('pendingShopSecret'),
      pendingShopUrl: document.pendingShopUrl,
      secretsRotatedAt: document.secretsRotatedAt,
      apiKey: secret('apiKey'),
      secretKey: secret('secretKey'),
      active: document.active,
      confirmed: document.confirmed,
      doubleSignature: document.doubleSignature,
      shopwareVersion: document.shopwareVersion,
      uninstalledAt: document.uninstalledAt,
      version: document.version,
    };
  };

  const written = (shop: RegisteredShop): ShopwareShopDocument => ({
    _id: shop.shopId,
    shopUrl: shop.shopUrl,
    ...(shop.pendingShopUrl !== undefined && { pendingShopUrl: shop.pendingShopUrl }),
    ...(shop.secretsRotatedAt && { secretsRotatedAt: shop.secretsRotatedAt }),
    active: shop.active,
    confirmed: shop.confirmed,
    doubleSignature: shop.doubleSignature,
    ...(shop.shopwareVersion !== undefined && { shopwareVersion: shop.shopwareVersion }),
    ...(shop.uninstalledAt && { uninstalledAt: shop.uninstalledAt }),
    version: shop.version + 1,
    sealed: Object.fromEntries(
      secretFields.flatMap((field) => {
        const secret = shop[field];
        return secret === undefined ? [] : [[field, vault.seal(secret, placeOf(shop.shopId, field))]];
      }),
    ),
  });

  return {
    async find(shopId) {
      const document = await model.findById(shopId).lean<ShopwareShopDocument>();
      return document ? read(document) : undefined;
    },
    async save(shop) {
      const document = written(shop);
      return (await writeVersioned(model, document, shop.version)) ? { ...shop, version: document.version } : undefined;
    },
    async remove(shopId) {
      await model.deleteOne({ _id: shopId });
    },
  };
}
