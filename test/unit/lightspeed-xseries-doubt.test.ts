/** What is written to a Retail store is written once, whatever was lost on the way. */
import { describe, expect, it } from 'vitest';
import { Customer } from '../../connectors/commerce.ts';
import type { Send } from '../../connectors/exchange.ts';
import { seedPeople } from '../simulators/lightspeed/articles.ts';
import { carry, draftOf, failed, type House, openHouse, planned, planOf, send } from './lightspeed-xseries-house.ts';
import { shopOrder } from './mpluskassa-house.ts';

const [sanne, jan] = seedPeople;
if (sanne === undefined || jan === undefined) throw new Error('nobody lives in the sandbox');

const settingsOf = (house: House) => ({ defaultPaymentMethod: house.sim.paymentTypeId('iDEAL') });
const mies = (over: Partial<Customer> = {}): Customer =>
  Customer.parse({ id: 'c-1', email: 'mies@example.com', firstName: 'Mies', lastName: 'Bouwman', ...over });

/** A session to which sales are shown otherwise than they are. */
const showing = (house: House, shown: (sale: Record<string, unknown>) => object) => {
  const straight = send();
  const odd: Send = async (request) => {
    const response = await straight(request);
    if (request.method !== 'GET' || !/\/2\.0\/(?:search\?type=sales|sales)/.test(request.url) || response.status !== 200) return response;
    const body = JSON.parse(response.body) as { data: Record<string, unknown> | Record<string, unknown>[] };
    return { ...response, body: JSON.stringify({ ...body, data: Array.isArray(body.data) ? body.data.map(shown) : shown(body.data) }) };
  };
  return house.open(house.settings(), { send: odd });
};

describe('a sale', () => {
  it('that cannot be read as expected is no reason to sell it twice', async () => {
    const house = await openHouse();
    const draft = draftOf('order', shopOrder(), { settings: settingsOf(house) });
    await carry(house.session, 'order', draft);
    const session = showing(house, (sale) => ({ ...sale, payments: [{ amount: { units: 8995 } }] }));
    expect(failed(await planOf(session, 'order', draft))).toMatchObject({ remedy: 'retry', code: 'lightspeed.unreadable' });
    expect(house.sim.salesBySource(draft.reference)).toHaveLength(1);
  });

  it('that the ledger knows is not sold again when it is not shown for a moment', async () => {
    const house = await openHouse();
    const draft = draftOf('order', shopOrder(), { settings: settingsOf(house) });
    const { outcome } = await carry(house.session, 'order', draft);
    const session = house.open();
    house.sim.faults.add({ kind: 'status', status: 200, path: '/search', body: '{"data":[]}', times: 1 });
    house.sim.faults.add({ kind: 'status', status: 404, path: '/2.0/sales/', body: '{"error":"Not Found"}', times: 1 });
    expect(failed(await planOf(session, 'order', { ...draft, known: outcome.target.id }))).toMatchObject({ remedy: 'retry' });
  });

  it.each(['order', 'customer'] as const)('whose answer is lost is looked for after the search has learnt of it (%s)', async (kind) => {
    const house = await openHouse();
    const draft =
      kind === 'order'
        ? draftOf('order', shopOrder({ customer: undefined }), { settings: settingsOf(house) })
        : draftOf('customer', mies());
    const plan = planned(await planOf(house.session, kind, draft));
    house.sim.faults.add({ kind: 'lose-answer', method: 'POST', path: kind === 'order' ? '/sales' : '/customers', times: 1 });
    const lost = failed((await house.session.apply(kind, [plan]))[0]);
    expect(lost.ambiguous).toBe(true);
    expect(house.session.hiddenMs?.(kind)).toBeGreaterThanOrEqual(60_000);
  });
});

describe('a customer who is to be a new one among namesakes', () => {
  const namesakes = async () => {
    const house = await openHouse();
    for (const person of [sanne, jan]) house.sim.addCustomer({ ...person, email: 'mies@example.com' });
    return house;
  };
  const count = (house: House) => house.sim.customers().filter(({ email }) => String(email).toLowerCase() === 'mies@example.com').length;

  it('is made once, although the answer was lost and another session goes on', async () => {
    const house = await namesakes();
    const draft = draftOf('customer', mies(), { over: { chosen: 'new' } });
    const plan = planned(await planOf(house.session, 'customer', draft));
    house.sim.faults.add({ kind: 'lose-answer', method: 'POST', path: '/customers', times: 1 });
    expect(failed((await house.session.apply('customer', [plan]))[0])).toMatchObject({ ambiguous: true });
    expect(planned(await planOf(house.open(), 'customer', draft)).steps).toMatchObject([{ action: 'skip', reason: 'unchanged' }]);
    expect(count(house)).toBe(3);
  });

  it('is made once for an order whose sale broke off', async () => {
    const house = await namesakes();
    const order = shopOrder({ customer: mies() });
    const draft = draftOf('order', order, { settings: settingsOf(house), over: { chosen: 'new' } });
    const plan = planned(await planOf(house.session, 'order', draft));
    house.sim.faults.add({ kind: 'status', status: 503, method: 'POST', path: '/sales', times: 1 });
    expect(failed((await house.session.apply('order', [plan]))[0])).toMatchObject({ code: 'lightspeed.unreachable' });
    // The search learns of him later.
    house.sim.faults.add({ kind: 'status', status: 200, path: '/search', body: '{"data":[]}' });
    await carry(house.session, 'order', draft);
    expect(count(house)).toBe(3);
    expect(house.sim.salesBySource(draft.reference)).toHaveLength(1);
  });
});
