import { ref } from 'vue';
import { call } from './api.ts';
import type { VocabularyItem } from './shapes.ts';

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

/** After a connection was saved it may speak of another system. */
export function forgetVocabularies(): void {
  asked.clear();
  vocabulariesOf.value += 1;
}
