/** Where webhooks go: into the ledger of every flow that reads this kind from this system, then the sender is answered. */
import type { Kind } from '../connectors/commerce.ts';
import type { News } from '../connectors/connector.ts';
import type { Flow, Tenant } from './engine/model.ts';
import type { Clock, Flows, Ledger, Notice } from './engine/ports.ts';
import type { StoredConnections } from './store/connections.ts';

/** Which flows listen is remembered this long; the poll covers what a flow misses that was switched on within it. */
const rememberMs = 1_000;
const touchEveryMs = 10_000;
const mostRemembered = 10_000;

export interface Notices {
  /** `connector`: name of the system that tells, the tenant's shop or one that it connected. Resolves once all is stored. */
  from(source: Source, kind: Kind, notices: readonly Notice[]): Promise<void>;
  /** The same for what a connector heard, of whichever kinds. */
  news(source: Source, news: readonly News[]): Promise<void>;
}

interface Source {
  readonly tenant: Tenant;
  readonly connector: string;
}

interface Listening {
  readonly flows: readonly Flow[];
  readonly at: number;
}

export function createNotices(options: {
  readonly flows: Flows & { touch(id: string, at: Date): Promise<void> };
  readonly connections: Pick<StoredConnections, 'find'>;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly noticed: (by: string, count: number) => void;
  readonly wake: () => void;
}): Notices {
  const remembered = new Map<string, Listening>();
  const touched = new Map<string, number>();

  async function listening({ tenant, connector }: Source, kind: Kind): Promise<readonly Flow[]> {
    const key = `${tenant}/${connector}/${kind}`;
    const now = options.clock.now().getTime();
    const known = remembered.get(key);
    if (known && now - known.at < rememberMs) return known.flows;
    const connection = await options.connections.find(tenant, connector);
    const flows = connection ? await options.flows.reading(tenant, connection.id, kind) : [];
    if (remembered.size >= mostRemembered) remembered.clear();
    // That nobody listens is never remembered: the first order after switching on is the one that the merchant waits for.
    if (flows.length > 0) remembered.set(key, { flows, at: now });
    else remembered.delete(key);
    return flows;
  }

  async function touch(flow: Flow, at: Date): Promise<void> {
    if (at.getTime() - (touched.get(flow.id) ?? 0) < touchEveryMs) return;
    if (touched.size >= mostRemembered) touched.clear();
    touched.set(flow.id, at.getTime());
    await options.flows.touch(flow.id, at);
  }

  async function from(source: Source, kind: Kind, notices: readonly Notice[]): Promise<void> {
    const flows = await listening(source, kind);
    const at = options.clock.now();
    for (const flow of flows) {
      await Promise.all([options.ledger.notice(flow, notices, { by: 'webhook', lane: 'live', at }), touch(flow, at)]);
    }
    options.noticed('webhook', notices.length);
    if (flows.length > 0) options.wake();
  }

  return {
    from,
    async news(source, news) {
      for (const kind of new Set(news.map((one) => one.kind))) {
        const of = news.filter((one) => one.kind === kind);
        await from(
          source,
          kind,
          of.map(({ id, kind: _kind, ...rest }) => ({ sourceId: id, ...rest })),
        );
      }
    },
  };
}
