/** Orders of every sort that a store can take, faithful to the cent. */
import type { Random } from '../shared/seeded-random.ts';
import { catalogue } from './catalogue.ts';
import type { MoneySpec } from './order-money.ts';

/** Several rates, odd cents, coupons, promotions, free items, shipping and fees, tips, gift cards, exempt customers. */
export function randomMoney(random: Random, pricesIncludeTax: boolean): MoneySpec {
  const items = Array.from({ length: random.int(1, 6) }, () => {
    const product = random.pick(catalogue.slice(0, 12));
    const unit = random.chance(0.3) ? product.price : random.chance(0.03) ? 0 : random.int(1, 30_000);
    return { sku: product.sku, name: product.name, quantity: random.int(1, random.chance(0.1) ? 40 : 4), unit, rates: [product.rate] };
  });
  const subtotal = items.reduce((total, item) => total + item.unit * item.quantity, 0);
  const some = (probability: number, most: number) => (random.chance(probability) ? random.int(1, Math.max(1, most)) : 0);
  return {
    pricesIncludeTax,
    items,
    coupon: some(0.3, subtotal / 2),
    discount: some(0.3, subtotal / 3),
    shipping: some(0.7, 1995),
    handling: some(0.15, 500),
    surcharges: [
      ...(random.chance(0.15)
        ? [{ id: 'payment-fee', name: 'Payment fee', amount: random.int(1, 300), rate: random.pick([0, 900, 2100]) }]
        : []),
      ...(random.chance(0.15) ? [{ id: 'tips', name: 'Tip', amount: random.int(50, 1000), rate: 0 }] : []),
    ],
    giftCard: some(0.12, subtotal),
    exempt: random.chance(0.08),
  };
}
