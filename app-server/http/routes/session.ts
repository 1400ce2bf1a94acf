import * as api from '../api.ts';
import type { ApiPorts } from '../ports.ts';
import { Problem } from '../problem.ts';
import { type Route, route } from '../route.ts';
import { renewTicket, type TicketKey } from '../tickets.ts';

/** Who is looking, and going on looking. A session ends with the installation. */
export function sessionRoutes({ shops }: Pick<ApiPorts, 'shops'>, key: TicketKey): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/session',
      name: 'getSession',
      summary: 'The shop that this ticket belongs to',
      problems: [],
      answer: api.Session,
      handle: async ({ tenant, ticket }) => {
        const shop = await shops.get(tenant);
        if (!shop || shop.state === 'uninstalled') throw notInstalled();
        return {
          tenant,
          platform: ticket.platform,
          shop: { title: shop.title, ...(shop.url !== undefined && { url: shop.url }) },
          language: ticket.language,
          expiresAt: ticket.expiresAt.toISOString(),
        };
      },
    }),
    route({
      method: 'post',
      path: '/api/session/renew',
      name: 'renewSession',
      summary: 'The next ticket of this session, up to 12 hours after it began',
      problems: [],
      answer: api.RenewedTicket,
      handle: async ({ tenant, ticket }) => {
        const shop = await shops.get(tenant);
        if (!shop || shop.state === 'uninstalled') throw notInstalled();
        const renewed = renewTicket(key, ticket);
        return { ticket: renewed.ticket, expiresAt: renewed.expiresAt.toISOString() };
      },
    }),
  ];
}

const notInstalled = (): Problem =>
  new Problem({ status: 401, code: 'not-installed', title: 'The app is not installed in this shop.', remedy: 'reload' });
