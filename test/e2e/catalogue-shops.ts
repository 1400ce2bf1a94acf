/** Both shop platforms as the catalogue suites see them: what stands on the shelf, and what its owner does there by hand. */
import { type EcwidSimulator, startEcwid } from '../simulators/ecwid/simulator.ts';
import type { Row } from '../simulators/shopware/database.ts';
import { insertProduct } from '../simulators/shopware/seed.ts';
import { type ShopwareSimulator, startShopware } from '../simulators/shopware/simulator.ts';
import { ecwidOptions, ecwidShop } from './ecwid-fixture.ts';
import type { PlacedOrder, TestShop } from './shop-fixture.ts';
import { testShop } from './shopware-fixture.ts';

export interface Article {
  readonly name: string;
  readonly stock: number;
  readonly priceMinor: number;
  /** Percent of VAT. */
  readonly rate: number;
  /** It is chosen within another product. */
  readonly variant: boolean;
}

/** A product as its owner enters it. `rate`: 21, 9 or 0 percent, prices include it. */
export interface Entered {
  readonly number: string;
  readonly name: string;
  readonly priceMinor: number;
  readonly rate?: 21 | 9 | 0;
  readonly variants?: readonly { readonly number: string; readonly colour: string }[];
}

/** The shelf of a shop. Products and variants are named by their numbers. */
export interface Shelf {
  find(number: string): Article | undefined;
  /** Products, variants not counted. */
  count(): number;
  /** Rows of every kind that a second import could double. */
  rows(): Readonly<Record<string, number>>;
  /** Requests so far that wrote something of the catalogue. */
  writes(): number;
  clear(): void;
  enter(product: Entered): void;
  rename(number: string, name: string): void;
  reprice(number: string, priceMinor: number): void;
  recount(number: string, stock: number): void;
  /** Somebody buys so many of it and pays. */
  sell(number: string, quantity: number): Promise<PlacedOrder>;
}

export interface CatalogueShop {
  readonly platform: 'shopware' | 'ecwid';
  /** How a plan calls a product's name. */
  readonly nameField: string;
  /** Several products may have the same number, or none. */
  readonly looseNumbers: boolean;
  start(options: { seed: number }): Promise<{ readonly shop: TestShop; readonly shelf: Shelf }>;
}

export const catalogueShops: readonly CatalogueShop[] = [
  {
    platform: 'shopware',
    nameField: 'name',
    looseNumbers: false,
    async start({ seed }) {
      const simulator = await startShopware({ seed });
      return { shop: testShop(simulator), shelf: shopwareShelf(simulator) };
    },
  },
  {
    platform: 'ecwid',
    nameField: 'product.name',
    looseNumbers: true,
    async start({ seed }) {
      const simulator = await startEcwid(ecwidOptions(seed));
      return { shop: ecwidShop(simulator), shelf: ecwidShelf(simulator) };
    },
  },
];

function shopwareShelf({ db, calls, orders }: ShopwareSimulator): Shelf {
  const row = (number: string): Row | undefined => db.all('product').find(({ productNumber }) => productNumber === number);
  const known = (number: string): Row => row(number) ?? missing(number);
  const priced = (of: Row): number | undefined => {
    const [first] = (of.price as { gross: number }[] | null) ?? [];
    return first && Math.round(first.gross * 100);
  };
  return {
    find(number) {
      const found = row(number);
      if (!found) return undefined;
      // A variant without a price of its own has its product's.
      const parent = db.find('product', found.parentId);
      const priceMinor = priced(found) ?? (parent && priced(parent)) ?? 0;
      const rate = Number(db.get('tax', found.taxId ?? parent?.taxId).taxRate);
      const name = db.where('product_translation', 'productId', found.id)[0]?.name ?? found.name;
      return { name: String(name), stock: Number(found.stock), priceMinor, rate, variant: Boolean(found.parentId) };
    },
    count: () => db.all('product').filter(({ parentId }) => !parentId).length,
    rows: () => ({
      ...Object.fromEntries(
        ['product', 'product_visibility', 'product_configurator_setting', 'property_group', 'property_group_option', 'category'].map(
          (entity) => [entity, db.all(entity).length],
        ),
      ),
      ...Object.fromEntries(
        ['price', 'optionIds', 'propertyIds', 'categoryIds'].map((list) => [
          list,
          db.all('product').reduce((sum, of) => sum + ((of[list] as unknown[] | null) ?? []).length, 0),
        ]),
      ),
    }),
    writes: () => calls.count('_action/sync'),
    clear() {
      for (const { id } of db.all('product')) db.remove('product', id);
    },
    enter({ number, name, priceMinor, rate = 21, variants = [] }) {
      const parent = insertProduct(db, { number, name, price: priceMinor / 100, taxRate: rate, stock: 0 });
      if (variants.length === 0) return;
      const group = db.insert('property_group', { name: 'Colour' });
      for (const { number: own, colour } of variants) {
        const option = db.insert('property_group_option', { groupId: group.id, name: colour });
        db.insert('product', {
          productNumber: own,
          parentId: parent.id,
          optionIds: [option.id],
          stock: 0,
          availableStock: 0,
          childCount: 0,
        });
      }
      db.update('product', parent.id, { childCount: variants.length });
    },
    rename: (number, name) => void db.update('product', known(number).id, { name }),
    reprice(number, priceMinor) {
      const { id, price } = known(number);
      const [first, ...others] = price as { gross: number; net: number }[];
      const gross = priceMinor / 100;
      db.update('product', id, { price: [{ ...first, gross, net: (gross * (first?.net ?? 1)) / (first?.gross ?? 1) }, ...others] });
    },
    recount: (number, stock) => void db.update('product', known(number).id, { stock, availableStock: stock }),
    async sell(number, quantity) {
      const { id, orderNumber, total } = await orders.placePaidOrder({ lines: [{ productNumber: number, quantity }], shippingCost: 0 });
      return { id, number: orderNumber, paidMinor: Math.round(total * 100) };
    },
  };
}

function ecwidShelf(store: EcwidSimulator): Shelf {
  const { shelves } = store.shop;
  const products = () => [...shelves.products.values()];
  const known = (number: string) => products().find(({ sku }) => sku === number) ?? missing(number);
  return {
    find(number) {
      for (const product of products()) {
        const { name, price, quantity: stock, tax } = product;
        const rate = tax.taxable ? ({ 1: 21, 2: 9 }[tax.enabledManualTaxes[0] ?? 0] ?? 0) : 0;
        if (product.sku === number) return { name, stock, priceMinor: Math.round(price * 100), rate, variant: false };
        const own = product.combinations.find(({ sku }) => sku === number);
        if (own) return { name, stock: own.quantity, priceMinor: Math.round((own.price ?? price) * 100), rate, variant: true };
      }
      return undefined;
    },
    count: () => shelves.products.size,
    rows: () => ({
      products: shelves.products.size,
      categories: shelves.categories.size,
      ...Object.fromEntries(
        (['combinations', 'options', 'attributes', 'categoryIds'] as const).map((list) => [
          list,
          products().reduce((sum, product) => sum + product[list].length, 0),
        ]),
      ),
      choices: products().reduce((sum, { options }) => sum + options.reduce((of, { choices }) => of + choices.length, 0), 0),
    }),
    writes: () =>
      [...store.calls.filter(({ path }) => path !== '/batch'), ...store.state.batches.requests].filter(({ method }) => method !== 'GET')
        .length,
    clear: () => shelves.products.clear(),
    enter({ number, name, priceMinor, rate = 21, variants = [] }) {
      const taxes = { 21: [1], 9: [2], 0: [] }[rate];
      shelves.knobs.sameSkuAllowed = true;
      shelves.create(
        {
          sku: number,
          name,
          price: priceMinor / 100,
          enabled: true,
          unlimited: false,
          quantity: 0,
          tax: { taxable: taxes.length > 0, enabledManualTaxes: taxes },
          combinations: variants.map(({ number: sku, colour }) => ({
            sku,
            options: [{ name: 'Colour', value: colour }],
            unlimited: false,
            quantity: 0,
          })),
        },
        true,
      );
      shelves.knobs.sameSkuAllowed = false;
    },
    rename: (number, name) => shelves.update(known(number).id, { name }),
    reprice: (number, priceMinor) => shelves.update(known(number).id, { price: priceMinor / 100 }),
    recount: (number, quantity) => shelves.update(known(number).id, { quantity }),
    async sell(number, quantity) {
      const { name, price } = known(number);
      const items = [{ sku: number, name, quantity, unit: Math.round(price * 100), rates: [2100] }];
      const { id, total } = store.placeOnlinePaid({ money: { items, shipping: 0 } });
      return { id, number: id, paidMinor: Math.round(total * 100) };
    },
  };
}

function missing(number: string): never {
  throw new Error(`the shop has no product ${number}`);
}
