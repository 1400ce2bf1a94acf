import { describe, expect, it } from 'vitest';
import * as api from '../../app-server/http/api.ts';
import { asked, refused } from './http-asking.ts';
import { createHouse, tillSecret } from './http-house.ts';

describe('the systems that can be connected', () => {
  it('are the shop’s own platform and those that have no shop, with their forms', async () => {
    const { body } = await asked(createHouse()).get('/api/connectors').expect(200);
    const connectors = api.Connector.strict().array().parse(body);
    expect(connectors.map(({ name, installed, form }) => [name, installed, form.length])).toEqual([
      ['shopware', true, 0],
      ['till', false, 4],
    ]);
  });
});

describe('a connection', () => {
  const path = '/api/connections/till';
  const settings = { host: 'new.till.example', port: 8443, secret: 'new-secret-1' };

  it('is saved, tested and shown without its secret', async () => {
    const house = createHouse();
    const { body } = await asked(house).put(path, { settings }).expect(200);
    const connection = api.Connection.strict().parse(body);
    expect(connection).toMatchObject({
      state: 'ok',
      settings: { host: 'new.till.example', port: 8443 },
      secretsSet: ['secret'],
      report: { ok: true },
    });
    expect(JSON.stringify(body)).not.toContain('new-secret-1');
    expect(house.connections.find(({ id }) => id === 'alpha-till')?.settings).toEqual(settings);
    expect(house.connections.find(({ id }) => id === 'beta-till')?.settings).toMatchObject({ secret: tillSecret });
  });

  it.each([
    { ...settings, secret: '', pin: '' },
    { host: settings.host, port: settings.port },
  ])('keeps the stored secret when none is entered', async (entered) => {
    const house = createHouse();
    await asked(house).put(path, { settings: entered }).expect(200);
    expect(house.connections.find(({ id }) => id === 'alpha-till')?.settings).toEqual({ ...settings, secret: tillSecret });
  });

  it('takes an emptied field as left out', async () => {
    const house = createHouse();
    const { body } = await asked(house)
      .put(path, { settings: { ...settings, port: null, secret: null } })
      .expect(200);
    expect(body.settings).toEqual({ host: settings.host, port: 443 });
    expect(house.connections.find(({ id }) => id === 'alpha-till')?.settings).toMatchObject({ secret: tillSecret });
  });

  it('says which fields are wrong and keeps what it had', async () => {
    const house = createHouse();
    const before = structuredClone(house.connections);
    const { body } = await asked(house)
      .put(path, { settings: { host: 'x', port: 'many' } })
      .expect(400);
    expect(api.Problem.parse(body).code).toBe('invalid-input');
    expect(Object.keys(body.fields).sort()).toEqual(['settings.host', 'settings.port']);
    expect(house.connections).toEqual(before);
  });

  it('with refused credentials is saved, paused, and says why', async () => {
    const house = createHouse();
    house.desk.check = refused('fix-connection');
    const { body } = await asked(house).put(path, { settings }).expect(200);
    expect(api.Connection.strict().parse(body)).toMatchObject({
      state: 'paused',
      cause: { code: 'till.fix-connection', remedy: 'fix-connection' },
      report: { ok: false, cause: { code: 'till.fix-connection' } },
    });
    expect(house.connections.find(({ id }) => id === 'alpha-till')).toMatchObject({ state: 'paused', settings });
  });

  it('to a till that is away is saved and not blamed', async () => {
    const house = createHouse();
    house.desk.check = refused('wait');
    const saved = await asked(house).put(path, { settings }).expect(200);
    expect(saved.body).toMatchObject({ state: 'unchecked', report: { ok: false, cause: { remedy: 'wait' } } });
    const checked = await asked(house).post('/api/connections/alpha-shop/check').expect(200);
    expect(checked.body).toMatchObject({ state: 'ok', report: { ok: false } });
  });

  it('that is mended wakes its flows that are on', async () => {
    const house = createHouse();
    house.desk.check = refused('fix-connection');
    await asked(house).post('/api/connections/alpha-till/check').expect(200);
    await asked(house).post('/api/flows/alpha-flow/switch', { on: true }).expect(200);
    house.woken.length = 0;
    house.desk.check = async () => ({ summary: 'Till', facts: [], warnings: [{ code: 'till.super-user', message: 'Use an employee.' }] });
    const { body } = await asked(house).post('/api/connections/alpha-till/check').expect(200);
    expect(api.Connection.strict().parse(body)).toMatchObject({
      state: 'ok',
      report: { ok: true, warnings: [{ code: 'till.super-user' }] },
    });
    expect(body).not.toHaveProperty('cause');
    expect(house.woken).toEqual(['alpha-flow']);
  });

  it('of the shop itself takes no settings, one of another platform does not exist', async () => {
    const house = createHouse();
    expect((await asked(house).put('/api/connections/shopware', { settings: {} }).expect(409)).body.code).toBe('comes-with-the-shop');
    expect((await asked(house).put('/api/connections/ecwid', { settings: {} }).expect(404)).body.code).toBe('not-found');
    expect((await asked(house).put('/api/connections/nobody', { settings: {} }).expect(404)).body.code).toBe('not-found');
  });

  it('lists what its mappings choose from; a till that is away is a 502, a list it does not know a 422', async () => {
    const house = createHouse();
    const list = '/api/connections/alpha-till/vocabulary/branches';
    expect((await asked(house).get(list).expect(200)).body).toEqual([{ value: '1', label: 'Main street', hint: 'open' }]);
    house.desk.vocabulary = refused('wait');
    const away = await asked(house).get(list).expect(502);
    expect(away.headers['content-type']).toContain('application/problem+json');
    expect(api.Problem.parse(away.body)).toMatchObject({
      code: 'till.wait',
      remedy: 'wait',
      params: { host: 'till.example' },
      detail: 'The till says wait.',
    });
    house.desk.vocabulary = refused('fix-data');
    expect((await asked(house).get(list).expect(422)).body.remedy).toBe('fix-data');
  });
});
