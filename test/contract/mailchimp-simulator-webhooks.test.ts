import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashOf } from '../simulators/mailchimp/account.ts';
import { signature } from '../simulators/mailchimp/webhooks.ts';
import { listening, useMailchimp } from './mailchimp-calls.ts';

const account = useMailchimp({ now: () => new Date('2026-06-01T10:20:30Z') });
const jan = 'jan@example.nl';
const everything = { subscribe: true, unsubscribe: true, profile: true, cleaned: true, upemail: true, campaign: false };
let app: Awaited<ReturnType<typeof listening>>;
let answer: (method: string) => number = () => 200;
beforeEach(async () => {
  answer = () => 200;
  app = await listening((method) => answer(method));
});
afterEach(() => app.stop());

const hooks = () => `/lists/${account().sim.audienceId}/webhooks`;
const hook = (over: object = {}) =>
  account().post(hooks(), { url: app.url, events: everything, sources: { user: true, admin: true, api: false }, ...over });
const told = async () => {
  await account().sim.webhooks.idle();
  return app.received.map(({ form }) => form.get('type'));
};

describe('webhooks', () => {
  it('are kept only when somebody answers 200 at their address', async () => {
    const { get, patch, remove } = account();
    answer = () => 204;
    expect((await hook()).body).toMatchObject({ errors: [{ field: 'url' }] });
    answer = (method) => (method === 'GET' ? 200 : 500);
    expect((await hook({ url: 'http://127.0.0.1:1/' })).status).toBe(400);
    const { status, body } = await hook();
    expect(status).toBe(200);
    expect(body).toMatchObject({ url: app.url, events: everything, sources: { user: true, admin: true, api: false } });
    expect(body).not.toHaveProperty('signing_secret');
    expect((await hook()).status).toBe(400);
    expect((await get(hooks())).body).toMatchObject({ total_items: 1, webhooks: [{ id: body.id }] });
    expect((await patch(`${hooks()}/${body.id}`, { events: { profile: false } })).body).toMatchObject({
      events: { profile: false, subscribe: true },
    });
    expect((await remove(`${hooks()}/${body.id}`)).status).toBe(204);
    expect((await get(`${hooks()}/${body.id}`)).status).toBe(404);
  });

  it('are forms with nested names', async () => {
    const { sim } = account();
    await hook();
    sim.addMember(jan, {
      how: 'user',
      mergeFields: { FNAME: 'Jan', ADDRESS: { addr1: 'Dam 1', city: 'Amsterdam', state: 'NH', zip: '1012JS' } },
    });
    await told();
    const [first] = app.received;
    expect(first?.type).toBe('application/x-www-form-urlencoded');
    expect(first?.raw).toContain('fired_at=2026-06-01+10%3A20%3A30&data%5Bid%5D=');
    expect(Object.fromEntries(first?.form ?? [])).toMatchObject({
      type: 'subscribe',
      fired_at: '2026-06-01 10:20:30',
      'data[list_id]': sim.audienceId,
      'data[email]': jan,
      'data[email_type]': 'html',
      'data[merges][EMAIL]': jan,
      'data[merges][FNAME]': 'Jan',
      'data[merges][ADDRESS][city]': 'Amsterdam',
    });
    expect(first?.form.get('data[id]')).not.toBe(hashOf(jan));
  });

  it('tell what people and the owner do, in each its own words', async () => {
    const { sim } = account();
    await hook();
    sim.addMember(jan);
    sim.changeProfile(jan, { FNAME: 'Jan' });
    sim.changeEmail(jan, 'jan@new.example');
    sim.unsubscribe('jan@new.example');
    sim.addMember('piet@example.nl');
    sim.clean('piet@example.nl', 'abuse');
    sim.addMember('kees@example.nl');
    sim.archive('kees@example.nl');
    expect((await told()).sort()).toEqual(
      ['subscribe', 'profile', 'upemail', 'profile', 'unsubscribe', 'subscribe', 'cleaned', 'subscribe', 'unsubscribe'].sort(),
    );
    const one = (type: string) => app.received.filter(({ form }) => form.get('type') === type).map(({ form }) => Object.fromEntries(form));
    expect(one('upemail')).toMatchObject([{ 'data[old_email]': jan, 'data[new_email]': 'jan@new.example' }]);
    expect(one('cleaned')).toMatchObject([{ 'data[reason]': 'abuse', 'data[email]': 'piet@example.nl' }]);
    expect(new Set(one('unsubscribe').map((form) => `${form['data[action]']} ${form['data[email]']}`))).toEqual(
      new Set(['unsub jan@new.example', 'delete kees@example.nl']),
    );
  });

  it('do not echo what the API did, unless they want it', async () => {
    const { sim, put } = account();
    await hook();
    const write = (email: string) =>
      put(`/lists/${sim.audienceId}/members/${hashOf(email)}`, { email_address: email, status_if_new: 'subscribed' });
    await write(jan);
    expect(await told()).toEqual([]);
    const other = await listening();
    await hook({ url: other.url, sources: { user: false, admin: false, api: true } });
    await write('piet@example.nl');
    sim.addMember('kees@example.nl', { how: 'admin' });
    await sim.webhooks.idle();
    await other.stop();
    expect(other.received.map(({ form }) => form.get('data[email]'))).toEqual(['piet@example.nl']);
    expect(app.received.map(({ form }) => form.get('data[email]'))).toEqual(['kees@example.nl']);
  });

  it('are repeated until 2xx, and given up in the end', async () => {
    const { sim } = account();
    await hook();
    sim.webhooks.mode.minuteMs = 0.01;
    let failures = 2;
    answer = () => (failures-- > 0 ? 500 : 201);
    sim.addMember(jan);
    expect(await told()).toHaveLength(3);
    expect(new Set(app.received.map(({ raw }) => raw)).size).toBe(1);
    answer = () => 302;
    sim.unsubscribe(jan);
    expect(await told()).toHaveLength(3 + 6);
    expect(sim.webhooks.lost).toMatchObject([{ type: 'unsubscribe', tries: 6, status: 302 }]);
  });

  it('are signed when that is switched on, with a secret that is told once', async () => {
    const { sim, get } = account();
    sim.behaviour.signedWebhooks = true;
    const { body } = await hook();
    const secret = String(body.signing_secret);
    expect(secret).toMatch(/^whsec_/);
    expect((await get(`${hooks()}/${body.id}`)).body).not.toHaveProperty('signing_secret');
    sim.addMember(jan);
    await told();
    sim.webhooks.mode.signedOffsetSeconds = -301;
    sim.unsubscribe(jan);
    await told();
    sim.webhooks.mode.signature = 'wrong';
    sim.webhooks.send(sim.audienceId, 'campaign', { id: 'c', status: 'sent' });
    await told();
    const unix = Date.parse('2026-06-01T10:20:30Z') / 1000;
    const [good, old, forged] = app.received;
    expect(good?.signature).toBe(signature(secret, unix, good?.raw ?? ''));
    expect(old?.signature).toBe(signature(secret, unix - 301, old?.raw ?? ''));
    expect(forged?.signature).not.toBe(signature(secret, unix - 301, forged?.raw ?? ''));
    expect(forged?.form.get('data[status]')).toBe('sent');
  });

  it('that nobody takes hold everything up', async () => {
    const { sim, get } = account();
    await hook();
    sim.behaviour.pendingWebhooks = 1;
    sim.webhooks.mode.disorderMs = 3_600_000;
    sim.addMember(jan);
    expect((await get('/ping')).status).toBe(200);
    sim.unsubscribe(jan);
    expect((await get('/ping')).status).toBe(429);
  });

  it('can come twice, or not at all', async () => {
    const { sim } = account();
    await hook();
    sim.webhooks.mode.duplicates = 1;
    sim.addMember(jan);
    expect(await told()).toEqual(['subscribe', 'subscribe']);
    sim.webhooks.mode.drop = true;
    sim.unsubscribe(jan);
    expect(await told()).toHaveLength(2);
  });
});
