/** Stock that a shop brings to the till: absolute, for the branch of the connection, many articles in one call. */
import { z } from 'zod';
import type { Draft, Outcome, Plan, PlanStep } from '../connector.ts';
import { attempt, Failure, failureOf } from '../failure.ts';
import type { Answer } from './answers.ts';
import { refused } from './apply.ts';
import { articleNumberPattern } from './articles.ts';
import { emptyAnswer, fetched, inHalves } from './catalogue.ts';
import type { Article, ArticleStock } from './catalogue-answers.ts';
import { drafted } from './drafted.ts';
import { StockDraft } from './product-draft.ts';
import { type Till, unknownOperation } from './till.ts';

/** One article's correction. `amount` is what lies on the shelf, in units of 10^-decimalPlaces. */
const Row = z.object({ articleNumber: z.number().int(), amount: z.number().int(), decimalPlaces: z.number().int() });
type Row = z.infer<typeof Row>;

/** What the merchant reads in the till's stock history. */
const reference = 'Webshop';

/** One plan or Failure per draft; one call for the stock of all, another only for articles that the till did not name. */
export async function planStock(till: Till, drafts: readonly Draft[]): Promise<(Plan | Failure)[]> {
  const parsed = drafts.map((source) => ({ source, draft: attempt(() => parsedDraft(source)) }));
  const numbers = [...new Set(parsed.flatMap(({ draft }) => (draft instanceof Failure ? [] : [Number(draft.article)])))];
  if (numbers.length === 0) return parsed.map(({ draft }) => draft as Failure);
  const { rows } = await inHalves(numbers, async (articleNumbers) => {
    const request = { branchNumber: till.settings.branchNumber, articleNumbers: { articleNumbers } };
    return (await till.client.call('getStock', { request })).articleStocks;
  });
  const stock = new Map(rows.map((row) => [row.articleNumber, row]));
  const silent = numbers.filter((number) => !stock.has(number));
  const { products } = await fetched(till, 'articleNumbers', silent);
  const articles = new Map(products.flatMap(({ articleList }) => articleList.map((article) => [article.articleNumber, article])));
  const mute = stock.size === 0 && silent.some((number) => articles.get(number)?.stockArticle === true);
  return parsed.map(({ source, draft }) => {
    if (draft instanceof Failure) return draft;
    const number = Number(draft.article);
    const found = { row: stock.get(number), article: articles.get(number) };
    if (mute && found.article?.stockArticle === true) return emptyAnswer('stock');
    const target = { id: String(number), number: String(number) };
    return { id: source.id, reference: source.reference, target, steps: [stepOf(draft, number, found)], notes: [] };
  });
}

function parsedDraft(source: Draft): StockDraft & { article: string } {
  const draft = drafted(StockDraft, source);
  const article = (draft.article ?? draft.sku).trim();
  if (articleNumberPattern.test(article)) return { ...draft, article };
  throw new Failure({
    remedy: 'fix-data',
    code: 'till.article-not-numeric',
    message: `“${article}” is not an article number: the till only knows digits. Give the product a numeric SKU or translate it in the table of articles.`,
    params: { sku: article },
  });
}

function stepOf(draft: StockDraft, number: number, found: { row: ArticleStock | undefined; article: Article | undefined }): PlanStep {
  const step = { id: 'stock', subject: 'stock', targetId: String(number), changes: [] };
  const skip = (reason: string): PlanStep => ({ ...step, action: 'skip', reason });
  if (!draft.managed) return skip('not-managed');
  if (found.row === undefined && found.article === undefined) return skip('not-in-till');
  if (found.row === undefined && found.article?.stockArticle === false) return skip('no-stock-article');
  const free = found.row && trimmed(found.row.amountFree, found.row.decimalPlacesFree);
  if (free?.scale === 0 && free.value === draft.quantity) return skip('unchanged');
  // What the till has set aside for undelivered orders still lies on the shelf, and a correction counts the shelf.
  const reserved = trimmed(found.row?.amountReserved ?? 0, found.row?.decimalPlacesReserved ?? 0);
  const row: Row = {
    articleNumber: number,
    amount: draft.quantity * 10 ** reserved.scale + reserved.value,
    decimalPlaces: reserved.scale,
  };
  const before = free && free.value / 10 ** free.scale;
  return {
    ...step,
    action: 'update',
    changes: [{ field: 'quantity', ...(before !== undefined && { before }), after: draft.quantity }],
    request: { operation: draft.policy.stockWriting === 'set' ? 'setStock' : 'saveStockCorrections', body: JSON.stringify(row) },
  };
}

/** Without decimals that say nothing: 12.000 is 12. */
function trimmed(value: number, scale: number): { value: number; scale: number } {
  return scale > 0 && value % 10 === 0 ? trimmed(value / 10, scale - 1) : { value: value === 0 ? 0 : value, scale };
}

interface Item {
  readonly plan: Plan;
  readonly row: Row;
}

/** Rows of all plans in as few calls as there are; a row that the till refuses is taken out, and the others go without it. */
export async function applyStock(till: Till, plans: readonly Plan[]): Promise<(Outcome | Failure)[]> {
  const outcomes = new Map<Plan, Outcome | Failure>();
  let together: Item[] = [];
  const rounds: Item[][] = [];
  for (const plan of plans) {
    const request = plan.steps.find((step) => step.request !== undefined)?.request;
    if (request === undefined) {
      outcomes.set(plan, left(plan, []));
      continue;
    }
    const item = { plan, row: Row.parse(JSON.parse(request.body)) };
    if (request.operation === 'setStock') {
      outcomes.set(plan, await setOne(till, item).catch(failureOf));
      continue;
    }
    // The till refuses a call that names an article twice.
    if (together.some(({ row }) => row.articleNumber === item.row.articleNumber)) {
      rounds.push(together);
      together = [];
    }
    together.push(item);
  }
  for (const round of [...rounds, together]) await correct(till, round, outcomes);
  return plans.map((plan) => outcomes.get(plan) ?? failureOf(undefined));
}

function left(plan: Plan, written: readonly string[]): Outcome {
  const after = plan.steps[0]?.changes[0]?.after;
  return {
    target: plan.target ?? { id: plan.id },
    written,
    ...(after !== undefined && { values: { quantity: after } }),
  };
}

async function correct(till: Till, items: readonly Item[], outcomes: Map<Plan, Outcome | Failure>): Promise<void> {
  if (items.length === 0) return;
  let answer: Answer<'saveStockCorrections'>;
  try {
    answer = await till.client.call('saveStockCorrections', {
      request: {
        branchNumber: till.settings.branchNumber,
        employeeNumber: till.settings.employeeNumber,
        reference,
        stockCorrectionList: { correction: items.map(({ row }) => row) },
        correctionType: 'CORRECTION-TYPE-COUNT',
        correctionMode: 'STOCK-CORRECTION-MODE-ABSOLUTE',
      },
    });
  } catch (error) {
    if (unknownOperation(error)) for (const item of items) outcomes.set(item.plan, await setOne(till, item).catch(failureOf));
    else for (const { plan } of items) outcomes.set(plan, failureOf(error));
    return;
  }
  const result = answer.result.replace(/^SAVE-STOCK-CORRECTIONS-RESULT-/, '');
  if (result === 'OK') {
    for (const { plan } of items) outcomes.set(plan, left(plan, ['stock']));
    return;
  }
  if (result === 'BRANCH-NOT-FOUND') {
    for (const { plan } of items) outcomes.set(plan, branchMissing(till));
    return;
  }
  const guilty = items.find(({ row }) => row.articleNumber === answer.failedArticleNumber);
  if (guilty !== undefined || items.length === 1) {
    const [first] = items;
    const { plan, row } = guilty ?? first ?? { plan: undefined, row: undefined };
    if (plan !== undefined) outcomes.set(plan, refused(`the stock of article ${row.articleNumber}`, '', result, 'till.stock-refused'));
    const others = items.filter((item) => item.plan !== plan);
    await correct(till, others, outcomes);
    return;
  }
  const middle = Math.ceil(items.length / 2);
  await correct(till, items.slice(0, middle), outcomes);
  await correct(till, items.slice(middle), outcomes);
}

async function setOne(till: Till, { plan, row }: Item): Promise<Outcome> {
  const { branchNumber, employeeNumber } = till.settings;
  const { articleNumber, amount, decimalPlaces } = row;
  const request = { branchNumber, articleNumber, amount, decimalPlaces, employeeNumber, reference };
  const { result } = await till.client.call('setStock', { request });
  switch (result) {
    case 'SET-STOCK-RESULT-OK':
      return left(plan, ['stock']);
    case 'SET-STOCK-RESULT-BRANCH-NOT-FOUND':
      throw branchMissing(till);
    default:
      throw refused(`the stock of article ${articleNumber}`, '', result, 'till.stock-refused');
  }
}

function branchMissing(till: Till): Failure {
  const { branchNumber } = till.settings;
  return new Failure({
    remedy: 'fix-connection',
    code: 'till.branch-unknown',
    message: `The till has no branch ${branchNumber}. Choose another one.`,
    params: { branch: branchNumber },
  });
}
