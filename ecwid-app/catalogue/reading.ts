/** Reads single products and stock levels, and walks what changed in stock. */
import { z } from 'zod';
import type { CanonicalRecord } from '../../connectors/commerce.ts';
import type { Change } from '../../connectors/connector.ts';
import { Failure, failureOf } from '../../connectors/failure.ts';
import type { Call } from '../calls.ts';
import { changesOf } from '../changes.ts';
import type { Profile } from '../profile.ts';
import { productOf, stockOf } from './read.ts';
import { carryOut, type StoreApi } from './requests.ts';
import { parsed } from './shelf.ts';
import { ambiguousSku } from './stock-plan.ts';
import { Page } from './wire.ts';

const scope = 'read_catalog';

export interface CatalogueReader {
  /** By id, by `{product}-{combination}`, or by `#` or `sku:` and its SKU (exact; finds the product that has the combination, too). */
  read(kind: 'product' | 'stock', ids: readonly string[]): Promise<(CanonicalRecord | undefined | Failure)[]>;
  /** Every article of the products that changed: what is sold and what is counted shows in the same place. */
  changedStock(cursor: string | undefined): AsyncIterable<Change>;
}

export function openReader(api: StoreApi & { profile(): Promise<Profile> }): CatalogueReader {
  async function understood(kind: 'product' | 'stock', body: unknown, which: { sku?: string; combinationId?: string }) {
    return kind === 'stock' ? stockOf(body, which) : productOf(body, which, await api.profile());
  }

  function callFor(id: string): Call {
    const sku = skuIn(id);
    if (sku !== undefined) return { path: `/products?${new URLSearchParams({ sku, limit: '10' })}`, label: 'find product', scope };
    return { path: `/products/${encodeURIComponent(id.split('-', 1)[0] ?? '')}`, label: 'read product', scope };
  }

  async function answered(kind: 'product' | 'stock', id: string, body: unknown): Promise<CanonicalRecord | undefined> {
    const sku = skuIn(id);
    if (sku === undefined) {
      const combinationId = id.split('-', 2)[1];
      return body === undefined ? undefined : understood(kind, body, combinationId === undefined ? {} : { combinationId });
    }
    const found = await Promise.all(parsed(Page, body ?? {}).items.map((item) => understood(kind, item, { sku })));
    const hits = found.filter((hit) => hit !== undefined);
    if (hits.length > 1) throw ambiguousSku(sku, hits.length);
    return hits[0];
  }

  return {
    async read(kind, ids) {
      const bodies = await carryOut(api, ids.map(callFor));
      return Promise.all(
        ids.map((id, index) => (bodies[index] instanceof Failure ? bodies[index] : answered(kind, id, bodies[index]).catch(failureOf))),
      );
    },
    async *changedStock(cursor) {
      const owned = new Map<string, readonly string[]>();
      const changes = changesOf({
        kind: 'product',
        cursor,
        now: api.now(),
        async list(query) {
          query.set('responseFields', 'total,items(id,updateTimestamp,combinations(id,sku))');
          const body = await api.call({ path: `/products?${query}`, label: 'list stock', scope });
          for (const item of parsed(Page, body).items) {
            const { id, combinations } = parsed(Owner, item);
            const own = combinations.filter(({ sku }) => sku !== null && sku !== undefined && sku !== '');
            if (own.length > 0)
              owned.set(
                id,
                own.map((combination) => `${id}-${combination.id}`),
              );
          }
          return body;
        },
      });
      for await (const change of changes) {
        yield change;
        for (const id of owned.get(change.id) ?? []) yield { ...change, id };
        owned.delete(change.id);
      }
    },
  };
}

const skuIn = (id: string): string | undefined => /^(?:sku:|#)(.+)$/s.exec(id)?.[1];

const Owner = z.looseObject({
  id: z.coerce.string(),
  combinations: z
    .array(z.looseObject({ id: z.coerce.string(), sku: z.string().nullish() }))
    .nullish()
    .transform((value) => value ?? []),
});
