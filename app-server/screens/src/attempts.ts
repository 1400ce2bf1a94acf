import type { Attempt } from './shapes.ts';

/** What happened, or several looks in a row that changed nothing. */
export type Happening =
  | { readonly attempt: Attempt; readonly looks?: undefined }
  | { readonly attempt?: undefined; readonly looks: readonly Attempt[] };

const justLooked = (attempt: Attempt) => attempt.reason === 'unchanged' && !attempt.cause;

/** Newest first. Looks that changed nothing are one entry per run, unless there is nothing else to show. */
export function happenings(attempts: readonly Attempt[]): readonly Happening[] {
  const newest = [...attempts].sort((a, b) => b.number - a.number);
  if (newest.every(justLooked)) return newest.map((attempt) => ({ attempt }));
  const found: Happening[] = [];
  for (const attempt of newest) {
    const last = found.at(-1);
    if (!justLooked(attempt)) found.push({ attempt });
    else if (last?.looks) found[found.length - 1] = { looks: [...last.looks, attempt] };
    else found.push({ looks: [attempt] });
  }
  return found;
}

/** The one to open: the newest that wrote or met an obstacle, else the newest. */
export function tellingOf(attempts: readonly Attempt[]): number | undefined {
  const newest = [...attempts].sort((a, b) => b.number - a.number);
  const telling = newest.find((attempt) => attempt.steps.length > 0 || attempt.cause) ?? newest[0];
  return telling?.number;
}
