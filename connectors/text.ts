/** Languages of the product, English first: it is the fallback. */
export const languages = ['en', 'de', 'nl'] as const;
export type Language = (typeof languages)[number];

/** One text in every language. */
export type Text = Readonly<Record<Language, string>>;
