/** Reading records: what is asked for, in searches of 100, and what becomes of a record that cannot be understood. */
import { z } from 'zod';
import type { CanonicalRecord, Category, Consent, Customer, Order, Product, StockLevel } from '../connectors/commerce.ts';
import { Failure, failureOf } from '../connectors/failure.ts';
import { CatalogueRow, CategoryRow, catalogueCriteria, catalogueIncludes, rowsAs } from './catalogue-rows.ts';
import type { ChangingKind } from './changes.ts';
import type { AdminApi, Criteria } from './client.ts';
import { consentOf, type Newsletter } from './newsletter.ts';
import { categoryOf, productOf, stockOf } from './read-products.ts';
import type { References } from './references.ts';
import { CustomerRow, OrderRow, RecipientRow } from './rows.ts';
import { customerOf, orderOf } from './translate.ts';

/** What one search takes; an order with everything it needs is about 25 kB. */
export const readBatch = 100;

const address = { associations: { country: {}, countryState: {} } };

/** Everything an order needs in one call; 6.7 fields come without being asked for, so that the same call serves 6.6. */
export const orderAssociations = {
  lineItems: { associations: { product: {} } },
  deliveries: { associations: { shippingMethod: {}, shippingOrderAddress: address, stateMachineState: {} } },
  transactions: { associations: { paymentMethod: {}, stateMachineState: {} } },
  orderCustomer: { associations: { customer: { associations: { group: {} } }, salutation: {} } },
  billingAddress: address,
  addresses: { associations: { country: {} } },
  currency: {},
  language: { associations: { locale: {} } },
  salesChannel: {},
  stateMachineState: {},
  tags: {},
};

export const customerAssociations = {
  group: {},
  language: { associations: { locale: {} } },
  defaultBillingAddress: address,
  defaultShippingAddress: address,
};

interface Reading<Row, Out> {
  readonly entity: string;
  /** The field that holds what people call the record; ids `#10023` ask for it. */
  readonly number: string;
  readonly criteria: Criteria;
  readonly headers?: Readonly<Record<string, string>>;
  readonly row: z.ZodType<Row>;
  readonly translate: (row: Row) => Out;
}

/** Of what orders refer to, only this: a product's texts alone would make a batch of orders larger than the longest answer taken. */
const orderIncludes = { product: ['id', 'productNumber'], country: ['id', 'iso'], state_machine_state: ['id', 'technicalName'] };

const orders: Reading<OrderRow, Order> = {
  entity: 'order',
  number: 'orderNumber',
  criteria: { associations: orderAssociations, includes: orderIncludes },
  row: OrderRow,
  translate: orderOf,
};
const itself = <Row>(row: Row): Row => row;
const customers: Reading<CustomerRow, CustomerRow> = {
  entity: 'customer',
  number: 'customerNumber',
  criteria: { associations: customerAssociations },
  row: CustomerRow,
  translate: itself,
};
const consents: Reading<RecipientRow, Consent | undefined> = {
  entity: 'newsletter-recipient',
  number: 'email',
  criteria: { includes: { newsletter_recipient: Object.keys(RecipientRow.shape) } },
  row: RecipientRow,
  translate: consentOf,
};
const products: Reading<CatalogueRow, CatalogueRow> = {
  entity: 'product',
  number: 'productNumber',
  criteria: { ...catalogueCriteria, includes: { ...catalogueIncludes, product: Object.keys(CatalogueRow.shape) } },
  headers: { 'sw-inheritance': '1' },
  row: CatalogueRow,
  translate: itself,
};
const levels: Reading<CatalogueRow, StockLevel | undefined> = {
  entity: 'product',
  number: 'productNumber',
  criteria: {
    includes: { product: ['id', 'productNumber', 'parentId', 'childCount', 'stock', 'availableStock', 'createdAt', 'updatedAt'] },
  },
  row: CatalogueRow,
  translate: stockOf,
};
const categories: Reading<CategoryRow, Category> = {
  entity: 'category',
  number: 'name',
  criteria: {},
  row: CategoryRow,
  translate: categoryOf,
};

export interface Shop {
  readonly api: AdminApi;
  readonly references: References;
  readonly newsletter: Newsletter;
}

/** Records in the order of the ids; undefined where one is unknown, a Failure where one cannot be understood. Throws the client's Failures. */
export function readRecords(
  { api, references, newsletter }: Shop,
  kind: ChangingKind,
  ids: readonly string[],
): Promise<readonly (CanonicalRecord | undefined | Failure)[]> {
  switch (kind) {
    case 'order':
      return readAll(api, orders, ids);
    case 'customer':
      return readCustomers({ api, newsletter }, ids);
    case 'consent':
      return readAll(api, consents, ids);
    case 'product':
      return readProducts({ api, references }, ids);
    case 'category':
      return readAll(api, categories, ids);
    case 'stock':
      return readAll(api, levels, ids);
  }
}

/** What a customer said about being written to stands with the newsletter, by his address. */
async function readCustomers(
  { api, newsletter }: Pick<Shop, 'api' | 'newsletter'>,
  ids: readonly string[],
): Promise<(Customer | undefined | Failure)[]> {
  const rows = await readAll(api, customers, ids);
  const permissionOf = await newsletter.permissions(rows.flatMap((row) => (row === undefined || row instanceof Failure ? [] : [row])));
  return rows.map((row) => (row === undefined || row instanceof Failure ? row : customerOf(row, permissionOf(row))));
}

/** A product with its variants, whichever of them was asked for: what a variant lacks stands in its parent. */
async function readProducts(
  { api, references }: Pick<Shop, 'api' | 'references'>,
  ids: readonly string[],
): Promise<(Product | undefined | Failure)[]> {
  const rows = await readAll(api, products, ids);
  const good = rows.filter((row): row is CatalogueRow => row !== undefined && !(row instanceof Failure));
  const parentIds = [...new Set(good.flatMap(({ parentId }) => parentId ?? []))];
  const parents = (await readAll(api, products, parentIds)).filter(
    (row): row is CatalogueRow => row !== undefined && !(row instanceof Failure),
  );
  const roots = new Map([...good.filter(({ parentId }) => !parentId), ...parents].map((row) => [row.id, row]));
  const children: CatalogueRow[] = [];
  for (const part of batchesOf([...roots.keys()])) {
    const filter = [{ type: 'equalsAny', field: 'parentId', value: part }];
    children.push(
      ...rowsAs(CatalogueRow, await api.all('product', { ...products.criteria, filter, sort: [{ field: 'productNumber', order: 'ASC' }] })),
    );
  }
  const currency = good.length > 0 ? await references.currency() : '';
  return rows.map((row) => {
    if (row === undefined || row instanceof Failure) return row;
    const root = roots.get(row.parentId ?? row.id) ?? row;
    return productOf({ row: root, children: children.filter(({ parentId }) => parentId === root.id), currency });
  });
}

/**
 * One search per 100 ids, one per 100 numbers (`#10023`). A record that cannot be understood is a Failure in its place and leaves
 * the others alone.
 */
async function readAll<Row, Out>(
  api: AdminApi,
  reading: Reading<Row, Out>,
  ids: readonly string[],
): Promise<(Out | undefined | Failure)[]> {
  const found = new Map<string, Out | Failure>();
  const keep = (rows: readonly unknown[]): void => {
    for (const row of rows) {
      const known = z.looseObject({ id: z.string() }).safeParse(row);
      if (!known.success) continue;
      const record = translated(reading, row, known.data.id);
      found.set(known.data.id, record);
      found.set(`#${String(known.data[reading.number])}`, record);
    }
  };
  const wanted = [...new Set(ids)];
  // Shopware refuses a whole search for one id that is none (FRAMEWORK__INVALID_UUID).
  for (const part of batchesOf(wanted.filter((id) => /^[0-9a-f]{32}$/.test(id)))) {
    keep(await searched(api, reading, { keys: part, criteriaOf: (keys) => ({ ids: keys }) }));
  }
  for (const part of batchesOf(wanted.filter((id) => id.length > 1 && id.startsWith('#')).map((id) => id.slice(1)))) {
    const criteriaOf = (keys: readonly string[]): Criteria => ({ filter: [{ type: 'equalsAny', field: reading.number, value: keys }] });
    keep(await searched(api, reading, { keys: part, criteriaOf }));
  }
  return ids.map((id) => found.get(id));
}

/** One search; halves that are searched apart where the answer would be too large. */
async function searched<Row, Out>(
  api: AdminApi,
  reading: Reading<Row, Out>,
  of: { readonly keys: readonly string[]; readonly criteriaOf: (keys: readonly string[]) => Criteria },
): Promise<readonly unknown[]> {
  const { keys, criteriaOf } = of;
  try {
    return await api.search(reading.entity, { ...reading.criteria, ...criteriaOf(keys), page: 1, limit: keys.length }, reading.headers);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'network.answer-too-large' || keys.length < 2) throw error;
    const middle = Math.ceil(keys.length / 2);
    const half = (part: readonly string[]) => searched(api, reading, { keys: part, criteriaOf });
    return [...(await half(keys.slice(0, middle))), ...(await half(keys.slice(middle)))];
  }
}

function batchesOf(keys: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(keys.length / readBatch) }, (_, index) => keys.slice(index * readBatch, (index + 1) * readBatch));
}

function translated<Row, Out>(reading: Reading<Row, Out>, row: unknown, id: string): Out | Failure {
  const parsed = reading.row.safeParse(row);
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
    return new Failure({
      remedy: 'fix-data',
      code: 'shopware.unreadable',
      message: `The ${reading.entity} ${id} came without what Tillbridge needs (${fields}). Open and save it in Shopware, then send it again.`,
      params: { record: id, fields },
    });
  }
  try {
    return reading.translate(parsed.data);
  } catch (error) {
    return failureOf(error);
  }
}
