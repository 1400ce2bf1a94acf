import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tenantOf } from '../../app-server/engine/model.ts';
import { collections } from '../../app-server/store/collections.ts';
import { testDatabase } from '../database.ts';
import { type ApiClient, openFrame, type Shape } from './api-client.ts';
import { ecwidFixture } from './ecwid-fixture.ts';
import type { TestShop } from './shop-fixture.ts';
import { shopwareFixture } from './shopware-fixture.ts';
import { openWorld, setUp, tillSettings, type World } from './world.ts';

const test = testDatabase();

/** One shop with everything that can be its: connections, a flow with two versions, records that are done, parked and waiting to be paid. */
interface Merchant {
  readonly platform: string;
  readonly shop: TestShop;
  readonly api: ApiClient;
  readonly connections: readonly Shape<'Connection'>[];
  readonly flow: Shape<'Flow'>;
  readonly records: readonly Shape<'RecordSummary'>[];
}

/** Every test has keys of its own, so it needs a store of its own. */
let seeds = 500;
let world: World;
let second: TestShop;
let shopwareMerchant: Merchant;
let ecwidMerchant: Merchant;

beforeEach(async () => {
  seeds += 1;
  second = await ecwidFixture.start({ seed: seeds });
  world = await openWorld({ fixture: shopwareFixture, database: test.database, environment: second.environment() });
  await second.install(world.appUrl);
  const secondApi = await openFrame(world.appUrl, await second.frameUrl());
  await setUp(secondApi, world.till);
  shopwareMerchant = await inBusiness('shopware', world.shop, world.api);
  ecwidMerchant = await inBusiness('ecwid', second, secondApi);
});

afterEach(async () => {
  const errors = world.log.filter((line) => line.startsWith('error'));
  await Promise.all([world.stop(), second.stop()]);
  expect(errors).toEqual([]);
});

async function inBusiness(platform: string, shop: TestShop, api: ApiClient): Promise<Merchant> {
  await shop.placePaidOrder();
  await shop.placeOrderWithUnknownArticle();
  await shop.placeUnpaidOrder();
  await shop.delivered();
  await world.app.idle();
  const [flow] = await api.expect<Shape<'Flow'>[]>('GET', 'flows');
  if (flow === undefined) throw new Error('there is no flow');
  const changed = await api.expect<Shape<'Flow'>>('PUT', `flows/${flow.id}/settings`, {
    settings: flow.settings,
    version: flow.settingsVersion,
  });
  const { items } = await api.expect<Shape<'RecordPage'>>('GET', 'records?limit=100');
  expect(items.map(({ state }) => state).sort()).toEqual(['done', 'parked', 'skipped']);
  return { platform, shop, api, flow: changed, records: items, connections: await api.expect('GET', 'connections') };
}

/** Everything that the database holds of a shop, byte for byte. */
async function heldOf({ platform, shop }: Merchant): Promise<string> {
  const tenant = tenantOf(platform, shop.shopId);
  const held = await Promise.all(
    collections.map(async ({ name, ofTenant }) => {
      const filter = ofTenant(tenant);
      const found = filter ? await test.database.connection.collection(name).find(filter).sort({ _id: 1 }).toArray() : [];
      return [name, found] as const;
    }),
  );
  expect(held.filter(([, found]) => found.length > 0).map(([name]) => name)).toEqual(
    expect.arrayContaining([
      'attempts',
      'entries',
      'flow-versions',
      'flows',
      'connections',
      'shops',
      `${platform}-${shopCollection[platform]}`,
    ]),
  );
  return JSON.stringify(held);
}
const shopCollection: Readonly<Record<string, string>> = { shopware: 'shops', ecwid: 'stores' };

interface Described {
  readonly method: string;
  readonly path: string;
  readonly name: string;
  readonly query: readonly string[];
  readonly takesBody: boolean;
}

async function describedRoutes(): Promise<readonly Described[]> {
  const response = await fetch(`${world.appUrl}/api/openapi.json`);
  const document = (await response.json()) as {
    paths: Record<string, Record<string, { operationId: string; parameters?: { in: string; name: string }[]; requestBody?: object }>>;
  };
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, parameters = [], requestBody }]) => ({
      method: method.toUpperCase(),
      path: path.replace('/api/', ''),
      name: operationId,
      query: parameters.flatMap((parameter) => (parameter.in === 'query' ? [parameter.name] : [])),
      takesBody: requestBody !== undefined,
    })),
  );
}

/** Bodies that would do harm if the ids in them were honoured. A new operation with a body has to say its own here. */
function bodiesOf(name: string, mine: Merchant, theirs: Merchant): readonly object[] {
  const settings = { values: theirs.flow.settings.values, tables: {} };
  const target = (merchant: Merchant) => merchant.flow.target.connection;
  const source = (merchant: Merchant) => merchant.flow.source.connection;
  const bodies: Readonly<Record<string, readonly object[]>> = {
    saveConnection: [{ settings: tillSettings(world.till) }],
    authorizeConnection: [{ settings: {} }],
    createFlow: [
      { kind: 'order', source: source(theirs), target: target(theirs) },
      { kind: 'order', source: source(theirs), target: target(mine) },
      { kind: 'order', source: source(mine), target: target(theirs) },
    ],
    saveSettings: [{ settings, version: theirs.flow.settingsVersion }],
    switchFlow: [{ on: false }, { on: true, from: new Date(0).toISOString(), leaveOut: true }],
    dryRun: theirs.records.map(({ number, sourceId }) => ({ record: number ?? sourceId })),
    steerImport: [
      { phase: 'import', action: 'start' },
      { phase: 'import', action: 'start', leaveOut: true },
      { phase: 'preview', action: 'pause' },
    ],
    chooseTarget: [{ candidate: '7' }, { candidate: null }],
    erasePerson: [{ email: 'ann@example.com' }],
    resolveKept: [{ field: 'name', take: 'source' }],
    switchShopOption: [{ name: 'cartReports', on: true }],
    replayRecords: [{ flow: theirs.flow.id }, { flow: theirs.flow.id, cause: 'till.article-missing' }],
  };
  const found = bodies[name];
  if (found === undefined) throw new Error(`say in bodiesOf which bodies ${name} has to be tried with`);
  return found;
}

const idsOf = (merchant: Merchant): readonly string[] => [
  ...merchant.connections.map(({ id }) => id),
  merchant.flow.id,
  ...merchant.records.flatMap(({ id, sourceId }) => [id, sourceId]),
];

describe('two shops in one Tillbridge', () => {
  it.each([
    ['Shopware', 'Ecwid', () => [shopwareMerchant, ecwidMerchant] as const],
    ['Ecwid', 'Shopware', () => [ecwidMerchant, shopwareMerchant] as const],
  ])('gives the %s merchant nothing of the %s merchant, by whichever route it is asked for', async (_mine, _theirs, who) => {
    const [mine, theirs] = who();
    const before = await heldOf(theirs);
    const tillBefore = JSON.stringify(world.till.orders());
    const foreign = idsOf(theirs);
    const routes = await describedRoutes();
    let tried = 0;

    for (const { method, path, name, query, takesBody } of routes) {
      const bodies = takesBody ? bodiesOf(name, mine, theirs) : [undefined];
      const inPath = path.includes('{id}') ? foreign : path.includes('{connectorName}') ? ['mpluskassa', theirs.platform] : [''];
      // A query that can name somebody's record is tried with every name that the other has.
      const queries = ['', ...query.flatMap((key) => foreign.map((id) => `?${key}=${encodeURIComponent(id)}`))];
      for (const value of inPath) {
        for (const search of queries) {
          for (const body of bodies) {
            const address = path
              .replace(/\{(?:id|connectorName)\}/, encodeURIComponent(value))
              .replace('{list}', 'branches')
              .concat(search);
            const answer = await mine.api.call(method, address, body);
            tried += 1;
            const asked = `${method} ${address} ${JSON.stringify(body)}`;
            const names = [...foreign, theirs.platform].some((id) => value === id || JSON.stringify(body ?? '').includes(`"${id}"`));
            expect(names ? [403, 404] : [200, 202, 400, 404], asked).toContain(answer.status);
            if (answer.status >= 400) expect(answer.body, asked).toMatchObject({ status: answer.status, remedy: expect.any(String) });
            const said = JSON.stringify(answer.body);
            for (const id of foreign) expect(said.includes(`"${id}"`), `${asked} told ${id}`).toBe(false);
          }
        }
      }
    }
    expect(tried).toBeGreaterThan(routes.length * 5);
    // Their order under its number in my own flow: my shop does not know it.
    for (const { number } of theirs.records) {
      expect(await mine.api.call('POST', `flows/${mine.flow.id}/dry-run`, { record: number })).toMatchObject({ status: 404 });
    }
    await world.app.idle();
    expect(await heldOf(theirs)).toBe(before);
    expect(JSON.stringify(world.till.orders())).toBe(tillBefore);
  });

  it('answers nobody who has no ticket, one that was tampered with or one of another Tillbridge', async () => {
    const [head, claims, signature] = ecwidMerchant.api.ticket.split('.');
    const others = { ...JSON.parse(Buffer.from(claims ?? '', 'base64url').toString()), tenant: `shopware:${world.shop.shopId}` };
    const forged = `${head}.${Buffer.from(JSON.stringify(others)).toString('base64url')}.${signature}`;
    const unsigned = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${forged.split('.')[1]}.`;
    for (const authorization of [undefined, 'Bearer ', `Bearer ${forged}`, `Bearer ${unsigned}`, 'Basic dGlsbDpicmlkZ2U=']) {
      for (const { method, path } of await describedRoutes()) {
        const response = await fetch(`${world.appUrl}/api/${path.replace(/\{\w+\}/g, ecwidMerchant.flow.id)}`, {
          method,
          headers: { ...(authorization !== undefined && { authorization }), 'content-type': 'application/json' },
          ...(method !== 'GET' && { body: '{}' }),
        });
        expect(response.status, `${method} ${path}`).toBe(401);
        expect(response.headers.get('content-type')).toContain('application/problem+json');
      }
    }
  });

  it('keeps the orders of both apart in the same till', async () => {
    const [fromShopware, fromEcwid] = [await world.shop.placePaidOrder(), await second.placePaidOrder()];
    await second.delivered();
    await world.settled();
    const numbers = async ({ api }: Merchant) =>
      (await api.expect<Shape<'RecordPage'>>('GET', 'records?limit=100')).items.map(({ number }) => number);
    expect(await numbers(shopwareMerchant)).toContain(fromShopware.number);
    expect(await numbers(shopwareMerchant)).not.toContain(fromEcwid.number);
    expect(await numbers(ecwidMerchant)).toContain(fromEcwid.number);
    expect(await numbers(ecwidMerchant)).not.toContain(fromShopware.number);
    expect(world.till.orders()).toHaveLength(4);
  });
});
