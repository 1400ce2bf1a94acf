import { momentOf, tillTime } from '../clock.ts';
import { type Fields, flagOf, inside, listOf, numberOf, numbersOf, textOf } from '../fields.ts';
import { rateOf, shownRate, type Till, type TillArticle, type TillProduct } from '../till.ts';

function shownArticle(till: Till, article: TillArticle): Fields {
  const { seed } = article;
  return {
    articleNumber: article.articleNumber,
    extArticleId: seed.extArticleId,
    pluNumber: seed.pluNumber ?? String(article.articleNumber),
    syncMarker: article.syncMarker,
    changeTimestamp: tillTime(article.changedAt),
    active: seed.active ?? true,
    description: seed.description ?? `Artikel ${article.articleNumber}`,
    colour: seed.colour ?? '',
    size: seed.size ?? '',
    barcode: seed.barcode ?? '',
    brandName: seed.brandName ?? '',
    extraText: seed.extraText ?? '',
    turnoverGroup: seed.turnoverGroup ?? 10,
    vatCode: article.vatCode,
    vatPercentage: shownRate(till, rateOf(article.vatCode) ?? 0),
    priceIncl: article.priceIncl,
    priceExcl: article.priceExcl,
    unit: seed.unit ?? 'stuk',
    webshop: seed.webshop ?? true,
    stockArticle: article.stockArticle,
    imageList: {},
    barcodeList: {
      barcode: seed.barcode === undefined ? [] : [{ barcodeId: article.articleNumber, barcode: seed.barcode, isCurrent: true }],
    },
    discontinued: seed.discontinued ?? false,
    ...seed.more,
  };
}

function shownProduct(till: Till, product: TillProduct, articles: readonly TillArticle[]): Fields {
  return {
    productNumber: product.productNumber,
    syncMarker: product.syncMarker,
    description: product.description,
    extraText: product.extraText,
    articleList: { article: articles.map((article) => shownArticle(till, article)) },
    groupNumbers: product.groupNumbers,
    sortOrderGroupList: { sortOrderGroup: product.groupNumbers.map((groupNumber) => ({ groupNumber, sortOrder: 1 })) },
  };
}

type Test = (article: TillArticle) => boolean;

function articleTests(request: Fields): Test[] {
  const tests: Test[] = [];
  const numbers = new Set(numbersOf(request, 'articleNumbers'));
  if (numbers.size > 0) tests.push((each) => numbers.has(each.articleNumber));
  const plus = new Set(listOf(request, 'pluNumbers', 'text').map((each) => textOf(each, 'text')));
  if (plus.size > 0) tests.push((each) => plus.has(each.seed.pluNumber ?? String(each.articleNumber)));
  if (flagOf(request, 'onlyWebshop')) tests.push((each) => each.seed.webshop ?? true);
  if (flagOf(request, 'onlyActive')) tests.push((each) => each.seed.active ?? true);
  const since = numberOf(request, 'syncMarker');
  if (since !== undefined) tests.push((each) => each.syncMarker >= since);
  if (request.changedSinceTimestamp !== undefined) {
    const moment = momentOf(inside(request, 'changedSinceTimestamp'));
    tests.push((each) => each.changedAt >= moment);
  }
  return tests;
}

/** In the order of their markers, which is the order of the map. */
function* wantedProducts(till: Till, request: Fields): Generator<TillProduct> {
  const named = numbersOf(request, 'productNumbers');
  const holders = numbersOf(request, 'articleNumbers').map((number) => till.articles.get(number)?.productNumber ?? 0);
  const numbers = new Set(named.length > 0 ? named : holders);
  const groups = numbersOf(request, 'groupNumbers');
  const all =
    numbers.size === 0 && numbersOf(request, 'articleNumbers').length === 0
      ? till.products.values()
      : [...numbers].flatMap((number) => till.products.get(number) ?? []).sort((a, b) => a.syncMarker - b.syncMarker);
  for (const each of all) if (groups.length === 0 || each.groupNumbers.some((group) => groups.includes(group))) yield each;
}

/**
 * Products by lowest marker first. A page counts articles, never splits a product, and always holds its first product whole.
 * Only changed articles of a product are given unless includeAllArticlesOfSelectedProducts asks for their siblings.
 */
export function getProducts(till: Till, input: Fields): Fields {
  const request = inside(input, 'request');
  const tests = articleTests(request);
  const all = flagOf(request, 'includeAllArticlesOfSelectedProducts');
  const since = numberOf(request, 'syncMarker');
  const limit = since === undefined ? Number.POSITIVE_INFINITY : numberOf(request, 'syncMarkerLimit') || 1000;
  const product: Fields[] = [];
  let counted = 0;
  for (const each of wantedProducts(till, request)) {
    if (since !== undefined && each.syncMarker < since) continue;
    const hits = tests.length === 0 ? each.articles : each.articles.filter((article) => tests.every((test) => test(article)));
    if (hits.length === 0) continue;
    const given = all ? each.articles : hits;
    if (product.length > 0 && counted + given.length > limit) break;
    counted += given.length;
    product.push(shownProduct(till, each, given));
  }
  if (till.unsortedPages) product.reverse();
  return { productList: { product } };
}
