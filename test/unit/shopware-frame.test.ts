import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { deliver, type House, hmac, hook, installed, type newShop, order, other, phpJson } from './shopware-house.ts';

describe('the button on an order', () => {
  const press = (at: House, shop: ReturnType<typeof newShop>, ids: unknown) => {
    const body = phpJson({
      source: { url: shop.url, shopId: shop.id, appVersion: '1' },
      data: { ids, entity: 'order', action: 'resyncOrder' },
      meta: { timestamp: 1, reference: 'press1', language: 'x' },
    });
    return deliver(at, body, hmac(body, shop.secret), '/shopware/action/resync-order').set('sw-user-language', 'de-DE');
  };

  it('notices the orders and answers with a signed notification in the language of the admin', async () => {
    const { at, shop } = await installed();
    const answer = await press(at, shop, [order, other]);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      actionType: 'notification',
      payload: { status: 'success', message: expect.stringContaining('synchronisiert') },
    });
    expect(answer.headers['shopware-app-signature']).toBe(hmac(answer.text, shop.secret));
    expect(at.noticed).toEqual([
      { shopId: shop.id, kind: 'order', sourceId: order, eventId: `press1:${order}` },
      { shopId: shop.id, kind: 'order', sourceId: other, eventId: `press1:${other}` },
    ]);
  });

  it('refuses ids that are none, and says that a deactivated app does nothing', async () => {
    const { at, shop } = await installed();
    expect((await press(at, shop, ['../..'])).status).toBe(400);
    await hook(at, shop, { event: 'app.deactivated' });
    expect((await press(at, shop, [order])).body.payload.status).toBe('error');
    expect(at.noticed).toEqual([]);
  });
});

describe('opening the module', () => {
  const address = (at: House, shop: ReturnType<typeof newShop>, how: { ageMs?: number; after?: string; language?: string } = {}) => {
    const at_ = Math.floor((at.now.getTime() - (how.ageMs ?? 0)) / 1000);
    const query = `shop-id=${shop.id}&shop-url=${shop.url}&timestamp=${at_}&sw-version=6.7.13.1&sw-user-language=${how.language ?? 'nl-NL'}&sw-user-id=user7`;
    return `/shopware/module?${query}&shopware-shop-signature=${hmac(query, shop.secret)}${how.after ?? ''}`;
  };

  it('gives a session and a page that only this shop may frame', async () => {
    const { at, shop } = await installed({ frameAncestors: ['https://admin.example'] });
    const answer = await request(at.app).get(address(at, shop, { after: '&color-scheme=dark&shop-id=other' }));
    expect(answer.status).toBe(200);
    expect(answer.text).toContain(`ticket-for-${shop.id}`);
    expect(answer.text).toContain('data-scheme="dark"');
    expect(at.tickets).toEqual([{ shopId: shop.id, user: 'user7', language: 'nl' }]);
    expect(answer.headers['content-security-policy']).toContain('frame-ancestors https://shop.example https://admin.example');
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
    expect(answer.headers).not.toHaveProperty('x-frame-options');
  });

  it('shows a friendly page in the language of the admin when the address is old, foreign, or the app is off', async () => {
    const { at, shop } = await installed();
    const old = await request(at.app).get(address(at, shop, { ageMs: 301_000, language: 'de-DE' }));
    const foreign = await request(at.app).get(address(at, { ...shop, secret: 'wrong' }));
    await hook(at, shop, { event: 'app.deactivated' });
    const off = await request(at.app).get(address(at, shop, { language: 'fr-FR' }));
    for (const answer of [old, foreign, off]) {
      expect(answer.status).toBe(401);
      expect(answer.headers['content-type']).toContain('text/html');
      expect(answer.text).toContain('sw-app-loaded');
    }
    expect(old.text).toContain('zu lange');
    expect(foreign.text).toContain('ondertekend');
    expect(off.text).toContain('deactivated');
    expect(at.tickets).toEqual([]);
  });
});
