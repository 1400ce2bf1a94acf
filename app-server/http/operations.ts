/** For the operator, not the merchant: is it alive, is it ready, how is it doing. */
import { timingSafeEqual } from 'node:crypto';
import { type Request, type RequestHandler, Router } from 'express';
import type { Registry } from 'prom-client';
import { notFound, Problem } from './problem.ts';

interface OperationsOptions {
  /** Rejects when the database cannot be reached. */
  ready(): Promise<void>;
  readonly registry: Registry;
  readonly metricsToken?: string;
}

export function operations({ ready, registry, metricsToken }: OperationsOptions): Router {
  const router = Router();
  router.get('/health', (_request, response) => {
    response.set('cache-control', 'no-store').json({ status: 'ok' });
  });
  router.get('/ready', async (_request, response) => {
    await ready().catch(() => {
      throw new Problem({ status: 503, code: 'not-ready', title: 'The database cannot be reached.', remedy: 'wait' });
    });
    response.set('cache-control', 'no-store').json({ status: 'ok' });
  });
  router.get('/metrics', onlyOperators(metricsToken), async (_request, response) => {
    response.type(registry.contentType).send(await registry.metrics());
  });
  return router;
}

function onlyOperators(token: string | undefined): RequestHandler {
  return (request, _response, next) => next(hasToken(request, token) || isLocal(request) ? undefined : notFound());
}

/** A proxy on the same machine makes everybody local, so whoever was forwarded is not. */
function isLocal(request: Request): boolean {
  if (request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined) return false;
  return /^(?:::1|(?:::ffff:)?127(?:\.\d+){3})$/.test(request.socket.remoteAddress ?? '');
}

function hasToken(request: Request, token: string | undefined): boolean {
  if (token === undefined || token === '') return false;
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
