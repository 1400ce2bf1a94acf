/** The shop's webhooks: made where they are missing, removed where they lead to an old address of ours, understood when they come in. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Kind } from '../../commerce.ts';
import type { Delivery, Heard, News } from '../../connector.ts';
import type { LightspeedSettings } from '../settings.ts';
import { all } from './listing.ts';
import type { Shop } from './shop.ts';
import { ChangeRow, WebhookRow } from './wire.ts';

type Event = `${string}/${string}`;

/** `orders/paid` is told apart from `orders/*` in the documents, so both are asked for. */
const events: Partial<Record<Kind, readonly Event[]>> = {
  order: ['orders/*', 'orders/paid'],
  customer: ['customers/*'],
  product: ['products/*', 'variants/*'],
  stock: ['variants/*'],
};

/** Duplicates are accepted by the shop, so it is looked first. */
export async function subscribe(shop: Shop, address: string, kinds: readonly Kind[]): Promise<void> {
  const api = shop.live;
  const wanted = new Set(kinds.flatMap((kind) => events[kind] ?? []));
  const there = await all(api, { path: 'webhooks', row: WebhookRow, label: 'list webhooks' });
  for (const hook of there.filter((hook) => isOurs(addressOf(hook), address))) {
    const event: Event = `${hook.itemGroup}/${hook.itemAction}`;
    const good = addressOf(hook) === address && hook.isActive && (hook.format === '' || hook.format === 'json');
    // What is right is struck off the list; a second one of the same is too many.
    if (good && wanted.delete(event)) continue;
    await api.call({ method: 'DELETE', path: `webhooks/${hook.id}`, label: 'remove webhook' });
  }
  for (const event of wanted) {
    const [itemGroup, itemAction] = event.split('/');
    const webhook = { isActive: true, itemGroup, itemAction, language: shop.language, format: 'json', address };
    await api.call({ method: 'POST', path: 'webhooks', body: JSON.stringify({ webhook }), label: 'create webhook' });
  }
}

const addressOf = (hook: WebhookRow): string => hook.address || hook.url;

/** The same place on this server, or the same last part after this server has moved. */
function isOurs(address: string, ours: string): boolean {
  if (!URL.canParse(address) || !URL.canParse(ours)) return false;
  const [theirs, mine] = [new URL(address), new URL(ours)];
  const at = mine.pathname.lastIndexOf('/');
  const sameFolder =
    theirs.origin === mine.origin && theirs.pathname.slice(0, theirs.pathname.lastIndexOf('/')) === mine.pathname.slice(0, at);
  const [last, own] = [theirs.pathname.slice(theirs.pathname.lastIndexOf('/') + 1), mine.pathname.slice(at + 1)];
  return sameFolder || (last === own && own.length >= 8);
}

/**
 * `X-Signature` is md5(raw body + secret) in hex (developers.lightspeedhq.com, webhooks). That a key of one shop signs with its own secret is
 * not documented: a delivery without a signature is taken, because only the shop knows the address, and nothing but ids is taken from it.
 */
export function hear(delivery: Delivery, settings: Pick<LightspeedSettings, 'apiSecret'>): Heard {
  if (delivery.method !== 'POST') return 'refused';
  const signature = delivery.headers['x-signature']?.trim();
  if (signature !== undefined && signature !== '' && !isSigned(delivery.body, signature, settings.apiSecret)) return 'refused';
  return newsIn(delivery);
}

function isSigned(body: Buffer, signature: string, secret: string | undefined): boolean {
  if (secret === undefined) return false;
  const wanted = createHash('md5').update(body).update(secret, 'utf8').digest();
  const given = /^[0-9a-f]{32}$/i.test(signature) ? Buffer.from(signature, 'hex') : Buffer.alloc(0);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

const Body = z.looseObject({
  order: ChangeRow.optional(),
  customer: ChangeRow.optional(),
  product: ChangeRow.optional(),
  variant: ChangeRow.optional(),
});

/** Of a record that is gone the headers alone tell the id. */
function newsIn({ body, headers }: Delivery): Heard {
  const { order, customer, product, variant } = bodyOf(body);
  // One request of a customer may place an order and pay it: those are two events.
  const request = headers['x-request-id'];
  const news: News[] = [];
  const tell = (kind: Kind, id: number | string | undefined, number = ''): void => {
    if (id === undefined || !/^\d{1,15}$/.test(String(id))) return;
    news.push({
      kind,
      id: String(id),
      ...(number !== '' && { number }),
      ...(request !== undefined && request !== '' && { eventId: `hook:${request}:${headers['x-event'] ?? ''}` }),
    });
  };
  tell('order', order?.id ?? headers['x-order-id'] ?? headers['x-orders-id'], order?.number);
  tell('customer', order === undefined ? (customer?.id ?? headers['x-customer-id']) : undefined);
  tell('product', product?.id ?? variant?.product ?? headers['x-product-id']);
  tell('stock', variant?.id ?? headers['x-variant-id'], variant?.articleCode);
  return news;
}

function bodyOf(body: Buffer): z.infer<typeof Body> {
  try {
    const parsed = Body.safeParse(JSON.parse(body.toString('utf8')));
    return parsed.success ? parsed.data : {};
  } catch {
    return {};
  }
}
