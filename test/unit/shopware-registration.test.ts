import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { confirm, deliver, hmac, hook, house, install, installed, newShop, order, paid, register } from './shopware-house.ts';

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
