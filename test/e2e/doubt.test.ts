import { afterEach, describe, expect, it } from 'vitest';
import { testDatabase } from '../database.ts';
import type { Shape } from './api-client.ts';
import type { PlacedOrder } from './shop-fixture.ts';
import { type OpenWay, openWay, ways } from './ways.ts';
import { newEncryptionKeys, workerProcess } from './workers.ts';

const test = testDatabase();
const encryptionKeys = newEncryptionKeys();
const way = ways.find(({ name }) => name === 'Ecwid → Lightspeed Retail');
let open: OpenWay;

afterEach(async () => {
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

describe('somebody who orders twice at once', () => {
  it('is one customer in a store whose search lags, although two processes carry his orders out', async () => {
    const { world, source, target, retail, environment } = await openRetail({ ROLE: 'web', ENCRYPTION_KEYS: encryptionKeys });
    retail.knobs.searchLagMs = 3_600_000;
    const workers = ['one', 'two'].map((name) => workerProcess(world, test.database, { name, encryptionKeys, environment }));
    for (let round = 0; round < 6; round += 1) {
      for (const worker of workers) {
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
});
