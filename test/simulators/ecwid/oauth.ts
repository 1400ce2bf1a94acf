/** Consent and tokens, the way the platform's log-in host gives them. */
import { randomBytes } from 'node:crypto';
import type { SimRequest, SimResponse } from '../shared/faulty-server.ts';

export interface OauthState {
  readonly storeId: number;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly codes: Map<string, { redirectUri: string; scopes: readonly string[]; expires: number; token?: string }>;
  now(): Date;
  /** Gives the app a new token with these scopes. */
  grant(scopes: readonly string[]): { accessToken: string; publicToken: string };
  revoke(accessToken: string): void;
}

const failed = (error: string): SimResponse => ({
  status: 400,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ error, error_description: error }),
});

/** `GET /api/oauth/authorize`: consents at once, or refuses with `deny=1`. */
export function authorize(state: OauthState, request: SimRequest): SimResponse {
  const query = new URLSearchParams(request.rawQuery);
  const redirectUri = query.get('redirect_uri');
  if (query.get('client_id') !== state.clientId || redirectUri === null || query.get('response_type') !== 'code')
    return failed('invalid_request');
  const target = new URL(redirectUri);
  if (query.get('deny') !== null) target.searchParams.set('error', 'access_denied');
  else {
    target.searchParams.set('code', codeFor(state, { redirectUri, scopes: (query.get('scope') ?? '').split(' ') }));
    target.searchParams.set('store_id', String(state.storeId));
  }
  return { status: 302, headers: { location: target.href } };
}

/** Single use, five minutes. */
export function codeFor(state: OauthState, wish: { redirectUri: string; scopes: readonly string[] }): string {
  const code = randomBytes(12).toString('hex');
  state.codes.set(code, { ...wish, expires: state.now().getTime() + 5 * 60_000 });
  return code;
}

/** `POST /api/oauth/token/{store}`, and without the store id as it used to be. A code that comes twice kills its token. */
export function token(state: OauthState, request: SimRequest): SimResponse {
  const store = /^\/api\/oauth\/token(?:\/(.+))?$/.exec(request.path)?.[1];
  const form = new URLSearchParams(request.method === 'GET' ? request.rawQuery : request.body);
  const code = state.codes.get(form.get('code') ?? '');
  if (store !== undefined && store !== String(state.storeId)) return failed('invalid_store');
  if (form.get('client_id') !== state.clientId || form.get('client_secret') !== state.clientSecret) return failed('invalid_client');
  if (code?.token !== undefined) {
    state.revoke(code.token);
    return failed('invalid_grant');
  }
  const valid = code !== undefined && code.expires > state.now().getTime() && code.redirectUri === form.get('redirect_uri');
  if (!valid || form.get('grant_type') !== 'authorization_code') return failed('invalid_grant');
  const granted = state.grant(code.scopes);
  code.token = granted.accessToken;
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      access_token: granted.accessToken,
      token_type: 'bearer',
      scope: code.scopes.join(' '),
      store_id: state.storeId,
      ...(code.scopes.includes('public_storefront') && { public_token: granted.publicToken }),
      email: 'owner@example.com',
    }),
  };
}
