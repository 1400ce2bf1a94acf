import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verify } from '../../app-server/engine/verify.ts';
import { Order, type OrderLine } from '../../connectors/commerce.ts';
import { taxInGross } from '../../connectors/money.ts';
import {
  actionsOf,
  anna,
  carried,
  draftOf,
  later,
  planned,
  refusal,
  reopen,
  restart,
  session,
  store,
  useStore,
  writes,
  written,
} from './ecwid-people-house.ts';

useStore();

const line = (fields: Partial<OrderLine> & { grossMinor: number }): OrderLine => {
  const { grossMinor, taxRateBp = 2100 } = fields;
  const taxMinor = fields.taxMinor ?? taxInGross(grossMinor, taxRateBp);
  return { id: 'l', kind: 'product', name: 'Mug', quantity: 1, ...fields, taxRateBp, taxMinor, netMinor: grossMinor - taxMinor };
};

const sale = (fields: Partial<Order> & { lines?: OrderLine[] } = {}): Order => {
  const lines = fields.lines ?? [
    line({ sku: '1006', quantity: 2, grossMinor: 2498 }),
    line({ id: 'm', sku: '1001', grossMinor: 1845, taxRateBp: 900 }),
  ];
  const totalMinor = fields.totalMinor ?? lines.reduce((total, { grossMinor }) => total + grossMinor, 0);
  return Order.parse({
    id: 'till-512',
    number: '2026.512',
    createdAt: '2026-03-01T09:41:07.000Z',
    currency: 'EUR',
    prices: 'gross',
    state: 'open',
    paymentState: 'paid',
    customer: anna(),
    billing: anna().billing,
    payments: [{ id: 'p', methodId: 'CASH', methodName: 'Contant', amountMinor: totalMinor, state: 'paid' }],
    paidMinor: totalMinor,
    totalMinor,
    ...fields,
    lines,
  });
};

const inStore = (id: string) => {
  const order = store.shop.orders.get(id);
  if (order === undefined) throw new Error(`no order ${id}`);
  return order as unknown as Record<string, unknown> & { items: Record<string, unknown>[] };
};
const stockOf = (sku: string) => [...store.shop.shelves.products.values()].find((product) => product.sku === sku)?.quantity;

describe('a sale of the till on its way into the store', () => {
  it('stands there as it was paid, with its customer, its products and its payment, and mails nobody', async () => {
    const { id: customerId } = store.shop.putCustomer({ email: 'Anna@example.com', acceptMarketing: true });
    const plan = await planned('order', sale());
    const { target } = await carried('order', plan);
    expect(inStore(target.id)).toMatchObject({
      total: 43.43,
      subtotal: 43.43,
      tax: 5.86,
      email: 'anna@example.com',
      customerId,
      paymentStatus: 'PAID',
      fulfillmentStatus: 'DELIVERED',
      paymentMethod: 'Contant',
      createDate: '2026-03-01 09:41:07 +0000',
      billingPerson: { name: 'Anna van Dijk', street: 'Singel 7' },
      items: [
        { productId: store.shop.productIdOf('1006'), sku: '1006', quantity: 2, price: 12.49 },
        { productId: store.shop.productIdOf('1001'), sku: '1001', quantity: 1, price: 18.45 },
      ],
    });
    expect(store.shop.mails).toEqual([]);
    expect(store.shop.customers.get(customerId)?.acceptMarketing).toBe(true);
    const [read] = await session.read('order', [target.id]);
    if (plan.expect === undefined) throw new Error('nothing is expected');
    expect(verify(plan.expect, Order.parse(read)).checks.filter(({ ok }) => !ok)).toEqual([]);
  });

  it('takes nothing from the stock that its own flow brings, unless that is wanted', async () => {
    const before = [stockOf('1006'), stockOf('1001')];
    await written('order', sale());
    expect([stockOf('1006'), stockOf('1001')]).toEqual(before);
    await written('order', sale({ id: 'till-513', number: '2026.513', totalMinor: 4343 }), { values: { takeStock: true } });
    expect([stockOf('1006'), stockOf('1001')]).toEqual(before.map((quantity, index) => Number(quantity) - (index === 0 ? 2 : 1)));
  });

  it('makes nobody a reader of news who did not ask for them', async () => {
    await written('order', sale());
    expect([...store.shop.customers.values()]).toMatchObject([{ email: 'anna@example.com', acceptMarketing: false }]);
  });

  it('is written once, whoever looks again', async () => {
    const { target, values } = await written('order', sale());
    reopen();
    for (const draft of [{}, { known: target.id, ...(values && { last: values }) }]) {
      const plan = await planned('order', sale(), { draft });
      expect(actionsOf(plan)).toEqual(['skip: exists']);
      expect(plan.target).toEqual({ id: target.id, number: target.id });
    }
    expect(store.shop.orders.size).toBe(1);
  });

  it('is found among other sales of the same sum', async () => {
    for (let index = 0; index < 130; index += 1) {
      // The store has a budget of calls per minute.
      if (index % 50 === 0) later(60);
      await written('order', sale({ id: `t${index}`, number: `2026.${index}` }));
    }
    const before = store.shop.orders.size;
    reopen();
    expect(actionsOf(await planned('order', sale({ id: 't0', number: '2026.0' })))).toEqual(['skip: exists']);
    expect(store.shop.orders.size).toBe(before);
  });

  it('whose answer got lost is found once the lists have caught up', async () => {
    store.faults.add({ kind: 'lose-answer', path: '/orders', method: 'POST', times: 1 });
    expect(await refusal(written('order', sale()))).toMatchObject({ ambiguous: true });
    store.state.indexLagMs = 5_000;
    // The engine makes nothing again within this time, in whatever process.
    expect(session.hiddenMs?.('order')).toBeGreaterThan(store.state.indexLagMs);
    expect(actionsOf(await planned('order', sale()))).toEqual(['create']);
    later(6);
    expect(actionsOf(await planned('order', sale()))).toEqual(['skip: exists']);
    expect(store.shop.orders.size).toBe(1);
  });

  it('has by name what the store does not sell', async () => {
    const plan = await planned('order', sale({ lines: [line({ sku: '99999', name: 'Repair', grossMinor: 500 })] }));
    expect(plan.notes).toMatchObject([{ code: 'lines-without-product', params: { count: 1 } }]);
    const { target } = await carried('order', plan);
    expect(inStore(target.id).items).toMatchObject([{ sku: '99999', name: 'Repair', price: 5 }]);
    expect(inStore(target.id).items[0]).not.toHaveProperty('productId');
  });

  it('finds variants and translated article numbers', async () => {
    const tables = { articles: [{ from: '77', to: '1006-W' }] };
    const { target } = await written('order', sale({ lines: [line({ sku: '77', grossMinor: 1249 })] }), { tables });
    expect(inStore(target.id).items).toMatchObject([
      { sku: '1006-W', productId: store.shop.productIdOf('1006'), combinationId: expect.any(Number) },
    ]);
  });

  it('without an address is left out, or stands under the merchant’s own', async () => {
    const anonymous = sale({ customer: undefined, billing: undefined });
    expect(actionsOf(await planned('order', anonymous))).toEqual(['skip: no-email']);
    const { target } = await written('order', anonymous, { values: { emailOtherwise: 'till@example.com' } });
    expect(inStore(target.id)).toMatchObject({ email: 'till@example.com' });
  });

  it('that gives money back is no order', async () => {
    expect(actionsOf(await planned('order', sale({ lines: [line({ sku: '1006', grossMinor: -1249 })] })))).toEqual([
      'skip: money-given-back',
    ]);
  });

  it('in another currency, or whose lines do not make its total, is parked with the reason', async () => {
    expect(await refusal(planned('order', sale({ currency: 'CHF' })))).toMatchObject({ code: 'shop.currency', remedy: 'fix-data' });
    expect(await refusal(planned('order', sale({ totalMinor: 5000 })))).toMatchObject({
      code: 'shop.order-unexplained',
      params: { difference: 657 },
    });
  });

  it('that is there with another total is not touched', async () => {
    const { target, values } = await written('order', sale());
    const draft = { known: target.id, ...(values && { last: values }) };
    const dearer = sale({ lines: [line({ sku: '1006', quantity: 2, grossMinor: 2598 })] });
    expect(await refusal(planned('order', dearer, { draft }))).toMatchObject({
      code: 'shop.order-differs',
      params: { store: 4343, source: 2598 },
    });
  });

  it('says which permission is missing', async () => {
    await restart({ scopes: ['read_store_profile', 'read_orders', 'read_customers', 'read_catalog'] });
    expect(await refusal(written('order', sale()))).toMatchObject({
      code: 'shop.privileges-missing',
      remedy: 'fix-data',
      params: { privileges: 'create_orders' },
    });
  });
});

describe('what becomes of a sale later', () => {
  const again = async (fields: Partial<Order>, target: string, last: Readonly<Record<string, unknown>> | undefined) =>
    planned('order', sale(fields), { draft: { known: target, ...(last && { last }) } });

  it('is carried on: paid, then cancelled, without a mail and without stock coming back', async () => {
    const { target, values } = await written('order', sale({ paymentState: 'open' }), { values: { sendWhen: 'placed' } });
    expect(inStore(target.id).paymentStatus).toBe('AWAITING_PAYMENT');
    const paid = await carried('order', await again({}, target.id, values));
    expect(inStore(target.id).paymentStatus).toBe('PAID');
    const stock = stockOf('1006');
    await carried('order', await again({ state: 'cancelled' }, target.id, paid.values));
    expect(inStore(target.id)).toMatchObject({ paymentStatus: 'CANCELLED', fulfillmentStatus: 'WILL_NOT_DELIVER', total: 43.43 });
    expect(stockOf('1006')).toBe(stock);
    expect(actionsOf(await again({}, target.id, { paymentStatus: 'CANCELLED' }))).toEqual(['skip: exists']);
    expect(store.shop.mails).toEqual([]);
    expect(writes()).toHaveLength(3);
  });

  it('does not overrule what somebody decided in the store', async () => {
    const { target, values } = await written('order', sale({ paymentState: 'open' }));
    store.shop.change(target.id, { paymentStatus: 'PAID' });
    const plan = await again({ state: 'cancelled' }, target.id, values);
    expect(plan.steps).toMatchObject([
      { action: 'skip', reason: 'kept', changes: [{ before: 'PAID', after: 'CANCELLED', kept: { ours: 'AWAITING_PAYMENT' } }] },
    ]);
  });
});

describe('the money of a sale', () => {
  it('with shipping, discount, surcharge and gift card is what was paid, to the cent', async () => {
    const lines = [
      line({ sku: '1006', quantity: 3, grossMinor: 3748 }),
      line({ id: 's', kind: 'shipping', name: 'Courier', grossMinor: 495 }),
      line({ id: 'd', kind: 'discount', name: 'Spring', grossMinor: -500 }),
      line({ id: 'u', kind: 'surcharge', name: 'Engraving', grossMinor: 250 }),
      line({ id: 'g', kind: 'gift-card', name: 'Card', grossMinor: -1000, taxRateBp: 0 }),
      line({ id: 'r', kind: 'rounding', name: 'Rounding', grossMinor: -3, taxRateBp: 0 }),
    ];
    const { target } = await written('order', sale({ lines }));
    expect(inStore(target.id)).toMatchObject({ total: 29.9, discount: 5.03, giftCardRedemption: 10, totalBeforeGiftCardRedemption: 39.9 });
    expect(inStore(target.id).items).toMatchObject([
      { quantity: 2, price: 12.49 },
      { quantity: 1, price: 12.5 },
      { quantity: 1, price: 2.5, name: 'Engraving' },
    ]);
    const read = Order.parse((await session.read('order', [target.id]))[0]);
    expect(read).toMatchObject({ totalMinor: 2990, paidMinor: 2990 });
    expect(read.lines.reduce((total, { grossMinor }) => total + grossMinor, 0)).toBe(2990);
  });

  it('of any sale reads back as it was sent', async () => {
    const part = fc.record({
      kind: fc.constantFrom('product', 'product', 'product', 'shipping', 'discount', 'surcharge', 'rounding'),
      quantity: fc.integer({ min: 1, max: 7 }),
      amount: fc.integer({ min: 0, max: 50_000 }),
      taxRateBp: fc.constantFrom(0, 900, 2100),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 6 }), fc.uuid(), async (parts, id) => {
        const lines = parts.map(({ kind, quantity, amount, taxRateBp }, index) =>
          line({
            id: String(index),
            kind: kind as OrderLine['kind'],
            quantity: kind === 'product' ? quantity : 1,
            grossMinor: kind === 'discount' ? -Math.round(amount / 20) : kind === 'rounding' ? (amount % 7) - 3 : amount,
            taxRateBp: kind === 'rounding' ? 0 : taxRateBp,
            ...(kind === 'product' && { sku: '1006' }),
          }),
        );
        const order = sale({ id, number: id, lines });
        fc.pre(order.totalMinor > 0 && lines.some(({ kind, grossMinor }) => kind === 'product' && grossMinor > 0));
        const plan = await planned('order', order);
        const { target } = await carried('order', plan);
        const read = Order.parse((await session.read('order', [target.id]))[0]);
        expect(read.totalMinor).toBe(order.totalMinor);
        expect(read.lines.reduce((total, { grossMinor }) => total + grossMinor, 0)).toBe(order.totalMinor);
        if (plan.expect) expect(verify(plan.expect, read).ok).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('is the same request in the dry run and in the live one', async () => {
    const drafts = [draftOf('order', sale()), draftOf('order', sale())];
    const plans = await session.plan('order', drafts);
    expect(JSON.stringify(plans[0])).toBe(JSON.stringify(plans[1]));
    expect(writes()).toEqual([]);
  });
});
