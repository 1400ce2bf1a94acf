import { beforeEach, describe, expect, it } from 'vitest';
import { hashOf } from '../simulators/mailchimp/account.ts';
import { useMailchimp } from './mailchimp-calls.ts';

const account = useMailchimp();
const store = '/ecommerce/stores/s1';
const jan = 'jan@example.nl';
const coffee = { id: 'A100', title: 'Coffee', variants: [{ id: 'A100', title: 'Coffee', price: 24.95, inventory_quantity: 3 }] };
const order = {
  id: 'S-1001',
  customer: { id: 'rel-55', email_address: jan, opt_in_status: false, first_name: 'Jan', last_name: 'Jansen' },
  currency_code: 'EUR',
  order_total: 24.95,
  tax_total: 4.33,
  financial_status: 'paid',
  processed_at_foreign: '2026-06-01T10:00:00+00:00',
  lines: [{ id: '1', product_id: 'A100', product_variant_id: 'A100', quantity: 1, price: 24.95, discount: 0 }],
};

beforeEach(async () => {
  const { sim, post } = account();
  await post('/ecommerce/stores', {
    id: 's1',
    list_id: sim.audienceId,
    name: 'Till',
    currency_code: 'EUR',
    domain: 'shop.example',
    is_syncing: false,
  });
});

describe('stores', () => {
  it('belong to one audience for good and have a domain of their own', async () => {
    const { sim, post, patch, get, remove } = account();
    const other = sim.addAudience();
    expect((await get(store)).body).toMatchObject({ list_id: sim.audienceId, is_syncing: false, list_is_active: true });
    const again = { id: 's2', list_id: sim.audienceId, name: 'Second', currency_code: 'EUR' };
    expect((await post('/ecommerce/stores', { ...again, id: 's1' })).body.detail).toMatch(/already exists/);
    expect((await post('/ecommerce/stores', { ...again, domain: 'shop.example' })).body.detail).toMatch(/already exists/);
    expect((await post('/ecommerce/stores', { ...again, list_id: 'nowhere' })).status).toBe(400);
    expect((await post('/ecommerce/stores', { ...again, currency_code: 'euro' })).status).toBe(400);
    expect((await patch(store, { list_id: other })).status).toBe(400);
    expect(sim.takeUnexpected()).toEqual(['PATCH /ecommerce/stores/s1 knows no field list_id']);
    expect((await patch(store, { is_syncing: true, phone: '020' })).body).toMatchObject({ is_syncing: true, phone: '020', name: 'Till' });
    expect((await get(`/lists?has_ecommerce_store=true`)).body.total_items).toBe(1);
    sim.deleteAudience(sim.audienceId);
    expect((await get(store)).body.list_is_active).toBe(false);
    expect((await remove(store)).status).toBe(204);
    expect((await get(`${store}/orders`)).status).toBe(404);
  });
});

describe('customers', () => {
  const put = (id: string, opt_in_status: boolean, email_address = jan) =>
    account().put(`${store}/customers/${id}`, { id, email_address, opt_in_status, first_name: 'Jan', last_name: 'Jansen' });
  const status = (email = jan) => account().sim.member(email)?.status;

  it('become members: subscribed with an opt-in, transactional without', async () => {
    await put('c1', false);
    await put('c2', true, 'piet@example.nl');
    expect([status(), status('piet@example.nl')]).toEqual(['transactional', 'subscribed']);
    expect(account().sim.member(jan)).toMatchObject({ full_name: 'Jan Jansen', source: 'Till' });
    expect(account().sim.mails.map((mail) => mail.to)).toEqual(['piet@example.nl']);
  });

  it('are subscribed by a later opt-in, and stay so when it is taken back', async () => {
    await put('c1', false);
    await put('c1', true);
    expect(status()).toBe('subscribed');
    await put('c1', false);
    expect(status()).toBe('subscribed');
  });

  it.each(['unsubscribed', 'pending', 'cleaned', 'transactional'] as const)('do not change a member who was %s before', async (before) => {
    account().sim.addMember(jan, { status: before });
    await put('c1', true);
    expect(status()).toBe(before);
  });

  it('do not bring back who left, nor who was deleted for good', async () => {
    const { sim, post } = account();
    await put('c1', true);
    sim.unsubscribe(jan);
    await put('c1', false);
    expect((await put('c1', true)).status).toBe(200);
    expect(status()).toBe('unsubscribed');
    await post(`/lists/${sim.audienceId}/members/${hashOf(jan)}/actions/delete-permanent`);
    expect((await put('c1', true)).status).toBe(200);
    expect(status()).toBeUndefined();
  });

  it('have ids of fifty signs at most, are made once by POST, and are found by address', async () => {
    const { post, get, patch, remove } = account();
    const customer = { id: 'c1', email_address: jan, opt_in_status: false };
    expect((await put('x'.repeat(51), false)).status).toBe(400);
    expect((await post(`${store}/customers`, customer)).status).toBe(200);
    expect((await post(`${store}/customers`, customer)).body.detail).toMatch(/already exists/);
    expect((await post(`${store}/customers`, { id: 'c2', email_address: jan })).body).toMatchObject({
      errors: [{ field: 'opt_in_status' }],
    });
    expect((await get(`${store}/customers?email_address=JAN@example.nl`)).body).toMatchObject({ store_id: 's1', total_items: 1 });
    await put('c1', false, 'jan@new.example');
    expect((await get(`${store}/customers?email_address=${jan}`)).body.total_items).toBe(0);
    expect((await patch(`${store}/customers/c1`, { company: 'BV' })).body).toMatchObject({
      company: 'BV',
      email_address: 'jan@new.example',
    });
    expect((await remove(`${store}/customers/c1`)).status).toBe(204);
    expect((await get(`${store}/customers?email_address=jan@new.example`)).body.total_items).toBe(0);
  });
});

describe('products', () => {
  it('show fifty variants and tell the rest elsewhere', async () => {
    const { post, get } = account();
    const variants = Array.from({ length: 60 }, (_, at) => ({ id: `v${at}`, title: `V${at}` }));
    expect(((await post(`${store}/products`, { id: 'p', title: 'P', variants })).body.variants as unknown[]).length).toBe(50);
    const all = (await get(`${store}/products/p/variants?count=100`)).body;
    expect([(all.variants as unknown[]).length, all.total_items]).toEqual([60, 60]);
  });

  it('need a variant, are made once by POST and again and again by PUT, and keep the variants that are not named', async () => {
    const { sim, post, put, patch, remove } = account();
    expect((await post(`${store}/products`, { ...coffee, variants: [] })).status).toBe(400);
    expect((await put(`${store}/products/A100`, coffee)).body).toMatchObject({ id: 'A100', currency_code: 'EUR' });
    expect((await post(`${store}/products`, coffee)).body.detail).toMatch(/already exists/);
    expect((await put(`${store}/products/other`, coffee)).status).toBe(400);
    await put(`${store}/products/A100`, { ...coffee, title: 'Strong coffee', variants: [{ id: 'B', title: 'Beans' }] });
    expect(sim.product('s1', 'A100')).toMatchObject({ title: 'Strong coffee', variants: [{ id: 'A100', price: 24.95 }, { id: 'B' }] });
    await patch(`${store}/products/A100`, { variants: [{ id: 'B', price: 7 }] });
    const variant = `${store}/products/A100/variants/A100`;
    expect((await patch(variant, { inventory_quantity: 7 })).body).toMatchObject({ inventory_quantity: 7, price: 24.95, title: 'Coffee' });
    expect((await put(variant, { id: 'A100', title: 'Ground', sku: 'A-100' })).body).toMatchObject({
      title: 'Ground',
      inventory_quantity: 7,
    });
    expect((await remove(variant)).status).toBe(204);
    expect(sim.product('s1', 'A100')?.variants).toMatchObject([{ id: 'B', price: 7 }]);
    expect((await remove(`${store}/products/A100`)).status).toBe(204);
  });
});

describe('orders', () => {
  const orders = `${store}/orders`;

  it('are refused while product or variant is unknown, and say which line', async () => {
    const { sim, post, put } = account();
    expect((await post(orders, order)).body).toMatchObject({ title: 'Invalid Resource', errors: [{ field: 'lines.item:0.product_id' }] });
    await put(`${store}/products/A100`, { ...coffee, variants: [{ id: 'other', title: 'Other' }] });
    expect((await put(`${orders}/S-1001`, order)).body).toMatchObject({ errors: [{ field: 'lines.item:0.product_variant_id' }] });
    expect([sim.orders('s1'), sim.customers('s1')]).toEqual([[], []]);
  });

  it('count for the customer and for the member', async () => {
    const { sim, post, get, remove } = account();
    await post(`${store}/products`, coffee);
    expect((await post(orders, order)).body).toMatchObject({
      store_id: 's1',
      customer: { id: 'rel-55', orders_count: 1, total_spent: 24.95 },
      lines: [{ id: '1', product_title: 'Coffee', product_variant_title: 'Coffee' }],
    });
    expect((await post(orders, order)).body.detail).toMatch(/already exists/);
    await post(orders, { ...order, id: 'S-1002', customer: { id: 'rel-55' }, order_total: 0.1 });
    expect(sim.customer('s1', 'rel-55')).toMatchObject({ orders_count: 2, total_spent: 25.05 });
    expect(sim.member(jan)?.stats).toMatchObject({ ecommerce_data: { total_revenue: 25.05, number_of_orders: 2, currency_code: 'EUR' } });
    expect((await get(`${orders}?customer_id=rel-55`)).body.total_items).toBe(2);
    expect((await get('/ecommerce/orders?customer_id=nobody')).body.total_items).toBe(0);
    expect((await get('/ecommerce/orders?count=1')).body).toMatchObject({ total_items: 2, orders: [{ id: 'S-1001' }] });
    expect((await remove(`${orders}/S-1002`)).status).toBe(204);
    expect(sim.customer('s1', 'rel-55')?.orders_count).toBe(1);
  });

  it('are made and changed by PUT; lines are merged by id, and go only by DELETE', async () => {
    const { sim, put, post, patch, get, remove } = account();
    await post(`${store}/products`, coffee);
    const one = `${orders}/S-1001`;
    expect((await put(one, { id: 'S-1001', order_total: 5 })).body).toMatchObject({ title: 'Invalid Resource' });
    await put(one, order);
    await put(one, {
      id: 'S-1001',
      financial_status: 'refunded',
      lines: [{ id: '2', product_id: 'A100', product_variant_id: 'A100', quantity: 2, price: 1 }],
    });
    await patch(one, { lines: [{ id: '1', quantity: 4 }], promos: [{ code: 'SUMMER', type: 'fixed', amount_discounted: 1 }] });
    expect(sim.order('s1', 'S-1001')).toMatchObject({
      financial_status: 'refunded',
      order_total: 24.95,
      promos: [{ code: 'SUMMER' }],
      lines: [
        { id: '1', quantity: 4, price: 24.95 },
        { id: '2', quantity: 2 },
      ],
    });
    expect((await patch(`${one}/lines/2`, { quantity: 3 })).body).toMatchObject({ id: '2', quantity: 3 });
    expect((await post(`${one}/lines`, { id: '3', product_id: 'A100', product_variant_id: 'A100', quantity: 1, price: 1 })).status).toBe(
      200,
    );
    expect((await remove(`${one}/lines/1`)).status).toBe(204);
    expect((await get(`${one}/lines`)).body).toMatchObject({ order_id: 'S-1001', total_items: 2 });
    expect((await patch(`${orders}/none`, {})).status).toBe(404);
  });

  it('may bring their product along', async () => {
    const { sim, put } = account();
    const lines = [{ ...order.lines[0], product: coffee }];
    expect((await put(`${orders}/S-1001`, { ...order, lines })).status).toBe(200);
    expect(sim.product('s1', 'A100')).toMatchObject({ title: 'Coffee' });
  });

  it.each([
    [{ order_total: '24.95' }, 'order_total'],
    [{ processed_at_foreign: 'yesterday' }, 'processed_at_foreign'],
    [{ lines: [{ ...order.lines[0], quantity: 1.5 }] }, 'lines.item:0.quantity'],
    [{ customer: { id: 'new-one' } }, 'customer.email_address'],
    [{ lines: [] }, 'lines'],
  ])('with %j are refused', async (over, field) => {
    const { post } = account();
    await post(`${store}/products`, coffee);
    const { status, body } = await post(orders, { ...order, ...over });
    expect(status).toBe(400);
    expect(body).toMatchObject({ errors: [{ field }] });
  });

  it('send the mails that are switched on, each once, and none while the store is syncing', async () => {
    const { sim, put, post, patch } = account();
    await post(`${store}/products`, coffee);
    await put(`${orders}/silent`, { ...order, id: 'silent' });
    expect(sim.mails).toEqual([]);
    sim.notify('s1', ['pending', 'paid', 'refunded', 'cancelled', 'shipped']);
    await patch(store, { is_syncing: true });
    await put(`${orders}/history`, { ...order, id: 'history' });
    await patch(store, { is_syncing: false });
    await put(`${orders}/S-1001`, { ...order, financial_status: 'pending' });
    await put(`${orders}/S-1001`, { ...order, fulfillment_status: 'shipped' });
    await put(`${orders}/S-1001`, { ...order, fulfillment_status: 'shipped' });
    await patch(`${orders}/S-1001`, { financial_status: 'refunded' });
    await patch(`${orders}/S-1001`, { cancelled_at_foreign: '2026-06-02T10:00:00+00:00' });
    await patch(`${orders}/S-1001`, { financial_status: 'cancelled' });
    expect(sim.mails.map(({ to, why, about }) => [to, why, about])).toEqual(
      ['order-pending', 'order-paid', 'order-shipped', 'order-refunded', 'order-cancelled'].map((why) => [jan, why, 's1/S-1001']),
    );
  });
});

describe('carts', () => {
  const cart = {
    id: 'c',
    customer: order.customer,
    currency_code: 'EUR',
    order_total: 5,
    checkout_url: 'https://shop.example/c',
    lines: [{ id: '1', product_id: 'A100', product_variant_id: 'A100', quantity: 1, price: 5 }],
  };

  it('that are left behind get one reminder, unless they came by a sync or cannot be reached', async () => {
    const { sim, post, patch, remove, get } = account();
    await post(`${store}/products`, coffee);
    await patch(store, { is_syncing: true });
    await post(`${store}/carts`, { ...cart, id: 'history' });
    await patch(store, { is_syncing: false });
    expect((await post(`${store}/carts`, cart)).body).toMatchObject({ id: 'c', lines: [{ product_title: 'Coffee' }] });
    expect((await post(`${store}/carts`, cart)).body.detail).toMatch(/already exists/);
    const { checkout_url: _, ...nowhere } = cart;
    await post(`${store}/carts`, { ...nowhere, id: 'nowhere' });
    await post(`${store}/carts`, { ...cart, id: 'ordered' });
    expect((await remove(`${store}/carts/ordered`)).status).toBe(204);
    sim.abandonCarts();
    sim.abandonCarts();
    expect(sim.mails).toMatchObject([{ to: jan, why: 'abandoned-cart', about: 's1/c' }]);
    await patch(`${store}/carts/c`, { order_total: 6, lines: [{ id: '1', quantity: 2 }] });
    expect((await get(`${store}/carts/c`)).body).toMatchObject({ order_total: 6, lines: [{ id: '1', quantity: 2, price: 5 }] });
    expect((await patch(`${store}/carts/c/lines/1`, { quantity: 3 })).body.quantity).toBe(3);
    expect((await get(`${store}/carts`)).body.total_items).toBe(3);
  });
});
