/** What tells variants apart: the store's list of names such as colour and size. */
import { z } from 'zod';
import { unreadable } from './client.ts';
import type { Store } from './retailer.ts';
import { rowsIn } from './wire.ts';

const AttributeRow = z.object({ id: z.string().min(1), name: z.string(), deleted_at: z.string().nullish() });
export type Attribute = z.infer<typeof AttributeRow>;

/** X-Series 2.0, variant attributes. A store that has no such list has none. */
export async function readAttributes(store: Store): Promise<readonly Attribute[]> {
  const json = await store.client.get('/2.0/variant_attributes', 'list attributes of variants');
  if (json === undefined) return [];
  const page = rowsIn(AttributeRow, json);
  if (page === undefined) throw unreadable(store.client.store, 'list attributes of variants', false);
  return page.rows.filter(({ deleted_at: gone }) => !gone);
}
