import { putArticle } from '../articles.ts';
import { tillTime } from '../clock.ts';
import { type Fields, inside, listOf, numberOf, numbersOf, textOf } from '../fields.ts';
import type { ArticleSeed } from '../seed.ts';
import { rateOf, type Till } from '../till.ts';

const texts = ['description', 'colour', 'size', 'barcode', 'extArticleId', 'pluNumber', 'brandName', 'extraText', 'unit'] as const;
const numbers = ['vatCode', 'turnoverGroup'] as const;
const flags = ['stockArticle', 'webshop', 'active', 'discontinued'] as const;
const others = ['invoiceText', 'receiptText', 'displayText', 'supplierArticleNumber', 'siUnit', 'contentUnit', 'customFieldList'] as const;

/** What was sent, and nothing else: what is left out stays as it was. */
function sentSeed(till: Till, article: Fields, product: Fields): Omit<ArticleSeed, 'articleNumber'> {
  const known = till.articles.get(numberOf(article, 'articleNumber') ?? 0)?.seed;
  const seed: Record<string, unknown> = {};
  for (const name of texts) if (article[name] !== undefined) seed[name] = textOf(article, name);
  for (const name of numbers) if (article[name] !== undefined) seed[name] = numberOf(article, name);
  for (const name of flags) if (article[name] !== undefined) seed[name] = article[name];
  const more: Fields = { ...known?.more };
  for (const name of others) if (article[name] !== undefined) more[name] = article[name];
  const priceExcl = numberOf(article, 'priceExcl');
  const vatCode = numberOf(article, 'vatCode') ?? known?.vatCode ?? 1;
  const priceIncl =
    numberOf(article, 'priceIncl') ??
    (priceExcl === undefined ? undefined : Math.round((priceExcl * (10_000 + (rateOf(vatCode) ?? 0))) / 1e4));
  return {
    ...seed,
    ...(Object.keys(more).length > 0 && { more }),
    ...(priceIncl !== undefined && { priceIncl }),
    ...(product.description !== undefined && { productDescription: textOf(product, 'description') }),
    ...(product.extraText !== undefined && { productExtraText: textOf(product, 'extraText') }),
    ...(product.groupNumbers !== undefined && { groupNumbers: numbersOf(product, 'groupNumbers') }),
  };
}

/** The first mistake in the articles of a product, in the till's words. */
function mistake(articles: readonly Fields[]): string | undefined {
  for (const article of articles) {
    const turnoverGroup = numberOf(article, 'turnoverGroup') ?? 0;
    if (turnoverGroup < 0 || turnoverGroup > 999) return `Omzetgroep ${turnoverGroup} bestaat niet (turnover group).`;
    const vatCode = numberOf(article, 'vatCode');
    if (vatCode !== undefined && rateOf(vatCode) === undefined) return `BTW-code ${vatCode} bestaat niet (VAT code).`;
  }
  return undefined;
}

export function createProduct(till: Till, input: Fields): Fields {
  const product = inside(input, 'product');
  const articles = listOf(product, 'articleList', 'article');
  const failed = (result: string, errorMessage: string): Fields => ({
    result: `CREATE-PRODUCT-RESULT-${result}`,
    productNumber: 0,
    articleNumbers: [],
    errorMessage,
  });
  if (articles.length === 0) return failed('FAILED', 'Product heeft geen artikelen (no articles).');
  const wrong = mistake(articles);
  if (wrong !== undefined) return failed('FAILED', wrong);
  const taken = articles.find((each) => till.articles.has(numberOf(each, 'articleNumber') ?? 0));
  if (taken !== undefined) return failed('FAILED-ARTICLE-NUMBER-ALREADY-TAKEN', 'Artikelnummer bestaat al.');
  let free = highest(till);
  const given = articles.map((each) => numberOf(each, 'articleNumber') || ++free);
  const productNumber = numberOf(product, 'productNumber') || (given[0] as number);
  if (till.products.has(productNumber)) return failed('FAILED-PRODUCT-NUMBER-ALREADY-TAKEN', 'Productnummer bestaat al.');
  articles.forEach((article, at) => {
    const description = textOf(article, 'description') || textOf(product, 'description');
    const seed = { productDescription: description, description, stockArticle: false, webshop: false, ...sentSeed(till, article, product) };
    putArticle(till, { ...seed, articleNumber: given[at] as number, productNumber });
  });
  return {
    result: 'CREATE-PRODUCT-RESULT-OK',
    productNumber,
    articleNumbers: given,
    changeTimestamp: tillTime(Date.now()),
    syncMarker: till.markers.article,
    errorMessage: '',
  };
}

/** Known articles are changed, unknown ones are added; what was not sent stays. The product is named by its number or by one of its articles. */
export function updateProduct(till: Till, input: Fields): Fields {
  const product = inside(input, 'product');
  const articles = listOf(product, 'articleList', 'article');
  const answer = (result: string, more: Fields): Fields => ({
    result: `UPDATE-PRODUCT-RESULT-${result}`,
    existingArticleNumbers: [],
    newArticleNumbers: [],
    errorMessage: '',
    ...more,
  });
  const named = articles.map((each) => till.articles.get(numberOf(each, 'articleNumber') ?? 0)?.productNumber);
  const productNumber = numberOf(product, 'productNumber') || named.find((each) => each !== undefined) || 0;
  if (!till.products.has(productNumber)) return answer('NOT-FOUND', { errorMessage: 'Product niet gevonden (product not found).' });
  const wrong = mistake(articles);
  if (wrong !== undefined) return answer('FAILED', { errorMessage: wrong });
  if (named.some((each) => each !== undefined && each !== productNumber))
    return answer('FAILED-ARTICLE-NUMBER-ALREADY-TAKEN', { errorMessage: 'Artikelnummer hoort bij een ander product.' });
  let free = highest(till);
  const existing: number[] = [];
  const added: number[] = [];
  articles.forEach((article, at) => {
    const articleNumber = numberOf(article, 'articleNumber') || ++free;
    (named[at] === undefined ? added : existing).push(articleNumber);
    const fresh = named[at] === undefined ? { description: till.products.get(productNumber)?.description ?? '', stockArticle: false } : {};
    putArticle(till, { ...fresh, ...sentSeed(till, article, product), articleNumber, productNumber });
  });
  const [first] = till.products.get(productNumber)?.articles ?? [];
  if (articles.length === 0 && first !== undefined)
    putArticle(till, { ...sentSeed(till, {}, product), articleNumber: first.articleNumber, productNumber });
  return answer('OK', {
    existingArticleNumbers: existing,
    newArticleNumbers: added,
    changeTimestamp: tillTime(Date.now()),
    syncMarker: till.markers.article,
  });
}

function highest(till: Till): number {
  let most = 0;
  for (const number of till.articles.keys()) if (number > most) most = number;
  return most;
}
