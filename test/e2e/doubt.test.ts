import { afterEach, describe, expect, it } from 'vitest';
import { pollFlow } from '../../app-server/engine/poll.ts';
import { testDatabase } from '../database.ts';
import { seedArticles } from '../simulators/lightspeed/articles.ts';
import type { Shape } from './api-client.ts';
import type { ecwidShop } from './ecwid-fixture.ts';
import type { PlacedOrder } from './shop-fixture.ts';
import { flowBetween } from './systems.ts';
import { type OpenWay, openWay, ways } from './ways.ts';
import { flowOf, newEncryptionKeys, type WorkerProcess, workerProcess } from './workers.ts';

const test = testDatabase();
const encryptionKeys = newEncryptionKeys();
const way = ways.find(({ name }) => name === 'Ecwid → Lightspeed Retail');
let open: OpenWay;
let workers: WorkerProcess[] = [];

afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  workers = [];
  await open.stop();
  expect(open.world.log.filter((line) => line.startsWith('error'))).toEqual([]);
  expect(open.unexpected()).toEqual([]);
});

async function openRetail(environment: Readonly<Record<string, string>> = {}): Promise<OpenWay> {
  if (way === undefined) throw new Error('there is no such way');
  open = await openWay({ way, database: test.database, environment: { LIGHTSPEED_RETAIL_SEARCH_LAG_MS: '3600000', ...environment } });
  return open;
}

async function recordOf({ number }: PlacedOrder): Promise<Shape<'RecordSummary'>> {
  const { items } = await open.world.api.expect<Shape<'RecordPage'>>('GET', `records?search=${number}`);
  if (items[0] === undefined) throw new Error(`no record of ${number}`);
  return items[0];
}

const salesOf = (order: PlacedOrder) => open.target.arrived().filter(({ name }) => name === open.target.nameOf(order));

describe('an order whose sale was made, and the answer lost, in a store whose search lags', () => {
  it('is not sold again while it is not found, holds nobody else, and is finished as soon as it is found', async () => {
    const { world, source, retail } = await openRetail();
    retail.knobs.searchLagMs = 3_600_000;
    retail.faults.add({ kind: 'lose-answer', method: 'POST', path: '/sales', times: 1 });
    const doubtful = await source.placePaidOrderOfNewCustomer();
    await world.settled();
    expect(salesOf(doubtful)).toHaveLength(1);

    // It goes well with the next one: what waited for the weather is due, also what is in doubt.
    const next = await source.placePaidOrderOfNewCustomer();
    await world.settled();
    expect(await recordOf(next)).toMatchObject({ state: 'done' });
    await expect.poll(() => recordOf(doubtful), { timeout: 10_000, interval: 50 }).toMatchObject({ state: 'waiting', reason: 'in-doubt' });
    expect(await recordOf(doubtful)).toMatchObject({ cause: { code: 'network.broken-off' } });
    expect((await world.flow()).held).toBeUndefined();
    const looks = () => retail.requests.filter(({ path, query }) => path === '/search' && query.get('type') === 'sales').length;
    const before = looks();
    await expect.poll(looks, { timeout: 20_000, interval: 50 }).toBeGreaterThanOrEqual(before + 2);
    await world.settled();
    expect(salesOf(doubtful)).toHaveLength(1);

    retail.knobs.searchLagMs = 0;
    await expect.poll(() => recordOf(doubtful), { timeout: 20_000, interval: 50 }).toMatchObject({ state: 'done' });
    expect(salesOf(doubtful)).toMatchObject([{ totalMinor: doubtful.paidMinor, payments: [doubtful.paidMinor] }]);
  });
});

describe('an order whose call hangs', () => {
  it('does not hold the others', async () => {
    const { source, retail } = await openRetail();
    retail.faults.add({ kind: 'slow', method: 'POST', path: '/sales', times: 1, delayMs: 5_000 });
    const slow = await source.placePaidOrderOfNewCustomer();
    await expect.poll(() => salesOf(slow), { timeout: 10_000, interval: 20 }).toHaveLength(1);
    const next = await source.placePaidOrderOfNewCustomer();
    await expect.poll(() => recordOf(next).catch(() => undefined), { timeout: 10_000, interval: 20 }).toMatchObject({ state: 'done' });
    expect(await recordOf(slow)).toMatchObject({ state: 'waiting' });
    await expect.poll(() => recordOf(slow), { timeout: 20_000, interval: 50 }).toMatchObject({ state: 'done' });
  });
});

describe('an order whose answer was lost, and which the shop cancelled before it was found', () => {
  const lost = async (lagMs: string, kind: 'lose-answer' | 'drop') => {
    const { world, source, retail } = await openRetail({ LIGHTSPEED_RETAIL_SEARCH_LAG_MS: lagMs });
    retail.knobs.searchLagMs = 3_600_000;
    retail.faults.add({ kind, method: 'POST', path: '/sales', times: 1 });
    const order = await source.placePaidOrderOfNewCustomer();
    await world.settled();
    await expect.poll(() => recordOf(order), { timeout: 10_000, interval: 50 }).toMatchObject({ state: 'waiting' });
    (world.shop as ReturnType<typeof ecwidShop>).simulator.cancel(order.id);
    await world.settled();
    return order;
  };

  it('is known as the sale that it is', async () => {
    const order = await lost('3600000', 'lose-answer');
    open.retail.knobs.searchLagMs = 0;
    await expect.poll(() => recordOf(order), { timeout: 20_000, interval: 50 }).toMatchObject({ state: 'done', reason: 'cancelled' });
    expect(await recordOf(order)).toMatchObject({ target: { id: expect.any(String) } });
    expect(salesOf(order)).toHaveLength(1);
  });

  it.each([
    ['', []],
    [', whose articles are gone there as well', seedArticles.map(({ code }) => code)],
  ] as const)('is not made when it is certain that it is not there%s', async (_, gone) => {
    const order = await lost('1500', 'drop');
    for (const code of gone) open.retail.removeProduct(code);
    await expect.poll(() => recordOf(order), { timeout: 20_000, interval: 50 }).toMatchObject({ state: 'skipped', reason: 'cancelled' });
    expect(salesOf(order)).toEqual([]);
  });
});

describe('in a store whose search lags, two processes', () => {
  const openTwo = async () => {
    const way = await openRetail({ ROLE: 'web', ENCRYPTION_KEYS: encryptionKeys, LIGHTSPEED_RETAIL_SEARCH_LAG_MS: '100000' });
    way.retail.knobs.searchLagMs = 3_600_000;
    let aheadMs = 0;
    const { world, environment } = way;
    const processNamed = (name: string): WorkerProcess => {
      const started = workerProcess(world, test.database, { name, encryptionKeys, environment, aheadMs: () => aheadMs });
      workers.push(started);
      return started;
    };
    return { ...way, processNamed, later: (ms: number) => (aheadMs += ms) };
  };

  it('make one customer of somebody who orders again and again', async () => {
    const { source, target, processNamed } = await openTwo();
    const both = ['one', 'two'].map(processNamed);
    for (let round = 0; round < 6; round += 1) {
      for (const worker of both) {
        await source.placePaidOrder();
        await source.delivered();
        await worker.work();
      }
    }
    expect(target.arrived()).toHaveLength(12);
    const people = target.people();
    expect(people.length).toBeLessThan(12);
    expect(people).toEqual([...new Set(people)]);
  });

  it('make one customer of somebody whom another flow may have made already', async () => {
    const { world, source, target, retail, processNamed, later } = await openTwo();
    const customers = await flowBetween(world, 'customer', ['ecwid', 'lightspeed']);
    const order = await source.placePaidOrderOfNewCustomer();
    await source.delivered();
    const one = processNamed('one');
    await pollFlow(one.engine, await flowOf(test.database, customers.id));
    retail.faults.add({ kind: 'lose-answer', method: 'POST', path: '/customers', times: 1 });
    await one.work();
    for (let times = 0; times < 5; times += 1) {
      later(2_000);
      await processNamed('two').work();
    }
    expect(target.people()).toHaveLength(1);
    const { items } = await world.api.expect<Shape<'RecordPage'>>('GET', 'records?state=waiting&limit=100');
    expect(items.map(({ kind, reason }) => [kind, reason]).sort()).toEqual([
      ['customer', 'in-doubt'],
      ['order', 'in-doubt'],
    ]);

    retail.knobs.searchLagMs = 0;
    for (let times = 0; times < 2; times += 1) {
      later(200_000);
      await processNamed('three').work();
    }
    expect(await recordOf(order)).toMatchObject({ state: 'done' });
    expect(target.people()).toHaveLength(1);
    expect(salesOf(order)).toHaveLength(1);
  });

  it('sell once what cannot be read back for a moment', async () => {
    const { source, retail, processNamed, later } = await openTwo();
    const order = await source.placePaidOrderOfNewCustomer();
    await source.delivered();
    retail.faults.add({ kind: 'status', method: 'GET', path: /\/2\.0\/sales\/./, times: 1 });
    await processNamed('one').work();
    expect(await recordOf(order)).toMatchObject({ state: 'waiting', target: { id: expect.any(String) } });
    later(2_000);
    await processNamed('two').work();
    expect(await recordOf(order)).toMatchObject({ state: 'done' });
    expect(salesOf(order)).toHaveLength(1);
  });
});
