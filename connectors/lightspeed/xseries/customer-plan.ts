/** Who a record belongs to in the store: found, created, or several that only the merchant can tell apart. Never writes. */
import type { Address, Customer } from '../../commerce.ts';
import { compare, type Field, personal } from '../../compare.ts';
import type { Draft, FieldChange, PlanNote, PlanStep, VocabularyItem } from '../../connector.ts';
import { Failure } from '../../failure.ts';
import { fingerprint } from '../../fingerprint.ts';
import type { CustomerDraft } from '../drafts.ts';
import { type CustomerField, customerPolicies } from '../flow-settings.ts';
import { customerRow, emailKey, searched } from './customers.ts';
import type { Store } from './retailer.ts';
import type { CustomerRow } from './wire.ts';

export interface PlannedCustomer {
  readonly step: PlanStep;
  /** Absent: the step creates the customer. */
  readonly id: string | undefined;
  readonly notes: readonly PlanNote[];
  /** Digests: nothing of a person is kept. */
  readonly values: Readonly<Record<string, unknown>>;
}

interface Wish {
  readonly draft: Pick<Draft, 'chosen' | 'known' | 'last' | 'reference' | 'sibling'>;
  readonly customer: Customer;
  readonly billing?: Address | undefined;
  readonly shipping?: Address | undefined;
  readonly policies: CustomerDraft['policies'];
  /** False: somebody who is there stays as he is. */
  readonly update: boolean;
  readonly create: boolean;
}

/** Two or three requests at most. Throws fix-data when several customers have the address. */
export async function planCustomer(store: Store, wish: Wish): Promise<PlannedCustomer> {
  const found = await find(store, wish);
  if (found === undefined) return wish.create ? creation(wish) : left('not-in-shop');
  if (!wish.update) return left('exists', found.id);
  return change(wish, found);
}

/** Everybody with the address of the draft, for the merchant to choose from. */
export async function customerCandidates(store: Store, customer: Customer | undefined): Promise<readonly VocabularyItem[]> {
  if (emailKey(customer?.email) === '') return [];
  return (await searched(store, { email: emailKey(customer?.email) })).map((row) => {
    const name = [row.first_name, row.last_name].filter((part) => part !== undefined).join(' ');
    const hint = [row.customer_code, row.company_name, row.physical_city ?? row.postal_city]
      .filter((part) => part !== undefined)
      .join(', ');
    return { value: row.id, label: name === '' ? row.id : name, ...(hint !== '' && { hint }) };
  });
}

async function find(store: Store, { draft, customer }: Wish): Promise<CustomerRow | undefined> {
  if (draft.chosen === 'new' && draft.known === undefined) return coded(store, draft.reference);
  const id = typeof draft.chosen === 'object' ? draft.chosen.id : draft.known;
  const known = id === undefined ? undefined : await customerRow(store, id);
  if (known !== undefined && known.deleted_at === undefined) return known;
  const email = emailKey(customer.email);
  if (email === '') return coded(store, draft.reference);
  const fresh = await remembered(store, email);
  if (fresh !== undefined && emailKey(fresh.email) === email) return fresh;
  const [first, ...more] = await searched(store, { email });
  if (first === undefined) return madeFor(store, draft.sibling, email);
  if (more.length === 0) return first;
  throw new Failure({
    remedy: 'fix-data',
    code: 'lightspeed.customer-ambiguous',
    message: `Lightspeed has ${more.length + 1} customers with the e-mail address of this record. Choose which one is meant, or merge them in Lightspeed.`,
    params: { count: more.length + 1 },
  });
}

/** Whom another process made for the record before this one: the search may not know him yet. */
async function madeFor(store: Store, sibling: Draft['sibling'], email: string): Promise<CustomerRow | undefined> {
  const id = sibling?.kind === 'customer' ? sibling.id : sibling?.values.customer;
  const row = typeof id === 'string' ? await customerRow(store, id) : undefined;
  return row !== undefined && row.deleted_at === undefined && emailKey(row.email) === email ? row : undefined;
}

/** Whom we made for this record and no other. */
async function coded(store: Store, reference: string): Promise<CustomerRow | undefined> {
  const code = codeFor(reference);
  return (await remembered(store, code)) ?? (await searched(store, { customer_code: code }))[0];
}

/** The search learns of a new customer a moment later than we do. */
async function remembered(store: Store, key: string): Promise<CustomerRow | undefined> {
  const id = store.fresh.get(rememberedAs(key));
  const row = id === undefined ? undefined : await customerRow(store, id);
  return row?.deleted_at === undefined ? row : undefined;
}

const rememberedAs = (key: string): string => fingerprint('customer', key);

/** After creating, by the request that did it: under digests, for as long as the session lives. */
export function remember(store: Store, body: string | undefined, id: string): void {
  const { email, customer_code: code } = JSON.parse(body ?? '{}') as { email?: string; customer_code?: string };
  if (store.fresh.size >= 1_000) store.fresh.clear();
  for (const key of [emailKey(email), code ?? '']) if (key !== '') store.fresh.set(rememberedAs(key), id);
}

/** Somebody without an address, or with that of others, is found again by a code of ours. */
const codeFor = (reference: string): string => reference.toUpperCase();

function left(reason: string, id?: string): PlannedCustomer {
  const step: PlanStep = {
    id: 'customer',
    action: 'skip',
    subject: 'customer',
    reason,
    changes: [],
    ...(id !== undefined && { targetId: id }),
  };
  return { step, id, notes: [], values: {} };
}

type Wire = Readonly<Record<string, string>>;

/** Fields of the wire by what decides on them; `at` is the path in the draft that the merchant reads. */
function fieldsOf({
  customer,
  billing,
  shipping,
}: Wish): readonly { field: CustomerField; at: string; wire: keyof CustomerRow; wanted: string | undefined }[] {
  const bill = billing ?? customer.billing;
  const ship = shipping ?? customer.shipping;
  const goods = ship ?? bill;
  const company = customer.company ?? bill?.company;
  const entry = (field: CustomerField, at: string, wire: keyof CustomerRow, value: string | undefined) => ({
    field,
    at,
    wire,
    wanted: value?.trim() === '' ? undefined : value?.trim(),
  });
  const address = (field: CustomerField, kind: 'physical' | 'postal', from: Address | undefined) => {
    const path = field === 'billing' ? 'customer.billing' : 'customer.shipping';
    return [
      entry(field, `${path}.street`, `${kind}_address_1`, from?.street),
      entry(field, `${path}.additional`, `${kind}_address_2`, from?.additional.join(', ')),
      entry(field, `${path}.postalCode`, `${kind}_postcode`, from?.postalCode),
      entry(field, `${path}.city`, `${kind}_city`, from?.city),
      entry(field, `${path}.state`, `${kind}_state`, from?.state),
      entry(field, `${path}.country`, `${kind}_country_id`, from?.country),
    ];
  };
  return [
    entry('names', 'customer.firstName', 'first_name', customer.firstName || bill?.firstName),
    entry('names', 'customer.lastName', 'last_name', customer.lastName || bill?.lastName),
    entry('company', 'customer.company', 'company_name', company),
    entry('phone', 'customer.phone', 'phone', customer.phone ?? bill?.phone ?? ship?.phone),
    ...address('billing', 'postal', bill),
    ...address('shipping', 'physical', goods),
  ];
}

function creation(wish: Wish): PlannedCustomer {
  const { customer, draft } = wish;
  const email = customer.email?.trim() ?? '';
  const given = fieldsOf(wish).filter(({ field, wanted }) => wanted !== undefined && policyOf(wish, field) !== 'never');
  const body: Record<string, unknown> = {
    ...named(customer, Object.fromEntries(given.map(({ wire, wanted }) => [wire, wanted ?? '']))),
    ...((email === '' || draft.chosen === 'new') && { customer_code: codeFor(draft.reference) }),
    ...(email !== '' && { email }),
  };
  const changes: FieldChange[] = [
    ...(email === '' ? [] : [{ field: 'customer.email', after: email }]),
    ...given.map(({ at, wanted }) => ({ field: at, after: wanted })),
  ];
  return {
    id: undefined,
    notes: [],
    values: Object.fromEntries(given.map(({ at, wanted }) => [at, personal(draft.reference)(String(wanted))])),
    step: {
      id: 'customer',
      action: 'create',
      subject: 'customer',
      changes,
      request: { operation: 'POST /2.0/customers', body: JSON.stringify(body) },
    },
  };
}

/** Both names are required there. */
function named(customer: Customer, fields: Wire): Wire {
  const first = fields.first_name ?? (fields.last_name === undefined ? (fields.company_name ?? customer.company ?? '–') : '–');
  return { ...fields, first_name: first, last_name: fields.last_name ?? '–' };
}

function change(wish: Wish, found: CustomerRow): PlannedCustomer {
  const fields = fieldsOf(wish)
    .filter(({ field }) => policyOf(wish, field) === 'always')
    .map(({ at, wire, wanted }): Field => {
      const current = found[wire];
      return { path: at, current: typeof current === 'string' ? current : '', wanted, request: { [wire]: wanted } };
    });
  const compared = compare(fields, { last: wish.draft.last, mark: personal(wish.draft.reference) });
  const step = { id: 'customer', subject: 'customer', targetId: found.id, changes: compared.changes } as const;
  const common = { id: found.id, notes: [], values: compared.values };
  if (Object.keys(compared.request).length === 0) {
    return { ...common, step: { ...step, action: 'skip', reason: compared.changes.length > 0 ? 'kept' : 'unchanged' } };
  }
  // The required names go along, as they stand there unless they change.
  const body = { first_name: found.first_name ?? '–', last_name: found.last_name ?? '–', ...compared.request };
  return {
    ...common,
    step: {
      ...step,
      action: 'update',
      request: { operation: `PUT /2.0/customers/${encodeURIComponent(found.id)}`, body: JSON.stringify(body) },
    },
  };
}

function policyOf({ policies }: Wish, field: CustomerField): string {
  return policies[field] ?? customerPolicies.find((one) => one.field === field)?.default ?? 'always';
}
