/** Shopware 6 as a connection: reads orders, customers and products; comes with the installation of the app. */
import { z } from 'zod';
import type { CanonicalRecord, Kind } from '../connectors/commerce.ts';
import type { Connector, Io, Session, VocabularyItem } from '../connectors/connector.ts';
import { Failure, failureOf } from '../connectors/failure.ts';
import { basisPointsOf } from '../connectors/money.ts';
import { changesOf, streams } from './changes.ts';
import { type AdminApi, type Criteria, createAdminApi } from './client.ts';
import { CustomerRow, ListRow, OrderRow, ProductRow } from './rows.ts';
import { ShopwareSettings } from './settings.ts';
import { customerOf, orderOf, productOf } from './translate.ts';

const overlapMs = 5 * 60_000;
/** What one search takes; an order with everything it needs is about 25 kB. */
const batch = 100;

export const shopware: Connector<ShopwareSettings> = {
  name: 'shopware',
  title: 'Shopware 6',
  settings: ShopwareSettings,
  installed: true,
  // The Admin API has no limit of its own; a small shop server is shared with its customers.
  limits: { concurrency: 4 },
  reads: {
    order: { overlapMs, pollEveryMs: 60_000, batch },
    customer: { overlapMs, pollEveryMs: 15 * 60_000, batch },
    product: { overlapMs, pollEveryMs: 15 * 60_000, batch },
  },
  writes: {},
  open: (settings, io) => openSession(createAdminApi(settings, io), settings, io),
};

const address = { associations: { country: {}, countryState: {} } };

/** Everything an order needs in one call; 6.7 fields come without being asked for, so that the same call serves 6.6. */
const orderAssociations = {
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

const customerAssociations = {
  group: {},
  language: { associations: { locale: {} } },
  defaultBillingAddress: address,
  defaultShippingAddress: address,
};

interface Reading<Row> {
  readonly entity: string;
  /** The field that holds what people call the record; ids `#10023` ask for it. */
  readonly number: string;
  readonly criteria: Criteria;
  readonly headers?: Readonly<Record<string, string>>;
  readonly row: z.ZodType<Row>;
  readonly translate: (row: Row) => CanonicalRecord;
}

/** Of what orders refer to, only this: a product's texts alone would make a batch of orders larger than the longest answer taken. */
const orderIncludes = { product: ['id', 'productNumber'], country: ['id', 'iso'], state_machine_state: ['id', 'technicalName'] };

const orders: Reading<OrderRow> = {
  entity: 'order',
  number: 'orderNumber',
  criteria: { associations: orderAssociations, includes: orderIncludes },
  row: OrderRow,
  translate: orderOf,
};
const customers: Reading<CustomerRow> = {
  entity: 'customer',
  number: 'customerNumber',
  criteria: { associations: customerAssociations },
  row: CustomerRow,
  translate: customerOf,
};
/** With inheritance, because a variant keeps name and state in its parent. */
const products: Reading<ProductRow> = {
  entity: 'product',
  number: 'productNumber',
  criteria: {},
  headers: { 'sw-inheritance': '1' },
  row: ProductRow,
  translate: productOf,
};

function openSession(api: AdminApi, settings: ShopwareSettings, io: Io): Session {
  return {
    async check() {
      const answer = z.object({ version: z.string() }).safeParse(await api.get('_info/version', 'version'));
      const version = answer.success ? answer.data.version : '?';
      // The whole criteria, so that a missing permission shows here and not with the first order.
      await api.search('order', { page: 1, limit: 1, associations: orderAssociations });
      await api.search('customer', { page: 1, limit: 1, associations: customerAssociations });
      const old = answer.success && Number(version.split('.')[1]) < 6 && version.startsWith('6.');
      return {
        summary: `Shopware ${version}`,
        facts: [
          { label: 'Version', value: version },
          { label: 'Address', value: settings.shopUrl },
        ],
        warnings: old
          ? [
              {
                code: 'shopware.old-version',
                message: `Shopware ${version} is older than 6.6; Tillbridge is made for 6.6 and 6.7.`,
                params: { version },
              },
            ]
          : [],
      };
    },

    changed(kind, cursor) {
      return changesOf(api, streams[readable(kind)], { cursor, overlapMs, now: () => io.now() });
    },

    async read(kind, ids) {
      switch (readable(kind)) {
        case 'order':
          return readAll(api, orders, ids);
        case 'customer':
          return readAll(api, customers, ids);
        case 'product':
          return readAll(api, products, ids);
      }
    },

    plan: (kind) => Promise.reject(notWritable(kind)),
    apply: (kind) => Promise.reject(notWritable(kind)),
    vocabulary: (list) => vocabularyOf(api, list),
  };
}

/**
 * One search per 100 ids, one per 100 numbers (`#10023`). A record that cannot be understood is a Failure in its place and leaves
 * the others alone.
 */
async function readAll<Row>(
  api: AdminApi,
  reading: Reading<Row>,
  ids: readonly string[],
): Promise<(CanonicalRecord | undefined | Failure)[]> {
  const found = new Map<string, CanonicalRecord | Failure>();
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
async function searched<Row>(
  api: AdminApi,
  reading: Reading<Row>,
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
  return Array.from({ length: Math.ceil(keys.length / batch) }, (_, index) => keys.slice(index * batch, (index + 1) * batch));
}

function translated<Row>(reading: Reading<Row>, row: unknown, id: string): CanonicalRecord | Failure {
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

async function vocabularyOf(api: AdminApi, list: string): Promise<VocabularyItem[]> {
  const named = async (entity: string): Promise<VocabularyItem[]> =>
    (await rowsOf(api, entity)).map((row) => ({ value: row.id, label: labelOf(row), ...inactive(row) }));
  switch (list) {
    case 'paymentMethods':
      return named('payment-method');
    case 'shippingMethods':
      return named('shipping-method');
    case 'salesChannels':
      return named('sales-channel');
    case 'countries':
      // Orders name a country by its ISO code, so that is what tables are keyed by.
      return (await rowsOf(api, 'country')).flatMap((row) =>
        row.iso ? [{ value: row.iso.toUpperCase(), label: labelOf(row), ...inactive(row) }] : [],
      );
    case 'taxRates':
      return taxRatesOf(await rowsOf(api, 'tax', { rules: {} }));
    default:
      throw new Failure({
        remedy: 'fix-data',
        code: 'shopware.unknown-list',
        message: `Shopware has no list ${list} to choose from.`,
        params: { list },
      });
  }
}

async function rowsOf(api: AdminApi, entity: string, associations: Criteria = {}): Promise<ListRow[]> {
  const rows = await api.all(entity, {
    sort: [{ field: 'id', order: 'ASC' }],
    ...(Object.keys(associations).length > 0 && { associations }),
  });
  return rows.flatMap((row) => {
    const parsed = ListRow.safeParse(row);
    return parsed.success ? [parsed.data] : [];
  });
}

/** Every rate that an order can show: those of the taxes, those of their countries, and 0 for orders without tax. Values are basis points. */
function taxRatesOf(taxes: readonly ListRow[]): VocabularyItem[] {
  const labels = new Map<number, string>([[0, '0 %']]);
  for (const tax of taxes) {
    for (const { taxRate } of tax.rules ?? []) if (!labels.has(basisPointsOf(taxRate))) labels.set(basisPointsOf(taxRate), `${taxRate} %`);
  }
  for (const tax of taxes) {
    if (tax.taxRate !== undefined) labels.set(basisPointsOf(tax.taxRate), `${labelOf(tax)} (${tax.taxRate} %)`);
  }
  return [...labels].sort(([one], [other]) => one - other).map(([rateBp, label]) => ({ value: String(rateBp), label }));
}

function labelOf(row: ListRow): string {
  return row.translated?.distinguishableName || row.translated?.name || row.name || row.id;
}

function inactive(row: ListRow): { hint?: string } {
  return row.active === false ? { hint: 'inactive' } : {};
}

function readable(kind: Kind): keyof typeof streams {
  if (kind === 'order' || kind === 'customer' || kind === 'product') return kind;
  throw new Failure({
    remedy: 'fix-data',
    code: 'shopware.not-readable',
    message: `Tillbridge does not read the kind ${kind} from Shopware.`,
    params: { kind },
  });
}

function notWritable(kind: Kind): Failure {
  return new Failure({
    remedy: 'fix-data',
    code: 'shopware.not-writable',
    message: `Tillbridge does not write the kind ${kind} to Shopware yet.`,
    params: { kind },
  });
}
