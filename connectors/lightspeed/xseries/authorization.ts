/** The merchant agrees on Lightspeed's own page (X-Series, OAuth 2 code flow). */
import type { Authorization } from '../../connector.ts';
import { Failure, failureOf } from '../../failure.ts';
import type { LightspeedOptions } from '../settings.ts';
import { connectAddress } from './address.ts';
import { grantRefused, tokensFor } from './grant.ts';

/** Mandatory for apps since March 2026 (X-Series change log). */
export const scopes = [
  'products:read',
  'products:write',
  'inventory:read',
  'inventory:write',
  'customers:read',
  'customers:write',
  'sales:read',
  'sales:write',
  'webhooks',
] as const;

export function xSeriesAuthorization(options: LightspeedOptions): Authorization {
  return {
    group: 'retail',
    address({ state, redirectUri }) {
      const url = connectAddress(options);
      const query = { response_type: 'code', client_id: options.clientId ?? '', redirect_uri: redirectUri, state, scope: scopes.join(' ') };
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
      return url.href;
    },
    async redeem({ callback, redirectUri, send, now }) {
      const { code, domain_prefix: domainPrefix } = callback;
      if (!code) throw callback.error === undefined || callback.error === 'access_denied' ? declined() : codeRefused();
      const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri };
      const grant = await tokensFor(options, { domainPrefix, form, send, now }).catch((error: unknown) => {
        throw failureOf(error).code === grantRefused ? codeRefused() : error;
      });
      // A personal token from before would go first.
      return { series: 'retail', domainPrefix, ...grant, personalToken: '' };
    },
  };
}

const declined = (): Failure =>
  new Failure({
    remedy: 'fix-connection',
    code: 'lightspeed.declined',
    message: 'Lightspeed was not connected: you did not agree on its page. Click on Connect to try again.',
  });

const codeRefused = (): Failure =>
  new Failure({
    remedy: 'fix-connection',
    code: 'lightspeed.code-refused',
    message: 'Lightspeed did not accept what its page sent back, perhaps because it took too long. Click on Connect once more.',
  });
