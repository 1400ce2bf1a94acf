/** The store's profile as GET /profile shows it. */
import type { ShopState } from './state.ts';

export function profileOf(state: ShopState): Record<string, unknown> {
  return {
    generalInfo: { storeId: state.storeId, storeUrl: `https://store${state.storeId}.example.com/shop`, websitePlatform: 'instantsite' },
    account: {
      accountName: 'Koffie & Co',
      accountNickName: 'Koffie',
      accountEmail: 'owner@example.com',
      whiteLabel: false,
      brandName: 'Ecwid by Lightspeed',
      supportEmail: 'support@ecwid.com',
      suspended: state.plan.suspended,
    },
    settings: { closed: false, storeName: state.storeName, storeDescription: '' },
    formatsAndUnits: {
      currency: state.currency,
      currencyPrecision: 2,
      weightUnit: 'KILOGRAM',
      dimensionsUnit: 'CM',
      timezone: 'Europe/Amsterdam',
      orderNumberPrefix: state.orderPrefix,
      orderNumberSuffix: '',
    },
    languages: { enabledLanguages: ['nl', 'en'], defaultLanguage: 'nl' },
    shipping: {
      shippingOptions: [
        { id: '6589-1', title: 'PostNL', enabled: true, orderby: 10, fulfilmentType: 'shipping' },
        { id: '6589-2', title: 'Pick up in the shop', enabled: true, orderby: 20, fulfilmentType: 'pickup' },
      ],
    },
    taxSettings: {
      automaticTaxEnabled: false,
      pricesIncludeTax: state.pricesIncludeTax,
      taxes: [
        {
          id: 1,
          name: 'BTW hoog',
          enabled: true,
          includeInPrice: state.pricesIncludeTax,
          useShippingAddress: true,
          taxShipping: true,
          appliedByDefault: true,
          defaultTax: 21,
          rules: [{ zoneId: 'DE', tax: 19 }],
        },
        {
          id: 2,
          name: 'BTW laag',
          enabled: true,
          includeInPrice: state.pricesIncludeTax,
          useShippingAddress: true,
          taxShipping: true,
          appliedByDefault: false,
          defaultTax: 9,
          rules: [],
        },
      ],
    },
    payment: {
      paymentOptions: [
        {
          id: '13379-1',
          enabled: true,
          configured: true,
          checkoutTitle: 'iDEAL',
          paymentProcessorId: 'customPaymentApp',
          paymentProcessorTitle: 'CUSTOM_PAYMENT_APP-mollie-pg',
          orderBy: 0,
        },
        {
          id: '13379-2',
          enabled: true,
          configured: true,
          checkoutTitle: 'Bank transfer',
          paymentProcessorId: 'offline',
          paymentProcessorTitle: '',
          orderBy: 10,
        },
        {
          id: '13379-3',
          enabled: false,
          configured: true,
          checkoutTitle: 'Cash',
          paymentProcessorId: 'offline',
          paymentProcessorTitle: '',
          orderBy: 20,
        },
      ],
    },
  };
}
