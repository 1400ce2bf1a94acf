import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { conversation, createBudget, createExchange, type ExchangeRecord } from '../../connectors/exchange.ts';
import { Failure } from '../../connectors/failure.ts';
import { createRedactor, isPersonalField, redactUrl } from '../../connectors/redaction.ts';

const servers: Server[] = [];

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const open = (more: Partial<Parameters<typeof createExchange>[0]> = {}) =>
  createExchange({ system: 'Till', budget: createBudget({ concurrency: 2 }), allowPrivateHosts: true, ...more });

async function failed(work: Promise<unknown>): Promise<Failure> {
  const outcome = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(outcome instanceof Failure)) throw new Error('it did not fail');
  return outcome;
}

describe('the way out', () => {
  it('leaves out of the record what its merchants never read, and of nothing else', async () => {
    const url = await serve((_request, response) => response.end('{"by":"LightSpeed","kind":"lamp"}'));
    const records: ExchangeRecord[] = [];
    const answer = await conversation.run({ priority: 0, record: (record) => records.push(record) }, () =>
      open({ unspoken: ['lightspeed'] })({ method: 'POST', url: `${url}/lightspeed/orders`, body: '{"to":"lightspeed"}' }),
    );
    expect(answer.body).toContain('LightSpeed');
    expect(records).toMatchObject([{ url: `${url}/•••/orders`, requestBody: '{"to":"•••"}', responseBody: '{"by":"•••","kind":"lamp"}' }]);
  });

  it('gives back any status with its body', async () => {
    const url = await serve((_request, response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>bad gateway</h1>'));
    expect(await open()({ method: 'GET', url })).toMatchObject({
      status: 502,
      body: '<h1>bad gateway</h1>',
      headers: { 'content-type': 'text/html' },
    });
  });

  it('says that nothing was sent when nobody listens', async () => {
    const url = await serve((_request, response) => response.end());
    const server = servers.pop();
    await new Promise((resolve) => server?.close(resolve));
    expect(await failed(open()({ method: 'POST', url, body: 'x' }))).toMatchObject({
      remedy: 'wait',
      code: 'network.unreachable',
      ambiguous: false,
    });
  });

  it('says that a write may have happened when the line breaks before the answer', async () => {
    const url = await serve((request) => request.socket.destroy());
    expect(await failed(open()({ method: 'POST', url, body: 'x' }))).toMatchObject({ code: 'network.broken-off', ambiguous: true });
    expect(await failed(open()({ method: 'GET', url }))).toMatchObject({ code: 'network.broken-off', ambiguous: false });
  });

  describe('over a line that the other side closes when it is taken up again', () => {
    /** Answers the first request of each line and hangs up at the second. */
    async function closing(): Promise<{ url: string; asked: () => number }> {
      const known = new WeakSet<object>();
      let asked = 0;
      const url = await serve((request, response) => {
        asked += 1;
        if (known.has(request.socket)) request.socket.resetAndDestroy();
        else response.end('here');
        known.add(request.socket);
      });
      await open()({ method: 'GET', url });
      return { url, asked: () => asked };
    }

    it.each([
      ['a GET', { method: 'GET' }],
      ['a POST that only reads', { method: 'POST', reads: true, body: 'x' }],
    ] as const)('asks again what %s asks, once', async (_, request) => {
      const { url, asked } = await closing();
      expect(await open()({ ...request, url })).toMatchObject({ status: 200, body: 'here' });
      expect(asked()).toBe(3);
    });

    it('does not ask again what it gave up itself', async () => {
      let asked = 0;
      const url = await serve((_request, response) => {
        asked += 1;
        // Never answers the second.
        if (asked !== 2) response.end('here');
      });
      await open()({ method: 'GET', url });
      expect(await failed(open()({ method: 'GET', url, timeoutMs: 50 }))).toMatchObject({ code: 'network.timeout' });
      for (let more = 0; more < 3; more += 1) expect(await open()({ method: 'GET', url })).toMatchObject({ status: 200 });
      expect(asked).toBe(5);
    });

    it('never sends a write twice, but says that it may have happened', async () => {
      const { url, asked } = await closing();
      expect(await failed(open()({ method: 'POST', url, body: 'x' }))).toMatchObject({ code: 'network.broken-off', ambiguous: true });
      expect(asked()).toBe(2);
    });
  });

  it('says that a write may have happened when half an answer came', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
      setImmediate(() => response.destroy());
    });
    expect(await failed(open()({ method: 'POST', url, body: 'x' }))).toMatchObject({ ambiguous: true, remedy: 'wait' });
  });

  it('waits no longer than it was told', async () => {
    const url = await serve(() => undefined);
    expect(await failed(open()({ method: 'POST', url, body: 'x', timeoutMs: 30 }))).toMatchObject({
      code: 'network.timeout',
      remedy: 'wait',
      ambiguous: true,
    });
  });

  it('takes no endless answer', async () => {
    const url = await serve((_request, response) => response.end('x'.repeat(5000)));
    expect(await failed(open()({ method: 'GET', url, maxBytes: 1000 }))).toMatchObject({
      code: 'network.answer-too-large',
      remedy: 'fix-data',
    });
  });

  it('does not follow a redirect but names where it leads', async () => {
    const url = await serve((_request, response) => response.writeHead(301, { location: 'https://www.shop.example/api' }).end());
    expect(await failed(open()({ method: 'GET', url }))).toMatchObject({
      code: 'network.redirected',
      remedy: 'fix-connection',
      params: { to: 'https://www.shop.example' },
    });
  });

  it('refuses private addresses, by number and by name', async () => {
    const send = open({ allowPrivateHosts: false });
    const refused = [
      'http://127.0.0.1:1/',
      'http://10.1.2.3/',
      'http://[::1]:1/',
      'http://169.254.169.254/',
      'http://localhost:1/',
      'http://[::ffff:10.0.0.1]/',
    ];
    for (const url of refused)
      expect(await failed(send({ method: 'GET', url }))).toMatchObject({ code: 'network.private-address', remedy: 'fix-connection' });
  });

  it('never has more calls under way than its budget', async () => {
    let open_ = 0;
    let most = 0;
    const url = await serve((_request, response) => {
      open_ += 1;
      most = Math.max(most, open_);
      setTimeout(() => {
        open_ -= 1;
        response.end();
      }, 2);
    });
    const send = open();
    await Promise.all(Array.from({ length: 12 }, () => send({ method: 'GET', url })));
    expect(most).toBe(2);
  });

  it('lets the urgent pass the patient where calls queue', async () => {
    const order: string[] = [];
    const url = await serve((request, response) => {
      order.push(request.url ?? '');
      response.end();
    });
    const send = open({ budget: createBudget({ concurrency: 1 }) });
    const call = (path: string, priority: number) => conversation.run({ priority }, () => send({ method: 'GET', url: `${url}/${path}` }));
    await Promise.all([call('first', 0), call('bulk1', 0), call('bulk2', 0), call('live', 1)]);
    expect(order).toEqual(['/first', '/live', '/bulk1', '/bulk2']);
  });

  it('records each exchange without secrets and without personal data', async () => {
    const answer =
      '<ns:relation><ns:relationNumber>1207</ns:relationNumber><ns:email>jan@example.nl</ns:email><ns:name>Jan de Vries</ns:name></ns:relation>';
    const url = await serve((_request, response) => response.end(answer));
    const records: ExchangeRecord[] = [];
    const body = JSON.stringify({ orderNumber: '10023', email: 'jan@example.nl', amountTotal: 19.95, secretKey: 'k', firstName: 'J\\"an' });
    await conversation.run({ record: (record) => records.push(record), priority: 0 }, () =>
      open({ secrets: ['s3cret value'] })({
        method: 'POST',
        url: `${url}/?ident=abc&secret=s3cret%20value&x=1`,
        body: `${body} s3cret value`,
        label: 'createRelation',
      }),
    );
    const [record] = records;
    expect(record).toMatchObject({ system: 'Till', label: 'createRelation', status: 200 });
    const text = JSON.stringify(record);
    for (const hidden of ['s3cret', 'jan@example.nl', 'Vries', 'J\\', '=abc']) expect(text).not.toContain(hidden);
    expect(record?.requestBody).toContain('"orderNumber":"10023"');
    expect(record?.requestBody).toContain('19.95');
    expect(record?.responseBody).toContain('<ns:relationNumber>1207</ns:relationNumber>');
    expect(record?.url).toContain('x=1');
  });

  it('masks a name that the kept part of a long body cuts in two', () => {
    const redact = createRedactor([]);
    expect(redact('{"email":"jan@exam')).not.toContain('jan@');
    expect(redact('<ns:email>jan@exam')).not.toContain('jan@');
  });
});

describe('what is masked', () => {
  it('is told by the name of a field', () => {
    expect(['customer.email', 'customer.name', 'billing.street', 'email'].map(isPersonalField)).toEqual([true, true, true, true]);
    expect(['lines[0].name', 'lines[0].taxCode', 'extOrderId', 'paymentMethod'].map(isPersonalField)).toEqual([false, false, false, false]);
  });

  it('is masked in whichever way a system names it, in bodies within bodies too, while amounts and states stay readable', () => {
    const person = {
      ...{ email_address: 'ann@example.com', first_name: 'Ann', addressBillingStreet: 'Kade', physical_address_1: 'Quay 1' },
      ...{ merge_fields: { VOORNAAM: 'Ann "A"', ADDRESS: { addr1: 'Dam 1', zip: '1012' } }, status: 'subscribed', order_total: 12.5 },
    };
    for (const body of [JSON.stringify(person), JSON.stringify({ operations: [{ path: '/lists/a1', body: JSON.stringify(person) }] })]) {
      const shown = createRedactor([])(body);
      for (const hidden of ['ann@', 'Ann', 'Kade', 'Quay', 'Dam', '1012']) expect(shown).not.toContain(hidden);
      for (const readable of ['subscribed', '12.5', 'email_address', 'merge_fields']) expect(shown).toContain(readable);
    }
    expect(redactUrl('https://x.example/customers?email=ann%40example.com&limit=2')).toBe('https://x.example/customers?email=•••&limit=2');
  });

  it('is every secret query value, whatever its spelling', () => {
    expect(redactUrl('https://x.example/?a=1&SECRET=y&payload=abc&ident=1')).toBe(
      'https://x.example/?a=1&SECRET=•••&payload=•••&ident=•••',
    );
  });
});
