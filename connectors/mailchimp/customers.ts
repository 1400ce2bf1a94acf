/** Plans for customers: what becomes of the member, and of his tags. */

import type { Draft, FieldPolicy, Plan, PlanNote, PlanStep } from '../connector.ts';
import { parseDraft } from '../draft.ts';
import { type Failure, failureOf } from '../failure.ts';
import { fingerprint } from '../fingerprint.ts';
import type { Account, Audience, MergeField } from './account.ts';
import { compareFields, type Field } from './compare.ts';
import { endsSubscription, entranceOf, isProven } from './consent.ts';
import { CustomerDraft } from './drafts.ts';
import { customerPolicies } from './flow-settings.ts';
import { hashOf } from './ids.ts';
import { findMembers, type Member, memberPath } from './members.ts';
import { invalidEmail, unreadableDraft } from './refusals.ts';
import { languageOf, mergeAddress, plausibleEmail } from './translate.ts';

interface Ground {
  readonly audience: Audience;
  readonly mergeFields: ReadonlyMap<string, MergeField>;
  readonly members: ReadonlyMap<string, Member>;
  readonly now: Date;
}

export async function planCustomers(account: Account, drafts: readonly Draft[]): Promise<(Plan | Failure)[]> {
  const parsed = drafts.map((draft) => parseDraft(CustomerDraft, draft.fields).data);
  const [audience, mergeFields] = await Promise.all([account.audience(), account.mergeFields()]);
  const hashes = parsed.flatMap((fields, index) => {
    const email = plausibleEmail(fields?.customer.email);
    return email === undefined ? [] : [hashOf(email), ...(drafts[index]?.known === undefined ? [] : [drafts[index].known])];
  });
  const ground: Ground = {
    audience,
    mergeFields: new Map(mergeFields.map((field) => [field.tag.toUpperCase(), field])),
    members: await findMembers(account, [...new Set(hashes)]),
    now: account.now(),
  };
  return drafts.map((draft, index) => {
    const fields = parsed[index];
    if (fields === undefined) return unreadableDraft(draft.id);
    try {
      return planCustomer(draft, fields, ground);
    } catch (error) {
      return failureOf(error);
    }
  });
}

function planCustomer(draft: Draft, fields: CustomerDraft, ground: Ground): Plan {
  const base = { id: draft.id, reference: draft.reference };
  const skipped = (reason: string): Plan => ({
    ...base,
    steps: [{ id: 'member', action: 'skip', subject: 'member', reason, changes: [] }],
    notes: [],
  });
  const { customer, policy } = fields;
  if (customer.deleted) return skipped('deleted-in-source');
  if (customer.email === undefined || customer.email.trim() === '') return skipped('no-email');
  const email = plausibleEmail(customer.email);
  if (email === undefined) throw invalidEmail(customer.number ?? draft.id);

  const hash = hashOf(email);
  const own = ground.members.get(hash);
  const former = draft.known === undefined || draft.known === hash ? undefined : ground.members.get(draft.known);
  // Whoever left goes on having left under both addresses: another record of the source may still have the old one.
  const leaver = own === undefined && (former?.status === 'unsubscribed' || former?.status === 'cleaned') ? former : undefined;
  // His address changed, and nobody has the new one yet: the member keeps what he is, under the new address.
  const moved = own === undefined && former !== undefined && former.status !== 'archived' && leaver === undefined;
  const member = own ?? (moved ? former : undefined);
  // Archived by somebody; an archived member counts as new in Mailchimp, which would forget that he left.
  if (member?.status === 'archived') return skipped('archived');
  if (member === undefined && policy.joining === 'existing') return skipped('not-a-member');

  const notes: PlanNote[] = [];
  const seal = (value: unknown): string => fingerprint(draft.reference, value);
  const isNew = member === undefined;
  const compared = compareFields(fieldsOf(fields, { ground, member }), { isNew, last: draft.last, seal, sealed: '•••' });
  const mergeFields = Object.fromEntries(
    mergeValues(fields, ground).flatMap(({ path, tag, value }) => (compared.writes.has(path) ? [[tag, value]] : [])),
  );
  const language = compared.writes.has('language') ? languageOf(customer.language) : undefined;
  const status = member && statusFor(member, fields, { ground, draft });
  const body = {
    ...((isNew || moved) && { email_address: email }),
    ...(isNew && { status_if_new: enter() }),
    ...(status !== undefined && { status }),
    ...(Object.keys(mergeFields).length > 0 && { merge_fields: mergeFields }),
    ...(language !== undefined && { language }),
  };
  const changes = [
    ...(isNew ? [{ field: 'email', after: email }] : moved ? [{ field: 'email', before: member?.email_address, after: email }] : []),
    ...(status !== undefined ? [{ field: 'permission', before: member?.status, after: status }] : []),
    ...compared.changes,
  ];
  const path = (of: string): string => memberPath(ground.audience.id, of);
  const common = { id: 'member', subject: 'member', targetId: hash, changes } as const;
  const step: PlanStep =
    Object.keys(body).length === 0
      ? { ...common, action: 'skip', reason: changes.length > 0 ? 'kept' : 'unchanged' }
      : {
          ...common,
          action: isNew ? 'create' : 'update',
          request: {
            // An upsert that leaves the status of whoever came meanwhile alone; the merchant's required fields are for forms.
            operation: `${isNew ? 'PUT' : 'PATCH'} ${path(isNew ? hash : (member?.id ?? hash))}?skip_merge_validation=true`,
            body: JSON.stringify(body),
          },
        };
  const tags = tagsOf(fields, { member, last: draft.last });
  return {
    ...base,
    steps: [step, ...(tags.changed.length > 0 ? [tagStep()] : [])],
    ...(member && { target: { id: hash } }),
    values: {
      ...compared.values,
      ...(tags.ours.length > 0 && { tags: tags.ours }),
      ...(customer.permission && { permission: customer.permission.state }),
    },
    notes,
  };

  function enter(): string {
    // That the old address bounced is no word of the person about the new one, but no reason to write there either.
    if (leaver !== undefined) return leaver.status === 'unsubscribed' ? 'unsubscribed' : 'transactional';
    const { permission } = customer;
    const entrance = entranceOf({
      joining: policy.joining,
      permission,
      doubleOptin: ground.audience.double_optin,
      importing: draft.importing === 'history',
      now: ground.now,
    });
    if (entrance.note !== undefined) notes.push(optInMailWithheld);
    return entrance.status;
  }

  function tagStep(): PlanStep {
    return {
      id: 'tags',
      action: 'update',
      subject: 'tags',
      changes: tags.changed.map(({ name, status }) => ({ field: `tags.${name}`, before: status !== 'active', after: status === 'active' })),
      request: {
        operation: `POST ${path(hash)}/tags`,
        body: JSON.stringify({ tags: tags.changed, is_syncing: draft.importing === 'history' || !policy.tagAutomations }),
      },
    };
  }
}

/** The only statuses that are ever sent for somebody who is there. */
function statusFor(
  member: Member,
  { customer, policy }: CustomerDraft,
  { ground, draft }: { ground: Ground; draft: Draft },
): 'unsubscribed' | 'subscribed' | 'pending' | undefined {
  if (endsSubscription({ status: member.status, optedAt: member.timestamp_opt }, customer.permission, draft.last?.permission))
    return 'unsubscribed';
  if (!policy.raiseTransactional || policy.joining !== 'subscribed' || member.status !== 'transactional') return undefined;
  if (!isProven(customer.permission) || draft.importing === 'history') return undefined;
  const { status } = entranceOf({
    joining: policy.joining,
    permission: customer.permission,
    doubleOptin: ground.audience.double_optin,
    importing: false,
    now: ground.now,
  });
  return status === 'transactional' ? undefined : status;
}

interface MergeValue {
  readonly path: string;
  readonly tag: string;
  readonly value: unknown;
}

/** Values for merge fields that the audience has, as its type of field takes them. */
function mergeValues({ customer, policy }: CustomerDraft, ground: Ground): MergeValue[] {
  const wanted: [string, string, unknown][] = [
    ['firstName', policy.firstNameTag, customer.firstName],
    ['lastName', policy.lastNameTag, customer.lastName],
    ['phone', policy.phoneTag, customer.phone ?? customer.billing?.phone],
    ['address', policy.addressTag, mergeAddress(customer)],
    ['company', policy.companyTag, customer.company],
    ['group', policy.groupTag, customer.group],
    ['number', policy.numberTag, customer.number],
  ];
  return wanted.flatMap(([path, tag, value]) => {
    const field = ground.mergeFields.get(tag);
    if (field === undefined || value === undefined || value === '') return [];
    if (typeof value === 'object' && field.type !== 'address')
      return [{ path, tag: field.tag, value: Object.values(value as object).join(', ') }];
    if (typeof value === 'string' && field.type === 'address') return [];
    if (field.type === 'number') return /^\d{1,15}$/.test(String(value)) ? [{ path, tag: field.tag, value: Number(value) }] : [];
    return [{ path, tag: field.tag, value }];
  });
}

function fieldsOf(fields: CustomerDraft, { ground, member }: { ground: Ground; member: Member | undefined }): Field[] {
  const policyOf = (path: string): { policy?: FieldPolicy } => {
    const policy = fields.policies[path] ?? customerPolicies.find(({ field }) => field === path)?.default;
    return policy === undefined ? {} : { policy };
  };
  return [
    ...mergeValues(fields, ground).map(({ path, tag, value }) => ({
      path,
      current: member?.merge_fields[tag],
      wanted: value,
      ...policyOf(path),
    })),
    {
      path: 'language',
      current: member?.language,
      wanted: languageOf(fields.customer.language),
      ...policyOf('language'),
    },
  ];
}

interface TagWish {
  readonly name: string;
  readonly status: 'active' | 'inactive';
}

/** Tags that we set and that the source no longer has are taken off; those of others stay. */
function tagsOf(
  { customer, groupTagName, policy, policies }: CustomerDraft,
  { member, last }: { member: Member | undefined; last: Draft['last'] },
): { changed: TagWish[]; ours: string[] } {
  const before = Array.isArray(last?.tags) ? (last.tags as unknown[]).map(String) : [];
  const policyOfTags = policies.tags ?? 'always';
  if (policyOfTags === 'never' || (policyOfTags === 'on-create' && member !== undefined)) return { changed: [], ours: before };
  const wanted = [...new Set([policy.tag, groupTagName, ...(customer.tags ?? [])].flatMap((tag) => tag?.trim().slice(0, 100) || []))];
  const standing = new Set(member?.tags.map(({ name }) => name));
  return {
    changed: [
      ...wanted.filter((name) => !standing.has(name)).map((name) => ({ name, status: 'active' as const })),
      ...before.filter((name) => !wanted.includes(name) && standing.has(name)).map((name) => ({ name, status: 'inactive' as const })),
    ],
    ours: wanted,
  };
}

const optInMailWithheld: PlanNote = {
  code: 'mailchimp.opt-in-mail-withheld',
  message:
    'The audience asks everybody to confirm by mail. This consent is not new, so nobody is asked; the customer is added without being subscribed.',
};
