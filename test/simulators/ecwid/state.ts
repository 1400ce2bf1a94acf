/** What the store is, what it allows and who may call it. */
import type { createBatches } from './batches.ts';
import type { Shop } from './shop.ts';

export interface ShopState {
  readonly storeId: number;
  readonly storeName: string;
  readonly currency: string;
  readonly pricesIncludeTax: boolean;
  readonly orderPrefix: string;
  readonly plan: { paid: boolean; suspended: boolean };
  /** Tokens that work, with what they may do. */
  readonly tokens: Map<string, { readonly scopes: readonly string[] }>;
  subscription: 'ACTIVE' | 'SUSPENDED' | 'TRIAL';
  /** How long lists lag behind the records, in milliseconds. */
  indexLagMs: number;
  /** Calls that each token has per minute. */
  callsPerMinute: number;
  readonly batches: ReturnType<typeof createBatches>;
  readonly shop: Shop;
  now(): Date;
}
