import { describe, expect, it } from 'vitest';
import { Customer, type Permission } from '../../connectors/commerce.ts';
import type { Plan } from '../../connectors/connector.ts';
import { Failure } from '../../connectors/failure.ts';
import {
  actionsOf,
  anna,
  draftOf,
  later,
  planned,
  refusal,
  reopen,
  restart,
  session,
  store,
  useStore,
  writes,
  written,
} from './ecwid-people-house.ts';

useStore();

const inStore = (id: string | undefined) => store.shop.customers.get(Number(id));
const yes: Permission = { state: 'subscribed', at: '2026-02-01T10:00:00Z', source: 'newsletter form' };

describe('a person on the way to the store', () => {
  it('is created once, found again by the e-mail address whatever its case, and left alone while nothing changed', async () => {
    const { target } = await written(
      'customer',
      anna({ company: 'Dijk BV', vatIds: ['NL001'], shipping: { ...anna().billing, street: 'Kade 2' } as never }),
    );
    expect(inStore(target.id)).toMatchObject({
      email: 'anna@example.com',
      person: {
        name: 'Anna van Dijk',
        companyName: 'Dijk BV',
        street: 'Singel 7',
        city: 'Amsterdam',
        countryCode: 'NL',
        phone: '+31 6 1234 5678',
      },
      shippingAddresses: [{ name: 'Anna van Dijk', street: 'Kade 2' }],
      taxId: 'NL001',
      b2b_b2c: 'b2b',
    });
    const company = anna({ email: 'ANNA@Example.com ', company: 'Dijk BV', vatIds: ['NL001'] });
    expect(actionsOf(await planned('customer', company))).toEqual(['skip: unchanged']);
    expect(writes()).toHaveLength(1);
    expect(store.shop.mails).toEqual([]);
  });

  it('is never a namesake: parts of an address are not the address', async () => {
    await written('customer', anna({ id: '1', email: 'joanna@example.com' }));
    expect(actionsOf(await planned('customer', anna()))).toEqual(['create']);
  });

  it('is found under an address that somebody typed in capitals', async () => {
    const { id } = store.shop.putCustomer({ email: 'Anna@Example.COM' });
    expect((await planned('customer', anna())).target).toEqual({ id: String(id) });
  });

  it('is not made twice when the answer got lost, although the search lags', async () => {
    store.faults.add({ kind: 'lose-answer', path: '/customers', method: 'POST', times: 1 });
    expect(await refusal(written('customer', anna()))).toMatchObject({ ambiguous: true });
    store.state.indexLagMs = 60_000;
    expect(await refusal(written('customer', anna()))).toMatchObject({ code: 'shop.customer-exists', remedy: 'retry' });
    later(61);
    expect(actionsOf(await planned('customer', anna()))).toEqual(['skip: unchanged']);
    expect(store.shop.customers.size).toBe(1);
  });

  it('is known at once to whoever wrote it, although the search lags', async () => {
    store.state.indexLagMs = 60_000;
    const { target } = await written('customer', anna());
    expect((await planned('customer', anna())).target).toEqual(target);
  });

  it('gets news only with proof of when and where he asked for them', async () => {
    const asked = async (email: string, permission?: Permission) => {
      const { target } = await written('customer', anna({ id: email, email, ...(permission && { permission }) }));
      return inStore(target.id)?.acceptMarketing;
    };
    expect(await asked('a@example.com')).toBe(false);
    expect(await asked('b@example.com', { state: 'subscribed' })).toBe(false);
    expect(await asked('c@example.com', { state: 'pending', at: yes.at, source: yes.source })).toBe(false);
    expect(await asked('d@example.com', yes)).toBe(true);
  });

  it.each([true, false, undefined])('who is there keeps what he said about news: %s', async (said) => {
    const { id } = store.shop.putCustomer({ email: 'anna@example.com', ...(said !== undefined && { acceptMarketing: said }) });
    for (const permission of [yes, { state: 'unsubscribed' } as const])
      await written('customer', anna({ permission, phone: permission.state }));
    expect(store.shop.customers.get(id)?.acceptMarketing).toBe(said);
  });

  it('keeps what somebody edited in the store, and takes the rest', async () => {
    const { target, values } = await written('customer', anna());
    const person = inStore(target.id)?.person;
    store.shop.putCustomer({ billingPerson: { ...(person as NonNullable<typeof person>), phone: '020 555' } }, Number(target.id));
    later(120);
    const moved = anna({ billing: { ...(anna().billing as NonNullable<Customer['billing']>), street: 'Damrak 1' }, phone: '06 999' });
    const plan = await planned('customer', moved, { draft: { known: target.id, ...(values && { last: values }) } });
    expect(plan.steps[0]?.changes).toEqual([
      { field: 'customer.billing.phone', before: '020 555', after: '06 999', kept: { ours: '•••' } },
      { field: 'customer.billing.street', before: 'Singel 7', after: 'Damrak 1' },
    ]);
    await session.apply('customer', [plan]);
    expect(inStore(target.id)?.person).toMatchObject({ name: 'Anna van Dijk', street: 'Damrak 1', phone: '020 555' });
    expect(JSON.stringify(values)).not.toMatch(/anna|singel/i);
  });

  it('keeps delivery addresses that are not ours, and fields that the merchant lets nobody overwrite', async () => {
    const { id } = store.shop.putCustomer({
      email: 'anna@example.com',
      billingPerson: { name: 'A. Dijk', street: 'Old 1', city: 'Delft', countryCode: 'NL', countryName: 'Netherlands', postalCode: '2600' },
      shippingAddresses: [
        { id: 5, street: 'First 1' },
        { id: 6, street: 'Second 2', city: 'Gouda' },
      ],
    });
    const shipping = { firstName: 'Anna', lastName: 'van Dijk', street: 'Kade 2', additional: [], postalCode: '', city: '' };
    const values = { policy_billing: 'on-create', policy_name: 'never' };
    await written('customer', anna({ shipping }), { values });
    expect(store.shop.customers.get(id)).toMatchObject({
      person: { name: 'A. Dijk', street: 'Old 1', city: 'Delft', phone: '+31 6 1234 5678' },
      shippingAddresses: [
        { id: 5, street: 'Kade 2', name: 'Anna van Dijk' },
        { id: 6, street: 'Second 2', city: 'Gouda' },
      ],
    });
  });

  it('stays who he is when he was written before, under a new address only where the merchant wants it', async () => {
    const { target } = await written('customer', anna());
    const moved = anna({ email: 'new@example.com' });
    const draft = { known: target.id };
    expect(actionsOf(await planned('customer', moved, { draft }))).toEqual(['skip: unchanged']);
    await written('customer', moved, { draft, values: { policy_email: 'always' } });
    expect(inStore(target.id)?.email).toBe('new@example.com');
    store.shop.putCustomer({ email: 'taken@example.com' });
    const third = { draft, values: { policy_email: 'always' } };
    expect(await refusal(written('customer', anna({ email: 'taken@example.com' }), third))).toMatchObject({
      code: 'shop.customer-email-taken',
      remedy: 'fix-data',
    });
  });

  it('is recognised by telephone number in whichever way it is written, also when only just made', async () => {
    const { target } = await written('customer', anna());
    const caller = anna({ id: '9', email: 'other@example.com', phone: '06-12345678' });
    expect((await planned('customer', caller, { values: { match: 'phone' } })).target).toEqual(target);
    reopen();
    expect((await planned('customer', caller, { values: { match: 'phone' } })).target).toEqual(target);
    expect(actionsOf(await planned('customer', anna({ phone: '020 1' }), { values: { match: 'phone' } }))).toEqual(['update']);
  });

  it('is left out without an address, as a guest, or when nobody new is wanted; a wrong address is named', async () => {
    expect(actionsOf(await planned('customer', anna({ email: undefined })))).toEqual(['skip: no-email']);
    expect(actionsOf(await planned('customer', anna({ guest: true })))).toEqual(['skip: guest']);
    expect(actionsOf(await planned('customer', anna({ guest: true }), { values: { guests: true } }))).toEqual(['create']);
    expect(actionsOf(await planned('customer', anna(), { values: { createCustomers: false } }))).toEqual(['skip: not-in-shop']);
    const failure = await refusal(planned('customer', anna({ email: 'anna at example' })));
    expect(failure).toMatchObject({ code: 'shop.email-invalid', remedy: 'fix-data', params: { customer: '20007' } });
    expect(`${failure.message} ${JSON.stringify(failure.params)}`).not.toContain('anna at');
  });

  it('of a hundred costs a handful of calls, and a second run none that writes', async () => {
    const drafts = Array.from({ length: 100 }, (_, index) =>
      draftOf('customer', anna({ id: `c${index}`, email: `c${index}@example.com` })),
    );
    const plans = (await session.plan('customer', drafts)).filter((plan): plan is Plan => !(plan instanceof Failure));
    const outcomes = await session.apply('customer', plans);
    expect(outcomes.filter((outcome) => outcome instanceof Failure)).toEqual([]);
    expect(store.shop.customers.size).toBe(100);
    expect(store.calls.length).toBeLessThanOrEqual(10);
    later(120);
    const again = await session.plan('customer', drafts);
    expect(again.map((plan) => (plan instanceof Failure ? plan.code : actionsOf(plan)[0]))).toEqual(drafts.map(() => 'skip: unchanged'));
    expect(writes()).toEqual([]);
  });

  it('says which permission is missing, and the others go on', async () => {
    await restart({ scopes: ['read_store_profile', 'read_orders', 'read_customers', 'read_catalog'] });
    expect(await refusal(written('customer', anna()))).toMatchObject({
      remedy: 'fix-data',
      code: 'shop.privileges-missing',
      params: { privileges: 'create_customers' },
    });
    expect(await session.read('customer', ['1'])).toEqual([undefined]);
  });
});

describe('two that one may be', () => {
  const both = () => {
    const ids = ['Amsterdam', 'Utrecht'].map((city) => {
      const person = {
        name: `Anna in ${city}`,
        street: 'S 1',
        city,
        countryCode: 'NL',
        countryName: 'Netherlands',
        postalCode: '1',
        phone: '0612345678',
      };
      return String(store.shop.putCustomer({ email: `anna.${city}@example.com`, billingPerson: person }).id);
    });
    return ids as [string, string];
  };
  const byPhone = { values: { match: 'phone' } };

  it('are not guessed between: the merchant sees both and chooses, or makes a new one', async () => {
    const ids = both();
    const failure = await refusal(planned('customer', anna(), byPhone));
    expect(failure).toMatchObject({ code: 'shop.customer-ambiguous', remedy: 'fix-data', params: { customer: '20007', count: 2 } });
    expect(JSON.stringify(failure)).not.toContain('example.com');
    const candidates = await session.candidates?.('customer', draftOf('customer', anna(), byPhone));
    expect(candidates?.map(({ value, label }) => `${value} ${label}`)).toEqual([
      `${ids[0]} Anna in Amsterdam`,
      `${ids[1]} Anna in Utrecht`,
    ]);
    expect((await planned('customer', anna(), { ...byPhone, draft: { chosen: { id: ids[1] } } })).target).toEqual({ id: ids[1] });
    expect(actionsOf(await planned('customer', anna(), { ...byPhone, draft: { chosen: 'new' } }))).toEqual(['create']);
  });

  it('of one address are an old store’s: it takes no third, and says so', async () => {
    const [first] = both();
    // Older stores have such pairs; nobody can make them any more.
    for (const customer of store.shop.customers.values())
      customer.email = customer.id === Number(first) ? 'anna@example.com' : 'Anna@example.com';
    expect(await refusal(planned('customer', anna({ email: 'ANNA@example.com' })))).toMatchObject({ code: 'shop.customer-ambiguous' });
    expect(await refusal(planned('customer', anna({ email: 'ANNA@example.com' }), { draft: { chosen: 'new' } }))).toMatchObject({
      code: 'shop.customer-email-taken',
    });
  });
});

describe('what a customer of the store said about news', () => {
  const permissionOf = async (id: number) => {
    const [customer] = await session.read('customer', [String(id)]);
    return Customer.parse(customer).permission;
  };

  it('is a yes since the day of his registration, however often his record is edited', async () => {
    const { id } = store.shop.putCustomer({ email: 'anna@example.com', acceptMarketing: true });
    later(86_400);
    store.shop.putCustomer({ taxId: 'NL1' }, id);
    expect(await permissionOf(id)).toEqual({ state: 'subscribed', at: '2026-03-01T10:00:00.000Z', source: 'shop' });
  });

  it('is nothing while he never said anything, which is no unsubscribing', async () => {
    expect(await permissionOf(store.shop.putCustomer({ email: 'a@example.com', acceptMarketing: false }).id)).toBeUndefined();
    expect(await permissionOf(store.shop.putCustomer({ email: 'b@example.com' }).id)).toBeUndefined();
    const order = store.placeOnlinePaid();
    expect(await permissionOf(order.customerId ?? 0)).toBeUndefined();
  });

  it('is a no where he had said yes with an order and took it back', async () => {
    const { customerId = 0 } = store.placeOnlinePaid({ acceptMarketing: true });
    expect(await permissionOf(customerId)).toMatchObject({ state: 'subscribed' });
    store.shop.putCustomer({ acceptMarketing: false }, customerId);
    expect(await permissionOf(customerId)).toEqual({ state: 'unsubscribed', source: 'shop' });
  });

  it('comes with an order, with the moment of the tick; without it nothing is taken back', async () => {
    const orders = [store.placeOnlinePaid({ acceptMarketing: true }), store.placeOnlinePaid()];
    const read = await session.read(
      'order',
      orders.map(({ id }) => id),
    );
    expect(read.map((order) => (order as { customer?: Customer }).customer?.permission)).toEqual([
      { state: 'subscribed', at: '2026-03-01T10:00:00.000Z', source: 'checkout' },
      undefined,
    ]);
  });

  it('and the groups that he can be in', async () => {
    expect(await session.vocabulary('customerGroups')).toEqual(['General', 'VIP'].map((name) => ({ value: name, label: name })));
  });
});

describe('news of a no', () => {
  const no = (email: string, state: 'unsubscribed' | 'cleaned' | 'subscribed' = 'unsubscribed') => ({ id: `m-${email}`, email, state });

  it('takes back the yes of everybody with the address, in whichever case', async () => {
    const { id } = store.shop.putCustomer({ email: 'Anna@Example.com', acceptMarketing: true });
    const other = store.shop.putCustomer({ email: 'bea@example.com', acceptMarketing: true });
    const plan = await planned('consent', no('anna@example.COM'));
    expect(plan.steps).toMatchObject([
      { action: 'update', changes: [{ field: 'permission', before: 'subscribed', after: 'unsubscribed' }] },
    ]);
    await session.apply('consent', [plan]);
    expect(store.shop.customers.get(id)).toMatchObject({ acceptMarketing: false, email: 'Anna@Example.com' });
    expect(store.shop.customers.get(other.id)?.acceptMarketing).toBe(true);
    expect(actionsOf(await planned('consent', no('anna@example.com', 'cleaned')))).toEqual(['skip: unchanged']);
    expect(writes()).toHaveLength(1);
  });

  it('counts for who was never asked, too: the platform would take that for a yes', async () => {
    const { id } = store.shop.putCustomer({ email: 'anna@example.com' });
    await written('consent', no('anna@example.com'));
    expect(store.shop.customers.get(id)?.acceptMarketing).toBe(false);
  });

  it('of somebody unknown, and a yes, are left out', async () => {
    store.shop.putCustomer({ email: 'anna@example.com', acceptMarketing: false });
    expect(actionsOf(await planned('consent', no('nobody@example.com')))).toEqual(['skip: not-in-shop']);
    expect(actionsOf(await planned('consent', no('anna@example.com', 'subscribed')))).toEqual(['skip: not-downwards']);
    expect(writes()).toEqual([]);
  });

  it('is looked at again when its answer got lost', async () => {
    store.shop.putCustomer({ email: 'anna@example.com', acceptMarketing: true });
    store.faults.add({ kind: 'lose-answer', path: '/customers/', method: 'PUT', times: 1 });
    expect(await refusal(written('consent', no('anna@example.com')))).toMatchObject({ ambiguous: true });
    expect(actionsOf(await planned('consent', no('anna@example.com')))).toEqual(['skip: unchanged']);
  });
});
