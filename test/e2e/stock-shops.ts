/** What the stock model needs of a shop platform: customers that buy what is on show, and the figure that it shows. */
import { catalogue } from '../simulators/ecwid/catalogue.ts';
import { startEcwid } from '../simulators/ecwid/simulator.ts';
import { startShopware } from '../simulators/shopware/simulator.ts';
import { ecwidOptions, ecwidShop } from './ecwid-fixture.ts';
import type { ShopFixture, TestShop } from './shop-fixture.ts';
import { testShop } from './shopware-fixture.ts';

export interface Placed {
  readonly id: string;
  readonly number: string;
}

export interface StockShop extends TestShop {
  /** Places an order and leaves it unpaid. */
  order(sku: string, quantity: number): Promise<Placed>;
  cancel(id: string): Promise<void>;
  /** What a customer may buy now. */
  published(sku: string): number;
}

export interface StockFixture extends ShopFixture {
  start(options: { seed: number }): Promise<StockShop>;
}

const shopwareStock: StockFixture = {
  platform: 'shopware',
  async start({ seed }) {
    const shop = await startShopware({ seed });
    return Object.assign(testShop(shop), {
      async order(sku: string, quantity: number) {
        const placed = await shop.orders.placeOrder({ lines: [{ productNumber: sku, quantity }], shippingCost: 0 });
        return { id: placed.id, number: placed.orderNumber };
      },
      cancel: (id: string) => shop.orders.cancelOrder(id),
      published: (sku: string) => Number(shop.db.all('product').find(({ productNumber }) => productNumber === sku)?.stock),
    });
  },
};

const ecwidStock: StockFixture = {
  platform: 'ecwid',
  async start({ seed }) {
    const store = await startEcwid(ecwidOptions(seed));
    return Object.assign(ecwidShop(store), {
      async order(sku: string, quantity: number) {
        const item = catalogue.find((one) => one.sku === sku);
        if (item === undefined) throw new Error(`the store does not sell ${sku}`);
        const { name, price: unit, rate } = item;
        const { id } = store.placeOffline({ money: { shipping: 0, items: [{ sku, name, quantity, unit, rates: [rate] }] } });
        return { id, number: id };
      },
      cancel: async (id: string) => void store.cancel(id),
      published: (sku: string) => Number(store.shop.shelves.shelf().find((product) => product.sku === sku)?.quantity),
    });
  },
};

export const stockFixtures: readonly StockFixture[] = [shopwareStock, ecwidStock];
