/** A process that plays a till with many articles and the shops that it fills, and counts what was written there. */
import { setTimeout as pause } from 'node:timers/promises';
import { type ApiClient, openFrame, type Shape } from '../e2e/api-client.ts';
import { type CatalogueShop, catalogueShops, type Shelf } from '../e2e/catalogue-shops.ts';
import type { TestShop } from '../e2e/shop-fixture.ts';
import { articlesOf, setUp, tillSettings } from '../e2e/world.ts';
import { type MpluskassaSimulator, startMpluskassa } from '../simulators/mpluskassa/simulator.ts';
import { serve } from './remote.ts';

export type ShopPlatform = CatalogueShop['platform'];

interface Outlet {
  readonly shop: TestShop;
  readonly shelf: Shelf;
  api?: ApiClient;
}

/** Longer than any of these runs takes on two cores. */
const patienceMs = 600_000;

const outlets = new Map<ShopPlatform, Outlet>();
let till: MpluskassaSimulator | undefined;
/** Where the many articles begin. */
const first = 100_000;
/** The one that is bought and changed: there are a few of it. */
const changing = first + 1;
const sku = String(changing);

function theTill(): MpluskassaSimulator {
  if (till === undefined) throw new Error('the till was not opened');
  return till;
}

function outlet(platform: ShopPlatform): Outlet & { readonly api: ApiClient } {
  const found = outlets.get(platform);
  if (found?.api === undefined) throw new Error(`${platform} was not installed`);
  return { ...found, api: found.api };
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const startedAt = performance.now();
  while (!holds()) {
    if (performance.now() - startedAt > 120_000) throw new Error(`it never came to this: ${what}`);
    await pause(20);
  }
}

const methods = {
  /** Resolves to the environment of a server that serves these shops. */
  async open({ articles, platforms }: { articles: number; platforms: readonly ShopPlatform[] }) {
    till = await startMpluskassa({ articles });
    const environment: Record<string, string> = {};
    for (const shop of catalogueShops.filter(({ platform }) => platforms.includes(platform))) {
      const started = await shop.start({ seed: 1 });
      for (const article of articlesOf(started.shop)) {
        // Some of these numbers are sizes of one product in every till here; in the shop each stands alone.
        till.addArticle({ ...article, productNumber: article.articleNumber, colour: '', size: '' });
      }
      outlets.set(shop.platform, started);
      Object.assign(environment, started.shop.environment());
    }
    return environment;
  },
  async install(appUrl: string) {
    for (const found of outlets.values()) {
      await found.shop.install(appUrl);
      found.api = await openFrame(appUrl, await found.shop.frameUrl());
      await found.api.expect('PUT', 'connections/mpluskassa', { settings: tillSettings(theTill()) });
    }
  },
  /** Orders go to the till; the others come from there. */
  async flowOn({ platform, kind }: { platform: ShopPlatform; kind: 'order' | 'product' | 'stock' }) {
    const { api } = outlet(platform);
    if (kind === 'order') return (await setUp(api, theTill())).id;
    const connections = await api.expect<Shape<'Connection'>[]>('GET', 'connections');
    const source = connections.find(({ connector }) => connector === 'mpluskassa')?.id;
    const target = connections.find(({ connector }) => connector !== 'mpluskassa')?.id;
    const flow = await api.expect<Shape<'Flow'>>('POST', 'flows', { kind, source, target });
    await api.expect<Shape<'Flow'>>('POST', `flows/${flow.id}/switch`, { on: true });
    return flow.id;
  },
  /** Resolves when all records have been carried out, to how long it took in milliseconds. */
  async import({ platform, flow }: { platform: ShopPlatform; flow: string }) {
    const { api } = outlet(platform);
    const startedAt = performance.now();
    await api.expect('POST', `flows/${flow}/imports`, { phase: 'import', action: 'start' });
    while (performance.now() - startedAt < patienceMs) {
      await pause(250);
      const runs = await api.expect<Shape<'ImportRun'>[]>('GET', `flows/${flow}/imports`);
      const run = runs.find(({ phase }) => phase === 'import');
      if (run?.state === 'done' && run.remaining === 0) {
        const { parkedBy } = await api.expect<Shape<'Flow'>>('GET', `flows/${flow}`);
        if (parkedBy.length > 0) throw new Error(`set aside: ${JSON.stringify(parkedBy)}`);
        return performance.now() - startedAt;
      }
      if (run?.state === 'failed' || run?.state === 'paused') throw new Error(`the import is ${run.state}: ${run.cause?.message}`);
    }
    throw new Error('the import does not end');
  },
  products: (platform: ShopPlatform) => outlet(platform).shelf.count(),
  writes: (platform: ShopPlatform) => outlet(platform).shelf.writes(),
  /** Articles of which there is something on the shelf: a shop that was just filled shows another level. */
  stocked: () =>
    theTill()
      .articles()
      .filter(({ articleNumber }) => articleNumber >= first && theTill().stock(articleNumber).free !== 0).length,
  /** Somebody buys one at the counter. Resolves when all these shops show it. */
  async sell(platforms: readonly ShopPlatform[]) {
    theTill().sell(changing, 1);
    const { free } = theTill().stock(changing);
    await until('the stock is shown', () => platforms.every((platform) => outlet(platform).shelf.find(sku)?.stock === free));
  },
  /** Somebody changes a price in the till. Resolves when all these shops show it. */
  async reprice({ platforms, priceMinor }: { platforms: readonly ShopPlatform[]; priceMinor: number }) {
    theTill().addArticle({ articleNumber: changing, priceIncl: priceMinor });
    await until('the price is shown', () => platforms.every((platform) => outlet(platform).shelf.find(sku)?.priceMinor === priceMinor));
  },
  /** Stock levels that the shop shows otherwise than the till, among a sample. */
  wrongLevels(platform: ShopPlatform) {
    const articles = theTill()
      .articles()
      .filter(({ articleNumber }) => articleNumber >= first);
    const sample = articles.filter((_, index) => index % Math.ceil(articles.length / 100) === 0);
    const { shelf } = outlet(platform);
    return sample.filter(({ articleNumber }) => shelf.find(String(articleNumber))?.stock !== theTill().stock(articleNumber).free).length;
  },
  /** Somebody buys in the shop. Resolves when the order is in the till, to how long that took in milliseconds. */
  async buy(platform: ShopPlatform) {
    const startedAt = performance.now();
    const { number } = await outlet(platform).shop.placePaidOrder();
    await until(`order ${number} is in the till`, () =>
      theTill()
        .orders()
        .some(({ reference }) => reference === number),
    );
    return performance.now() - startedAt;
  },
  unexpected: () => [...theTill().unexpected, ...[...outlets.values()].flatMap(({ shop }) => [...shop.unexpected()])],
};

export type CatalogueParties = typeof methods;
serve(methods);
