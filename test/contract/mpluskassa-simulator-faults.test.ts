import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MpluskassaSimulator, startMpluskassa } from '../simulators/mpluskassa/simulator.ts';
import { call, orderXml, type Reply } from './mpluskassa-soap.ts';

let till: MpluskassaSimulator;

beforeEach(async () => {
  till = await startMpluskassa();
});

afterEach(async () => {
  await till.stop();
});

const create = (ext: string, wish = {}): Promise<Reply> => call(till, 'createOrder', orderXml({ ext, ...wish }));

describe('faults on demand', () => {
  it('refuse: the line is cut and nothing is stored', async () => {
    till.faults.next('refuse', { operation: 'createOrder' });
    await expect(create('W-1')).rejects.toThrow();
    expect(till.orders()).toHaveLength(0);
    expect((await create('W-1')).at('result')).toBe('CREATE-ORDER-RESULT-OK');
  });

  it('write-then-drop: the line is cut, but the order is stored', async () => {
    till.faults.next('write-then-drop');
    await expect(create('W-1')).rejects.toThrow();
    expect(till.order('W-1')?.totalInclAmount).toBe(17_990);
    expect(till.calls[0]).toMatchObject({ operation: 'createOrder', ok: false });
  });

  it('timeout: no answer comes, and nothing is stored', async () => {
    till.faults.next('timeout');
    const silent = create('W-1');
    const other = await call(till, 'getApiVersion');
    expect(other.status).toBe(200);
    await till.faults.away(true);
    await expect(silent).rejects.toThrow();
    expect(till.orders()).toHaveLength(0);
  });

  it('fault, bad-gateway and garbage are what they say, for as many calls as told', async () => {
    till.faults.next('fault', { times: 2 });
    expect((await create('W-1')).at('faultcode')).toBe('SOAP-ENV:Server');
    expect((await create('W-1')).status).toBe(500);
    till.faults.next('bad-gateway');
    till.faults.next('garbage');
    const raw = (): Promise<Response> => fetch(till.url, { method: 'POST', body: (till.calls[0]?.body ?? '') as string });
    const gateway = await raw();
    expect([gateway.status, gateway.headers.get('content-type')]).toEqual([502, 'text/html']);
    expect(await (await raw()).text()).not.toContain('</SOAP-ENV:Envelope>');
    expect(till.orders()).toHaveLength(0);
    expect((await create('W-1')).at('result')).toBe('CREATE-ORDER-RESULT-OK');
  });

  it('empty: an answer that says nothing', async () => {
    till.faults.next('empty', { operation: 'getStock' });
    const ask = (): Promise<Reply> => call(till, 'getStock', '<request><branchNumber>1</branchNumber><articleNumbers/></request>');
    const reply = await ask();
    expect([reply.status, reply.node.name, reply.node.children]).toEqual([200, 'GetStockResponse', []]);
    expect((await ask()).count('articleStocks')).toBeGreaterThan(10);
  });

  it('failed: FAILED with an empty message, nothing stored', async () => {
    till.faults.next('failed', { operation: 'createOrder' });
    const reply = await create('W-1');
    expect([reply.status, reply.at('result'), reply.at('errorMessage')]).toEqual([200, 'CREATE-ORDER-RESULT-FAILED', '']);
    expect(till.orders()).toHaveLength(0);
  });

  it('slow: the answer comes late but comes', async () => {
    till.faults.next('slow');
    const from = performance.now();
    expect((await call(till, 'getApiVersion')).at('majorNumber')).toBe('1');
    expect(performance.now() - from).toBeGreaterThan(250);
  });

  it('by chance are the same for the same seed', async () => {
    const pattern = async (): Promise<number[]> => {
      till.faults.rate(0.5, ['fault', 'bad-gateway'], 42);
      const statuses: number[] = [];
      for (let at = 0; at < 12; at += 1)
        statuses.push(
          (
            await fetch(till.url, {
              method: 'POST',
              body: '<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body><getApiVersion xmlns="urn:mplusqapi"/></Body></Envelope>',
            })
          ).status,
        );
      return statuses;
    };
    const first = await pattern();
    expect(new Set(first)).toEqual(new Set([200, 500, 502]));
    expect(await pattern()).toEqual(first);
  });

  it('away: the port is closed, and later open again with all it knew', async () => {
    await create('W-1');
    await till.faults.away(true);
    await expect(call(till, 'getApiVersion')).rejects.toThrow();
    await till.faults.away(false);
    expect((await call(till, 'findOrder', '<extOrderId>W-1</extOrderId>')).at('result')).toBe('GET-ORDER-RESULT-OK');
  });
});

describe('the till page', () => {
  const at = (path: string): string => `${till.host}:${till.port}/till${path}`;
  const post = (path: string, value: object): Promise<Response> => fetch(at(path), { method: 'POST', body: JSON.stringify(value) });

  it('shows the orders newest first and sells one', async () => {
    await create('W-1');
    await create('W-2');
    const page = await fetch(at(''));
    expect(await page.text()).toContain('Till is away');
    await post('/sell', { articleNumber: 1012 });
    const state = (await (await fetch(at('/state.json'))).json()) as { orders: { extOrderId: string; customer: string }[] };
    expect(state.orders.map((order) => order.extOrderId)).toEqual(['W-2', 'W-1']);
    expect(state.orders[0]?.customer).toBe('Ann Mulder');
    expect(till.stock(1012).free).toBe(17);
  });

  it('stays within reach while the till is away', async () => {
    await post('/away', { away: true });
    await expect(call(till, 'getApiVersion')).rejects.toThrow();
    expect(((await (await fetch(at('/state.json'))).json()) as { away: boolean }).away).toBe(true);
    await post('/away', { away: false });
    expect((await call(till, 'getApiVersion')).status).toBe(200);
  });
});
