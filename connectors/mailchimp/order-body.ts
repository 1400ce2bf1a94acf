/** A canonical order in Mailchimp's words. Amounts go over as JSON numbers that print exactly the decimals of the source. Pure. */
import type { Address, Customer } from '../commerce.ts';
import { decimalOf, sum } from '../money.ts';
import type { OrderDraft } from './drafts.ts';
import { hashOf, plainId } from './ids.ts';
import type { Article } from './shelf.ts';

/** 2495 EUR is 24.95. A JSON number prints the shortest decimal that reads back the same, so no cent is lost up to 15 digits. */
export const amount = (minor: number, currency: string): number => Number(decimalOf(minor, currency));

/** What is sold, by the name under which a store knows it. A line without a SKU goes by what it is called. */
export const skuOf = ({ sku, name }: { readonly sku?: string | undefined; readonly name: string }): string => sku || name || '–';

/** A price per piece that explains the line to the cent: what does not divide is given back as discount. */
export function pieces(grossMinor: number, quantity: number): { priceMinor: number; discountMinor: number } {
  const priceMinor = Math.ceil(grossMinor / quantity);
  return { priceMinor, discountMinor: priceMinor * quantity - grossMinor };
}

type Line = OrderDraft['lines'][number];
/** Goods with a price; what is given back stands among the discounts. */
const isGoods = ({ kind, grossMinor }: Line): boolean => kind === 'product' && grossMinor >= 0;
export const goodsOf = ({ lines }: Pick<OrderDraft, 'lines'>): Line[] => lines.filter(isGoods);

const financial = {
  open: 'pending',
  authorized: 'pending',
  failed: 'pending',
  'partially-paid': 'partially_paid',
  paid: 'paid',
  'partially-refunded': 'partially_refunded',
  refunded: 'refunded',
  cancelled: 'cancelled',
} as const;

/** Statuses that set off Mailchimp's order notifications (confirmation, invoice, shipping). */
export interface Statuses {
  readonly financial_status?: string;
  readonly fulfillment_status?: string;
  readonly cancelled_at_foreign?: string;
}

export function statusesOf({ state, paymentState, deliveryState, updatedAt, orderedAt }: OrderDraft): Statuses {
  const cancelled = state === 'cancelled' || paymentState === 'cancelled';
  const shipped = deliveryState === 'shipped' || deliveryState === 'partially-returned' || deliveryState === 'returned';
  const fulfilment = shipped ? 'shipped' : deliveryState === 'partially-shipped' ? 'partial' : undefined;
  return {
    financial_status: cancelled && paymentState !== 'refunded' ? 'cancelled' : financial[paymentState],
    ...(fulfilment !== undefined && { fulfillment_status: fulfilment }),
    ...(cancelled && { cancelled_at_foreign: updatedAt ?? orderedAt }),
  };
}

/** Mailchimp's customers of a store are told apart by their address, as its own plugins do: who buys as a guest and later again is one. */
export function buyerOf(customer: Customer, email: string, address?: Address): Record<string, unknown> {
  return {
    id: hashOf(email),
    email_address: email,
    // Who may be written to is the member's affair; an order never subscribes anybody.
    opt_in_status: false,
    ...(customer.firstName !== '' && { first_name: customer.firstName }),
    ...(customer.lastName !== '' && { last_name: customer.lastName }),
    ...(customer.company !== undefined && { company: customer.company }),
    ...(address && { address: placeOf(address) }),
  };
}

export interface OrderInput {
  readonly id: string;
  readonly email: string;
  readonly draft: OrderDraft;
  readonly statuses: Statuses;
  articleOf(sku: string): Pick<Article, 'productId' | 'variantId'>;
}

/** Body of PUT /orders/{id} (Marketing API 3.0.91). Prices are gross; the parts add up to the total wherever the source's do. */
export function orderBody({ id, email, draft, statuses, articleOf }: OrderInput): Record<string, unknown> {
  const { currency, lines } = draft;
  const money = (minor: number): number => amount(minor, currency);
  const beside = lines.filter((line) => !isGoods(line)).map(({ grossMinor }) => grossMinor);
  const used = new Map<string, number>();
  return {
    id,
    customer: buyerOf(draft.customer ?? emptyCustomer, email, draft.billing ?? draft.customer?.billing),
    currency_code: currency,
    order_total: money(draft.totalMinor),
    tax_total: money(sum(lines.map(({ taxMinor }) => taxMinor))),
    shipping_total: money(sum(beside.filter((minor) => minor > 0))),
    discount_total: money(-sum(beside.filter((minor) => minor < 0))),
    processed_at_foreign: draft.orderedAt,
    ...statuses,
    ...(draft.billing && { billing_address: destinationOf(draft.billing) }),
    ...(draft.shipping && { shipping_address: destinationOf(draft.shipping) }),
    lines: goodsOf(draft).map((line) => {
      const { productId, variantId } = articleOf(skuOf(line));
      const { priceMinor, discountMinor } = pieces(line.grossMinor, line.quantity);
      return {
        id: once(plainId(line.id), used),
        product_id: productId,
        product_variant_id: variantId,
        quantity: line.quantity,
        price: money(priceMinor),
        discount: money(discountMinor),
      };
    }),
  };
}

const emptyCustomer: Customer = { firstName: '', lastName: '', vatIds: [], guest: true };

/** Lines are told apart by their ids alone. */
function once(id: string, used: Map<string, number>): string {
  const count = (used.get(id) ?? 0) + 1;
  used.set(id, count);
  return count === 1 ? id : plainId(`${id}.${count}`);
}

function placeOf(address: Address): Record<string, string> {
  return present({
    address1: address.street,
    address2: address.additional.join(', '),
    city: address.city,
    province: address.state,
    postal_code: address.postalCode,
    country_code: address.country,
  });
}

const destinationOf = (address: Address): Record<string, string> =>
  present({
    name: `${address.firstName} ${address.lastName}`.trim(),
    company: address.company,
    ...placeOf(address),
    phone: address.phone,
  });

const present = (fields: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value]])));
