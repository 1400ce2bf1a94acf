import * as api from '../api.ts';
import { type Route, route } from '../route.ts';
import { renewTicket, type TicketKey } from '../tickets.ts';

/** Who is looking, and going on looking. */
export function sessionRoutes(key: TicketKey): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/session',
      name: 'getSession',
      summary: 'The shop that this ticket belongs to',
      problems: [],
      answer: api.Session,
      handle: async ({ tenant, ticket, shop }) => ({
        tenant,
        platform: ticket.platform,
        shop: { title: shop.title, ...(shop.url !== undefined && { url: shop.url }) },
        language: ticket.language,
        expiresAt: ticket.expiresAt.toISOString(),
      }),
    }),
    route({
      method: 'post',
      path: '/api/session/renew',
      name: 'renewSession',
      summary: 'The next ticket of this session, up to 12 hours after it began',
      problems: [],
      answer: api.RenewedTicket,
      handle: async ({ ticket }) => {
        const renewed = renewTicket(key, ticket);
        return { ticket: renewed.ticket, expiresAt: renewed.expiresAt.toISOString() };
      },
    }),
  ];
}
