import { describe, expect, it } from 'vitest';
import type { Draft } from '../../connectors/connector.ts';
import { carry, last, reasons, reopen, store, useStore } from './ecwid-catalogue-house.ts';

useStore();

describe('the tree of categories', () => {
  const category = (path: string[], fields: object = {}): Draft => ({
    id: 'g1',
    reference: 'tb-g1',
    revision: 0,
    fields: { category: { id: 'g1', name: path.at(-1), ...fields }, path },
    ...(last.has('g1') && { last: last.get('g1') ?? {} }),
  });

  it('grows, follows a new name, keeps the merchant’s own and never shrinks', async () => {
    await carry('category', [category(['Drinks', 'Tea'])]);
    const names = () => [...store.shop.shelves.categories.values()].map(({ name }) => name);
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
