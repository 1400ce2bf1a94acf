/** Installing from outside the Control Panel: consent, code, token (docs.ecwid.com, "native and external apps"). It never opens a session. */
import { randomBytes } from 'node:crypto';
import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { Failure, failureOf } from '../connectors/failure.ts';
import { languageOf, sendFriendly } from './friendly.ts';
import { type Entry, enter, type InstallationOptions } from './installation.ts';
import { sameText } from './verify.ts';

export interface HandshakeOptions extends InstallationOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly baseUrl: string;
  readonly oauthBaseUrl: string;
  readonly scopes: readonly string[];
}

const Token = z.looseObject({
  access_token: z.string().min(8).max(500),
  scope: z.string().optional(),
  store_id: z.union([z.number(), z.string()]).transform(String),
  public_token: z.string().max(500).optional(),
});

const Callback = z.object({
  code: z.string().min(1).max(500),
  store_id: z.string().regex(/^[1-9]\d{0,15}$/),
  nonce: z.string().max(100).optional(),
});

const nonceCookie = 'tillbridge_nonce';

export function handshake(options: HandshakeOptions): Router {
  const router = Router();

  router.get('/oauth/start', (_request, response) => {
    const nonce = randomBytes(18).toString('base64url');
    const query = new URLSearchParams({
      client_id: options.clientId,
      redirect_uri: callbackUrl(options, nonce),
      response_type: 'code',
      scope: options.scopes.join(' '),
    });
    response
      .cookie(nonceCookie, nonce, {
        httpOnly: true,
        secure: options.baseUrl.startsWith('https:'),
        sameSite: 'lax',
        path: '/ecwid/oauth',
        maxAge: 10 * 60_000,
      })
      .redirect(302, `${options.oauthBaseUrl}/authorize?${query}`);
  });

  router.get('/oauth/callback', async (request, response) => {
    const language = languageOf(request.acceptsLanguages('en', 'de', 'nl') || undefined);
    if (request.query.error !== undefined) return sendFriendly(response, 'not-allowed', { status: 403, language });
    const callback = Callback.safeParse(request.query);
    if (!callback.success || !nonceHolds(request, response, callback.data.nonce)) {
      return sendFriendly(response, 'open-again', { status: 400, language });
    }
    try {
      await enter(options, await exchangeCode(options, callback.data));
      return sendFriendly(response, 'installed', { status: 200, language });
    } catch (error) {
      const failure = failureOf(error);
      options.log.warn({ storeId: callback.data.store_id, code: failure.code }, 'an installation by code failed');
      if (failure.remedy === 'fix-connection') return sendFriendly(response, 'open-again', { status: 403, language });
      return sendFriendly(response, 'try-later', { status: 503, language });
    }
  });

  return router;
}

/** `state` is not documented there, so the nonce travels in the redirect address and in a cookie. */
const callbackUrl = (options: HandshakeOptions, nonce: string | undefined): string =>
  `${options.baseUrl}/ecwid/oauth/callback${nonce === undefined ? '' : `?nonce=${encodeURIComponent(nonce)}`}`;

/** An installation begun in the platform's app market comes without a nonce; one begun here must come back to the browser it began in. */
function nonceHolds(request: Request, response: Response, nonce: string | undefined): boolean {
  const cookie = /(?:^|;\s*)tillbridge_nonce=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
  if (nonce === undefined) return cookie === undefined;
  response.clearCookie(nonceCookie, { path: '/ecwid/oauth' });
  return cookie !== undefined && sameText(cookie, nonce);
}

async function exchangeCode(options: HandshakeOptions, callback: z.infer<typeof Callback>): Promise<Entry> {
  const response = await options.send({
    method: 'POST',
    url: `${options.oauthBaseUrl}/token/${encodeURIComponent(callback.store_id)}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams({
      client_id: options.clientId,
      client_secret: options.clientSecret,
      code: callback.code,
      redirect_uri: callbackUrl(options, callback.nonce),
      grant_type: 'authorization_code',
    }).toString(),
    label: 'exchange code',
    timeoutMs: 10_000,
  });
  if (response.status === 429 || response.status >= 500) {
    throw new Failure({
      remedy: 'wait',
      code: 'shop.unavailable',
      message: `The store's log-in is not available (HTTP ${response.status}).`,
    });
  }
  const token = response.status === 200 ? Token.safeParse(parsed(response.body)) : undefined;
  if (token?.success !== true || token.data.store_id !== callback.store_id) {
    throw new Failure({
      remedy: 'fix-connection',
      code: 'shop.code-refused',
      message: `The installation code of store ${callback.store_id} was not accepted. Install the app again.`,
    });
  }
  return {
    storeId: callback.store_id,
    accessToken: token.data.access_token,
    publicToken: token.data.public_token,
    scopes: token.data.scope?.split(/[\s,]+/).filter((scope) => scope !== ''),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
