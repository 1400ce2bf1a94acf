/** MplusKASSA: a till in the merchant's shop, spoken to in SOAP. */
import type { Kind } from '../commerce.ts';
import type { Connector, Session } from '../connector.ts';
import { Failure } from '../failure.ts';
import { applyPlans } from './apply.ts';
import { checkTill } from './check.ts';
import { OrderDraft } from './draft.ts';
import { OrderFlowSettings } from './flow-settings.ts';
import { orderRules, orderTables } from './mapping.ts';
import { planOrders } from './orders.ts';
import { changedOrders, readOrders } from './read.ts';
import { MpluskassaSettings } from './settings.ts';
import { createTill } from './till.ts';
import { readVocabulary } from './vocabulary.ts';

export const mpluskassa: Connector<MpluskassaSettings> = {
  name: 'mpluskassa',
  title: 'MplusKASSA',
  settings: MpluskassaSettings,
  // The service has a small pool of worker threads and no stated rate limit.
  limits: { concurrency: 4 },
  reads: { order: { overlapMs: 0, pollEveryMs: 60_000, batch: 50 } },
  writes: {
    order: { draft: OrderDraft, settings: OrderFlowSettings, tables: orderTables, rules: orderRules, batch: 1 },
  },
  open(settings, io): Session {
    const till = createTill(settings, io);
    return {
      check: () => checkTill(till),
      changed(kind, cursor) {
        ordersOnly(kind);
        return changedOrders(till, cursor);
      },
      async read(kind, ids) {
        ordersOnly(kind);
        return readOrders(till, ids);
      },
      async plan(kind, drafts) {
        ordersOnly(kind);
        return planOrders(till, drafts);
      },
      async apply(kind, plans) {
        ordersOnly(kind);
        return applyPlans(till, plans);
      },
      vocabulary: (list) => readVocabulary(till, list),
    };
  },
};

function ordersOnly(kind: Kind): void {
  if (kind === 'order') return;
  throw new Failure({
    remedy: 'fix-data',
    code: 'till.kind-unsupported',
    message: `The connector for MplusKASSA does not carry ${kind} records.`,
    params: { kind },
  });
}
