import { createHmac } from 'node:crypto';
import express from 'express';
import request from 'supertest';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Connection, Tenant } from '../../app-server/engine/model.ts';
import { type AuthorizationOptions, authorizationAddress, authorizations } from '../../app-server/http/authorizations.ts';
import { hookAddress, hooks } from '../../app-server/http/hooks.ts';
import { problemHandler, unknownRoute } from '../../app-server/http/problem.ts';
import type { Connector, News } from '../../connectors/connector.ts';
import { Failure } from '../../connectors/failure.ts';

const secret = 'the-secret-of-the-tests-is-long-enough';
const baseUrl = 'https://tillbridge.example';
const alpha = 'shopware:alpha' as Tenant;
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const time = { now: new Date('2026-03-01T12:00:00Z') };
const key = { secret, now: () => time.now };

const signed = (body: Buffer | string, by = 'hook-secret') => createHmac('sha256', by).update(body).digest('hex');
const redeemed: { callback: Readonly<Record<string, string>>; redirectUri: string }[] = [];
let refusal: Failure | undefined;

/** A system that signs what it tells and has a page on which merchants agree. */
const mailer = {
  name: 'mailer',
  title: 'Mailer',
  hear({ method, headers, body }, settings) {
    if (method !== 'POST') return [];
    if (headers['x-signature'] !== signed(body, (settings as { hookSecret: string }).hookSecret)) return 'refused';
    return JSON.parse(body.toString()) as News[];
  },
  authorization: {
    address: ({ state, redirectUri, entered }) =>
      `https://login.mailer.example/authorize?${new URLSearchParams({ state, redirect_uri: redirectUri, entered: JSON.stringify(entered) })}`,
    async redeem({ callback, redirectUri }) {
      if (refusal) throw refusal;
      redeemed.push({ callback, redirectUri });
      return { token: `token for ${callback.code}` };
    },
  },
} as Partial<Connector> as Connector;
const silent = { name: 'silent', title: 'Silent' } as Partial<Connector> as Connector;

const connection = {
  id: 'c1',
  tenant: alpha,
  connector: 'mailer',
  settings: { hookSecret: 'hook-secret' },
} as Partial<Connection> as Connection;
const heard: { source: object; news: readonly News[] }[] = [];
const saved: { tenant: string; connector: string; settings: object }[] = [];
const options: AuthorizationOptions = {
  connectors: [mailer, silent],
  baseUrl,
  key,
  log: quiet,
  sendTo: () => async () => ({ status: 500, headers: {}, body: '' }),
  async save(tenant, connector, settings) {
    saved.push({ tenant, connector: connector.name, settings });
  },
};
const app = express()
  .use(
    hooks({
      connectors: [mailer, silent],
      secret,
      find: async (tenant, name) => (tenant === alpha && name === 'mailer' ? connection : undefined),
      notice: async (source, news) => {
        heard.push({ source, news });
      },
      now: () => time.now,
    }),
  )
  .use(authorizations(options))
  .use(unknownRoute, problemHandler(quiet));

beforeEach(() => {
  heard.length = saved.length = redeemed.length = 0;
  refusal = undefined;
  time.now = new Date('2026-03-01T12:00:00Z');
});

describe('what a connected system tells', () => {
  const path = new URL(hookAddress(baseUrl, secret, connection)).pathname;
  const news = JSON.stringify([{ kind: 'consent', id: '1', eventId: 'e1' }]);

  it('is taken when it comes to its own address and its signature is right, over the bytes as they came', async () => {
    const odd = `  ${news}\n`;
    await request(app)
      .post(path)
      .set('content-type', 'application/x-www-form-urlencoded')
      .set('x-signature', signed(odd))
      .send(odd)
      .expect(200, 'OK');
    expect(heard).toEqual([{ source: { tenant: alpha, connector: 'mailer' }, news: JSON.parse(news) }]);
  });

  it('is refused with a wrong signature, and nothing of it is kept', async () => {
    const answer = await request(app).post(path).set('x-signature', signed(news, 'another')).send(news).expect(401);
    expect(answer.body).toMatchObject({ code: 'signature-wrong', remedy: 'fix-connection' });
    expect(heard).toEqual([]);
  });

  it('may be an empty look at the address before the system takes it', async () => {
    await request(app).get(path).expect(200);
    expect(heard).toEqual([]);
  });

  it('reaches nobody at an address that was made up, of another shop, of a system that is not connected or has no webhooks', async () => {
    const others = [
      path.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
      path.slice(0, -3),
      path.replace('alpha', 'beta'),
      new URL(hookAddress(baseUrl, secret, { tenant: 'shopware:beta' as Tenant, connector: 'mailer' })).pathname,
      new URL(hookAddress(baseUrl, secret, { tenant: alpha, connector: 'silent' })).pathname,
      new URL(hookAddress(baseUrl, secret, { tenant: alpha, connector: 'unheard-of' })).pathname,
    ];
    for (const other of others) await request(app).post(other).set('x-signature', signed(news)).send(news).expect(404);
    expect(heard).toEqual([]);
  });

  it('has a bound', async () => {
    const huge = 'x'.repeat(1024 * 1024 + 1);
    await request(app).post(path).set('x-signature', signed(huge)).send(huge).expect(413);
    expect(heard).toEqual([]);
  });
});

describe('agreeing on the page of a system', () => {
  const started = () => authorizationAddress(options, { tenant: alpha, connector: 'mailer', language: 'nl-BE', entered: { region: 'eu' } });
  const open = (address: string) => request(app).get(address.slice(baseUrl.length));

  async function begun() {
    const response = await open(started()).expect(302);
    const away = new URL(response.headers.location ?? '');
    return { state: away.searchParams.get('state') ?? '', cookie: response.headers['set-cookie']?.[0]?.split(';')[0] ?? '', away };
  }
  const back = (state: string, cookie: string, more = '&code=c0de') =>
    request(app)
      .get(`/connect/mailer/callback?state=${encodeURIComponent(state)}${more}`)
      .set('cookie', cookie);

  it('goes there with what was entered, comes back once, and saves what the code is worth', async () => {
    const { state, cookie, away } = await begun();
    expect(away.searchParams.get('redirect_uri')).toBe(`${baseUrl}/connect/mailer/callback`);
    expect(JSON.parse(away.searchParams.get('entered') ?? '')).toEqual({ region: 'eu' });
    const page = await back(state, cookie).expect(200);
    expect(page.text).toContain('data-page="done"');
    expect(page.text).toContain('<html lang="nl">');
    expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(saved).toEqual([{ tenant: alpha, connector: 'mailer', settings: { region: 'eu', token: 'token for c0de' } }]);
    expect(redeemed[0]?.redirectUri).toBe(`${baseUrl}/connect/mailer/callback`);
  });

  it('does nothing in another browser, with another state, too late, or for a system that has no such page', async () => {
    const mine = await begun();
    const other = await begun();
    for (const [state, cookie] of [
      [mine.state, ''],
      [mine.state, other.cookie],
      [`${mine.state}x`, mine.cookie],
      [mine.state.split('.').slice(0, 2).join('.'), mine.cookie],
    ] as const) {
      const page = await back(state, cookie).expect(400);
      expect(page.text).toContain('data-page="again"');
    }
    // What opens the window is no state: it holds no cookie's counterpart.
    const grant = new URL(started()).searchParams.get('grant') ?? '';
    await back(grant, mine.cookie).expect(400);
    time.now = new Date(time.now.getTime() + 11 * 60_000);
    await back(mine.state, mine.cookie).expect(400);
    await request(app).get(`/connect/mailer/start?grant=${grant}`).expect(400);
    await request(app).get('/connect/silent/start?grant=x').expect(400);
    expect(saved).toEqual([]);
  });

  it('says in plain words that it was declined, or that the other side is away', async () => {
    for (const [remedy, status, page] of [
      ['fix-connection', 403, 'declined'],
      ['wait', 503, 'later'],
    ] as const) {
      refusal = new Failure({ remedy, code: 'mailer.no', message: 'No.' });
      const { state, cookie } = await begun();
      const answer = await back(state, cookie, '&error=access_denied').expect(status);
      expect(answer.text).toContain(`data-page="${page}"`);
    }
    expect(saved).toEqual([]);
  });
});
