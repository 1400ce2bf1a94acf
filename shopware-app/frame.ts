/** `GET /module`: the signed address of the iframe becomes a session and the page of the screens. No cookies. */
import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { type Language, languages, type Text } from '../connectors/text.ts';
import type { Log, Page, RegisteredShops, Tickets } from './ports.ts';
import { acceptedSecrets, isFresh, parametersOf, rawQueryOf, verifyFrameQuery } from './verify.ts';

export interface FrameOptions {
  readonly shops: RegisteredShops;
  readonly tickets: Tickets;
  readonly page: Page;
  readonly log: Log;
  readonly now: () => Date;
  /** More origins that may show the module: admins that run on another host than the shop. */
  readonly frameAncestors: readonly string[];
}

/** 200 with the screens; 401 with a small page in the admin's language when the address is not a fresh one of an active shop. */
export function createFrame(options: FrameOptions): (request: Request, response: Response) => Promise<void> {
  const { shops, tickets, page, log, now } = options;
  return async (request, response) => {
    const query = rawQueryOf(request.originalUrl);
    const claimed = parametersOf(query);
    const language = languageOf(claimed.get('sw-user-language'));
    const shop = await shops.find((claimed.get('shop-id') ?? '').slice(0, 255));
    const secrets = shop === undefined ? [] : acceptedSecrets(shop, now()).map(({ secret }) => secret);
    const signed = verifyFrameQuery(query, secrets);
    if (shop === undefined || signed === undefined || signed.get('shop-id') !== shop.shopId) {
      return showRefusal(response, { status: 401, language, text: texts.unknown });
    }
    if (!isFresh(signed.get('timestamp'), now())) return showRefusal(response, { status: 401, language, text: texts.stale });
    if (!shop.active || shop.uninstalledAt !== undefined) return showRefusal(response, { status: 401, language, text: texts.inactive });

    const hostOrigin = new URL(shop.shopUrl).origin;
    const ticket = tickets.issue({ shopId: shop.shopId, user: signed.get('sw-user-id'), language });
    const scheme = claimed.get('color-scheme');
    const html = await page.render({
      ticket,
      host: 'shopware',
      language,
      hostOrigin,
      colorScheme: scheme === 'light' || scheme === 'dark' ? scheme : undefined,
    });
    log.info({ shopId: shop.shopId }, 'module opened');
    sendPage(response, { status: 200, html, ancestors: [hostOrigin, ...options.frameAncestors] });
  };
}

/** What the frame shows when the server cannot look the shop up: 503, nothing is stored. */
export function showUnavailable(request: Request, response: Response): void {
  const language = languageOf(parametersOf(rawQueryOf(request.originalUrl)).get('sw-user-language'));
  showRefusal(response, { status: 503, language, text: texts.unavailable });
}

/** The product's language that a locale (`de-DE`) asks for; English is the fallback. */
export function languageOf(locale: string | undefined): Language {
  return languages.find((language) => language === locale?.slice(0, 2).toLowerCase()) ?? 'en';
}

const texts = {
  title: { en: 'Tillbridge cannot be shown', de: 'Tillbridge kann nicht angezeigt werden', nl: 'Tillbridge kan niet worden getoond' },
  unknown: {
    en: 'This address was not signed by a shop in which Tillbridge is installed. Open Tillbridge from the menu of your shop admin; if this page comes again, install the app once more.',
    de: 'Diese Adresse ist nicht von einem Shop signiert, in dem Tillbridge installiert ist. Öffnen Sie Tillbridge über das Menü Ihrer Shop-Administration; erscheint diese Seite wieder, installieren Sie die App erneut.',
    nl: 'Dit adres is niet ondertekend door een winkel waarin Tillbridge is geïnstalleerd. Open Tillbridge via het menu van uw winkelbeheer; komt deze pagina terug, installeer de app dan opnieuw.',
  },
  stale: {
    en: 'This page has been open for too long. Open Tillbridge again from the menu; if this page comes again, the clock of the shop server is wrong.',
    de: 'Diese Seite war zu lange geöffnet. Öffnen Sie Tillbridge erneut über das Menü; erscheint diese Seite wieder, geht die Uhr des Shop-Servers falsch.',
    nl: 'Deze pagina stond te lang open. Open Tillbridge opnieuw via het menu; komt deze pagina terug, dan loopt de klok van de winkelserver verkeerd.',
  },
  inactive: {
    en: 'Tillbridge is deactivated in this shop. Activate it under Extensions and open it again.',
    de: 'Tillbridge ist in diesem Shop deaktiviert. Aktivieren Sie die App unter Erweiterungen und öffnen Sie sie erneut.',
    nl: 'Tillbridge is in deze winkel uitgeschakeld. Activeer de app onder Extensies en open haar opnieuw.',
  },
  unavailable: {
    en: 'Tillbridge is not reachable at the moment. Please try again in a few minutes; nothing has been lost.',
    de: 'Tillbridge ist gerade nicht erreichbar. Bitte versuchen Sie es in einigen Minuten erneut; es ist nichts verloren gegangen.',
    nl: 'Tillbridge is op dit moment niet bereikbaar. Probeer het over enkele minuten opnieuw; er is niets verloren gegaan.',
  },
} as const satisfies Record<string, Text>;

/** The admin replaces a module that does not report within 5 s by an error of its own, so this page reports as well. */
const report = "try{window.parent.postMessage('sw-app-loaded',new URL(document.referrer).origin)}catch{}";
const reportHash = createHash('sha256').update(report).digest('base64');

function showRefusal(response: Response, how: { status: 401 | 503; language: Language; text: Text }): void {
  const { language, text } = how;
  const title = texts.title[language];
  const html = `<!doctype html><html lang="${language}"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1><p>${text[language]}</p><script>${report}</script></html>`;
  response.set('content-security-policy', `default-src 'none'; script-src 'sha256-${reportHash}'`);
  // Nothing can be done on this page, so every admin may show it.
  sendPage(response, { status: how.status, html, ancestors: ['*'] });
}

function sendPage(response: Response, page: { status: number; html: string; ancestors: readonly string[] }): void {
  const standing = String(response.get('content-security-policy') ?? '')
    .split(';')
    .map((directive) => directive.trim())
    .filter((directive) => directive !== '' && !directive.startsWith('frame-ancestors'));
  response.removeHeader('x-frame-options');
  response.status(page.status).set({
    'content-security-policy': [...standing, `frame-ancestors ${[...new Set(page.ancestors)].join(' ')}`].join('; '),
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  });
  response.type('html').send(page.html);
}
