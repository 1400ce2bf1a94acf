import { afterEach, describe, expect, it } from 'vitest';
import { workOnImport } from '../../app-server/engine/import.ts';
import type { Sessions } from '../../app-server/engine/ports.ts';
import { createLedger } from '../../app-server/store/entries.ts';
import { createImports } from '../../app-server/store/imports.ts';
import { testDatabase } from '../database.ts';
import type { Shape } from './api-client.ts';
import { shopwareFixture } from './shopware-fixture.ts';
import { flowOf, newEncryptionKeys, workerProcess } from './workers.ts';
import { openWorld, type World } from './world.ts';

const test = testDatabase();
const encryptionKeys = newEncryptionKeys();
const hour = 3_600_000;
/** Three pieces of an import. */
const articles = 2_500;

let world: World;
let flow: string;

afterEach(async () => {
  await world.stop();
  expect(world.till.unexpected).toEqual([]);
});

/** A till with many articles and a flow of its stock, which nobody but the test works on. */
async function open(count = articles): Promise<void> {
  world = await openWorld({
    fixture: shopwareFixture,
    database: test.database,
    till: { articles: count },
    environment: { ROLE: 'web', ENCRYPTION_KEYS: encryptionKeys },
  });
  const connections = await world.api.expect<Shape<'Connection'>[]>('GET', 'connections');
  const source = connections.find(({ connector }) => connector === 'mpluskassa');
  const target = connections.find(({ connector }) => connector !== 'mpluskassa');
  flow = (await world.api.expect<Shape<'Flow'>>('POST', 'flows', { kind: 'stock', source: source?.id, target: target?.id })).id;
  await world.api.expect('POST', `flows/${flow}/switch`, { on: true });
}

const steer = (action: 'start' | 'pause' | 'resume') => world.api.expect('POST', `flows/${flow}/imports`, { phase: 'import', action });

/** One process works on the import, for so many pieces. Answers where each of its walks through the source began. */
async function work(pieces = Number.POSITIVE_INFINITY, aheadMs = 0): Promise<(string | undefined)[]> {
  const { engine } = workerProcess(world, test.database, { name: 'importer', encryptionKeys, aheadMs: () => aheadMs });
  const walks: (string | undefined)[] = [];
  const sessions: Sessions = {
    open(connection) {
      const { connector, session } = engine.sessions.open(connection);
      const changed: typeof session.changed = (kind, cursor) => {
        walks.push(cursor);
        return session.changed(kind, cursor);
      };
      return { connector, session: { ...session, changed } };
    },
  };
  let done = 0;
  await workOnImport(
    { ...engine, sessions, imports: createImports(test.database) },
    {
      stopping: () => done >= pieces,
      woken: () => {
        done += 1;
      },
    },
  );
  return walks;
}

async function run(): Promise<Shape<'ImportRun'>> {
  const runs = await world.api.expect<Shape<'ImportRun'>[]>('GET', `flows/${flow}/imports`);
  const found = runs.find(({ phase }) => phase === 'import');
  if (found === undefined) throw new Error('there is no import');
  return found;
}

describe('an import', () => {
  it('walks once through its source, however many pieces it takes', async () => {
    await open();
    await steer('start');
    expect(await work()).toEqual([undefined]);
    expect(await run()).toMatchObject({ state: 'done' });
    expect((await run()).seen).toBeGreaterThan(articles);
  });

  it('goes on where it was paused or where its process ended, in one more walk each', async () => {
    await open();
    const whole = world.till.articles().filter(({ stockArticle }) => stockArticle).length;
    await steer('start');
    expect(await work(1)).toEqual([undefined]);
    const before = await run();
    expect(before).toMatchObject({ state: 'running', seen: 1_000 });
    // Its process ended: another one takes over once the lease has run out.
    expect(await work(1, hour)).toEqual([expect.stringMatching(/./)]);
    expect(await run()).toMatchObject({ state: 'running', seen: 2_000 });
    await steer('pause');
    expect(await work(1, 2 * hour)).toEqual([]);
    await steer('resume');
    expect(await work(Number.POSITIVE_INFINITY, 2 * hour)).toEqual([expect.stringMatching(/./)]);
    expect(await run()).toMatchObject({ state: 'done', seen: whole });
  });

  it('that is started again notes everything anew, although nothing has changed; one that goes on does not', async () => {
    await open(20);
    const entry = async () => (await createLedger(test.database).look(await flowOf(test.database, flow), ['100003'])).get('100003');
    const noticed = async (): Promise<number | undefined> => (await entry())?.noticed;
    await steer('start');
    await work();
    expect(await noticed()).toBe(1);
    await steer('start');
    await work();
    expect(await noticed()).toBe(2);
    const events = (await entry())?.events;
    expect(events?.map(({ by }) => by)).toEqual(['import', 'import']);
    expect(new Set(events?.map(({ id }) => id)).size).toBe(2);
  });
});
