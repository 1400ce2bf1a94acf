/** What a shop's product is in the till: one article, or one per variant, each with the fields that it should have. Pure. */
import type { Price, Trait } from '../commerce.ts';
import { Failure } from '../failure.ts';
import { articleNumberPattern } from './articles.ts';
import type { Article } from './catalogue-answers.ts';
import type { ProductDraft } from './product-draft.ts';
import type { PolicyField } from './product-settings.ts';
import { chooseVatCode, type VatCode } from './vat.ts';

export interface Unit {
  /** Article number as text: from the table, or the SKU. */
  readonly article: string;
  readonly sku: string;
  readonly name: string;
  readonly active: boolean;
  readonly stocked: boolean;
  readonly ean: string | undefined;
  readonly price: Price | undefined;
  readonly attributes: readonly Trait[];
  readonly vatCode: number | undefined;
  readonly turnoverGroup: number | undefined;
}

export function unitsOf(draft: ProductDraft): Unit[] {
  const { product } = draft;
  if (product.variants.length === 0) {
    const { sku, name, active, stocked, ean, price } = product;
    const { article = '', vatCode, turnoverGroup } = draft;
    return [{ article: article.trim(), sku, name, active, stocked, ean, price, attributes: [], vatCode, turnoverGroup }];
  }
  return product.variants.map((variant, index) => {
    const { article = '', vatCode, turnoverGroup } = draft.variants[index] ?? {};
    const { sku, stocked, ean, price = product.price, attributes } = variant;
    const active = product.active && variant.active;
    return {
      article: article.trim(),
      sku,
      name: variant.name || product.name,
      active,
      stocked,
      ean,
      price,
      attributes,
      vatCode,
      turnoverGroup,
    };
  });
}

/** The articles of a product, in the order of its units. Throws fix-data naming every SKU that cannot be an article number. */
export function numbersOf(draft: ProductDraft, units: readonly Unit[], byBarcode: (unit: Unit) => number | undefined): number[] {
  const bad = units.filter((unit) => byBarcode(unit) === undefined && !articleNumberPattern.test(unit.article));
  const [first] = bad;
  if (first?.article === '') {
    throw new Failure({
      remedy: 'fix-data',
      code: 'till.sku-missing',
      message: `The product “${first.name}” has no SKU, so the till does not know which article it is.`,
      params: { product: first.name },
    });
  }
  if (first !== undefined) {
    const skus = bad.map(({ article, sku }) => article || sku).join(', ');
    throw new Failure({
      remedy: 'fix-data',
      code: 'till.article-not-numeric',
      message: `“${skus}” cannot be an article number: the till only knows digits. Give ${draft.product.name} numeric SKUs or translate them in the table of articles.`,
      params: { sku: skus },
    });
  }
  const numbers = units.map((unit) => byBarcode(unit) ?? Number(unit.article));
  const twice = numbers.find((number, index) => numbers.indexOf(number) !== index);
  if (twice !== undefined) {
    throw new Failure({
      remedy: 'fix-data',
      code: 'till.article-twice',
      message: `Two variants of “${draft.product.name}” are article ${twice}. Give each a number of its own.`,
      params: { product: draft.product.name, article: twice },
    });
  }
  return numbers;
}

const colourWords = new Set(['kleur', 'colour', 'color', 'farbe', 'couleur']);
const sizeWords = new Set(['maat', 'size', 'größe', 'groesse', 'grösse', 'taille']);

/** The till has two places for what tells articles apart. What is neither colour nor size goes where there is room. */
function placesOf(attributes: readonly Trait[]): { colour?: string; size?: string } {
  const named = (words: ReadonlySet<string>): Trait | undefined => attributes.find(({ name }) => words.has(name.trim().toLowerCase()));
  const size = named(sizeWords);
  const colour = named(colourWords) ?? attributes.find((trait) => trait !== size);
  const rest = attributes.filter((trait) => trait !== colour && trait !== size).map(({ value }) => value);
  const sizes = [...(size === undefined ? [] : [size.value]), ...rest].join(' / ');
  return { ...(colour !== undefined && { colour: colour.value }), ...(sizes !== '' && { size: sizes }) };
}

export type ArticleValues = Partial<Record<PolicyField, string | number | boolean>>;

/** What the article should have, by the till's names. Throws fix-data when the price is in another currency or its rate has no code here. */
export function wantedArticle(
  unit: Unit,
  product: ProductDraft['product'],
  till: { currency: string; codes: readonly VatCode[]; existing: Article | undefined },
): ArticleValues {
  const { price } = unit;
  if (price !== undefined && price.currency.toUpperCase() !== till.currency) {
    throw new Failure({
      remedy: 'fix-data',
      code: 'till.currency',
      message: `The price of “${unit.name}” is in ${price.currency}, the till counts in ${till.currency}.`,
      params: { product: unit.name, currency: price.currency, till: till.currency },
    });
  }
  const none = { vatCode: undefined, componentArticleList: [] };
  const vat =
    price &&
    chooseVatCode({ vatCode: unit.vatCode, taxRateBp: price.taxRateBp, text: unit.name }, till.existing ?? none, {
      codes: till.codes,
      country: undefined,
    });
  const { colour, size } = placesOf(unit.attributes);
  const values = {
    description: unit.name,
    invoiceText: product.shortText,
    extraText: product.longText,
    brandName: product.brand,
    barcode: unit.ean,
    colour,
    size,
    turnoverGroup: unit.turnoverGroup,
    vatCode: vat?.code,
    priceIncl: price?.grossMinor,
    webshop: true,
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ''));
}
