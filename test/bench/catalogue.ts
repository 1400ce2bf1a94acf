/** Writes to both shops: none for what has not changed, few for what has. */
import type { CatalogueParties, ShopPlatform } from './catalogue-parties.ts';
import { openGround } from './ground.ts';
import type { Row } from './result.ts';

/** Some of them are sizes of one product: together they are ten thousand products. */
const articles = 13_000;
const platforms: readonly ShopPlatform[] = ['shopware', 'ecwid'];
const titles: Readonly<Record<ShopPlatform, string>> = { shopware: 'Shopware', ecwid: 'Ecwid' };

export async function catalogue(): Promise<Row[]> {
  const ground = await openGround();
  try {
    const parties = ground.process<CatalogueParties>('./catalogue-parties.ts');
    const environment = await parties.open({ articles, platforms });
    const server = await ground.server({ ...environment, POLL_EVERY_MS: '2000' });
    await parties.install(server.url);
    const writes = () => Promise.all(platforms.map((platform) => parties.writes(platform)));
    /** Writes that this causes, by platform. */
    const during = async (work: () => Promise<unknown>): Promise<number[]> => {
      const before = await writes();
      await work();
      return (await writes()).map((count, index) => count - (before[index] ?? 0));
    };
    const flows = async (kind: 'product' | 'stock'): Promise<{ platform: ShopPlatform; flow: string }[]> =>
      Promise.all(platforms.map(async (platform) => ({ platform, flow: await parties.flowOn({ platform, kind }) })));
    const importAll = (of: readonly { platform: ShopPlatform; flow: string }[]) => Promise.all(of.map((each) => parties.import(each)));

    const products = await flows('product');
    const filling = await during(() => importAll(products));
    const counts = await Promise.all(platforms.map((platform) => parties.products(platform)));
    const unchanged = await during(() => importAll(products));
    const repriced = await during(() => parties.reprice({ platforms, priceMinor: 4_242 }));
    // What somebody bought is published by the stock flow; its first run brings every level.
    const stock = await flows('stock');
    await importAll(stock);
    const sold = await during(() => parties.sell(platforms));
    const unexpected = await parties.unexpected();
    if (unexpected.length > 0) throw new Error(unexpected.join('\n'));
    return platforms.flatMap((platform, index): Row[] => [
      {
        what: `${titles[platform]}: writes for ${counts[index]} unchanged products`,
        measured: unchanged[index] ?? Number.NaN,
        limit: { atMost: 0 },
        detail: `a second import of ${articles} articles; the first made ${filling[index]}`,
      },
      {
        what: `${titles[platform]}: writes for one changed article`,
        measured: repriced[index] ?? Number.NaN,
        limit: { atMost: 2 },
        detail: 'its price, seen by the next poll',
      },
      {
        what: `${titles[platform]}: writes for one sale in the till`,
        measured: sold[index] ?? Number.NaN,
        limit: { atMost: 1 },
        detail: 'both shops show it',
      },
    ]);
  } finally {
    await ground.stop();
  }
}
