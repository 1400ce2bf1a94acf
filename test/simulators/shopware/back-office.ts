/** What happens to customers, articles and newsletter readers outside of a checkout, with the events that the shop fires. */
import type { Database, Row } from './database.ts';
import { customerEvent, type Emit, newsletterEvent, written } from './events.ts';
import { customerId, insertCustomer, insertProduct, productId, salesChannelId } from './seed.ts';
import type { SeedCustomer } from './seed-customers.ts';
import type { SeedProduct } from './seed-products.ts';
import { liveVersion, shopDate, systemLanguage } from './wire.ts';

export interface BackOffice {
  /** A sign-up in the storefront. */
  registerCustomer(customer: SeedCustomer): Promise<Row>;
  /** Fields of the customer, by customer number. */
  editCustomer(number: string, fields: Readonly<Record<string, unknown>>): Promise<void>;
  /** Orders stay and lose the way back to the customer. */
  deleteCustomer(number: string): Promise<void>;
  addProduct(product: SeedProduct): Promise<Row>;
  /** Fields of the article, by product number; `stock` also sets what is available. */
  editProduct(number: string, fields: Readonly<Record<string, unknown>>): Promise<void>;
  deleteProduct(number: string): Promise<void>;
  /** Resolves to the id of the recipient, which is all that the webhook tells. */
  subscribe(email: string, name?: { firstName?: string; lastName?: string }): Promise<string>;
  unsubscribe(recipientId: string): Promise<void>;
}

export function createBackOffice(db: Database, emit: Emit): BackOffice {
  const versions = [
    'versionId',
    'parentVersionId',
    'productManufacturerVersionId',
    'productMediaVersionId',
    'canonicalProductVersionId',
    'cmsPageVersionId',
  ];
  return {
    registerCustomer: async (customer) => {
      const row = insertCustomer(db, customer);
      const updatedFields = [
        'id',
        'groupId',
        'salesChannelId',
        'languageId',
        'defaultBillingAddressId',
        'defaultShippingAddressId',
        'customerNumber',
        'firstName',
        'lastName',
        'email',
        'guest',
        'accountType',
        'createdAt',
      ];
      await emit(
        written('customer', [{ entity: 'customer', operation: 'insert', primaryKey: row.id, updatedFields }]),
        customerEvent(db, customer.guest === true ? 'checkout.customer.guest_register' : 'checkout.customer.register', row.id),
      );
      return row;
    },
    editCustomer: async (number, fields) => {
      const { id } = db.update('customer', customerId(number), fields);
      await emit(
        written('customer', [
          {
            entity: 'customer',
            operation: 'update',
            primaryKey: id,
            updatedFields: ['updatedById', ...Object.keys(fields), 'updatedAt', 'id'],
          },
        ]),
      );
    },
    deleteCustomer: async (number) => {
      const id = customerId(number);
      for (const row of db.where('order_customer', 'customerId', id)) row.customerId = null;
      db.remove('customer', id);
      await emit(written('customer', [{ entity: 'customer', operation: 'delete', primaryKey: id }], 'deleted'));
    },
    addProduct: async (product) => {
      const row = insertProduct(db, product);
      const updatedFields = [
        'id',
        ...versions,
        'taxId',
        'price',
        'productNumber',
        'active',
        'stock',
        'createdAt',
        'availableStock',
        'name',
      ];
      await emit(
        written('product', [{ entity: 'product', operation: 'insert', primaryKey: row.id, updatedFields, versionId: liveVersion }]),
      );
      return row;
    },
    editProduct: async (number, fields) => {
      const stock = 'stock' in fields ? { availableStock: fields.stock } : {};
      const { id } = db.update('product', productId(number), { ...fields, ...stock });
      const updatedFields = [...versions, ...Object.keys(fields), 'updatedAt', ...Object.keys(stock), 'id'];
      await emit(written('product', [{ entity: 'product', operation: 'update', primaryKey: id, updatedFields, versionId: liveVersion }]));
    },
    deleteProduct: async (number) => {
      const id = productId(number);
      db.remove('product', id);
      await emit(written('product', [{ entity: 'product', operation: 'delete', primaryKey: id, versionId: liveVersion }], 'deleted'));
    },
    subscribe: async (email, name = {}) => {
      const row = db.insert('newsletter_recipient', {
        email,
        ...name,
        status: 'optIn',
        languageId: systemLanguage,
        salesChannelId,
        confirmedAt: shopDate(db.now()),
        hash: db.random.hex(32),
      });
      await emit(newsletterEvent(db, 'newsletter.confirm', row.id));
      return row.id;
    },
    unsubscribe: async (recipientId) => {
      db.update('newsletter_recipient', recipientId, { status: 'optOut' });
      await emit(newsletterEvent(db, 'newsletter.unsubscribe', recipientId));
    },
  };
}
