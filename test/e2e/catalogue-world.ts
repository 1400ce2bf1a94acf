/** A world for the catalogue suites: a shop with its shelf, a till, and what its merchant does with flows and imports. */
import { afterEach, expect } from 'vitest';
import type { TestDatabase } from '../database.ts';
import type { MpluskassaOptions } from '../simulators/mpluskassa/simulator.ts';
import type { Shape } from './api-client.ts';
import type { CatalogueShop, Shelf } from './catalogue-shops.ts';
import { openWorld, tillSettings, type World } from './world.ts';

export interface CatalogueWorld extends World {
  readonly shelf: Shelf;
  /** A flow between shop and till with these answers, switched off. */
  flowOf(kind: 'product' | 'stock', towards: 'shop' | 'till', values?: object): Promise<Shape<'Flow'>>;
  /** The same, switched on. */
  flowOn(kind: 'product' | 'stock', values?: object): Promise<Shape<'Flow'>>;
  answer(flow: Shape<'Flow'>, change: Partial<Shape<'FlowSettings'>>): Promise<Shape<'Flow'>>;
  run(flow: Shape<'Flow'>, phase: 'preview' | 'import', more?: object): Promise<Shape<'ImportRun'>>;
  view(flow: Shape<'Flow'>): Promise<Shape<'Flow'>>;
  recordOf(flow: Shape<'Flow'>, number: string): Promise<Shape<'RecordSummary'>>;
}

export interface OpenOptions {
  readonly shop: CatalogueShop;
  readonly seed: number;
  /** The shop sells what its platform's demo sells. Without it, nothing. */
  readonly stocked?: true;
  readonly till?: MpluskassaOptions;
}

/** Worlds of a test file; each is ended after its test, and what it complained about fails the test. */
export function catalogueWorlds(test: TestDatabase): (options: OpenOptions) => Promise<CatalogueWorld> {
  let world: World | undefined;

  afterEach(async () => {
    if (world === undefined) return;
    const { log, till, shop, stop } = world;
    world = undefined;
    await stop();
    expect(log.filter((line) => line.startsWith('error'))).toEqual([]);
    expect([...till.unexpected, ...shop.unexpected()]).toEqual([]);
  });

  return async ({ shop: platform, seed, stocked, till }) => {
    const { shop, shelf } = await platform.start({ seed });
    if (!stocked) shelf.clear();
    const opened = await openWorld({
      fixture: { platform: platform.platform, start: async () => shop },
      database: test.database,
      bare: true,
      till: { articles: [], ...till },
    });
    world = opened;
    const { api } = opened;
    await api.expect('PUT', 'connections/mpluskassa', { settings: tillSettings(opened.till) });

    const answer: CatalogueWorld['answer'] = async (flow, change) => {
      const { settings, settingsVersion: version } = await view(flow);
      const next = { values: { ...settings.values, ...change.values }, tables: { ...settings.tables, ...change.tables } };
      return api.expect<Shape<'Flow'>>('PUT', `flows/${flow.id}/settings`, { version, settings: next });
    };
    const flowOf: CatalogueWorld['flowOf'] = async (kind, towards, values = {}) => {
      const connections = await api.expect<Shape<'Connection'>[]>('GET', 'connections');
      const ofTill = connections.find(({ connector }) => connector === 'mpluskassa')?.id;
      const ofShop = connections.find(({ connector }) => connector !== 'mpluskassa')?.id;
      const [source, target] = towards === 'shop' ? [ofTill, ofShop] : [ofShop, ofTill];
      return answer(await api.expect<Shape<'Flow'>>('POST', 'flows', { kind, source, target }), { values: { ...values } });
    };
    const view: CatalogueWorld['view'] = (flow) => api.expect<Shape<'Flow'>>('GET', `flows/${flow.id}`);

    return {
      ...opened,
      shelf,
      answer,
      flowOf,
      view,
      async flowOn(kind, values) {
        const flow = await flowOf(kind, 'shop', values);
        return api.expect<Shape<'Flow'>>('POST', `flows/${flow.id}/switch`, { on: true });
      },
      async run(flow, phase, more = {}) {
        await api.expect('POST', `flows/${flow.id}/imports`, { phase, action: 'start', ...more });
        await opened.settled();
        const runs = await api.expect<Shape<'ImportRun'>[]>('GET', `flows/${flow.id}/imports`);
        const found = runs.find((candidate) => candidate.phase === phase);
        if (found === undefined) throw new Error(`there is no ${phase}`);
        return found;
      },
      async recordOf(flow, number) {
        const { items } = await api.expect<Shape<'RecordPage'>>('GET', `records?flow=${flow.id}&search=${number}`);
        if (items[0] === undefined) throw new Error(`no record of ${number}`);
        return items[0];
      },
    };
  };
}
