/** Stock of the till: which articles moved, by stock marker, and how much there is now. */
import type { BranchStock, Quantity, StockLevel } from '../commerce.ts';
import type { Change } from '../connector.ts';
import { Failure } from '../failure.ts';
import { articleNumberPattern } from './articles.ts';
import { emptyAnswer, fetched, inHalves, productPages } from './catalogue.ts';
import type { ArticleStock } from './catalogue-answers.ts';
import { momentOf } from './clock.ts';
import { badCursor, headOf, lastSeen } from './cursor.ts';
import { chosenBranches } from './settings.ts';
import type { Till } from './till.ts';

/** A branch's row is up to one kilobyte and an answer has no pages; when more moved than this, all articles are read in turn. */
const mostMoved = 8_000;

/**
 * Articles whose stock changed since the cursor. `undefined` walks through all stock articles and then goes on with what
 * moved meanwhile; so does a cursor that lies too far back. An ISO instant is now. One call when nothing moved, two otherwise.
 * The marker covers reservations, which the stock history does not tell.
 */
export async function* changedStock(till: Till, cursor: string | undefined): AsyncIterable<Change> {
  const walk = walkOf(cursor);
  if (walk === undefined && cursor !== undefined) {
    const since = await lastSeen(till, 'stock', cursor);
    const head = await headOf(till, 'stock');
    // Below: the till was restored from an older state and counts anew.
    if (head < since || head - since > mostMoved) yield* walked(till, { after: 0, stockId: head });
    else if (head > since) yield* moved(till, { since, head });
    return;
  }
  const from = walk ?? { after: 0, stockId: await headOf(till, 'stock') };
  yield* walked(till, from);
  const head = await headOf(till, 'stock');
  if (head > from.stockId && head - from.stockId <= mostMoved) yield* moved(till, { since: from.stockId, head });
}

interface Walk {
  /** Article marker up to which everything has been told. */
  readonly after: number;
  /** Stock marker when the walk began: what moves meanwhile has a higher one. */
  readonly stockId: number;
  /** Of the product that was just told, the articles up to this number are done: a product may have more than one run takes. */
  readonly within?: { readonly product: number; readonly article: number };
}

/** `all:<article marker>:<stock marker>`, in the middle of a product with `:<product>.<article>` behind it. */
function walkOf(cursor: string | undefined): Walk | undefined {
  if (cursor === undefined || !cursor.startsWith('all:')) return undefined;
  const match = /^all:(\d{1,15}):(\d{1,15})(?::(\d{1,15})\.(\d{1,15}))?$/.exec(cursor);
  if (match === null) throw badCursor();
  const [, after, stockId, product, article] = match;
  return {
    after: Number(after),
    stockId: Number(stockId),
    ...(product !== undefined && { within: { product: Number(product), article: Number(article) } }),
  };
}

/** Told one behind, so that the last one can carry the cursor of a finished walk. */
async function* walked(till: Till, { after, stockId, within }: Walk): AsyncIterable<Change> {
  let held: Change | undefined;
  let done = after;
  for await (const page of productPages(till, after)) {
    for (const { product, marker } of page) {
      const least = within?.product === product.productNumber ? within?.article : 0;
      const numbers = product.articleList.flatMap(({ articleNumber, stockArticle }) =>
        stockArticle === false || articleNumber <= (least ?? 0) ? [] : [articleNumber],
      );
      numbers.sort((a, b) => a - b);
      for (const [index, article] of numbers.entries()) {
        if (held !== undefined) yield held;
        const place = index === numbers.length - 1 ? `${marker}:${stockId}` : `${done}:${stockId}:${product.productNumber ?? 0}.${article}`;
        held = { id: String(article), number: String(article), version: `${stockId}.${marker}`, cursor: `all:${place}` };
      }
      done = marker;
    }
  }
  if (held !== undefined) yield { ...held, cursor: String(stockId) };
}

/**
 * Rows of one article in several branches are one change. The row of the cursor itself is asked for as well and left out
 * here: that is right whether the till's filter includes its bound or not. The last one carries the marker up to which the
 * answer is complete, also when the highest of it belongs to a branch that does not count.
 */
async function* moved(till: Till, { since, head }: { since: number; head: number }): AsyncIterable<Change> {
  const latest = new Map<number, number>();
  for (const { articleNumber, stockId } of await stockRows(till, { stockId: since })) {
    if (stockId > since) latest.set(articleNumber, Math.max(stockId, latest.get(articleNumber) ?? 0));
  }
  const changes = [...latest].sort(([, a], [, b]) => a - b);
  for (const [index, [articleNumber, stockId]] of changes.entries()) {
    const cursor = index === changes.length - 1 ? Math.max(head, stockId) : stockId;
    yield { id: String(articleNumber), number: String(articleNumber), version: String(stockId), cursor: String(cursor) };
  }
}

/** Rows of the chosen branches: in one call, or one per branch where the service is older. */
async function stockRows(till: Till, by: { stockId?: number; articleNumbers?: readonly number[] }): Promise<ArticleStock[]> {
  const branches = chosenBranches(till.settings);
  const [first = till.settings.branchNumber, ...others] = branches;
  const ask = async (branchNumber: number, branchNumbers: readonly number[]): Promise<ArticleStock[]> => {
    const { articleStocks } = await till.client.call('getStock', {
      request: {
        branchNumber,
        articleNumbers: by.articleNumbers === undefined ? {} : { articleNumbers: by.articleNumbers },
        stockId: by.stockId,
        branchNumbers: branchNumbers.length === 0 ? undefined : { branchNumber: branchNumbers },
      },
    });
    return articleStocks.map((row) => ({ ...row, branchNumber: row.branchNumber ?? branchNumber }));
  };
  if (others.length === 0) return ask(first, []);
  if ((await till.abilities()).stockOfBranches) return ask(first, branches);
  const rows: ArticleStock[] = [];
  for (const branch of branches) rows.push(...(await ask(branch, [])));
  return rows;
}

/**
 * In the order of the ids, which are article numbers (`#1006` as well). An article that the till does not name is
 * `undefined`, never zero; a branch that it does not name is left out. When it names none of them, though it has them as
 * stock articles, those are a Failure `wait`: nothing may be published from such an answer.
 */
export async function readStock(till: Till, ids: readonly string[]): Promise<(StockLevel | undefined | Failure)[]> {
  const numbers = ids.map((id) => articleOf(id));
  const wanted = [...new Set(numbers.flatMap((number) => number ?? []))];
  if (wanted.length === 0) return ids.map(() => undefined);
  const { rows, failures } = await inHalves(wanted, (some) => stockRows(till, { articleNumbers: some }));
  const byArticle = new Map<number, ArticleStock[]>();
  for (const row of rows) byArticle.set(row.articleNumber, [...(byArticle.get(row.articleNumber) ?? []), row]);
  const silent = wanted.every((number) => !byArticle.has(number)) ? await stockArticlesAmong(till, wanted) : new Set<number>();
  return numbers.map((number) => {
    if (number === undefined) return undefined;
    const found = byArticle.get(number);
    if (found !== undefined) return levelOf(number, found);
    return failures.get(number) ?? (silent.has(number) ? emptyAnswer('stock') : undefined);
  });
}

function articleOf(id: string): number | undefined {
  const text = id.startsWith('#') ? id.slice(1) : id;
  return articleNumberPattern.test(text) ? Number(text) : undefined;
}

async function stockArticlesAmong(till: Till, numbers: readonly number[]): Promise<ReadonlySet<number>> {
  const { products } = await fetched(till, 'articleNumbers', numbers);
  const stocked = products.flatMap(({ articleList }) => articleList.filter(({ stockArticle }) => stockArticle === true));
  return new Set(stocked.map(({ articleNumber }) => articleNumber));
}

function levelOf(articleNumber: number, rows: readonly ArticleStock[]): StockLevel | Failure {
  try {
    const moments = rows.flatMap(({ changeTimestamp }) => momentOf(changeTimestamp)?.getTime() ?? []);
    return {
      id: String(articleNumber),
      sku: String(articleNumber),
      branches: [...rows].sort((a, b) => (a.branchNumber ?? 0) - (b.branchNumber ?? 0)).map(branchOf),
      ...(moments.length > 0 && { updatedAt: new Date(Math.max(...moments)).toISOString() }),
    };
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

/** `amountFree` can be sold; what is reserved for undelivered orders still lies on the shelf. */
function branchOf(row: ArticleStock): BranchStock {
  const available = quantityOf(row.amountFree, row.decimalPlacesFree);
  const reserved = quantityOf(row.amountReserved, row.decimalPlacesReserved);
  return {
    branch: String(row.branchNumber),
    physical: added(available, reserved),
    available,
    reserved,
    incoming: quantityOf(row.amountIncoming, row.decimalPlacesIncoming),
  };
}

function quantityOf(value: number, scale: number): Quantity {
  if (scale >= 0 && scale <= 6 && Number.isSafeInteger(value)) return { value, scale };
  throw new Failure({
    remedy: 'fix-data',
    code: 'till.amount-unusable',
    message: `The till states a stock of ${value} with ${scale} decimals, which cannot be counted with.`,
    params: { value, decimals: scale },
  });
}

function added(a: Quantity, b: Quantity): Quantity {
  const scale = Math.max(a.scale, b.scale);
  return quantityOf(a.value * 10 ** (scale - a.scale) + b.value * 10 ** (scale - b.scale), scale);
}
