/** What a webhook says has changed. Pure. Bodies are hints: only ids and numbers are used, the record itself is read again. */
import { z } from 'zod';
import type { Kind } from '../connectors/commerce.ts';

/** What happens to the installation itself; these come to deactivated apps too. */
export const lifecycleEvents = ['app.installed', 'app.activated', 'app.deactivated', 'app.updated', 'app.deleted'] as const;
export type LifecycleEvent = (typeof lifecycleEvents)[number];

export const Webhook = z.object({
  data: z.object({ event: z.string().min(1).max(255), payload: z.unknown() }),
  source: z.object({ shopId: z.string(), eventId: z.string().min(1).max(255).optional() }),
});
export type Webhook = z.infer<typeof Webhook>;

export interface Hint {
  readonly sourceId: string;
  readonly number?: string;
  readonly eventId?: string;
}

/** `unknown`: an event that we do not use. `unreadable`: one that we use, in a shape that we do not know. */
export type Reading = { readonly kind: Kind; readonly hints: readonly Hint[] } | 'unknown' | 'unreadable';

const liveVersion = '0fa91ce3e96a4bc2be4bd9ce752c3425';
const id = z.string().regex(/^[0-9a-f]{32}$/);

const OrderPayload = z.object({ order: z.object({ id, orderNumber: z.string().nullish() }) });

/** PHP keeps the keys of what it filtered, so the list may arrive as an object with numbers for names. */
const WrittenPayload = z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]).transform((list) => Object.values(list));
const Written = z.object({ operation: z.string(), primaryKey: z.unknown(), versionId: z.string().nullish() });

const written: Readonly<Record<string, Kind>> = { 'order.written': 'order', 'customer.written': 'customer', 'product.written': 'product' };
const orderEvent = /^(?:checkout\.order\.placed|state_enter\.(?:order|order_transaction|order_delivery)\.state\.\w+)$/;

export function isLifecycle(event: string): event is LifecycleEvent {
  return (lifecycleEvents as readonly string[]).includes(event);
}

/** Which records a webhook is about. Drafts of orders and deletions give no hint: there is nothing to read. */
export function readingOf(webhook: Webhook): Reading {
  const { event, payload } = webhook.data;
  const { eventId } = webhook.source;
  if (orderEvent.test(event)) {
    const parsed = OrderPayload.safeParse(payload);
    if (!parsed.success) return 'unreadable';
    const { order } = parsed.data;
    return {
      kind: 'order',
      hints: [{ sourceId: order.id, ...(order.orderNumber && { number: order.orderNumber }), ...(eventId !== undefined && { eventId }) }],
    };
  }
  const kind = written[event];
  if (kind === undefined) return 'unknown';
  const entries = WrittenPayload.safeParse(payload);
  if (!entries.success) return 'unreadable';
  const ids = new Set<string>();
  for (const entry of entries.data) {
    const parsed = Written.safeParse(entry);
    if (!parsed.success) return 'unreadable';
    const { operation, primaryKey, versionId } = parsed.data;
    const key = id.safeParse(primaryKey);
    if (key.success && operation !== 'delete' && (versionId ?? liveVersion) === liveVersion) ids.add(key.data);
  }
  return { kind, hints: [...ids].map((sourceId) => hintOf(sourceId, eventId, ids.size)) };
}

function hintOf(sourceId: string, eventId: string | undefined, siblings: number): Hint {
  if (eventId === undefined) return { sourceId };
  return { sourceId, eventId: siblings > 1 ? `${eventId}:${sourceId}` : eventId };
}
