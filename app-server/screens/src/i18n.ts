import { createI18n } from 'vue-i18n';
import { catalogue as enCatalogue } from './texts/catalogue-en.ts';
import { causes as enCauses } from './texts/causes-en.ts';
import { connectors as enConnectors } from './texts/connectors-en.ts';
import { en } from './texts/en.ts';
import { fields as enFields } from './texts/fields-en.ts';
import { systems as enSystems } from './texts/systems-en.ts';

const english = { ...en, catalogue: enCatalogue, causes: { ...enCauses, ...enConnectors }, fields: enFields, systems: enSystems };
/** Every language has the same texts; the compiler sees to it. */
type Texts = typeof english;

const further: Readonly<Record<string, () => Promise<Texts>>> = {
  de: async () => {
    const [{ de }, { catalogue }, { causes }, { connectors }, { fields }, { systems }] = await Promise.all([
      import('./texts/de.ts'),
      import('./texts/catalogue-de.ts'),
      import('./texts/causes-de.ts'),
      import('./texts/connectors-de.ts'),
      import('./texts/fields-de.ts'),
      import('./texts/systems-de.ts'),
    ]);
    return { ...de, catalogue, causes: { ...causes, ...connectors }, fields, systems };
  },
  nl: async () => {
    const [{ nl }, { catalogue }, { causes }, { connectors }, { fields }, { systems }] = await Promise.all([
      import('./texts/nl.ts'),
      import('./texts/catalogue-nl.ts'),
      import('./texts/causes-nl.ts'),
      import('./texts/connectors-nl.ts'),
      import('./texts/fields-nl.ts'),
      import('./texts/systems-nl.ts'),
    ]);
    return { ...nl, catalogue, causes: { ...causes, ...connectors }, fields, systems };
  },
};

/** The texts in the merchant's language, English where we do not speak it. `de-DE` and `de_AT` are German. */
export async function createTexts(asked: string) {
  const language = asked.slice(0, 2).toLowerCase();
  const load = further[language];
  const spoken = load ? language : 'en';
  const messages: Record<string, Texts> = { en: english };
  if (load) messages[spoken] = await load();
  document.documentElement.lang = spoken;
  return createI18n({ legacy: false, locale: spoken, fallbackLocale: 'en', missingWarn: false, fallbackWarn: false, messages });
}
