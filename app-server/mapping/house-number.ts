/**
 * Splits "street and number in one" the way people of a country write it, for targets that want two fields and for the merchant's eye.
 * Reversible: {@link joined} gives back the same text up to spaces. Pure.
 */

/** ISO 3166-1 alpha-2 of the countries whose habits are known; others are split like NL and are never sure. */
const numberFirst = new Set(['FR']);
const numberLast = new Set(['NL', 'BE', 'DE', 'IT', 'PL']);

export interface SplitStreet {
  readonly street: string;
  readonly houseNumber: string;
  /** What follows the number: a letter, a floor, a box. Empty when there is none. */
  readonly addition: string;
  /** False: a person should look. There was no number, more than one candidate, or the country is not known. */
  readonly sure: boolean;
}

/** Longer than any street; a bound on what the patterns have to look at. */
const longestStreet = 200;

const boxWords = '(?:bus|bte|boîte|box|b|apt|app|appartement|lok|m|hs|huis|bis|ter|quater|int|interno|scala|hinterhaus|hh)';
/** `Dorpsstraat 12`, `Dorpsstraat 12-3 hs`, `Plein 1944 7B`, `ul. Długa 5/7 m. 3`, `Via Roma, 12/A`. */
const last = new RegExp(
  `^(?<street>.*?[^\\s\\d,].*?|\\d+\\S* .*?[\\p{L}].*?)[\\s,]+(?:n[°.r]?\\s*)?(?<number>\\d+)(?<addition>(?:\\s*[-/+]\\s*[\\p{L}\\d]+|\\s*\\p{L}(?![\\p{L}])|[\\s,]+${boxWords}\\.?(?:\\s*\\d+\\p{L}?)?)*)$`,
  'iu',
);
/** `12 rue de la Paix`, `12 bis, avenue Foch`, `12B rue X`. */
const first = /^(?<number>\d+)(?<addition>\s*(?:bis|ter|quater|\p{L}(?![\p{L}]))?(?:\s*[-/]\s*\d+)?)[\s,]+(?<street>.*\p{L}.*)$/iu;

export function splitStreet(text: string, country: string | undefined): SplitStreet {
  const whole = text.trim().replaceAll(/\s+/g, ' ');
  if (whole.length > longestStreet) return { street: whole, houseNumber: '', addition: '', sure: false };
  const code = country?.toUpperCase() ?? '';
  const [habit, other] = numberFirst.has(code) ? [first, last] : [last, first];
  const match = habit.exec(whole)?.groups ?? other.exec(whole)?.groups;
  if (match === undefined) return { street: whole, houseNumber: '', addition: '', sure: false };
  const street = (match.street ?? '').replace(/[\s,]+$/, '');
  const known = numberFirst.has(code) || numberLast.has(code);
  const asUsual = habit.test(whole);
  // "Plein 1944 7" has two numbers, "1e Dwarsstraat 4" does not: only a free-standing one in the street is a second candidate.
  const second = /(?:^|\s)\d+(?=\s|$)/.test(street);
  return {
    street,
    houseNumber: match.number ?? '',
    addition: (match.addition ?? '').trim().replace(/^,\s*/, ''),
    sure: known && asUsual && !second,
  };
}

/** Street and number in the order of the country: what {@link splitStreet} took apart. */
export function joined(split: Pick<SplitStreet, 'street' | 'houseNumber' | 'addition'>, country: string | undefined): string {
  const glue = /^[-/+]|^\p{L}$/u.test(split.addition) ? '' : ' ';
  const number = split.addition === '' ? split.houseNumber : `${split.houseNumber}${glue}${split.addition}`;
  const parts = numberFirst.has(country?.toUpperCase() ?? '') ? [number, split.street] : [split.street, number];
  return parts.filter((part) => part !== '').join(' ');
}

/**
 * The record with `streetName`, `houseNumber` and `houseNumberAddition` beside `street` in its billing and shipping address, so that rules can
 * read them. `sure` is about the address that goods go to.
 */
export function withHouseNumbers(record: object): { record: object; sure: boolean } {
  const { billing, shipping } = record as { billing?: Addressed; shipping?: Addressed };
  const delivery = shipping ?? billing;
  return {
    record: { ...record, ...(billing && { billing: numbered(billing) }), ...(shipping && { shipping: numbered(shipping) }) },
    sure: delivery?.street === undefined || delivery.street === '' || splitStreet(delivery.street, delivery.country).sure,
  };
}

interface Addressed {
  readonly street?: string;
  readonly country?: string;
}

function numbered(address: Addressed): object {
  const { street, houseNumber, addition } = splitStreet(address.street ?? '', address.country);
  return { ...address, streetName: street, houseNumber, houseNumberAddition: addition };
}
