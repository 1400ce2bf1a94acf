/** The demo shop as it stands after its set-up: reference data, articles and customers. */
import type { Database, Row } from './database.ts';
import { rounding } from './pricing.ts';
import { type SeedCustomer, seedCustomers, seedRecipients } from './seed-customers.ts';
import { type SeedProduct, seedProducts } from './seed-products.ts';
import { type MachineName, machines } from './transitions.ts';
import { euro, idOf, liveVersion, systemLanguage } from './wire.ts';

const seededAt = '2025-03-01T09:00:00.000+00:00';

export const salesChannelId = idOf('sales_channel', 'storefront');
export const customerGroupId = 'cfbd5018d38d41d8adca10d94fc8bdd6';

/** Id of a state, e.g. `stateId('order.state', 'open')`. */
export const stateId = (machine: MachineName, state: string): string => idOf('state', machine, state);
export const productId = (number: string): string => idOf('product', number);
export const customerId = (number: string): string => idOf('customer', number);
export const countryId = (iso: string): string => idOf('country', iso);

const title = (technicalName: string): string => technicalName.replace('_', ' ').replace(/^./, (first) => first.toUpperCase());

function seedMachines(put: Put): void {
  for (const [machine, states] of Object.entries(machines) as [MachineName, (typeof machines)[MachineName]][]) {
    const machineId = idOf('machine', machine);
    put('state_machine', { id: machineId, technicalName: machine, name: title(machine), initialStateId: stateId(machine, 'open') });
    for (const [state, actions] of Object.entries(states)) {
      put('state_machine_state', { id: stateId(machine, state), technicalName: state, name: title(state), stateMachineId: machineId });
      for (const [actionName, to] of Object.entries(actions)) {
        put('state_machine_transition', {
          id: idOf('transition', machine, state, actionName),
          actionName,
          stateMachineId: machineId,
          fromStateId: stateId(machine, state),
          toStateId: stateId(machine, to),
        });
      }
    }
  }
}

const countries: readonly (readonly [iso: string, iso3: string, name: string])[] = [
  ['NL', 'NLD', 'Netherlands'],
  ['BE', 'BEL', 'Belgium'],
  ['DE', 'DEU', 'Germany'],
  ['FR', 'FRA', 'France'],
  ['IT', 'ITA', 'Italy'],
  ['PL', 'POL', 'Poland'],
  ['CH', 'CHE', 'Switzerland'],
];

export const paymentMethods = ['iDEAL', 'Credit card', 'PayPal', 'Invoice'] as const;
export const shippingMethods: Readonly<Record<string, number>> = { Standard: 4.95, Express: 12.5, 'Pick-up': 0 };

type Put = (entity: string, row: Readonly<Record<string, unknown>> & { readonly id: string }) => Row;

function seedReference(put: Put): void {
  for (const [code, name, id] of [
    ['en-GB', 'English', systemLanguage],
    ['de-DE', 'Deutsch', idOf('language', 'de-DE')],
    ['nl-NL', 'Nederlands', idOf('language', 'nl-NL')],
  ] as const) {
    put('locale', { id: idOf('locale', code), code, name, territory: code.slice(3) });
    put('language', { id, name, localeId: idOf('locale', code), translationCodeId: idOf('locale', code), active: true });
  }
  put('currency', {
    id: euro,
    isoCode: 'EUR',
    factor: 1,
    symbol: '€',
    shortName: 'EUR',
    name: 'Euro',
    position: 1,
    isSystemDefault: true,
    itemRounding: rounding,
    totalRounding: rounding,
    taxFreeFrom: 0,
  });
  const taxFree = {
    extensions: [],
    enabled: false,
    currencyId: euro,
    amount: 0,
    apiAlias: 'shopware_core_framework_data_abstraction_layer_tax_free_config',
  };
  for (const [iso, iso3, name] of countries) {
    put('country', {
      id: countryId(iso),
      iso,
      iso3,
      name,
      position: 10,
      active: true,
      shippingAvailable: true,
      isEu: iso !== 'CH',
      displayStateInRegistration: false,
      forceStateInRegistration: false,
      checkVatIdPattern: false,
      vatIdRequired: false,
      vatIdPattern: `${iso}\\w{8,12}`,
      customerTax: taxFree,
      companyTax: taxFree,
      postalCodeRequired: true,
      checkPostalCodePattern: false,
      checkAdvancedPostalCodePattern: false,
      addressFormat: [
        ['address/company', 'symbol/dash', 'address/department'],
        ['address/first_name', 'address/last_name'],
        ['address/street'],
        ['address/zipcode', 'address/city'],
        ['address/country'],
      ],
    });
  }
  for (const [rate, name] of [
    [21, 'Standard rate'],
    [9, 'Reduced rate'],
    [0, 'Zero rate'],
  ] as const) {
    put('tax', { id: idOf('tax', String(rate)), taxRate: rate, name, position: 1 });
    const german = rate === 21 ? 19 : rate === 9 ? 7 : 0;
    put('tax_rule', {
      id: idOf('tax_rule', String(rate), 'DE'),
      taxId: idOf('tax', String(rate)),
      countryId: countryId('DE'),
      taxRate: german,
    });
  }
  for (const [position, name] of paymentMethods.entries()) {
    const technicalName = `payment_${name.toLowerCase().replace(/\W/g, '')}`;
    put('payment_method', {
      id: idOf('payment_method', name),
      name,
      distinguishableName: name,
      position,
      active: true,
      afterOrderEnabled: true,
      shortName: technicalName,
      technicalName,
      synchronous: name === 'Invoice',
      asynchronous: name !== 'Invoice',
      prepared: false,
      refundable: false,
      recurring: false,
      handlerIdentifier: `Demo\\${technicalName}`,
      formattedHandlerIdentifier: `handler_demo_${technicalName}`,
    });
  }
  put('delivery_time', { id: idOf('delivery_time'), name: '1-3 days', min: 1, max: 3, unit: 'day' });
  for (const [position, name] of Object.keys(shippingMethods).entries()) {
    put('shipping_method', {
      id: idOf('shipping_method', name),
      name,
      active: true,
      position,
      deliveryTimeId: idOf('delivery_time'),
      taxType: 'auto',
      technicalName: `shipping_${name.toLowerCase().replace('-', '')}`,
    });
  }
  for (const [key, displayName] of [
    ['mr', 'Mr.'],
    ['mrs', 'Mrs.'],
    ['not_specified', 'Not specified'],
  ] as const) {
    put('salutation', {
      id: idOf('salutation', key),
      salutationKey: key,
      displayName,
      letterName: key === 'not_specified' ? 'Dear' : `Dear ${displayName}`,
    });
  }
  put('customer_group', { id: customerGroupId, name: 'Standard customer group', displayGross: true, registrationActive: false });
  put('customer_group', { id: idOf('customer_group', 'wholesale'), name: 'Wholesale', displayGross: false, registrationActive: false });
  for (const [id, name, typeId] of [
    [salesChannelId, 'Demo shop', '8a243080f92e4c719546314b577cf82b'],
    [idOf('sales_channel', 'headless'), 'Headless', 'f183ee5650cf4bdb8a774337575067a6'],
  ] as const) {
    put('sales_channel', {
      id,
      name,
      typeId,
      languageId: systemLanguage,
      customerGroupId,
      currencyId: euro,
      paymentMethodId: idOf('payment_method', 'iDEAL'),
      shippingMethodId: idOf('shipping_method', 'Standard'),
      countryId: countryId('NL'),
      navigationCategoryId: idOf('category', 'home'),
      taxCalculationType: 'horizontal',
      accessKey: `SWSC${id.slice(0, 22).toUpperCase()}`,
      active: true,
      maintenance: false,
    });
  }
  put('category', {
    id: idOf('category', 'home'),
    name: 'Home',
    type: 'page',
    active: true,
    visible: true,
    level: 1,
    childCount: 0,
    breadcrumb: ['Home'],
  });
  put('unit', { id: idOf('unit', 'piece'), shortCode: 'pc', name: 'Piece' });
}

/** Adds an article to the catalogue; also used for the article that no till knows. */
export function insertProduct(db: Database, product: SeedProduct, createdAt?: string): Row {
  const net = Math.round((product.price / (1 + product.taxRate / 100)) * 1e6) / 1e6;
  return db.insert('product', {
    id: productId(product.number),
    ...(createdAt === undefined ? {} : { createdAt }),
    productNumber: product.number,
    name: product.name,
    taxId: idOf('tax', String(product.taxRate)),
    active: true,
    stock: product.stock,
    availableStock: product.stock,
    available: true,
    isCloseout: false,
    purchaseSteps: 1,
    minPurchase: 1,
    shippingFree: false,
    markAsTopseller: false,
    childCount: 0,
    sales: 0,
    price: [
      {
        extensions: [],
        currencyId: euro,
        net,
        gross: product.price,
        linked: true,
        listPrice: null,
        percentage: null,
        regulationPrice: null,
        apiAlias: 'price',
      },
    ],
    parentVersionId: liveVersion,
    productManufacturerVersionId: liveVersion,
    productMediaVersionId: liveVersion,
    states: ['is-physical'],
    type: 'physical',
    categoryIds: [idOf('category', 'home')],
  });
}

/** Adds a customer with addresses, as a registration or a guest checkout does. */
export function insertCustomer(db: Database, customer: SeedCustomer, createdAt?: string): Row {
  const id = customerId(customer.number);
  const at = createdAt === undefined ? {} : { createdAt };
  const person = {
    salutationId: idOf('salutation', customer.salutation),
    firstName: customer.firstName,
    lastName: customer.lastName,
    company: customer.company ?? null,
  };
  const billing = db.insert('customer_address', {
    id: idOf('address', customer.number, 'billing'),
    ...at,
    ...person,
    customerId: id,
    countryId: countryId(customer.country),
    street: customer.street,
    zipcode: customer.zipcode,
    city: customer.city,
    department: customer.department ?? null,
    phoneNumber: customer.phone ?? null,
    additionalAddressLine1: customer.extra ?? null,
  });
  const shipping = customer.shipTo
    ? db.insert('customer_address', {
        ...person,
        ...at,
        id: idOf('address', customer.number, 'shipping'),
        customerId: id,
        street: customer.shipTo.street,
        zipcode: customer.shipTo.zipcode,
        city: customer.shipTo.city,
        countryId: countryId(customer.shipTo.country),
      })
    : billing;
  return db.insert('customer', {
    ...person,
    ...at,
    id,
    groupId: customerGroupId,
    salesChannelId,
    languageId: systemLanguage,
    customerNumber: customer.number,
    email: customer.email,
    vatIds: customer.vatIds ?? null,
    guest: customer.guest ?? false,
    active: true,
    accountType: customer.company === undefined ? 'private' : 'business',
    defaultBillingAddressId: billing.id,
    defaultShippingAddressId: shipping.id,
    orderCount: 0,
    orderTotalAmount: 0,
    reviewCount: 0,
    doubleOptInRegistration: false,
    remoteAddress: '::',
    ...(db.version === '6.6' ? { defaultPaymentMethodId: idOf('payment_method', 'iDEAL') } : {}),
  });
}

export function seedShop(db: Database, shopUrl: string): void {
  const put: Put = (entity, row) => db.insert(entity, { createdAt: seededAt, ...row });
  seedMachines(put);
  seedReference(put);
  put('sales_channel_domain', { id: idOf('domain'), url: shopUrl, salesChannelId, languageId: systemLanguage, currencyId: euro });
  for (const product of seedProducts) insertProduct(db, product, seededAt);
  for (const customer of seedCustomers) insertCustomer(db, customer, seededAt);
  for (const { email, status } of seedRecipients) {
    put('newsletter_recipient', {
      id: idOf('newsletter_recipient', email),
      email,
      status,
      languageId: systemLanguage,
      salesChannelId,
      confirmedAt: status === 'notSet' ? null : seededAt,
      hash: idOf('newsletter_hash', email),
    });
  }
}
