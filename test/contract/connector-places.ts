/** Every system of the house as the contract suite of connectors needs it. */
import { withKindSettings } from '../../app-server/mapping/kind-settings.ts';
import type { Kind } from '../../connectors/commerce.ts';
import type { Connector } from '../../connectors/connector.ts';
import { mailchimpConnector } from '../../connectors/mailchimp/index.ts';
import { mpluskassa } from '../../connectors/mpluskassa/index.ts';
import { type MailchimpSimulator, startMailchimp } from '../simulators/mailchimp/simulator.ts';
import { startMpluskassa } from '../simulators/mpluskassa/simulator.ts';
import { emailOf, skuOf } from './canonical-records.ts';
import { retail, webshop } from './lightspeed-places.ts';
import { httpTrouble, type Site } from './place.ts';
import { ecwidStore, shopwareShop } from './shop-places.ts';

const till: Site = {
  name: 'MplusKASSA',
  values: { product: { turnoverGroup: 10 } },
  async start() {
    const simulator = await startMpluskassa();
    const { host, port, ident, secret } = simulator;
    const settings = { host, port, ident, secret, branchNumber: 1, employeeNumber: 101 };
    let forget = (): unknown => undefined;
    /** Strikes the n-th call from now, once. */
    const at = (nth: number, kind: 'write-then-drop' | 'garbage'): void => {
      forget();
      let left = nth - 1;
      if (left === 0) {
        simulator.faults.next(kind);
        return;
      }
      forget = simulator.calls.watch(() => {
        left -= 1;
        if (left > 0) return;
        forget();
        simulator.faults.next(kind);
      });
    };
    return {
      connector: withKindSettings(mpluskassa as Connector),
      settings,
      dead: { ...settings, secret: 'not-the-secret' },
      trouble: {
        loseAnswer: (nth) => at(nth, 'write-then-drop'),
        garble: (nth) => at(nth, 'garbage'),
        away: () => simulator.faults.away(true),
        async end() {
          forget();
          simulator.faults.clear();
          await simulator.faults.away(false);
        },
      },
      lay(kind, n) {
        if (kind === 'order') simulator.placeOrder({ email: `counter.${n}@example.com`, lines: [{ articleNumber: 1001, quantity: 1 }] });
      },
      writes: () => simulator.calls.filter(({ operation }) => !/^(get|find)/.test(operation)).length,
      count(kind, n) {
        switch (kind) {
          case 'order':
            return simulator.orders().filter(({ reference }) => reference === `C-${n}`).length;
          case 'customer':
            return simulator.relations().filter(({ email }) => String(email).toLowerCase() === emailOf('person', n)).length;
          case 'product':
            return simulator.articles().filter(({ articleNumber }) => String(articleNumber) === skuOf('product', n)).length;
          default:
            return simulator.articles().filter(({ articleNumber }) => String(articleNumber) === skuOf('stock', n)).length;
        }
      },
      unexpected: () => simulator.unexpected,
      stop: () => simulator.stop(),
    };
  },
};

const mailchimp: Site = {
  name: 'Mailchimp',
  lacks: ['paymentMethods', 'taxRates'],
  async start() {
    const simulator = await startMailchimp();
    const settings = { apiKey: simulator.apiKey, audience: simulator.audienceId };
    const inStores = (of: (store: string) => readonly Readonly<Record<string, unknown>>[]) =>
      simulator.stores().flatMap(({ id }) => [...of(String(id))]);
    return {
      connector: withKindSettings(mailchimpConnector({ apiBaseUrl: simulator.apiBaseUrlTemplate }) as Connector),
      settings,
      dead: { ...settings, apiKey: 'a-key-that-was-deleted-us19' },
      trouble: httpTrouble(simulator.faults),
      writes: () => simulator.requests.filter(({ method }) => method !== 'GET').length,
      async lay(kind, n) {
        if (kind === 'order') await foreignOrder(simulator, n);
        else if (kind === 'consent' || kind === 'customer') simulator.addMember(emailOf('reader', n), { how: 'user' });
      },
      count(kind, n) {
        switch (kind) {
          case 'customer':
            return simulator.members().filter(({ email_address }) => email_address === emailOf('person', n)).length;
          case 'consent':
            return simulator.members().filter(({ email_address }) => email_address === emailOf('reader', n)).length;
          case 'order':
            return inStores(simulator.orders).filter(
              ({ customer }) => (customer as { email_address: string }).email_address === emailOf('buyer', n),
            ).length;
          case 'cart':
            return inStores(simulator.carts).filter(
              ({ customer }) => (customer as { email_address: string }).email_address === emailOf('window', n),
            ).length;
          default:
            return inStores(simulator.products).filter(({ variants }) =>
              (variants as { sku: string }[]).some(({ sku }) => sku === skuOf(kind, n)),
            ).length;
        }
      },
      unexpected: () => simulator.unexpected,
      stop: () => simulator.stop(),
    };
  },
};

/** An order in the store of somebody else: what Tillbridge brought itself is no news. */
async function foreignOrder({ apiBaseUrl, apiKey, audienceId: list_id }: MailchimpSimulator, n: number): Promise<void> {
  const put = async (method: string, path: string, body: object): Promise<void> => {
    const authorization = `Basic ${Buffer.from(`x:${apiKey}`).toString('base64')}`;
    const headers = { authorization, 'content-type': 'application/json' };
    await fetch(`${apiBaseUrl}/3.0/ecommerce/stores${path}`, { method, headers, body: JSON.stringify(body) });
  };
  const customer = { id: `c${n}`, email_address: emailOf('window', n), opt_in_status: false };
  const lines = [{ id: '1', product_id: 'p', product_variant_id: 'v', quantity: 1, price: 9.95 }];
  // There is one from the first time on.
  await put('POST', '', { id: 'another', list_id, name: 'Another shop', currency_code: 'EUR' });
  await put('POST', '/another/products', { id: 'p', title: 'Tea', variants: [{ id: 'v', title: 'Tea', sku: '1003', price: 9.95 }] });
  const processed_at_foreign = new Date().toISOString();
  await put('POST', '/another/orders', {
    id: `foreign-${n}`,
    customer,
    currency_code: 'EUR',
    order_total: 9.95,
    lines,
    processed_at_foreign,
  });
}

export const sites: readonly Site[] = [shopwareShop, ecwidStore, till, mailchimp, webshop, retail];

export interface Declared {
  readonly site: Site;
  readonly reads: readonly Kind[];
  readonly writes: readonly Kind[];
  readonly sources: readonly { readonly kind: Kind; readonly lists: readonly string[] }[];
}

/** What each of them says that it reads and writes. */
export async function kindsOf(): Promise<Declared[]> {
  return Promise.all(
    sites.map(async (site) => {
      const one = await site.start();
      const { reads, writes } = one.connector;
      await one.stop();
      const sources = Object.entries(writes).map(([kind, { tables }]) => ({
        kind: kind as Kind,
        lists: tables.map(({ source }) => source),
      }));
      return { site, reads: Object.keys(reads) as Kind[], writes: Object.keys(writes) as Kind[], sources };
    }),
  );
}
