/** A house for the Shopware app without a database: the ports in memory, and a shop that signs as Shopware does. */
import { createHmac } from 'node:crypto';
import express, { type Express } from 'express';
import request from 'supertest';
import type { Kind } from '../../connectors/commerce.ts';
import { shopwareApp } from '../../shopware-app/index.ts';
import type { RegisteredShop } from '../../shopware-app/ports.ts';

export const appSecret = 'the-secret-of-the-app';
export const hmac = (message: string, secret: string): string => createHmac('sha256', secret).update(message).digest('hex');
/** As PHP prints JSON. */
export const phpJson = (value: unknown): string => JSON.stringify(value).replaceAll('/', '\\/');

export interface Noticed {
  readonly shopId: string;
  readonly kind: Kind;
  readonly sourceId: string;
  readonly number?: string;
  readonly eventId?: string;
}

export interface House {
  readonly app: Express;
  readonly shops: Map<string, RegisteredShop>;
  readonly noticed: Noticed[];
  /** The life of the installation as the server was told: `installed`, `suspended` … */
  readonly told: { readonly what: string; readonly shopId: string; readonly with?: unknown }[];
  readonly tickets: { readonly shopId: string; readonly user: string | undefined; readonly language: string }[];
  readonly logged: string[];
  now: Date;
  /** While set, every port that stores throws. */
  databaseDown: boolean;
  /** Called between reading and storing a shop: somebody else is faster. */
  meanwhile: (() => void) | undefined;
}

export function house(options: { appName?: string; secret?: string; now?: Date; frameAncestors?: string[]; baseUrl?: string } = {}): House {
  const up = () => {
    if (built.databaseDown) throw new Error('no database');
  };
  const told = (what: string, shopId: string, rest?: unknown) => {
    up();
    built.told.push({ what, shopId, ...(rest !== undefined && { with: rest }) });
    return Promise.resolve();
  };
  const app = express();
  const built: House = {
    app,
    shops: new Map(),
    noticed: [],
    told: [],
    tickets: [],
    logged: [],
    now: options.now ?? new Date('2026-11-22T12:00:00Z'),
    databaseDown: false,
    meanwhile: undefined,
  };
  const log = (facts: unknown, message: string) => void built.logged.push(`${message} ${JSON.stringify(facts)}`);
  app.use(
    '/shopware',
    shopwareApp({
      appName: options.appName ?? 'Tillbridge',
      appSecret: options.secret ?? appSecret,
      baseUrl: options.baseUrl ?? 'https://bridge.example/',
      now: () => built.now,
      frameAncestors: options.frameAncestors ?? [],
      log: { info: log, warn: log },
      shops: {
        find: async (shopId) => {
          up();
          const found = built.shops.get(shopId);
          built.meanwhile?.();
          return found;
        },
        save: async (shop) => {
          up();
          if ((built.shops.get(shop.shopId)?.version ?? 0) !== shop.version) return undefined;
          const stored = { ...shop, version: shop.version + 1 };
          built.shops.set(shop.shopId, stored);
          return stored;
        },
        remove: async (shopId) => void built.shops.delete(shopId),
      },
      tenants: {
        installed: ({ shopId, ...rest }) => told('installed', shopId, rest),
        suspended: (shopId, reason) => told('suspended', shopId, reason),
        resumed: (shopId) => told('resumed', shopId),
        uninstalled: (shopId, how) => told('uninstalled', shopId, how),
      },
      notices: {
        notice: async (shopId, kind, notices) => {
          up();
          built.noticed.push(...notices.map((notice) => ({ shopId, kind, ...notice })));
        },
      },
      tickets: {
        issue: (session) => {
          built.tickets.push(session);
          return `ticket-for-${session.shopId}`;
        },
      },
      page: {
        render: async (page) =>
          `<html data-ticket="${page.ticket}" data-scheme="${page.colorScheme ?? ''}" lang="${page.language}"></html>`,
      },
    }),
  );
  return built;
}

export interface Shop {
  readonly id: string;
  readonly url: string;
  /** What the shop itself believes its secret to be. */
  secret: string;
  key: { apiKey: string; secretKey: string };
}

export const newShop = (id = '24VoQ23gTaRApo2L'): Shop => ({
  id,
  url: 'https://shop.example',
  secret: '',
  key: { apiKey: 'SWIAKEY', secretKey: 'key-secret' },
});

export function register(
  at: House,
  shop: Shop,
  how: { shopSignature?: string | 'right'; extra?: string; url?: string; timestamp?: number; secret?: string } = {},
) {
  const timestamp = how.timestamp ?? Math.floor(at.now.getTime() / 1000);
  const query = `shop-id=${shop.id}&shop-url=${how.url ?? shop.url}&timestamp=${timestamp}${how.extra ?? ''}`;
  const call = request(at.app)
    .get(`/shopware/register?${query}`)
    .set('shopware-app-signature', hmac(query, how.secret ?? appSecret))
    .set('sw-version', '6.7.13.1');
  if (how.shopSignature === undefined) return call;
  return call.set('shopware-shop-signature', how.shopSignature === 'right' ? hmac(query, shop.secret) : how.shopSignature);
}

export function confirm(at: House, shop: Shop, how: { secret: string; previous?: string }) {
  const body = phpJson({ ...shop.key, timestamp: String(Math.floor(at.now.getTime() / 1000)), shopUrl: shop.url, shopId: shop.id });
  const call = request(at.app)
    .post('/shopware/register/confirm')
    .set('content-type', 'application/json')
    .set('shopware-shop-signature', hmac(body, how.secret));
  if (how.previous !== undefined) call.set('shopware-shop-signature-previous', hmac(body, how.previous));
  return call.send(body);
}

/** Registers and confirms as 6.6 does, or as newer 6.7 does with both signatures. */
export async function install(at: House, shop: Shop, how: { both?: boolean } = {}): Promise<void> {
  const registered = await register(at, shop, how.both === true ? { shopSignature: 'right' } : {});
  const secret = String(registered.body.secret);
  const confirmed = await confirm(at, shop, { secret, ...(how.both === true && { previous: shop.secret }) });
  if (confirmed.status !== 204) throw new Error(`not confirmed: ${confirmed.text}`);
  shop.secret = secret;
}

export function hook(at: House, shop: Shop, how: { event: string; payload?: unknown; eventId?: string; secret?: string }) {
  const body = phpJson({
    data: { payload: how.payload ?? [], event: how.event },
    source: { url: shop.url, eventId: how.eventId ?? 'event1', shopId: shop.id, appVersion: '0.1.0' },
    timestamp: Math.floor(at.now.getTime() / 1000),
  });
  return deliver(at, body, hmac(body, how.secret ?? shop.secret));
}

export function deliver(at: House, body: string, signature: string, path = '/shopware/hooks') {
  return request(at.app).post(path).set('content-type', 'application/json').set('shopware-shop-signature', signature).send(body);
}

/** Ids as Shopware has them, and the event that most tests speak of. */
export const order = '01a201193e717351aa1874e0cf896bc5';
export const other = '01a201193e717351aa1874e0cf896bc6';
export const live = '0fa91ce3e96a4bc2be4bd9ce752c3425';
export const paid = 'state_enter.order_transaction.state.paid';

/** A house in which a new shop is installed. */
export async function installed(how: Parameters<typeof house>[0] = {}): Promise<{ at: House; shop: ReturnType<typeof newShop> }> {
  const at = house(how);
  const shop = newShop();
  await install(at, shop);
  return { at, shop };
}
