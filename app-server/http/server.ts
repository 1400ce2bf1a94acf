/** The order in which a request meets the house. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import express, { type Express, type RequestHandler, type Router } from 'express';
import helmet from 'helmet';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { operations } from './operations.ts';
import type { ApiPorts } from './ports.ts';
import { problemHandler, unknownRoute } from './problem.ts';
import { settingsApi } from './settings-api.ts';
import type { TicketKey } from './tickets.ts';

export interface HttpOptions {
  /** Mounted at the root, before any body parser: signatures are over raw bytes. */
  readonly shopwareRouter?: Router;
  readonly ecwidRouter?: Router;
  /** What connected systems and their pages call; raw bytes as well. */
  readonly connectionRouters?: readonly Router[];
  readonly ports: ApiPorts;
  readonly ticketKey: TicketKey;
  readonly metrics: Metrics;
  /** Rejects when the database cannot be reached. */
  ready(): Promise<void>;
  readonly log: Log;
  /** Folder of the built screens: index.html and assets. */
  readonly screensDir: string;
  readonly appUrl?: string;
  /** Express's `trust proxy`: number of proxies in front. Default 0. */
  readonly trustProxy?: number;
  readonly metricsToken?: string;
  /** Of one tenant to the settings API. Default 600. */
  readonly requestsPerMinute?: number;
}

export function createHttp(options: HttpOptions): Express {
  const { log, metrics } = options;
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', options.trustProxy ?? 0);
  app.use(identify, observe(log, metrics));
  // The frame pages say who may frame them, per shop; a default here would shut out every shop's admin.
  app.use(helmet({ frameguard: false, contentSecurityPolicy: false }));
  app.use(
    operations({
      ready: () => options.ready(),
      registry: metrics.registry,
      ...(options.metricsToken !== undefined && { metricsToken: options.metricsToken }),
    }),
  );
  if (options.shopwareRouter) app.use(options.shopwareRouter);
  if (options.ecwidRouter) app.use(options.ecwidRouter);
  for (const router of options.connectionRouters ?? []) app.use(router);
  app.use(
    '/screens/assets',
    express.static(join(options.screensDir, 'assets'), {
      immutable: true,
      maxAge: '1y',
      index: false,
      redirect: false,
      dotfiles: 'ignore',
    }),
  );
  app.use(
    settingsApi({
      ports: options.ports,
      ticketKey: options.ticketKey,
      ...(options.appUrl !== undefined && { appUrl: options.appUrl }),
      requestsPerMinute: options.requestsPerMinute ?? 600,
    }),
  );
  app.use(unknownRoute, problemHandler(log));
  return app;
}

/** The caller's id when it is one, so that a request can be followed through proxies. */
const identify: RequestHandler = (request, response, next) => {
  const given = request.get('x-request-id');
  const id = given !== undefined && /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
  response.locals.requestId = id;
  response.set('x-request-id', id);
  next();
};

/** Address without query, never a body: queries carry signatures and payloads. */
function observe(log: Log, metrics: Metrics): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    const path = request.path.slice(0, 200);
    response.on('close', () => {
      const ms = Math.round(performance.now() - startedAt);
      const { requestId, route = 'other' } = response.locals;
      metrics.answered({ method: request.method, route, status: response.statusCode, seconds: ms / 1000 });
      if (path === '/health' || path === '/ready' || path === '/metrics') return;
      log.info({ requestId, method: request.method, path, status: response.statusCode, ms }, 'Answered.');
    });
    next();
  };
}
