/** Guesses that the merchant sees and corrects: rows of a table by similar labels, a default by telling words. Pure. */
import type { VocabularyItem } from '../../connectors/connector.ts';

/** For every source value the target value whose label shares its words; nothing where no label does. */
export function suggestRows(source: readonly VocabularyItem[], target: readonly VocabularyItem[]): { from: string; to: string }[] {
  return source.flatMap(({ value, label }) => {
    const hit = bestMatch(label, target);
    return hit === undefined ? [] : [{ from: value, to: hit.value }];
  });
}

/** The first item whose label contains one of the words, words in order of preference. */
export function suggestByWords(items: readonly VocabularyItem[], words: readonly string[]): string | undefined {
  for (const word of words) {
    const hit = items.find(({ label, value }) => plain(`${label} ${value}`).includes(plain(word)));
    if (hit) return hit.value;
  }
  return undefined;
}

function bestMatch(label: string, candidates: readonly VocabularyItem[]): VocabularyItem | undefined {
  const wanted = plain(label);
  if (wanted === '') return undefined;
  return (
    candidates.find((candidate) => plain(candidate.label) === wanted || plain(candidate.value) === wanted) ??
    candidates.find((candidate) => [candidate.label, candidate.value].some((text) => overlaps(wanted, plain(text))))
  );
}

function overlaps(left: string, right: string): boolean {
  const [short, long] = left.length <= right.length ? [left, right] : [right, left];
  return short.length >= 3 && long.includes(short);
}

function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '');
}
