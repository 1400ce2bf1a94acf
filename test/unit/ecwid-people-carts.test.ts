import { describe, expect, it } from 'vitest';
import { Cart } from '../../connectors/commerce.ts';
import { Failure } from '../../connectors/failure.ts';
import { startHouse } from './ecwid-house.ts';
import { later, refusal, restart, session, store, useStore, walked } from './ecwid-people-house.ts';

useStore();

const cartIds = () => [...store.shop.carts.keys()];

describe('a cart that was left behind', () => {
  it('is read with its owner, its goods and the way back', async () => {
    const { email, total } = store.abandon({ acceptMarketing: true });
    const [cart] = await session.read('cart', cartIds());
    expect(Cart.parse(cart)).toMatchObject({
      id: cartIds()[0],
      customer: { email, guest: false, permission: { state: 'subscribed', at: '2026-03-01T10:00:00.000Z', source: 'checkout' } },
      currency: 'EUR',
      totalMinor: Math.round(total * 100),
      lines: [
        { sku: '1001', quantity: 1, grossMinor: 1845 },
        { sku: '1006', quantity: 1, grossMinor: 1249 },
      ],
      url: 'https://store1003.example.com/shop#!/~/cart',
      closed: false,
    });
  });

  it('counts prices with VAT also where the store shows them without', async () => {
    await restart({ pricesIncludeTax: false });
    store.abandon({ acceptMarketing: true });
    const [cart] = await session.read('cart', cartIds());
    expect(Cart.parse(cart).lines).toMatchObject([
      { sku: '1001', grossMinor: 1845 + 166 },
      { sku: '1006', grossMinor: 1249 + 262 },
    ]);
  });

  it('of somebody who did not say yes to news, or gave no address, is nobody’s business', async () => {
    store.abandon();
    const { id } = store.abandon({ acceptMarketing: true });
    store.shop.change(id, { email: '' });
    const [, second] = cartIds();
    const entry = store.shop.carts.get(second ?? '');
    if (entry) entry.order = store.shop.orders.get(id) as (typeof entry)['order'];
    expect(await session.read('cart', [...cartIds(), 'NOPE'])).toEqual([undefined, undefined, undefined]);
  });

  it('is closed once it became an order, and that is a change', async () => {
    store.abandon({ acceptMarketing: true });
    const [id = ''] = cartIds();
    const [first] = await walked('cart');
    expect(first).toMatchObject({ id });
    later(30);
    const order = store.shop.recover(id);
    const [second] = await walked('cart', first?.cursor);
    expect(second).toMatchObject({ id });
    expect(second?.version).not.toBe(first?.version);
    expect(await session.read('cart', [id])).toMatchObject([{ closed: true }]);
    expect(await session.read('order', [order.id])).toMatchObject([{ paymentState: 'paid' }]);
  });

  it('needs the permission to read orders, and says so', async () => {
    await restart({ scopes: ['read_store_profile', 'read_catalog'] });
    const [failure] = await session.read('cart', ['A']);
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({ code: 'shop.privileges-missing', remedy: 'wait', params: { privileges: 'read_orders' } });
    expect(await refusal(walked('cart'))).toMatchObject({ code: 'shop.privileges-missing' });
  });

  it('is told at once by the store’s webhook, by the id that it can be read by', async () => {
    const house = await startHouse();
    house.store.install();
    await house.store.open();
    house.store.abandon({ acceptMarketing: true });
    await house.store.webhooks.idle();
    const [id] = house.store.shop.carts.keys();
    expect(house.notices.filter(({ kind }) => kind === 'cart')).toMatchObject([{ sourceId: id }]);
    await house.stop();
  });
});
