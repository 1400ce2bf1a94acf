import { afterEach, describe, expect, it } from 'vitest';
import { conversation } from '../../connectors/exchange.ts';
import { Failure, failureOf } from '../../connectors/failure.ts';
import { createRateWindows } from '../../connectors/lightspeed/cseries/windows.ts';
import { bad, draftOf, gathered, good, type House, openAt, startHouse, startOdd } from './lightspeed-cseries-house.ts';

const houses: { stop(): Promise<void> }[] = [];
const house = async (options: Parameters<typeof startHouse>[0] = {}): Promise<House> => {
  const made = await startHouse(options);
  houses.push(made.shop);
  return made;
};
afterEach(async () => {
  await Promise.all(houses.splice(0).map((one) => one.stop()));
});

const headers = (remaining: string, reset: string, limit = '300/3000/12000') => ({
  'x-ratelimit-limit': limit,
  'x-ratelimit-remaining': remaining,
  'x-ratelimit-reset': reset,
});

function clocked() {
  const clock = { ms: Date.parse('2026-06-12T10:00:00Z') };
  const windows = createRateWindows(() => new Date(clock.ms));
  const refusal = (lane: 'live' | 'bulk'): Failure | undefined => {
    try {
      windows.enter(lane)();
      return undefined;
    } catch (error) {
      return failureOf(error);
    }
  };
  return { clock, windows, refusal };
}

describe('the three rate windows', () => {
  it('let everything through before anything is known', () => {
    const { refusal } = clocked();
    expect(refusal('bulk')).toBeUndefined();
  });

  it('keep the last part of five minutes, and a twentieth of an hour and a day, for what cannot wait', () => {
    const { windows, refusal } = clocked();
    windows.saw(headers('300/151/601', '100/2000/20000'));
    expect(refusal('bulk')).toBeUndefined();
    windows.saw(headers('300/150/601', '100/2000/20000'));
    expect(refusal('bulk')).toMatchObject({ params: { window: 'hour' } });
    expect(refusal('live')).toBeUndefined();
  });

  it('keep what cannot wait from waiting, until they are used up', () => {
    const { windows, refusal } = clocked();
    windows.saw(headers('25/2999/11999', '100/2000/20000'));
    expect(refusal('bulk')).toBeUndefined();
    windows.saw(headers('24/2999/11999', '100/2000/20000'));
    expect(refusal('bulk')).toMatchObject({
      remedy: 'wait',
      code: 'lightspeed.window-exhausted',
      waitMs: 100_000,
      params: { window: '5 minutes' },
    });
    expect(refusal('live')).toBeUndefined();
    windows.saw(headers('0/2999/11999', '100/2000/20000'));
    expect(refusal('live')).toMatchObject({ waitMs: 100_000 });
  });

  it('do not keep a second time what live records have used of it', () => {
    const { windows, refusal } = clocked();
    windows.saw(headers('29/2999/11999', '100/2000/20000'));
    for (let left = 28; left >= 24; left -= 1) {
      windows.enter('live')();
      windows.saw(headers(`${left}/2999/11999`, '100/2000/20000'));
    }
    expect(refusal('bulk')).toBeUndefined();
    windows.saw(headers('19/2999/11999', '100/2000/20000'));
    expect(refusal('bulk')).toBeDefined();
  });

  it('keep what live records will need until the hour is over, going by what they have needed so far', () => {
    const { clock, windows, refusal } = clocked();
    windows.saw(headers('300/200/9000', '300/900/80000'));
    for (let made = 0; made < 120; made += 1) windows.enter('live')();
    windows.saw(headers('300/61/9000', '300/900/80000'));
    expect(refusal('bulk')).toBeUndefined();
    windows.saw(headers('300/60/9000', '300/900/80000'));
    expect(refusal('bulk')).toMatchObject({ waitMs: 300_000, params: { window: 'hour' } });
    expect(refusal('live')).toBeUndefined();
    clock.ms += 300_000;
    windows.saw(headers('300/40/8990', '300/600/79700'));
    expect(refusal('bulk')).toBeUndefined();
  });

  it('keep in a new window what live records needed in the one before, less as its time goes by', () => {
    const { clock, windows, refusal } = clocked();
    windows.saw(headers('300/2999/11999', '300/3000/80000'));
    for (let made = 0; made < 40; made += 1) windows.enter('live')();
    clock.ms += 300_000;
    windows.saw(headers('61/2700/11700', '300/2700/79700'));
    expect(refusal('bulk')).toBeUndefined();
    windows.saw(headers('60/2699/11699', '300/2700/79700'));
    expect(refusal('bulk')).toMatchObject({ params: { window: '5 minutes' } });
    clock.ms += 100_000;
    windows.saw(headers('41/2698/11698', '200/2600/79600'));
    expect(refusal('bulk')).toBeUndefined();
  });

  it('wait for the window that starts over last', () => {
    const { windows, refusal } = clocked();
    windows.saw(headers('0/0/500', '100/2000/20000'));
    expect(refusal('live')).toMatchObject({ waitMs: 2_000_000, params: { window: 'hour' } });
    expect(refusal('bulk')).toMatchObject({ waitMs: 20_000_000, params: { window: 'day', minutes: 334 } });
  });

  it('start over when their time is up', () => {
    const { clock, windows, refusal } = clocked();
    windows.saw(headers('0/2000/9000', '30/2000/20000'));
    clock.ms += 29_999;
    expect(refusal('live')).toMatchObject({ waitMs: 1 });
    clock.ms += 1;
    expect(refusal('live')).toBeUndefined();
  });

  it('count what is on its way, and believe the smallest of answers that overtake each other', () => {
    const { windows, refusal } = clocked();
    windows.saw(headers('26/2999/11999', '100/2000/20000'));
    const leave = windows.enter('bulk');
    windows.enter('bulk');
    expect(refusal('bulk')).toBeDefined();
    leave();
    leave();
    expect(refusal('bulk')).toBeUndefined();
    windows.saw(headers('25/2999/11999', '99/1999/19999'));
    windows.saw(headers('280/2999/11999', '100/2000/20000'));
    expect(windows.left()?.[0]).toBe(25);
  });

  it('take a reset that is much later for a new window', () => {
    const { clock, windows } = clocked();
    windows.saw(headers('3/2999/11999', '10/2000/20000'));
    clock.ms += 9_500;
    windows.saw(headers('299/2998/11998', '300/1990/19990'));
    expect(windows.left()?.[0]).toBe(299);
  });

  it('make nothing of headers that are missing or odd', () => {
    const { windows, refusal } = clocked();
    windows.saw({});
    windows.saw(headers('many', 'soon', '/'));
    expect(windows.left()).toBeUndefined();
    windows.saw(headers('-1/2999/11999', '60/60/60'));
    expect(windows.left()).toEqual([0, 2999, 11999]);
    expect(refusal('live')).toBeDefined();
  });

  it('wait as long as a 429 says: seconds, a date, or else the empty window', () => {
    const date = clocked();
    expect(date.windows.refused({ 'retry-after': 'Fri, 12 Jun 2026 10:04:00 GMT' })).toMatchObject({ remedy: 'wait', waitMs: 240_000 });
    expect(date.refusal('live')).toMatchObject({ waitMs: 240_000 });
    date.clock.ms += 240_000;
    expect(date.refusal('live')).toBeUndefined();
    expect(clocked().windows.refused({ 'retry-after': '17' })).toMatchObject({ waitMs: 17_000 });
    expect(clocked().windows.refused(headers('-1/20/30', '42/2000/20000'))).toMatchObject({ waitMs: 42_000 });
    expect(clocked().windows.refused({})).toMatchObject({ waitMs: 60_000 });
    expect(clocked().windows.refused({ 'retry-after': 'later' })).toMatchObject({ waitMs: 60_000 });
  });
});

describe('a shop whose requests run out', () => {
  const articles = Array.from({ length: 120 }, (_, at) => ({ code: `${2001 + at}`, name: `Thee ${at}`, price: 500, rate: 900, stock: 5 }));
  const drafts = (quantity: number) => articles.map(({ code }) => draftOf('stock', { id: code, sku: code, quantity }));

  it('is left alone before it says 429, live orders still pass, and the rest goes on when the window starts over', async () => {
    const made = await house({ articles, knobs: { limits: [100, 3_000, 12_000], bulk: false } });
    const placed = made.shop.place({ lines: [{ code: '2001' }] });
    const plans = (await made.session.plan('stock', drafts(9))).map(good);
    const first = await made.session.apply('stock', plans);
    const waiting = first.flatMap((result, at) => (result instanceof Failure ? [{ failure: result, at }] : []));
    expect(waiting.length).toBeGreaterThan(0);
    expect(waiting.every(({ failure }) => failure.code === 'lightspeed.window-exhausted' && failure.remedy === 'wait')).toBe(true);
    expect(waiting[0]?.failure.waitMs).toBe(300_000);
    expect(made.shop.requests.every(({ status }) => status !== 429)).toBe(true);
    const live = await conversation.run({ priority: 1 }, () => made.session.read('order', [String(placed.id)]));
    expect(good(live[0]).id).toBe(String(placed.id));
    const bulk = await conversation.run({ priority: 0 }, () => made.session.read('order', [String(placed.id)]));
    expect(bad(bulk[0]).code).toBe('lightspeed.window-exhausted');
    made.pass(300_000);
    const again = (await made.session.plan('stock', drafts(9))).map(good);
    expect(again.filter(({ steps }) => steps[0]?.action === 'update')).toHaveLength(waiting.length);
    (await made.session.apply('stock', again)).map(good);
    expect(articles.every(({ code }) => made.shop.stock(code) === 9)).toBe(true);
    expect(made.shop.requests.some(({ status }) => status === 429)).toBe(false);
  });

  it('that says 429 because others use the key, too, is not asked again before its time', async () => {
    for (const retryAfter of ['date', 'seconds', 'none'] as const) {
      const made = await house({ knobs: { limits: [3, 3_000, 12_000], retryAfter } });
      const elsewhere = made.open();
      await gathered(elsewhere.changed('customer', undefined));
      await gathered(elsewhere.changed('category', undefined));
      await gathered(made.session.changed('order', made.clock.now.toISOString()));
      const other = made.open();
      await other.read('order', ['#ORD00001']);
      const failure = bad((await other.read('order', ['#ORD00001']))[0]);
      expect(failure).toMatchObject({ remedy: 'wait', code: 'lightspeed.window-exhausted' });
      expect(failure.waitMs).toBeGreaterThan(200_000);
      const before = made.shop.requests.length;
      expect(bad((await other.read('order', ['#ORD00001']))[0]).remedy).toBe('wait');
      expect(made.shop.requests.length).toBe(before);
    }
  });
});

describe('what the shop answers', () => {
  it('a dead key wants a person, and the rest of a batch is not tried with it', async () => {
    const made = await house();
    made.shop.revokeKeys();
    const read = await made.session.read(
      'order',
      Array.from({ length: 30 }, (_, at) => String(at + 1)),
    );
    expect(read.map((one) => bad(one).code)).toEqual(Array(30).fill('lightspeed.credentials'));
    expect(bad(read[0]).remedy).toBe('fix-connection');
    expect(made.shop.requests.length).toBeLessThanOrEqual(4);
  });

  it('a language that is not active wants a person', async () => {
    const made = await house();
    const failure = await made.open({ language: 'fr' }).check().catch(failureOf);
    expect(failure).toMatchObject({ code: 'lightspeed.language', remedy: 'fix-connection', params: { language: 'fr' } });
  });

  it('a right that the key lacks stops that work alone', async () => {
    const made = await house();
    made.shop.knobs.permissions.orders.read = false;
    made.shop.place();
    const [failure] = await made.session.read('order', ['#ORD00001']);
    expect(bad(failure)).toMatchObject({ code: 'lightspeed.permission', remedy: 'fix-data', params: { area: 'orders', right: 'read' } });
    expect(good((await made.session.read('stock', ['#1001']))[0]).id).toBeDefined();
  });

  it('breakdowns, pages of a proxy and nonsense are asked again', async () => {
    const made = await house();
    made.shop.place();
    const ask = async () => bad((await made.open().read('order', ['#ORD00001']))[0]);
    made.shop.faults.add({ kind: 'html', status: 503, path: '/orders.json', times: 2 });
    expect(await ask()).toMatchObject({ code: 'lightspeed.unavailable', remedy: 'wait', ambiguous: false });
    made.shop.faults.clear();
    made.shop.faults.add({ kind: 'html', status: 200, path: '/orders.json', times: 1 });
    expect(await ask()).toMatchObject({ code: 'lightspeed.unreadable-answer', remedy: 'retry' });
    made.shop.takeAway();
    expect((await ask()).remedy).toBe('wait');
  });

  it('words of a refusal are passed on without the address of a person', async () => {
    const server = await startOdd(() => ({
      status: 422,
      body: { error: { code: 422, message: 'Customer jan@example.nl already exists, try update.', errors: { email: 'jan@example.nl' } } },
    }));
    houses.push(server);
    const failure = bad((await openAt(server.url, {}).read('order', ['7']))[0]);
    expect(failure).toMatchObject({ code: 'lightspeed.refused', remedy: 'fix-data', params: { status: 422 } });
    expect(failure.message).toContain('already exists, try update. (email)');
    expect(`${failure.message} ${JSON.stringify(failure.params)}`).not.toContain('jan@');
  });

  it('a list that is none, or the same page for ever, ends', async () => {
    const none = await startOdd(() => ({ body: { note: 'hello' } }));
    const same = await startOdd(() => ({ body: { orders: Array.from({ length: 250 }, (_, at) => ({ id: at + 1, number: `ORD${at}` })) } }));
    houses.push(none, same);
    await expect(gathered(openAt(none.url, {}).changed('order', undefined))).rejects.toMatchObject({
      code: 'lightspeed.unreadable-answer',
    });
    expect(await gathered(openAt(same.url, {}).changed('order', undefined))).toHaveLength(250);
  });
});
