/** A simulated shop with the app's own manifest, an open session on it, and drafts as the catalogue flows make them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Category, Product } from '../../connectors/commerce.ts';
import type { Draft, Outcome, Plan, Session } from '../../connectors/connector.ts';
import { createBudget, createExchange } from '../../connectors/exchange.ts';
import { Failure } from '../../connectors/failure.ts';
import { shopware } from '../../shopware-app/connector.ts';
import type { Row } from '../simulators/shopware/database.ts';
import { type ShopwareSimulator, startShopware } from '../simulators/shopware/simulator.ts';
import { type SmallApp, startSmallApp } from '../simulators/shopware/small-app.ts';

export interface CatalogueHouse {
  readonly shop: ShopwareSimulator;
  readonly session: Session;
  now: Date;
  /** A session of another worker: it remembers nothing. */
  another(): Session;
  product(number: string): Row;
  /** How many rows the shop has of what an import must never double. */
  rows(): Record<string, number>;
  /** Calls that write. */
  writes(): number;
  stop(): Promise<void>;
}

const manifest = readFileSync(fileURLToPath(new URL('../../manifest.xml', import.meta.url)), 'utf8');
const counted = [
  'product',
  'product_price',
  'product_visibility',
  'product_configurator_setting',
  'property_group',
  'property_group_option',
  'product_manufacturer',
  'category',
  'unit',
];

export async function openHouse(): Promise<CatalogueHouse> {
  const app: SmallApp = await startSmallApp();
  const shop = await startShopware({ seed: 11 });
  await shop.install({
    name: app.name,
    secret: app.appSecret,
    registrationUrl: `${app.url}/register`,
    hooksUrl: `${app.url}/hook`,
    manifest,
  });
  shop.webhooks.mode = 'dropped';
  const { apiKey, secretKey } = shop.credentials();
  const another = (): Session => {
    const send = createExchange({ system: 'shopware', budget: createBudget({ concurrency: 4 }), allowPrivateHosts: true });
    return shopware.open({ shopUrl: shop.url, apiKey, secretKey }, { send, now: () => house.now });
  };
  const house: CatalogueHouse = {
    shop,
    now: new Date(),
    another,
    get session() {
      return session;
    },
    product: (number) => {
      const row = shop.db.all('product').find(({ productNumber }) => productNumber === number);
      if (!row) throw new Error(`no product ${number}`);
      return row;
    },
    rows: () => {
      const mapped = (list: string): number =>
        shop.db.all('product').reduce((sum, row) => sum + ((row[list] as string[] | null) ?? []).length, 0);
      return {
        ...Object.fromEntries(counted.map((entity) => [entity, shop.db.all(entity).length])),
        prices: shop.db.all('product').reduce((sum, row) => sum + ((row.price as unknown[] | null) ?? []).length, 0),
        options: mapped('optionIds'),
        properties: mapped('propertyIds'),
        categories: mapped('categoryIds'),
      };
    },
    writes: () => shop.calls.count('/api/_action/sync'),
    stop: async () => {
      await shop.stop();
      await app.stop();
    },
  };
  const session = another();
  return house;
}

const price = (grossMinor: number, taxRateBp = 2100) => ({
  currency: 'EUR',
  grossMinor,
  netMinor: Math.round((grossMinor * 10_000) / (10_000 + taxRateBp)),
  taxRateBp,
});

export function article(sku: string, fields: Partial<Product> & { gross?: number; rate?: number } = {}): Product {
  const { gross = 1295, rate = 2100, ...rest } = fields;
  return Product.parse({ id: `a${sku}`, sku, name: `Article ${sku}`, active: true, price: price(gross, rate), ...rest });
}

export function shirt(
  variants: readonly [sku: string, colour: string, size: string, gross?: number][],
  fields: Partial<Product> = {},
): Product {
  return article('4711', {
    name: 'Shirt',
    variants: variants.map(([sku, colour, size, gross = 1295]) => ({
      id: `v${sku}`,
      sku,
      name: `Shirt ${colour} ${size}`,
      active: true,
      price: price(gross),
      stocked: true,
      attributes: [
        { name: 'Colour', value: colour },
        { name: 'Size', value: size },
      ],
    })),
    ...fields,
  });
}

export interface Extra {
  readonly [field: string]: unknown;
}

export const draftOf = (product: Product, of: { last?: Outcome['values'] | undefined; extra?: Extra } = {}): Draft => ({
  id: product.id,
  reference: `tb-${product.id}`,
  revision: 0,
  fields: { product, categoryNames: { g1: ['Clothes'], g2: ['Clothes', 'Summer'] }, ...of.extra },
  ...(of.last && { last: of.last }),
});

export const categoryDraft = (category: Category, path: readonly string[], last?: Outcome['values']): Draft => ({
  id: category.id,
  reference: `tb-${category.id}`,
  revision: 0,
  fields: { category, path },
  ...(last && { last }),
});

export interface Carried {
  readonly plans: readonly (Plan | Failure)[];
  readonly results: readonly (Outcome | Failure)[];
  /** What is remembered for the next time, by draft. */
  readonly values: readonly (Outcome['values'] | undefined)[];
  /** `action:reason` of each plan's last product step. */
  readonly actions: readonly string[];
}

/** Plans and applies as the engine does: only plans that do something are applied. */
export async function carry(session: Session, kind: 'product' | 'category' | 'stock', drafts: readonly Draft[]): Promise<Carried> {
  const plans = await session.plan(kind, drafts);
  const doing = plans.filter((plan): plan is Plan => !(plan instanceof Failure) && plan.steps.some(({ action }) => action !== 'skip'));
  const outcomes = doing.length === 0 ? [] : await session.apply(kind, doing);
  const results = plans.map((plan) => (plan instanceof Failure ? plan : outcomes[doing.indexOf(plan)])).filter((one) => one !== undefined);
  const values = plans.map((plan, at) => {
    const outcome = plan instanceof Failure ? plan : outcomes[doing.indexOf(plan)];
    return outcome === undefined || outcome instanceof Failure ? drafts[at]?.last : outcome.values;
  });
  const actions = plans.map((plan) => {
    if (plan instanceof Failure) return plan.code;
    const step = plan.steps.find(({ id }) => id === kind) ?? plan.steps[0];
    return step?.action === 'skip' ? `skip:${step.reason}` : String(step?.action);
  });
  return { plans, results, values, actions };
}
