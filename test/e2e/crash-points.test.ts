import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Flow } from '../../app-server/engine/model.ts';
import { pollFlow } from '../../app-server/engine/poll.ts';
import { testDatabase } from '../database.ts';
import type { Shape } from './api-client.ts';
import type { ecwidShop } from './ecwid-fixture.ts';
import { life } from './mortal.ts';
import type { PlacedOrder } from './shop-fixture.ts';
import { type OpenWay, openWay, type Way, ways } from './ways.ts';
import { flowOf, newEncryptionKeys, type WorkerProcess, workerProcess } from './workers.ts';

const test = testDatabase();
const encryptionKeys = newEncryptionKeys();
const hour = 3_600_000;

interface Road {
  readonly name: string;
  readonly way: Way;
  readonly writes: readonly string[];
  readonly till?: { readonly serviceVersion: readonly [number, number, number] };
}

const older = { till: { serviceVersion: [56, 0, 0] }, writes: ['createRelation', 'createOrder', 'payOrder'] } as const;
const roads: readonly Road[] = [
  ...ways.map((way) => ({ name: way.name, way, writes: way.writes })),
  ...ways.filter(({ main }) => main).map((way) => ({ name: `${way.name} without idempotency keys`, way, ...older })),
];

// Some seventy deaths in a row.
vi.setConfig({ testTimeout: 120_000 });

describe.each(roads)('an order on the way $name', ({ way, till, writes }) => {
  let open: OpenWay;
  let other: WorkerProcess;

  beforeAll(async () => {
    // The server only notes; the workers are ours.
    open = await openWay({
      ...{ way, database: test.database, environment: { ROLE: 'web', ENCRYPTION_KEYS: encryptionKeys } },
      ...(till && { till }),
    });
    const { world, environment } = open;
    // Some seventy lives within a minute ask for more than the store allows; how that is waited for is another story.
    if (way.shop.platform === 'ecwid')
      (world.shop as ReturnType<typeof ecwidShop>).simulator.state.callsPerMinute = Number.POSITIVE_INFINITY;
    other = workerProcess(world, test.database, { name: 'other', encryptionKeys, environment, aheadMs: () => hour });
  });
  afterAll(async () => {
    await open.stop();
    expect(open.world.log.filter((line) => line.startsWith('error'))).toEqual([]);
    expect(open.unexpected()).toEqual([]);
  });

  it('is there once, paid once and done, at whatever point of its way the server died', async () => {
    open.source.webhooks('delivered');
    const sound = await everyDeath(async (mortal, died) => {
      const order = await open.source.placePaidOrderOfNewCustomer();
      await open.source.delivered();
      await Promise.race([died, mortal.work()]);
      return order;
    });
    for (const call of [...writes.map((name) => `session.${name}`), 'ledger.intend', 'ledger.settle', 'journal.write']) {
      expect(sound.filter((point) => point.endsWith(call))).toEqual([`before ${call}`, `after ${call}`]);
    }
  });

  it('is found by the next poll, at whatever point of the poll the server died', async () => {
    open.source.webhooks('dropped');
    const sound = await everyDeath(async (mortal, died) => {
      const order = await open.source.placePaidOrderOfNewCustomer();
      await Promise.race([died, pollFlow(mortal.engine, await flow())]);
      await pollFlow(other.engine, await flow());
      return order;
    });
    expect(sound).toContain('after ledger.notice');
  });

  /** Lives through `story` once for every point at which one can die in it. Returns the points of the life that met no death. */
  async function everyDeath(story: (mortal: WorkerProcess, died: Promise<void>) => Promise<PlacedOrder>): Promise<readonly string[]> {
    const { world, environment } = open;
    for (let point = 1; ; point += 1) {
      const present = life(point);
      const mortal = workerProcess(world, test.database, { name: 'mortal', encryptionKeys, environment, life: present });
      const order = await story(mortal, present.died);
      await other.work();
      await expectOnce(order, `died ${present.passed.at(-1)}`);
      if (present.passed.length < point) return present.passed;
    }
  }

  async function expectOnce(order: PlacedOrder, when: string): Promise<void> {
    const { target, world } = open;
    const { items } = await world.api.expect<Shape<'RecordPage'>>('GET', `records?search=${order.number}`);
    expect(items, when).toMatchObject([{ number: order.number, state: 'done', money: { paidMinor: order.paidMinor } }]);
    const there = target.arrived().filter(({ name }) => name === target.nameOf(order));
    expect(there, when).toMatchObject([{ totalMinor: order.paidMinor, payments: [order.paidMinor] }]);
    const addresses = target.people();
    expect(addresses, when).toHaveLength(new Set(addresses).size);
  }

  async function flow(): Promise<Flow> {
    return flowOf(test.database, (await open.world.flow()).id);
  }
});
