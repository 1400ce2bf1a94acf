/** What the merchant enters to connect a Lightspeed shop: one of two products, each with credentials of its own. */

import { z } from 'zod';
import { emptyAsAbsent, meta, optionalText } from '../questions.ts';

/** Addresses and the registration of this server at Lightspeed: from the configuration, never from the merchant. */
export interface LightspeedOptions {
  /** C-Series. Default: the address of the shop's cluster. */
  readonly ecomApiBaseUrl?: string;
  /** X-Series, with `{domain_prefix}` in it. Default: `https://{domain_prefix}.retail.lightspeed.app`. */
  readonly retailApiBaseUrl?: string;
  /** X-Series: how long its search may not know what was just made, in milliseconds; how long it really takes is said nowhere. Default: two minutes. */
  readonly retailSearchLagMs?: number;
  /** X-Series: the page on which the merchant agrees. */
  readonly retailConnectUrl?: string;
  /** X-Series: this server's app. Absent: merchants use a personal token. */
  readonly clientId?: string;
  readonly clientSecret?: string;
}

export const LightspeedSettings = z
  .object({
    series: z
      .enum(['ecom', 'retail'])
      .default('ecom')
      .meta(
        meta({
          label: { en: 'Product', de: 'Produkt', nl: 'Product' },
          help: {
            en: 'eCom is the web shop that used to be SEOshop, Retail is the till that used to be Vend.',
            de: 'eCom ist der Webshop, der früher SEOshop hieß; Retail ist die Kasse, die früher Vend hieß.',
            nl: 'eCom is de webwinkel die vroeger SEOshop heette, Retail is de kassa die vroeger Vend heette.',
          },
          options: {
            ecom: { en: 'eCom (C-Series)', de: 'eCom (C-Series)', nl: 'eCom (C-Series)' },
            retail: { en: 'Retail (X-Series)', de: 'Retail (X-Series)', nl: 'Retail (X-Series)' },
          },
        }),
      ),
    apiKey: optionalText.meta(
      meta({
        label: { en: 'API key', de: 'API-Schlüssel', nl: 'API-sleutel' },
        help: {
          en: 'In the back office under Settings, Developers: make a key that may read and write products and customers and read orders.',
          de: 'Im Back Office unter Einstellungen, Entwickler: einen Schlüssel anlegen, der Produkte und Kunden lesen und schreiben und Bestellungen lesen darf.',
          nl: 'In de backoffice bij Instellingen, Ontwikkelaars: maak een sleutel die producten en klanten mag lezen en schrijven en bestellingen mag lezen.',
        },
        group: 'ecom',
        secret: true,
      }),
    ),
    apiSecret: optionalText.meta(meta({ label: { en: 'API secret', de: 'API-Secret', nl: 'API-secret' }, group: 'ecom', secret: true })),
    cluster: z
      .enum(['eu1', 'us1'])
      .default('eu1')
      .meta(
        meta({
          label: { en: 'Data centre', de: 'Rechenzentrum', nl: 'Datacentrum' },
          group: 'ecom',
          options: {
            eu1: { en: 'Europe (eu1)', de: 'Europa (eu1)', nl: 'Europa (eu1)' },
            us1: { en: 'America (us1)', de: 'Amerika (us1)', nl: 'Amerika (us1)' },
          },
        }),
      ),
    language: z
      .string()
      .trim()
      .toLowerCase()
      .regex(/^[a-z]{2}$/)
      .default('nl')
      .meta(
        meta({
          label: { en: 'Language of the shop', de: 'Sprache des Shops', nl: 'Taal van de webwinkel' },
          help: {
            en: 'Two letters. Names and texts are read and written in this language; it has to be active in the shop.',
            de: 'Zwei Buchstaben. Namen und Texte werden in dieser Sprache gelesen und geschrieben; sie muss im Shop aktiv sein.',
            nl: 'Twee letters. Namen en teksten worden in deze taal gelezen en geschreven; de taal moet in de webwinkel actief zijn.',
          },
          placeholder: 'nl',
          group: 'ecom',
          vocabulary: 'languages',
        }),
      ),
    domainPrefix: z.preprocess(
      (value) => (typeof value === 'string' ? emptyAsAbsent(prefixOf(value)) : emptyAsAbsent(value)),
      z
        .string()
        .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/)
        .optional()
        .meta(
          meta({
            label: { en: 'Name of the store', de: 'Name des Geschäfts', nl: 'Naam van de winkel' },
            help: {
              en: 'What stands in front of the first dot in the address of your back office.',
              de: 'Was in der Adresse Ihres Back Office vor dem ersten Punkt steht.',
              nl: 'Wat in het adres van uw backoffice voor de eerste punt staat.',
            },
            placeholder: 'mystore',
            group: 'retail',
          }),
        ),
    ),
    personalToken: optionalText.meta(
      meta({
        label: { en: 'Personal token', de: 'Persönliches Token', nl: 'Persoonlijk token' },
        help: {
          en: 'Only where you do not agree on the system’s own page: Setup, Personal tokens.',
          de: 'Nur wenn Sie nicht auf der eigenen Seite des Systems zustimmen: Setup, Personal tokens.',
          nl: 'Alleen als u niet op de eigen pagina van het systeem akkoord gaat: Setup, Personal tokens.',
        },
        group: 'retail',
        secret: true,
      }),
    ),
    accessToken: optionalText.meta(
      meta({
        label: { en: 'Access token', de: 'Zugriffstoken', nl: 'Toegangstoken' },
        help: {
          en: 'Comes by itself when you agree on the system’s own page.',
          de: 'Kommt von selbst, wenn Sie auf der eigenen Seite des Systems zustimmen.',
          nl: 'Komt vanzelf als u op de eigen pagina van het systeem akkoord gaat.',
        },
        group: 'retail',
        secret: true,
        advanced: true,
      }),
    ),
    refreshToken: optionalText.meta(
      meta({
        label: { en: 'Refresh token', de: 'Erneuerungstoken', nl: 'Vernieuwingstoken' },
        group: 'retail',
        secret: true,
        advanced: true,
      }),
    ),
    /** When the access token ends: an instant in ISO 8601. */
    expiresAt: optionalText.meta(
      meta({
        label: { en: 'Access token valid until', de: 'Zugriffstoken gültig bis', nl: 'Toegangstoken geldig tot' },
        group: 'retail',
        advanced: true,
      }),
    ),
    /** When two thirds of its life are over and it is renewed: an instant in ISO 8601. */
    renewFrom: optionalText.meta(
      meta({
        label: { en: 'Access token renewed from', de: 'Zugriffstoken erneuert ab', nl: 'Toegangstoken vernieuwd vanaf' },
        group: 'retail',
        advanced: true,
      }),
    ),
  })
  .superRefine((settings, context) => {
    const needs = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    switch (settings.series) {
      case 'ecom':
        if (settings.apiKey === undefined) needs('apiKey', 'Enter the API key of the shop.');
        if (settings.apiSecret === undefined) needs('apiSecret', 'Enter the secret that belongs to the API key.');
        return;
      case 'retail':
        if (settings.domainPrefix === undefined) needs('domainPrefix', 'Enter the name of the store.');
        if (settings.personalToken === undefined && settings.accessToken === undefined) {
          needs('personalToken', 'Agree on the system’s own page, or enter a personal token.');
        }
    }
  });
export type LightspeedSettings = z.infer<typeof LightspeedSettings>;

/** People paste the whole address of their back office. */
const prefixOf = (entered: string): string =>
  entered
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\.retail\.lightspeed\.app.*$|\.vendhq\.com.*$|\/.*$/, '');
