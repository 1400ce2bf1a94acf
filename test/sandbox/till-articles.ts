/** The shops' catalogues as the till has them. What has no digits-only number is the shop's alone. */
import type { TestShop } from '../e2e/shop-fixture.ts';

const vatCodes: Readonly<Record<number, number>> = { 21: 1, 9: 2, 0: 3 };

export function articlesOf(shops: readonly Pick<TestShop, 'catalogue'>[]) {
  const articles = shops
    .flatMap((shop) => shop.catalogue())
    .filter(({ number }) => /^\d+$/.test(number))
    .map(({ number, name, priceMinor, taxRate }) => ({
      articleNumber: Number(number),
      description: name,
      ...{ productNumber: Number(number), productDescription: name, groupNumbers: [1] },
      // The simulated till has articles of its own under these numbers: shirts, goods by weight, and some that are not sold any more.
      ...{ colour: '', size: '', unit: '', brandName: '', stockDecimals: 0, active: true, discontinued: false, webshop: true },
      priceIncl: priceMinor,
      vatCode: vatCodes[taxRate] ?? 1,
      stock: { 1: 1_000 },
    }));
  // Where two shops sell the same, the first one's name and price count.
  return [...new Map(articles.reverse().map((article) => [article.articleNumber, article])).values()].reverse();
}
