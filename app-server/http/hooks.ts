/** Webhooks of the systems that a merchant connected. Shop platforms have entrances of their own in their app folders. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import express, { Router } from 'express';
import type { Connector, News } from '../../connectors/connector.ts';
import type { Connection, Tenant } from '../engine/model.ts';
import { notFound, Problem } from './problem.ts';

export interface HookOptions {
  readonly connectors: readonly Connector[];
  /** Key of the addresses: they are nowhere public, and nobody can make one up. */
  readonly secret: string;
  find(tenant: Tenant, connector: string): Promise<Connection | undefined>;
  /** Resolves once it is stored. */
  notice(source: { tenant: Tenant; connector: string }, news: readonly News[]): Promise<void>;
  now(): Date;
}

const mostBytes = 1024 * 1024;

const tokenOf = (secret: string, { tenant, connector }: Pick<Connection, 'tenant' | 'connector'>): string =>
  createHmac('sha256', secret).update(`hook ${tenant} ${connector}`).digest('base64url');

/** Where this connection's system is asked to send its news. The same one always, so that subscribing twice changes nothing. */
export function hookAddress(baseUrl: string, secret: string, connection: Pick<Connection, 'tenant' | 'connector'>): string {
  const { tenant, connector } = connection;
  return `${baseUrl}/hooks/${encodeURIComponent(tenant)}/${connector}/${tokenOf(secret, connection)}`;
}

/** A delivery is a hint and never the truth: only ids are taken from it, and the record is read again. */
export function hooks(options: HookOptions): Router {
  const router = Router();
  // Some systems look at the address before they take it.
  router.all(
    '/hooks/:tenant/:connector/:token',
    express.raw({ type: () => true, limit: mostBytes, inflate: true }),
    async (request, response) => {
      response.locals.route = '/hooks/{tenant}/{connector}/{token}';
      const { tenant: named = '', connector: name = '', token = '' } = request.params as Record<string, string>;
      const tenant = named as Tenant;
      if (!same(token, tokenOf(options.secret, { tenant, connector: name }))) throw notFound();
      const connector = options.connectors.find((candidate) => candidate.name === name);
      const connection = connector?.hear && (await options.find(tenant, name));
      if (!connector?.hear || !connection) throw notFound();
      const heard = connector.hear(
        {
          method: request.method,
          headers: Object.fromEntries(Object.entries(request.headers).map(([key, value]) => [key, [value ?? ''].flat().join(', ')])),
          body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
          now: options.now(),
        },
        connection.settings,
      );
      if (heard === 'refused') throw refused();
      if (heard.length > 0) await options.notice({ tenant, connector: name }, heard);
      response.status(200).type('text/plain').set('cache-control', 'no-store').send('OK');
    },
  );
  return router;
}

function same(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}

const refused = (): Problem =>
  new Problem({
    status: 401,
    code: 'signature-wrong',
    title: 'The signature of this delivery is wrong; nothing was taken.',
    remedy: 'fix-connection',
  });
