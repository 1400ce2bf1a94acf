import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { Permission } from '../../connectors/commerce.ts';
import {
  endedBy,
  endsSubscription,
  entranceOf,
  isProven,
  joinings,
  type MemberStatus,
  memberStatuses,
} from '../../connectors/mailchimp/consent.ts';

describe('the ratchet', () => {
  const permission = fc.option(
    fc.record(
      {
        state: fc.constantFrom('subscribed', 'pending', 'unsubscribed', 'cleaned'),
        at: fc.date({ min: new Date('2020-01-01'), max: new Date('2026-02-28'), noInvalidDate: true }).map((date) => date.toISOString()),
        source: fc.constantFrom('', 'checkout'),
      },
      { requiredKeys: ['state'] },
    ),
    { nil: undefined },
  ) as fc.Arbitrary<Permission | undefined>;
  const now = new Date('2026-03-01T10:00:00Z');

  it('lets nobody in as subscribed without proof, and mails nobody during an import or about an old consent', () => {
    fc.assert(
      fc.property(fc.constantFrom(...joinings), permission, fc.boolean(), fc.boolean(), (joining, given, doubleOptin, importing) => {
        const { status } = entranceOf({ joining, permission: given, doubleOptin, importing, now });
        if (status === 'transactional') return true;
        const fresh = now.getTime() - Date.parse(given?.at ?? '') <= 48 * 3_600_000;
        return joining === 'subscribed' && isProven(given) && (status === 'subscribed' ? !doubleOptin : doubleOptin && !importing && fresh);
      }),
      { numRuns: 2_000 },
    );
  });

  it('only ever turns downwards for somebody who is there', () => {
    const status = fc.constantFrom<MemberStatus>(...memberStatuses);
    fc.assert(
      fc.property(status, permission, fc.constantFrom(undefined, 'subscribed', 'unsubscribed'), (standing, given, before) => {
        const member = { status: standing, optedAt: '2024-01-01T00:00:00Z' };
        const ends = endsSubscription(member, given, before) || (given !== undefined && endedBy(member, given));
        return (
          !ends ||
          ((standing === 'subscribed' || standing === 'pending') && (given?.state === 'unsubscribed' || given?.state === 'cleaned'))
        );
      }),
      { numRuns: 2_000 },
    );
  });
});
