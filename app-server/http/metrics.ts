/** What the operator watches, as Prometheus reads it. Labels are few and fixed; no tenant, no address. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { EntryState } from '../engine/model.ts';

export interface Metrics {
  readonly registry: Registry;
  /** One answered request; `route` is the pattern, never the address. */
  answered(request: { method: string; route: string; status: number; seconds: number }): void;
  noticed(by: string, count: number): void;
  /** One call to another system; `outcome` is the status or the failure's code. */
  called(exchange: { system: string; outcome: string; seconds: number }): void;
}

/** `entries` is asked at each reading. */
export function createMetrics(entries: () => Promise<Readonly<Record<EntryState, number>>>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'tillbridge_http_request_seconds',
    help: 'Time to answer a request.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const notices = new Counter({
    name: 'tillbridge_notices_total',
    help: 'Hints that a record may have changed.',
    labelNames: ['by'] as const,
    registers: [registry],
  });
  const calls = new Histogram({
    name: 'tillbridge_outgoing_call_seconds',
    help: 'Calls to other systems.',
    labelNames: ['system', 'outcome'] as const,
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });
  new Gauge({
    name: 'tillbridge_entries',
    help: 'Ledger entries by state.',
    labelNames: ['state'] as const,
    registers: [registry],
    async collect() {
      for (const [state, count] of Object.entries(await entries())) this.set({ state }, count);
    },
  });
  return {
    registry,
    answered: ({ method, route, status, seconds }) => requests.observe({ method, route, status: String(status) }, seconds),
    noticed: (by, count) => notices.inc({ by }, count),
    called: ({ system, outcome, seconds }) => calls.observe({ system, outcome }, seconds),
  };
}
