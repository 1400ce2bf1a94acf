/** Answers to webhooks per second, against a bare Express app on the same database. */
import type { BareApp } from './bare-app.ts';
import { openGround } from './ground.ts';
import { pour } from './load.ts';
import { paidEvents, unheardOf } from './paid-events.ts';
import { median, type Row } from './result.ts';

const rounds = 9;
const perRound = 1_500;
const connections = 32;

export async function webhooks(): Promise<Row[]> {
  const ground = await openGround();
  try {
    const others = ground.thirdParties();
    const server = await ground.server({ ROLE: 'web' });
    await others.install(server.url);
    const model = await others.paidEvent();
    const productUrl = new URL(model.url);
    const bareUrl = new URL(await ground.process<BareApp>('./bare-app.ts').open({ uri: ground.uri, secret: model.secret }));
    const round = async (url: URL, count: number): Promise<number> => {
      const wires = paidEvents(model, unheardOf(count), url);
      return pour(url, wires, connections);
    };
    for (const url of [productUrl, bareUrl]) await round(url, perRound);
    const product: number[] = [];
    const bare: number[] = [];
    for (let index = 0; index < rounds; index += 1) {
      const order = index % 2 === 0 ? ([product, bare] as const) : ([bare, product] as const);
      for (const rates of order) rates.push(await round(rates === product ? productUrl : bareUrl, perRound));
    }
    const stored = await ground.database.connection.collection('entries').countDocuments();
    const expected = (rounds + 1) * perRound;
    if (stored < expected) throw new Error(`${stored} of ${expected} orders are in the ledger`);
    return [
      {
        what: 'webhook answers per second, of the bare app',
        measured: median(product.map((rate, index) => rate / (bare[index] ?? Number.NaN))),
        limit: { atLeast: 0.5 },
        detail: `${median(product).toFixed(0)}/s of ${median(bare).toFixed(0)}/s, ${rounds} rounds of ${perRound}, ${connections} connections, ${Buffer.byteLength(model.body)} bytes each`,
      },
    ];
  } finally {
    await ground.stop();
  }
}
