import { catalogue } from '../simulators/ecwid/catalogue.ts';
import type { SimOrder } from '../simulators/ecwid/shop.ts';
import { type EcwidOptions, type EcwidSimulator, startEcwid } from '../simulators/ecwid/simulator.ts';
import type { PlacedOrder, ShopFixture, TestShop } from './shop-fixture.ts';

export const ecwidFixture: ShopFixture = {
  platform: 'ecwid',
  async start({ seed }) {
    return ecwidShop(await startEcwid(ecwidOptions(seed)));
  },
};

/** Every seed is another store. */
export const ecwidOptions = (seed: number): EcwidOptions => ({ seed, storeId: 100_000 + seed });

export function ecwidShop(store: EcwidSimulator): TestShop & { readonly simulator: EcwidSimulator } {
  const placed = (order: SimOrder): PlacedOrder => ({ id: order.id, number: order.id, paidMinor: Math.round(order.total * 100) });
  let gross = false;
  return {
    simulator: store,
    url: store.url,
    shopId: store.storeId,
    environment: () => ({
      ECWID_CLIENT_ID: store.clientId,
      ECWID_CLIENT_SECRET: store.clientSecret,
      ECWID_API_BASE_URL: store.apiBaseUrl,
      ECWID_OAUTH_BASE_URL: store.oauthBaseUrl,
      ECWID_APP_SCRIPT_URL: store.appScriptUrl,
      ECWID_FRAME_ANCESTORS: store.url,
    }),
    async install(appUrl) {
      store.connect(`${appUrl}/ecwid`);
      store.install();
      await store.webhooks.idle();
      // The token comes when the merchant opens the app for the first time.
      const { status, html } = await store.open();
      if (status !== 200) throw new Error(`the app did not open: ${status} ${html.slice(0, 300)}`);
    },
    async uninstall() {
      store.uninstall();
      await store.webhooks.idle();
    },
    catalogue: () => catalogue.map(({ sku, name, price, rate }) => ({ number: sku, name, priceMinor: price, taxRate: rate / 100 })),
    frameUrl: () => store.frameUrl(),
    placePaidOrder: async () => placed(store.placeOnlinePaid()),
    placePaidOrderOfNewCustomer: async () => placed(store.placeOnlinePaid({ newcomer: true })),
    placeUnpaidOrder: async () => placed(store.placeOffline()),
    pay: async (id) => void store.markPaid(id),
    placeOrderWithUnknownArticle: async () =>
      placed(
        store.placeOnlinePaid({
          money: { items: [{ sku: '4711', name: 'Late arrival', quantity: 1, unit: 995, rates: [2100] }] },
        }),
      ),
    placeRandomPaidOrder: async () => {
      gross = !gross;
      return placed(store.randomOrder(gross));
    },
    async repeatPaidEvent(id, times) {
      for (let time = 0; time < times; time += 1) store.tellPaidAgain(id);
    },
    disturb({ copies, freshIds }) {
      Object.assign(store.webhooks.mode, { duplicates: copies - 1, freshIds, disorderMs: 40 });
    },
    webhooks(mode) {
      store.webhooks.mode.drop = mode === 'dropped';
    },
    delivered: () => store.webhooks.idle(),
    unexpected: () => store.unexpected,
    stop: () => store.stop(),
  };
}
