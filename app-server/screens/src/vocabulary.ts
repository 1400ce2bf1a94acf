import { ref } from 'vue';
import { call } from './api.ts';
import type { Flow, VocabularyItem } from './shapes.ts';

/** Counts how often what is connected was changed here. */
export const vocabulariesOf = ref(0);

const asked = new Map<string, Promise<readonly VocabularyItem[]>>();

/** What can be chosen in a connected system: tax codes, payment methods, branches. Asked once per page; a failure is asked again. */
export function vocabulary(connection: string, list: string): Promise<readonly VocabularyItem[]> {
  const path = `/connections/${encodeURIComponent(connection)}/vocabulary/${encodeURIComponent(list)}`;
  let answer = asked.get(path);
  if (!answer) {
    answer = call<VocabularyItem[]>('GET', path);
    answer.catch(() => asked.delete(path));
    asked.set(path, answer);
  }
  return answer;
}

/** So long a form waits for its lists, in milliseconds: one that takes longer arrives while the form is shown. */
const patience = 5_000;

/** Settles when what the settings of a flow can be chosen from is here, cannot be had, or takes too long: a form that is shown after that does not grow under a hand. */
export async function listsOf({ form, tables, source, target }: Flow): Promise<void> {
  const asked = [
    ...form.map((field) => [target.connection, field.vocabulary] as const),
    ...tables.flatMap((table) => [[source.connection, table.source] as const, [target.connection, table.target] as const]),
  ];
  const here = asked.map(([connection, list]) => list && vocabulary(connection, list));
  await Promise.race([Promise.allSettled(here), new Promise((enough) => setTimeout(enough, patience))]);
}

/** After a connection was saved it may speak of another system. */
export function forgetVocabularies(): void {
  asked.clear();
  vocabulariesOf.value += 1;
}
