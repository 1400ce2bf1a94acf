/** Products of the till: what changed, by sync marker, and what they are now, by number. */
import type { Product } from '../commerce.ts';
import type { Change } from '../connector.ts';
import { Failure } from '../failure.ts';
import { articleNumberPattern } from './articles.ts';
import type { TillProduct } from './catalogue-answers.ts';
import { lastSeen } from './cursor.ts';
import { productId, productOf, productPrefix, skuOf } from './product.ts';
import type { Till } from './till.ts';

/** The till counts articles; a page is about half a megabyte. */
const pageSize = 250;
/** Asked for where one large product fills the page, to see what stands behind it. */
const largestPage = 4_000;

interface Noticed {
  readonly product: TillProduct;
  /** Everything up to this marker has been told with this product: where to go on. */
  readonly marker: number;
  /** Its highest marker: two changes of one product differ by it. */
  readonly latest: number;
}

/**
 * Pages of products that changed after a marker, lowest first. Asked without the filters for active and web shop articles,
 * which would hide that one was switched off. A page need not be sorted, and its first product comes whole even if it is
 * larger than the page. Whether pages go by the product's marker or by its articles' is not documented, so the next page
 * starts behind the largest marker of which both are sure that nothing below it is missing: the lowest unseen one of the last
 * product, and the ones right above it that were seen as well (a number is given once). What comes again because of that is
 * not told again. The end is an empty page, or one without news that had more than room enough.
 */
export async function* productPages(till: Pick<Till, 'client'>, after: number): AsyncIterable<readonly Noticed[]> {
  const told = new Map<number | undefined, number>();
  let from = after + 1;
  let limit = pageSize;
  for (;;) {
    const { productList } = await till.client.call('getProducts', {
      request: { pluNumbers: {}, syncMarker: from, syncMarkerLimit: limit, includeAllArticlesOfSelectedProducts: true },
    });
    const page = inOrder(productList, from);
    const last = page.at(-1);
    if (last === undefined) return;
    const news = page.filter(({ product, latest }) => (told.get(product.productNumber) ?? 0) < latest);
    if (news.length > 0) yield news;
    const articles = page.reduce((sum, { product }) => sum + product.articleList.length, 0);
    if (news.length === 0 && articles * 2 < limit) return;
    for (const { product, latest } of news) told.set(product.productNumber, latest);
    for (const [product, latest] of told) if (latest <= last.marker) told.delete(product);
    limit = page.length === 1 || news.length === 0 ? Math.min(largestPage, limit * 4) : pageSize;
    from = last.marker + 1;
  }
}

function inOrder(products: readonly TillProduct[], from: number): Noticed[] {
  const unseen = products
    .map((product) => ({ product, markers: markersOf(product).filter((marker) => marker >= from) }))
    .filter(({ markers }) => markers.length > 0)
    .map(({ product, markers }) => ({ product, markers, least: Math.min(...markers) }))
    .sort((a, b) => a.least - b.least);
  const seen = new Set<number>();
  let reached = from - 1;
  return unseen.map(({ product, markers, least }) => {
    for (const marker of markers) seen.add(marker);
    reached = Math.max(reached, least);
    while (seen.has(reached + 1)) reached += 1;
    return { product, marker: reached, latest: Math.max(...markers) };
  });
}

function markersOf(product: TillProduct): number[] {
  return [product.syncMarker, ...product.articleList.map(({ syncMarker }) => syncMarker)].flatMap((marker) => marker ?? []);
}

/**
 * Products from the cursor on. `undefined` is the beginning, an ISO instant is now. Told one behind: the last one carries
 * the highest marker, because by then it is known that nothing below it is missing.
 */
export async function* changedProducts(till: Till, cursor: string | undefined): AsyncIterable<Change> {
  let held: Change | undefined;
  let highest = 0;
  for await (const page of productPages(till, await lastSeen(till, 'article', cursor))) {
    for (const { product, marker, latest } of page) {
      const id = productId(product);
      highest = Math.max(highest, latest);
      if (id === undefined) continue;
      if (held !== undefined) yield held;
      held = { id, number: skuOf(product), version: String(latest), cursor: String(marker) };
    }
  }
  if (held !== undefined) yield { ...held, cursor: String(highest) };
}

/** In the order of the ids: product numbers, `#1006` for the product of an article, `#P501` for a product. One call for product numbers, one for articles. */
export async function readProducts(till: Till, ids: readonly string[]): Promise<(Product | undefined | Failure)[]> {
  const wanted = ids.map(numberOf);
  const [byProduct, byArticle, codes] = await Promise.all([
    fetched(till, 'productNumbers', numbersIn(wanted, 'product')),
    fetched(till, 'articleNumbers', numbersIn(wanted, 'article')),
    till.vatCodes(),
  ]);
  const products = new Map(byProduct.products.map((product) => [product.productNumber, product]));
  const holders = new Map(byArticle.products.flatMap((product) => product.articleList.map((article) => [article.articleNumber, product])));
  const context = { currency: till.settings.currency, codes, words: till.settings.variantWords };
  return wanted.map((asked) => {
    if (asked === undefined) return undefined;
    const { found, failed } =
      asked.kind === 'product'
        ? { found: products.get(asked.number), failed: byProduct.failures.get(asked.number) }
        : { found: holders.get(asked.number), failed: byArticle.failures.get(asked.number) };
    return failed ?? (found && productOf(found, context));
  });
}

interface Asked {
  readonly kind: 'product' | 'article';
  readonly number: number;
}

function numberOf(id: string): Asked | undefined {
  const product = id.startsWith(`#${productPrefix}`) ? id.slice(1 + productPrefix.length) : id;
  if (articleNumberPattern.test(product)) return { kind: 'product', number: Number(product) };
  return id.startsWith('#') && articleNumberPattern.test(id.slice(1)) ? { kind: 'article', number: Number(id.slice(1)) } : undefined;
}

function numbersIn(wanted: readonly (Asked | undefined)[], kind: Asked['kind']): number[] {
  return [...new Set(wanted.flatMap((asked) => (asked?.kind === kind ? [asked.number] : [])))];
}

interface Fetched {
  readonly products: readonly TillProduct[];
  /** Numbers whose answer cannot be had on its own either. */
  readonly failures: ReadonlyMap<number, Failure>;
}

/**
 * Products with all their articles. An answer that is too large is asked for in halves. An answer without any product is
 * believed only after the till has shown that it knows products at all: throws a Failure `wait` when it does not.
 */
export async function fetched(till: Till, by: 'productNumbers' | 'articleNumbers', numbers: readonly number[]): Promise<Fetched> {
  if (numbers.length === 0) return { products: [], failures: new Map() };
  const answer = await inHalves(numbers, async (some) => {
    const { productList } = await till.client.call('getProducts', {
      request: { pluNumbers: {}, includeAllArticlesOfSelectedProducts: true, [by]: some },
    });
    return productList;
  });
  if (answer.rows.length === 0 && answer.failures.size === 0) await requireProducts(till);
  return { products: answer.rows, failures: answer.failures };
}

/** Asks for some numbers at once; where the answer is too large, for each half on its own. */
export async function inHalves<Row>(
  numbers: readonly number[],
  ask: (some: readonly number[]) => Promise<readonly Row[]>,
): Promise<{ rows: readonly Row[]; failures: ReadonlyMap<number, Failure> }> {
  try {
    return { rows: await ask(numbers), failures: new Map() };
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'network.answer-too-large') throw error;
    const [only] = numbers;
    if (numbers.length < 2) return { rows: [], failures: new Map(only === undefined ? [] : [[only, error]]) };
    const middle = Math.ceil(numbers.length / 2);
    const first = await inHalves(numbers.slice(0, middle), ask);
    const second = await inHalves(numbers.slice(middle), ask);
    return { rows: [...first.rows, ...second.rows], failures: new Map([...first.failures, ...second.failures]) };
  }
}

/** A till without a single product is one that does not tell: nothing is concluded from its silence. */
async function requireProducts(till: Till): Promise<void> {
  const { productList } = await till.client.call('getProducts', { request: { pluNumbers: {}, syncMarker: 1, syncMarkerLimit: 1 } });
  if (productList.length > 0) return;
  throw emptyAnswer('products');
}

export function emptyAnswer(what: string): Failure {
  return new Failure({
    remedy: 'wait',
    code: 'till.empty-answer',
    message: `The till answered without any ${what}, although it has some. Nothing is concluded from that; it is asked again.`,
    params: { what },
  });
}
