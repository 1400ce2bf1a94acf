/** The tokens of Lightspeed Retail change with every use. Whoever dies while they change, wherever it is, leaves the merchant connected. */
import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { type Tenant, tenantOf } from '../../app-server/engine/model.ts';
import { secretFieldsOf } from '../../app-server/http/forms.ts';
import { connectionCollection, createConnections } from '../../app-server/store/connections.ts';
import type { Database } from '../../app-server/store/database.ts';
import { createVault, parseEncryptionKeys } from '../../app-server/store/vault.ts';
import type { Send } from '../../connectors/exchange.ts';
import { failureOf } from '../../connectors/failure.ts';
import { LightspeedSettings } from '../../connectors/lightspeed/settings.ts';
import { testDatabase } from '../database.ts';
import { clock, connect, hourMs, type Renew } from '../unit/lightspeed-xseries-grants.ts';
import { type House, openHouse, send } from '../unit/lightspeed-xseries-house.ts';
import { type Life, life } from './mortal.ts';

const test = testDatabase();
const vault = createVault(parseEncryptionKeys(`k:${randomBytes(32).toString('base64')}`));
const secretsOf = () => new Set(secretFieldsOf(LightspeedSettings));
const book = (database: Database) => createConnections(database, { vault, secretsOf });

/** Each command is a point at which one can die: before it is sent, and when it is carried out. */
function mortalDatabase(database: Database, present: Life): Database {
  const pending = (query: Query, command: string): unknown =>
    new Proxy(query, {
      get(target, key) {
        if (key === 'lean') return () => pending(target.lean(), command);
        if (key !== 'then') return Reflect.get(target, key);
        const run = present.of('database', { [command]: () => Promise.resolve(target) })[command];
        return (done: (answer: unknown) => unknown, failed: (error: unknown) => unknown) => run?.().then(done, failed);
      },
    });
  return {
    ...database,
    model: (collection) =>
      new Proxy(database.model(collection), {
        get(target, key, receiver) {
          const member: unknown = Reflect.get(target, key, receiver);
          if (typeof member !== 'function' || typeof key !== 'string') return member;
          return (...given: unknown[]) => pending(Reflect.apply(member, target, given) as Query, key);
        },
      }),
  };
}
type Query = PromiseLike<unknown> & { lean(): Query };

interface Scene {
  readonly house: House;
  readonly at: ReturnType<typeof clock>;
  readonly tenant: Tenant;
  readonly id: string;
}

/** A process of its own, on what is stored. */
async function check({ house, tenant, id }: Scene, mortal?: Life) {
  const settings = LightspeedSettings.parse((await book(test.database).get(tenant, id))?.settings);
  const connections = book(mortal ? mortalDatabase(test.database, mortal) : test.database);
  const through = send();
  const called =
    (present: Life): Send =>
    (request) => {
      const label = request.label ?? request.method;
      return (present.of('store', { [label]: through })[label] ?? through)(request);
    };
  const renew = ((work: Parameters<Renew>[0]) =>
    connections.renew({ id, tenant }, (stored) => work(LightspeedSettings.parse(stored)))) as unknown as Renew;
  return house.open(settings, { renew, ...(mortal && { send: called(mortal) }) }).check();
}

/** What the last point was, and whether new tokens were given that nobody has stored. */
async function rotateAndDie(step: number): Promise<{ point: string; lost: boolean; later: string } | undefined> {
  const at = clock();
  const house = await openHouse({ now: at.now });
  const tenant = tenantOf('shopware', `shop${step}`);
  const given = { connector: 'lightspeed', title: 'Lightspeed' };
  const { id } = await book(test.database).save(tenant, { ...given, settings: await connect(house, at) });
  const scene = { house, at, tenant, id };
  at.pass(17 * hourMs);
  const present = life(step);
  const doomed = check(scene, present).then(() => 'lived');
  doomed.catch(() => undefined);
  if ((await Promise.race([doomed, present.died])) === 'lived') return undefined;
  // A minute later the lease of the dead one has run out.
  await test.database.model(connectionCollection).updateOne({ _id: id, renewing: { $exists: true } }, { $set: { renewing: new Date(0) } });

  for (let hour = 0; hour < 6; hour += 1) {
    for (const warning of (await check(scene)).warnings) expect(warning.code).toBe('lightspeed.reconnect-soon');
    at.pass(hourMs);
  }
  at.pass(2 * hourMs);
  const later = await check(scene).then(
    () => 'open',
    (error: unknown) => failureOf(error).code,
  );
  await book(test.database).save(tenant, { ...given, settings: await connect(house, at) });
  for (const passing of [0, 17 * hourMs]) {
    at.pass(passing);
    expect((await check(scene)).warnings).toEqual([]);
  }
  const lost = present.passed.includes('after store.token') && !present.passed.includes('after database.updateOne');
  return { point: present.passed.at(-1) ?? '', lost, later };
}

it('locks nobody out wherever it dies: connected while the access token lives, and one click heals what was lost', async () => {
  const points: string[] = [];
  for (let step = 1; ; step += 1) {
    const death = await rotateAndDie(step);
    if (death === undefined) break;
    points.push(death.point);
    expect([step, death.point, death.later]).toEqual([step, death.point, death.lost ? 'lightspeed.reconnect' : 'open']);
  }
  expect(points).toEqual(expect.arrayContaining(['before store.token', 'after store.token', 'before database.updateOne']));
  expect(points.filter((point) => point.endsWith('database.updateOne'))).toHaveLength(4);
}, 60_000);
