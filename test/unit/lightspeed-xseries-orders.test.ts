import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verify } from '../../app-server/engine/verify.ts';
import { sum } from '../../connectors/money.ts';
import { carry, draftOf, failed, type House, openHouse, planned, planOf, readOrder, referenceOf } from './lightspeed-xseries-house.ts';
import { line, shopOrder } from './mpluskassa-house.ts';

const payment = (house: House, over: object = {}) => ({ defaultPaymentMethod: house.sim.paymentTypeId('iDEAL'), ...over });
const skus = ['1001', '1006', '1007', '1008', '1011'];
const rates: Readonly<Record<string, number>> = { '1001': 900, '1006': 2100, '1007': 2100, '1008': 2100, '1011': 0 };

const someLine = fc.record({
  sku: fc.constantFrom(...skus),
  quantity: fc.integer({ min: 1, max: 60 }),
  gross: fc.integer({ min: 0, max: 500_000 }),
});

describe('orders as sales of the store', () => {
  it('arrive once, with customer, lines, payment and our reference, and are read back to the cent', async () => {
    const house = await openHouse();
    const order = shopOrder({
      lines: [line({ grossMinor: 1000, quantity: 3 }), line({ grossMinor: 495, kind: 'shipping', name: 'Verzending' })],
    });
    const draft = draftOf('order', order, { settings: payment(house, { shippingProduct: 'verzendkosten' }) });
    const { plan, outcome } = await carry(house.session, 'order', draft);
    expect(plan.steps.map(({ action, subject }) => [action, subject])).toEqual([
      ['create', 'customer'],
      ['create', 'sale'],
    ]);
    const [sale, ...more] = house.sim.salesBySource(draft.reference);
    expect(more).toEqual([]);
    expect(sale).toMatchObject({ status: 'CLOSED', source: 'TILLBRIDGE', invoice_number: outcome.target.number, note: '10023' });
    expect(house.sim.requests.some(({ method, version, path }) => method === 'POST' && version === '2026-07' && path === '/sales')).toBe(
      true,
    );
    const back = await readOrder(house, outcome.target.id);
    expect(back).toMatchObject({ totalMinor: 1495, paidMinor: 1495 });
    expect(back.customer?.email).toBe(order.customer?.email);
    if (plan.expect === undefined) throw new Error('nothing is expected');
    expect(verify(plan.expect, back)).toMatchObject({ ok: true });
    const again = planned(await planOf(house.session, 'order', draft));
    expect(again.steps).toMatchObject([{ action: 'skip', reason: 'exists' }]);
    expect(again.target?.id).toBe(outcome.target.id);
  });

  it('tie to the cent whatever the quantities, rates and rounding are', async () => {
    const house = await openHouse();
    const settings = payment(house);
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(someLine, { minLength: 1, maxLength: 5 }), async (wishes) => {
        count += 1;
        const lines = wishes.map(({ sku, quantity, gross }, index) =>
          line({ id: String(index), sku, quantity, grossMinor: gross, taxRateBp: rates[sku] ?? 0 }),
        );
        const { customer: _, ...order } = shopOrder({ id: `order-${count}`, number: String(count), lines });
        const { plan, outcome } = await carry(house.session, 'order', draftOf('order', order, { settings }));
        const back = await readOrder(house, outcome.target.id);
        expect(back.totalMinor).toBe(order.totalMinor);
        expect(back.paidMinor).toBe(order.totalMinor);
        expect(sum(back.lines.map(({ taxMinor }) => taxMinor))).toBe(sum(lines.map(({ taxMinor }) => taxMinor)));
        if (plan.expect === undefined) throw new Error('nothing is expected');
        expect(verify(plan.expect, back).ok).toBe(true);
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('whose answer is lost are found again and not sold twice', async () => {
    const house = await openHouse();
    const draft = draftOf('order', shopOrder(), { settings: payment(house) });
    const plan = planned(await planOf(house.session, 'order', draft));
    house.sim.faults.add({ kind: 'lose-answer', method: 'POST', path: /\/2026-07\/sales$/, times: 1 });
    const [lost] = await house.session.apply('order', [plan]);
    expect(failed(lost)).toMatchObject({ ambiguous: true });
    for (const session of [house.session, house.open()]) {
      const again = planned(await planOf(session, 'order', draft));
      expect(again.steps).toMatchObject([{ action: 'skip', reason: 'exists' }]);
    }
    expect(house.sim.salesBySource(draft.reference)).toHaveLength(1);
    expect(house.sim.customers().filter(({ email }) => email === shopOrder().customer?.email)).toHaveLength(1);
  });

  it('go the older way where the store does not know the dated version, also when that turns out late', async () => {
    const house = await openHouse({ knobs: { dated: false } });
    const { outcome } = await carry(house.session, 'order', draftOf('order', shopOrder(), { settings: payment(house) }));
    expect(house.sim.requests.at(-1)).toMatchObject({ method: 'POST', version: '0.9', path: '/register_sales', status: 200 });
    expect(await readOrder(house, outcome.target.id)).toMatchObject({ totalMinor: 8995, paidMinor: 8995 });

    house.sim.knobs.dated = true;
    const session = house.open();
    const draft = draftOf('order', shopOrder({ id: 'order-2', number: '2' }), { settings: payment(house) });
    const plan = planned(await planOf(session, 'order', draft));
    house.sim.knobs.dated = false;
    const [refused] = await session.apply('order', [plan]);
    expect(failed(refused)).toMatchObject({ remedy: 'retry', code: 'lightspeed.plan-outdated' });
    await carry(session, 'order', draft);
    expect(house.sim.salesBySource(draft.reference)).toHaveLength(1);
  });

  it('that somebody else wrote in the same moment are looked at again', async () => {
    const house = await openHouse({ knobs: { uniqueSourceId: true } });
    const draft = draftOf('order', shopOrder(), { settings: payment(house) });
    const [first, second] = [house.open(), house.open()];
    const plans = [planned(await planOf(first, 'order', draft)), planned(await planOf(second, 'order', draft))] as const;
    await first.apply('order', [plans[0]]);
    const [refused] = await second.apply('order', [plans[1]]);
    expect(failed(refused)).toMatchObject({ code: 'lightspeed.plan-outdated', remedy: 'retry' });
    expect(planned(await planOf(second, 'order', draft)).steps).toMatchObject([{ action: 'skip', reason: 'exists' }]);
  });

  it('use the register, the user and the payment types that were chosen', async () => {
    const house = await openHouse({ registers: 2 });
    const users = await house.session.vocabulary('users');
    const register = house.sim.registerIds()[3];
    const order = shopOrder({
      payments: [
        { id: 'a', methodId: 'ideal', methodName: 'iDEAL', amountMinor: 5000, state: 'paid' },
        { id: 'b', methodId: 'voucher', methodName: 'Bon', amountMinor: 3995, state: 'paid' },
      ],
    });
    const tables = {
      paymentMethods: [
        { from: 'ideal', to: house.sim.paymentTypeId('iDEAL') ?? '' },
        { from: 'voucher', to: house.sim.paymentTypeId('Gift Card') ?? '' },
      ],
    };
    const draft = draftOf('order', order, { settings: { register, user: users[0]?.value, saleState: 'dispatch' }, tables });
    await carry(house.session, 'order', draft);
    expect(house.sim.salesBySource(draft.reference)[0]).toMatchObject({
      register_id: register,
      status: 'AWAITING_DISPATCH',
      payments: [
        { name: 'iDEAL', amount: 50 },
        { name: 'Gift Card', amount: 39.95 },
      ],
    });
  });

  it('that are not paid wait as parked sales, and say so when they are paid later', async () => {
    const house = await openHouse();
    const open = { paymentState: 'open' as const, paidMinor: 0, payments: [] };
    const settings = payment(house, { sendWhen: 'placed' });
    const draft = draftOf('order', shopOrder(open), { settings });
    const { plan } = await carry(house.session, 'order', draft);
    expect(plan.notes).toMatchObject([{ code: 'sale-parked' }]);
    expect(house.sim.salesBySource(draft.reference)[0]).toMatchObject({ status: 'SAVED', payments: [] });
    const paid = planned(await planOf(house.session, 'order', draftOf('order', shopOrder(), { settings })));
    expect(paid.steps).toMatchObject([{ action: 'skip', reason: 'exists' }]);
    expect(paid.notes).toMatchObject([{ code: 'payment-not-booked' }]);
  });

  it.each([
    [
      'a product that the store does not have',
      { lines: [line({ grossMinor: 100, sku: '4711' })] },
      'lightspeed.product-missing',
      { sku: '4711' },
    ],
    [
      'shipping without a product for it',
      { lines: [line({ grossMinor: 100, kind: 'shipping' })] },
      'lightspeed.stand-in-missing',
      { kind: 'shipping' },
    ],
    ['another currency', { currency: 'USD' }, 'lightspeed.currency', { currency: 'USD', till: 'EUR' }],
    [
      'a rate that the store does not have',
      { lines: [line({ grossMinor: 100, taxRateBp: 1900 })] },
      'lightspeed.tax-missing',
      { rate: '19' },
    ],
    ['lines that do not explain the payment', { totalMinor: 9000 }, 'lightspeed.amounts-differ', { order: '10023', difference: 5 }],
  ] as const)('with %s are refused before anything is written, and a neighbour goes through', async (_name, over, code, params) => {
    const house = await openHouse();
    const settings = payment(house);
    const good = draftOf('order', shopOrder({ id: 'good', number: '1' }), { settings });
    const [bad, fine] = await house.session.plan('order', [draftOf('order', shopOrder(over as never), { settings }), good]);
    expect(failed(bad)).toMatchObject({ remedy: 'fix-data', code, params });
    expect(failed(bad).message).not.toMatch(/@|Jan|Vries/);
    await house.session.apply('order', [planned(fine)]);
    expect(house.sim.sales()).toHaveLength(1);
  });

  it('whose lines are a few cents off are explained by the product for rounding', async () => {
    const house = await openHouse();
    const order = shopOrder({ lines: [line({ grossMinor: 1000 })], totalMinor: 1003 });
    const draft = draftOf('order', order, { settings: payment(house, { roundingProduct: 'AB-12' }) });
    const { outcome } = await carry(house.session, 'order', draft);
    expect(await readOrder(house, outcome.target.id)).toMatchObject({ totalMinor: 1003, paidMinor: 1003 });
  });

  it('that have no payment type are refused with the name of the method', async () => {
    const house = await openHouse();
    const order = shopOrder({ payments: [{ id: 'a', methodId: 'm', methodName: 'Klarna', amountMinor: 8995, state: 'paid' }] });
    expect(failed(await planOf(house.session, 'order', draftOf('order', order)))).toMatchObject({
      code: 'lightspeed.payment-method-missing',
      params: { method: 'Klarna' },
    });
    const gone = draftOf('order', order, { settings: { defaultPaymentMethod: 'b0000000-0000-4000-a000-000000000000' } });
    expect(failed(await planOf(house.session, 'order', gone))).toMatchObject({ code: 'lightspeed.payment-method-unknown' });
  });

  it('that stand there with another amount are not touched', async () => {
    const house = await openHouse();
    const settings = payment(house);
    await carry(house.session, 'order', draftOf('order', shopOrder(), { settings }));
    const other = draftOf('order', shopOrder({ lines: [line({ grossMinor: 5000 })] }), { settings });
    expect(failed(await planOf(house.session, 'order', other))).toMatchObject({
      code: 'lightspeed.order-differs',
      params: { till: 8995, shop: 5000 },
    });
    expect(house.sim.salesBySource(referenceOf('order-1'))).toHaveLength(1);
  });
});
