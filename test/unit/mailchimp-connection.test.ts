import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashOf } from '../../connectors/mailchimp/ids.ts';
import { mailchimpConnector } from '../../connectors/mailchimp/index.ts';
import { credentialsOf, MailchimpSettings } from '../../connectors/mailchimp/settings.ts';
import {
  carried,
  customer,
  directSend,
  draftOf,
  house,
  order,
  planned,
  refusal,
  restart,
  storeId,
  useHouse,
  written,
} from './mailchimp-house.ts';

useHouse();

const failing = () => refusal(written(house, 'customer', [draftOf('customer', customer('anna'))]));

describe('settings', () => {
  it('are enough with a key alone, or with a token and its data centre', () => {
    expect(credentialsOf(MailchimpSettings.parse({ apiKey: ' 0123456789abcdef0123456789abcdef-us19 ', audience: '' }))).toMatchObject({
      dc: 'us19',
    });
    expect(credentialsOf(MailchimpSettings.parse({ accessToken: 'token', dc: 'us6', apiKey: '' }))).toEqual({
      dc: 'us6',
      authorization: 'Bearer token',
    });
    for (const lacking of [
      {},
      { accessToken: 'token' },
      { apiKey: 'nonsense' },
      { apiKey: 'abc-us19.evil.example/' },
      { accessToken: 'token', dc: 'evil.example/' },
    ])
      expect(MailchimpSettings.safeParse(lacking).success).toBe(false);
  });

  it('of a connection by token work', async () => {
    house.reopen({ accessToken: house.mailchimp.issueToken(), dc: house.mailchimp.dc });
    expect((await house.session.check()).summary).toContain('Koffie');
  });
});

describe('the audience', () => {
  it('has to be chosen where there are several, and the test says so without failing', async () => {
    house.mailchimp.addAudience({ name: 'Second' });
    expect((await house.session.check()).warnings).toMatchObject([{ code: 'mailchimp.audience-missing', params: { count: 2 } }]);
    expect(await failing()).toMatchObject({ code: 'mailchimp.audience-missing', remedy: 'fix-connection' });
    const audiences = await house.session.vocabulary('audiences');
    expect(audiences).toHaveLength(2);
    house.reopen({ ...house.settings, audience: audiences[1]?.value });
    await carried(house, 'customer', [draftOf('customer', customer('anna'))]);
    expect(house.mailchimp.member('anna@example.nl', audiences[1]?.value)).toBeDefined();
  });

  it('that was deleted stops the connection, for members and for orders', async () => {
    house.reopen({ ...house.settings, audience: house.mailchimp.audienceId });
    await carried(house, 'order', [draftOf('order', order('1'))]);
    const members = await planned(house, 'customer', [draftOf('customer', customer('anna'))]);
    house.mailchimp.deleteAudience(house.mailchimp.audienceId);
    expect(await refusal(house.session.apply('customer', members))).toMatchObject({
      code: 'mailchimp.audience-gone',
      remedy: 'fix-connection',
    });
    expect(await refusal(house.session.plan('order', [draftOf('order', order('2'))]))).toMatchObject({ code: 'mailchimp.audience-gone' });
  });
});

describe('the test button', () => {
  it('tells whose account it is, and what to know before switching on', async () => {
    await restart({ audience: { name: 'News', doubleOptin: true, marketingPermissions: ['E-mail'] } });
    const report = await house.session.check();
    expect(report.summary).toBe('Koffie & Co, News');
    expect(report.warnings.map(({ code }) => code)).toEqual(['mailchimp.double-opt-in', 'mailchimp.marketing-permissions']);
    await carried(house, 'order', [draftOf('order', order('1'), { importing: 'history' })]);
    expect((await house.session.check()).warnings.map(({ code }) => code)).toContain('mailchimp.store-syncing');
  });

  it('asks again after a dead key was replaced', async () => {
    house.mailchimp.revoke();
    expect(await refusal(house.session.check())).toMatchObject({ code: 'mailchimp.credentials', remedy: 'fix-connection' });
    house.reopen({ apiKey: house.mailchimp.issueApiKey() });
    await house.session.check();
  });

  it('offers merge fields to choose from, and knows no list that there is not', async () => {
    expect((await house.session.vocabulary('mergeFields')).map(({ value }) => value)).toContain('FNAME');
    expect(await refusal(house.session.vocabulary('tills'))).toMatchObject({ code: 'mailchimp.vocabulary-unknown' });
  });
});

describe('what stops a connection or makes it wait', () => {
  it('a dead key is used once and not again', async () => {
    house.mailchimp.revoke();
    expect(await failing()).toMatchObject({ code: 'mailchimp.credentials', remedy: 'fix-connection' });
    // Any further call would meet this instead.
    house.mailchimp.faults.add({ kind: 'status', status: 500 });
    expect(await failing()).toMatchObject({ code: 'mailchimp.credentials' });
  });

  for (const overload of ['problem', 'bare-429', 'bare-403'] as const) {
    it(`too many connections of all apps together (${overload}): it waits, longer each time`, async () => {
      house.mailchimp.behaviour.overload = overload;
      house.mailchimp.behaviour.connections = 0;
      const first = await failing();
      expect(first).toMatchObject({ code: 'mailchimp.too-many-requests', remedy: 'wait' });
      expect(await failing()).toMatchObject({ code: 'mailchimp.too-many-requests' });
      house.clock.now = new Date(house.clock.now.getTime() + 60_000);
      const second = await failing();
      expect(second.waitMs ?? 0).toBeGreaterThan(first.waitMs ?? 0);
      house.mailchimp.behaviour.connections = 10;
      house.clock.now = new Date(house.clock.now.getTime() + 60_000);
      await carried(house, 'customer', [draftOf('customer', customer('anna'))]);
    });
  }

  it('a 403 with a document is a matter of the account', async () => {
    const body = JSON.stringify({ title: 'Forbidden', status: 403, detail: 'This account has been deactivated.' });
    house.mailchimp.faults.add({ kind: 'status', status: 403, body });
    expect(await failing()).toMatchObject({ code: 'mailchimp.forbidden', remedy: 'fix-connection' });
  });

  it('an error of Mailchimp is tried again, and after a write it is looked first', async () => {
    const plans = await planned(house, 'customer', [draftOf('customer', customer('anna'))]);
    house.mailchimp.faults.add({ kind: 'status', status: 500, method: 'PUT' });
    expect(await refusal(house.session.apply('customer', plans))).toMatchObject({
      code: 'mailchimp.unavailable',
      remedy: 'retry',
      ambiguous: true,
    });
  });

  it('a refusal names the record and its fields, and no person', async () => {
    const plans = await planned(house, 'order', [draftOf('order', order('1'))]);
    const body = JSON.stringify({
      title: 'Invalid Resource',
      status: 400,
      detail: 'jan@example.nl is wrong',
      errors: [{ field: 'order_total', message: 'jan@example.nl' }],
    });
    house.mailchimp.faults.add({ kind: 'status', status: 400, method: 'PUT', body });
    const failure = await refusal(house.session.apply('order', plans));
    expect(failure).toMatchObject({ code: 'mailchimp.refused', remedy: 'fix-data', params: { fields: 'order_total', record: 'o-1' } });
    expect(`${failure.message}${JSON.stringify(failure.params)}`).not.toContain('jan@');
  });
});

describe('connecting on Mailchimp’s page', () => {
  const authorization = () =>
    mailchimpConnector({
      apiBaseUrl: house.mailchimp.apiBaseUrlTemplate,
      loginBaseUrl: house.mailchimp.loginBaseUrl,
      clientId: house.mailchimp.clientId,
      clientSecret: house.mailchimp.clientSecret,
    }).authorization;
  const redirectUri = 'https://app.example/connect/mailchimp/callback';
  const redeem = (callback: Record<string, string>) =>
    authorization()?.redeem({ callback, redirectUri, send: directSend(), now: () => house.clock.now }) ?? Promise.resolve({});

  it('is offered only where this server is registered', () => {
    expect(mailchimpConnector().authorization).toBeUndefined();
    expect(authorization()).toBeDefined();
  });

  it('gives a token and the data centre, which are enough', async () => {
    const address = authorization()?.address({ state: 'secret state', redirectUri, entered: {} }) ?? '';
    const sent = await fetch(address, { redirect: 'manual' });
    const back = new URL(sent.headers.get('location') ?? '');
    expect(back.searchParams.get('state')).toBe('secret state');
    const given = await redeem(Object.fromEntries(back.searchParams));
    house.reopen({ ...given });
    expect((await house.session.check()).summary).toContain('Koffie');
  });

  it('says in plain words that the merchant declined or that the code is used up', async () => {
    expect(await refusal(redeem({ error: 'access_denied', state: 's' }))).toMatchObject({
      code: 'mailchimp.declined',
      remedy: 'fix-connection',
    });
    expect(await refusal(redeem({ code: 'never-issued' }))).toMatchObject({ code: 'mailchimp.code-refused', remedy: 'fix-connection' });
  });
});

describe('webhooks', () => {
  let listener: Server;
  let heard: { method: string; body: string; headers: Record<string, string> }[];
  let base: string;
  beforeEach(async () => {
    heard = [];
    listener = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        heard.push({ method: request.method ?? '', body, headers: request.headers as Record<string, string> });
        response.end('OK');
      });
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => listener.once('listening', resolve));
    base = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    listener.closeAllConnections();
    await new Promise((resolve) => listener.close(resolve));
  });

  const posted = () => heard.filter(({ method }) => method === 'POST');
  const hear = (delivery: { method: string; body: string; headers: Record<string, string> }, settings = house.settings) =>
    mailchimpConnector().hear?.({ ...delivery, body: Buffer.from(delivery.body), now: house.clock.now }, settings);
  const hooks = () => house.mailchimp.requests.filter(({ method, path }) => method !== 'GET' && path.includes('/webhooks'));

  it('are asked for once, mended never, and replaced when our address changed', async () => {
    await house.session.subscribe?.(`${base}/hooks/t/mailchimp/secret-1`, ['customer', 'consent']);
    await house.session.subscribe?.(`${base}/hooks/t/mailchimp/secret-1`, ['customer', 'consent']);
    expect(hooks().map(({ method }) => method)).toEqual(['POST']);
    expect(hooks()[0]?.body).toMatchObject({
      events: { unsubscribe: true, campaign: false },
      sources: { user: true, admin: true, api: false },
    });
    await house.session.subscribe?.(`${base}/hooks/t/mailchimp/secret-2`, ['customer']);
    expect(hooks().map(({ method }) => method)).toEqual(['POST', 'DELETE', 'POST']);
    await house.session.subscribe?.(`${base}/hooks/t/mailchimp/secret-2`, []);
    expect(hooks().map(({ method }) => method)).toEqual(['POST', 'DELETE', 'POST', 'DELETE']);
  });

  it('tell who unsubscribed, moved or changed, each delivery under one id', async () => {
    house.mailchimp.addMember('anna@example.nl');
    await house.session.subscribe?.(`${base}/hooks/t/mailchimp/s`, ['customer', 'consent']);
    house.mailchimp.unsubscribe('anna@example.nl');
    await house.mailchimp.webhooks.idle();
    const id = hashOf('anna@example.nl');
    const [delivery] = posted();
    const news = hear(delivery ?? { method: 'POST', body: '', headers: {} });
    expect(news).toMatchObject([
      { kind: 'customer', id },
      { kind: 'consent', id },
    ]);
    expect(hear(delivery ?? { method: 'POST', body: '', headers: {} })).toEqual(news);
    house.mailchimp.changeEmail('anna@example.nl', 'new@example.nl');
    await house.mailchimp.webhooks.idle();
    expect(posted().flatMap((one) => [hear(one) ?? []].flat())).toContainEqual(
      expect.objectContaining({ kind: 'customer', id: hashOf('new@example.nl') }),
    );
  });

  it('are no news where we wrote ourselves, where nobody is meant, and where Mailchimp only looks', async () => {
    await house.session.subscribe?.(`${base}/hooks/t/mailchimp/s`, ['customer']);
    await carried(house, 'customer', [draftOf('customer', customer('anna'))]);
    await house.mailchimp.webhooks.idle();
    expect(posted()).toEqual([]);
    expect(heard[0]?.method).toBe('GET');
    expect(hear({ method: 'GET', body: '', headers: {} })).toEqual([]);
    expect(hear({ method: 'POST', body: 'type=campaign&data%5Bid%5D=1', headers: {} })).toEqual([]);
    const other = { ...house.settings, audience: 'mine' };
    expect(hear({ method: 'POST', body: 'type=profile&data%5Bemail%5D=a%40b.nl&data%5Blist_id%5D=theirs', headers: {} }, other)).toEqual(
      [],
    );
  });

  it('that are signed are believed with their signature only', async () => {
    house.mailchimp.behaviour.signedWebhooks = true;
    await house.session.subscribe?.(`${base}/hooks/t/mailchimp/s`, ['consent']);
    expect(house.settings.signingSecret).toBeDefined();
    house.mailchimp.addMember('anna@example.nl');
    house.mailchimp.unsubscribe('anna@example.nl');
    await house.mailchimp.webhooks.idle();
    const delivery = posted().find(({ body }) => body.includes('unsubscribe')) ?? { method: 'POST', body: '', headers: {} };
    expect(hear(delivery)).not.toBe('refused');
    expect(hear({ ...delivery, body: `${delivery.body}&x=1` })).toBe('refused');
    expect(hear({ ...delivery, headers: {} })).toBe('refused');
    house.clock.now = new Date(house.clock.now.getTime() + 301_000);
    expect(hear(delivery)).toBe('refused');
  });

  it('have signatures as documented', () => {
    const body = 'type=unsubscribe&fired_at=2026-06-01+10%3A20%3A30&data%5Bemail%5D=jan%40example.nl&data%5Blist_id%5D=a6b5da1054';
    const v1 = 'deffcb9b7ce5400f83c20216375eb068c281e6640356e591727a0b778a18d6e7';
    expect(createHmac('sha256', 'whsec_test').update(`1780000000.${body}`).digest('hex')).toBe(v1);
    const settings = MailchimpSettings.parse({ apiKey: house.mailchimp.apiKey, signingSecret: 'whsec_test' });
    house.clock.now = new Date(1_780_000_000_000);
    expect(hear({ method: 'POST', body, headers: { 'x-mailchimp-signature': `t=1780000000,v1=${v1}` } }, settings)).toMatchObject([
      {},
      { kind: 'consent' },
    ]);
  });
});

describe('erasing a person', () => {
  it('takes the member for good and the customer out of every store of ours', async () => {
    await carried(house, 'order', [draftOf('order', order('1'))]);
    expect(await house.session.erase('JAN@example.nl')).toEqual({ gone: ['customer', 'member'] });
    expect(house.mailchimp.member('jan@example.nl')).toBeUndefined();
    expect(house.mailchimp.customers(storeId(house))).toEqual([]);
  });
});
