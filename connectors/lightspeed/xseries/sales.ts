/** Sales of the store as canonical orders: the feed of changes, and reading. */
import type { Customer, Order } from '../../commerce.ts';
import type { Change } from '../../connector.ts';
import { Failure, failureOf } from '../../failure.ts';
import { unreadable } from './client.ts';
import { customerOf } from './customers.ts';
import { afterOf, pagesOf } from './feed.ts';
import type { Store } from './retailer.ts';
import type { Returns } from './returns.ts';
import { isPureReturn, numberOf, orderOf, type SaleContext } from './sale-order.ts';
import { CustomerRow, type ProductRow, rowIn, rowsIn, SaleRow } from './wire.ts';

/** What stands as source of sales that we brought: they are not news. */
export const ownSource = 'TILLBRIDGE';

export function isOwn(sale: Pick<SaleRow, 'source' | 'source_id'>): boolean {
  return sale.source?.toUpperCase() === ownSource || /^tb-[0-9a-f]{29}$/.test(sale.source_id ?? '');
}

/**
 * Sales that changed behind the cursor, which is a version; an instant means "from then on". Sales of ours are left out; a pure return is a
 * change of the sale that it is for.
 */
export async function* changedSales(store: Store, cursor: string | undefined): AsyncIterable<Change> {
  const { origins } = store;
  let told = await afterOf(store.client, 'sales', { cursor, origins });
  let seen = origins.get(`silent behind ${told}`) ?? told;
  for await (const { rows } of pagesOf(store.client, 'sales', { row: Changed, after: seen })) {
    for (const row of [...rows].sort((a, b) => a.version - b.version)) {
      seen = row.version;
      const place = { version: String(row.version), cursor: String(row.version) };
      const sale = SaleRow.safeParse(row);
      if (sale.success && isOwn(sale.data)) continue;
      told = row.version;
      if (!sale.success) yield { id: row.id, ...place };
      else if (isPureReturn(sale.data) && sale.data.return_for !== undefined) yield { id: sale.data.return_for, ...place };
      else yield { id: row.id, number: numberOf(sale.data), ...place };
    }
  }
  // Only a change carries a cursor: what was silent behind the last one is not gone through again by this session.
  if (seen > told) origins.set(`silent behind ${told}`, seen);
}

/** What a change needs; the rest of a row may be as strange as it likes until it is read. */
const Changed = SaleRow.pick({ id: true, version: true }).loose();

/** In the order of the ids; `#…` means the sale with that number. */
export async function readSales(store: Store, returns: Returns, ids: readonly string[]): Promise<(Order | undefined | Failure)[]> {
  const rows = await Promise.all(ids.map((id) => readRow(store, id).catch(failureOf)));
  const good = rows.filter((row): row is SaleRow => row !== undefined && !(row instanceof Failure));
  const refunded = await returns.of(good.filter((row) => row.status !== 'SAVED' && !isPureReturn(row)));
  const people = new Map<string, Promise<Customer | undefined>>();
  return Promise.all(
    rows.map(async (row) => {
      if (row === undefined || row instanceof Failure) return row;
      try {
        return orderOf(row, await contextOf(store, row, { people, refundedMinor: refunded.get(row.id) ?? 0 }));
      } catch (error) {
        return failureOf(error);
      }
    }),
  );
}

async function readRow(store: Store, id: string): Promise<SaleRow | undefined> {
  if (id.startsWith('#')) return withNumber(store, id.slice(1));
  const json = await store.client.get(`/2.0/sales/${encodeURIComponent(id)}`, 'read sale');
  if (json === undefined) return undefined;
  const row = rowIn(SaleRow, json);
  if (row === undefined) throw unreadable(store.client.store, 'read sale', false);
  return row.deleted_at === undefined ? row : undefined;
}

async function withNumber(store: Store, number: string): Promise<SaleRow | undefined> {
  const query = new URLSearchParams({ type: 'sales', invoice_number: number });
  const page = rowsIn(SaleRow, await store.client.get(`/2.0/search?${query}`, 'look for sale'));
  if (page === undefined) throw unreadable(store.client.store, 'look for sale', false);
  return page.rows.find((row) => row.invoice_number === number);
}

interface Shared {
  readonly people: Map<string, Promise<Customer | undefined>>;
  readonly refundedMinor: number;
}

async function contextOf(store: Store, row: SaleRow, { people, refundedMinor }: Shared): Promise<SaleContext> {
  const ids = [...new Set(row.line_items.flatMap(({ product_id: id }) => id ?? []))];
  const [profile, taxes, outlets, customer, products] = await Promise.all([
    store.profile(),
    store.taxes(),
    store.outlets(),
    row.customer_id === undefined ? undefined : personOf(store, row.customer_id, people),
    Promise.all(ids.map((id) => store.goods.named(id))),
  ]);
  return {
    currency: profile.code,
    rates: new Map(taxes.map(({ id, rateBp }) => [id, rateBp])),
    products: new Map(products.flatMap((product): [string, ProductRow][] => (product === undefined ? [] : [[product.id, product]]))),
    discountProduct: profile.discount_product_id,
    outlets: new Map(outlets.map(({ id, name }) => [id, name ?? id])),
    customer,
    refundedMinor,
  };
}

function personOf(store: Store, id: string, people: Shared['people']): Promise<Customer | undefined> {
  const known = people.get(id);
  if (known !== undefined) return known;
  const asked = readPerson(store, id);
  people.set(id, asked);
  return asked;
}

async function readPerson(store: Store, id: string): Promise<Customer | undefined> {
  const json = await store.client.get(`/2.0/customers/${encodeURIComponent(id)}`, 'read customer');
  const row = json === undefined ? undefined : rowIn(CustomerRow, json);
  return row === undefined ? { id, firstName: '', lastName: '', vatIds: [], guest: false } : customerOf(row);
}
