import { describe, expect, it } from 'vitest';
import { startMailchimp } from '../simulators/mailchimp/simulator.ts';
import { basic, useMailchimp } from './mailchimp-calls.ts';

const account = useMailchimp();

describe('who may come in', () => {
  it('takes a key as the password of Basic and a token as Bearer, until they are revoked', async () => {
    const { sim, call, get } = account();
    const token = sim.issueToken();
    const bearer = { authorization: `Bearer ${token}` };
    expect((await get('/ping')).body).toEqual({ health_status: "Everything's Chimpy!" });
    expect((await call('GET', '/ping', undefined, bearer)).status).toBe(200);
    expect((await call('GET', '/ping', undefined, { authorization: basic(token) })).status).toBe(401);
    sim.revoke(token);
    const refused = await call('GET', '/ping', undefined, bearer);
    expect(refused.status).toBe(401);
    expect(refused.body).toMatchObject({ title: 'API Key Invalid', status: 401 });
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect((await get('/ping')).status).toBe(200);
    sim.revoke();
    expect((await get('/ping')).status).toBe(401);
  });

  it('refuses a good key at the wrong data centre', async () => {
    const { sim } = account();
    const at = (dc: string) =>
      fetch(`${sim.apiBaseUrlTemplate.replace('{dc}', dc)}/3.0/ping`, { headers: { authorization: basic(sim.apiKey) } });
    expect((await at('us19')).status).toBe(200);
    expect((await at('us1')).status).toBe(401);
  });

  it('says whose account it is', async () => {
    const { get } = account();
    expect((await get('/')).body).toMatchObject({ account_name: 'Koffie & Co', total_subscribers: 0 });
  });
});

describe('the log-in', () => {
  const exchange = (over: Record<string, string> = {}) => {
    const { sim } = account();
    const form = {
      grant_type: 'authorization_code',
      client_id: sim.clientId,
      client_secret: sim.clientSecret,
      redirect_uri: 'https://app.example/callback',
      ...over,
    };
    return fetch(`${sim.loginBaseUrl}/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) });
  };
  const asking = (over: Record<string, string> = {}) =>
    new URLSearchParams({
      response_type: 'code',
      client_id: account().sim.clientId,
      redirect_uri: 'https://app.example/callback',
      state: 'st&te',
      ...over,
    });

  it('sends the merchant back with code and state, gives a token for it once, and tells where the account lives', async () => {
    const { sim } = account();
    const consent = await fetch(`${sim.loginBaseUrl}/oauth2/authorize?${asking()}`, { redirect: 'manual' });
    const back = new URL(consent.headers.get('location') ?? '');
    expect(back.origin + back.pathname).toBe('https://app.example/callback');
    expect(back.searchParams.get('state')).toBe('st&te');
    const code = back.searchParams.get('code') ?? '';
    const granted = (await (await exchange({ code })).json()) as { access_token: string };
    expect(granted).toEqual({ access_token: expect.any(String), expires_in: 0, scope: null });
    expect((await exchange({ code })).status).toBe(400);
    const metadata = await fetch(`${sim.loginBaseUrl}/oauth2/metadata`, { headers: { authorization: `OAuth ${granted.access_token}` } });
    const known = (await metadata.json()) as { dc: string; api_endpoint: string };
    expect(known).toMatchObject({ dc: 'us19', login_url: sim.loginBaseUrl, accountname: 'Koffie & Co' });
    const ping = await fetch(`${known.api_endpoint}/3.0/ping`, { headers: { authorization: `Bearer ${granted.access_token}` } });
    expect(ping.status).toBe(200);
    sim.revoke(granted.access_token);
    expect((await fetch(`${sim.loginBaseUrl}/oauth2/metadata?oauth_token=${granted.access_token}`)).status).toBe(401);
  });

  it('gives nothing for a wrong secret, a wrong address, an unknown app or a made-up code', async () => {
    const { sim } = account();
    const code = () => sim.code('https://app.example/callback');
    expect((await exchange({ code: code(), client_secret: 'guess' })).status).toBe(401);
    expect((await exchange({ code: code(), redirect_uri: 'https://app.example/elsewhere' })).status).toBe(400);
    expect((await exchange({ code: 'made-up' })).status).toBe(400);
    expect((await fetch(`${sim.loginBaseUrl}/oauth2/authorize?${asking({ client_id: 'other' })}`, { redirect: 'manual' })).status).toBe(
      400,
    );
  });

  it('can ask first, with a button and a way out', async () => {
    const asks = await startMailchimp({ consent: 'ask', clientId: account().sim.clientId });
    const page = await fetch(`${asks.loginBaseUrl}/oauth2/authorize?${asking()}`);
    const html = await page.text();
    const answer = async (allow: string) => {
      const form = asking({ allow });
      const response = await fetch(`${asks.loginBaseUrl}/oauth2/authorize`, { method: 'POST', body: form, redirect: 'manual' });
      return new URL(response.headers.get('location') ?? '').searchParams;
    };
    const [yes, no] = [await answer('yes'), await answer('no')];
    await asks.stop();
    expect(html).toContain('value="st&#38;te"');
    expect([yes.has('code'), yes.get('state')]).toEqual([true, 'st&te']);
    expect([no.has('code'), no.get('error'), no.get('state')]).toEqual([false, 'access_denied', 'st&te']);
  });
});

describe('limits', () => {
  const burst = (count: number) => Array.from({ length: count }, () => account().get('/ping'));

  it('lets ten requests run at once and turns the eleventh away without saying when to come back', async () => {
    const { sim } = account();
    const release = sim.hold();
    const running = burst(11);
    const refused = await Promise.race(running);
    release();
    const replies = await Promise.all(running);
    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({ title: 'Too Many Requests', status: 429 });
    expect(refused.headers.has('retry-after')).toBe(false);
    expect(replies.filter((reply) => reply.status === 200)).toHaveLength(10);
    expect(sim.traffic).toMatchObject({ peak: 10, refused: 1 });
  });

  it.each([
    ['bare-429', 429],
    ['bare-403', 403],
  ] as const)('can turn it away with %s, without JSON', async (overload, status) => {
    const { sim } = account();
    sim.behaviour.overload = overload;
    const release = sim.hold();
    const running = burst(11);
    const refused = await Promise.race(running);
    release();
    await Promise.all(running);
    expect(refused.status).toBe(status);
    expect(refused.text).not.toContain('{');
  });

  it('pages ten at a time and a thousand at most', async () => {
    const { sim, get } = account();
    for (let number = 0; number < 25; number += 1) sim.addMember(`m${number}@example.nl`);
    const path = `/lists/${sim.audienceId}/members`;
    const first = (await get(path)).body as { members: unknown[]; total_items: number };
    expect([first.members.length, first.total_items]).toEqual([10, 25]);
    expect(((await get(`${path}?count=20&offset=20`)).body.members as unknown[]).length).toBe(5);
    expect((await get(`${path}?count=1001`)).status).toBe(400);
    expect((await get(`${path}?count=-1`)).status).toBe(400);
  });

  it('shows only the fields that are asked for', async () => {
    const { sim, get } = account();
    sim.addMember('jan@example.nl', { mergeFields: { FNAME: 'Jan' } });
    const path = `/lists/${sim.audienceId}/members`;
    expect((await get(`${path}?fields=members.email_address,members.merge_fields.FNAME,total_items`)).body).toEqual({
      members: [{ email_address: 'jan@example.nl', merge_fields: { FNAME: 'Jan' } }],
      total_items: 1,
    });
    const rest = (await get(`${path}?exclude_fields=members.merge_fields,_links`)).body as { members: Record<string, unknown>[] };
    expect(Object.keys(rest)).toEqual(['list_id', 'members', 'total_items']);
    expect(rest.members[0]).not.toHaveProperty('merge_fields');
  });

  it('can lose answers and break in the middle, as every simulator can', async () => {
    const { sim, put, get } = account();
    sim.faults.add({ kind: 'lose-answer', method: 'PUT', times: 1 });
    const member = `/lists/${sim.audienceId}/members/jan@example.nl`;
    await expect(put(member, { email_address: 'jan@example.nl', status_if_new: 'transactional' })).rejects.toThrow();
    expect((await get(member)).body.status).toBe('transactional');
  });
});

describe('what no Mailchimp understands', () => {
  it('is answered with an error or ignored, and written down', async () => {
    const { sim, call, get, put } = account();
    const member = `/lists/${sim.audienceId}/members/jan@example.nl`;
    expect((await get('/coffee')).status).toBe(404);
    expect((await call('PATCH', '/lists', {})).status).toBe(405);
    expect((await call('PUT', member, '{not json')).status).toBe(400);
    expect(
      (await put(member, { email_address: 'jan@example.nl', status_if_new: 'transactional', tags: ['a'], merge_fields: { HAT: 'x' } }))
        .status,
    ).toBe(200);
    expect((await get(`${member}?colour=red`)).status).toBe(200);
    const named = `/lists/${sim.audienceId}/members/jan@example.nl`;
    expect(sim.takeUnexpected()).toEqual([
      'GET /coffee',
      'PATCH /lists',
      `PUT ${named} has a body that is not JSON`,
      `PUT ${named} knows no field tags`,
      `audience ${sim.audienceId} has no merge field HAT`,
      `GET ${named} knows no parameter colour`,
    ]);
    // Fields that no specification knows would be found again in the log.
    sim.clearRequests();
  });

  it('refuses money that is text and says where', async () => {
    const { sim, post } = account();
    await post('/ecommerce/stores', { id: 's1', list_id: sim.audienceId, name: 'Till', currency_code: 'EUR' });
    const { status, body } = await post('/ecommerce/stores/s1/products', {
      id: 'p',
      title: 'P',
      variants: [{ id: 'p', title: 'P', price: '2.50' }],
    });
    expect(status).toBe(400);
    expect(body).toMatchObject({
      title: 'Invalid Resource',
      errors: [{ field: 'variants.item:0.price', message: 'Schema describes number, string found instead' }],
    });
  });
});

describe('the sandbox page', () => {
  it('shows members, orders and mails, and lets a person leave', async () => {
    const { sim } = account();
    sim.addMember('jan@example.nl', { mergeFields: { FNAME: 'Jan' } });
    const page = await fetch(sim.pageUrl);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(await page.text()).toContain('prefers-color-scheme:dark');
    const view = async () => (await (await fetch(`${sim.pageUrl}/view`)).json()) as { audiences: { members: object[] }[]; mails: object[] };
    expect((await view()).audiences[0]?.members).toEqual([{ email: 'jan@example.nl', status: 'subscribed', name: 'Jan', tags: [] }]);
    expect((await view()).mails).toEqual([{ to: 'jan@example.nl', why: 'welcome', about: sim.audienceId }]);
    const deed = { email: 'jan@example.nl', audienceId: sim.audienceId };
    await fetch(`${sim.pageUrl}/unsubscribe`, { method: 'POST', body: JSON.stringify(deed) });
    expect(sim.member('jan@example.nl')?.status).toBe('unsubscribed');
  });
});
