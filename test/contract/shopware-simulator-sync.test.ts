import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { errors, type Json, startTrial, type Trial } from '../simulators/shopware/trial.ts';
import { euro, idOf } from '../simulators/shopware/wire.ts';

let trial: Trial;
beforeEach(async () => {
  trial = await startTrial();
});
afterEach(() => trial.stop());

const sync = (...operations: Json[]) => trial.api('POST', '/_action/sync', operations);
const product = (number: string, fields: Json = {}): Json => ({
  id: idOf('test', number),
  productNumber: number,
  name: number,
  stock: 1,
  taxId: idOf('tax', '21'),
  price: [{ currencyId: euro, gross: 12.1, net: 10, linked: true }],
  ...fields,
});
const upsert = (...payload: Json[]): Json => ({ key: 'write', entity: 'product', action: 'upsert', payload });

describe('sync', () => {
  it('makes a new row of everything inside that has no id, every time', async () => {
    const channels = [{ salesChannelId: idOf('sales_channel', 'storefront'), visibility: 30 }];
    for (let time = 0; time < 2; time++) expect((await sync(upsert(product('S1', { visibilities: channels })))).status).toBe(200);
    expect(trial.shop.db.where('product_visibility', 'productId', idOf('test', 'S1'))).toHaveLength(2);
    expect(trial.shop.db.all('product').filter(({ productNumber }) => productNumber === 'S1')).toHaveLength(1);
  });

  it('writes all or nothing, and points at every field that is missing', async () => {
    const { name: _, taxId: __, ...bare } = product('S3');
    const answer = await sync(upsert(product('S2'), bare));
    expect(answer.status).toBe(400);
    expect(
      errors(answer.json)
        .map(({ source }) => (source as Json).pointer)
        .sort(),
    ).toEqual(['/write/1/taxId', '/write/1/translations/2fbb5fe2e29a4d70aa5854ce7ce3e20b/name']);
    expect(trial.shop.db.find('product', idOf('test', 'S2'))).toBeUndefined();
  });

  it('refuses a number that is taken, a price without the default currency and a reference to nothing', async () => {
    const taken = await sync(upsert(product('S4'), product('S5', { productNumber: '1001' })));
    expect(errors(taken.json)).toMatchObject([{ code: 'CONTENT__DUPLICATE_PRODUCT_NUMBER', meta: { parameters: { number: '1001' } } }]);
    const priced = await sync(upsert(product('S6', { price: [{ currencyId: idOf('x'), gross: 1, net: 1 }] })));
    expect(errors(priced.json)).toMatchObject([{ detail: 'No price for default currency defined', source: { pointer: '/write/0/price' } }]);
    const lost = await sync(upsert(product('S7'), product('S8', { manufacturerId: idOf('nobody') })));
    expect([lost.status, String(errors(lost.json)[0]?.detail)]).toEqual([500, expect.stringContaining('SQLSTATE[23000]')]);
    for (const number of ['S4', 'S6', 'S7']) expect(trial.shop.db.find('product', idOf('test', number))).toBeUndefined();
  });

  it('takes mappings away by their pair, and says what it did not find', async () => {
    const categoryId = idOf('category', 'home');
    await sync(upsert(product('S9', { categories: [{ id: categoryId }] })));
    const away = { entity: 'product_category', action: 'delete', payload: [{ productId: idOf('test', 'S9'), categoryId }] };
    expect((await sync(away)).json).toMatchObject({ deleted: { product_category: [{ categoryId }] } });
    expect((await sync(away)).json).toMatchObject({ deleted: [], notFound: { product_category: [{ categoryId }] } });
    expect(trial.shop.db.get('product', idOf('test', 'S9')).categoryIds).toEqual([]);
  });

  it('tells of what it wrote, with the live version and the names of the fields', async () => {
    await sync(upsert(product('S10')));
    await sync(upsert({ id: idOf('test', 'S10'), stock: 7 }));
    const told = trial.shop.webhooks.deliveries
      .filter(({ event }) => event === 'product.written')
      .map(({ body }) => (JSON.parse(body) as { data: { payload: Json[] } }).data.payload[0]);
    expect(told).toMatchObject([
      { operation: 'insert', primaryKey: idOf('test', 'S10'), versionId: '0fa91ce3e96a4bc2be4bd9ce752c3425' },
      { operation: 'update', updatedFields: ['versionId', 'stock', 'updatedAt', 'availableStock', 'id'] },
    ]);
    expect(trial.shop.db.get('product', idOf('test', 'S10'))).toMatchObject({ stock: 7, availableStock: 7 });
  });
});
