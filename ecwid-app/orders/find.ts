/** Our order from an earlier attempt. The search knows no references, so orders of the same total are looked through for ours. */
import { z } from 'zod';
import { Failure } from '../../connectors/failure.ts';
import { decimalOf } from '../../connectors/money.ts';
import type { StoreApi } from '../catalogue/requests.ts';
import type { OrderDraft } from './draft.ts';

const scope = 'read_orders';
const pageSize = 100;
/** The time of the sale may be the till's, and a store may date orders by their arrival. */
const earlierSeconds = 24 * 3_600;

const StoreOrder = z.looseObject({
  id: z.string().min(1),
  total: z.number(),
  paymentStatus: z.string().nullish(),
  fulfillmentStatus: z.string().nullish(),
});
export type StoreOrder = z.infer<typeof StoreOrder>;

const Listed = z.looseObject({
  id: z.string().min(1),
  privateAdminNotes: z.string().nullish(),
  extraFields: z.unknown().optional(),
  orderExtraFields: z.unknown().optional(),
});
const Page = z.looseObject({ total: z.number().int(), items: z.array(Listed) });

/** By the id that it had, else by our reference. Throws the connection's Failures. */
export async function findOrder(
  api: Pick<StoreApi, 'call'>,
  wanted: { readonly known: string | undefined; readonly reference: string; readonly draft: OrderDraft },
): Promise<StoreOrder | undefined> {
  const { known, reference, draft } = wanted;
  const there = known === undefined ? undefined : await orderBy(api, known);
  if (there !== undefined) return there;
  for (let page = 0; ; page += 1) {
    const query = new URLSearchParams({
      // Sums travel as fractions: a cent to either side finds what is written as the same.
      totalFrom: decimalOf(draft.totalMinor - 1, draft.currency),
      totalTo: decimalOf(draft.totalMinor + 1, draft.currency),
      createdFrom: String(Math.floor(Date.parse(draft.orderedAt) / 1000) - earlierSeconds),
      offset: String(page * pageSize),
      limit: String(pageSize),
      responseFields: 'total,items(id,privateAdminNotes,extraFields,orderExtraFields)',
    });
    const { total, items } = understood(Page, await api.call({ path: `/orders?${query}`, label: 'look for order', scope }));
    const ours = items.find(({ privateAdminNotes, extraFields, orderExtraFields }) =>
      JSON.stringify([privateAdminNotes, extraFields, orderExtraFields]).includes(reference),
    );
    if (ours !== undefined) return orderBy(api, ours.id);
    if ((page + 1) * pageSize >= total || items.length === 0) return undefined;
  }
}

async function orderBy(api: Pick<StoreApi, 'call'>, id: string): Promise<StoreOrder | undefined> {
  const body = await api.call({ path: `/orders/${encodeURIComponent(id)}`, label: 'read order', scope });
  return body === undefined ? undefined : understood(StoreOrder, body);
}

function understood<Data>(schema: z.ZodType<Data>, body: unknown): Data {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new Failure({
    remedy: 'retry',
    code: 'shop.unreadable-answer',
    message: 'The store’s answer about its orders cannot be read.',
    params: { call: 'orders' },
    cause: parsed.error,
  });
}
