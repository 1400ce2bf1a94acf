/** What products refer to in the shop, kept in the session for a quarter of an hour: taxes, the currency, sales channels, categories, names. */
import { z } from 'zod';
import { Failure } from '../connectors/failure.ts';
import { basisPointsOf } from '../connectors/money.ts';
import { ChannelRow, rowsAs, TaxRow } from './catalogue-rows.ts';
import { type CategoryTree, loadCategories } from './category-tree.ts';
import type { AdminApi } from './client.ts';
import type { IdOf } from './ids.ts';
import { createNames, type Names } from './names.ts';
import type { SyncRow } from './sync.ts';

/** Constants of every installation. */
export const defaultCurrencyId = 'b7d2554b0ce847cd82f3ac9bd1c0dfca';
const storefrontType = '8a243080f92e4c719546314b577cf82b';
const oldestMs = 15 * 60_000;

export interface References {
  readonly names: Names;
  /** ISO code of the currency that every price must have. */
  currency(): Promise<string>;
  taxes(): Promise<Taxes>;
  channels(): Promise<readonly ChannelRow[]>;
  categories(): Promise<CategoryTree>;
  learn(rows: readonly SyncRow[]): void;
  /** Something that was referred to is not there any more. */
  forget(): void;
}

export interface Taxes {
  /** The tax of this rate; the one that the product has already, where it fits. Throws fix-data naming the rate. */
  of(rateBp: number, present: string | null | undefined): string;
  rateOf(id: string | null | undefined): number | undefined;
}

export function createReferences(api: AdminApi, at: { readonly idOf: IdOf; readonly now: () => Date }): References {
  const names = createNames(api, at);
  const currency = remembered(at.now, async () => {
    const rows = await api.search('currency', { page: 1, limit: 1, ids: [defaultCurrencyId], includes: { currency: ['id', 'isoCode'] } });
    return rowsAs(z.object({ isoCode: z.string() }), rows)[0]?.isoCode ?? '';
  });
  const taxes = remembered(at.now, async () => taxesOf(rowsAs(TaxRow, await api.all('tax', { sort: [{ field: 'id', order: 'ASC' }] }))));
  const channels = remembered(at.now, async () =>
    rowsAs(
      ChannelRow,
      await api.all('sales-channel', {
        sort: [
          { field: 'createdAt', order: 'ASC' },
          { field: 'id', order: 'ASC' },
        ],
      }),
    ),
  );
  const categories = remembered(at.now, () => loadCategories(api, at.idOf));

  return {
    names,
    currency: currency.get,
    taxes: taxes.get,
    channels: channels.get,
    categories: categories.get,
    learn(rows) {
      names.learn(rows);
      categories.present()?.learn(rows);
    },
    forget() {
      names.forget();
      for (const memory of [currency, taxes, channels, categories]) memory.forget();
    },
  };
}

/** The sales channels that were chosen, else every active storefront. */
export function chosenChannels(channels: readonly ChannelRow[], chosen: readonly string[]): ChannelRow[] {
  if (chosen.length > 0) return channels.filter(({ id }) => chosen.includes(id));
  return channels.filter(({ typeId, active }) => typeId === storefrontType && active !== false);
}

function taxesOf(rows: readonly TaxRow[]): Taxes {
  const sorted = [...rows].sort((one, other) => (one.position ?? 0) - (other.position ?? 0));
  const rates = new Map(sorted.map(({ id, taxRate }) => [id, basisPointsOf(taxRate)]));
  return {
    rateOf: (id) => (id == null ? undefined : rates.get(id)),
    of(rateBp, present) {
      if (present != null && rates.get(present) === rateBp) return present;
      const found = [...rates].find(([, rate]) => rate === rateBp)?.[0];
      if (found !== undefined) return found;
      const rate = String(rateBp / 100);
      throw new Failure({
        remedy: 'fix-data',
        code: 'shopware.tax-missing',
        message: `Shopware has no tax of ${rate} %. Add it under Settings, Tax, then send the article again.`,
        params: { rate },
      });
    },
  };
}

/** One load for all who wait for it, good for a quarter of an hour; a failed one is not kept. */
function remembered<T>(now: () => Date, load: () => Promise<T>) {
  let loading: { readonly sinceMs: number; readonly value: Promise<T> } | undefined;
  let present: T | undefined;
  const forget = (): void => {
    loading = undefined;
    present = undefined;
  };
  return {
    forget,
    present: (): T | undefined => present,
    get(): Promise<T> {
      const atMs = now().getTime();
      if (loading !== undefined && atMs - loading.sinceMs < oldestMs) return loading.value;
      const value = load();
      const mine = { sinceMs: atMs, value };
      loading = mine;
      value.then(
        (loaded) => {
          if (loading === mine) present = loaded;
        },
        () => {
          if (loading === mine) forget();
        },
      );
      return value;
    },
  };
}
