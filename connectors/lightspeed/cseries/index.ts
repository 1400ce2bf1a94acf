/** eCom C-Series: a web shop of Lightspeed (formerly SEOshop), spoken to in REST. */
import type { CanonicalRecord, Kind } from '../../commerce.ts';
import type { Io, Session } from '../../connector.ts';
import { conversation } from '../../exchange.ts';
import { Failure } from '../../failure.ts';
import type { LightspeedOptions, LightspeedSettings } from '../settings.ts';
import { categoryOf, createForest } from './categories.ts';
import { changesOf } from './changes.ts';
import { checkShop } from './check.ts';
import type { Api } from './client.ts';
import { applyCustomers, candidates, planCustomers, readCustomers } from './customers.ts';
import { createGoods } from './goods.ts';
import { subscribe } from './hooks.ts';
import { readOrders } from './orders.ts';
import { applyCategories, applyProducts, planCategories, planProducts } from './products.ts';
import { readProducts, readStock } from './read-products.ts';
import { openShop, type Shop } from './shop.ts';
import { openStockRoom } from './stock.ts';
import { readVocabulary } from './vocabulary.ts';

export { hear as hearCSeries } from './hooks.ts';

/** Throws Failure fix-connection where key or secret is missing. */
export function openCSeries(settings: LightspeedSettings, io: Pick<Io, 'send' | 'now'>, options: LightspeedOptions): Session {
  const shop = openShop(settings, io, options);
  const forest = createForest(shop.bulk);
  const goods = createGoods(shop.bulk);
  const stock = openStockRoom(shop);
  const catalogue = { goods, forest };

  async function read(kind: Kind, ids: readonly string[]): Promise<readonly (CanonicalRecord | undefined | Failure)[]> {
    switch (kind) {
      case 'order':
        return readOrders(shop, laneOf(shop), ids);
      case 'customer':
        return readCustomers(shop, ids);
      case 'product':
        return readProducts(shop, goods, ids);
      case 'stock':
        return readStock(shop, ids);
      case 'category': {
        const tree = await forest.tree();
        return ids.map((id) => {
          const row = id.startsWith('#') ? tree.all().find(({ title }) => title === id.slice(1)) : tree.byId(Number(id));
          return row && categoryOf(row);
        });
      }
      default:
        throw unsupported(kind);
    }
  }

  return {
    check: () => checkShop(shop),
    // Only orders are urgent, and only the new ones: an import has no date to start from.
    changed: (kind, cursor) => {
      const urgent = kind === 'order' && cursor !== undefined && !cursor.startsWith('id:');
      return changesOf(urgent ? shop.live : shop.bulk, readable(kind), cursor);
    },
    read,
    async plan(kind, drafts) {
      switch (kind) {
        case 'customer':
          return planCustomers(shop, drafts);
        case 'product':
          return planProducts(shop, catalogue, drafts);
        case 'category':
          return planCategories(forest, drafts);
        case 'stock':
          return stock.plan(drafts);
        case 'order':
          return drafts.map(() => ordersNotWritable());
        default:
          throw unsupported(kind);
      }
    },
    async apply(kind, plans) {
      switch (kind) {
        case 'customer':
          return applyCustomers(shop, plans);
        case 'product':
          return applyProducts(shop, catalogue, plans);
        case 'category':
          return applyCategories(shop, forest, plans);
        case 'stock':
          return stock.apply(plans);
        case 'order':
          return plans.map(() => ordersNotWritable());
        default:
          throw unsupported(kind);
      }
    },
    vocabulary: (list) => readVocabulary(shop, forest, list),
    subscribe: (address, kinds) => subscribe(shop, address, kinds),
    candidates: async (kind, draft) => (kind === 'customer' ? candidates(shop, draft) : []),
  };
}

/** Live records have priority 1, people who wait 2; bulk work leaves the reserve alone. */
const laneOf = (shop: Shop): Api => ((conversation.getStore()?.priority ?? 1) > 0 ? shop.live : shop.bulk);

function readable(kind: Kind): Kind {
  if (['order', 'customer', 'product', 'category', 'stock'].includes(kind)) return kind;
  throw unsupported(kind);
}

function unsupported(kind: Kind): Failure {
  return new Failure({
    remedy: 'fix-data',
    code: 'lightspeed.kind-unsupported',
    message: `The connector for Lightspeed eCom does not carry ${kind} records.`,
    params: { kind },
  });
}

/** The platform lets nobody but its own checkout make orders. */
function ordersNotWritable(): Failure {
  return new Failure({
    // The connection is sound, and its other flows go on.
    remedy: 'fix-data',
    code: 'lightspeed.orders-not-writable',
    message:
      'Lightspeed eCom (C-Series) takes no orders from outside: only its own checkout makes them. Switch this flow off, or connect Lightspeed Retail (X-Series).',
  });
}
