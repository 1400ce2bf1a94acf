/** Connecting a system by agreeing on its own page (OAuth 2, RFC 6749 section 4.1), in a window beside the admin. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { type Request, type Response, Router } from 'express';
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import type { Connector } from '../../connectors/connector.ts';
import type { Send } from '../../connectors/exchange.ts';
import { Failure } from '../../connectors/failure.ts';
import { type Language, languages, type Text } from '../../connectors/text.ts';
import type { Tenant } from '../engine/model.ts';
import type { Log } from './log.ts';
import type { TicketKey } from './tickets.ts';

export interface AuthorizationOptions {
  readonly connectors: readonly Connector[];
  readonly baseUrl: string;
  readonly key: TicketKey;
  readonly log: Log;
  sendTo(connector: Connector): Send;
  /** Lays these settings over what is stored, saves and tests. Throws a Failure when they are not enough to connect. */
  save(tenant: Tenant, connector: Connector, settings: Readonly<Record<string, unknown>>): Promise<void>;
}

const issuer = 'tillbridge';
const audience = 'tillbridge-authorization';
const lifeSeconds = 10 * 60;
const cookie = 'tillbridge_authorization';

const Claims = z.object({
  tenant: z.string(),
  connector: z.string(),
  language: z.enum(languages),
  entered: z.record(z.string(), z.unknown()).default({}),
  nonce: z.string().optional(),
});
type Claims = z.infer<typeof Claims>;

/** Address of the window in which the merchant agrees. Valid for ten minutes; holds nothing secret. */
export function authorizationAddress(
  { baseUrl, key }: Pick<AuthorizationOptions, 'baseUrl' | 'key'>,
  asked: { tenant: Tenant; connector: string; language: string; entered: Readonly<Record<string, unknown>> },
): string {
  const language = languages.find((known) => known === asked.language.slice(0, 2)) ?? 'en';
  const grant = sign(key, { tenant: asked.tenant, connector: asked.connector, language, entered: asked.entered });
  return `${baseUrl}/connect/${asked.connector}/start?grant=${encodeURIComponent(grant)}`;
}

/**
 * The window that starts is the window that comes back: a cookie of this origin holds what the state must match, so that nobody can have
 * somebody else's account connected to his own shop by sending a link.
 */
export function authorizations(options: AuthorizationOptions): Router {
  const { key, baseUrl } = options;
  const router = Router();
  const registered = (name: string): (Connector & Required<Pick<Connector, 'authorization'>>) | undefined => {
    const connector = options.connectors.find((candidate) => candidate.name === name);
    return connector?.authorization && { ...connector, authorization: connector.authorization };
  };
  const callbackOf = (name: string): string => `${baseUrl}/connect/${name}/callback`;

  router.get('/connect/:connector/start', (request, response) => {
    response.locals.route = '/connect/{connector}/start';
    const connector = registered(request.params.connector);
    const claims = read(key, request.query.grant);
    if (connector === undefined || claims?.connector !== connector.name)
      return show(response, 'again', { status: 400, language: spoken(request) });
    const nonce = randomBytes(18).toString('base64url');
    const state = sign(key, { ...claims, nonce });
    response
      .cookie(cookie, nonce, {
        httpOnly: true,
        secure: baseUrl.startsWith('https:'),
        sameSite: 'lax',
        path: `/connect/${connector.name}`,
        maxAge: lifeSeconds * 1000,
      })
      .set('cache-control', 'no-store')
      .redirect(302, connector.authorization.address({ state, redirectUri: callbackOf(connector.name), entered: claims.entered }));
  });

  router.get('/connect/:connector/callback', async (request, response) => {
    response.locals.route = '/connect/{connector}/callback';
    const connector = registered(request.params.connector);
    const claims = read(key, request.query.state);
    const language = claims?.language ?? spoken(request);
    const held = nonceOf(request);
    response.clearCookie(cookie, { path: `/connect/${request.params.connector}` });
    if (connector === undefined || claims?.connector !== connector.name || held === undefined || !same(held, claims.nonce ?? '')) {
      return show(response, 'again', { status: 400, language });
    }
    try {
      const callback = Object.fromEntries(
        Object.entries(request.query).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
      );
      const settings = await connector.authorization.redeem({
        callback,
        redirectUri: callbackOf(connector.name),
        send: options.sendTo(connector),
        now: () => key.now(),
      });
      await options.save(claims.tenant as Tenant, connector, { ...claims.entered, ...settings });
      return show(response, 'done', { status: 200, language });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      options.log.warn({ connector: connector.name, code: error.code }, 'an authorization did not come about');
      const page = error.remedy === 'wait' || error.remedy === 'retry' ? 'later' : 'declined';
      return show(response, page, { status: page === 'later' ? 503 : 403, language });
    }
  });

  return router;
}

function sign(key: TicketKey, claims: Claims): string {
  const iat = Math.floor(key.now().getTime() / 1000);
  return jwt.sign({ ...claims, iat, exp: iat + lifeSeconds }, key.secret, { algorithm: 'HS256', issuer, audience });
}

function read(key: TicketKey, token: unknown): Claims | undefined {
  if (typeof token !== 'string' || token.length > 8_000) return undefined;
  try {
    const clockTimestamp = Math.floor(key.now().getTime() / 1000);
    return Claims.safeParse(jwt.verify(token, key.secret, { algorithms: ['HS256'], issuer, audience, clockTimestamp })).data;
  } catch {
    return undefined;
  }
}

function nonceOf(request: Request): string | undefined {
  return new RegExp(`(?:^|; )${cookie}=([\\w-]+)`).exec(request.headers.cookie ?? '')?.[1];
}

function same(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}

const spoken = (request: Request): Language => (request.acceptsLanguages(...languages) || 'en') as Language;

type PageName = 'done' | 'again' | 'declined' | 'later';

const titles: Readonly<Record<PageName, Text>> = {
  done: { en: 'Connected', de: 'Verbunden', nl: 'Verbonden' },
  again: { en: 'Please start again', de: 'Bitte noch einmal beginnen', nl: 'Begin alstublieft opnieuw' },
  declined: { en: 'Not connected', de: 'Nicht verbunden', nl: 'Niet verbonden' },
  later: { en: 'No answer right now', de: 'Gerade keine Antwort', nl: 'Nu geen antwoord' },
};

const bodies: Readonly<Record<PageName, Text>> = {
  done: {
    en: 'You can close this window. The app in your shop’s admin goes on by itself.',
    de: 'Sie können dieses Fenster schließen. Die App in der Verwaltung Ihres Shops macht von selbst weiter.',
    nl: 'U kunt dit venster sluiten. De app in het beheer van uw winkel gaat vanzelf verder.',
  },
  again: {
    en: 'This window was open for too long, or was opened in another browser. Close it and press Connect in the app again. Nothing was changed.',
    de: 'Dieses Fenster war zu lange offen oder wurde in einem anderen Browser geöffnet. Schließen Sie es und drücken Sie in der App noch einmal auf Verbinden. Es wurde nichts geändert.',
    nl: 'Dit venster stond te lang open of werd in een andere browser geopend. Sluit het en druk in de app opnieuw op Verbinden. Er is niets gewijzigd.',
  },
  declined: {
    en: 'The access that the app asked for was not given. Close this window; you can try again at any time. Nothing was changed.',
    de: 'Der Zugriff, um den die App bittet, wurde nicht erteilt. Schließen Sie dieses Fenster; Sie können es jederzeit noch einmal versuchen. Es wurde nichts geändert.',
    nl: 'De gevraagde toegang is niet verleend. Sluit dit venster; u kunt het altijd opnieuw proberen. Er is niets gewijzigd.',
  },
  later: {
    en: 'The other side does not answer. Close this window, wait a minute and press Connect in the app again.',
    de: 'Die andere Seite antwortet nicht. Schließen Sie dieses Fenster, warten Sie eine Minute und drücken Sie in der App noch einmal auf Verbinden.',
    nl: 'De andere kant antwoordt niet. Sluit dit venster, wacht een minuut en druk in de app opnieuw op Verbinden.',
  },
};

function show(response: Response, page: PageName, how: { status: number; language: Language }): void {
  response
    .status(how.status)
    .type('html')
    .set('cache-control', 'no-store')
    .set('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
    .send(`<!doctype html>
<html lang="${how.language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${titles[page][how.language]}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1.5rem}h1{font-size:1.35rem;line-height:1.3}</style></head>
<body data-page="${page}"><h1>${titles[page][how.language]}</h1><p>${bodies[page][how.language]}</p></body></html>`);
}
