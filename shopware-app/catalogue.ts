/** The session's writing side: plans of the catalogue and how they are carried out. */
import type { Draft, Outcome, Plan } from '../connectors/connector.ts';
import type { Failure } from '../connectors/failure.ts';
import { planCategories } from './categories.ts';
import { createNumberIndex } from './number-index.ts';
import type { Ground } from './product-look.ts';
import { planProducts } from './products.ts';
import { planStock } from './stock.ts';
import { applyPlans, type SyncRow } from './sync.ts';

type Written = 'product' | 'category' | 'stock';

export interface Catalogue {
  plan(kind: Written, drafts: readonly Draft[]): Promise<readonly (Plan | Failure)[]>;
  apply(kind: Written, plans: readonly Plan[]): Promise<readonly (Outcome | Failure)[]>;
}

export function openCatalogue(ground: Ground & { readonly now: () => Date }): Catalogue {
  const { api, references } = ground;
  const index = createNumberIndex(api, ground.now);

  const written = (rows: readonly SyncRow[]): void => {
    references.learn(rows);
    for (const { entity, action, row } of rows) {
      if (entity !== 'product' || action !== 'upsert') continue;
      if (typeof row.productNumber === 'string') index.forget([row.productNumber]);
      else if (typeof row.stock === 'number') {
        index.wrote(String(row.id), { stock: row.stock, ...(typeof row.isCloseout === 'boolean' && { closeout: row.isCloseout }) });
      }
    }
  };

  return {
    async plan(kind, drafts) {
      if (drafts.length === 0) return [];
      switch (kind) {
        case 'product':
          return planProducts(ground, drafts);
        case 'category':
          return planCategories(ground, drafts);
        case 'stock':
          return planStock(index, drafts);
      }
    },
    apply: (kind, plans) =>
      applyPlans(api, plans, {
        written,
        doubtful(refused) {
          index.forget(refused.flatMap(({ target }) => target?.number ?? []));
          if (kind !== 'stock') references.forget();
        },
      }),
  };
}
