/** Connecting by agreeing on Mailchimp's page: code flow of OAuth 2. Mailchimp has no scopes; its tokens do not expire until they are revoked. */
import { z } from 'zod';
import type { Authorization } from '../connector.ts';
import { Failure } from '../failure.ts';
import { dataCentre } from './settings.ts';

export const defaultLoginBaseUrl = 'https://login.mailchimp.com';

export interface Registration {
  readonly loginBaseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const Token = z.looseObject({ access_token: z.string().min(1) });
/** Further fields are not documented reliably. */
const Metadata = z.looseObject({ dc: z.string().regex(dataCentre) });

export function mailchimpAuthorization({ loginBaseUrl, clientId, clientSecret }: Registration): Authorization {
  return {
    address({ state, redirectUri }) {
      const query = new URLSearchParams({ response_type: 'code', client_id: clientId, redirect_uri: redirectUri, state });
      return `${loginBaseUrl}/oauth2/authorize?${query}`;
    },
    async redeem({ callback, redirectUri, send }) {
      if (callback.error !== undefined || callback.code === undefined || callback.code === '') throw declined();
      const form = { grant_type: 'authorization_code', client_id: clientId, client_secret: clientSecret, redirect_uri: redirectUri };
      const answer = await send({
        method: 'POST',
        url: `${loginBaseUrl}/oauth2/token`,
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        body: String(new URLSearchParams({ ...form, code: callback.code })),
        label: 'redeem code',
      });
      if (answer.status >= 500 || answer.status === 429) throw away(answer.status);
      const token = answer.status === 200 ? Token.safeParse(json(answer.body)).data : undefined;
      if (token === undefined) throw codeRefused();
      const about = await send({
        method: 'GET',
        url: `${loginBaseUrl}/oauth2/metadata`,
        headers: { authorization: `OAuth ${token.access_token}`, accept: 'application/json' },
        label: 'read metadata',
      });
      const metadata = about.status === 200 ? Metadata.safeParse(json(about.body)).data : undefined;
      if (metadata === undefined) throw about.status === 401 ? codeRefused() : away(about.status);
      return { accessToken: token.access_token, dc: metadata.dc, apiKey: undefined };
    },
  };
}

function json(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

const declined = (): Failure =>
  new Failure({
    remedy: 'fix-connection',
    code: 'mailchimp.declined',
    message: 'Access to the Mailchimp account was not given. Connect again and agree, or enter an API key.',
  });

const codeRefused = (): Failure =>
  new Failure({
    remedy: 'fix-connection',
    code: 'mailchimp.code-refused',
    message: 'Mailchimp did not take the permission: it was too old or had been used. Connect again.',
  });

const away = (status: number): Failure =>
  new Failure({
    remedy: 'retry',
    code: 'mailchimp.unavailable',
    message: `Mailchimp had an error of its own (${status}). Connect again in a minute.`,
    params: { status },
  });
