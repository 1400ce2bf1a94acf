/** Many installed shops, written as an installation leaves them. Each has a shop of its own as far as the server can tell. */
import { randomBytes } from 'node:crypto';
import { type Tenant, tenantOf } from '../../app-server/engine/model.ts';
import { secretFieldsOf } from '../../app-server/http/forms.ts';
import { createConnections } from '../../app-server/store/connections.ts';
import type { Database } from '../../app-server/store/database.ts';
import { createFlowBook } from '../../app-server/store/flow-book.ts';
import { createShops } from '../../app-server/store/shops.ts';
import { createRegisteredShops } from '../../app-server/store/shopware-shops.ts';
import { createVault, parseEncryptionKeys } from '../../app-server/store/vault.ts';
import { mpluskassa } from '../../connectors/mpluskassa/index.ts';
import { shopware } from '../../shopware-app/connector.ts';
import { encryptionKeys } from './ground.ts';

export interface Addresses {
  readonly shop: { readonly url: string; readonly apiKey: string; readonly secretKey: string };
  readonly till: Readonly<Record<string, unknown>>;
}

export async function installShops(database: Database, count: number, { shop, till }: Addresses): Promise<void> {
  const vault = createVault(parseEncryptionKeys(encryptionKeys));
  const secrets = new Map([shopware, mpluskassa].map(({ name, settings }) => [name, new Set(secretFieldsOf(settings))]));
  const connections = createConnections(database, { vault, secretsOf: (name) => secrets.get(name) ?? new Set() });
  const registered = createRegisteredShops(database, vault);
  const shops = createShops(database);
  const flows = createFlowBook(database, { now: () => new Date(), pollEveryMs: () => shopware.reads.order?.pollEveryMs ?? 60_000 });
  const { url: shopUrl, apiKey, secretKey } = shop;

  for (let index = 0; index < count; index += 1) {
    const shopId = randomBytes(8).toString('hex');
    const tenant: Tenant = tenantOf('shopware', shopId);
    const at = new Date();
    await registered.save({
      shopId,
      shopUrl,
      shopSecret: randomBytes(16).toString('hex'),
      previousShopSecret: undefined,
      pendingShopSecret: undefined,
      pendingShopUrl: undefined,
      secretsRotatedAt: undefined,
      apiKey,
      secretKey,
      active: true,
      confirmed: true,
      doubleSignature: false,
      shopwareVersion: undefined,
      uninstalledAt: undefined,
      version: 0,
    });
    await shops.upsert({ tenant, platform: 'shopware', title: shopId, url: shopUrl, installedAt: at });
    const source = await connections.save(tenant, { connector: 'shopware', title: 'Shop', settings: { shopUrl, apiKey, secretKey } });
    const target = await connections.save(tenant, { connector: 'mpluskassa', title: 'Till', settings: till });
    const flow = await flows.create(tenant, {
      kind: 'order',
      source: source.id,
      target: target.id,
      settings: { values: {}, tables: {} },
      at,
      by: 'bench',
    });
    await flows.switch(tenant, flow.id, { on: true });
  }
}
