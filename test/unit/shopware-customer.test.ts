import { describe, expect, it } from 'vitest';
import { CustomerRow } from '../../shopware-app/rows.ts';
import { customerOf } from '../../shopware-app/translate.ts';
import { delivery, type Fields, inState, order, price } from './shopware-order-rows.ts';

describe('who bought and where it goes', () => {
  const address = (fields: Fields = {}) => ({
    firstName: 'Piet',
    lastName: 'de Vries',
    street: 'Dam 1',
    zipcode: '1012JS',
    city: 'Amsterdam',
    country: { iso: 'nl' },
    ...fields,
  });
  const person = {
    customerId: 'c1',
    customerNumber: '1337',
    email: 'piet@example.test',
    firstName: 'Piet',
    lastName: 'de Vries',
    company: null,
    vatIds: ['NL1'],
    customer: { guest: false, updatedAt: null, group: { name: null, translated: { name: 'Trade' } } },
  };

  it('keeps company, department, VAT numbers, phone and both addresses', () => {
    const translated = order({
      orderCustomer: person,
      billingAddress: address({
        company: 'Vries BV',
        department: 'Purchasing',
        phoneNumber: '+31 20',
        additionalAddressLine1: 'Floor 2',
        additionalAddressLine2: ' ',
      }),
      deliveries: [
        delivery('d', price(0, []), {
          shippingOrderAddress: address({ street: 'Kade 2', countryState: { name: 'Holland' } }),
          stateMachineState: inState('shipped_partially'),
        }),
      ],
      stateMachineState: inState('in_progress'),
      customerComment: 'Ring twice',
    });
    expect(translated.customer).toMatchObject({
      id: 'c1',
      number: '1337',
      company: 'Vries BV',
      vatIds: ['NL1'],
      phone: '+31 20',
      group: 'Trade',
      guest: false,
      language: 'nl-NL',
    });
    expect(translated.billing).toMatchObject({ department: 'Purchasing', additional: ['Floor 2'], country: 'NL', postalCode: '1012JS' });
    expect(translated.shipping).toMatchObject({ street: 'Kade 2', state: 'Holland' });
    expect(translated).toMatchObject({
      deliveryState: 'partially-shipped',
      state: 'in-progress',
      note: 'Ring twice',
      shippingMethod: { id: 'ship1', name: 'Parcel' },
      salesChannel: { id: 'channel1', name: 'Storefront' },
    });
  });

  it('knows a customer whose record is gone as a guest', () => {
    const translated = order({ orderCustomer: { ...person, customerId: null, customer: null } });
    expect(translated.customer).toMatchObject({ guest: true, email: 'piet@example.test' });
    expect(translated.customer).not.toHaveProperty('id');
  });

  it('reads a customer record', () => {
    const row = CustomerRow.parse({
      id: 'c1',
      customerNumber: '1337',
      email: 'a@b.c',
      firstName: 'Ann',
      lastName: 'Smit',
      company: 'Smit BV',
      vatIds: null,
      guest: false,
      updatedAt: null,
      createdAt: '2026-11-22T02:32:41.339+00:00',
      group: null,
      defaultBillingAddress: address({ vatId: 'NL9' }),
    });
    expect(customerOf(row)).toMatchObject({
      id: 'c1',
      company: 'Smit BV',
      vatIds: ['NL9'],
      updatedAt: '2026-11-22T02:32:41.339Z',
      billing: { country: 'NL' },
    });
  });
});
