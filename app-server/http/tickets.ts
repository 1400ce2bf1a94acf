/** The screens' session: a short-lived, tenant-bound token that the page sends as Bearer. No cookies. */
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import { type Platform, type Tenant, tenantOf } from '../engine/model.ts';
import { Problem } from './problem.ts';

/** HS256 key and clock. The secret has at least 32 bytes (RFC 7518, 3.2). */
export interface TicketKey {
  readonly secret: string;
  now(): Date;
}

interface TicketHolder {
  readonly tenant: Tenant;
  readonly platform: Platform;
  readonly user?: string;
  readonly language: string;
}

export interface Ticket extends TicketHolder {
  /** When the shop's admin vouched for this session. */
  readonly authTime: Date;
  readonly expiresAt: Date;
}

const issuer = 'tillbridge';
const audience = 'tillbridge-screens';
const lifeSeconds = 15 * 60;
const sessionSeconds = 12 * 60 * 60;

const Claims = z.object({
  tenant: z.string(),
  platform: z.string(),
  user: z.string().optional(),
  language: z.string(),
  auth_time: z.number().int(),
  exp: z.number().int(),
});

/** Starts a session; `authTime` is only given to go on with one. Valid for 15 minutes, never beyond 12 hours after `authTime`. */
export function issueTicket(key: TicketKey, holder: TicketHolder, authTime?: Date): { ticket: string; expiresAt: Date } {
  const iat = seconds(key.now());
  const auth_time = authTime === undefined ? iat : seconds(authTime);
  const exp = Math.min(iat + lifeSeconds, auth_time + sessionSeconds);
  const { tenant, platform, user, language } = holder;
  const claims = { tenant, platform, ...(user !== undefined && { user }), language, auth_time, iat, exp };
  return { ticket: jwt.sign(claims, key.secret, { algorithm: 'HS256', issuer, audience }), expiresAt: new Date(exp * 1000) };
}

/** Throws a 401 problem: `ticket-expired` when the page has to be opened again, `ticket-invalid` for everything else. */
export function verifyTicket(key: TicketKey, token: string): Ticket {
  let payload: unknown;
  try {
    payload = jwt.verify(token, key.secret, { algorithms: ['HS256'], issuer, audience, clockTimestamp: seconds(key.now()) });
  } catch (error) {
    throw error instanceof jwt.TokenExpiredError ? ticketExpired() : ticketInvalid();
  }
  const claims = Claims.safeParse(payload);
  if (!claims.success) throw ticketInvalid();
  const { tenant, platform, user, language, auth_time, exp } = claims.data;
  const owner = tenantOf(platform, tenant.slice(platform.length + 1));
  if (owner !== tenant) throw ticketInvalid();
  return {
    tenant: owner,
    platform,
    ...(user !== undefined && { user }),
    language,
    authTime: new Date(auth_time * 1000),
    expiresAt: new Date(exp * 1000),
  };
}

/** The next ticket of the same session. Throws `ticket-expired` once the session is 12 hours old. */
export function renewTicket(key: TicketKey, ticket: Ticket): { ticket: string; expiresAt: Date } {
  if (seconds(key.now()) >= seconds(ticket.authTime) + sessionSeconds) throw ticketExpired();
  return issueTicket(key, ticket, ticket.authTime);
}

/** The ticket port of a shop app: the frame entrance of `platform` starts a session. */
export function ticketWindow(key: TicketKey, platform: Platform) {
  return {
    issue: (session: { shopId: string; user: string | undefined; language: string }): string => {
      const { shopId, user, language } = session;
      return issueTicket(key, { tenant: tenantOf(platform, shopId), platform, ...(user !== undefined && { user }), language }).ticket;
    },
  };
}

export const ticketInvalid = (): Problem =>
  new Problem({ status: 401, code: 'ticket-invalid', title: 'Open the app from your shop’s admin again.', remedy: 'reload' });

const ticketExpired = (): Problem =>
  new Problem({
    status: 401,
    code: 'ticket-expired',
    title: 'The session has ended. Open the app from your shop’s admin again.',
    remedy: 'reload',
  });

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);
