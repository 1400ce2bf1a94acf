/** One retailer of Lightspeed Retail X-Series: log-in, API in its versions, back office page and webhooks on one port. */
import { randomBytes } from 'node:crypto';
import { type Faults, startFaultyServer } from '../shared/faulty-server.ts';
import { seededRandom } from '../shared/seeded-random.ts';
import { type SeedArticle, type SeedPerson, seedArticles } from './articles.ts';
import { createDeliveries, type Deliveries } from './deliveries.ts';
import { pageAnswer } from './page.ts';
import { changeCustomer, createCustomer, deleteCustomer, personFields, showCustomer } from './xseries-customers.ts';
import { createOauth } from './xseries-oauth.ts';
import { paySale, tillPage } from './xseries-page.ts';
import { deleteProduct, setLevel, showProduct, stockOf, updateProduct } from './xseries-products.ts';
import { createRest } from './xseries-rest.ts';
import { changeSale, paymentType, productBySku, randomSale, returnOf, ringUp, showSale } from './xseries-sales.ts';
import { seedRetailer } from './xseries-seed.ts';
import { createTables, uuid, type XSeriesState } from './xseries-state.ts';
import type { PlacedSale, SaleWish, XSeriesKnobs, XSeriesRequest } from './xseries-surface.ts';
import { createTeller, signBody } from './xseries-webhooks.ts';

export interface XSeriesOptions {
  readonly domainPrefix?: string;
  readonly shopName?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly articles?: readonly SeedArticle[];
  /** Names; each has one register unless `registers` says more. Default: `Winkel` and `Magazijn`. */
  readonly outlets?: readonly string[];
  /** Registers per outlet, 1 unless told. */
  readonly registers?: number;
  readonly knobs?: Partial<XSeriesKnobs>;
  readonly now?: () => Date;
  readonly seed?: number;
  readonly port?: number;
}

export interface XSeriesSimulator {
  /** Host of everything, without a trailing slash. */
  readonly url: string;
  /** Template as the configuration wants it: `http://127.0.0.1:1/{domain_prefix}`; the client appends `/api/…`. `url` alone works too. */
  readonly apiBaseUrl: string;
  /** `…/connect`: the authorize page is here. */
  readonly connectUrl: string;
  readonly pageUrl: string;
  readonly domainPrefix: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly knobs: XSeriesKnobs;
  readonly faults: Faults;
  readonly requests: readonly XSeriesRequest[];
  /** Requests that no retailer answers, and fields that none knows: a test that leaves one here has found a mistake. */
  readonly unexpected: readonly string[];
  readonly webhooks: Deliveries;

  /** A new personal token. */
  personalToken(): string;
  /** A code as the authorize page hands it out. */
  code(redirectUri: string, scope?: string): string;
  /** Access and refresh tokens without the dance. */
  grant(scope?: string): { accessToken: string; refreshToken: string; expires: number };
  /** Every access, refresh and personal token dies. */
  revokeTokens(): void;
  /** The access tokens are over, the refresh tokens still work. */
  expireAccess(): void;

  /** The next answers of the token endpoint are lost: the work is done, the connection is cut. */
  loseTokenAnswers(times: number): void;

  outletIds(): readonly string[];
  registerIds(): readonly string[];
  paymentTypeId(name: string): string | undefined;
  taxId(rateBasisPoints: number): string | undefined;

  sell(wish?: SaleWish): PlacedSale;
  /** Several rates, quantities, odd cents and discounts; the same seed gives the same sale. */
  sellRandom(seed?: number): PlacedSale;
  /** Completes a SAVED, ONACCOUNT or LAYBY sale with a payment. */
  pay(saleId: string): void;
  /** VOIDED; the goods go back. */
  cancel(saleId: string): void;
  /** A sale of the same goods the other way round, `return_for` the first. */
  refund(saleId: string): PlacedSale;
  placed(saleId: string): PlacedSale;
  /** As `GET /api/2.0/sales/{id}` shows it. */
  sale(saleId: string): Readonly<Record<string, unknown>>;
  sales(): readonly Readonly<Record<string, unknown>>[];
  /** Sales that say they come from this record of another system. */
  salesBySource(sourceId: string): readonly Readonly<Record<string, unknown>>[];

  addCustomer(person: SeedPerson): string;
  editCustomer(customerId: string, changes: Readonly<Record<string, unknown>>): void;
  removeCustomer(customerId: string): void;
  customers(): readonly Readonly<Record<string, unknown>>[];

  /** As `GET /api/2.0/products/{id}` shows it. */
  product(sku: string): Readonly<Record<string, unknown>> | undefined;
  /** Level in an outlet (index, 0 unless told). */
  stock(sku: string, outlet?: number): number | undefined;
  setStock(sku: string, level: number, outlet?: number): void;
  /** `changes` are those of `details` in a product update; `common` inside them is the common part. */
  editProduct(sku: string, changes: Readonly<Record<string, unknown>>): void;
  removeProduct(sku: string): void;

  /** Every connection is cut until `bringBack`. */
  takeAway(): void;
  bringBack(): void;
  /** Header `X-Signature` for a body. */
  sign(rawBody: string): string;
  stop(): Promise<void>;
}

const standardKnobs = (): XSeriesKnobs => ({
  ...{ tokenLifeSeconds: 86_400, refreshGraceSeconds: 0, limit: undefined, uniqueSourceId: false, signPayloadOnly: false, dated: true },
  searchLagMs: 0,
  saleUpdates: 2,
});

export async function startXSeries(options: XSeriesOptions = {}): Promise<XSeriesSimulator> {
  const random = seededRandom(options.seed ?? 1);
  const clientId = options.clientId ?? 'tillbridge-sandbox';
  const clientSecret = options.clientSecret ?? randomBytes(16).toString('hex');
  const domainPrefix = options.domainPrefix ?? 'koffie';
  const now = options.now ?? (() => new Date());
  const webhooks = createDeliveries(random);
  const tell = createTeller(webhooks, clientSecret);
  const requests: XSeriesRequest[] = [];
  let version = 1_000;
  let away: (() => void) | undefined;
  const nextVersion = (): number => {
    version += 1;
    return version;
  };
  const state: XSeriesState = {
    retailerId: uuid(random),
    domainPrefix,
    shopName: options.shopName ?? 'Koffie & Co',
    knobs: { ...standardKnobs(), ...options.knobs },
    tables: createTables(nextVersion),
    random,
    unexpected: [],
    shippingSku: 'verzendkosten',
    now: () => now().getTime(),
    tell: (type, id) => tell(state, type, id),
  };
  const outlets = options.outlets ?? ['Winkel', 'Magazijn'];
  seedRetailer(state, { articles: options.articles ?? seedArticles, outlets, registers: options.registers ?? 1 });
  const { tables } = state;
  const userId = tables.users.all()[0]?.id ?? '';
  const oauth = createOauth({
    clientId,
    clientSecret,
    domainPrefix,
    knobs: state.knobs,
    userId,
    unexpected: state.unexpected,
    now: state.now,
  });
  const rest = createRest(state, oauth, requests);
  const existing = <T>(row: T | undefined, what: string): T => {
    if (row === undefined) throw new Error(`the simulated till has no such ${what}`);
    return row;
  };
  const saleOf = (id: string) => existing(tables.sales.get(id), 'sale');
  const customerOf = (id: string) => existing(tables.customers.get(id), 'customer');
  const outletId = (at = 0) => existing(tables.outlets.all()[at], 'outlet').id;
  const levelOf = (sku: string, at = 0) => stockOf(state, productBySku(state, sku).id, outletId(at)).level;
  const setStock = (sku: string, level: number, at = 0) => setLevel(state, productBySku(state, sku).id, outletId(at), level);

  function customerFor({ customerId, person }: SaleWish): string | undefined {
    if (person === undefined) return customerId;
    const known = tables.customers.find('email', person.email.toLowerCase())[0];
    return (known ?? createCustomer(state, personFields(person))).id;
  }
  const ring = (wish: SaleWish) => ringUp(state, wish, customerFor);
  const facts = tillPage(state, ring, (sku) => setStock(sku, levelOf(sku) - 1));

  const server = await startFaultyServer(async (request) => {
    if (request.path === '/connect' && request.method === 'GET') return oauth.authorize(request);
    return pageAnswer(facts, request) ?? rest(request);
  }, options.port ?? 0);
  return {
    url: server.url,
    apiBaseUrl: `${server.url}/{domain_prefix}`,
    connectUrl: `${server.url}/connect`,
    pageUrl: `${server.url}/lightspeed`,
    domainPrefix,
    clientId,
    clientSecret,
    knobs: state.knobs,
    faults: server.faults,
    requests,
    unexpected: state.unexpected,
    webhooks,
    personalToken: oauth.personal,
    code: (redirectUri, scope = 'all') => oauth.code(redirectUri, scope),
    grant(scope = 'all') {
      const { access, refresh, expires } = oauth.grant(scope);
      return { accessToken: access, refreshToken: refresh, expires };
    },
    revokeTokens: oauth.revoke,
    expireAccess: oauth.expireAccess,
    loseTokenAnswers: (times) => void server.faults.add({ kind: 'lose-answer', method: 'POST', path: /\/api\/1\.0\/token$/, times }),
    outletIds: () => tables.outlets.all().map(({ id }) => id),
    registerIds: () => tables.registers.all().map(({ id }) => id),
    paymentTypeId: (name) => paymentType(state, name) || undefined,
    taxId: (rate) => tables.taxes.all().find((tax) => tax.rate === rate)?.id,
    sell: (wish = {}) => ring(wish).placed,
    sellRandom: (seed) => ring(randomSale(state, seed === undefined ? random : seededRandom(seed))).placed,
    pay: (id) => paySale(state, saleOf(id)),
    cancel: (id) => changeSale(state, saleOf(id), { status: 'VOIDED' }),
    refund: (id) => returnOf(state, saleOf(id), 'CLOSED').placed,
    placed: (id) => saleOf(id).placed,
    sale: (id) => showSale(state, saleOf(id)),
    sales: () => tables.sales.all().map((sale) => showSale(state, sale)),
    salesBySource: (sourceId) => tables.sales.find('source', sourceId).map((sale) => showSale(state, sale)),
    addCustomer: (person) => createCustomer(state, personFields(person)).id,
    editCustomer: (id, changes) => changeCustomer(state, customerOf(id), changes),
    removeCustomer: (id) => deleteCustomer(state, customerOf(id)),
    customers: () => tables.customers.all().map(showCustomer),
    product(sku) {
      const product = tables.products.find('sku', sku)[0];
      return product && showProduct(state, product);
    },
    stock: (sku, at) => (tables.products.find('sku', sku).length === 0 ? undefined : levelOf(sku, at)),
    setStock,
    editProduct: (sku, { common, ...details }) => updateProduct(state, productBySku(state, sku), { common, details }, '2026-07'),
    removeProduct: (sku) => deleteProduct(state, productBySku(state, sku)),
    takeAway() {
      away ??= server.faults.add({ kind: 'drop', path: /^(?!\/lightspeed)/ });
    },
    bringBack() {
      away?.();
      away = undefined;
    },
    sign: (rawBody) => signBody(rawBody, clientSecret),
    async stop() {
      webhooks.stop();
      await server.stop();
    },
  };
}
