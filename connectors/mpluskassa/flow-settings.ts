/** The order flow's questions to the merchant. */

import { z } from 'zod';
import { defaultPaymentMethod, emptyAsAbsent, meta, optionalChoice, sendWhen, updateCustomers } from '../questions.ts';
import type { Text } from '../text.ts';

/** Articles are chosen from the till's list, and may be typed: the list shows the first 2000. */
function article(label: Text, help: Text, suggest: readonly string[]) {
  return optionalChoice.meta(meta({ label, help, group: 'articles', vocabulary: 'articles', suggest }));
}

const booked = (en: string, de: string, nl: string): Text => ({
  en: `The till books every line on an article. ${en}`,
  de: `Die Kasse bucht jede Zeile auf einen Artikel. ${de}`,
  nl: `De kassa boekt elke regel op een artikel. ${nl}`,
});

/** How the till's addresses name their country. */
export const countryNames = z
  .enum(['nl', 'en', 'de', 'code'])
  .default('nl')
  .meta(
    meta({
      label: { en: 'Write countries', de: 'Länder schreiben', nl: 'Landen schrijven' },
      group: 'customers',
      options: {
        nl: { en: 'in Dutch (Nederland)', de: 'auf Niederländisch (Nederland)', nl: 'in het Nederlands (Nederland)' },
        en: { en: 'in English (Netherlands)', de: 'auf Englisch (Netherlands)', nl: 'in het Engels (Netherlands)' },
        de: { en: 'in German (Niederlande)', de: 'auf Deutsch (Niederlande)', nl: 'in het Duits (Niederlande)' },
        code: { en: 'as a code (NL)', de: 'als Kürzel (NL)', nl: 'als code (NL)' },
      },
      advanced: true,
    }),
  );

export const OrderFlowSettings = z.object({
  sendWhen,
  defaultPaymentMethod,
  defaultDeliveryMethod: z.preprocess(emptyAsAbsent, z.string().optional()).meta(
    meta({
      label: { en: 'Delivery method otherwise', de: 'Sonstige Lieferart', nl: 'Overige leveringsmethode' },
      group: 'payments',
      vocabulary: 'deliveryMethods',
    }),
  ),
  shippingArticle: article(
    { en: 'Article for shipping costs', de: 'Artikel für Versandkosten', nl: 'Artikel voor verzendkosten' },
    booked('This one takes the shipping costs.', 'Dieser nimmt die Versandkosten auf.', 'Dit artikel neemt de verzendkosten op.'),
    ['verzend', 'shipping', 'versand', 'bezorg'],
  ),
  discountArticle: article(
    { en: 'Article for discounts', de: 'Artikel für Rabatte', nl: 'Artikel voor kortingen' },
    booked(
      'This one takes discounts and vouchers.',
      'Dieser nimmt Rabatte und Gutscheine auf.',
      'Dit artikel neemt kortingen en kortingscodes op.',
    ),
    ['korting', 'discount', 'rabatt'],
  ),
  surchargeArticle: article(
    { en: 'Article for surcharges', de: 'Artikel für Zuschläge', nl: 'Artikel voor toeslagen' },
    booked(
      'This one takes payment fees and surcharges.',
      'Dieser nimmt Zahlungsgebühren und Zuschläge auf.',
      'Dit artikel neemt betaalkosten en toeslagen op.',
    ),
    ['toeslag', 'surcharge', 'zuschlag', 'betaalkosten', 'gebühr'],
  ),
  giftCardArticle: article(
    { en: 'Article for redeemed gift cards', de: 'Artikel für eingelöste Geschenkkarten', nl: 'Artikel voor ingewisselde cadeaubonnen' },
    booked(
      'This one takes redeemed gift cards.',
      'Dieser nimmt eingelöste Geschenkkarten auf.',
      'Dit artikel neemt ingewisselde cadeaubonnen op.',
    ),
    ['cadeau', 'gift', 'geschenk', 'gutschein'],
  ),
  roundingArticle: article(
    { en: 'Article for rounding', de: 'Artikel für Rundung', nl: 'Artikel voor afronding' },
    booked(
      'Cents that the lines do not explain go here, up to the limit.',
      'Cents, die die Zeilen nicht erklären, kommen bis zur Grenze hierher.',
      'Centen die de regels niet verklaren komen hier, tot de grens.',
    ),
    ['afronding', 'rounding', 'rundung'],
  ),
  roundingLimitCents: z.coerce
    .number()
    .int()
    .min(0)
    .max(100)
    .default(5)
    .meta(
      meta({
        label: { en: 'Rounding limit in cents', de: 'Rundungsgrenze in Cent', nl: 'Afrondingsgrens in centen' },
        help: {
          en: 'A larger difference between lines and payment parks the order.',
          de: 'Eine größere Abweichung zwischen Zeilen und Zahlung parkt die Bestellung.',
          nl: 'Een groter verschil tussen regels en betaling parkeert de bestelling.',
        },
        group: 'articles',
        advanced: true,
      }),
    ),
  customerMatch: z
    .enum(['email', 'external-id'])
    .default('email')
    .meta(
      meta({
        label: { en: 'Recognise customers by', de: 'Kunden erkennen an', nl: 'Klanten herkennen aan' },
        group: 'customers',
        options: {
          email: { en: 'e-mail address', de: 'E-Mail-Adresse', nl: 'e-mailadres' },
          'external-id': { en: 'customer number of the shop', de: 'Kundennummer des Shops', nl: 'klantnummer van de webshop' },
        },
        advanced: true,
      }),
    ),
  updateCustomers: updateCustomers(),
  defaultDebtor: z.preprocess(emptyAsAbsent, z.coerce.number().int().positive().optional()).meta(
    meta({
      label: { en: 'Default debtor', de: 'Standard-Debitor', nl: 'Standaarddebiteur' },
      help: {
        en: 'Relation number in the till for orders without e-mail address, or for all orders.',
        de: 'Relationsnummer in der Kasse für Bestellungen ohne E-Mail-Adresse oder für alle Bestellungen.',
        nl: 'Relatienummer in de kassa voor bestellingen zonder e-mailadres, of voor alle bestellingen.',
      },
      group: 'customers',
    }),
  ),
  defaultDebtorMode: z
    .enum(['fallback', 'force'])
    .default('fallback')
    .meta(
      meta({
        label: { en: 'Use the default debtor', de: 'Standard-Debitor verwenden', nl: 'Standaarddebiteur gebruiken' },
        group: 'customers',
        options: {
          fallback: { en: 'when the e-mail address is missing', de: 'wenn die E-Mail-Adresse fehlt', nl: 'als het e-mailadres ontbreekt' },
          force: { en: 'for every order', de: 'für jede Bestellung', nl: 'voor elke bestelling' },
        },
      }),
    ),
  countryNames,
});
export type OrderFlowSettings = z.infer<typeof OrderFlowSettings>;
