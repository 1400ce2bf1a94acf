import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testDatabase } from '../database.ts';
import type { Shape } from './api-client.ts';
import { fixtures } from './fixtures.ts';
import { life } from './mortal.ts';
import { newEncryptionKeys, workerProcess } from './workers.ts';
import { openWorld, type World } from './world.ts';

const test = testDatabase();
const encryptionKeys = newEncryptionKeys();
let world: World;

describe.each(fixtures)('the goods of a paid order from $platform', (fixture) => {
  beforeEach(async () => {
    world = await openWorld({ fixture, database: test.database, environment: { ROLE: 'web', ENCRYPTION_KEYS: encryptionKeys } });
    const { source, target } = await world.flow();
    const ends = { source: target.connection, target: source.connection };
    const stock = await world.api.expect<Shape<'Flow'>>('POST', 'flows', { kind: 'stock', ...ends });
    await world.api.expect('POST', `flows/${stock.id}/switch`, { on: true });
  });
  afterEach(() => world.stop());

  /** What one process did, step after step, until the order was booked and its goods were published. */
  async function stepsOfOneOrder(): Promise<readonly string[]> {
    const present = life();
    const process = workerProcess(world, test.database, { name: 'steps', encryptionKeys, life: present });
    await world.shop.placePaidOrder();
    await world.settled();
    await process.work();
    expect(world.till.orders()).toHaveLength(1);
    return present.passed;
  }

  it('are given up before the order settles, and the stock flows hear of it before that: who dies in between does it again', async () => {
    const steps = await stepsOfOneOrder();
    const booked = steps.indexOf('after session.createOrderV3');
    const settled = steps.indexOf('before ledger.settle', booked);
    const between = steps.slice(booked, settled);
    expect(between).toContain('after ledger.assign');
    expect(between.indexOf('after ledger.notice')).toBeGreaterThan(between.indexOf('after ledger.assign'));
  });

  it('are read as promised before the stock of the till is read: what is booked in between never counts for nothing', async () => {
    const steps = await stepsOfOneOrder();
    const promised = steps.flatMap((step, index) => (step === 'after ledger.promised' ? [index] : []));
    const read = steps.flatMap((step, index) => (step === 'before session.getStock' ? [index] : []));
    expect(read.length).toBeGreaterThan(0);
    expect(promised.length).toBeGreaterThanOrEqual(read.length);
    for (const [turn, index] of read.entries()) expect(promised[turn]).toBeLessThan(index);
  });
});
