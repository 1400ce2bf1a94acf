/** Which product and which variant of the shop an article of the source is. Pure. */
import { Failure } from '../../failure.ts';
import type { ProductDraft } from '../drafts.ts';
import type { ArticleKey } from './shelf.ts';
import type { VariantRow } from './wire.ts';

/** What a product brings into the shop: its variants on sale, or itself as the only one. */
export type Article = Pick<ProductDraft['product'], 'sku' | 'ean' | 'price' | 'stocked'> & {
  readonly attributes: readonly { readonly name: string; readonly value: string }[];
  readonly name: string;
};

/** Throws Failure fix-data where an article could not be told from the others. */
export function articlesOf({ product }: ProductDraft): readonly Article[] {
  const articles = product.variants.length === 0 ? [{ ...product, attributes: [] }] : product.variants.filter(({ active }) => active);
  const seen = new Set<string>();
  for (const { sku } of articles) {
    if (sku.trim() === '') {
      throw new Failure({
        remedy: 'fix-data',
        code: 'lightspeed.sku-missing',
        message: `An article of “${product.name}” has no number, without which Lightspeed cannot tell it again. Give it one in the source.`,
        params: { product: product.name },
      });
    }
    if (seen.has(sku)) {
      throw new Failure({
        remedy: 'fix-data',
        code: 'lightspeed.variant-code-twice',
        message: `Two variants of “${product.name}” have the number ${sku}. Give each its own in the source.`,
        params: { product: product.name, sku },
      });
    }
    seen.add(sku);
  }
  return articles;
}

export const keysOf = (articles: readonly Pick<Article, 'sku' | 'ean'>[]): ArticleKey[] => articles.map(({ sku, ean }) => ({ sku, ean }));

/** Exactly one, or none. */
export function theVariant(sku: string, found: readonly VariantRow[]): VariantRow | undefined {
  if (found.length > 1) throw ambiguous(sku, found.length);
  return found[0];
}

/** The one product to which all articles that are there belong. */
export function theProduct(articles: readonly Article[], found: readonly (readonly VariantRow[])[]): number | undefined {
  const products = new Set<number>();
  articles.forEach(({ sku }, index) => {
    const hits = found[index] ?? [];
    const own = new Set(hits.flatMap(({ product }) => product ?? []));
    if (own.size > 1) throw ambiguous(sku, own.size);
    for (const id of own) products.add(id);
    if (products.size > 1) {
      throw new Failure({
        remedy: 'fix-data',
        code: 'lightspeed.variant-elsewhere',
        message: `Article ${sku} belongs to another product in Lightspeed than the other variants. Put them together there, or part them in the source.`,
        params: { sku },
      });
    }
  });
  return [...products][0];
}

/** Within one product: by article code, else by EAN, else by SKU. */
export function variantIn(variants: readonly VariantRow[], { sku, ean }: ArticleKey): VariantRow | undefined {
  for (const [numbering, value] of [
    ['articleCode', sku],
    ['ean', ean],
    ['sku', sku],
  ] as const) {
    if (value === undefined || value === '') continue;
    const hits = variants.filter((variant) => variant[numbering] === value);
    if (hits.length > 0) return theVariant(sku, hits);
  }
  return undefined;
}

export const hasNoNumber = ({ articleCode, ean, sku }: VariantRow): boolean => articleCode === '' && ean === '' && sku === '';

function ambiguous(sku: string, count: number): Failure {
  return new Failure({
    remedy: 'fix-data',
    code: 'lightspeed.variant-ambiguous',
    message: `Lightspeed has ${count} variants that could be article ${sku}. Give each its own article code there.`,
    params: { sku, count },
  });
}
