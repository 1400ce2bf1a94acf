/** What a test asks of the retailer and gets from it. */
import type { SeedPerson } from './articles.ts';

/** What the documents leave open, and what a test wants to be otherwise. Can be changed at any time. */
export interface XSeriesKnobs {
  /** `expires_in` of access tokens, in seconds. */
  tokenLifeSeconds: number;
  /** A used refresh token works this long after a newer one was given. 0: not at all. */
  refreshGraceSeconds: number;
  /** Overrides 300 × registers + 50 per five minutes. */
  limit: number | undefined;
  /** Refuses a second sale with the same `source_id`; the real system takes it. */
  uniqueSourceId: boolean;
  /** Sign the `payload` field alone instead of the raw form body. */
  signPayloadOnly: boolean;
  /** 2026-07 is known; off: an older shop. */
  dated: boolean;
  /** How long `/search` does not know what was just made, in milliseconds. */
  searchLagMs: number;
  /** How often `sale.update` comes per change of a sale. */
  saleUpdates: number;
}

export interface XSeriesRequest {
  readonly method: string;
  /** `2.0`, `2.1`, `0.9`, `2026-07`, `1.0` (token). */
  readonly version: string;
  /** Without version: `/sales/…`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly status: number;
}

export interface SaleWish {
  /** Default: one piece of the first article. `unit` and `discount` (per piece): cents including VAT. Negative quantity: a return. */
  readonly lines?: readonly { readonly code: string; readonly quantity?: number; readonly unit?: number; readonly discount?: number }[];
  /** Discount over the whole sale, cents including VAT, spread over the lines. */
  readonly discount?: number;
  /** Cents including VAT, as a line of the product `shipping`. */
  readonly shipping?: number;
  /** Default CLOSED: paid. SAVED is parked, ONACCOUNT is unpaid. */
  readonly status?: 'CLOSED' | 'SAVED' | 'ONACCOUNT' | 'LAYBY' | 'AWAITING_DISPATCH' | 'AWAITING_PICKUP';
  readonly customerId?: string;
  readonly person?: SeedPerson | undefined;
  /** Index into the outlets. */
  readonly outlet?: number;
  /** Name of a payment type: Cash, Card, … */
  readonly payment?: string;
  /** Cash to five cents: a payment of the type "Cash Rounding" says the difference. */
  readonly rounded?: boolean;
  readonly note?: string;
}

/** A sale that was rung up, in cents including VAT: Σ lines.total = total = Σ payments when it is paid. */
export interface PlacedSale {
  readonly id: string;
  readonly invoiceNumber: string;
  readonly total: number;
  readonly customerId: string | undefined;
  readonly lines: readonly { readonly code: string; readonly quantity: number; readonly total: number; readonly rate: number }[];
  readonly payments: readonly { readonly name: string; readonly amount: number }[];
}
