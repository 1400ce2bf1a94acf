/** Fifty thousand articles (a few more, because some have no stock) are as ordinary as five thousand: the same memory, the same time for each, and paid orders go first all the while. */
import { setTimeout as pause } from 'node:timers/promises';
import type { CatalogueParties } from './catalogue-parties.ts';
import { type Ground, openGround, type Server } from './ground.ts';
import type { Remote } from './remote.ts';
import type { Row } from './result.ts';
import { drained } from './waiting-orders.ts';

const few = 5_000;
const many = 51_100;
const platform = 'shopware';
/** Between two orders while an import runs. */
const orderEveryMs = 2_000;
/** Rows of one call to Shopware. */
const page = 500;

interface Imported {
  readonly msEach: number;
  readonly peakMb: number;
  /** How long each order took that was placed meanwhile, in milliseconds. */
  readonly orders: readonly number[];
}

export async function imports(): Promise<Row[]> {
  const small = await onOwnGround(few, async ({ imported }) => imported);
  const large = await onOwnGround(many, async ({ imported, parties, ground }) => {
    const levels = await parties.stocked();
    const before = await parties.writes(platform);
    await parties.import({ platform, flow: await parties.flowOn({ platform, kind: 'stock' }) });
    await drained(ground.database);
    const wrong = await parties.wrongLevels(platform);
    if (wrong > 0) throw new Error(`${wrong} of a hundred stock levels are not as in the till`);
    return { ...imported, levels, calls: (await parties.writes(platform)) - before };
  });
  const sorted = [...large.orders].sort((a, b) => a - b);
  const p95 = sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.NaN;
  return [
    {
      what: `import of ${many} articles to ${few}: peak of memory`,
      measured: large.peakMb / small.peakMb,
      limit: { atMost: 1.2 },
      detail: `${large.peakMb.toFixed(0)} MB to ${small.peakMb.toFixed(0)} MB resident, server process alone`,
    },
    {
      what: `import of ${many} articles to ${few}: time per article`,
      measured: large.msEach / small.msEach,
      limit: { atMost: 1.2 },
      detail: `${large.msEach.toFixed(2)} ms to ${small.msEach.toFixed(2)} ms`,
    },
    {
      what: 'paid order to the till while the import runs, 95th percentile',
      measured: p95 / 1000,
      limit: { atMost: 5 },
      unit: 's',
      detail: `${sorted.length} orders, one every ${orderEveryMs / 1000} s; slowest ${((sorted.at(-1) ?? Number.NaN) / 1000).toFixed(2)} s`,
    },
    {
      what: `calls to Shopware for ${large.levels} changed stock levels`,
      measured: large.calls,
      limit: { atMost: Math.floor(1.1 * Math.ceil(large.levels / page)) },
      detail: `${Math.ceil(large.levels / page)} pages of ${page}`,
    },
  ];
}

interface Scene {
  readonly ground: Ground;
  readonly parties: Remote<CatalogueParties>;
  readonly imported: Imported;
}

/** A fresh database, server and shop: what an earlier import has left must not count. */
async function onOwnGround<T>(articles: number, work: (scene: Scene) => Promise<T>): Promise<T> {
  const ground = await openGround();
  try {
    const parties = ground.process<CatalogueParties>('./catalogue-parties.ts');
    const environment = await parties.open({ articles, platforms: [platform] });
    const server = await ground.server({ ...environment, POLL_EVERY_MS: '5000' });
    await parties.install(server.url);
    await parties.flowOn({ platform, kind: 'order' });
    const flow = await parties.flowOn({ platform, kind: 'product' });
    const running = { yet: true };
    const orders = buyWhile(running, () => parties.buy(platform));
    const { peakMb, took } = await watching(server, () => parties.import({ platform, flow }));
    running.yet = false;
    const imported = { msEach: took / articles, peakMb, orders: await orders };
    const result = await work({ ground, parties, imported });
    const unexpected = await parties.unexpected();
    if (unexpected.length > 0) throw new Error(unexpected.join('\n'));
    return result;
  } finally {
    await ground.stop();
  }
}

async function watching(server: Server, work: () => Promise<number>): Promise<{ peakMb: number; took: number }> {
  let peakMb = 0;
  const timer = setInterval(() => {
    peakMb = Math.max(peakMb, server.residentMb());
  }, 100);
  try {
    const took = await work();
    return { took, peakMb };
  } finally {
    clearInterval(timer);
  }
}

async function buyWhile(running: { readonly yet: boolean }, buy: () => Promise<number>): Promise<number[]> {
  const orders: Promise<number>[] = [];
  while (running.yet) {
    const order = buy();
    // What fails is told below, when all are waited for.
    order.catch(() => undefined);
    orders.push(order);
    await pause(orderEveryMs);
  }
  return Promise.all(orders);
}
