/** A thousand shops in which nothing happens: are their polls spread, and what does the waiting cost? */
import { setTimeout as pause } from 'node:timers/promises';
import { openGround } from './ground.ts';
import { installShops } from './idle-shops.ts';
import { median, type Row } from './result.ts';

const shops = 1_000;
/** Every flow comes round at least once; before, each session asks for its first token. */
const warmUpMs = 70_000;
const windowMs = 60_000;

export async function idle(): Promise<Row[]> {
  const ground = await openGround();
  try {
    const others = ground.thirdParties();
    const server = await ground.server();
    await others.install(server.url);
    await installShops(ground.database, shops, { shop: await others.shop(), till: await others.till() });
    await pause(warmUpMs);
    const cpuBefore = server.cpuMs();
    const databaseBefore = ground.databaseCpuMs();
    const from = new Date();
    await pause(windowMs);
    // A flow is polled at most once within the window, so its last poll is all there is to know.
    const polled = await ground.database.connection
      .collection('flows')
      .find({ lastPollAt: { $gte: from } }, { projection: { lastPollAt: 1 } })
      .toArray();
    const starts = polled.map(({ lastPollAt }) => (lastPollAt as Date).getTime());
    const cpu = ((server.cpuMs() - cpuBefore) / windowMs) * 100;
    const databaseCpu = ((ground.databaseCpuMs() - databaseBefore) / windowMs) * 100;
    const perSecond = countPerSecond(starts);
    const mean = starts.length / (windowMs / 1000);
    const expected = shops / 60;
    return [
      {
        what: 'idle with 1,000 shops: polls of the interval that are made',
        measured: mean / expected,
        limit: { atLeast: 0.9 },
        detail: `${mean.toFixed(1)} per second, ${expected.toFixed(1)} when each shop is polled once a minute`,
      },
      {
        what: 'idle with 1,000 shops: fullest second to even spread',
        measured: Math.max(...perSecond) / mean,
        // The fullest of 60 seconds of evenly random arrivals at 16.7/s is about twice the mean; a tick of 5 s would be five times.
        limit: { atMost: 3 },
        detail: `${Math.max(...perSecond)} in the fullest second, median ${median(perSecond)}, over ${windowMs / 1000} s`,
      },
      {
        what: 'idle with 1,000 shops: CPU of the server',
        measured: cpu,
        unit: '%',
        detail: `of one core; database ${databaseCpu.toFixed(1)} %; ${server.residentMb().toFixed(0)} MB resident`,
      },
    ];
  } finally {
    await ground.stop();
  }
}

function countPerSecond(starts: readonly number[]): number[] {
  const first = Math.min(...starts);
  const counts = Array.from({ length: windowMs / 1000 }, () => 0);
  for (const at of starts) {
    const second = Math.floor((at - first) / 1000);
    counts[second] = (counts[second] ?? 0) + 1;
  }
  return counts;
}
