/** What a buyer can put into an order, and random orders that a real shop could have taken. */
import type { Random } from '../shared/seeded-random.ts';
import { type CartInput, type PricedCart, priceCart, round, type TaxCalculation, type TaxStatus } from './pricing.ts';
import { paymentMethods, shippingMethods } from './seed.ts';
import { type SeedCustomer, seedCustomers } from './seed-customers.ts';
import { seedProducts } from './seed-products.ts';

export interface OrderLineInput {
  readonly productNumber: string;
  readonly quantity: number;
  /** As the customer sees it (net in a net order). Without it the catalogue's price. */
  readonly unitPrice?: number;
  /** Percent. Without it the article's own rate. */
  readonly taxRate?: number;
  readonly label?: string;
}
export type PromotionInput = { readonly label?: string; readonly code?: string } & (
  | { readonly percent: number }
  | { readonly amount: number }
);

export interface OrderInput {
  readonly lines?: readonly OrderLineInput[];
  readonly promotions?: readonly PromotionInput[];
  /** Name of a shipping method; its price unless `shippingCost` says otherwise. */
  readonly shippingMethod?: string;
  readonly shippingCost?: number;
  readonly paymentMethod?: string;
  readonly taxStatus?: TaxStatus;
  readonly taxCalculation?: TaxCalculation;
  /** A customer number of the shop, or a new customer. */
  readonly customer?: string | SeedCustomer;
  readonly comment?: string;
  /** Orders made in the admin never fire `checkout.order.placed`. */
  readonly placedBy?: 'storefront' | 'admin';
}

/** Every choice of an order made: what is left is to write it down. */
export interface DecidedOrder {
  readonly lines: readonly Required<OrderLineInput>[];
  readonly promotions: readonly PromotionInput[];
  readonly shippingMethod: string;
  readonly paymentMethod: string;
  readonly customer: string | SeedCustomer;
  readonly comment: string | undefined;
  readonly placedBy: 'storefront' | 'admin';
  readonly cart: CartInput;
  readonly priced: PricedCart;
}

export interface Catalogue {
  /** Gross price and rate of an article; undefined when the shop does not sell it. */
  find(productNumber: string): { readonly name: string; readonly price: number; readonly taxRate: number } | undefined;
}

export const seedCatalogue: Catalogue = { find: (number) => seedProducts.find((product) => product.number === number) };

function someLines(random: Random): OrderLineInput[] {
  return random
    .shuffle(seedProducts.filter((product) => /^\d+$/.test(product.number)))
    .slice(0, random.int(1, 3))
    .map((product) => ({ productNumber: product.number, quantity: random.int(1, 3) }));
}

/** Fills what the input leaves open and calculates every price. Pure, apart from the random numbers it draws. */
export function decide(input: OrderInput, { random, catalogue }: { random: Random; catalogue: Catalogue }): DecidedOrder {
  const taxStatus = input.taxStatus ?? 'gross';
  const lines = (input.lines ?? someLines(random)).map((line) => {
    const article = catalogue.find(line.productNumber);
    if (!article && (line.unitPrice === undefined || line.taxRate === undefined))
      throw new Error(`the simulated shop sells no ${line.productNumber}; give unitPrice and taxRate`);
    const taxRate = line.taxRate ?? article?.taxRate ?? 0;
    const gross = article?.price ?? 0;
    const shown = taxStatus === 'gross' ? gross : gross / (1 + (article?.taxRate ?? 0) / 100);
    return {
      productNumber: line.productNumber,
      quantity: line.quantity,
      unitPrice: line.unitPrice ?? round(shown),
      taxRate,
      label: line.label ?? article?.name ?? line.productNumber,
    };
  });
  const shippingMethod = input.shippingMethod ?? 'Standard';
  const shippingCost = input.shippingCost ?? shippingMethods[shippingMethod];
  if (shippingCost === undefined) throw new Error(`the simulated shop has no shipping method ${shippingMethod}`);
  const promotions = input.promotions ?? [];
  const cart: CartInput = { taxStatus, taxCalculation: input.taxCalculation ?? 'horizontal', lines, promotions, shippingCost };
  return {
    lines,
    promotions,
    shippingMethod,
    paymentMethod: input.paymentMethod ?? random.pick(paymentMethods),
    customer: input.customer ?? random.pick(seedCustomers).number,
    comment: input.comment,
    placedBy: input.placedBy ?? 'storefront',
    cart,
    priced: priceCart(cart),
  };
}

/**
 * An order as odd as real ones: gross, net and tax-free, Dutch and German rates, odd cents, quantities up to a dozen,
 * promotions and shipping spread over the rates, tax by line or by rate.
 */
export function randomOrder(random: Random): OrderInput {
  const rates = random.pick([
    [21, 9, 0],
    [19, 7],
  ] as const);
  const products = random.shuffle(seedProducts).slice(0, random.int(1, 6));
  const lines = products.map((product) => ({
    productNumber: product.number,
    quantity: random.int(1, 12),
    unitPrice: random.int(1, random.chance(0.1) ? 90_000 : 9_000) / 100,
    taxRate: random.pick(rates),
  }));
  const promotions = Array.from({ length: random.pick([0, 0, 0, 1, 1, 2]) }, (_, at): PromotionInput => {
    const code = random.chance(0.5) ? { code: `SAVE${random.int(10, 99)}` } : {};
    const label = `Promotion ${at + 1}`;
    return random.chance(0.6)
      ? { ...code, label, percent: random.pick([5, 10, 12.5, 15, 33]) }
      : { ...code, label, amount: random.int(1, 1500) / 100 };
  });
  return {
    lines,
    promotions,
    taxStatus: random.pick(['gross', 'gross', 'gross', 'net', 'net', 'tax-free'] as const),
    taxCalculation: random.pick(['horizontal', 'vertical'] as const),
    shippingMethod: random.pick(Object.keys(shippingMethods)),
    shippingCost: random.pick([0, 3.99, 4.95, 6.9, 12.5, random.int(1, 2000) / 100]),
    customer: random.pick(seedCustomers).number,
    paymentMethod: random.pick(paymentMethods),
  };
}
