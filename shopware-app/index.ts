/** The Shopware app: everything that a shop calls, as one router to be mounted at `/shopware`. */
import express, { type ErrorRequestHandler, type Router } from 'express';
import { createResync } from './action.ts';
import { refusals, refuse, refuseRegistration } from './answer.ts';
import { createFrame, showUnavailable } from './frame.ts';
import { createHandshake } from './handshake.ts';
import { createHooks } from './hooks.ts';
import type { Log, Notices, Page, RegisteredShops, Tenants, Tickets } from './ports.ts';

export interface ShopwareAppOptions {
  /** Folder and manifest name; part of the registration proof. */
  readonly appName: string;
  readonly appSecret: string;
  /** Public address of the server (APP_URL), without `/shopware`. */
  readonly baseUrl: string;
  readonly shops: RegisteredShops;
  readonly tenants: Tenants;
  readonly notices: Notices;
  readonly tickets: Tickets;
  readonly page: Page;
  readonly log: Log;
  readonly now?: () => Date;
  readonly frameAncestors?: readonly string[];
}

/**
 * Mount before any body parser: signatures are checked over the bytes as they came. Bodies up to 1 MB; larger ones get 413.
 * A port that throws becomes 503, after which a shop delivers again. Throws RangeError when the app secret is empty.
 */
export function shopwareApp(options: ShopwareAppOptions): Router {
  if (options.appSecret === '') throw new RangeError('the Shopware app needs an app secret');
  const shared = { ...options, now: options.now ?? (() => new Date()), frameAncestors: options.frameAncestors ?? [] };
  const raw = express.raw({ type: () => true, limit: '1mb', inflate: false });
  const handshake = createHandshake(shared);

  const router = express.Router();
  router.get('/register', (request, response) => handshake.register(request, response));
  router.post('/register/confirm', raw, (request, response) => handshake.confirm(request, response));
  router.post('/hooks', raw, createHooks(shared));
  router.get('/module', createFrame(shared));
  router.post('/action/resync-order', raw, createResync(shared));
  router.use(onError(options.log));
  return router;
}

function onError(log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const facts: { status?: unknown; code?: unknown; name?: unknown } = typeof error === 'object' && error !== null ? error : {};
    const { status } = facts;
    const refusal =
      status === 413 ? refusals.tooLarge : status === 415 ? refusals.wrongType : status === 400 ? refusals.malformed : refusals.unavailable;
    // Never the message: what a database says can quote what it was given.
    log.warn(
      { path: request.path, status: refusal.status, reason: `${facts.name ?? 'unknown'} ${facts.code ?? ''}`.trim() },
      refusal.title,
    );
    if (refusal.status === 503) response.set('retry-after', '30');
    if (request.path.startsWith('/register')) return refuseRegistration(response, refusal.status, refusal.title);
    if (request.path === '/module') return showUnavailable(request, response);
    return refuse(response, refusal);
  };
}
