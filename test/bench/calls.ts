/** What one order costs the till: every call of its small pool of threads counts. */
import { openGround } from './ground.ts';
import type { Row } from './result.ts';
import { drained } from './waiting-orders.ts';

const measured = 5;
const repetitions = 20;

export async function calls(): Promise<Row[]> {
  const ground = await openGround();
  try {
    const others = ground.thirdParties();
    const server = await ground.server();
    await others.install(server.url);
    let last = '';
    const costOf = async (customer: 'new' | 'returning', everything = false): Promise<readonly string[]> => {
      await others.tillCalls();
      last = await others.buy({ customer, everything });
      await drained(ground.database);
      return others.tillCalls();
    };
    // Afterwards every article, VAT group and method has been seen once.
    await costOf('new', true);
    const fresh: (readonly string[])[] = [];
    const returning: (readonly string[])[] = [];
    for (let index = 0; index < measured; index += 1) {
      fresh.push(await costOf('new'));
      returning.push(await costOf('returning'));
    }
    await others.repeat({ id: last, times: repetitions });
    await drained(ground.database);
    const repeated = await others.tillCalls();
    return [
      row('calls to the till, new customer', most(fresh), 5),
      row('calls to the till, returning customer', most(returning), 4),
      row(`calls to the till, ${repetitions} more events of a sent order`, repeated, 0),
    ];
  } finally {
    await ground.stop();
  }
}

const most = (lists: readonly (readonly string[])[]): readonly string[] => lists.reduce((a, b) => (b.length > a.length ? b : a), []);

function row(what: string, operations: readonly string[], atMost: number): Row {
  return { what, measured: operations.length, limit: { atMost }, detail: operations.join(', ') };
}
