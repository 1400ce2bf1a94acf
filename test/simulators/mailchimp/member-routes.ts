/** `/lists/{id}/members` and what lies below, and the search for members. */
import type { Audience, Json, Member } from './account.ts';
import * as bodies from './bodies.ts';
import { audienceOf } from './list-routes.ts';
import { become, findMember, forget, type Place, showMember } from './member.ts';
import { patch, post, put } from './member-writing.ts';
import { page } from './paging.ts';
import { invalid, notFound } from './problem.ts';
import { type Call, empty, ok, type Route } from './route.ts';
import { addTag, removeTag, showTags } from './tags.ts';

const placeOf = (call: Call): Place => ({ account: call.account, audience: audienceOf(call.account, call.at.list), source: 'api' });

function memberIn(call: Call): Member {
  const member = findMember(placeOf(call).audience, call.at.member ?? '');
  if (member === undefined) throw notFound();
  return member;
}

const shown = (call: Call, member: Member) => ok(showMember(call.account, placeOf(call).audience, member));
const wishOf = ({ body, query }: Call) => ({ body, skipMergeValidation: query.get('skip_merge_validation') === 'true' });
const resolution = (call: Call) => call.headers['x-status-resolution-method'];

/** When to look at, and from where to where; both ends are left out. */
function bounded(query: URLSearchParams, name: string): (at: number) => boolean {
  const bound = (which: string, otherwise: number) => {
    const text = query.get(`${which}_${name}`);
    if (text === null) return otherwise;
    const at = Date.parse(text);
    if (Number.isNaN(at)) throw invalid({ field: `${which}_${name}`, message: 'This value is not a valid datetime.' });
    return at;
  };
  const since = bound('since', Number.NEGATIVE_INFINITY);
  const before = bound('before', Number.POSITIVE_INFINITY);
  return (at) => (since === Number.NEGATIVE_INFINITY || at > since) && (before === Number.POSITIVE_INFINITY || at < before);
}

const statuses = ['subscribed', 'unsubscribed', 'cleaned', 'pending', 'transactional', 'archived'];
const sortKeys: Readonly<Record<string, (member: Member) => number>> = {
  timestamp_opt: (member) => Date.parse(member.timestampOpt) || 0,
  timestamp_signup: (member) => Date.parse(member.timestampSignup) || 0,
  last_changed: (member) => member.lastChanged,
};

function filtered(call: Call): Member[] {
  const { query, account } = call;
  const { audience } = placeOf(call);
  const status = query.get('status');
  if (status !== null && !statuses.includes(status))
    throw invalid({ field: 'status', message: `Value must be one of: ${statuses.join(', ')}` });
  const left = query.get('unsubscribed_since');
  if (left !== null && status !== 'unsubscribed')
    throw invalid({ field: 'unsubscribed_since', message: 'This filter can only be used with status=unsubscribed.' });
  const changed = bounded(query, 'last_changed');
  const opted = bounded(query, 'timestamp_opt');
  const all = [...audience.members.values()].filter(
    (member) =>
      (status === null ? member.status !== 'archived' || account.behaviour.archivedInLists : member.status === status) &&
      changed(member.lastChanged) &&
      opted(Date.parse(member.timestampOpt) || 0) &&
      (left === null || member.lastChanged > Date.parse(left)) &&
      (query.get('email_type') ?? member.emailType) === member.emailType &&
      (query.get('unique_email_id') ?? member.shortId) === member.shortId &&
      (query.get('vip_only') !== 'true' || member.vip),
  );
  const field = query.get('sort_field');
  if (field === null) return all;
  const key = sortKeys[field];
  if (key === undefined) throw invalid({ field: 'sort_field', message: `Value must be one of: ${Object.keys(sortKeys).join(', ')}` });
  const sorted = all.sort((one, other) => key(one) - key(other));
  return query.get('sort_dir') === 'DESC' ? sorted.reverse() : sorted;
}

function search({ account, query, at }: Call): Json {
  const text = query.get('query')?.trim().toLowerCase();
  if (text === undefined || text === '') throw invalid({ field: 'query', message: 'This value should not be blank.' });
  const listId = query.get('list_id');
  const audiences = listId === null ? [...account.audiences.values()] : [audienceOf(account, listId ?? at.list)];
  const hits = (fits: (audience: Audience, member: Member) => boolean) => {
    const members = audiences.flatMap((audience) =>
      [...audience.members.values()]
        .filter((member) => member.status !== 'archived' && fits(audience, member))
        .map((member) => showMember(account, audience, member)),
    );
    return { members: members.slice(0, 30), total_items: members.length };
  };
  return {
    exact_matches: hits((_audience, member) => member.email.toLowerCase() === text),
    full_search: hits((_audience, member) => `${member.email} ${[...member.mergeFields.values()].join(' ')}`.toLowerCase().includes(text)),
    _links: [],
  };
}

const one = '/lists/:list/members/:member';
export const memberRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/lists/:list/members',
    query: [
      ...['email_type', 'status', 'since_timestamp_opt', 'before_timestamp_opt', 'since_last_changed', 'before_last_changed'],
      ...['unique_email_id', 'vip_only', 'sort_field', 'sort_dir', 'unsubscribed_since'],
    ],
    answer(call) {
      const { account, audience } = placeOf(call);
      const around = { list_id: audience.id };
      return ok(page(call.query, 'members', filtered(call), { show: (member) => showMember(account, audience, member), around }));
    },
  },
  {
    method: 'POST',
    path: '/lists/:list/members',
    body: bodies.memberPost,
    query: ['skip_merge_validation'],
    answer: (call) => shown(call, post(placeOf(call), wishOf(call), resolution(call))),
  },
  { method: 'GET', path: one, answer: (call) => shown(call, memberIn(call)) },
  {
    method: 'PUT',
    path: one,
    body: bodies.memberPut,
    query: ['skip_merge_validation'],
    answer: (call) => shown(call, put(placeOf(call), call.at.member ?? '', wishOf(call), resolution(call))),
  },
  {
    method: 'PATCH',
    path: one,
    body: bodies.memberPatch,
    query: ['skip_merge_validation'],
    answer: (call) => shown(call, patch(placeOf(call), call.at.member ?? '', wishOf(call), resolution(call))),
  },
  {
    method: 'DELETE',
    path: one,
    answer(call) {
      const member = memberIn(call);
      if (member.status === 'archived') throw notFound();
      become(placeOf(call), member, 'archived');
      return empty;
    },
  },
  {
    method: 'POST',
    path: `${one}/actions/delete-permanent`,
    answer(call) {
      forget(placeOf(call), memberIn(call));
      return empty;
    },
  },
  {
    method: 'GET',
    path: `${one}/tags`,
    answer(call) {
      const tags = showTags(placeOf(call).audience, memberIn(call));
      return ok(page(call.query, 'tags', tags, { show: (tag) => tag }));
    },
  },
  {
    method: 'POST',
    path: `${one}/tags`,
    body: bodies.tagsPost,
    answer(call) {
      const member = memberIn(call);
      const place = placeOf(call);
      for (const { name, status } of call.body.tags as { name: string; status: string }[]) {
        if (status === 'active') addTag(place, member, name, call.body.is_syncing === true);
        else removeTag(place, member, name);
      }
      return empty;
    },
  },
  { method: 'GET', path: '/search-members', query: ['query', 'list_id'], answer: (call) => ok(search(call)) },
];
