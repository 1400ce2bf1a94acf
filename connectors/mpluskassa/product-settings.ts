/** The questions of the flows that bring products and stock from a shop to the till, and which fields the merchant decides on. */

import { z } from 'zod';
import type { FieldPolicyDefinition } from '../connector.ts';
import { emptyAsAbsent, meta } from '../questions.ts';

export const ProductFlowSettings = z.object({
  turnoverGroup: z.preprocess(emptyAsAbsent, z.coerce.number().int().min(0).max(999).optional()).meta(
    meta({
      label: { en: 'Turnover group of new articles', de: 'Umsatzgruppe neuer Artikel', nl: 'Omzetgroep van nieuwe artikelen' },
      help: {
        en: 'Used where the table has no row for the VAT rate. The till books no article without one.',
        de: 'Gilt, wo die Tabelle keine Zeile für den Steuersatz hat. Ohne sie legt die Kasse keinen Artikel an.',
        nl: 'Geldt waar de tabel geen regel heeft voor het btw-tarief. Zonder omzetgroep maakt de kassa geen artikel aan.',
      },
      vocabulary: 'turnoverGroups',
    }),
  ),
  matchByBarcode: z
    .boolean()
    .default(false)
    .meta(
      meta({
        label: { en: 'Recognise articles by their barcode', de: 'Artikel am Barcode erkennen', nl: 'Artikelen herkennen aan de barcode' },
        help: {
          en: 'When the SKU is not the number of an article in the till.',
          de: 'Wenn die SKU keine Artikelnummer der Kasse ist.',
          nl: 'Als de SKU geen artikelnummer van de kassa is.',
        },
      }),
    ),
});
export type ProductFlowSettings = z.infer<typeof ProductFlowSettings>;

export const StockFlowSettings = z.object({
  stockWriting: z
    .enum(['corrections', 'set'])
    .default('corrections')
    .meta(
      meta({
        label: { en: 'Write stock', de: 'Bestand schreiben', nl: 'Voorraad schrijven' },
        options: {
          corrections: {
            en: 'as corrections, many articles at once',
            de: 'als Korrekturen, viele Artikel auf einmal',
            nl: 'als correcties, veel artikelen tegelijk',
          },
          set: { en: 'article by article', de: 'Artikel für Artikel', nl: 'artikel voor artikel' },
        },
        advanced: true,
      }),
    ),
});

export const productPolicies = [
  { field: 'description', title: { en: 'Name', de: 'Name', nl: 'Naam' }, part: 'content', default: 'always' },
  { field: 'invoiceText', title: { en: 'Short text', de: 'Kurztext', nl: 'Korte tekst' }, part: 'content', default: 'on-create' },
  { field: 'extraText', title: { en: 'Description', de: 'Beschreibung', nl: 'Omschrijving' }, part: 'content', default: 'on-create' },
  { field: 'brandName', title: { en: 'Brand', de: 'Marke', nl: 'Merk' }, part: 'content', default: 'always' },
  { field: 'barcode', title: { en: 'Barcode', de: 'Barcode', nl: 'Barcode' }, part: 'content', default: 'always' },
  { field: 'colour', title: { en: 'Colour', de: 'Farbe', nl: 'Kleur' }, part: 'content', default: 'always' },
  { field: 'size', title: { en: 'Size', de: 'Größe', nl: 'Maat' }, part: 'content', default: 'always' },
  { field: 'priceIncl', title: { en: 'Price', de: 'Preis', nl: 'Prijs' }, part: 'offer', default: 'always' },
  { field: 'vatCode', title: { en: 'VAT code', de: 'Steuercode', nl: 'Btw-code' }, part: 'offer', default: 'always' },
  { field: 'turnoverGroup', title: { en: 'Turnover group', de: 'Umsatzgruppe', nl: 'Omzetgroep' }, part: 'offer', default: 'on-create' },
  { field: 'webshop', title: { en: 'Web shop article', de: 'Webshop-Artikel', nl: 'Webshopartikel' }, part: 'offer', default: 'on-create' },
] as const satisfies readonly FieldPolicyDefinition[];

export type PolicyField = (typeof productPolicies)[number]['field'];
