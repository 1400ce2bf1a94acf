/** Rows as X-Series gives them, so far as they are used (OpenAPI of version 2.0; 2026-07 where it differs). What is missing is null or absent. */
import { z } from 'zod';

const text = z
  .string()
  .nullish()
  .transform((value) => (value === null || value === '' ? undefined : value));
const decimal = z
  .union([z.number(), z.string()])
  .nullish()
  .transform((value) => (value === null || value === '' ? undefined : value));
const flag = z.boolean().nullish();
const version = z.coerce.number().int().nonnegative().catch(0);
const id = z.string().min(1);

/** A list that is null, absent or not a list is empty. */
const listOf = <Row extends z.ZodType>(row: Row) =>
  z
    .array(row)
    .nullish()
    .transform((rows) => rows ?? []);

export const Retailer = z.looseObject({
  id: text,
  name: text,
  domain_prefix: text,
  country: text,
  tax_exclusive: flag,
  discount_product_id: text,
  no_tax_group_id: text,
  currency: z
    .union([z.object({ code: text }), z.string().transform((code) => ({ code }))])
    .nullish()
    .transform((currency) => currency?.code),
});
export type Retailer = z.infer<typeof Retailer>;

export const Outlet = z.object({ id, name: text, deleted_at: text });
export type Outlet = z.infer<typeof Outlet>;

export const Register = z.object({ id, name: text, outlet_id: text, deleted_at: text });
export type Register = z.infer<typeof Register>;

export const User = z.object({ id, username: text, display_name: text, is_primary_user: flag, deleted_at: text });
export type User = z.infer<typeof User>;

export const PaymentType = z.object({ id, name: text, deleted_at: text });
export type PaymentType = z.infer<typeof PaymentType>;

export const Tax = z.object({
  id,
  name: text,
  display_name: text,
  is_default: flag,
  deleted_at: text,
  rate: decimal,
  rates: listOf(z.object({ rate: decimal })),
});
export type Tax = z.infer<typeof Tax>;

export const Named = z.object({ id, name: text, deleted_at: text });
export type Named = z.infer<typeof Named>;

export const CategoryRow = z.object({
  id,
  name: text,
  parent_category_id: text,
  deleted_at: text,
  category_path: listOf(z.object({ id, name: text })),
});
export type CategoryRow = z.infer<typeof CategoryRow>;

export const ProductRow = z.object({
  id,
  name: text,
  description: text,
  handle: text,
  sku: text,
  source: text,
  source_id: text,
  active: flag,
  is_active: flag,
  has_inventory: flag,
  has_variants: flag,
  family_id: text,
  variant_parent_id: text,
  variant_name: text,
  variant_options: listOf(z.object({ name: text, value: text })),
  price_including_tax: decimal,
  price_excluding_tax: decimal,
  product_codes: listOf(z.object({ type: text, code: text })),
  product_type_id: text,
  type: z.object({ id: text }).nullish().catch(undefined),
  product_category: z.object({ id: text }).nullish().catch(undefined),
  brand_id: text,
  brand: z.object({ id: text, name: text }).nullish().catch(undefined),
  tax_id: text,
  tag_ids: listOf(z.string()),
  updated_at: text,
  deleted_at: text,
  version,
});
export type ProductRow = z.infer<typeof ProductRow>;

export const InventoryRow = z.object({
  id: text,
  product_id: id,
  outlet_id: id,
  inventory_level: decimal,
  current_inventory_level: decimal,
  deleted_at: text,
  version,
});
export type InventoryRow = z.infer<typeof InventoryRow>;

const addressed = (kind: 'physical' | 'postal') =>
  ({
    [`${kind}_address_1`]: text,
    [`${kind}_address_2`]: text,
    [`${kind}_suburb`]: text,
    [`${kind}_city`]: text,
    [`${kind}_postcode`]: text,
    [`${kind}_state`]: text,
    [`${kind}_country_id`]: text,
  }) as Record<`${typeof kind}_${'address_1' | 'address_2' | 'suburb' | 'city' | 'postcode' | 'state' | 'country_id'}`, typeof text>;

export const CustomerRow = z.object({
  id,
  customer_code: text,
  first_name: text,
  last_name: text,
  company_name: text,
  email: text,
  phone: text,
  mobile: text,
  customer_group_id: text,
  note: text,
  do_not_email: flag,
  ...addressed('physical'),
  ...addressed('postal'),
  updated_at: text,
  deleted_at: text,
  version,
});
export type CustomerRow = z.infer<typeof CustomerRow>;

export const SaleLine = z.object({
  id: text,
  product_id: text,
  tax_id: text,
  quantity: decimal,
  price: decimal,
  discount: decimal,
  discount_total: decimal,
  price_total: decimal,
  tax: decimal,
  tax_total: decimal,
  is_return: flag,
  status: text,
});
export type SaleLine = z.infer<typeof SaleLine>;

export const SalePayment = z.object({
  id: text,
  name: text,
  retailer_payment_type_id: text,
  payment_type_id: text,
  payment_date: text,
  amount: decimal,
  deleted_at: text,
});
export type SalePayment = z.infer<typeof SalePayment>;

export const SaleRow = z.object({
  id,
  outlet_id: text,
  register_id: text,
  customer_id: text,
  invoice_number: text,
  source: text,
  source_id: text,
  status: text,
  note: text,
  return_for: text,
  total_price: decimal,
  total_tax: decimal,
  sale_date: text,
  created_at: text,
  updated_at: text,
  deleted_at: text,
  version,
  line_items: listOf(SaleLine),
  payments: listOf(SalePayment),
  adjustments: listOf(z.object({ name: text, adjustment_type: text, value: decimal })),
  ecom_custom_charges: z
    .object({ charges: listOf(z.object({ name: text, source_id: text, total: decimal, total_tax: decimal })) })
    .nullish(),
});
export type SaleRow = z.infer<typeof SaleRow>;

/** `{"data":[…],"version":{…}}` or, for some lists of 2026-07, the bare array. Rows that cannot be read are left out. */
export function rowsIn<Row>(
  row: z.ZodType<Row>,
  json: unknown,
): { readonly rows: readonly Row[]; readonly max: number; readonly count: number } | undefined {
  const list = Array.isArray(json) ? json : Reflect.get(Object(json), 'data');
  if (!Array.isArray(list)) return undefined;
  const rows = list.flatMap((one) => {
    const parsed = row.safeParse(one);
    return parsed.success ? [parsed.data] : [];
  });
  const told = Envelope.safeParse(json);
  const versions = list.map((one) => Number(Reflect.get(Object(one), 'version'))).filter(Number.isSafeInteger);
  const max = told.success ? told.data.version.max : versions.reduce((most, one) => Math.max(most, one), 0);
  return { rows, max, count: list.length };
}

const Envelope = z.object({ version: z.object({ max: z.coerce.number().int().nonnegative() }) });

/** `{"data":{…}}`. */
export function rowIn<Row>(row: z.ZodType<Row>, json: unknown): Row | undefined {
  const parsed = row.safeParse(Reflect.get(Object(json), 'data') ?? json);
  return parsed.success ? parsed.data : undefined;
}
