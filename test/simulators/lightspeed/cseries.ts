/** One webshop of Lightspeed eCom C-Series: REST API, back office page and webhooks on one port. */
import { randomBytes } from 'node:crypto';
import { type Faults, startFaultyServer } from '../shared/faulty-server.ts';
import { seededRandom } from '../shared/seeded-random.ts';
import { type SeedArticle, type SeedPerson, seedArticles } from './articles.ts';
import { changeCustomer, createCustomer, personFields, showCustomer } from './cseries-customers.ts';
import { changeOrder, creditOrder, placeOrder, randomWish, showOrder, variantByCode } from './cseries-orders.ts';
import { shopPage } from './cseries-page.ts';
import { changeProduct, changeVariant, moveStock, removeProduct, showProduct } from './cseries-products.ts';
import { createRest } from './cseries-rest.ts';
import { seedShop } from './cseries-seed.ts';
import { type CSeriesState, createTables } from './cseries-state.ts';
import type { CSeriesKnobs, CSeriesRequest, OrderWish, PlacedOrder, StockMovement } from './cseries-surface.ts';
import { showVariant } from './cseries-variants.ts';
import { createTeller, installedSecret, signBody, signInstall } from './cseries-webhooks.ts';
import { createDeliveries, type Deliveries } from './deliveries.ts';
import { pageAnswer } from './page.ts';

export interface CSeriesOptions {
  readonly shopId?: number;
  readonly shopName?: string;
  /** 32 characters, as the back office shows them. With `app` these are the key and md5(token + secret) of the installation. */
  readonly apiKey?: string;
  readonly apiSecret?: string;
  /** Turns the credentials into those of an installed public app. */
  readonly app?: { readonly key: string; readonly secret: string };
  /** Active shop languages, the default one first. */
  readonly languages?: readonly string[];
  readonly articles?: readonly SeedArticle[];
  readonly knobs?: Partial<CSeriesKnobs>;
  readonly now?: () => Date;
  readonly seed?: number;
  readonly port?: number;
}

export interface CSeriesSimulator {
  /** Base of the API: the client appends `/{language}/{resource}.json`. Without a trailing slash. */
  readonly url: string;
  /** The sandbox page. */
  readonly pageUrl: string;
  readonly shopId: number;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly knobs: CSeriesKnobs;
  readonly faults: Faults;
  readonly requests: readonly CSeriesRequest[];
  /** Requests that no shop answers, and fields that none knows: a test that leaves one here has found a mistake. */
  readonly unexpected: readonly string[];
  readonly webhooks: Deliveries;
  /** Mails that customers got because a `doNotify…` was not false: `registered jan@example.nl`. */
  readonly mails: readonly string[];
  readonly movements: readonly StockMovement[];

  place(wish?: OrderWish): PlacedOrder;
  /** Several rates, quantities, odd cents, coupons, shipping and payment costs; the same seed gives the same order. */
  placeRandom(seed?: number): PlacedOrder;
  pay(orderId: number): void;
  cancel(orderId: number): void;
  ship(orderId: number): void;
  /** Gives back pieces by article code, or everything; a credit note is written. Answers the cents including VAT. */
  credit(orderId: number, pieces?: Readonly<Record<string, number>>): number;
  /** Says `orders/paid` once more without a change. */
  tellPaidAgain(orderId: number): void;
  /** What was placed; throws when there is no such order. */
  placed(orderId: number): PlacedOrder;
  /** The record as the API shows it: `order(id).status`. */
  order(orderId: number): Readonly<Record<string, unknown>>;
  orderMetafields(orderId: number): Readonly<Record<string, string>>;

  addCustomer(person: SeedPerson): number;
  editCustomer(customerId: number, changes: Readonly<Record<string, unknown>>): void;
  /** As the API shows it, without references resolved. */
  customers(): readonly Readonly<Record<string, unknown>>[];

  /** As the API shows it in the default language. */
  variant(code: string): Readonly<Record<string, unknown>> | undefined;
  product(code: string): Readonly<Record<string, unknown>> | undefined;
  stock(code: string): number | undefined;
  /** A sale outside of the API's sight: the level falls, a movement stays. */
  sell(code: string, quantity: number): void;
  setStock(code: string, level: number): void;
  editVariant(code: string, changes: Readonly<Record<string, unknown>>): void;
  editProduct(code: string, changes: Readonly<Record<string, unknown>>): void;
  removeProduct(code: string): void;

  /** The key stops working: 401. */
  revokeKeys(): void;
  restoreKeys(): void;
  /** Every connection is cut until `bringBack`. */
  takeAway(): void;
  bringBack(): void;
  /** Address that the shop sends a merchant to who installs the app (`options.app`): signed, with a fresh token. */
  installUrl(
    successUrl: string,
    wish?: { readonly language?: string; readonly timestamp?: number; readonly signClusterId?: boolean },
  ): string;
  /** What `X-Signature` is for a body: md5(body + secret). */
  sign(rawBody: string): string;
  stop(): Promise<void>;
}

const everything = { read: true, write: true };
const standardKnobs = (): CSeriesKnobs => ({
  ...{ taxRates: 'fraction', retryAfter: 'date', bulk: true, linesAfterMs: 1_000, orderMissesFirst: 0, priceWins: 'incl' },
  ...{ linePrice: 'unit', discount: 'in-price', sameEmail: 'refuse', limits: [300, 3_000, 12_000] },
  permissions: {
    ...{ content: { ...everything }, products: { ...everything }, customers: { ...everything } },
    ...{ orders: { ...everything }, settings: { ...everything }, tracking: { ...everything } },
  },
});

const random32 = (): string => randomBytes(16).toString('hex');

export async function startCSeries(options: CSeriesOptions = {}): Promise<CSeriesSimulator> {
  const random = seededRandom(options.seed ?? 1);
  const token = random32();
  const apiKey = options.app?.key ?? options.apiKey ?? random32();
  const apiSecret = options.app === undefined ? (options.apiSecret ?? random32()) : installedSecret(token, options.app.secret);
  let base = '';
  let away: (() => void) | undefined;
  const requests: CSeriesRequest[] = [];
  const webhooks = createDeliveries(random);
  // Webhooks of an app are signed with the app's own secret, not with the one of the installation.
  const hookSecret = (): string => options.app?.secret ?? apiSecret;
  const tell = createTeller(webhooks, hookSecret);
  const now = options.now ?? (() => new Date());
  const state: CSeriesState = {
    shopId: options.shopId ?? 123_456,
    shopName: options.shopName ?? 'Koffie & Co',
    apiKey,
    app: options.app,
    languages: options.languages ?? ['nl', 'en'],
    knobs: { ...standardKnobs(), ...options.knobs },
    tables: createTables(),
    random,
    mails: [],
    unexpected: [],
    alive: true,
    now: () => now().getTime(),
    linker: (language) => ({ base, language }),
    tell: (group, action, id) => tell(state, group, action, id),
  };
  const language = state.languages[0] ?? 'nl';
  const { orders, customers, products, movements } = state.tables;
  seedShop(state, options.articles ?? seedArticles);
  const rest = createRest(state, () => apiSecret, requests);
  const existing = <T>(row: T | undefined, what: string): T => {
    if (row === undefined) throw new Error(`the simulated shop has no such ${what}`);
    return row;
  };
  const order = (id: number) => existing(orders.get(id), 'order');
  const known = (code: string) => state.tables.variants.find('articleCode', code.toLowerCase())[0];
  const productOf = (code: string) => products.get(known(code)?.productId ?? 0);
  const sell = (code: string, quantity: number) => moveStock(state, variantByCode(state, code), 'sale', -quantity);
  const facts = shopPage(state, sell);

  const server = await startFaultyServer(async (request) => pageAnswer(facts, request) ?? rest(request), options.port ?? 0);
  base = server.url;
  return {
    url: server.url,
    pageUrl: `${server.url}/lightspeed`,
    shopId: state.shopId,
    apiKey,
    apiSecret,
    knobs: state.knobs,
    faults: server.faults,
    requests,
    unexpected: state.unexpected,
    webhooks,
    mails: state.mails,
    get movements() {
      return movements.all().map(({ code, type, amount }) => ({ code, type, amount }));
    },
    place: (wish) => placeOrder(state, wish).placed,
    placeRandom: (seed) => placeOrder(state, randomWish(state, seed === undefined ? random : seededRandom(seed))).placed,
    pay: (id) => changeOrder(state, order(id), { paymentStatus: 'paid', status: 'processing_awaiting_shipment' }),
    cancel: (id) => changeOrder(state, order(id), { status: 'cancelled', paymentStatus: 'cancelled', shipmentStatus: 'cancelled' }),
    ship: (id) => changeOrder(state, order(id), { status: 'completed_shipped', shipmentStatus: 'shipped' }),
    credit: (id, pieces) => creditOrder(state, order(id), pieces),
    tellPaidAgain: (id) => state.tell('orders', 'paid', order(id).id),
    placed: (id) => order(id).placed,
    order: (id) => showOrder(state, order(id), language),
    orderMetafields: (id) =>
      Object.fromEntries(state.tables.metafields.find('owner', `orders/${id}`).map(({ key, value }) => [key, value])),
    addCustomer: (person) =>
      createCustomer(state, { ...personFields(person), doNotifyRegistered: false, doNotifyConfirmed: false, doNotifyPassword: false }).id,
    editCustomer: (id, changes) => changeCustomer(state, existing(customers.get(id), 'customer'), changes),
    customers: () => customers.all().map((customer) => showCustomer(state, customer, language)),
    variant(code) {
      const variant = known(code);
      return variant && showVariant(state, variant, language);
    },
    product(code) {
      const product = productOf(code);
      return product && showProduct(state, product, language);
    },
    stock: (code) => known(code)?.stockLevel,
    sell,
    setStock: (code, level) => changeVariant(state, variantByCode(state, code), { stockLevel: level }, language),
    editVariant: (code, changes) => changeVariant(state, variantByCode(state, code), changes, language),
    editProduct: (code, changes) => changeProduct(state, existing(productOf(code), 'product'), changes, language),
    removeProduct: (code) => removeProduct(state, existing(productOf(code), 'product')),
    revokeKeys() {
      state.alive = false;
    },
    restoreKeys() {
      state.alive = true;
    },
    takeAway() {
      away ??= server.faults.add({ kind: 'drop', path: /^(?!\/lightspeed)/ });
    },
    bringBack() {
      away?.();
      away = undefined;
    },
    installUrl(successUrl, wish = {}) {
      const app = existing(options.app, 'app');
      const timestamp = String(wish.timestamp ?? Math.floor(state.now() / 1000));
      const signed = { language: wish.language ?? language, shop_id: String(state.shopId), timestamp, token };
      const all = { ...signed, cluster_id: 'eu1' };
      const target = new URL(successUrl);
      for (const [name, value] of Object.entries(all)) target.searchParams.set(name, value);
      target.searchParams.set('signature', signInstall(wish.signClusterId ? all : signed, app.secret));
      return target.href;
    },
    sign: (rawBody) => signBody(rawBody, hookSecret()),
    async stop() {
      webhooks.stop();
      await server.stop();
    },
  };
}
