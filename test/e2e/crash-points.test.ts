import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Flow } from '../../app-server/engine/model.ts';
import { pollFlow } from '../../app-server/engine/poll.ts';
import type { Sessions } from '../../app-server/engine/ports.ts';
import type { Engine } from '../../app-server/engine/run.ts';
import { createWorker } from '../../app-server/engine/worker.ts';
import { secretFieldsOf } from '../../app-server/http/forms.ts';
import { createAttempts } from '../../app-server/store/attempts.ts';
import { createConnections } from '../../app-server/store/connections.ts';
import { createLedger } from '../../app-server/store/entries.ts';
import { createFlows } from '../../app-server/store/flows.ts';
import { createVault, parseEncryptionKeys } from '../../app-server/store/vault.ts';
import type { Connector } from '../../connectors/connector.ts';
import { createBudget, createExchange, type Send } from '../../connectors/exchange.ts';
import { mpluskassa } from '../../connectors/mpluskassa/index.ts';
import { ecwidConnector } from '../../ecwid-app/index.ts';
import { shopware } from '../../shopware-app/connector.ts';
import { testDatabase } from '../database.ts';
import type { Shape } from './api-client.ts';
import { fixtures } from './fixtures.ts';
import { type Life, life } from './mortal.ts';
import type { PlacedOrder } from './shop-fixture.ts';
import { openWorld, type World } from './world.ts';

const test = testDatabase();
const keys = `k:${randomBytes(32).toString('base64')}`;
const hour = 3_600_000;

const tills = [
  { age: 'a till of today', till: {}, writes: ['createRelation', 'createOrderV3'] },
  { age: 'a till without idempotency keys', till: { serviceVersion: [56, 0, 0] }, writes: ['createRelation', 'createOrder', 'payOrder'] },
] as const;
const ways = fixtures.flatMap((fixture) => tills.map((till) => ({ ...till, platform: fixture.platform, fixture })));

// Some seventy deaths in a row.
vi.setConfig({ testTimeout: 120_000 });

describe.each(ways)('an order from $platform on its way to $age', ({ fixture, till: tillOptions, writes }) => {
  let world: World;
  let other: Engine;

  beforeAll(async () => {
    // The server only notes; the workers are ours.
    world = await openWorld({ fixture, database: test.database, till: tillOptions, environment: { ROLE: 'web', ENCRYPTION_KEYS: keys } });
    other = engineOf('other', { opened: sessions(), aheadMs: hour });
  });
  afterAll(async () => {
    const { till, shop } = world;
    await world.stop();
    expect(world.log.filter((line) => line.startsWith('error'))).toEqual([]);
    expect(till.unexpected).toEqual([]);
    expect(shop.unexpected()).toEqual([]);
  });

  it('is there once, paid once and done, at whatever point of its way the server died', async () => {
    world.shop.webhooks('delivered');
    const sound = await everyDeath(async (engine, died) => {
      const order = await world.shop.placePaidOrderOfNewCustomer();
      await world.settled();
      await Promise.race([died, work(engine)]);
      return order;
    });
    for (const call of [...writes.map((name) => `session.${name}`), 'ledger.intend', 'ledger.settle', 'journal.write']) {
      expect(sound.filter((point) => point.endsWith(call))).toEqual([`before ${call}`, `after ${call}`]);
    }
  });

  it('is found by the next poll, at whatever point of the poll the server died', async () => {
    world.shop.webhooks('dropped');
    const sound = await everyDeath(async (engine, died) => {
      const order = await world.shop.placePaidOrderOfNewCustomer();
      await Promise.race([died, pollFlow(engine, await flow())]);
      await pollFlow(other, await flow());
      return order;
    });
    expect(sound).toContain('after ledger.notice');
  });

  /** Lives through `story` once for every point at which one can die in it. Returns the points of the life that met no death. */
  async function everyDeath(story: (engine: Engine, died: Promise<void>) => Promise<PlacedOrder>): Promise<readonly string[]> {
    for (let point = 1; ; point += 1) {
      const present = life(point);
      const order = await story(mortalEngine(present), present.died);
      await work(other);
      await expectOnce(order, `died ${present.passed.at(-1)}`);
      if (present.passed.length < point) return present.passed;
    }
  }

  async function expectOnce(order: PlacedOrder, when: string): Promise<void> {
    const { items } = await world.api.expect<Shape<'RecordPage'>>('GET', `records?search=${order.number}`);
    expect(items, when).toMatchObject([{ number: order.number, state: 'done', money: { paidMinor: order.paidMinor } }]);
    const inTill = world.till.orders().filter(({ reference }) => reference === order.number);
    expect(inTill, when).toMatchObject([
      { totalInclAmount: order.paidMinor, prepaidAmount: order.paidMinor, payments: [{ amount: order.paidMinor }] },
    ]);
    const addresses = world.till.relations().map(({ email }) => email);
    expect(addresses, when).toHaveLength(new Set(addresses).size);
  }

  async function work(engine: Engine): Promise<void> {
    const worker = createWorker(engine);
    worker.wake();
    await worker.idle();
  }

  async function flow(): Promise<Flow> {
    const found = await createFlows(test.database).get((await world.flow()).id);
    if (found === undefined) throw new Error('there is no flow');
    return found;
  }

  /** A process of its own: with empty caches, and hung on this life. */
  function mortalEngine(present: Life): Engine {
    const sending =
      (send: Send): Send =>
      (request) => {
        const label = request.label ?? request.method;
        return (present.of('session', { [label]: send })[label] ?? send)(request);
      };
    const real = engineOf('mortal', { opened: sessions(sending), aheadMs: 0 });
    return {
      ...real,
      ledger: present.of('ledger', real.ledger),
      journal: present.of('journal', real.journal),
      flows: present.of('flows', real.flows),
      connections: present.of('connections', real.connections),
    };
  }

  function engineOf(name: string, how: { opened: Sessions; aheadMs: number }): Engine {
    const { database } = test;
    const vault = createVault(parseEncryptionKeys(keys));
    return {
      ledger: createLedger(database),
      journal: createAttempts(database),
      flows: createFlows(database),
      connections: createConnections(database, { vault, secretsOf: (of) => new Set(secretFieldsOf(connectorNamed(of).settings)) }),
      sessions: how.opened,
      clock: { now: () => new Date(Date.now() + how.aheadMs) },
      worker: name,
      leaseMs: 120_000,
      wake: () => undefined,
      log: { info: () => undefined, warn: () => undefined, error: (_facts, message) => world.log.push(`error ${message}`) },
    };
  }

  /** Opened once per connection, as the server does. */
  function sessions(wrap: (send: Send) => Send = (send) => send): Sessions {
    const opened = new Map<string, ReturnType<Sessions['open']>>();
    return {
      open(connection) {
        const known = opened.get(connection.id);
        if (known) return known;
        const connector = connectorNamed(connection.connector);
        const send = createExchange({ system: connector.title, budget: createBudget(connector.limits), allowPrivateHosts: true });
        const fresh = { connector, session: connector.open(connection.settings, { send: wrap(send), now: () => new Date() }) };
        opened.set(connection.id, fresh);
        return fresh;
      },
    };
  }

  function connectorNamed(name: string): Connector {
    const { ECWID_API_BASE_URL } = world.shop.environment();
    const ecwid = ecwidConnector(ECWID_API_BASE_URL === undefined ? {} : { apiBaseUrl: ECWID_API_BASE_URL });
    const found = ([shopware, ecwid, mpluskassa] as Connector[]).find((connector) => connector.name === name);
    if (found === undefined) throw new Error(`no connector is called ${name}`);
    return found;
  }
});
