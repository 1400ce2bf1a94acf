/** Customers of other systems into the store: found, created, or several that only the merchant can tell apart. Never mails anybody. */

import { z } from 'zod';
import type { Draft, Outcome, Plan, PlanStep, VocabularyItem } from '../../connectors/connector.ts';
import { parseDraft } from '../../connectors/draft.ts';
import { Failure, failureOf } from '../../connectors/failure.ts';
import type { Call } from '../calls.ts';
import { carryOut, type StoreApi } from '../catalogue/requests.ts';
import { CustomerDraft, emailKey } from './draft.ts';
import { compareCustomer } from './fields.ts';
import { type People, phoneKey } from './find.ts';
import type { StoreCustomer } from './wire.ts';

interface Wanted {
  readonly source: Draft;
  readonly draft: CustomerDraft;
}

/** Whom drafts may mean, by their ids, addresses and numbers: looked up for all of them together. */
interface Known {
  readonly byId: ReadonlyMap<string, StoreCustomer>;
  readonly byEmail: ReadonlyMap<string, readonly StoreCustomer[]>;
  readonly byPhone: ReadonlyMap<string, readonly StoreCustomer[]>;
}

/** One plan or Failure per draft. */
export async function planCustomers(people: People, drafts: readonly Draft[]): Promise<(Plan | Failure)[]> {
  const wanted = drafts.map(wantedOf);
  const known = await lookUp(
    people,
    wanted.flatMap((item) => (item instanceof Failure ? [] : [item])),
  );
  return wanted.map((item) => {
    if (item instanceof Failure) return item;
    try {
      return planCustomer(item, known);
    } catch (error) {
      return failureOf(error);
    }
  });
}

function wantedOf(source: Draft): Wanted | Failure {
  const parsed = parseDraft(CustomerDraft, source.fields);
  return parsed.success ? { source, draft: parsed.data } : unusable(source.id);
}

async function lookUp(people: People, wanted: readonly Wanted[]): Promise<Known> {
  const ids = wanted.flatMap(({ source }) => [source.known ?? [], typeof source.chosen === 'object' ? source.chosen.id : []].flat());
  const emails = wanted.map(({ draft }) => draft.customer.email ?? '');
  const phones = wanted.flatMap(({ draft }) => (draft.match === 'phone' ? [phoneOf(draft) ?? []].flat() : []));
  const [byId, byEmail, byPhone] = [await people.get(ids), await people.withEmails(emails), await people.withPhones(phones)];
  return { byId, byEmail, byPhone };
}

const phoneOf = ({ customer }: CustomerDraft): string | undefined => customer.phone ?? customer.billing?.phone;

/**
 * Who was written before stays who he is; what the merchant chose counts; then the merchant's rule. The store gives customers no numbers of
 * other systems, and has every address once: whoever the rule does not find is looked for by his address.
 */
function meantBy({ source, draft }: Wanted, known: Known): readonly StoreCustomer[] {
  const before = known.byId.get(source.known ?? '');
  if (before !== undefined) return [before];
  const byEmail = known.byEmail.get(emailKey(draft.customer.email)) ?? [];
  if (typeof source.chosen === 'object') {
    const chosen = known.byId.get(source.chosen.id);
    if (chosen !== undefined) return [chosen];
  }
  if (source.chosen === 'new') {
    if (byEmail.length > 0) throw emailTaken(draft);
    return [];
  }
  const byPhone = draft.match === 'phone' ? (known.byPhone.get(phoneKey(phoneOf(draft))) ?? []) : [];
  return byPhone.length > 0 ? byPhone : byEmail;
}

function planCustomer(wanted: Wanted, known: Known): Plan {
  const { source, draft } = wanted;
  const { customer, policy } = draft;
  const plan = { id: source.id, reference: source.reference, notes: [] };
  const skipped = (reason: string): Plan => ({
    ...plan,
    steps: [{ id: 'customer', action: 'skip', subject: 'customer', reason, changes: [] }],
  });
  const [found, ...more] = meantBy(wanted, known);
  if (more.length > 0) throw ambiguous(draft, more.length + 1);
  const compared = compareCustomer(draft, found, source);
  if (found !== undefined) {
    const step = { id: 'customer', subject: 'customer', targetId: found.id, changes: compared.changes } as const;
    const nothing = Object.keys(compared.body).length === 0;
    return {
      ...plan,
      values: compared.values,
      target: { id: found.id },
      steps: [
        nothing
          ? { ...step, action: 'skip', reason: compared.changes.length > 0 ? 'kept' : 'unchanged' }
          : { ...step, action: 'update', request: { operation: `PUT /customers/${found.id}`, body: JSON.stringify(compared.body) } },
      ],
    };
  }
  if (customer.guest && !policy.guests) return skipped('guest');
  if (!policy.createCustomers) return skipped('not-in-shop');
  if (emailKey(customer.email) === '') return skipped('no-email');
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(emailKey(customer.email))) throw emailInvalid(draft);
  const acceptMarketing = isProven(draft);
  const body = {
    ...compared.body,
    b2b_b2c: customer.company === undefined ? 'b2c' : 'b2b',
    ...(customer.language !== undefined && { lang: customer.language.slice(0, 2).toLowerCase() }),
    // Said in so many words: the store takes "not said" for a yes.
    acceptMarketing,
  };
  const step: PlanStep = {
    id: 'customer',
    action: 'create',
    subject: 'customer',
    changes: [...compared.changes, { field: 'customer.permission', after: acceptMarketing ? 'subscribed' : 'not given' }],
    request: { operation: 'POST /customers', body: JSON.stringify(body) },
  };
  return { ...plan, values: compared.values, steps: [step] };
}

/** A yes counts with its proof: when and where it was given. */
function isProven({ customer: { permission } }: CustomerDraft): boolean {
  return permission?.state === 'subscribed' && permission.at !== undefined && (permission.source ?? '') !== '';
}

/** Carries out plans of customers and of consent: what they change does not depend on each other. */
export async function applyPeople(api: StoreApi, people: People, plans: readonly Plan[]): Promise<(Outcome | Failure)[]> {
  const work = plans.map(({ steps }) => steps.flatMap((step) => callOf(step) ?? []));
  const answers = [...(await carryOut(api, work.flat()))];
  return plans.map((plan, index) => {
    const calls = work[index] ?? [];
    const own = answers.splice(0, calls.length);
    for (const [at, call] of calls.entries()) {
      const answer = own[at];
      if (answer instanceof Failure) return refused(answer, call, plan);
      if (answer === undefined) return vanished();
    }
    const created = plan.target === undefined ? Created.safeParse(own[0]).data?.id : plan.target.id;
    if (created === undefined) return vanished();
    for (const call of calls) people.wrote(idIn(call) ?? created, told(call));
    return {
      target: { id: created },
      written: plan.steps.flatMap(({ id, action }) => (action === 'skip' ? [] : [id])),
      ...(plan.values && { values: plan.values }),
    };
  });
}

const Created = z.looseObject({ id: z.coerce.string() });
const Told = z.looseObject({ email: z.string().default(''), billingPerson: z.looseObject({ phone: z.string().default('') }).optional() });

function told({ body }: Call): { email: string; phone: string } {
  const { email, billingPerson } = Told.parse(JSON.parse(body ?? '{}'));
  return { email, phone: billingPerson?.phone ?? '' };
}

const idIn = ({ path }: Call): string | undefined => /^\/customers\/(.+)$/.exec(path)?.[1];

function callOf({ action, request }: PlanStep): Call | undefined {
  if (action === 'skip' || request === undefined) return undefined;
  const [method, path = ''] = request.operation.split(' ');
  return method === 'POST'
    ? { method, path, body: request.body, label: 'create customer', scope: 'create_customers' }
    : { method: 'PUT', path, body: request.body, label: 'update customer', scope: 'update_customers' };
}

/** "The customer with the given email already exists" (legacy docs, customers): who it is shows when it is looked for again. */
function refused(failure: Failure, call: Call, plan: Plan): Failure {
  if (failure.code !== 'shop.refused' || failure.params.status !== 409) return failure;
  if (call.method === 'PUT') {
    return new Failure({
      remedy: 'fix-data',
      code: 'shop.customer-email-taken',
      message: `The store has another customer with the e-mail address of customer ${plan.id}. Merge the two in the Control Panel, or leave the address to the store.`,
      params: { customer: plan.id },
      cause: failure,
    });
  }
  return new Failure({
    remedy: 'retry',
    code: 'shop.customer-exists',
    message: `The store has a customer with the address of customer ${plan.id} already, although its search did not show him. He is looked for again.`,
    params: { customer: plan.id },
    ambiguous: true,
    cause: failure,
  });
}

/** Who may be meant, with what tells them apart. */
export async function customerCandidates(people: People, source: Draft): Promise<VocabularyItem[]> {
  const wanted = wantedOf(source);
  if (wanted instanceof Failure) throw wanted;
  const { chosen: _, ...undecided } = source;
  const found = meantBy({ source: undecided, draft: wanted.draft }, await lookUp(people, [wanted]));
  return found.map(({ id, email, billingPerson, shippingAddresses }) => {
    const person = billingPerson ?? shippingAddresses[0];
    const hint = [id, person?.companyName, person?.city, email, person?.phone].filter((part) => part).join(' · ');
    return { value: id, label: person?.name || person?.companyName || email || id, hint };
  });
}

const tellable = ({ customer }: CustomerDraft): string => customer.number ?? customer.id ?? '';

const ambiguous = (draft: CustomerDraft, count: number): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'shop.customer-ambiguous',
    message: `The store has ${count} customers that customer ${tellable(draft)} may be. Choose which one is meant, or make a new one.`,
    params: { customer: tellable(draft), count },
  });

const emailTaken = (draft: CustomerDraft): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'shop.customer-email-taken',
    message: `The store has a customer with the e-mail address of customer ${tellable(draft)} and takes no second one. Choose that customer, or correct the address where it comes from.`,
    params: { customer: tellable(draft) },
  });

const emailInvalid = (draft: CustomerDraft): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'shop.email-invalid',
    message: `The e-mail address of customer ${tellable(draft)} is none. Correct it where it comes from.`,
    params: { customer: tellable(draft) },
  });

export const unusable = (record: string): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'shop.draft-unusable',
    message: `Record ${record} lacks what the store needs. Complete it in the source.`,
    params: { record },
  });

const vanished = (): Failure =>
  new Failure({
    remedy: 'retry',
    code: 'shop.record-gone',
    message: 'What was to be changed is no longer in the store. It is looked for again.',
    ambiguous: true,
  });
