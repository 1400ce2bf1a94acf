/** Paid orders from the ledger to the till, against a loop by hand that makes the same calls. */

import type { Tenant } from '../../app-server/engine/model.ts';
import { referenceOf } from '../../app-server/engine/prepare.ts';
import { mpluskassa } from '../../connectors/mpluskassa/index.ts';
import { openGround } from './ground.ts';
import type { HandLoop, RecordedOrder } from './hand-loop.ts';
import { median, type Row } from './result.ts';
import type { Placed } from './third-parties.ts';
import { doneAt, drained, noteOrders, rateOf } from './waiting-orders.ts';

const rounds = 9;
const perRound = 400;

export async function orders(): Promise<Row[]> {
  const ground = await openGround();
  try {
    const others = ground.thirdParties();
    const loop = ground.process<HandLoop>('./hand-loop.ts');
    // The orders come from the ledger alone; a poll would bring them before their time.
    const server = await ground.server({ POLL_EVERY_MS: String(24 * 3_600_000) });
    const flow = await others.install(server.url);
    const shop = await others.shop();
    const tillUrl = await others.spareTill();
    const product: number[] = [];
    const byHand: number[] = [];
    const cpu: { server: number; database: number }[] = [];
    let calls = 0;
    for (let round = 0; round <= rounds; round += 1) {
      await others.switch({ flow: flow.flow, on: false });
      const placed = await others.place(perRound);
      await noteOrders(ground.database, flow, placed);
      await others.recorded();
      const before = { server: server.cpuMs(), database: ground.databaseCpuMs() };
      await others.switch({ flow: flow.flow, on: true });
      await drained(ground.database);
      cpu.push({ server: (server.cpuMs() - before.server) / perRound, database: (ground.databaseCpuMs() - before.database) / perRound });
      product.push(rateOf(await doneAt(ground.database, placed)));

      const { soap, searches, unexpected } = await others.recorded();
      if (unexpected.length > 0) throw new Error(unexpected.join('\n'));
      const recorded = ordersOf(soap, placed, flow.tenant);
      calls = recorded.reduce((sum, order) => sum + order.calls.length, 0) / recorded.length;
      const errand = { uri: ground.uri, shop, tillUrl, searches, orders: recorded, concurrency: mpluskassa.limits.concurrency };
      byHand.push(rateOf(await loop.run(errand)));
      await others.recorded();
    }
    const inTills = await others.tillOrders();
    if (inTills.product !== inTills.spare) throw new Error(`${inTills.product} orders by the product, ${inTills.spare} by hand`);
    const ratios = product.map((rate, index) => rate / (byHand[index] ?? Number.NaN));
    return [
      {
        what: 'paid orders end to end, of a loop by hand',
        // The first round only warms both up.
        measured: median(ratios.slice(1)),
        limit: { atLeast: 0.5 },
        detail: `${median(product.slice(1)).toFixed(0)}/s of ${median(byHand.slice(1)).toFixed(0)}/s, ${rounds} rounds of ${perRound}, ${calls.toFixed(1)} calls to the till each, ${mpluskassa.limits.concurrency} at once; CPU per order ${median(cpu.map((each) => each.server)).toFixed(1)} ms server, ${median(cpu.map((each) => each.database)).toFixed(1)} ms database`,
      },
    ];
  } finally {
    await ground.stop();
  }
}

/** Which calls were made for which order. What serves all of them (version, lists, articles) is left out. */
function ordersOf(soap: readonly { operation: string; body: string }[], placed: readonly Placed[], tenant: string): RecordedOrder[] {
  const byMark = new Map<string, { operation: string; body: string }[]>();
  const result = placed.map(({ id, number, email }) => {
    const calls: { operation: string; body: string }[] = [];
    byMark.set(referenceOf(tenant as Tenant, 'order', id), calls);
    byMark.set(email, calls);
    return { id, number, calls };
  });
  let readBacks = 0;
  for (const call of soap) {
    if (call.operation === 'getOrder') readBacks += 1;
    const mark = /tb-[0-9a-f]{29}|robin\.\d+@example\.test/.exec(call.body)?.[0];
    if (mark !== undefined) byMark.get(mark)?.push(call);
  }
  const readBack = soap.find(({ operation }) => operation === 'getOrder');
  if (readBack === undefined || readBacks !== placed.length) throw new Error(`${readBacks} orders were read back`);
  for (const { calls } of result) calls.push(readBack);
  return result;
}
