import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Plan } from '../../connectors/connector.ts';
import { Failure } from '../../connectors/failure.ts';
import { article, type CatalogueHouse, carry, categoryDraft, draftOf, openHouse, shirt } from './shopware-catalogue-house.ts';

let house: CatalogueHouse;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(async () => {
  expect(house.shop.unexpected).toEqual([]);
  await house.stop();
});

const full = article('2001', {
  name: 'Kettle',
  longText: 'Boils & whistles\nMade of steel',
  brand: 'Bosch',
  unit: 'Piece',
  ean: '4006381333931',
  categories: ['g2'],
  properties: [
    { name: 'Material', value: 'Steel' },
    { name: 'Volume', value: '1.7 l' },
  ],
  gross: 1895,
  rate: 900,
});
const kept = (plan: unknown) => (plan as Plan).steps.flatMap(({ changes }) => changes.filter((change) => change.kept));

describe('the first import', () => {
  it('creates the article with everything that belongs to it, in one call', async () => {
    const { results } = await carry(house.session, 'product', [draftOf(full)]);
    const row = house.product('2001');
    expect(results).toMatchObject([{ target: { id: row.id, number: '2001' }, values: { name: 'Kettle', price: 1895, tax: 900 } }]);
    expect(row).toMatchObject({
      name: 'Kettle',
      description: 'Boils &amp; whistles<br />Made of steel',
      ean: '4006381333931',
      stock: 0,
      isCloseout: true,
      active: true,
      unitId: house.shop.db.all('unit')[0]?.id,
      price: [{ gross: 18.95, net: 17.39, linked: true }],
    });
    expect(house.shop.db.get('tax', row.taxId).taxRate).toBe(9);
    expect(house.shop.db.get('product_manufacturer', row.manufacturerId).name).toBe('Bosch');
    const summer = house.shop.db.get('category', (row.categoryIds as string[])[0]);
    const clothes = house.shop.db.get('category', summer.parentId);
    expect([summer.name, clothes.name, house.shop.db.get('category', clothes.parentId).name]).toEqual(['Summer', 'Clothes', 'Home']);
    expect(house.shop.db.where('product_visibility', 'productId', row.id)).toMatchObject([{ visibility: 30 }]);
    expect(house.writes()).toBe(1);
    const call = house.shop.calls.list.find(({ path }) => path === '/api/_action/sync');
    expect(call?.headers['indexing-behavior']).toBe('use-queue-indexing');
  });

  it('writes nothing the second time, also from a worker that remembers nothing', async () => {
    const drafts = [
      draftOf(full),
      draftOf(
        shirt([
          ['47111', 'red', 'M'],
          ['47112', 'blue', 'L', 1495],
        ]),
      ),
    ];
    const first = await carry(house.session, 'product', drafts);
    const rows = house.rows();
    const again = drafts.map((draft, at) => ({ ...draft, ...(first.values[at] && { last: first.values[at] }) }));
    for (const session of [house.session, house.another()]) {
      const { actions } = await carry(session, 'product', again);
      expect(actions).toEqual(['skip:unchanged', 'skip:unchanged']);
    }
    expect(house.writes()).toBe(1);
    expect(house.rows()).toEqual(rows);
  });

  it('reads a thousand unchanged articles in ten calls and writes none', async () => {
    const products = Array.from({ length: 500 }, (_, at) => article(String(100_000 + at)));
    for (let from = 0; from < products.length; from += 100)
      await carry(
        house.session,
        'product',
        products.slice(from, from + 100).map((one) => draftOf(one)),
      );
    house.shop.calls.clear();
    const actions = new Set<string>();
    for (let round = 0; round < 2; round++) {
      for (let from = 0; from < products.length; from += 100) {
        const drafts = products.slice(from, from + 100).map((one) => draftOf(one));
        for (const action of (await carry(house.session, 'product', drafts)).actions) actions.add(action);
      }
    }
    expect([...actions]).toEqual(['skip:unchanged']);
    expect(house.writes()).toBe(0);
    expect(house.shop.calls.count('/api/search/product')).toBe(10);
  });

  it('leaves out what was discontinued before it ever stood in the shop', async () => {
    const { actions } = await carry(house.session, 'product', [draftOf(article('2002', { active: false }))]);
    expect(actions).toEqual(['skip:inactive']);
  });
});

describe('an article that the shop has already', () => {
  it('is adopted by its number, whatever its id, and keeps what the till knows nothing of', async () => {
    const before = house.product('1005');
    const wanted = article('1005', { name: 'Coffee machine', gross: 24900, brand: 'Bosch', categories: ['g1'] });
    const { actions } = await carry(house.session, 'product', [draftOf(wanted)]);
    expect(actions).toEqual(['update']);
    const row = house.product('1005');
    expect(row).toMatchObject({ id: before.id, name: 'Coffee machine', stock: before.stock, isCloseout: false });
    expect((row.categoryIds as string[]).length).toBe(2);
    expect(house.shop.db.all('product').filter(({ productNumber }) => productNumber === '1005')).toHaveLength(1);
  });

  it('is looked for again when somebody else creates it in between', async () => {
    const plans = await house.session.plan('product', [draftOf(full), draftOf(article('2003'))]);
    await house.shop.backOffice.addProduct({ number: '2001', name: 'Kettle', price: 10, taxRate: 9, stock: 3 });
    const results = await house.session.apply('product', plans as Plan[]);
    expect(results[0]).toMatchObject({ remedy: 'retry', code: 'shopware.number-taken' });
    expect(house.product('2003').name).toBe('Article 2003');
    const { actions } = await carry(house.session, 'product', [draftOf(full)]);
    expect(actions).toEqual(['update']);
    expect(house.shop.db.all('product').filter(({ productNumber }) => productNumber === '2001')).toHaveLength(1);
  });
});

describe('what somebody edits in the shop', () => {
  it('is kept and reported, while the other fields go on', async () => {
    const first = await carry(house.session, 'product', [draftOf(full)]);
    house.shop.db.update('product', house.product('2001').id, { description: '<p>Our own words</p>' });
    const changed = { ...full, longText: 'New text of the till', price: article('x', { gross: 1995, rate: 900 }).price };
    const second = await carry(house.session, 'product', [draftOf(changed, { last: first.values[0] })]);
    expect(house.product('2001')).toMatchObject({ description: '<p>Our own words</p>', price: [{ gross: 19.95 }] });
    expect(kept(second.plans[0])).toEqual([
      {
        field: 'longText',
        before: '<p>Our own words</p>',
        after: 'New text of the till',
        kept: { ours: 'Boils &amp; whistles<br />Made of steel' },
      },
    ]);
    const third = await carry(house.session, 'product', [draftOf(changed, { last: second.values[0] })]);
    expect(third.actions).toEqual(['skip:edited']);
    const { longText: _, ...theirs } = second.values[0] ?? {};
    await carry(house.session, 'product', [draftOf(changed, { last: theirs })]);
    expect(house.product('2001').description).toBe('New text of the till');
  });

  it('stays among categories and properties, both what was added and what was taken away', async () => {
    const first = await carry(house.session, 'product', [draftOf(full)]);
    const row = house.product('2001');
    const home = house.shop.db.all('category').find(({ name }) => name === 'Home')?.id;
    const [steel] = row.propertyIds as string[];
    house.shop.db.update('product', row.id, { categoryIds: [...(row.categoryIds as string[]), home], propertyIds: [steel] });
    const changed = { ...full, categories: ['g1'] };
    const { plans } = await carry(house.session, 'product', [draftOf(changed, { last: first.values[0] })]);
    const names = (house.product('2001').categoryIds as string[]).map((id) => house.shop.db.get('category', id).name);
    expect(names.sort()).toEqual(['Clothes', 'Home']);
    expect(house.product('2001').propertyIds).toEqual([steel]);
    expect(kept(plans[0])).toMatchObject([{ field: 'properties', before: 'Material: Steel' }]);
  });

  it('obeys the policy of each field and the two switches', async () => {
    const policies = { name: 'on-create', ean: 'never' };
    const first = await carry(house.session, 'product', [draftOf(full, { extra: { policies, offer: false } })]);
    expect(house.product('2001')).toMatchObject({ name: 'Kettle', ean: null, price: [{ gross: 18.95 }] });
    expect(house.shop.db.where('product_visibility', 'productId', house.product('2001').id)).toEqual([]);
    const changed = { ...full, name: 'Another name', price: article('x', { gross: 100, rate: 900 }).price };
    const { actions } = await carry(house.session, 'product', [
      draftOf(changed, { last: first.values[0], extra: { policies, offer: false } }),
    ]);
    expect(actions).toEqual(['skip:unchanged']);
    expect(house.product('2001')).toMatchObject({ name: 'Kettle', price: [{ gross: 18.95 }] });
  });

  it('is switched off and never deleted when the till discontinues it, or left alone', async () => {
    const first = await carry(house.session, 'product', [draftOf(full)]);
    const gone = { ...full, active: false };
    const left = await carry(house.session, 'product', [draftOf(gone, { last: first.values[0] })]);
    expect(left.actions).toEqual(['skip:unchanged']);
    await carry(house.session, 'product', [draftOf(gone, { last: first.values[0], extra: { deletion: 'deactivate' } })]);
    expect(house.product('2001').active).toBe(false);
  });
});

describe('variants', () => {
  const shirts = shirt([
    ['47111', 'red', 'M'],
    ['47112', 'red', 'L'],
    ['47113', 'blue', 'M', 1495],
  ]);

  it('inherit what they share and are chosen by their options', async () => {
    await carry(house.session, 'product', [draftOf(shirts)]);
    const parent = house.product('4711');
    expect(house.product('47111')).toMatchObject({ parentId: parent.id, price: null, taxId: null, name: null, active: null });
    expect(house.product('47113')).toMatchObject({ price: [{ gross: 14.95 }] });
    expect(house.product('47111').optionIds).toHaveLength(2);
    expect(house.shop.db.where('product_configurator_setting', 'productId', parent.id)).toHaveLength(4);
    expect(house.writes()).toBe(1);
  });

  it('leave no duplicate row behind after import, edit, re-import and change', async () => {
    const first = await carry(house.session, 'product', [draftOf(full), draftOf(shirts)]);
    house.shop.db.update('product', house.product('47113').id, { ean: '1234567890128' });
    const rows = house.rows();
    const second = await carry(house.another(), 'product', [
      draftOf(full, { last: first.values[0] }),
      draftOf(shirts, { last: first.values[1] }),
    ]);
    expect(second.actions).toEqual(['skip:unchanged', 'skip:unchanged']);
    expect(house.rows()).toEqual(rows);

    const changed = shirt([
      ['47111', 'red', 'M'],
      ['47112', 'green', 'L'],
      ['47114', 'red', 'XL'],
    ]);
    const third = await carry(house.another(), 'product', [draftOf(changed, { last: first.values[1], extra: { deletion: 'deactivate' } })]);
    const parent = house.product('4711');
    const options = house.shop.db
      .where('product_configurator_setting', 'productId', parent.id)
      .map(({ optionId }) => house.shop.db.get('property_group_option', optionId).name);
    expect(options.sort()).toEqual(['L', 'M', 'XL', 'green', 'red']);
    expect(house.product('47113').active).toBe(false);
    const names = (house.product('47112').optionIds as string[]).map((id) => house.shop.db.get('property_group_option', id).name);
    expect(names.sort()).toEqual(['L', 'green']);
    const counts = house.rows();
    const fourth = await carry(house.another(), 'product', [draftOf(changed, { last: third.values[0] })]);
    expect(fourth.actions).toEqual(['skip:unchanged']);
    expect(house.rows()).toEqual(counts);
    expect(counts.property_group).toBe(4);
  });

  it('use the groups, options and configurator rows that the shop has, under their own ids', async () => {
    const group = house.shop.db.insert('property_group', { name: 'colour' });
    const red = house.shop.db.insert('property_group_option', { name: 'RED', groupId: group.id });
    await carry(house.session, 'product', [draftOf(shirt([['47111', 'Red', 'M']]))]);
    expect(house.product('47111').optionIds).toContain(red.id);
    expect(house.shop.db.all('property_group')).toHaveLength(2);
  });

  it('that stand alone in the shop, or have nothing to be chosen by, are named', async () => {
    await house.shop.backOffice.addProduct({ number: '47112', name: 'Red L', price: 10, taxRate: 21, stock: 3 });
    const { actions } = await carry(house.session, 'product', [draftOf(shirts)]);
    expect(actions).toEqual(['shopware.variant-misplaced']);
    const bare = { ...shirts, variants: shirts.variants.slice(0, 1).map((variant) => ({ ...variant, attributes: [] })) };
    expect((await carry(house.session, 'product', [draftOf(bare)])).actions).toEqual(['shopware.variant-without-option']);
  });
});

describe('what Shopware refuses', () => {
  it('parks the one record, names the field, and lets the others through', async () => {
    const bad = article('2005', { name: 'x'.repeat(300) });
    const { results } = await carry(house.session, 'product', [draftOf(full), draftOf(bad), draftOf(article('2006'))]);
    expect(results[1]).toMatchObject({ remedy: 'fix-data', code: 'shopware.row-refused', params: { record: '2005', field: 'name' } });
    expect([house.product('2001').name, house.product('2006').name]).toEqual(['Kettle', 'Article 2006']);
    expect(() => house.product('2005')).toThrow();
    expect(house.writes()).toBe(2);
  });

  it('is found by halves where Shopware does not say which row it was', async () => {
    const plans = await house.session.plan(
      'product',
      ['1', '2', '3', '4'].map((number) => draftOf(article(number, number === '3' ? { brand: 'Gone' } : {}))),
    );
    const broken = (plans as Plan[]).map((plan) => ({
      ...plan,
      steps: plan.steps.filter(({ subject }) => subject !== 'product_manufacturer'),
    }));
    const results = await house.session.apply('product', broken);
    expect(results.map((result) => (result instanceof Failure ? result.code : 'written'))).toEqual([
      'written',
      'written',
      'shopware.rows-refused',
      'written',
    ]);
  });

  it('a missing tax and a foreign currency are said before anything is written', async () => {
    const { results } = await carry(house.session, 'product', [
      draftOf(article('2007', { rate: 550 })),
      draftOf({ ...full, price: { currency: 'CHF', grossMinor: 1, netMinor: 1, taxRateBp: 0 } }),
    ]);
    expect(results).toMatchObject([
      { code: 'shopware.tax-missing', remedy: 'fix-data', params: { rate: '5.5' } },
      { code: 'shopware.currency-differs', remedy: 'fix-data' },
    ]);
    expect(house.writes()).toBe(0);
  });

  it('waits for a busy database and for a shop that is away; missing rights pause the connection', async () => {
    const plans = (await house.session.plan('product', [draftOf(full)])) as Plan[];
    const detail = 'SQLSTATE[40001]: Serialization failure: 1213 Deadlock found when trying to get lock';
    house.shop.faults.add({
      kind: 'status',
      status: 500,
      path: 'sync',
      times: 1,
      body: JSON.stringify({ errors: [{ status: '500', code: '40001', detail }] }),
    });
    expect(await house.session.apply('product', plans)).toMatchObject([{ remedy: 'wait', code: 'shopware.busy' }]);
    house.shop.faults.add({ kind: 'html', path: 'sync', times: 1 });
    expect(await house.session.apply('product', plans)).toMatchObject([{ remedy: 'wait', code: 'shopware.unavailable', ambiguous: true }]);
    const missing = JSON.stringify({ message: 'Missing privilege', missingPrivileges: ['product:create'] });
    house.shop.faults.add({
      kind: 'status',
      status: 403,
      path: 'sync',
      times: 1,
      body: JSON.stringify({ errors: [{ status: '403', code: 'X', detail: missing }] }),
    });
    expect(await house.session.apply('product', plans)).toMatchObject([
      { remedy: 'fix-connection', params: { privileges: 'product:create' } },
    ]);
    house.shop.faults.add({ kind: 'lose-answer', path: 'sync', times: 1 });
    expect(await house.session.apply('product', plans)).toMatchObject([{ remedy: 'wait', ambiguous: true }]);
    const rows = house.rows();
    expect((await carry(house.session, 'product', [draftOf(full)])).actions).toEqual(['skip:unchanged']);
    expect(house.rows()).toEqual(rows);
  });
});

describe('categories', () => {
  const summer = { id: 'g2', parentId: 'g1', name: 'Summer', position: 0, deleted: false };

  it('are created from the top down, once, and follow a new name', async () => {
    const first = await carry(house.session, 'category', [categoryDraft(summer, ['Clothes', 'Summer'])]);
    expect(house.shop.db.all('category').map(({ name }) => name)).toEqual(['Home', 'Clothes', 'Summer']);
    const again = await carry(house.another(), 'category', [categoryDraft(summer, ['Clothes', 'Summer'], first.values[0])]);
    expect(again.actions).toEqual(['skip:unchanged']);
    await carry(house.session, 'category', [categoryDraft(summer, ['Clothes', 'Sun'], first.values[0])]);
    expect(house.shop.db.all('category').map(({ name }) => name)).toEqual(['Home', 'Clothes', 'Sun']);
  });
});

describe('reading', () => {
  it('gives a product with its variants, whichever of them was asked for', async () => {
    const wanted = shirt(
      [
        ['47111', 'red', 'M'],
        ['47112', 'blue', 'L', 1495],
      ],
      { brand: 'Bosch', longText: 'Soft', categories: ['g1'] },
    );
    await carry(house.session, 'product', [draftOf(wanted)]);
    const parent = house.product('4711').id;
    const [whole, byVariant, byNumber] = await house.session.read('product', [parent, house.product('47112').id, '#47111']);
    expect(whole).toMatchObject({
      id: parent,
      sku: '4711',
      name: 'Shirt',
      longText: 'Soft',
      brand: 'Bosch',
      price: { grossMinor: 1295, netMinor: 1070, taxRateBp: 2100 },
    });
    expect((whole as { variants: unknown }).variants).toMatchObject([
      { sku: '47111', name: 'Shirt red M', active: true, price: { grossMinor: 1295 } },
      { sku: '47112', price: { grossMinor: 1495, taxRateBp: 2100 } },
    ]);
    expect([byVariant, byNumber]).toEqual([whole, whole]);
    const told: string[] = [];
    for await (const change of house.session.changed('product', house.product('4711').createdAt as string)) told.push(change.id);
    expect(told).toEqual([parent]);
  });
});
