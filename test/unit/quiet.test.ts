import { expect, it } from 'vitest';
import type { Tenant } from '../../app-server/engine/model.ts';
import { unhush } from '../../app-server/engine/quiet.ts';

type Ground = Parameters<typeof unhush>[0];

it('lets a target rest until the last of its imports is carried out, then wakes it once for each', async () => {
  const tenant = 'shopware:s' as Tenant;
  const runs = ['orders', 'customers'].map((flow) => ({ id: flow, tenant, flow, state: 'done', startedAt: new Date(0) }));
  const busy = new Map([
    ['orders', false],
    ['customers', true],
  ]);
  const hushed = new Set(runs.map(({ id }) => id));
  const woken: string[] = [];
  const session = { wake: async () => void woken.push('mail') };
  const connector = { title: 'x', reads: { order: {}, customer: {} }, writes: { order: {}, customer: {} } };
  const engine = {
    imports: {
      hushed: async () => runs.filter(({ id }) => hushed.has(id)),
      unhush: async ({ id }: { id: string }) => void hushed.delete(id),
    },
    flows: { get: async (id: string) => ({ id, tenant, kind: id === 'orders' ? 'order' : 'customer', source: 'shop', target: 'mail' }) },
    connections: { get: async (_tenant: string, id: string) => ({ id, state: 'ok' }) },
    sessions: { open: () => ({ connector, session }) },
    ledger: { busy: async ({ id }: { id: string }) => busy.get(id) ?? false },
    clock: { now: () => new Date() },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  } as unknown as Ground;
  await unhush(engine);
  expect([woken, hushed.size]).toEqual([[], 2]);
  busy.set('customers', false);
  await unhush(engine);
  expect([woken, hushed.size]).toEqual([['mail', 'mail'], 0]);
});
