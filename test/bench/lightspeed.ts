/**
 * Five thousand stock levels through the three rate windows of C-Series, against the best that the windows allow. An hour and a half of a
 * merchant's time, so the whole product stands in this process and time only passes when nothing is left to do at the moment.
 */
import type { Database } from '../../app-server/store/database.ts';
import { customersOf } from '../e2e/lightspeed-orders.ts';
import { shopwareFixture } from '../e2e/shopware-fixture.ts';
import { connectWebshop, flowBetween } from '../e2e/systems.ts';
import { openWorld, tillSettings, type World } from '../e2e/world.ts';
import { type CSeriesSimulator, startCSeries } from '../simulators/lightspeed/cseries.ts';
import { createRateWindows } from '../simulators/lightspeed/rate-windows.ts';
import { manyArticles } from '../simulators/mpluskassa/articles.ts';
import { articles as tillArticles } from '../simulators/mpluskassa/seed.ts';
import { type Ground, openGround } from './ground.ts';
import type { Row } from './result.ts';

const levels = 5_000;
/** The article of the orders. */
const bought = 100_000;
/** Of 5 minutes, an hour and a day (C-Series, X-RateLimit-Limit). */
const windows = { lengthsMs: [300_000, 3_600_000, 86_400_000], limits: [300, 3_000, 12_000] } as const;
/** Most rows of a list. */
const page = 250;
/** Whatever falls due is found by the product's recurring wake-up. */
const stepMs = 2_000;
const orderEveryMs = 100_000;
const longestMs = 6 * 3_600_000;
/** A poll is late by this much at most; an order that took longer had to wait for a window. */
const soonMs = 5_000;

interface Asked {
  readonly atMs: number;
  readonly bulk: boolean;
  readonly write: boolean;
}

interface Seen {
  /** From the start of the import to the last level. */
  readonly tookMs: number;
  readonly startMs: number;
  readonly levels: number;
  readonly asked: readonly Asked[];
  /** How long each order took that was placed meanwhile, in milliseconds. */
  readonly orders: readonly number[];
  readonly refused: number;
}

export async function lightspeed(): Promise<Row[]> {
  const singly = await scene(false);
  const together = await scene(true);
  const allowedMs = soonest(singly);
  const minutes = (ms: number): string => `${(ms / 60_000).toFixed(1)} min`;
  const slowest = Math.max(...singly.orders);
  const writes = together.asked.filter(({ write }) => write).length;
  return [
    {
      what: `${singly.levels} stock levels to C-Series one by one: finished, of what the windows allow`,
      measured: singly.tookMs / allowedMs,
      limit: { atMost: 1.1 },
      detail: `${minutes(singly.tookMs)} to ${minutes(allowedMs)}; ${singly.asked.length} requests, ${singly.refused} refused`,
    },
    {
      what: 'paid order to the till meanwhile, slowest',
      measured: slowest / 1_000,
      limit: { atMost: soonMs / 1_000 },
      unit: 's',
      detail: `${singly.orders.length} orders, one every ${orderEveryMs / 1_000} s of the simulated clock`,
    },
    {
      what: `${together.levels} stock levels to C-Series several at once: requests, of the first window`,
      measured: together.asked.filter(({ bulk }) => bulk).length / windows.limits[0],
      limit: { atMost: 1 },
      detail: `${writes} writes and ${together.asked.length - writes} reads, finished after ${minutes(together.tookMs)}`,
    },
  ];
}

async function scene(bulk: boolean): Promise<Seen> {
  const ground = await openGround();
  const clock = { ms: Date.now() };
  const now = (): Date => new Date(clock.ms);
  const goods = [...tillArticles, ...manyArticles(levels)].map(({ articleNumber, description = '', priceIncl = 100, vatCode = 1 }) => ({
    ...{ code: String(articleNumber), name: description || `Artikel ${articleNumber}`, price: Math.max(1, priceIncl) },
    ...{ rate: [2_100, 2_100, 900, 0][vatCode] ?? 2_100, stock: 0 },
  }));
  const shop = await startCSeries({ now, articles: goods, knobs: { linesAfterMs: 0, limits: [...windows.limits], bulk } });
  const asked: Asked[] = [];
  shop.faults.watch(({ method, path }) => {
    const ofVariants = path.includes('/variants');
    asked.push({ atMs: clock.ms, bulk: ofVariants, write: ofVariants && method !== 'GET' });
  });
  const world = await openWorld({
    ...{ fixture: shopwareFixture, database: ground.database, bare: true, till: { articles: levels }, now },
    environment: { LIGHTSPEED_ECOM_API_BASE_URL: shop.url },
  });
  try {
    const run = await connected(world, shop, { ground, clock });
    const startMs = clock.ms;
    const { doneMs, orders } = await run();
    const unexpected = [...world.till.unexpected, ...world.shop.unexpected(), ...shop.unexpected];
    if (unexpected.length > 0) throw new Error(unexpected.slice(0, 5).join('\n'));
    const stocked = stockedArticles(world);
    // What is weighed goes over in whole kilos; what was just bought changes in both places once more.
    const wrong = stocked.filter((number) => number !== bought && shop.stock(String(number)) !== Math.floor(world.till.stock(number).free));
    if (wrong.length > 0) throw new Error(`${wrong.length} of ${stocked.length} levels are not as in the till: ${wrong.slice(0, 5)}`);
    const refused = shop.requests.filter(({ status }) => status === 429).length;
    return { tookMs: doneMs - startMs, startMs, levels: stocked.length, asked, orders, refused };
  } finally {
    await world.stop();
    await shop.stop();
    await ground.stop();
  }
}

const stockedArticles = ({ till }: World): number[] =>
  till
    .articles()
    .filter(({ stockArticle }) => stockArticle)
    .map(({ articleNumber }) => articleNumber);

/** Both flows are on and every level is to be changed; the returned function brings them over. */
async function connected(world: World, shop: CSeriesSimulator, { ground, clock }: { ground: Ground; clock: { ms: number } }) {
  const { api, till, app } = world;
  for (const number of stockedArticles(world)) till.sell(number, -1);
  await api.expect('PUT', 'connections/mpluskassa', { settings: tillSettings(till) });
  await connectWebshop(api, shop);
  await flowBetween(world, 'order', ['lightspeed', 'mpluskassa']);
  const flow = await flowBetween(world, 'stock', ['mpluskassa', 'lightspeed']);
  const { connection } = ground.database;
  // A night of the simulated clock would read everything once more.
  await connection.collection('flows').updateMany({}, { $unset: { nextNightAt: 1 } });
  await world.settled();
  const entries = connection.collection('entries');
  const people = customersOf(5);

  return async (): Promise<{ doneMs: number; orders: number[] }> => {
    await api.expect('POST', `flows/${flow.id}/imports`, { phase: 'import', action: 'start' });
    const startMs = clock.ms;
    const open = new Map<string, number>();
    const orders: number[] = [];
    let nextOrderMs = clock.ms;
    for (;;) {
      if (clock.ms >= nextOrderMs) {
        const { id } = shop.place({ lines: [{ code: String(bought) }], person: people.next(), paid: true });
        open.set(String(id), clock.ms);
        nextOrderMs += orderEveryMs;
      }
      await app.poll();
      await app.ports.desk.wake([]);
      await shop.webhooks.idle();
      await app.idle();
      const there = await entries.find({ kind: 'order', state: 'done', sourceId: { $in: [...open.keys()] } }).toArray();
      for (const { sourceId } of there) {
        orders.push(clock.ms - (open.get(String(sourceId)) ?? Number.NaN));
        open.delete(String(sourceId));
      }
      const waiting = await entries.countDocuments({ flow: flow.id, state: 'waiting' });
      const brought = await entries.countDocuments({ flow: flow.id, state: 'done' });
      if (waiting === 0 && brought > 0 && open.size === 0) {
        const parked = await entries.findOne({ state: 'parked' });
        if (parked !== null) throw new Error(`set aside: ${JSON.stringify(parked.cause)}`);
        return { doneMs: clock.ms, orders };
      }
      if (clock.ms - startMs > longestMs) throw new Error(`${waiting} levels and ${open.size} orders wait after ${longestMs / 60_000} min`);
      const next = Math.min(nextOrderMs, await nextDue(connection, clock.ms));
      clock.ms += stepMs * Math.max(1, Math.ceil((next - clock.ms) / stepMs));
    }
  };
}

/** When the product has something to do again, as far as it knows now. */
async function nextDue(connection: Database['connection'], nowMs: number): Promise<number> {
  const flows = await connection.collection('flows').find({ enabled: true }).toArray();
  const [entry] = await connection
    .collection('entries')
    .find({ state: 'waiting', dueAt: { $gt: new Date(nowMs) } })
    .sort({ dueAt: 1 })
    .limit(1)
    .toArray();
  const moments = [entry?.dueAt, ...flows.flatMap(({ nextPollAt, hold }) => [nextPollAt, hold?.until])];
  return Math.min(...moments.flatMap((moment) => (moment instanceof Date && moment.getTime() > nowMs ? [moment.getTime()] : [])));
}

/** When the last level could have been there if each window had been used up: the list of variants, a request per level, and everything else at its time. */
function soonest({ asked, levels: count, startMs }: Seen): number {
  const clock = { ms: asked[0]?.atMs ?? startMs };
  const rates = createRateWindows(
    windows.lengthsMs,
    () => windows.limits,
    () => new Date(clock.ms),
  );
  const others = asked.filter(({ bulk }) => !bulk).map(({ atMs }) => atMs);
  let left = count + Math.ceil(count / page);
  const never = Number.POSITIVE_INFINITY;
  const free = (): boolean => rates.state().every(({ remaining }) => remaining > 0);
  for (;;) {
    for (; (others[0] ?? never) <= clock.ms && free(); others.shift()) rates.take();
    for (; clock.ms >= startMs && left > 0 && free(); left -= 1) rates.take();
    if (left === 0) return clock.ms - startMs;
    const reopened = Math.min(...rates.state().flatMap(({ remaining, until }) => (remaining > 0 ? [] : [until])));
    clock.ms = Math.max(clock.ms + 1, Math.min(reopened, others[0] ?? never, clock.ms < startMs ? startMs : never));
  }
}
