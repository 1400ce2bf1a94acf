/** Publishing what may be sold: an absolute figure, so that doing it twice is doing it once. Pure. */
import type { Draft, Plan, PlanStep } from '../../connectors/connector.ts';
import { Failure } from '../../connectors/failure.ts';
import type { StockDraft } from './draft.ts';
import type { StoreProduct } from './wire.ts';

interface Shelved {
  readonly targetId: string;
  readonly path: string;
  readonly quantity: number | undefined;
  readonly unlimited: boolean;
}

/** Products and combinations that have the SKU themselves; a combination without one shares its product's stock. */
function articlesOf(sku: string, hits: readonly StoreProduct[]): readonly Shelved[] {
  return hits.flatMap((product) => [
    ...(product.sku === sku
      ? [
          {
            targetId: String(product.id),
            path: `/products/${product.id}`,
            quantity: product.quantity,
            unlimited: product.unlimited === true,
          },
        ]
      : []),
    ...product.combinations
      .filter((combination) => combination.sku === sku)
      .map(({ id, quantity, unlimited }) => ({
        targetId: `${product.id}-${id}`,
        path: `/products/${product.id}/combinations/${id}`,
        quantity,
        unlimited: unlimited === true,
      })),
  ]);
}

export function planStock(draft: Draft, fields: StockDraft, hits: readonly StoreProduct[]): Plan {
  const { sku, quantity, managed } = fields;
  const base = { id: draft.id, reference: draft.reference, notes: [] };
  const [article, ...more] = articlesOf(sku, hits);
  if (article === undefined) {
    return { ...base, steps: [{ id: 'stock', action: 'skip', subject: 'stock', reason: 'not-in-shop', changes: [] }] };
  }
  if (more.length > 0) throw ambiguousSku(sku, more.length + 1);
  const target = { id: article.targetId, number: sku };
  const changes = managed
    ? [
        ...(article.unlimited ? [{ field: 'managed', before: false, after: true }] : []),
        ...(article.unlimited || article.quantity !== quantity ? [{ field: 'quantity', before: article.quantity, after: quantity }] : []),
      ]
    : article.unlimited
      ? []
      : [{ field: 'managed', before: true, after: false }];
  const common = { id: 'stock', subject: 'stock', targetId: article.targetId, changes } as const;
  const step: PlanStep =
    changes.length === 0
      ? { ...common, action: 'skip', reason: 'unchanged' }
      : {
          ...common,
          action: 'update',
          request: {
            operation: `PUT ${article.path}`,
            body: JSON.stringify(managed ? { quantity, unlimited: false } : { unlimited: true }),
          },
        };
  return { ...base, target, steps: [step], values: { quantity, managed } };
}

export const ambiguousSku = (sku: string, count: number): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'shop.sku-ambiguous',
    message: `The store has ${count} products with SKU ${sku}. Give each its own.`,
    params: { sku, count },
  });
