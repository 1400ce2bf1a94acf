/** News of a no from elsewhere: it ends a subscription here. A yes never travels this way. */

import type { Draft, Plan, PlanStep } from '../connector.ts';
import { parseDraft } from '../draft.ts';
import type { Failure } from '../failure.ts';
import type { Account } from './account.ts';
import { endedBy, isNo } from './consent.ts';
import { ConsentDraft } from './drafts.ts';
import { hashOf } from './ids.ts';
import { findMembers, type Member, memberPath } from './members.ts';
import { invalidEmail, unreadableDraft } from './refusals.ts';
import { plausibleEmail } from './translate.ts';

export async function planConsents(account: Account, drafts: readonly Draft[]): Promise<(Plan | Failure)[]> {
  const parsed = drafts.map((draft) => parseDraft(ConsentDraft, draft.fields).data);
  const { id: audience } = await account.audience();
  const emails = parsed.map((fields) => plausibleEmail(fields?.consent.email));
  const members = await findMembers(account, [...new Set(emails.flatMap((email) => (email === undefined ? [] : [hashOf(email)])))]);
  return drafts.map((draft, index) => {
    const fields = parsed[index];
    const email = emails[index];
    if (fields === undefined) return unreadableDraft(draft.id);
    if (email === undefined) return invalidEmail(draft.id);
    return planConsent(draft, fields, { audience, hash: hashOf(email), member: members.get(hashOf(email)) });
  });
}

function planConsent(
  draft: Draft,
  { consent }: ConsentDraft,
  { audience, hash, member }: { audience: string; hash: string; member: Member | undefined },
): Plan {
  const common = { id: 'member', subject: 'member', targetId: hash } as const;
  const step = (): PlanStep => {
    const skip = (reason: string): PlanStep => ({ ...common, action: 'skip', reason, changes: [] });
    if (!isNo(consent.state)) return skip('not-downwards');
    if (member === undefined || member.status === 'archived') return skip('not-a-member');
    if (member.status === 'unsubscribed' || member.status === 'cleaned') return skip('unchanged');
    if (member.status === 'transactional') return skip('not-subscribed');
    if (!endedBy({ status: member.status, optedAt: member.timestamp_opt }, consent)) return skip('newer-consent');
    return {
      ...common,
      action: 'update',
      changes: [{ field: 'permission', before: member.status, after: 'unsubscribed' }],
      request: { operation: `PATCH ${memberPath(audience, hash)}`, body: JSON.stringify({ status: 'unsubscribed' }) },
    };
  };
  const only = step();
  const here = member !== undefined && member.status !== 'archived' && only.reason !== 'not-subscribed' && only.reason !== 'newer-consent';
  return {
    id: draft.id,
    reference: draft.reference,
    steps: [only],
    ...(here && { target: { id: hash } }),
    notes: [],
  };
}
