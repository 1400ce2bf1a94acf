/** What the rules fill when products and stock go from a shop to the till. */
import { z } from 'zod';
import { Product } from '../commerce.ts';
import { Policies, word } from '../draft.ts';
import { answers, given, type Rule, type TableDefinition } from '../mapping.ts';
import { code } from './code.ts';
import { ProductFlowSettings, StockFlowSettings } from './product-settings.ts';

const choices = { article: word, vatCode: code, turnoverGroup: code };

export const ProductDraft = z.object({
  product: Product,
  /** Article number of the product itself, when it has no variants. Checked for digits when the plan is made. */
  ...choices,
  /** The same for each variant, in their order. */
  variants: z.array(z.object(choices)).default([]),
  policies: Policies,
  offer: z.boolean().default(true),
  content: z.boolean().default(true),
  deletion: z.enum(['ignore', 'deactivate']).default('ignore'),
  policy: ProductFlowSettings.prefault({}),
});
export type ProductDraft = z.infer<typeof ProductDraft>;

export const StockDraft = z.object({
  sku: z.string(),
  /** Article number, when the table of articles translates the SKU. */
  article: word,
  quantity: z.number().int().nonnegative(),
  managed: z.boolean().default(true),
  policy: StockFlowSettings.prefault({}),
});
export type StockDraft = z.infer<typeof StockDraft>;

const articles: TableDefinition = {
  name: 'articles',
  title: { en: 'Article numbers', de: 'Artikelnummern', nl: 'Artikelnummers' },
  help: {
    en: 'Only for SKUs of the shop that differ from the article number of the till.',
    de: 'Nur für SKUs des Shops, die von der Artikelnummer der Kasse abweichen.',
    nl: 'Alleen voor SKU’s van de webshop die afwijken van het artikelnummer in de kassa.',
  },
  source: 'products',
  target: 'articles',
};

export const stockTables: readonly TableDefinition[] = [articles];

export const productTables: readonly TableDefinition[] = [
  articles,
  {
    name: 'taxCodes',
    title: { en: 'VAT codes', de: 'Steuercodes', nl: 'Btw-codes' },
    help: {
      en: 'Only where the choice by rate is not right. Left: the rate in hundredths of a percent, 2100 for 21 %.',
      de: 'Nur wo die Wahl nach dem Satz nicht stimmt. Links: der Satz in Hundertstel Prozent, 2100 für 21 %.',
      nl: 'Alleen waar de keuze op tarief niet klopt. Links: het tarief in honderdsten van een procent, 2100 voor 21 %.',
    },
    source: 'taxRates',
    target: 'vatGroups',
  },
  {
    name: 'turnoverGroups',
    title: { en: 'Turnover groups by VAT rate', de: 'Umsatzgruppen je Steuersatz', nl: 'Omzetgroepen per btw-tarief' },
    source: 'taxRates',
    target: 'turnoverGroups',
  },
];

/** The plan names what is missing: a rule would only know the field. */
const chosen = (list: '' | 'variants[].'): Rule[] => [
  {
    to: `${list}article`,
    from: 'sku',
    table: { name: 'articles' },
    passUnlisted: true,
    transform: ['text', 'trim'],
    onMissing: 'leave-out',
  },
  { to: `${list}vatCode`, from: 'price.taxRateBp', table: { name: 'taxCodes' }, onMissing: 'leave-out' },
  {
    to: `${list}turnoverGroup`,
    from: 'price.taxRateBp',
    table: { name: 'turnoverGroups' },
    default: { path: 'settings.turnoverGroup' },
    onMissing: 'leave-out',
  },
];

export const productRules: readonly Rule[] = [
  { to: 'product.id', from: 'id', onMissing: 'park' },
  // A product with variants may do without a SKU of its own.
  { to: 'product.sku', from: 'sku', default: '–', onMissing: 'park' },
  { to: 'product.name', from: 'name', onMissing: 'park' },
  { to: 'product.active', from: 'active', onMissing: 'park' },
  ...['shortText', 'longText', 'brand', 'ean', 'price', 'unit', 'stocked', 'variants'].map((part) => given(`product.${part}`, part)),
  ...chosen(''),
  ...chosen('variants[].'),
  ...['policies', 'offer', 'content', 'deletion'].map((name) => given(name)),
  ...answers(ProductFlowSettings),
];

/** The quantity is worked out by the flow's formula and stands in the record. */
export const stockRules: readonly Rule[] = [
  { to: 'sku', from: 'sku', onMissing: 'park' },
  { to: 'article', from: 'sku', table: { name: 'articles' }, passUnlisted: true, transform: ['text', 'trim'], onMissing: 'leave-out' },
  { to: 'quantity', from: 'quantity', onMissing: 'park' },
  given('managed', 'managed'),
  ...Object.keys(StockFlowSettings.shape).map((name) => given(`policy.${name}`, `settings.${name}`)),
];
