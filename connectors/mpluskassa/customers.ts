/** People and companies: changes and reading, plans for what a shop brings, and carrying them out. Called relations in the till. */
import type { Customer } from '../commerce.ts';
import type { Change, Draft, FieldChange, Outcome, Plan, PlanStep, VocabularyItem } from '../connector.ts';
import { attempt, Failure, failureOf } from '../failure.ts';
import { fingerprint } from '../fingerprint.ts';
import type { Relation } from './answers.ts';
import { relationMade, relationUpdated, unclear } from './apply.ts';
import { render } from './client.ts';
import { lastSeen } from './cursor.ts';
import { CustomerDraft, type CustomerPolicyField } from './customer-draft.ts';
import { drafted } from './drafted.ts';
import { customerOf, forget, relationsOf } from './people.ts';
import { type RelationIndex, relationIndex, tells } from './relation-index.ts';
import type { Till } from './till.ts';
import { type RelationFields, relationOfPerson } from './translate.ts';

const pageSize = 1_000;

export async function* changedCustomers(till: Till, cursor: string | undefined): AsyncIterable<Change> {
  let from = (await lastSeen(till, 'relation', cursor)) + 1;
  for (;;) {
    const { relationList } = await till.client.call('getRelations', { request: { syncMarker: from, syncMarkerLimit: pageSize } });
    const page = relationList
      .flatMap((relation) =>
        relation.syncMarker !== undefined && relation.syncMarker >= from ? [{ ...relation, marker: relation.syncMarker }] : [],
      )
      .sort((a, b) => a.marker - b.marker);
    const last = page.at(-1);
    if (last === undefined) return;
    for (const relation of page) {
      const id = String(relation.relationNumber);
      yield { id, number: id, version: String(relation.marker), cursor: String(relation.marker) };
    }
    from = last.marker + 1;
  }
}

/** In the order of the ids; `#1207` is the relation with that number as well. */
export async function readCustomers(till: Till, ids: readonly string[]): Promise<(Customer | undefined)[]> {
  const numbers = ids.map((id) => Number(id.replace(/^#/, '')));
  const found = await relationsOf(till, numbers.filter(Number.isSafeInteger), { fresh: true });
  return numbers.map((number) => {
    const relation = found.get(number);
    return relation && customerOf(relation);
  });
}

interface Wanted {
  readonly source: Draft;
  readonly draft: CustomerDraft;
  readonly fields: RelationFields;
  readonly numbers: readonly number[];
}

/** One plan or Failure per draft; one call to bring the index up to date and one for all the relations that are meant. */
export async function planCustomers(till: Till, drafts: readonly Draft[]): Promise<(Plan | Failure)[]> {
  const index = await relationIndex(till);
  const wanted = drafts.map((source) => attempt(() => wantedOf(source, index)));
  const meant = wanted.flatMap((item) => (item instanceof Failure || item.numbers.length !== 1 ? [] : item.numbers));
  const relations = await relationsOf(till, meant, { fresh: true });
  return wanted.map((item) => (item instanceof Failure ? item : attempt(() => planCustomer(item, relations))));
}

function wantedOf(source: Draft, index: RelationIndex): Wanted {
  const draft = drafted(CustomerDraft, source);
  return { source, draft, fields: fieldsOf(source, draft), numbers: meantBy(source, draft, index) };
}

function fieldsOf(source: Draft, { customer, policy, match }: CustomerDraft): RelationFields {
  const fields = relationOfPerson(
    { customer, billing: customer.billing, shipping: customer.shipping },
    { ...policy, external: match === 'external-id' || match === 'number' },
  );
  // Whatever else tells him apart, his namesakes have it as well.
  return source.chosen === 'new' ? { ...fields, extRelationId: source.reference } : fields;
}

/**
 * Who was written before stays who he is; what the merchant chose counts; only then the merchant's rule. Whoever lacks what the rule
 * looks at is recognised by the source's own number, which he was written with: a lost answer makes nobody twice.
 */
function meantBy(source: Draft, { customer, match }: CustomerDraft, index: RelationIndex): readonly number[] {
  if (source.known !== undefined && index.find('number', source.known).length > 0) return [Number(source.known)];
  if (source.chosen === 'new') return index.find('external-id', source.reference);
  if (source.chosen) return [Number(source.chosen.id)];
  const external = customer.number ?? customer.id;
  const value = {
    email: customer.email,
    phone: customer.phone ?? customer.billing?.phone,
    'external-id': external,
    number: customer.number,
  }[match];
  const telling = value !== undefined && tells(match, value);
  const found = telling ? index.find(match, value) : [];
  return found.length > 0 || !external || (telling && match !== 'number') ? found : index.find('external-id', external);
}

function planCustomer({ source, draft, fields, numbers }: Wanted, relations: ReadonlyMap<number, Relation>): Plan {
  const plan = { id: source.id, reference: source.reference, notes: [] };
  const skipped = (reason: string): Plan => ({
    ...plan,
    steps: [{ id: 'customer', action: 'skip', subject: 'relation', reason, changes: [] }],
  });
  if (numbers.length > 1) throw ambiguous(draft.customer, numbers.length);
  const found = relations.get(numbers[0] ?? -1);
  // Orders hang on him in the till; whether he goes is decided there.
  if (draft.customer.deleted) return { ...skipped('deleted-in-source'), ...(found && { target: targetOf(found) }) };
  if (draft.customer.guest && !draft.policy.guests && source.known === undefined) return skipped('guest');
  if (fields.name.trim() === '') throw nameless(draft.customer);
  const values: Record<string, unknown> = {};
  const mark = (value: string): string => fingerprint(source.reference, value);
  const step = found === undefined ? creation(draft, fields, { values, mark }) : update(source, draft, { fields, found, values, mark });
  return {
    ...plan,
    values,
    steps: [step],
    ...(found && { target: targetOf(found) }),
  };
}

const targetOf = ({ relationNumber }: Relation) => ({ id: String(relationNumber), number: String(relationNumber) });

/** What is left in the till is remembered by its fingerprint: the ledger holds nothing about people. */
interface Memory {
  readonly values: Record<string, unknown>;
  mark(value: string): string;
}

function creation(draft: CustomerDraft, fields: RelationFields, { values, mark }: Memory): PlanStep {
  const wanted = { ...fields, ...vatMethodOf(draft) };
  const changes: FieldChange[] = Object.entries(wanted).map(([field, after]) => ({ field, after }));
  for (const [field, value] of Object.entries(wanted)) values[field] = mark(value);
  return {
    id: 'customer',
    action: 'create',
    subject: 'relation',
    changes,
    request: { operation: 'createRelation', body: render('createRelation', { relation: wanted }) },
  };
}

function update(
  source: Draft,
  draft: CustomerDraft,
  { fields, found, values, mark }: Memory & { fields: RelationFields; found: Relation },
): PlanStep {
  const changes: FieldChange[] = [];
  const sent: Record<string, string> = {};
  for (const [field, after] of Object.entries({ ...fields, ...vatMethodOf(draft) }) as [keyof Relation & string, string][]) {
    const before = String(found[field] ?? '');
    if (before === after) values[field] = mark(after);
    else if ((draft.policies[policyOf(field)] ?? 'always') === 'always') {
      const ours = source.last?.[field];
      // Somebody wrote another value since we did: it is theirs now.
      if (ours !== undefined && ours !== mark(before)) changes.push({ field, before, after, kept: { ours } });
      else {
        changes.push({ field, before, after });
        sent[field] = after;
        values[field] = mark(after);
      }
    }
  }
  const step = { id: 'customer', subject: 'relation', targetId: String(found.relationNumber), changes } as const;
  if (Object.keys(sent).length === 0) return { ...step, action: 'skip', reason: changes.length > 0 ? 'kept' : 'unchanged' };
  const relation = { relationNumber: found.relationNumber, ...sent };
  return { ...step, action: 'update', request: { operation: 'updateRelation', body: render('updateRelation', { relation }) } };
}

const vatMethodOf = ({ vatMethod }: CustomerDraft): { defaultVatMethod?: string } =>
  vatMethod === undefined ? {} : { defaultVatMethod: `VAT-METHOD-${vatMethod.toUpperCase()}` };

function policyOf(field: string): CustomerPolicyField {
  if (field.startsWith('delivery')) return 'delivery';
  if (['address', 'zipcode', 'city', 'country'].includes(field)) return 'address';
  if (field === 'telephone' || field === 'email' || field === 'vatNumber' || field === 'defaultVatMethod') return field;
  return 'name';
}

/** One after the other: a till has few threads. */
export async function applyCustomers(till: Till, plans: readonly Plan[]): Promise<(Outcome | Failure)[]> {
  const outcomes: (Outcome | Failure)[] = [];
  for (const plan of plans) outcomes.push(await applyCustomer(till, plan).catch(failureOf));
  return outcomes;
}

async function applyCustomer(till: Till, plan: Plan): Promise<Outcome> {
  const [step] = plan.steps;
  let { target } = plan;
  const { operation, body = '' } = step?.request ?? {};
  if (operation === 'createRelation') {
    const number = relationMade(await till.client.send(operation, body));
    target = { id: number, number };
  } else if (operation === 'updateRelation') {
    relationUpdated(await till.client.send(operation, body));
    forget(till, Number(target?.id));
  }
  if (target === undefined || step === undefined) throw unclear('has no such customer');
  return { target, written: operation === undefined ? [] : [step.id], ...(plan.values && { values: plan.values }) };
}

/** Who may be meant, with what tells them apart. */
export async function customerCandidates(till: Till, source: Draft): Promise<VocabularyItem[]> {
  const draft = drafted(CustomerDraft, source);
  const { chosen: _, ...undecided } = source;
  const numbers = meantBy(undecided, draft, await relationIndex(till));
  const relations = await relationsOf(till, numbers);
  return numbers.flatMap((number) => {
    const relation = relations.get(number);
    if (relation === undefined) return [];
    const { name, contact, city, email, telephone } = relation;
    return [
      {
        value: String(number),
        label: name,
        hint: [String(number), contact, city, email, telephone].filter((part) => part !== '').join(' · '),
      },
    ];
  });
}

const ambiguous = (customer: Customer, count: number): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'till.customer-ambiguous',
    message: `The till has ${count} customers that customer ${customer.number ?? customer.id ?? ''} may be. Choose which one is meant, or make a new one.`,
    params: { customer: customer.number ?? customer.id ?? '', count },
  });

const nameless = (customer: Customer): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'till.customer-nameless',
    message: `Customer ${customer.number ?? customer.id ?? ''} has neither a name nor a company nor an e-mail address. Enter one where it comes from.`,
    params: { customer: customer.number ?? customer.id ?? '' },
  });
