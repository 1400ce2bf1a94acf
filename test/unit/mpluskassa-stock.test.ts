import { describe, expect, it } from 'vitest';
import { StockLevel } from '../../connectors/commerce.ts';
import type { Change, Draft, Outcome, Plan } from '../../connectors/connector.ts';
import { Failure } from '../../connectors/failure.ts';
import { startMpluskassa } from '../simulators/mpluskassa/simulator.ts';
import { applied, draftOf, line, openTill, planned, restart, session, shopOrder, till, useTill } from './mpluskassa-house.ts';

useTill();

async function moved(cursor?: string, from = session): Promise<Change[]> {
  const changes: Change[] = [];
  for await (const change of from.changed('stock', cursor)) changes.push(change);
  return changes;
}

async function level(id: string): Promise<StockLevel> {
  const [found] = await session.read('stock', [id]);
  if (found === undefined || found instanceof Failure) throw found ?? new Error(`no stock of ${id}`);
  return StockLevel.parse(found);
}

const ids = (changes: readonly Change[]): string[] => changes.map(({ id }) => id);
const cursorNow = async (): Promise<string> => (await moved()).at(-1)?.cursor ?? '';

describe('a stock level', () => {
  it('tells what can be sold, what is set aside and what lies on the shelf', async () => {
    await applied(session, await planned(session, draftOf(shopOrder({ lines: [line({ grossMinor: 17990, quantity: 2 })] }))));
    expect(await level('1006')).toMatchObject({
      id: '1006',
      sku: '1006',
      branches: [
        {
          branch: '1',
          available: { value: 3, scale: 0 },
          reserved: { value: 2, scale: 0 },
          physical: { value: 5, scale: 0 },
          incoming: { value: 0, scale: 0 },
        },
      ],
    });
  });

  it('of what is weighed is exact to the last decimal', async () => {
    expect((await level('1008')).branches[0]?.available).toEqual({ value: 12_500, scale: 3 });
    till.sell(1008, 0.001);
    expect((await level('1008')).branches[0]).toMatchObject({
      available: { value: 12_499, scale: 3 },
      physical: { value: 12_499, scale: 3 },
    });
  });

  it('covers the chosen branches in one call, on an older till in one call each', async () => {
    for (const [serviceVersion, calls] of [
      [[67, 1, 3], 1],
      [[56, 0, 0], 2],
    ] as const) {
      const shop = await startMpluskassa({ serviceVersion });
      const both = openTill(shop, { stockBranches: '2, 1' });
      const [found] = await both.read('stock', ['1006']);
      expect(StockLevel.parse(found).branches.map(({ branch, available }) => [branch, available?.value])).toEqual([
        ['1', 5],
        ['2', 2],
      ]);
      expect(shop.calls.count('getStock')).toBe(calls);
      await shop.stop();
    }
  });

  it('that the till does not name is unknown, never zero', async () => {
    const found = await session.read('stock', ['1006', '4711', '9001', 'ABC', '#1007']);
    expect(found.map((each) => (each && 'branches' in each ? each.branches[0]?.available?.value : each))).toEqual([
      5,
      undefined,
      undefined,
      undefined,
      60,
    ]);
  });

  it('is waited for when the till answers with nothing, or with something that cannot be read', async () => {
    till.faults.next('empty', { operation: 'getStock' });
    const [first, service] = await session.read('stock', ['1006', '9001']);
    expect(first).toMatchObject({ remedy: 'wait', code: 'till.empty-answer' });
    expect(service).toBeUndefined();
    till.faults.next('empty', { operation: 'getStock' });
    till.faults.next('empty', { operation: 'getProducts', times: 2 });
    await expect(session.read('stock', ['1006'])).rejects.toMatchObject({ remedy: 'wait' });
    till.faults.next('garbage', { operation: 'getStock' });
    await expect(session.read('stock', ['1006'])).rejects.toMatchObject({ remedy: 'wait' });
    expect((await level('1006')).branches[0]?.available?.value).toBe(5);
  });
});

describe('moved stock', () => {
  it('is one article after a sale, an order and a cancelled order, and none when nothing moved', async () => {
    const start = await cursorNow();
    till.calls.reset();
    expect(await moved(start)).toEqual([]);
    expect(till.calls.count()).toBe(1);
    till.sell(1012, 3);
    const sold = await moved(start);
    expect(ids(sold)).toEqual(['1012']);
    await applied(session, await planned(session, draftOf(shopOrder())));
    const ordered = await moved(sold.at(-1)?.cursor);
    expect(ids(ordered)).toEqual(['1006']);
    expect(await moved(ordered.at(-1)?.cursor)).toEqual([]);
  });

  it('from the beginning is every stock article, and what moved meanwhile is not lost', async () => {
    const stocked = till.articles().filter(({ stockArticle }) => stockArticle);
    const seen: Change[] = [];
    for await (const change of session.changed('stock', undefined)) {
      seen.push(change);
      if (seen.length === 3) till.sell(1001, 1);
    }
    expect(new Set(ids(seen))).toEqual(new Set(stocked.map(({ articleNumber }) => String(articleNumber))));
    expect(ids(seen).slice(stocked.length)).toEqual(['1001']);
    expect(await moved(seen.at(-1)?.cursor)).toEqual([]);
  });

  it('goes on at any place where it was interrupted, also in the middle of a product', async () => {
    const size = (index: number) => ({ articleNumber: 20_000 + index, productNumber: 800, size: String(index), stock: index });
    for (let index = 0; index < 30; index += 1) till.addArticle(size(index));
    const stocked = till.articles().filter(({ stockArticle }) => stockArticle).length;
    const seen = new Set<string>();
    let cursor: string | undefined;
    let told = 0;
    for (let run = 0; run < 40; run += 1) {
      let count = 0;
      for await (const change of session.changed('stock', cursor)) {
        seen.add(change.id);
        cursor = change.cursor;
        told += 1;
        count += 1;
        if (count === 4) break;
      }
      if (count === 0) break;
    }
    expect(seen.size).toBe(stocked);
    expect(told).toBe(stocked);
  });

  it('since an instant is what was sold since then', async () => {
    const instant = new Date(Date.now() - 1_000).toISOString();
    till.sell(1004, 1);
    expect(ids(await moved(instant))).toContain('1004');
    expect(ids(await moved(instant, openTill(till)))).toContain('1004');
    const later = new Date(Date.now() + 2_000).toISOString();
    expect(await moved(later)).toEqual([]);
    till.sell(1005, 1);
    expect(ids(await moved(later))).toEqual(['1005']);
  });

  it('far behind, or ahead of a restored till, is all of it', async () => {
    const start = await cursorNow();
    for (let count = 0; count < 8_001; count += 1) till.sell(1001, count % 2 === 0 ? 1 : -1);
    till.calls.reset();
    expect((await moved(start)).length).toBe(till.articles().filter(({ stockArticle }) => stockArticle).length);
    expect(till.calls.count('getStock')).toBe(0);
    expect((await moved('999999999')).length).toBeGreaterThan(10);
  });

  it('of 3,000 articles is noticed and read in pages', async () => {
    await restart({ articles: 3_000 });
    const numbers = ids(await moved());
    expect(new Set(numbers).size).toBe(3_012);
    expect(till.calls.count()).toBeLessThanOrEqual(16);
    till.calls.reset();
    let found = 0;
    for (let from = 0; from < 2_000; from += 500) {
      const levels = await session.read('stock', numbers.slice(from, from + 500));
      found += levels.filter((each) => each !== undefined && 'branches' in each).length;
    }
    expect([found, till.calls.count()]).toEqual([2_000, 4]);
  });
});

const draft = (sku: string, quantity: number, more: Record<string, unknown> = {}): Draft => ({
  id: sku,
  reference: `tb-${sku}`,
  revision: 0,
  fields: { sku, quantity, managed: true, ...more },
});

async function write(drafts: readonly Draft[]): Promise<(Plan | Outcome | Failure)[]> {
  const plans = await session.plan('stock', drafts);
  const good = plans.flatMap((plan) => (plan instanceof Failure ? [] : [plan]));
  const outcomes = await session.apply('stock', good);
  return plans.map((plan) => (plan instanceof Failure ? plan : (outcomes[good.indexOf(plan)] ?? plan)));
}

describe('stock from the shop', () => {
  it('stands in the till as what can be sold there, in two calls for all', async () => {
    await applied(session, await planned(session, draftOf(shopOrder())));
    till.calls.reset();
    const results = await write([draft('1006', 9), draft('1007', 7), draft('9', 3, { article: '1012' }), draft('1001', 12)]);
    expect(results.map((result) => 'written' in result && result.written)).toEqual([['stock'], ['stock'], ['stock'], []]);
    expect([till.stock(1006), till.stock(1007), till.stock(1012)]).toMatchObject([{ free: 9, reserved: 1 }, { free: 7 }, { free: 3 }]);
    expect([...till.calls].map(({ operation }) => operation)).toEqual(['getStock', 'saveStockCorrections']);
  });

  it('leaves alone what is unchanged, unknown, not counted or not managed', async () => {
    till.calls.reset();
    const plans = await session.plan('stock', [
      draft('1006', 5),
      draft('4711', 5),
      draft('9001', 5),
      draft('1007', 1, { managed: false }),
      draft('SHIRT-1', 5),
    ]);
    expect(
      plans.map((plan) => (plan instanceof Failure ? plan.code : plan.steps.map(({ action, reason }) => `${action} ${reason}`))),
    ).toEqual([['skip unchanged'], ['skip not-in-till'], ['skip no-stock-article'], ['skip not-managed'], 'till.article-not-numeric']);
    expect(till.calls.count()).toBe(2);
  });

  it('of one refused article does not hold up its neighbours', async () => {
    const plans = (await session.plan('stock', [draft('1004', 1), draft('1006', 2), draft('1007', 3)])) as Plan[];
    till.addArticle({ articleNumber: 1006, stockArticle: false });
    const results = await session.apply('stock', plans);
    expect(results.map((result) => (result instanceof Failure ? result.code : 'ok'))).toEqual(['ok', 'till.stock-refused', 'ok']);
    expect([till.stock(1004).free, till.stock(1007).free]).toEqual([1, 3]);
    till.faults.next('failed', { operation: 'saveStockCorrections' });
    const again = (await session.plan('stock', [draft('1004', 5), draft('1007', 6)])) as Plan[];
    expect((await session.apply('stock', again)).every((result) => !(result instanceof Failure))).toBe(true);
    expect([till.stock(1004).free, till.stock(1007).free]).toEqual([5, 6]);
  });

  it('after a lost answer is looked at again and not written twice', async () => {
    till.faults.next('write-then-drop', { operation: 'saveStockCorrections' });
    const [lost] = await write([draft('1006', 9)]);
    expect(lost).toMatchObject({ ambiguous: true });
    const [plan] = await session.plan('stock', [draft('1006', 9)]);
    expect(plan).toMatchObject({ steps: [{ action: 'skip', reason: 'unchanged' }] });
  });

  it('can be written article by article', async () => {
    till.calls.reset();
    await write([draft('1006', 9, { policy: { stockWriting: 'set' } }), draft('1008', 3, { policy: { stockWriting: 'set' } })]);
    expect([till.stock(1006).free, till.stock(1008).free]).toEqual([9, 3]);
    expect(till.calls.count('setStock')).toBe(2);
  });

  it('is not planned from an answer that says nothing', async () => {
    till.faults.next('empty', { operation: 'getStock' });
    const [plan] = await session.plan('stock', [draft('1006', 9)]);
    expect(plan).toMatchObject({ remedy: 'wait', code: 'till.empty-answer' });
  });
});
