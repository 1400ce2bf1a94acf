/** Consent, tokens and their rotation (X-Series, authorization). */
import { randomBytes } from 'node:crypto';
import type { SimRequest, SimResponse } from '../shared/faulty-server.ts';
import type { XSeriesKnobs } from './xseries-surface.ts';

/** `all`: a personal token, or one without limits. */
export type Scopes = ReadonlySet<string> | 'all';

interface Access {
  readonly scopes: Scopes;
  /** Epoch ms. */
  expires: number;
}

interface Refresh {
  readonly scope: string;
  /** Epoch ms from which it is dead. */
  dead: number;
}

export interface Tokens {
  readonly access: string;
  readonly refresh: string;
  /** Epoch seconds. */
  readonly expires: number;
}

const codeLifeMs = 10 * 60_000;

export function createOauth(options: {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly domainPrefix: string;
  readonly knobs: XSeriesKnobs;
  readonly userId: string;
  readonly unexpected: string[];
  now(): number;
}) {
  const codes = new Map<string, { readonly redirectUri: string; readonly scope: string; readonly expires: number }>();
  const accesses = new Map<string, Access>();
  const refreshes = new Map<string, Refresh>();
  const failed = (error: string, description: string): SimResponse => ({
    status: 400,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ error, error_description: description }),
  });

  function code(redirectUri: string, scope: string): string {
    const made = randomBytes(16).toString('hex');
    codes.set(made, { redirectUri, scope, expires: options.now() + codeLifeMs });
    return made;
  }

  function grant(scope: string): Tokens {
    const expires = Math.floor(options.now() / 1000) + options.knobs.tokenLifeSeconds;
    const access = `lsxs_at_${randomBytes(20).toString('hex')}`;
    const refresh = `lsxs_rt_${randomBytes(20).toString('hex')}`;
    accesses.set(access, { scopes: scope === 'all' ? 'all' : new Set(scope.split(' ')), expires: expires * 1000 });
    refreshes.set(refresh, { scope, dead: Number.POSITIVE_INFINITY });
    return { access, refresh, expires };
  }

  /** The scope that a code or a refresh token stands for, or why it does not. */
  function scopeOf(form: URLSearchParams): { scope: string } | { error: string } {
    if (form.get('grant_type') === 'authorization_code') {
      const known = codes.get(form.get('code') ?? '');
      codes.delete(form.get('code') ?? '');
      const valid = known !== undefined && known.expires > options.now() && known.redirectUri === form.get('redirect_uri');
      return valid ? { scope: known.scope } : { error: 'The authorization code is not valid.' };
    }
    const known = refreshes.get(form.get('refresh_token') ?? '');
    if (known === undefined || known.dead <= options.now()) return { error: 'The refresh token is not valid.' };
    known.dead = Math.min(known.dead, options.now() + options.knobs.refreshGraceSeconds * 1000);
    return { scope: known.scope };
  }

  return {
    code,
    grant,
    /** `GET /connect`: consents at once, or refuses with `deny=1`. */
    authorize(request: SimRequest): SimResponse {
      const query = new URLSearchParams(request.rawQuery);
      const redirectUri = query.get('redirect_uri');
      if (query.get('client_id') !== options.clientId || redirectUri === null || query.get('response_type') !== 'code')
        return failed('invalid_request', 'client_id, redirect_uri and response_type=code are needed');
      const target = new URL(redirectUri);
      const scope = query.get('scope') ?? '';
      if (query.get('deny') !== null) target.searchParams.set('error', 'access_denied');
      else if (scope === '') target.searchParams.set('error', 'invalid_scope');
      else {
        target.searchParams.set('code', code(redirectUri, scope));
        target.searchParams.set('domain_prefix', options.domainPrefix);
        target.searchParams.set('user_id', options.userId);
      }
      const state = query.get('state');
      if (state !== null) target.searchParams.set('state', state);
      return { status: 302, headers: { location: target.href } };
    },
    /** `POST /api/1.0/token`, a form. Each refresh gives a new refresh token and ends the old one. */
    token(request: SimRequest): SimResponse {
      if (!(request.headers['content-type'] ?? '').includes('application/x-www-form-urlencoded')) {
        options.unexpected.push('a token request that is no form');
        return failed('invalid_request', 'The request must be a form.');
      }
      const form = new URLSearchParams(request.body);
      if (form.get('client_id') !== options.clientId || form.get('client_secret') !== options.clientSecret)
        return failed('invalid_client', 'Client authentication failed.');
      if (!['authorization_code', 'refresh_token'].includes(form.get('grant_type') ?? ''))
        return failed('unsupported_grant_type', 'grant_type must be authorization_code or refresh_token');
      const found = scopeOf(form);
      if ('error' in found) return failed('invalid_grant', found.error);
      const tokens = grant(found.scope);
      return {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          access_token: tokens.access,
          token_type: 'Bearer',
          expires: tokens.expires,
          expires_in: options.knobs.tokenLifeSeconds,
          refresh_token: tokens.refresh,
          domain_prefix: options.domainPrefix,
          scope: found.scope,
        }),
      };
    },
    personal(): string {
      const made = `lsxs_pt_${randomBytes(20).toString('hex')}`;
      accesses.set(made, { scopes: 'all', expires: Number.POSITIVE_INFINITY });
      return made;
    },
    /** What a token may do; `undefined` for one that does not work. */
    scopes(token: string): Scopes | undefined {
      const known = accesses.get(token);
      return known === undefined || known.expires <= options.now() ? undefined : known.scopes;
    },
    expireAccess(): void {
      for (const access of accesses.values()) if (access.expires !== Number.POSITIVE_INFINITY) access.expires = 0;
    },
    revoke(): void {
      accesses.clear();
      refreshes.clear();
    },
  };
}
