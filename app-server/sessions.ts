/** Open sessions, one per connection: their caches and budgets live as long as the connection's settings stay the same. */
import type { Connector } from '../connectors/connector.ts';
import { type Budget, createBudget, createExchange } from '../connectors/exchange.ts';
import { Failure } from '../connectors/failure.ts';
import type { Connection } from './engine/model.ts';
import type { Clock, Sessions } from './engine/ports.ts';

/** Tokens, article caches and the like are given back after this long without use. */
const idleMs = 15 * 60_000;

export interface SessionPool extends Sessions {
  /** Drops what nobody used lately. Returns how many sessions stay open. */
  tidy(): number;
}

interface Kept {
  readonly version: number;
  readonly opened: ReturnType<Sessions['open']>;
  readonly budget: Budget;
  usedAt: number;
}

export function createSessions(options: {
  readonly connectors: readonly Connector[];
  readonly secretFields: (connector: Connector) => readonly string[];
  readonly allowPrivateHosts: boolean;
  readonly clock: Clock;
  /** Replaces settings that a system changes by itself; see Io.renew. */
  readonly renew: (
    connection: Connection,
    work: (stored: Readonly<Record<string, unknown>>) => Promise<Readonly<Record<string, unknown>> | undefined>,
  ) => Promise<Readonly<Record<string, unknown>>>;
  readonly called?: (exchange: { system: string; outcome: string; seconds: number }) => void;
}): SessionPool {
  const { clock } = options;
  const kept = new Map<string, Kept>();
  const byName = new Map(options.connectors.map((connector) => [connector.name, { connector, secrets: options.secretFields(connector) }]));

  return {
    open(connection) {
      const known = kept.get(connection.id);
      if (known && known.version === connection.version) {
        known.usedAt = clock.now().getTime();
        return known.opened;
      }
      const fresh = openConnection(connection, known?.budget);
      kept.set(connection.id, fresh);
      return fresh.opened;
    },
    tidy() {
      const oldest = clock.now().getTime() - idleMs;
      for (const [id, { usedAt }] of kept) if (usedAt < oldest) kept.delete(id);
      return kept.size;
    },
  };

  function openConnection(connection: Connection, budgetSoFar: Budget | undefined): Kept {
    const entry = byName.get(connection.connector);
    if (entry === undefined) {
      throw new Failure({
        remedy: 'fix-connection',
        code: 'connection.unknown-system',
        message: `This server does not know the system ${connection.connector}.`,
        params: { connector: connection.connector },
      });
    }
    const { connector, secrets } = entry;
    const budget = budgetSoFar ?? createBudget(connector.limits);
    const send = createExchange({
      system: connector.title,
      budget,
      allowPrivateHosts: options.allowPrivateHosts,
      ...(connector.unspoken && { unspoken: connector.unspoken }),
      secrets: secrets.map((field) => String(connection.settings[field] ?? '')),
      ...(options.called && { called: options.called }),
    });
    const session = connector.open(connection.settings, {
      send,
      now: () => clock.now(),
      renew: (work) => options.renew(connection, work as Parameters<typeof options.renew>[1]),
    });
    return { version: connection.version, opened: { connector, session }, budget, usedAt: clock.now().getTime() };
  }
}
