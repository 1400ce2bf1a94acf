import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Order } from '../../connectors/commerce.ts';
import { taxInGross, taxOnNet } from '../../connectors/money.ts';
import { sharesOf } from '../../shopware-app/lines.ts';
import { CustomerRow, OrderRow } from '../../shopware-app/rows.ts';
import { customerOf, orderOf } from '../../shopware-app/translate.ts';

const sample = new URL('../../../shared/contracts/data/shopware/samples/order-search.pruned-real.json', import.meta.url);

type Fields = Readonly<Record<string, unknown>>;
const tax = (price: number, rate: number, amount: number) => ({ tax: amount, taxRate: rate, price, apiAlias: 'cart_tax_calculated' });
const price = (totalPrice: number, calculatedTaxes: unknown) => ({
  unitPrice: totalPrice,
  quantity: 1,
  totalPrice,
  calculatedTaxes,
  taxRules: [],
});
const inState = (technicalName: string) => ({ technicalName });

function line(fields: Fields & { id: string; totalPrice: number; taxes?: unknown }) {
  const { taxes, ...rest } = fields;
  return {
    type: 'product',
    label: `Article ${fields.id}`,
    quantity: 1,
    position: 1,
    payload: { productNumber: `SW-${fields.id}` },
    price: price(fields.totalPrice, taxes ?? []),
    ...rest,
  };
}
const promotion = (id: string, totalPrice: number, taxes: unknown) => ({
  ...line({ id, totalPrice, taxes }),
  type: 'promotion',
  label: 'Ten off',
  payload: { code: 'TEN' },
});
function transaction(id: string, state: string, fields: Fields = {}) {
  return {
    id,
    createdAt: '2026-11-22T02:32:41.000+00:00',
    updatedAt: null,
    paymentMethodId: 'method1',
    paymentMethod: { id: 'method1', name: 'PayPal', translated: { name: 'PayPal' } },
    amount: price(10, []),
    stateMachineState: inState(state),
    ...fields,
  };
}
function delivery(id: string, costs: unknown, fields: Fields = {}) {
  return {
    id,
    createdAt: '2026-11-22T02:32:41.000+00:00',
    shippingCosts: costs,
    shippingMethod: { id: 'ship1', name: null, translated: { name: 'Parcel' } },
    stateMachineState: inState('open'),
    ...fields,
  };
}
function order(fields: Fields = {}): Order {
  return orderOf(
    OrderRow.parse({
      id: 'order1',
      orderNumber: '10023',
      createdAt: '2026-11-22T02:32:41.339+00:00',
      orderDateTime: '2026-11-22T02:32:41.327+00:00',
      updatedAt: null,
      amountTotal: 0,
      price: { totalPrice: 0, taxStatus: 'gross' },
      taxStatus: 'gross',
      currency: { isoCode: 'EUR' },
      language: { locale: { code: 'nl-NL' } },
      salesChannelId: 'channel1',
      salesChannel: { id: 'channel1', name: 'Storefront', translated: [] },
      stateMachineState: inState('open'),
      lineItems: [],
      deliveries: [],
      transactions: [],
      ...fields,
    }),
  );
}
const amounts = ({ lines }: Order) =>
  lines.map(({ kind, grossMinor, netMinor, taxMinor, taxRateBp }) => [kind, grossMinor, netMinor, taxMinor, taxRateBp]);
const total = ({ lines }: Order) => lines.reduce((sum, { grossMinor }) => sum + grossMinor, 0);

describe('the lines of an order', () => {
  it('show gross prices with the VAT inside', () => {
    const translated = order({
      amountTotal: 103.95,
      lineItems: [line({ id: 'a', totalPrice: 99, quantity: 2, taxes: [tax(99, 19, 15.81)] })],
      deliveries: [delivery('d', price(4.95, [tax(4.95, 19, 0.79)]))],
    });
    expect(amounts(translated)).toEqual([
      ['product', 9900, 8319, 1581, 1900],
      ['shipping', 495, 416, 79, 1900],
    ]);
    expect(translated.lines[0]).toMatchObject({ sku: 'SW-a', quantity: 2, name: 'Article a' });
    expect(translated.lines[1]?.name).toBe('Parcel');
    expect(translated.totalMinor).toBe(10395);
  });

  it('add the VAT on top in a net order, where the tax base is net', () => {
    expect(
      amounts(order({ taxStatus: 'net', amountTotal: 119, lineItems: [line({ id: 'a', totalPrice: 100, taxes: [tax(100, 19, 19)] })] })),
    ).toEqual([['product', 11900, 10000, 1900, 1900]]);
  });

  it('carry no VAT in a tax-free order, whatever the article says', () => {
    const translated = order({
      taxStatus: 'tax-free',
      amountTotal: 100,
      lineItems: [line({ id: 'a', totalPrice: 100, taxes: [tax(100, 19, 19)] })],
    });
    expect(translated.prices).toBe('tax-free');
    expect(amounts(translated)).toEqual([['product', 10000, 10000, 0, 0]]);
  });

  it('split a promotion and shipping by their VAT rates', () => {
    const translated = order({
      amountTotal: 28.71,
      lineItems: [
        line({ id: 'a', totalPrice: 20, taxes: [tax(20, 21, 3.47)] }),
        line({ id: 'b', totalPrice: 11.9, position: 2, taxes: [tax(11.9, 9, 0.98)] }),
        { ...promotion('p', -3.19, [tax(-2, 21, -0.35), tax(-1.19, 9, -0.1)]), position: 3 },
      ],
      deliveries: [delivery('d', price(0, [tax(0, 21, 0)]))],
    });
    expect(amounts(translated)).toEqual([
      ['product', 2000, 1653, 347, 2100],
      ['product', 1190, 1092, 98, 900],
      ['discount', -200, -165, -35, 2100],
      ['discount', -119, -109, -10, 900],
    ]);
    expect(total(translated)).toBe(translated.totalMinor);
    expect(new Set(translated.lines.map(({ id }) => id)).size).toBe(4);
  });

  it('keep the article once when one article is taxed at two rates', () => {
    const translated = order({
      amountTotal: 10,
      lineItems: [line({ id: 'a', totalPrice: 10, quantity: 3, taxes: [tax(7, 21, 1.21), tax(3, 9, 0.25)] })],
    });
    expect(translated.lines.map(({ kind, sku, quantity, grossMinor }) => [kind, sku, quantity, grossMinor])).toEqual([
      ['product', 'SW-a', 3, 700],
      ['surcharge', undefined, 1, 300],
    ]);
  });

  it('take the number of the article from the product where the line has none', () => {
    expect(
      order({ amountTotal: 1, lineItems: [line({ id: 'a', totalPrice: 1, payload: [], product: { productNumber: 'P1' } })] }).lines[0]?.sku,
    ).toBe('P1');
  });

  it('count the children of a container, not the container too', () => {
    const translated = order({
      amountTotal: 30,
      lineItems: [
        line({ id: 'box', type: 'container', totalPrice: 30, payload: null }),
        line({ id: 'a', parentId: 'box', totalPrice: 10, taxes: [tax(10, 21, 1.74)] }),
        line({ id: 'b', parentId: 'box', totalPrice: 20, taxes: [tax(20, 9, 1.65)] }),
      ],
    });
    expect(translated.lines.map(({ id, grossMinor }) => [id, grossMinor])).toEqual([
      ['a', 1000],
      ['b', 2000],
    ]);
  });

  it('charge a bundle by its own price, with its free parts beside it for the stock', () => {
    const translated = order({
      amountTotal: 30,
      lineItems: [line({ id: 'bundle', totalPrice: 30 }), line({ id: 'a', parentId: 'bundle', totalPrice: 0 })],
    });
    expect(translated.lines.map(({ id, grossMinor }) => [id, grossMinor])).toEqual([
      ['bundle', 3000],
      ['a', 0],
    ]);
  });

  it('name surcharges, credits and gift cards by what they are', () => {
    const translated = order({
      amountTotal: 12,
      lineItems: [
        line({ id: 'c', type: 'custom', totalPrice: 5, payload: null }),
        line({ id: 'd', type: 'credit', totalPrice: -3, payload: null }),
        line({ id: 'g', type: 'swag-gift-card', totalPrice: 10, payload: null }),
      ],
    });
    expect(translated.lines.map(({ kind }) => kind)).toEqual(['surcharge', 'discount', 'gift-card']);
  });

  it('ship every delivery, also the one that takes shipping back', () => {
    const translated = order({
      amountTotal: 2,
      deliveries: [delivery('d1', price(4.95, [tax(4.95, 21, 0.86)])), delivery('d2', price(-2.95, [tax(-2.95, 21, -0.51)]))],
    });
    expect(translated.lines.map(({ kind, grossMinor }) => [kind, grossMinor])).toEqual([
      ['shipping', 495],
      ['shipping', -295],
    ]);
  });

  it('round the whole order in a line of its own, up to five cents', () => {
    const rounded = order({ amountTotal: 10.05, lineItems: [line({ id: 'a', totalPrice: 10.03, taxes: [tax(10.03, 0, 0)] })] });
    expect(amounts(rounded)[1]).toEqual(['rounding', 2, 2, 0, 0]);
    expect(total(order({ amountTotal: 10.05, lineItems: [line({ id: 'a', totalPrice: 10 })] }))).toBe(1005);
  });

  it('leave a larger difference for everybody to see', () => {
    const odd = order({ amountTotal: 10.06, lineItems: [line({ id: 'a', totalPrice: 10 })] });
    expect([total(odd), odd.totalMinor]).toEqual([1000, 1006]);
  });

  it('read a list of taxes that PHP printed as an object', () => {
    expect(amounts(order({ amountTotal: 10, lineItems: [line({ id: 'a', totalPrice: 10, taxes: { '1': tax(10, 9, 0.83) } })] }))).toEqual([
      ['product', 1000, 917, 83, 900],
    ]);
  });
});

describe('lines always tie', () => {
  const rate = fc.constantFrom(0, 5.5, 7, 9, 19, 21, 25.5);
  const cents = fc.integer({ min: -500_000, max: 500_000 });
  const parts = fc.uniqueArray(fc.record({ rate, cents }), { minLength: 1, maxLength: 4, selector: (part) => part.rate });

  it('gross = net + tax, and the parts of a price add up to it, gross or net', () => {
    fc.assert(
      fc.property(
        parts,
        fc.constantFrom('gross' as const, 'net' as const),
        fc.integer({ min: -40, max: 40 }),
        (split, prices, offCents) => {
          const shown = split.reduce((sum, part) => sum + part.cents, 0) + offCents;
          const taxes = split.map((part) => {
            const bp = Math.round(part.rate * 100);
            return tax(part.cents / 100, part.rate, (prices === 'gross' ? taxInGross(part.cents, bp) : taxOnNet(part.cents, bp)) / 100);
          });
          const shares = sharesOf({ totalPrice: shown / 100, calculatedTaxes: taxes }, { currency: 'EUR', prices });
          for (const share of shares) expect(share.grossMinor).toBe(share.netMinor + share.taxMinor);
          expect(shares.reduce((sum, share) => sum + (prices === 'gross' ? share.grossMinor : share.netMinor), 0)).toBe(shown);
          expect(new Set(shares.map(({ taxRateBp }) => taxRateBp)).size).toBe(shares.length);
        },
      ),
    );
  });

  it('a whole order of any articles, promotions and shipping explains its total to the cent', () => {
    const item = fc.record({ cents: fc.integer({ min: 0, max: 100_000 }), rate });
    fc.assert(
      fc.property(
        fc.array(item, { minLength: 1, maxLength: 6 }),
        item,
        fc.constantFrom('gross' as const, 'net' as const),
        (items, shipping, prices) => {
          const taxed = ({ cents: amount, rate: percent }: { cents: number; rate: number }, sign = 1) => {
            const bp = Math.round(percent * 100);
            return price((sign * amount) / 100, [
              tax((sign * amount) / 100, percent, (sign * (prices === 'gross' ? taxInGross(amount, bp) : taxOnNet(amount, bp))) / 100),
            ]);
          };
          const gross = ({ cents: amount, rate: percent }: { cents: number; rate: number }) =>
            prices === 'gross' ? amount : amount + taxOnNet(amount, Math.round(percent * 100));
          const sum = items.reduce((all, one) => all + gross(one), 0) + gross(shipping);
          const translated = order({
            taxStatus: prices,
            amountTotal: sum / 100,
            lineItems: items.map((one, index) => ({
              ...line({ id: `i${index}`, totalPrice: one.cents / 100 }),
              price: taxed(one),
              position: index,
            })),
            deliveries: [delivery('d', taxed(shipping))],
          });
          expect(total(translated)).toBe(sum);
          expect(translated.lines.every(({ kind }) => kind !== 'rounding')).toBe(true);
        },
      ),
    );
  });
});

describe('the payment of an order', () => {
  const newer = { createdAt: '2026-11-22T03:00:00.000+00:00' };
  it.each([
    ['open', 'open', 0, 0],
    ['in_progress', 'open', 0, 0],
    ['unconfirmed', 'open', 0, 0],
    ['reminded', 'open', 0, 0],
    ['authorized', 'authorized', 0, 0],
    ['paid', 'paid', 1000, 0],
    ['paid_partially', 'partially-paid', 0, 0],
    ['refunded_partially', 'partially-refunded', 1000, 0],
    ['refunded', 'refunded', 0, 1000],
    ['chargeback', 'refunded', 0, 1000],
    ['failed', 'failed', 0, 0],
    ['cancelled', 'cancelled', 0, 0],
  ])('in the state %s is %s', (state, paymentState, paidMinor, refundedMinor) => {
    expect(order({ amountTotal: 10, transactions: [transaction('t', state)] })).toMatchObject({ paymentState, paidMinor, refundedMinor });
  });

  it('follows the newest attempt that neither failed nor was cancelled', () => {
    expect(order({ transactions: [transaction('t1', 'paid'), transaction('t2', 'failed', newer)] })).toMatchObject({
      paymentState: 'paid',
      paidMinor: 1000,
    });
    expect(order({ transactions: [transaction('t1', 'cancelled'), transaction('t2', 'open', newer)] }).paymentState).toBe('open');
    expect(order({ transactions: [transaction('t1', 'cancelled'), transaction('t2', 'failed', newer)] }).paymentState).toBe('failed');
  });

  it('follows the primary transaction of 6.7', () => {
    expect(
      order({ primaryOrderTransactionId: 't1', transactions: [transaction('t1', 'authorized'), transaction('t2', 'open', newer)] })
        .paymentState,
    ).toBe('authorized');
  });

  it('is settled when there is nothing to pay', () => {
    expect([order().paymentState, order({ amountTotal: 5 }).paymentState]).toEqual(['paid', 'open']);
  });

  it('names the method that the merchant maps', () => {
    expect(order({ transactions: [transaction('t', 'paid')] }).payments).toEqual([
      { id: 't', methodId: 'method1', methodName: 'PayPal', amountMinor: 1000, state: 'paid', at: '2026-11-22T02:32:41.000Z' },
    ]);
  });

  it('parks an order in a state that Shopware does not have', () => {
    expect(() => order({ transactions: [transaction('t', 'klarna_special')] })).toThrow(
      expect.objectContaining({ remedy: 'fix-data', code: 'shopware.unknown-state', params: { order: '10023', state: 'klarna_special' } }),
    );
  });
});

describe('who bought and where it goes', () => {
  const address = (fields: Fields = {}) => ({
    firstName: 'Piet',
    lastName: 'de Vries',
    street: 'Dam 1',
    zipcode: '1012JS',
    city: 'Amsterdam',
    country: { iso: 'nl' },
    ...fields,
  });
  const person = {
    customerId: 'c1',
    customerNumber: '1337',
    email: 'piet@example.test',
    firstName: 'Piet',
    lastName: 'de Vries',
    company: null,
    vatIds: ['NL1'],
    customer: { guest: false, updatedAt: null, group: { name: null, translated: { name: 'Trade' } } },
  };

  it('keeps company, department, VAT numbers, phone and both addresses', () => {
    const translated = order({
      orderCustomer: person,
      billingAddress: address({
        company: 'Vries BV',
        department: 'Purchasing',
        phoneNumber: '+31 20',
        additionalAddressLine1: 'Floor 2',
        additionalAddressLine2: ' ',
      }),
      deliveries: [
        delivery('d', price(0, []), {
          shippingOrderAddress: address({ street: 'Kade 2', countryState: { name: 'Holland' } }),
          stateMachineState: inState('shipped_partially'),
        }),
      ],
      stateMachineState: inState('in_progress'),
      customerComment: 'Ring twice',
    });
    expect(translated.customer).toMatchObject({
      id: 'c1',
      number: '1337',
      company: 'Vries BV',
      vatIds: ['NL1'],
      phone: '+31 20',
      group: 'Trade',
      guest: false,
      language: 'nl-NL',
    });
    expect(translated.billing).toMatchObject({ department: 'Purchasing', additional: ['Floor 2'], country: 'NL', postalCode: '1012JS' });
    expect(translated.shipping).toMatchObject({ street: 'Kade 2', state: 'Holland' });
    expect(translated).toMatchObject({
      deliveryState: 'partially-shipped',
      state: 'in-progress',
      note: 'Ring twice',
      shippingMethod: { id: 'ship1', name: 'Parcel' },
      salesChannel: { id: 'channel1', name: 'Storefront' },
    });
  });

  it('knows a customer whose record is gone as a guest', () => {
    const translated = order({ orderCustomer: { ...person, customerId: null, customer: null } });
    expect(translated.customer).toMatchObject({ guest: true, email: 'piet@example.test' });
    expect(translated.customer).not.toHaveProperty('id');
  });

  it('reads a customer record', () => {
    const row = CustomerRow.parse({
      id: 'c1',
      customerNumber: '1337',
      email: 'a@b.c',
      firstName: 'Ann',
      lastName: 'Smit',
      company: 'Smit BV',
      vatIds: null,
      guest: false,
      updatedAt: null,
      createdAt: '2026-11-22T02:32:41.339+00:00',
      group: null,
      defaultBillingAddress: address({ vatId: 'NL9' }),
    });
    expect(customerOf(row)).toMatchObject({
      id: 'c1',
      company: 'Smit BV',
      vatIds: ['NL9'],
      updatedAt: '2026-11-22T02:32:41.339Z',
      billing: { country: 'NL' },
    });
  });
});

describe.runIf(existsSync(sample))('an order as a real shop returned it', () => {
  it('becomes a sound canonical order', () => {
    const { data } = JSON.parse(readFileSync(sample, 'utf8')) as { data: unknown[] };
    const translated = orderOf(OrderRow.parse(data[0]));
    expect(Order.parse(translated)).toEqual(translated);
    expect(translated).toMatchObject({
      number: '10077',
      totalMinor: 39501,
      paymentState: 'open',
      paidMinor: 0,
      billing: { city: 'Berlin', country: 'GP' },
      shipping: { city: 'Schöppingen', country: 'SR' },
    });
    expect(translated.lines).toHaveLength(1);
    expect(translated.lines[0]).toMatchObject({ kind: 'product', sku: 'f3b92a7a618544308094cb4713b3ed84', grossMinor: 39501 });
  });
});
