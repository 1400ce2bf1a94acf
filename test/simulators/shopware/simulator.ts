/** A Shopware 6 shop as an app sees it: handshake, webhooks, Admin API and the page of the administration. */
import { type Faults, type SimRequest, type SimResponse, startFaultyServer } from '../shared/faulty-server.ts';
import { type Random, seededRandom } from '../shared/seeded-random.ts';
import { type ApiCall, createAdminApi } from './admin-api.ts';
import { adminPage } from './admin-page.ts';
import { type AppLifecycle, createAppLifecycle, randomShopId } from './app-lifecycle.ts';
import { type BackOffice, createBackOffice } from './back-office.ts';
import { createDatabase, type Database } from './database.ts';
import { ApiError } from './errors.ts';
import type { Emit } from './events.ts';
import { type ModuleUrlOptions, signedModuleUrl } from './module-url.ts';
import { type OrderInput, randomOrder } from './order-input.ts';
import { createOrderDesk, type OrderDesk } from './orders.ts';
import { sandboxRoute } from './sandbox-routes.ts';
import { seedShop } from './seed.ts';
import { createWebhooks, type Webhooks } from './webhooks.ts';
import { symfonyJson } from './wire.ts';

export interface ShopwareOptions {
  /** Default 6.7. */
  readonly version?: '6.6' | '6.7';
  readonly port?: number;
  readonly seed?: number;
  readonly shopId?: string;
  /** Path of APP_URL, e.g. `/shop`; a trailing slash stays in the shop-url as real shops have it. */
  readonly path?: string;
  /** Requests that the simulator does not know are listed in `unexpected` (default true). */
  readonly strict?: boolean;
}

export interface Calls {
  readonly list: readonly ApiCall[];
  /** How many calls went to a path (a part of it, or a pattern), optionally of one method. */
  count(path: string | RegExp, method?: string): number;
  clear(): void;
}

export interface ShopwareSimulator extends Omit<AppLifecycle, 'app' | 'sender'> {
  /** APP_URL. */
  readonly url: string;
  readonly version: '6.6' | '6.7';
  readonly orders: OrderDesk;
  readonly backOffice: BackOffice;
  readonly webhooks: Webhooks;
  readonly faults: Faults;
  readonly calls: Calls;
  /** `METHOD /path` of every request that a shop would know and this one does not. A test asserts that it is empty. */
  readonly unexpected: readonly string[];
  readonly notifications: readonly Readonly<Record<string, unknown>>[];
  /** The rows themselves, for what no method offers. */
  readonly db: Database;
  readonly random: Random;
  moduleUrl(options?: ModuleUrlOptions): string;
  /** A random order, ready for `orders.placeOrder`. */
  randomOrder(random?: Random): OrderInput;
  expireTokens(): void;
  /** Another APP_URL path. `resolve: false` leaves the shop undecided: it falls silent towards apps. Otherwise it registers again under the same id. */
  moveUrl(path?: string, options?: { resolve?: boolean }): Promise<void>;
  credentials(): { apiKey: string; secretKey: string; shopSecret: string | undefined };
  /** Logs, faults, knobs, tokens. Orders and the installed app stay. */
  reset(): void;
  stop(): Promise<void>;
}

const swVersions = { '6.6': '6.6.10.6', '6.7': '6.7.13.1' } as const;

function parsed(body: string): unknown {
  try {
    return body === '' ? undefined : JSON.parse(body);
  } catch {
    return body;
  }
}

export async function startShopware(options: ShopwareOptions = {}): Promise<ShopwareSimulator> {
  const version = options.version ?? '6.7';
  const swVersion = swVersions[version];
  const random = seededRandom(options.seed ?? 1);
  const db = createDatabase({ version, random });
  const unexpected: string[] = [];
  const list: ApiCall[] = [];
  let path = options.path ?? '';
  let silenced = false;
  let base = '';

  const shopUrl = (): string => `${base}${path}`;
  // The parts know each other only through these two: events go out, the sender is looked up when they do.
  const emit: Emit = (...events) => webhooks.emit(...events);
  const lifecycle = createAppLifecycle({
    db,
    random,
    emit,
    shopUrl,
    swVersion,
    firstShopId: options.shopId ?? randomShopId(random),
    silenced: () => silenced,
  });
  const webhooks = createWebhooks(db, { sender: lifecycle.sender, random });
  const orders = createOrderDesk(db, { emit, random });
  const api = createAdminApi({ db, random, emit, orders, swVersion, app: lifecycle.app, rotateSecret: lifecycle.rotateSecret });

  const moduleUrl = (wanted?: ModuleUrlOptions): string => {
    const app = lifecycle.app();
    if (!app) throw new Error('the app is not installed');
    return signedModuleUrl(app, { shopId: lifecycle.shopId, shopUrl: shopUrl(), swVersion, newer: version === '6.7' }, wanted);
  };

  const answerApi = async (request: SimRequest, inner: string): Promise<SimResponse> => {
    const call: ApiCall = { method: request.method, path: inner, body: parsed(request.body), headers: request.headers };
    list.push(call);
    try {
      const answer = await api.handle(call);
      if (!answer) {
        if (options.strict !== false) unexpected.push(`${request.method} ${inner}`);
        throw new ApiError(404, { code: '0', title: 'Not Found', detail: `No route found for "${request.method} ${inner}"` });
      }
      return {
        status: answer.status,
        headers: { 'content-type': 'application/json', ...answer.headers },
        ...(answer.body === undefined ? {} : { body: symfonyJson(answer.body) }),
      };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return { status: error.status, headers: { 'content-type': 'application/json', ...error.headers }, body: symfonyJson(error.body) };
    }
  };
  const handle = async (request: SimRequest): Promise<SimResponse> => {
    const root = path.replace(/\/+$/, '');
    const inner = request.path.startsWith(`${root}/`) ? request.path.slice(root.length) : undefined;
    if (inner?.startsWith('/api/')) return await answerApi(request, inner.replace(/\/+$/, ''));
    if (request.method === 'GET' && /^\/admin\/?$/.test(inner ?? ''))
      return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: adminPage({ root, version: swVersion }) };
    const sandbox = inner?.startsWith('/sandbox/')
      ? await sandboxRoute(request, inner, { db, orders, moduleUrl, app: lifecycle.app, random })
      : undefined;
    if (sandbox) return sandbox;
    if (request.path === '/favicon.ico') return { status: 204 };
    if (options.strict !== false) unexpected.push(`${request.method} ${request.path}`);
    return { status: 404, headers: { 'content-type': 'text/html' }, body: '<html><body><h1>404</h1></body></html>' };
  };

  const server = await startFaultyServer(handle, options.port ?? 0);
  base = server.url;
  seedShop(db, shopUrl());

  const simulator: ShopwareSimulator = {
    version,
    orders,
    backOffice: createBackOffice(db, emit),
    webhooks,
    faults: server.faults,
    unexpected,
    notifications: api.notifications,
    db,
    random,
    moduleUrl,
    get url() {
      return shopUrl();
    },
    get shopId() {
      return lifecycle.shopId;
    },
    install: lifecycle.install,
    activate: lifecycle.activate,
    deactivate: lifecycle.deactivate,
    update: lifecycle.update,
    uninstall: lifecycle.uninstall,
    rotateSecret: lifecycle.rotateSecret,
    reRegister: lifecycle.reRegister,
    reinstallWithNewId: lifecycle.reinstallWithNewId,
    retryConfirm: lifecycle.retryConfirm,
    calls: {
      list,
      count: (wanted, method) =>
        list.filter(
          (call) =>
            (method === undefined || call.method === method) &&
            (typeof wanted === 'string' ? call.path.includes(wanted) : wanted.test(call.path)),
        ).length,
      clear: () => {
        list.length = 0;
      },
    },
    randomOrder: (own) => randomOrder(own ?? random),
    expireTokens: api.expireTokens,
    moveUrl: async (to = '/moved', { resolve = true } = {}) => {
      path = to;
      silenced = !resolve;
      if (resolve) await lifecycle.reRegister();
    },
    credentials: () => {
      const app = lifecycle.app();
      if (!app) throw new Error('the app is not installed');
      return { ...app.integration, shopSecret: app.secret };
    },
    reset: () => {
      server.faults.clear();
      webhooks.reset();
      api.reset();
      list.length = 0;
      unexpected.length = 0;
    },
    stop: async () => {
      webhooks.mode = 'dropped';
      await server.stop();
    },
  };
  return simulator;
}
