/** A whole world in one process: the product on the real database, a shop and a till. */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type App, createApp } from '../../app-server/app.ts';
import { readConfig } from '../../app-server/config.ts';
import type { Log } from '../../app-server/http/log.ts';
import type { Database } from '../../app-server/store/database.ts';
import { type MpluskassaSimulator, startMpluskassa } from '../simulators/mpluskassa/simulator.ts';
import { type ApiClient, openFrame, type Shape } from './api-client.ts';
import type { ShopFixture, TestShop } from './shop-fixture.ts';

export interface World {
  readonly appUrl: string;
  readonly app: App;
  readonly shop: TestShop;
  readonly till: MpluskassaSimulator;
  readonly api: ApiClient;
  readonly log: string[];
  /** The order flow, as the API shows it now. */
  flow(): Promise<Shape<'Flow'>>;
  /** Webhooks are in, and nothing that is due is left undone. */
  settled(): Promise<void>;
  /** Polls are due at once from now on. */
  poll(): Promise<void>;
  /** From now on nothing is found by polls: what comes in is told by webhooks, or by an import. */
  unpolled(): Promise<void>;
  stop(): Promise<void>;
}

export interface WorldOptions {
  readonly fixture: ShopFixture;
  readonly database: Database;
  readonly seed?: number;
  /** Leave the till unconnected and the flow uncreated. */
  readonly bare?: true;
  readonly till?: Parameters<typeof startMpluskassa>[0];
  readonly environment?: Readonly<Record<string, string>>;
  /** The product's clock. */
  readonly now?: () => Date;
}

export const tillSettings = (till: MpluskassaSimulator) => ({
  host: till.host,
  port: till.port,
  ident: till.ident,
  secret: till.secret,
  branchNumber: 1,
  employeeNumber: 101,
});

/** Every world of a file has a shop of its own: they share the file's database. */
let worlds = 0;

export async function openWorld(options: WorldOptions): Promise<World> {
  const log: string[] = [];
  worlds += 1;
  const shop = await options.fixture.start({ seed: options.seed ?? worlds });
  const till = await startMpluskassa({ articles: articlesOf(shop), ...options.till });
  let app: App | undefined;
  const server = createServer((request, response) => app?.http(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const appUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  app = await createApp({
    config: configFor(appUrl, shop, options.environment),
    database: options.database,
    log: remembering(log),
    ...(options.now && { now: options.now }),
  });
  await shop.install(appUrl);
  const api = await openFrame(appUrl, await shop.frameUrl());
  if (!options.bare) await setUp(api, till);
  const running = app;

  const flow = async (): Promise<Shape<'Flow'>> => {
    const [first] = await api.expect<Shape<'Flow'>[]>('GET', 'flows');
    if (first === undefined) throw new Error('there is no flow');
    return first;
  };

  return {
    appUrl,
    app: running,
    shop,
    till,
    api,
    log,
    flow,
    async settled() {
      await shop.delivered();
      await running.idle();
    },
    async poll() {
      await options.database.connection.collection('flows').updateMany({ enabled: true }, { $set: { nextPollAt: new Date(0) } });
      await running.poll();
      await running.idle();
    },
    async unpolled() {
      await running.poll();
      const never = new Date(Date.now() + 24 * 60 * 60_000);
      await options.database.connection.collection('flows').updateMany({ enabled: true }, { $set: { nextPollAt: never } });
      await running.idle();
    },
    async stop() {
      await running.stop();
      // The next world of this file shares the database and must not poll for this one.
      await options.database.connection.collection('flows').updateMany({}, { $set: { enabled: false } });
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await Promise.all([shop.stop(), till.stop()]);
    },
  };
}

const vatCodes: Readonly<Record<number, number>> = { 21: 1, 9: 2, 0: 3 };

/** The shop's catalogue as the till has it: what has no digits-only number is the shop's alone. */
export const articlesOf = (shop: Pick<TestShop, 'catalogue'>) =>
  shop.catalogue().flatMap(({ number, name, priceMinor, taxRate }) =>
    /^\d+$/.test(number)
      ? [
          {
            articleNumber: Number(number),
            description: name,
            priceIncl: priceMinor,
            vatCode: vatCodes[taxRate] ?? 1,
            active: true,
            discontinued: false,
            stock: { 1: 1_000_000 },
          },
        ]
      : [],
  );

/** What the merchant does: enter the till's credentials, take the suggestions, switch on. */
export async function setUp(api: ApiClient, till: MpluskassaSimulator): Promise<Shape<'Flow'>> {
  await api.expect('PUT', 'connections/mpluskassa', { settings: tillSettings(till) });
  const connections = await api.expect<Shape<'Connection'>[]>('GET', 'connections');
  const target = connections.find(({ connector }) => connector === 'mpluskassa');
  const source = connections.find(({ connector }) => connector !== 'mpluskassa');
  const flow = await api.expect<Shape<'Flow'>>('POST', 'flows', { kind: 'order', source: source?.id, target: target?.id });
  return api.expect<Shape<'Flow'>>('POST', `flows/${flow.id}/switch`, { on: true, from: new Date(Date.now() - 3_600_000).toISOString() });
}

function configFor(appUrl: string, shop: TestShop, more: Readonly<Record<string, string>> = {}) {
  const read = readConfig({
    APP_URL: appUrl,
    ENCRYPTION_KEYS: `t:${randomBytes(32).toString('base64')}`,
    JWT_SECRET: randomBytes(32).toString('hex'),
    MONGODB_URI: 'mongodb://the-test-hands-its-own-connection-in',
    ALLOW_PRIVATE_HOSTS: '1',
    ...shop.environment(),
    ...more,
  });
  if (!read.ok) throw new Error(read.problems.join('\n'));
  return read.config;
}

function remembering(lines: string[]): Log {
  const keep =
    (level: string) =>
    (facts: object, message: string): void => {
      lines.push(
        `${level} ${message} ${JSON.stringify(facts, (_key, value: unknown) => (value instanceof Error ? String(value.stack) : value))}`,
      );
    };
  return { info: keep('info'), warn: keep('warn'), error: keep('error') };
}
