/** Lightspeed: the web shop eCom C-Series and the till Retail X-Series, one connector with a driver for each. */
import type { Connector } from '../connector.ts';
import { hearCSeries, openCSeries } from './cseries/index.ts';
import {
  CategoryDraft,
  CustomerDraft,
  categoryRules,
  customerRules,
  OrderDraft,
  orderRules,
  orderTables,
  ProductDraft,
  productRules,
  productTables,
  StockDraft,
  stockRules,
  stockTables,
} from './drafts.ts';
import {
  CategoryFlowSettings,
  CustomerFlowSettings,
  customerPolicies,
  OrderFlowSettings,
  ProductFlowSettings,
  productPolicies,
  StockFlowSettings,
} from './flow-settings.ts';
import { type LightspeedOptions, LightspeedSettings } from './settings.ts';
import { hearXSeries, openXSeries, xSeriesAuthorization } from './xseries/index.ts';

/** How far a poll looks back behind its cursor: lines follow their order, and clocks differ. */
const overlapMs = 60_000;

export function lightspeedConnector(options: LightspeedOptions = {}): Connector<LightspeedSettings> {
  return {
    name: 'lightspeed',
    title: 'Lightspeed',
    settings: LightspeedSettings,
    // How often is told by the answers of each shop; the drivers keep to it.
    limits: { concurrency: 4 },
    reads: {
      order: { overlapMs, pollEveryMs: 60_000, batch: 50 },
      customer: { overlapMs, pollEveryMs: 300_000, batch: 50 },
      product: { overlapMs, pollEveryMs: 300_000, batch: 250 },
      category: { overlapMs, pollEveryMs: 900_000, batch: 500 },
      stock: { overlapMs, pollEveryMs: 120_000, batch: 250 },
    },
    writes: {
      // Retail alone: the web shop lets nobody but its own checkout make orders, and its driver says so.
      order: { draft: OrderDraft, settings: OrderFlowSettings, tables: orderTables, rules: orderRules, batch: 1 },
      customer: {
        draft: CustomerDraft,
        settings: CustomerFlowSettings,
        tables: [],
        rules: customerRules,
        batch: 20,
        policies: customerPolicies,
      },
      product: {
        draft: ProductDraft,
        settings: ProductFlowSettings,
        tables: productTables,
        rules: productRules,
        batch: 50,
        policies: productPolicies,
      },
      category: { draft: CategoryDraft, settings: CategoryFlowSettings, tables: [], rules: categoryRules, batch: 100 },
      stock: { draft: StockDraft, settings: StockFlowSettings, tables: stockTables, rules: stockRules, batch: 200 },
    },
    ...(options.clientId && options.clientSecret && { authorization: xSeriesAuthorization(options) }),
    hear: (delivery, settings) =>
      settings.series === 'retail' ? hearXSeries(delivery, settings, options) : hearCSeries(delivery, settings),
    open: (settings, io) => (settings.series === 'retail' ? openXSeries(settings, io, options) : openCSeries(settings, io, options)),
  };
}
