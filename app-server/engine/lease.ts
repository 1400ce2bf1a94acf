/** While a batch is worked on its lease is renewed: as long as the worker lives, and no longer, its records are its own. */
import { Failure } from '../../connectors/failure.ts';
import type { Entry } from './model.ts';
import type { Engine } from './run.ts';

interface Lease {
  /** Throws when the lease may have run out: somebody else may be at the records, so nothing more may leave. */
  check(): void;
  end(): void;
}

/** A third of the lease between renewals: two may fail before it is lost. */
const renewals = 3;

export function keepLease(engine: Pick<Engine, 'ledger' | 'clock' | 'leaseMs' | 'log'>, entries: readonly Entry[]): Lease {
  const { clock, leaseMs } = engine;
  let until = Math.min(...entries.map(({ lease }) => lease?.until.getTime() ?? 0));
  const renew = async (): Promise<void> => {
    // A lease that has lapsed stays so: somebody else may be at the records.
    if (clock.now().getTime() >= until) return;
    const now = clock.now();
    const next = now.getTime() + leaseMs;
    try {
      await engine.ledger.renew(entries, { until: new Date(next), now });
      if (clock.now().getTime() < until) until = next;
    } catch (error) {
      engine.log.warn({ err: error }, 'a lease could not be renewed');
    }
  };
  const timer = setInterval(() => void renew(), leaseMs / renewals);
  timer.unref();
  return {
    check() {
      if (clock.now().getTime() < until) return;
      throw new Failure({
        remedy: 'retry',
        code: 'lease-lost',
        message: 'The record was held longer than its lease; another worker goes on with it.',
      });
    },
    end: () => clearInterval(timer),
  };
}
