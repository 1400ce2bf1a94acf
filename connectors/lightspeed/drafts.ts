/** What the mapping hands to Lightspeed, and the default mapping. One set for both products; each driver words it for itself. */
import { z } from 'zod';
import { Address, Category, Customer, Product, paymentStates } from '../commerce.ts';
import { lockOf, minor, orderLine, Policies, word } from '../draft.ts';
import { answers, given, needed, type Rule, type TableDefinition } from '../mapping.ts';
import { CategoryFlowSettings, CustomerFlowSettings, OrderFlowSettings, ProductFlowSettings, StockFlowSettings } from './flow-settings.ts';

const lockOfCustomer = ({ email, number, id }: Customer) => lockOf('customer', email?.trim().toLowerCase() || number || id);

export const ProductDraft = z.object({
  product: Product.extend({ sku: z.string().default(''), active: z.boolean().default(true) }),
  /** Source category to its path of names, from the top. */
  categoryNames: z.record(z.string(), z.array(z.string().min(1))).default({}),
  policies: Policies,
  /** Price, tax, visibility, variants. */
  offer: z.boolean().default(true),
  /** Texts, brand, EAN, categories. */
  content: z.boolean().default(true),
  deletion: z.enum(['ignore', 'deactivate']).default('ignore'),
  /** Id of the tax in Lightspeed, from the merchant's table; absent: found by its rate. */
  taxId: word,
  policy: ProductFlowSettings.prefault({}),
});
export type ProductDraft = z.infer<typeof ProductDraft>;

export const StockDraft = z.object({
  sku: z.string().min(1),
  /** What may be sold, computed already. Whole pieces. */
  quantity: z.number().int().min(0),
  /** False: its stock is not kept, it can always be sold. */
  managed: z.boolean().default(true),
  policy: StockFlowSettings.prefault({}),
});
export type StockDraft = z.infer<typeof StockDraft>;

export const CategoryDraft = z.object({
  category: Category,
  /** Names from the top, its own last. */
  path: z.array(z.string().min(1)).min(1),
  policy: CategoryFlowSettings.prefault({}),
});
export type CategoryDraft = z.infer<typeof CategoryDraft>;

export const CustomerDraft = z
  .object({
    customer: Customer,
    policies: Policies,
    policy: CustomerFlowSettings.prefault({}),
  })
  .transform((draft) => ({ ...draft, ...lockOfCustomer(draft.customer) }));
export type CustomerDraft = z.infer<typeof CustomerDraft>;

export const DraftLine = z.object({
  ...orderLine,
  /** SKU of the product that takes the line: its own, from the table, or the one that stands in for shipping and the like. */
  product: word,
  /** Id of the tax in Lightspeed, when the merchant's table names one. */
  taxId: word,
});
export type DraftLine = z.infer<typeof DraftLine>;

export const DraftPayment = z.object({
  /** Payment type in Lightspeed. */
  method: word,
  /** What the shop calls it: named when no row of the table fits. */
  name: z.string().default(''),
  amountMinor: minor,
  state: z.enum(paymentStates).default('paid'),
  at: z.iso.datetime().optional(),
});
export type DraftPayment = z.infer<typeof DraftPayment>;

export const OrderDraft = z
  .object({
    /** The order number that the merchant knows. */
    number: z.string().min(1),
    orderedAt: z.iso.datetime(),
    currency: z.string().length(3),
    prices: z.enum(['gross', 'net', 'tax-free']),
    totalMinor: minor,
    paidMinor: minor,
    refundedMinor: minor.default(0),
    note: z.string().optional(),
    customer: Customer.optional(),
    billing: Address.optional(),
    shipping: Address.optional(),
    lines: z.array(DraftLine),
    payments: z.array(DraftPayment).default([]),
    policy: OrderFlowSettings.prefault({}),
  })
  .transform((draft) => ({
    ...draft,
    ...(draft.customer && lockOfCustomer(draft.customer)),
    // Pieces that the store takes from its own stock once the sale is booked.
    demand: draft.lines.flatMap(({ kind, product, quantity }) =>
      kind === 'product' && product !== undefined ? [{ sku: product, quantity }] : [],
    ),
  }));
export type OrderDraft = z.infer<typeof OrderDraft>;

const taxes: TableDefinition = {
  name: 'taxes',
  title: { en: 'VAT rates', de: 'Mehrwertsteuersätze', nl: 'Btw-tarieven' },
  help: {
    en: 'Only needed where two taxes there have the same rate. Left: the rate in hundredths of a percent (2100 is 21 %).',
    de: 'Nur nötig, wenn zwei Steuern dort denselben Satz haben. Links: der Satz in Hundertstel Prozent (2100 sind 21 %).',
    nl: 'Alleen nodig als twee belastingen daar hetzelfde tarief hebben. Links: het tarief in honderdsten van een procent (2100 is 21 %).',
  },
  source: 'taxRates',
  target: 'taxes',
};

const articles: TableDefinition = {
  name: 'articles',
  title: { en: 'Article numbers', de: 'Artikelnummern', nl: 'Artikelnummers' },
  help: {
    en: 'Only for article numbers that differ between the two systems.',
    de: 'Nur für Artikelnummern, die sich zwischen den Systemen unterscheiden.',
    nl: 'Alleen voor artikelnummers die tussen de systemen verschillen.',
  },
  source: 'products',
  target: 'products',
};

export const productTables: readonly TableDefinition[] = [taxes];
export const stockTables: readonly TableDefinition[] = [articles];
export const orderTables: readonly TableDefinition[] = [
  {
    name: 'paymentMethods',
    title: { en: 'Payment methods', de: 'Zahlungsarten', nl: 'Betaalmethoden' },
    source: 'paymentMethods',
    target: 'paymentMethods',
    suggest: true,
  },
  taxes,
  articles,
];

const translatedSku = (to: string): Rule => ({
  to,
  from: 'sku',
  table: { name: 'articles' },
  passUnlisted: true,
  transform: ['text', 'trim'],
  onMissing: 'leave-out',
});

/** A product with variants may do without a SKU of its own. */
export const productRules: readonly Rule[] = [
  needed('product.id', 'id'),
  given('product.sku', 'sku'),
  needed('product.name', 'name'),
  ...['active', 'shortText', 'longText', 'brand', 'ean', 'price', 'unit', 'stocked', 'categories', 'properties', 'custom', 'variants'].map(
    (part) => given(`product.${part}`, part),
  ),
  ...['categoryNames', 'policies', 'offer', 'content', 'deletion'].map((name) => given(name)),
  { to: 'taxId', from: 'price.taxRateBp', table: { name: 'taxes' }, onMissing: 'leave-out' },
  ...answers(ProductFlowSettings),
];

/** The quantity is worked out by the flow's formula and stands in the record. */
export const stockRules: readonly Rule[] = [translatedSku('sku'), needed('quantity'), given('managed'), ...answers(StockFlowSettings)];

export const categoryRules: readonly Rule[] = [
  ...['id', 'parentId', 'name', 'text', 'position', 'deleted'].map((part) => given(`category.${part}`, part)),
  given('path', ['path']),
  ...answers(CategoryFlowSettings),
];

export const customerRules: readonly Rule[] = [
  ...[
    'id',
    'number',
    'email',
    'firstName',
    'lastName',
    'company',
    'vatIds',
    'phone',
    'group',
    'guest',
    'language',
    'billing',
    'shipping',
    'deleted',
  ].map((part) => given(`customer.${part}`, part)),
  ...['names', 'phone', 'company', 'billing', 'shipping'].map((field) =>
    given(`policies.${field}`, [`policies.${field}`, `settings.policy_${field}`]),
  ),
  ...answers(CustomerFlowSettings),
];

const ofKind = (kind: string, setting: keyof OrderFlowSettings): Rule => ({
  to: 'lines[].product',
  from: `settings.${setting}`,
  when: { path: 'kind', in: [kind] },
  onMissing: 'leave-out',
});

export const orderRules: readonly Rule[] = [
  needed('number'),
  needed('orderedAt', 'createdAt'),
  ...['currency', 'prices', 'totalMinor', 'paidMinor'].map((part) => needed(part)),
  ...['refundedMinor', 'note', 'customer', 'billing', 'shipping'].map((part) => given(part)),
  needed('lines[].kind', 'kind'),
  given('lines[].sku', 'sku'),
  given('lines[].text', 'name'),
  ...['quantity', 'grossMinor', 'netMinor', 'taxMinor', 'taxRateBp'].map((part) => needed(`lines[].${part}`, part)),
  { ...translatedSku('lines[].product'), when: { path: 'kind', in: ['product'] } },
  ofKind('shipping', 'shippingProduct'),
  ofKind('discount', 'discountProduct'),
  ofKind('surcharge', 'surchargeProduct'),
  ofKind('gift-card', 'giftCardProduct'),
  ofKind('rounding', 'roundingProduct'),
  { to: 'lines[].taxId', from: 'taxRateBp', table: { name: 'taxes' }, onMissing: 'leave-out' },
  {
    to: 'payments[].method',
    from: 'methodId',
    table: { name: 'paymentMethods' },
    default: { path: 'settings.defaultPaymentMethod' },
    // Only a payment that is booked needs one; the plan names the method that has no row.
    onMissing: 'leave-out',
  },
  given('payments[].name', 'methodName'),
  needed('payments[].amountMinor', 'amountMinor'),
  needed('payments[].state', 'state'),
  given('payments[].at', 'at'),
  ...answers(OrderFlowSettings),
];
