import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Cause, Tenant } from '../../app-server/engine/model.ts';
import { tenantOf } from '../../app-server/engine/model.ts';
import { collections } from '../../app-server/store/collections.ts';
import { createConnections } from '../../app-server/store/connections.ts';
import { newId } from '../../app-server/store/database.ts';
import { createInstalledStores } from '../../app-server/store/ecwid-stores.ts';
import { createFlowBook } from '../../app-server/store/flow-book.ts';
import { createShops, purgeGraceMs } from '../../app-server/store/shops.ts';
import { createRegisteredShops } from '../../app-server/store/shopware-shops.ts';
import { createVault } from '../../app-server/store/vault.ts';
import { wipe } from '../../app-server/store/wipe.ts';
import type { InstalledStore } from '../../ecwid-app/ports.ts';
import type { RegisteredShop } from '../../shopware-app/ports.ts';
import { testDatabase } from '../database.ts';

const stored = testDatabase();
const vault = createVault([{ id: 'k1', key: randomBytes(32) }]);
const now = new Date('2026-03-01T12:00:00.000Z');
const later = (ms: number): Date => new Date(now.getTime() + ms);

const someTenant = (): Tenant => tenantOf('shopware', newId());
const raw = async (collection: string, id: string): Promise<string> =>
  JSON.stringify(await stored.database.connection.collection<{ _id: string }>(collection).findOne({ _id: id }));

const shop = (shopId: string): RegisteredShop => ({
  shopId,
  shopUrl: 'https://shop.example',
  shopSecret: 'shop-secret-0815',
  previousShopSecret: undefined,
  pendingShopSecret: 'pending-secret-4711',
  pendingShopUrl: undefined,
  secretsRotatedAt: now,
  apiKey: 'SWIAKEY',
  secretKey: 'admin-secret-key',
  active: true,
  confirmed: false,
  doubleSignature: true,
  shopwareVersion: '6.6.7.1',
  uninstalledAt: undefined,
  version: 0,
});

describe('registered Shopware shops', () => {
  it('come back as they were stored, with their secrets sealed in the database', async () => {
    const shops = createRegisteredShops(stored.database, vault);
    const given = shop(newId());
    expect(await shops.save(given)).toEqual({ ...given, version: 1 });
    expect(await shops.find(given.shopId)).toEqual({ ...given, version: 1 });
    const document = await raw('shopware-shops', given.shopId);
    for (const secret of ['shop-secret-0815', 'pending-secret-4711', 'SWIAKEY', 'admin-secret-key']) expect(document).not.toContain(secret);
  });

  it('are stored once, however many register at the same moment', async () => {
    const shops = createRegisteredShops(stored.database, vault);
    const given = shop(newId());
    const saved = await Promise.all(Array.from({ length: 8 }, () => shops.save(given)));
    expect(saved.filter((result) => result !== undefined)).toHaveLength(1);
  });

  it('are changed by the fastest only, and forget what was taken away', async () => {
    const shops = createRegisteredShops(stored.database, vault);
    const first = (await shops.save(shop(newId()))) as RegisteredShop;
    const confirmed = { ...first, confirmed: true, shopSecret: first.pendingShopSecret, pendingShopSecret: undefined };
    const saved = await Promise.all([shops.save(confirmed), shops.save({ ...first, active: false })]);
    expect(saved.filter((result) => result !== undefined)).toHaveLength(1);
    const current = (await shops.find(first.shopId)) as RegisteredShop;
    expect(current.version).toBe(2);
    expect(await shops.save(first)).toBeUndefined();
    const third = await shops.save({ ...current, pendingShopSecret: undefined, secretsRotatedAt: undefined });
    expect(third).toMatchObject({ version: 3 });
    expect(await shops.find(first.shopId)).toMatchObject({ pendingShopSecret: undefined, secretsRotatedAt: undefined });
    await shops.remove(first.shopId);
    expect(await shops.find(first.shopId)).toBeUndefined();
  });
});

describe('Ecwid stores', () => {
  it('keep their tokens sealed and their version checked', async () => {
    const stores = createInstalledStores(stored.database, vault);
    const given: InstalledStore = {
      storeId: newId(),
      accessToken: 'secret_abc123',
      publicToken: 'public_xyz789',
      scopes: ['read_orders'],
      status: 'active',
      seenPayloads: [{ digest: 'd1', at: now }],
      uninstalledAt: undefined,
      version: 0,
    };
    const saved = (await stores.save(given)) as InstalledStore;
    expect(await stores.find(given.storeId)).toEqual({ ...given, version: 1 });
    const document = await raw('ecwid-stores', given.storeId);
    expect(document).not.toMatch(/secret_abc123|public_xyz789/);
    expect(await stores.save(given)).toBeUndefined();
    expect(await stores.save({ ...saved, accessToken: undefined, status: 'uninstalled', uninstalledAt: now })).toMatchObject({
      version: 2,
    });
    expect(await stores.save(saved)).toBeUndefined();
    expect(await stores.find(given.storeId)).toMatchObject({ accessToken: undefined, status: 'uninstalled' });
  });
});

describe('shops', () => {
  it('are one document per tenant, keep the day they came, and come back from an uninstallation', async () => {
    const shops = createShops(stored.database);
    const tenant = someTenant();
    const given = { tenant, platform: 'shopware' as const, title: 'Shop', url: 'https://shop.example', installedAt: now };
    const results = await Promise.all(Array.from({ length: 6 }, () => shops.upsert(given)));
    expect(results).toEqual(Array.from({ length: 6 }, () => ({ ...given, state: 'active' })));
    expect(await shops.setState(tenant, 'suspended')).toBe(true);
    expect(await shops.uninstall(tenant, later(purgeGraceMs))).toBe(true);
    expect(await shops.setState(tenant, 'active')).toBe(false);
    expect(await shops.get(tenant)).toMatchObject({ state: 'uninstalled' });
    expect(await shops.upsert({ ...given, title: 'New name', installedAt: later(5000) })).toEqual({
      ...given,
      title: 'New name',
      state: 'active',
    });
    expect(await shops.toPurge(later(purgeGraceMs), 100)).not.toContain(tenant);
  });

  it('are erased thirty days after the uninstallation, which a second message does not postpone', async () => {
    const shops = createShops(stored.database);
    const tenant = someTenant();
    await shops.upsert({ tenant, platform: 'shopware', title: 'Shop', installedAt: now });
    await shops.uninstall(tenant, later(purgeGraceMs));
    await shops.uninstall(tenant, later(2 * purgeGraceMs));
    expect(await shops.toPurge(later(purgeGraceMs - 1), 100)).not.toContain(tenant);
    expect(await shops.toPurge(later(purgeGraceMs), 100)).toContain(tenant);
  });
});

const cause: Cause = {
  code: 'till.refused',
  message: 'The till refused the credentials.',
  remedy: 'fix-connection',
  params: { host: 'till' },
};
const connections = () =>
  createConnections(stored.database, { vault, secretsOf: (connector) => new Set(connector === 'mpluskassa' ? ['secret'] : []) });
const till = { connector: 'mpluskassa', title: 'Till', settings: { host: 'till.example', ident: 'me', secret: 'pa55word', port: 44 } };

describe('connections', () => {
  it('keep secret settings sealed and open them for the engine', async () => {
    const tenant = someTenant();
    const connection = await connections().save(tenant, till);
    expect(connection).toMatchObject({ tenant, connector: 'mpluskassa', state: 'unchecked', settings: till.settings, version: 1 });
    expect(await connections().get(tenant, connection.id)).toEqual(connection);
    const document = await raw('connections', connection.id);
    expect(document).not.toContain('pa55word');
    expect(document).toContain('till.example');
  });

  it('exist once per tenant and system, however many save at the same moment', async () => {
    const tenant = someTenant();
    const saved = await Promise.all(Array.from({ length: 5 }, () => connections().save(tenant, till)));
    expect(new Set(saved.map((connection) => connection.id)).size).toBe(1);
    expect((await connections().list(tenant)).map((connection) => connection.version)).toEqual([5]);
    await connections().save(tenant, { ...till, connector: 'lightspeed' });
    expect(await connections().list(tenant)).toHaveLength(2);
  });

  it('let one caller at a time replace what a system changes by itself; the others find it done', async () => {
    const tenant = someTenant();
    const connection = await connections().save(tenant, till);
    let refreshed = 0;
    const renewOnce = (mine: unknown) =>
      connections().renew(connection, async (known) => {
        if (known.secret !== mine) return undefined;
        refreshed += 1;
        return { secret: `fresh ${refreshed}` };
      });
    const settings = await Promise.all(Array.from({ length: 6 }, () => renewOnce('pa55word')));
    expect(refreshed).toBe(1);
    expect(settings.map(({ secret, host }) => [secret, host])).toEqual(Array.from({ length: 6 }, () => ['fresh 1', 'till.example']));
    // Open sessions go on: it is the same connection.
    expect(await connections().get(tenant, connection.id)).toEqual({ ...connection, settings: { ...till.settings, secret: 'fresh 1' } });
    expect(await raw('connections', connection.id)).not.toContain('fresh');
  });

  it('keep what they had when the renewal fails, and let the next one try at once', async () => {
    const tenant = someTenant();
    const connection = await connections().save(tenant, till);
    await expect(connections().renew(connection, () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    expect(await connections().renew(connection, async () => ({ secret: 'second' }))).toMatchObject({ secret: 'second' });
  });

  it('take the word of a person who enters other credentials over that of a renewal under way', async () => {
    const tenant = someTenant();
    const connection = await connections().save(tenant, till);
    await connections().renew(connection, async () => {
      await connections().save(tenant, { ...till, settings: { ...till.settings, secret: 'by hand' } });
      return { secret: 'too late' };
    });
    expect(await connections().get(tenant, connection.id)).toMatchObject({ settings: { secret: 'by hand' } });
  });

  it('of another tenant are as unknown as ones that never were', async () => {
    const connection = await connections().save(someTenant(), till);
    const stranger = someTenant();
    expect(await connections().get(stranger, connection.id)).toBeUndefined();
    expect(await connections().find(stranger, 'mpluskassa')).toBeUndefined();
    expect(await connections().list(stranger)).toEqual([]);
    expect(await connections().remove(stranger, connection.id)).toBe(false);
    await connections().pause({ ...connection, tenant: stranger }, cause);
    expect(await connections().get(connection.tenant, connection.id)).toMatchObject({ state: 'unchecked' });
  });

  it('pause with a cause, and a new save or a good check mends them; a check of old settings changes nothing', async () => {
    const tenant = someTenant();
    const first = await connections().save(tenant, till);
    await connections().pause(first, cause);
    expect(await connections().get(tenant, first.id)).toMatchObject({ state: 'paused', cause });
    const second = await connections().save(tenant, { ...till, settings: { ...till.settings, secret: 'better' } });
    expect(second).toMatchObject({ id: first.id, state: 'unchecked', version: 2, settings: { secret: 'better' } });
    expect(second).not.toHaveProperty('cause');
    const report = { summary: 'MplusKASSA 67', facts: [], warnings: [], at: now };
    await connections().setReport(first, report);
    await connections().pause(first, cause);
    expect(await connections().get(tenant, first.id)).toEqual(second);
    await connections().setReport(second, report);
    expect(await connections().get(tenant, first.id)).toEqual({ ...second, state: 'ok', report });
    await connections().pause(second, cause);
    expect(await connections().resume(tenant, first.id)).toBe(true);
    expect(await connections().get(tenant, first.id)).toMatchObject({ state: 'unchecked' });
  });
});

const flow = { kind: 'order' as const, source: newId(), target: newId(), settings: { values: {}, tables: {} }, by: 'anna', at: now };

describe('erasing a tenant', () => {
  it('removes everything of it and nothing of others', async () => {
    const registered = createRegisteredShops(stored.database, vault);
    const shops = createShops(stored.database);
    const [gone, stays] = [newId(), newId()].map((shopId) => ({ shopId, tenant: tenantOf('shopware', shopId) })) as [
      { shopId: string; tenant: Tenant },
      { shopId: string; tenant: Tenant },
    ];
    for (const { shopId, tenant } of [gone, stays]) {
      await registered.save(shop(shopId));
      await shops.upsert({ tenant, platform: 'shopware', title: 'Shop', installedAt: now });
      await connections().save(tenant, till);
      await createFlowBook(stored.database, { now: () => now, pollEveryMs: () => 1 }).create(tenant, flow);
    }
    await wipe(stored.database, collections, gone.tenant);
    const left = async (owner: typeof gone): Promise<number> => {
      const counts = collections.map((collection) => {
        const filter = collection.ofTenant(owner.tenant);
        return filter ? stored.database.connection.collection(collection.name).countDocuments(filter) : 0;
      });
      return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
    };
    expect(await left(gone)).toBe(0);
    expect(await left(stays)).toBe(5);
  });
});
