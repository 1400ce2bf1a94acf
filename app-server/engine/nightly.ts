/** Once a night a stock flow reads everything: what a lost message or somebody's hand has put apart comes together again. */
import type { Imports } from './import.ts';
import { jitterMs } from './jitter.ts';
import type { Engine } from './run.ts';

/** Where the shops sleep. */
const zone = 'Europe/Amsterdam';
/** By their clock; each flow has a fixed moment of its own in these hours. */
const quiet = { fromHour: 2, hours: 3 } as const;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const atOnce = 20;
/** How long a worker may take from claiming a night to having begun it. */
const leaseMs = 60_000;

/** The flow's next moment in the quiet hours. */
export function nextNight(flow: string, after: Date): Date {
  const share = quiet.fromHour * hourMs + jitterMs(flow, quiet.hours * hourMs);
  const today = Math.floor(after.getTime() / dayMs) * dayMs;
  const nights = [-1, 0, 1, 2].map((days) => today + days * dayMs + share).map((local) => local - aheadMs(new Date(local)));
  return new Date(nights.find((night) => night > after.getTime()) ?? after.getTime() + dayMs);
}

const clock = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });

/** How far the shops' clock is ahead of UTC: `GMT+02:00`. */
function aheadMs(at: Date): number {
  const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d+):(\d+)/.exec(clock.format(at)) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * hourMs + Number(minutes) * 60_000);
}

/** Begins the nights that are due, each as an ordinary import in the bulk lane. Dying in between only means to begin again. */
export async function beginNights(engine: Pick<Engine, 'flows' | 'clock'>, imports: Pick<Imports, 'start'>): Promise<number> {
  const now = engine.clock.now();
  const flows = await engine.flows.claimNights(now, { limit: atOnce, leaseMs });
  for (const flow of flows) {
    await imports.start(flow, 'nightly', now);
    await engine.flows.nightBegun(flow.id, nextNight(flow.id, now));
  }
  return flows.length;
}
