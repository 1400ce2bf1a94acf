import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../connectors/failure.ts';
import { entriesOf } from '../../connectors/mailchimp/tar.ts';
import {
  carried,
  customer,
  directSend,
  draftOf,
  gathered,
  house,
  line,
  order,
  planned,
  refusal,
  storeId,
  useHouse,
  written,
} from './mailchimp-house.ts';

useHouse();

const crowd = (count: number, offset = 0) =>
  Array.from({ length: count }, (_, index) => draftOf('customer', customer(`p${index + offset}`)));
const failures = (outcomes: readonly unknown[]) => outcomes.filter((outcome) => outcome instanceof Failure);

describe('many records', () => {
  it('of members are one submission per 500, and none the second time', async () => {
    await carried(house, 'customer', crowd(500));
    await carried(house, 'customer', crowd(500, 500));
    expect(house.submissions()).toBe(2);
    expect(house.mailchimp.members()).toHaveLength(1_000);
    house.reopen();
    const before = house.writes().length;
    await carried(house, 'customer', crowd(500));
    expect(house.writes().length).toBe(before);
    expect(house.submissions()).toBe(2);
  });

  it('of orders are one submission for 500, their customers within', async () => {
    const drafts = Array.from({ length: 500 }, (_, index) =>
      draftOf(
        'order',
        order(String(index), { customer: customer(`p${index % 400}`), lines: [line({ sku: `A${index % 40}`, grossMinor: 100 + index })] }),
      ),
    );
    await carried(house, 'order', drafts);
    expect(house.submissions()).toBe(1);
    expect(house.mailchimp.orders(storeId(house))).toHaveLength(500);
    expect(house.mailchimp.customers(storeId(house))).toHaveLength(400);
    expect(house.mailchimp.products(storeId(house))).toHaveLength(40);
    house.reopen();
    const before = house.writes().length;
    await carried(house, 'order', drafts);
    expect(house.writes().length).toBe(before);
  });

  it('are looked for by their ids alone, and read where they stand', async () => {
    for (let at = 0; at < 2_100; at += 1) house.mailchimp.addMember(`q${at}@example.nl`);
    const lists = () =>
      house.mailchimp.requests
        .filter(({ method, path, query }) => method === 'GET' && path.endsWith('/members') && query.get('count') === '1000')
        .map(({ query }) => `${query.get('offset')} ${query.get('fields') === 'members.id' ? 'ids' : 'all'}`)
        .sort();
    house.mailchimp.clearRequests();
    await planned(house, 'customer', crowd(40));
    expect(lists()).toEqual(['0 ids', '1000 ids', '2000 ids']);
    house.mailchimp.clearRequests();
    const known = await planned(
      house,
      'customer',
      Array.from({ length: 40 }, (_, index) => draftOf('customer', customer(`q${1_000 + index}`))),
    );
    expect(known.every(({ target }) => target !== undefined)).toBe(true);
    expect(lists()).toEqual(['0 ids', '1000 all', '1000 ids', '2000 ids']);
  });

  it('stay within the connections that the account shares', async () => {
    house.mailchimp.behaviour.latencyMs = 2;
    await carried(house, 'customer', crowd(18));
    expect(house.mailchimp.traffic.peak).toBeLessThanOrEqual(5);
    expect(house.mailchimp.traffic.refused).toBe(0);
  });
});

describe('the results of a batch', () => {
  it('tell of each operation by itself', async () => {
    house.mailchimp.behaviour.fakeAddresses.add('p7@example.nl');
    const outcomes = await written(house, 'customer', crowd(40));
    expect(failures(outcomes)).toHaveLength(1);
    expect(outcomes[7]).toMatchObject({ code: 'mailchimp.email-invalid', params: { record: 'c-p7' } });
    expect(outcomes[8]).toMatchObject({ written: ['member'] });
  });

  it('are fetched by a fresh address when the first one expired', async () => {
    let issued = 0;
    Object.defineProperty(house.mailchimp.batches.mode, 'urlLifetimeMs', {
      get: () => {
        issued += 1;
        return issued === 1 ? -1 : 60_000;
      },
    });
    expect(failures(await written(house, 'customer', crowd(30)))).toEqual([]);
    expect(issued).toBe(2);
    expect(house.submissions()).toBe(1);
  });

  it('are fetched where the address sends us on, without our key, and again after an outage', async () => {
    house.mailchimp.batches.mode.redirect = true;
    house.mailchimp.batches.mode.failures = 2;
    expect(failures(await written(house, 'customer', crowd(30)))).toEqual([]);
    expect(house.submissions()).toBe(1);
  });

  it('that stay away leave the records to be looked at, and nothing is written twice', async () => {
    house.mailchimp.batches.mode.failures = 1_000;
    const outcomes = await written(house, 'customer', crowd(30));
    expect(failures(outcomes)).toHaveLength(30);
    expect(outcomes[0]).toMatchObject({ code: 'mailchimp.results-unreadable', remedy: 'retry', ambiguous: true });
    house.mailchimp.batches.mode.failures = 0;
    const before = house.writes().length;
    expect(failures(await written(house, 'customer', crowd(30)))).toEqual([]);
    expect(house.writes().length).toBe(before);
  });
});

describe('a batch', () => {
  it('whose receipt was lost is looked at before anything is sent again', async () => {
    house.mailchimp.faults.add({ kind: 'lose-answer', method: 'POST', path: '/batches', times: 1 });
    const outcomes = await written(house, 'customer', crowd(30));
    expect(outcomes[0]).toMatchObject({ remedy: 'wait', ambiguous: true });
    await house.mailchimp.batches.idle();
    expect(await carried(house, 'customer', crowd(30))).toEqual(Array(30).fill(undefined));
    expect(house.submissions()).toBe(1);
  });

  it('goes on being waited for while the API has errors', async () => {
    const outage = house.mailchimp.faults.add({ kind: 'status', status: 503, method: 'GET', path: '/batches/', times: 3 });
    expect(failures(await written(house, 'customer', crowd(30)))).toEqual([]);
    outage();
    expect(house.submissions()).toBe(1);
  });

  it('is not waited for with a key that was revoked', async () => {
    const body = JSON.stringify({ title: 'API Key Invalid', status: 401, detail: 'Your API key may be invalid.' });
    house.mailchimp.faults.add({ kind: 'status', status: 401, method: 'GET', path: '/batches/', body });
    expect(await refusal(written(house, 'customer', crowd(30)))).toMatchObject({ code: 'mailchimp.credentials', remedy: 'fix-connection' });
  });
});

describe('a download', () => {
  it('is never sent on with credentials, nor more often than allowed', async () => {
    const served = createServer((request, response) => response.writeHead(302, { location: `${request.url}x` }).end()).listen(
      0,
      '127.0.0.1',
    );
    await new Promise((resolve) => served.once('listening', resolve));
    const url = `http://127.0.0.1:${(served.address() as AddressInfo).port}/`;
    const send = directSend();
    for (const headers of [{}, { authorization: 'Bearer token' }])
      expect(await refusal(send({ method: 'GET', url, headers, redirects: 2, binary: true }))).toMatchObject({
        code: 'network.redirected',
      });
    served.closeAllConnections();
    await new Promise((resolve) => served.close(resolve));
  });
});

describe('an archive', () => {
  const block = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
  function file(name: string, text: string, type = '0'): Buffer {
    const data = Buffer.from(text);
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write(`${data.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write(type, 156);
    return Buffer.concat([header, block(data)]);
  }
  const read = (bytes: Buffer) => gathered(entriesOf(gzipSync(bytes)));

  it('gives its plain files, whatever stands between them', async () => {
    const long = 'x'.repeat(100_000);
    const bytes = Buffer.concat([
      file('folder/', '', '5'),
      file('note', 'pax', 'x'),
      file('a.json', '[1]'),
      file('b.json', long),
      Buffer.alloc(1024),
    ]);
    expect((await read(bytes)).map(({ name, data }) => `${name} ${data.length}`)).toEqual(['a.json 3', 'b.json 100000']);
    expect(await read(file('a.json', '[1]'))).toHaveLength(1);
  });

  it('that is cut short or no archive is said to be unreadable', async () => {
    const whole = gzipSync(Buffer.concat([file('a.json', 'y'.repeat(5_000)), Buffer.alloc(1024)]));
    const wrong = [
      whole.subarray(0, whole.length - 20),
      Buffer.from('<html>'),
      gzipSync(file('a.json', 'y'.repeat(5_000)).subarray(0, 2_000)),
      gzipSync(Buffer.alloc(600, 7)),
    ];
    for (const bytes of wrong)
      expect(await refusal(gathered(entriesOf(bytes)))).toMatchObject({ code: 'mailchimp.results-unreadable', ambiguous: true });
  });
});
