/** The catalogue's flows into the store: their questions, policies, tables and default mappings. */

import { z } from 'zod';
import type { Connector, FieldPolicyDefinition } from '../../connectors/connector.ts';
import { given } from '../../connectors/mapping.ts';
import { CategoryDraft, ProductDraft, StockDraft } from './draft.ts';

/** Beyond what every flow of its kind asks; the answers travel as they are. */
const NoQuestions = z.looseObject({});

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

export const catalogueWrites: Connector['writes'] = {
  product: {
    draft: ProductDraft,
    settings: NoQuestions,
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
      ...productParts.map((part) => given(`product.${part}`, part)),
      given('categoryNames'),
      given('policies'),
      given('offer'),
      given('content'),
      given('deletion'),
      { to: 'taxId', from: 'price.taxRateBp', table: { name: 'taxes' }, onMissing: 'leave-out' },
    ],
    batch: 100,
    policies: productPolicies,
  },
  stock: {
    draft: StockDraft,
    settings: NoQuestions,
    tables: [],
    rules: [given('sku'), given('quantity'), given('managed')],
    batch: 500,
  },
  category: {
    draft: CategoryDraft,
    settings: NoQuestions,
    tables: [],
    rules: [...['id', 'parentId', 'name', 'text', 'position', 'deleted'].map((part) => given(`category.${part}`, part)), given('path')],
    batch: 100,
  },
};
