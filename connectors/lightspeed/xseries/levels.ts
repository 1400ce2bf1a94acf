/** How much there is of each product in each outlet. */
import type { Client } from './client.ts';
import { createMirror } from './mirror.ts';
import { InventoryRow } from './wire.ts';

export interface Levels {
  /** Brings the whole list up to date. */
  sync(): Promise<void>;
  of(productId: string): readonly InventoryRow[];
}

export function openLevels(client: Client): Levels {
  const byProduct = new Map<string, Map<string, InventoryRow>>();
  const mirror = createMirror(client, {
    feed: 'inventory',
    row: InventoryRow,
    keyOf: (row) => `${row.product_id} ${row.outlet_id}`,
    seen(row) {
      const outlets = byProduct.get(row.product_id) ?? new Map<string, InventoryRow>();
      if (row.deleted_at === undefined) outlets.set(row.outlet_id, row);
      else outlets.delete(row.outlet_id);
      byProduct.set(row.product_id, outlets);
    },
  });
  return { sync: () => mirror.sync(), of: (productId) => [...(byProduct.get(productId)?.values() ?? [])] };
}
