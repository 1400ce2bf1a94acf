import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../connectors/failure.ts';
import { sum, taxOnNet } from '../../connectors/money.ts';
import { Article } from '../../connectors/mpluskassa/catalogue-answers.ts';
import { momentOf, wallClock } from '../../connectors/mpluskassa/clock.ts';
import { buildLines, type LineContext, priced, tillTotal } from '../../connectors/mpluskassa/lines.ts';
import { paymentsOf, remaining } from '../../connectors/mpluskassa/payments.ts';
import { relationOf } from '../../connectors/mpluskassa/translate.ts';
import { chooseVatCode, type VatCode, vatCodesOf, vatMethodOf } from '../../connectors/mpluskassa/vat.ts';
import { fieldsOf, line, shopOrder } from './mpluskassa-house.ts';

const codes: readonly VatCode[] = [
  { code: 1, rateBp: 2100, country: 'NLD' },
  { code: 2, rateBp: 900, country: 'NLD' },
  { code: 3, rateBp: 0, country: 'NLD' },
];
const article = (articleNumber: number, vatCode: number | undefined = 1): Article =>
  Article.parse({ articleNumber, active: true, description: 'Artikel', vatCode });
const articles = new Map([1006, 9001, 9002, 9003, 9004].map((number) => [number, article(number)] as const)).set(9005, article(9005, 3));
const context: LineContext = { articles, codes, vatMethod: 'VAT-METHOD-INCLUSIVE' };

function failureOfBuilding(build: () => unknown): Failure {
  try {
    build();
  } catch (error) {
    if (error instanceof Failure) return error;
  }
  throw new Error('expected a Failure');
}

describe('every cent of an order is in the till', () => {
  it('pieces times price always give the amount, whatever the amount and the number of pieces', () => {
    fc.assert(
      fc.property(fc.integer({ min: -10_000_000, max: 10_000_000 }), fc.integer({ min: 1, max: 5_000 }), (amount, quantity) => {
        const parts = priced(amount, quantity);
        expect(sum(parts.map((part) => part.quantity * part.priceMinor))).toBe(amount === 0 ? 0 : amount);
        expect(sum(parts.map((part) => part.quantity))).toBe(quantity);
        expect(parts.length).toBeLessThanOrEqual(2);
      }),
    );
  });

  it('three for a euro are two at 33 and one at 34 cents', () => {
    expect(priced(100, 3)).toEqual([
      { quantity: 2, priceMinor: 33 },
      { quantity: 1, priceMinor: 34 },
    ]);
    expect(priced(-100, 3)).toEqual([
      { quantity: 2, priceMinor: -33 },
      { quantity: 1, priceMinor: -34 },
    ]);
  });

  const anyLine = fc.record({
    kind: fc.constantFrom('product' as const, 'shipping' as const, 'surcharge' as const),
    netMinor: fc.integer({ min: 0, max: 100_000 }),
    taxRateBp: fc.constantFrom(0, 900, 2100),
    quantity: fc.integer({ min: 1, max: 40 }),
  });

  it('an order of a gross or a net shop comes to what was paid', () => {
    fc.assert(
      fc.property(
        fc.array(anyLine, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: -5, max: 5 }),
        fc.constantFrom('gross' as const, 'net' as const),
        (raw, cents, prices) => {
          const lines = raw.map((one) => {
            const taxMinor = taxOnNet(one.netMinor, one.taxRateBp);
            return line({ ...one, taxMinor, grossMinor: one.netMinor + taxMinor });
          });
          const paid = sum(lines.map(({ grossMinor }) => grossMinor)) + cents;
          fc.pre(paid > 0);
          const built = buildLines(fieldsOf(shopOrder({ lines, prices, totalMinor: paid })), context);
          expect(sum(built.lines.map((one) => one.quantity * one.priceMinor))).toBe(paid);
          expect(built.roundingMinor === 0 ? 0 : built.roundingMinor).toBe(cents === 0 ? 0 : cents);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('with VAT added, the till’s total per VAT code is foreseen and the order comes to what was paid or is parked', () => {
    fc.assert(
      fc.property(fc.array(anyLine, { minLength: 1, maxLength: 6 }), (raw) => {
        const lines = raw.map((one) => {
          const taxMinor = taxOnNet(one.netMinor, one.taxRateBp);
          return line({ ...one, taxMinor, grossMinor: one.netMinor + taxMinor });
        });
        fc.pre(lines.some(({ grossMinor }) => grossMinor > 0));
        const order = shopOrder({ lines, prices: 'net' });
        const built = buildLines(fieldsOf(order), { ...context, vatMethod: 'VAT-METHOD-EXCLUSIVE' });
        expect(tillTotal(built.lines, 'VAT-METHOD-EXCLUSIVE')).toBe(order.paidMinor);
      }),
      { numRuns: 200 },
    );
  });

  it('parks an order whose lines do not explain the payment, with the difference in cents', () => {
    const failure = failureOfBuilding(() =>
      buildLines(fieldsOf(shopOrder({ lines: [line({ grossMinor: 1000 })], totalMinor: 1006 })), context),
    );
    expect(failure).toMatchObject({
      remedy: 'fix-data',
      code: 'till.amount-mismatch',
      params: { difference: 6, expected: 1006, lines: 1000 },
    });
  });

  it('never rounds silently: without an article for rounding one cent parks the order', () => {
    const fields = fieldsOf(shopOrder({ lines: [line({ grossMinor: 1000 })], totalMinor: 1001 }), { values: { roundingArticle: '' } });
    expect(failureOfBuilding(() => buildLines(fields, context))).toMatchObject({ code: 'till.amount-mismatch', params: { difference: 1 } });
  });

  it('a discount and a gift card are lines of their own with their articles', () => {
    const lines = [
      line({ grossMinor: 5000 }),
      line({ kind: 'discount', grossMinor: -500, name: 'WELKOM' }),
      line({ kind: 'gift-card', grossMinor: -1000, taxRateBp: 0, name: 'Cadeaubon' }),
    ];
    const built = buildLines(fieldsOf(shopOrder({ lines })), context);
    expect(built.lines.map((one) => [one.articleNumber, one.priceMinor, one.vatCode])).toEqual([
      [1006, 5000, 1],
      [9002, -500, 1],
      [9004, -1000, 3],
    ]);
  });

  it('names the kind of line that has no article', () => {
    const fields = fieldsOf(shopOrder({ lines: [line({ grossMinor: 5000 }), line({ kind: 'shipping', grossMinor: 495 })] }), {
      values: { shippingArticle: '' },
    });
    expect(failureOfBuilding(() => buildLines(fields, context))).toMatchObject({
      code: 'till.article-not-set',
      params: { kind: 'shipping', setting: 'shippingArticle' },
    });
  });

  it.each([
    ['ABC-1', 'till.article-not-numeric'],
    ['4711', 'till.article-missing'],
  ])('parks SKU %s naming it', (sku, code) => {
    const failure = failureOfBuilding(() => buildLines(fieldsOf(shopOrder({ lines: [line({ grossMinor: 100, sku })] })), context));
    expect(failure).toMatchObject({ remedy: 'fix-data', code, params: { sku } });
  });
});

describe('choosing the VAT code', () => {
  const from = { codes: [...codes, { code: 7, rateBp: 900, country: 'NLD' }, { code: 11, rateBp: 1900, country: 'DEU' }], country: 'NL' };
  const choose = (taxRateBp: number, own: number | undefined, vatCode?: number) =>
    chooseVatCode({ taxRateBp, vatCode, text: '' }, article(1, own), from);

  it('the merchant’s table wins, then the article’s own code, then the only code with the rate', () => {
    expect(choose(2100, 1, 3)).toEqual({ code: 3, by: 'table' });
    expect(choose(900, 7)).toEqual({ code: 7, by: 'article' });
    expect(choose(1900, 1)).toEqual({ code: 11, by: 'rate' });
  });

  it('asks when several codes have the rate, and when none has', () => {
    expect(failureOfBuilding(() => choose(900, 1))).toMatchObject({
      code: 'till.vat-rate-ambiguous',
      params: { codes: '2, 7', rate: '9' },
    });
    expect(failureOfBuilding(() => choose(550, 1))).toMatchObject({ code: 'till.vat-rate-unknown', params: { rate: '5.5' } });
  });

  it('reads rates as whole percent or as hundredths, whichever the till speaks', () => {
    const groups = (rates: number[]) =>
      rates.map((vatPercentage, index) => ({ branchNumber: 1, countryIso3: 'NLD', vatCode: index + 1, vatPercentage }));
    const rates = (list: number[], scale: 'auto' | 'whole' | 'hundredths') =>
      vatCodesOf(groups(list), { scale, branchNumber: 1 }).map(({ rateBp }) => rateBp);
    expect(rates([21, 9, 0], 'auto')).toEqual([2100, 900, 0]);
    expect(rates([2100, 900, 0], 'auto')).toEqual([2100, 900, 0]);
    expect(rates([0], 'hundredths')).toEqual([0]);
    expect(rates([50], 'hundredths')).toEqual([50]);
  });

  it('a tax-free order of a company in another EU country is reverse charge, any other is without VAT', () => {
    const abroad = { ...shopOrder().billing, country: 'BE' };
    const company = shopOrder({
      prices: 'tax-free',
      shipping: abroad as never,
      customer: { email: 'a@b.be', vatIds: ['BE0123456749'] } as never,
    });
    const method = (order: typeof company) => vatMethodOf(fieldsOf(order), { setting: 'auto', codes });
    expect(method(company)).toBe('VAT-METHOD-SHIFTED');
    expect(method({ ...company, shipping: { ...company.shipping, country: 'US' } as never })).toBe('VAT-METHOD-NONE');
    expect(method({ ...company, customer: { ...company.customer, vatIds: [] } as never })).toBe('VAT-METHOD-NONE');
    expect(method(shopOrder({ prices: 'net' }))).toBe('VAT-METHOD-INCLUSIVE');
  });
});

describe('payments', () => {
  const known = new Set(['IDEAL', 'PIN']);
  const two = (first: number, second: number, paidMinor: number) =>
    fieldsOf(
      shopOrder({
        lines: [line({ grossMinor: 1000 })],
        paidMinor,
        payments: [
          { id: '1', methodId: 'shop-ideal', methodName: 'iDEAL', amountMinor: first, state: 'paid' },
          { id: '2', methodId: 'pin', methodName: 'Pin', amountMinor: second, state: 'paid' },
        ],
      }),
      {
        tables: {
          paymentMethods: [
            { from: 'shop-ideal', to: 'IDEAL' },
            { from: 'pin', to: 'PIN' },
          ],
        },
      },
    );

  it('always add up to what was paid', () => {
    expect(paymentsOf(two(600, 400, 1000), known)).toEqual([
      { method: 'IDEAL', amountMinor: 600 },
      { method: 'PIN', amountMinor: 400 },
    ]);
    expect(paymentsOf(two(600, 400, 700), known)).toEqual([
      { method: 'IDEAL', amountMinor: 600 },
      { method: 'PIN', amountMinor: 100 },
    ]);
    expect(failureOfBuilding(() => paymentsOf(two(600, 300, 1000), known))).toMatchObject({
      code: 'till.payments-differ',
      params: { difference: 100 },
    });
  });

  it('what the till has already is not booked again', () => {
    expect(remaining(paymentsOf(two(600, 400, 1000), known), 700)).toEqual([{ method: 'PIN', amountMinor: 300 }]);
    expect(remaining(paymentsOf(two(600, 400, 1000), known), 1000)).toEqual([]);
  });

  it('a method without a row in the table parks the order by the shop’s name for it', () => {
    expect(failureOfBuilding(() => paymentsOf(fieldsOf(shopOrder(), { tables: { paymentMethods: [] } }), known))).toMatchObject({
      code: 'till.payment-method-missing',
      params: { method: 'iDEAL' },
    });
  });
});

describe('people and times in the till’s words', () => {
  it('a company is the name, with the person as contact', () => {
    const billing = { ...shopOrder().billing, company: 'De Vries Fietsen B.V.', additional: ['3e etage'] };
    expect(relationOf(fieldsOf(shopOrder({ billing: billing as never })))).toMatchObject({
      name: 'De Vries Fietsen B.V.',
      companyName: 'De Vries Fietsen B.V.',
      contact: 'Jan de Vries',
      address: 'Dorpsstraat 12, 3e etage',
      country: 'Nederland',
    });
    const person = relationOf(fieldsOf(shopOrder()));
    expect(person.name).toBe('Jan de Vries');
    expect(person).not.toHaveProperty('contact');
    expect(person).not.toHaveProperty('extRelationId');
  });

  it('two orders of one customer share a lock, orders of the default debtor need none', () => {
    const lock = (order = shopOrder(), values = {}) => fieldsOf(order, { values }).lockKey;
    expect(lock()).toBe(
      lock(shopOrder({ customer: { email: ' jan@example.NL ', firstName: 'J', lastName: '', vatIds: [], guest: true } })),
    );
    expect(lock()).not.toContain('jan');
    expect(lock(shopOrder(), { defaultDebtor: 3, defaultDebtorMode: 'force' })).toBeUndefined();
  });

  it('times are the shop’s wall clock with the real offset, in summer and in winter', () => {
    expect(wallClock(new Date('2026-06-12T11:45:30Z'))).toEqual({
      sec: 30,
      min: 45,
      hour: 13,
      day: 12,
      mon: 6,
      year: 2026,
      isdst: false,
      timezone: 120,
    });
    expect(wallClock(new Date('2026-12-31T23:30:00Z'))).toMatchObject({ hour: 0, day: 1, mon: 1, year: 2027, timezone: 60 });
    fc.assert(
      fc.property(fc.date({ min: new Date('2015-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }), (at) => {
        const second = Math.floor(at.getTime() / 1000) * 1000;
        const back = momentOf(wallClock(at))?.getTime() ?? 0;
        expect([second, second - 3_600_000]).toContain(back);
      }),
    );
  });
});
