/** What the merchant enters to connect a till. */

import { z } from 'zod';
import { Failure } from '../failure.ts';
import { emptyAsAbsent, meta } from '../questions.ts';

/** The built-in super user of the till, which integrations use unless told otherwise. */
export const superUser = 999_999;

const number = z.coerce.number().int().positive();

export const MpluskassaSettings = z.object({
  host: z
    .string()
    .trim()
    .min(1)
    .default('api.mpluskassa.nl')
    .meta(
      meta({
        label: { en: 'Host', de: 'Host', nl: 'Host' },
        help: {
          en: 'As MplusKASSA gave it to you. With http:// in front the connection is not encrypted.',
          de: 'Wie von MplusKASSA mitgeteilt. Mit http:// davor ist die Verbindung nicht verschlüsselt.',
          nl: 'Zoals MplusKASSA deze heeft opgegeven. Met http:// ervoor is de verbinding niet versleuteld.',
        },
        placeholder: 'api.mpluskassa.nl',
      }),
    ),
  port: z.preprocess(emptyAsAbsent, z.coerce.number().int().min(1).max(65_535).optional()).meta(
    meta({
      label: { en: 'Port', de: 'Port', nl: 'Poort' },
      help: {
        en: 'Five digits; every till installation has its own.',
        de: 'Fünf Ziffern; jede Kasse hat ihren eigenen.',
        nl: 'Vijf cijfers; elke kassa heeft een eigen poort.',
      },
      placeholder: '4xxxx',
    }),
  ),
  ident: z
    .string()
    .trim()
    .min(1)
    .meta(meta({ label: { en: 'Ident', de: 'Ident', nl: 'Ident' }, secret: true })),
  secret: z
    .string()
    .min(1)
    .meta(meta({ label: { en: 'Secret', de: 'Secret', nl: 'Secret' }, secret: true })),
  branchNumber: number.default(1).meta(
    meta({
      label: { en: 'Branch', de: 'Filiale', nl: 'Filiaal' },
      help: {
        en: 'Orders are entered here; its stock is reserved.',
        de: 'Hier werden Bestellungen erfasst; ihr Bestand wird reserviert.',
        nl: 'Hier worden bestellingen ingevoerd; de voorraad van dit filiaal wordt gereserveerd.',
      },
      vocabulary: 'branches',
    }),
  ),
  stockBranches: z.preprocess(
    (value) => (Array.isArray(value) ? value.join(', ') : typeof value === 'number' ? String(value) : (value ?? '')),
    z
      .string()
      .trim()
      .regex(/^(?:\d{1,9}(?:\s*,\s*\d{1,9})*)?$/)
      .default('')
      .meta(
        meta({
          label: { en: 'Branches for stock', de: 'Filialen für den Bestand', nl: 'Filialen voor de voorraad' },
          help: {
            en: 'Numbers of the branches whose stock counts, separated by commas. Empty: the branch above.',
            de: 'Nummern der Filialen, deren Bestand zählt, durch Kommas getrennt. Leer: die Filiale oben.',
            nl: 'Nummers van de filialen waarvan de voorraad telt, gescheiden door komma’s. Leeg: het filiaal hierboven.',
          },
          placeholder: '1, 2',
        }),
      ),
  ),
  variantWords: z
    .enum(['nl', 'en', 'de'])
    .default('nl')
    .meta(
      meta({
        label: { en: 'Name colour and size', de: 'Farbe und Größe benennen', nl: 'Kleur en maat benoemen' },
        help: {
          en: 'What the shop calls the choices of a product with several articles.',
          de: 'Wie der Shop die Auswahl bei einem Produkt mit mehreren Artikeln nennt.',
          nl: 'Hoe de webshop de keuzes noemt van een product met meerdere artikelen.',
        },
        options: {
          nl: { en: 'in Dutch (Kleur, Maat)', de: 'auf Niederländisch (Kleur, Maat)', nl: 'in het Nederlands (Kleur, Maat)' },
          en: { en: 'in English (Colour, Size)', de: 'auf Englisch (Colour, Size)', nl: 'in het Engels (Colour, Size)' },
          de: { en: 'in German (Farbe, Größe)', de: 'auf Deutsch (Farbe, Größe)', nl: 'in het Duits (Farbe, Größe)' },
        },
        advanced: true,
      }),
    ),
  workplaceNumber: z.preprocess(emptyAsAbsent, number.optional()).meta(
    meta({
      label: { en: 'Workplace', de: 'Kassenplatz', nl: 'Werkplek' },
      help: {
        en: 'Needed when the branch is not the main branch.',
        de: 'Nötig, wenn es nicht die Hauptfiliale ist.',
        nl: 'Nodig als het niet het hoofdfiliaal is.',
      },
      vocabulary: 'workplaces',
    }),
  ),
  employeeNumber: number.default(superUser).meta(
    meta({
      label: { en: 'Employee', de: 'Mitarbeiter', nl: 'Medewerker' },
      help: {
        en: 'Who enters the orders. 999999 is the super user; better use an employee of your own for this.',
        de: 'Wer die Bestellungen erfasst. 999999 ist der Superuser; besser ist ein eigener Mitarbeiter dafür.',
        nl: 'Wie de bestellingen invoert. 999999 is de supergebruiker; gebruik liever een eigen medewerker.',
      },
      vocabulary: 'employees',
    }),
  ),
  documentType: z
    .enum(['order', 'invoice'])
    .default('order')
    .meta(
      meta({
        label: { en: 'Enter sales as', de: 'Verkäufe erfassen als', nl: 'Verkopen invoeren als' },
        help: {
          en: 'An order reserves stock and is delivered and invoiced in the till later. An invoice is turnover at once.',
          de: 'Eine Bestellung reserviert Bestand und wird später in der Kasse geliefert und berechnet. Eine Rechnung ist sofort Umsatz.',
          nl: 'Een bestelling reserveert voorraad en wordt later in de kassa geleverd en gefactureerd. Een factuur is meteen omzet.',
        },
        options: {
          order: { en: 'Order, paid in advance', de: 'Bestellung, vorausbezahlt', nl: 'Bestelling, vooruitbetaald' },
          invoice: { en: 'Invoice', de: 'Rechnung', nl: 'Factuur' },
        },
        advanced: true,
      }),
    ),
  vatMethod: z
    .enum(['auto', 'inclusive', 'exclusive', 'shifted', 'none'])
    .default('auto')
    .meta(
      meta({
        label: { en: 'VAT method', de: 'Umsatzsteuer-Methode', nl: 'Btw-methode' },
        help: {
          en: 'Automatic books with VAT included, so that the till shows the paid amount to the cent; tax-free orders are booked as reverse charge or without VAT.',
          de: 'Automatisch bucht inklusive Umsatzsteuer, damit die Kasse den bezahlten Betrag auf den Cent zeigt; steuerfreie Bestellungen werden als Reverse-Charge oder ohne Steuer gebucht.',
          nl: 'Automatisch boekt inclusief btw, zodat de kassa het betaalde bedrag tot op de cent toont; belastingvrije bestellingen worden als btw verlegd of zonder btw geboekt.',
        },
        options: {
          auto: { en: 'Automatic', de: 'Automatisch', nl: 'Automatisch' },
          inclusive: { en: 'VAT included', de: 'Inklusive Steuer', nl: 'Inclusief btw' },
          exclusive: { en: 'VAT added', de: 'Zuzüglich Steuer', nl: 'Exclusief btw' },
          shifted: { en: 'Reverse charge', de: 'Reverse-Charge', nl: 'Btw verlegd' },
          none: { en: 'Without VAT', de: 'Ohne Steuer', nl: 'Zonder btw' },
        },
        advanced: true,
      }),
    ),
  vatPercentageScale: z
    .enum(['auto', 'whole', 'hundredths'])
    .default('auto')
    .meta(
      meta({
        label: { en: 'VAT rates of the till', de: 'Steuersätze der Kasse', nl: 'Btw-tarieven van de kassa' },
        help: {
          en: 'How your till states a rate: 21 or 2100. Automatic looks at the list of rates.',
          de: 'Wie die Kasse einen Satz angibt: 21 oder 2100. Automatisch sieht in der Liste der Sätze nach.',
          nl: 'Hoe de kassa een tarief opgeeft: 21 of 2100. Automatisch kijkt in de lijst met tarieven.',
        },
        options: {
          auto: { en: 'Automatic', de: 'Automatisch', nl: 'Automatisch' },
          whole: { en: 'Whole percent (21)', de: 'Ganze Prozent (21)', nl: 'Hele procenten (21)' },
          hundredths: { en: 'Hundredths (2100)', de: 'Hundertstel (2100)', nl: 'Honderdsten (2100)' },
        },
        advanced: true,
      }),
    ),
  currency: z
    .string()
    .trim()
    .length(3)
    .toUpperCase()
    .default('EUR')
    .meta(
      meta({
        label: { en: 'Currency of the till', de: 'Währung der Kasse', nl: 'Valuta van de kassa' },
        help: {
          en: 'The till knows one currency; orders in another one are parked.',
          de: 'Die Kasse kennt eine Währung; Bestellungen in einer anderen werden geparkt.',
          nl: 'De kassa kent één valuta; bestellingen in een andere valuta worden geparkeerd.',
        },
        advanced: true,
      }),
    ),
});
export type MpluskassaSettings = z.infer<typeof MpluskassaSettings>;

/** Branches whose stock counts, each once; the branch of the connection when none is named. */
export function chosenBranches(settings: Pick<MpluskassaSettings, 'branchNumber' | 'stockBranches'>): readonly number[] {
  const named = settings.stockBranches.split(',').filter((part) => part.trim() !== '');
  return named.length === 0 ? [settings.branchNumber] : [...new Set(named.map(Number))];
}

/** `https://host:port/`; the host may carry a scheme, a port and a path. Throws fix-connection when it is not an address. */
export function tillAddress(settings: Pick<MpluskassaSettings, 'host' | 'port'>): URL {
  const text = /^https?:\/\//i.test(settings.host) ? settings.host : `https://${settings.host}`;
  if (!URL.canParse(text)) {
    throw new Failure({
      remedy: 'fix-connection',
      code: 'till.bad-address',
      message: 'The host of the till is not an address. Enter it as api.mpluskassa.nl.',
    });
  }
  const url = new URL(text);
  if (settings.port !== undefined) url.port = String(settings.port);
  url.search = '';
  url.hash = '';
  return url;
}
