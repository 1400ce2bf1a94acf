import express from 'express';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { type Tenant, tenantOf } from '../../app-server/engine/model.ts';
import { createCarts } from '../../app-server/store/carts.ts';
import { collections } from '../../app-server/store/collections.ts';
import { newId } from '../../app-server/store/database.ts';
import { createShops } from '../../app-server/store/shops.ts';
import { wipe } from '../../app-server/store/wipe.ts';
import { carts as cartRoutes } from '../../ecwid-app/carts.ts';
import { ecwidOptions } from '../../ecwid-app/index.ts';
import type { InstalledStore } from '../../ecwid-app/ports.ts';
import { testDatabase } from '../database.ts';
import { asked } from './http-asking.ts';
import { beta, createHouse } from './http-house.ts';

const stored = testDatabase();
const at = (minute: number): Date => new Date(Date.UTC(2026, 2, 1, 12, minute));
const mug = { productId: '660005', sku: '1006', name: 'Mug', quantity: 2, price: 12.49 };
const someTenant = (): Tenant => tenantOf('ecwid', newId());
const reported = (cartId: string, fields: object = {}) => ({ cartId, items: [mug], email: undefined, at: at(0), ...fields });

describe('carts that visitors left behind', () => {
  const carts = () => createCarts(stored.database);

  it('are what was reported last, however often and in whatever order it arrives', async () => {
    const tenant = someTenant();
    await carts().report(tenant, reported('C-1', { email: 'a@example.com' }));
    await carts().report(tenant, reported('C-1', { at: at(2), items: [{ ...mug, quantity: 5 }] }));
    await carts().report(tenant, reported('C-1', { at: at(1), items: [{ ...mug, quantity: 9 }], email: 'late@example.com' }));
    expect(await carts().get(tenant, 'C-1')).toEqual({ cartId: 'C-1', items: [{ ...mug, quantity: 5 }], email: undefined, at: at(2) });
    await Promise.all(Array.from({ length: 8 }, () => carts().report(tenant, reported('C-2'))));
    const all = stored.database.connection.collection('carts').find({ tenant });
    expect(await all.toArray()).toHaveLength(2);
  });

  it('end when they are empty, and belong to one shop', async () => {
    const [tenant, other] = [someTenant(), someTenant()];
    await carts().report(tenant, reported('C-1'));
    await carts().report(other, reported('C-1'));
    await carts().report(tenant, reported('C-1', { items: [], at: at(1) }));
    expect(await carts().get(tenant, 'C-1')).toBeUndefined();
    expect(await carts().get(other, 'C-1')).toMatchObject({ items: [mug] });
  });

  it('keep an e-mail only while the visitor agrees', async () => {
    const tenant = someTenant();
    await carts().report(tenant, reported('C-1', { email: 'a@example.com' }));
    expect(await carts().get(tenant, 'C-1')).toMatchObject({ email: 'a@example.com' });
    await carts().report(tenant, reported('C-1', { at: at(1) }));
    const document = await stored.database.connection.collection('carts').findOne({ tenant });
    expect(document).not.toHaveProperty('email');
  });

  it('are forgotten after thirty days and with their shop', async () => {
    const tenant = someTenant();
    await carts().report(tenant, reported('C-1'));
    const indexes = await stored.database.connection.collection('carts').indexes();
    expect(indexes.find(({ key }) => 'at' in key)).toMatchObject({ expireAfterSeconds: 2_592_000 });
    await wipe(stored.database, collections, tenant);
    expect(await carts().get(tenant, 'C-1')).toBeUndefined();
  });
});

describe('the switch for reports of carts', () => {
  const shopOf = async () => {
    const tenant = someTenant();
    const shops = createShops(stored.database);
    await shops.upsert({ tenant, platform: 'ecwid', title: 'Koffie & Co', installedAt: at(0) });
    return { tenant, shops };
  };

  it('is off until the merchant switches it on, and off again after an uninstallation', async () => {
    const { tenant, shops } = await shopOf();
    expect([...(await shops.optionsOn(tenant))]).toEqual([]);
    expect(await shops.switchOption(tenant, 'cartReports', true)).toBe(true);
    expect(await shops.switchOption(tenant, 'cartReports', true)).toBe(true);
    expect([...(await shops.optionsOn(tenant))]).toEqual(['cartReports']);
    await shops.upsert({ tenant, platform: 'ecwid', title: 'Koffie & Co', installedAt: at(1) });
    expect([...(await shops.optionsOn(tenant))]).toEqual(['cartReports']);
    await shops.uninstall(tenant, at(2));
    expect(await shops.switchOption(tenant, 'cartReports', true)).toBe(false);
    await shops.upsert({ tenant, platform: 'ecwid', title: 'Koffie & Co', installedAt: at(3) });
    expect([...(await shops.optionsOn(tenant))]).toEqual([]);
    expect(await shops.switchOption(someTenant(), 'cartReports', true)).toBe(false);
  });

  it('decides whether anything is stored at all', async () => {
    const { tenant, shops } = await shopOf();
    const storeId = '1003';
    const publicToken = 'public_of_the_store';
    const store = { storeId, publicToken, status: 'active' } as InstalledStore;
    const book = createCarts(stored.database);
    const app = express().use(
      cartRoutes({
        stores: { find: async (id) => (id === storeId ? store : undefined), save: async () => undefined, remove: async () => undefined },
        carts: {
          wanted: async () => (await shops.optionsOn(tenant)).has(ecwidOptions.cartReports.name),
          report: (_storeId, cart) => book.report(tenant, cart),
        },
        log: { info: () => undefined, warn: () => undefined },
        now: () => at(0),
      }),
    );
    const report = () =>
      request(app)
        .post('/carts')
        .send({ storeId, publicToken, cartId: 'C-1', items: [mug] });
    await report().expect(403);
    expect((await request(app).get(`/carts?storeId=${storeId}`)).body).toEqual({ on: false });
    expect(await book.get(tenant, 'C-1')).toBeUndefined();
    await shops.switchOption(tenant, ecwidOptions.cartReports.name, true);
    await report().expect(204);
    expect(await book.get(tenant, 'C-1')).toMatchObject({ items: [mug] });
    await shops.switchOption(tenant, ecwidOptions.cartReports.name, false);
    await request(app)
      .post('/carts')
      .send({ storeId, publicToken, cartId: 'C-2', items: [mug] })
      .expect(403);
    expect(await book.get(tenant, 'C-2')).toBeUndefined();
  });

  it('is offered on the platform whose app has it, and nowhere else', async () => {
    const house = createHouse();
    expect((await asked(house).get('/api/shop-options').expect(200)).body).toEqual([]);
    expect((await asked(house).put('/api/shop-options', { name: 'cartReports', on: true }).expect(404)).body.code).toBe('not-found');
    const ofBeta = (method: 'get' | 'put') => request(house.app)[method]('/api/shop-options').set('authorization', house.bearer(beta));
    expect((await ofBeta('get').expect(200)).body).toEqual([expect.objectContaining({ name: 'cartReports', on: false })]);
    const switched = await ofBeta('put').send({ name: 'cartReports', on: true }).expect(200);
    expect(switched.body).toEqual([expect.objectContaining({ name: 'cartReports', on: true })]);
    expect((await ofBeta('get')).body[0].on).toBe(true);
    await ofBeta('put').send({ name: 'everything', on: true }).expect(404);
    await ofBeta('put').send({ name: 'cartReports', on: 'yes' }).expect(400);
  });

  it('speaks of no brand and in three languages', () => {
    for (const { title, help } of Object.values(ecwidOptions)) {
      expect(JSON.stringify({ title, help })).not.toMatch(/ecwid|lightspeed/i);
      expect(Object.keys(title)).toEqual(['en', 'de', 'nl']);
      expect(Object.keys(help)).toEqual(['en', 'de', 'nl']);
    }
  });
});
