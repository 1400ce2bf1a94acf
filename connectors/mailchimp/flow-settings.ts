/** The flows' questions to the merchant. */

import { z } from 'zod';
import type { FieldPolicyDefinition } from '../connector.ts';
import { emptyAsAbsent, meta, sendWhen } from '../questions.ts';
import type { Text } from '../text.ts';
import { joinings } from './consent.ts';

/** A merge field of the audience; where the audience has none of that tag, nothing is written. */
const mergeTag = (label: Text, usual: string) =>
  z
    .string()
    .trim()
    .toUpperCase()
    .max(10)
    .default(usual)
    .meta(meta({ label, vocabulary: 'mergeFields', group: 'fields', advanced: true }));

export const CustomerFlowSettings = z.object({
  joining: z
    .enum(joinings)
    .default('transactional')
    .meta(
      meta({
        label: {
          en: 'Customers that Mailchimp does not know',
          de: 'Kunden, die Mailchimp nicht kennt',
          nl: 'Klanten die Mailchimp niet kent',
        },
        help: {
          en: 'Subscribing needs recorded proof in the source: when and where the customer agreed. Mailchimp then sends what you set up there for new subscribers. Nobody who is there already is ever subscribed.',
          de: 'Anmelden braucht einen Nachweis in der Quelle: wann und wo der Kunde zugestimmt hat. Mailchimp sendet dann, was Sie dort für neue Abonnenten eingerichtet haben. Wer schon da ist, wird nie angemeldet.',
          nl: 'Inschrijven vraagt een bewijs in de bron: wanneer en waar de klant toestemming gaf. Mailchimp verstuurt dan wat u daar voor nieuwe abonnees hebt ingesteld. Wie er al is, wordt nooit ingeschreven.',
        },
        group: 'consent',
        options: {
          transactional: {
            en: 'add without subscribing',
            de: 'aufnehmen, ohne sie anzumelden',
            nl: 'toevoegen zonder in te schrijven',
          },
          subscribed: {
            en: 'subscribe with proof, add the others without subscribing',
            de: 'mit Nachweis anmelden, andere nur aufnehmen',
            nl: 'met bewijs inschrijven, anderen alleen toevoegen',
          },
          existing: {
            en: 'leave out, only update those that are there',
            de: 'weglassen, nur vorhandene ändern',
            nl: 'weglaten, alleen bestaande bijwerken',
          },
        },
      }),
    ),
  raiseTransactional: z
    .boolean()
    .default(false)
    .meta(
      meta({
        label: {
          en: 'Subscribe known customers who were never asked once they agree',
          de: 'Bekannte, nie gefragte Kunden anmelden, sobald sie zustimmen',
          nl: 'Bekende klanten die nooit gevraagd zijn inschrijven zodra ze toestemmen',
        },
        help: {
          en: 'Only with proof, and never somebody who unsubscribed.',
          de: 'Nur mit Nachweis, und nie jemanden, der sich abgemeldet hat.',
          nl: 'Alleen met bewijs, en nooit iemand die zich heeft uitgeschreven.',
        },
        group: 'consent',
        advanced: true,
      }),
    ),
  tag: z.preprocess(emptyAsAbsent, z.string().trim().max(100).optional()).meta(
    meta({
      label: { en: 'Tag for everybody from here', de: 'Tag für alle von hier', nl: 'Tag voor iedereen van hier' },
      vocabulary: 'tags',
      group: 'tags',
    }),
  ),
  tagAutomations: z
    .boolean()
    .default(false)
    .meta(
      meta({
        label: { en: 'Tags may start automations', de: 'Tags dürfen Automationen starten', nl: 'Tags mogen automatiseringen starten' },
        group: 'tags',
        advanced: true,
      }),
    ),
  firstNameTag: mergeTag({ en: 'First name', de: 'Vorname', nl: 'Voornaam' }, 'FNAME'),
  lastNameTag: mergeTag({ en: 'Last name', de: 'Nachname', nl: 'Achternaam' }, 'LNAME'),
  phoneTag: mergeTag({ en: 'Phone', de: 'Telefon', nl: 'Telefoon' }, 'PHONE'),
  addressTag: mergeTag({ en: 'Address', de: 'Adresse', nl: 'Adres' }, 'ADDRESS'),
  companyTag: mergeTag({ en: 'Company', de: 'Firma', nl: 'Bedrijf' }, 'COMPANY'),
  groupTag: mergeTag({ en: 'Customer group', de: 'Kundengruppe', nl: 'Klantgroep' }, ''),
  numberTag: mergeTag({ en: 'Customer number', de: 'Kundennummer', nl: 'Klantnummer' }, ''),
});
export type CustomerFlowSettings = z.infer<typeof CustomerFlowSettings>;

export const customerPolicies = [
  { field: 'firstName', title: { en: 'First name', de: 'Vorname', nl: 'Voornaam' }, part: 'content', default: 'always' },
  { field: 'lastName', title: { en: 'Last name', de: 'Nachname', nl: 'Achternaam' }, part: 'content', default: 'always' },
  { field: 'phone', title: { en: 'Phone', de: 'Telefon', nl: 'Telefoon' }, part: 'content', default: 'always' },
  { field: 'address', title: { en: 'Address', de: 'Adresse', nl: 'Adres' }, part: 'content', default: 'always' },
  { field: 'company', title: { en: 'Company', de: 'Firma', nl: 'Bedrijf' }, part: 'content', default: 'always' },
  { field: 'group', title: { en: 'Customer group', de: 'Kundengruppe', nl: 'Klantgroep' }, part: 'content', default: 'always' },
  { field: 'number', title: { en: 'Customer number', de: 'Kundennummer', nl: 'Klantnummer' }, part: 'content', default: 'always' },
  { field: 'language', title: { en: 'Language', de: 'Sprache', nl: 'Taal' }, part: 'content', default: 'on-create' },
  { field: 'tags', title: { en: 'Tags', de: 'Tags', nl: 'Tags' }, part: 'content', default: 'always' },
] as const satisfies readonly FieldPolicyDefinition[];

export const OrderFlowSettings = z.object({
  sendWhen,
});

export const productPolicies = [
  { field: 'name', title: { en: 'Name', de: 'Name', nl: 'Naam' }, part: 'content', default: 'always' },
  { field: 'longText', title: { en: 'Description', de: 'Beschreibung', nl: 'Omschrijving' }, part: 'content', default: 'always' },
  { field: 'brand', title: { en: 'Brand', de: 'Marke', nl: 'Merk' }, part: 'content', default: 'always' },
  {
    field: 'url',
    title: { en: 'Address of the page', de: 'Adresse der Seite', nl: 'Adres van de pagina' },
    part: 'content',
    default: 'always',
  },
  { field: 'image', title: { en: 'Picture', de: 'Bild', nl: 'Afbeelding' }, part: 'content', default: 'always' },
  { field: 'price', title: { en: 'Price', de: 'Preis', nl: 'Prijs' }, part: 'offer', default: 'always' },
  { field: 'active', title: { en: 'Visibility', de: 'Sichtbarkeit', nl: 'Zichtbaarheid' }, part: 'offer', default: 'always' },
  { field: 'variants', title: { en: 'Variants', de: 'Varianten', nl: 'Varianten' }, part: 'offer', default: 'always' },
] as const satisfies readonly FieldPolicyDefinition[];

export type ProductField = (typeof productPolicies)[number]['field'];

export const NoQuestions = z.object({});
