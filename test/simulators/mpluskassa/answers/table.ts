import type { Fields } from '../fields.ts';
import type { Operation } from '../schema/operations.ts';
import type { Till } from '../till.ts';
import * as basics from './basics.ts';
import * as catalogue from './catalogue.ts';
import * as groups from './groups.ts';
import * as invoices from './invoices.ts';
import * as orders from './orders.ts';
import * as payments from './payments.ts';
import * as products from './products.ts';
import * as relations from './relations.ts';
import * as stock from './stock.ts';

/** Who answers which operation. Answers may hold more fields than the operation's shape; the writer takes what fits. */
export const answers: Record<Operation, (till: Till, input: Fields) => Fields> = {
  getApiVersion: basics.getApiVersion,
  getDatabaseVersion: basics.getDatabaseVersion,
  getLicenseInformation: basics.getLicenseInformation,
  getBranches: basics.getBranches,
  getEmployees: basics.getEmployees,
  getEmployee: basics.getEmployee,
  getVatGroupList: basics.getVatGroupList,
  getPaymentMethods: basics.getPaymentMethods,
  getPaymentMethodsV2: basics.getPaymentMethods,
  getDeliveryMethods: basics.getDeliveryMethods,
  getDeliveryMethodsV2: basics.getDeliveryMethods,
  getTurnoverGroups: basics.getTurnoverGroups,
  getOrderCategories: basics.getOrderCategories,
  getCurrentSyncMarkers: basics.getCurrentSyncMarkers,
  getProducts: catalogue.getProducts,
  createProduct: products.createProduct,
  updateProduct: products.updateProduct,
  getArticleGroups: groups.getArticleGroups,
  getArticleGroupChanges: groups.getArticleGroupChanges,
  getStock: stock.getStock,
  getStockHistory: stock.getStockHistory,
  getStockHistoryV2: stock.getStockHistory,
  updateStock: stock.updateStock,
  setStock: stock.setStock,
  saveStockCorrections: stock.saveStockCorrections,
  createRelation: relations.createRelation,
  updateRelation: relations.updateRelation,
  getRelation: relations.getRelation,
  findRelation: relations.findRelation,
  findRelationV2: relations.findRelationV2,
  getRelations: relations.getRelations,
  createOrder: orders.createOrder,
  createOrderV2: orders.createOrderV2,
  createOrderV3: payments.createOrderV3,
  updateOrder: orders.updateOrder,
  getOrder: orders.getOrder,
  findOrder: orders.findOrder,
  getOrders: orders.getOrders,
  getOrdersByExtOrderIds: orders.getOrdersByExtOrderIds,
  cancelOrder: orders.cancelOrder,
  payOrder: payments.payOrder,
  payOrderV2: payments.payOrder,
  deliverOrder: payments.deliverOrder,
  saveInvoice: invoices.saveInvoice,
  getInvoice: invoices.getInvoice,
  findInvoice: invoices.findInvoice,
  payInvoice: invoices.payInvoice,
};
