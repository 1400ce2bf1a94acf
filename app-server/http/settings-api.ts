/** The API of the screens: ticket, rate limit, body, then the route table. */
import express, { type RequestHandler, Router } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { openApiOf } from './openapi.ts';
import type { ApiPorts } from './ports.ts';
import { Problem } from './problem.ts';
import { expressPath, type Route } from './route.ts';
import { catalogueRoutes } from './routes/catalogue.ts';
import { connectionRoutes } from './routes/connections.ts';
import { connectorRoutes } from './routes/connectors.ts';
import { erasureRoutes } from './routes/erasures.ts';
import { flowRoutes } from './routes/flows.ts';
import { ownershipRoutes } from './routes/ownership.ts';
import { recordRoutes } from './routes/records.ts';
import { sessionRoutes } from './routes/session.ts';
import { shopOptionRoutes } from './routes/shop-options.ts';
import { type Ticket, type TicketKey, ticketInvalid, verifyTicket } from './tickets.ts';

export interface SettingsApiOptions {
  readonly ports: ApiPorts;
  readonly ticketKey: TicketKey;
  /** Public base address, for the description. */
  readonly appUrl?: string;
  /** Per tenant; without a ticket, per address. */
  readonly requestsPerMinute: number;
}

/** Every operation of the API, once. */
export function apiRoutes(ports: ApiPorts, key: TicketKey): Route[] {
  return [
    ...sessionRoutes(key),
    ...shopOptionRoutes(ports),
    ...connectorRoutes(ports),
    ...connectionRoutes(ports),
    ...flowRoutes(ports),
    ...recordRoutes(ports),
    ...catalogueRoutes(ports),
    ...ownershipRoutes(ports),
    ...erasureRoutes(ports),
  ];
}

export function settingsApi({ ports, ticketKey, appUrl, requestsPerMinute }: SettingsApiOptions): Router {
  const routes = apiRoutes(ports, ticketKey);
  const router = Router();
  const description = openApiOf(routes, appUrl);
  const limits = limit(requestsPerMinute);
  const json = express.json({ limit: '256kb' });
  router.use('/api', (_request, response, next) => {
    response.set('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
    next();
  });
  router.get('/api/openapi.json', limits, (_request, response) => {
    response.json(description);
  });
  for (const { method, path, handler } of routes) {
    router[method](expressPath(path), readTicket(ticketKey), limits, demandTicket, demandShop(ports), json, named(path), handler);
  }
  return router;
}

/** Reads the ticket but leaves the refusal to {@link demandTicket}, so that guessing counts against the address. */
function readTicket(key: TicketKey): RequestHandler {
  return (request, response, next) => {
    const token = /^Bearer ([\w.-]+)$/i.exec(request.headers.authorization ?? '')?.[1];
    try {
      if (token === undefined) throw ticketInvalid();
      response.locals.ticket = verifyTicket(key, token);
    } catch (error) {
      response.locals.refusal = error;
    }
    next();
  };
}

const demandTicket: RequestHandler = (_request, response, next) => next(response.locals.refusal);

/** A session ends with the installation, however long its ticket would live. */
const demandShop =
  ({ shops }: Pick<ApiPorts, 'shops'>): RequestHandler =>
  async (_request, response, next) => {
    const { tenant }: Ticket = response.locals.ticket;
    const shop = await shops.get(tenant);
    if (!shop || shop.state === 'uninstalled') throw notInstalled();
    response.locals.shop = shop;
    next();
  };

const notInstalled = (): Problem =>
  new Problem({ status: 401, code: 'not-installed', title: 'The app is not installed in this shop.', remedy: 'reload' });

/** The pattern of the address, for the log and the metrics. */
const named =
  (path: string): RequestHandler =>
  (_request, response, next) => {
    response.locals.route = path;
    next();
  };

function limit(requestsPerMinute: number): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit: requestsPerMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // Without `trust proxy` a forwarded address is rightly not believed; that is no fault to report.
    validate: { xForwardedForHeader: false, forwardedHeader: false },
    keyGenerator: (request, response) => {
      const ticket: Ticket | undefined = response.locals.ticket;
      return ticket?.tenant ?? ipKeyGenerator(request.ip ?? '');
    },
    handler: (_request, _response, next) =>
      next(new Problem({ status: 429, code: 'too-many-requests', title: 'Too many requests. Wait a minute.', remedy: 'wait' })),
  });
}
