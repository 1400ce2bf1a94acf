/** Reads orders, customers and abandoned carts of the store as canonical records. */
import { z } from 'zod';
import type { CanonicalRecord, Customer } from '../connectors/commerce.ts';
import { type Failure, failureOf } from '../connectors/failure.ts';
import { cartOf } from './abandoned-carts.ts';
import type { Call } from './calls.ts';
import type { Profile } from './profile.ts';
import { customerOf, orderOf } from './translate.ts';
import { WireCustomer } from './wire.ts';

type ReadKind = 'order' | 'customer' | 'cart';

/** From this many orders on they are read as a list first. */
const worthAList = 4;

const places: Readonly<Record<ReadKind, { path: string; scope: string }>> = {
  order: { path: '/orders', scope: 'read_orders' },
  customer: { path: '/customers', scope: 'read_customers' },
  cart: { path: '/carts', scope: 'read_orders' },
};

interface Store {
  call(call: Call): Promise<unknown>;
  profile(): Promise<Profile>;
  /** Records that are asked for side by side: a few, so that a refused token is noticed before the rest is sent with it. */
  readonly concurrency: number;
}

/** In the order of the ids; a `#` in front asks for an order by its number. */
export async function readRecords(
  store: Store,
  kind: ReadKind,
  ids: readonly string[],
): Promise<(CanonicalRecord | undefined | Failure)[]> {
  const records: (CanonicalRecord | undefined | Failure)[] = [];
  const listed = kind === 'order' && ids.length >= worthAList ? await paidOrders(store, ids).catch(() => undefined) : undefined;
  for (let at = 0; at < ids.length; at += store.concurrency) {
    const some = ids.slice(at, at + store.concurrency);
    records.push(...(await Promise.all(some.map((id) => listed?.get(id) ?? readOne(store, kind, id).catch(failureOf)))));
  }
  return records;
}

async function readOne(store: Store, kind: ReadKind, wanted: string): Promise<CanonicalRecord | undefined> {
  if (!wanted.startsWith('#')) return readById(store, kind, wanted);
  if (kind !== 'order') return undefined;
  // The number of an order is its id. A store whose own prefix is `#` means the sign as part of it.
  return (await readById(store, kind, wanted.slice(1))) ?? readById(store, kind, wanted);
}

async function readById(store: Store, kind: ReadKind, id: string): Promise<CanonicalRecord | undefined> {
  const { path, scope } = places[kind];
  const shop = kind === 'customer' ? undefined : await store.profile();
  const body = await store.call({ path: `${path}/${encodeURIComponent(id)}`, label: `read ${kind}`, scope });
  if (body === undefined) return undefined;
  if (shop === undefined) return readCustomer(store, body);
  return kind === 'order' ? orderOf(body, shop) : cartOf(body, shop);
}

/** The record of a customer says "no" of everybody who never said anything. A yes in one of his orders shows that this no was meant. */
async function readCustomer(store: Store, body: unknown): Promise<Customer> {
  const wire = WireCustomer.safeParse(body).data;
  if (wire?.acceptMarketing !== false || wire.stats?.numberOfOrders === 0) return customerOf(body);
  const query = new URLSearchParams({
    customerId: wire.id,
    acceptMarketing: 'true',
    limit: '1',
    responseFields: 'items(id,acceptMarketing)',
  });
  const call = { path: `/orders?${query}`, label: 'look for consent', scope: 'read_orders' };
  const answer = await store.call(call).catch((error: unknown) => {
    if (failureOf(error).code === 'shop.privileges-missing') return undefined;
    throw error;
  });
  const said = Consents.safeParse(answer).data?.items.some(({ acceptMarketing }) => acceptMarketing === true) ?? false;
  return customerOf(body, { revoked: said });
}

const Consents = z.looseObject({ items: z.array(z.looseObject({ acceptMarketing: z.boolean().nullish() })) });

/**
 * Many orders in one call. Lists lag behind the records, so an order counts only as paid: what is not, or is not in the list, or
 * cannot be read there, is read by itself.
 */
async function paidOrders(store: Store, ids: readonly string[]): Promise<ReadonlyMap<string, CanonicalRecord>> {
  const { path, scope } = places.order;
  const wanted = ids.filter((id) => !/[#,]/.test(id));
  const shop = await store.profile();
  const query = new URLSearchParams({ ids: wanted.join(','), limit: '100' });
  const found = z
    .looseObject({ items: z.array(z.unknown()) })
    .parse(await store.call({ path: `${path}?${query}`, label: 'read orders', scope }));
  return new Map(
    found.items.flatMap((item) => {
      try {
        const order = orderOf(item, shop);
        return order.paymentState === 'paid' ? [[order.id, order] as const] : [];
      } catch {
        return [];
      }
    }),
  );
}
