/** What the retailer keeps. Money is in hundred-thousandths of the currency: prices without VAT have five decimals. */
import type { Random } from '../shared/seeded-random.ts';
import { createVersioned, type Versioned } from './versioned.ts';
import type { PlacedSale, XSeriesKnobs } from './xseries-surface.ts';

/** A request that is turned down. */
export class Refusal extends Error {
  readonly status: number;
  readonly fields: Readonly<Record<string, string>> | undefined;
  constructor(status: number, message: string, fields?: Readonly<Record<string, string>>) {
    super(message);
    this.status = status;
    this.fields = fields;
  }
}

export type Fields = Readonly<Record<string, unknown>>;

export interface Product extends Versioned {
  sku: string;
  name: string;
  handle: string;
  description: string;
  active: boolean;
  hasInventory: boolean;
  familyId: string;
  variantName: string;
  variantOptions: readonly { readonly id: string; readonly name: string; readonly value: string }[];
  priceExcl: number;
  priceIncl: number;
  taxId: string;
  supplyPrice: number;
  brandId: string | undefined;
  categoryId: string | undefined;
  tagIds: readonly string[];
  codes: readonly { readonly type: string; readonly code: string }[];
  images: readonly { readonly id: string; readonly url: string }[];
  source: string;
  sourceId: string | undefined;
  readonly createdAt: string;
  updatedAt: string;
}

export interface Stock extends Versioned {
  readonly productId: string;
  readonly outletId: string;
  level: number;
  reorderPoint: number | null;
  reorderAmount: number | null;
}

export interface Customer extends Versioned {
  /** By wire names. */
  fields: Record<string, unknown>;
  readonly createdAt: string;
  updatedAt: string;
}

export interface SaleLine {
  readonly id: string;
  readonly productId: string;
  readonly taxId: string;
  readonly quantity: number;
  /** Per piece and for the line, without VAT; the discount is taken off already. */
  readonly price: number;
  readonly priceTotal: number;
  readonly tax: number;
  readonly taxTotal: number;
  readonly discount: number;
  readonly discountTotal: number;
  readonly cost: number;
  readonly note: string | null;
}

export interface SalePayment {
  readonly id: string;
  readonly typeId: string;
  readonly date: string;
  /** Cents. */
  readonly amount: number;
}

export interface Sale extends Versioned {
  readonly outletId: string;
  readonly registerId: string;
  readonly userId: string;
  customerId: string | undefined;
  readonly invoiceNumber: string;
  readonly source: string;
  readonly sourceId: string | undefined;
  status: string;
  note: string | null;
  readonly shortCode: string;
  readonly returnFor: string | undefined;
  readonly saleDate: string;
  readonly lines: readonly SaleLine[];
  payments: readonly SalePayment[];
  readonly attributes: readonly string[];
  /** Whether the goods have left the shelf. */
  taken: boolean;
  readonly placed: PlacedSale;
  readonly createdAt: string;
  updatedAt: string;
}

export interface Tax extends Versioned {
  readonly name: string;
  /** Basis points. */
  readonly rate: number;
  readonly rateId: string;
  readonly isDefault: boolean;
}

export interface Named extends Versioned {
  name: string;
  /** Further fields by wire names. */
  readonly more: Fields;
}

export interface Hook extends Versioned {
  active: boolean;
  type: string;
  url: string;
}

export function createTables(next: () => number) {
  return {
    products: createVersioned<Product>(next, { sku: (row) => row.sku, name: (row) => row.name, family: (row) => row.familyId }),
    stock: createVersioned<Stock>(next, { product: (row) => row.productId, place: (row) => `${row.productId} ${row.outletId}` }),
    customers: createVersioned<Customer>(next, {
      email: (row) => String(row.fields.email ?? '').toLowerCase(),
      customer_code: (row) => String(row.fields.customer_code ?? ''),
    }),
    sales: createVersioned<Sale>(next, {
      source: (row) => row.sourceId ?? '',
      invoice_number: (row) => row.invoiceNumber,
      customer_id: (row) => row.customerId ?? '',
    }),
    taxes: createVersioned<Tax>(next),
    outlets: createVersioned<Named>(next),
    registers: createVersioned<Named>(next),
    paymentTypes: createVersioned<Named>(next),
    users: createVersioned<Named>(next),
    brands: createVersioned<Named>(next, { name: (row) => row.name }),
    attributes: createVersioned<Named>(next, { name: (row) => row.name }),
    tags: createVersioned<Named>(next, { name: (row) => row.name }),
    categories: createVersioned<Named>(next, { name: (row) => row.name }),
    webhooks: createVersioned<Hook>(next),
  };
}

export type HookType = 'sale.update' | 'product.update' | 'customer.update' | 'inventory.update';

export interface XSeriesState {
  readonly retailerId: string;
  readonly domainPrefix: string;
  readonly shopName: string;
  readonly knobs: XSeriesKnobs;
  readonly tables: ReturnType<typeof createTables>;
  readonly random: Random;
  readonly unexpected: string[];
  readonly shippingSku: string;
  now(): number;
  tell(type: HookType, id: string): void;
}

/** `2026-06-02T08:24:43+00:00`: UTC. */
export const stamp = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}+00:00`;

/** In the form of a UUID; the same seed gives the same ones. */
export function uuid(random: Random): string {
  const hex = random.hex(32);
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20)].join('-');
}

/** Hundred-thousandths as the decimal number of the wire. */
export const decimal = (amount: number): number => amount / 100_000;

/** A number or a text with one; `undefined` for anything else. */
export function numberIn(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

export const asFields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
export const asList = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.map(asFields) : []);

/** Says names that are not in the list; they are ignored. */
export function sayUnknown(state: XSeriesState, what: string, fields: Fields, known: ReadonlySet<string>): void {
  for (const name of Object.keys(fields)) if (!known.has(name)) state.unexpected.push(`a field that no ${what} has: ${name}`);
}
