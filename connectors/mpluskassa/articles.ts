/** Articles of the till: numbers only, and known before an order names them. */
import type { LineKind } from '../commerce.ts';
import { Failure } from '../failure.ts';
import type { Article } from './catalogue-answers.ts';
import type { TillClient } from './client.ts';
import type { DraftLine, OrderDraft } from './draft.ts';

/** Article numbers are `xsd:long`; JavaScript counts exactly up to 2^53. */
export const articleNumberPattern = /^\d{1,15}$/;

const settingOf: Readonly<Record<Exclude<LineKind, 'product'>, string>> = {
  shipping: 'shippingArticle',
  discount: 'discountArticle',
  surcharge: 'surchargeArticle',
  'gift-card': 'giftCardArticle',
  rounding: 'roundingArticle',
};

/** Throws fix-data when there is none or when it is not a number: the till cannot even be asked for `ABC-1`. */
export function articleNumberOf(line: Pick<DraftLine, 'kind' | 'article' | 'text'>): number {
  const text = line.article?.trim() ?? '';
  if (text === '') {
    if (line.kind === 'product') {
      throw new Failure({
        remedy: 'fix-data',
        code: 'till.sku-missing',
        message: `The product “${line.text}” has no SKU, so the till does not know which article it is.`,
        params: { product: line.text },
      });
    }
    throw new Failure({
      remedy: 'fix-data',
      code: 'till.article-not-set',
      message: `The order has a line of kind ${line.kind}, but no article is chosen for it. Choose one in the settings of the order flow.`,
      params: { kind: line.kind, setting: settingOf[line.kind] },
    });
  }
  if (!articleNumberPattern.test(text)) {
    throw new Failure({
      remedy: 'fix-data',
      code: 'till.article-not-numeric',
      message: `“${text}” is not an article number: the till only knows digits. Give the product a numeric SKU or translate it in the table of articles.`,
      params: { sku: text },
    });
  }
  return Number(text);
}

/** All numbers that an order needs, the rounding article included: it is decided later whether it is used. Throws as {@link articleNumberOf}. */
export function articleNumbersOf(draft: OrderDraft): number[] {
  const numbers = draft.lines.map(articleNumberOf);
  if (draft.policy.roundingArticle !== undefined) {
    numbers.push(articleNumberOf({ kind: 'rounding', article: draft.policy.roundingArticle, text: '' }));
  }
  return [...new Set(numbers)];
}

const knownForMs = 10 * 60_000;
const mostKept = 50_000;
const mostPerCall = 100;

export interface ArticleShelf {
  /** The articles that exist, by number. Asks the till only for what is not known. */
  take(numbers: readonly number[]): Promise<ReadonlyMap<number, Article>>;
}

/** Keeps active articles for ten minutes. "There is none" and "not active" are asked again: the merchant is just mending it. */
export function createArticleShelf(client: TillClient, now: () => Date): ArticleShelf {
  const shelf = new Map<number, { article: Promise<Article | undefined>; until: number }>();

  const fetch = (numbers: readonly number[]): void => {
    const until = now().getTime() + knownForMs;
    const answer = client.call('getProducts', {
      request: { articleNumbers: numbers, pluNumbers: {}, onlyWebshop: false, onlyActive: false },
    });
    for (const number of numbers) {
      const article = answer.then(({ productList }) => {
        const found = productList.flatMap((product) => product.articleList).find((candidate) => candidate.articleNumber === number);
        if (found === undefined || found.active === false) shelf.delete(number);
        return found;
      });
      article.catch(() => shelf.delete(number));
      shelf.set(number, { article, until });
    }
  };

  return {
    async take(numbers) {
      const at = now().getTime();
      const unknown = numbers.filter((number) => (shelf.get(number)?.until ?? 0) <= at);
      for (const number of unknown) shelf.delete(number);
      for (let from = 0; from < unknown.length; from += mostPerCall) fetch(unknown.slice(from, from + mostPerCall));
      const held = numbers.map((number) => [number, shelf.get(number)?.article] as const);
      const articles = new Map<number, Article>();
      for (const [number, promise] of held) {
        const article = await promise;
        if (article !== undefined) articles.set(number, article);
      }
      for (const oldest of shelf.keys()) {
        if (shelf.size <= mostKept) break;
        shelf.delete(oldest);
      }
      return articles;
    },
  };
}
