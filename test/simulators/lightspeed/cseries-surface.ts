/** What a test asks of the shop and gets from it. */
import type { SeedPerson } from './articles.ts';

/** What the documents leave open, and what a test wants to be otherwise. Can be changed at any time. */
export interface CSeriesKnobs {
  /** 0.21 or 21 in `taxes`. Orders always say 0.21. */
  taxRates: 'fraction' | 'percent';
  retryAfter: 'date' | 'seconds' | 'none';
  /** `PUT variants/bulk` answers 404 when off. */
  bulk: boolean;
  /** The lines of an order can be read this long after the order, in milliseconds. 0: at once. */
  linesAfterMs: number;
  /** So many reads of each new order by its id answer 404 first. */
  orderMissesFirst: number;
  /** Which price counts when a variant is written with both. */
  priceWins: 'incl' | 'excl';
  /** What `priceIncl` of an order line is for: one piece or the whole line. */
  linePrice: 'unit' | 'line';
  /** Where a coupon shows: taken off the lines' prices, beside them in `discountIncl`, or at the order alone. */
  discount: 'in-price' | 'beside' | 'order';
  /** A second customer with the same e-mail address. */
  sameEmail: 'refuse' | 'accept';
  /** Requests per window of 5 minutes, an hour, a day. */
  limits: readonly [number, number, number];
  /** Rights of the key. */
  permissions: Record<'content' | 'products' | 'customers' | 'orders' | 'settings' | 'tracking', { read: boolean; write: boolean }>;
}

export interface CSeriesRequest {
  readonly method: string;
  readonly language: string;
  /** Without language and `.json`: `orders/12/products`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly status: number;
}

export interface OrderWish {
  /** Default: one piece of the first article. `unit`: cents including VAT, default the article's price. */
  readonly lines?: readonly { readonly code: string; readonly quantity?: number; readonly unit?: number }[];
  readonly paid?: boolean;
  /** Cents including VAT; 0 unless told. */
  readonly shipping?: number;
  readonly paymentCost?: number;
  /** Coupon over the goods, cents including VAT, spread over the lines. */
  readonly discount?: number;
  readonly couponCode?: string;
  readonly person?: SeedPerson | undefined;
  /** No customer record, as a guest checkout leaves it: `customer` refers to nothing. */
  readonly guest?: boolean;
  readonly pickup?: boolean;
  readonly paymentId?: string;
  /** Reverse charge: every rate is 0 and the prices are the net ones. */
  readonly vatShifted?: boolean;
  readonly comment?: string;
  readonly language?: string;
}

/** An order that was placed, in cents including VAT: Σ lines.total + shipping + paymentCost = total. */
export interface PlacedOrder {
  readonly id: number;
  readonly number: string;
  readonly email: string;
  readonly customerId: number | undefined;
  readonly total: number;
  readonly shipping: number;
  readonly paymentCost: number;
  readonly discount: number;
  /** `total`: after the discount; `rate`: basis points. */
  readonly lines: readonly {
    readonly code: string;
    readonly quantity: number;
    readonly unit: number;
    readonly total: number;
    readonly rate: number;
  }[];
}

export interface StockMovement {
  readonly code: string;
  readonly type: string;
  readonly amount: number;
}
