/** What may have been made by an attempt whose end is not known: the process died, the answer was lost. Pure. */
import type { Plan } from '../../connectors/connector.ts';
import type { Failure } from '../../connectors/failure.ts';
import type { Entry } from './model.ts';

const leastMs = 1_000;

/** Something of it may be in the target, and nobody knows. */
export const isOpen = (intent: Entry['intent']): intent is NonNullable<Entry['intent']> => intent !== undefined && intent.answered !== true;

/**
 * When to look for it again; `undefined`: there is no doubt, or what is not found by now is not there. It is looked for more and more seldom, and
 * the last time when the target cannot hide it any longer.
 */
export function lookAgainAt(intent: Entry['intent'], { hiddenMs, now }: { hiddenMs: number; now: Date }): Date | undefined {
  if (!isOpen(intent)) return undefined;
  const sinceMs = now.getTime() - intent.until.getTime();
  if (sinceMs >= hiddenMs) return undefined;
  return new Date(now.getTime() + Math.min(hiddenMs - sinceMs, Math.max(leastMs, sinceMs / 2)));
}

/** The record is in the target, and something about it is for the merchant: `till.order-differs`, `till.payment-unclear`. */
export const isThere = ({ code }: Pick<Failure, 'code'>): boolean => /-(?:differs|unclear)$/.test(code);

/** Something new comes into being: a second one, if it is there already. */
export const makes = ({ target, steps }: Plan): boolean => target === undefined && steps.some(({ action }) => action === 'create');
