import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entriesOf } from '../../app-server/store/entry-document.ts';
import { testDatabase } from '../database.ts';
import type { Shape } from './api-client.ts';
import { fixtures } from './fixtures.ts';
import { type Life, life } from './mortal.ts';
import { newEncryptionKeys, workerProcess } from './workers.ts';
import { openWorld, type World } from './world.ts';

const test = testDatabase();
const encryptionKeys = newEncryptionKeys();
let world: World;

type Step = (...given: unknown[]) => Promise<unknown>;

describe.each(fixtures)('the goods of a paid order from $platform', (fixture) => {
  beforeEach(async () => {
    world = await openWorld({ fixture, database: test.database, environment: { ROLE: 'web', ENCRYPTION_KEYS: encryptionKeys } });
  });
  afterEach(() => world.stop());

  async function stockFlow(): Promise<{ id: string; switchOn(): Promise<unknown> }> {
    const { source, target } = await world.flow();
    const ends = { source: target.connection, target: source.connection };
    const { id } = await world.api.expect<Shape<'Flow'>>('POST', 'flows', { kind: 'stock', ...ends });
    return { id, switchOn: () => world.api.expect('POST', `flows/${id}/switch`, { on: true }) };
  }

  /** Beside its steps a life of which settlements can be told apart, and that does something as soon as the order is booked. */
  function watched(booked: () => Promise<unknown> = async () => undefined): Life {
    const present = life();
    return {
      ...present,
      of(name, port) {
        const steps = present.of(name, port);
        return new Proxy(steps, {
          get(target, key, receiver) {
            const step = Reflect.get(target, key, receiver) as Step;
            if (key !== 'settle' && key !== 'createOrderV3') return step;
            return async (...given: [{ kind?: string }, ...unknown[]]) => {
              if (key === 'settle') (present.passed as string[]).push(`${given[0].kind} settles`);
              const answer = await step(...given);
              if (key === 'createOrderV3') await booked();
              return answer;
            };
          },
        });
      },
    };
  }

  /** What one process did, step after step, until the order was booked and its goods were published. */
  async function stepsOfOneOrder(present = watched()): Promise<readonly string[]> {
    const process = workerProcess(world, test.database, { name: 'steps', encryptionKeys, life: present });
    await world.shop.placePaidOrder();
    await world.settled();
    await process.work();
    expect(world.till.orders()).toHaveLength(1);
    return present.passed;
  }

  it('are told of once more at the end of a batch when a stock flow was switched on while they were booked', async () => {
    const { id, switchOn } = await stockFlow();
    const steps = await stepsOfOneOrder(watched(switchOn));
    const settles = steps.indexOf('order settles');
    expect(steps.slice(0, settles)).not.toContain('after ledger.notice');
    expect(steps.slice(settles)).toContain('after ledger.notice');
    const told = await entriesOf(test.database).find({ flow: id, 'events.by': 'order' }).toArray();
    expect(told.length).toBeGreaterThan(0);
  });

  it('are given up before the order settles, and the stock flows hear of it before that: who dies in between does it again', async () => {
    await (await stockFlow()).switchOn();
    const steps = await stepsOfOneOrder();
    const booked = steps.indexOf('after session.createOrderV3');
    const settled = steps.indexOf('order settles', booked);
    const between = steps.slice(booked, settled);
    expect(between).toContain('after ledger.assign');
    expect(between.indexOf('after ledger.notice')).toBeGreaterThan(between.indexOf('after ledger.assign'));
  });

  it('are read as promised before the stock of the till is read: what is booked in between never counts for nothing', async () => {
    await (await stockFlow()).switchOn();
    const steps = await stepsOfOneOrder();
    const promised = steps.flatMap((step, index) => (step === 'after ledger.promised' ? [index] : []));
    const read = steps.flatMap((step, index) => (step === 'before session.getStock' ? [index] : []));
    expect(read.length).toBeGreaterThan(0);
    expect(promised.length).toBeGreaterThanOrEqual(read.length);
    for (const [turn, index] of read.entries()) expect(promised[turn]).toBeLessThan(index);
  });
});
