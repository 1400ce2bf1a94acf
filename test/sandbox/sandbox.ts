/** The five systems, simulated, and the real product between them, on one page. `npm start` and the browser test open the same. */
import { randomInt } from 'node:crypto';
import { type MpluskassaSimulator, startMpluskassa } from '../simulators/mpluskassa/simulator.ts';
import { createMerchant } from './merchant.ts';
import { freeAddress, type Product, startProduct } from './product.ts';
import { runFolder } from './run-folder.ts';
import { openShops, type SandboxShop } from './shops.ts';
import { createStage } from './stage.ts';
import { openSystems, type SandboxSystems } from './systems.ts';
import { articlesOf } from './till-articles.ts';
import { tillCatalogue } from './till-catalogue.ts';

export interface Sandbox {
  /** The page. */
  readonly url: string;
  readonly shops: readonly SandboxShop[];
  readonly till: MpluskassaSimulator;
  readonly systems: SandboxSystems;
  readonly app: Product;
  /** Warnings and errors of the product's log. */
  readonly warnings: readonly string[];
  stop(): Promise<void>;
}

export interface SandboxOptions {
  /** Of the page. Default any free one; rejects with EADDRINUSE when it is taken. */
  readonly port?: number;
  /** Every sandbox makes a folder of its own in here and takes it away again. */
  readonly dataDir?: string;
  /** Default false: the product's warnings and errors go to standard error. */
  readonly quiet?: boolean;
}

/** The simulated systems hold everything in memory and are new each time, under new ids; so the product starts empty each time as well. */
export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const openedAt = new Date();
  const warnings: string[] = [];
  const ends: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const shops = await openShops({ seed: randomInt(1, 800_000), port: options.port ?? 0 });
    ends.push(...shops.all.map((shop) => () => shop.stop()));
    const till = await startMpluskassa({ articles: [...articlesOf(shops.all), ...tillCatalogue] });
    ends.push(() => till.stop());
    const systems = await openSystems(shops.all);
    ends.push(() => systems.stop());
    const folder = runFolder(options.dataDir ?? './.data');
    ends.push(() => folder.remove());
    const app = await startProduct({
      url: await freeAddress(),
      dataDir: folder.path,
      environment: Object.assign({}, systems.environment, ...shops.all.map((shop) => shop.environment())) as Record<string, string>,
      warned(line) {
        warnings.push(line);
        if (!options.quiet) process.stderr.write(`${line}\n`);
      },
    });
    ends.push(() => app.stop());
    for (const shop of shops.all) {
      await shop.install(app.url);
      shop.webhooks('delivered');
    }
    const plays = shops.all.map((shop) => ({ shop, merchant: createMerchant(app.url, shop, till) }));
    shops.hosting.host(createStage({ plays, till, systems, openedAt }));
    return { url: `${shops.hosting.url}/sandbox/`, shops: shops.all, till, systems, app, warnings, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
