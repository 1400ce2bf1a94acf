import { describe, expect, it } from 'vitest';
import { order, transaction } from './shopware-order-rows.ts';

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
