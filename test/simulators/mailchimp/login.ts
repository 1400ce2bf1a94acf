/** login.mailchimp.com: consent, token and what the account is (OAuth 2, code flow; no scopes, tokens that do not end). */
import { randomBytes } from 'node:crypto';
import type { SimRequest, SimResponse } from '../shared/faulty-server.ts';
import type { Account } from './account.ts';

export interface Login {
  readonly account: Account;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly consent: 'at-once' | 'ask';
  readonly codes: Map<string, { readonly redirectUri: string; readonly expires: number }>;
  /** Address of this server. */
  url(): string;
}

const json = (status: number, body: unknown): SimResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
const failed = (error: string, status = 400) => json(status, { error });

/** Single use, ten minutes. */
export function codeFor(login: Login, redirectUri: string): string {
  const code = randomBytes(16).toString('hex');
  login.codes.set(code, { redirectUri, expires: login.account.now().getTime() + 10 * 60_000 });
  return code;
}

export function newToken(account: Account): string {
  const token = randomBytes(16).toString('hex');
  account.tokens.add(token);
  return token;
}

const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

function consentPage(account: Account, query: URLSearchParams): SimResponse {
  const hidden = [...query].map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`).join('');
  const body = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,"><title>Log in · Mailchimp sandbox</title>
<style>body{font:16px/1.5 system-ui,sans-serif;display:grid;place-items:center;min-height:100vh;margin:0;background:light-dark(#f6f6f4,#1b1d1f);color:light-dark(#241c15,#eee)}
main{background:light-dark(#fff,#26292c);padding:2rem;border-radius:8px;max-width:26rem}button{font:inherit;padding:.6rem 1.2rem;border-radius:4px;border:1px solid #007c89;cursor:pointer;background:transparent;color:inherit}button.first{background:#007c89;color:#fff}</style></head>
<body><main><h1>${escaped(account.name)}</h1><p>An app asks for access to this Mailchimp account: audiences, contacts and stores.</p>
<form method="post" action="/oauth2/authorize">${hidden}<button class="first" name="allow" value="yes">Allow</button> <button name="allow" value="no">Cancel</button></form></main></body></html>`;
  return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}

/** `GET /oauth2/authorize`, and the answer of the consent page as POST. */
function authorize(login: Login, request: SimRequest): SimResponse {
  const asking = request.method === 'GET';
  const query = new URLSearchParams(asking ? request.rawQuery : request.body);
  const redirectUri = query.get('redirect_uri');
  if (query.get('client_id') !== login.clientId || redirectUri === null || !URL.canParse(redirectUri)) return failed('invalid_client');
  if (query.get('response_type') !== 'code') return failed('unsupported_response_type');
  if (asking && login.consent === 'ask') return consentPage(login.account, query);
  const target = new URL(redirectUri);
  if (query.get('allow') === 'no') target.searchParams.set('error', 'access_denied');
  else target.searchParams.set('code', codeFor(login, redirectUri));
  const state = query.get('state');
  if (state !== null) target.searchParams.set('state', state);
  return { status: 302, headers: { location: target.href } };
}

function token(login: Login, request: SimRequest): SimResponse {
  const form = new URLSearchParams(request.body);
  if (form.get('client_id') !== login.clientId || form.get('client_secret') !== login.clientSecret) return failed('invalid_client', 401);
  if (form.get('grant_type') !== 'authorization_code') return failed('unsupported_grant_type');
  const code = form.get('code') ?? '';
  const held = login.codes.get(code);
  login.codes.delete(code);
  if (held === undefined || held.expires < login.account.now().getTime() || held.redirectUri !== form.get('redirect_uri'))
    return failed('invalid_grant');
  return json(200, { access_token: newToken(login.account), expires_in: 0, scope: null });
}

function metadata(login: Login, request: SimRequest): SimResponse {
  const { account } = login;
  const sent = /^(?:OAuth|Bearer) (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  const given = sent ?? new URLSearchParams(request.rawQuery).get('oauth_token') ?? '';
  if (!account.tokens.has(given)) return failed('invalid_token', 401);
  return json(200, {
    dc: account.dc,
    role: 'owner',
    accountname: account.name,
    user_id: 123,
    login: { login_id: 123, login_name: 'owner', login_email: 'owner@example.nl', email: 'owner@example.nl', avatar: null },
    login_url: login.url(),
    api_endpoint: `${login.url()}/${account.dc}`,
  });
}

/** `undefined` when nothing is there. */
export function loginAnswer(login: Login, request: SimRequest): SimResponse | undefined {
  switch (`${request.method} ${request.path}`) {
    case 'GET /oauth2/authorize':
    case 'POST /oauth2/authorize':
      return authorize(login, request);
    case 'POST /oauth2/token':
      return token(login, request);
    case 'GET /oauth2/metadata':
      return metadata(login, request);
    default:
      return undefined;
  }
}
