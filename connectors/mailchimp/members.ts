/** Members of the audience: one, many, and those that changed. */
import { z } from 'zod';
import type { Change } from '../connector.ts';
import { Failure } from '../failure.ts';
import { type Account, pageSize } from './account.ts';
import { type MemberStatus, memberStatuses } from './consent.ts';
import { segment } from './ids.ts';
import { findAll, idsOnly, worthAList } from './lookup.ts';
import { audienceGone } from './refusals.ts';

const text = z.string().catch('');

/** A thousand come in one answer: one that is odd must not hide the others. */
export const Member = z.object({
  /** Subscriber hash. */
  id: z.string(),
  email_address: text,
  status: z.enum(memberStatuses).or(z.literal('unknown')).catch('unknown'),
  merge_fields: z.record(z.string(), z.unknown()).catch({}),
  language: text,
  last_changed: text,
  timestamp_opt: text,
  timestamp_signup: text,
  tags: z.array(z.object({ name: z.string() })).catch([]),
  tags_count: z.number().catch(0),
});
export type Member = z.infer<typeof Member>;

const fields = [
  'id',
  'email_address',
  'status',
  'merge_fields',
  'language',
  'last_changed',
  'timestamp_opt',
  'timestamp_signup',
  'tags_count',
  'tags.name',
] as const;
const Page = z.looseObject({ members: z.array(Member), total_items: z.number().int() });

export const membersPath = (audience: string): string => `/lists/${segment(audience)}/members`;
export const memberPath = (audience: string, hash: string): string => `${membersPath(audience)}/${segment(hash)}`;

export async function readMember(account: Account, hash: string): Promise<Member | undefined> {
  const { id } = await account.audience();
  const member = await account.client.get(Member, {
    path: memberPath(id, hash),
    query: { fields: fields.join(',') },
    label: 'read member',
  });
  if (member === undefined || member.tags_count <= member.tags.length) return member;
  return { ...member, tags: await allTags(account, memberPath(id, hash)) };
}

/** A member shows the first 50 tags. */
async function allTags(account: Account, path: string): Promise<{ name: string }[]> {
  const found = await account.client.get(z.looseObject({ tags: z.array(z.looseObject({ name: z.string() })) }), {
    path: `${path}/tags`,
    query: { count: String(pageSize), fields: 'tags.name' },
    label: 'list tags of member',
  });
  return found?.tags ?? [];
}

async function page(account: Account, query: Readonly<Record<string, string>>): Promise<z.infer<typeof Page>> {
  const { id } = await account.audience();
  const found = await account.client.get(Page, {
    path: membersPath(id),
    query: { ...query, fields: [...fields.map((field) => `members.${field}`), 'total_items'].join(',') },
    label: 'list members',
  });
  if (found === undefined) throw audienceGone(id);
  return found;
}

const total = async (account: Account, query: Readonly<Record<string, string>>): Promise<number> =>
  (await page(account, { ...query, count: '1' })).total_items;

/** By hash. Archived ones are members as well: what is thought to be new could bring somebody back who has left. */
export async function findMembers(account: Account, hashes: readonly string[]): Promise<Map<string, Member>> {
  const walk = (wanted: readonly string[], query: Readonly<Record<string, string>>) =>
    findAll(wanted, {
      total: () => total(account, query),
      ids: async (offset) => idsOnly(account, { path: membersPath((await account.audience()).id), name: 'members', query }, offset),
      page: async (offset) => (await page(account, { ...query, count: String(pageSize), offset: String(offset) })).members,
      one: (hash) => readMember(account, hash),
      idOf: ({ id }) => id,
    });
  const found = await walk(hashes, {});
  const missing = hashes.filter((hash) => !found.has(hash));
  // The list leaves archived members out; one that was asked for by itself is told whatever its status.
  if (missing.length === 0 || hashes.length < worthAList || (await total(account, { status: 'archived' })) === 0) return found;
  return new Map([...found, ...(await walk(missing, { status: 'archived' }))]);
}

const secondMs = 1_000;

/**
 * Members by the time of their change, oldest first. Changes are dated to the second and members move while they are paged, so each page
 * begins at the time of the last one's end; what was told already is left out.
 */
export async function* changedMembers(
  account: Account,
  { cursor, statuses }: { cursor: string | undefined; statuses?: readonly MemberStatus[] },
): AsyncGenerator<Change> {
  let since = cursor === undefined ? undefined : sinceOf(cursor);
  let offset = 0;
  let told = new Set<string>();
  for (;;) {
    const { members } = await page(account, {
      ...(since !== undefined && { since_last_changed: new Date(since).toISOString() }),
      sort_field: 'last_changed',
      sort_dir: 'ASC',
      count: String(pageSize),
      offset: String(offset),
    });
    const fresh = members.filter((member) => !told.has(keyOf(member)));
    for (const member of fresh) {
      if (statuses !== undefined && !statuses.includes(member.status)) continue;
      yield { id: member.id, version: `${member.last_changed}:${member.status}`, cursor: member.last_changed };
    }
    if (members.length < pageSize) return;
    const end = Date.parse(members.at(-1)?.last_changed ?? '') - secondMs;
    if (Number.isFinite(end) && (since === undefined || end > since)) {
      since = end;
      offset = 0;
      told = new Set(members.filter(({ last_changed }) => Date.parse(last_changed) >= end).map(keyOf));
    } else {
      // A whole page of one second: an import in Mailchimp.
      offset += members.length;
      for (const member of fresh) told.add(keyOf(member));
    }
  }
}

const keyOf = ({ id, last_changed }: Member): string => `${id} ${last_changed}`;

/** How far a poll looks back: the list of members lags behind them. */
export const overlapMs = 5 * 60_000;

function sinceOf(cursor: string): number {
  const at = Date.parse(cursor);
  if (!Number.isNaN(at)) return at - overlapMs;
  throw new Failure({
    remedy: 'fix-data',
    code: 'mailchimp.cursor-unreadable',
    message: 'The place where the last look ended cannot be read. Start over.',
  });
}

/** In the order of the ids. */
export async function readMembers(account: Account, hashes: readonly string[]): Promise<(Member | undefined)[]> {
  const found = await findMembers(account, hashes);
  return hashes.map((hash) => found.get(hash));
}
