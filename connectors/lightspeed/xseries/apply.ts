/** Carries plans out: the requests as they were planned, with the ids that earlier steps brought in their places. */
import { z } from 'zod';
import type { Outcome, Plan, PlanStep } from '../../connector.ts';
import { Failure, failureOf } from '../../failure.ts';
import { type Answer, type Call, outdated, refused } from './client.ts';
import { remember } from './customer-plan.ts';
import { dated, type Made, type Store } from './retailer.ts';

/** What several plans of a batch ask to be made (a brand, a category) is made once, by its exact request. */
type Common = Map<string, Promise<Made | undefined>>;

const sharedSubjects: ReadonlySet<string> = new Set(['brand', 'category', 'attribute']);

/** Sales that are remembered until the search knows them. */
const mostSold = 1_000;

/** One outcome or Failure per plan; how many at once is up to the connection's budget. */
export async function applyPlans(store: Store, plans: readonly Plan[]): Promise<(Outcome | Failure)[]> {
  const common: Common = new Map();
  try {
    return await Promise.all(plans.map((plan) => applyPlan(store, plan, common).catch(failureOf)));
  } finally {
    store.forgetBrands();
  }
}

async function applyPlan(store: Store, plan: Plan, common: Common): Promise<Outcome> {
  const ids = new Map<string, string>();
  const written: string[] = [];
  let target = plan.target;
  for (const step of plan.steps) {
    if (step.request === undefined) continue;
    const made = await carryOutOnce(store, { step, ids, common }).catch((error: unknown) => {
      // A step before it made something that the search of another process may not find yet.
      throw ids.size > 0 ? failureOf(error).as(true) : error;
    });
    written.push(step.id);
    if (made === undefined) continue;
    ids.set(step.id, made.id);
    if (isMain(step, plan)) {
      target ??= made;
      if (step.subject === 'sale') noteSold(store, plan.reference, made.id);
    }
  }
  if (target === undefined) throw outdated('it did not say which record it made');
  const customer = ids.get('customer');
  const values = { ...plan.values, ...(customer !== undefined && customer !== target.id && { customer }) };
  return { target, written, ...(Object.keys(values).length > 0 && { values }) };
}

function noteSold({ sold }: Store, reference: string, id: string): void {
  const [oldest] = sold.keys();
  if (sold.size >= mostSold && oldest !== undefined) sold.delete(oldest);
  sold.set(reference, id);
}

/** What a plan is about is made by its last step; the others are what it refers to. */
const isMain = (step: PlanStep, plan: Plan): boolean => step === plan.steps.at(-1);

interface Work {
  readonly step: PlanStep;
  readonly ids: ReadonlyMap<string, string>;
  readonly common: Common;
}

function carryOutOnce(store: Store, { step, ids, common }: Work): Promise<Made | undefined> {
  if (!sharedSubjects.has(step.subject)) return carryOut(store, step, ids);
  const key = `${step.request?.operation} ${filled(step.request?.body ?? '', ids)}`;
  const known = common.get(key);
  if (known !== undefined) return known;
  const work = store.once(key, () => carryOut(store, step, ids));
  common.set(key, work);
  return work;
}

/** The id of what was made; nothing for a change. */
async function carryOut(store: Store, step: PlanStep, ids: ReadonlyMap<string, string>): Promise<Made | undefined> {
  const { operation, body } = step.request ?? { operation: '', body: '' };
  const [method, path = ''] = operation.split(' ');
  if (method !== 'POST' && method !== 'PUT') {
    throw new Failure({
      remedy: 'retry',
      code: 'lightspeed.step-unknown',
      message: `A plan asks for ${operation}, which is not known here.`,
    });
  }
  const call: Call = { method, path, body: filled(body, ids), label: labels[step.subject] ?? `write ${step.subject}` };
  const created = method === 'POST' && step.action === 'create';
  const answer = await store.client.ask(call);
  if (answer.status >= 300) throw turnedDown(store, call, answer);
  if (!created) return undefined;
  const made = madeIn(answer.json);
  if (made === undefined) throw outdated(`${call.label}: it did not say which record it made`);
  if (step.subject === 'customer') remember(store, call.body, made.id);
  return made;
}

const labels: Readonly<Record<string, string>> = {
  sale: 'create the sale',
  customer: 'write the customer',
  product: 'write the product',
  stock: 'write the stock',
  category: 'create the category',
  brand: 'create the brand',
  attribute: 'create the attribute of variants',
};

function turnedDown(store: Store, call: Call, answer: Answer): Failure {
  if (answer.status === 409) return outdated(call.label);
  if (answer.status === 404) {
    // What a plan changes was there a moment ago. A new kind of record that is unknown means that the store is older than we thought.
    if (call.method === 'POST' && call.path.startsWith(`/${dated}/`)) store.isOlder();
    return outdated(call.label);
  }
  return refused(call.label, answer);
}

/** Only `{{step}}` of steps that made something is replaced; ids are UUIDs and need no escaping, and are escaped all the same. */
function filled(body: string, ids: ReadonlyMap<string, string>): string {
  let text = body;
  for (const [step, id] of ids) text = text.replaceAll(`{{${step}}}`, () => JSON.stringify(id).slice(1, -1));
  return text;
}

const One = z
  .object({ id: z.string().min(1), invoice_number: z.string().nullish() })
  .transform(({ id, invoice_number: number }) => ({ id, ...(number && { number }) }));

/** An id, a list of ids, a record, or a list of records; under `data`, in 0.9 under the name of the record. */
function madeIn(json: unknown): Made | undefined {
  const outer: object = Object(json);
  const data: unknown = Reflect.get(outer, 'data') ?? Reflect.get(outer, 'register_sale') ?? json;
  const listed: unknown = Reflect.get(Object(data), 'categories') ?? data;
  const first: unknown = Array.isArray(listed) ? listed[0] : listed;
  if (typeof first === 'string' && first !== '') return { id: first };
  const parsed = One.safeParse(first);
  return parsed.success ? parsed.data : undefined;
}
