/** A product of the till as a canonical product. Pure. */
import type { Price, Product, Trait, Variant } from '../commerce.ts';
import { taxInGross } from '../money.ts';
import type { Article, TillProduct } from './catalogue-answers.ts';
import { momentOf } from './clock.ts';
import type { MpluskassaSettings } from './settings.ts';
import type { VatCode } from './vat.ts';

export interface ProductContext {
  readonly currency: string;
  readonly codes: readonly VatCode[];
  readonly words: MpluskassaSettings['variantWords'];
}

export const traitNames = {
  nl: { colour: 'Kleur', size: 'Maat', other: 'Uitvoering' },
  en: { colour: 'Colour', size: 'Size', other: 'Model' },
  de: { colour: 'Farbe', size: 'Größe', other: 'Ausführung' },
} as const;

/** Of the number of a product that groups several articles: a letter in front, because article numbers are digits only. */
export const productPrefix = 'P';

/**
 * The SKU of a product. With one article it is the article number, because that is what is sold. With several it is
 * `P` and the product number: product and article numbers are counted apart, so the bare number could be another article's.
 */
export function skuOf(product: Pick<TillProduct, 'productNumber' | 'articleList'>): string {
  const [only] = product.articleList;
  return only !== undefined && product.articleList.length === 1 ? String(only.articleNumber) : `${productPrefix}${product.productNumber}`;
}

/** Id of a product in the till; a till that gives no product number is asked by the article's. */
export function productId(product: TillProduct): string | undefined {
  return product.productNumber === undefined ? undefined : String(product.productNumber);
}

/** The product with all its articles: several become variants in an order that does not depend on the answer's. */
export function productOf(product: TillProduct, context: ProductContext): Product {
  const articles = [...product.articleList].sort(
    (a, b) =>
      (a.colourSequenceNumber ?? 0) - (b.colourSequenceNumber ?? 0) ||
      (a.sizeSequenceNumber ?? 0) - (b.sizeSequenceNumber ?? 0) ||
      a.articleNumber - b.articleNumber,
  );
  const [first] = articles;
  const variants = articles.length > 1 ? variantsOf(product, articles, context) : [];
  const single = articles.length === 1 ? first : undefined;
  const name = nameOf(product, first);
  const shortText = first?.invoiceText;
  const longText = product.extraText ?? first?.extraText;
  const brand = agreed(articles, ({ brandName }) => brandName);
  const ean = single && eanOf(single);
  const price = single && priceOf(single, context);
  const unit = agreed(articles, unitOf);
  const updatedAt = latest(articles);
  return {
    id: productId(product) ?? skuOf(product),
    sku: skuOf(product),
    name,
    active: articles.some(isActive),
    ...(shortText !== undefined && shortText !== name && { shortText }),
    ...(longText !== undefined && { longText }),
    ...(brand !== undefined && { brand }),
    ...(ean !== undefined && { ean }),
    ...(price !== undefined && { price }),
    ...(unit !== undefined && { unit }),
    stocked: articles.some(({ stockArticle }) => stockArticle !== false),
    categories: [...new Set(product.groupNumbers)].sort((a, b) => a - b).map(String),
    properties: [],
    custom: customOf(articles),
    variants,
    ...(updatedAt !== undefined && { updatedAt }),
  };
}

function nameOf(product: TillProduct, article: Article | undefined): string {
  return product.description || article?.description || skuOf(product);
}

function isActive(article: Article): boolean {
  return article.active !== false && article.discontinued !== true;
}

function variantsOf(product: TillProduct, articles: readonly Article[], context: ProductContext): Variant[] {
  const attributes = attributesOf(articles, context.words);
  return articles.map((article, index) => {
    const ean = eanOf(article);
    const price = priceOf(article, context);
    const unit = unitOf(article);
    return {
      id: String(article.articleNumber),
      sku: String(article.articleNumber),
      name: article.description || nameOf(product, undefined),
      active: isActive(article),
      ...(ean !== undefined && { ean }),
      ...(price !== undefined && { price }),
      attributes: attributes[index] ?? [],
      ...(unit !== undefined && { unit }),
      stocked: article.stockArticle !== false,
    };
  });
}

/** Colour and size where the product has them. Where they do not tell the articles apart, a third one does. */
function attributesOf(articles: readonly Article[], words: MpluskassaSettings['variantWords']): Trait[][] {
  const names = traitNames[words];
  const coloured = articles.some(({ colour }) => colour !== undefined);
  const sized = articles.some(({ size }) => size !== undefined);
  const traits = articles.map(({ colour, size }) => [
    ...(coloured ? [{ name: names.colour, value: colour ?? '–' }] : []),
    ...(sized ? [{ name: names.size, value: size ?? '–' }] : []),
  ]);
  if (allDiffer(traits.map((list) => JSON.stringify(list)))) return traits;
  const described = articles.map(({ description }) => description);
  const byText = allDiffer(described) && described.every((text) => text !== '');
  return traits.map((list, index) => {
    const article = articles[index];
    const value = byText ? (described[index] ?? '') : String(article?.articleNumber ?? index);
    return [...list, { name: names.other, value }];
  });
}

function allDiffer(texts: readonly string[]): boolean {
  return new Set(texts).size === texts.length;
}

/** Every barcode is kept by the till; the current one is on the goods. */
function eanOf(article: Article): string | undefined {
  return article.barcodeList.find(({ isCurrent }) => isCurrent === true)?.barcode ?? article.barcode;
}

/** Somebody types the price at the till, or nobody has set one: a zero there is not a price. */
const withoutPrice = new Set([
  'PRICE-ASK-POSITIVE',
  'PRICE-ASK-NEGATIVE',
  'PRICE-ASK-POSITIVE-NO-POPUP',
  'PRICE-ASK-NEGATIVE-NO-POPUP',
  'PRICE-BARCODE-PRICE',
  'PRICE-NOT-SET',
]);

/** The gross price counts. The till's own net price is kept when it is the same to the cent, for prices that were set net. */
function priceOf(article: Article, { currency, codes }: ProductContext): Price | undefined {
  const { priceIncl, priceExcl } = article;
  const taxRateBp = rateOf(article, codes);
  if (priceIncl === undefined || taxRateBp === undefined) return undefined;
  if (priceIncl === 0 && withoutPrice.has(article.specialPrice ?? '')) return undefined;
  const net = priceIncl - taxInGross(priceIncl, taxRateBp);
  const netMinor = priceExcl !== undefined && Math.abs(priceExcl - net) <= 1 ? priceExcl : net;
  return { currency, grossMinor: priceIncl, netMinor, taxRateBp };
}

/** A composite article has no code of its own; when its components agree, theirs is meant. */
function rateOf(article: Article, codes: readonly VatCode[]): number | undefined {
  const parts = new Set(article.componentArticleList.map(({ vatCode }) => vatCode));
  const code = article.vatCode || (parts.size === 1 ? [...parts][0] : undefined);
  return codes.find((candidate) => candidate.code === code)?.rateBp;
}

const pieces = /^(?:st|stk|stuk|stuks|stück|pcs?|pieces?|each|ea|x)\.?$/i;

/** What it is weighed or measured in; pieces are counted. */
function unitOf(article: Article): string | undefined {
  const unit = article.siUnit ?? article.unit;
  return unit === undefined || pieces.test(unit.trim()) ? undefined : unit.trim();
}

type Custom = Product['custom'];

/** What all articles of the product agree on; a web shop article among them is enough, and discontinued are all or none. */
function customOf(articles: readonly Article[]): Custom {
  const one = (name: string, take: (article: Article) => string | number | undefined): Custom => {
    const value = agreed(articles, take);
    return value === undefined ? {} : { [name]: value };
  };
  return {
    ...ownFields(articles),
    webshop: articles.some(({ webshop }) => webshop === true),
    discontinued: articles.length > 0 && articles.every(({ discontinued }) => discontinued === true),
    ...one('turnoverGroup', ({ turnoverGroup }) => turnoverGroup),
    ...one('supplier', ({ supplierRelationName }) => supplierRelationName),
    ...one('supplierArticleNumber', ({ supplierArticleNumber }) => supplierArticleNumber),
    ...one('pluNumber', ({ pluNumber }) => pluNumber),
    ...one('extArticleId', ({ extArticleId }) => extArticleId),
    ...one('invoiceText', ({ invoiceText }) => invoiceText),
    ...one('contentUnit', ({ contentUnit }) => contentUnit),
    ...one('contentQuantity', ({ contentQuantity, contentQuantityDecimalPlaces }) =>
      contentQuantity ? decimal(contentQuantity, contentQuantityDecimalPlaces ?? 0) : undefined,
    ),
    ...one('specialPrice', ({ specialPrice }) => specialPrice),
    ...one('barcodes', ({ barcodeList }) => barcodeList.flatMap(({ barcode }) => barcode ?? []).join(', ') || undefined),
  };
}

/** The merchant's own fields, by the names he gave them. */
function ownFields(articles: readonly Article[]): Custom {
  const [first] = articles;
  const custom: Custom = {};
  for (const { fieldName } of first?.customFieldList ?? []) {
    const value = agreed(articles, (article) => {
      const field = article.customFieldList.find((candidate) => candidate.fieldName === fieldName);
      if (field?.intValue !== undefined) return field.decimalPlaces ? decimal(field.intValue, field.decimalPlaces) : field.intValue;
      return field?.strValue ?? field?.boolValue;
    });
    if (value !== undefined && fieldName !== '') custom[fieldName] = value;
  }
  return custom;
}

function agreed<T>(articles: readonly Article[], take: (article: Article) => T | undefined): T | undefined {
  const [first] = articles;
  const value = first && take(first);
  return value !== undefined && articles.every((article) => take(article) === value) ? value : undefined;
}

function decimal(value: number, places: number): string {
  if (places === 0) return String(value);
  const digits = String(Math.abs(value)).padStart(places + 1, '0');
  return `${value < 0 ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

function latest(articles: readonly Article[]): string | undefined {
  const moments = articles.flatMap(({ changeTimestamp }) => momentOf(changeTimestamp)?.getTime() ?? []);
  return moments.length === 0 ? undefined : new Date(Math.max(...moments)).toISOString();
}
