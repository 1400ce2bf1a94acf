import type { ArticleSeed } from './seed.ts';
import { stockCell, toMillionths } from './stock.ts';
import { nextMarker, rateOf, type Till, type TillArticle, type TillGroup, type TillProduct } from './till.ts';

export function exclOf(priceIncl: number, basisPoints: number): number {
  return Math.round((priceIncl * 10_000) / (10_000 + basisPoints));
}

/** What a seed says about the product goes for a known one as well. */
function productFor(till: Till, seed: ArticleSeed): TillProduct {
  const productNumber = seed.productNumber ?? seed.articleNumber;
  const known = till.products.get(productNumber);
  if (known !== undefined) {
    known.description = seed.productDescription ?? known.description;
    known.extraText = seed.productExtraText ?? known.extraText;
    known.groupNumbers = seed.groupNumbers ?? known.groupNumbers;
    return known;
  }
  const made: TillProduct = {
    productNumber,
    syncMarker: 0,
    description: seed.productDescription ?? seed.description ?? `Artikel ${seed.articleNumber}`,
    extraText: seed.productExtraText ?? '',
    groupNumbers: seed.groupNumbers ?? [],
    articles: [],
  };
  till.products.set(productNumber, made);
  return made;
}

/** An article belongs to one product; a product without articles is gone. */
function leaveProduct(till: Till, article: TillArticle): void {
  const product = till.products.get(article.productNumber);
  if (product === undefined) return;
  product.articles = product.articles.filter(({ articleNumber }) => articleNumber !== article.articleNumber);
  if (product.articles.length === 0) till.products.delete(product.productNumber);
}

/**
 * Puts an article in the till, or changes the one with this number (what the seed leaves out stays). The article and its
 * product get the next sync marker. Stock is only set when the seed names it.
 */
export function putArticle(till: Till, seed: ArticleSeed): TillArticle {
  const known = till.articles.get(seed.articleNumber);
  const full: ArticleSeed = { ...known?.seed, ...seed };
  if (known !== undefined && known.productNumber !== (full.productNumber ?? full.articleNumber)) leaveProduct(till, known);
  const product = productFor(till, full);
  const vatCode = full.vatCode ?? 1;
  const priceIncl = full.priceIncl ?? 1000;
  const article: TillArticle = {
    articleNumber: full.articleNumber,
    productNumber: product.productNumber,
    syncMarker: nextMarker(till, 'article'),
    changedAt: Date.now(),
    priceIncl,
    priceExcl: exclOf(priceIncl, rateOf(vatCode) ?? 0),
    vatCode,
    stockArticle: full.stockArticle ?? true,
    stockDecimals: full.stockDecimals ?? 0,
    seed: full,
  };
  product.syncMarker = article.syncMarker;
  till.products.delete(product.productNumber);
  till.products.set(product.productNumber, product);
  const at = product.articles.findIndex((each) => each.articleNumber === article.articleNumber);
  if (at < 0) product.articles.push(article);
  else product.articles[at] = article;
  till.articles.set(article.articleNumber, article);
  if (article.stockArticle && seed.stock !== undefined) setSeedStock(till, article, seed.stock);
  return article;
}

function setSeedStock(till: Till, article: TillArticle, stock: number | Readonly<Record<number, number>>): void {
  const perBranch = typeof stock === 'number' ? { 1: stock } : stock;
  for (const [branch, amount] of Object.entries(perBranch)) {
    const cell = stockCell(till, article.articleNumber, Number(branch));
    cell.onHand = toMillionths(amount);
    cell.stockId = nextMarker(till, 'stock');
    cell.changedAt = Date.now();
  }
}

/** So many articles of a till that nobody typed in: every tenth product has four sizes, prices and stocks differ. Numbers start at 100000. */
export function* manyArticles(count: number): Generator<ArticleSeed> {
  for (let at = 0; at < count; at += 1) {
    const inTen = at % 13;
    const variant = inTen >= 9;
    const productNumber = 100_000 + at - (variant ? inTen - 9 : 0);
    yield {
      articleNumber: 100_000 + at,
      productNumber,
      description: `Artikel ${variant ? productNumber : 100_000 + at}`,
      priceIncl: 100 + ((at * 37) % 9900),
      vatCode: (at % 3) + 1,
      stock: (at * 7) % 50,
      groupNumbers: [(at % 3) + 2],
      ...(variant && { size: ['S', 'M', 'L', 'XL'][inTen - 9] ?? 'S' }),
    };
  }
}

/** Adds a group, or changes the one with this number; it gets the next sync marker. A deleted group stays as a mark. */
export function putGroup(till: Till, group: Partial<TillGroup> & { groupNumber: number }): TillGroup {
  const known = till.groups.get(group.groupNumber);
  const made: TillGroup = {
    parent: 0,
    name: `Groep ${group.groupNumber}`,
    text: '',
    sortOrder: group.groupNumber,
    deleted: false,
    ...known,
    ...group,
    syncMarker: nextMarker(till, 'articleGroup'),
  };
  till.groups.set(made.groupNumber, made);
  return made;
}
