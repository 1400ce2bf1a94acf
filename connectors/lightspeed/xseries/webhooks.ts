/** News of the store: which it is asked to send, and what a delivery says. A delivery is a hint; only ids are taken from it. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Kind } from '../../commerce.ts';
import type { Delivery, Heard, News } from '../../connector.ts';
import type { LightspeedOptions, LightspeedSettings } from '../settings.ts';
import { refused, unreadable } from './client.ts';
import { jsonOf } from './grant.ts';
import { dated, type Store } from './retailer.ts';
import { isPureReturn } from './sale-order.ts';
import { isOwn } from './sales.ts';
import { rowsIn, SaleRow } from './wire.ts';

const types: Partial<Record<Kind, string>> = {
  order: 'sale.update',
  product: 'product.update',
  customer: 'customer.update',
  stock: 'inventory.update',
};

const Hook = z.object({ id: z.string().min(1), type: z.string(), url: z.string(), active: z.boolean().nullish() });

/** Calling again changes nothing. Hooks of ours at another address, and of kinds that are no longer wanted, are removed. */
export async function subscribeHooks(store: Store, address: string, kinds: readonly Kind[]): Promise<void> {
  // Older stores are polled: their webhooks cannot be listed.
  if (!(await store.dated())) return;
  const path = `/${dated}/webhooks`;
  const page = rowsIn(Hook, await store.client.get(path, 'list webhooks'));
  if (page === undefined) throw unreadable(store.client.store, 'list webhooks', false);
  const wanted = new Set(kinds.flatMap((kind) => types[kind] ?? []));
  const right = (hook: z.infer<typeof Hook>): boolean => hook.url === address && wanted.has(hook.type) && hook.active !== false;
  const standing = new Set(page.rows.filter(right).map(({ type }) => type));
  for (const hook of page.rows) {
    if (right(hook) || !isOurs(hook.url, address)) continue;
    const { status, json } = await store.client.ask({
      method: 'DELETE',
      path: `${path}/${encodeURIComponent(hook.id)}`,
      label: 'remove webhook',
    });
    if (status >= 300 && status !== 404) throw refused('remove webhook', { status, json });
  }
  for (const type of wanted) {
    if (standing.has(type)) continue;
    const body = JSON.stringify({ active: true, type, url: address });
    const { status, json } = await store.client.ask({ method: 'POST', path, body, label: 'subscribe webhook' });
    // The same type at the same address is there already.
    if (status >= 300 && status !== 409) throw refused('subscribe webhook', { status, json });
  }
}

/** Same server, and the same path up to its last part, which is the secret one. */
function isOurs(url: string, address: string): boolean {
  if (!URL.canParse(url)) return false;
  const [one, other] = [new URL(url), new URL(address)];
  const folder = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
  return one.origin === other.origin && folder(one.pathname) === folder(other.pathname);
}

/** What a delivery may carry, so far as it is used. Which kind it is shows in its fields; a type beside it goes first. */
const Inventory = z.looseObject({ product_id: z.string().optional(), product: z.looseObject({ id: z.string() }).optional() });
const Identified = z.looseObject({ id: z.string().min(1) });

/**
 * A form with `payload`, signed by HMAC-SHA256 with the client secret over the raw body (X-Series webhooks); the documents do not say whether
 * it could be the payload alone, so that is accepted as well. Without our client secret nothing can be verified and all is refused.
 */
export function hearXSeries(delivery: Delivery, settings: LightspeedSettings, options: LightspeedOptions): Heard {
  const { clientSecret } = options;
  const given = /(?:^|,)\s*signature=([0-9a-f]{64})\s*(?:,|$)/i.exec(delivery.headers['x-signature'] ?? '')?.[1];
  if (delivery.method !== 'POST' || !clientSecret || given === undefined) return 'refused';
  const form = new URLSearchParams(delivery.body.toString('utf8'));
  const payload = form.get('payload') ?? '';
  const signed = [delivery.body, Buffer.from(payload, 'utf8')];
  if (!signed.some((bytes) => bytes.length > 0 && isSigned(bytes, clientSecret, given))) return 'refused';
  const store = form.get('domain_prefix');
  if (store !== null && store.toLowerCase() !== settings.domainPrefix) return 'refused';
  const news = newsIn(jsonOf(payload), form.get('type'));
  return news === undefined ? [] : [news];
}

function isSigned(bytes: Buffer, secret: string, given: string): boolean {
  return timingSafeEqual(createHmac('sha256', secret).update(bytes).digest(), Buffer.from(given, 'hex'));
}

function newsIn(payload: unknown, type: string | null): News | undefined {
  const record = Identified.safeParse(payload);
  if (!record.success) return undefined;
  switch (type ?? shapeOf(record.data)) {
    case 'sale.update':
      return saleNews(record.data);
    case 'product.update': {
      const family = record.data.variant_parent_id;
      return { kind: 'product', id: typeof family === 'string' && family !== '' ? family : record.data.id };
    }
    case 'customer.update':
      return { kind: 'customer', id: record.data.id };
    case 'inventory.update': {
      const level = Inventory.safeParse(payload);
      const id = level.success ? (level.data.product_id ?? level.data.product?.id) : undefined;
      return id === undefined ? undefined : { kind: 'stock', id };
    }
    default:
      return undefined;
  }
}

function shapeOf(record: Readonly<Record<string, unknown>>): string | undefined {
  if ('line_items' in record || 'register_sale_products' in record || 'invoice_number' in record) return 'sale.update';
  if ('product_id' in record || 'inventory_level' in record || ('count' in record && 'product' in record)) return 'inventory.update';
  if ('customer_code' in record || 'first_name' in record) return 'customer.update';
  if ('sku' in record || 'handle' in record) return 'product.update';
  return undefined;
}

/** A sale of ours is no news; a return is news of the sale that it is for. */
function saleNews(record: { readonly id: string; readonly [name: string]: unknown }): News | undefined {
  const lines: unknown = record.line_items ?? record.register_sale_products;
  const sale = SaleRow.safeParse({ ...record, line_items: lines, payments: undefined });
  if (!sale.success) return { kind: 'order', id: record.id };
  if (isOwn(sale.data)) return undefined;
  const { return_for: first, invoice_number: number } = sale.data;
  if (first !== undefined && isPureReturn(sale.data)) return { kind: 'order', id: first };
  return { kind: 'order', id: record.id, ...(number !== undefined && { number }) };
}
