/** Reports of the script in the shop window: public, so bounded in size, rate and belief. */
import express, { type Request, Router } from 'express';
import { rateLimit } from 'express-rate-limit';
import { z } from 'zod';
import type { Carts, InstalledStore, InstalledStores, Log } from './ports.ts';
import { refuse, refuseErrors } from './problem.ts';
import { sameText } from './verify.ts';

export interface CartsOptions {
  readonly stores: InstalledStores;
  /** Absent: nobody wants carts, and the routes do not exist. */
  readonly carts: Carts | undefined;
  readonly log: Log;
  readonly now: () => Date;
}

const storeId = z.union([z.number().int().positive(), z.string().regex(/^[1-9]\d{0,15}$/)]).transform(String);

const Report = z.object({
  storeId,
  publicToken: z.string().min(8).max(500),
  cartId: z.string().min(1).max(100),
  items: z
    .array(
      z.object({
        productId: z.union([z.number(), z.string().max(50)]).transform(String),
        sku: z.string().max(100).default(''),
        name: z.string().max(300).default(''),
        quantity: z.number().int().min(1).max(100_000),
        price: z.number().finite().min(0).max(1e9),
      }),
    )
    .max(200),
  /** The visitor agreed to be recognised. */
  consent: z.boolean().default(false),
  email: z.email().max(254).optional(),
});

export function carts(options: CartsOptions): Router {
  const router = Router();
  const { carts: port } = options;
  if (port === undefined) return router;

  const limit = (perMinute: number, keyOf?: (request: Request) => string) =>
    rateLimit({
      windowMs: 60_000,
      limit: perMinute,
      standardHeaders: 'draft-7',
      legacyHeaders: false,
      ...(keyOf && { keyGenerator: keyOf }),
      handler: (_request, response) =>
        refuse(response, { status: 429, code: 'carts.too-many', title: 'Too many reports. Come back later.' }),
    });

  router.use('/carts', (request, response, next) => {
    response.set({ 'access-control-allow-origin': '*', 'access-control-allow-headers': 'content-type', 'cache-control': 'no-store' });
    if (request.method === 'OPTIONS') response.status(204).end();
    else next();
  });

  router.get('/carts', limit(120), async (request, response) => {
    const asked = storeId.safeParse(request.query.storeId);
    const store = asked.success ? await options.stores.find(asked.data) : undefined;
    response.json({ on: store?.status === 'active' && (await port.wanted(store.storeId)) });
  });

  const perStore = limit(600, (request) => `store:${String((request.body as { storeId?: unknown } | undefined)?.storeId).slice(0, 20)}`);
  // sendBeacon can only send text/plain without asking first.
  const body = express.json({ limit: '16kb', type: ['application/json', 'text/plain'] });
  router.post('/carts', limit(60), body, perStore, async (request, response) => {
    const report = Report.safeParse(request.body);
    if (!report.success) return refuse(response, { status: 400, code: 'carts.malformed', title: 'This is not a cart.' });
    const store = await options.stores.find(report.data.storeId);
    if (!mayReport(store, report.data.publicToken) || !(await port.wanted(report.data.storeId))) {
      return refuse(response, { status: 403, code: 'carts.not-wanted', title: 'This store takes no reports.' });
    }
    const { cartId, items, consent, email } = report.data;
    await port.report(report.data.storeId, { cartId, items, email: consent ? email : undefined, at: options.now() });
    return response.status(204).end();
  });

  router.use(refuseErrors(options.log));
  return router;
}

function mayReport(store: InstalledStore | undefined, publicToken: string): boolean {
  return store?.status === 'active' && store.publicToken !== undefined && sameText(store.publicToken, publicToken);
}
