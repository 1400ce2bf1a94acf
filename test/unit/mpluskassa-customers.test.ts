import { beforeEach, describe, expect, it } from 'vitest';
import { derive } from '../../app-server/mapping/derive.ts';
import { mapRecord } from '../../app-server/mapping/map-record.ts';
import { Customer } from '../../connectors/commerce.ts';
import type { Draft, Outcome, Plan } from '../../connectors/connector.ts';
import { Failure } from '../../connectors/failure.ts';
import { countryCode } from '../../connectors/mpluskassa/country.ts';
import { CustomerDraft, CustomerFlowSettings, customerRules } from '../../connectors/mpluskassa/customer-draft.ts';
import { session, till, useTill } from './mpluskassa-house.ts';

useTill();

const anna = (over: Partial<Customer> = {}): Customer =>
  Customer.parse({
    id: 'c7',
    number: '20007',
    email: 'anna@example.com',
    firstName: 'Anna',
    lastName: 'van Dijk',
    phone: '+31 6 1234 5678',
    billing: { firstName: 'Anna', lastName: 'van Dijk', street: 'Singel 7', postalCode: '1012 AB', city: 'Amsterdam', country: 'NL' },
    ...over,
  });

interface How {
  readonly values?: Readonly<Record<string, unknown>>;
  readonly tables?: Record<string, { from: string; to: string }[]>;
  readonly draft?: Partial<Draft>;
}

function draftOf(customer: Customer, { values = {}, tables = {}, draft = {} }: How = {}): Draft {
  const derived = derive('customer', customer, { values, surroundings: {}, known: false, theirs: [] });
  if (typeof derived === 'string') throw new Error(derived);
  const answers = { ...CustomerFlowSettings.parse({}), ...values };
  const { fields } = mapRecord({ rules: customerRules, record: derived.record, values: answers, tables });
  return { id: customer.id ?? '', reference: `tb-${customer.id}`, revision: 0, fields: CustomerDraft.parse(fields), ...draft };
}

async function planned(customer: Customer, how: How = {}): Promise<Plan> {
  const [plan] = await session.plan('customer', [draftOf(customer, how)]);
  if (plan === undefined || plan instanceof Failure) throw plan ?? new Error('no plan');
  return plan;
}
async function written(customer: Customer, how: How = {}): Promise<Outcome> {
  const [outcome] = await session.apply('customer', [await planned(customer, how)]);
  if (outcome === undefined || outcome instanceof Failure) throw outcome ?? new Error('no outcome');
  return outcome;
}
const refusal = (customer: Customer, how: How = {}) => planned(customer, how).catch((failure: Failure) => failure);
const actionsOf = ({ steps }: Plan) => steps.map(({ action, reason }) => (reason === undefined ? action : `${action}: ${reason}`));
const inTill = (id: string) => till.relations().find(({ relationNumber }) => String(relationNumber) === id);

describe('a person on the way to the till', () => {
  it('is created once, found again by the e-mail address whatever its case, and left alone while nothing changed', async () => {
    const { target, values } = await written(anna());
    expect(inTill(target.id)).toMatchObject({
      name: 'Anna van Dijk',
      email: 'anna@example.com',
      address: 'Singel 7',
      country: 'Nederland',
    });
    expect(Object.keys(values ?? {})).toContain('name');
    // What is remembered tells nothing about her.
    expect(JSON.stringify(values)).not.toMatch(/Anna|Singel|example/);
    expect(actionsOf(await planned(anna({ email: 'ANNA@example.com ' })))).toEqual(['update']);
    expect(actionsOf(await planned(anna()))).toEqual(['skip: unchanged']);
  });

  it('is a company with a contact where a company is named', async () => {
    const { target } = await written(anna({ company: 'Dijk BV', vatIds: ['NL001'] }));
    expect(inTill(target.id)).toMatchObject({ name: 'Dijk BV', companyName: 'Dijk BV', contact: 'Anna van Dijk', vatNumber: 'NL001' });
  });

  it('is never a namesake: parts of an address are not the address', async () => {
    await written(anna({ id: 'c1', number: '1', email: 'joanna@example.com' }));
    expect(actionsOf(await planned(anna()))).toEqual(['create']);
  });

  it('is not made twice when the answer got lost, also without an e-mail address', async () => {
    for (const customer of [anna({ email: undefined }), anna({ id: 'c9', number: '20009', email: 'other@example.com' })]) {
      await written(customer);
      expect(actionsOf(await planned(customer))).toEqual(['skip: unchanged']);
    }
  });

  it('keeps what somebody edited in the till, and takes the rest', async () => {
    const { target, values } = await written(anna());
    const number = Number(target.id);
    till.putRelation({ relationNumber: number, telephone: '020 555' });
    const moved = anna({ billing: { ...(anna().billing ?? ({} as never)), street: 'Damrak 1' }, phone: '06 999' });
    const plan = await planned(moved, { draft: { known: target.id, ...(values && { last: values }) } });
    expect(plan.steps[0]?.changes).toEqual([
      { field: 'address', before: 'Singel 7', after: 'Damrak 1' },
      { field: 'telephone', before: '020 555', after: '06 999', kept: { ours: expect.stringMatching(/^[0-9a-f]{16}$/) } },
    ]);
    await session.apply('customer', [plan]);
    expect(inTill(target.id)).toMatchObject({ address: 'Damrak 1', telephone: '020 555' });
  });

  it('keeps fields that the merchant lets nobody overwrite', async () => {
    const { target } = await written(anna());
    const values = { policy_address: 'on-create' };
    const plan = await planned(anna({ billing: { ...(anna().billing ?? ({} as never)), city: 'Utrecht' } }), { values });
    expect(actionsOf(plan)).toEqual(['skip: unchanged']);
    expect(inTill(target.id)).toMatchObject({ city: 'Amsterdam' });
  });

  it('is recognised by telephone number in whichever way it is written, by external id, or by number', async () => {
    const { target } = await written(anna(), { values: { match: 'external-id' } });
    expect((await planned(anna({ email: undefined, phone: '06-12345678' }), { values: { match: 'phone' } })).target?.id).toBe(target.id);
    expect((await planned(anna({ email: 'new@example.com' }), { values: { match: 'external-id' } })).target?.id).toBe(target.id);
    expect((await planned(anna({ number: target.id, email: undefined }), { values: { match: 'number' } })).target?.id).toBe(target.id);
  });

  it('is nobody else where a telephone number says nothing', async () => {
    till.putRelation({ name: 'Somebody else', telephone: '-' });
    expect(actionsOf(await planned(anna({ phone: 'none', billing: undefined }), { values: { match: 'phone' } }))).toEqual(['create']);
    till.putRelation({ name: 'The porter', telephone: '12' });
    expect(actionsOf(await planned(anna({ phone: '12', billing: undefined }), { values: { match: 'phone' } }))).toEqual(['create']);
  });

  it('without a telephone number of use is recognised by the number that he was written with', async () => {
    const values = { match: 'phone' };
    const bare = anna({ email: undefined, phone: '-', billing: undefined });
    const { target } = await written(bare, { values });
    expect((await planned(bare, { values })).target?.id).toBe(target.id);
  });

  it('is left alone once he is gone in the source, and never made', async () => {
    expect(actionsOf(await planned(anna({ deleted: true })))).toEqual(['skip: deleted-in-source']);
    const { target } = await written(anna());
    expect(await planned(anna({ deleted: true, firstName: 'Nobody' }))).toMatchObject({
      target: { id: target.id },
      steps: [{ action: 'skip', reason: 'deleted-in-source' }],
    });
  });

  it('gets the VAT method of its country', async () => {
    const { target } = await written(anna(), { tables: { vatMethods: [{ from: 'NL', to: 'shifted' }] } });
    expect(inTill(target.id)).toMatchObject({ defaultVatMethod: 'VAT-METHOD-SHIFTED' });
  });

  it('is left out as a guest, unless guests are wanted', async () => {
    expect(actionsOf(await planned(anna({ guest: true })))).toEqual(['skip: guest']);
    expect(actionsOf(await planned(anna({ guest: true }), { values: { guests: true } }))).toEqual(['create']);
  });

  it('says who has no name at all', async () => {
    const nobody = Customer.parse({ id: 'c0', number: '1000' });
    expect(await refusal(nobody)).toMatchObject({ code: 'till.customer-nameless', remedy: 'fix-data', params: { customer: '1000' } });
  });
});

describe('two that one may be', () => {
  beforeEach(() => {
    for (const name of ['Anna in Amsterdam', 'Anna in Utrecht']) {
      till.putRelation({ name, email: 'Anna@Example.com', city: name.split(' ').at(-1) ?? '' });
    }
  });

  it('are not guessed between: the merchant sees both and chooses, or makes a new one', async () => {
    const failure = await refusal(anna());
    expect(failure).toMatchObject({ code: 'till.customer-ambiguous', remedy: 'fix-data', params: { customer: '20007', count: 2 } });
    expect(JSON.stringify(failure)).not.toContain('example.com');
    const candidates = await session.candidates?.('customer', draftOf(anna()));
    expect(candidates?.map(({ label }) => label)).toEqual(['Anna in Amsterdam', 'Anna in Utrecht']);
    const second = candidates?.[1]?.value ?? '';
    const { target } = await written(anna(), { draft: { chosen: { id: second } } });
    expect(target.id).toBe(second);
    expect(inTill(second)).toMatchObject({ name: 'Anna van Dijk', city: 'Amsterdam' });
    expect(actionsOf(await planned(anna(), { draft: { chosen: 'new' } }))).toEqual(['create']);
    expect(await session.candidates?.('customer', draftOf(anna(), { draft: { chosen: 'new' } }))).toHaveLength(2);
    // Once written, he stays who he is.
    expect((await planned(anna(), { draft: { known: second } })).target?.id).toBe(second);
  });
});

describe('a new one among namesakes', () => {
  it.each(['email', 'external-id'])('is not made twice when the answer got lost (%s)', async (match) => {
    for (const city of ['Amsterdam', 'Utrecht']) till.putRelation({ name: city, email: 'anna@example.com', extRelationId: '20007' });
    const how = { values: { match }, draft: { chosen: 'new' as const } };
    const { target } = await written(anna(), how);
    const again = await planned(anna(), how);
    expect(again.target?.id).toBe(target.id);
    expect(actionsOf(again)).toEqual(['skip: unchanged']);
  });
});

describe('people of the till', () => {
  it('have a country by its name or its code, and none where nobody knows it', () => {
    expect(['Nederland', 'be', 'UK', 'EL', 'Schotland', 'XX', 'th'].map(countryCode)).toEqual([
      'NL',
      'BE',
      'GB',
      'GR',
      undefined,
      undefined,
      'TH',
    ]);
  });

  it('are told in their order, once, and read with names, company and addresses apart', async () => {
    const before = till.relations().length;
    const { target } = await written(
      anna({ company: 'Dijk BV', shipping: { ...(anna().billing ?? ({} as never)), street: 'Kade 2', country: 'BE' } }),
    );
    const told: { id: string; cursor: string }[] = [];
    for await (const change of session.changed('customer', undefined)) told.push(change);
    expect(told.at(-1)?.id).toBe(target.id);
    expect(told).toHaveLength(before + 1);
    const rest: unknown[] = [];
    for await (const change of session.changed('customer', told.at(-1)?.cursor)) rest.push(change);
    expect(rest).toEqual([]);
    const [read, byNumber, unknown] = await session.read('customer', [target.id, `#${target.id}`, '999999']);
    expect(read).toMatchObject({
      number: target.id,
      company: 'Dijk BV',
      firstName: 'Anna',
      lastName: 'van Dijk',
      email: 'anna@example.com',
      billing: { street: 'Singel 7', country: 'NL' },
      shipping: { street: 'Kade 2', country: 'BE' },
    });
    expect(byNumber).toEqual(read);
    expect(unknown).toBeUndefined();
  });
});
