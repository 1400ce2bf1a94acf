/** Joins what is asked of the database in the same turn, or shortly after the command before, into one command. */
import { setTimeout as pause } from 'node:timers/promises';

interface Asked<I, O> {
  readonly item: I;
  resolve(answer: O): void;
  reject(error: unknown): void;
}

/**
 * Whoever comes alone waits for nobody. Each caller gets the answer at the place of its item, or the error of the command that it was part of; an
 * answer that is an Error rejects that caller alone.
 * @param how.most items of one command
 * @param how.restMs after a command, more is gathered this long: a command costs the database as much as several of its items
 */
export function gather<I, O>(
  ask: (items: readonly I[]) => Promise<readonly (O | Error)[]>,
  how: { most: number; restMs?: number },
): (item: I) => Promise<O> {
  const { most, restMs = 0 } = how;
  let waiting: Asked<I, O>[] = [];
  let busy = false;

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting.slice(0, most);
      waiting = waiting.slice(most);
      try {
        const answers = await ask(group.map(({ item }) => item));
        group.forEach(({ resolve, reject }, index) => {
          const answer = answers[index];
          if (answer instanceof Error) reject(answer);
          else resolve(answer as O);
        });
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
      if (restMs > 0 && waiting.length < most) await pause(restMs);
    }
    busy = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (busy) return;
      busy = true;
      queueMicrotask(() => void run());
    });
}
