/** Customers of the store as canonical customers: the feed, reading, and finding one again. */
import type { Address, Customer } from '../../commerce.ts';
import type { Change } from '../../connector.ts';
import { type Failure, failureOf } from '../../failure.ts';
import { unreadable } from './client.ts';
import { afterOf, pagesOf } from './feed.ts';
import type { Store } from './retailer.ts';
import { instantOf } from './sale-order.ts';
import { CustomerRow, rowIn, rowsIn } from './wire.ts';

/** A version as cursor; an instant means "from then on". */
export async function* changedCustomers(store: Store, cursor: string | undefined): AsyncIterable<Change> {
  const after = await afterOf(store.client, 'customers', { cursor, origins: store.origins });
  for await (const { rows } of pagesOf(store.client, 'customers', { row: Changed, after })) {
    for (const { id, version } of [...rows].sort((a, b) => a.version - b.version))
      yield { id, version: String(version), cursor: String(version) };
  }
}

const Changed = CustomerRow.pick({ id: true, version: true });

/** In the order of the ids; `#…` means the customer with that code. */
export function readCustomers(store: Store, ids: readonly string[]): Promise<(Customer | undefined | Failure)[]> {
  return Promise.all(
    ids.map(async (id) => {
      try {
        const row = id.startsWith('#') ? (await searched(store, { customer_code: id.slice(1) }))[0] : await customerRow(store, id);
        return row && customerOf(row);
      } catch (error) {
        return failureOf(error);
      }
    }),
  );
}

/** As it stands there, also when it is marked as deleted. */
export async function customerRow(store: Store, id: string): Promise<CustomerRow | undefined> {
  const json = await store.client.get(`/2.0/customers/${encodeURIComponent(id)}`, 'read customer');
  if (json === undefined) return undefined;
  const row = rowIn(CustomerRow, json);
  if (row === undefined) throw unreadable(store.client.store, 'read customer', false);
  return row;
}

/** The search may find what is only alike; callers compare. Deleted ones are left out. */
export async function searched(
  store: Store,
  by: { readonly email?: string; readonly customer_code?: string },
): Promise<readonly CustomerRow[]> {
  const query = new URLSearchParams({ type: 'customers', page_size: '100', ...by });
  const page = rowsIn(CustomerRow, await store.client.get(`/2.0/search?${query}`, 'look for customer'));
  if (page === undefined) throw unreadable(store.client.store, 'look for customer', false);
  return page.rows.filter(
    (row) =>
      row.deleted_at === undefined &&
      (by.email === undefined || emailKey(row.email) === emailKey(by.email)) &&
      (by.customer_code === undefined || row.customer_code === by.customer_code),
  );
}

export const emailKey = (email: string | undefined): string => (email ?? '').trim().toLowerCase();

/** Postal is where bills go, physical is where goods go; a store that only knows one of them means both. */
export function customerOf(row: CustomerRow): Customer {
  const physical = addressOf(row, 'physical');
  const postal = addressOf(row, 'postal');
  const billing = postal ?? physical;
  const phone = row.phone ?? row.mobile;
  const updatedAt = instantOf(row.updated_at);
  return {
    id: row.id,
    ...(row.customer_code !== undefined && { number: row.customer_code }),
    ...(row.email !== undefined && { email: row.email }),
    firstName: row.first_name ?? '',
    lastName: row.last_name ?? '',
    ...(row.company_name !== undefined && { company: row.company_name }),
    vatIds: [],
    ...(phone !== undefined && { phone }),
    ...(row.customer_group_id !== undefined && { group: row.customer_group_id }),
    guest: false,
    ...(billing && { billing }),
    ...(physical && { shipping: physical }),
    // Only a no is said there; that nobody said no is not a yes.
    ...(row.do_not_email === true && { permission: { state: 'unsubscribed' as const } }),
    ...(row.deleted_at !== undefined && { deleted: true }),
    ...(updatedAt !== undefined && { updatedAt }),
  };
}

function addressOf(row: CustomerRow, kind: 'physical' | 'postal'): Address | undefined {
  const street = row[`${kind}_address_1`] ?? '';
  const city = row[`${kind}_city`] ?? '';
  const postalCode = row[`${kind}_postcode`] ?? '';
  if (street === '' && city === '' && postalCode === '') return undefined;
  const country = row[`${kind}_country_id`];
  const state = row[`${kind}_state`];
  const phone = row.phone ?? row.mobile;
  return {
    ...(row.company_name !== undefined && { company: row.company_name }),
    firstName: row.first_name ?? '',
    lastName: row.last_name ?? '',
    street,
    additional: [row[`${kind}_address_2`], row[`${kind}_suburb`]].filter((line) => line !== undefined),
    postalCode,
    city,
    ...(state !== undefined && { state }),
    ...(country !== undefined && /^[a-z]{2}$/i.test(country) && { country: country.toUpperCase() }),
    ...(phone !== undefined && { phone }),
  };
}
