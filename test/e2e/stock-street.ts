/** A shop, a till and the product between them, whose workers the test starts, kills and starts again. */
import { expect } from 'vitest';
import { workOnImport } from '../../app-server/engine/import.ts';
import { pollFlow } from '../../app-server/engine/poll.ts';
import type { Database } from '../../app-server/store/database.ts';
import { createImports } from '../../app-server/store/imports.ts';
import type { Shape } from './api-client.ts';
import { life } from './mortal.ts';
import type { StockFixture, StockShop } from './stock-shops.ts';
import { flowOf, newEncryptionKeys, type WorkerProcess, workerProcess } from './workers.ts';
import { openWorld, type World } from './world.ts';

export const articles = ['1001', '1002', '1003'] as const;
export type Article = (typeof articles)[number];
export const stockAtFirst = 12;

const hour = 3_600_000;
const mostRounds = 12;
const kinds = ['order', 'stock'] as const;
export type FlowKind = (typeof kinds)[number];

export interface ShopOrder {
  readonly id: string;
  readonly number: string;
  readonly sku: Article;
  readonly quantity: number;
  state: 'unpaid' | 'paid' | 'cancelled';
}

export interface Street {
  readonly shop: StockShop;
  readonly till: World['till'];
  /** Somebody buys as much of it as is on show, up to `most`. */
  buy(sku: Article, most: number): Promise<ShopOrder | undefined>;
  /** What is due is carried out by as many processes side by side. */
  work(processes?: number): Promise<void>;
  poll(kind: FlowKind): Promise<void>;
  /** The same by a process that dies at its n-th step; another one takes its place. */
  workAndDie(step: number): Promise<void>;
  pollAndDie(kind: FlowKind, step: number): Promise<void>;
  /** Somebody sends again what was set aside. */
  replay(): Promise<void>;
  /** Time passes, and everything is polled and carried out until nothing waits any more. */
  settle(): Promise<void>;
  /** What the till can still deliver of an article. */
  available(sku: Article): number;
  /** Numbers of the shop's orders that the till has, each as often as it has it. */
  booked(): string[];
  close(): Promise<void>;
}

export async function openStreet(fixture: StockFixture, database: Database): Promise<Street> {
  const encryptionKeys = newEncryptionKeys();
  let shop: StockShop | undefined;
  const world = await openWorld({
    fixture: {
      platform: fixture.platform,
      async start(options) {
        shop = await fixture.start(options);
        return shop;
      },
    },
    database,
    environment: { ROLE: 'web', ENCRYPTION_KEYS: encryptionKeys },
  });
  if (shop === undefined) throw new Error('the shop did not open');
  const { api, till } = world;
  const open: StockShop = shop;
  for (const sku of articles) till.addArticle({ articleNumber: Number(sku), stock: { 1: stockAtFirst } });

  let aheadMs = 0;
  let processes = 0;
  const start = (present = life()): WorkerProcess => {
    processes += 1;
    return workerProcess(world, database, { name: `worker ${processes}`, encryptionKeys, aheadMs: () => aheadMs, life: present });
  };
  let current = start();
  const flows = { order: (await world.flow()).id, stock: (await openStockFlow(world)).id };
  await publishEverything();

  /** The dead one's records are free once its leases have run out. */
  async function workAndDie(step: number, work: (mortal: WorkerProcess) => Promise<unknown>): Promise<void> {
    const present = life(step);
    await Promise.race([present.died, work(start(present))]);
    current = start();
  }

  async function publishEverything(): Promise<void> {
    await api.expect('POST', `flows/${flows.stock}/imports`, { phase: 'import', action: 'start' });
    const importing = { ...current.engine, imports: createImports(database) };
    await workOnImport(importing, { stopping: () => false, woken: () => undefined });
    await current.work();
  }

  const waiting = async (): Promise<number> => {
    const views = await Promise.all(kinds.map((kind) => api.expect<Shape<'Flow'>>('GET', `flows/${flows[kind]}`)));
    return views.reduce((sum, { counts }) => sum + counts.waiting, 0);
  };

  return {
    shop: open,
    till,
    async buy(sku, most) {
      const quantity = Math.min(most, open.published(sku));
      return quantity < 1 ? undefined : { ...(await open.order(sku, quantity)), sku, quantity, state: 'unpaid' };
    },
    async work(count = 1) {
      await open.delivered();
      await Promise.all([current, ...Array.from({ length: count - 1 }, () => start())].map((process) => process.work()));
    },
    async poll(kind) {
      await pollFlow(current.engine, await flowOf(database, flows[kind]));
    },
    async workAndDie(step) {
      await open.delivered();
      await workAndDie(step, (mortal) => mortal.work());
    },
    async pollAndDie(kind, step) {
      const flow = await flowOf(database, flows[kind]);
      await workAndDie(step, (mortal) => pollFlow(mortal.engine, flow));
    },
    async replay() {
      await api.expect('POST', 'records/replay', { flow: flows.order });
    },
    async settle() {
      till.faults.clear();
      for (let round = 0; round < mostRounds; round += 1) {
        aheadMs += hour;
        await open.delivered();
        for (const kind of kinds) await pollFlow(current.engine, await flowOf(database, flows[kind]));
        await current.work();
        if ((await waiting()) === 0) return;
      }
      const { items } = await api.expect<Shape<'RecordPage'>>('GET', 'records?state=waiting');
      throw new Error(`it never comes to rest: ${JSON.stringify(items)}`);
    },
    available: (sku) => till.stock(Number(sku)).free,
    booked: () => till.orders().map(({ reference }) => reference),
    async close() {
      await world.stop();
      expect(world.log.filter((line) => line.startsWith('error'))).toEqual([]);
      expect(till.unexpected).toEqual([]);
      expect(open.unexpected()).toEqual([]);
    },
  };
}

async function openStockFlow({ api }: World): Promise<Shape<'Flow'>> {
  const connections = await api.expect<Shape<'Connection'>[]>('GET', 'connections');
  const source = connections.find(({ connector }) => connector === 'mpluskassa');
  const target = connections.find(({ connector }) => connector !== 'mpluskassa');
  const flow = await api.expect<Shape<'Flow'>>('POST', 'flows', { kind: 'stock', source: source?.id, target: target?.id });
  const { settings, settingsVersion: version } = flow;
  // The brake, which waits for a person, is tested elsewhere.
  const answered = { ...settings, values: { ...settings.values, brakePercent: 100 } };
  await api.expect('PUT', `flows/${flow.id}/settings`, { version, settings: answered });
  return api.expect<Shape<'Flow'>>('POST', `flows/${flow.id}/switch`, { on: true });
}
