/** The order flow's default mapping: from the canonical order to {@link OrderDraft}. Values stand in the merchant's tables. */
import { given, needed, type Rule, type TableDefinition } from '../mapping.ts';
import { OrderFlowSettings } from './flow-settings.ts';

export const orderTables: readonly TableDefinition[] = [
  {
    name: 'paymentMethods',
    title: { en: 'Payment methods', de: 'Zahlungsarten', nl: 'Betaalmethoden' },
    source: 'paymentMethods',
    target: 'paymentMethods',
    suggest: true,
  },
  {
    name: 'deliveryMethods',
    title: { en: 'Shipping methods', de: 'Versandarten', nl: 'Verzendmethoden' },
    source: 'shippingMethods',
    target: 'deliveryMethods',
    suggest: true,
  },
  {
    name: 'taxCodes',
    title: { en: 'VAT codes', de: 'Steuercodes', nl: 'Btw-codes' },
    help: {
      en: 'Only where the choice by rate is not right. Left: the rate in hundredths of a percent, 2100 for 21 %, or with the country in front, BE:2100.',
      de: 'Nur wo die Wahl nach dem Satz nicht stimmt. Links: der Satz in Hundertstel Prozent, 2100 für 21 %, oder mit Land davor, BE:2100.',
      nl: 'Alleen waar de keuze op tarief niet klopt. Links: het tarief in honderdsten van een procent, 2100 voor 21 %, of met land ervoor, BE:2100.',
    },
    source: 'taxRates',
    target: 'vatGroups',
  },
  {
    name: 'turnoverGroups',
    title: { en: 'Turnover group by country', de: 'Umsatzgruppe je Land', nl: 'Omzetgroep per land' },
    help: {
      en: 'Empty: the turnover group of the article.',
      de: 'Leer: die Umsatzgruppe des Artikels.',
      nl: 'Leeg: de omzetgroep van het artikel.',
    },
    source: 'countries',
    target: 'turnoverGroups',
  },
  {
    name: 'articles',
    title: { en: 'Article numbers', de: 'Artikelnummern', nl: 'Artikelnummers' },
    help: {
      en: 'Only for SKUs of the shop that differ from the article number of the till.',
      de: 'Nur für SKUs des Shops, die von der Artikelnummer der Kasse abweichen.',
      nl: 'Alleen voor SKU’s van de webshop die afwijken van het artikelnummer in de kassa.',
    },
    source: 'products',
    target: 'articles',
  },
];

const ofKind = (kind: string, setting: keyof OrderFlowSettings): Rule => ({
  to: 'lines[].article',
  from: `settings.${setting}`,
  when: { path: 'kind', in: [kind] },
  onMissing: 'leave-out',
});

export const orderRules: readonly Rule[] = [
  needed('number'),
  needed('orderedAt', 'createdAt'),
  needed('currency'),
  needed('prices'),
  needed('totalMinor'),
  needed('paidMinor'),
  given('refundedMinor'),
  given('customer'),
  given('billing'),
  given('shipping'),
  {
    to: 'deliveryMethod',
    from: 'shippingMethod.id',
    table: { name: 'deliveryMethods' },
    default: { path: 'settings.defaultDeliveryMethod' },
    onMissing: 'leave-out',
  },
  needed('lines[].kind', 'kind'),
  given('lines[].sku', 'sku'),
  given('lines[].text', 'name'),
  needed('lines[].quantity', 'quantity'),
  needed('lines[].grossMinor', 'grossMinor'),
  needed('lines[].netMinor', 'netMinor'),
  needed('lines[].taxMinor', 'taxMinor'),
  needed('lines[].taxRateBp', 'taxRateBp'),
  {
    to: 'lines[].article',
    from: 'sku',
    when: { path: 'kind', in: ['product'] },
    table: { name: 'articles' },
    passUnlisted: true,
    transform: ['text', 'trim'],
    // Left to the plan, which names the product.
    onMissing: 'leave-out',
  },
  ofKind('shipping', 'shippingArticle'),
  ofKind('discount', 'discountArticle'),
  ofKind('surcharge', 'surchargeArticle'),
  ofKind('gift-card', 'giftCardArticle'),
  ofKind('rounding', 'roundingArticle'),
  {
    to: 'lines[].vatCode',
    from: 'taxRateBp',
    table: { name: 'taxCodes', keys: [['$.shipping.country', 'taxRateBp'], ['taxRateBp']] },
    // Without a row the plan chooses by the article and by the rate.
    onMissing: 'leave-out',
  },
  {
    to: 'lines[].turnoverGroup',
    from: '$.shipping.country',
    table: { name: 'turnoverGroups', keys: [['$.shipping.country']] },
    onMissing: 'leave-out',
  },
  {
    to: 'payments[].method',
    from: 'methodId',
    table: { name: 'paymentMethods' },
    default: { path: 'settings.defaultPaymentMethod' },
    // Only a payment that is booked needs one; the plan names the method that has no row.
    onMissing: 'leave-out',
  },
  given('payments[].name', 'methodName'),
  needed('payments[].amountMinor', 'amountMinor'),
  needed('payments[].state', 'state'),
  ...Object.keys(OrderFlowSettings.shape).map((name) => given(`policy.${name}`, `settings.${name}`)),
];
