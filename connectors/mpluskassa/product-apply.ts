/** Carries plans for products out and reads the till's result words. */
import type { Outcome, Plan, PlanStep, TargetReference } from '../connector.ts';
import { Failure, failureOf } from '../failure.ts';
import type { Answer } from './answers.ts';
import { refused, unclear } from './apply.ts';
import type { Till } from './till.ts';

/** One call per product of the till; how many at once is up to the connection's budget. */
export function applyProducts(till: Till, plans: readonly Plan[]): Promise<(Outcome | Failure)[]> {
  return Promise.all(plans.map((plan) => applyProduct(till, plan).catch(failureOf)));
}

async function applyProduct(till: Till, plan: Plan): Promise<Outcome> {
  let target = plan.target;
  const written: string[] = [];
  for (const step of plan.steps) {
    if (step.request === undefined) continue;
    target = (await carryOut(till, step)) ?? target;
    written.push(step.id);
  }
  if (target === undefined) throw unclear('has no such product');
  return { target, written };
}

async function carryOut(till: Till, step: PlanStep): Promise<TargetReference | undefined> {
  const { operation = '', body = '' } = step.request ?? {};
  switch (operation) {
    case 'createProduct':
      return made(await till.client.send(operation, body));
    case 'updateProduct':
      updated(await till.client.send(operation, body));
      return undefined;
    default:
      throw new Failure({ remedy: 'retry', code: 'till.step-unknown', message: `A plan asks for ${operation}, which is not known here.` });
  }
}

/** A taken number means that the article came in meanwhile, also by an attempt of ours whose answer got lost. */
function made(answer: Answer<'createProduct'>): TargetReference {
  if (/ALREADY-TAKEN$/.test(answer.result)) throw unclear('has an article with this number already');
  if (answer.result !== 'CREATE-PRODUCT-RESULT-OK') throw refused('the article', answer.errorMessage, answer.result);
  if (!answer.productNumber) throw unclear('made the article, but did not say which product it is');
  const [number] = answer.articleNumbers;
  return { id: String(answer.productNumber), ...(number !== undefined && { number: String(number) }) };
}

/** Older services call "no changes" a failure (official old client). */
function updated(answer: Answer<'updateProduct'>): void {
  if (answer.result === 'UPDATE-PRODUCT-RESULT-OK' || /no changes/i.test(answer.errorMessage)) return;
  if (answer.result === 'UPDATE-PRODUCT-RESULT-NOT-FOUND' || /ALREADY-TAKEN$/.test(answer.result)) {
    throw unclear(`did not change the product (${answer.result})`);
  }
  throw refused('the change of the article', answer.errorMessage, answer.result);
}
