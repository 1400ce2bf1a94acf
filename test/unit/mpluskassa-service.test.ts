import { describe, expect, it } from 'vitest';
import { verify } from '../../app-server/engine/verify.ts';
import type { Order } from '../../connectors/commerce.ts';
import { Failure } from '../../connectors/failure.ts';
import { applied, draftOf, line, openTill, planned, reopen, restart, session, shopOrder, till, useTill } from './mpluskassa-house.ts';

useTill();

async function readBack(id: string): Promise<Order> {
  const [order] = await session.read('order', [id]);
  if (order === undefined || order instanceof Failure || !('payments' in order)) throw new Error('the till does not have the order');
  return order;
}

async function send(order = shopOrder(), flow = {}) {
  const plan = await planned(session, draftOf(order, flow));
  const outcome = await applied(session, plan);
  return { plan, outcome, found: await readBack(outcome.target.id) };
}

describe('an older till', () => {
  it('gets the order and the payment in two calls, guarded by the reference', async () => {
    await restart({ serviceVersion: [36, 0, 2], vatScale: 'whole' });
    const { outcome, found, plan } = await send(
      shopOrder({ customer: { email: 'ann@x.nl', firstName: 'Ann', lastName: 'M', vatIds: [], guest: false } }),
    );
    expect(outcome.written).toEqual(['order', 'payment']);
    expect(till.calls.count('createRelation')).toBe(0);
    expect(found.paidMinor).toBe(8995);
    expect(plan.expect && verify(plan.expect, found)).toMatchObject({ ok: true });
    expect(found.customer?.id).toBe(String(till.relations().find(({ email }) => email === 'ann@x.nl')?.relationNumber));
    const draft = draftOf(shopOrder({ id: 'second' }));
    till.faults.next('write-then-drop', { operation: 'payOrder' });
    const [lost] = await session.apply('order', [await planned(session, draft)]);
    expect(lost).toMatchObject({ ambiguous: true });
    await applied(session, await planned(session, draft));
    expect(till.order('tb-second')?.prepaidAmount).toBe(8995);
  });
});

describe('sales entered as invoices', () => {
  it('stand there with their payment, are found again after a lost answer and never doubled', async () => {
    reopen({ documentType: 'invoice' });
    const draft = draftOf(shopOrder({ lines: [line({ grossMinor: 1000, quantity: 3, sku: '1001' })] }));
    till.faults.next('write-then-drop', { operation: 'saveInvoice' });
    const [lost] = await session.apply('order', [await planned(session, draft)]);
    expect(lost).toMatchObject({ ambiguous: true });
    const probe = await planned(session, draft);
    expect(probe.steps.map(({ id, action }) => [id, action])).toEqual([
      ['order', 'skip'],
      ['payment', 'create'],
    ]);
    const { target } = await applied(session, probe);
    const found = await readBack(target.id);
    expect(found).toMatchObject({ totalMinor: 1000, paidMinor: 1000, paymentState: 'paid' });
    expect(probe.expect && verify(probe.expect, found).ok).toBe(true);
    expect((await planned(session, draft)).steps.every(({ action }) => action === 'skip')).toBe(true);
    expect(till.calls.count('saveInvoice')).toBe(1);
    const { found: second, outcome } = await send(shopOrder({ id: 'second' }));
    expect([second.paidMinor, outcome.written]).toEqual([8995, ['order', 'payment']]);
    expect(till.orders()).toEqual([]);
  });
});

describe('the connection', () => {
  it('says who the till is and what to mind', async () => {
    const report = await openTill(till, { employeeNumber: 999_999, branchNumber: 2 }).check();
    expect(report.summary).toBe('MplusKASSA 67.1.3, 2 branches');
    expect(report.facts).toContainEqual({ label: 'Licence', value: 'Winkel Noord B.V., Utrecht' });
    expect(report.warnings.map(({ code }) => code)).toEqual(['till.workplace-needed', 'till.super-user']);
    expect((await session.check()).warnings).toEqual([]);
    expect((await openTill(till, { employeeNumber: 7, workplaceNumber: 9 }).check()).warnings.map(({ code }) => code)).toEqual([
      'till.workplace-unknown',
      'till.employee-unknown',
    ]);
  });

  it('wrong credentials pause it', async () => {
    const wrong = openTill({ ...till, secret: 'falsch-falsch' });
    await expect(wrong.check()).rejects.toMatchObject({ remedy: 'fix-connection', code: 'till.credentials' });
  });

  it('offers the till’s own lists', async () => {
    for (const list of [
      'branches',
      'workplaces',
      'employees',
      'vatGroups',
      'paymentMethods',
      'deliveryMethods',
      'turnoverGroups',
      'articles',
    ])
      expect((await session.vocabulary(list)).length, list).toBeGreaterThan(1);
    expect(await session.vocabulary('vatGroups')).toContainEqual({ value: '1', label: '21 % NLD', hint: '1' });
    expect((await session.vocabulary('articles')).map(({ value }) => value)).not.toContain('1010');
    await expect(session.vocabulary('nothing')).rejects.toMatchObject({ code: 'till.vocabulary-unknown' });
  });

  it('tells which orders changed, each once, and goes on behind the last', async () => {
    for (const id of ['a', 'b']) await send(shopOrder({ id }));
    const changes: { id: string; cursor: string }[] = [];
    for await (const change of session.changed('order', undefined)) changes.push(change);
    expect(changes.map(({ id }) => id)).toEqual(till.orders().map(({ orderId }) => orderId));
    const later: unknown[] = [];
    for await (const change of session.changed('order', changes.at(-1)?.cursor)) later.push(change);
    expect(later).toEqual([]);
    const [second, none, first] = await session.read('order', [changes[1]?.id ?? '', 'unknown', changes[0]?.id ?? '']);
    expect([second, none, first].map((order) => order && 'number' in order && order.number)).toEqual([
      expect.any(String),
      undefined,
      expect.any(String),
    ]);
  });
});

describe('a till that fails now and then', () => {
  it.each([
    ['a new one', [67, 1, 3] as const],
    ['an old one', [36, 0, 2] as const],
  ])('%s ends up with every order once, every customer once and every payment whole', async (_which, serviceVersion) => {
    await restart({ serviceVersion });
    const orders = Array.from({ length: 24 }, (_, index) =>
      shopOrder({
        id: `chaos-${index}`,
        lines: [line({ grossMinor: 1000 + index, quantity: 3, sku: '1001' }), line({ grossMinor: 495, kind: 'shipping' })],
        customer: { email: `klant${index % 5}@example.nl`, firstName: 'Klant', lastName: String(index % 5), vatIds: [], guest: false },
      }),
    );
    till.faults.rate(0.25, ['refuse', 'fault', 'bad-gateway', 'write-then-drop', 'garbage'], 7);
    for (const order of orders) {
      const draft = draftOf(order);
      let done = false;
      for (let attempt = 0; attempt < 60 && !done; attempt += 1) {
        const [plan] = await session.plan('order', [draft]);
        if (plan === undefined || plan instanceof Failure) {
          expect(plan?.remedy).toBe('wait');
          continue;
        }
        const [outcome] = await session.apply('order', [plan]);
        done = !(outcome instanceof Failure);
        if (outcome instanceof Failure) expect(['wait', 'retry']).toContain(outcome.remedy);
      }
      expect(done).toBe(true);
    }
    expect(till.orders()).toHaveLength(orders.length);
    for (const order of orders) {
      expect(till.order(`tb-${order.id}`)).toMatchObject({ prepaidAmount: order.paidMinor, totalInclAmount: order.paidMinor });
    }
    expect(till.relations().filter(({ email }) => String(email).startsWith('klant'))).toHaveLength(5);
  });
});
