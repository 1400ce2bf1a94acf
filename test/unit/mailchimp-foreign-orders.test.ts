import { beforeEach, describe, expect, it } from 'vitest';
import { carried, draftOf, gathered, house, order, useHouse } from './mailchimp-house.ts';

useHouse();

describe('orders that others brought to Mailchimp', () => {
  it('are read, ours are not', async () => {
    await carried(house, 'order', [draftOf('order', order('1001'))]);
    const call = async (path: string, body: object) => {
      const answer = await fetch(`${house.mailchimp.apiBaseUrl}/3.0${path}`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`x:${house.mailchimp.apiKey}`).toString('base64')}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify(body),
      });
      expect(answer.status).toBe(200);
    };
    await call('/ecommerce/stores', { id: 'woo', list_id: house.mailchimp.audienceId, name: 'Woo', currency_code: 'EUR' });
    await call('/ecommerce/stores/woo/products', { id: 'P1', title: 'Mug', variants: [{ id: 'V1', title: 'Mug', sku: 'MUG-1' }] });
    await call('/ecommerce/stores/woo/orders', {
      id: '77',
      customer: { id: 'c1', email_address: 'eva@example.nl', opt_in_status: false, first_name: 'Eva' },
      currency_code: 'EUR',
      order_total: 24.95,
      tax_total: 4.33,
      shipping_total: 4.95,
      financial_status: 'paid',
      processed_at_foreign: '2026-02-28T12:00:00+00:00',
      lines: [{ id: '1', product_id: 'P1', product_variant_id: 'V1', quantity: 2, price: 10 }],
    });
    const changes = await gathered(house.session.changed('order', undefined));
    expect(changes).toMatchObject([{ id: 'woo/77', number: '77' }]);
    const [read] = await house.session.read('order', ['woo/77']);
    expect(read).toMatchObject({
      number: '77',
      totalMinor: 2495,
      paidMinor: 2495,
      customer: { email: 'eva@example.nl', firstName: 'Eva' },
      lines: [
        { kind: 'product', sku: 'MUG-1', quantity: 2, grossMinor: 2000 },
        { kind: 'shipping', grossMinor: 495 },
      ],
    });
    expect(await house.session.read('order', ['#77', 'woo/78', '#1001'])).toMatchObject([{ id: 'woo/77' }, undefined, undefined]);
    expect(await gathered(house.session.changed('order', '2026-03-05T12:00:00Z'))).toEqual([]);
  });

  describe('in a store of theirs', () => {
    const call = async (path: string, body: object) => {
      const answer = await fetch(`${house.mailchimp.apiBaseUrl}/3.0${path}`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`x:${house.mailchimp.apiKey}`).toString('base64')}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify(body),
      });
      expect(answer.status).toBe(200);
    };
    const bring = (id: string, more: object) =>
      call('/ecommerce/stores/woo/orders', {
        id,
        customer: { id: 'c1', email_address: 'eva@example.nl', opt_in_status: false },
        currency_code: 'EUR',
        order_total: 1,
        financial_status: 'paid',
        lines: [{ id: '1', product_id: 'P1', product_variant_id: 'V1', quantity: 1, price: 1 }],
        ...more,
      });
    const told = async (cursor?: string) => (await gathered(house.session.changed('order', cursor))).map(({ number }) => number);
    beforeEach(async () => {
      await call('/ecommerce/stores', { id: 'woo', list_id: house.mailchimp.audienceId, name: 'Woo', currency_code: 'EUR' });
      await call('/ecommerce/stores/woo/products', { id: 'P1', title: 'Mug', variants: [{ id: 'V1', title: 'Mug', sku: 'MUG-1' }] });
    });

    it('are not missed when they are brought a day later than others', async () => {
      await bring('1', { processed_at_foreign: '2026-03-01T09:59:00+00:00' });
      const [first] = await gathered(house.session.changed('order', '2026-03-01T09:00:00Z'));
      await bring('2', { processed_at_foreign: '2026-02-28T11:00:00+00:00' });
      expect(await told(first?.cursor)).toEqual(['2', '1']);
    });

    it('are not missed behind one whose shop has the wrong date', async () => {
      await bring('1', { processed_at_foreign: '2062-03-01T09:59:00+00:00' });
      const [first] = await gathered(house.session.changed('order', '2026-03-01T09:00:00Z'));
      await bring('2', { processed_at_foreign: '2026-03-01T10:00:00+00:00' });
      expect(await told(first?.cursor)).toContain('2');
    });

    it('are told and refused with a reason where they have no date', async () => {
      await bring('1', {});
      await bring('2', { processed_at_foreign: '2026-03-01T09:59:00+00:00' });
      const cursor = '2026-03-01T09:00:00Z';
      expect(await gathered(house.session.changed('order', cursor))).toMatchObject([{ number: '1', cursor }, { number: '2' }]);
      const [undated] = await house.session.read('order', ['woo/1']);
      expect(undated).toMatchObject({ code: 'mailchimp.order-unreadable', remedy: 'fix-data' });
    });

    it('have lines of more decimals than money, multiplied before they are rounded', async () => {
      const lines = [{ id: '1', product_id: 'P1', product_variant_id: 'V1', quantity: 3, price: 0.3333 }];
      await bring('1', { processed_at_foreign: '2026-03-01T09:59:00+00:00', lines });
      expect(await house.session.read('order', ['woo/1'])).toMatchObject([{ totalMinor: 100, lines: [{ quantity: 3, grossMinor: 100 }] }]);
    });
  });
});
