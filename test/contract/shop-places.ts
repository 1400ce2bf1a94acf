/** The shop platforms for the contract suite, each with the app installed. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { withKindSettings } from '../../app-server/mapping/kind-settings.ts';
import type { Connector } from '../../connectors/connector.ts';
import { ecwidConnector } from '../../ecwid-app/index.ts';
import { shopware } from '../../shopware-app/connector.ts';
import { startEcwid } from '../simulators/ecwid/simulator.ts';
import { startShopware } from '../simulators/shopware/simulator.ts';
import { startSmallApp } from '../simulators/shopware/small-app.ts';
import { emailOf, skuOf } from './canonical-records.ts';
import { httpTrouble, type Site } from './place.ts';

const manifest = readFileSync(fileURLToPath(new URL('../../manifest.xml', import.meta.url)), 'utf8');

export const shopwareShop: Site = {
  name: 'Shopware',
  async start() {
    const app = await startSmallApp();
    const simulator = await startShopware({ seed: 11 });
    const { name, appSecret: secret } = app;
    await simulator.install({ name, secret, registrationUrl: `${app.url}/register`, hooksUrl: `${app.url}/hook`, manifest });
    simulator.webhooks.mode = 'dropped';
    for (let count = 0; count < 3; count += 1) await simulator.orders.placePaidOrder();
    const { apiKey, secretKey } = simulator.credentials();
    const settings = { shopUrl: simulator.url, apiKey, secretKey };
    return {
      connector: withKindSettings(shopware as Connector),
      settings,
      dead: { ...settings, secretKey: 'not-the-secret' },
      trouble: httpTrouble(simulator.faults),
      writes: () => simulator.calls.count('/api/_action/sync'),
      async lay(kind, n) {
        if (kind === 'consent') await simulator.backOffice.subscribe(emailOf('reader', n));
      },
      count(kind, n) {
        switch (kind) {
          case 'category':
            return simulator.db.all('category').filter((row) => row.name === `Category ${n}`).length;
          case 'consent':
            return simulator.db.all('newsletter_recipient').filter(({ email }) => email === emailOf('reader', n)).length;
          default:
            return simulator.db.all('product').filter(({ productNumber }) => productNumber === skuOf(kind, n)).length;
        }
      },
      unexpected: () => simulator.unexpected,
      async stop() {
        await simulator.stop();
        await app.stop();
      },
    };
  },
};

export const ecwidStore: Site = {
  name: 'Ecwid',
  async start() {
    const simulator = await startEcwid();
    simulator.install();
    await simulator.webhooks.idle();
    for (let count = 0; count < 3; count += 1) simulator.placeOnlinePaid();
    const settings = { storeId: simulator.storeId, accessToken: simulator.tokens()?.accessToken ?? '' };
    const { shop } = simulator;
    return {
      connector: withKindSettings(ecwidConnector({ apiBaseUrl: simulator.apiBaseUrl }) as Connector),
      settings,
      dead: { ...settings, accessToken: 'secret_that_was_revoked' },
      trouble: httpTrouble(simulator.faults),
      writes: () => simulator.calls.filter(({ method, path }) => method !== 'GET' && path !== '/batch').length,
      lay(kind, n) {
        if (kind === 'consent') shop.putCustomer({ email: emailOf('reader', n), acceptMarketing: true });
      },
      count(kind, n) {
        switch (kind) {
          case 'order':
            return [...shop.orders.values()].filter(({ email }) => email === emailOf('buyer', n)).length;
          case 'customer':
            return [...shop.customers.values()].filter(({ email }) => email === emailOf('person', n)).length;
          case 'consent':
            return [...shop.customers.values()].filter(({ email }) => email === emailOf('reader', n)).length;
          case 'category':
            return [...shop.shelves.categories.values()].filter(({ name }) => name === `Category ${n}`).length;
          default:
            return [...shop.shelves.products.values()].filter(({ sku }) => sku === skuOf(kind, n)).length;
        }
      },
      unexpected: () => simulator.unexpected,
      stop: () => simulator.stop(),
    };
  },
};
