import { describe, expect, it } from 'vitest';
import { joinings } from '../../connectors/mailchimp/consent.ts';
import { hashOf } from '../../connectors/mailchimp/ids.ts';
import { carried, customer, draftOf, gathered, house, planned, restart, useHouse, yes } from './mailchimp-house.ts';

useHouse();

const subscribing = { values: { joining: 'subscribed' } };
const statusOf = (name: string) => house.mailchimp.member(`${name}@example.nl`)?.status;

describe('subscriber hash', () => {
  it('is the MD5 of the address in small letters', () => {
    expect(hashOf('Urist.McVankab@freddiesjokes.com')).toBe('62eeb292278cc15f5817cb78f7790b08');
    expect(hashOf('  Jan.Jansen@Example.NL ')).toBe('8a8c153298f0ed1fb2b0daac5ef1080d');
  });
});

describe('the first sync', () => {
  const statuses = ['subscribed', 'unsubscribed', 'cleaned', 'pending', 'transactional'] as const;

  for (const joining of joinings) {
    it(`of 30 members in every status changes no status and mails nobody (${joining})`, async () => {
      const names = Array.from({ length: 30 }, (_, index) => `person${index}`);
      for (const [index, name] of names.entries())
        house.mailchimp.addMember(`${name}@example.nl`, { status: statuses[index % 5] ?? 'subscribed' });
      for (const name of names.slice(25)) house.mailchimp.archive(`${name}@example.nl`);
      const before = names.map(statusOf);
      const mailsBefore = house.mailchimp.mails.length;
      const permissions = [
        undefined,
        yes('2026-02-01T09:00:00Z'),
        { state: 'unsubscribed' },
        yes(),
        { state: 'pending' },
        { state: 'cleaned' },
      ];
      const drafts = names.map((name, index) =>
        draftOf('customer', customer(name, { permission: permissions[index % 6] }), { values: { joining }, importing: 'history' }),
      );
      await carried(house, 'customer', drafts);
      expect(names.map(statusOf)).toEqual(before);
      expect(house.mailchimp.mails.slice(mailsBefore)).toEqual([]);
      expect(house.mailchimp.member('person0@example.nl')?.merge_fields).toMatchObject({ FNAME: 'person0', LNAME: 'Jansen' });
    });
  }

  it('adds new people without subscribing them unless the merchant chose otherwise', async () => {
    await carried(house, 'customer', [draftOf('customer', customer('anna', { permission: yes() }))]);
    expect(statusOf('anna')).toBe('transactional');
    expect(house.mailchimp.mails).toEqual([]);
  });

  it('of hundreds of people never brings back somebody who was archived after leaving', async () => {
    house.mailchimp.addMember('gone@example.nl');
    house.mailchimp.unsubscribe('gone@example.nl', { how: 'admin' });
    house.mailchimp.archive('gone@example.nl');
    const names = ['gone', ...Array.from({ length: 40 }, (_, index) => `new${index}`)];
    await carried(
      house,
      'customer',
      names.map((name) => draftOf('customer', customer(name, { permission: yes() }), subscribing)),
    );
    expect(statusOf('gone')).toBe('archived');
    expect(statusOf('new7')).toBe('subscribed');
  });
});

describe('a new person', () => {
  it('is subscribed with recorded proof', async () => {
    await carried(house, 'customer', [draftOf('customer', customer('anna', { permission: yes() }), subscribing)]);
    expect(statusOf('anna')).toBe('subscribed');
  });

  it('is not subscribed without a time or a place of the consent', async () => {
    const lacking = [
      { state: 'subscribed' },
      { state: 'subscribed', at: '2026-03-01T09:55:00Z' },
      { state: 'subscribed', source: 'checkout' },
    ];
    await carried(
      house,
      'customer',
      lacking.map((permission, index) => draftOf('customer', customer(`p${index}`, { permission }), subscribing)),
    );
    expect([statusOf('p0'), statusOf('p1'), statusOf('p2')]).toEqual(['transactional', 'transactional', 'transactional']);
  });

  it('is asked to confirm where the audience wants that, but only while the consent is fresh', async () => {
    await restart({ audience: { doubleOptin: true } });
    const plans = await planned(house, 'customer', [
      draftOf('customer', customer('fresh', { permission: yes() }), subscribing),
      draftOf('customer', customer('stale', { permission: yes('2025-03-01T10:00:00Z') }), subscribing),
    ]);
    expect(plans.map(({ notes }) => notes.map(({ code }) => code))).toEqual([[], ['mailchimp.opt-in-mail-withheld']]);
    await house.session.apply('customer', plans);
    expect([statusOf('fresh'), statusOf('stale')]).toEqual(['pending', 'transactional']);
    expect(house.mailchimp.mails.map(({ to }) => to)).toEqual(['fresh@example.nl']);
  });

  it('is left out where only known ones are updated', async () => {
    const [plan] = await planned(house, 'customer', [draftOf('customer', customer('anna'), { values: { joining: 'existing' } })]);
    expect(plan?.steps).toMatchObject([{ action: 'skip', reason: 'not-a-member' }]);
  });

  it('without an e-mail address is left out', async () => {
    const [plan] = await planned(house, 'customer', [draftOf('customer', customer('anna', { email: undefined }))]);
    expect(plan?.steps).toMatchObject([{ action: 'skip', reason: 'no-email' }]);
  });
});

describe('somebody who is there', () => {
  it('and was archived is left alone', async () => {
    house.mailchimp.addMember('anna@example.nl');
    house.mailchimp.archive('anna@example.nl');
    const [plan] = await planned(house, 'customer', [draftOf('customer', customer('anna', { permission: yes() }), subscribing)]);
    expect(plan?.steps).toMatchObject([{ action: 'skip', reason: 'archived' }]);
  });

  it('keeps the status whatever the source says of a yes', async () => {
    house.mailchimp.addMember('anna@example.nl', { status: 'unsubscribed' });
    house.mailchimp.addMember('bert@example.nl', { status: 'transactional' });
    await carried(
      house,
      'customer',
      ['anna', 'bert'].map((name) => draftOf('customer', customer(name, { permission: yes() }), subscribing)),
    );
    expect([statusOf('anna'), statusOf('bert')]).toEqual(['unsubscribed', 'transactional']);
    const bodies = house.mailchimp.requests.filter(({ method }) => method !== 'GET').map(({ body }) => Object.keys(body as object));
    expect(bodies.flat()).not.toContain('status');
  });

  it('and was never asked is subscribed by proof where the merchant switched that on', async () => {
    house.mailchimp.addMember('bert@example.nl', { status: 'transactional' });
    house.mailchimp.addMember('anna@example.nl', { status: 'unsubscribed' });
    const values = { joining: 'subscribed', raiseTransactional: true };
    await carried(
      house,
      'customer',
      ['anna', 'bert'].map((name) => draftOf('customer', customer(name, { permission: yes() }), { values })),
    );
    expect([statusOf('anna'), statusOf('bert')]).toEqual(['unsubscribed', 'subscribed']);
  });

  it('is unsubscribed by a no that is younger than the opt-in', async () => {
    house.mailchimp.addMember('anna@example.nl');
    house.clock.now = new Date('2026-03-02T10:00:00Z');
    const no = { state: 'unsubscribed', at: '2026-03-02T09:00:00Z', source: 'account' };
    await carried(house, 'customer', [draftOf('customer', customer('anna', { permission: no }))]);
    expect(statusOf('anna')).toBe('unsubscribed');
  });

  it('is not unsubscribed by a shop that never had a yes, but by one that takes it back', async () => {
    house.mailchimp.addMember('anna@example.nl');
    const no = { permission: { state: 'unsubscribed' } };
    await carried(house, 'customer', [draftOf('customer', customer('anna', no))]);
    expect(statusOf('anna')).toBe('subscribed');
    await carried(house, 'customer', [draftOf('customer', customer('anna', no), { last: { permission: 'subscribed' } })]);
    expect(statusOf('anna')).toBe('unsubscribed');
  });

  it('gets what changed and nothing else, and nothing at all when nothing changed', async () => {
    const address = {
      firstName: '',
      lastName: '',
      street: 'Dam 1',
      additional: [],
      postalCode: '1012 JS',
      city: 'Amsterdam',
      country: 'NL',
    };
    const anna = customer('anna', { phone: '+31201234567', language: 'nl-NL', billing: address, tags: ['vip'] });
    const [first] = await planned(house, 'customer', [draftOf('customer', anna)]);
    await carried(house, 'customer', [draftOf('customer', anna)]);
    expect(house.mailchimp.member('anna@example.nl')).toMatchObject({
      language: 'nl',
      merge_fields: { FNAME: 'anna', PHONE: '+31201234567', ADDRESS: { addr1: 'Dam 1', city: 'Amsterdam', zip: '1012 JS', country: 'NL' } },
    });
    const before = house.writes().length;
    expect(await carried(house, 'customer', [draftOf('customer', anna, { last: first?.values })])).toEqual([undefined]);
    expect(house.writes().length).toBe(before);
    const [plan] = await planned(house, 'customer', [draftOf('customer', { ...anna, lastName: 'Pietersen' }, { last: first?.values })]);
    expect(plan?.steps[0]).toMatchObject({ action: 'update', changes: [{ field: 'lastName', before: 'Jansen', after: 'Pietersen' }] });
    expect(JSON.parse(plan?.steps[0]?.request?.body ?? '')).toEqual({ merge_fields: { LNAME: 'Pietersen' } });
  });

  it('keeps what somebody edited in Mailchimp, and the ledger holds no name in clear', async () => {
    const [plan] = await planned(house, 'customer', [draftOf('customer', customer('anna'))]);
    await house.session.apply(
      'customer',
      [plan].flatMap((one) => one ?? []),
    );
    expect(JSON.stringify(plan?.values)).not.toMatch(/anna|Jansen/);
    house.mailchimp.changeProfile('anna@example.nl', { FNAME: 'Anneke' });
    const [again] = await planned(house, 'customer', [draftOf('customer', customer('anna', { firstName: 'An' }), { last: plan?.values })]);
    expect(again?.steps).toMatchObject([{ action: 'skip', reason: 'kept', changes: [{ field: 'firstName', kept: {} }] }]);
  });

  it('moves with a new address and stays the same member', async () => {
    house.mailchimp.addMember('anna@example.nl', { status: 'subscribed', mergeFields: { FNAME: 'anna' } });
    const contact = house.mailchimp.member('anna@example.nl')?.contact_id;
    const draft = draftOf('customer', customer('anna', { email: 'new@example.nl' }), { known: hashOf('anna@example.nl') });
    const [outcome] = await carried(house, 'customer', [draft]);
    expect(house.mailchimp.member('anna@example.nl')).toBeUndefined();
    expect(house.mailchimp.member('new@example.nl')).toMatchObject({ contact_id: contact, status: 'subscribed' });
    expect(outcome?.target.id).toBe(hashOf('new@example.nl'));
    expect(await carried(house, 'customer', [draft])).toEqual([undefined]);
  });

  it('takes a no along to a new address, and the old address keeps it as well', async () => {
    house.mailchimp.addMember('anna@example.nl', { status: 'unsubscribed' });
    const moved = customer('anna', { email: 'new@example.nl', permission: yes() });
    const known = hashOf('anna@example.nl');
    await carried(house, 'customer', [draftOf('customer', moved, { ...subscribing, known })]);
    // Another record of the shop still has the old address, with the yes from before.
    const twin = customer('anna', { id: 'guest-9', permission: yes() });
    await carried(house, 'customer', [draftOf('customer', twin, subscribing)]);
    expect([statusOf('new'), statusOf('anna')]).toEqual(['unsubscribed', 'unsubscribed']);
  });

  it('is not raised when he says no between the look and the write', async () => {
    const values = { joining: 'subscribed', raiseTransactional: true };
    const names = Array.from({ length: 25 }, (_, index) => `bert${index}`);
    for (const name of names) house.mailchimp.addMember(`${name}@example.nl`, { status: 'transactional' });
    const drafts = names.map((name) => draftOf('customer', customer(name, { permission: yes() }), { values }));
    const plans = await planned(house, 'customer', drafts);
    house.mailchimp.unsubscribe('bert3@example.nl', { how: 'admin' });
    const outcomes = await house.session.apply('customer', plans);
    expect(outcomes[3]).toMatchObject({ remedy: 'retry', ambiguous: true });
    expect([statusOf('bert3'), statusOf('bert4')]).toEqual(['unsubscribed', 'subscribed']);
  });

  it('is left alone once he is gone in the source, and never added', async () => {
    house.mailchimp.addMember('anna@example.nl', { mergeFields: { FNAME: 'Anna' } });
    const gone = ['anna', 'bert'].map((name) => draftOf('customer', customer(name, { firstName: 'Nobody', deleted: true })));
    expect((await planned(house, 'customer', gone)).map(({ steps }) => steps[0]?.reason)).toEqual([
      'deleted-in-source',
      'deleted-in-source',
    ]);
  });

  it('whom Mailchimp shows in a way that nobody foresaw stops nobody else', async () => {
    for (const name of ['anna', 'bert']) house.mailchimp.addMember(`${name}@example.nl`);
    const strange = hashOf('anna@example.nl');
    house.reopen(house.settings, (member) => (member.id === strange ? { ...member, status: 'on-hold', language: null } : member));
    const told = await gathered(house.session.changed('customer', undefined));
    expect(told.map(({ id }) => id).sort()).toEqual([strange, hashOf('bert@example.nl')].sort());
    const no = { state: 'unsubscribed', at: '2026-03-01T09:59:00Z' };
    const values = { joining: 'subscribed', raiseTransactional: true };
    const drafts = ['anna', 'bert'].map((name) =>
      draftOf('customer', customer(name, { permission: name === 'anna' ? yes() : no }), { values }),
    );
    await carried(house, 'customer', drafts);
    const bodies = house.mailchimp.requests.filter(({ method }) => method !== 'GET').map(({ body }) => body as Record<string, unknown>);
    expect(bodies.map(({ status }) => status)).toEqual([undefined, undefined]);
    expect((await house.session.read('customer', [strange]))[0]).not.toHaveProperty('permission');
  });

  it('gets tags without setting off automations, and loses those that the source took away', async () => {
    await restart({ audience: { automationTags: ['vip'] } });
    const tables = { groupTags: [{ from: 'Trade', to: 'b2b' }] };
    const how = { values: { tag: 'shop' }, tables };
    house.mailchimp.addMember('anna@example.nl', { tags: ['own'] });
    const mailsBefore = house.mailchimp.mails.length;
    const anna = customer('anna', { group: 'Trade', tags: ['vip'] });
    const [plan] = await planned(house, 'customer', [draftOf('customer', anna, how)]);
    await house.session.apply(
      'customer',
      [plan].flatMap((one) => one ?? []),
    );
    expect(house.mailchimp.tags('anna@example.nl').sort()).toEqual(['b2b', 'own', 'shop', 'vip']);
    await carried(house, 'customer', [draftOf('customer', { ...anna, tags: [] }, { ...how, last: plan?.values })]);
    expect(house.mailchimp.tags('anna@example.nl').sort()).toEqual(['b2b', 'own', 'shop']);
    expect(house.mailchimp.mails.slice(mailsBefore)).toEqual([]);
  });
});

describe('news of a no', () => {
  const consent = (name: string, more: object = {}) => ({
    id: `n-${name}`,
    email: `${name}@example.nl`,
    state: 'unsubscribed',
    source: 'shop',
    ...more,
  });

  it('ends subscriptions and asks, and nothing else', async () => {
    for (const status of ['subscribed', 'pending', 'unsubscribed', 'cleaned', 'transactional'] as const)
      house.mailchimp.addMember(`${status}@example.nl`, { status });
    const names = ['subscribed', 'pending', 'unsubscribed', 'cleaned', 'transactional', 'unknown'];
    const plans = await planned(
      house,
      'consent',
      names.map((name) => draftOf('consent', consent(name))),
    );
    expect(plans.map(({ steps }) => steps[0]?.reason ?? steps[0]?.action)).toEqual([
      'update',
      'update',
      'unchanged',
      'unchanged',
      'not-subscribed',
      'not-a-member',
    ]);
    await carried(
      house,
      'consent',
      names.map((name) => draftOf('consent', consent(name))),
    );
    expect(names.map(statusOf)).toEqual(['unsubscribed', 'unsubscribed', 'unsubscribed', 'cleaned', 'transactional', undefined]);
  });

  it('does not undo a younger opt-in, and a yes never travels this way', async () => {
    house.mailchimp.addMember('anna@example.nl');
    house.mailchimp.addMember('bert@example.nl', { status: 'unsubscribed' });
    const plans = await planned(house, 'consent', [
      draftOf('consent', consent('anna', { at: '2025-01-01T00:00:00Z' })),
      draftOf('consent', consent('bert', { ...yes() })),
    ]);
    expect(plans.map(({ steps }) => steps[0]?.reason)).toEqual(['newer-consent', 'not-downwards']);
  });

  it('is read from Mailchimp: who unsubscribed or bounced since', async () => {
    for (const name of ['anna', 'bert', 'cees']) house.mailchimp.addMember(`${name}@example.nl`);
    house.clock.now = new Date('2026-03-01T12:00:00Z');
    house.mailchimp.unsubscribe('anna@example.nl');
    house.mailchimp.clean('bert@example.nl');
    const changes = await gathered(house.session.changed('consent', '2026-03-01T11:59:00Z'));
    expect(changes.map(({ id }) => id).sort()).toEqual([hashOf('anna@example.nl'), hashOf('bert@example.nl')].sort());
    const read = await house.session.read(
      'consent',
      ['anna', 'bert', 'cees', 'nobody'].map((name) => hashOf(`${name}@example.nl`)),
    );
    expect(read).toMatchObject([
      { state: 'unsubscribed', email: 'anna@example.nl' },
      { state: 'cleaned' },
      { state: 'subscribed' },
      undefined,
    ]);
  });
});

describe('reading members', () => {
  it('walks more than a page in order, each once, though a thousand changed in the same second', async () => {
    for (let index = 0; index < 1_500; index += 1) house.mailchimp.addMember(`p${index}@example.nl`, { status: 'transactional' });
    house.clock.now = new Date('2026-03-01T10:00:05Z');
    for (let index = 0; index < 700; index += 1) house.mailchimp.addMember(`q${index}@example.nl`, { status: 'transactional' });
    const changes = await gathered(house.session.changed('customer', undefined));
    expect(changes.length).toBe(2_200);
    expect(new Set(changes.map(({ id }) => id)).size).toBe(2_200);
    expect(changes.map(({ cursor }) => cursor)).toEqual(changes.map(({ cursor }) => cursor).toSorted());
    const later = await gathered(house.session.changed('customer', '2026-03-01T10:05:04Z'));
    expect(new Set(later.map(({ id }) => id)).size).toBe(700);
  });

  it('gives customers with what they said about mails', async () => {
    house.mailchimp.addMember('anna@example.nl', { mergeFields: { FNAME: 'Anna', LNAME: 'de Vries', PHONE: '020' }, tags: ['vip'] });
    house.mailchimp.addMember('bert@example.nl', { status: 'transactional' });
    const [anna, bert, none] = await house.session.read(
      'customer',
      ['anna', 'bert', 'none'].map((name) => hashOf(`${name}@example.nl`)),
    );
    expect(anna).toMatchObject({
      email: 'anna@example.nl',
      firstName: 'Anna',
      lastName: 'de Vries',
      phone: '020',
      tags: ['vip'],
      permission: { state: 'subscribed' },
    });
    expect(bert).not.toHaveProperty('permission');
    expect(none).toBeUndefined();
  });
});
