/** The till on the sandbox page. */
import type { PageFacts } from './page.ts';
import { changeSale, payment, paymentType, returnOf } from './xseries-sales.ts';
import type { Sale, XSeriesState } from './xseries-state.ts';
import type { SaleWish } from './xseries-surface.ts';

const mostRows = 50;
const mostProducts = 200;

/** Pays what is open and closes the sale. */
export function paySale(state: XSeriesState, sale: Sale): void {
  const open = sale.placed.total - sale.payments.reduce((sum, one) => sum + one.amount, 0);
  const status: Readonly<Record<string, string>> = { ONACCOUNT: 'ONACCOUNT_CLOSED', LAYBY: 'LAYBY_CLOSED' };
  const payments = open === 0 ? sale.payments : [...sale.payments, payment(state, paymentType(state, 'Card'), open)];
  changeSale(state, sale, { status: status[sale.status] ?? 'CLOSED', payments });
}

export function tillPage(state: XSeriesState, ring: (wish: SaleWish) => Sale, sell: (sku: string) => void): PageFacts {
  const { sales, products, customers, stock, outlets } = state.tables;
  const two = () =>
    products
      .all()
      .filter((product) => product.hasInventory)
      .slice(0, 2)
      .map(({ sku }) => ({ code: sku, quantity: 2 }));
  const withSale = (id: string, act: (sale: Sale) => unknown) => {
    const sale = sales.get(id);
    if (sale !== undefined) act(sale);
  };
  const actions: Readonly<Record<string, (id: string) => unknown>> = {
    paid: () => ring({ lines: two() }),
    discount: () => ring({ lines: two(), discount: 250 }),
    parked: () => ring({ lines: two(), status: 'SAVED' }),
    pay: (id) => withSale(id, (sale) => paySale(state, sale)),
    refund: (id) => withSale(id, (sale) => returnOf(state, sale, 'CLOSED')),
    cancel: (id) => withSale(id, (sale) => changeSale(state, sale, { status: 'VOIDED' })),
    sell,
  };
  const actionsOf = (sale: Sale) => [
    ...(['SAVED', 'ONACCOUNT', 'LAYBY'].includes(sale.status) ? [{ name: 'pay', label: 'Pay' }] : []),
    ...(sale.status === 'CLOSED' && sale.returnFor === undefined ? [{ name: 'refund', label: 'Refund' }] : []),
    ...(sale.status === 'VOIDED' ? [] : [{ name: 'cancel', label: 'Void' }]),
  ];
  return {
    title: `${state.shopName} · Lightspeed Retail`,
    subtitle: 'Sandbox till, X-Series',
    kind: 'sale',
    buttons: [
      { name: 'paid', label: 'Place a paid order' },
      { name: 'discount', label: 'Sale with a discount' },
      { name: 'parked', label: 'Park a sale' },
    ],
    state: () => ({
      rows: sales
        .all()
        .slice(-mostRows)
        .reverse()
        .map((sale) => ({
          id: sale.id,
          label: sale.invoiceNumber,
          customer: String(customers.get(sale.customerId ?? '')?.fields.email ?? 'Walk-in'),
          status: sale.status,
          total: sale.placed.total,
          actions: actionsOf(sale),
        })),
      products: [...products.all()]
        .sort((left, right) => (left.sku < right.sku ? -1 : 1))
        .slice(0, mostProducts)
        .map((product) => ({
          sku: product.sku,
          name: product.variantName,
          price: Math.round(product.priceIncl / 1_000),
          stock: product.hasInventory
            ? outlets
                .all()
                .map((outlet) => stock.find('place', `${product.id} ${outlet.id}`)[0]?.level ?? 0)
                .join(' / ')
            : '',
        })),
      customers: customers
        .all()
        .slice(-mostRows)
        .reverse()
        .map(({ fields }) => ({
          name: [fields.first_name, fields.last_name].filter(Boolean).join(' '),
          email: String(fields.email ?? ''),
          city: String(fields.physical_city ?? ''),
        })),
    }),
    act: (name, id) => void actions[name]?.(id),
  };
}
