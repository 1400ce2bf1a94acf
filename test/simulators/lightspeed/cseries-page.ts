/** The webshop on the sandbox page. */
import { countryOf } from './cseries-customers.ts';
import { changeOrder, placeOrder } from './cseries-orders.ts';
import { type CSeriesState, type Order, textOf } from './cseries-state.ts';
import type { PageFacts } from './page.ts';

const mostRows = 50;
const mostProducts = 200;

export function shopPage(state: CSeriesState, sell: (code: string, quantity: number) => void): PageFacts {
  const language = state.languages[0] ?? 'nl';
  const { orders, variants, products, customers } = state.tables;
  const two = () =>
    variants
      .all()
      .slice(0, 2)
      .map((variant) => ({ code: String(variant.more.articleCode), quantity: 2 }));
  const change = (id: string, fields: Readonly<Record<string, string>>) => {
    const order = orders.get(Number(id));
    if (order !== undefined) changeOrder(state, order, fields);
  };
  const actions: Readonly<Record<string, (id: string) => unknown>> = {
    paid: () => placeOrder(state, { lines: two(), shipping: 495 }),
    unpaid: () => placeOrder(state, { lines: two(), paid: false }),
    coupon: () => placeOrder(state, { lines: two(), discount: 500, shipping: 495 }),
    pickup: () => placeOrder(state, { lines: two(), pickup: true }),
    pay: (id) => change(id, { paymentStatus: 'paid', status: 'processing_awaiting_shipment' }),
    ship: (id) => change(id, { status: 'completed_shipped', shipmentStatus: 'shipped' }),
    cancel: (id) => change(id, { status: 'cancelled' }),
    sell: (code) => sell(code, 1),
  };
  const actionsOf = (order: Order) => [
    ...(order.paymentStatus === 'not_paid' && order.status !== 'cancelled' ? [{ name: 'pay', label: 'Mark paid' }] : []),
    ...(order.paymentStatus === 'paid' && order.shipmentStatus === 'not_shipped' ? [{ name: 'ship', label: 'Ship' }] : []),
    ...(order.status === 'cancelled' || order.shipmentStatus === 'shipped' ? [] : [{ name: 'cancel', label: 'Cancel' }]),
  ];
  return {
    title: `${state.shopName} · Lightspeed eCom`,
    subtitle: 'Sandbox webshop, C-Series',
    kind: 'order',
    buttons: [
      { name: 'paid', label: 'Place a paid order' },
      { name: 'unpaid', label: 'Place an unpaid order' },
      { name: 'coupon', label: 'Order with a coupon' },
      { name: 'pickup', label: 'Pick-up order' },
    ],
    state: () => ({
      rows: orders
        .all()
        .slice(-mostRows)
        .reverse()
        .map((order) => ({
          id: String(order.id),
          label: order.placed.number,
          customer: `${String(order.fixed.firstname)} ${String(order.fixed.lastname)}`,
          status: order.status,
          total: order.placed.total,
          actions: actionsOf(order),
        })),
      products: variants
        .all()
        .slice(0, mostProducts)
        .map((variant) => ({
          sku: String(variant.more.articleCode),
          name: textOf(state, products.get(variant.productId)?.texts ?? {}, language, 'title'),
          price: Math.round(variant.priceIncl / 100),
          stock: String(variant.stockLevel),
        })),
      customers: customers
        .all()
        .slice(-mostRows)
        .reverse()
        .map(({ fields }) => {
          const country = countryOf(fields.addressBillingCountry);
          return {
            name: `${String(fields.firstname ?? '')} ${String(fields.lastname ?? '')}`.trim(),
            email: String(fields.email ?? ''),
            city: [fields.addressBillingCity, country === false ? '' : country.title].filter(Boolean).join(', '),
          };
        }),
    }),
    act: (name, id) => void actions[name]?.(id),
  };
}
