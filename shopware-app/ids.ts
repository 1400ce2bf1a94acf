/** Ids that we give to rows of a shop: the same row has the same id in every retry, on every worker, for ever. */
import { createHash } from 'node:crypto';
import type { ShopwareSettings } from './settings.ts';

/** Names a row by what makes it that row, e.g. `('manufacturer', 'bosch')`; 32 hex digits as Shopware wants them. */
export type IdOf = (...naturalKey: readonly string[]) => string;

/** Sync inserts a new row for everything that comes without an id, so nothing is ever sent without one. */
export function idsOf(settings: Pick<ShopwareSettings, 'shopUrl'>): IdOf {
  const shop = settings.shopUrl.replace(/^https?:\/\//, '').replace(/\/+$/, '');
  return (...naturalKey) =>
    createHash('sha256')
      .update(JSON.stringify([shop, ...naturalKey]))
      .digest('hex')
      .slice(0, 32);
}

/** The database compares texts without regard to case and trailing spaces (utf8mb4_unicode_ci); so do we. */
export function nameKey(name: string): string {
  return name.trim().toLowerCase();
}
