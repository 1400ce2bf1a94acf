/** Lightspeed Retail X-Series: a till with outlets, registers and sales. */
import type { Kind } from '../../commerce.ts';
import type { Draft, Io, Plan, Session } from '../../connector.ts';
import { Failure, failureOf } from '../../failure.ts';
import { drafted } from '../drafted.ts';
import { CustomerDraft, OrderDraft } from '../drafts.ts';
import type { LightspeedOptions, LightspeedSettings } from '../settings.ts';
import { applyPlans } from './apply.ts';
import { changedCategories, planCategories, readCategories } from './categories.ts';
import { checkStore } from './check.ts';
import { customerCandidates, planCustomer } from './customer-plan.ts';
import { changedCustomers, readCustomers } from './customers.ts';
import { changedStock, planStock, readStock } from './inventory.ts';
import { planProducts } from './product-plan.ts';
import { changedProducts, readProducts } from './products.ts';
import { openStore, type Store } from './retailer.ts';
import { openReturns } from './returns.ts';
import { planSales } from './sale-plan.ts';
import { changedSales, readSales } from './sales.ts';
import { readVocabulary } from './vocabulary.ts';
import { subscribeHooks } from './webhooks.ts';

export { xSeriesAuthorization } from './authorization.ts';
export { hearXSeries } from './webhooks.ts';

const searchLagMs = 120_000;

/** @param options addresses, and the registration of this server; without it there are only personal tokens. */
export function openXSeries(settings: LightspeedSettings, io: Io<LightspeedSettings>, options: LightspeedOptions = {}): Session {
  const store = openStore(settings, io, options);
  const returns = openReturns(store);
  return {
    check: () => checkStore(store),
    changed(kind, cursor) {
      switch (kind) {
        case 'order':
          return changedSales(store, cursor);
        case 'customer':
          return changedCustomers(store, cursor);
        case 'product':
          return changedProducts(store, cursor);
        case 'category':
          return changedCategories(store, cursor);
        case 'stock':
          return changedStock(store, cursor);
        default:
          throw unsupported(kind);
      }
    },
    async read(kind, ids) {
      switch (kind) {
        case 'order':
          return readSales(store, returns, ids);
        case 'customer':
          return readCustomers(store, ids);
        case 'product':
          return readProducts(store, ids);
        case 'category':
          return readCategories(store, ids);
        case 'stock':
          return readStock(store, ids);
        default:
          throw unsupported(kind);
      }
    },
    async plan(kind, drafts) {
      switch (kind) {
        case 'order':
          return planSales(store, drafts);
        case 'customer':
          return planCustomers(store, drafts);
        case 'product':
          return planProducts(store, drafts);
        case 'category':
          return planCategories(store, drafts);
        case 'stock':
          return planStock(store, drafts);
        default:
          throw unsupported(kind);
      }
    },
    apply: (_kind, plans) => applyPlans(store, plans),
    // Sales and customers are found again by the search alone; the others by the feed of changes, which knows at once.
    hiddenMs: (kind) => (kind === 'order' || kind === 'customer' ? (options.retailSearchLagMs ?? searchLagMs) : 0),
    vocabulary: (list) => readVocabulary(store, list),
    subscribe: async (address, kinds) => {
      // What is signed with a secret that we do not have cannot be believed; the poll brings it.
      if (options.clientSecret && !settings.personalToken) await subscribeHooks(store, address, kinds);
    },
    async candidates(kind, draft) {
      const schema = kind === 'order' ? OrderDraft : kind === 'customer' ? CustomerDraft : undefined;
      return schema === undefined ? [] : customerCandidates(store, drafted<{ customer?: OrderDraft['customer'] }>(schema, draft).customer);
    },
  };
}

function planCustomers(store: Store, drafts: readonly Draft[]): Promise<(Plan | Failure)[]> {
  return Promise.all(drafts.map((draft) => planOneCustomer(store, draft).catch(failureOf)));
}

async function planOneCustomer(store: Store, source: Draft): Promise<Plan> {
  const { customer, policies, policy } = drafted(CustomerDraft, source);
  const plan = { id: source.id, reference: source.reference };
  if (customer.deleted === true) {
    // Sales hang on him there; whether he goes is decided there.
    const step = { id: 'customer', action: 'skip', subject: 'customer', reason: 'deleted-in-source', changes: [] } as const;
    return { ...plan, steps: [step], notes: [] };
  }
  const { step, id, notes, values } = await planCustomer(store, {
    draft: source,
    customer,
    policies,
    update: true,
    create: policy.createCustomers,
  });
  return { ...plan, steps: [step], notes, values, ...(id !== undefined && { target: { id } }) };
}

function unsupported(kind: Kind): Failure {
  return new Failure({
    remedy: 'fix-data',
    code: 'lightspeed.kind-unsupported',
    message: `The connector for Lightspeed does not carry ${kind} records.`,
    params: { kind },
  });
}
