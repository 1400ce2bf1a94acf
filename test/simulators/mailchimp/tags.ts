/** Tags of members. */
import { type Account, type Audience, type Json, type Member, stamp } from './account.ts';
import { type Place, touch } from './member.ts';

function tagId(account: Account, audience: Audience, name: string): void {
  if (!audience.tagIds.has(name)) audience.tagIds.set(name, account.random.int(100_000, 9_999_999));
}

/** A tag that nobody has seen comes into being. */
export function addTag(place: Place, member: Member, name: string, syncing: boolean): void {
  const { account, audience } = place;
  tagId(account, audience, name);
  if (member.tags.has(name)) return;
  member.tags.set(name, account.now().getTime());
  touch(place, member);
  if (audience.automationTags.has(name) && !syncing && member.status === 'subscribed')
    account.mail(member.email, 'tag-automation', audience.id);
}

export function removeTag(place: Place, member: Member, name: string): void {
  if (member.tags.delete(name)) touch(place, member);
}

export const showTags = (audience: Audience, member: Member): Json[] =>
  [...member.tags].map(([name, at]) => ({ id: audience.tagIds.get(name) ?? 0, name, date_added: stamp(at) }));
