/** Rows of an order as the Admin API gives them, and what the app makes of them. */
import type { Order } from '../../connectors/commerce.ts';
import { OrderRow } from '../../shopware-app/rows.ts';
import { orderOf } from '../../shopware-app/translate.ts';

export type Fields = Readonly<Record<string, unknown>>;
export const tax = (price: number, rate: number, amount: number) => ({
  tax: amount,
  taxRate: rate,
  price,
  apiAlias: 'cart_tax_calculated',
});
export const price = (totalPrice: number, calculatedTaxes: unknown) => ({
  unitPrice: totalPrice,
  quantity: 1,
  totalPrice,
  calculatedTaxes,
  taxRules: [],
});
export const inState = (technicalName: string) => ({ technicalName });

export function line(fields: Fields & { id: string; totalPrice: number; taxes?: unknown }) {
  const { taxes, ...rest } = fields;
  return {
    type: 'product',
    label: `Article ${fields.id}`,
    quantity: 1,
    position: 1,
    payload: { productNumber: `SW-${fields.id}` },
    price: price(fields.totalPrice, taxes ?? []),
    ...rest,
  };
}
export const promotion = (id: string, totalPrice: number, taxes: unknown) => ({
  ...line({ id, totalPrice, taxes }),
  type: 'promotion',
  label: 'Ten off',
  payload: { code: 'TEN' },
});
export function transaction(id: string, state: string, fields: Fields = {}) {
  return {
    id,
    createdAt: '2026-11-22T02:32:41.000+00:00',
    updatedAt: null,
    paymentMethodId: 'method1',
    paymentMethod: { id: 'method1', name: 'PayPal', translated: { name: 'PayPal' } },
    amount: price(10, []),
    stateMachineState: inState(state),
    ...fields,
  };
}
export function delivery(id: string, costs: unknown, fields: Fields = {}) {
  return {
    id,
    createdAt: '2026-11-22T02:32:41.000+00:00',
    shippingCosts: costs,
    shippingMethod: { id: 'ship1', name: null, translated: { name: 'Parcel' } },
    stateMachineState: inState('open'),
    ...fields,
  };
}
export function order(fields: Fields = {}): Order {
  return orderOf(
    OrderRow.parse({
      id: 'order1',
      orderNumber: '10023',
      createdAt: '2026-11-22T02:32:41.339+00:00',
      orderDateTime: '2026-11-22T02:32:41.327+00:00',
      updatedAt: null,
      amountTotal: 0,
      price: { totalPrice: 0, taxStatus: 'gross' },
      taxStatus: 'gross',
      currency: { isoCode: 'EUR' },
      language: { locale: { code: 'nl-NL' } },
      salesChannelId: 'channel1',
      salesChannel: { id: 'channel1', name: 'Storefront', translated: [] },
      stateMachineState: inState('open'),
      lineItems: [],
      deliveries: [],
      transactions: [],
      ...fields,
    }),
  );
}
export const amounts = ({ lines }: Order) =>
  lines.map(({ kind, grossMinor, netMinor, taxMinor, taxRateBp }) => [kind, grossMinor, netMinor, taxMinor, taxRateBp]);
export const total = ({ lines }: Order) => lines.reduce((sum, { grossMinor }) => sum + grossMinor, 0);
