/** What the versions of the API answer. */

import { both, type Call, living, ok, type Route } from './xseries-call.ts';
import { changeCustomer, createCustomer, deleteCustomer, showCustomer } from './xseries-customers.ts';
import { houseRoutes } from './xseries-house-routes.ts';
import {
  adjustStock,
  createProduct,
  deleteProduct,
  showDatedProduct,
  showDatedStock,
  showProduct,
  showStock,
  updateProduct,
} from './xseries-products.ts';
import { openReturn, postRegisterSale, postSale, showDatedSale, showRegisterSale } from './xseries-sale-writes.ts';
import { showSale } from './xseries-sales.ts';
import { type Fields, numberIn, type Product, sayUnknown, stamp, uuid } from './xseries-state.ts';
import { changeHook, createHook, showHook } from './xseries-webhooks.ts';

const shownProduct = ({ state, version }: Call, product: Product): Fields =>
  version === '2.0' || version === '2.1' ? showProduct(state, product) : showDatedProduct(state, product);

const products: Record<string, Route> = {
  'GET products': {
    versions: both,
    scope: 'products',
    run: (call) => {
      const { products: table } = call.state.tables;
      const sku = call.query.get('sku');
      const name = call.query.get('name') ?? call.query.get('family_name');
      // With these every other parameter is ignored.
      const found = sku !== null ? table.find('sku', sku) : name !== null ? table.find('name', name) : undefined;
      const { data, version } = found === undefined ? table.feed(call.query) : { data: found, version: { min: 0, max: 0 } };
      return ok({ data: data.map((product) => shownProduct(call, product)), version });
    },
  },
  'GET products/#': {
    versions: both,
    scope: 'products',
    run: (call) => ok({ data: shownProduct(call, living(call.state.tables.products, call.ids[0], 'Product')) }),
  },
  'POST products': { versions: both, scope: 'products', run: ({ state, body }) => ok({ data: createProduct(state, body()) }) },
  'PUT products/#': {
    versions: ['2.1', 'dated'],
    scope: 'products',
    run: (call) => {
      const product = living(call.state.tables.products, call.ids[0], 'Product');
      updateProduct(call.state, product, call.body(), call.version);
      return ok({ data: shownProduct(call, product) });
    },
  },
  'DELETE products/#': {
    versions: both,
    scope: 'products',
    run: ({ state, ids }) => {
      deleteProduct(state, living(state.tables.products, ids[0], 'Product'));
      return ok({});
    },
  },
  'POST products/#/actions/image_upload': {
    versions: both,
    scope: 'products',
    run: ({ state, ids }) => {
      const product = living(state.tables.products, ids[0], 'Product');
      const id = uuid(state.random);
      const image = { id, url: `https://images.example.com/${id}.jpg` };
      product.images = [...product.images, image];
      state.tables.products.touch(product);
      return ok({ data: { ...image, product_id: product.id, position: product.images.length, status: 'done', version: product.version } });
    },
  },
  'GET products/#/inventory': {
    versions: ['2.0'],
    scope: 'inventory',
    run: ({ state, ids, query }) => {
      const product = living(state.tables.products, ids[0], 'Product');
      const { data, version } = state.tables.stock.feed(query, (row) => row.productId === product.id);
      return ok({ data: data.map(showStock), version });
    },
  },
  'GET inventory': {
    versions: ['2.0'],
    scope: 'inventory',
    run: ({ state, query }) => {
      const { data, version } = state.tables.stock.feed(query);
      return ok({ data: data.map(showStock), version });
    },
  },
  'POST inventory': {
    versions: ['dated'],
    scope: 'inventory',
    run: ({ state, body }) => {
      const wish = body();
      sayUnknown(state, 'list of stock', wish, new Set(['after', 'before', 'size', 'sort_direction', 'product_id', 'include_deleted']));
      const query = new URLSearchParams({ page_size: String(Math.min(5_000, numberIn(wish.size) ?? 1_000)) });
      for (const name of ['after', 'before']) if (wish[name] !== undefined) query.set(name, String(wish[name]));
      const wanted = wish.product_id === undefined ? undefined : [wish.product_id].flat().map(String);
      const rows = state.tables.stock.feed(query, (row) => wanted === undefined || wanted.includes(row.productId)).data.map(showDatedStock);
      return ok(wish.sort_direction === 'asc' ? rows : rows.reverse());
    },
  },
  'GET inventory/#': {
    versions: ['dated'],
    scope: 'inventory',
    run: ({ state, ids }) => {
      const product = living(state.tables.products, ids[0], 'Product');
      return ok(state.tables.stock.find('product', product.id).map(showDatedStock));
    },
  },
  'POST stock_adjustments': {
    versions: ['dated'],
    scope: 'inventory',
    run: ({ state, body }) => ({ status: 201, body: adjustStock(state, body()) }),
  },
};

const customers: Record<string, Route> = {
  'GET customers': {
    versions: both,
    scope: 'customers',
    run: ({ state, query }) => {
      const { data, version } = state.tables.customers.feed(query);
      return ok({ data: data.map(showCustomer), version });
    },
  },
  'GET customers/#': {
    versions: both,
    scope: 'customers',
    run: ({ state, ids }) => ok({ data: showCustomer(living(state.tables.customers, ids[0], 'Customer')) }),
  },
  'POST customers': {
    versions: both,
    scope: 'customers',
    run: ({ state, body }) => ({ status: 201, body: { data: showCustomer(createCustomer(state, body())) } }),
  },
  'PUT customers/#': {
    versions: both,
    scope: 'customers',
    run: ({ state, ids, body }) => {
      const customer = living(state.tables.customers, ids[0], 'Customer');
      changeCustomer(state, customer, body());
      return ok({ data: showCustomer(customer) });
    },
  },
  'DELETE customers/#': {
    versions: both,
    scope: 'customers',
    run: ({ state, ids }) => {
      deleteCustomer(state, living(state.tables.customers, ids[0], 'Customer'));
      return { status: 204 };
    },
  },
};

const sales: Record<string, Route> = {
  'GET sales': {
    versions: ['2.0'],
    scope: 'sales',
    run: ({ state, query }) => {
      const { data, version } = state.tables.sales.feed(query);
      return ok({ data: data.map((sale) => showSale(state, sale)), version });
    },
  },
  'GET sales/#': {
    versions: both,
    scope: 'sales',
    run: ({ state, ids, version }) => {
      const sale = living(state.tables.sales, ids[0], 'Sale');
      return ok({ data: version === '2.0' ? showSale(state, sale) : showDatedSale(state, sale) });
    },
  },
  'POST sales': {
    versions: ['dated'],
    scope: 'sales',
    run: ({ state, body }) => ({ status: 201, body: { data: showDatedSale(state, postSale(state, body())) } }),
  },
  'PUT sales/#/actions/return': {
    versions: ['2.0'],
    scope: 'sales',
    run: ({ state, ids }) => ok({ data: showSale(state, openReturn(state, living(state.tables.sales, ids[0], 'Sale'))) }),
  },
  'POST sales/#/actions/return': {
    versions: ['dated'],
    scope: 'sales',
    run: ({ state, ids }) => {
      const opened = openReturn(state, living(state.tables.sales, ids[0], 'Sale'));
      return { status: 201, body: { data: showDatedSale(state, opened) } };
    },
  },
  'POST register_sales': {
    versions: ['0.9'],
    scope: 'sales',
    run: ({ state, body }) => ok({ register_sale: showRegisterSale(state, postRegisterSale(state, body())) }),
  },
};

const webhooks: Record<string, Route> = {
  'GET webhooks': {
    versions: ['dated'],
    scope: 'webhooks',
    run: ({ state }) => ok({ data: state.tables.webhooks.all().map(showHook) }),
  },
  'POST webhooks': {
    versions: ['dated'],
    scope: 'webhooks',
    run: ({ state, body }) => ({ status: 201, body: { data: showHook(createHook(state, body())) } }),
  },
  'PUT webhooks/#': {
    versions: ['dated'],
    scope: 'webhooks',
    run: ({ state, ids, body }) => {
      const hook = living(state.tables.webhooks, ids[0], 'Webhook');
      changeHook(state, hook, body());
      return ok({ data: showHook(hook) });
    },
  },
  'DELETE webhooks/#': {
    versions: ['dated'],
    scope: 'webhooks',
    run: ({ state, ids }) => {
      living(state.tables.webhooks, ids[0], 'Webhook').deleted_at = stamp(state.now());
      return { status: 204 };
    },
  },
};

export const routes: Readonly<Record<string, Route>> = { ...products, ...customers, ...sales, ...houseRoutes, ...webhooks };
