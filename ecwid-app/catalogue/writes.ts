/** The catalogue's flows into the store: their questions, policies, tables and default mappings. */

import { z } from 'zod';
import type { Connector, FieldPolicyDefinition } from '../../connectors/connector.ts';
import type { Rule } from '../../connectors/mapping.ts';
import { meta } from '../../connectors/questions.ts';
import { CategoryDraft, ProductDraft, StockDraft } from './draft.ts';

/** Loose: the answers per field (`policies`) travel beside the questions of the form. */
const ProductFlowSettings = z.looseObject({
  offer: z
    .boolean()
    .default(true)
    .meta(
      meta({
        label: { en: 'Keep the offer in step', de: 'Angebot abgleichen', nl: 'Aanbod gelijk houden' },
        help: {
          en: 'Price, VAT, visibility and variants.',
          de: 'Preis, Mehrwertsteuer, Sichtbarkeit und Varianten.',
          nl: 'Prijs, btw, zichtbaarheid en varianten.',
        },
        group: 'products',
      }),
    ),
  content: z
    .boolean()
    .default(true)
    .meta(
      meta({
        label: { en: 'Keep the content in step', de: 'Inhalte abgleichen', nl: 'Inhoud gelijk houden' },
        help: {
          en: 'Name, texts, brand, EAN and categories.',
          de: 'Name, Texte, Marke, EAN und Kategorien.',
          nl: 'Naam, teksten, merk, EAN en categorieën.',
        },
        group: 'products',
      }),
    ),
  deletion: z
    .enum(['deactivate', 'ignore'])
    .default('deactivate')
    .meta(
      meta({
        label: { en: 'When a product is discontinued', de: 'Wenn ein Produkt ausläuft', nl: 'Als een product vervalt' },
        group: 'products',
        options: {
          deactivate: { en: 'hide it in the shop', de: 'im Shop ausblenden', nl: 'verbergen in de webwinkel' },
          ignore: { en: 'leave it as it is', de: 'so lassen, wie es ist', nl: 'laten zoals het is' },
        },
      }),
    ),
});

const StockFlowSettings = z.looseObject({});
const CategoryFlowSettings = z.looseObject({});

export const productPolicies = [
  { field: 'name', title: { en: 'Name', de: 'Name', nl: 'Naam' }, part: 'content', default: 'always' },
  { field: 'longText', title: { en: 'Description', de: 'Beschreibung', nl: 'Omschrijving' }, part: 'content', default: 'always' },
  { field: 'shortText', title: { en: 'Subtitle', de: 'Untertitel', nl: 'Ondertitel' }, part: 'content', default: 'always' },
  { field: 'brand', title: { en: 'Brand', de: 'Marke', nl: 'Merk' }, part: 'content', default: 'always' },
  { field: 'ean', title: { en: 'EAN', de: 'EAN', nl: 'EAN' }, part: 'content', default: 'always' },
  { field: 'categories', title: { en: 'Categories', de: 'Kategorien', nl: 'Categorieën' }, part: 'content', default: 'on-create' },
  { field: 'price', title: { en: 'Price', de: 'Preis', nl: 'Prijs' }, part: 'offer', default: 'always' },
  { field: 'tax', title: { en: 'VAT', de: 'Mehrwertsteuer', nl: 'Btw' }, part: 'offer', default: 'always' },
  { field: 'active', title: { en: 'Visibility', de: 'Sichtbarkeit', nl: 'Zichtbaarheid' }, part: 'offer', default: 'always' },
  { field: 'variants', title: { en: 'Variants', de: 'Varianten', nl: 'Varianten' }, part: 'offer', default: 'always' },
] as const satisfies readonly FieldPolicyDefinition[];

export type ProductField = (typeof productPolicies)[number]['field'];

const productParts = [
  'id',
  'sku',
  'name',
  'active',
  'shortText',
  'longText',
  'brand',
  'ean',
  'price',
  'unit',
  'stocked',
  'categories',
  'properties',
  'custom',
  'variants',
];
const asIs = (to: string, from: string): Rule => ({ to, from, onMissing: 'leave-out' });

export const catalogueWrites: Connector['writes'] = {
  product: {
    draft: ProductDraft,
    settings: ProductFlowSettings,
    tables: [
      {
        name: 'taxes',
        title: { en: 'VAT rates', de: 'Mehrwertsteuersätze', nl: 'Btw-tarieven' },
        help: {
          en: 'Only needed where two taxes of the shop have the same rate. Left: the rate in hundredths of a percent (2100 is 21 %).',
          de: 'Nur nötig, wenn zwei Steuern des Shops denselben Satz haben. Links: der Satz in Hundertstel Prozent (2100 sind 21 %).',
          nl: 'Alleen nodig als twee belastingen van de webwinkel hetzelfde tarief hebben. Links: het tarief in honderdsten van een procent (2100 is 21 %).',
        },
        source: 'taxRates',
        target: 'taxes',
      },
    ],
    rules: [
      ...productParts.map((part) => asIs(`product.${part}`, part)),
      asIs('categoryNames', 'categoryNames'),
      asIs('policies', 'policies'),
      asIs('offer', 'offer'),
      asIs('content', 'content'),
      asIs('deletion', 'deletion'),
      { to: 'taxId', from: 'price.taxRateBp', table: { name: 'taxes' }, onMissing: 'leave-out' },
    ],
    batch: 100,
    policies: productPolicies,
  },
  stock: {
    draft: StockDraft,
    settings: StockFlowSettings,
    tables: [],
    rules: [asIs('sku', 'sku'), asIs('quantity', 'quantity'), asIs('managed', 'managed')],
    batch: 500,
  },
  category: {
    draft: CategoryDraft,
    settings: CategoryFlowSettings,
    tables: [],
    rules: [
      ...['id', 'parentId', 'name', 'text', 'position', 'deleted'].map((part) => asIs(`category.${part}`, part)),
      asIs('path', 'path'),
    ],
    batch: 100,
  },
};
