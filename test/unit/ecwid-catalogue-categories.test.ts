import { describe, expect, it } from 'vitest';
import type { Draft, Plan } from '../../connectors/connector.ts';
import {
  carry,
  draftOf,
  failuresIn,
  inStore,
  lamp,
  last,
  later,
  reasons,
  reopen,
  session,
  store,
  useStore,
} from './ecwid-catalogue-house.ts';

useStore();

const category = (path: string[], fields: object = {}): Draft => ({
  id: 'g1',
  reference: 'tb-g1',
  revision: 0,
  fields: { category: { id: 'g1', name: path.at(-1), ...fields }, path },
  ...(last.has('g1') && { last: last.get('g1') ?? {} }),
});
const names = () => [...store.shop.shelves.categories.values()].map(({ name }) => name);

describe('the tree of categories', () => {
  it('grows, follows a new name, keeps the merchant’s own and never shrinks', async () => {
    await carry('category', [category(['Drinks', 'Tea'])]);
    expect(names()).toEqual(['Drinks', 'Tea']);
    expect((await carry('category', [category(['Drinks', 'Tea'])])).results).toEqual(['skipped']);
    await carry('category', [category(['Drinks', 'Fine tea'])]);
    reopen();
    expect(names()).toEqual(['Drinks', 'Fine tea']);
    const id = Number(last.get('g1')?.id);
    store.shop.shelves.updateCategory(id, { name: 'Our tea' });
    expect(reasons((await carry('category', [category(['Drinks', 'Tea leaves'])])).plans[0])).toEqual(['kept']);
    await carry('category', [category(['Drinks', 'Tea leaves'], { deleted: true })]);
    expect(names()).toEqual(['Drinks', 'Our tea']);
  });
});

describe('a category that several batches need', () => {
  it('is made once where they were planned and go out at the same time, and is there for all of them', async () => {
    const batch = (from: number) => [0, 1, 2].map((at) => draftOf(lamp({ id: `T${from + at}`, sku: String(from + at) })));
    const plans = (await Promise.all([session.plan('product', batch(5100)), session.plan('product', batch(5200))])) as Plan[][];
    const outcomes = (await Promise.all(plans.map((some) => session.apply('product', some)))).flat();
    expect(failuresIn(outcomes)).toEqual([]);
    expect(names()).toEqual(['Home', 'Lights']);
    const [, lights] = [...store.shop.shelves.categories.keys()];
    for (const sku of ['5100', '5202']) expect(inStore(sku).categoryIds).toEqual([lights]);
  });

  it('is made anew by the next one when it failed for one', async () => {
    store.faults.add({ kind: 'status', status: 500, method: 'POST', path: '/categories', times: 1 });
    expect((await carry('product', [draftOf(lamp())])).results).toMatchObject([{ remedy: expect.stringMatching(/retry|wait/) }]);
    later(61);
    expect(failuresIn((await carry('product', [draftOf(lamp())])).results)).toEqual([]);
    expect(names()).toEqual(['Home', 'Lights']);
  });
});

describe('a category that another process made', () => {
  it('since we looked is taken by products as well, and by one look for all that need it', async () => {
    await carry('product', [draftOf(lamp({ id: 'T0', sku: '5000', categories: [] }))]);
    const first = session;
    await first.plan('product', [draftOf(lamp())]);
    reopen();
    await carry('product', [draftOf(lamp())]);
    expect(names()).toEqual(['Home', 'Lights']);
    later(60);
    const looks = () => store.calls.filter(({ method, path }) => method === 'GET' && path.startsWith('/categories')).length;
    const before = looks();
    const others = ['5002', '5003', '5004'].map((sku) => draftOf(lamp({ id: sku, sku })));
    const plans = (await first.plan('product', others)) as Plan[];
    expect(plans.flatMap(({ steps }) => steps.filter(({ subject }) => subject === 'category'))).toEqual([]);
    expect(looks() - before).toBe(1);
    await first.apply('product', plans);
    expect(names()).toEqual(['Home', 'Lights']);
  });
});

describe('a category in a store whose lists lag', () => {
  it('whose answer got lost is found as soon as it is listed, by whoever looks', async () => {
    store.state.indexLagMs = 30_000;
    store.faults.add({ kind: 'lose-answer', method: 'POST', path: '/categories', times: 1 });
    expect((await carry('category', [category(['Tea'])])).results).toMatchObject([{ ambiguous: true }]);
    // The engine makes nothing again within this time.
    expect(session.hiddenMs?.('category')).toBeGreaterThan(store.state.indexLagMs);
    const first = session;
    reopen();
    for (const seconds of [2, 10, 19]) {
      later(seconds);
      const found = seconds === 19 ? ['unchanged'] : [undefined];
      for (const looking of [first, session]) expect(reasons((await looking.plan('category', [category(['Tea'])]))[0])).toEqual(found);
    }
    expect(names()).toEqual(['Tea']);
  });

  it('that we made is known although the tree is read again for another one', async () => {
    store.state.indexLagMs = 30_000;
    await carry('category', [category(['Tea'])]);
    last.clear();
    later(2);
    await carry('category', [category(['Coffee'])]);
    last.clear();
    later(2);
    expect(reasons((await session.plan('category', [category(['Tea'])]))[0])).toEqual(['unchanged']);
    expect(names()).toEqual(['Tea', 'Coffee']);
  });

  it('below one that was made is in doubt when it is refused', async () => {
    store.faults.add({ kind: 'throttle', method: 'POST', path: '/categories', after: 1, times: 1 });
    expect((await carry('category', [category(['Drinks', 'Tea'])])).results).toMatchObject([{ remedy: 'wait', ambiguous: true }]);
    expect(names()).toEqual(['Drinks']);
  });
});
