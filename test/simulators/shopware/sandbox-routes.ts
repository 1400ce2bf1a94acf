/** What the buttons of the played administration call. No part of Shopware. */
import type { SimRequest, SimResponse } from '../shared/faulty-server.ts';
import type { Random } from '../shared/seeded-random.ts';
import type { InstalledApp } from './app-lifecycle.ts';
import type { Database, Row } from './database.ts';
import type { ModuleUrlOptions } from './module-url.ts';
import { type OrderInput, randomOrder } from './order-input.ts';
import type { OrderDesk, PlacedOrder } from './orders.ts';
import { insertProduct, productId } from './seed.ts';

/** Answers requests below /sandbox/ on the shop's own origin; undefined for what it does not know. */
export type Stage = (request: SimRequest, path: string) => Promise<SimResponse | undefined>;

const stages = new WeakMap<Database, Stage>();

/** Gives a shop, known by its rows, a stage. A page that shows the administration in a frame has to come from the shop's origin: apps check every ancestor. */
export function setStage(db: Database, stage: Stage): void {
  stages.set(db, stage);
}

interface Ground {
  readonly db: Database;
  readonly orders: OrderDesk;
  readonly random: Random;
  readonly app: () => InstalledApp | undefined;
  readonly moduleUrl: (options?: ModuleUrlOptions) => string;
}

/** An article that no till knows: its orders must end up parked, with a sentence that says so. */
const unknownProduct = { number: 'NEW-2025', name: 'Autumn blend (not in the till yet)', price: 14.5, taxRate: 9, stock: 10 };

interface OrderRow {
  readonly id: string;
  readonly orderNumber: string;
  readonly customer: string;
  readonly total: number;
  readonly state: string;
  readonly payment: string;
  readonly createdAt: string;
}

function orderRows(db: Database, orders: OrderDesk): OrderRow[] {
  const stateName = (id: unknown): string => String(db.get('state_machine_state', id).name);
  return orders
    .list()
    .reverse()
    .map(({ id, orderNumber, total, transactionId }) => {
      const order = db.get('order', id);
      const buyer = db.where('order_customer', 'orderId', id)[0];
      const customer = [buyer?.firstName, buyer?.lastName].join(' ') + (buyer?.company ? ` (${String(buyer.company)})` : '');
      return {
        id,
        orderNumber,
        total,
        customer,
        state: stateName(order.stateId),
        payment: stateName(db.get('order_transaction', transactionId).stateId),
        createdAt: String(order.createdAt),
      };
    });
}

export interface ProductRow {
  readonly number: string;
  readonly name: string;
  readonly stock: number;
  readonly price: number;
  readonly active: boolean;
}

/** Variants stand with what they inherit and with their options behind the name. */
function productRows(db: Database): ProductRow[] {
  const grossOf = (row: Row | undefined): number | undefined => (row?.price as { gross: number }[] | null | undefined)?.[0]?.gross;
  return db
    .all('product')
    .map((row) => {
      const parent = db.find('product', row.parentId);
      const options = ((row.optionIds as string[] | null) ?? []).map((id) => String(db.find('property_group_option', id)?.name ?? ''));
      return {
        number: String(row.productNumber),
        name: [String(row.name ?? parent?.name ?? ''), ...options].join(' · '),
        stock: Number(row.stock),
        price: grossOf(row) ?? grossOf(parent) ?? 0,
        active: Boolean(row.active ?? parent?.active ?? true),
      };
    })
    .sort((one, other) => one.number.localeCompare(other.number, 'en', { numeric: true }))
    .slice(0, 500);
}

function localOrigin(request: SimRequest): Record<string, string> {
  const origin = String(request.headers.origin ?? '');
  if (!/^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(origin)) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-headers': 'content-type',
    'access-control-allow-methods': 'GET, POST',
    vary: 'Origin',
  };
}

async function run(request: SimRequest, path: string, ground: Ground): Promise<unknown> {
  const { db, orders } = ground;
  const input = (request.body === '' ? {} : JSON.parse(request.body)) as OrderInput;
  const unpaid = (order: PlacedOrder): boolean =>
    db.get('state_machine_state', db.get('order_transaction', order.transactionId).stateId).technicalName === 'open';
  switch (`${request.method} ${path}`) {
    case 'GET /sandbox/orders':
      return { orders: orderRows(db, orders) };
    case 'GET /sandbox/products':
      return { products: productRows(db) };
    case 'GET /sandbox/module-url': {
      const query = new URLSearchParams(request.rawQuery);
      const scheme = query.get('color-scheme');
      const language = query.get('language');
      const app = ground.app();
      if (!app) return { url: null, label: null };
      return {
        url: ground.moduleUrl({
          ...(scheme === 'dark' || scheme === 'light' ? { colorScheme: scheme } : {}),
          ...(language === null ? {} : { language }),
        }),
        label: app.manifest.label,
      };
    }
    case 'POST /sandbox/orders/paid':
      return await orders.placePaidOrder(input);
    case 'POST /sandbox/orders/unpaid':
      return await orders.placeOrder(input);
    case 'POST /sandbox/orders/random':
      return await orders.placePaidOrder(randomOrder(ground.random));
    case 'POST /sandbox/orders/unknown-product':
      if (!db.find('product', productId(unknownProduct.number))) insertProduct(db, unknownProduct);
      return await orders.placePaidOrder({
        ...input,
        lines: [
          { productNumber: unknownProduct.number, quantity: 1 },
          { productNumber: '1001', quantity: 1 },
        ],
      });
    case 'POST /sandbox/orders/pay-last': {
      const last = orders.list().reverse().find(unpaid);
      if (!last) return { message: 'There is no unpaid order.' };
      await orders.pay(last.id);
      return last;
    }
    default:
      return undefined;
  }
}

/** Answers GET and POST under /sandbox/; undefined for what it does not know. */
export async function sandboxRoute(request: SimRequest, path: string, ground: Ground): Promise<SimResponse | undefined> {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store', ...localOrigin(request) };
  if (request.method === 'OPTIONS') return { status: 204, headers };
  const staged = await stages.get(ground.db)?.(request, path);
  if (staged) return staged;
  const result = await run(request, path, ground);
  return result === undefined ? undefined : { status: 200, headers, body: JSON.stringify(result) };
}
