import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { taxInGross, taxOnNet } from '../../connectors/money.ts';
import { sharesOf } from '../../shopware-app/lines.ts';
import { amounts, delivery, line, order, price, promotion, tax, total } from './shopware-order-rows.ts';

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
