/** `POST /hooks`: every webhook and lifecycle event. Verifies, stores a notice, answers; all work comes later. */
import type { Request, Response } from 'express';
import { z } from 'zod';
import { type Refusal, refusals, refuse } from './answer.ts';
import { authenticate, type Delivery } from './delivery.ts';
import { isLifecycle, type LifecycleEvent, readingOf, Webhook } from './events.ts';
import type { Log, Notices, RegisteredShop, RegisteredShops, Tenants } from './ports.ts';
import { changeShop } from './shop.ts';

export interface HooksOptions {
  readonly shops: RegisteredShops;
  readonly tenants: Tenants;
  readonly notices: Notices;
  readonly log: Log;
  readonly now: () => Date;
}

const rememberMs = 1_000;
const mostRemembered = 1_000;

const Deleted = z.object({ keepUserData: z.boolean().optional() });

/**
 * 204 for everything authentic, known or not: a refusal counts towards the ten after which Shopware switches a webhook off for good.
 * 401 stores nothing. A port that throws ends as 503 in the router, and the shop delivers again.
 */
export function createHooks(options: HooksOptions): (request: Request, response: Response) => Promise<void> {
  const { notices, log } = options;
  const unused = new Map<string, number>();
  const sender = rememberingSender(options);

  return async (request, response) => {
    const delivery = await sender.of(request);
    if ('status' in delivery) return refuse(response, delivery);
    const { shop } = delivery;
    const webhook = Webhook.safeParse(delivery.body);
    if (!webhook.success) {
      log.warn({ shopId: shop.shopId }, 'authentic delivery without an event');
      return refuse(response, refusals.malformed);
    }
    const { event, payload } = webhook.data.data;
    if (isLifecycle(event)) {
      // What is remembered may be a second old; a farewell is not judged by that.
      const fresh = await authenticate(request, options);
      if ('status' in fresh) return refuse(response, fresh);
      await live(event, { ...fresh, payload }, options);
      sender.forget(shop.shopId);
    } else if (shop.uninstalledAt !== undefined || !shop.active) {
      log.info({ shopId: shop.shopId, event }, 'event of an inactive app left aside');
    } else {
      const reading = readingOf(webhook.data);
      if (reading === 'unknown') {
        const count = (unused.get(event) ?? 0) + 1;
        if (unused.size < 200) unused.set(event, count);
        log.info({ shopId: shop.shopId, event, count }, 'event without use');
      } else if (reading === 'unreadable') {
        log.warn({ shopId: shop.shopId, event }, 'event in an unknown shape; the poll has to find the record');
      } else if (reading.hints.length > 0) {
        await notices.notice(shop.shopId, reading.kind, reading.hints);
      }
    }
    response.status(204).end();
  };
}

/**
 * A shop sends several events per order, so while it is active it is read, and its secrets are opened, once a second.
 * Memory only ever lets in: before a refusal the stored shop is asked.
 */
function rememberingSender(options: HooksOptions) {
  const known = new Map<string, { readonly shop: RegisteredShop; readonly until: number }>();

  return {
    forget: (shopId: string): boolean => known.delete(shopId),
    async of(request: Request): Promise<Delivery | Refusal> {
      let remembered = false;
      const find = async (shopId: string): Promise<RegisteredShop | undefined> => {
        const at = options.now().getTime();
        const lately = known.get(shopId);
        remembered = lately !== undefined && lately.until > at;
        if (remembered) return lately?.shop;
        const shop = await options.shops.find(shopId);
        if (known.size >= mostRemembered) known.clear();
        if (shop?.active && shop.uninstalledAt === undefined) known.set(shopId, { shop, until: at + rememberMs });
        else known.delete(shopId);
        return shop;
      };
      const delivery = await authenticate(request, { ...options, shops: { ...options.shops, find } });
      return remembered && 'status' in delivery ? authenticate(request, options) : delivery;
    },
  };
}

/** Every step may come twice; each ends where the first one ended. */
async function live(event: LifecycleEvent, delivery: Delivery & { readonly payload: unknown }, options: HooksOptions): Promise<void> {
  const { shops, tenants, log, now } = options;
  const { shopId } = delivery.shop;
  // Signed before the rotation, so it tells of the installation before this one: a late farewell must not end the new one.
  const late = delivery.signer.which === 'previous';
  const change = async (how: (shop: RegisteredShop) => RegisteredShop): Promise<boolean> => {
    const { store } = await changeShop(shops, shopId, (shop) => (shop === undefined ? {} : { store: how(shop) }));
    return store !== undefined;
  };
  switch (event) {
    case 'app.installed':
    case 'app.updated':
      return;
    case 'app.activated':
      if (delivery.shop.uninstalledAt !== undefined) return;
      if (await change((shop) => ({ ...shop, active: true }))) await tenants.resumed(shopId);
      return;
    case 'app.deactivated':
      if (late || delivery.shop.uninstalledAt !== undefined) return;
      if (await change((shop) => ({ ...shop, active: false }))) await tenants.suspended(shopId, 'deactivated in Shopware');
      return;
    case 'app.deleted': {
      if (late) {
        log.warn({ shopId }, 'farewell of an earlier installation left aside');
        return;
      }
      const keepData = Deleted.safeParse(delivery.payload).data?.keepUserData;
      await tenants.uninstalled(shopId, { keepData });
      await change((shop) => farewell(shop, keepData, now()));
      return;
    }
  }
}

/**
 * The secret stays: the farewell may be delivered again, and newer shops sign their re-installation with it.
 * Where nothing was kept there is nothing to protect, so the shop may come back without it.
 */
function farewell(shop: RegisteredShop, keepData: boolean | undefined, now: Date): RegisteredShop {
  return {
    ...shop,
    active: false,
    apiKey: undefined,
    secretKey: undefined,
    pendingShopSecret: undefined,
    pendingShopUrl: undefined,
    doubleSignature: keepData === false ? false : shop.doubleSignature,
    uninstalledAt: shop.uninstalledAt ?? now,
  };
}
