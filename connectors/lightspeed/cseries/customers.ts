/** Customers of the shop: read as canonical customers, found by their e-mail address, created and updated without a mail to anybody. */
import type { Address, Customer } from '../../commerce.ts';
import { type Compared, compare, type Field, personal } from '../../compare.ts';
import type { Draft, Outcome, Plan, PlanStep, VocabularyItem } from '../../connector.ts';
import { Failure } from '../../failure.ts';
import { drafted } from '../drafted.ts';
import { CustomerDraft } from '../drafts.ts';
import { type CustomerField, customerPolicies } from '../flow-settings.ts';
import { carryOut } from './carry-out.ts';
import { each, firstPage, one } from './listing.ts';
import { addressOf, customerOf, lastNameOf, noName, streetOf } from './people.ts';
import type { Shop } from './shop.ts';
import { CustomerRow } from './wire.ts';

const single = { path: 'customers', row: CustomerRow, label: 'read customer' };
/** Nobody is to get a mail because of us. */
const silent = { doNotifyRegistered: false, doNotifyConfirmed: false, doNotifyPassword: false };

/** Ids, or `#` and an e-mail address. */
export function readCustomers(shop: Shop, ids: readonly string[]): Promise<(Customer | undefined | Failure)[]> {
  return each(ids, async (id) => {
    const row = id.startsWith('#')
      ? (await byEmail(shop, id.slice(1)))[0]
      : /^\d{1,15}$/.test(id)
        ? await one(shop.bulk, single, id)
        : undefined;
    if (row === undefined) return undefined;
    const { guest: _, ...customer } = customerOf(row, { id: row.id });
    return { ...customer, guest: row.type === 'guest', ...(row.updatedAt !== undefined && { updatedAt: row.updatedAt }) };
  });
}

/** The filter may match parts or be ignored: what came back is compared. */
async function byEmail(shop: Shop, email: string): Promise<CustomerRow[]> {
  const wanted = email.trim().toLowerCase();
  if (wanted === '') return [];
  const rows = await firstPage(shop.bulk, { ...single, label: 'find customer', query: { email: email.trim() } });
  return rows.filter((row) => row.email.toLowerCase() === wanted);
}

export async function candidates(shop: Shop, draft: Draft): Promise<VocabularyItem[]> {
  const { customer } = drafted(CustomerDraft, draft);
  const rows = await byEmail(shop, customer.email ?? '');
  return rows.map((row) => ({
    value: String(row.id),
    label:
      [row.firstname, lastNameOf(row), row.isCompany ? `(${row.companyName})` : ''].filter((part) => part !== '').join(' ') ||
      String(row.id),
    hint: [row.addressBillingZipcode, row.addressBillingCity, row.createdAt?.slice(0, 10)].filter(Boolean).join(' '),
  }));
}

export function planCustomers(shop: Shop, drafts: readonly Draft[]): Promise<(Plan | Failure)[]> {
  return each(drafts, async (draft) => {
    const fields = drafted(CustomerDraft, draft);
    return planOne(draft, fields, await theCustomer(shop, draft, fields));
  });
}

export function applyCustomers(shop: Shop, plans: readonly Plan[]): Promise<(Outcome | Failure)[]> {
  return carryOut(shop, plans);
}

/** Whom the merchant chose, else whom we know from before, else the one with the e-mail address. */
async function theCustomer(shop: Shop, draft: Draft, { customer }: CustomerDraft): Promise<CustomerRow | undefined> {
  const isNew = draft.chosen === 'new';
  for (const id of [typeof draft.chosen === 'object' ? draft.chosen.id : undefined, draft.known]) {
    const row = id === undefined ? undefined : await one(shop.bulk, single, id);
    if (row !== undefined) return row;
  }
  const rows = await byEmail(shop, customer.email ?? '');
  // His namesakes have the same address; the note is what tells him apart when the answer to his creation was lost.
  if (isNew) return rows.find(({ memo }) => memo.includes(draft.reference));
  if (rows.length <= 1) return rows[0];
  throw new Failure({
    remedy: 'fix-data',
    code: 'lightspeed.customer-ambiguous',
    message: `Lightspeed has ${rows.length} customers with the e-mail address of customer ${customer.number ?? draft.id}. Choose which one is meant.`,
    params: { customer: customer.number ?? draft.id, count: rows.length },
  });
}

function planOne(draft: Draft, fields: CustomerDraft, there: CustomerRow | undefined): Plan {
  const { customer } = fields;
  const base = { id: draft.id, reference: draft.reference, notes: [] };
  const skip = (reason: string, changes: PlanStep['changes'] = []): PlanStep => ({
    id: 'customer',
    action: 'skip',
    subject: 'customer',
    reason,
    changes,
  });
  if (customer.deleted) {
    return { ...base, ...(there && { target: { id: String(there.id) } }), steps: [skip('deleted-in-source')] };
  }
  if (there === undefined) return creation(draft, fields, skip);
  const compared = compare(fieldsOf(fields, there), { last: draft.last, mark: personal(draft.reference) });
  const target = { id: String(there.id) };
  if (Object.keys(compared.request).length === 0) {
    return {
      ...base,
      target,
      values: compared.values,
      steps: [{ ...skip(compared.changes.length > 0 ? 'kept' : 'unchanged', compared.changes), targetId: target.id }],
    };
  }
  const request = { operation: `PUT customers/${there.id}`, body: JSON.stringify({ customer: { ...compared.request, ...silent } }) };
  const step: PlanStep = { id: 'customer', action: 'update', subject: 'customer', targetId: target.id, changes: compared.changes, request };
  return { ...base, target, values: compared.values, steps: [step] };
}

function creation(draft: Draft, fields: CustomerDraft, skip: (reason: string) => PlanStep): Plan {
  const { customer, policy } = fields;
  const base = { id: draft.id, reference: draft.reference, notes: [] };
  if (!policy.createCustomers) return { ...base, steps: [skip('not-in-shop')] };
  const email = customer.email?.trim() ?? '';
  if (email === '') {
    throw new Failure({
      remedy: 'fix-data',
      code: 'lightspeed.customer-email-missing',
      message: `Customer ${customer.number ?? draft.id} has no e-mail address, without which Lightspeed keeps no customer. Enter one in the source.`,
      params: { customer: customer.number ?? draft.id },
    });
  }
  const compared: Compared = compare(fieldsOf(fields, undefined), { last: undefined, mark: personal(draft.reference) });
  const body = {
    email,
    // Both names are asked for; companies often have neither.
    firstname: customer.firstName.trim() || noName,
    lastname: customer.lastName.trim() || customer.company?.trim() || noName,
    ...compared.request,
    ...(draft.chosen === 'new' && { memo: draft.reference }),
    ...silent,
  };
  const step: PlanStep = {
    id: 'customer',
    action: 'create',
    subject: 'customer',
    changes: [{ field: 'customer.email', after: email }, ...compared.changes],
    request: { operation: 'POST customers', body: JSON.stringify({ customer: body }) },
  };
  return { ...base, values: compared.values, steps: [step] };
}

function fieldsOf(fields: CustomerDraft, there: CustomerRow | undefined): Field[] {
  const { customer } = fields;
  const list: Field[] = [];
  const add = (policy: CustomerField, make: () => readonly Field[]): void => {
    const told = fields.policies[policy] ?? customerPolicies.find(({ field }) => field === policy)?.default;
    if (told !== 'never' && (there === undefined || told === 'always')) list.push(...make());
  };
  /** A blank in the source is no wish to empty the field. */
  const field = (path: string, current: string | undefined, wanted: string | undefined, request: Field['request']): Field => ({
    path,
    current: there === undefined ? undefined : current,
    wanted: wanted === undefined || wanted.trim() === '' ? undefined : wanted.trim(),
    request,
  });
  add('names', () => [
    field('customer.firstName', there?.firstname, customer.firstName, { firstname: customer.firstName.trim() }),
    field('customer.lastName', there && lastNameOf(there), customer.lastName, {
      lastname: customer.lastName.trim(),
      ...(there && { middlename: '' }),
    }),
  ]);
  add('phone', () => [field('customer.phone', there && (there.phone || there.mobile), customer.phone, { phone: customer.phone?.trim() })]);
  add('company', () => [
    field('customer.company', there && (there.isCompany ? there.companyName : ''), customer.company, {
      isCompany: true,
      companyName: customer.company?.trim(),
    }),
    field('customer.vatIds', there?.companyVatNumber, customer.vatIds[0], { companyVatNumber: customer.vatIds[0]?.trim() }),
  ]);
  add('billing', () => addressFields('billing', customer.billing, there, field));
  add('shipping', () => addressFields('shipping', customer.shipping, there, field));
  return list;
}

function addressFields(
  which: 'billing' | 'shipping',
  address: Address | undefined,
  there: CustomerRow | undefined,
  field: (path: string, current: string | undefined, wanted: string | undefined, request: Field['request']) => Field,
): Field[] {
  if (address === undefined) return [];
  const side = which === 'billing' ? 'addressBilling' : 'addressShipping';
  const stands = there && addressOf(there, side);
  const { street, number, extension } = streetOf(address.street);
  const name = `${address.firstName} ${address.lastName}`.trim();
  return [
    field(`${which}.name`, there && (there[`${side}Name`] || undefined), name, { [`${side}Name`]: name }),
    field(`${which}.street`, stands?.street ?? (there && ''), address.street, {
      [`${side}Street`]: street,
      [`${side}Number`]: number,
      [`${side}Extension`]: extension,
    }),
    field(`${which}.address`, stands?.additional[0] ?? (there && ''), address.additional[0], {
      [`${side}Street2`]: address.additional[0]?.trim(),
    }),
    field(`${which}.postalCode`, stands?.postalCode ?? (there && ''), address.postalCode, {
      [`${side}Zipcode`]: address.postalCode.trim(),
    }),
    field(`${which}.city`, stands?.city ?? (there && ''), address.city, { [`${side}City`]: address.city.trim() }),
    field(`${which}.country`, stands?.country ?? (there && ''), address.country, { [`${side}Country`]: address.country?.toLowerCase() }),
    ...(which === 'shipping'
      ? [field('shipping.company', there?.addressShippingCompany, address.company, { addressShippingCompany: address.company?.trim() })]
      : []),
  ];
}
