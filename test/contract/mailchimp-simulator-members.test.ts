import { describe, expect, it } from 'vitest';
import { hashOf } from '../simulators/mailchimp/account.ts';
import { useMailchimp } from './mailchimp-calls.ts';

let now = Date.parse('2026-06-01T10:00:00Z');
const account = useMailchimp({ now: () => new Date(now) });
const later = (seconds: number) => {
  now += seconds * 1000;
};
const path = (email: string) => `/lists/${account().sim.audienceId}/members/${hashOf(email)}`;
const jan = 'Jan.Jansen@example.nl';
const put = (email: string, body: object) => account().put(path(email), { email_address: email, ...body });

describe('audiences', () => {
  it('tells consent rules and figures, and can be deleted', async () => {
    const { sim, get } = account();
    const strict = sim.addAudience({ name: 'Strict', doubleOptin: true, marketingPermissions: ['Email', 'Post'] });
    sim.addMember(jan);
    const { body } = await get('/lists?count=100');
    expect(body.total_items).toBe(2);
    expect(body.lists).toMatchObject([
      { name: 'Customers', double_optin: false, marketing_permissions: false, stats: { member_count: 1 } },
      { id: strict, name: 'Strict', double_optin: true, marketing_permissions: true, stats: { member_count: 0 } },
    ]);
    expect((await get(`/lists?email=${jan}`)).body.total_items).toBe(1);
    sim.deleteAudience(strict);
    expect((await get(`/lists/${strict}/members`)).status).toBe(404);
  });

  it('shows the ids of marketing permissions on members, and keeps what they allow', async () => {
    const { sim, get, call } = account();
    const strict = sim.addAudience({ marketingPermissions: ['Email', 'Post'] });
    sim.addMember('first@example.nl', { audienceId: strict });
    const { members } = (await get(`/lists/${strict}/members?count=1&fields=members.marketing_permissions`)).body as {
      members: { marketing_permissions: { marketing_permission_id: string }[] }[];
    };
    const [email, post] = members[0]?.marketing_permissions ?? [];
    expect([email, post]).toMatchObject([
      { text: 'Email', enabled: false },
      { text: 'Post', enabled: false },
    ]);
    const allow = (marketing_permission_id: unknown) =>
      call('PUT', `/lists/${strict}/members/${hashOf(jan)}`, {
        email_address: jan,
        status_if_new: 'subscribed',
        marketing_permissions: [{ marketing_permission_id, enabled: true }],
      });
    expect((await allow(post?.marketing_permission_id)).status).toBe(200);
    expect(sim.member(jan, strict)?.marketing_permissions).toMatchObject([{ enabled: false }, { enabled: true }]);
    expect((await allow('made-up')).status).toBe(400);
  });
});

describe('members', () => {
  it('are made by PUT with the status for new ones, and keep their status after that', async () => {
    const made = await put(jan, { status_if_new: 'transactional', merge_fields: { FNAME: 'Jan' } });
    expect(made.body).toMatchObject({ id: hashOf(jan), email_address: jan, status: 'transactional', full_name: 'Jan' });
    expect((await put(jan, { status_if_new: 'subscribed', merge_fields: { LNAME: 'Jansen' } })).body).toMatchObject({
      status: 'transactional',
      full_name: 'Jan Jansen',
    });
    expect((await put('new@example.nl', {})).status).toBe(400);
    expect(account().sim.mails).toEqual([]);
  });

  it('are found by hash, address and contact id', async () => {
    const { sim, get } = account();
    const { contact_id } = sim.addMember(jan);
    const members = `/lists/${sim.audienceId}/members`;
    for (const key of [hashOf(jan), hashOf(jan).toUpperCase(), encodeURIComponent(jan), String(contact_id)])
      expect((await get(`${members}/${key}`)).body.email_address).toBe(jan);
    expect((await get(`${members}/${hashOf('nobody@example.nl')}`)).status).toBe(404);
  });

  it('are made by POST once', async () => {
    const { sim, post } = account();
    const members = `/lists/${sim.audienceId}/members`;
    expect((await post(members, { email_address: jan, status: 'subscribed', tags: ['till'] })).status).toBe(200);
    expect(sim.tags(jan)).toEqual(['till']);
    const again = await post(members, { email_address: jan.toUpperCase(), status: 'subscribed' });
    expect(again.body).toMatchObject({ title: 'Member Exists', detail: expect.stringContaining('is already a list member. Use PUT') });
  });

  it.each(['jan', 'jan@', 'jan@@example.nl', 'jan jansen@example.nl', ''])('are refused with the address "%s"', async (email) => {
    const { sim, post } = account();
    const { status, body } = await post(`/lists/${sim.audienceId}/members`, { email_address: email, status: 'subscribed' });
    expect(status).toBe(400);
    expect(body.title).toBe('Invalid Resource');
  });

  it('are refused when the address looks fake', async () => {
    account().sim.behaviour.fakeAddresses.add('test@example.nl');
    expect((await put('test@example.nl', { status_if_new: 'subscribed' })).body.detail).toContain('looks fake or invalid');
  });

  it('change their address in place, not onto somebody else', async () => {
    const { sim, patch, get } = account();
    sim.addMember(jan);
    sim.addMember('piet@example.nl');
    expect((await patch(path(jan), { email_address: 'piet@example.nl' })).body.title).toBe('Member Exists');
    expect((await patch(path(jan), { email_address: 'jan@new.example' })).body.id).toBe(hashOf('jan@new.example'));
    expect((await get(path(jan))).status).toBe(404);
    expect(sim.members()).toHaveLength(2);
  });

  it('cannot be subscribed again by a machine when they left themselves, only asked', async () => {
    const { sim } = account();
    sim.addMember(jan);
    sim.unsubscribe(jan);
    for (const body of [{ status: 'subscribed' }, { status: 'subscribed', status_if_new: 'subscribed' }])
      expect((await put(jan, body)).body.title).toBe('Member In Compliance State');
    expect((await put(jan, { status_if_new: 'subscribed', merge_fields: { FNAME: 'Jan' } })).body.status).toBe('unsubscribed');
    expect((await put(jan, { status: 'pending' })).body.status).toBe('pending');
    expect((await account().patch(path(jan), { status: 'subscribed' })).body.title).toBe('Member In Compliance State');
    sim.confirm(jan);
    expect(sim.member(jan)?.status).toBe('subscribed');
  });

  it.each([
    ['user', 200, 400],
    ['any', 400, 400],
    ['off', 200, 200],
  ] as const)('may come back after an unsubscribe by others, by the rule "%s"', async (rule, others, themselves) => {
    const { sim } = account();
    sim.behaviour.compliance = rule;
    sim.addMember('a@example.nl');
    sim.addMember('b@example.nl');
    sim.unsubscribe('a@example.nl', { how: 'admin' });
    sim.clean('b@example.nl');
    expect((await put('a@example.nl', { status: 'subscribed' })).status).toBe(others);
    expect((await put('b@example.nl', { status: 'subscribed' })).status).toBe(themselves);
  });

  it('are archived by DELETE and come back as new ones', async () => {
    const { sim, remove, get } = account();
    sim.addMember(jan);
    const gone = await remove(path(jan));
    expect([gone.status, gone.text]).toEqual([204, '']);
    expect((await get(path(jan))).body.status).toBe('archived');
    const members = `/lists/${sim.audienceId}/members`;
    expect((await get(members)).body.total_items).toBe(0);
    expect((await get(`${members}?status=archived`)).body.total_items).toBe(1);
    expect((await put(jan, { status_if_new: 'transactional' })).body.status).toBe('transactional');
  });

  it('that were deleted for good only come back by themselves', async () => {
    const { sim, post, get } = account();
    sim.addMember(jan);
    expect((await post(`${path(jan)}/actions/delete-permanent`)).status).toBe(204);
    expect((await get(path(jan))).status).toBe(404);
    expect((await put(jan, { status_if_new: 'transactional' })).body.title).toBe('Forgotten Email Not Subscribed');
    sim.addMember(jan, { how: 'user' });
    expect(sim.member(jan)?.status).toBe('subscribed');
  });

  it('get a mail when they must confirm and when they are welcome', async () => {
    const { sim, call } = account();
    await put('pending@example.nl', { status_if_new: 'pending' });
    await put('welcome@example.nl', { status_if_new: 'subscribed' });
    await put('quiet@example.nl', { status_if_new: 'transactional' });
    await put('left@example.nl', { status_if_new: 'unsubscribed' });
    expect(sim.mails.map(({ to, why }) => [to, why])).toEqual([
      ['pending@example.nl', 'double-opt-in'],
      ['welcome@example.nl', 'welcome'],
    ]);
    const strict = sim.addAudience({ doubleOptin: true });
    const made = await call(
      'POST',
      `/lists/${strict}/members`,
      { email_address: jan, status: 'subscribed' },
      { 'x-status-resolution-method': 'auto-doi' },
    );
    expect(made.body.status).toBe('pending');
  });

  it('are listed by what changed since, in that order', async () => {
    const { sim, get } = account();
    sim.addMember('first@example.nl');
    later(60);
    sim.addMember('second@example.nl');
    const since = new Date(now).toISOString();
    later(60);
    sim.addMember('third@example.nl');
    later(60);
    sim.unsubscribe('first@example.nl');
    const members = `/lists/${sim.audienceId}/members`;
    const asked = `sort_field=last_changed&fields=members.email_address,members.status,total_items&since_last_changed=${encodeURIComponent(since)}`;
    expect((await get(`${members}?${asked}&sort_dir=ASC`)).body).toEqual({
      members: [
        { email_address: 'third@example.nl', status: 'subscribed' },
        { email_address: 'first@example.nl', status: 'unsubscribed' },
      ],
      total_items: 2,
    });
    expect((await get(`${members}?${asked}&sort_dir=DESC&count=1`)).body.members).toMatchObject([{ email_address: 'first@example.nl' }]);
    expect((await get(`${members}?status=unsubscribed&unsubscribed_since=${encodeURIComponent(since)}`)).body.total_items).toBe(1);
    expect((await get(`${members}?unsubscribed_since=${encodeURIComponent(since)}`)).status).toBe(400);
    expect((await get(`${members}?since_last_changed=tomorrow`)).status).toBe(400);
  });

  it('are searched by address and by name', async () => {
    const { sim, get } = account();
    sim.addMember(jan, { mergeFields: { FNAME: 'Jan' } });
    sim.addMember('piet@example.nl');
    const { body } = await get(`/search-members?query=${jan.toLowerCase()}&list_id=${sim.audienceId}`);
    expect(body).toMatchObject({ exact_matches: { total_items: 1, members: [{ email_address: jan }] }, full_search: { total_items: 1 } });
    expect((await get('/search-members?query=jan')).body).toMatchObject({
      exact_matches: { total_items: 0 },
      full_search: { total_items: 1 },
    });
  });

  it('come by the hundreds, each with its own verdict', async () => {
    const { sim, post } = account();
    sim.addMember(jan);
    const members = [
      { email_address: jan, status: 'subscribed' },
      { email_address: 'a@example.nl', status: 'transactional' },
      { email_address: 'a@example.nl', status: 'transactional' },
      { email_address: 'not an address', status: 'subscribed' },
    ];
    const { body } = await post(`/lists/${sim.audienceId}?skip_merge_validation=true`, { members, update_existing: false });
    expect(body).toMatchObject({ total_created: 1, total_updated: 0, error_count: 3, new_members: [{ email_address: 'a@example.nl' }] });
    expect(body.errors).toMatchObject([
      { error_code: 'ERROR_CONTACT_EXISTS' },
      { error: 'Duplicate items found.' },
      { error_code: 'ERROR_GENERIC' },
    ]);
    expect((await post(`/lists/${sim.audienceId}`, { members: members.slice(0, 1), update_existing: true })).body.total_updated).toBe(1);
    const many = Array.from({ length: 501 }, (_, at) => ({ email_address: `m${at}@example.nl`, status: 'transactional' }));
    expect((await post(`/lists/${sim.audienceId}`, { members: many })).status).toBe(400);
  });
});

describe('tags', () => {
  it('come and go, and start automations unless they come by a sync', async () => {
    const { sim, post, get } = account();
    const audienceId = sim.addAudience({ automationTags: ['vip'], welcome: false });
    sim.addMember(jan, { audienceId });
    const tags = `/lists/${audienceId}/members/${hashOf(jan)}/tags`;
    const set = (status: string, more: object = {}) =>
      post(tags, {
        tags: [
          { name: 'vip', status },
          { name: 'till', status },
        ],
        ...more,
      });
    const done = await set('active', { is_syncing: true });
    expect([done.status, done.text]).toEqual([204, '']);
    expect(sim.mails).toEqual([]);
    expect((await get(tags)).body).toMatchObject({ tags: [{ name: 'vip' }, { name: 'till' }], total_items: 2 });
    await set('inactive');
    expect(sim.tags(jan, audienceId)).toEqual([]);
    await set('active');
    expect(sim.mails).toMatchObject([{ to: jan, why: 'tag-automation' }]);
    expect((await post(tags, { tags: ['vip'] })).status).toBe(400);
  });
});

describe('merge fields', () => {
  it('can be added, changed and taken away', async () => {
    const { sim, get, post, patch, remove } = account();
    const fields = `/lists/${sim.audienceId}/merge-fields`;
    expect((await get(fields)).body).toMatchObject({ total_items: 5 });
    const { body } = await post(fields, { name: 'Loyalty number', type: 'text', tag: 'loyal' });
    expect(body).toMatchObject({ tag: 'LOYAL', merge_id: 6 });
    expect((await post(fields, { name: 'Again', type: 'text', tag: 'LOYAL' })).status).toBe(400);
    expect((await post(fields, { name: 'Long', type: 'text', tag: 'ELEVENSIGNS' })).status).toBe(400);
    await put(jan, { status_if_new: 'transactional', merge_fields: { LOYAL: '77' } });
    expect((await patch(`${fields}/6`, { name: 'Card' })).body).toMatchObject({ name: 'Card', tag: 'LOYAL' });
    expect((await remove(`${fields}/6`)).status).toBe(204);
    expect(sim.member(jan)?.merge_fields).not.toHaveProperty('LOYAL');
  });

  it.each([
    ['ADDRESS', { addr1: 'Dam 1', city: 'Amsterdam' }],
    ['BIRTHDAY', '1990-05-01'],
    ['BIRTHDAY', '13/01'],
    ['FNAME', 'x'.repeat(256)],
    ['WHEN', '1 May 2026'],
    ['COUNT', 'many'],
    ['SITE', 'example.nl'],
    ['SIZE', 'XXL'],
  ])('%s refuses a wrong form', async (tag, value) => {
    const { sim, post } = account();
    const fields = `/lists/${sim.audienceId}/merge-fields`;
    await post(fields, { name: 'When', type: 'date', tag: 'WHEN' });
    await post(fields, { name: 'Count', type: 'number', tag: 'COUNT' });
    await post(fields, { name: 'Site', type: 'url', tag: 'SITE' });
    await post(fields, { name: 'Size', type: 'dropdown', tag: 'SIZE', options: { choices: ['S', 'M'] } });
    const { status, body } = await put(jan, { status_if_new: 'transactional', merge_fields: { [tag]: value } });
    expect(status).toBe(400);
    expect(body).toMatchObject({ detail: 'Your merge fields were invalid.', errors: [{ field: tag }] });
    expect(sim.members()).toEqual([]);
  });

  it('that must be filled can be skipped', async () => {
    const { sim, post, call } = account();
    await post(`/lists/${sim.audienceId}/merge-fields`, { name: 'Card', type: 'text', tag: 'CARD', required: true });
    const body = { email_address: jan, status_if_new: 'transactional' };
    expect((await put(jan, { status_if_new: 'transactional' })).body).toMatchObject({ errors: [{ field: 'CARD' }] });
    expect((await call('PUT', `${path(jan)}?skip_merge_validation=true`, body)).status).toBe(200);
  });
});
