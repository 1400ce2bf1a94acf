/** The life of an installation, as the app folders tell it: what it means for shops, connections and flows. */
import { isDeepStrictEqual } from 'node:util';
import type { Connector } from '../connectors/connector.ts';
import { type Cause, type Connection, type Platform, type Tenant, tenantOf } from './engine/model.ts';
import type { Clock } from './engine/ports.ts';
import type { StoredConnections } from './store/connections.ts';
import { purgeGraceMs, type Shops } from './store/shops.ts';

export interface Installations {
  /** `suspended`: it came back switched off, and why. */
  installed(shop: {
    shopId: string;
    title: string;
    url: string;
    settings: Readonly<Record<string, unknown>>;
    suspended?: string;
  }): Promise<void>;
  suspended(shopId: string, reason: string): Promise<void>;
  resumed(shopId: string): Promise<void>;
  uninstalled(shopId: string, how: { keepData: boolean | undefined }): Promise<void>;
}

/** Every call may come twice, late or after another: each sets a state and none depends on the one before. */
export function createInstallations(options: {
  readonly platform: Platform;
  readonly connector: Connector;
  readonly shops: Shops;
  readonly connections: StoredConnections;
  readonly clock: Clock;
  /** Something may go on. */
  readonly wake: (tenant: Tenant) => Promise<void>;
}): Installations {
  const { platform, connector, shops, connections, clock } = options;
  const tenantFor = (shopId: string): Tenant => tenantOf(platform, shopId);

  async function pauseShop(tenant: Tenant, cause: Cause): Promise<void> {
    const connection = await connections.find(tenant, connector.name);
    if (connection) await connections.pause(connection, cause);
  }

  return {
    async installed({ shopId, title, url, settings, suspended }) {
      const tenant = tenantFor(shopId);
      const known = await connections.find(tenant, connector.name);
      // Told at every opening of the app on some platforms: what works is left working, with its report and its caches.
      if (suspended !== undefined || known === undefined || known.state === 'paused' || !same(known, { title, settings })) {
        await connections.save(tenant, {
          connector: connector.name,
          title,
          settings,
          ...(suspended !== undefined && { pausedBy: suspension(suspended) }),
        });
      }
      await shops.upsert({ tenant, platform, title, url, installedAt: clock.now() });
      if (suspended === undefined) await options.wake(tenant);
      else await shops.setState(tenant, 'suspended');
    },
    async suspended(shopId, reason) {
      const tenant = tenantFor(shopId);
      await shops.setState(tenant, 'suspended');
      await pauseShop(tenant, suspension(reason));
    },
    async resumed(shopId) {
      const tenant = tenantFor(shopId);
      await shops.setState(tenant, 'active');
      const connection = await connections.find(tenant, connector.name);
      if (connection?.cause?.code === 'shop.suspended') await connections.resume(tenant, connection.id);
      await options.wake(tenant);
    },
    async uninstalled(shopId, { keepData }) {
      const tenant = tenantFor(shopId);
      await pauseShop(tenant, suspension('uninstalled'));
      const graceMs = keepData === false ? 0 : purgeGraceMs;
      await shops.uninstall(tenant, new Date(clock.now().getTime() + graceMs));
    },
  };
}

const same = (known: Pick<Connection, 'title' | 'settings'>, given: Pick<Connection, 'title' | 'settings'>): boolean =>
  known.title === given.title && isDeepStrictEqual(known.settings, given.settings);

const suspension = (reason: string): Cause => ({
  code: 'shop.suspended',
  message: `The app is switched off in the shop (${reason}). Switch it on there; what came in meanwhile waits.`,
  remedy: 'fix-connection',
  params: { reason },
});
