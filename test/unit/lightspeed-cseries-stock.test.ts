import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { StockLevel } from '../../connectors/commerce.ts';
import { Failure } from '../../connectors/failure.ts';
import { bad, brought, draftOf, gathered, good, type House, openAt, startHouse, startOdd } from './lightspeed-cseries-house.ts';

const houses: House[] = [];
const house = async (options: Parameters<typeof startHouse>[0] = {}): Promise<House> => {
  const made = await startHouse(options);
  houses.push(made);
  return made;
};
afterEach(async () => {
  await Promise.all(houses.splice(0).map(({ shop }) => shop.stop()));
});

const level = (sku: string, quantity: number, managed?: boolean) =>
  draftOf('stock', { id: sku, sku, quantity, ...(managed !== undefined && { managed }) });
const many = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ code: `${10_001 + at}`, name: `Thee ${at}`, price: 500, rate: 900, stock: 5 }));
const unlimited = [1_000_000, 1_000_000, 1_000_000] as const;

describe('stock for the eCom shop', () => {
  it('is written as it is to be, and a second run writes nothing', async () => {
    const { session, shop, asked } = await house();
    const { plans, outcomes } = await brought(session, 'stock', [level('1001', 12), level('1005', 9)]);
    expect(plans.map(({ steps }) => [steps[0]?.action, steps[0]?.reason])).toEqual([
      ['update', undefined],
      ['skip', 'unchanged'],
    ]);
    expect(plans[0]?.steps[0]?.changes).toEqual([{ field: 'quantity', before: 90, after: 12 }]);
    expect(outcomes).toEqual([{ target: { id: String(shop.variant('1001')?.id), number: '1001' }, written: ['stock'] }]);
    expect([shop.stock('1001'), shop.stock('1005')]).toEqual([12, 9]);
    asked();
    expect((await brought(session, 'stock', [level('1001', 12)])).outcomes).toEqual([]);
    expect(asked()).toEqual(['GET variants']);
    expect(shop.unexpected).toEqual([]);
  });

  it('is not kept where the merchant says so, and kept again when he changes his mind', async () => {
    const { session, shop } = await house();
    await brought(session, 'stock', [level('1001', 0, false)]);
    expect(shop.variant('1001')).toMatchObject({ stockTracking: 'disabled', stockLevel: 90 });
    expect((await brought(session, 'stock', [level('1001', 0, false)])).outcomes).toEqual([]);
    await brought(session, 'stock', [level('1001', 90)]);
    expect(shop.variant('1001')).toMatchObject({ stockTracking: 'enabled', stockLevel: 90 });
  });

  it('finds a variant by its article code, else by EAN, else by SKU', async () => {
    const { session, shop } = await house();
    shop.editVariant('1003', { sku: 'TEA-1', articleCode: '' });
    await brought(session, 'stock', [level('8710000010011', 3), level('TEA-1', 4)]);
    expect(shop.stock('1001')).toBe(3);
    expect((await session.read('stock', [])).length).toBe(0);
    const rows = shop.requests.filter(({ method }) => method === 'PUT').map(({ body }) => body);
    expect(rows).toEqual(expect.arrayContaining(['{"variant":{"stockLevel":4}}']));
  });

  it('is left out for an unknown code, and stopped for an ambiguous one and no other, one by one and in a batch', async () => {
    for (const filler of [[], ['1001', '1002', '1004', '1008']]) {
      const { session, shop } = await house();
      shop.editVariant('1009', { articleCode: '1012' });
      const plans = await session.plan('stock', [
        level('nowhere', 1),
        level('1012', 1),
        level('1005', 1),
        ...filler.map((sku) => level(sku, 1)),
      ]);
      expect(good(plans[0]).steps).toMatchObject([{ action: 'skip', reason: 'not-in-shop' }]);
      expect(bad(plans[1])).toMatchObject({ code: 'lightspeed.variant-ambiguous', remedy: 'fix-data', params: { sku: '1012', count: 2 } });
      expect(good(plans[2]).steps[0]?.action).toBe('update');
    }
  });

  it('sees what was sold since it last looked', async () => {
    const made = await house();
    const { session, shop } = made;
    const all = ['1001', '1002', '1003', '1004', '1005'].map((code) => level(code, 7));
    await brought(session, 'stock', all);
    made.pass(30_000);
    shop.sell('1003', 2);
    const { plans } = await brought(session, 'stock', all);
    expect(plans.map(({ steps }) => steps[0]?.action)).toEqual(['skip', 'skip', 'update', 'skip', 'skip']);
    expect(shop.stock('1003')).toBe(7);
  });

  it('of 600 variants costs a page for every 250 and a request for each that changed', async () => {
    const { session, shop, asked } = await house({ articles: many(600), knobs: { bulk: false, limits: unlimited } });
    const drafts = many(600).map(({ code }, at) => level(code, at % 3 === 0 ? 5 : at));
    for (let from = 0; from < 600; from += 200) await brought(session, 'stock', drafts.slice(from, from + 200));
    const calls = asked();
    expect(calls.filter((call) => call === 'GET variants')).toHaveLength(3);
    expect(calls.filter((call) => call.startsWith('PUT variants/3'))).toHaveLength(
      many(600).filter((_, at) => at % 3 !== 0 && at !== 5).length,
    );
    expect(calls.filter((call) => call === 'PUT variants/bulk')).toHaveLength(1);
    expect(many(600).every(({ code }, at) => shop.stock(code) === (at % 3 === 0 ? 5 : at))).toBe(true);
  });

  it('goes in bundles where the shop takes them, after a few were read back', async () => {
    const { session, shop, asked } = await house({ articles: many(300), knobs: { limits: unlimited } });
    await brought(
      session,
      'stock',
      many(300).map(({ code }, at) => level(code, 100 + at)),
    );
    expect(many(300).every(({ code }, at) => shop.stock(code) === 100 + at)).toBe(true);
    const calls = asked();
    expect(calls.filter((call) => call === 'PUT variants/bulk')).toHaveLength(1 + Math.ceil(295 / 50));
    expect(calls).toHaveLength(2 + 7 + 1);
    expect(
      (
        await brought(
          session,
          'stock',
          many(300).map(({ code }, at) => level(code, 100 + at)),
        )
      ).outcomes,
    ).toEqual([]);
    expect(asked()).toEqual([]);
  });

  it('is not believed to be written in bundles by a shop that says yes and does nothing', async () => {
    const { session, shop, asked } = await house({ articles: many(60), knobs: { limits: unlimited } });
    shop.faults.add({ kind: 'status', status: 200, path: '/variants/bulk.json', body: '{"variants":[]}' });
    await brought(
      session,
      'stock',
      many(60).map(({ code }) => level(code, 33)),
    );
    expect(many(60).every(({ code }) => shop.stock(code) === 33)).toBe(true);
    await brought(
      session,
      'stock',
      many(60).map(({ code }) => level(code, 34)),
    );
    expect(many(60).every(({ code }) => shop.stock(code) === 34)).toBe(true);
    expect(asked().filter((call) => call === 'PUT variants/bulk').length).toBeLessThanOrEqual(1);
  });

  it('is written although another variant has a figure that is none', async () => {
    const row = (id: number, articleCode: string, stockLevel: unknown) => ({
      ...{ id, articleCode, ean: '', sku: '', stockLevel, stockTracking: 'enabled', sortOrder: '1.5' },
      product: { resource: { id: 90 + id } },
    });
    const rows = [row(1, '1001', 3), row(2, '1002', 2.5), ...many(6).map(({ code }, at) => row(3 + at, code, 1))];
    const server = await startOdd((_, query) => ({
      body: { variants: rows.filter(({ id }) => id > Number(query.get('since_id') ?? 0)) },
    }));
    try {
      const plans = await openAt(server.url, {}).plan('stock', [level('1001', 1), ...many(6).map(({ code }) => level(code, 1))]);
      expect(plans.map(good)[0]?.steps).toMatchObject([{ action: 'update', changes: [{ before: 3, after: 1 }] }]);
      const [, odd] = await openAt(server.url, {}).read('stock', ['1', '2', '3', '4', '5']);
      expect(odd).toMatchObject({ sku: '1002', branches: [{ branch: 'shop' }] });
      expect(JSON.stringify(odd)).not.toContain('physical');
    } finally {
      await server.stop();
    }
  });

  it('goes to no variant at all where the shop ignores what is searched', async () => {
    const rows = [
      { id: 1, articleCode: 'other', ean: '', sku: '', stockLevel: 3, stockTracking: 'enabled', product: { resource: { id: 9 } } },
      { id: 2, articleCode: 'another', ean: '', sku: '', stockLevel: 3, stockTracking: 'enabled', product: { resource: { id: 9 } } },
    ];
    const server = await startOdd(() => ({ body: { variants: rows } }));
    try {
      expect(good((await openAt(server.url, {}).plan('stock', [level('1001', 1)]))[0]).steps[0]?.reason).toBe('not-in-shop');
    } finally {
      await server.stop();
    }
  });

  it('of a variant that was deleted meanwhile is looked for again, and its bundle goes without it', async () => {
    const { session, shop } = await house();
    const codes = ['1001', '1002', '1003', '1004', '1005', '1008', '1009', '1011', '1012', 'AB-12'];
    await brought(
      session,
      'stock',
      codes.map((code) => level(code, 1)),
    );
    const plans = (
      await session.plan(
        'stock',
        codes.map((code) => level(code, 2)),
      )
    ).map(good);
    shop.removeProduct('1003');
    const results = await session.apply('stock', plans);
    expect(bad(results[2])).toMatchObject({ code: 'lightspeed.record-gone', remedy: 'retry', ambiguous: true });
    expect(results.filter((result) => !(result instanceof Failure))).toHaveLength(9);
    expect(codes.filter((code) => shop.stock(code) === 2)).toHaveLength(9);
    expect(good((await session.plan('stock', [level('1003', 2)]))[0]).steps[0]?.reason).toBe('not-in-shop');
  });

  it('whose answer was lost is looked at and not written twice', async () => {
    const { session, shop, open } = await house();
    const [plan] = (await session.plan('stock', [level('1001', 4)])).map(good);
    shop.faults.add({ kind: 'lose-answer', method: 'PUT', times: 1 });
    const [lost] = await session.apply('stock', plan ? [plan] : []);
    expect(bad(lost)).toMatchObject({ remedy: 'wait', ambiguous: true });
    expect((await brought(open(), 'stock', [level('1001', 4)])).outcomes).toEqual([]);
    expect(shop.movements.filter(({ code, type }) => code === '1001' && type === 'update')).toHaveLength(2);
  });

  it('of 5,000 variants is written nearly as fast as the rate windows let anybody, and live orders pass meanwhile', async () => {
    const made = await house({ articles: many(5_000), knobs: { bulk: false } });
    const { session, shop, clock } = made;
    made.pass(24 * 3_600_000);
    const startedAt = clock.now.getTime();
    let open = many(5_000).map(({ code }) => level(code, 8));
    let orders = 0;
    while (open.length > 0) {
      let waitMs = 0;
      const left: typeof open = [];
      for (let from = 0; from < open.length && waitMs === 0; from += 200) {
        const group = open.slice(from, from + 200);
        const plans = await session.plan('stock', group);
        const writable = plans.flatMap((plan) => (plan instanceof Failure ? [] : [plan]));
        const results = await session.apply('stock', writable);
        for (const one of [...plans, ...results]) if (one instanceof Failure) waitMs = Math.max(waitMs, one.waitMs ?? 0);
        const done = new Set(results.flatMap((one, at) => (one instanceof Failure ? [] : [writable[at]?.id])));
        left.push(...group.filter(({ id }) => !done.has(id)));
        if (waitMs > 0) left.push(...open.slice(from + 200));
      }
      open = left;
      if (waitMs === 0) continue;
      const placed = shop.place({ lines: [{ code: '10001' }] });
      expect(good((await session.read('order', [String(placed.id)]))[0]).id).toBe(String(placed.id));
      orders += 1;
      made.pass(waitMs);
    }
    expect(
      many(5_000)
        .filter(({ code }) => shop.stock(code) !== 8)
        .map(({ code }) => code),
    ).toEqual(['10001'].filter((code) => shop.stock(code) !== 8));
    expect(shop.requests.some(({ status }) => status === 429)).toBe(false);
    expect(orders).toBeGreaterThan(10);
    // 3,000 in the first hour, 300 in every five minutes of the second.
    const needed = 5_020 - 3_000;
    const fastestMs = 3_600_000 + Math.floor(needed / 300) * 300_000;
    expect(clock.now.getTime() - startedAt).toBeLessThanOrEqual(fastestMs * 1.1);
    expect(shop.requests.filter(({ method, path }) => method === 'GET' && path === 'variants').length).toBeLessThan(100);
  });

  it('ends as it is wanted, whatever stood there and however often it is written', async () => {
    const { session, shop, ...made } = await house({ knobs: { limits: unlimited } });
    const codes = ['1001', '1002', '1003', '1004', '1005', '1006', '1007', '1008'];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ code: fc.constantFrom(...codes), quantity: fc.nat(500), sold: fc.nat(3) }), { minLength: 1, maxLength: 8 }),
        fc.boolean(),
        async (wanted, bulk) => {
          shop.knobs.bulk = bulk;
          made.pass(60_000);
          const unique = [...new Map(wanted.map((one) => [one.code, one])).values()];
          for (const { code, sold } of unique) if (sold > 0) shop.sell(code, sold);
          await brought(
            session,
            'stock',
            unique.map(({ code, quantity }) => level(code, quantity)),
          );
          expect(unique.map(({ code }) => shop.stock(code))).toEqual(unique.map(({ quantity }) => quantity));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('stock of the eCom shop', () => {
  it('is read by id and by article code; what is not counted has no figure', async () => {
    const { session, shop } = await house();
    shop.editVariant('1005', { stockTracking: 'disabled' });
    const id = String(shop.variant('1001')?.id);
    const [one, same, uncounted, none] = await session.read('stock', [id, '#1001', '1005', '#nowhere']);
    expect(one).toMatchObject({
      id,
      sku: '1001',
      branches: [{ branch: 'shop', physical: { value: 90, scale: 0 }, available: { value: 90, scale: 0 } }],
    });
    expect((same as StockLevel).id).toBe(id);
    expect((uncounted as StockLevel).branches).toEqual([{ branch: 'shop' }]);
    expect(none).toBeUndefined();
  });

  it('of a whole import comes in pages', async () => {
    const { session, asked } = await house({ articles: many(400) });
    const changes = await gathered(session.changed('stock', undefined));
    expect(changes).toHaveLength(400);
    asked();
    const read = await session.read(
      'stock',
      changes.map(({ id }) => id),
    );
    expect(read.filter((one) => one !== undefined)).toHaveLength(400);
    expect(asked()).toHaveLength(2);
  });
});
