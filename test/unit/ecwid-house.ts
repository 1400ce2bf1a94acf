/** The app on a real port with everything it needs from the server kept in memory, and a simulated store that it is installed in. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createBudget, createExchange, type Send } from '../../connectors/exchange.ts';
import { type EcwidAppOptions, ecwidApp } from '../../ecwid-app/index.ts';
import type { Carts, InstalledStore, InstalledStores, ReportedCart } from '../../ecwid-app/ports.ts';
import { type EcwidOptions, type EcwidSimulator, startEcwid } from '../simulators/ecwid/simulator.ts';

export const directSend = (): Send =>
  createExchange({ system: 'ecwid', budget: createBudget({ concurrency: 8 }), allowPrivateHosts: true });

function storesInMemory(): InstalledStores & { readonly all: Map<string, InstalledStore> } {
  const all = new Map<string, InstalledStore>();
  return {
    all,
    find: async (storeId) => all.get(storeId),
    async save(store) {
      if ((all.get(store.storeId)?.version ?? 0) !== store.version) return undefined;
      const saved = { ...store, version: store.version + 1 };
      all.set(store.storeId, saved);
      return saved;
    },
    async remove(storeId) {
      all.delete(storeId);
    },
  };
}

export interface House {
  readonly url: string;
  readonly store: EcwidSimulator;
  readonly options: EcwidAppOptions;
  readonly stores: ReturnType<typeof storesInMemory>;
  readonly notices: { shopId: string; kind: string; sourceId: string; number?: string; eventId?: string }[];
  readonly life: string[];
  readonly logged: string[];
  readonly carts: { shopId: string; cart: ReportedCart }[];
  /** What the fakes do next and what time it is. */
  readonly control: { now: Date; storing: 'works' | 'fails'; cartsWanted: boolean };
  stop(): Promise<void>;
}

export async function startHouse(wish: { store?: EcwidOptions; app?: Partial<EcwidAppOptions>; withCarts?: boolean } = {}): Promise<House> {
  const control: House['control'] = { now: new Date('2026-03-01T10:00:00Z'), storing: 'works', cartsWanted: true };
  const store = await startEcwid({ now: () => control.now, ...wish.store });
  const stores = storesInMemory();
  const notices: House['notices'] = [];
  const life: string[] = [];
  const logged: string[] = [];
  const reported: House['carts'] = [];
  const carts: Carts = {
    wanted: async () => control.cartsWanted,
    report: async (shopId, cart) => void reported.push({ shopId, cart }),
  };
  const log = (facts: object, message: string) => void logged.push(`${message} ${JSON.stringify(facts)}`);
  const app = express();
  const server = createServer(app).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const options: EcwidAppOptions = {
    clientId: store.clientId,
    clientSecret: store.clientSecret,
    baseUrl: url,
    apiBaseUrl: store.apiBaseUrl,
    oauthBaseUrl: store.oauthBaseUrl,
    appScriptUrl: store.appScriptUrl,
    stores,
    tenants: {
      installed: async ({ shopId, title, settings, suspended }) =>
        void life.push(
          `installed ${shopId} ${title} ${Object.keys(settings).join('+')}${suspended === undefined ? '' : ` but ${suspended}`}`,
        ),
      suspended: async (shopId) => void life.push(`suspended ${shopId}`),
      resumed: async (shopId) => void life.push(`resumed ${shopId}`),
      uninstalled: async (shopId) => void life.push(`uninstalled ${shopId}`),
    },
    notices: {
      async notice(shopId, kind, list) {
        if (control.storing === 'fails') throw new Error('the database is away');
        notices.push(...list.map((one) => ({ shopId, kind, ...one })));
      },
    },
    tickets: { issue: ({ shopId, language }) => `ticket-${shopId}-${language}` },
    page: {
      render: async (page) =>
        `<!doctype html><html lang="${page.language}"><body data-ticket="${page.ticket}" data-script="${page.appScript}">`,
    },
    ...(wish.withCarts !== false && { carts }),
    send: directSend(),
    log: { info: log, warn: log },
    now: () => control.now,
    ...wish.app,
  };
  app.use('/ecwid', ecwidApp(options));
  store.connect(`${url}/ecwid`);
  return {
    url: `${url}/ecwid`,
    store,
    options,
    stores,
    notices,
    life,
    logged,
    carts: reported,
    control,
    async stop() {
      await store.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
