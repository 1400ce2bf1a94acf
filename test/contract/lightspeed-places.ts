/** Both products of Lightspeed for the contract suite. */
import { withKindSettings } from '../../app-server/mapping/kind-settings.ts';
import type { Connector } from '../../connectors/connector.ts';
import { lightspeedConnector } from '../../connectors/lightspeed/index.ts';
import type { SeedPerson } from '../simulators/lightspeed/articles.ts';
import { startCSeries } from '../simulators/lightspeed/cseries.ts';
import { startXSeries } from '../simulators/lightspeed/xseries.ts';
import { emailOf, skuOf } from './canonical-records.ts';
import { httpTrouble, type Site } from './place.ts';

export const webshop: Site = {
  name: 'Lightspeed eCom',
  refuses: { order: 'lightspeed.orders-not-writable' },
  // Behind the newest order nobody can tell what is not there from what is not shown yet.
  unknown: { order: '7' },
  async start() {
    const simulator = await startCSeries({
      knobs: { linesAfterMs: 0, limits: [1e6, 1e6, 1e6] },
      now: () => new Date(Date.now() - 120_000),
    });
    const settings = { series: 'ecom', apiKey: simulator.apiKey, apiSecret: simulator.apiSecret, language: 'nl' };
    for (let count = 0; count < 3; count += 1) simulator.place({ paid: true });
    return {
      connector: withKindSettings(lightspeedConnector({ ecomApiBaseUrl: simulator.url }) as Connector),
      settings,
      dead: { ...settings, apiSecret: '0'.repeat(32) },
      trouble: httpTrouble(simulator.faults),
      writes: () => simulator.requests.filter(({ method }) => method !== 'GET').length,
      count(kind, n) {
        switch (kind) {
          case 'customer':
            return simulator.customers().filter(({ email }) => email === emailOf('person', n)).length;
          case 'category':
            return categoriesIn(simulator.requests, n);
          default:
            return simulator.variant(skuOf(kind, n)) === undefined ? 0 : 1;
        }
      },
      unexpected: () => simulator.unexpected,
      stop: () => simulator.stop(),
    };
  },
};

/** The simulator shows no categories to a test: those that were made are counted by the requests that made them. */
const categoriesIn = (requests: readonly { method: string; path: string; body: string; status: number }[], n: number): number =>
  requests.filter(
    ({ method, path, body, status }) =>
      method === 'POST' && status < 300 && /categories(\/bulk)?$/.test(path) && body.includes(`"Category ${n}"`),
  ).length;

export const retail: Site = {
  name: 'Lightspeed Retail',
  async start() {
    const simulator = await startXSeries({ knobs: { limit: 1_000_000 } });
    const settings = { series: 'retail', domainPrefix: simulator.domainPrefix, personalToken: simulator.personalToken() };
    for (let count = 0; count < 3; count += 1) simulator.sell();
    return {
      connector: withKindSettings(lightspeedConnector({ retailApiBaseUrl: simulator.apiBaseUrl }) as Connector),
      settings,
      dead: { ...settings, personalToken: 'a-token-that-was-deleted' },
      trouble: httpTrouble(simulator.faults),
      writes: () => simulator.requests.filter(({ method }) => method !== 'GET').length,
      lay(kind, n) {
        if (kind === 'customer') simulator.addCustomer(customerOf(`counter.${n}@example.com`));
      },
      count(kind, n) {
        switch (kind) {
          case 'order':
            return simulator.sales().filter(({ invoice_number, note }) => `${invoice_number} ${note}`.includes(`C-${n}`)).length;
          case 'customer':
            return simulator.customers().filter(({ email }) => email === emailOf('person', n)).length;
          case 'category':
            return categoriesIn(simulator.requests, n);
          default:
            return simulator.product(skuOf(kind, n)) === undefined ? 0 : 1;
        }
      },
      unexpected: () => simulator.unexpected,
      stop: () => simulator.stop(),
    };
  },
};

const customerOf = (email: string): SeedPerson => ({
  ...{ email, firstname: 'Kim', lastname: 'Counter', phone: '+31 20 555 0123' },
  ...{ street: 'Kade', number: '1', extension: '', zipcode: '1011 AA', city: 'Amsterdam', country: 'nl' },
});
