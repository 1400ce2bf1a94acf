import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pollFlow } from '../../app-server/engine/poll.ts';
import { testDatabase } from '../database.ts';
import type { Shape } from './api-client.ts';
import { ecwidFixture, type ecwidShop } from './ecwid-fixture.ts';
import { flowBetween, outcome, type Systems, startSystems } from './systems.ts';
import { flowOf, newEncryptionKeys, type WorkerProcess, workerProcess } from './workers.ts';
import { openWorld, tillSettings, type World } from './world.ts';

const test = testDatabase();
const encryptionKeys = newEncryptionKeys();
let systems: Systems;
let world: World;
let aheadMs = 0;
let workers: WorkerProcess[] = [];

beforeEach(async () => {
  aheadMs = 0;
  systems = await startSystems();
  // The server only notes; the workers are ours.
  const environment = { ...systems.environment, ROLE: 'web', ENCRYPTION_KEYS: encryptionKeys };
  world = await openWorld({ fixture: ecwidFixture, database: test.database, bare: true, environment });
  await world.api.expect('PUT', 'connections/mpluskassa', { settings: tillSettings(world.till) });
});

afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  workers = [];
  await world.stop();
  await systems.stop();
  expect(world.log.filter((line) => line.startsWith('error'))).toEqual([]);
  expect([...world.till.unexpected, ...world.shop.unexpected(), ...systems.unexpected()]).toEqual([]);
});

function processNamed(name: string): WorkerProcess {
  const how = { name, encryptionKeys, environment: systems.environment, aheadMs: () => aheadMs };
  const started = workerProcess(world, test.database, how);
  workers.push(started);
  return started;
}

describe('an order of the till that a store took, and the answer was lost, while its lists lag', () => {
  it('is not made again by a process that knows nothing of it, and is finished as soon as it is listed', async () => {
    const store = (world.shop as ReturnType<typeof ecwidShop>).simulator;
    const flow = await flowBetween(world, 'order', ['mpluskassa', 'ecwid']);
    world.till.placeOrder({ email: 'counter@example.com', lines: [{ articleNumber: 1006, quantity: 2 }] });
    const before = store.shop.orders.size;
    store.state.indexLagMs = 3_600_000;
    store.faults.add({ kind: 'lose-answer', method: 'POST', path: '/orders', times: 1 });
    const one = processNamed('one');
    await pollFlow(one.engine, await flowOf(test.database, flow.id));
    await one.work();
    expect(store.shop.orders.size).toBe(before + 1);

    for (aheadMs = 2_000; aheadMs < 50_000; aheadMs *= 2) await processNamed('two').work();
    expect(await outcome(world, flow)).toMatchObject([{ state: 'waiting', reason: 'in-doubt' }]);
    expect(store.shop.orders.size).toBe(before + 1);

    store.state.indexLagMs = 0;
    aheadMs = 120_000;
    await processNamed('three').work();
    expect(await outcome(world, flow)).toMatchObject([{ state: 'done' }]);
    expect(store.shop.orders.size).toBe(before + 1);
  });
});

describe('an article whose new price was written, and the answer was lost', () => {
  it('is looked at in the store, also when the till says its old price by then', async () => {
    const store = (world.shop as ReturnType<typeof ecwidShop>).simulator;
    const priced = (priceIncl: number): void => {
      world.till.addArticle({
        articleNumber: 8801,
        description: 'Lamp',
        priceIncl,
        vatCode: 1,
        active: true,
        discontinued: false,
        stock: { 1: 5 },
      });
    };
    const price = () => [...store.shop.shelves.products.values()].find(({ sku }) => sku === '8801')?.price;
    const flow = await flowBetween(world, 'product', ['mpluskassa', 'ecwid']);
    const carried = async (name: string): Promise<void> => {
      const worker = processNamed(name);
      await pollFlow(worker.engine, await flowOf(test.database, flow.id));
      await worker.work();
    };
    priced(1000);
    await carried('one');
    expect(price()).toBe(10);
    priced(1200);
    store.faults.add({ kind: 'lose-answer', method: 'PUT', path: '/products', times: 1 });
    await carried('two');
    expect(price()).toBe(12);

    priced(1000);
    aheadMs = 5_000;
    await carried('three');
    const { items } = await world.api.expect<Shape<'RecordPage'>>('GET', `records?flow=${flow.id}&search=8801`);
    // What stands there is not what we know that we wrote: the merchant decides.
    expect(items).toMatchObject([{ state: 'done', kept: [{ wanted: expect.anything(), found: expect.anything() }] }]);
  });
});
