import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amount, pieces } from '../../connectors/mailchimp/order-body.ts';
import { decimalOf, minorOf } from '../../connectors/money.ts';
import { carried, customer, draftOf, house, line, order, planned, refusal, storeId, useHouse, written, yes } from './mailchimp-house.ts';

useHouse();

const orders = () => house.mailchimp.orders(storeId(house));
const mails = () => house.mailchimp.mails.map(({ to, why }) => `${why} ${to}`);

describe('an order', () => {
  it('arrives with its store, its articles and its amounts', async () => {
    const lines = [
      line({ id: 'a', sku: 'LAMP-1', quantity: 3, grossMinor: 100, netMinor: 83, taxMinor: 17 }),
      line({ id: 'b', sku: 'kabel 2 m/wit', name: 'Kabel', grossMinor: 1999, netMinor: 1652, taxMinor: 347 }),
      line({ id: 'c', kind: 'shipping', sku: undefined, name: 'Verzending', grossMinor: 495, netMinor: 409, taxMinor: 86 }),
      line({ id: 'd', kind: 'discount', sku: undefined, name: 'Korting', grossMinor: -250, netMinor: -207, taxMinor: -43 }),
    ];
    const [outcome] = await carried(house, 'order', [draftOf('order', order('1001', { lines, deliveryState: 'shipped' }))]);
    expect(house.mailchimp.stores()).toMatchObject([
      { name: 'Koffiebar (EUR)', currency_code: 'EUR', is_syncing: false, list_id: house.mailchimp.audienceId },
    ]);
    expect(orders()).toMatchObject([
      {
        id: 'tb-order-o-1001',
        order_total: 23.44,
        tax_total: 4.07,
        shipping_total: 4.95,
        discount_total: 2.5,
        financial_status: 'paid',
        fulfillment_status: 'shipped',
        customer: { email_address: 'jan@example.nl', opt_in_status: false },
      },
    ]);
    const [kept] = orders();
    expect(kept?.lines).toMatchObject([
      { id: 'a', product_id: 'LAMP-1', quantity: 3, price: 0.34, discount: 0.02 },
      { id: 'b', quantity: 1, price: 19.99, discount: 0 },
    ]);
    expect(house.mailchimp.products(storeId(house)).map(({ title }) => title)).toEqual(['Lamp', 'Kabel']);
    expect(outcome?.target.id).toBe(`${storeId(house)}/tb-order-o-1001`);
    expect(house.mailchimp.member('jan@example.nl')?.status).toBe('transactional');
  });

  it('is planned without a write, twice the same, and sends exactly what was planned', async () => {
    const draft = draftOf('order', order('1001'));
    const first = await planned(house, 'order', [draft]);
    expect(await planned(house, 'order', [draft])).toEqual(first);
    expect(house.writes()).toEqual([]);
    await house.session.apply('order', first);
    const sent = house.mailchimp.requests.find(({ method, path }) => method === 'PUT' && path.includes('/orders/'));
    expect(JSON.stringify(sent?.body)).toBe(first[0]?.steps.at(-1)?.request?.body);
  });

  it('that did not change costs no write', async () => {
    const draft = draftOf('order', order('1001'));
    await carried(house, 'order', [draft]);
    const before = house.writes().length;
    const [plan] = await planned(house, 'order', [draft]);
    expect(plan).toMatchObject({ target: { number: '1001' }, steps: [{ action: 'skip', reason: 'unchanged' }] });
    expect(house.writes().length).toBe(before);
  });

  it('is followed: shipped, cancelled, and lines that are gone', async () => {
    const two = [line({ id: 'a', grossMinor: 2495 }), line({ id: 'b', sku: 'CUP', name: 'Cup', grossMinor: 500 })];
    await carried(house, 'order', [draftOf('order', order('1001', { lines: two }))]);
    const [, shorter] = [two, two.slice(0, 1)];
    await carried(house, 'order', [
      draftOf('order', order('1001', { lines: shorter, deliveryState: 'shipped', updatedAt: '2026-03-01T09:30:00.000Z' })),
    ]);
    expect(orders()).toMatchObject([{ order_total: 24.95, fulfillment_status: 'shipped', lines: [{ id: 'a' }] }]);
    expect(orders()[0]?.lines).toHaveLength(1);
    await carried(house, 'order', [
      draftOf(
        'order',
        order('1001', { lines: shorter, state: 'cancelled', paymentState: 'refunded', updatedAt: '2026-03-01T09:40:00.000Z' }),
      ),
    ]);
    expect(orders()).toMatchObject([{ financial_status: 'refunded', cancelled_at_foreign: '2026-03-01T09:40:00.000Z' }]);
  });

  it('finds the variant of a product that the product flow brought', async () => {
    const price = { currency: 'EUR', grossMinor: 1995, netMinor: 1649, taxRateBp: 2100 };
    const variants = ['S', 'M'].map((size) => ({
      id: `v${size}`,
      sku: `SHIRT-${size}`,
      name: `Shirt ${size}`,
      active: true,
      price,
      attributes: [{ name: 'Size', value: size }],
    }));
    await carried(house, 'product', [draftOf('product', { id: 'p1', sku: 'SHIRT', name: 'Shirt', active: true, variants })]);
    await carried(house, 'order', [draftOf('order', order('1001', { lines: [line({ sku: 'SHIRT-M', grossMinor: 1995 })] }))]);
    expect(orders()[0]?.lines).toMatchObject([{ product_id: 'p-p1', product_variant_id: 'SHIRT-M', product_title: 'Shirt' }]);
    expect(house.mailchimp.products(storeId(house))).toHaveLength(1);
  });

  it('of a product of which no variant was chosen gets an article of its own', async () => {
    const variants = ['S', 'M'].map((size) => ({
      id: `T2-${size}`,
      sku: `51${size}`,
      name: `Shirt ${size}`,
      active: true,
      price: { currency: 'EUR', grossMinor: 1995, netMinor: 1649, taxRateBp: 2100 },
      attributes: [{ name: 'Size', value: size }],
    }));
    await carried(house, 'product', [draftOf('product', { id: 'T2', sku: '5100', name: 'Shirt', active: true, variants })]);
    const bought = order('1001', { lines: [line({ sku: '5100', name: 'Shirt', grossMinor: 1995 })] });
    await carried(house, 'order', [draftOf('order', bought)]);
    expect(house.mailchimp.orders(storeId(house))).toMatchObject([{ lines: [{ product_title: 'Shirt', price: 19.95 }] }]);
    expect(await carried(house, 'order', [draftOf('order', bought)])).toEqual([undefined]);
  });

  it('without an e-mail address is left out with a reason, and one with a wrong address is stopped', async () => {
    const [none] = await planned(house, 'order', [draftOf('order', order('1001', { customer: undefined }))]);
    expect(none?.steps).toMatchObject([{ action: 'skip', reason: 'no-email' }]);
    const wrong = draftOf('order', order('1002', { customer: customer('x', { email: 'x@@example' }) }));
    expect(await refusal(house.session.plan('order', [wrong]))).toMatchObject({
      code: 'mailchimp.email-invalid',
      params: { record: '1002' },
    });
    expect(house.writes()).toEqual([]);
  });

  it('in another currency goes into a store of its own', async () => {
    await carried(house, 'order', [
      draftOf('order', order('1001')),
      draftOf('order', order('1002', { currency: 'JPY', lines: [line({ grossMinor: 500 })] })),
    ]);
    expect(house.mailchimp.stores().map(({ currency_code }) => currency_code)).toEqual(['EUR', 'JPY']);
    expect(house.mailchimp.orders(String(house.mailchimp.stores()[1]?.id))).toMatchObject([{ order_total: 500 }]);
  });

  it('whose article was removed in Mailchimp is planned anew with the article', async () => {
    await carried(house, 'order', [draftOf('order', order('1001'))]);
    const plans = await planned(house, 'order', [draftOf('order', order('1002'))]);
    const store = storeId(house);
    const gone = await fetch(`${house.mailchimp.apiBaseUrl}/3.0/ecommerce/stores/${store}/products/LAMP-1`, {
      method: 'DELETE',
      headers: { authorization: `Basic ${Buffer.from(`x:${house.mailchimp.apiKey}`).toString('base64')}` },
    });
    expect(gone.status).toBe(204);
    expect(await refusal(house.session.apply('order', plans))).toMatchObject({ code: 'mailchimp.variant-unknown', remedy: 'retry' });
    await carried(house, 'order', [draftOf('order', order('1002'))]);
    expect(orders()).toHaveLength(2);
  });
});

describe('people who unsubscribed (mc-woocommerce#1264)', () => {
  it('stay away when they order: 0 are subscribed again', async () => {
    const names = Array.from({ length: 24 }, (_, index) => `left${index}`);
    for (const [index, name] of names.entries()) {
      house.mailchimp.addMember(`${name}@example.nl`);
      if (index % 2 === 0) house.mailchimp.unsubscribe(`${name}@example.nl`);
      else house.mailchimp.clean(`${name}@example.nl`);
    }
    house.mailchimp.behaviour.compliance = 'off';
    const mailed = house.mailchimp.mails.length;
    const people = names.map((name) => customer(name, { permission: yes() }));
    await carried(
      house,
      'order',
      people.map((person, index) => draftOf('order', order(String(index), { customer: person }))),
    );
    await carried(
      house,
      'customer',
      people.map((person) => draftOf('customer', person, { values: { joining: 'subscribed', raiseTransactional: true } })),
    );
    expect(names.map((name) => house.mailchimp.member(`${name}@example.nl`)?.status).filter((status) => status === 'subscribed')).toEqual(
      [],
    );
    expect(house.mailchimp.mails.length).toBe(mailed);
  });
});

describe('mails about orders', () => {
  const notices = ['pending', 'paid', 'refunded', 'cancelled', 'shipped'] as const;
  const old = '2025-11-01T09:00:00.000Z';

  const history = { importing: 'history' } as const;
  const meanwhile = { importing: 'meanwhile' } as const;

  it('rest while history is imported and go on afterwards', async () => {
    await carried(house, 'order', [draftOf('order', order('1'), history)]);
    expect(house.mailchimp.store(storeId(house))).toMatchObject({ is_syncing: true });
    house.mailchimp.notify(storeId(house), notices);
    house.reopen();
    await carried(house, 'order', [draftOf('order', order('2', { createdAt: old }), history)]);
    expect(mails()).toEqual([]);
    await house.session.wake?.();
    expect(house.mailchimp.store(storeId(house))).toMatchObject({ is_syncing: false });
    await carried(house, 'order', [draftOf('order', order('3'))]);
    expect(mails()).toEqual(['order-paid jan@example.nl']);
  });

  it('rest from the first order that a later import writes; one that finds all as it should be touches nothing', async () => {
    await carried(house, 'order', [draftOf('order', order('1'))]);
    house.mailchimp.notify(storeId(house), notices);
    const writes = () => house.mailchimp.requests.filter(({ method }) => method !== 'GET').length;
    const before = writes();
    expect(await carried(house, 'order', [draftOf('order', order('1'), history)])).toEqual([undefined]);
    await house.session.wake?.();
    expect(writes()).toBe(before);
    const refunded = order('1', { paymentState: 'refunded' });
    await carried(house, 'order', [draftOf('order', refunded, history), draftOf('order', order('2'), history)]);
    await carried(house, 'order', [draftOf('order', order('3'), meanwhile)]);
    expect(house.mailchimp.store(storeId(house))).toMatchObject({ is_syncing: true });
    expect(mails()).toEqual([]);
    expect(house.writes().filter((write) => write.startsWith('PATCH /ecommerce/stores/'))).toHaveLength(1);
    await house.session.wake?.();
    expect(house.mailchimp.store(storeId(house))).toMatchObject({ is_syncing: false });
    await carried(house, 'order', [draftOf('order', order('4'))]);
    expect(mails()).toEqual(['order-paid jan@example.nl']);
  });

  it('rest although this process remembers a rest that another one has ended meanwhile', async () => {
    await carried(house, 'order', [draftOf('order', order('1'), history)]);
    house.mailchimp.notify(storeId(house), notices);
    const remembering = house.session;
    house.reopen();
    await house.session.wake?.();
    house.session = remembering;
    await carried(house, 'order', [draftOf('order', order('2'), history)]);
    expect(house.mailchimp.store(storeId(house))).toMatchObject({ is_syncing: true });
    expect(mails()).toEqual([]);
  });

  it('go on about an order that comes while an import waits for its first one', async () => {
    await carried(house, 'order', [draftOf('order', order('1'))]);
    house.mailchimp.notify(storeId(house), notices);
    await carried(house, 'order', [draftOf('order', order('2'), meanwhile)]);
    expect(mails()).toEqual(['order-paid jan@example.nl']);
  });

  it('are not sent about history even where nobody said that it is imported', async () => {
    await carried(house, 'order', [draftOf('order', order('1', { createdAt: old }))]);
    expect(house.mailchimp.store(storeId(house))).toMatchObject({ is_syncing: true });
    await house.session.wake?.();
    house.mailchimp.notify(storeId(house), notices);
    const late = order('2', { createdAt: old, deliveryState: 'shipped' });
    await carried(house, 'order', [draftOf('order', late)]);
    expect(await carried(house, 'order', [draftOf('order', late)])).toEqual([undefined]);
    expect(mails()).toEqual([]);
    await carried(house, 'order', [draftOf('order', { ...late, paymentState: 'refunded' })]);
    expect(mails()).toContain('order-refunded jan@example.nl');
  });

  it('come back by themselves to a store whose import nobody ended', async () => {
    await carried(house, 'order', [draftOf('order', order('1', { createdAt: old }))]);
    house.clock.now = new Date('2026-03-10T10:00:00Z');
    await carried(house, 'order', [draftOf('order', order('2', { createdAt: '2026-03-10T09:59:00.000Z' }))]);
    expect(house.mailchimp.store(storeId(house))).toMatchObject({ is_syncing: false });
  });
});

describe('amounts', () => {
  it('print exactly the decimals of the source, for every currency', () => {
    const minor = fc.integer({ min: -99_999_999_999, max: 99_999_999_999 });
    fc.assert(
      fc.property(minor, fc.constantFrom('EUR', 'JPY', 'KWD'), (value, currency) => {
        const printed = JSON.stringify(amount(value, currency));
        return minorOf(printed, currency) === value && Number(printed) === Number(decimalOf(value, currency));
      }),
      { numRuns: 5_000 },
    );
  });

  it('of a line are explained by price, pieces and discount to the cent', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), fc.integer({ min: 1, max: 999 }), (gross, quantity) => {
        const { priceMinor, discountMinor } = pieces(gross, quantity);
        return priceMinor * quantity - discountMinor === gross && discountMinor >= 0 && discountMinor < quantity;
      }),
      { numRuns: 5_000 },
    );
  });

  it('of a random order tie in Mailchimp: pieces, shipping and discount make the total', async () => {
    const anyLine = fc.record({
      kind: fc.constantFrom('product', 'shipping', 'discount', 'surcharge', 'rounding'),
      cents: fc.integer({ min: 0, max: 99_999 }),
      quantity: fc.integer({ min: 1, max: 9 }),
    });
    const samples = fc.sample(fc.array(anyLine, { minLength: 1, maxLength: 6 }), { numRuns: 40, seed: 7 });
    const drafts = samples.map((parts, index) => {
      const lines = [
        line({ id: 'first', grossMinor: 1 }),
        ...parts.map(({ kind, cents, quantity }, at) =>
          line({ id: `l${at}`, kind: kind as 'product', quantity, grossMinor: kind === 'discount' ? -cents : cents }),
        ),
      ];
      return draftOf('order', order(String(index), { lines }));
    });
    await carried(house, 'order', drafts);
    const cents = (value: unknown): number => minorOf(String(value), 'EUR');
    for (const one of orders()) {
      const lines = one.lines as { price: number; quantity: number; discount: number }[];
      const goods = lines.reduce((total, { price, quantity, discount }) => total + cents(price) * quantity - cents(discount), 0);
      expect(goods + cents(one.shipping_total) - cents(one.discount_total)).toBe(cents(one.order_total));
    }
    expect(orders()).toHaveLength(40);
  });
});

describe('carts', () => {
  const cart = (more: object = {}) => ({
    id: 'cart-1',
    customer: customer('jan'),
    currency: 'EUR',
    totalMinor: 2995,
    lines: [
      { id: 'a', sku: 'LAMP-1', name: 'Lamp', quantity: 1, grossMinor: 2495 },
      { id: 'b', sku: 'CUP', name: 'Cup', quantity: 1, grossMinor: 500 },
    ],
    url: 'https://shop.example/cart/1',
    updatedAt: '2026-03-01T09:50:00.000Z',
    ...more,
  });
  const carts = () => house.mailchimp.carts(storeId(house));

  it('are made, changed, left alone when nothing changed, and taken away once they became an order', async () => {
    const [made] = await carried(house, 'cart', [draftOf('cart', cart())]);
    expect(carts()).toMatchObject([
      { order_total: 29.95, checkout_url: 'https://shop.example/cart/1', lines: [{ id: 'a', price: 24.95 }, { id: 'b' }] },
    ]);
    expect(made?.target.id).toBe(`${storeId(house)}/tb-cart-cart-1`);
    house.mailchimp.abandonCarts();
    expect(mails()).toEqual(['abandoned-cart jan@example.nl']);
    expect(await carried(house, 'cart', [draftOf('cart', cart())])).toEqual([undefined]);
    await carried(house, 'cart', [draftOf('cart', cart({ totalMinor: 2495, lines: cart().lines.slice(0, 1) }))]);
    expect(carts()[0]?.lines).toHaveLength(1);
    await carried(house, 'cart', [draftOf('cart', cart({ closed: true }))]);
    expect(carts()).toEqual([]);
    expect(await carried(house, 'cart', [draftOf('cart', cart({ closed: true }))])).toEqual([undefined]);
  });
});

describe('two workers', () => {
  it('that need the same new store and article at once both get through', async () => {
    const first = await planned(house, 'order', [draftOf('order', order('1'))]);
    const second = await planned(house, 'order', [draftOf('order', order('2'))]);
    await house.session.apply('order', first);
    house.reopen();
    expect(await house.session.apply('order', second)).toMatchObject([{ written: ['store', 'product:LAMP-1', 'order'] }]);
    expect(orders()).toHaveLength(2);
  });
});

describe('a lost answer', () => {
  it('is followed by a look: the order is there once', async () => {
    await carried(house, 'order', [draftOf('order', order('1001'))]);
    house.mailchimp.faults.add({ kind: 'lose-answer', method: 'PUT', path: '/orders/', times: 1 });
    const [lost] = await written(house, 'order', [draftOf('order', order('1002'))]);
    expect(lost).toMatchObject({ remedy: 'wait', ambiguous: true });
    expect(await carried(house, 'order', [draftOf('order', order('1002'))])).toEqual([undefined]);
    expect(orders()).toHaveLength(2);
  });

  it('about a new store or article stops nothing', async () => {
    house.mailchimp.faults.add({ kind: 'lose-answer', method: 'POST', path: '/ecommerce/stores', times: 1 });
    house.mailchimp.faults.add({ kind: 'lose-answer', method: 'POST', path: '/products', times: 1 });
    for (let attempt = 0; attempt < 3; attempt += 1) await written(house, 'order', [draftOf('order', order('1001'))]);
    expect(orders()).toHaveLength(1);
    expect(house.mailchimp.stores()).toHaveLength(1);
  });
});
