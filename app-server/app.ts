/** The composition root: the only file that knows every room of the house. */
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Express } from 'express';
import { Router } from 'express';
import type { Kind } from '../connectors/commerce.ts';
import type { Connector } from '../connectors/connector.ts';
import { createBudget, createExchange, type Send } from '../connectors/exchange.ts';
import { ecwidApp, ecwidOptions } from '../ecwid-app/index.ts';
import { shopwareApp } from '../shopware-app/index.ts';
import { createChores } from './chores.ts';
import type { Config } from './config.ts';
import { createDesk } from './engine/desk.ts';
import { type Platform, type Tenant, tenantOf } from './engine/model.ts';
import type { Notice } from './engine/ports.ts';
import type { Engine } from './engine/run.ts';
import { createWorker } from './engine/worker.ts';
import { authorizationAddress, authorizations } from './http/authorizations.ts';
import { secretFieldsOf } from './http/forms.ts';
import { hookAddress, hooks } from './http/hooks.ts';
import type { Log } from './http/log.ts';
import { createMetrics } from './http/metrics.ts';
import { createPage } from './http/page.ts';
import type { ApiPorts } from './http/ports.ts';
import { saveAuthorized } from './http/routes/connections.ts';
import { createHttp } from './http/server.ts';
import { ticketWindow } from './http/tickets.ts';
import { createInstallations } from './installations.ts';
import { type Jobs, startJobs } from './jobs/jobs.ts';
import { createNotices } from './notices.ts';
import { createSessions } from './sessions.ts';
import { createAttempts } from './store/attempts.ts';
import { createCarts } from './store/carts.ts';
import { collections } from './store/collections.ts';
import { createConnections } from './store/connections.ts';
import type { Database } from './store/database.ts';
import { createInstalledStores } from './store/ecwid-stores.ts';
import { createLedger } from './store/entries.ts';
import { createErasures } from './store/erasures.ts';
import { createFlowBook } from './store/flow-book.ts';
import { createFlows } from './store/flows.ts';
import { createImports } from './store/imports.ts';
import { ensureIndexes } from './store/indexes.ts';
import { createRecords } from './store/records.ts';
import { createShops } from './store/shops.ts';
import { createRegisteredShops } from './store/shopware-shops.ts';
import { createVault } from './store/vault.ts';
import { wipe } from './store/wipe.ts';
import { storefrontScript } from './storefront.ts';
import { systemsOf } from './systems.ts';

const purgesAtOnce = 50;
const builtScreens = fileURLToPath(new URL('./screens/dist', import.meta.url));

export interface AppOptions {
  readonly config: Config;
  readonly database: Database;
  readonly log: Log;
  /** Folder of the built screens. */
  readonly screensDir?: string;
  /** The built storefront script. */
  readonly storefrontScript?: string;
  readonly now?: () => Date;
}

export interface App {
  readonly http: Express;
  readonly ports: ApiPorts;
  /** Starts the scheduler, in a process that works. */
  start(): Promise<void>;
  /** Polls what is due, now. */
  poll(): Promise<void>;
  /** Resolves when this process works on nothing. */
  idle(): Promise<void>;
  /** Claims nothing more, lets what is under way end. Leaves the database open. */
  stop(): Promise<void>;
}

export async function createApp(options: AppOptions): Promise<App> {
  const { config, database, log } = options;
  const clock = { now: options.now ?? (() => new Date()) };
  await ensureIndexes(database, collections);

  const connectors = systemsOf(config);
  const connectorNamed = (name: string): Connector => {
    const connector = connectors.find((candidate) => candidate.name === name);
    if (connector === undefined) throw new Error(`no connector is called ${name}`);
    return connector;
  };

  const vault = createVault(config.encryptionKeys);
  const shops = createShops(database);
  const connections = createConnections(database, {
    vault,
    secretsOf: (name) => new Set(secretFieldsOf(connectorNamed(name).settings)),
  });
  const flows = createFlows(database);
  const ledger = createLedger(database);
  const records = createRecords(database);
  const attempts = createAttempts(database);
  const metrics = createMetrics(() => records.totals());
  const sessions = createSessions({
    connectors,
    secretFields: (connector) => secretFieldsOf(connector.settings),
    allowPrivateHosts: config.allowPrivateHosts,
    clock,
    renew: connections.renew,
    called: metrics.called,
  });

  const imports = createImports(database);
  const engine: Engine = {
    wake: () => worker.wake(),
    ledger,
    journal: attempts,
    flows,
    connections,
    sessions,
    imports,
    clock,
    worker: `${hostname()}:${process.pid}`,
    leaseMs: config.leaseMs,
    log,
  };
  const worker = createWorker(engine);
  // A web process only notes; the recurring wake-up of a worker process finds it.
  const wake = config.roles.worker ? worker.wake : () => undefined;
  const chores = createChores({
    engine,
    imports,
    works: config.roles.worker,
    noticed: metrics.noticed,
    wake,
  });
  const desk = createDesk(engine, {
    wake,
    importing: chores.runImports,
    hookAddress: (connection) => hookAddress(config.appUrl, config.jwtSecret, connection),
  });
  const flowBook = createFlowBook(database, {
    now: () => clock.now(),
    pollEveryMs: (flow) => pollIntervalOf(flow.tenant, flow.source, flow.kind),
  });

  async function pollIntervalOf(tenant: Tenant, connection: string, kind: keyof Connector['reads']): Promise<number> {
    const source = await connections.get(tenant, connection);
    return (source && connectorNamed(source.connector).reads[kind]?.pollEveryMs) ?? 60_000;
  }

  const carts = createCarts(database);
  const erasures = createErasures(database);
  const ticketKey = { secret: config.jwtSecret, now: () => clock.now() };
  const ports: ApiPorts = {
    connectors,
    shops,
    shopOptions: config.ecwid ? { ecwid: Object.values(ecwidOptions) } : {},
    connections,
    flows: flowBook,
    records: { ...records, attempts: (tenant, id) => attempts.list(tenant, id) },
    imports,
    desk,
    erasures: { ...erasures, forgetCarts: carts.forget },
    authorizationAddress: (asked) => authorizationAddress({ baseUrl: config.appUrl, key: ticketKey }, asked),
    now: () => clock.now(),
  };
  const notices = createNotices({ flows, connections, ledger, clock, noticed: metrics.noticed, wake });

  const page = createPage(options.screensDir ?? builtScreens);
  const platform = (name: Platform) => ({
    tenants: createInstallations({
      platform: name,
      connector: connectorNamed(name),
      shops,
      connections,
      clock,
      wake: async (tenant) => desk.wake(await flowBook.list(tenant)),
    }),
    notices: {
      notice: (shopId: string, kind: Kind, of: readonly Notice[]) =>
        notices.from({ tenant: tenantOf(name, shopId), connector: name }, kind, of),
    },
    tickets: ticketWindow(ticketKey, name),
    page: { render: (facts: object) => page.render({ ...facts }) },
    log,
    now: () => clock.now(),
  });

  const script = options.storefrontScript ?? storefrontScript();
  const http = createHttp({
    ...(config.shopware && {
      shopwareRouter: Router().use(
        '/shopware',
        shopwareApp({ ...platform('shopware'), ...config.shopware, baseUrl: config.appUrl, shops: createRegisteredShops(database, vault) }),
      ),
    }),
    ...(config.ecwid && {
      ecwidRouter: Router().use(
        '/ecwid',
        ecwidApp({
          ...platform('ecwid'),
          ...config.ecwid,
          baseUrl: config.appUrl,
          stores: createInstalledStores(database, vault),
          carts: {
            wanted: async (storeId) => (await shops.optionsOn(tenantOf('ecwid', storeId))).has(ecwidOptions.cartReports.name),
            async report(storeId, cart) {
              const tenant = tenantOf('ecwid', storeId);
              await carts.report(tenant, cart);
              // The shop window proves nothing: the cart is read again where the store keeps it.
              await notices.from({ tenant, connector: 'ecwid' }, 'cart', [{ sourceId: cart.cartId }]);
            },
          },
          erasures: { request: (storeId, customerId) => erasures.request(tenantOf('ecwid', storeId), customerId, clock.now()) },
          ...(script !== undefined && { storefrontScript: script }),
          send: sendTo('Ecwid', [config.ecwid.clientSecret]),
        }),
      ),
    }),
    connectionRouters: [
      hooks({
        connectors,
        secret: config.jwtSecret,
        find: connections.find,
        notice: notices.news,
        now: () => clock.now(),
      }),
      authorizations({
        connectors,
        baseUrl: config.appUrl,
        key: ticketKey,
        log,
        sendTo: ({ title }) => sendTo(title, []),
        save: (tenant, connector, settings) => saveAuthorized(ports, { tenant, connector }, settings),
      }),
    ],
    ports,
    ticketKey,
    metrics,
    ready: async () => {
      await database.connection.db?.command({ ping: 1 });
    },
    log,
    screensDir: options.screensDir ?? builtScreens,
    appUrl: config.appUrl,
    trustProxy: config.trustProxy,
    ...(config.metricsToken !== undefined && { metricsToken: config.metricsToken }),
  });

  /** For calls that belong to no connection yet. */
  function sendTo(system: string, secrets: readonly string[]): Send {
    const budget = createBudget({ concurrency: 8 });
    return createExchange({ system, budget, allowPrivateHosts: config.allowPrivateHosts, secrets, called: metrics.called });
  }

  async function tidy(): Promise<void> {
    sessions.tidy();
    for (const tenant of await shops.toPurge(clock.now(), purgesAtOnce)) {
      // It may have come back between the list and now.
      if ((await shops.get(tenant))?.state !== 'uninstalled') continue;
      await wipe(database, collections, tenant);
      log.info({ tenant }, 'erased the data of an uninstalled shop');
    }
  }

  let jobs: Jobs | undefined;
  return {
    http,
    ports,
    async start() {
      const { db } = database.connection;
      if (!config.roles.worker || db === undefined) return;
      jobs = await startJobs({
        db,
        chores: {
          drain: wake,
          poll: chores.round,
          tidy,
        },
        worker: engine.worker,
        log,
      });
      wake();
    },
    poll: chores.poll,
    async idle() {
      await chores.imported();
      await worker.idle();
    },
    async stop() {
      await Promise.all([jobs?.stop(), chores.stop()]);
      await worker.stop();
    },
  };
}
