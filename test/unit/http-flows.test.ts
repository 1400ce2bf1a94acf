import { describe, expect, it } from 'vitest';
import * as api from '../../app-server/http/api.ts';
import { asked, refused } from './http-asking.ts';
import { createHouse, tillSecret } from './http-house.ts';

describe('a flow', () => {
  const settings = { values: { sendWhen: 'placed', branch: 2 }, tables: { payments: [{ from: 'invoice', to: 'ON-ACCOUNT' }] } };

  it('is shown with its form, tables and counts that add up', async () => {
    const house = createHouse();
    const { body } = await asked(house).get('/api/flows').expect(200);
    const [flow, ...others] = api.Flow.strict().array().parse(body);
    expect(others).toEqual([]);
    expect(flow).toMatchObject({
      id: 'alpha-flow',
      counts: { received: 2, done: 1, parked: 1, skipped: 0, waiting: 0 },
      parkedBy: [{ count: 1 }],
    });
    expect(flow?.form.map(({ name }) => name)).toEqual(['sendWhen', 'branch']);
    expect((await asked(house).get('/api/flows/alpha-flow').expect(200)).body).toEqual(flow);
  });

  it('is set up once, switched off, with defaults and guesses', async () => {
    const house = createHouse();
    house.flows.splice(0, house.flows.length);
    const wanted = { kind: 'order', source: 'alpha-shop', target: 'alpha-till' };
    const first = await asked(house).post('/api/flows', wanted).expect(200);
    expect(api.Flow.strict().parse(first.body)).toMatchObject({
      on: false,
      settings: { ...settings, values: { sendWhen: 'paid', branch: 1 } },
    });
    const again = await asked(house).post('/api/flows', wanted).expect(200);
    expect(again.body.id).toBe(first.body.id);
    expect(house.flows).toHaveLength(1);
  });

  it('is set up with plain defaults while the till is away', async () => {
    const house = createHouse();
    house.flows.splice(0, house.flows.length);
    house.desk.suggest = refused('wait');
    const { body } = await asked(house).post('/api/flows', { kind: 'order', source: 'alpha-shop', target: 'alpha-till' }).expect(200);
    expect(body.settings).toEqual({ values: { sendWhen: 'paid', branch: 1 }, tables: { payments: [] } });
  });

  it('needs two systems of this shop that exchange this kind', async () => {
    const house = createHouse();
    const create = async (source: string, target: string, kind = 'order') =>
      (await asked(house).post('/api/flows', { kind, source, target })).body;
    expect(await create('alpha-shop', 'alpha-shop')).toMatchObject({ status: 400, fields: { target: expect.any(String) } });
    expect(await create('alpha-till', 'alpha-shop')).toMatchObject({ status: 400, fields: { kind: expect.any(String) } });
    expect(await create('alpha-shop', 'alpha-till', 'customer')).toMatchObject({ status: 400, fields: { kind: expect.any(String) } });
    expect(await create('alpha-shop', 'beta-till')).toMatchObject({ status: 404, code: 'not-found' });
    expect(await create('alpha-shop', 'nowhere')).toMatchObject({ status: 404, code: 'not-found' });
    expect(await create('alpha-shop', 'alpha-till', 'lorry')).toMatchObject({ status: 400, fields: { kind: expect.any(String) } });
  });

  it('guesses settings without saving them', async () => {
    const house = createHouse();
    const { body } = await asked(house).post('/api/flows/alpha-flow/suggest').expect(200);
    expect(api.FlowSettings.strict().parse(body).tables).toEqual(settings.tables);
    expect(house.flows[0]?.settingsVersion).toBe(1);
  });

  it('keeps each version of its settings and who saved it', async () => {
    const house = createHouse();
    const { body } = await asked(house).put('/api/flows/alpha-flow/settings', { settings, version: 1 }).expect(200);
    expect(api.Flow.strict().parse(body)).toMatchObject({ settings, settingsVersion: 2 });
    const versions = api.SettingsVersion.strict()
      .array()
      .parse((await asked(house).get('/api/flows/alpha-flow/versions').expect(200)).body);
    expect(versions.map(({ version, by }) => [version, by])).toEqual([
      [2, 'user-1'],
      [1, 'setup'],
    ]);
  });

  it('refuses settings that somebody overtook', async () => {
    const house = createHouse();
    await asked(house).put('/api/flows/alpha-flow/settings', { settings, version: 1 }).expect(200);
    const { body } = await asked(house).put('/api/flows/alpha-flow/settings', { settings, version: 1 }).expect(409);
    expect(body).toMatchObject({ code: 'settings-changed', remedy: 'reload' });
  });

  it('says which settings are wrong', async () => {
    const rows = [
      { from: 'a', to: '1' },
      { from: 'a', to: '2' },
    ];
    const wrong = { values: { sendWhen: 'never', branch: -1 }, tables: { payments: rows, colours: [] } };
    const { body } = await asked(createHouse()).put('/api/flows/alpha-flow/settings', { settings: wrong, version: 1 }).expect(400);
    expect(Object.keys(body.fields).sort()).toEqual([
      'settings.tables.colours',
      'settings.tables.payments.1.from',
      'settings.values.branch',
      'settings.values.sendWhen',
    ]);
  });

  it('takes records from the first switch-on, and switching again does not move that', async () => {
    const house = createHouse();
    const { body } = await asked(house).post('/api/flows/alpha-flow/switch', { on: true }).expect(200);
    expect(body).toMatchObject({ on: true, from: house.clock.toISOString() });
    expect(house.woken).toEqual(['alpha-flow']);
    await asked(house).post('/api/flows/alpha-flow/switch', { on: false }).expect(200);
    expect(house.woken).toEqual(['alpha-flow']);
    house.clock = new Date('2026-03-01T12:10:00Z');
    const again = await asked(house).post('/api/flows/alpha-flow/switch', { on: true }).expect(200);
    expect(again.body.from).toBe('2026-03-01T12:00:00.000Z');
  });

  it('can begin with older records', async () => {
    const from = '2026-01-01T00:00:00.000Z';
    const { body } = await asked(createHouse()).post('/api/flows/alpha-flow/switch', { on: true, from }).expect(200);
    expect(body.from).toBe(from);
  });

  it('shows that it is held while credentials are refused', async () => {
    const house = createHouse();
    house.desk.check = refused('fix-connection');
    await asked(house).post('/api/connections/alpha-till/check').expect(200);
    const { body } = await asked(house).get('/api/flows/alpha-flow').expect(200);
    expect(body.held).toMatchObject({ cause: { code: 'till.fix-connection' } });
  });

  it('is tried on a real order: changes beside their rule, requests without secrets and personal data', async () => {
    const house = createHouse();
    const { body, text } = await asked(house).post('/api/flows/alpha-flow/dry-run', { record: ' 10023 ' }).expect(200);
    const dryRun = api.DryRun.strict().parse(body);
    expect(dryRun.steps[0]?.changes[1]).toEqual({ field: 'lines[0].taxCode', after: 2, by: 'table', source: 'taxes:NL:2100' });
    expect(dryRun.steps[0]?.request?.body).toContain('<cents>1999</cents>');
    expect(text).not.toContain('anna@example.com');
    const again = await asked(house).post('/api/flows/alpha-flow/dry-run', { record: '10023' }).expect(200);
    expect(again.text).toBe(text);
    const unknown = await asked(house).post('/api/flows/alpha-flow/dry-run', { record: '99' }).expect(404);
    expect(unknown.body).toMatchObject({ code: 'record-unknown', remedy: 'fix-data' });
  });
});

describe('the records', () => {
  it('are listed by flow, state, cause and number', async () => {
    const house = createHouse();
    const list = async (query: string) => {
      const { body } = await asked(house).get(`/api/records${query}`).expect(200);
      return api.RecordPage.strict()
        .parse(body)
        .items.map(({ id }) => id);
    };
    expect(await list('')).toEqual(['alpha-done', 'alpha-parked']);
    expect(await list('?flow=alpha-flow&state=parked&cause=till.article-missing')).toEqual(['alpha-parked']);
    expect(await list('?search=%2010023%20')).toEqual(['alpha-done']);
    expect(await list('?search=')).toEqual(['alpha-done', 'alpha-parked']);
    expect(await list('?limit=1')).toEqual(['alpha-done']);
  });

  it('are not listed for a question that makes no sense', async () => {
    const { body } = await asked(createHouse()).get('/api/records?state=lost&limit=1000').expect(400);
    expect(Object.keys(body.fields).sort()).toEqual(['limit', 'state']);
  });

  it('tell their story without secrets and personal data', async () => {
    const { body, text } = await asked(createHouse()).get('/api/records/alpha-done').expect(200);
    const record = api.RecordDetail.strict().parse(body);
    expect(record).toMatchObject({ state: 'done', working: false, target: { id: '77' }, events: [{ by: 'webhook' }] });
    expect(record.attemptList[0]?.steps[0]?.changes.map(({ before, after }) => [before, after])).toEqual([
      [undefined, '•••'],
      [undefined, 2],
      [undefined, 'Blue mug'],
      [null, { city: '•••', country: 'BE' }],
    ]);
    expect(text).not.toContain('anna@example.com');
    expect(text).not.toContain(tillSecret);
  });

  it('are opened again, one by one or by their cause', async () => {
    const house = createHouse();
    const { body } = await asked(house).post('/api/records/alpha-done/replay').expect(202);
    expect(api.RecordSummary.strict().parse(body).state).toBe('waiting');
    expect((await asked(house).post('/api/records/replay', { flow: 'alpha-flow', cause: 'other' }).expect(202)).body).toEqual({ count: 0 });
    expect((await asked(house).post('/api/records/replay', { flow: 'alpha-flow' }).expect(202)).body).toEqual({ count: 1 });
    expect(house.entries.filter(({ state }) => state === 'parked').map(({ id }) => id)).toEqual(['beta-parked']);
  });
});
