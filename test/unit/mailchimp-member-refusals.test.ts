import { describe, expect, it } from 'vitest';
import { customer, draftOf, house, planned, refusal, useHouse, written, yes } from './mailchimp-house.ts';

useHouse();

const subscribing = { values: { joining: 'subscribed' } };
const statusOf = (name: string) => house.mailchimp.member(`${name}@example.nl`)?.status;

describe('what the record itself is refused for', () => {
  const failing = async (name: string, more: object = {}) =>
    refusal(written(house, 'customer', [draftOf('customer', customer(name, more), subscribing)]));

  it('an address that is none is refused before it is sent', async () => {
    expect(
      await refusal(house.session.plan('customer', [draftOf('customer', customer('x', { email: 'jan@', number: '1001' }))])),
    ).toMatchObject({
      code: 'mailchimp.email-invalid',
      remedy: 'fix-data',
      params: { record: '1001' },
    });
    expect(house.writes()).toEqual([]);
  });

  it('an address that Mailchimp takes for a fake', async () => {
    house.mailchimp.behaviour.fakeAddresses.add('fake@example.nl');
    expect(await failing('fake')).toMatchObject({ code: 'mailchimp.email-invalid', remedy: 'fix-data' });
  });

  it('a forgotten address', async () => {
    house.mailchimp.addMember('anna@example.nl');
    expect(await house.session.erase('Anna@example.nl')).toEqual({ gone: ['member'] });
    expect(await house.session.erase('anna@example.nl')).toEqual({ gone: [] });
    const failure = await failing('anna');
    expect(failure).toMatchObject({ code: 'mailchimp.forgotten', remedy: 'fix-data', params: { record: 'c-anna' } });
    expect(`${failure.message}${JSON.stringify(failure.params)}`).not.toContain('anna@');
  });

  it('a member in compliance state', async () => {
    house.mailchimp.addMember('anna@example.nl', { status: 'transactional' });
    const values = { joining: 'subscribed', raiseTransactional: true };
    const plans = await planned(house, 'customer', [draftOf('customer', customer('anna', { permission: yes() }), { values })]);
    // He says no after the last look, a moment before the write.
    house.reopen(house.settings, (member) => {
      if (statusOf('anna') !== 'unsubscribed') house.mailchimp.unsubscribe('anna@example.nl');
      return member;
    });
    expect(await refusal(house.session.apply('customer', plans))).toMatchObject({ code: 'mailchimp.compliance-state', remedy: 'fix-data' });
    expect(statusOf('anna')).toBe('unsubscribed');
  });

  it('none of them blocks a neighbour', async () => {
    house.mailchimp.behaviour.fakeAddresses.add('p3@example.nl');
    const outcomes = await written(
      house,
      'customer',
      Array.from({ length: 30 }, (_, index) => draftOf('customer', customer(`p${index}`))),
    );
    expect(outcomes.map((outcome) => (outcome instanceof Error ? 'failed' : 'done')).filter((word) => word === 'failed')).toHaveLength(1);
    expect(outcomes[3]).toMatchObject({ code: 'mailchimp.email-invalid' });
    expect(statusOf('p29')).toBe('transactional');
  });
});
