/** Forms of settings: how a field carries what the screens show of it, and the questions that several systems ask in the same words. */
import { z } from 'zod';
import type { FieldMeta } from './connector.ts';
import type { Text } from './text.ts';

/** For `.meta()` of a zod field. */
export const meta = (fields: FieldMeta): Record<string, unknown> => ({ ...fields });

/** What a form sends for a field that was left empty. */
export const emptyAsAbsent = (value: unknown): unknown =>
  value === null || (typeof value === 'string' && value.trim() === '') ? undefined : value;

export const optionalText = z.preprocess(emptyAsAbsent, z.string().trim().optional());
/** One of a list of the system, whose ids may be numbers. */
export const optionalChoice = z.preprocess((value) => (typeof value === 'number' ? String(value) : value), optionalText);

export const sendWhen = z
  .enum(['paid', 'placed', 'completed'])
  .default('paid')
  .meta(
    meta({
      label: { en: 'Send orders when', de: 'Bestellungen senden, sobald', nl: 'Bestellingen versturen zodra' },
      group: 'orders',
      options: {
        paid: { en: 'paid in full', de: 'vollständig bezahlt', nl: 'volledig betaald' },
        placed: { en: 'placed', de: 'aufgegeben', nl: 'geplaatst' },
        completed: { en: 'completed', de: 'abgeschlossen', nl: 'afgerond' },
      },
    }),
  );

/** Of a target whose list of payment methods is called `paymentMethods`. */
export const defaultPaymentMethod = optionalChoice.meta(
  meta({
    label: { en: 'Payment method otherwise', de: 'Sonstige Zahlungsart', nl: 'Overige betaalmethode' },
    help: {
      en: 'Used when the table has no row for the payment method of the shop. Empty: such orders are parked.',
      de: 'Gilt, wenn die Tabelle keine Zeile für die Zahlungsart des Shops hat. Leer: solche Bestellungen werden geparkt.',
      nl: 'Geldt als de tabel geen regel heeft voor de betaalmethode van de webshop. Leeg: zulke bestellingen worden geparkeerd.',
    },
    group: 'payments',
    vocabulary: 'paymentMethods',
    suggest: ['webshop', 'online', 'ideal', 'internet'],
  }),
);

export const updateCustomers = (help?: Text) =>
  z
    .boolean()
    .default(false)
    .meta(
      meta({
        label: {
          en: 'Update the address of known customers',
          de: 'Adresse bekannter Kunden aktualisieren',
          nl: 'Adres van bekende klanten bijwerken',
        },
        ...(help && { help }),
        group: 'customers',
      }),
    );
