/** Who the order belongs to in the till: found, created, or the default debtor. */

import type { FieldChange, PlanNote, PlanStep } from '../connector.ts';
import { Failure } from '../failure.ts';
import { type Relation, Relation as RelationAnswer } from './answers.ts';
import { render } from './client.ts';
import type { OrderDraft } from './draft.ts';
import { remember } from './people.ts';
import { type Till, unknownOperation } from './till.ts';
import { changedAddress, type RelationFields, relationOf } from './translate.ts';

export interface CustomerPlan {
  readonly step: PlanStep;
  /** Undefined: the step creates him, the order waits for his number. */
  readonly relationNumber: number | undefined;
  readonly notes: readonly PlanNote[];
}

export type Lookups = Map<string, Promise<Relation | undefined>>;

/** At most one call. Throws fix-data when the order names nobody and there is no default debtor. */
export async function planCustomer(till: Till, draft: OrderDraft, lookups: Lookups): Promise<CustomerPlan> {
  const { defaultDebtor, defaultDebtorMode } = draft.policy;
  const fields = relationOf(draft);
  if (defaultDebtor !== undefined && (defaultDebtorMode === 'force' || !recognisable(draft, fields))) return debtor(defaultDebtor);
  if (!recognisable(draft, fields) && fields.extRelationId === undefined) {
    throw new Failure({
      remedy: 'fix-data',
      code: 'till.customer-unknown',
      message: `Order ${draft.number} has neither an e-mail address nor a customer number. Enter one in the shop or choose a default debtor.`,
      params: { order: draft.number },
    });
  }
  const found = await lookUp(till, fields, lookups);
  if (found === undefined) return creation(fields);
  const notes = found.active === false ? [note('customer-inactive', 'The customer is marked inactive in the till.')] : [];
  const relationNumber = found.relationNumber;
  const changed = draft.policy.updateCustomers ? changedAddress(fields, found) : {};
  const names = Object.keys(changed) as (keyof typeof changed)[];
  if (names.length === 0) {
    const step: PlanStep = {
      id: 'customer',
      action: 'skip',
      subject: 'relation',
      targetId: String(relationNumber),
      reason: 'exists',
      changes: [],
    };
    return { step, relationNumber, notes };
  }
  return {
    relationNumber,
    notes,
    step: {
      id: 'customer',
      action: 'update',
      subject: 'relation',
      targetId: String(relationNumber),
      changes: names.map((name) => ({ field: sourceOf[name] ?? name, before: found[name], after: changed[name] })),
      request: { operation: 'updateRelation', body: render('updateRelation', { relation: { relationNumber, ...changed } }) },
    },
  };
}

/** By the e-mail address, or by the shop's number where the merchant wants that. */
function recognisable(draft: OrderDraft, fields: RelationFields): boolean {
  return draft.policy.customerMatch === 'external-id' ? fields.extRelationId !== undefined : fields.email !== undefined;
}

function debtor(relationNumber: number): CustomerPlan {
  return {
    relationNumber,
    notes: [],
    step: {
      id: 'customer',
      action: 'skip',
      subject: 'relation',
      targetId: String(relationNumber),
      reason: 'default-debtor',
      changes: [],
    },
  };
}

function creation(fields: RelationFields): CustomerPlan {
  const changes: FieldChange[] = Object.entries(fields).map(([name, after]) => ({ field: sourceOf[name] ?? name, after }));
  return {
    relationNumber: undefined,
    notes: [],
    step: {
      id: 'customer',
      action: 'create',
      subject: 'relation',
      changes,
      request: { operation: 'createRelation', body: render('createRelation', { relation: fields }) },
    },
  };
}

function lookUp(till: Till, fields: RelationFields, lookups: Lookups): Promise<Relation | undefined> {
  const key = fields.extRelationId !== undefined ? `id:${fields.extRelationId}` : `mail:${fields.email?.toLowerCase()}`;
  const asked = lookups.get(key);
  if (asked !== undefined) return asked;
  const answer = ask(till, fields);
  lookups.set(key, answer);
  return answer;
}

/** The till matches parts and ignores case (`ann@x.nl` finds `joann@x.nl`), so what it found is compared here, whoever searched. */
async function ask(till: Till, fields: RelationFields): Promise<Relation | undefined> {
  const by = fields.extRelationId !== undefined ? { extRelationId: fields.extRelationId } : { email: fields.email };
  const { found, exact } = await search(till, by);
  if (found === undefined) return undefined;
  remember(till, found);
  if (isSame(found, fields)) return found;
  return exact ? undefined : searchOn(till, fields);
}

function isSame(found: Relation, fields: RelationFields): boolean {
  return fields.extRelationId !== undefined
    ? found.extRelationId === fields.extRelationId
    : found.email.trim().toLowerCase() === fields.email?.toLowerCase();
}

const pageSize = 1_000;

/** An older till found a namesake of the address: narrowed by the name, or else looked for in the whole list, or he would be created again with every order. */
async function searchOn(till: Till, fields: RelationFields): Promise<Relation | undefined> {
  const { email, extRelationId, name } = fields;
  const narrowed = await till.client.call('findRelation', {
    relation: extRelationId === undefined ? { name, email } : { extRelationId, name },
  });
  if (narrowed.relation !== undefined && isSame(narrowed.relation, fields)) return narrowed.relation;
  let marker = 1;
  for (;;) {
    const { relationList } = await till.client.call('getRelations', { request: { syncMarker: marker, syncMarkerLimit: pageSize } });
    const hit = relationList.find((relation) => isSame(relation, fields));
    if (hit !== undefined) return hit;
    const next = Math.max(0, ...relationList.map(({ syncMarker }) => syncMarker ?? 0)) + 1;
    if (next <= marker) return undefined;
    marker = next;
  }
}

async function search(till: Till, by: object): Promise<{ found: Relation | undefined; exact: boolean }> {
  if ((await till.abilities()).exactRelations) {
    try {
      const { relation } = await till.client.call('findRelationV2', { request: { relation: by, exactMatch: true } });
      return { found: relation, exact: true };
    } catch (error) {
      if (!unknownOperation(error)) throw error;
      till.lacks('exactRelations');
    }
  }
  return { found: (await till.client.call('findRelation', { relation: by })).relation, exact: false };
}

/** A relation that was just made, as its step named it: the read-back of its order need not ask for it. */
export function rememberMade(till: Till, { changes }: PlanStep, number: string): void {
  const names = new Map(Object.entries(sourceOf).map(([name, source]) => [source, name]));
  const fields = Object.fromEntries(changes.map(({ field, after }) => [names.get(field) ?? field, after]));
  const relation = RelationAnswer.safeParse({ ...fields, relationNumber: Number(number) });
  if (relation.success) remember(till, relation.data);
}

/** Where a field of the relation comes from in the draft. */
const sourceOf: Readonly<Record<string, string>> = {
  extRelationId: 'customer.number',
  name: 'billing.lastName',
  address: 'billing.street',
  zipcode: 'billing.postalCode',
  city: 'billing.city',
  country: 'billing.country',
  deliveryAddress: 'shipping.street',
  deliveryZipcode: 'shipping.postalCode',
  deliveryCity: 'shipping.city',
  deliveryCountry: 'shipping.country',
  contact: 'customer.lastName',
  telephone: 'billing.phone',
  email: 'customer.email',
  vatNumber: 'customer.vatIds',
  companyName: 'billing.company',
};

export function note(code: string, message: string, params?: Readonly<Record<string, string | number>>): PlanNote {
  return { code, message, ...(params && { params }) };
}
