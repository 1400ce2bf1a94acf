/**
 * The ratchet: by itself a status only ever goes down. Mailchimp decides with `status_if_new` what becomes of an unknown address;
 * `status` is never sent for somebody who is there, but to unsubscribe. Pure.
 */
import type { Permission } from '../commerce.ts';

export const memberStatuses = ['subscribed', 'unsubscribed', 'cleaned', 'pending', 'transactional', 'archived'] as const;
/** `unknown`: a word that came after this was written. Nothing is concluded from it. */
export type MemberStatus = (typeof memberStatuses)[number] | 'unknown';

export const joinings = ['transactional', 'subscribed', 'existing'] as const;
export type Joining = (typeof joinings)[number];

/** A confirmation mail is expected only by somebody who has just signed up. */
const freshMs = 48 * 60 * 60_000;

export interface Newcomer {
  readonly joining: Joining;
  readonly permission: Permission | undefined;
  readonly doubleOptin: boolean;
  readonly importing: boolean;
  readonly now: Date;
}

/** `opt-in-mail-withheld`: proof is there, but asking for confirmation now would surprise. */
export interface Entrance {
  readonly status: 'subscribed' | 'pending' | 'transactional';
  readonly note?: 'opt-in-mail-withheld';
}

/** A yes counts with its proof: when and where it was given. */
export const isProven = (permission: Permission | undefined): boolean =>
  permission?.state === 'subscribed' && permission.at !== undefined && permission.source !== undefined && permission.source !== '';

/** How an unknown address comes in. */
export function entranceOf({ joining, permission, doubleOptin, importing, now }: Newcomer): Entrance {
  if (joining !== 'subscribed' || !isProven(permission)) return { status: 'transactional' };
  if (!doubleOptin) return { status: 'subscribed' };
  const ageMs = now.getTime() - Date.parse(permission?.at ?? '');
  if (importing || ageMs > freshMs) return { status: 'transactional', note: 'opt-in-mail-withheld' };
  return { status: 'pending' };
}

export const isNo = (state: Permission['state'] | undefined): boolean => state === 'unsubscribed' || state === 'cleaned';
const canLose = (status: MemberStatus): boolean => status === 'subscribed' || status === 'pending';

/**
 * Does a no that stands in a customer's record end a subscription? Shops often say "no" of people who never said anything, so it counts
 * when it is dated later than the opt-in in Mailchimp, or when there was a yes in the same place before.
 */
export function endsSubscription(
  member: { readonly status: MemberStatus; readonly optedAt: string | undefined },
  permission: Permission | undefined,
  before: unknown,
): boolean {
  if (!canLose(member.status) || !isNo(permission?.state)) return false;
  if (permission?.at === undefined) return before === 'subscribed' || before === 'pending';
  const optedAt = Date.parse(member.optedAt ?? '');
  return Number.isNaN(optedAt) || Date.parse(permission.at) >= optedAt;
}

/** News of a no always counts against a subscription that is not younger. */
export function endedBy(member: { readonly status: MemberStatus; readonly optedAt: string | undefined }, news: Permission): boolean {
  if (!canLose(member.status) || !isNo(news.state)) return false;
  const optedAt = Date.parse(member.optedAt ?? '');
  return news.at === undefined || Number.isNaN(optedAt) || Date.parse(news.at) >= optedAt;
}
