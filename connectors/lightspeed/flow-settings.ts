/** The flows' questions to the merchant, and the fields whose overwriting is decided one by one. One set for both products. */

import { z } from 'zod';
import type { FieldPolicyDefinition } from '../connector.ts';
import { defaultPaymentMethod, meta, optionalChoice, sendWhen, updateCustomers } from '../questions.ts';
import type { Text } from '../text.ts';

const retailOnly: Text = { en: 'Retail only.', de: 'Nur Retail.', nl: 'Alleen Retail.' };

const outlet = optionalChoice.meta(
  meta({
    label: { en: 'Outlet', de: 'Filiale', nl: 'Vestiging' },
    help: {
      en: 'Retail only. Empty: the first outlet of the store.',
      de: 'Nur Retail. Leer: die erste Filiale des Geschäfts.',
      nl: 'Alleen Retail. Leeg: de eerste vestiging van de winkel.',
    },
    group: 'shop',
    vocabulary: 'outlets',
  }),
);

const rootCategory = optionalChoice.meta(
  meta({
    label: { en: 'Categories below', de: 'Kategorien unterhalb von', nl: 'Categorieën onder' },
    help: {
      en: 'Categories are looked for and made below this one. Empty: at the top.',
      de: 'Kategorien werden unterhalb dieser gesucht und angelegt. Leer: ganz oben.',
      nl: 'Categorieën worden onder deze gezocht en aangemaakt. Leeg: bovenaan.',
    },
    group: 'shop',
    vocabulary: 'categories',
    advanced: true,
  }),
);

export const ProductFlowSettings = z.object({
  prices: z
    .enum(['gross', 'net'])
    .default('gross')
    .meta(
      meta({
        label: { en: 'Prices are written', de: 'Preise schreiben', nl: 'Prijzen schrijven' },
        help: {
          en: 'The way in which you enter prices in that system; the other one is worked out there.',
          de: 'So, wie Sie Preise in jenem System eingeben; der andere wird dort berechnet.',
          nl: 'Zoals u prijzen in dat systeem invoert; de andere wordt daar berekend.',
        },
        group: 'shop',
        options: {
          gross: { en: 'including VAT', de: 'inklusive Mehrwertsteuer', nl: 'inclusief btw' },
          net: { en: 'excluding VAT', de: 'ohne Mehrwertsteuer', nl: 'exclusief btw' },
        },
      }),
    ),
  rootCategory,
});
export type ProductFlowSettings = z.infer<typeof ProductFlowSettings>;

export const CategoryFlowSettings = z.object({ rootCategory });
export type CategoryFlowSettings = z.infer<typeof CategoryFlowSettings>;

export const StockFlowSettings = z.object({ outlet });
export type StockFlowSettings = z.infer<typeof StockFlowSettings>;

export const CustomerFlowSettings = z.object({
  createCustomers: z
    .boolean()
    .default(true)
    .meta(
      meta({
        label: { en: 'Create customers that are not there', de: 'Fehlende Kunden anlegen', nl: 'Ontbrekende klanten aanmaken' },
        group: 'customers',
      }),
    ),
});
export type CustomerFlowSettings = z.infer<typeof CustomerFlowSettings>;

/** What stands for a line that is no article: the till books every line on a product. */
const standIn = (label: Text, suggest: readonly string[]) =>
  optionalChoice.meta(meta({ label, help: retailOnly, group: 'articles', vocabulary: 'products', suggest }));

export const OrderFlowSettings = z.object({
  sendWhen,
  outlet,
  register: optionalChoice.meta(
    meta({
      label: { en: 'Register', de: 'Kasse', nl: 'Kassa' },
      help: {
        en: 'Sales are booked here. Empty: the first register of the outlet.',
        de: 'Hier werden Verkäufe gebucht. Leer: die erste Kasse der Filiale.',
        nl: 'Hier worden verkopen geboekt. Leeg: de eerste kassa van de vestiging.',
      },
      group: 'orders',
      vocabulary: 'registers',
    }),
  ),
  user: optionalChoice.meta(
    meta({
      label: { en: 'User', de: 'Benutzer', nl: 'Gebruiker' },
      help: {
        en: 'Who enters the sales. Empty: the main user of the store.',
        de: 'Wer die Verkäufe erfasst. Leer: der Hauptbenutzer des Geschäfts.',
        nl: 'Wie de verkopen invoert. Leeg: de hoofdgebruiker van de winkel.',
      },
      group: 'orders',
      vocabulary: 'users',
      advanced: true,
    }),
  ),
  saleState: z
    .enum(['closed', 'dispatch', 'pickup', 'parked'])
    .default('closed')
    .meta(
      meta({
        label: { en: 'A paid order becomes', de: 'Eine bezahlte Bestellung wird', nl: 'Een betaalde bestelling wordt' },
        group: 'orders',
        options: {
          closed: { en: 'a closed sale', de: 'ein abgeschlossener Verkauf', nl: 'een afgesloten verkoop' },
          dispatch: { en: 'a sale to be dispatched', de: 'ein Verkauf zum Versenden', nl: 'een te verzenden verkoop' },
          pickup: { en: 'a sale to be picked up', de: 'ein Verkauf zum Abholen', nl: 'een af te halen verkoop' },
          parked: { en: 'a parked sale', de: 'ein geparkter Verkauf', nl: 'een geparkeerde verkoop' },
        },
        advanced: true,
      }),
    ),
  defaultPaymentMethod,
  shippingProduct: standIn({ en: 'Product for shipping costs', de: 'Produkt für Versandkosten', nl: 'Product voor verzendkosten' }, [
    'verzend',
    'shipping',
    'versand',
    'bezorg',
  ]),
  discountProduct: standIn({ en: 'Product for discounts', de: 'Produkt für Rabatte', nl: 'Product voor kortingen' }, [
    'discount',
    'korting',
    'rabatt',
  ]),
  surchargeProduct: standIn({ en: 'Product for surcharges', de: 'Produkt für Zuschläge', nl: 'Product voor toeslagen' }, [
    'toeslag',
    'surcharge',
    'zuschlag',
    'betaalkosten',
  ]),
  giftCardProduct: standIn(
    { en: 'Product for redeemed gift cards', de: 'Produkt für eingelöste Geschenkkarten', nl: 'Product voor ingewisselde cadeaubonnen' },
    ['cadeau', 'gift', 'geschenk', 'gutschein'],
  ),
  roundingProduct: standIn({ en: 'Product for rounding', de: 'Produkt für Rundung', nl: 'Product voor afronding' }, [
    'afronding',
    'rounding',
    'rundung',
  ]),
  updateCustomers: updateCustomers(retailOnly),
});
export type OrderFlowSettings = z.infer<typeof OrderFlowSettings>;

const policy = <const Field extends string>(
  field: Field,
  part: 'offer' | 'content',
  title: Text,
  usual: 'always' | 'on-create' = 'always',
) => ({ field, part, title, default: usual }) as const satisfies FieldPolicyDefinition;

export const productPolicies = [
  policy('name', 'content', { en: 'Name', de: 'Name', nl: 'Naam' }),
  policy('shortText', 'content', { en: 'Short text', de: 'Kurztext', nl: 'Korte tekst' }),
  policy('longText', 'content', { en: 'Description', de: 'Beschreibung', nl: 'Omschrijving' }),
  policy('brand', 'content', { en: 'Brand', de: 'Marke', nl: 'Merk' }),
  policy('ean', 'content', { en: 'EAN', de: 'EAN', nl: 'EAN' }),
  policy('categories', 'content', { en: 'Categories', de: 'Kategorien', nl: 'Categorieën' }, 'on-create'),
  policy('price', 'offer', { en: 'Price', de: 'Preis', nl: 'Prijs' }),
  policy('tax', 'offer', { en: 'VAT', de: 'Mehrwertsteuer', nl: 'Btw' }),
  policy('active', 'offer', { en: 'Visibility', de: 'Sichtbarkeit', nl: 'Zichtbaarheid' }),
  policy('variants', 'offer', { en: 'Variants', de: 'Varianten', nl: 'Varianten' }),
] as const;
export type ProductField = (typeof productPolicies)[number]['field'];

export const customerPolicies = [
  policy('names', 'content', { en: 'Name', de: 'Name', nl: 'Naam' }),
  policy('phone', 'content', { en: 'Phone', de: 'Telefon', nl: 'Telefoon' }),
  policy('company', 'content', { en: 'Company and VAT number', de: 'Firma und USt-IdNr.', nl: 'Bedrijf en btw-nummer' }),
  policy('billing', 'content', { en: 'Billing address', de: 'Rechnungsadresse', nl: 'Factuuradres' }),
  policy('shipping', 'content', { en: 'Delivery address', de: 'Lieferadresse', nl: 'Bezorgadres' }),
] as const;
export type CustomerField = (typeof customerPolicies)[number]['field'];
