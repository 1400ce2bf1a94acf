import { createI18n } from 'vue-i18n';
import { causes as enCauses } from './texts/causes-en.ts';
import { en } from './texts/en.ts';

const english = { ...en, causes: enCauses };
/** Every language has the same texts; the compiler sees to it. */
type Texts = typeof english;

const further: Readonly<Record<string, () => Promise<Texts>>> = {
  de: async () => {
    const [{ de }, { causes }] = await Promise.all([import('./texts/de.ts'), import('./texts/causes-de.ts')]);
    return { ...de, causes };
  },
  nl: async () => {
    const [{ nl }, { causes }] = await Promise.all([import('./texts/nl.ts'), import('./texts/causes-nl.ts')]);
    return { ...nl, causes };
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
