import { describe, expect, it } from 'vitest';
import { verify } from '../../app-server/engine/verify.ts';
import type { Order } from '../../connectors/commerce.ts';
import { Failure } from '../../connectors/failure.ts';
import { applied, draftOf, line, openTill, planned, refusal, reopen, session, shopOrder, till, useTill } from './mpluskassa-house.ts';

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

const operations = (): string[] => [...till.calls].map(({ operation }) => operation);

describe('a paid order', () => {
  it('is in the till with its customer, its lines and its payment, and reads back as planned', async () => {
    const order = shopOrder({
      lines: [
        line({ grossMinor: 7485, quantity: 3, sku: '1001', name: 'T-shirt' }),
        line({ grossMinor: 1000, quantity: 3, sku: '1004', name: 'Sokken' }),
        line({ grossMinor: 495, kind: 'shipping', name: 'Verzending' }),
        line({ grossMinor: -750, kind: 'discount', name: 'Zomerkorting' }),
        line({ grossMinor: -1000, kind: 'gift-card', taxRateBp: 0, name: 'Cadeaubon' }),
      ],
    });
    const { plan, outcome, found } = await send(order);
    expect(outcome.written).toEqual(['customer', 'order']);
    expect(found.totalMinor).toBe(7230);
    expect(found.paymentState).toBe('paid');
    expect(plan.expect && verify(plan.expect, found)).toMatchObject({ ok: true });
    expect(till.order('tb-order-1')).toMatchObject({ prepaidAmount: 7230, reference: '10023' });
    expect(till.relations().at(-1)).toMatchObject({ email: 'Jan@Example.nl' });
    expect(till.stock(1001)).toMatchObject({ reserved: 3, free: 9 });
  });

  it('costs five calls for a new customer, four for a returning one, when the lists are known', async () => {
    await send(
      shopOrder({ id: 'warm-up', customer: { email: 'ann@x.nl', firstName: 'Ann', lastName: 'Mulder', vatIds: [], guest: false } }),
    );
    till.calls.reset();
    await send(shopOrder({ id: 'a' }));
    expect(operations()).toEqual(['findOrder', 'findRelationV2', 'createRelation', 'createOrderV3', 'getOrder']);
    till.calls.reset();
    await send(shopOrder({ id: 'b' }));
    expect(operations()).toEqual(['findOrder', 'findRelationV2', 'createOrderV3', 'getOrder']);
  });

  it('a second paid event writes nothing', async () => {
    const { outcome } = await send();
    const again = await planned(session, draftOf(shopOrder()));
    expect(again.steps.map(({ id, action, reason }) => [id, action, reason])).toEqual([['order', 'skip', 'exists']]);
    expect(again.target).toMatchObject({ id: outcome.target.id });
    till.calls.reset();
    expect(await applied(session, again)).toMatchObject({ written: [], target: { id: outcome.target.id } });
    expect(till.calls.count()).toBe(0);
    expect(again.expect && verify(again.expect, await readBack(outcome.target.id)).ok).toBe(true);
  });

  it('planned twice gives the same bytes and writes nothing; the live run sends exactly what the plan showed', async () => {
    const first = await planned(session, draftOf(shopOrder()));
    const second = await planned(openTill(till), draftOf(shopOrder()));
    expect(second).toEqual(first);
    expect([till.orders(), till.relations().some(({ email }) => email === 'Jan@Example.nl')]).toEqual([[], false]);
    await applied(session, first);
    const sent = [...till.calls].find(({ operation }) => operation === 'createOrderV3')?.body;
    const relation = till.relations().at(-1)?.relationNumber;
    expect(sent).toBe(first.steps[1]?.request?.body.replace('{{customer}}', String(relation)));
  });

  it('is neither delivered nor invoiced', async () => {
    const { found } = await send();
    expect(found.state).toBe('open');
    expect(till.order('tb-order-1')?.lines.every(({ delivered }) => !delivered)).toBe(true);
  });

  it('an order sent before it is paid gets its payment when the money comes', async () => {
    const flow = { values: { sendWhen: 'placed' } };
    const open = shopOrder({ paidMinor: 0, paymentState: 'open' });
    const { outcome, found } = await send(open, flow);
    expect(found.paymentState).toBe('open');
    const plan = await planned(session, draftOf(shopOrder(), flow));
    expect(plan.steps.map(({ id, action }) => [id, action])).toEqual([
      ['order', 'skip'],
      ['payment', 'create'],
    ]);
    await applied(session, plan);
    expect((await readBack(outcome.target.id)).paidMinor).toBe(8995);
  });

  it('in a net shop comes to what was paid, to the cent', async () => {
    const order = shopOrder({
      prices: 'net',
      lines: [
        line({ netMinor: 1001, taxMinor: 210, grossMinor: 1211, quantity: 7, sku: '1001' }),
        line({ netMinor: 333, taxMinor: 30, grossMinor: 363, taxRateBp: 900, sku: '1007' }),
      ],
      totalMinor: 1575,
    });
    const { plan, found } = await send(order);
    expect(found.totalMinor).toBe(1575);
    expect(plan.notes.map(({ code }) => code)).toContain('rounding-line');
    expect(plan.expect && verify(plan.expect, found).ok).toBe(true);
  });

  it('with VAT added comes to what was paid as well', async () => {
    reopen({ vatMethod: 'exclusive' });
    const order = shopOrder({
      prices: 'net',
      lines: [
        line({ netMinor: 1001, taxMinor: 210, grossMinor: 1211, quantity: 7, sku: '1001' }),
        line({ grossMinor: 495, kind: 'shipping' }),
      ],
    });
    const { plan, found } = await send(order);
    expect(found).toMatchObject({ totalMinor: 1706, prices: 'net' });
    expect(plan.expect && verify(plan.expect, found)).toMatchObject({ ok: true });
  });

  it('tax-free goes out without VAT', async () => {
    const abroad = {
      firstName: 'Jo',
      lastName: 'Doe',
      street: '1 Main St',
      additional: [],
      postalCode: '10001',
      city: 'New York',
      country: 'US',
    };
    const { found } = await send(
      shopOrder({ prices: 'tax-free', lines: [line({ grossMinor: 7434, taxRateBp: 0, sku: '1006' })], shipping: abroad }),
    );
    expect(found).toMatchObject({ totalMinor: 7434, prices: 'tax-free' });
  });
});

describe('customers', () => {
  it('part of an address is somebody else: ann@x.nl is not joann@x.nl', async () => {
    const { found } = await send(
      shopOrder({ customer: { email: 'ANN@x.nl', firstName: 'Ann', lastName: 'Mulder', vatIds: [], guest: false } }),
    );
    const ann = till.relations().find(({ email }) => email === 'ann@x.nl');
    expect(found.customer?.id).toBe(String(ann?.relationNumber));
  });

  it('a known customer stays as he is, unless the merchant wants addresses updated', async () => {
    const customer = { email: 'ann@x.nl', firstName: 'Ann', lastName: 'Mulder', vatIds: [], guest: false };
    expect((await planned(session, draftOf(shopOrder({ customer })))).steps[0]).toMatchObject({ action: 'skip', reason: 'exists' });
    const { plan } = await send(shopOrder({ customer }), { values: { updateCustomers: true } });
    expect(plan.steps[0]).toMatchObject({ action: 'update' });
    expect(plan.steps[0]?.changes).toContainEqual({ field: 'billing.city', before: 'Amsterdam', after: 'Utrecht' });
    expect(till.relations().find(({ email }) => email === 'ann@x.nl')).toMatchObject({ name: 'Ann Mulder', city: 'Utrecht' });
  });

  it('the default debtor takes orders without an e-mail address, or all of them', async () => {
    const anonymous = shopOrder({ customer: { firstName: 'X', lastName: 'Y', vatIds: [], guest: true } });
    expect(await refusal(session, draftOf(anonymous))).toMatchObject({ remedy: 'fix-data', code: 'till.customer-unknown' });
    const number = till.relations().find(({ email }) => email === 'webshop@voorbeeld.nl')?.relationNumber;
    expect((await send(anonymous, { values: { defaultDebtor: number } })).found.customer?.id).toBe(String(number));
    const forced = await send(shopOrder({ id: 'o2' }), { values: { defaultDebtor: number, defaultDebtorMode: 'force' } });
    expect(forced.found.customer?.id).toBe(String(number));
    expect(till.calls.count('createRelation')).toBe(0);
  });

  it('a customer without e-mail address is recognised by his number', async () => {
    const order = (id: string) =>
      shopOrder({ id, customer: { id: 'c9', number: '20009', firstName: 'Piet', lastName: 'Post', vatIds: [], guest: false } });
    const first = await send(order('a'));
    const second = await send(order('b'));
    expect(second.found.customer?.id).toBe(first.found.customer?.id);
    expect(till.calls.count('createRelation')).toBe(1);
  });
});

describe('when an answer gets lost', () => {
  it('the order that was written all the same is found and not written again', async () => {
    const draft = draftOf(shopOrder());
    const plan = await planned(session, draft);
    till.faults.next('write-then-drop', { operation: 'createOrderV3' });
    const [lost] = await session.apply('order', [plan]);
    expect(lost).toMatchObject({ ambiguous: true, remedy: 'wait' });
    const probe = await planned(session, draft);
    expect(probe.steps.every(({ action }) => action === 'skip')).toBe(true);
    await applied(session, probe);
    expect(till.orders()).toHaveLength(1);
    expect(till.order('tb-order-1')).toMatchObject({ prepaidAmount: 8995 });
  });

  it('the customer that was written all the same is not created twice', async () => {
    const draft = draftOf(shopOrder());
    till.faults.next('write-then-drop', { operation: 'createRelation' });
    const [lost] = await session.apply('order', [await planned(session, draft)]);
    expect(lost).toMatchObject({ ambiguous: true });
    await applied(session, await planned(session, draft));
    expect(till.relations().filter(({ email }) => email === 'Jan@Example.nl')).toHaveLength(1);
    expect(till.orders()).toHaveLength(1);
  });

  it('the same plan carried out twice writes one order: the till replays its answer', async () => {
    const plan = await planned(
      session,
      draftOf(shopOrder({ customer: { email: 'ann@x.nl', firstName: 'Ann', lastName: 'M', vatIds: [], guest: false } })),
    );
    const first = await applied(session, plan);
    expect(await applied(session, plan)).toEqual(first);
    expect(till.orders()).toHaveLength(1);
    expect(till.order('tb-order-1')?.prepaidAmount).toBe(8995);
  });

  it('a reference that is taken meanwhile is looked at again', async () => {
    const draft = draftOf(shopOrder());
    const stale = await planned(session, { ...draft, revision: 1 });
    await applied(session, await planned(session, draft));
    const [clash] = await session.apply('order', [stale]);
    expect(clash).toMatchObject({ remedy: 'retry', ambiguous: true });
    expect(till.orders()).toHaveLength(1);
  });
});

describe('when the till says no', () => {
  it('a refusal parks the record with the till’s words; a corrected attempt is not answered with the stored refusal', async () => {
    till.faults.next('failed', { operation: 'createOrderV3' });
    const [refused] = await session.apply('order', [await planned(session, draftOf(shopOrder()))]);
    expect(refused).toMatchObject({ remedy: 'fix-data', code: 'till.refused', ambiguous: false });
    await applied(session, await planned(session, draftOf(shopOrder(), { revision: 1 })));
    expect(till.orders()).toHaveLength(1);
  });

  it('articles: a missing one and an inactive one park the order naming the SKU, and are seen soon after they are mended', async () => {
    const order = (sku: string) => shopOrder({ id: sku, lines: [line({ grossMinor: 1995, sku })] });
    expect(await refusal(session, draftOf(order('1999')))).toMatchObject({ code: 'till.article-missing', params: { sku: '1999' } });
    expect(await refusal(session, draftOf(order('1010')))).toMatchObject({ code: 'till.article-inactive', params: { sku: '1010' } });
    till.calls.reset();
    expect(await refusal(session, draftOf(order('FLES-750')))).toMatchObject({
      code: 'till.article-not-numeric',
      params: { sku: 'FLES-750' },
    });
    expect(till.calls.count()).toBe(0);
    await send(order('FLES-750'), {
      tables: { articles: [{ from: 'FLES-750', to: '1012' }], paymentMethods: [{ from: 'shop-ideal', to: 'IDEAL' }] },
    });
    expect(till.stock(1012).reserved).toBe(1);
  });

  it('an order that stands there with another total is parked with both totals', async () => {
    await send();
    const changed = shopOrder({ lines: [line({ grossMinor: 9995 })] });
    expect(await refusal(session, draftOf(changed))).toMatchObject({ code: 'till.order-differs', params: { till: 8995, shop: 9995 } });
  });

  it('another currency, an unknown payment method and an unknown delivery method park the order', async () => {
    expect(await refusal(session, draftOf(shopOrder({ currency: 'USD' })))).toMatchObject({ code: 'till.currency' });
    const tables = (to: string) => ({ tables: { paymentMethods: [{ from: 'shop-ideal', to }] } });
    expect(await refusal(session, draftOf(shopOrder(), tables('BITCOIN')))).toMatchObject({ code: 'till.payment-method-unknown' });
    expect(await refusal(session, draftOf(shopOrder(), { values: { defaultDeliveryMethod: 'DRONE' } }))).toMatchObject({
      code: 'till.delivery-method-unknown',
    });
  });

  it('one bad order of a batch leaves its neighbours alone, and the batch is looked up in one call', async () => {
    const drafts = [shopOrder({ id: 'a' }), shopOrder({ id: 'b', currency: 'USD' }), shopOrder({ id: 'c' })].map((order) => draftOf(order));
    const plans = await session.plan('order', drafts);
    expect(plans.map((plan) => plan instanceof Failure)).toEqual([false, true, false]);
    expect(till.calls.count('getOrdersByExtOrderIds')).toBe(1);
    expect(till.calls.count('findOrder')).toBe(0);
    expect(till.calls.count('findRelationV2')).toBe(1);
  });

  it('a till that is away is waited for', async () => {
    await till.faults.away(true);
    expect(await refusal(session, draftOf(shopOrder()))).toMatchObject({ remedy: 'wait', ambiguous: false });
    await till.faults.away(false);
    await send();
  });
});
