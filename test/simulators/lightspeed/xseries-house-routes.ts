/** Routes of the retailer itself: outlets, registers, taxes, payment types, users, groups of products; and the search. */
import type { Versioned, VersionedTable } from './versioned.ts';
import { type Answer, both, type Call, ok, type Route } from './xseries-call.ts';
import { showCustomer } from './xseries-customers.ts';
import { showProduct } from './xseries-products.ts';
import { showSale } from './xseries-sales.ts';
import { asList, type Fields, type Named, Refusal, sayUnknown, stamp, type Tax, uuid, type XSeriesState } from './xseries-state.ts';

const named = ({ id, name, deleted_at, version, more }: Named): Fields => ({ id, name, ...more, deleted_at, version });
const plainName = ({ id, name, deleted_at }: Named): Fields => ({ id, name, deleted_at });

const showTax = ({ id, name, version, deleted_at, rate, rateId, isDefault }: Tax): Fields => ({
  ...{ id, name, version, deleted_at, is_default: isDefault, display_name: name },
  rates: [{ id: rateId, name, rate: rate / 10_000, display_name: name }],
});

function lists<T extends Versioned>(
  path: string,
  table: (state: XSeriesState) => VersionedTable<T>,
  show: (row: T) => Fields,
): Record<string, Route> {
  return {
    [`GET ${path}`]: {
      versions: both,
      run: ({ state, query }) => {
        const { data, version } = table(state).feed(query);
        return ok({ data: data.map(show), version });
      },
    },
  };
}

/** `GET /search`: by what is indexed, then by any other field of the record; `page_size` up to 1,000 and `offset`. */
function search({ state, query }: Call): Answer {
  const names = [...new Set(query.keys())].filter(
    (name) => !['type', 'page_size', 'offset', 'order_by', 'order_direction', 'deleted'].includes(name),
  );
  const type = query.get('type') ?? '';
  const searchable: Readonly<Record<string, readonly string[]>> = {
    products: ['sku', '_id', 'brand_id', 'tag_id', 'product_type_id', 'variant_parent_id', 'supplier_id'],
    customers: ['email', 'customer_code', 'first_name', 'last_name', 'company_name', 'mobile', 'phone', '_id'],
    sales: ['invoice_number', 'customer_id', 'status', 'user_id', 'outlet_id', 'date_from', 'date_to', '_id'],
  };
  const allowed = searchable[type];
  if (allowed === undefined) throw new Refusal(422, 'type must be sales, products or customers');
  for (const name of names) if (!allowed.includes(name)) state.unexpected.push(`a search of ${type} by ${name}`);
  const { tables } = state;
  const indexed: Readonly<Record<string, (value: string) => readonly Fields[]>> = {
    'products sku': (value) => tables.products.find('sku', value).map((row) => showProduct(state, row)),
    'customers email': (value) => tables.customers.find('email', value.toLowerCase()).map(showCustomer),
    'customers customer_code': (value) => tables.customers.find('customer_code', value).map(showCustomer),
    'sales invoice_number': (value) => tables.sales.find('invoice_number', value).map((row) => showSale(state, row)),
    'sales customer_id': (value) => tables.sales.find('customer_id', value).map((row) => showSale(state, row)),
  };
  const by = names.find((name) => `${type} ${name}` in indexed);
  const everything: Readonly<Record<string, () => readonly Fields[]>> = {
    products: () => tables.products.all().map((row) => showProduct(state, row)),
    customers: () => tables.customers.all().map(showCustomer),
    sales: () => tables.sales.all().map((row) => showSale(state, row)),
  };
  const start = by === undefined ? everything[type]?.() : query.getAll(by).flatMap((value) => indexed[`${type} ${by}`]?.(value) ?? []);
  const indexedUntil = state.now() - state.knobs.searchLagMs;
  const known = (start ?? []).filter((row) => state.knobs.searchLagMs === 0 || Date.parse(String(row.created_at)) <= indexedUntil);
  const rows = known.filter((row) =>
    names.every((name) => {
      const values = query.getAll(name).map((value) => value.toLowerCase());
      if (name === 'date_from') return String(row.sale_date) >= String(query.get(name)).slice(0, 19);
      if (name === 'date_to') return String(row.sale_date).slice(0, 19) <= String(query.get(name));
      if (name === 'tag_id') return values.some((value) => [row.tag_ids].flat().includes(value));
      return values.includes(String(row[name === '_id' ? 'id' : name] ?? '').toLowerCase());
    }),
  );
  const offset = Number(query.get('offset') ?? 0);
  return ok({ data: rows.slice(offset, offset + Math.min(1_000, Number(query.get('page_size') ?? 100))) });
}

function makeNamed(table: 'brands' | 'tags', { state, body }: Call): Answer {
  const fields = body();
  sayUnknown(state, table, fields, new Set(['name', 'description']));
  if (String(fields.name ?? '').trim() === '') throw new Refusal(422, 'name is required', { name: 'required' });
  const row = state.tables[table].add({ id: uuid(state.random), deleted_at: null, name: String(fields.name), more: {} });
  return ok({ data: row.id });
}

export const houseRoutes: Record<string, Route> = {
  ...lists('outlets', (state) => state.tables.outlets, named),
  ...lists('registers', (state) => state.tables.registers, named),
  ...lists('payment_types', (state) => state.tables.paymentTypes, named),
  ...lists('taxes', (state) => state.tables.taxes, showTax),
  ...lists(
    'users',
    (state) => state.tables.users,
    ({ id, more, deleted_at, version }) => ({ id, ...more, deleted_at, version }),
  ),
  ...lists('brands', (state) => state.tables.brands, plainName),
  ...lists('tags', (state) => state.tables.tags, plainName),
  'POST brands': { versions: both, scope: 'products', run: (call) => makeNamed('brands', call) },
  'POST tags': { versions: both, scope: 'products', run: (call) => makeNamed('tags', call) },
  'GET variant_attributes': {
    versions: both,
    scope: 'products',
    run: ({ state }) => ok({ data: state.tables.attributes.all().map(({ id, name, more }) => ({ id, name, ...more })) }),
  },
  'POST variant_attributes': {
    versions: both,
    scope: 'products',
    run: ({ state, body }) => {
      const name = String(body().name ?? '').trim();
      if (name === '' || state.tables.attributes.find('name', name).length > 0)
        throw new Refusal(422, 'name must be new and not empty', { name: 'taken' });
      const time = stamp(state.now());
      const more = { created_at: time, updated_at: time };
      const row = state.tables.attributes.add({ id: uuid(state.random), deleted_at: null, name, more });
      return { status: 201, body: { data: { id: row.id, name, ...more } } };
    },
  },
  'GET product_categories': {
    versions: both,
    scope: 'products',
    run: ({ state }) => {
      const shown = state.tables.categories
        .all()
        .map(({ id, name, more }) => ({ id, name, root_category_id: id, leaf_category: true, category_path: [{ id, name }], ...more }));
      return ok({ data: { categories: shown }, page_info: { has_next: false, last_seen: shown.at(-1)?.id ?? '' } });
    },
  },
  'POST product_categories/bulk': {
    versions: both,
    scope: 'products',
    run: ({ state, body }) => {
      const made = asList(body().categories).map((wish) => {
        const parent = wish.parent_category_id === undefined ? {} : { parent_category_id: wish.parent_category_id };
        const row = state.tables.categories.add({ id: uuid(state.random), deleted_at: null, name: String(wish.name), more: parent });
        return { id: row.id, payload_id: wish.payload_id, name: row.name };
      });
      return ok({ data: { categories: made } });
    },
  },
  'GET retailer': {
    versions: both,
    run: ({ state }) =>
      ok({
        data: {
          ...{ id: state.retailerId, domain_prefix: state.domainPrefix, store_url: `https://${state.domainPrefix}.retail.lightspeed.app` },
          ...{ account_status: 'active', account_type: 'paying', name: state.shopName, version: '1', tax_exclusive: false, country: 'NL' },
          ...{
            currency: { code: 'EUR', symbol: '€' },
            culture: 'nl-NL',
            store_credit: false,
            created_at: stamp(0),
            activated_at: stamp(0),
          },
        },
      }),
  },
  'GET user': {
    versions: ['2.0'],
    run: ({ state }) =>
      ok({ data: state.tables.users.all().map(({ id, more, deleted_at, version }) => ({ id, ...more, deleted_at, version }))[0] }),
  },
  'GET outlet_taxes': {
    versions: both,
    scope: 'products',
    run: ({ state, query }) => {
      const { data, version } = state.tables.products.feed(query);
      const outlets = state.tables.outlets.all().filter((outlet) => (query.get('outlet_id') ?? outlet.id) === outlet.id);
      const rows = data.flatMap((product) =>
        outlets.map((outlet) => ({
          outlet_id: outlet.id,
          product_id: product.id,
          tax_id: product.taxId,
          deleted_at: product.deleted_at,
          version: product.version,
        })),
      );
      return ok({ data: rows, version });
    },
  },
  'GET search': { versions: both, run: search },
};
