import { seedCustomers } from '../simulators/shopware/seed-customers.ts';
import { seedProducts } from '../simulators/shopware/seed-products.ts';
import { type ShopwareSimulator, startShopware } from '../simulators/shopware/simulator.ts';
import type { PlacedOrder, ShopFixture, TestShop } from './shop-fixture.ts';

const app = { name: 'Tillbridge', secret: 'shopware-app-secret-of-the-tests' };

export const shopwareFixture: ShopFixture = {
  platform: 'shopware',
  async start({ seed }) {
    const shop = await startShopware({ seed });
    return testShop(shop);
  },
};

export function testShop(shop: ShopwareSimulator): TestShop & { readonly simulator: ShopwareSimulator } {
  let newcomers = 0;
  const placed = (order: { id: string; orderNumber: string; total: number }): PlacedOrder => ({
    id: order.id,
    number: order.orderNumber,
    paidMinor: Math.round(order.total * 100),
  });
  return {
    simulator: shop,
    get url() {
      return shop.url;
    },
    get shopId() {
      return shop.shopId;
    },
    environment: () => ({ SHOPWARE_APP_NAME: app.name, SHOPWARE_APP_SECRET: app.secret }),
    install: (appUrl) =>
      shop.install({
        ...app,
        registrationUrl: `${appUrl}/shopware/register`,
        hooksUrl: `${appUrl}/shopware/hooks`,
        moduleUrl: `${appUrl}/shopware/module`,
      }),
    uninstall: () => shop.uninstall({ keepUserData: true }),
    catalogue: () =>
      seedProducts.map(({ number, name, price, taxRate }) => ({ number, name, priceMinor: Math.round(price * 100), taxRate })),
    frameUrl: () => shop.moduleUrl(),
    placePaidOrder: async () => placed(await shop.orders.placePaidOrder()),
    async placePaidOrderOfNewCustomer() {
      newcomers += 1;
      const [like] = seedCustomers;
      if (like === undefined) throw new Error('the shop has no customers');
      const customer = { ...like, number: `9${String(newcomers).padStart(5, '0')}`, email: `newcomer.${newcomers}@example.test` };
      return placed(await shop.orders.placePaidOrder({ customer }));
    },
    placeUnpaidOrder: async () => placed(await shop.orders.placeOrder()),
    pay: (id) => shop.orders.pay(id),
    placeOrderWithUnknownArticle: async () =>
      placed(await shop.orders.placePaidOrder({ lines: [{ productNumber: '4711', quantity: 1, unitPrice: 9.95, taxRate: 21 }] })),
    placeRandomPaidOrder: async () => placed(await shop.orders.placePaidOrder(shop.randomOrder())),
    async repeatPaidEvent(id, times) {
      const paid = shop.webhooks.deliveries.find(
        ({ event, body }) => event === 'state_enter.order_transaction.state.paid' && body.includes(id),
      );
      if (paid === undefined) throw new Error(`no paid event of ${id} was sent`);
      for (let time = 0; time < times; time += 1) await shop.webhooks.resend(paid);
    },
    disturb({ copies, freshIds }) {
      shop.webhooks.setDuplicates(copies - 1, { freshIds });
      shop.webhooks.setOrder('random');
    },
    webhooks(mode) {
      shop.webhooks.mode = mode === 'dropped' ? 'dropped' : 'queue';
    },
    delivered: () => shop.webhooks.idle(),
    unexpected: () => shop.unexpected,
    stop: () => shop.stop(),
  };
}
