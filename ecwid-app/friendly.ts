/** Small pages for people whose way into the app failed. The platform's name must not appear in them: stores are resold under other names. */
import type { Response } from 'express';
import type { Language, Text } from '../connectors/text.ts';
import { languages } from '../connectors/text.ts';

export type FriendlyPage = 'open-again' | 'try-later' | 'not-allowed' | 'installed';

const titles: Readonly<Record<FriendlyPage, Text>> = {
  'open-again': {
    en: 'Please open the app from the Control Panel again',
    de: 'Bitte öffnen Sie die App noch einmal aus dem Control Panel',
    nl: 'Open de app opnieuw vanuit het Control Panel',
  },
  'try-later': {
    en: 'Your store does not answer right now',
    de: 'Ihr Shop antwortet gerade nicht',
    nl: 'Uw winkel antwoordt op dit moment niet',
  },
  'not-allowed': {
    en: 'The app was not installed',
    de: 'Die App wurde nicht installiert',
    nl: 'De app is niet geïnstalleerd',
  },
  installed: { en: 'The app is installed', de: 'Die App ist installiert', nl: 'De app is geïnstalleerd' },
};

const bodies: Readonly<Record<FriendlyPage, Text>> = {
  'open-again': {
    en: 'This address is no longer valid. Close this page, go to your store’s Control Panel and open the app from the menu there. Nothing was changed.',
    de: 'Diese Adresse ist nicht mehr gültig. Schließen Sie diese Seite und öffnen Sie die App aus dem Menü im Control Panel Ihres Shops. Es wurde nichts geändert.',
    nl: 'Dit adres is niet meer geldig. Sluit deze pagina en open de app via het menu in het Control Panel van uw winkel. Er is niets gewijzigd.',
  },
  'try-later': {
    en: 'The app could not check your store. Wait a minute and open it from the Control Panel again.',
    de: 'Die App konnte Ihren Shop nicht prüfen. Warten Sie eine Minute und öffnen Sie sie noch einmal aus dem Control Panel.',
    nl: 'De app kon uw winkel niet controleren. Wacht een minuut en open de app opnieuw vanuit het Control Panel.',
  },
  'not-allowed': {
    en: 'The access that the app asked for was not given. You can install it again at any time from the Control Panel.',
    de: 'Der Zugriff, um den die App bittet, wurde nicht erteilt. Sie können sie jederzeit wieder aus dem Control Panel installieren.',
    nl: 'De gevraagde toegang is niet verleend. U kunt de app op elk moment opnieuw installeren vanuit het Control Panel.',
  },
  installed: {
    en: 'Go to your store’s Control Panel and open the app from the menu there.',
    de: 'Öffnen Sie die App jetzt aus dem Menü im Control Panel Ihres Shops.',
    nl: 'Open de app nu via het menu in het Control Panel van uw winkel.',
  },
};

/** The product's language for a tag such as `nl-BE`; English for what it does not speak. */
export function languageOf(tag: string | undefined): Language {
  const wanted = tag?.trim().slice(0, 2).toLowerCase();
  return languages.find((language) => language === wanted) ?? 'en';
}

export function sendFriendly(response: Response, page: FriendlyPage, how: { status: number; language: Language }): void {
  response
    .status(how.status)
    .type('html')
    .send(`<!doctype html>
<html lang="${how.language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${titles[page][how.language]}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1.5rem}h1{font-size:1.35rem;line-height:1.3}</style></head>
<body data-page="${page}"><h1>${titles[page][how.language]}</h1><p>${bodies[page][how.language]}</p></body></html>`);
}
