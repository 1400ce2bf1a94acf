import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Order } from '../../connectors/commerce.ts';
import { Failure } from '../../connectors/failure.ts';
import { sum } from '../../connectors/money.ts';
import { productOf } from '../../ecwid-app/catalogue/read.ts';
import { Profile } from '../../ecwid-app/profile.ts';
import { customerOf, orderOf } from '../../ecwid-app/translate.ts';
import { createShop, type OrderWish, type SimOrder } from '../simulators/ecwid/shop.ts';
import { seededRandom } from '../simulators/shared/seeded-random.ts';

const profileOf = (currency = 'EUR', pricesIncludeTax?: boolean) =>
  Profile.parse({
    generalInfo: { storeId: 1003, storeUrl: 'https://shop.example.com' },
    settings: { storeName: 'Koffie & Co' },
    formatsAndUnits: { currency },
    taxSettings: { ...(pricesIncludeTax !== undefined && { pricesIncludeTax }), taxes: [] },
  });

const shopOf = (pricesIncludeTax: boolean, seed = 7) =>
  createShop({
    storeId: 1003,
    pricesIncludeTax,
    orderPrefix: '',
    random: seededRandom(seed),
    now: () => new Date('2026-03-01T10:00:00Z'),
    tell: () => {},
  });

const placed = (wish: OrderWish, pricesIncludeTax = true): SimOrder => shopOf(pricesIncludeTax).place(wish);
const translated = (order: unknown): Order => orderOf(JSON.parse(JSON.stringify(order)), profileOf());
const totalOf = (order: Order) => sum(order.lines.map((line) => line.grossMinor));
const linesOf = (order: Order, kind: string) => order.lines.filter((line) => line.kind === kind);

describe('the money of an Ecwid order', () => {
  it.each([true, false])('is explained to the cent by its lines, whatever is in the order (prices include VAT: %s)', (pricesIncludeTax) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 }), (seed) => {
        const wire = shopOf(pricesIncludeTax, seed).placeRandom();
        const order = translated(wire);
        expect(totalOf(order)).toBe(order.totalMinor);
        expect(order.totalMinor).toBe(Math.round(wire.total * 100));
        expect(order.paidMinor).toBe(order.totalMinor);
        expect(linesOf(order, 'rounding')).toEqual([]);
        const vat = sum(order.lines.map((line) => line.taxMinor));
        const surchargeVat = sum(wire.customSurcharges.map((one) => Math.round((one.total - one.totalWithoutTax) * 100)));
        expect(vat).toBe(Math.round(wire.tax * 100) + surchargeVat);
        const rates = new Set([0, ...wire.items.flatMap((item) => item.taxes.map((tax) => tax.value * 100)), 900, 2100]);
        for (const line of order.lines) expect(rates).toContain(line.taxRateBp);
      }),
      { numRuns: 400 },
    );
  });

  it('books the VAT on shipping with the shipping, not with the goods', () => {
    const order = translated(
      placed({ money: { items: [{ sku: '1006', name: 'Mug', quantity: 1, unit: 1210, rates: [2100] }], shipping: 605 } }),
    );
    expect(order.lines).toEqual([
      expect.objectContaining({ kind: 'product', sku: '1006', grossMinor: 1210, netMinor: 1000, taxMinor: 210, taxRateBp: 2100 }),
      expect.objectContaining({ kind: 'shipping', name: 'PostNL', grossMinor: 605, netMinor: 500, taxMinor: 105, taxRateBp: 2100 }),
    ]);
  });

  it('splits shipping over the rates of the goods', () => {
    const items = [
      { sku: '1001', name: 'Beans', quantity: 1, unit: 1000, rates: [900] },
      { sku: '1006', name: 'Mug', quantity: 1, unit: 1000, rates: [2100] },
    ];
    const order = translated(placed({ money: { items, shipping: 1000, pricesIncludeTax: false } }, false));
    expect(linesOf(order, 'shipping').map((line) => [line.taxRateBp, line.netMinor, line.taxMinor])).toEqual([
      [900, 500, 45],
      [2100, 500, 105],
    ]);
  });

  it('shows coupon and promotion as discount lines for each VAT rate', () => {
    const items = [
      { sku: '1001', name: 'Beans', quantity: 2, unit: 1000, rates: [900] },
      { sku: '1006', name: 'Mug', quantity: 1, unit: 2000, rates: [2100] },
    ];
    const order = translated(placed({ money: { items, shipping: 0, coupon: 400, discount: 360 } }));
    expect(linesOf(order, 'product').map((line) => line.grossMinor)).toEqual([2000, 2000]);
    expect(linesOf(order, 'discount').map((line) => [line.id, line.grossMinor, line.taxRateBp])).toEqual([
      ['coupon:900', -200, 900],
      ['discount:900', -180, 900],
      ['coupon:2100', -200, 2100],
      ['discount:2100', -180, 2100],
    ]);
    for (const line of linesOf(order, 'discount')) expect(line.taxMinor).toBeLessThanOrEqual(0);
  });

  it('takes a discount that no item mentions off all of them', () => {
    const wire = placed({ money: { coupon: 300, discount: 100, shipping: 0 } });
    const silent = { ...wire, items: wire.items.map((item) => ({ ...item, couponAmount: 0, discounts: [] })) };
    const order = translated(silent);
    expect(totalOf(order)).toBe(order.totalMinor);
    expect(sum(linesOf(order, 'discount').map((line) => line.grossMinor))).toBe(-400);
  });

  it('reads a discount that already includes the coupon', () => {
    const wire = placed({ money: { coupon: 300, discount: 100, shipping: 0 } });
    const order = translated({ ...wire, discount: 4 });
    expect(totalOf(order)).toBe(order.totalMinor);
    expect(linesOf(order, 'rounding')).toEqual([]);
  });

  it('keeps tips, fees and handling as surcharges and a gift card as its own line', () => {
    const wire = placed({
      money: {
        handling: 150,
        giftCard: 1000,
        surcharges: [
          { id: 'tips', name: 'Tip', amount: 200, rate: 0 },
          { id: 'fee', name: 'Payment fee', amount: 121, rate: 2100 },
        ],
      },
    });
    const order = translated(wire);
    expect(linesOf(order, 'surcharge').map((line) => line.name)).toEqual(expect.arrayContaining(['Packing', 'Tip', 'Payment fee']));
    expect(order.lines.find((line) => line.id === 'surcharge:fee')).toMatchObject({
      grossMinor: 121,
      netMinor: 100,
      taxMinor: 21,
      taxRateBp: 2100,
    });
    expect(linesOf(order, 'gift-card')).toMatchObject([{ grossMinor: -1000, taxMinor: 0 }]);
    expect(totalOf(order)).toBe(order.totalMinor);
  });

  it('posts a difference of up to five cents as rounding and leaves a larger one visible', () => {
    const wire = placed({});
    const near = translated({ ...wire, total: Math.round((wire.total + 0.05) * 100) / 100 });
    expect(linesOf(near, 'rounding')).toMatchObject([{ grossMinor: 5, taxRateBp: 0 }]);
    const far = translated({ ...wire, total: Math.round((wire.total + 0.06) * 100) / 100 });
    expect(linesOf(far, 'rounding')).toEqual([]);
    expect(far.totalMinor - totalOf(far)).toBe(6);
  });

  it('charges no VAT in reverse charge, also where the price still holds it', () => {
    const wire = placed({ business: true });
    expect(translated(wire)).toMatchObject({
      prices: 'tax-free',
      customer: { company: 'Koffiehuis Peeters BV', vatIds: ['BE0411905847'] },
    });
    const items = [
      {
        ...wire.items[0],
        price: 12.1,
        priceWithoutTax: 10,
        quantity: 1,
        tax: 0,
        taxes: [{ name: 'VAT', value: 21, total: 0, taxOnDiscountedSubtotal: 0, taxOnShipping: 0 }],
      },
    ];
    const order = translated({ ...wire, items, subtotal: 10, total: 14.95, tax: 0 });
    expect(totalOf(order)).toBe(1495);
    expect(order.lines.every((line) => line.taxRateBp === 0 && line.taxMinor === 0)).toBe(true);
  });

  it('multiplies prices with more digits than the currency before it rounds', () => {
    const wire = placed({ money: { items: [{ sku: '1010', name: 'Sleeve', quantity: 8, unit: 0, rates: [0] }], shipping: 0 } });
    const order = translated({ ...wire, total: 1, items: wire.items.map((item) => ({ ...item, price: 0.125 })) });
    expect(order.lines.map((line) => line.grossMinor)).toEqual([100]);
  });

  it('counts in the units of the currency', () => {
    const wire = placed({ money: { items: [{ sku: '1006', name: 'Mug', quantity: 1, unit: 0, rates: [0] }], shipping: 0 } });
    const order = orderOf(
      { ...JSON.parse(JSON.stringify(wire)), total: 1200, items: [{ ...wire.items[0], price: 1200 }] },
      profileOf('JPY'),
    );
    expect(order).toMatchObject({ currency: 'JPY', totalMinor: 1200, lines: [{ grossMinor: 1200 }] });
  });
});

describe('the state of an Ecwid order', () => {
  const inState = (fields: object) => translated({ ...placed({}), ...fields });

  it('is paid only when it says so', () => {
    const total = translated(placed({})).totalMinor;
    expect(inState({ paymentStatus: 'PAID' })).toMatchObject({ paymentState: 'paid', paidMinor: total });
    for (const paymentStatus of ['AWAITING_PAYMENT', 'INCOMPLETE', 'CUSTOM_PAYMENT_STATUS_1', 'SOMETHING_NEW']) {
      expect(inState({ paymentStatus })).toMatchObject({ paymentState: 'open', paidMinor: 0, totalMinor: total });
    }
  });

  it('shows refunds and never recomputes the total', () => {
    const total = translated(placed({})).totalMinor;
    expect(inState({ paymentStatus: 'PARTIALLY_REFUNDED', refundedAmount: 3.5 })).toMatchObject({
      paymentState: 'partially-refunded',
      totalMinor: total,
      paidMinor: total - 350,
      refundedMinor: 350,
    });
    expect(inState({ paymentStatus: 'REFUNDED' })).toMatchObject({ paymentState: 'refunded', paidMinor: 0, refundedMinor: total });
    expect(inState({ paymentStatus: 'CANCELLED' })).toMatchObject({ state: 'cancelled', paymentState: 'cancelled', paidMinor: 0 });
  });

  it('has no delivery address when it is picked up', () => {
    const order = translated({ ...placed({ pickup: true }), shippingPerson: placed({}).shippingPerson });
    expect(order.shipping).toBeUndefined();
    expect(order.shippingMethod).toEqual({ id: '6589-2', name: 'Pick up in the shop' });
    expect(linesOf(order, 'shipping')).toEqual([]);
  });

  it('falls back from billing to shipping to the e-mail', () => {
    const wire = placed({});
    expect(translated({ ...wire, billingPerson: undefined }).billing?.street).toBe(wire.shippingPerson?.street.split('\n')[0]);
    const bare = translated({ ...wire, billingPerson: undefined, shippingPerson: undefined });
    expect(bare.billing).toBeUndefined();
    expect(bare.customer?.email).toBe(wire.email);
  });

  it('splits names and streets as the store writes them', () => {
    const person = { name: 'Jan de Wit', street: 'Oude Gracht 220\nachterom', city: 'Utrecht', countryCode: 'nl', postalCode: '3511 NT' };
    expect(translated({ ...placed({}), billingPerson: person }).billing).toMatchObject({
      firstName: 'Jan',
      lastName: 'de Wit',
      street: 'Oude Gracht 220',
      additional: ['achterom'],
      country: 'NL',
    });
    expect(translated({ ...placed({}), billingPerson: { ...person, name: 'Pieter' } }).billing).toMatchObject({
      firstName: '',
      lastName: 'Pieter',
    });
  });

  it('is a failure that names the order when it cannot be read', () => {
    const wire = placed({});
    const attempt = (fields: object) => () => translated({ ...wire, ...fields });
    for (const broken of [
      { total: 'much' },
      { items: [{ quantity: 1.5 }] },
      { id: 12 },
      { createTimestamp: undefined, createDate: 'yesterday' },
    ]) {
      expect(attempt(broken)).toThrow(Failure);
      expect(attempt(broken)).toThrow(expect.objectContaining({ remedy: 'fix-data', code: 'shop.record-unreadable' }));
    }
  });
});

describe('products and customers', () => {
  const mug = {
    id: 5,
    sku: '1006',
    name: 'Mug',
    enabled: true,
    combinations: [
      { id: 7, sku: '1006-W', options: [{ name: 'Colour', value: 'White' }] },
      { id: 8, options: [{ name: 'Colour', value: 'Blue' }] },
    ],
  };

  it('finds a combination by its own SKU, and lets one without SKU have the product’s', () => {
    expect(productOf(mug, { sku: '1006-W' })).toMatchObject({ id: '5-7', sku: '1006-W', name: 'Mug (White)' });
    expect(productOf(mug, { combinationId: '8' })).toMatchObject({ id: '5-8', sku: '1006' });
    expect(productOf(mug, { sku: '1006' })).toMatchObject({ id: '5', sku: '1006', name: 'Mug' });
    expect(productOf(mug, { sku: '999' })).toBeUndefined();
    expect(productOf(mug, { combinationId: '99' })).toBeUndefined();
  });

  it('reads a customer without address', () => {
    expect(customerOf({ id: 12, email: 'a@example.com', name: 'Support team', updated: '2024-06-04 21:15:10 +0000' })).toMatchObject({
      id: '12',
      firstName: 'Support',
      lastName: 'team',
      guest: false,
      updatedAt: '2024-06-04T21:15:10.000Z',
    });
  });
});

const examples = resolve(import.meta.dirname, '../../../shared/contracts/data/ecwid/examples');
describe.runIf(existsSync(examples))('the published examples', () => {
  const example = (name: string) => JSON.parse(readFileSync(resolve(examples, name), 'utf8')) as Record<string, unknown>;

  it('explains the worked example with coupon, discount, handling fee, two taxes and a refund', () => {
    const legacy = { ...example('legacy2020__order-with-coupon-discount-refund.json'), id: 'lala1028001' };
    const order = orderOf(legacy, profileOf('USD'));
    expect(totalOf(order)).toBe(201497);
    expect(order).toMatchObject({
      totalMinor: 201497,
      refundedMinor: 350,
      paidMinor: 201147,
      paymentState: 'partially-refunded',
      prices: 'net',
    });
    expect(sum(order.lines.map((line) => line.taxMinor))).toBe(48848);
    expect(sum(linesOf(order, 'discount').map((line) => line.netMinor))).toBe(-2600);
    expect(linesOf(order, 'shipping')).toMatchObject([{ netMinor: 47185, taxRateBp: 3200 }]);
    expect(linesOf(order, 'surcharge')).toMatchObject([{ name: 'Handling Fee', netMinor: 400, taxRateBp: 3200 }]);
    expect(linesOf(order, 'rounding')).toEqual([]);
  });

  it('explains the current example of one order', () => {
    const order = orderOf(example('orders__get-order.response.json'), profileOf());
    expect(order).toMatchObject({ number: 'K8XTQ', prices: 'gross', totalMinor: 1000, paidMinor: 1000, state: 'completed' });
    expect(order.lines).toMatchObject([{ sku: '123123', grossMinor: 1000, netMinor: 909, taxMinor: 91, taxRateBp: 1000 }]);
  });

  it('reads the published customer, product and profile', () => {
    expect(customerOf(example('customers__get-customer.response.json'))).toMatchObject({ id: '177737165' });
    expect(productOf(example('products__get-product.response.json'))?.sku).not.toBe('');
    expect(Profile.parse(example('store-profile__get-store-profile.response.json')).formatsAndUnits.currency).toBe('EUR');
  });
});
