/** Webhooks: verified, noted, answered. What happened is read from the store afterwards; the signature does not cover the body. */
import express, { type Request, Router } from 'express';
import { z } from 'zod';
import type { Kind } from '../connectors/commerce.ts';
import { type Failure, failureOf } from '../connectors/failure.ts';
import { callApi } from './calls.ts';
import { changeStore, type InstallationOptions, leave, quickMs, resume, suspend } from './installation.ts';
import type { ErasureRequests, InstalledStore, Notices } from './ports.ts';
import { refuse, refuseErrors } from './problem.ts';
import { readProfile } from './profile.ts';
import { sameText, webhookSignature } from './verify.ts';

export interface HooksOptions extends InstallationOptions {
  readonly clientSecret: string;
  readonly notices: Notices;
  readonly erasures?: ErasureRequests;
}

/** Repetitions come for 24 h, so older than twice that is a replay; clocks may differ by minutes. */
const oldestMs = 48 * 3_600_000;
const furthestAheadMs = 5 * 60_000;

const text = z.union([z.string().max(200), z.number()]).transform(String);
const Event = z.looseObject({
  eventId: z.string().min(1).max(200),
  eventCreated: z.union([z.number().int(), z.string().regex(/^\d{1,13}$/)]).transform(String),
  storeId: text,
  entityId: text.optional(),
  eventType: z.string().max(100),
  data: z.looseObject({ orderId: text.optional(), cartId: text.optional(), newSubscriptionStatus: text.optional() }).nullish(),
});
type Event = z.infer<typeof Event>;

export function hooks(options: HooksOptions): Router {
  const router = Router();
  const ignored = new Map<string, number>();

  router.post('/hooks', express.json({ limit: '256kb', type: () => true }), async (request, response) => {
    const event = Event.safeParse(request.body);
    if (!event.success) return refuse(response, { status: 400, code: 'webhook.malformed', title: 'This is not a webhook.' });
    const refusal = refusalOf(options, request, event.data);
    if (refusal !== undefined) {
      options.log.warn({ reason: refusal }, 'a webhook was refused');
      return refuse(response, { status: 401, code: refusal, title: 'The webhook cannot be trusted.' });
    }
    const type = normalised(event.data.eventType);
    const store = await options.stores.find(event.data.storeId);
    if (!(await takeIn(options, { event: event.data, type, store }))) {
      const count = (ignored.get(type) ?? 0) + 1;
      if (ignored.size < 200 || ignored.has(type)) ignored.set(type, count);
      options.log.info({ storeId: event.data.storeId, type, count, status: store?.status ?? 'unknown' }, 'a webhook was ignored');
    }
    return response.status(200).json({ ok: true });
  });

  router.use(refuseErrors(options.log));
  return router;
}

function refusalOf(options: HooksOptions, request: Request, event: Event): string | undefined {
  const signature = request.get('x-ecwid-webhook-signature');
  if (signature === undefined || signature === '') return 'webhook.signature-missing';
  if (!sameText(signature, webhookSignature(event, options.clientSecret))) return 'webhook.signature-wrong';
  const ageMs = options.now().getTime() - Number(event.eventCreated) * 1000;
  if (ageMs > oldestMs) return 'webhook.too-old';
  if (ageMs < -furthestAheadMs) return 'webhook.from-the-future';
  return undefined;
}

/** `application.subscription_status_changed` and `application.subscriptionStatusChanged` are one event; sources differ. */
export function normalised(eventType: string): string {
  const dot = eventType.indexOf('.');
  return dot < 0 ? eventType : eventType.slice(0, dot) + eventType.slice(dot).replaceAll('_', '').toLowerCase();
}

interface Taken {
  readonly event: Event;
  readonly type: string;
  readonly store: InstalledStore | undefined;
}

/** True when the event changed something here. */
async function takeIn(options: HooksOptions, taken: Taken): Promise<boolean> {
  const { event, type, store } = taken;
  switch (type) {
    case 'application.installed':
      return installed(options, event.storeId);
    case 'application.uninstalled':
      return uninstalled(options, store);
    case 'application.subscriptionstatuschanged':
      return subscriptionChanged(options, taken);
    case 'customer.personaldataremovalrequest':
    case 'profile.personaldataremovalrequest':
      if (store === undefined || event.entityId === undefined || options.erasures === undefined) return false;
      await options.erasures.request(store.storeId, event.entityId);
      return true;
    default: {
      const news = newsOf(type, event);
      if (news === undefined || store === undefined || store.accessToken === undefined) return false;
      await options.notices.notice(store.storeId, news.kind, [{ ...news.notice, eventId: event.eventId }]);
      return true;
    }
  }
}

function newsOf(type: string, event: Event): { kind: Kind; notice: { sourceId: string; number?: string } } | undefined {
  if (/^order\.(?:created|updated|deleted)$/.test(type)) {
    // entityId is an internal number that the REST API does not take (docs.ecwid.com, "event data in webhooks").
    const orderId = event.data?.orderId;
    return orderId === undefined || orderId === '' ? undefined : { kind: 'order', notice: { sourceId: orderId, number: orderId } };
  }
  if (/^unfinished_order\.(?:created|updated|deleted)$/.test(type)) {
    const cartId = event.data?.cartId;
    return cartId === undefined || cartId === '' ? undefined : { kind: 'cart', notice: { sourceId: cartId } };
  }
  const kind = /^(customer|product)\.(?:created|updated|deleted)$/.exec(type)?.[1];
  if (kind === undefined || event.entityId === undefined) return undefined;
  return { kind: kind as 'customer' | 'product', notice: { sourceId: event.entityId } };
}

/** Brings no token: that comes when the merchant opens the app. Until then the store is only known. */
async function installed(options: HooksOptions, storeId: string): Promise<boolean> {
  const saved = await changeStore(options.stores, storeId, (store) =>
    store === undefined || store.status === 'uninstalled'
      ? {
          storeId,
          accessToken: undefined,
          publicToken: undefined,
          scopes: [],
          status: 'installed',
          seenPayloads: store?.seenPayloads ?? [],
          uninstalledAt: undefined,
          version: store?.version ?? 0,
        }
      : undefined,
  );
  return saved !== undefined;
}

/** Deletes, so the unsigned body is not believed: a token that still works was not uninstalled (or the store came back meanwhile). */
async function uninstalled(options: HooksOptions, store: InstalledStore | undefined): Promise<boolean> {
  if (store === undefined || store.status === 'uninstalled') return false;
  const { accessToken, storeId } = store;
  if (accessToken !== undefined) {
    const failure = await failureFrom(() => readProfile({ ...options, storeId, accessToken }, quickMs));
    if (failure?.code !== 'shop.credentials' && failure?.code !== 'shop.other-store') {
      if (failure?.remedy === 'wait' || failure?.remedy === 'retry') throw failure;
      options.log.warn({ storeId }, 'an uninstall was announced, but the token still works');
      return false;
    }
  }
  await leave(options, storeId);
  return true;
}

/** Events overtake each other: the status is asked for, and the event believed only where the answer does not say. */
async function subscriptionChanged(options: HooksOptions, { event, store }: Taken): Promise<boolean> {
  if (store === undefined || store.accessToken === undefined) return false;
  const { accessToken, storeId } = store;
  let status = event.data?.newSubscriptionStatus;
  await failureFrom(async () => {
    const call = { path: '/application', label: 'read app subscription', scope: 'read_store_profile', timeoutMs: quickMs };
    const answer = z.looseObject({ subscriptionStatus: z.string() }).safeParse(await callApi({ ...options, storeId, accessToken }, call));
    if (answer.success) status = answer.data.subscriptionStatus;
  });
  if (status === 'SUSPENDED') await suspend(options, storeId);
  else if (status === 'ACTIVE' || status === 'TRIAL') await resume(options, storeId);
  else return false;
  return true;
}

async function failureFrom(work: () => Promise<unknown>): Promise<Failure | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return failureOf(error);
  }
}
