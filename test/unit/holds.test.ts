import { beforeEach, describe, expect, it } from 'vitest';
import { holdsBack } from '../../app-server/engine/brake.ts';
import { type Cause, type Flow, tenantOf } from '../../app-server/engine/model.ts';
import { createLedger } from '../../app-server/store/entries.ts';
import { createFlowBook } from '../../app-server/store/flow-book.ts';
import { createFlows } from '../../app-server/store/flows.ts';
import type { Plan } from '../../connectors/connector.ts';
import { testDatabase } from '../database.ts';

const test = testDatabase();
const tenant = tenantOf('shopware', 'HRTGLOgXlmkKTV6t');
const now = new Date('2026-11-21T10:00:00Z');
const soon = new Date('2026-11-21T10:01:00Z');
const clock = { now: () => now };
let flow: Flow;
let count = 0;

const flows = () => createFlows(test.database);
const held = async () => (await flows().get(flow.id))?.hold;

beforeEach(async () => {
  count += 1;
  const book = createFlowBook(test.database, { now: clock.now, pollEveryMs: () => 60_000 });
  const settings = { values: { brakePercent: 30 }, tables: {} };
  const made = await book.create(tenant, { kind: 'stock', source: `till-${count}`, target: 'shop', settings, at: now, by: 'merchant' });
  flow = (await book.switch(tenant, made.id, { on: true, from: now })) ?? made;
});

const brakeCause: Cause = { code: 'stock.brake', message: 'Too much would fall to zero.', remedy: 'fix-data', params: {} };
const weather: Cause = { code: 'till.unreachable', message: 'The till is away.', remedy: 'wait', params: {} };

describe('a hold that waits for somebody’s word', () => {
  beforeEach(() => flows().hold(flow.id, { cause: brakeCause, strikes: 0 }));

  it('is not shortened by bad weather, which would end by itself', async () => {
    await flows().hold(flow.id, { until: soon, cause: weather, strikes: 3 });
    expect(await held()).toEqual({ cause: brakeCause, strikes: 0 });
  });

  it('is not ended by good weather', async () => {
    await flows().unhold(flow.id);
    expect(await held()).toEqual({ cause: brakeCause, strikes: 0 });
  });

  it('ends by that word, and the next bad weather holds as ever', async () => {
    await flows().letThrough(flow.id, now);
    expect(await held()).toBeUndefined();
    await flows().hold(flow.id, { until: soon, cause: weather, strikes: 3 });
    expect(await held()).toMatchObject({ until: soon, strikes: 3 });
    await flows().unhold(flow.id);
    expect(await held()).toBeUndefined();
  });

  it('takes the place of a hold by the weather', async () => {
    await flows().letThrough(flow.id, now);
    await flows().hold(flow.id, { until: soon, cause: weather, strikes: 3 });
    await flows().hold(flow.id, { cause: brakeCause, strikes: 0 });
    expect(await held()).toEqual({ cause: brakeCause, strikes: 0 });
  });
});

describe('the brake', () => {
  const falls = (from: number, many: number): Plan[] =>
    Array.from({ length: many }, (_, index) => ({
      id: String(from + index),
      reference: `tb-${from + index}`,
      steps: [{ id: 'stock', action: 'update', subject: 'stock', changes: [{ field: 'quantity', before: 3, after: 0 }] }],
      notes: [],
    }));

  it('counts what falls before it waits for anything: groups side by side do not each pass for themselves', async () => {
    const ledger = createLedger(test.database);
    const notices = Array.from({ length: 40 }, (_, index) => ({ sourceId: String(index) }));
    await ledger.notice(flow, notices, { by: 'import', lane: 'bulk', at: now });
    const ground = { flows: flows(), ledger, clock };
    // Eight of forty may fall together, sixteen may not.
    const answers = await Promise.all([holdsBack(ground, flow, falls(0, 8)), holdsBack(ground, flow, falls(8, 8))]);
    expect(answers).toContain(true);
    expect((await held())?.cause).toMatchObject({ code: 'stock.brake', params: { known: 40, percent: 30 } });
  });

  it('lets the same number pass that comes alone', async () => {
    const ledger = createLedger(test.database);
    const notices = Array.from({ length: 40 }, (_, index) => ({ sourceId: String(index) }));
    await ledger.notice(flow, notices, { by: 'import', lane: 'bulk', at: now });
    expect(await holdsBack({ flows: flows(), ledger, clock }, flow, falls(0, 8))).toBe(false);
    expect(await held()).toBeUndefined();
  });
});
