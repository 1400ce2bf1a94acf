import { describe, expect, it, onTestFinished } from 'vitest';
import { Product } from '../../connectors/commerce.ts';
import { traitsOf } from '../../connectors/lightspeed/cseries/read-products.ts';
import { gathered, startHouse } from './lightspeed-cseries-house.ts';

describe('products of the eCom shop', () => {
  it('are read with their variants, a page for a whole batch', async () => {
    const { session, shop, asked } = await startHouse();
    onTestFinished(() => shop.stop());
    const changes = await gathered(session.changed('product', undefined));
    asked();
    const read = (await session.read(
      'product',
      changes.map(({ id }) => id),
    )) as Product[];
    expect(read.every((product) => Product.safeParse(product).success)).toBe(true);
    expect(asked().sort()).toEqual(['GET brands', 'GET catalog', 'GET categories/products', 'GET shop', 'GET taxes']);
    const mok = read.find(({ name }) => name.startsWith('Mok'));
    expect(mok).toMatchObject({
      sku: mok?.id,
      variants: [{ sku: '1006', attributes: [{ name: 'Kleur', value: 'Blauw' }] }, { sku: '1007' }],
    });
    const [byCode, none] = await session.read('product', ['#1007', '#nope']);
    expect((byCode as Product).id).toBe(mok?.id);
    expect(none).toBeUndefined();
    expect(shop.unexpected).toEqual([]);
  });

  it('tell the choices of a variant from its title where it has no options', () => {
    expect(traitsOf({ options: [], title: 'Kleur: Rood, Maat: 38,5' })).toEqual([
      { name: 'Kleur', value: 'Rood' },
      { name: 'Maat', value: '38,5' },
    ]);
    expect(traitsOf({ options: [], title: 'Groot' })).toEqual([{ name: 'Variant', value: 'Groot' }]);
    expect(traitsOf({ options: [{ name: 'Maat', value: { id: 1, name: 'M' } }], title: 'x' })).toEqual([{ name: 'Maat', value: 'M' }]);
  });
});
