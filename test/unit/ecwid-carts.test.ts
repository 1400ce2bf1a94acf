import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, startHouse } from './ecwid-house.ts';

let house: House;
beforeEach(async () => {
  house = await startHouse();
  await house.store.open();
});
afterEach(() => house.stop());

const cart = (fields: object = {}) => ({
  storeId: 1003,
  publicToken: house.store.tokens()?.publicToken,
  cartId: 'C-1',
  items: [{ productId: 660005, sku: '1006', name: 'Mug', quantity: 2, price: 12.49 }],
  ...fields,
});
const post = async (body: object, type = 'application/json') => {
  const response = await fetch(`${house.url}/carts`, { method: 'POST', headers: { 'content-type': type }, body: JSON.stringify(body) });
  return { status: response.status, origin: response.headers.get('access-control-allow-origin'), body: await response.text() };
};

describe('carts that visitors left behind', () => {
  it('are reported by the store’s own script from any page', async () => {
    expect(await post(cart())).toMatchObject({ status: 204, origin: '*' });
    expect(await post(cart({ cartId: 'C-2' }), 'text/plain')).toMatchObject({ status: 204 });
    expect(house.carts).toEqual([
      {
        shopId: '1003',
        cart: {
          cartId: 'C-1',
          items: [{ productId: '660005', sku: '1006', name: 'Mug', quantity: 2, price: 12.49 }],
          email: undefined,
          at: house.control.now,
        },
      },
      expect.objectContaining({ shopId: '1003' }),
    ]);
  });

  it('carry no e-mail unless the visitor agreed', async () => {
    await post(cart({ email: 'a@example.com' }));
    await post(cart({ email: 'a@example.com', consent: true }));
    expect(house.carts.map((report) => report.cart.email)).toEqual([undefined, 'a@example.com']);
  });

  it('are refused with another token, for another store, or when the merchant does not want them', async () => {
    expect((await post(cart({ publicToken: 'public_something_else' }))).status).toBe(403);
    expect((await post(cart({ storeId: 1004 }))).status).toBe(403);
    house.control.cartsWanted = false;
    expect((await post(cart())).status).toBe(403);
    expect(await (await fetch(`${house.url}/carts?storeId=1003`)).json()).toEqual({ on: false });
    house.control.cartsWanted = true;
    expect(await (await fetch(`${house.url}/carts?storeId=1003`)).json()).toEqual({ on: true });
    house.store.uninstall();
    await house.store.webhooks.idle();
    expect((await post(cart({ publicToken: 'public_whatever' }))).status).toBe(403);
    expect(house.carts).toEqual([]);
  });

  it('are refused when they are too large or not a cart', async () => {
    expect((await post(cart({ filler: 'x'.repeat(20_000) }))).status).toBe(413);
    for (const wrong of [
      { items: 'none' },
      { items: [{ productId: 1, quantity: -1, price: 1 }] },
      { cartId: '' },
      { storeId: '1003; drop' },
    ]) {
      expect((await post(cart(wrong))).status).toBe(400);
    }
    expect(house.carts).toEqual([]);
  });

  it('are limited in number', async () => {
    const answers = await Promise.all(Array.from({ length: 70 }, () => post(cart())));
    expect(answers.filter((answer) => answer.status === 429)).toHaveLength(10);
    expect(house.carts).toHaveLength(60);
  });

  it('have no address where the server keeps none', async () => {
    const other = await startHouse({ withCarts: false });
    try {
      expect(
        (await fetch(`${other.url}/carts`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })).status,
      ).toBe(404);
      expect((await fetch(`${other.url}/storefront.js`)).status).toBe(404);
    } finally {
      await other.stop();
    }
  });
});
