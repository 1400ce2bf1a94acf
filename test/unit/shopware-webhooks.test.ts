import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { deliver, hmac, hook, house, installed, live, newShop, order, other, paid, phpJson, register } from './shopware-house.ts';

describe('webhooks', () => {
  it.each(['checkout.order.placed', paid, 'state_enter.order.state.completed', 'state_enter.order_delivery.state.shipped_partially'])(
    'notices the order of %s',
    async (event) => {
      const { at, shop } = await installed();
      expect((await hook(at, shop, { event, payload: { order: { id: order, orderNumber: '10000', amountTotal: 1 } } })).status).toBe(204);
      expect(at.noticed).toEqual([{ shopId: shop.id, kind: 'order', sourceId: order, number: '10000', eventId: 'event1' }]);
    },
  );

  it('notices live orders that were written, not drafts and not deleted ones, in a list or in an object', async () => {
    const entries = [
      { entity: 'order', operation: 'update', primaryKey: order, versionId: live },
      { entity: 'order', operation: 'update', primaryKey: order, versionId: live },
      {
        entity: 'order',
        operation: 'update',
        primaryKey: '11111111111111111111111111111111',
        versionId: '22222222222222222222222222222222',
      },
      { entity: 'order', operation: 'delete', primaryKey: '33333333333333333333333333333333', versionId: live },
      { entity: 'order', operation: 'update', primaryKey: { orderId: order, tagId: other }, versionId: live },
      { entity: 'order', operation: 'insert', primaryKey: other, versionId: live },
    ];
    for (const payload of [entries, { ...entries }]) {
      const { at, shop } = await installed();
      expect((await hook(at, shop, { event: 'order.written', payload })).status).toBe(204);
      expect(at.noticed.map(({ sourceId, eventId }) => [sourceId, eventId])).toEqual([
        [order, `event1:${order}`],
        [other, `event1:${other}`],
      ]);
    }
  });

  it('notices customers, which have no versions, and products', async () => {
    const { at, shop } = await installed();
    for (const kind of ['customer', 'product'])
      await hook(at, shop, { event: `${kind}.written`, payload: [{ entity: kind, operation: 'update', primaryKey: order }] });
    expect(at.noticed.map(({ kind, eventId }) => [kind, eventId])).toEqual([
      ['customer', 'event1'],
      ['product', 'event1'],
    ]);
  });

  it('takes events that it does not use or does not understand without a refusal, but says so in the log', async () => {
    const { at, shop } = await installed();
    expect((await hook(at, shop, { event: 'newsletter.confirm' })).status).toBe(204);
    expect((await hook(at, shop, { event: 'newsletter.confirm' })).status).toBe(204);
    expect((await hook(at, shop, { event: paid, payload: { order: null } })).status).toBe(204);
    expect(at.noticed).toEqual([]);
    expect(at.logged.some((line) => line.includes('newsletter.confirm') && line.includes('"count":2'))).toBe(true);
    expect(at.logged.some((line) => line.includes('unknown shape'))).toBe(true);
  });

  it('refuses what no registered shop signed, and stores nothing', async () => {
    const { at, shop } = await installed();
    const stranger = { ...newShop('stranger'), secret: shop.secret };
    const refused = [
      await hook(at, shop, { event: paid, payload: { order: { id: order } }, secret: 'wrong' }),
      await hook(at, stranger, { event: paid, payload: { order: { id: order } } }),
      await request(at.app)
        .post('/shopware/hooks')
        .set('content-type', 'application/json')
        .send(phpJson({ source: { shopId: shop.id } })),
    ];
    for (const answer of refused) {
      expect(answer.status).toBe(401);
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(answer.body.code).toBe('shopware.signature-refused');
    }
    expect(at.noticed).toEqual([]);
  });

  it('refuses a shop that registered but never confirmed', async () => {
    const at = house();
    const shop = newShop();
    shop.secret = (await register(at, shop)).body.secret;
    expect((await hook(at, shop, { event: 'app.activated' })).status).toBe(401);
  });

  it('refuses malformed, oversized and foreign bodies with a code of its own', async () => {
    const { at, shop } = await installed();
    const big = phpJson({ source: { shopId: shop.id }, filler: 'x'.repeat(1024 * 1024) });
    const answers = [
      await deliver(at, '{"data":', hmac('{"data":', shop.secret)),
      await deliver(at, big, hmac(big, shop.secret)),
      await request(at.app).post('/shopware/hooks').set('content-type', 'text/plain').send('hello'),
      await request(at.app).post('/shopware/hooks').set('content-type', 'application/json'),
    ];
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [400, 'shopware.malformed'],
      [413, 'shopware.too-large'],
      [415, 'shopware.not-json'],
      [400, 'shopware.malformed'],
    ]);
  });

  it('asks the shop to come again while the database is down', async () => {
    const { at, shop } = await installed();
    at.databaseDown = true;
    const answer = await hook(at, shop, { event: paid, payload: { order: { id: order } } });
    expect([answer.status, answer.body.code]).toEqual([503, 'shopware.unavailable']);
  });
});
