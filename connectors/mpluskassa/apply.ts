/** Carries plans out, step after step, and reads the till's result words. */
import type { Outcome, Plan, PlanStep, TargetReference } from '../connector.ts';
import { Failure, failureOf } from '../failure.ts';
import { type Answer, invoicePrefix } from './answers.ts';
import { filled } from './client.ts';
import { tidied } from './faults.ts';
import { forget } from './people.ts';
import { rememberMade } from './relations.ts';
import { abilityOf, type Till, unknownOperation } from './till.ts';

/** One after the other: a till has few threads, and a customer made for one order is found by the next. */
export async function applyPlans(till: Till, plans: readonly Plan[]): Promise<(Outcome | Failure)[]> {
  const outcomes: (Outcome | Failure)[] = [];
  for (const plan of plans) outcomes.push(await applyPlan(till, plan).catch(failureOf));
  return outcomes;
}

interface Progress {
  relationNumber: string | undefined;
  target: TargetReference | undefined;
}

async function applyPlan(till: Till, plan: Plan): Promise<Outcome> {
  const progress: Progress = { relationNumber: undefined, target: plan.target };
  const written: string[] = [];
  for (const step of plan.steps) {
    if (step.request === undefined) continue;
    await carryOut(till, step, progress);
    written.push(step.id);
  }
  if (progress.target === undefined) {
    throw new Failure({
      remedy: 'retry',
      code: 'till.plan-without-order',
      message: 'The plan neither names nor creates an order in the till.',
    });
  }
  return { target: progress.target, written };
}

async function carryOut(till: Till, step: PlanStep, progress: Progress): Promise<void> {
  const operation = step.request?.operation ?? '';
  const id = progress.target?.id;
  const body = filled(step.request?.body ?? '', {
    relationNumber: progress.relationNumber,
    orderId: id,
    invoiceId: id?.slice(invoicePrefix.length),
  });
  switch (operation) {
    case 'createRelation':
      progress.relationNumber = relationMade(await till.client.send(operation, body));
      rememberMade(till, step, progress.relationNumber);
      return;
    case 'updateRelation':
      relationUpdated(await till.client.send(operation, body));
      forget(till, Number(step.targetId));
      return;
    case 'createOrder':
    case 'createOrderV3':
      progress.target = orderMade(await noticing(till, operation, () => till.client.send(operation, body)));
      return;
    case 'payOrder':
    case 'payOrderV2':
      paid(await noticing(till, operation, () => till.client.send(operation, body)));
      return;
    case 'saveInvoice':
      progress.target = invoiceMade(await till.client.send(operation, body));
      return;
    case 'payInvoice':
      invoicePaid(await till.client.send(operation, body));
      return;
    default:
      throw new Failure({ remedy: 'retry', code: 'till.step-unknown', message: `A plan asks for ${operation}, which is not known here.` });
  }
}

/** A service that turns out to be older is planned for differently next time. */
async function noticing<T>(
  till: Till,
  operation: 'createOrder' | 'createOrderV3' | 'payOrder' | 'payOrderV2',
  send: () => Promise<T>,
): Promise<T> {
  try {
    return await send();
  } catch (error) {
    const ability = abilityOf(operation);
    if (ability !== undefined && unknownOperation(error)) till.lacks(ability);
    throw error;
  }
}

export function relationMade(answer: Answer<'createRelation'>): string {
  if (answer.result !== 'CREATE-RELATION-RESULT-OK') throw refused('the customer', answer.errorMessage, answer.result);
  if (!answer.relationNumber) throw unclear('created the customer, but did not say which number it has');
  return String(answer.relationNumber);
}

/** Older services call "no changes" a failure (official old client). */
export function relationUpdated(answer: Answer<'updateRelation'>): void {
  if (answer.result === 'UPDATE-RELATION-RESULT-OK' || /no changes/i.test(answer.errorMessage)) return;
  if (answer.result === 'UPDATE-RELATION-RESULT-NOT-FOUND') throw unclear('does not find the customer any more');
  throw refused('the change of the customer', answer.errorMessage, answer.result);
}

function orderMade(answer: Answer<'createOrderV3'>): TargetReference {
  switch (answer.result) {
    case 'CREATE-ORDER-RESULT-OK':
      break;
    case 'CREATE-ORDER-RESULT-EXT-ORDER-ID-ALREADY-EXISTS':
      throw unclear('has an order with this reference already');
    case 'CREATE-ORDER-RESULT-PAYMENT-FAILED':
      throw unclear(`could not book the payment of the order: ${tidied(answer.errorMessage)}`);
    default:
      throw refused('the order', answer.errorMessage, answer.result);
  }
  const id = answer.info?.orderId ?? '';
  if (id === '') throw unclear('took the order, but did not say which one it is');
  if (answer.payResult !== undefined && answer.payResult !== 'PAY-ORDER-RESULT-OK') {
    throw unclear(`took the order, but not its payment (${answer.payResult})`);
  }
  const number = answer.info?.orderString ?? '';
  return { id, ...(number !== '' && { number }) };
}

function invoiceMade(answer: Answer<'saveInvoice'>): TargetReference {
  if (answer.result === 'SAVE-INVOICE-RESULT-EXT-INVOICE-ID-ALREADY-EXISTS') throw unclear('has an invoice with this reference already');
  if (answer.result !== 'SAVE-INVOICE-RESULT-OK') throw refused('the invoice', answer.errorMessage, answer.result);
  const id = answer.info?.invoiceId ?? '';
  if (id === '') throw unclear('took the invoice, but did not say which one it is');
  const number = answer.info?.invoiceString ?? '';
  return { id: `${invoicePrefix}${id}`, ...(number !== '' && { number }) };
}

/** Too much means that it is paid already: looking again shows how much is open. */
function invoicePaid(answer: Answer<'payInvoice'>): void {
  if (answer.result === 'PAY-INVOICE-RESULT-OK') return;
  if (answer.result === 'PAY-INVOICE-RESULT-PAYMENT-TOO-HIGH') throw unclear('says that the payment is more than is open on the invoice');
  throw refused('the payment', answer.errorMessage, answer.result, 'till.payment-refused');
}

function paid(answer: Answer<'payOrderV2'>): void {
  switch (answer.result) {
    case 'PAY-ORDER-RESULT-OK':
      return;
    case 'PAY-ORDER-RESULT-ORDER-HAS-CHANGED':
    case 'PAY-ORDER-RESULT-ORDER-ALREADY-INVOICED':
      throw unclear(`did not book the payment (${answer.result})`);
    default:
      throw refused('the payment', answer.errorMessage, answer.result, 'till.payment-refused');
  }
}

/** Planning again looks at what stands in the till now, and goes on from there. */
export function unclear(what: string): Failure {
  return new Failure({
    remedy: 'retry',
    code: 'till.unclear',
    message: `The till ${what}. It is looked at again.`,
    params: { reason: what },
    ambiguous: true,
  });
}

export function refused(what: string, message: string, result: string, code = 'till.refused'): Failure {
  const reason = message.trim() === '' ? result : tidied(message);
  return new Failure({
    remedy: 'fix-data',
    code,
    message: `The till refused ${what}: ${reason}`,
    params: { subject: what, reason },
  });
}
