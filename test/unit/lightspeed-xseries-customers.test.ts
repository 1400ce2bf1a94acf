import { describe, expect, it } from 'vitest';
import { Customer } from '../../connectors/commerce.ts';
import { seedPeople } from '../simulators/lightspeed/articles.ts';
import { carry, changes, draftOf, failed, openHouse, planned, planOf } from './lightspeed-xseries-house.ts';
import { shopOrder } from './mpluskassa-house.ts';

const [sanne, jan] = seedPeople;
if (sanne === undefined || jan === undefined) throw new Error('nobody lives in the sandbox');

const somebody = (over: Partial<Customer> = {}): Customer =>
  Customer.parse({
    id: 'c-1',
    email: 'Mies@Example.com ',
    firstName: 'Mies',
    lastName: 'Bouwman',
    phone: '+31 6 1234 5678',
    billing: { firstName: 'Mies', lastName: 'Bouwman', street: 'Kade 1', postalCode: '1011 AA', city: 'Amsterdam', country: 'NL' },
    shipping: { firstName: 'Mies', lastName: 'Bouwman', street: 'Dijk 2', postalCode: '2011 BB', city: 'Haarlem', country: 'NL' },
    ...over,
  });

describe('customers of the store', () => {
  it('are read, told by version, and marked when they are gone', async () => {
    const house = await openHouse();
    const id = house.sim.addCustomer(sanne);
    const all = await changes(house.session, 'customer');
    expect(all.map((change) => change.id)).toEqual([id]);
    const [record] = await house.session.read('customer', [id]);
    expect(Customer.parse(record)).toMatchObject({
      id,
      email: sanne.email,
      firstName: 'Sanne',
      lastName: 'Bakker',
      billing: { street: 'Prinsengracht 12 A', postalCode: '1015 DV', city: 'Amsterdam', country: 'NL' },
    });
    expect(record).not.toHaveProperty('permission');
    house.sim.editCustomer(id, { do_not_email: true });
    const news = await changes(house.session, 'customer', all.at(-1)?.cursor);
    expect(news.map((change) => change.id)).toEqual([id]);
    expect(await house.session.read('customer', [id])).toMatchObject([{ permission: { state: 'unsubscribed' } }]);
    house.sim.removeCustomer(id);
    expect((await changes(house.session, 'customer', news.at(-1)?.cursor)).map((change) => change.id)).toEqual([id]);
    expect(await house.session.read('customer', [id])).toEqual([undefined]);
  });
});

describe('customers for the store', () => {
  it('are created once and only changed where they differ', async () => {
    const house = await openHouse();
    const { outcome } = await carry(house.session, 'customer', draftOf('customer', somebody()));
    expect(house.sim.customers()).toMatchObject([
      {
        email: 'Mies@Example.com',
        first_name: 'Mies',
        postal_address_1: 'Kade 1',
        physical_address_1: 'Dijk 2',
        physical_country_id: 'NL',
      },
    ]);
    const last = outcome.values ?? {};
    expect(JSON.stringify(last)).not.toMatch(/Mies|Kade|Amsterdam/);
    const same = planned(await planOf(house.session, 'customer', draftOf('customer', somebody(), { over: { last } })));
    expect(same.steps).toMatchObject([{ action: 'skip', reason: 'unchanged' }]);
    const moved = draftOf('customer', somebody({ billing: { ...somebody().billing, street: 'Plein 3' } as never }), { over: { last } });
    const { plan } = await carry(house.session, 'customer', moved);
    expect(JSON.parse(plan.steps[0]?.request?.body ?? '{}')).toEqual({
      first_name: 'Mies',
      last_name: 'Bouwman',
      postal_address_1: 'Plein 3',
    });
    expect(house.sim.customers()).toHaveLength(1);
  });

  it('are found by their address, whatever its case, and by nothing that is only alike', async () => {
    const house = await openHouse();
    const id = house.sim.addCustomer({ ...sanne, email: 'mies@example.com' });
    house.sim.addCustomer({ ...jan, email: 'joemies@example.com' });
    expect(planned(await planOf(house.session, 'customer', draftOf('customer', somebody()))).target).toEqual({ id });
  });

  it('keep what somebody edited in Lightspeed', async () => {
    const house = await openHouse();
    const { outcome } = await carry(house.session, 'customer', draftOf('customer', somebody()));
    house.sim.editCustomer(outcome.target.id, { phone: '+31 20 555 9999' });
    const draft = draftOf('customer', somebody({ phone: '+31 6 0000 0000' }), {
      over: { ...(outcome.values && { last: outcome.values }) },
    });
    const plan = planned(await planOf(house.session, 'customer', draft));
    expect(plan.steps).toMatchObject([
      { action: 'skip', reason: 'kept', changes: [{ field: 'customer.phone', before: '+31 20 555 9999' }] },
    ]);
  });

  it('that are several with one address wait for the merchant, who chooses one or a new one', async () => {
    const house = await openHouse();
    const one = house.sim.addCustomer({ ...sanne, email: 'mies@example.com' });
    const other = house.sim.addCustomer({ ...jan, email: 'mies@example.com' });
    const draft = draftOf('customer', somebody());
    const failure = failed(await planOf(house.session, 'customer', draft));
    expect(failure).toMatchObject({ remedy: 'fix-data', code: 'lightspeed.customer-ambiguous', params: { count: 2 } });
    expect(JSON.stringify([failure.message, failure.params])).not.toMatch(/mies|Sanne|@/i);
    const candidates = await house.session.candidates?.('customer', draft);
    expect(candidates?.map(({ value, label }) => [value, label])).toEqual([
      [one, 'Sanne Bakker'],
      [other, 'Jan de Wit'],
    ]);
    expect(planned(await planOf(house.session, 'customer', { ...draft, chosen: { id: other } })).target).toEqual({ id: other });
    expect(planned(await planOf(house.session, 'customer', { ...draft, chosen: 'new' })).steps).toMatchObject([{ action: 'create' }]);
    const order = shopOrder({ customer: somebody() });
    const sale = draftOf('order', order, { settings: { defaultPaymentMethod: house.sim.paymentTypeId('iDEAL') } });
    expect(failed(await planOf(house.session, 'order', sale)).code).toBe('lightspeed.customer-ambiguous');
    expect(await house.session.candidates?.('order', sale)).toHaveLength(2);
    const { outcome } = await carry(house.session, 'order', { ...sale, chosen: { id: one } });
    expect(house.sim.sale(outcome.target.id)).toMatchObject({ customer_id: one });
  });

  it('whose answer is lost are not created twice, with an address or without one', async () => {
    const house = await openHouse();
    for (const customer of [
      somebody(),
      somebody({ id: 'c-2', email: undefined, firstName: '', lastName: '', company: 'Stille Willem B.V.' }),
    ]) {
      const draft = draftOf('customer', customer);
      const plan = planned(await planOf(house.session, 'customer', draft));
      house.sim.faults.add({ kind: 'lose-answer', method: 'POST', path: '/customers', times: 1 });
      expect(failed((await house.session.apply('customer', [plan]))[0])).toMatchObject({ ambiguous: true });
      expect(planned(await planOf(house.open(), 'customer', draft)).steps).toMatchObject([{ action: 'skip', reason: 'unchanged' }]);
    }
    expect(house.sim.customers()).toHaveLength(2);
  });

  it('are known to the next order at once, although the search learns of them later', async () => {
    const house = await openHouse();
    const settings = { defaultPaymentMethod: house.sim.paymentTypeId('iDEAL') };
    await carry(house.session, 'order', draftOf('order', shopOrder(), { settings }));
    house.sim.faults.add({ kind: 'status', status: 200, path: '/search', body: '{"data":[]}' });
    await carry(house.session, 'order', draftOf('order', shopOrder({ id: 'order-2', number: '2' }), { settings }));
    expect(house.sim.customers()).toHaveLength(1);
  });

  it('stay away where nobody is to be created, and when they are gone in the source', async () => {
    const house = await openHouse();
    const draft = draftOf('customer', somebody(), { settings: { createCustomers: false } });
    expect(planned(await planOf(house.session, 'customer', draft)).steps).toMatchObject([{ action: 'skip', reason: 'not-in-shop' }]);
    const gone = draftOf('customer', somebody({ deleted: true }));
    expect(planned(await planOf(house.session, 'customer', gone)).steps).toMatchObject([{ action: 'skip', reason: 'deleted-in-source' }]);
  });
});
