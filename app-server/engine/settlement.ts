/** What a failure means for a record and for its connection. Pure. */
import type { Failure } from '../../connectors/failure.ts';
import { mostStrikes, recordBackoffMs } from './backoff.ts';
import { causeOf } from './cause.ts';
import type { Entry } from './model.ts';
import type { Settlement } from './ports.ts';

export interface FailureContext {
  readonly now: Date;
  readonly settingsVersion: number;
  /** It was written, or tried: the target said no, or it is not known what it did. */
  readonly writing: boolean;
}

export function settlementOf(entry: Entry, failure: Failure, context: FailureContext): Settlement {
  const cause = causeOf(failure);
  // What nobody foresaw may have happened anywhere.
  const refused = context.writing && !failure.ambiguous && failure.code !== 'unexpected';
  const common = {
    at: context.now,
    cause,
    settingsVersion: context.settingsVersion,
    // The next request must not be answered from the target's memory of this one.
    revision: entry.revision + (refused ? 1 : 0),
    ...(context.writing && { intent: refused ? ('answered' as const) : ('open' as const) }),
  };
  const later = (strikes: number): Date => new Date(context.now.getTime() + Math.max(failure.waitMs ?? 0, recordBackoffMs(strikes)));
  switch (failure.remedy) {
    case 'fix-data':
      return { ...common, state: 'parked', strikes: 0, counted: true };
    case 'fix-connection':
      return { ...common, state: 'waiting', dueAt: context.now, strikes: entry.strikes, counted: false };
    case 'wait':
      return { ...common, state: 'waiting', dueAt: later(entry.strikes + 1), strikes: entry.strikes + 1, counted: true };
    case 'retry':
      return entry.strikes + 1 >= mostStrikes
        ? { ...common, state: 'parked', strikes: 0, counted: true }
        : { ...common, state: 'waiting', dueAt: later(entry.strikes + 1), strikes: entry.strikes + 1, counted: true };
  }
}
