/** Members of an audience: who may be subscribed, what that sends, and how a member is shown. */
import { type Account, type Audience, hashOf, type Json, type Member, second, stamp } from './account.ts';
import { compliance, forgotten, invalid, memberExists, Problem } from './problem.ts';
import type { MemberStatus, Source } from './surface.ts';

export interface Place {
  readonly account: Account;
  readonly audience: Audience;
  readonly source: Source;
}

export interface Arrival {
  readonly status: MemberStatus;
  readonly origin?: string;
  readonly byStore?: boolean;
}

const plausible = /^[^\s@,;<>"]+@[^\s@,;<>"]+\.[^\s@,;<>"]+$/;

export function checkEmail(account: Account, email: string): void {
  if (!plausible.test(email))
    throw new Problem(400, 'Invalid Resource', 'Please provide a valid email address.', [
      { field: 'email_address', message: 'This value should be a valid email.' },
    ]);
  if (account.behaviour.fakeAddresses.has(email.toLowerCase()))
    throw new Problem(400, 'Invalid Resource', `${email} looks fake or invalid, please enter a real email address.`);
}

/** By hash, contact id or the address itself. */
export function findMember(audience: Audience, key: string): Member | undefined {
  return audience.members.get(key.toLowerCase()) ?? audience.byContactId.get(key) ?? audience.members.get(hashOf(key));
}

/** A new member; the caller fills in the rest and then calls `settle`. */
export function arrive({ account, audience, source }: Place, email: string, arrival: Arrival): Member {
  const address = email.trim();
  checkEmail(account, address);
  const hash = hashOf(address);
  if (audience.forgotten.has(hash)) {
    // Only the person can come back.
    if (source !== 'user') throw forgotten(address);
    audience.forgotten.delete(hash);
  }
  const { random } = account;
  const member: Member = {
    email: address,
    hash,
    shortId: random.hex(10),
    contactId: random.hex(32),
    webId: random.int(100_000_000, 999_999_999),
    status: 'archived',
    leftBy: undefined,
    unsubscribeReason: undefined,
    emailType: 'html',
    mergeFields: new Map(),
    interests: new Map([...audience.interests].map((id) => [id, false])),
    permissions: new Map([...audience.permissions.keys()].map((id) => [id, false])),
    tags: new Map(),
    language: '',
    vip: false,
    location: {},
    ipSignup: '',
    timestampSignup: '',
    ipOpt: '',
    timestampOpt: '',
    lastChanged: second(account.now()),
    origin: arrival.origin ?? { user: 'Hosted Signup Form', admin: 'Import', api: 'API - Generic' }[source],
    byStore: arrival.byStore ?? false,
  };
  audience.members.set(hash, member);
  audience.byContactId.set(member.contactId, member);
  return member;
}

/** Throws when the member may not be subscribed by anybody but themselves. */
export function mayBecome({ account, source }: Place, member: Member, status: MemberStatus): void {
  if (status !== 'subscribed' || source === 'user' || member.status === 'subscribed') return;
  const { compliance: rule } = account.behaviour;
  const left = member.leftBy !== undefined && (rule === 'any' || member.leftBy === 'user');
  if (rule !== 'off' && left) throw compliance(member.email);
}

/** Gives a member a status and sends whatever Mailchimp sends for it. */
export function become(place: Place, member: Member, status: MemberStatus, why: Json = {}): void {
  const { account, audience, source } = place;
  mayBecome(place, member, status);
  const before = member.status;
  if (before === status) return;
  member.status = status;
  touch(place, member);
  const now = stamp(account.now());
  if (status === 'pending') {
    member.timestampSignup = now;
    account.mail(member.email, 'double-opt-in', audience.id);
  }
  if (status === 'subscribed') {
    member.leftBy = undefined;
    member.unsubscribeReason = undefined;
    member.timestampOpt = now;
    const syncing = [...account.stores.values()].some((store) => store.audienceId === audience.id && store.syncing);
    if (audience.welcome && !syncing) account.mail(member.email, 'welcome', audience.id);
    account.tell(audience, { type: 'subscribe', source, data: about(audience, member) });
  }
  if (status === 'unsubscribed' || status === 'cleaned') {
    // A bounce is nobody's wish and still nobody may undo it.
    member.leftBy = status === 'cleaned' ? 'user' : source;
    member.unsubscribeReason =
      status === 'cleaned' ? undefined : source === 'user' ? 'N/A (Unsubscribed by the contact)' : 'N/A (Unsubscribed by admin)';
  }
  if (status === 'cleaned')
    account.tell(audience, {
      type: 'cleaned',
      source,
      data: { list_id: audience.id, campaign_id: '', reason: why.reason ?? 'hard', email: member.email },
    });
  if (before === 'subscribed' && (status === 'unsubscribed' || status === 'archived')) left(place, member, status);
}

function left({ account, audience, source }: Place, member: Member, status: MemberStatus): void {
  const action = status === 'archived' ? 'delete' : 'unsub';
  account.tell(audience, {
    type: 'unsubscribe',
    source,
    data: { action, reason: 'manual', ...about(audience, member), campaign_id: '' },
  });
}

export function profileChanged({ account, audience, source }: Place, member: Member): void {
  touch({ account }, member);
  if (member.status !== 'archived') account.tell(audience, { type: 'profile', source, data: about(audience, member) });
}

export function touch({ account }: Pick<Place, 'account'>, member: Member): void {
  member.lastChanged = Math.max(second(account.now()), member.lastChanged);
}

/** Another address: the hash changes with it. */
export function rename(place: Place, member: Member, to: string): void {
  const { account, audience, source } = place;
  const email = to.trim();
  const hash = hashOf(email);
  checkEmail(account, email);
  if (hash === member.hash) {
    member.email = email;
    return;
  }
  if (audience.members.has(hash)) throw memberExists(email);
  if (audience.forgotten.has(hash)) throw forgotten(email);
  const from = member.email;
  audience.members.delete(member.hash);
  member.email = email;
  member.hash = hash;
  audience.members.set(hash, member);
  account.tell(audience, {
    type: 'upemail',
    source,
    data: { new_id: member.shortId, new_email: email, old_email: from, list_id: audience.id },
  });
  profileChanged(place, member);
}

export function forget(place: Place, member: Member): void {
  if (member.status === 'subscribed') left(place, member, 'archived');
  place.audience.members.delete(member.hash);
  place.audience.byContactId.delete(member.contactId);
  place.audience.forgotten.add(member.hash);
}

export function permissionIn(audience: Audience, at: number, id: string): void {
  if (!audience.permissions.has(id))
    throw invalid({
      field: `marketing_permissions.item:${at}.marketing_permission_id`,
      message: 'This marketing permission does not exist.',
    });
}

const value = (held: unknown): unknown =>
  held !== null && typeof held === 'object' ? Object.fromEntries(Object.entries(held).map(([name, inner]) => [name, String(inner)])) : held;

/** What webhooks say of a member. */
function about(audience: Audience, member: Member): Json {
  const merges = [...audience.mergeFields.values()].map((field) => [field.tag, value(member.mergeFields.get(field.tag) ?? '')]);
  return {
    id: member.shortId,
    list_id: audience.id,
    email: member.email,
    email_type: member.emailType,
    ip_opt: member.ipOpt,
    ip_signup: member.ipSignup,
    web_id: String(member.webId),
    merges: { EMAIL: member.email, ...Object.fromEntries(merges), INTERESTS: '' },
  };
}

export function showMember(account: Account, audience: Audience, member: Member): Json {
  const named = (tag: string) => String(member.mergeFields.get(tag) ?? '');
  return {
    id: member.hash,
    email_address: member.email,
    unique_email_id: member.shortId,
    contact_id: member.contactId,
    full_name: `${named('FNAME')} ${named('LNAME')}`.trim(),
    web_id: member.webId,
    email_type: member.emailType,
    status: member.status,
    ...(member.unsubscribeReason !== undefined && { unsubscribe_reason: member.unsubscribeReason }),
    consents_to_one_to_one_messaging: true,
    merge_fields: Object.fromEntries(
      [...audience.mergeFields.values()].map((field) => [field.tag, member.mergeFields.get(field.tag) ?? field.defaultValue]),
    ),
    interests: Object.fromEntries(member.interests),
    stats: { avg_open_rate: 0, avg_click_rate: 0, ...bought(account, audience, member) },
    ip_signup: member.ipSignup,
    timestamp_signup: member.timestampSignup,
    ip_opt: member.ipOpt,
    timestamp_opt: member.timestampOpt,
    member_rating: 2,
    last_changed: stamp(member.lastChanged),
    language: member.language,
    vip: member.vip,
    email_client: '',
    location: { latitude: 0, longitude: 0, gmtoff: 0, dstoff: 0, country_code: '', timezone: '', region: '', ...member.location },
    ...(audience.permissions.size > 0 && {
      marketing_permissions: [...audience.permissions].map(([id, text]) => ({
        marketing_permission_id: id,
        text,
        enabled: member.permissions.get(id) ?? false,
      })),
    }),
    source: member.origin,
    tags_count: member.tags.size,
    tags: [...member.tags.keys()].slice(0, 50).map((name) => ({ id: audience.tagIds.get(name) ?? 0, name })),
    list_id: audience.id,
    _links: [],
  };
}

function bought(account: Account, audience: Audience, member: Member): Json {
  const attached = [...account.stores.values()].filter((store) => store.audienceId === audience.id);
  const [first] = attached;
  if (first === undefined) return {};
  let cents = 0;
  let count = 0;
  for (const store of attached)
    for (const customer of store.customersByEmail.get(member.email.toLowerCase()) ?? [])
      for (const id of store.ordersByCustomer.get(customer) ?? []) {
        count += 1;
        cents += Math.round(Number(store.orders.get(id)?.facts.order_total ?? 0) * 100);
      }
  return { ecommerce_data: { total_revenue: cents / 100, number_of_orders: count, currency_code: first.facts.currency_code } };
}
