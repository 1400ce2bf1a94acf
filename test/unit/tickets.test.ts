import jwt from 'jsonwebtoken';
import { describe, expect, it } from 'vitest';
import { tenantOf } from '../../app-server/engine/model.ts';
import { Problem } from '../../app-server/http/problem.ts';
import { issueTicket, renewTicket, type TicketKey, ticketWindow, verifyTicket } from '../../app-server/http/tickets.ts';
import type { Tickets as EcwidTickets } from '../../ecwid-app/ports.ts';
import type { Tickets as ShopwareTickets } from '../../shopware-app/ports.ts';

const noon = new Date('2026-03-01T12:00:00Z');
const minutes = (count: number): Date => new Date(noon.getTime() + count * 60_000);
const keyAt = (at: Date, secret = 'a-secret-of-the-tests-that-is-long-enough'): TicketKey => ({ secret, now: () => at });
const holder = { tenant: tenantOf('shopware', 'shop-1'), platform: 'shopware', user: 'user-1', language: 'nl-NL' } as const;
const claims = { tenant: 'shopware:shop-1', platform: 'shopware', language: 'en', auth_time: noon.getTime() / 1000 };
const frame = { issuer: 'tillbridge', audience: 'tillbridge-screens', expiresIn: 900 } as const;
const signed = (payload: object, how: jwt.SignOptions = {}): string =>
  jwt.sign({ iat: noon.getTime() / 1000, ...payload }, keyAt(noon).secret, { ...frame, ...how });

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return `${error.details.status} ${error.details.code}`;
    throw error;
  }
  return 'accepted';
}

describe('a ticket of the screens', () => {
  it('says whose shop it is for fifteen minutes', () => {
    const { ticket, expiresAt } = issueTicket(keyAt(noon), holder);
    expect(expiresAt).toEqual(minutes(15));
    expect(verifyTicket(keyAt(minutes(14)), ticket)).toEqual({ ...holder, authTime: noon, expiresAt: minutes(15) });
    expect(codeOf(() => verifyTicket(keyAt(minutes(15)), ticket))).toBe('401 ticket-expired');
  });

  it('is accepted as the reference library signs it, so that the refusals below are refused for their own reason', () => {
    expect(verifyTicket(keyAt(noon), signed(claims)).tenant).toBe('shopware:shop-1');
  });

  it('is refused when somebody else signed it', () => {
    const { ticket } = issueTicket(keyAt(noon, 'another-secret-that-is-also-long-enough'), holder);
    expect(codeOf(() => verifyTicket(keyAt(noon), ticket))).toBe('401 ticket-invalid');
  });

  it('is refused when its tenant was exchanged', () => {
    const [header, , signature] = issueTicket(keyAt(noon), holder).ticket.split('.');
    const other = Buffer.from(JSON.stringify({ ...claims, tenant: 'shopware:shop-2', exp: 4e9 })).toString('base64url');
    expect(codeOf(() => verifyTicket(keyAt(noon), `${header}.${other}.${signature}`))).toBe('401 ticket-invalid');
  });

  it('is refused without a signature (alg none) and with another algorithm', () => {
    expect(codeOf(() => verifyTicket(keyAt(noon), jwt.sign(claims, '', { ...frame, algorithm: 'none' })))).toBe('401 ticket-invalid');
    expect(codeOf(() => verifyTicket(keyAt(noon), signed(claims, { algorithm: 'HS512' })))).toBe('401 ticket-invalid');
  });

  it('is refused when it was made for another audience or by another issuer', () => {
    expect(codeOf(() => verifyTicket(keyAt(noon), signed(claims, { audience: 'somebody-else' })))).toBe('401 ticket-invalid');
    expect(codeOf(() => verifyTicket(keyAt(noon), signed(claims, { issuer: 'somebody-else' })))).toBe('401 ticket-invalid');
  });

  it('is refused when it lacks a claim or its tenant is of another platform', () => {
    const { tenant: _left, ...rest } = claims;
    expect(codeOf(() => verifyTicket(keyAt(noon), signed(rest)))).toBe('401 ticket-invalid');
    expect(codeOf(() => verifyTicket(keyAt(noon), signed({ ...claims, platform: 'ecwid' })))).toBe('401 ticket-invalid');
    expect(codeOf(() => verifyTicket(keyAt(noon), 'not-a-ticket'))).toBe('401 ticket-invalid');
  });

  it('can be renewed again and again, but never beyond twelve hours after the admin vouched for it', () => {
    let at = noon;
    let { ticket } = issueTicket(keyAt(at), holder);
    for (let passed = 14; passed < 12 * 60; passed += 14) {
      at = minutes(passed);
      ({ ticket } = renewTicket(keyAt(at), verifyTicket(keyAt(at), ticket)));
    }
    const last = verifyTicket(keyAt(at), ticket);
    expect(last.authTime).toEqual(noon);
    expect(last.expiresAt).toEqual(minutes(12 * 60));
    expect(codeOf(() => verifyTicket(keyAt(minutes(12 * 60)), ticket))).toBe('401 ticket-expired');
    expect(codeOf(() => renewTicket(keyAt(minutes(12 * 60)), last))).toBe('401 ticket-expired');
  });

  it('is issued through the ports of both shop apps', () => {
    const shopware: ShopwareTickets = ticketWindow(keyAt(noon), 'shopware');
    const ecwid: EcwidTickets = ticketWindow(keyAt(noon), 'ecwid');
    const session = { shopId: '1003', user: undefined, language: 'de' };
    expect(verifyTicket(keyAt(noon), shopware.issue(session)).tenant).toBe('shopware:1003');
    expect(verifyTicket(keyAt(noon), ecwid.issue(session))).not.toHaveProperty('user');
    expect(verifyTicket(keyAt(noon), ecwid.issue(session)).tenant).toBe('ecwid:1003');
  });
});
