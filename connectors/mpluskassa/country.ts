/** The till has free text for countries; a code or a name in one of the product's languages is understood. */
import { languages } from '../text.ts';

/** ISO 3166-1 alpha-2 of the countries that traders here write to; what else stands there is left out rather than guessed. */
const codes =
  'NL BE DE FR LU AT CH IT ES PT GB IE DK SE NO FI IS PL CZ SK HU RO BG GR HR SI EE LV LT MT CY LI MC SM AD TR UA RS BA ME MK AL US CA AU NZ JP CN IN BR MX ZA MA CW AW SX BQ SR ID'.split(
    ' ',
  );

let byName: ReadonlyMap<string, string> | undefined;

function names(): ReadonlyMap<string, string> {
  if (byName) return byName;
  const found = new Map<string, string>([
    ['holland', 'NL'],
    ['the netherlands', 'NL'],
    ['engeland', 'GB'],
    ['england', 'GB'],
  ]);
  for (const language of languages) {
    const display = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' });
    for (const code of codes) found.set((display.of(code) ?? code).toLowerCase(), code);
  }
  byName = found;
  return found;
}

/** What people write instead of the code. */
const habits: Readonly<Record<string, string>> = { UK: 'GB', EL: 'GR' };

const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

/** ISO 3166-1 alpha-2, upper case. */
export function countryCode(text: string): string | undefined {
  const word = text.trim();
  if (!/^[a-z]{2}$/i.test(word)) return names().get(word.toLowerCase());
  const code = habits[word.toUpperCase()] ?? word.toUpperCase();
  return regions.of(code) === undefined ? undefined : code;
}
