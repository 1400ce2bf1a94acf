/** Pieces that orders take out of their target's stock: promised until they are booked there, and told to the stock flows whenever that changes. */
import type { Order } from '../../connectors/commerce.ts';
import type { Entry } from './model.ts';
import type { Demand } from './prepare.ts';
import type { Engine, Run } from './run.ts';

export interface Promises {
  /** What this entry has to be promised. What was booked in the target once is counted there, whatever becomes of it. */
  owed(entry: Entry, demand?: readonly Demand[]): { readonly connection: string; readonly of: readonly Demand[] } | undefined;
  /** Something is taken, or free again: the stock flows of the target look at these articles once more. */
  announce(taken: readonly Demand[]): Promise<void>;
  /** It waits for something, and what it stands for is sold all the same. */
  keep(entry: Entry, taken: readonly Demand[]): Promise<void>;
  /**
   * Nothing is promised to these entries any more, and the stock flows look again. That comes before they settle: whoever dies
   * in between has them in hand once more, and says it once more.
   */
  release(of: readonly { readonly entry: Entry; readonly key?: string | undefined }[], taken: readonly Demand[]): Promise<void>;
  /** At the end of the batch: a stock flow that was switched on meanwhile hears of what was let go without it. */
  close(): Promise<void>;
}

/** What has become of the goods of an order that is not sent: a shop takes back into its stock by itself what a cancelled one had taken. */
export function goodsOf({ state, paymentState }: Pick<Order, 'state' | 'paymentState'>): 'sold' | 'returned' | 'open' {
  if (state === 'cancelled' || paymentState === 'refunded') return 'returned';
  return paymentState === 'paid' || paymentState === 'partially-refunded' ? 'sold' : 'open';
}

export function promisesOf(engine: Engine, run: Run): Promises {
  const connection = run.target.connection.id;
  /** Asked once per batch: which they are does not change with each of its orders. */
  let stockFlows: ReturnType<Engine['flows']['reading']> | undefined;
  const untold: Demand[] = [];

  function asked(): ReturnType<Engine['flows']['reading']> {
    stockFlows ??= engine.flows.reading(run.flow.tenant, connection, 'stock');
    return stockFlows;
  }

  async function announce(taken: readonly Demand[]): Promise<void> {
    const skus = new Set(taken.map(({ sku }) => sku));
    if (skus.size === 0) return;
    const flows = await asked();
    if (flows.length === 0) return;
    const at = engine.clock.now();
    for (const flow of flows) {
      await engine.ledger.notice(
        flow,
        [...skus].map((sku) => ({ sourceId: sku, number: sku })),
        { by: 'order', lane: 'live', at },
      );
    }
    engine.wake();
  }

  const owed: Promises['owed'] = (entry, demand = []) => (demand.length === 0 || entry.target ? undefined : { connection, of: demand });

  return {
    owed,
    announce,
    async keep(entry, taken) {
      await engine.ledger.assign([{ entry, key: undefined, demand: owed(entry, taken) }]);
      await announce(taken);
    },
    async release(of, taken) {
      if (taken.length === 0) return;
      if ((await asked()).length === 0) {
        // Nobody has to hear of it: settling takes the promise back in the same update.
        untold.push(...taken);
        return;
      }
      await engine.ledger.assign(of.map(({ entry, key }) => ({ entry, key, demand: { connection, of: [] } })));
      await announce(taken);
    },
    async close() {
      if (untold.length === 0) return;
      stockFlows = undefined;
      await announce(untold);
    },
  };
}
