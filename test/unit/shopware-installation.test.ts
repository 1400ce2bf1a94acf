import { describe, expect, it } from 'vitest';
import { hook, install, installed, order, paid } from './shopware-house.ts';

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
