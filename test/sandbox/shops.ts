/** The shops of the sandbox. Another platform is one more entry. */
import { readFileSync } from 'node:fs';
import { renderManifest } from '../../shopware-app/manifest.ts';
import { ecwidOptions, ecwidShop } from '../e2e/ecwid-fixture.ts';
import type { TestShop } from '../e2e/shop-fixture.ts';
import { testShop } from '../e2e/shopware-fixture.ts';
import { startEcwid } from '../simulators/ecwid/simulator.ts';
import { type Stage, setStage } from '../simulators/shopware/sandbox-routes.ts';
import { startShopware } from '../simulators/shopware/simulator.ts';

export interface SandboxShop extends TestShop {
  readonly platform: 'shopware' | 'ecwid';
  readonly title: string;
  /** The page that plays its admin, with Tillbridge in a frame. */
  readonly adminUrl: string;
}

/** The first shop. Its origin carries the sandbox page too: Tillbridge lets nobody but the shop frame it, at any depth. */
export interface HostingShop extends SandboxShop {
  host(stage: Stage): void;
}

export interface OpenShops {
  readonly all: readonly SandboxShop[];
  readonly hosting: HostingShop;
}

/** Everything is made up anew from the seed, the shops' ids included. `port` is the first shop's; rejects with EADDRINUSE when it is taken. */
export async function openShops({ seed, port }: { seed: number; port: number }): Promise<OpenShops> {
  const hosting = await shopware({ seed, port });
  return { hosting, all: [hosting, await ecwid({ seed, hostedBy: hosting.url })] };
}

async function shopware({ seed, port }: { seed: number; port: number }): Promise<HostingShop> {
  const simulator = await startShopware({ seed, port });
  // A person who types the address without a path gets there as well.
  simulator.faults.add({ kind: 'redirect', method: 'GET', path: /^\/(sandbox)?$/, status: 302, location: `${simulator.url}/sandbox/` });
  const shop = testShop(simulator);
  return Object.assign(shop, {
    platform: 'shopware' as const,
    title: 'Shopware',
    adminUrl: `${simulator.url}/admin`,
    // With the manifest that merchants install: what it does not ask for is refused here as well.
    install(appUrl: string) {
      const { SHOPWARE_APP_NAME: name = '', SHOPWARE_APP_SECRET: secret = '' } = shop.environment();
      const manifest = renderManifest(publishedManifest(), { appUrl, secret });
      return simulator.install({ name, secret, registrationUrl: `${appUrl}/shopware/register`, manifest });
    },
    host: (stage: Stage) => setStage(simulator.db, stage),
  });
}

async function ecwid({ seed, hostedBy }: { seed: number; hostedBy: string }): Promise<SandboxShop> {
  const simulator = await startEcwid(ecwidOptions(seed));
  const shop = ecwidShop(simulator);
  const environment = shop.environment();
  return Object.assign(shop, {
    platform: 'ecwid' as const,
    title: 'Ecwid',
    adminUrl: simulator.adminUrl,
    environment: () => ({ ...environment, ECWID_FRAME_ANCESTORS: `${simulator.url},${hostedBy}` }),
  });
}

const publishedManifest = (): string => readFileSync(new URL('../../manifest.xml', import.meta.url), 'utf8');
