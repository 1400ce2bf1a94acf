import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { confirm, deliver, type House, hmac, hook, house, install, newShop, phpJson, register } from './shopware-house.ts';

const order = '01a201193e717351aa1874e0cf896bc5';
const other = '01a201193e717351aa1874e0cf896bc6';
const live = '0fa91ce3e96a4bc2be4bd9ce752c3425';
const paid = 'state_enter.order_transaction.state.paid';

async function installed(how: Parameters<typeof house>[0] = {}): Promise<{ at: House; shop: ReturnType<typeof newShop> }> {
  const at = house(how);
  const shop = newShop();
  await install(at, shop);
  return { at, shop };
}

describe('registering a shop', () => {
  it('proves who we are and hands out a long secret', async () => {
    const at = house();
    const shop = newShop();
    const answer = await register(at, shop);
    expect(answer.status).toBe(200);
    expect(answer.body.proof).toBe(hmac(`${shop.id}${shop.url}Tillbridge`, 'the-secret-of-the-app'));
    expect(answer.body.secret).toMatch(/^[0-9a-f]{96}$/);
    expect(answer.body.confirmation_url).toBe('https://bridge.example/shopware/register/confirm');
    expect(at.shops.get(shop.id)).toMatchObject({ confirmed: false, shopSecret: undefined, pendingShopSecret: answer.body.secret });
  });

  it('stores the credentials only when the shop confirms, and tells the server', async () => {
    const { at, shop } = await installed();
    expect(at.shops.get(shop.id)).toMatchObject({
      confirmed: true,
      active: true,
      apiKey: 'SWIAKEY',
      secretKey: 'key-secret',
      shopSecret: shop.secret,
      pendingShopSecret: undefined,
      shopwareVersion: '6.7.13.1',
    });
    expect(at.told).toEqual([
      {
        what: 'installed',
        shopId: shop.id,
        with: { title: 'shop.example', url: shop.url, settings: { shopUrl: shop.url, apiKey: 'SWIAKEY', secretKey: 'key-secret' } },
      },
    ]);
  });

  it('accepts the same confirmation again, so that a lost answer locks nobody out', async () => {
    const { at, shop } = await installed();
    expect((await confirm(at, shop, { secret: shop.secret })).status).toBe(204);
    expect(at.shops.get(shop.id)?.shopSecret).toBe(shop.secret);
    shop.key = { apiKey: 'OTHER', secretKey: 'key-secret' };
    expect((await confirm(at, shop, { secret: shop.secret })).status).toBe(401);
  });

  it('proves the address as it came but stores it tidied', async () => {
    const at = house();
    const shop = newShop();
    const answer = await register(at, shop, { url: 'https://shop.example//sub/' });
    expect(answer.body.proof).toBe(hmac(`${shop.id}https://shop.example//sub/Tillbridge`, 'the-secret-of-the-app'));
    await confirm(at, shop, { secret: answer.body.secret });
    expect(at.shops.get(shop.id)?.shopUrl).toBe('https://shop.example/sub');
  });

  it('accepts parameters that it does not know as long as they are signed', async () => {
    expect((await register(house(), newShop(), { extra: '&novelty=1' })).status).toBe(200);
  });

  it('refuses a wrong app signature, an old request and a bad address in words for the merchant, and stores nothing', async () => {
    const at = house();
    const answers = [
      await register(at, newShop(), { secret: 'wrong' }),
      await register(at, newShop(), { timestamp: Math.floor(at.now.getTime() / 1000) - 3600 }),
      await register(at, newShop(), { url: 'javascript:alert(1)' }),
      await request(at.app).get('/shopware/register'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 400, 401]);
    for (const answer of answers) expect(answer.body).toEqual({ error: expect.stringMatching(/\w+/) });
    expect(at.shops.size).toBe(0);
  });

  it('refuses a confirmation that is unsigned, wrongly signed, for an unknown shop or not JSON', async () => {
    const at = house();
    const shop = newShop();
    expect((await confirm(at, shop, { secret: 'whatever' })).status).toBe(401);
    const { body } = await register(at, shop);
    expect((await confirm(at, shop, { secret: 'wrong' })).status).toBe(401);
    expect((await deliver(at, '{', hmac('{', body.secret), '/shopware/register/confirm')).status).toBe(400);
    expect(at.shops.get(shop.id)).toMatchObject({ confirmed: false, apiKey: undefined });
    expect(at.told).toEqual([]);
  });

  it('answers 503 while the database is down', async () => {
    const at = house();
    at.databaseDown = true;
    const answer = await register(at, newShop());
    expect(answer.status).toBe(503);
    expect(answer.body.error).toBeTypeOf('string');
  });

  it('loses no update when two requests of one shop meet', async () => {
    const { at, shop } = await installed();
    let once = true;
    at.meanwhile = () => {
      const stored = at.shops.get(shop.id);
      if (once && stored) at.shops.set(shop.id, { ...stored, active: false, version: stored.version + 1 });
      once = false;
    };
    expect((await register(at, shop)).status).toBe(200);
    expect(at.shops.get(shop.id)).toMatchObject({ active: false, pendingShopSecret: expect.any(String) });
  });
});

describe('registering again', () => {
  it('gives a 6.6 shop a new secret without asking for a shop signature, and keeps the old one until it confirms', async () => {
    const { at, shop } = await installed();
    const old = shop.secret;
    const answer = await register(at, shop);
    expect(answer.body.secret).not.toBe(old);
    expect((await hook(at, shop, { event: 'app.activated' })).status).toBe(204);
    expect((await confirm(at, shop, { secret: answer.body.secret })).status).toBe(204);
    expect(at.shops.get(shop.id)).toMatchObject({ shopSecret: answer.body.secret, previousShopSecret: old });
  });

  it('takes both signatures of a newer shop and from then on insists on them', async () => {
    const { at, shop } = await installed();
    await install(at, shop, { both: true });
    const bare = await register(at, shop);
    expect(bare.status).toBe(401);
    expect(bare.body.error).toContain('support');
    const { body } = await register(at, shop, { shopSignature: 'right' });
    expect((await confirm(at, shop, { secret: body.secret })).status).toBe(401);
    expect((await confirm(at, shop, { secret: body.secret, previous: 'wrong' })).status).toBe(401);
    expect((await confirm(at, shop, { secret: body.secret, previous: shop.secret })).status).toBe(204);
  });

  it('lets a shop in again after an operator has reset it', async () => {
    const { at, shop } = await installed();
    await install(at, shop, { both: true });
    const stored = at.shops.get(shop.id);
    if (stored) at.shops.set(shop.id, { ...stored, doubleSignature: false });
    expect((await register(at, shop)).status).toBe(200);
  });

  it('refuses a shop signature that is present but wrong, even from a shop that never needed one', async () => {
    const { at, shop } = await installed();
    expect((await register(at, shop, { shopSignature: hmac('x', 'y') })).status).toBe(401);
  });

  it('ignores the shop signature of a shop that it does not know (re-installed after its record was purged)', async () => {
    expect((await register(house(), newShop(), { shopSignature: hmac('x', 'gone') })).status).toBe(200);
  });

  it('lets a shop that missed the answer to its confirmation register with the secret it still has', async () => {
    const { at, shop } = await installed();
    const stranded = shop.secret;
    await install(at, shop);
    shop.secret = stranded;
    at.now = new Date(at.now.getTime() + 3_600_000);
    await install(at, shop, { both: true });
    expect(at.shops.get(shop.id)).toMatchObject({ shopSecret: shop.secret, previousShopSecret: stranded });
  });

  it('no longer takes that secret a day later', async () => {
    const { at, shop } = await installed();
    const stranded = shop.secret;
    await install(at, shop);
    shop.secret = stranded;
    at.now = new Date(at.now.getTime() + 25 * 3_600_000);
    expect((await register(at, shop, { shopSignature: 'right' })).status).toBe(401);
  });

  it('moves a shop to its new address when it confirms, not before', async () => {
    const { at, shop } = await installed();
    const { body } = await register(at, shop, { url: 'https://new.example' });
    expect(at.shops.get(shop.id)?.shopUrl).toBe('https://shop.example');
    await confirm(at, shop, { secret: body.secret });
    expect(at.shops.get(shop.id)?.shopUrl).toBe('https://new.example');
  });

  it('takes a new shop id for a new shop and refuses its first webhook when 6.6 signs it with the old secret', async () => {
    const { at, shop } = await installed();
    const copy = newShop('mC2quYhPlZ5JBZiw');
    await install(at, copy);
    expect((await hook(at, copy, { event: 'app.installed', payload: { appVersion: '1' }, secret: shop.secret })).status).toBe(401);
    expect(at.shops.size).toBe(2);
  });

  it('keeps a deactivated app deactivated through a rotation', async () => {
    const { at, shop } = await installed();
    await hook(at, shop, { event: 'app.deactivated' });
    await install(at, shop);
    expect(at.shops.get(shop.id)?.active).toBe(false);
  });
});

describe('rotating the secret', () => {
  it('accepts deliveries with the old secret for a minute and not a second longer', async () => {
    const { at, shop } = await installed();
    const old = shop.secret;
    await install(at, shop);
    const payload = { order: { id: order, orderNumber: '10000' } };
    at.now = new Date(at.now.getTime() + 60_000);
    expect((await hook(at, shop, { event: paid, payload, secret: old })).status).toBe(204);
    at.now = new Date(at.now.getTime() + 1_000);
    expect((await hook(at, shop, { event: paid, payload, secret: old })).status).toBe(401);
    expect((await hook(at, shop, { event: paid, payload })).status).toBe(204);
    expect(at.noticed).toHaveLength(2);
  });

  it('does not let a late farewell with the old secret end the new installation', async () => {
    const { at, shop } = await installed();
    const old = shop.secret;
    await install(at, shop);
    expect((await hook(at, shop, { event: 'app.deleted', secret: old })).status).toBe(204);
    expect(at.shops.get(shop.id)).toMatchObject({ uninstalledAt: undefined, apiKey: 'SWIAKEY' });
    expect(at.told.map(({ what }) => what)).not.toContain('uninstalled');
  });
});

describe('the life of an installation', () => {
  it('suspends and resumes, however often it is told', async () => {
    const { at, shop } = await installed();
    for (const event of ['app.deactivated', 'app.deactivated', 'app.activated', 'app.activated', 'app.updated', 'app.installed']) {
      expect((await hook(at, shop, { event })).status).toBe(204);
    }
    expect(at.told.map(({ what }) => what)).toEqual(['installed', 'suspended', 'suspended', 'resumed', 'resumed']);
    expect(at.shops.get(shop.id)?.active).toBe(true);
  });

  it('takes no records from a deactivated app', async () => {
    const { at, shop } = await installed();
    await hook(at, shop, { event: 'app.deactivated' });
    expect((await hook(at, shop, { event: paid, payload: { order: { id: order } } })).status).toBe(204);
    expect(at.noticed).toEqual([]);
  });

  it.each([
    [[], undefined],
    [{ keepUserData: true }, true],
    [{ keepUserData: false }, false],
  ])('says goodbye with %j, twice if need be, and drops the API key', async (payload, keepData) => {
    const { at, shop } = await installed();
    expect((await hook(at, shop, { event: 'app.deleted', payload })).status).toBe(204);
    expect((await hook(at, shop, { event: 'app.deleted', payload })).status).toBe(204);
    expect(at.told.slice(1)).toEqual(Array(2).fill({ what: 'uninstalled', shopId: shop.id, with: { keepData } }));
    expect(at.shops.get(shop.id)).toMatchObject({ active: false, apiKey: undefined, secretKey: undefined, uninstalledAt: at.now });
    await hook(at, shop, { event: paid, payload: { order: { id: order } } });
    expect(at.noticed).toEqual([]);
  });

  it('welcomes a 6.6 shop back without and a 6.7 shop back with its old secret', async () => {
    for (const both of [false, true]) {
      const { at, shop } = await installed();
      await hook(at, shop, { event: 'app.deleted', payload: both ? { keepUserData: true } : [] });
      await install(at, shop, { both });
      expect(at.shops.get(shop.id)).toMatchObject({ active: true, uninstalledAt: undefined, apiKey: 'SWIAKEY' });
    }
  });
});

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
