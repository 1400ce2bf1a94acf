/** MplusKASSA: a till in the merchant's shop, spoken to in SOAP. */
import type { Kind } from '../commerce.ts';
import type { Connector, Session } from '../connector.ts';
import { Failure } from '../failure.ts';
import { applyPlans } from './apply.ts';
import { changedProducts, readProducts } from './catalogue.ts';
import { changedCategories, readCategories } from './categories.ts';
import { checkTill } from './check.ts';
import { CustomerDraft, CustomerFlowSettings, customerPolicies, customerRules, customerTables } from './customer-draft.ts';
import { applyCustomers, changedCustomers, customerCandidates, planCustomers, readCustomers } from './customers.ts';
import { OrderDraft } from './draft.ts';
import { OrderFlowSettings } from './flow-settings.ts';
import { orderRules, orderTables } from './mapping.ts';
import { planOrders } from './orders.ts';
import { applyProducts } from './product-apply.ts';
import { ProductDraft, productRules, productTables, StockDraft, stockRules, stockTables } from './product-draft.ts';
import { planProducts } from './product-plan.ts';
import { ProductFlowSettings, productPolicies, StockFlowSettings } from './product-settings.ts';
import { changedOrders, readOrders } from './read.ts';
import { MpluskassaSettings } from './settings.ts';
import { openSkuAudit } from './sku-audit.ts';
import { changedStock, readStock } from './stock-levels.ts';
import { applyStock, planStock } from './stock-writing.ts';
import { createTill } from './till.ts';
import { readVocabulary } from './vocabulary.ts';

export const mpluskassa: Connector<MpluskassaSettings> = {
  name: 'mpluskassa',
  title: 'MplusKASSA',
  settings: MpluskassaSettings,
  // The service has a small pool of worker threads and no stated rate limit.
  limits: { concurrency: 4 },
  reads: {
    order: { overlapMs: 0, pollEveryMs: 60_000, batch: 50 },
    customer: { overlapMs: 0, pollEveryMs: 60_000, batch: 500 },
    product: { overlapMs: 0, pollEveryMs: 60_000, batch: 250 },
    category: { overlapMs: 0, pollEveryMs: 300_000, batch: 500 },
    stock: { overlapMs: 0, pollEveryMs: 60_000, batch: 500 },
  },
  writes: {
    order: { draft: OrderDraft, settings: OrderFlowSettings, tables: orderTables, rules: orderRules, batch: 1 },
    customer: {
      draft: CustomerDraft,
      settings: CustomerFlowSettings,
      tables: customerTables,
      rules: customerRules,
      batch: 50,
      policies: customerPolicies,
    },
    product: {
      draft: ProductDraft,
      settings: ProductFlowSettings,
      tables: productTables,
      rules: productRules,
      batch: 50,
      policies: productPolicies,
      audit: openSkuAudit,
    },
    stock: { draft: StockDraft, settings: StockFlowSettings, tables: stockTables, rules: stockRules, batch: 200 },
  },
  open(settings, io): Session {
    const till = createTill(settings, io);
    return {
      check: () => checkTill(till),
      changed(kind, cursor) {
        switch (kind) {
          case 'order':
            return changedOrders(till, cursor);
          case 'customer':
            return changedCustomers(till, cursor);
          case 'product':
            return changedProducts(till, cursor);
          case 'category':
            return changedCategories(till, cursor);
          case 'stock':
            return changedStock(till, cursor);
          default:
            throw unsupported(kind);
        }
      },
      async read(kind, ids) {
        switch (kind) {
          case 'order':
            return readOrders(till, ids);
          case 'customer':
            return readCustomers(till, ids);
          case 'product':
            return readProducts(till, ids);
          case 'category':
            return readCategories(till, ids);
          case 'stock':
            return readStock(till, ids);
          default:
            throw unsupported(kind);
        }
      },
      async plan(kind, drafts) {
        switch (kind) {
          case 'order':
            return planOrders(till, drafts);
          case 'customer':
            return planCustomers(till, drafts);
          case 'product':
            return planProducts(till, drafts);
          case 'stock':
            return planStock(till, drafts);
          default:
            throw unsupported(kind);
        }
      },
      async apply(kind, plans) {
        switch (kind) {
          case 'order':
            return applyPlans(till, plans);
          case 'customer':
            return applyCustomers(till, plans);
          case 'product':
            return applyProducts(till, plans);
          case 'stock':
            return applyStock(till, plans);
          default:
            throw unsupported(kind);
        }
      },
      vocabulary: (list) => readVocabulary(till, list),
      candidates: async (kind, draft) => (kind === 'customer' ? customerCandidates(till, draft) : []),
    };
  },
};

function unsupported(kind: Kind): Failure {
  return new Failure({
    remedy: 'fix-data',
    code: 'till.kind-unsupported',
    message: `The connector for MplusKASSA does not carry ${kind} records.`,
    params: { kind },
  });
}
