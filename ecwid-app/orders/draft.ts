/** What the rules fill when orders come to the store from a till or another shop, and what that flow asks the merchant. */

import { z } from 'zod';
import { Address, Customer, deliveryStates, orderStates, paymentStates } from '../../connectors/commerce.ts';
import type { KindWriting } from '../../connectors/connector.ts';
import { minor, orderLine, word } from '../../connectors/draft.ts';
import { given, needed } from '../../connectors/mapping.ts';
import { meta } from '../../connectors/questions.ts';

const OrderFlowSettings = z.object({
  emailOtherwise: z
    .preprocess((value) => (value === null || value === '' ? undefined : value), z.email().max(254).optional())
    .meta(
      meta({
        label: {
          en: 'E-mail address for unknown buyers',
          de: 'E-Mail-Adresse für unbekannte Käufer',
          nl: 'E-mailadres voor onbekende kopers',
        },
        help: {
          en: 'The store takes no order without one. Use one of your own. Empty: sales to people without an address are left out.',
          de: 'Der Shop nimmt keine Bestellung ohne an. Nehmen Sie eine eigene. Leer: Verkäufe an Personen ohne Adresse werden ausgelassen.',
          nl: 'De webwinkel neemt geen bestelling zonder aan. Gebruik er een van uzelf. Leeg: verkopen aan mensen zonder adres worden overgeslagen.',
        },
        group: 'orders',
      }),
    ),
  takeStock: z
    .boolean()
    .default(false)
    .meta(
      meta({
        label: {
          en: 'Take the pieces from the store’s stock',
          de: 'Stücke vom Bestand des Shops abziehen',
          nl: 'Stuks van de voorraad van de webwinkel afhalen',
        },
        help: {
          en: 'Only when no flow brings stock to the store: otherwise each piece would be taken twice.',
          de: 'Nur wenn kein Abgleich Bestand in den Shop bringt: Sonst würde jedes Stück zweimal abgezogen.',
          nl: 'Alleen als geen stroom voorraad naar de webwinkel brengt: anders gaat elk stuk er twee keer af.',
        },
        group: 'orders',
        advanced: true,
      }),
    ),
  fulfilment: z
    .enum(['delivered', 'open'])
    .default('delivered')
    .meta(
      meta({
        label: { en: 'What was sold at the till is', de: 'An der Kasse Verkauftes ist', nl: 'Wat aan de kassa is verkocht, is' },
        help: {
          en: 'Where the source says nothing about the delivery.',
          de: 'Wo die Quelle nichts über die Lieferung sagt.',
          nl: 'Waar de bron niets over de levering zegt.',
        },
        group: 'orders',
        options: {
          delivered: { en: 'handed over', de: 'übergeben', nl: 'overhandigd' },
          open: { en: 'still to be sent', de: 'noch zu versenden', nl: 'nog te versturen' },
        },
      }),
    ),
});

export const DraftLine = z.object(orderLine);
export type DraftLine = z.infer<typeof DraftLine>;

export const OrderDraft = z.object({
  /** The number under which the merchant knows it. */
  number: z.string().min(1),
  orderedAt: z.iso.datetime(),
  currency: z.string().length(3),
  state: z.enum(orderStates),
  paymentState: z.enum(paymentStates),
  deliveryState: z.enum(deliveryStates).optional(),
  totalMinor: minor,
  refundedMinor: minor.default(0),
  customer: Customer.optional(),
  billing: Address.optional(),
  shipping: Address.optional(),
  shippingMethod: word,
  note: z.string().optional(),
  lines: z.array(DraftLine),
  payments: z.array(z.object({ method: word, name: z.string().default('') })).default([]),
  policy: OrderFlowSettings.prefault({}),
});
export type OrderDraft = z.infer<typeof OrderDraft>;

export const orderWrites: KindWriting = {
  draft: OrderDraft,
  settings: OrderFlowSettings,
  tables: [
    {
      name: 'paymentMethods',
      title: { en: 'Payment methods', de: 'Zahlungsarten', nl: 'Betaalmethoden' },
      help: {
        en: 'Without a row the name that the source uses is shown.',
        de: 'Ohne Zeile steht der Name aus der Quelle da.',
        nl: 'Zonder regel staat de naam uit de bron er.',
      },
      source: 'paymentMethods',
      target: 'paymentMethods',
      suggest: true,
    },
    {
      name: 'articles',
      title: { en: 'Article numbers', de: 'Artikelnummern', nl: 'Artikelnummers' },
      help: {
        en: 'Only for article numbers that differ between the two systems.',
        de: 'Nur für Artikelnummern, die sich zwischen den Systemen unterscheiden.',
        nl: 'Alleen voor artikelnummers die tussen de systemen verschillen.',
      },
      source: 'products',
      target: 'products',
    },
  ],
  rules: [
    needed('number'),
    needed('orderedAt', 'createdAt'),
    ...['currency', 'state', 'paymentState', 'totalMinor'].map((part) => needed(part)),
    ...['deliveryState', 'refundedMinor', 'customer', 'billing', 'shipping', 'note'].map((part) => given(part)),
    given('shippingMethod', 'shippingMethod.name'),
    needed('lines[].kind', 'kind'),
    {
      to: 'lines[].sku',
      from: 'sku',
      table: { name: 'articles' },
      passUnlisted: true,
      transform: ['text', 'trim'],
      onMissing: 'leave-out',
    },
    given('lines[].text', 'name'),
    ...['quantity', 'grossMinor', 'netMinor', 'taxMinor', 'taxRateBp'].map((part) => needed(`lines[].${part}`, part)),
    { to: 'payments[].method', from: 'methodId', table: { name: 'paymentMethods' }, onMissing: 'leave-out' },
    given('payments[].name', 'methodName'),
    ...Object.keys(OrderFlowSettings.shape).map((name) => given(`policy.${name}`, `settings.${name}`)),
  ],
  batch: 10,
  follows: true,
};
