/** What the SKUs of a shop have to be like before its products can go to the till: looked at before anything is sent. Pure. */
import type { CanonicalRecord, Product } from '../commerce.ts';
import type { Audit, Finding } from '../connector.ts';
import type { TableRows } from '../mapping.ts';
import type { Text } from '../text.ts';
import { articleNumberPattern } from './articles.ts';

const mistakes = ['not-numeric', 'duplicate', 'empty', 'variant-without-parent'] as const;
type Mistake = (typeof mistakes)[number];

/** What the till would have as an article: a variant, or a product without variants. */
interface Unit {
  readonly sku: string;
  readonly name: string;
  readonly ean: string | undefined;
  /** Stated in `custom.parentId` by a source that has the variant and not its product. */
  readonly parent: string | undefined;
}

/** Every SKU that the till cannot take, each named once with all products that have it. What the table of articles translates is judged by its number. */
export function openSkuAudit({ values, tables }: { values: Readonly<Record<string, unknown>>; tables: TableRows }): Audit {
  const articles = new Map((tables.articles ?? []).map(({ from, to }) => [from.trim(), to.trim()]));
  const byBarcode = values.matchByBarcode === true;
  const products = new Set<string>();
  /** By its id, for a walk may come past the same product twice. */
  const units = new Map<string, Unit>();
  const numberOf = ({ sku }: Unit): string => articles.get(sku) ?? sku;

  function mistakeOf(number: string, sharing: readonly Unit[]): Mistake | undefined {
    if (number === '') return 'empty';
    // Whether the till has an article with that barcode is for the till to say.
    if (!articleNumberPattern.test(number) && !(byBarcode && sharing.every(({ ean }) => ean !== undefined))) return 'not-numeric';
    return sharing.length > 1 ? 'duplicate' : undefined;
  }

  return {
    see(records: readonly CanonicalRecord[]) {
      for (const record of records) {
        const { id, custom, ...product } = record as Product;
        products.add(id);
        const parent = custom.parentId === undefined ? undefined : String(custom.parentId);
        for (const sold of unitsOf({ id, ...product })) units.set(sold.id, { ...sold, parent });
      }
    },
    findings() {
      const byNumber = new Map<string, Unit[]>();
      const found = new Map<Mistake, Map<string, string[]>>();
      const blame = (mistake: Mistake, sharing: readonly Unit[]): void => {
        const items = found.get(mistake) ?? new Map<string, string[]>();
        found.set(mistake, items);
        const value = [...new Set(sharing.map(({ sku }) => sku))].sort(compare).join(', ');
        items.set(value, [...(items.get(value) ?? []), ...sharing.map(({ name }) => name)]);
      };
      for (const unit of units.values()) {
        if (unit.parent !== undefined && !products.has(unit.parent)) blame('variant-without-parent', [unit]);
        byNumber.set(numberOf(unit), [...(byNumber.get(numberOf(unit)) ?? []), unit]);
      }
      for (const [number, sharing] of byNumber) {
        const mistake = mistakeOf(number, sharing);
        if (mistake !== undefined) blame(mistake, sharing);
        // Both have to be mended: otherwise the second appears when the first is gone.
        if (mistake === 'not-numeric' && sharing.length > 1) blame('duplicate', sharing);
      }
      return mistakes.flatMap((kind): Finding[] => {
        const items = [...(found.get(kind) ?? [])].map(([value, names]) => ({ value, names })).sort((a, b) => compare(a.value, b.value));
        return items.length === 0 ? [] : [{ kind, title: titles[kind], fix: fixes[kind], ...more[kind], items }];
      });
    },
  };
}

/** The SKU of a product with variants does not matter to the till. */
function unitsOf({
  id,
  sku,
  name,
  ean,
  variants,
}: Omit<Product, 'custom'>): { id: string; sku: string; name: string; ean: string | undefined }[] {
  if (variants.length === 0) return [{ id, sku: sku.trim(), name, ean }];
  return variants.map((variant) => ({ id: `${id}/${variant.id}`, sku: variant.sku.trim(), name: variant.name || name, ean: variant.ean }));
}

const { compare } = new Intl.Collator('en', { numeric: true });

const more: Readonly<Record<Mistake, Pick<Finding, 'table' | 'blocks'>>> = {
  'not-numeric': { table: 'articles' },
  duplicate: { blocks: true },
  empty: {},
  'variant-without-parent': { blocks: true },
};

const titles: Readonly<Record<Mistake, Text>> = {
  'not-numeric': {
    en: 'SKUs that are not only digits',
    de: 'SKUs, die nicht nur aus Ziffern bestehen',
    nl: 'SKU’s die niet alleen uit cijfers bestaan',
  },
  duplicate: { en: 'SKUs that several products have', de: 'SKUs, die mehrere Produkte haben', nl: 'SKU’s die meerdere producten hebben' },
  empty: { en: 'Products without a SKU', de: 'Produkte ohne SKU', nl: 'Producten zonder SKU' },
  'variant-without-parent': { en: 'Variants without their product', de: 'Varianten ohne ihr Produkt', nl: 'Varianten zonder hun product' },
};

const fixes: Readonly<Record<Mistake, Text>> = {
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
