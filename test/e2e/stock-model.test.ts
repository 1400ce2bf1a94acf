import fc from 'fast-check';
import { describe, it, vi } from 'vitest';
import { testDatabase } from '../database.ts';
import { end, type Pencil, steps } from './stock-commands.ts';
import { stockFixtures } from './stock-shops.ts';
import { openStreet } from './stock-street.ts';

const long = process.env.TEST_LONG === '1';
const size = long ? { days: 150, maxCommands: 60 } : { days: 8, maxCommands: 30 };
/** As a failure prints them: the seed alone plays all the days again, with path and replayPath the shortest one that failed. */
const again = {
  ...(process.env.TEST_SEED !== undefined && { seed: Number(process.env.TEST_SEED) }),
  ...(process.env.TEST_PATH !== undefined && { path: process.env.TEST_PATH }),
};
const replay = process.env.TEST_REPLAY_PATH === undefined ? {} : { replayPath: process.env.TEST_REPLAY_PATH };

vi.setConfig({ testTimeout: long ? 3_600_000 : 180_000 });
const test = testDatabase();

describe.each(stockFixtures)('what $platform offers, whatever happens in shop, till and server', (fixture) => {
  it('is never more than the till can deliver, and in the end exactly that', async () => {
    await fc.assert(
      fc.asyncProperty(fc.commands(steps, { maxCommands: size.maxCommands, size: 'max', ...replay }), async (day) => {
        const street = await openStreet(fixture, test.database);
        try {
          const pencil: Pencil = { orders: [], away: false };
          await fc.asyncModelRun(() => ({ model: pencil, real: street }), day);
          await end(street, pencil);
        } finally {
          await street.close();
        }
      }),
      { numRuns: size.days, ...again },
    );
  });
});
