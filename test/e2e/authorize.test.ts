/** The merchant agrees on the other system's own page, in a window of his browser; and what he agreed to outlives rotations and crashes. */
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type App, createApp } from '../../app-server/app.ts';
import { readConfig } from '../../app-server/config.ts';
import { testDatabase } from '../database.ts';
import { type ApiClient, apiClient, openFrame, type Shape } from './api-client.ts';
import { inDatabase, openProcesses } from './processes.ts';
import { shopwareFixture } from './shopware-fixture.ts';
import { type Systems, startSystems } from './systems.ts';
import { openWorld, type World } from './world.ts';

const test = testDatabase();
const secrets = { ENCRYPTION_KEYS: `t:${randomBytes(32).toString('base64')}`, JWT_SECRET: randomBytes(32).toString('hex') };

let systems: Systems;

beforeEach(async () => {
  systems = await startSystems();
});
afterEach(async () => {
  const unexpected = systems.unexpected();
  await systems.stop();
  expect(unexpected).toEqual([]);
});

/** One window from the app to the other side's page. */
async function opened(api: ApiClient, connector: string, entered: object): Promise<{ page: URL; cookie: string }> {
  const { address } = await api.expect<Shape<'Authorization'>>('POST', `connections/${connector}/authorization`, { settings: entered });
  const start = await fetch(address, { redirect: 'manual' });
  const [cookie = ''] = start.headers.getSetCookie().map((one) => one.split(';')[0] ?? '');
  return { page: new URL(start.headers.get('location') ?? 'about:blank'), cookie };
}

/** The merchant says yes or no on that page. Returns where it sends his browser. */
async function answered(page: URL, agrees: boolean): Promise<string> {
  if (!agrees && page.pathname === '/connect') page.searchParams.set('deny', '1');
  const refusal = !agrees && page.pathname !== '/connect';
  const form = new URLSearchParams([...page.searchParams, ['allow', 'no']]);
  const answer = refusal
    ? await fetch(new URL(page.pathname, page), { method: 'POST', body: form, redirect: 'manual' })
    : await fetch(page, { redirect: 'manual' });
  return answer.headers.get('location') ?? '';
}

async function returned(callback: string, cookie?: string): Promise<{ status: number; page: string | undefined }> {
  const response = await fetch(callback, { redirect: 'manual', ...(cookie !== undefined && { headers: { cookie } }) });
  return { status: response.status, page: /data-page="(\w+)"/.exec(await response.text())?.[1] };
}

async function agree(api: ApiClient, connector: string, entered: object = {}): Promise<{ status: number; page: string | undefined }> {
  const { page, cookie } = await opened(api, connector, entered);
  return returned(await answered(page, true), cookie);
}

async function connectionOf(api: ApiClient, connector: string): Promise<Shape<'Connection'> | undefined> {
  return (await api.expect<Shape<'Connection'>[]>('GET', 'connections')).find((one) => one.connector === connector);
}

const check = (api: ApiClient, { id }: { readonly id: string }) => api.expect<Shape<'Connection'>>('POST', `connections/${id}/check`);
/** Refresh tokens that were handed in. */
const refreshes = (): string[] =>
  systems.retail.requests
    .filter(({ path, body }) => path === '/token' && body.includes('grant_type=refresh_token'))
    .map(({ body }) => new URLSearchParams(body).get('refresh_token') ?? '');

describe('agreeing on the other side’s page', () => {
  let world: World;

  beforeEach(async () => {
    world = await openWorld({
      fixture: shopwareFixture,
      database: test.database,
      bare: true,
      environment: { ...systems.environment, ...secrets },
    });
  });
  afterEach(async () => {
    await world.stop();
    expect(world.log.filter((line) => line.startsWith('error'))).toEqual([]);
  });

  it.each([
    ['mailchimp', {}, 'accessToken'],
    ['lightspeed', { series: 'retail' }, 'refreshToken'],
  ] as const)('connects %s, with a report, and keeps its tokens to itself', async (connector, entered, secret) => {
    expect(await agree(world.api, connector, entered)).toEqual({ status: 200, page: 'done' });
    const connection = await connectionOf(world.api, connector);
    expect(connection).toMatchObject({ state: 'ok', report: { ok: true, summary: expect.stringMatching(/\w/) } });
    expect(connection?.secretsSet).toContain(secret);
    const seen = JSON.stringify([await world.api.expect('GET', 'connections'), world.log]);
    for (const name of ['accessToken', 'refreshToken']) expect(connection?.settings).not.toHaveProperty(name);
    expect(seen).not.toMatch(/lsxs_[ar]t_/);
    expect(await check(world.api, connection as { id: string })).toMatchObject({ report: { ok: true } });
  });

  it.each([
    ['mailchimp', {}],
    ['lightspeed', { series: 'retail' }],
  ] as const)('connects nothing when the merchant declines at %s', async (connector, entered) => {
    const { page, cookie } = await opened(world.api, connector, entered);
    expect(await returned(await answered(page, false), cookie)).toEqual({ status: 403, page: 'declined' });
    expect(await connectionOf(world.api, connector)).toBeUndefined();
  });

  it.each([
    ['mailchimp', {}],
    ['lightspeed', { series: 'retail' }],
  ] as const)('refuses a way back to %s that began in another browser, or was used before', async (connector, entered) => {
    const mine = await opened(world.api, connector, entered);
    const theirs = await opened(world.api, connector, entered);
    const callback = await answered(mine.page, true);
    expect(await returned(callback)).toEqual({ status: 400, page: 'again' });
    expect(await returned(callback, theirs.cookie)).toEqual({ status: 400, page: 'again' });
    const otherState = new URL(callback);
    otherState.searchParams.set('state', theirs.page.searchParams.get('state') ?? '');
    expect(await returned(otherState.href, mine.cookie)).toEqual({ status: 400, page: 'again' });
    expect(await connectionOf(world.api, connector)).toBeUndefined();
    expect(await returned(callback, mine.cookie)).toEqual({ status: 200, page: 'done' });
    expect(await returned(callback, mine.cookie)).toMatchObject({ page: 'declined' });
    expect(await connectionOf(world.api, connector)).toMatchObject({ state: 'ok' });
  });

  it('brings a connection back whose access was taken away', async () => {
    await agree(world.api, 'mailchimp');
    systems.mailchimp.revoke();
    const before = (await connectionOf(world.api, 'mailchimp')) as Shape<'Connection'>;
    expect(await check(world.api, before)).toMatchObject({
      state: 'paused',
      cause: { code: 'mailchimp.credentials', remedy: 'fix-connection' },
    });
    await agree(world.api, 'mailchimp');
    const after = await connectionOf(world.api, 'mailchimp');
    expect(after).toMatchObject({ id: before.id, state: 'ok' });
    expect(after?.cause).toBeUndefined();
  });

  it('renews once, however many ask in two processes, and what is stored is the token that works', async () => {
    await agree(world.api, 'lightspeed', { series: 'retail' });
    const connection = (await connectionOf(world.api, 'lightspeed')) as Shape<'Connection'>;
    const other = await twinOf(world);
    try {
      const both = [world.api, other.api];
      // Each has a session with the first token in its hands.
      for (const api of both) expect(await check(api, connection)).toMatchObject({ report: { ok: true } });
      for (let round = 1; round <= 3; round += 1) {
        systems.retail.expireAccess();
        const asked = both.flatMap((api) => Array.from({ length: 4 }, () => check(api, connection)));
        expect((await Promise.all(asked)).map(({ state, report }) => [state, report?.ok])).toEqual(asked.map(() => ['ok', true]));
        expect(refreshes()).toHaveLength(round);
      }
      expect(new Set(refreshes()).size).toBe(3);
      // Somebody who begins with what is stored.
      const third = await twinOf(world);
      try {
        expect(await check(third.api, connection)).toMatchObject({ report: { ok: true } });
        expect(refreshes()).toHaveLength(3);
      } finally {
        await third.stop();
      }
    } finally {
      await other.stop();
    }
  });
});

describe('a rotation that the server does not live to store', () => {
  it('leaves the merchant connected while the access token lasts, and says when it ends', async () => {
    const shop = await shopwareFixture.start({ seed: 5 });
    const database = `${test.name}_rotation`;
    const processes = await openProcesses(1, (url) => ({
      ...{ APP_URL: url, MONGODB_URI: inDatabase(test.uri, database), ALLOW_PRIVATE_HOSTS: '1', ROLE: 'web', ...secrets },
      ...{ ...shop.environment(), ...systems.environment },
    }));
    try {
      await processes.ready();
      await shop.install(processes.url);
      const api = await openFrame(processes.url, await shop.frameUrl());
      const { accessToken, refreshToken, expires } = systems.retail.grant();
      const connection = await api.expect<Shape<'Connection'>>('PUT', 'connections/lightspeed', {
        settings: {
          ...{ series: 'retail', domainPrefix: systems.retail.domainPrefix, accessToken, refreshToken },
          ...{ expiresAt: new Date(expires * 1000).toISOString(), renewFrom: new Date(Date.now() + 3_600_000).toISOString() },
        },
      });
      expect(connection).toMatchObject({ report: { ok: true } });

      // Two thirds of its life are over: the next call renews, and nobody is left to store what came of it.
      await changed(database, { 'settings.renewFrom': new Date(0).toISOString(), version: 99 });
      const end = systems.retail.faults.watch(({ path }) => {
        if (!path.endsWith('/token')) return;
        end();
        processes.kill(0);
      });
      await api.call('POST', `connections/${connection.id}/check`);
      await processes.ready();
      expect(refreshes()).toEqual([refreshToken]);

      // The one who died held the renewal for a minute.
      await changed(database, { renewing: new Date(0) });
      const held = await check(api, connection);
      expect(held).toMatchObject({ state: 'ok', report: { ok: true } });
      expect(held.report?.warnings.map(({ code }) => code)).toContain('lightspeed.reconnect-soon');
      expect(refreshes()).toEqual([refreshToken, refreshToken]);

      systems.retail.expireAccess();
      expect(await check(api, connection)).toMatchObject({
        state: 'paused',
        cause: { code: 'lightspeed.reconnect', remedy: 'fix-connection' },
      });
      expect(await agree(api, 'lightspeed', { series: 'retail' })).toEqual({ status: 200, page: 'done' });
      expect(await connectionOf(api, 'lightspeed')).toMatchObject({ id: connection.id, state: 'ok' });
      expect(processes.errors).toEqual([]);
    } finally {
      await processes.stop();
      await shop.stop();
      await test.database.connection.useDb(database).dropDatabase();
    }
  }, 90_000);
});

/** Time passes for what is stored of the connection. */
async function changed(database: string, fields: Readonly<Record<string, unknown>>): Promise<void> {
  const connections = test.database.connection.useDb(database).collection('connections');
  await connections.updateMany({ connector: 'lightspeed' }, { $set: fields });
}

/** Another process of the same product, with the same ticket. */
async function twinOf(world: World): Promise<{ api: ApiClient; stop(): Promise<void> }> {
  let app: App | undefined;
  const server: Server = createServer((request, response) => app?.http(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const read = readConfig({
    ...{ APP_URL: world.appUrl, MONGODB_URI: 'mongodb://the-test-hands-its-own-connection-in', ALLOW_PRIVATE_HOSTS: '1' },
    ...{ ...world.shop.environment(), ...systems.environment, ...secrets },
  });
  if (!read.ok) throw new Error(read.problems.join('\n'));
  const quiet = { info: () => undefined, warn: () => undefined, error: (_: object, message: string) => world.log.push(`error ${message}`) };
  const running = await createApp({ config: read.config, database: test.database, log: quiet });
  app = running;
  return {
    api: apiClient(url, world.api.ticket),
    async stop() {
      await running.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
