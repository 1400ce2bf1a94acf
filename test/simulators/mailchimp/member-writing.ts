/** Creating and changing members by the API, one by one and up to 500 at once. */
import { type Account, type Audience, hashOf, type Json, type Member } from './account.ts';
import {
  arrive,
  become,
  checkEmail,
  findMember,
  mayBecome,
  type Place,
  permissionIn,
  profileChanged,
  rename,
  showMember,
  touch,
} from './member.ts';
import { fillIn, missing } from './merge-fields.ts';
import { invalid, memberExists, notFound, Problem } from './problem.ts';
import type { MemberStatus } from './surface.ts';
import { addTag } from './tags.ts';

interface Wish {
  readonly body: Json;
  readonly skipMergeValidation: boolean;
}

/** Checks everything before it changes anything. */
function write(place: Place, known: Member | undefined, wish: Wish, status: MemberStatus | undefined): Member {
  const { account, audience } = place;
  const { body } = wish;
  const email = typeof body.email_address === 'string' ? body.email_address.trim() : known?.email;
  if (email === undefined || email === '') throw invalid({ field: 'email_address', message: 'This value should not be blank.' });
  const values = (body.merge_fields ?? {}) as Json;
  const held = new Map(known?.mergeFields);
  const filled = fillIn(audience, held, values);
  const lacking = wish.skipMergeValidation ? [] : missing(audience, held, values);
  const errors = [...filled.errors, ...lacking];
  for (const tag of filled.unknown) account.unexpected.push(`audience ${audience.id} has no merge field ${tag}`);
  if (errors.length > 0) throw new Problem(400, 'Invalid Resource', 'Your merge fields were invalid.', errors);
  const permissions = (body.marketing_permissions ?? []) as { marketing_permission_id?: string; enabled?: boolean }[];
  for (const [at, one] of permissions.entries()) permissionIn(audience, at, one.marketing_permission_id ?? '');
  for (const id of Object.keys((body.interests ?? {}) as Json))
    if (!audience.interests.has(id)) throw invalid({ field: 'interests', message: `Invalid interest ID: '${id}'.` });
  if (known !== undefined && status !== undefined) mayBecome(place, known, status);
  if (known === undefined && status === undefined)
    throw invalid({
      field: 'status_if_new',
      message: 'This value is required only if the email address is not already present on the list.',
    });

  const member = known ?? arrive(place, email, { status: status ?? 'pending' });
  if (known !== undefined && known.email !== email) rename(place, known, email);
  const changed =
    setFacts(member, body) ||
    filled.changed ||
    permissions.some((one) => one.enabled !== member.permissions.get(one.marketing_permission_id ?? ''));
  for (const [tag, value] of held) member.mergeFields.set(tag, value);
  for (const one of permissions) member.permissions.set(one.marketing_permission_id ?? '', one.enabled ?? false);
  if (known === undefined) touch(place, member);
  else if (changed) profileChanged(place, member);
  if (status !== undefined) become(place, member, status);
  return member;
}

function setFacts(member: Member, body: Json): boolean {
  const before = JSON.stringify([member.emailType, member.language, member.vip, member.location, [...member.interests]]);
  const text = (name: string, otherwise: string) => (body[name] === undefined ? otherwise : String(body[name]));
  member.emailType = text('email_type', member.emailType);
  member.language = text('language', member.language);
  member.vip = body.vip === undefined ? member.vip : body.vip === true;
  member.location = { ...member.location, ...(body.location as Json | undefined) };
  member.ipSignup = text('ip_signup', member.ipSignup);
  member.timestampSignup = text('timestamp_signup', member.timestampSignup);
  member.ipOpt = text('ip_opt', member.ipOpt);
  member.timestampOpt = text('timestamp_opt', member.timestampOpt);
  for (const [id, enabled] of Object.entries((body.interests ?? {}) as Json)) member.interests.set(id, enabled === true);
  return before !== JSON.stringify([member.emailType, member.language, member.vip, member.location, [...member.interests]]);
}

/** `auto-doi` lets Mailchimp ask for confirmation where the audience wants one; undocumented, sent by the official WooCommerce plugin. */
export const resolved = (audience: Audience, status: MemberStatus | undefined, method: unknown): MemberStatus | undefined =>
  status === 'subscribed' && audience.doubleOptin && method === 'auto-doi' ? 'pending' : status;

const statusOf = (body: Json, name: string) => body[name] as MemberStatus | undefined;

export function post(place: Place, wish: Wish, method?: unknown): Member {
  const email = String(wish.body.email_address ?? '').trim();
  checkEmail(place.account, email);
  const known = findMember(place.audience, hashOf(email));
  if (known !== undefined && known.status !== 'archived') throw memberExists(email);
  const member = write(place, known, wish, resolved(place.audience, statusOf(wish.body, 'status'), method));
  for (const name of (wish.body.tags ?? []) as string[]) addTag(place, member, name, false);
  return member;
}

/** An archived member counts as new. */
export function put(place: Place, key: string, wish: Wish, method?: unknown): Member {
  const { account, audience } = place;
  const email = String(wish.body.email_address ?? '').trim();
  checkEmail(account, email);
  const known = findMember(audience, key);
  if (known === undefined && audience.members.has(hashOf(email))) throw memberExists(email);
  const fresh = known === undefined || known.status === 'archived';
  const status = statusOf(wish.body, 'status') ?? (fresh ? statusOf(wish.body, 'status_if_new') : undefined);
  return write(place, known, wish, resolved(audience, status, method));
}

export function patch(place: Place, key: string, wish: Wish, method?: unknown): Member {
  const known = findMember(place.audience, key);
  if (known === undefined) throw notFound();
  return write(place, known, wish, resolved(place.audience, statusOf(wish.body, 'status'), method));
}

interface BulkError {
  readonly email_address: string;
  readonly error: string;
  readonly error_code: 'ERROR_CONTACT_EXISTS' | 'ERROR_GENERIC';
  readonly field: string;
  readonly field_message: string;
}

/** `POST /lists/{id}`: each member for itself. */
export function postMany(place: Place, body: Json, flags: { skipMergeValidation: boolean; skipDuplicates: boolean }): Json {
  const { account, audience } = place;
  const wishes = body.members as Json[];
  if (wishes.length > 500) throw invalid({ field: 'members', message: 'You may add at most 500 members at a time.' });
  const created: Member[] = [];
  const updated: Member[] = [];
  const errors: BulkError[] = [];
  const seen = new Set<string>();
  for (const one of wishes) {
    const email = String(one.email_address ?? '');
    const fail = (error: string, about: Partial<BulkError> = {}) =>
      errors.push({ email_address: email, error, error_code: 'ERROR_GENERIC', field: '', field_message: '', ...about });
    const hash = hashOf(email);
    if (seen.has(hash) && !flags.skipDuplicates) {
      fail('Duplicate items found.');
      continue;
    }
    seen.add(hash);
    const known = audience.members.get(hash);
    if (known !== undefined && known.status !== 'archived' && body.update_existing !== true) {
      fail(memberExists(email).message, { error_code: 'ERROR_CONTACT_EXISTS' });
      continue;
    }
    try {
      const { email_address: _, ...rest } = one;
      const facts = known === undefined ? one : rest;
      const member = write(place, known, { body: facts, skipMergeValidation: flags.skipMergeValidation }, statusOf(one, 'status'));
      (known === undefined ? created : updated).push(member);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const [first] = error.errors;
      fail(error.message, first && { field: first.field, field_message: first.message });
    }
  }
  const show = (member: Member) => bulkView(account, audience, member);
  return {
    new_members: created.map(show),
    updated_members: updated.map(show),
    errors,
    total_created: created.length,
    total_updated: updated.length,
    error_count: errors.length,
    _links: [],
  };
}

function bulkView(account: Account, audience: Audience, member: Member): Json {
  const {
    id,
    email_address,
    unique_email_id,
    email_type,
    status,
    merge_fields,
    interests,
    last_changed,
    language,
    vip,
    tags_count,
    tags,
    list_id,
  } = showMember(account, audience, member);
  return {
    id,
    email_address,
    unique_email_id,
    email_type,
    status,
    merge_fields,
    interests,
    last_changed,
    language,
    vip,
    tags_count,
    tags,
    list_id,
    _links: [],
  };
}
