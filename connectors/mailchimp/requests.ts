/** Carries plans out: level by level, what one record needs before another; a few requests one by one, many as one batch. */
import type { Kind } from '../commerce.ts';
import type { Outcome, Plan, PlanStep } from '../connector.ts';
import { Failure, failureOf } from '../failure.ts';
import type { Account } from './account.ts';
import { runBatch } from './batches.ts';
import type { Call, Method } from './client.ts';
import { inParallel } from './lookup.ts';
import { readMember } from './members.ts';
import { type Answer, audienceGone, existsAlready, recordFailure, recordGone, succeeded } from './refusals.ts';
import type { Shelf, StoreVariant } from './shelf.ts';

/** Stores, their products, the records themselves, and what hangs on a record. `many`: from so many on they go as a batch. */
const levels: readonly { readonly of: readonly string[]; readonly many: number }[] = [
  { of: ['store'], many: Number.POSITIVE_INFINITY },
  // In a flow of orders few products are new; a batch of their own would cost as much as that of the orders.
  { of: ['product'], many: 100 },
  { of: ['member', 'order', 'cart', 'stock'], many: 20 },
  { of: ['tags', 'line', 'variant'], many: 20 },
];
/** A product flow's own records, where there is nothing else to wait for. */
const manyProducts = 20;

interface Pending {
  readonly key: string;
  readonly step: PlanStep;
  /** Whose record is named when it fails; the first of those that need it. */
  readonly plan: Plan;
}

export async function applyPlans(
  { account, shelf }: { account: Account; shelf: Shelf },
  kind: Kind,
  plans: readonly Plan[],
): Promise<readonly (Outcome | Failure)[]> {
  const failed = new Map<Plan, Failure>();
  const done = new Map<string, Failure | undefined>();
  for (const level of levels) {
    const pending = new Map<string, Pending>();
    for (const plan of plans) {
      if (failed.has(plan)) continue;
      for (const step of stepsOf(plan, level.of)) {
        const key = keyOf(step);
        if (!pending.has(key)) pending.set(key, { key, step, plan });
      }
    }
    if (pending.size === 0) continue;
    const many = kind === 'product' && level.of.includes('product') ? manyProducts : level.many;
    for (const [key, failure] of await carryOut([...pending.values()], many)) done.set(key, failure);
    for (const plan of plans) {
      const failure = failed.has(plan)
        ? undefined
        : stepsOf(plan, level.of)
            .map((step) => done.get(keyOf(step)))
            .find((one) => one !== undefined);
      if (failure !== undefined) failed.set(plan, failure);
    }
  }
  return plans.map((plan) => failed.get(plan) ?? outcomeOf(plan));

  async function carryOut(pending: readonly Pending[], many: number): Promise<(readonly [string, Failure | undefined])[]> {
    // A batch waits for its turn, and somebody may say no meanwhile: who is subscribed is looked at and written by himself.
    const [alone, others] = [true, false].map((up) => pending.filter(({ step }) => raises(step) === up)) as [Pending[], Pending[]];
    const calls = others.map(({ step }) => callOf(step));
    const together = others.length >= many ? await runBatch(account, calls) : await inParallel(calls, one);
    const answers = new Map<Pending, Answer | Failure | undefined>([
      ...others.map((item, index) => [item, together[index]] as const),
      ...(await inParallel(alone, async (item) => [item, await raised(item.step)] as const)),
    ]);
    return pending.map((item) => {
      const { key, step, plan } = item;
      const answer = answers.get(item);
      const failure =
        answer instanceof Failure ? answer : answer === undefined ? recordGone(aboutOf(plan, step)) : judge(answer, { step, plan });
      if (failure === undefined) learn(step);
      else if (failure.remedy === 'retry' || failure.ambiguous) unlearn(step);
      return [key, failure] as const;
    });
  }

  function one(call: Call): Promise<Answer | Failure> {
    return account.client.ask(call).catch((error: unknown) => failureOf(error));
  }

  /** `undefined`: he is not any more what he was when it was planned. */
  async function raised(step: PlanStep): Promise<Answer | Failure | undefined> {
    const hash = /\/members\/([^/?]+)/.exec(step.request?.operation ?? '')?.[1] ?? '';
    const before = step.changes.find(({ field }) => field === 'permission')?.before;
    try {
      const member = await readMember(account, decodeURIComponent(hash));
      return member?.status === before ? await one(callOf(step)) : undefined;
    } catch (error) {
      return failureOf(error);
    }
  }

  /** What was written is known from now on; nobody has to ask for it. */
  function learn(step: PlanStep): void {
    const place = placeOf(step);
    if (step.subject === 'store') account.forgetStores();
    if (place === undefined || step.request === undefined) return;
    if (step.subject === 'variant') shelf.forget(place.store);
    if (step.subject === 'product')
      shelf.learn(place.store, JSON.parse(step.request.body) as { id: string; variants: Partial<StoreVariant>[] });
    if (step.subject === 'stock' && place.product !== undefined && place.variant !== undefined) {
      const { inventory_quantity } = JSON.parse(step.request.body) as { inventory_quantity: number };
      const sku = plans.find((plan) => plan.steps.includes(step))?.target?.number;
      if (sku !== undefined) shelf.learn(place.store, { id: place.product, variants: [{ id: place.variant, sku, inventory_quantity }] });
    }
  }

  function unlearn(step: PlanStep): void {
    const place = placeOf(step);
    account.forgetAll();
    if (place !== undefined) shelf.forget(place.store);
  }

  function judge(answer: Answer, { step, plan }: { step: PlanStep; plan: Plan }): Failure | undefined {
    if (succeeded(answer)) return step.subject === 'order' ? shownOtherwise(step, answer, plan) : undefined;
    const method = callOf(step).method;
    if (answer.status === 404 && method === 'DELETE') return undefined;
    if (step.subject === 'store' && answer.status === 404) return undefined;
    // Stores and products may be made by several at once: what was to be there is there.
    if (existsAlready(answer) && (step.subject === 'store' || step.subject === 'product')) return undefined;
    const failure = recordFailure(answer, aboutOf(plan, step));
    // An upsert of a member only misses the audience itself; a store names it.
    const audience = method === 'PUT' && answer.status === 404 ? /^\/lists\/([^/]+)\/members\//.exec(callOf(step).path)?.[1] : undefined;
    const named = step.subject === 'store' && /list_id/.test(String(failure.params.fields ?? '')) ? account.settings.audience : undefined;
    if (audience === undefined && named === undefined) return failure;
    account.forgetAll();
    return audienceGone(audience ?? named ?? '');
  }
}

const aboutOf = (plan: Plan, step: PlanStep) => ({ record: plan.target?.number ?? plan.id, subject: step.subject });

function stepsOf(plan: Plan, subjects: readonly string[]): PlanStep[] {
  return plan.steps.filter((step) => step.action !== 'skip' && step.request !== undefined && subjects.includes(step.subject));
}

/** Upwards: from never asked to subscribed, or to asking. */
const raises = (step: PlanStep): boolean =>
  step.subject === 'member' &&
  step.action === 'update' &&
  step.changes.some(({ field, after }) => field === 'permission' && after !== 'unsubscribed');

/** Two records that need the same store or product make it once. */
function keyOf(step: PlanStep): string {
  const operation = step.request?.operation ?? '';
  const shared = step.action === 'create' && (step.subject === 'store' || step.subject === 'product');
  return shared ? `${operation} ${step.targetId}` : `${operation} ${step.request?.body}`;
}

function callOf(step: PlanStep): Call {
  const [method = 'GET', address = ''] = (step.request?.operation ?? '').split(' ');
  const [path = '', query] = address.split('?');
  const body = step.request?.body;
  return {
    method: method as Method,
    path,
    ...(query !== undefined && { query: Object.fromEntries(new URLSearchParams(query)) }),
    ...(body !== undefined && body !== '' && { body }),
    label: `${step.action} ${step.subject}`,
  };
}

function placeOf(step: PlanStep): { store: string; product: string | undefined; variant: string | undefined } | undefined {
  const found = /\/ecommerce\/stores\/([^/?]+)(?:\/products\/([^/?]+)(?:\/variants\/([^/?]+))?)?/.exec(step.request?.operation ?? '');
  if (found === null) return undefined;
  const [, store = '', product, variant] = found.map((part) => (part === undefined ? part : decodeURIComponent(part)));
  return { store, product, variant };
}

/** The answer to an order shows it as it stands there now: the proof that its money arrived. */
function shownOtherwise(step: PlanStep, answer: Answer, plan: Plan): Failure | undefined {
  const sent = (JSON.parse(step.request?.body ?? '{}') as { order_total?: unknown }).order_total;
  const shown = (answer.body as { order_total?: unknown } | undefined)?.order_total;
  if (typeof shown !== 'number' || shown === sent) return undefined;
  const { record } = aboutOf(plan, step);
  return new Failure({
    remedy: 'fix-data',
    code: 'mailchimp.order-differs',
    message: `Order ${record}: Mailchimp shows a total of ${shown} where ${String(sent)} was sent. Compare both and correct it by hand.`,
    params: { record, sent: String(sent), shown: String(shown) },
  });
}

const mains = ['member', 'order', 'cart', 'stock'];

function outcomeOf(plan: Plan): Outcome {
  const written = plan.steps.filter(({ action }) => action !== 'skip').map(({ id }) => id);
  const main = plan.steps.find(({ id, subject }) => mains.includes(subject) || id === 'product');
  return { target: plan.target ?? { id: main?.targetId ?? '' }, written };
}
