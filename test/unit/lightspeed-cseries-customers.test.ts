import { afterEach, describe, expect, it } from 'vitest';
import { Customer } from '../../connectors/commerce.ts';
import type { Draft } from '../../connectors/connector.ts';
import { streetOf } from '../../connectors/lightspeed/cseries/people.ts';
import { seedPeople } from '../simulators/lightspeed/articles.ts';
import { bad, brought, draftOf, gathered, good, type House, startHouse } from './lightspeed-cseries-house.ts';

const houses: House[] = [];
const house = async (options: Parameters<typeof startHouse>[0] = {}): Promise<House> => {
  const made = await startHouse(options);
  houses.push(made);
  return made;
};
afterEach(async () => {
  await Promise.all(houses.splice(0).map(({ shop }) => shop.stop()));
});

const person = (changes: object = {}) => ({
  id: 'c1',
  number: '501',
  email: 'Mila.Visser@Example.com',
  firstName: 'Mila',
  lastName: 'de Visser',
  vatIds: [],
  phone: '+31 6 5550 1000',
  guest: false,
  billing: {
    firstName: 'Mila',
    lastName: 'de Visser',
    street: 'Oude Gracht 220 bis',
    additional: [],
    postalCode: '3511 NT',
    city: 'Utrecht',
    country: 'NL',
  },
  ...changes,
});
const draft = (changes: object = {}, how: { values?: object; draft?: Partial<Draft> } = {}): Draft =>
  draftOf('customer', person(changes), { values: { ...how.values }, draft: { ...how.draft } });

describe('a customer for the eCom shop', () => {
  it('is created with all he has, and gets no mail about it', async () => {
    const { session, shop } = await house();
    const { outcomes } = await brought(session, 'customer', [draft()]);
    const [made] = shop.customers();
    expect(outcomes[0]?.target.id).toBe(String(made?.id));
    expect(made).toMatchObject({
      ...{ email: 'Mila.Visser@Example.com', firstname: 'Mila', lastname: 'de Visser', phone: '+31 6 5550 1000', isCompany: false },
      ...{
        addressBillingStreet: 'Oude Gracht',
        addressBillingNumber: '220',
        addressBillingExtension: 'bis',
        addressBillingCity: 'Utrecht',
      },
      addressBillingCountry: { code: 'nl' },
    });
    expect(shop.mails).toEqual([]);
    expect(shop.unexpected).toEqual([]);
  });

  it('that is a company is one there', async () => {
    const { session, shop } = await house();
    await brought(session, 'customer', [draft({ firstName: '', lastName: '', company: 'Visser B.V.', vatIds: ['NL1B01'] })]);
    expect(shop.customers()[0]).toMatchObject({
      isCompany: true,
      companyName: 'Visser B.V.',
      companyVatNumber: 'NL1B01',
      firstname: '-',
      lastname: 'Visser B.V.',
    });
  });

  it('is found by his e-mail address whatever its case, and only what changed is written, again without a mail', async () => {
    const { session, shop, open } = await house();
    const first = await brought(session, 'customer', [draft()]);
    const last = first.outcomes[0]?.values ?? {};
    expect((await brought(open(), 'customer', [draft({ email: 'mila.visser@example.com' }, { draft: { last } })])).outcomes).toEqual([]);
    const { plans } = await brought(session, 'customer', [draft({ phone: '+31 30 555 77', lastName: '' }, { draft: { last } })]);
    expect(JSON.parse(plans[0]?.steps[0]?.request?.body ?? '')).toEqual({
      customer: { phone: '+31 30 555 77', doNotifyRegistered: false, doNotifyConfirmed: false, doNotifyPassword: false },
    });
    expect(shop.customers()).toHaveLength(1);
    expect(shop.mails).toEqual([]);
  });

  it('keeps what somebody edited in the shop since; what is remembered of him is no data of his', async () => {
    const { session, shop } = await house();
    const first = await brought(session, 'customer', [draft()]);
    const last = first.outcomes[0]?.values ?? {};
    expect(JSON.stringify(last)).not.toMatch(/visser|mila|gracht|utrecht|5550/i);
    shop.editCustomer(Number(shop.customers()[0]?.id), {
      addressBillingStreet: 'Neude',
      addressBillingNumber: '1',
      addressBillingExtension: '',
    });
    const moved = { ...person().billing, street: 'Biltstraat 9' };
    const { plans } = await brought(session, 'customer', [draft({ billing: moved }, { draft: { last } })]);
    expect(plans[0]?.steps[0]).toMatchObject({ action: 'skip', reason: 'kept' });
    expect(shop.customers()[0]).toMatchObject({ addressBillingStreet: 'Neude' });
  });

  it('follows the answers per field', async () => {
    const { session, shop } = await house();
    await brought(session, 'customer', [draft({}, { values: { policy_phone: 'never' } })]);
    expect(shop.customers()[0]).toMatchObject({ phone: '' });
    await brought(session, 'customer', [draft({ firstName: 'Mila Eva' }, { values: { policy_names: 'on-create' } })]);
    expect(shop.customers()[0]).toMatchObject({ firstname: 'Mila' });
  });

  it('is not created where the merchant wants none, and cannot be without an address', async () => {
    const { session, shop } = await house();
    const { plans } = await brought(session, 'customer', [draft({}, { values: { createCustomers: false } })]);
    expect(plans[0]?.steps[0]).toMatchObject({ action: 'skip', reason: 'not-in-shop' });
    const [failure] = await session.plan('customer', [draft({ email: undefined })]);
    expect(bad(failure)).toMatchObject({ code: 'lightspeed.customer-email-missing', remedy: 'fix-data', params: { customer: '501' } });
    expect(shop.customers()).toEqual([]);
  });

  it('whose address two customers have is chosen by the merchant, and nobody is named in the failure', async () => {
    const { session, shop } = await house({ knobs: { sameEmail: 'accept' } });
    const [someone] = seedPeople;
    if (someone === undefined) throw new Error('nobody');
    const ids = [shop.addCustomer(someone), shop.addCustomer({ ...someone, city: 'Haarlem' })];
    const wish = { email: someone.email.toUpperCase(), firstName: 'Sanne', lastName: 'Bakker-Smit' };
    const failure = bad((await session.plan('customer', [draft(wish)]))[0]);
    expect(failure).toMatchObject({ code: 'lightspeed.customer-ambiguous', remedy: 'fix-data', params: { customer: '501', count: 2 } });
    expect(`${failure.message}${JSON.stringify(failure.params)}`).not.toMatch(/sanne|bakker|@/i);
    const found = (await session.candidates?.('customer', draft(wish))) ?? [];
    expect(found.map(({ value, label }) => [value, label])).toEqual(ids.map((id) => [String(id), 'Sanne Bakker']));
    expect(found[1]?.hint).toContain('Haarlem');
    const { outcomes } = await brought(session, 'customer', [draft(wish, { draft: { chosen: { id: String(ids[1]) } } })]);
    expect(outcomes[0]?.target.id).toBe(String(ids[1]));
    const known = await brought(session, 'customer', [draft(wish, { draft: { known: String(ids[1]), last: outcomes[0]?.values ?? {} } })]);
    expect(known.plans[0]?.target?.id).toBe(String(ids[1]));
    const anew = await brought(session, 'customer', [draft(wish, { draft: { chosen: 'new' } })]);
    expect(ids.map(String)).not.toContain(anew.outcomes[0]?.target.id);
  });

  it('whose creation was not answered is found and not created twice', async () => {
    const { session, shop, open } = await house({ knobs: { sameEmail: 'accept' } });
    const [plan] = (await session.plan('customer', [draft()])).map(good);
    shop.faults.add({ kind: 'lose-answer', method: 'POST', times: 1 });
    expect(bad((await session.apply('customer', plan ? [plan] : []))[0])).toMatchObject({ ambiguous: true, remedy: 'wait' });
    expect((await brought(open(), 'customer', [draft()])).outcomes).toEqual([]);
    expect(shop.customers()).toHaveLength(1);
  });

  it('is made once as a new one among namesakes, whatever was lost, and stays who he is', async () => {
    const { session, shop, open } = await house({ knobs: { sameEmail: 'accept' } });
    const [someone] = seedPeople;
    if (someone === undefined) throw new Error('nobody');
    for (const city of ['Utrecht', 'Haarlem']) shop.addCustomer({ ...someone, city });
    const wish = { email: someone.email };
    const [plan] = (await session.plan('customer', [draft(wish, { draft: { chosen: 'new' } })])).map(good);
    shop.faults.add({ kind: 'lose-answer', method: 'POST', times: 1 });
    expect(bad((await session.apply('customer', plan ? [plan] : []))[0])).toMatchObject({ ambiguous: true });
    const again = await brought(open(), 'customer', [draft(wish, { draft: { chosen: 'new' } })]);
    expect(shop.customers()).toHaveLength(3);
    const known = again.plans[0]?.target?.id ?? '';
    await brought(open(), 'customer', [draft({ ...wish, firstName: 'Mila Eva' }, { draft: { chosen: 'new', known } })]);
    expect(shop.customers()).toHaveLength(3);
    expect(shop.customers().find(({ id }) => String(id) === known)).toMatchObject({ firstname: 'Mila Eva' });
  });

  it('asks the records of one person one after another, by a key that shows nothing of him', () => {
    const key = (one: Draft) => (one.fields as { lockKey?: string }).lockKey;
    expect(key(draft())).toBe(key(draft({ id: 'c2', email: ' mila.visser@example.com' })));
    expect(key(draft())).toMatch(/^customer:[0-9a-f]{64}$/);
  });
});

describe('customers of the eCom shop', () => {
  it('are read with both addresses', async () => {
    const { session, shop } = await house();
    const ids = seedPeople.map((one) => String(shop.addCustomer(one)));
    const changes = await gathered(session.changed('customer', undefined));
    expect(changes.map(({ id }) => id)).toEqual(ids);
    const read = (await session.read('customer', [...ids, '1', '#els'])).map((one) => one as Customer | undefined);
    expect(read.slice(-2)).toEqual([undefined, undefined]);
    expect(read.slice(0, -2).every((one) => Customer.safeParse(one).success)).toBe(true);
    expect(read[2]).toMatchObject({
      ...{ email: 'inkoop@vandenberg.example.com', company: 'Van den Berg Horeca B.V.', vatIds: ['NL123456789B01'], guest: false },
      billing: { street: 'Havenstraat 7', city: 'Rotterdam', country: 'NL' },
      shipping: { street: 'Havenstraat 7' },
    });
    expect(shop.unexpected).toEqual([]);
  });

  it('have their house number where it belongs', () => {
    expect(
      [
        'Oude Gracht 220 bis',
        'Lange Straße 18',
        'Plein 1944 12-A',
        'Prinsengracht 12A',
        '12 rue de la Paix',
        'De Eik',
        '1e Sweelinckstraat 7',
      ].map((line) => Object.values(streetOf(line))),
    ).toEqual([
      ['Oude Gracht', '220', 'bis'],
      ['Lange Straße', '18', ''],
      ['Plein 1944', '12', 'A'],
      ['Prinsengracht', '12', 'A'],
      ['rue de la Paix', '12', ''],
      ['De Eik', '', ''],
      ['1e Sweelinckstraat', '7', ''],
    ]);
  });
});
