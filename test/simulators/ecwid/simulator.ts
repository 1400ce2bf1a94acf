/** One store of the platform with its Control Panel, REST API, log-in and webhooks, on one port. */
import { randomBytes } from 'node:crypto';
import { type Faults, type SimRequest, type SimResponse, startFaultyServer } from '../shared/faulty-server.ts';
import { seededRandom } from '../shared/seeded-random.ts';
import { appScript } from './app-script.ts';
import { createBatches } from './batches.ts';
import { controlPanelPage } from './control-panel.ts';
import type { ShopEvent } from './events.ts';
import { authorize, codeFor, type OauthState, token } from './oauth.ts';
import { encryptPayload } from './payload.ts';
import { createRest, type SimCall } from './rest.ts';
import { createShop, type OrderWish, type Shop, type SimOrder } from './shop.ts';
import type { ShopState } from './state.ts';
import { createWebhooks, type Webhooks } from './webhooks.ts';

export interface EcwidOptions {
  readonly storeId?: number;
  readonly storeName?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly scopes?: readonly string[];
  readonly language?: string;
  readonly currency?: string;
  readonly pricesIncludeTax?: boolean;
  /** In front of every order id; `MY/SHOP-` makes ids that must be encoded in addresses. */
  readonly orderPrefix?: string;
  readonly indexLagMs?: number;
  /** Where the app is mounted: `https://app.example/ecwid`. Can be told later with `connect`. */
  readonly appUrl?: string;
  readonly port?: number;
  readonly seed?: number;
  readonly now?: () => Date;
}

const allScopes = [
  'read_store_profile',
  'read_orders',
  'create_orders',
  'update_orders',
  'read_customers',
  'create_customers',
  'update_customers',
  'read_catalog',
  'create_catalog',
  'update_catalog',
  'add_to_cp',
  'customize_storefront',
  'public_storefront',
];

interface FrameWish {
  readonly language?: string;
  /** Sent instead of what belongs in the payload. */
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly clientSecret?: string;
}

export interface EcwidSimulator {
  readonly url: string;
  readonly apiBaseUrl: string;
  readonly oauthBaseUrl: string;
  readonly appScriptUrl: string;
  readonly adminUrl: string;
  readonly storeId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly state: ShopState;
  readonly shop: Shop;
  readonly webhooks: Webhooks;
  readonly faults: Faults;
  /** Every call to the REST API, in order. */
  readonly calls: readonly SimCall[];
  /** Requests that no store answers: a test that leaves one here has found a mistake. */
  readonly unexpected: readonly string[];
  /** Says where the app is; until then nothing is sent to it. */
  connect(appUrl: string): void;
  /** The tokens of the installation, while there is one. */
  tokens(): { accessToken: string; publicToken: string } | undefined;
  /** Address of the app's frame with a fresh payload. */
  frameUrl(wish?: FrameWish): string;
  /** Installs: a token exists, and `application.installed` is sent without it. */
  install(): void;
  /** The merchant opens the app: fetches the frame. */
  open(wish?: FrameWish): Promise<{ status: number; html: string; headers: Headers }>;
  suspend(): void;
  resume(): void;
  /** Revokes the tokens, then says so. */
  uninstall(): void;
  /** With a new token, and with these scopes if they changed. */
  reinstall(scopes?: readonly string[]): void;
  /** A code as the app market hands it to the redirect address. */
  code(redirectUri: string): string;
  placeOnlinePaid(wish?: OrderWish): SimOrder;
  placeOffline(wish?: OrderWish): SimOrder;
  markPaid(id: string): SimOrder;
  /** An edit that leaves it paid: PAID to PAID. */
  editPaid(id: string): SimOrder;
  /** The news of a paid order once more, as an event of its own. */
  tellPaidAgain(id: string): void;
  refundPartial(id: string, amount: number): SimOrder;
  refundFull(id: string): SimOrder;
  cancel(id: string): SimOrder;
  remove(id: string): void;
  abandon(wish?: OrderWish): SimOrder;
  placeGuest(): SimOrder;
  placePickup(): SimOrder;
  placeWithCouponPromoGiftCard(): SimOrder;
  placeB2BReverseCharge(): SimOrder;
  randomOrder(pricesIncludeTax?: boolean): SimOrder;
  stop(): Promise<void>;
}

export async function startEcwid(options: EcwidOptions = {}): Promise<EcwidSimulator> {
  const storeId = options.storeId ?? 1003;
  const clientId = options.clientId ?? 'tillbridge-sandbox';
  const clientSecret = options.clientSecret ?? randomBytes(16).toString('hex');
  const scopes = options.scopes ?? allScopes;
  const now = options.now ?? (() => new Date());
  const random = seededRandom(options.seed ?? 1);
  const pricesIncludeTax = options.pricesIncludeTax ?? true;
  const orderPrefix = options.orderPrefix ?? '';
  let appUrl = options.appUrl;
  let granted: { accessToken: string; publicToken: string } | undefined;
  const seen = { calls: [] as SimCall[], unexpected: [] as string[] };

  const webhooks = createWebhooks({
    storeId,
    clientSecret,
    random,
    now,
    target: () => (appUrl === undefined ? undefined : `${appUrl}/hooks`),
  });
  const tell = (event: ShopEvent): void => {
    // A store that has not installed the app has nobody to tell.
    if (granted !== undefined || event.eventType.startsWith('application.')) webhooks.send(event);
  };
  const shop = createShop({ storeId, pricesIncludeTax, orderPrefix, random, now, tell });
  const state: ShopState = {
    storeId,
    storeName: options.storeName ?? 'Koffie & Co',
    currency: options.currency ?? 'EUR',
    pricesIncludeTax,
    orderPrefix,
    plan: { paid: true, suspended: false },
    tokens: new Map(),
    subscription: 'ACTIVE',
    indexLagMs: options.indexLagMs ?? 0,
    callsPerMinute: 600,
    batches: createBatches(),
    shop,
    now,
  };
  const oauth: OauthState = {
    storeId,
    clientId,
    clientSecret,
    codes: new Map(),
    now,
    grant(wanted) {
      const tokens = { accessToken: `secret_${randomBytes(16).toString('hex')}`, publicToken: `public_${randomBytes(16).toString('hex')}` };
      state.tokens.clear();
      state.tokens.set(tokens.accessToken, { scopes: wanted });
      granted = tokens;
      return tokens;
    },
    revoke(accessToken) {
      state.tokens.delete(accessToken);
      if (granted?.accessToken === accessToken) granted = undefined;
    },
  };
  const rest = createRest(state, seen);
  const entity = String(storeId);

  function frameUrl(wish: FrameWish = {}): string {
    if (appUrl === undefined) throw new Error('the simulated store does not know where the app is: call connect first');
    const tokens = granted ?? install();
    const payload = wish.payload ?? {
      store_id: storeId,
      lang: wish.language ?? options.language ?? 'en',
      access_token: tokens.accessToken,
      view_mode: 'PAGE',
      ...(scopes.includes('public_storefront') && { public_token: tokens.publicToken }),
    };
    return `${appUrl}/frame?payload=${encryptPayload(payload, wish.clientSecret ?? clientSecret)}&app_state=&cache-killer=${random.int(1, 1e9)}`;
  }

  function install(granting = scopes): { accessToken: string; publicToken: string } {
    const tokens = oauth.grant(granting);
    state.subscription = 'ACTIVE';
    tell({ eventType: 'application.installed', entityId: entity });
    return tokens;
  }

  function subscribe(status: ShopState['subscription']): void {
    const oldSubscriptionStatus = state.subscription;
    state.subscription = status;
    tell({
      eventType: 'application.subscriptionStatusChanged',
      entityId: entity,
      data: { oldSubscriptionStatus, newSubscriptionStatus: status },
    });
  }

  const mixed = () => ({
    coupon: 500,
    discount: 199,
    giftCard: 1000,
    shipping: 495,
    handling: 150,
    surcharges: [{ id: 'tips', name: 'Tip', amount: 200, rate: 0 }],
  });

  const sandbox: Readonly<Record<string, (id: string, text: string) => unknown>> = {
    paid: () => shop.place(),
    unpaid: () => shop.place({ paymentStatus: 'AWAITING_PAYMENT', paymentMethod: 'Bank transfer' }),
    pickup: () => shop.place({ pickup: true }),
    coupon: () => shop.place({ money: mixed() }),
    business: () => shop.place({ business: true }),
    'mark-paid': (id) => shop.change(id, { paymentStatus: 'PAID' }),
    refund: (id) => shop.refund(id),
    describe: (id, text) => shop.shelves.update(Number(id), { description: text }),
  };

  async function handle(request: SimRequest): Promise<SimResponse> {
    const { path, method } = request;
    if (path.startsWith('/api/v3/')) return rest(request);
    if (path === '/api/oauth/authorize') return authorize(oauth, request);
    if (path.startsWith('/api/oauth/token')) return token(oauth, request);
    if (path === '/ecwid-app.js') return { status: 200, headers: { 'content-type': 'text/javascript' }, body: appScript };
    if (path === '/admin') {
      return {
        status: 200,
        headers: { 'content-type': 'text/html; charset=utf-8' },
        body: controlPanelPage({ storeName: state.storeName, clientId, storeId, patienceMs: 5_000 }),
      };
    }
    if (path === '/sandbox/frame') return json({ url: appUrl === undefined ? undefined : frameUrl() });
    if (path === '/sandbox/orders' && method === 'GET')
      return json({ orders: [...shop.orders.values()].reverse().slice(0, 50).map(shown) });
    if (path === '/sandbox/products' && method === 'GET') return json({ products: shop.shelves.shelf() });
    const act = path.startsWith('/sandbox/') && method === 'POST' ? sandbox[path.slice(9)] : undefined;
    if (act !== undefined) {
      const { id, text } = JSON.parse(request.body === '' ? '{}' : request.body) as { id?: string | number; text?: string };
      return json(act(String(id ?? ''), text ?? '') ?? {});
    }
    if (path !== '/favicon.ico') seen.unexpected.push(`${method} ${path}`);
    return { status: 404, body: '' };
  }

  const shown = (order: SimOrder) => ({
    id: order.id,
    customer: order.billingPerson?.name ?? order.email,
    paymentStatus: order.paymentStatus,
    fulfillmentStatus: order.fulfillmentStatus,
    total: order.total,
    currency: state.currency,
  });

  const server = await startFaultyServer(handle, options.port ?? 0);
  return {
    url: server.url,
    apiBaseUrl: `${server.url}/api/v3`,
    oauthBaseUrl: `${server.url}/api/oauth`,
    appScriptUrl: `${server.url}/ecwid-app.js`,
    adminUrl: `${server.url}/admin`,
    storeId: entity,
    clientId,
    clientSecret,
    state,
    shop,
    webhooks,
    faults: server.faults,
    calls: seen.calls,
    unexpected: seen.unexpected,
    connect: (url) => {
      appUrl = url;
    },
    tokens: () => granted,
    frameUrl,
    install: () => void install(),
    async open(wish) {
      const response = await fetch(frameUrl(wish), { redirect: 'manual' });
      return { status: response.status, html: await response.text(), headers: response.headers };
    },
    suspend: () => subscribe('SUSPENDED'),
    resume: () => subscribe('ACTIVE'),
    uninstall() {
      state.tokens.clear();
      granted = undefined;
      tell({ eventType: 'application.uninstalled', entityId: entity });
    },
    reinstall: (granting) => void install(granting),
    code: (redirectUri) => codeFor(oauth, { redirectUri, scopes }),
    placeOnlinePaid: (wish) => shop.place(wish),
    placeOffline: (wish) => shop.place({ ...wish, paymentStatus: 'AWAITING_PAYMENT', paymentMethod: 'Bank transfer' }),
    markPaid: (id) => shop.change(id, { paymentStatus: 'PAID' }),
    editPaid: (id) => shop.change(id, { fulfillmentStatus: 'PROCESSING', privateAdminNotes: 'looked at' }),
    tellPaidAgain: (id) => shop.tellAgain(id),
    refundPartial: (id, amount) => shop.refund(id, amount),
    refundFull: (id) => shop.refund(id),
    cancel: (id) => shop.cancel(id),
    remove: (id) => shop.remove(id),
    abandon: (wish) => shop.place({ ...wish, paymentStatus: 'INCOMPLETE' }),
    placeGuest: () => shop.place({ guest: true }),
    placePickup: () => shop.place({ pickup: true }),
    placeWithCouponPromoGiftCard: () => shop.place({ money: mixed() }),
    placeB2BReverseCharge: () => shop.place({ business: true }),
    randomOrder: (included) => shop.placeRandom(included),
    async stop() {
      webhooks.stop();
      await server.stop();
    },
  };
}

const json = (body: unknown): SimResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: JSON.stringify(body),
});
