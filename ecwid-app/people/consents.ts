/** News of a no from elsewhere: it takes back the store's own yes. A yes never travels this way. */

import type { Draft, Plan, PlanStep } from '../../connectors/connector.ts';
import { parseDraft } from '../../connectors/draft.ts';
import type { Failure } from '../../connectors/failure.ts';
import { unusable } from './customers.ts';
import { ConsentDraft, emailKey } from './draft.ts';
import type { People } from './find.ts';
import type { StoreCustomer } from './wire.ts';

/** One plan or Failure per draft. Everybody with the address is meant: a no counts for all of them. */
export async function planConsents(people: People, drafts: readonly Draft[]): Promise<(Plan | Failure)[]> {
  const parsed = drafts.map((draft) => parseDraft(ConsentDraft, draft.fields).data);
  const holders = await people.withEmails(parsed.flatMap((fields) => (fields === undefined ? [] : [fields.consent.email])));
  return drafts.map((draft, index) => {
    const fields = parsed[index];
    return fields === undefined ? unusable(draft.id) : planConsent(draft, fields, holders.get(emailKey(fields.consent.email)) ?? []);
  });
}

function planConsent({ id, reference }: Draft, { consent }: ConsentDraft, found: readonly StoreCustomer[]): Plan {
  const plan = { id, reference, notes: [] };
  const skip = (reason: string): PlanStep => ({ id: 'consent', action: 'skip', subject: 'customer', reason, changes: [] });
  if (consent.state !== 'unsubscribed' && consent.state !== 'cleaned') return { ...plan, steps: [skip('not-downwards')] };
  const [first] = found;
  if (first === undefined) return { ...plan, steps: [skip('not-in-shop')] };
  // Who was never asked may be written to, as the platform sees it: his record needs the no as well.
  const asked = found.filter(({ acceptMarketing }) => acceptMarketing !== false);
  const steps = asked.map(
    (customer): PlanStep => ({
      id: `consent:${customer.id}`,
      action: 'update',
      subject: 'customer',
      targetId: customer.id,
      changes: [{ field: 'permission', before: customer.acceptMarketing === true ? 'subscribed' : 'not asked', after: 'unsubscribed' }],
      request: { operation: `PUT /customers/${customer.id}`, body: JSON.stringify({ acceptMarketing: false }) },
    }),
  );
  return { ...plan, target: { id: first.id }, steps: steps.length > 0 ? steps : [{ ...skip('unchanged'), targetId: first.id }] };
}
