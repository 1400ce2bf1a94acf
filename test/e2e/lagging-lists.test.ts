import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pollFlow } from '../../app-server/engine/poll.ts';
import { testDatabase } from '../database.ts';
import { ecwidFixture, type ecwidShop } from './ecwid-fixture.ts';
import { flowBetween, outcome, type Systems, startSystems } from './systems.ts';
import { flowOf, newEncryptionKeys, type WorkerProcess, workerProcess } from './workers.ts';
import { openWorld, tillSettings, type World } from './world.ts';

const test = testDatabase();
const encryptionKeys = newEncryptionKeys();
let systems: Systems;
let world: World;
let aheadMs = 0;

beforeEach(async () => {
  aheadMs = 0;
  systems = await startSystems();
  // The server only notes; the workers are ours.
  const environment = { ...systems.environment, ROLE: 'web', ENCRYPTION_KEYS: encryptionKeys };
  world = await openWorld({ fixture: ecwidFixture, database: test.database, bare: true, environment });
  await world.api.expect('PUT', 'connections/mpluskassa', { settings: tillSettings(world.till) });
});

afterEach(async () => {
  await world.stop();
  await systems.stop();
  expect(world.log.filter((line) => line.startsWith('error'))).toEqual([]);
  expect([...world.till.unexpected, ...world.shop.unexpected(), ...systems.unexpected()]).toEqual([]);
});

const processNamed = (name: string): WorkerProcess =>
  workerProcess(world, test.database, { name, encryptionKeys, environment: systems.environment, aheadMs: () => aheadMs });

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
