/** What the shop keeps. */
import type { Random } from '../shared/seeded-random.ts';
import type { CSeriesKnobs, PlacedOrder, StockMovement } from './cseries-surface.ts';
import type { Fields, Linker } from './cseries-wire.ts';
import { createTable } from './table.ts';

interface Dated {
  readonly id: number;
  readonly createdAt: number;
  updatedAt: number;
}

/** Values by field for each language; a language without a value shows the default one's. */
export type Texts = Record<string, Record<string, string>>;

export interface Variant extends Dated {
  readonly productId: number;
  taxId: number;
  isDefault: boolean;
  sortOrder: number;
  /** Ten-thousandths of the currency. */
  priceExcl: number;
  priceIncl: number;
  stockLevel: number;
  texts: Texts;
  /** Further writable fields by their wire names. */
  more: Record<string, unknown>;
}

export interface Product extends Dated {
  texts: Texts;
  brandId: number | undefined;
  visibility: string;
  more: Record<string, unknown>;
  images: { readonly id: number; readonly title: string; readonly src: string; readonly createdAt: number }[];
}

export interface Category extends Dated {
  parentId: number | undefined;
  texts: Texts;
  more: Record<string, unknown>;
}

interface CategoryProduct extends Dated {
  readonly categoryId: number;
  readonly productId: number;
  readonly sortOrder: number;
}

interface Brand extends Dated {
  title: string;
  content: string;
}

export interface Tax extends Dated {
  readonly title: string;
  /** Basis points. */
  readonly rate: number;
  readonly isDefault: boolean;
}

export interface Customer extends Dated {
  /** By wire names; countries as two lower-case letters. */
  fields: Record<string, unknown>;
}

export interface Metafield extends Dated {
  readonly owner: string;
  key: string;
  value: string;
}

/** An order line by wire names; product and variant as ids. */
export type Line = Fields & { readonly id: number };

export interface Order extends Dated {
  readonly placed: PlacedOrder;
  /** What does not change after placing, by wire names. */
  readonly fixed: Fields;
  readonly lines: readonly Line[];
  readonly language: string;
  status: string;
  paymentStatus: string;
  shipmentStatus: string;
  memo: string;
  customStatusId: unknown;
  /** Reads that still answer 404. */
  misses: number;
  tracking: string;
  /** Pieces credited so far, by line id. */
  readonly refunded: Map<number, number>;
}

/** One is there with every order; a credit has one of its own, with a negative price. */
interface Invoice extends Dated {
  readonly orderId: number;
  readonly number: string;
  /** Cents including VAT. */
  readonly total: number;
  readonly credit: boolean;
}

export interface Hook extends Dated {
  fields: { isActive: boolean; itemGroup: string; itemAction: string; language: string; format: string; address: string };
}

interface Movement extends Dated, StockMovement {
  readonly variantId: number;
  readonly description: string;
}

const lower = (value: unknown): string => String(value ?? '').toLowerCase();

export const createTables = () => ({
  products: createTable<Product>(163_090_001, {
    brand: (row) => String(row.brandId ?? ''),
    isVisible: (row) => String(row.visibility !== 'hidden'),
    title: (row) => lower(Object.values(row.texts)[0]?.title),
  }),
  variants: createTable<Variant>(322_925_001, {
    product: (row) => String(row.productId),
    articleCode: (row) => lower(row.more.articleCode),
    ean: (row) => lower(row.more.ean),
    sku: (row) => lower(row.more.sku),
  }),
  categories: createTable<Category>(11_200_001, { parent: (row) => String(row.parentId ?? '') }),
  categoryProducts: createTable<CategoryProduct>(88_300_001, {
    product: (row) => String(row.productId),
    category: (row) => String(row.categoryId),
  }),
  brands: createTable<Brand>(4_500_001),
  taxes: createTable<Tax>(1_207_266),
  customers: createTable<Customer>(201_000_001, { email: (row) => lower(row.fields.email) }),
  orders: createTable<Order>(315_967_001, {
    customer: (row) => String(row.placed.customerId ?? ''),
    number: (row) => lower(row.placed.number),
    email: (row) => lower(row.placed.email),
    status: (row) => row.status,
    paymentStatus: (row) => row.paymentStatus,
    shipmentStatus: (row) => row.shipmentStatus,
  }),
  invoices: createTable<Invoice>(54_000_001, { order: (row) => String(row.orderId), number: (row) => lower(row.number) }),
  metafields: createTable<Metafield>(7_000_001, { owner: (row) => row.owner, key: (row) => lower(row.key) }),
  webhooks: createTable<Hook>(500_001),
  movements: createTable<Movement>(990_000_001, { variant: (row) => String(row.variantId) }),
});

export interface CSeriesState {
  readonly shopId: number;
  readonly shopName: string;
  readonly apiKey: string;
  readonly app: { readonly key: string; readonly secret: string } | undefined;
  /** Active ones, the default first. */
  readonly languages: readonly string[];
  readonly knobs: CSeriesKnobs;
  readonly tables: ReturnType<typeof createTables>;
  readonly random: Random;
  readonly mails: string[];
  readonly unexpected: string[];
  alive: boolean;
  now(): number;
  linker(language: string): Linker;
  /** Says a change to the webhooks that want it. */
  tell(group: 'orders' | 'customers' | 'products' | 'variants', action: string, id: number): void;
}

/** Text of a field in a language, with the default language's behind it. */
export function textOf(state: CSeriesState, texts: Texts, language: string, field: string): string {
  return texts[language]?.[field] ?? texts[state.languages[0] ?? 'nl']?.[field] ?? '';
}
