import { spawnSync } from 'node:child_process';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { basic, useMailchimp } from './mailchimp-calls.ts';

let now = Date.parse('2026-06-01T10:00:00Z');
const account = useMailchimp({ now: () => new Date(now) });

interface Result {
  status_code: number;
  operation_id: string;
  response: string;
}

/** Reads an archive with the tar of the system: what we write has to be one for others. */
function unpacked(bytes: Buffer): Result[] {
  const run = (...args: string[]) => spawnSync('tar', args, { input: bytes, maxBuffer: 1e9 }).stdout.toString('utf8');
  const names = run('-tzf', '-').trim().split('\n');
  expect(names[0]).toBe('./');
  return names.filter((name) => name.endsWith('.json')).flatMap((name) => JSON.parse(run('-xzOf', '-', name)) as Result[]);
}

const put = (number: number) => ({
  method: 'PUT',
  path: `/lists/${account().sim.audienceId}/members/m${number}@example.nl`,
  params: { skip_merge_validation: 'true' },
  body: JSON.stringify({ email_address: `m${number}@example.nl`, status_if_new: 'transactional' }),
  operation_id: `op-${number}`,
});
const start = async (operations: readonly object[]) => {
  const { status, body } = await account().post('/batches', { operations });
  expect(status).toBe(200);
  return String(body.id);
};
const look = async (id: string) => (await account().get(`/batches/${id}`)).body;
async function finished(id: string): Promise<Record<string, unknown>> {
  await account().sim.batches.idle();
  for (;;) {
    const batch = await look(id);
    if (batch.status === 'finished') return batch;
  }
}
const fetched = async (url: unknown): Promise<Buffer> => Buffer.from(await (await fetch(String(url))).arrayBuffer());

describe('batches', () => {
  it('wait, run and finish, and carry every operation out', async () => {
    const { sim } = account();
    const resume = sim.batches.pause();
    const id = await start([
      ...Array.from({ length: 600 }, (_, at) => put(at)),
      { method: 'GET', path: '/lists/none', operation_id: 'wrong' },
    ]);
    expect(await look(id)).toMatchObject({ status: 'pending', total_operations: 601, finished_operations: 0, response_body_url: '' });
    resume();
    await sim.batches.idle();
    expect(await look(id)).toMatchObject({ status: 'started', response_body_url: '' });
    const done = await look(id);
    expect(done).toMatchObject({ status: 'finished', finished_operations: 601, errored_operations: 1 });
    expect(sim.members()).toHaveLength(600);
    const results = unpacked(await fetched(done.response_body_url));
    const byId = new Map(results.map((result) => [result.operation_id, result]));
    expect(byId.size).toBe(601);
    expect(JSON.parse(byId.get('op-7')?.response ?? '')).toMatchObject({ email_address: 'm7@example.nl', status: 'transactional' });
    expect(byId.get('wrong')?.status_code).toBe(404);
    expect(JSON.parse(byId.get('wrong')?.response ?? '')).toMatchObject({ title: 'Resource Not Found', status: 404 });
    expect(results.map((result) => result.operation_id)).not.toEqual([...byId.keys()].sort());
    expect(sim.requests.filter((request) => request.via === 'batch')).toHaveLength(601);
  });

  it('give their results at another host, to whoever has the address and to nobody with a key', async () => {
    const { sim } = account();
    const { response_body_url: url } = await finished(await start([put(1)]));
    expect(String(url).startsWith(sim.batches.archiveUrl)).toBe(true);
    expect(sim.batches.archiveUrl).not.toBe(sim.url);
    const withKey = await fetch(String(url), { headers: { authorization: basic(sim.apiKey) } });
    expect([withKey.status, await withKey.text()]).toEqual([400, expect.stringContaining('<Code>InvalidArgument</Code>')]);
    expect((await fetch(String(url).replace(/Signature=.*/, 'Signature=00'))).status).toBe(403);
    const bytes = await fetched(url);
    expect(gunzipSync(bytes).length % 512).toBe(0);
    expect(unpacked(bytes)).toHaveLength(1);
  });

  it('give a fresh address when the old one has run out, may send on, and may fail', async () => {
    const { sim } = account();
    const id = await start([put(1)]);
    const { response_body_url: old } = await finished(id);
    now += sim.batches.mode.urlLifetimeMs + 1;
    expect((await fetch(String(old))).status).toBe(403);
    const { response_body_url: fresh } = await look(id);
    sim.batches.mode.redirect = true;
    expect((await fetch(String(fresh), { redirect: 'manual' })).status).toBe(302);
    expect(unpacked(await fetched(fresh))).toHaveLength(1);
    sim.batches.mode.failures = 1;
    expect((await fetch(String(fresh))).status).toBe(503);
    expect((await fetch(String(fresh))).status).toBe(200);
  });

  it('run one after another', async () => {
    const { sim } = account();
    const resume = sim.batches.pause();
    const first = await start(Array.from({ length: 100 }, (_, at) => put(at)));
    const second = await start([{ method: 'GET', path: `/lists/${sim.audienceId}/members`, params: { count: 1 }, operation_id: 'look' }]);
    resume();
    const { response_body_url } = await finished(second);
    expect(JSON.parse(unpacked(await fetched(response_body_url))[0]?.response ?? '')).toMatchObject({ total_items: 100 });
    expect((await finished(first)).errored_operations).toBe(0);
    expect((await account().get('/batches')).body).toMatchObject({ total_items: 2 });
  });

  it('take a thousand operations and five hundred at a time', async () => {
    const { sim, post } = account();
    const look = { method: 'GET', path: '/ping' };
    expect((await post('/batches', { operations: Array.from({ length: 1001 }, () => look) })).status).toBe(400);
    expect((await post('/batches', { operations: [] })).status).toBe(400);
    expect((await post('/batches', { operations: [{ ...put(1), body: { email_address: 'x' } }] })).body).toMatchObject({
      errors: [{ field: 'operations.item:0.body', message: 'Schema describes string, object found instead' }],
    });
    sim.batches.pause();
    for (let number = 0; number < 500; number += 1) await start([look]);
    expect((await post('/batches', { operations: [look] })).status).toBe(429);
  });

  it('can be stopped, and then nobody knows what became of them', async () => {
    const { sim, remove, get } = account();
    const resume = sim.batches.pause();
    const id = await start([put(1)]);
    expect((await remove(`/batches/${id}`)).status).toBe(204);
    resume();
    await sim.batches.idle();
    expect((await get(`/batches/${id}`)).status).toBe(404);
    expect(sim.members()).toEqual([]);
  });

  it('stand a shop of twenty thousand customers', async () => {
    const { sim, post } = account();
    await post('/ecommerce/stores', { id: 's', list_id: sim.audienceId, name: 'Till', currency_code: 'EUR', is_syncing: true });
    await post('/ecommerce/stores/s/products', { id: 'p', title: 'P', variants: [{ id: 'p', title: 'P' }] });
    const line = { id: '1', product_id: 'p', product_variant_id: 'p', quantity: 1, price: 1 };
    const operation = (at: number) => {
      const customer = { id: `c${at}`, email_address: `c${at}@example.nl`, opt_in_status: at % 2 === 0 };
      const body = { id: `o${at}`, customer, currency_code: 'EUR', order_total: 1, lines: [line] };
      return { method: 'PUT', path: `/ecommerce/stores/s/orders/o${at}`, operation_id: `o${at}`, body: JSON.stringify(body) };
    };
    for (let from = 0; from < 20_000; from += 1000) await start(Array.from({ length: 1000 }, (_, at) => operation(from + at)));
    await sim.batches.idle();
    const page = await account().get(`/lists/${sim.audienceId}/members?count=1000&offset=19000&sort_field=last_changed`);
    expect((page.body.members as unknown[]).length).toBe(1000);
    expect((await account().get('/ecommerce/stores/s/orders?count=1')).body.total_items).toBe(20_000);
    expect(sim.mails).toEqual([]);
    // Checking the log of all of them against the specification would tell nothing new.
    sim.clearRequests();
  }, 60_000);
});
