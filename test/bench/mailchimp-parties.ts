/** A process that plays a till with many customers and orders and the Mailchimp account that they are brought to, and counts what was asked there. */
import { setTimeout as pause } from 'node:timers/promises';
import { type ApiClient, openFrame, type Shape } from '../e2e/api-client.ts';
import { shopwareFixture } from '../e2e/shopware-fixture.ts';
import { connectMailchimp } from '../e2e/systems.ts';
import { tillSettings } from '../e2e/world.ts';
import { startMailchimp } from '../simulators/mailchimp/simulator.ts';
import { startMpluskassa } from '../simulators/mpluskassa/simulator.ts';
import { serve } from './remote.ts';

/** Longer than any of these runs takes on two cores. */
const patienceMs = 900_000;

export type Imported = 'customer' | 'order';

/** Requests to Mailchimp; those that a batch holds count as the batch. */
export interface Asked {
  readonly reads: number;
  readonly writes: number;
  readonly submissions: number;
}

const openedAt = new Date();
const shop = await shopwareFixture.start({ seed: 1 });
const till = await startMpluskassa();
const mailchimp = await startMailchimp();
const before = mailchimp.members().length;
const articles = till
  .articles()
  .filter(({ stockArticle, priceIncl }) => stockArticle && priceIncl > 0)
  .map(({ articleNumber }) => articleNumber);
const asked = { reads: 0, writes: 0, submissions: 0 };
mailchimp.faults.watch(({ method, path }) => {
  if (method === 'GET') asked.reads += 1;
  else asked.writes += 1;
  if (method === 'POST' && path.endsWith('/batches')) asked.submissions += 1;
});
// Both remember every request with its answer, which a long run would drown in.
setInterval(() => {
  mailchimp.clearRequests();
  till.calls.reset();
}, 500).unref();

let api: ApiClient | undefined;
function screens(): ApiClient {
  if (api === undefined) throw new Error('the shop was not installed');
  return api;
}

const methods = {
  /** So many customers of the till, each with one paid order of one to three articles. */
  fill(count: number) {
    for (let at = 0; at < count; at += 1) {
      const email = `klant.${at}@example.test`;
      const address = { address: `Langestraat ${at}`, zipcode: '1012JS', city: 'Amsterdam', country: 'NL', telephone: `+3120${at}` };
      till.putRelation({ name: `Robin Koper${at}`, email, ...address });
      const lines = Array.from({ length: 1 + (at % 3) }, (_, line) => ({
        articleNumber: articles[(at + line) % articles.length] ?? 0,
        quantity: 1 + (at % 2),
      }));
      till.placeOrder({ email, lines });
    }
  },
  environment: () => ({ ...shop.environment(), MAILCHIMP_API_BASE_URL: mailchimp.apiBaseUrlTemplate }),
  async install(appUrl: string) {
    await shop.install(appUrl);
    api = await openFrame(appUrl, await shop.frameUrl());
    await api.expect('PUT', 'connections/mpluskassa', { settings: tillSettings(till) });
    await connectMailchimp(api, mailchimp);
  },
  /** A flow from the till to Mailchimp, for everything that the till was filled with. */
  async flowOn(kind: Imported) {
    const connections = await screens().expect<Shape<'Connection'>[]>('GET', 'connections');
    const [source, target] = ['mpluskassa', 'mailchimp'].map((name) => connections.find(({ connector }) => connector === name)?.id);
    const flow = await screens().expect<Shape<'Flow'>>('POST', 'flows', { kind, source, target });
    await screens().expect<Shape<'Flow'>>('POST', `flows/${flow.id}/switch`, { on: true, from: openedAt.toISOString() });
    return flow.id;
  },
  /** Resolves when all records have been carried out, to how long it took in milliseconds. */
  async import(flow: string) {
    const startedAt = performance.now();
    await screens().expect('POST', `flows/${flow}/imports`, { phase: 'import', action: 'start' });
    while (performance.now() - startedAt < patienceMs) {
      await pause(250);
      const runs = await screens().expect<Shape<'ImportRun'>[]>('GET', `flows/${flow}/imports`);
      const run = runs.find(({ phase }) => phase === 'import');
      if (run?.state === 'failed' || run?.state === 'paused') throw new Error(`the import is ${run.state}: ${run.cause?.message}`);
      if (run?.state !== 'done' || run.remaining > 0) continue;
      const { parkedBy } = await screens().expect<Shape<'Flow'>>('GET', `flows/${flow}`);
      if (parkedBy.length > 0) throw new Error(`set aside: ${JSON.stringify(parkedBy)}`);
      return performance.now() - startedAt;
    }
    throw new Error('the import does not end');
  },
  /** Resolves once no store rests any more: what an import has put to rest is waked some time after its end. */
  async awake() {
    const startedAt = performance.now();
    while (mailchimp.stores().some(({ is_syncing }) => is_syncing === true)) {
      if (performance.now() - startedAt > 120_000) throw new Error('a store still rests after the import');
      await pause(100);
    }
  },
  /** Since the last time. */
  asked(): Asked {
    const since = { ...asked };
    Object.assign(asked, { reads: 0, writes: 0, submissions: 0 });
    return since;
  },
  arrived: () => ({
    members: mailchimp.members().length - before,
    orders: mailchimp.stores().reduce((sum, { id }) => sum + mailchimp.orders(String(id)).length, 0),
    mails: mailchimp.mails.length,
  }),
  unexpected: () => [...till.unexpected, ...mailchimp.unexpected, ...shop.unexpected()],
};

export type MailchimpParties = typeof methods;
serve(methods);
