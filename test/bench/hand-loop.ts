/** What the engine is measured against: a loop that a programmer writes in an afternoon. The same requests, one document per order. */
import http from 'node:http';
import { connect } from '../../app-server/store/database.ts';
import { dbName } from './ground.ts';
import { serve } from './remote.ts';

export interface RecordedOrder {
  readonly id: string;
  readonly number: string;
  /** In the order in which they were made. */
  readonly calls: readonly { readonly operation: string; readonly body: string }[];
}

export interface Errand {
  readonly uri: string;
  readonly shop: { readonly url: string; readonly apiKey: string; readonly secretKey: string };
  readonly tillUrl: string;
  /** Bodies of the searches that read the orders. */
  readonly searches: readonly string[];
  readonly orders: readonly RecordedOrder[];
  readonly concurrency: number;
}

const agent = new http.Agent({ keepAlive: true });
let database: Awaited<ReturnType<typeof connect>> | undefined;

function post(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      url,
      { method: 'POST', agent, headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          if (answer.statusCode === 200) resolve(text);
          else reject(new Error(`${url} answered ${answer.statusCode}: ${text.slice(0, 300)}`));
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

const methods = {
  /** Resolves to when each order was done, in milliseconds. */
  async run({ uri, shop, tillUrl, searches, orders, concurrency }: Errand): Promise<number[]> {
    database ??= await connect(uri, dbName);
    const done = database.connection.collection('by-hand');
    const json = { accept: 'application/json', 'content-type': 'application/json' };
    const credentials = { grant_type: 'client_credentials', client_id: shop.apiKey, client_secret: shop.secretKey };
    const { access_token } = JSON.parse(await post(`${shop.url}/api/oauth/token`, JSON.stringify(credentials), json));
    const byId = new Map(orders.map((order) => [order.id, order]));
    const times: number[] = [];

    for (const search of searches) {
      const { data } = JSON.parse(await post(`${shop.url}/api/search/order`, search, { ...json, authorization: `Bearer ${access_token}` }));
      const batch: RecordedOrder[] = data.flatMap(({ id }: { id: string }) => byId.get(id) ?? []);
      for (const { id } of batch) byId.delete(id);
      await Promise.all(
        Array.from({ length: concurrency }, async () => {
          for (let order = batch.shift(); order; order = batch.shift()) {
            const target = await send(order);
            await done.insertOne({ order: order.id, number: order.number, target, at: new Date() });
            times.push(Date.now());
          }
        }),
      );
    }
    if (byId.size > 0) throw new Error(`${byId.size} orders were never read`);
    return times;

    async function send(order: RecordedOrder): Promise<string> {
      let relation: string | undefined;
      let target = '';
      for (const { operation, body } of order.calls) {
        const headers = { 'content-type': 'text/xml; charset=utf-8', soapaction: `"${operation}"` };
        const answer = await post(tillUrl, filled(operation, body, { relation, target }), headers);
        if (operation === 'findRelationV2' || operation === 'createRelation') relation = tagIn(answer, 'relationNumber') ?? relation;
        if (operation === 'createOrderV3') target = tagIn(answer, 'orderId') ?? '';
      }
      return target;
    }
  },
};

/** The two tills count for themselves, so what one brought is not what the other brings. */
function filled(operation: string, body: string, known: { relation: string | undefined; target: string }): string {
  if (operation === 'createOrderV3' && known.relation !== undefined)
    return body.replace(/(<(?:\w+:)?relationNumber>)[^<]*/, `$1${known.relation}`);
  if (operation === 'getOrder') return body.replace(/(<(?:\w+:)?orderId>)[^<]*/, `$1${known.target}`);
  return body;
}

function tagIn(text: string, name: string): string | undefined {
  return new RegExp(`<(?:\\w+:)?${name}>([^<]+)<`).exec(text)?.[1];
}

export type HandLoop = typeof methods;
serve(methods);
