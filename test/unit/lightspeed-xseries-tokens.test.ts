import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { tenantOf } from '../../app-server/engine/model.ts';
import { createConnections } from '../../app-server/store/connections.ts';
import { newId } from '../../app-server/store/database.ts';
import { createVault } from '../../app-server/store/vault.ts';
import { conversation, type ExchangeRecord } from '../../connectors/exchange.ts';
import type { LightspeedSettings } from '../../connectors/lightspeed/settings.ts';
import { xSeriesAuthorization } from '../../connectors/lightspeed/xseries/index.ts';
import { testDatabase } from '../database.ts';
import { clock, connect, hourMs, keeper, refreshes } from './lightspeed-xseries-grants.ts';
import { openHouse, send, thrown } from './lightspeed-xseries-house.ts';

const database = testDatabase();
describe('connecting a store on the page of Lightspeed', () => {
  it('asks for what the flows need and comes back with tokens that work', async () => {
    const at = clock();
    const house = await openHouse({ now: at.now });
    const address = new URL(
      xSeriesAuthorization(house.options).address({ state: 's-1', redirectUri: 'https://app.example/back', entered: {} }),
    );
    expect(address.origin + address.pathname).toBe(house.sim.connectUrl);
    expect(Object.fromEntries(address.searchParams)).toMatchObject({
      response_type: 'code',
      client_id: house.sim.clientId,
      redirect_uri: 'https://app.example/back',
      state: 's-1',
    });
    const agreed = await fetch(address, { redirect: 'manual' });
    const callback = Object.fromEntries(new URL(agreed.headers.get('location') ?? '').searchParams);
    expect(callback.state).toBe('s-1');
    const redeemed = await xSeriesAuthorization(house.options).redeem({
      callback,
      redirectUri: 'https://app.example/back',
      send: send(),
      now: at.now,
    });
    expect(redeemed).toMatchObject({ series: 'retail', domainPrefix: house.sim.domainPrefix, expiresAt: '2026-06-02T08:00:00.000Z' });
    const session = house.open(house.settings(redeemed), { renew: keeper(house.settings(redeemed)).renew() });
    expect((await session.check()).summary).toContain('Koffie & Co');
    // Every kind that is carried is allowed by the scopes that were asked for.
    await Promise.all(
      (['order', 'customer', 'product', 'category', 'stock'] as const).map((kind) =>
        session.changed(kind, undefined)[Symbol.asyncIterator]().next(),
      ),
    );
  });

  it('says so when the merchant does not agree, when the code is spent, and when somebody sends another host', async () => {
    const house = await openHouse();
    const redeem = (callback: Record<string, string>) =>
      thrown(
        xSeriesAuthorization(house.options).redeem({
          callback,
          redirectUri: 'https://app.example/back',
          send: send(),
          now: () => new Date(),
        }),
      );
    expect(await redeem({ error: 'access_denied' })).toMatchObject({ code: 'lightspeed.declined', remedy: 'fix-connection' });
    expect(await redeem({ code: 'spent', domain_prefix: house.sim.domainPrefix })).toMatchObject({ code: 'lightspeed.code-refused' });
    for (const domain of ['evil.example/', 'a.b', 'x@evil.example', 'evil.example#', '', 'EVIL'])
      expect(await redeem({ code: 'c', domain_prefix: domain })).toMatchObject({ code: 'lightspeed.bad-store-name' });
    expect(refreshes(house)).toHaveLength(1);
  });

  it('says whose mistake it is when the server is not registered', async () => {
    const house = await openHouse();
    const how = { callback: { code: 'c', domain_prefix: house.sim.domainPrefix }, redirectUri: 'x', send: send(), now: () => new Date() };
    expect(await thrown(xSeriesAuthorization({ retailApiBaseUrl: house.sim.apiBaseUrl }).redeem(how))).toMatchObject({
      code: 'lightspeed.not-registered',
    });
    expect(await thrown(xSeriesAuthorization({ ...house.options, clientSecret: 'wrong' }).redeem(how))).toMatchObject({
      code: 'lightspeed.app-refused',
    });
  });

  it('leaves no secret in the record of what was said', async () => {
    const at = clock();
    const house = await openHouse({ now: at.now });
    const records: ExchangeRecord[] = [];
    const settings = await connect(house, at);
    const kept = keeper(settings);
    at.pass(20 * hourMs);
    await conversation.run({ priority: 1, record: (exchange) => void records.push(exchange) }, async () => {
      await house.open(settings, { renew: kept.renew() }).check();
    });
    expect(records.length).toBeGreaterThan(0);
    const text = JSON.stringify(records);
    const secrets = [
      settings.accessToken,
      settings.refreshToken,
      kept.stored().accessToken,
      kept.stored().refreshToken,
      house.sim.clientSecret,
    ];
    for (const secret of secrets) expect(text).not.toContain(secret ?? 'absent');
  });
});

describe('renewing the access', () => {
  it('happens when less than a third of its life is left, once, and is stored', async () => {
    const at = clock();
    const house = await openHouse({ now: at.now });
    const settings = await connect(house, at);
    const kept = keeper(settings);
    const session = house.open(settings, { renew: kept.renew() });
    at.pass(15.9 * hourMs);
    await session.check();
    expect(refreshes(house)).toHaveLength(1);
    at.pass(0.2 * hourMs);
    await Promise.all([session.check(), session.vocabulary('outlets'), session.vocabulary('taxes')]);
    expect(refreshes(house)).toHaveLength(2);
    expect(kept.stored().accessToken).not.toBe(settings.accessToken);
    expect(kept.stored().expiresAt).toBe('2026-06-03T00:06:00.000Z');
    for (let day = 0; day < 30; day++) {
      at.pass(17 * hourMs);
      await session.check();
    }
    expect(refreshes(house)).toHaveLength(32);
  });

  it('goes on with the old token when its answer is lost, says until when, and one click mends it', async () => {
    const at = clock();
    const house = await openHouse({ now: at.now });
    const settings = await connect(house, at);
    const kept = keeper(settings);
    at.pass(17 * hourMs);
    house.sim.loseTokenAnswers(1);
    const session = house.open(settings, { renew: kept.renew() });
    expect((await session.check()).warnings).toEqual([]);
    // The answer was lost with the new refresh token in it: the next try is turned down.
    at.pass(hourMs);
    expect((await session.check()).warnings).toMatchObject([
      { code: 'lightspeed.reconnect-soon', params: { until: '2026-06-02T08:00:00.000Z' } },
    ]);
    const before = refreshes(house).length;
    await session.check();
    expect(refreshes(house)).toHaveLength(before);
    at.pass(7 * hourMs);
    expect(await thrown(session.check())).toMatchObject({ code: 'lightspeed.reconnect', remedy: 'fix-connection' });
    kept.save({ ...kept.stored(), ...(await connect(house, at)) });
    expect((await session.check()).warnings).toEqual([]);
  });

  it('keeps what it was given when it cannot be stored, and stores it as soon as that works', async () => {
    const at = clock();
    const house = await openHouse({ now: at.now });
    const settings = await connect(house, at);
    const kept = keeper(settings);
    let broken = true;
    const session = house.open(settings, {
      renew: kept.renew(async () => {
        if (broken) throw new Error('the database is away');
      }),
    });
    at.pass(17 * hourMs);
    await session.check();
    expect(kept.stored().accessToken).toBe(settings.accessToken);
    broken = false;
    at.pass(10_000);
    await session.check();
    expect(refreshes(house)).toHaveLength(2);
    expect(kept.stored().accessToken).not.toBe(settings.accessToken);
    // A process that starts now is let in, also after the first token has ended.
    at.pass(20 * hourMs);
    expect((await house.open(kept.stored(), { renew: kept.renew() }).check()).warnings).toEqual([]);
  });

  it('mends a token that is refused before its time', async () => {
    const at = clock();
    const house = await openHouse({ now: at.now });
    const settings = await connect(house, at);
    const kept = keeper(settings);
    const session = house.open(settings, { renew: kept.renew() });
    house.sim.expireAccess();
    await Promise.all(Array.from({ length: 6 }, () => session.check()));
    expect(refreshes(house)).toHaveLength(2);
    house.sim.revokeTokens();
    expect(await thrown(session.check())).toMatchObject({ code: 'lightspeed.reconnect', remedy: 'fix-connection' });
  });

  it('waits when the token has ended and Lightspeed cannot be reached: that is no reason to connect again', async () => {
    const at = clock();
    const house = await openHouse({ now: at.now });
    const settings = await connect(house, at);
    const session = house.open(settings, { renew: keeper(settings).renew() });
    at.pass(25 * hourMs);
    house.sim.faults.add({ kind: 'html', status: 503, path: '/api/1.0/token' });
    expect(await thrown(session.check())).toMatchObject({ remedy: 'wait' });
    house.sim.faults.clear();
    at.pass(120_000);
    await session.check();
  });

  it('does not rotate anything where the new tokens could not be stored: a connection that is being tried out', async () => {
    const at = clock();
    const house = await openHouse({ now: at.now });
    const settings = await connect(house, at);
    at.pass(23 * hourMs);
    await house.open(settings).check();
    expect(refreshes(house)).toHaveLength(1);
  });

  it('of a personal token is not possible: it is named', async () => {
    const house = await openHouse();
    house.sim.revokeTokens();
    expect(await thrown(house.session.check())).toMatchObject({ code: 'lightspeed.token-refused', remedy: 'fix-connection' });
  });

  it('happens once when two processes want it at the same moment, with the real store', async () => {
    const at = clock();
    const house = await openHouse({ now: at.now });
    const settings = await connect(house, at);
    const secrets = new Set(['personalToken', 'accessToken', 'refreshToken']);
    const vault = createVault([{ id: 'k1', key: randomBytes(32) }]);
    const tenant = tenantOf('shopware', newId());
    const processes = [1, 2].map(() => createConnections(database.database, { vault, secretsOf: () => secrets }));
    const [first] = processes;
    const connection = await first?.save(tenant, { connector: 'lightspeed', title: 'Lightspeed', settings: { ...settings } });
    if (connection === undefined) throw new Error('not stored');
    at.pass(17 * hourMs);
    const sessions = processes.map((connections) =>
      house.open(settings, { renew: (work) => connections.renew(connection, work as never) as Promise<LightspeedSettings> }),
    );
    await Promise.all(sessions.flatMap((session) => [session.check(), session.check()]));
    expect(refreshes(house)).toHaveLength(2);
    house.sim.expireAccess();
    await Promise.all(sessions.map((session) => session.check()));
    expect(refreshes(house)).toHaveLength(3);
  });
});
