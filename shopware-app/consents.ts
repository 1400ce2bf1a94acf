/** News of a no from elsewhere: it ends newsletters in every sales channel. A yes never travels this way. */

import { z } from 'zod';
import { Consent } from '../connectors/commerce.ts';
import type { Draft, KindWriting, Outcome, Plan, PlanStep } from '../connectors/connector.ts';
import { lockOf, parseDraft } from '../connectors/draft.ts';
import { Failure } from '../connectors/failure.ts';
import { given } from '../connectors/mapping.ts';
import type { AdminApi } from './client.ts';
import { type Newsletter, openOr } from './newsletter.ts';
import type { RecipientRow } from './rows.ts';
import { applyPlans, requestOf } from './sync.ts';

const emailKey = (email: string): string => email.trim().toLowerCase();

/** With `lockKey`: two records of one address are written one after another; the key shows nothing of it. */
const ConsentDraft = z
  .object({ consent: Consent })
  .transform((draft) => ({ ...draft, ...lockOf('recipient', emailKey(draft.consent.email)) }));
type ConsentDraft = z.infer<typeof ConsentDraft>;

export const consentWrites: KindWriting = {
  draft: ConsentDraft,
  settings: z.object({}),
  tables: [],
  rules: ['id', 'email', 'state', 'at', 'source', 'text'].map((part) => given(`consent.${part}`, part)),
  batch: 100,
};

/** One plan or Failure per draft; one search for all their addresses. */
export async function planConsents(newsletter: Newsletter, drafts: readonly Draft[]): Promise<(Plan | Failure)[]> {
  const parsed = drafts.map((draft) => parseDraft(ConsentDraft, draft.fields).data);
  const rows = await newsletter.recipients(parsed.flatMap((fields) => fields?.consent.email ?? []));
  return drafts.map((draft, index) => {
    const fields = parsed[index];
    if (fields === undefined) return unusable(draft);
    return planConsent(
      draft,
      fields,
      rows.filter(({ email }) => emailKey(email) === emailKey(fields.consent.email)),
    );
  });
}

function planConsent({ id, reference }: Draft, { consent }: ConsentDraft, rows: readonly RecipientRow[]): Plan {
  const plan = { id, reference, notes: [] };
  const skip = (reason: string): PlanStep => ({ id: 'consent', action: 'skip', subject: 'newsletter recipient', reason, changes: [] });
  if (consent.state !== 'unsubscribed' && consent.state !== 'cleaned') return { ...plan, steps: [skip('not-downwards')] };
  const [first] = rows;
  if (first === undefined) return { ...plan, steps: [skip('not-in-shop')] };
  const target = { id: first.id };
  const open = rows.filter(({ status }) => status !== 'optOut');
  if (open.length === 0) return { ...plan, target, steps: [{ ...skip('unchanged'), targetId: first.id }] };
  const steps = open.map(
    (row): PlanStep => ({
      id: `consent:${row.id}`,
      action: 'update',
      subject: 'newsletter recipient',
      targetId: row.id,
      changes: [{ field: 'status', before: row.status ?? undefined, after: 'optOut' }],
      request: requestOf([{ entity: 'newsletter_recipient', action: 'upsert', row: { id: row.id, status: 'optOut' } }]),
    }),
  );
  return { ...plan, target, steps };
}

/** One outcome or Failure per plan, in one write where the shop still has all of them. */
export async function applyConsents(api: AdminApi, plans: readonly Plan[]): Promise<(Outcome | Failure)[]> {
  const nothing = (): void => undefined;
  const results = await applyPlans(api, plans, { written: nothing, doubtful: nothing });
  if (!results.some(wouldCreate))
    return results.map((result) => (result instanceof Failure ? (openOr('fix-data', result) as Failure) : result));
  if (plans.length === 1) return plans.map(gone);
  const alone: (Outcome | Failure)[] = [];
  for (const plan of plans) alone.push(...(await applyConsents(api, [plan])));
  return alone;
}

/** We never create recipients and have no right to: a row that would be new has been deleted since it was looked at. */
const wouldCreate = (result: Outcome | Failure): boolean =>
  result instanceof Failure &&
  result.code === 'shopware.missing-privileges' &&
  String(result.params.privileges).includes('newsletter_recipient:create');

const gone = ({ id }: Plan): Failure =>
  new Failure({
    remedy: 'retry',
    code: 'shopware.rows-refused',
    message: `The newsletter recipient of ${id} is no longer in Shopware. It is looked up again.`,
    params: { record: id, error: 'deleted' },
  });

const unusable = (draft: Draft): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'shopware.draft-unusable',
    message: `The consent of ${draft.id} names no address.`,
    params: { record: draft.id },
  });
