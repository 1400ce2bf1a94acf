import { describe, expect, it } from 'vitest';
import { holdMs, mostStrikes, recordBackoffMs, strikesBeforeHold } from '../../app-server/engine/backoff.ts';
import { brake } from '../../app-server/engine/brake.ts';
import { isThere, lookAgainAt } from '../../app-server/engine/doubt.ts';
import { gate } from '../../app-server/engine/gate.ts';
import { keepLease } from '../../app-server/engine/lease.ts';
import type { Entry } from '../../app-server/engine/model.ts';
import { tenantOf } from '../../app-server/engine/model.ts';
import { referenceOf } from '../../app-server/engine/prepare.ts';
import { settlementOf } from '../../app-server/engine/settlement.ts';
import { verify } from '../../app-server/engine/verify.ts';
import { Order } from '../../connectors/commerce.ts';
import { Failure, type Remedy } from '../../connectors/failure.ts';

const order = (more: Partial<Order> = {}): Order =>
  Order.parse({
    id: 'o1',
    number: '10023',
    createdAt: '2026-11-21T10:00:00Z',
    currency: 'EUR',
    prices: 'gross',
    state: 'open',
    paymentState: 'paid',
    lines: [
      {
        id: 'l1',
        kind: 'product',
        sku: '1001',
        name: 'Mug',
        quantity: 2,
        grossMinor: 2420,
        netMinor: 2000,
        taxMinor: 420,
        taxRateBp: 2100,
      },
    ],
    payments: [],
    totalMinor: 2420,
    paidMinor: 2420,
    ...more,
  });

const flow = (sendWhen?: string, from?: Date) => ({
  kind: 'order' as const,
  settings: { values: sendWhen === undefined ? {} : { sendWhen }, tables: {} },
  ...(from && { from }),
});

describe('the status gate', () => {
  it('lets paid orders pass and nothing else, unless told otherwise', () => {
    expect(gate(flow(), order())).toBeUndefined();
    for (const paymentState of ['open', 'authorized', 'partially-paid', 'failed', 'cancelled'] as const) {
      expect(gate(flow(), order({ paymentState }))).toBe('not-yet-paid');
    }
    expect(gate(flow(), order({ paymentState: 'refunded' }))).toBe('refunded');
    expect(gate(flow('placed'), order({ paymentState: 'open' }))).toBeUndefined();
    expect(gate(flow('completed'), order())).toBe('not-at-status');
    expect(gate(flow('completed'), order({ state: 'completed' }))).toBeUndefined();
  });

  it('leaves cancelled orders alone, and those from before the start', () => {
    expect(gate(flow('placed'), order({ state: 'cancelled' }))).toBe('cancelled');
    expect(gate(flow('placed', new Date('2026-11-21T10:00:01Z')), order())).toBe('before-start');
    // Dated to the second by the shop, switched on within it.
    expect(gate(flow('placed', new Date('2026-11-21T10:00:00.900Z')), order())).toBeUndefined();
    expect(gate(flow('placed', new Date('2026-11-21T10:00:00Z')), order())).toBeUndefined();
  });
});

describe('what may have been made', () => {
  const at = new Date('2026-11-21T12:00:00Z');
  const later = (ms: number): Date => new Date(at.getTime() + ms);
  const again = (intent: Entry['intent'], sinceMs: number): Date | undefined =>
    lookAgainAt(intent, { hiddenMs: 60_000, now: later(sinceMs) });

  it('is looked for more and more seldom, the last time when it cannot be hidden any longer', () => {
    const looks: number[] = [];
    for (let next: Date | undefined = at; next !== undefined; next = again({ digest: 'd', until: at }, looks.at(-1) ?? 0))
      looks.push(next.getTime() - at.getTime());
    expect(looks.at(-1)).toBe(60_000);
    const pauses = looks.slice(1).map((look, index) => look - (looks[index] ?? 0));
    expect(pauses.slice(0, -1)).toEqual(pauses.slice(0, -1).toSorted((a, b) => a - b));
    expect(looks.length).toBeLessThan(20);
  });

  it('is there when the refusal of a plan says so, and is not when its articles are missing', () => {
    const refused = ['till.order-differs', 'till.payment-unclear', 'shop.order-differs', 'till.article-missing', 'till.payments-differ'];
    expect(refused.filter((code) => isThere({ code }))).toEqual(refused.slice(0, 3));
  });

  it('is in no doubt where nothing was tried, where it was refused, and where everything is seen at once', () => {
    expect(again(undefined, 0)).toBeUndefined();
    expect(again({ digest: 'd', until: at, answered: true }, 0)).toBeUndefined();
    expect(lookAgainAt({ digest: 'd', until: at }, { hiddenMs: 0, now: at })).toBeUndefined();
  });
});

describe('what a failure means for a record', () => {
  const now = new Date('2026-11-21T12:00:00Z');
  const entry = (more: Partial<Entry> = {}): Entry => ({
    id: 'e1',
    tenant: tenantOf('shopware', 's'),
    flow: 'f',
    kind: 'order',
    sourceId: 'o1',
    state: 'waiting',
    lane: 'live',
    noticed: 1,
    attempts: 1,
    strikes: 0,
    revision: 0,
    dueAt: now,
    noticedAt: now,
    events: [],
    ...more,
  });
  const failing = (remedy: Remedy, more: { waitMs?: number; ambiguous?: boolean } = {}) =>
    new Failure({ remedy, code: 'x', message: 'x', ...more });
  const settle = (of: Entry, failure: Failure, writing = false) => settlementOf(of, failure, { now, settingsVersion: 3, writing });

  it('parks what only a person can mend', () => {
    expect(settle(entry(), failing('fix-data'))).toMatchObject({ state: 'parked', cause: { remedy: 'fix-data' }, counted: true });
  });

  it('waits for ever for a side that is away, however often it was tried', () => {
    for (const strikes of [0, 5, mostStrikes, 10_000]) {
      const settlement = settle(entry({ strikes }), failing('wait'));
      expect(settlement.state).toBe('waiting');
      expect(settlement.dueAt?.getTime()).toBeGreaterThan(now.getTime());
    }
  });

  it('stays away as long as it was asked to', () => {
    expect(settle(entry(), failing('wait', { waitMs: 90_000 })).dueAt).toEqual(new Date(now.getTime() + 90_000));
  });

  it('tries an odd failure again with growing pauses, and parks it in the end', () => {
    let record = entry();
    let tries = 0;
    for (;;) {
      const settlement = settle(record, failing('retry'));
      tries += 1;
      if (settlement.state === 'parked') break;
      expect(settlement.dueAt?.getTime()).toBe(now.getTime() + recordBackoffMs(tries));
      record = entry({ strikes: settlement.strikes });
    }
    expect(tries).toBe(mostStrikes);
  });

  it('does not hold a dead credential against the record', () => {
    expect(settle(entry({ strikes: 4 }), failing('fix-connection'))).toMatchObject({
      state: 'waiting',
      strikes: 4,
      counted: false,
      dueAt: now,
    });
  });

  it('leaves open what came of a write that was not answered, and closes what was refused', () => {
    expect(settle(entry(), failing('wait', { ambiguous: true }), true)).toMatchObject({ intent: 'open' });
    expect(settle(entry(), failing('fix-data'), true)).toMatchObject({ intent: 'answered' });
    expect(settle(entry(), failing('wait', { ambiguous: true }))).not.toHaveProperty('intent');
  });

  it('changes the idempotency key after a definite refusal only', () => {
    expect(settle(entry(), failing('fix-data'), true).revision).toBe(1);
    expect(settle(entry(), failing('fix-data'), false).revision).toBe(0);
    expect(settle(entry(), failing('retry', { ambiguous: true }), true).revision).toBe(0);
  });

  it('holds a flow for at most a minute at a time', () => {
    expect(holdMs(strikesBeforeHold)).toBeLessThan(1_000);
    expect(holdMs(1_000)).toBe(60_000);
  });
});

describe('reading back', () => {
  const expected = { totalMinor: 2420, paidMinor: 2420, lines: [{ sku: '1001', quantity: 2, grossMinor: 2420 }] };

  it('is content when money and lines are what was sent, however the target splits them', () => {
    const [line] = order().lines;
    if (!line) throw new Error('no line');
    const half = { ...line, quantity: 1, grossMinor: 1210, netMinor: 1000, taxMinor: 210 };
    expect(verify(expected, order({ lines: [half, half] })).ok).toBe(true);
  });

  it('lets lines of the target pass that cost nothing', () => {
    const extra = {
      id: 'l2',
      kind: 'product' as const,
      sku: '7',
      name: 'Box',
      quantity: 1,
      grossMinor: 0,
      netMinor: 0,
      taxMinor: 0,
      taxRateBp: 0,
    };
    expect(verify(expected, order({ lines: [...order().lines, extra] })).ok).toBe(true);
    expect(verify(expected, order({ lines: [...order().lines, { ...extra, grossMinor: 5, netMinor: 5 }] })).ok).toBe(false);
  });

  it('names a cent that is missing', () => {
    const { ok, checks } = verify(expected, order({ paidMinor: 2419 }));
    expect(ok).toBe(false);
    expect(checks.filter((check) => !check.ok)).toEqual([{ what: 'paid', expected: '24.20 EUR', found: '24.19 EUR', ok: false }]);
  });

  it('sees a line that did not arrive, a wrong quantity and another customer', () => {
    expect(verify(expected, order({ lines: [] })).ok).toBe(false);
    expect(verify({ ...expected, lines: [{ sku: '1001', quantity: 3, grossMinor: 2420 }] }, order()).ok).toBe(false);
    expect(verify({ ...expected, customer: '1207' }, order({ customer: { ...emptyCustomer, id: '1208' } })).ok).toBe(false);
  });
});

const emptyCustomer = { firstName: '', lastName: '', vatIds: [], guest: false };

describe('our name for a record in the target', () => {
  it('is the same after a re-installation and different for another shop with the same number', () => {
    const one = referenceOf(tenantOf('shopware', 'A'), 'order', '10023');
    expect(referenceOf(tenantOf('shopware', 'A'), 'order', '10023')).toBe(one);
    expect(referenceOf(tenantOf('ecwid', 'A'), 'order', '10023')).not.toBe(one);
    expect(referenceOf(tenantOf('shopware', 'B'), 'order', '10023')).not.toBe(one);
    expect(one).toMatch(/^tb-[0-9a-f]{29}$/);
  });
});

describe('the stock brake', () => {
  const now = new Date('2026-11-21T12:00:00Z');
  const stock = (more: object = {}) => ({ kind: 'stock' as const, settings: { values: { brakePercent: 30 }, tables: {} }, ...more });

  it('lets a few articles sell out, holds when too large a share falls at once, and says how many', () => {
    expect(brake({ flow: stock(), zeroed: 5, known: 5, now })).toBeUndefined();
    expect(brake({ flow: stock(), zeroed: 30, known: 100, now })).toBeUndefined();
    expect(brake({ flow: stock(), zeroed: 31, known: 100, now })).toMatchObject({
      code: 'stock.brake',
      params: { zeroed: 31, known: 100, percent: 30 },
    });
  });

  it('lets through for a while after somebody said that it is right', () => {
    const minutesAgo = (minutes: number) => stock({ letThrough: new Date(now.getTime() - minutes * 60_000) });
    expect(brake({ flow: minutesAgo(5), zeroed: 90, known: 100, now })).toBeUndefined();
    expect(brake({ flow: minutesAgo(31), zeroed: 90, known: 100, now })).toMatchObject({ code: 'stock.brake' });
  });
});

describe('a lease', () => {
  it('that has lapsed stays lapsed, although a later renewal would go through', async () => {
    let at = 0;
    let renewals = 0;
    let ring: () => void = () => undefined;
    const rung = new Promise<void>((resolve) => {
      ring = resolve;
    });
    const ledger = {
      renew: async () => {
        renewals += 1;
      },
    };
    const clock = {
      now: () => {
        ring();
        return new Date(at);
      },
    };
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const entry = { lease: { worker: 'w', until: new Date(30) } };
    const lease = keepLease({ ledger: ledger as never, clock, leaseMs: 30, log }, [entry as never]);
    at = 1_000;
    await rung;
    expect(() => lease.check()).toThrow(/lease/);
    expect(renewals).toBe(0);
    lease.end();
  });
});
