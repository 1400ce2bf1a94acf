/** A first import into Mailchimp: as few batches as there can be, the same memory for ten times as much, and nothing written for what stands there already. */
import { openGround, type Server } from './ground.ts';
import type { Asked, Imported, MailchimpParties } from './mailchimp-parties.ts';
import type { Row } from './result.ts';

const few = 2_000;
const many = 20_000;
/** Requests of one batch. */
const batch = 500;
const kinds: readonly Imported[] = ['customer', 'order'];

interface Run {
  readonly peakMb: number;
  readonly first: readonly Asked[];
  readonly seconds: readonly number[];
}

export async function mailchimp(): Promise<Row[]> {
  const small = await onOwnGround(few, false);
  const large = await onOwnGround(many, true);
  const again = large.again ?? [];
  const least = Math.ceil(many / batch);
  return [
    ...kinds.map(
      (kind, index): Row => ({
        what: `batches to Mailchimp for ${many} ${kind}s, of the least there can be`,
        measured: (large.first[index]?.submissions ?? Number.NaN) / least,
        limit: { atMost: 1.2 },
        detail: `${large.first[index]?.submissions} of ${least}; ${large.first[index]?.reads} reads, ${writesBeside(large.first[index])} other writes, ${large.seconds[index]?.toFixed(0)} s`,
      }),
    ),
    {
      what: `import of ${many} customers and orders to ${few}: peak of memory`,
      measured: large.peakMb / small.peakMb,
      limit: { atMost: 1.2 },
      detail: `${large.peakMb.toFixed(0)} MB to ${small.peakMb.toFixed(0)} MB resident, server process alone`,
    },
    {
      what: `writes to Mailchimp for ${many} unchanged customers and orders`,
      measured: again.reduce((sum, { writes }) => sum + writes, 0),
      limit: { atMost: 0 },
      detail: `a second import of both; ${again.reduce((sum, { reads }) => sum + reads, 0)} reads, batches count as one write`,
    },
  ];
}

const writesBeside = (asked: Asked | undefined): number => (asked?.writes ?? Number.NaN) - (asked?.submissions ?? Number.NaN);

/** A fresh database, server and account: what an earlier import has left must not count. */
async function onOwnGround(count: number, twice: boolean): Promise<Run & { readonly again?: readonly Asked[] }> {
  const ground = await openGround();
  try {
    const parties = ground.process<MailchimpParties>('./mailchimp-parties.ts');
    await parties.fill(count);
    const server = await ground.server({ ...(await parties.environment()), POLL_EVERY_MS: '2000' });
    await parties.install(server.url);
    await parties.asked();
    const flows = new Map<Imported, string>();
    const importAll = async (): Promise<{ asked: Asked[]; seconds: number[] }> => {
      const asked: Asked[] = [];
      const seconds: number[] = [];
      for (const kind of kinds) {
        const flow = flows.get(kind) ?? (await parties.flowOn(kind));
        flows.set(kind, flow);
        seconds.push((await parties.import(flow)) / 1000);
        await parties.awake();
        asked.push(await parties.asked());
      }
      return { asked, seconds };
    };
    const { peakMb, result } = await watching(server, importAll);
    const { members, orders } = await parties.arrived();
    if (members < count || orders !== count) throw new Error(`${members} members and ${orders} orders arrived of ${count} each`);
    const again = twice ? (await importAll()).asked : undefined;
    const unexpected = await parties.unexpected();
    if (unexpected.length > 0) throw new Error(unexpected.join('\n'));
    return { peakMb, first: result.asked, seconds: result.seconds, ...(again && { again }) };
  } finally {
    await ground.stop();
  }
}

async function watching<T>(server: Server, work: () => Promise<T>): Promise<{ peakMb: number; result: T }> {
  let peakMb = 0;
  const timer = setInterval(() => {
    peakMb = Math.max(peakMb, server.residentMb());
  }, 100);
  try {
    return { result: await work(), peakMb };
  } finally {
    clearInterval(timer);
  }
}
