/** What the SKUs of a shop have to be like before its products can go to the till: looked at before anything is sent. Pure. */
import type { Product } from '../commerce.ts';
import type { Text } from '../text.ts';
import { articleNumberPattern } from './articles.ts';

const skuProblems = ['not-numeric', 'duplicate', 'empty', 'variant-without-parent'] as const;

export interface SkuFinding {
  readonly kind: (typeof skuProblems)[number];
  readonly sku: string;
  /** Names of the products and variants that have it. */
  readonly names: readonly string[];
  readonly fix: Text;
}

/** A shop that lists variants as products of their own states the parent's id in `custom.parentId`. */
export type AuditedProduct = Pick<Product, 'id' | 'sku' | 'name' | 'variants' | 'custom'>;

/** Every SKU that the till cannot take, each named once with all products that have it. `known` are SKUs that the table of articles translates. */
export function auditSkus(products: readonly AuditedProduct[], known: ReadonlySet<string> = new Set()): SkuFinding[] {
  const parents = new Set(products.map(({ id }) => id));
  const bySku = new Map<string, string[]>();
  const findings: SkuFinding[] = [];
  for (const product of products) {
    const parent = product.custom.parentId;
    if (parent !== undefined && !parents.has(String(parent))) {
      findings.push({ kind: 'variant-without-parent', sku: product.sku, names: [product.name], fix: fixes['variant-without-parent'] });
    }
    for (const { sku, name } of soldUnits(product)) bySku.set(sku.trim(), [...(bySku.get(sku.trim()) ?? []), name]);
  }
  for (const [sku, names] of bySku) {
    const kind = problemOf(sku, names.length, known);
    if (kind !== undefined) findings.push({ kind, sku, names, fix: fixes[kind] });
    // Both have to be mended: otherwise the second appears when the first is gone.
    if (kind === 'not-numeric' && names.length > 1) findings.push({ kind: 'duplicate', sku, names, fix: fixes.duplicate });
  }
  return findings.sort((a, b) => skuProblems.indexOf(a.kind) - skuProblems.indexOf(b.kind) || a.sku.localeCompare(b.sku));
}

/** What the till has as articles: the variants, or the product itself. The SKU of a product with variants does not matter to it. */
function soldUnits({ sku, name, variants }: AuditedProduct): readonly { sku: string; name: string }[] {
  return variants.length > 0 ? variants.map((variant) => ({ sku: variant.sku, name: variant.name || name })) : [{ sku, name }];
}

function problemOf(sku: string, count: number, known: ReadonlySet<string>): SkuFinding['kind'] | undefined {
  if (sku === '') return 'empty';
  if (!articleNumberPattern.test(sku) && !known.has(sku)) return 'not-numeric';
  return count > 1 ? 'duplicate' : undefined;
}

const fixes: Readonly<Record<SkuFinding['kind'], Text>> = {
  'not-numeric': {
    en: 'The till only knows digits. Give the product a numeric SKU, or translate it in the table of articles.',
    de: 'Die Kasse kennt nur Ziffern. Geben Sie dem Produkt eine SKU aus Ziffern oder übersetzen Sie sie in der Tabelle der Artikel.',
    nl: 'De kassa kent alleen cijfers. Geef het product een SKU van cijfers of vertaal deze in de tabel met artikelen.',
  },
  duplicate: {
    en: 'Several products have this SKU, but the till has each article number once. Give each its own.',
    de: 'Mehrere Produkte haben diese SKU, die Kasse hat jede Artikelnummer aber nur einmal. Geben Sie jedem eine eigene.',
    nl: 'Meerdere producten hebben deze SKU, maar de kassa heeft elk artikelnummer één keer. Geef elk een eigen nummer.',
  },
  empty: {
    en: 'Without a SKU the till does not know which article it is. Enter the article number as SKU.',
    de: 'Ohne SKU weiß die Kasse nicht, welcher Artikel es ist. Tragen Sie die Artikelnummer als SKU ein.',
    nl: 'Zonder SKU weet de kassa niet welk artikel het is. Vul het artikelnummer in als SKU.',
  },
  'variant-without-parent': {
    en: 'The product that this variant belongs to is missing. Assign the variant to a product, or delete it.',
    de: 'Das Produkt, zu dem diese Variante gehört, fehlt. Ordnen Sie die Variante einem Produkt zu oder löschen Sie sie.',
    nl: 'Het product waar deze variant bij hoort ontbreekt. Koppel de variant aan een product of verwijder deze.',
  },
};
