import jwt from 'jsonwebtoken';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import * as api from '../../app-server/http/api.ts';
import { issueTicket } from '../../app-server/http/tickets.ts';
import { asked } from './http-asking.ts';
import { alpha, beta, createHouse, type House, shopSecret, tillSecret } from './http-house.ts';

describe('the session of the screens', () => {
  it('names the shop', async () => {
    const { body, headers } = await asked(createHouse()).get('/api/session').expect(200);
    expect(api.Session.strict().parse(body)).toMatchObject({ tenant: alpha, shop: { title: 'Shop alpha' }, language: 'de-DE' });
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['set-cookie']).toBeUndefined();
  });

  it('goes on with a renewed ticket, and ends twelve hours after it began', async () => {
    const house = createHouse();
    const { body } = await asked(house).post('/api/session/renew').expect(200);
    const { ticket } = api.RenewedTicket.strict().parse(body);
    await request(house.app).get('/api/session').set('authorization', `Bearer ${ticket}`).expect(200);
    const began = new Date(house.clock.getTime() - 12 * 3_600_000);
    const old = issueTicket(house.key, { tenant: alpha, platform: 'shopware', language: 'en' }, began).ticket;
    const answer = await request(house.app).post('/api/session/renew').set('authorization', `Bearer ${old}`);
    expect([answer.status, answer.body.code, answer.body.remedy]).toEqual([401, 'ticket-expired', 'reload']);
  });

  it('ends with the installation', async () => {
    const house = createHouse();
    const shop = house.shops.get(alpha);
    if (shop) house.shops.set(alpha, { ...shop, state: 'uninstalled' });
    const description = (await request(house.app).get('/api/openapi.json')).body;
    for (const [path, operations] of Object.entries<object>(description.paths)) {
      for (const method of Object.keys(operations) as ('get' | 'post' | 'put')[]) {
        const { status, body } = await asked(house)[method](path.replaceAll(/\{\w+\}/g, 'alpha-flow'));
        expect([method, path, status, body.code]).toEqual([method, path, 401, 'not-installed']);
      }
    }
  });

  it('is refused on every operation without a ticket, with a forged one and with an expired one', async () => {
    const house = createHouse();
    const description = (await request(house.app).get('/api/openapi.json')).body;
    const forged = jwt.sign({ tenant: alpha, platform: 'shopware', language: 'en', auth_time: 1 }, 'guess', {
      issuer: 'tillbridge',
      audience: 'tillbridge-screens',
      expiresIn: 900,
    });
    const expired = issueTicket(
      { ...house.key, now: () => new Date('2026-01-01') },
      { tenant: alpha, platform: 'shopware', language: 'en' },
    );
    for (const [path, operations] of Object.entries<object>(description.paths)) {
      for (const method of Object.keys(operations) as ('get' | 'post' | 'put')[]) {
        const address = path.replaceAll(/\{\w+\}/g, 'alpha-flow');
        const send = (headers: Record<string, string>) => request(house.app)[method](address).set(headers);
        const codes = [
          (await send({})).body,
          (await send({ authorization: `Bearer ${forged}` })).body,
          (await send({ authorization: `Bearer ${expired.ticket}` })).body,
        ].map((problem) => `${problem.status} ${problem.code}`);
        expect([method, path, ...codes]).toEqual([method, path, '401 ticket-invalid', '401 ticket-invalid', '401 ticket-expired']);
      }
    }
  });
});

describe('another shop', () => {
  /** A valid body for each operation that takes one; the walk fails when an operation is missing here. */
  const bodies: Record<string, (id: (what: string) => string) => object> = {
    switchShopOption: () => ({ name: 'cartReports', on: true }),
    saveConnection: () => ({ settings: { host: 'beta.till.example', port: 1 } }),
    authorizeConnection: () => ({ settings: { host: 'beta.till.example' } }),
    erasePerson: () => ({ email: 'ann@example.com' }),
    chooseTarget: () => ({ candidate: '7' }),
    createFlow: (id) => ({ kind: 'order', source: id('shop'), target: id('till') }),
    saveSettings: () => ({ settings: { values: {}, tables: {} }, version: 1 }),
    switchFlow: () => ({ on: true }),
    steerImport: () => ({ phase: 'preview', action: 'start' }),
    resolveKept: () => ({ field: 'name', take: 'source' }),
    dryRun: () => ({ record: '10023' }),
    replayRecords: (id) => ({ flow: id('flow') }),
  };
  const queries: Record<string, (id: (what: string) => string) => string> = { listRecords: (id) => `?flow=${id('flow')}` };
  const whatIs = (path: string): string => (path.startsWith('/api/connections') ? 'till' : path.startsWith('/api/flows') ? 'flow' : 'done');

  it('finds nothing of ours and changes nothing, on any operation that is described', async () => {
    const house = createHouse();
    const { paths } = (await request(house.app).get('/api/openapi.json').expect(200)).body;
    const before = structuredClone({ connections: house.connections, flows: house.flows, entries: house.entries });
    const ofAlpha = (list: readonly { tenant: string }[]) => list.filter(({ tenant }) => tenant === alpha);
    let withId = 0;
    for (const [path, operations] of Object.entries<
      Record<string, { operationId: string; requestBody?: object; parameters?: { in: string }[] }>
    >(paths)) {
      for (const [method, operation] of Object.entries(operations)) {
        const send = (id: (what: string) => string) => {
          const address = path
            .replace('{id}', id(whatIs(path)))
            .replace('{list}', 'branches')
            .replace('{connectorName}', 'till');
          const body = bodies[operation.operationId];
          expect([operation.operationId, body !== undefined]).toEqual([operation.operationId, operation.requestBody !== undefined]);
          const sent = request(house.app)[method as 'get' | 'post' | 'put'](address + (queries[operation.operationId]?.(id) ?? ''));
          return sent.set('authorization', house.bearer(beta)).send(body?.(id));
        };
        const foreign = await send((what) => `alpha-${what}`);
        const unknown = await send((what) => `nobody-${what}`);
        expect(foreign.text, operation.operationId).not.toMatch(/alpha/i);
        const names = path.includes('{id}') || ['createFlow', 'replayRecords', 'listRecords'].includes(operation.operationId);
        if (!names) {
          expect([operation.operationId, foreign.status]).toEqual([operation.operationId, 200]);
          continue;
        }
        withId += 1;
        expect([operation.operationId, foreign.status, foreign.body.code]).toEqual([operation.operationId, 404, 'not-found']);
        expect(foreign.text).toBe(unknown.text);
        const own = await send((what) => `beta-${what}`);
        expect([operation.operationId, own.status < 300]).toEqual([operation.operationId, true]);
      }
    }
    expect(withId).toBeGreaterThan(10);
    expect(ofAlpha(house.connections)).toEqual(ofAlpha(before.connections));
    expect(ofAlpha(house.flows)).toEqual(ofAlpha(before.flows));
    expect(ofAlpha(house.entries)).toEqual(ofAlpha(before.entries));
  });
});

describe('secrets', () => {
  it('are in no answer of any operation', async () => {
    const house = createHouse();
    const { paths } = (await request(house.app).get('/api/openapi.json')).body;
    let answered = 0;
    for (const [path, operations] of Object.entries<object>(paths)) {
      for (const method of Object.keys(operations) as ('get' | 'post' | 'put')[]) {
        const what = path.startsWith('/api/connections') ? 'till' : path.startsWith('/api/flows') ? 'flow' : 'done';
        const address = path.replace('{id}', `alpha-${what}`).replace('{list}', 'branches').replace('{connectorName}', 'till');
        const { text, status } = await asked(house)[method](
          address,
          method === 'get' ? undefined : { record: '10023', settings: { host: 'a.example' } },
        );
        if (status < 300) answered += 1;
        for (const secret of [tillSecret, shopSecret]) expect(text, address).not.toContain(secret);
      }
    }
    expect(answered).toBeGreaterThan(10);
    expect(JSON.stringify(house.logged)).not.toMatch(new RegExp(`${tillSecret}|${shopSecret}|Bearer`));
  });
});

describe('a request that makes no sense', () => {
  const post = (house: House, type: string, body: string) =>
    request(house.app).post('/api/records/replay').set('authorization', house.bearer(alpha)).set('content-type', type).send(body);

  it('is told so as a problem with a stable code', async () => {
    const house = createHouse();
    const problems = [
      await post(house, 'application/json', '{"flow":'),
      await post(house, 'application/json', '"flow"'),
      await post(house, 'application/json', '[]'),
      await post(house, 'text/plain', 'flow'),
      await post(house, 'application/x-www-form-urlencoded', 'flow=alpha-flow'),
      await post(house, 'application/json', JSON.stringify({ flow: 'x'.repeat(2 * 1024 * 1024) })),
      await post(house, 'application/json', ''),
      await asked(house).get('/api/nothing'),
      await asked(house).get('/nothing'),
      await asked(house).get('/api/flows/%E0%A4%A'),
    ];
    expect(problems.map(({ status, body }) => `${status} ${body.code}`)).toEqual([
      '400 malformed-json',
      '400 malformed-json',
      '400 invalid-input',
      '415 wrong-content-type',
      '415 wrong-content-type',
      '413 too-large',
      '400 invalid-input',
      '404 not-found',
      '404 not-found',
      '400 malformed-request',
    ]);
    for (const { body, headers } of problems) {
      expect(headers['content-type']).toContain('application/problem+json');
      expect(api.Problem.strict().parse(body).type).toBe(`urn:tillbridge:problem:${body.code}`);
    }
    expect(house.entries.filter(({ state }) => state === 'waiting')).toEqual([]);
  });

  it('is not read at all without a ticket', async () => {
    const { status } = await request(createHouse().app).post('/api/records/replay').set('content-type', 'application/json').send('{');
    expect(status).toBe(401);
  });

  it('too often is slowed down, each shop for itself', async () => {
    const house = createHouse({ requestsPerMinute: 2 });
    await asked(house).get('/api/session').expect(200);
    await asked(house).get('/api/flows').expect(200);
    const { body, headers } = await asked(house).get('/api/session').expect(429);
    expect(body).toMatchObject({ code: 'too-many-requests', remedy: 'wait' });
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    await request(house.app).get('/api/session').set('authorization', house.bearer(beta)).expect(200);
  });
});

describe('a fault of our own', () => {
  it('tells the browser nothing and the operator where it was, by the same id', async () => {
    const house = createHouse();
    house.desk.replay = async () => {
      throw new TypeError('cannot read {"email":"anna@example.com"}');
    };
    const { body, text, headers } = await asked(house)
      .post('/api/records/alpha-done/replay')
      .set('x-request-id', 'request-0001')
      .expect(500);
    expect(body).toMatchObject({ code: 'unexpected', remedy: 'retry' });
    expect(text).not.toContain('cannot read');
    expect(headers['x-request-id']).toBe('request-0001');
    const logged = JSON.stringify(house.logged);
    expect(logged).toContain('TypeError');
    expect(logged).toContain('request-0001');
    expect(logged).not.toContain('anna@example.com');
  });

  it('is not mistaken for the caller’s when a library’s error carries a status', async () => {
    const house = createHouse();
    house.desk.replay = async () => {
      throw Object.assign(new Error('Request failed'), { status: 404 });
    };
    await asked(house).post('/api/records/alpha-done/replay').expect(500);
  });
});
