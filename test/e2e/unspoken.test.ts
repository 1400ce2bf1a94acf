import { afterEach, describe, expect, it } from 'vitest';
import { causes as german } from '../../app-server/screens/src/texts/causes-de.ts';
import { causes as english } from '../../app-server/screens/src/texts/causes-en.ts';
import { causes as dutch } from '../../app-server/screens/src/texts/causes-nl.ts';
import { testDatabase } from '../database.ts';
import { type EcwidSimulator, startEcwid } from '../simulators/ecwid/simulator.ts';
import type { Shape } from './api-client.ts';
import { ecwidOptions, ecwidShop } from './ecwid-fixture.ts';
import { openWorld, type World } from './world.ts';

const test = testDatabase();
let world: World;
let store: EcwidSimulator;

afterEach(() => world.stop());

/** Names that machines read: the screens show the titles. */
const forMachines = new Set(['platform', 'tenant', 'connector', 'name']);

/** Every text in an answer that speaks of the platform, with the way to it. */
function spoken(value: unknown, path: string): string[] {
  if (typeof value === 'string') return /ecwid|lightspeed/i.test(value) ? [`${path}: ${value.slice(0, 200)}`] : [];
  if (Array.isArray(value)) return value.flatMap((one, index) => spoken(one, `${path}[${index}]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) =>
    forMachines.has(key) || (key === 'title' && isNameOf(value, one)) ? [] : [...spoken(key, path), ...spoken(one, `${path}.${key}`)],
  );
}

/** One of the systems that can be connected bears a forbidden word as its name, and may be called by it: itself, its connection, its end of a flow. */
function isNameOf(system: object, title: unknown): boolean {
  const { connector, name } = system as { connector?: unknown; name?: unknown };
  return title === 'Lightspeed' && (connector ?? name) === 'lightspeed';
}

describe('a merchant whose platform is sold under another name', () => {
  it('reads its real name nowhere: not in titles, reports, timelines, refusals', async () => {
    world = await openWorld({
      fixture: {
        platform: 'ecwid',
        async start({ seed }) {
          store = await startEcwid(ecwidOptions(seed));
          return ecwidShop(store);
        },
      },
      database: test.database,
    });
    const paid = await world.shop.placePaidOrder();
    const parked = await world.shop.placeOrderWithUnknownArticle();
    await world.shop.placeUnpaidOrder();
    await world.settled();

    const found: string[] = [];
    let texts = 0;
    const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
      const { body: answer } = await world.api.call<T>(method, path, body);
      texts += 1;
      found.push(...spoken(answer, `${method} ${path}`));
      return answer;
    };
    const everything = async (): Promise<void> => {
      for (const path of ['session', 'connectors', 'flows']) await ask('GET', path);
      const connections = await ask<Shape<'Connection'>[]>('GET', 'connections');
      for (const { id } of connections) {
        await ask('POST', `connections/${id}/check`);
        for (const list of ['paymentMethods', 'taxRates', 'shippingMethods', 'salesChannels', 'unheardOf']) {
          await ask('GET', `connections/${id}/vocabulary/${list}`);
        }
      }
      const { id } = await world.flow();
      await ask('POST', `flows/${id}/suggest`);
      await ask('GET', `flows/${id}/versions`);
      for (const { number } of [paid, parked]) await ask('POST', `flows/${id}/dry-run`, { record: number });
      await ask('POST', `flows/${id}/dry-run`, { record: 'no such order' });
      const { items } = await ask<Shape<'RecordPage'>>('GET', 'records?limit=100');
      for (const record of items) await ask('GET', `records/${record.id}`);
    };

    await everything();
    const { items } = await world.api.expect<Shape<'RecordPage'>>('GET', `records?search=${paid.number}`);
    const detail = await world.api.expect<Shape<'RecordDetail'>>('GET', `records/${items[0]?.id}`);
    // The platform does say its name to us.
    expect(JSON.stringify(detail.attemptList)).toContain('https://images-cdn.•••.com/');

    // The same while the store is away, refuses, is suspended and knows us no more.
    store.faults.add({ kind: 'drop', path: /^\/api\/v3/ });
    await everything();
    store.faults.clear();
    store.state.plan.suspended = true;
    await everything();
    store.state.plan.suspended = false;
    store.suspend();
    await world.settled();
    await everything();
    store.resume();
    store.state.tokens.clear();
    await world.settled();
    await everything();

    expect(texts).toBeGreaterThan(80);
    expect(found).toEqual([]);
  });

  it('reads it in no language of the screens', async () => {
    world = await openWorld({
      fixture: { platform: 'ecwid', start: async ({ seed }) => ecwidShop(await startEcwid(ecwidOptions(seed))) },
      database: test.database,
    });
    const texts = await Promise.all(['en', 'de', 'nl'].map((language) => import(`../../app-server/screens/src/texts/${language}.ts`)));
    expect(
      [...texts.map((one: object) => ({ ...one })), english, german, dutch].flatMap((one, index) => spoken(one, String(index))),
    ).toEqual([]);
  });
});
