import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minorOfExact, minorsOf } from '../../connectors/lightspeed/decimals.ts';
import { pieces } from '../../connectors/lightspeed/xseries/sale-lines.ts';
import { sum } from '../../connectors/money.ts';
import { seedPeople } from '../simulators/lightspeed/articles.ts';
import { carry, changes, draftOf, failed, type House, openHouse, readOrder } from './lightspeed-xseries-house.ts';
import { shopOrder } from './mpluskassa-house.ts';

const payment = (house: House) => ({ defaultPaymentMethod: house.sim.paymentTypeId('iDEAL') });
const [person] = seedPeople;
if (person === undefined) throw new Error('nobody lives in the sandbox');

describe('sales of the store as orders', () => {
  it('are read to the cent, whatever was rung up', async () => {
    const house = await openHouse({ seed: 7 });
    const placed = Array.from({ length: 120 }, (_, seed) => house.sim.sellRandom(seed));
    for (const sale of placed) {
      const order = await readOrder(house, sale.id);
      expect(order.totalMinor).toBe(sum(sale.payments.filter(({ name }) => name !== 'Cash Rounding').map(({ amount }) => amount)));
      expect(sum(order.lines.map(({ grossMinor }) => grossMinor))).toBe(order.totalMinor);
      expect(order.paidMinor).toBe(order.totalMinor);
      expect(order).toMatchObject({ number: sale.invoiceNumber, state: 'completed', paymentState: 'paid', currency: 'EUR' });
      const goods = order.lines.filter(({ kind }) => kind === 'product');
      const rung = sale.lines.filter(({ code }) => code !== 'verzendkosten');
      expect(goods.map(({ sku, quantity, grossMinor, taxRateBp }) => [sku, quantity, grossMinor, taxRateBp])).toEqual(
        rung.map(({ code, quantity, total, rate }) => [code, quantity, total, rate]),
      );
    }
  });

  it('bring the customer, the outlet, the payment type and the shipping along', async () => {
    const house = await openHouse();
    const sale = house.sim.sell({
      person,
      outlet: 1,
      shipping: 495,
      payment: 'iDEAL',
      lines: [{ code: '1006', quantity: 2 }],
      note: 'Cadeau',
    });
    const order = await readOrder(house, sale.id);
    expect(order.customer).toMatchObject({ email: person.email, lastName: person.lastname });
    expect(order.billing).toMatchObject({ city: person.city, country: 'NL' });
    expect(order.salesChannel).toEqual({ id: house.sim.outletIds()[1], name: 'Magazijn' });
    expect(order.payments).toMatchObject([{ methodId: house.sim.paymentTypeId('iDEAL'), methodName: 'iDEAL', amountMinor: 2993 }]);
    expect(order.lines.map(({ kind, sku }) => [kind, sku])).toEqual([
      ['product', '1006'],
      ['shipping', 'verzendkosten'],
    ]);
    expect(order.note).toBe('Cadeau');
    expect(await house.session.read('order', [`#${sale.invoiceNumber}`, 'b0000000-0000-4000-a000-000000000000', '#nothing'])).toEqual([
      order,
      undefined,
      undefined,
    ]);
  });

  it('say what the customer paid in cash, with the small coins as a line of their own', async () => {
    const house = await openHouse();
    const sale = house.sim.sell({ lines: [{ code: '1006', unit: 1247 }], rounded: true });
    const order = await readOrder(house, sale.id);
    expect(order).toMatchObject({ totalMinor: 1245, paidMinor: 1245, paymentState: 'paid' });
    expect(order.lines.at(-1)).toMatchObject({ kind: 'rounding', grossMinor: -2, taxMinor: 0 });
  });

  it.each([
    ['SAVED', 'open', 'open'],
    ['ONACCOUNT', 'in-progress', 'open'],
    ['LAYBY', 'open', 'open'],
    ['AWAITING_DISPATCH', 'in-progress', 'paid'],
    ['AWAITING_PICKUP', 'in-progress', 'paid'],
    ['CLOSED', 'completed', 'paid'],
  ] as const)('in the state %s are %s and %s', async (status, state, paymentState) => {
    const house = await openHouse();
    const sale = house.sim.sell({ status, person });
    expect(await readOrder(house, sale.id)).toMatchObject({ state, paymentState });
    house.sim.cancel(sale.id);
    expect(await readOrder(house, sale.id)).toMatchObject({ state: 'cancelled', paymentState: 'cancelled' });
  });

  it('that are given back count as refunded, in the order that they belong to', async () => {
    const house = await openHouse();
    const other = house.sim.sell({});
    const sale = house.sim.sell({ lines: [{ code: '1005' }] });
    expect(await readOrder(house, sale.id)).toMatchObject({ paidMinor: 23900, refundedMinor: 0 });
    const [, last] = await changes(house.session, 'order');
    house.sim.refund(sale.id);
    expect((await changes(house.session, 'order', last?.cursor)).map(({ id }) => id)).toEqual([sale.id]);
    expect(await readOrder(house, sale.id)).toMatchObject({
      paidMinor: 0,
      refundedMinor: 23900,
      paymentState: 'refunded',
      deliveryState: 'returned',
    });
    expect(await readOrder(house, other.id)).toMatchObject({ refundedMinor: 0 });
    // Another process knows it, too.
    const [again] = await house.open().read('order', [sale.id]);
    expect(again).toMatchObject({ refundedMinor: 23900 });
  });

  it('are told oldest first from a version, an instant or the beginning, and none of ours', async () => {
    let ms = Date.parse('2026-06-01T08:00:00.000Z');
    const house = await openHouse({ now: () => new Date(ms) });
    const placed = Array.from({ length: 40 }, () => {
      ms += 3_600_000;
      return house.sim.sell({}).id;
    });
    const own = await carry(house.session, 'order', draftOf('order', shopOrder(), { settings: payment(house) }));
    const all = await changes(house.session, 'order');
    expect(all.map(({ id }) => id)).toEqual(placed);
    expect(all.map(({ id }) => id)).not.toContain(own.outcome.target.id);
    expect((await changes(house.session, 'order', all[9]?.cursor)).map(({ id }) => id)).toEqual(placed.slice(10));
    const half = new Date(Date.parse('2026-06-01T08:00:00.000Z') + 20.5 * 3_600_000).toISOString();
    expect((await changes(house.session, 'order', half)).map(({ id }) => id)).toEqual(placed.slice(20));
    const before = house.sim.requests.length;
    expect(await changes(house.session, 'order', all.at(-1)?.cursor)).toEqual([]);
    expect(house.sim.requests.length - before).toBeLessThanOrEqual(2);
    expect(failed(await changes(house.session, 'order', 'nonsense').catch((error: unknown) => error)).code).toBe('lightspeed.bad-cursor');
  });

  it('whose lines do not explain the total are not guessed at', async () => {
    const house = await openHouse();
    const sale = house.sim.sell({});
    const strange = { ...house.sim.sale(sale.id), total_price: 99 };
    house.sim.faults.add({ kind: 'status', status: 200, path: `/sales/${sale.id}`, body: JSON.stringify({ data: strange }) });
    const [result] = await house.session.read('order', [sale.id]);
    expect(failed(result)).toMatchObject({ remedy: 'fix-data', code: 'lightspeed.sale-unclear', params: { sale: sale.invoiceNumber } });
  });
});

describe('money', () => {
  it('of a line over its pieces adds up to net and tax exactly, in three parts at most', () => {
    const amount = fc.integer({ min: -10_000_000, max: 10_000_000 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), amount, amount, (quantity, netMinor, taxMinor) => {
        const parts = pieces({ quantity, netMinor, taxMinor });
        expect(sum(parts.map((part) => part.quantity))).toBe(quantity);
        expect(sum(parts.map((part) => part.quantity * part.priceMinor))).toBe(netMinor);
        expect(sum(parts.map((part) => part.quantity * part.taxMinor))).toBe(taxMinor);
        expect(parts.length).toBeLessThanOrEqual(3);
        expect(parts.every((part) => part.quantity > 0)).toBe(true);
      }),
    );
  });

  it('of many lines with five decimals adds up to the rounded total, each line within a cent', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }), { maxLength: 30 }), (exact) => {
        const minors = minorsOf(exact, 'EUR');
        expect(sum(minors)).toBe(
          minorOfExact(
            exact.reduce((total, one) => total + one, 0n),
            'EUR',
          ),
        );
        for (const [index, one] of exact.entries()) expect(Math.abs(Number(one) / 1e6 - (minors[index] ?? 0))).toBeLessThanOrEqual(1);
      }),
    );
  });
});
