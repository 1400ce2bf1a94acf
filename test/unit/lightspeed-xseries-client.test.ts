import { describe, expect, it } from 'vitest';
import { conversation } from '../../connectors/exchange.ts';
import { LightspeedSettings } from '../../connectors/lightspeed/settings.ts';
import { openXSeries } from '../../connectors/lightspeed/xseries/index.ts';
import { carry, changes, draftOf, failed, openHouse, planned, planOf, send, thrown } from './lightspeed-xseries-house.ts';
import { shopOrder } from './mpluskassa-house.ts';

describe('a store of Retail X-Series', () => {
  it('says who it is and what it has', async () => {
    const house = await openHouse({ outlets: ['Centrum', 'Noord'] });
    expect(await house.session.check()).toEqual({
      summary: 'Koffie & Co (Lightspeed Retail), 2 outlets',
      facts: [
        { label: 'store', value: 'Koffie & Co' },
        { label: 'currency', value: 'EUR' },
        { label: 'outlets', value: 'Centrum, Noord' },
        { label: 'registers', value: '2' },
      ],
      warnings: [],
    });
  });

  it('offers its lists to choose from', async () => {
    const house = await openHouse();
    const labels = async (list: string) => (await house.session.vocabulary(list)).map(({ label }) => label);
    expect(await labels('outlets')).toEqual(['Winkel', 'Magazijn']);
    expect(await house.session.vocabulary('registers')).toMatchObject([
      { label: 'Winkel kassa 1', hint: 'Winkel' },
      { label: 'Magazijn kassa 1', hint: 'Magazijn' },
    ]);
    expect(await labels('users')).toEqual(['Anna Bakker']);
    expect(await labels('paymentMethods')).toContain('iDEAL');
    expect(await house.session.vocabulary('taxRates')).toEqual([
      { value: '2100', label: '21 %' },
      { value: '900', label: '9 %' },
      { value: '0', label: '0 %' },
    ]);
    expect(await labels('taxes')).toContain('BTW 9%');
    expect(await labels('productCategories')).toEqual(['Assortiment']);
    expect(await house.session.vocabulary('products')).toContainEqual({ value: '1008', label: 'Koffiemolen', hint: '1008' });
    expect(await thrown(house.session.vocabulary('nonsense'))).toMatchObject({ remedy: 'fix-data', code: 'lightspeed.list-unknown' });
  });

  it('that does not exist is named', async () => {
    const house = await openHouse();
    const nobody = { ...house.settings(), domainPrefix: 'nobody' };
    expect(await thrown(house.open(nobody).check())).toMatchObject({
      remedy: 'fix-connection',
      code: 'lightspeed.store-unknown',
      params: { store: 'nobody' },
    });
    expect(house.sim.unexpected).toHaveLength(1);
    (house.sim.unexpected as string[]).length = 0;
  });

  it.each(['evil.example/x', 'a.b', 'x@evil.example', '..', '', 'UPPER'])(
    'cannot be called “%s”: nobody sends us to another host',
    (domainPrefix) => {
      const settings = { ...LightspeedSettings.parse({ series: 'retail', domainPrefix: 'x', personalToken: 'token-1' }), domainPrefix };
      const io = { send: send(), now: () => new Date() };
      let failure: unknown;
      try {
        openXSeries(settings, io, {});
      } catch (error) {
        failure = error;
      }
      expect(failed(failure)).toMatchObject({ remedy: 'fix-connection', code: 'lightspeed.bad-store-name' });
    },
  );

  it('lives at its own address unless the configuration says otherwise', async () => {
    const asked: string[] = [];
    const settings = LightspeedSettings.parse({ series: 'retail', domainPrefix: 'koffie', personalToken: 'token-1' });
    const session = openXSeries(settings, {
      now: () => new Date(),
      send: (request) => {
        asked.push(request.url);
        expect(request.headers).toMatchObject({ authorization: 'Bearer token-1', 'user-agent': expect.stringMatching(/./) });
        return Promise.resolve({ status: 500, headers: {}, body: '' });
      },
    });
    await thrown(session.check());
    expect(asked[0]).toBe('https://koffie.retail.lightspeed.app/api/2.0/retailer');
  });

  it('that asks us to slow down is left alone until its date, without another request', async () => {
    let ms = Date.parse('2026-06-01T08:00:00.000Z');
    const house = await openHouse({ now: () => new Date(ms), knobs: { limit: 3 } });
    await house.session.vocabulary('outlets');
    const refusal = await thrown(house.session.check());
    expect(refusal).toMatchObject({ remedy: 'wait', code: 'lightspeed.too-many-requests' });
    expect(refusal.waitMs).toBeGreaterThan(200_000);
    const before = house.sim.requests.length;
    ms += 60_000;
    const again = await thrown(house.session.check());
    expect(again.waitMs).toBeLessThanOrEqual((refusal.waitMs ?? 0) - 60_000);
    expect(house.sim.requests.length).toBe(before);
    ms += 300_000;
    house.sim.knobs.limit = undefined;
    await house.session.check();
  });

  it('keeps a part of its allowance for live orders while much is imported', async () => {
    const house = await openHouse({ knobs: { limit: 40 } });
    const bulk = (): Promise<unknown> =>
      conversation.run({ priority: 0 }, () => house.session.read('customer', ['b0000000-0000-4000-a000-000000000000']));
    let refusals = 0;
    for (let count = 0; count < 60; count++) {
      const [result] = (await bulk()) as [unknown];
      if (result !== undefined) refusals += 1;
    }
    expect(refusals).toBeGreaterThan(20);
    expect(house.sim.requests.length).toBeLessThan(40);
    await conversation.run({ priority: 1 }, () => house.session.vocabulary('taxes'));
  });

  it.each([
    ['an error page', { kind: 'html', status: 502 }, { remedy: 'wait', code: 'lightspeed.unreachable' }],
    ['an error', { kind: 'status', status: 500 }, { remedy: 'retry', code: 'lightspeed.unreachable' }],
    ['a page instead of data', { kind: 'html', status: 200 }, { remedy: 'retry', code: 'lightspeed.unreadable' }],
    ['half an answer', { kind: 'status', status: 200, body: '{"data":[{"id":' }, { remedy: 'retry', code: 'lightspeed.unreadable' }],
    [
      'something else entirely',
      { kind: 'status', status: 200, body: '{"data":"soon"}' },
      { remedy: 'retry', code: 'lightspeed.unreadable' },
    ],
    ['nothing but a cut', { kind: 'drop' }, { remedy: 'wait', code: 'network.broken-off' }],
    ['another address', { kind: 'redirect' }, { remedy: 'fix-connection', code: 'network.redirected' }],
    [
      'a missing permission',
      { kind: 'status', status: 403, body: '{"error":"Forbidden"}' },
      { remedy: 'fix-data', code: 'lightspeed.forbidden' },
    ],
  ] as const)('that answers with %s is understood', async (_name, fault, expected) => {
    const house = await openHouse();
    house.sim.faults.add({ ...fault, path: '/2.0/' });
    expect(await thrown(changes(house.session, 'order'))).toMatchObject(expected);
    house.sim.faults.clear();
    expect(await changes(house.session, 'order')).toEqual([]);
  });

  it('that refuses a request says why, without the people in it', async () => {
    const house = await openHouse();
    const draft = draftOf('order', shopOrder(), { settings: { defaultPaymentMethod: house.sim.paymentTypeId('iDEAL') } });
    const plan = planned(await planOf(house.session, 'order', draft));
    const body = JSON.stringify({
      error: 'Validation failed',
      message: 'customer "Jan de Vries" <jan@example.com>, phone +31 20 555 0101, is not allowed',
    });
    house.sim.faults.add({ kind: 'status', status: 422, method: 'POST', path: '/sales', body, times: 1 });
    const [result] = await house.session.apply('order', [plan]);
    const failure = failed(result);
    expect(failure).toMatchObject({ remedy: 'fix-data', code: 'lightspeed.refused' });
    expect(failure.message).toContain('is not allowed');
    expect(JSON.stringify([failure.message, failure.params])).not.toMatch(/Jan|Vries|@|555/);
  });

  it('with narrow scopes says what it does not allow', async () => {
    const house = await openHouse();
    const { accessToken, refreshToken, expires } = house.sim.grant('products:read sales:read');
    const settings = house.settings({ accessToken, refreshToken, expiresAt: new Date(expires * 1000).toISOString() });
    const session = house.open(settings);
    expect(await changes(session, 'order')).toEqual([]);
    expect(await thrown(changes(session, 'customer'))).toMatchObject({ remedy: 'fix-data', code: 'lightspeed.forbidden' });
  });

  it('carries no consents and no carts', async () => {
    const house = await openHouse();
    expect(await thrown(house.session.read('cart', ['1']))).toMatchObject({ remedy: 'fix-data', code: 'lightspeed.kind-unsupported' });
    expect(() => house.session.changed('consent', undefined)).toThrow(/does not carry consent/);
  });

  it('takes an order after it was away', async () => {
    const house = await openHouse();
    const draft = draftOf('order', shopOrder(), { settings: { defaultPaymentMethod: house.sim.paymentTypeId('iDEAL') } });
    house.sim.takeAway();
    expect(failed(await planOf(house.session, 'order', draft))).toMatchObject({ remedy: 'wait' });
    house.sim.bringBack();
    await carry(house.session, 'order', draft);
    expect(house.sim.salesBySource(draft.reference)).toHaveLength(1);
  });
});
