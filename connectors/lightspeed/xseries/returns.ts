/**
 * What was given back for a sale. X-Series books a return as a sale of its own that names the first; nothing leads from the first to it. So sales
 * are searched from the day of the sale on, and what was seen is remembered: later looks only cost what is new.
 */

import { minorIn } from '../decimals.ts';
import { unreadable } from './client.ts';
import { pagesOf } from './feed.ts';
import type { Store } from './retailer.ts';
import { instantOf, isPureReturn } from './sale-order.ts';
import { rowsIn, SaleRow } from './wire.ts';

export interface Returns {
  /** Given back for each of these sales, in minor units. */
  of(sales: readonly SaleRow[]): Promise<ReadonlyMap<string, number>>;
}

/** Most that a search answers at once (X-Series search). */
const pageSize = 1_000;
/** The search index lags; sales of the latest versions are read from the list itself. */
const tail = 100;

export function openReturns(store: Store): Returns {
  const { client } = store;
  /** Amount by return, under the sale that it is for. */
  const found = new Map<string, Map<string, number>>();
  /** From this instant on everything is known, up to this version. */
  let fromMs = Number.POSITIVE_INFINITY;
  let after = 0;
  let turn: Promise<void> = Promise.resolve();

  function see(row: SaleRow, currency: string): void {
    if (row.return_for === undefined) return;
    const amounts = found.get(row.return_for) ?? new Map<string, number>();
    found.set(row.return_for, amounts);
    amounts.delete(row.id);
    if (!isPureReturn(row) || row.deleted_at !== undefined || row.status === 'VOIDED' || row.status === 'SAVED') return;
    amounts.set(row.id, -(minorIn(row.total_price, currency) + minorIn(row.total_tax, currency)));
  }

  async function search(startMs: number, currency: string): Promise<number> {
    let highest = 0;
    for (let offset = 0; ; offset += pageSize) {
      const query = new URLSearchParams({
        type: 'sales',
        date_from: `${new Date(startMs).toISOString().slice(0, 19)}Z`,
        page_size: String(pageSize),
        offset: String(offset),
      });
      const page = rowsIn(SaleRow, await client.get(`/2.0/search?${query}`, 'look for returns'));
      if (page === undefined) throw unreadable(client.store, 'look for returns', false);
      for (const row of page.rows) {
        see(row, currency);
        highest = Math.max(highest, row.version);
      }
      if (page.count < pageSize) return highest;
    }
  }

  async function extend(sales: readonly SaleRow[]): Promise<void> {
    const { code: currency } = await store.profile();
    const startMs = Math.min(...sales.map((sale) => Date.parse(instantOf(sale.sale_date ?? sale.created_at) ?? '') || 0));
    if (startMs < fromMs) {
      const highest = await search(startMs, currency);
      const oldest = Math.min(...sales.map(({ version }) => version));
      if (after === 0) after = Math.max(0, (highest === 0 ? oldest : highest) - tail);
      fromMs = startMs;
    }
    for await (const page of pagesOf(client, 'sales', { row: SaleRow, after })) {
      for (const row of page.rows) see(row, currency);
      after = Math.max(after, page.max);
    }
  }

  return {
    async of(sales) {
      if (sales.length === 0) return new Map();
      const mine = turn.then(() => extend(sales));
      turn = mine.catch(() => undefined);
      await mine;
      return new Map(
        sales.map(({ id }) => [id, [...(found.get(id)?.values() ?? [])].reduce((total, amount) => total + amount, 0)] as const),
      );
    },
  };
}
