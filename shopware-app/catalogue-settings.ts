/** The catalogue flows' questions to the merchant, the fields with a policy of their own, and the default mapping. */

import { z } from 'zod';
import type { FieldPolicyDefinition } from '../connectors/connector.ts';
import { given, needed, type Rule } from '../connectors/mapping.ts';
import { meta, optionalText } from '../connectors/questions.ts';
import type { Text } from '../connectors/text.ts';

const salesChannels = optionalText.meta(
  meta({
    label: { en: 'Sales channel', de: 'Verkaufskanal', nl: 'Verkoopkanaal' },
    help: {
      en: 'Where articles are shown. Empty: in every active storefront.',
      de: 'Wo Artikel gezeigt werden. Leer: in jeder aktiven Storefront.',
      nl: 'Waar artikelen worden getoond. Leeg: in elke actieve storefront.',
    },
    group: 'shop',
    vocabulary: 'salesChannels',
  }),
);
const rootCategory = optionalText.meta(
  meta({
    label: { en: 'Categories below', de: 'Kategorien unterhalb von', nl: 'Categorieën onder' },
    help: {
      en: 'The groups of the till become categories below this one. Empty: where the navigation of the sales channel begins.',
      de: 'Die Warengruppen der Kasse werden Kategorien unterhalb dieser. Leer: wo die Navigation des Verkaufskanals beginnt.',
      nl: 'De artikelgroepen van de kassa worden categorieën onder deze. Leeg: waar de navigatie van het verkoopkanaal begint.',
    },
    group: 'shop',
    vocabulary: 'categories',
  }),
);

export const ProductFlowSettings = z.object({
  salesChannels,
  visibility: z
    .enum(['everywhere', 'search', 'link'])
    .default('everywhere')
    .meta(
      meta({
        label: { en: 'Visibility', de: 'Sichtbarkeit', nl: 'Zichtbaarheid' },
        group: 'shop',
        options: {
          everywhere: { en: 'In lists and search', de: 'In Listen und Suche', nl: 'In lijsten en zoeken' },
          search: { en: 'In search only', de: 'Nur in der Suche', nl: 'Alleen in zoeken' },
          link: { en: 'By link only', de: 'Nur über den Link', nl: 'Alleen via de link' },
        },
      }),
    ),
  rootCategory,
  closeout: z
    .boolean()
    .default(true)
    .meta(
      meta({
        label: {
          en: 'New articles cannot be bought before their stock is known',
          de: 'Neue Artikel sind erst kaufbar, wenn ihr Bestand bekannt ist',
          nl: 'Nieuwe artikelen zijn pas te koop als hun voorraad bekend is',
        },
        help: {
          en: 'Switch off when stock does not come from the till.',
          de: 'Ausschalten, wenn der Bestand nicht aus der Kasse kommt.',
          nl: 'Uitzetten als de voorraad niet uit de kassa komt.',
        },
        group: 'shop',
        advanced: true,
      }),
    ),
});

export const CategoryFlowSettings = z.object({ salesChannels, rootCategory });

export const StockFlowSettings = z.object({});

const field = (name: string, part: 'offer' | 'content', title: Text): FieldPolicyDefinition => ({
  field: name,
  title,
  part,
  default: 'always',
});

export const productPolicies: readonly FieldPolicyDefinition[] = [
  field('name', 'content', { en: 'Name', de: 'Name', nl: 'Naam' }),
  field('longText', 'content', { en: 'Description', de: 'Beschreibung', nl: 'Omschrijving' }),
  field('ean', 'content', { en: 'EAN', de: 'EAN', nl: 'EAN' }),
  field('manufacturer', 'content', { en: 'Manufacturer', de: 'Hersteller', nl: 'Fabrikant' }),
  field('unit', 'content', { en: 'Unit', de: 'Einheit', nl: 'Eenheid' }),
  field('categories', 'content', { en: 'Categories', de: 'Kategorien', nl: 'Categorieën' }),
  field('properties', 'content', { en: 'Properties', de: 'Eigenschaften', nl: 'Eigenschappen' }),
  field('price', 'offer', { en: 'Price and tax', de: 'Preis und Steuer', nl: 'Prijs en btw' }),
  field('visibility', 'offer', { en: 'Visibility', de: 'Sichtbarkeit', nl: 'Zichtbaarheid' }),
  field('active', 'offer', { en: 'Active', de: 'Aktiv', nl: 'Actief' }),
];

export const productRules: readonly Rule[] = [
  needed('product'),
  ...['categoryNames', 'policies', 'offer', 'content', 'deletion'].map((name) => given(name)),
  ...['salesChannels', 'visibility', 'rootCategory', 'closeout'].map((name) => given(name, `settings.${name}`)),
];
export const categoryRules: readonly Rule[] = [
  needed('category'),
  needed('path'),
  ...['salesChannels', 'rootCategory'].map((name) => given(name, `settings.${name}`)),
];
export const stockRules: readonly Rule[] = [needed('sku'), needed('quantity'), given('managed')];
