import { afterEach, describe, expect, it } from 'vitest';
import type { Draft } from '../../connectors/connector.ts';
import { brought, draftOf, gathered, type House, startHouse } from './lightspeed-cseries-house.ts';

const houses: House[] = [];
const house = async (options: Parameters<typeof startHouse>[0] = {}): Promise<House> => {
  const made = await startHouse(options);
  houses.push(made);
  return made;
};
afterEach(async () => {
  await Promise.all(houses.splice(0).map(({ shop }) => shop.stop()));
});

describe('categories of the eCom shop', () => {
  const category = (name: string, path: string[], how: Partial<Draft> = {}, more: object = {}) =>
    draftOf('category', { id: 'c', name, position: 1, deleted: false, path, ...more }, { draft: how });

  it('are found by their path, made where it is missing, and follow their name', async () => {
    const { session } = await house();
    const first = await brought(session, 'category', [category('Groene thee', ['Assortiment', 'Thee', 'Groene thee'])]);
    const [outcome] = first.outcomes;
    expect(first.plans[0]?.steps.map(({ changes }) => changes[0]?.after)).toEqual([
      'Assortiment › Thee',
      'Assortiment › Thee › Groene thee',
    ]);
    const last = outcome?.values ?? {};
    const renamed = await brought(session, 'category', [category('Matcha', ['Assortiment', 'Thee', 'Matcha'], { last })]);
    expect(renamed.outcomes[0]?.target.id).toBe(outcome?.target.id);
    const [read] = await session.read('category', [outcome?.target.id ?? '']);
    expect(read).toMatchObject({ name: 'Matcha', parentId: expect.any(String) });
    expect((await brought(session, 'category', [category('Matcha', ['Assortiment', 'Thee', 'Matcha'])])).outcomes).toEqual([]);
    expect((await brought(session, 'category', [category('Weg', ['Weg'], {}, { deleted: true })])).outcomes).toEqual([]);
  });

  it('can all be chosen from, and are told by their changes', async () => {
    const { session } = await house();
    expect((await session.vocabulary('categories')).map(({ label }) => label)).toEqual(['Assortiment', 'Assortiment › Koffie']);
    expect((await gathered(session.changed('category', undefined))).map(({ number }) => number)).toEqual(['Assortiment', 'Koffie']);
  });
});
