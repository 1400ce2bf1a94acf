import { afterEach, describe, expect, it } from 'vitest';
import { type Category, type Product, Product as ProductSchema } from '../../connectors/commerce.ts';
import type { Draft, Plan } from '../../connectors/connector.ts';
import { bad, brought, draftOf, gathered, good, type House, startHouse } from './lightspeed-cseries-house.ts';

const houses: House[] = [];
const house = async (options: Parameters<typeof startHouse>[0] = {}): Promise<House> => {
  const made = await startHouse(options);
  houses.push(made);
  return made;
};
afterEach(async () => {
  await Promise.all(houses.splice(0).map(({ shop }) => shop.stop()));
});

const price = (grossMinor: number, taxRateBp = 2100) => ({
  currency: 'EUR',
  grossMinor,
  netMinor: Math.round((grossMinor * 10_000) / (10_000 + taxRateBp)),
  taxRateBp,
});

const record = (changes: Partial<Product> = {}): Product =>
  ProductSchema.parse({
    id: 'p1',
    sku: '7001',
    name: 'Theepot',
    active: true,
    shortText: 'Voor vier kopjes',
    longText: '<p>Gietijzer</p>',
    brand: 'Ochtend',
    ean: '8710000070015',
    price: price(4599),
    categories: ['9'],
    ...changes,
  });

const extras = { categoryNames: { 9: ['Assortiment', 'Thee'] }, deletion: 'deactivate' };
const draft = (changes: Partial<Product> = {}, how: { more?: object; values?: object; draft?: Partial<Draft> } = {}): Draft => {
  const product = record(changes);
  return draftOf('product', { ...product, ...extras, ...how.more }, { values: { ...how.values }, draft: { ...how.draft } });
};

const actions = ({ steps }: Plan): string[] =>
  steps.map(({ id, action, reason }) => `${id.replace(/:[0-9a-f]{16}$/, '')} ${action}${reason ? ` ${reason}` : ''}`);

const mug = (changes: Partial<Product> = {}): Product =>
  record({
    ...{ id: 'm', sku: '', name: 'Theeglas', categories: [], brand: undefined, ean: undefined, price: undefined },
    variants: ['Groen', 'Rood'].map((colour, at) => ({
      ...{ id: `m${at}`, sku: `710${at}`, name: `Theeglas ${colour}`, active: true, stocked: true, price: price(350 + at) },
      attributes: [
        { name: 'Kleur', value: colour },
        { name: 'Maat', value: 'L' },
      ],
    })),
    ...changes,
  });
const mugDraft = (changes: Partial<Product> = {}, how: Partial<Draft> = {}) =>
  draftOf('product', { ...mug(changes), deletion: 'deactivate' }, { draft: how });

describe('a product for the eCom shop', () => {
  it('is made hidden, gets its number, price and category, and is shown at last', async () => {
    const { session, shop, asked } = await house();
    const { plans, outcomes } = await brought(session, 'product', [draft()]);
    expect(plans.map(actions)).toEqual([
      ['category create', 'product create', 'variant:7001 create', 'link:category create', 'shown update'],
    ]);
    const product = shop.product('7001');
    expect(product).toMatchObject({
      title: 'Theepot',
      description: 'Voor vier kopjes',
      content: '<p>Gietijzer</p>',
      visibility: 'visible',
    });
    expect(shop.variant('7001')).toMatchObject({
      ...{ priceIncl: 45.99, ean: '8710000070015', stockTracking: 'enabled', stockLevel: 0, isDefault: true },
    });
    expect(outcomes[0]?.target).toEqual({ id: String(product?.id), number: '7001' });
    const [read] = await session.read('product', [String(product?.id)]);
    expect(read).toMatchObject({ sku: '7001', brand: 'Ochtend', price: price(4599), ean: '8710000070015', active: true });
    const [category] = await session.read('category', (read as Product).categories);
    expect(category).toMatchObject({ name: 'Thee' });
    const writes = asked().filter((call) => !call.startsWith('GET'));
    expect(writes.map((call) => call.replace(/\d+/, '#'))).toEqual([
      'POST categories',
      'POST products',
      'PUT variants/#',
      'POST categories/products',
      'PUT products/#',
    ]);
    expect(shop.unexpected).toEqual([]);
  });

  it('that has not changed is not written, here and in a later process', async () => {
    const { session, shop, asked, open } = await house();
    const { outcomes } = await brought(session, 'product', [draft()]);
    asked();
    const last = outcomes[0]?.values ?? {};
    for (const one of [session, open()]) {
      const { plans } = await brought(one, 'product', [draft({}, { draft: { last } })]);
      expect(plans.map(actions)).toEqual([['product skip unchanged', 'variant:7001 skip unchanged']]);
    }
    expect(asked().filter((call) => !call.startsWith('GET'))).toEqual([]);
    expect(shop.unexpected).toEqual([]);
  });

  it('writes what changed and nothing else', async () => {
    const { session, shop } = await house();
    const first = await brought(session, 'product', [draft()]);
    const last = first.outcomes[0]?.values ?? {};
    const second = await brought(session, 'product', [draft({ name: 'Theepot rood', price: price(4799) }, { draft: { last } })]);
    expect(second.plans[0]?.steps.map(({ request }) => request?.body)).toEqual([
      '{"product":{"title":"Theepot rood"}}',
      '{"variant":{"priceIncl":47.99}}',
    ]);
    expect(shop.variant('7001')).toMatchObject({ priceIncl: 47.99 });
  });

  it('keeps what somebody edited in the shop since, and says so', async () => {
    const { session, shop } = await house();
    const first = await brought(session, 'product', [draft()]);
    const last = first.outcomes[0]?.values ?? {};
    shop.editProduct('7001', { title: 'Theepot (actie)' });
    shop.editVariant('7001', { priceIncl: 39.95 });
    const { plans } = await brought(session, 'product', [draft({ name: 'Theepot rood', price: price(4799) }, { draft: { last } })]);
    expect(plans.map(actions)).toEqual([['product skip kept', 'variant:7001 skip kept']]);
    expect(plans[0]?.steps.flatMap(({ changes }) => changes)).toEqual([
      { field: 'product.name', before: 'Theepot (actie)', after: 'Theepot rood', kept: { ours: 'Theepot' } },
      { field: 'variant:7001.price', before: 3995, after: 4799, kept: { ours: 4599 } },
    ]);
    expect(shop.variant('7001')).toMatchObject({ priceIncl: 39.95 });
  });

  it('follows the answers per field: never, on creating, always', async () => {
    const { session, shop } = await house();
    const more = { policies: { longText: 'never', price: 'on-create' } };
    await brought(session, 'product', [draft({}, { more })]);
    expect(shop.product('7001')).toMatchObject({ content: '' });
    await brought(session, 'product', [draft({ name: 'Anders', price: price(1) }, { more })]);
    expect(shop.product('7001')).toMatchObject({ title: 'Anders', content: '' });
    expect(shop.variant('7001')).toMatchObject({ priceIncl: 45.99 });
    await brought(session, 'product', [draft({ name: 'Nog anders' }, { more: { content: false } })]);
    expect(shop.product('7001')).toMatchObject({ title: 'Anders' });
  });

  it('with variants gets one for each, told apart by their choices', async () => {
    const { session, shop } = await house();
    const { plans, outcomes } = await brought(session, 'product', [mugDraft()]);
    expect(plans.map(actions)).toEqual([['product create', 'variant:7100 create', 'variant:7101 create', 'shown update']]);
    expect(shop.variant('7100')).toMatchObject({ title: 'Kleur: Groen, Maat: L', isDefault: true, priceIncl: 3.5 });
    expect(shop.variant('7101')).toMatchObject({ title: 'Kleur: Rood, Maat: L', isDefault: false, priceIncl: 3.51 });
    const [read] = await session.read('product', [outcomes[0]?.target.id ?? '']);
    expect((read as Product).variants.map(({ sku, attributes }) => [sku, attributes])).toEqual(
      mug().variants.map(({ sku, attributes }) => [sku, attributes]),
    );
    const wider = mug();
    const third = { ...wider.variants[0], id: 'm2', sku: '7102', name: 'Theeglas Blauw', attributes: [{ name: 'Kleur', value: 'Blauw' }] };
    const last = outcomes[0]?.values ?? {};
    const grown = await brought(session, 'product', [mugDraft({ variants: [...wider.variants, third] as Product['variants'] }, { last })]);
    expect(grown.plans.map(actions)).toEqual([
      ['product skip unchanged', 'variant:7100 skip unchanged', 'variant:7101 skip unchanged', 'variant:7102 create'],
    ]);
    expect(shop.variant('7102')?.product).toEqual(shop.variant('7100')?.product);
    expect(shop.unexpected).toEqual([]);
  });

  it('is found by EAN or SKU where the shop has no article code, and gets it', async () => {
    const { session, shop } = await house();
    const id = shop.product('1012')?.id;
    shop.editVariant('1012', { articleCode: '' });
    const { plans } = await brought(session, 'product', [draft({ sku: '7012', ean: '8710000010127', categories: [] })]);
    expect(plans[0]?.target?.id).toBe(String(id));
    expect(shop.variant('7012')).toMatchObject({ ean: '8710000010127' });
  });

  it('is hidden when it ends, and only then', async () => {
    const { session, shop } = await house();
    await brought(session, 'product', [draft(), mugDraft()]);
    const ended = { active: false };
    await brought(session, 'product', [draft(ended, { more: { deletion: 'ignore' } })]);
    expect(shop.product('7001')).toMatchObject({ visibility: 'visible' });
    await brought(session, 'product', [
      draft(ended),
      mugDraft({ ...ended, variants: mug().variants.map((one) => ({ ...one, ...ended })) }),
    ]);
    expect([shop.product('7001')?.visibility, shop.product('7100')?.visibility]).toEqual(['hidden', 'hidden']);
    expect((await brought(session, 'product', [draft({ ...ended, sku: '7999', ean: undefined })])).plans.map(actions)).toEqual([
      ['product skip inactive'],
    ]);
  });

  it('whose creation broke off anywhere is finished by the next attempt, once', async () => {
    for (const [method, path] of [
      ['POST', '/products.json'],
      ['GET', '/variants.json'],
      ['PUT', '/variants/'],
      ['POST', '/variants.json'],
      ['PUT', '/products/'],
    ] as const) {
      for (const kind of ['lose-answer', 'drop'] as const) {
        const { session, shop, open } = await house();
        const [plan] = (await session.plan('product', [mugDraft()])).map(good);
        // Whoever only reads asks once more over a new line, so it has to go on breaking off.
        const mended = shop.faults.add({ kind, method, path, ...(method !== 'GET' && { times: 1 }) });
        const [broken] = await session.apply('product', plan ? [plan] : []);
        expect(bad(broken).remedy, `${kind} ${method} ${path}`).toBe('wait');
        mended();
        const next = open();
        await brought(next, 'product', [mugDraft()]);
        const products = await gathered(next.changed('product', undefined));
        expect(products, `${kind} ${method} ${path}`).toHaveLength(12);
        expect(shop.product('7100'), `${kind} ${method} ${path}`).toMatchObject({ visibility: 'visible', title: 'Theeglas' });
        expect([shop.variant('7100')?.priceIncl, shop.variant('7101')?.priceIncl]).toEqual([3.5, 3.51]);
        expect((await brought(next, 'product', [mugDraft()])).outcomes).toEqual([]);
      }
    }
  });

  it('that was left half made is taken up by one of two namesakes, not by both', async () => {
    const { session, shop, open } = await house();
    const teapot = (sku: string) => draft({ id: sku, sku, ean: undefined, categories: [] });
    const [plan] = (await session.plan('product', [teapot('7001')])).map(good);
    shop.faults.add({ kind: 'drop', method: 'PUT', path: '/variants/', times: 1 });
    expect(bad((await session.apply('product', plan ? [plan] : []))[0]).remedy).toBe('wait');
    await brought(open(), 'product', [teapot('7001'), teapot('7002')]);
    expect([shop.product('7001')?.id, shop.product('7002')?.id]).not.toContain(undefined);
    expect(shop.product('7001')?.id).not.toBe(shop.product('7002')?.id);
  });

  it('stands among others that are too heavy for one answer', async () => {
    const { session, shop } = await house();
    const skus = ['7001', '7002', '7003', '7004', '7005'];
    const drafts = skus.map((sku) => draft({ id: sku, sku, name: `Theepot ${sku}`, ean: undefined, categories: [] }));
    await brought(session, 'product', drafts);
    shop.faults.add({ kind: 'status', status: 504, path: '/catalog.json', times: 1 });
    expect((await brought(session, 'product', drafts)).outcomes).toEqual([]);
  });

  it('of the merchant without numbers is nobody’s to take, alone or in a batch', async () => {
    for (const count of [1, 8]) {
      const { session, shop } = await house();
      shop.editVariant('1003', { articleCode: '' });
      const drafts = Array.from({ length: count }, (_, at) =>
        draft({ id: `p${at}`, sku: `730${at}`, name: at === 0 ? 'Earl Grey, 50 zakjes' : `Thee ${at}`, ean: undefined, categories: [] }),
      );
      await brought(session, 'product', drafts);
      expect(await gathered(session.changed('product', undefined))).toHaveLength(11 + count);
    }
  });

  it('finds one category and one brand where several batches were planned and go out at the same time', async () => {
    const { session, asked } = await house();
    const batch = (from: number) =>
      [0, 1, 2].map((at) => draft({ id: `q${from + at}`, sku: `${from + at}`, name: `Kan ${from + at}`, brand: 'Nieuw', ean: undefined }));
    const [first, second] = await Promise.all([session.plan('product', batch(8100)), session.plan('product', batch(8200))]);
    const [one, other] = await Promise.all([first, second].map((plans) => session.apply('product', (plans ?? []).map(good))));
    for (const outcome of [...(one ?? []), ...(other ?? [])]) good(outcome);
    const made = asked().filter((call) => call === 'POST categories' || call === 'POST brands');
    expect(made.sort()).toEqual(['POST brands', 'POST categories']);
  });

  it('finds the category and the brand that another process made since this one looked', async () => {
    const { session, open, asked, pass } = await house();
    const pot = (sku: string) => draft({ id: sku, sku, name: `Pot ${sku}`, brand: 'Nieuw', ean: undefined });
    await session.plan('product', [pot('8301')]);
    await brought(open(), 'product', [pot('8302')]);
    pass(5_000);
    asked();
    const { plans } = await brought(session, 'product', [pot('8303'), pot('8304')]);
    expect(plans.flatMap(actions).filter((step) => /^(category|brand)/.test(step))).toEqual([]);
    const calls = asked();
    expect(calls.filter((call) => call === 'POST categories' || call === 'POST brands')).toEqual([]);
    expect(calls.filter((call) => call === 'GET categories' || call === 'GET brands').sort()).toEqual(['GET brands', 'GET categories']);
  });

  it('is put into categories and taken out of those that were ours alone', async () => {
    const { session, shop } = await house();
    const always = { policies: { categories: 'always' } };
    const names = { 9: ['Assortiment', 'Thee'], 8: ['Assortiment', 'Servies'] };
    const wish = (categories: string[], last?: object) =>
      draft({ categories }, { more: { ...always, categoryNames: names }, draft: last ? { last: last as Draft['last'] & object } : {} });
    const first = await brought(session, 'product', [wish(['9'])]);
    const id = first.outcomes[0]?.target.id ?? '';
    const names_ = async () => {
      const [product] = await session.read('product', [id]);
      const rows = await session.read('category', (product as Product).categories);
      return rows.map((row) => (row as Category).name).sort();
    };
    expect(await names_()).toEqual(['Thee']);
    const second = await brought(session, 'product', [wish(['8', '9'], first.outcomes[0]?.values)]);
    expect(await names_()).toEqual(['Servies', 'Thee']);
    const third = await brought(session, 'product', [wish(['8'], second.outcomes[0]?.values)]);
    expect(await names_()).toEqual(['Servies']);
    expect((await brought(session, 'product', [wish(['8'], third.outcomes[0]?.values)])).outcomes).toEqual([]);
    expect(shop.unexpected).toEqual([]);
  });

  it('takes its VAT by the rate, however the shop states it, or from the table', async () => {
    for (const taxRates of ['fraction', 'percent'] as const) {
      const { session, shop } = await house({ knobs: { taxRates } });
      await brought(session, 'product', [draft({ price: price(1090, 900) })]);
      const taxes = await session.vocabulary('taxes');
      expect(taxes.map(({ hint }) => hint)).toEqual(['21 %', '9 %', '0 %']);
      expect(shop.variant('7001')?.tax).toMatchObject({ resource: { id: Number(taxes[1]?.value) } });
      const failure = bad((await session.plan('product', [draft({ sku: '7002', price: price(1090, 600) })]))[0]);
      expect(failure).toMatchObject({ code: 'lightspeed.tax-missing', remedy: 'fix-data', params: { rate: '6' } });
    }
  });

  it('keeps its price including VAT when only the VAT changes', async () => {
    const { session, shop } = await house();
    const first = await brought(session, 'product', [draft()]);
    const second = await brought(session, 'product', [
      draft({ price: price(4599, 900) }, { draft: { last: first.outcomes[0]?.values ?? {} } }),
    ]);
    const request = second.plans[0]?.steps.find(({ id }) => id === 'variant:7001')?.request;
    expect(JSON.parse(request?.body ?? '')).toMatchObject({ variant: { priceIncl: 45.99, tax: expect.any(Number) } });
    expect(shop.variant('7001')).toMatchObject({ priceIncl: 45.99, priceExcl: 42.1927 });
  });

  it('is priced without VAT where the shop enters prices so', async () => {
    const { session, shop } = await house();
    const values = { prices: 'net' };
    const { outcomes } = await brought(session, 'product', [draft({}, { values })]);
    expect(shop.variant('7001')).toMatchObject({ priceExcl: 38.01, priceIncl: 45.99 });
    expect((await brought(session, 'product', [draft({}, { values, draft: { last: outcomes[0]?.values ?? {} } })])).outcomes).toEqual([]);
  });

  it('that cannot be right is refused before anything is written', async () => {
    const { session, shop } = await house();
    shop.editVariant('1009', { articleCode: '1008' });
    const twice = mug().variants.map((variant) => ({ ...variant, sku: '7100' }));
    const torn = mug().variants.map((variant, at) => ({ ...variant, sku: at === 0 ? '1001' : '1002' }));
    const plans = await session.plan('product', [
      draft({ sku: '' }),
      mugDraft({ variants: twice }),
      draft({ sku: '1008', ean: undefined }),
      mugDraft({ variants: torn }),
      draft({ price: { ...price(100), currency: 'USD' } }),
      draft(),
    ]);
    expect(plans.slice(0, 5).map((plan) => [bad(plan).code, bad(plan).remedy])).toEqual([
      ['lightspeed.sku-missing', 'fix-data'],
      ['lightspeed.variant-code-twice', 'fix-data'],
      ['lightspeed.variant-ambiguous', 'fix-data'],
      ['lightspeed.variant-elsewhere', 'fix-data'],
      ['lightspeed.currency', 'fix-data'],
    ]);
    expect(good(plans[5]).steps.length).toBeGreaterThan(0);
    expect(shop.requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('may be called anything: a name is never taken for an instruction', async () => {
    const { session, shop } = await house();
    await brought(session, 'product', [draft({ name: '{{product}} "x" {{variant:1}}', categories: [] })]);
    expect(shop.product('7001')).toMatchObject({ title: '{{product}} "x" {{variant:1}}' });
  });

  it('in a batch shares what is new: a category and a brand are made once', async () => {
    const { session, shop, asked } = await house();
    const drafts = Array.from({ length: 12 }, (_, at) =>
      draft({ id: `p${at}`, sku: `72${at}`, name: `Thee ${at}`, brand: 'Nieuw', ean: undefined, price: price(900 + at, 900) }),
    );
    await brought(session, 'product', drafts);
    const calls = asked();
    expect(calls.filter((call) => call === 'POST categories')).toHaveLength(1);
    expect(calls.filter((call) => call === 'POST brands')).toHaveLength(1);
    expect(calls.filter((call) => call === 'POST products')).toHaveLength(12);
    expect(drafts.every((_, at) => shop.variant(`72${at}`)?.priceIncl === (900 + at) / 100)).toBe(true);
    expect((await brought(session, 'product', drafts)).outcomes).toEqual([]);
    expect(asked().every((call) => call.startsWith('GET'))).toBe(true);
  });
});
