import { putArticle } from '../articles.ts';
import { momentOf, tillTime } from '../clock.ts';
import { type Fields, flagOf, inside, listOf, numberOf, numbersOf, textOf } from '../fields.ts';
import { type ArticleSeed, articleGroups } from '../seed.ts';
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

function wantedProducts(till: Till, request: Fields): TillProduct[] {
  const products = numbersOf(request, 'productNumbers');
  const groups = numbersOf(request, 'groupNumbers');
  return [...till.products.values()].filter(
    (each) =>
      (products.length === 0 || products.includes(each.productNumber)) &&
      (groups.length === 0 || each.groupNumbers.some((group) => groups.includes(group))),
  );
}

/**
 * Products by lowest marker first. A page counts articles, never splits a product, and always holds its first product whole.
 * Only changed articles of a product are given unless includeAllArticlesOfSelectedProducts asks for their siblings.
 */
export function getProducts(till: Till, input: Fields): Fields {
  const request = inside(input, 'request');
  const tests = articleTests(request);
  const all = flagOf(request, 'includeAllArticlesOfSelectedProducts');
  const limit = numberOf(request, 'syncMarker') === undefined ? Number.POSITIVE_INFINITY : numberOf(request, 'syncMarkerLimit') || 1000;
  const product: Fields[] = [];
  let counted = 0;
  for (const each of wantedProducts(till, request).sort((a, b) => a.syncMarker - b.syncMarker)) {
    const hits = tests.length === 0 ? each.articles : each.articles.filter((article) => tests.every((test) => test(article)));
    if (hits.length === 0) continue;
    const given = all ? each.articles : hits;
    if (product.length > 0 && counted + given.length > limit) break;
    counted += given.length;
    product.push(shownProduct(till, each, given));
  }
  return { productList: { product } };
}

function productNumbersIn(till: Till, groupNumber: number): number[] {
  return [...till.products.values()].filter((each) => each.groupNumbers.includes(groupNumber)).map((each) => each.productNumber);
}

function tree(till: Till, parent: number, since: number): Fields[] {
  return articleGroups
    .filter((group) => group.parent === parent && articleGroups.indexOf(group) + 1 >= since)
    .map((group) => ({
      groupNumber: group.groupNumber,
      syncMarker: articleGroups.indexOf(group) + 1,
      name: group.name,
      text: '',
      subGroupList: { articleGroups: tree(till, group.groupNumber, since) },
      sortOrder: group.groupNumber,
      productNumbers: { number: productNumbersIn(till, group.groupNumber) },
      isDeleted: false,
    }));
}

export function getArticleGroups(till: Till, input: Fields): Fields {
  const request = inside(input, 'request');
  const wanted = numbersOf(request, 'groupNumbers');
  const top = tree(till, 0, numberOf(request, 'syncMarker') ?? 0);
  return {
    articleGroupList: { articleGroups: top.filter((group) => wanted.length === 0 || wanted.includes(Number(group.groupNumber))) },
  };
}

export function getArticleGroupChanges(till: Till, input: Fields): Fields {
  const request = inside(input, 'request');
  const wanted = numbersOf(request, 'groupNumbers');
  const since = numberOf(request, 'syncMarker') ?? 0;
  const changed = articleGroups
    .map((group, at) => ({ ...group, syncMarker: at + 1 }))
    .filter((group) => group.syncMarker >= since && (wanted.length === 0 || wanted.includes(group.groupNumber)))
    .slice(0, numberOf(request, 'syncMarkerLimit') || 1000);
  return {
    changedArticleGroupList: {
      changedArticleGroups: changed.map((group) => ({
        groupNumber: group.groupNumber,
        parentGroupNumber: group.parent,
        syncMarker: group.syncMarker,
        name: group.name,
        text: '',
        subGroupNumbers: { number: articleGroups.filter((each) => each.parent === group.groupNumber).map((each) => each.groupNumber) },
        sortOrder: group.groupNumber,
        productNumbers: { number: productNumbersIn(till, group.groupNumber) },
        isDeleted: false,
      })),
    },
  };
}

function seedOf(article: Fields, product: Fields, numbers: { articleNumber: number; productNumber: number }): ArticleSeed {
  const description = textOf(article, 'description') || textOf(product, 'description');
  const priceIncl = numberOf(article, 'priceIncl');
  return {
    ...numbers,
    description,
    productDescription: textOf(product, 'description') || description,
    colour: textOf(article, 'colour'),
    size: textOf(article, 'size'),
    barcode: textOf(article, 'barcode'),
    extArticleId: textOf(article, 'extArticleId'),
    vatCode: numberOf(article, 'vatCode') || 1,
    turnoverGroup: numberOf(article, 'turnoverGroup') ?? 10,
    stockArticle: flagOf(article, 'stockArticle'),
    webshop: flagOf(article, 'webshop'),
    groupNumbers: numbersOf(product, 'groupNumbers'),
    ...(priceIncl === undefined ? {} : { priceIncl }),
  };
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
  const taken = articles.find((each) => till.articles.has(numberOf(each, 'articleNumber') ?? 0));
  if (taken !== undefined) return failed('FAILED-ARTICLE-NUMBER-ALREADY-TAKEN', 'Artikelnummer bestaat al.');
  let free = Math.max(0, ...till.articles.keys());
  const numbers = articles.map((each) => numberOf(each, 'articleNumber') || ++free);
  const productNumber = numberOf(product, 'productNumber') || (numbers[0] as number);
  if (till.products.has(productNumber)) return failed('FAILED-PRODUCT-NUMBER-ALREADY-TAKEN', 'Productnummer bestaat al.');
  articles.forEach((article, at) => {
    putArticle(till, seedOf(article, product, { articleNumber: numbers[at] as number, productNumber }));
  });
  return {
    result: 'CREATE-PRODUCT-RESULT-OK',
    productNumber,
    articleNumbers: numbers,
    changeTimestamp: tillTime(Date.now()),
    syncMarker: till.markers.article,
    errorMessage: '',
  };
}
