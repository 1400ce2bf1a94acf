/** Shopware 6 as a connection: reads orders, customers and products; comes with the installation of the app. */
import { z } from 'zod';
import type { Kind } from '../connectors/commerce.ts';
import type { Connector, Io, Session } from '../connectors/connector.ts';
import { Failure } from '../connectors/failure.ts';
import { openCatalogue } from './catalogue.ts';
import { CategoryDraft, ProductDraft, StockDraft } from './catalogue-draft.ts';
import {
  CategoryFlowSettings,
  categoryRules,
  ProductFlowSettings,
  productPolicies,
  productRules,
  StockFlowSettings,
  stockRules,
} from './catalogue-settings.ts';
import { type ChangingKind, changesOf, isChanging, streams } from './changes.ts';
import { type AdminApi, createAdminApi, pageRows } from './client.ts';
import { idsOf } from './ids.ts';
import { readBatch as batch, customerAssociations, orderAssociations, readRecords } from './read.ts';
import { createReferences } from './references.ts';
import { ShopwareSettings } from './settings.ts';
import { vocabularyOf } from './vocabulary.ts';

const overlapMs = 5 * 60_000;
const seldom = { overlapMs, pollEveryMs: 15 * 60_000, batch };

export const shopware: Connector<ShopwareSettings> = {
  name: 'shopware',
  title: 'Shopware 6',
  settings: ShopwareSettings,
  installed: true,
  // The Admin API has no limit of its own; a small shop server is shared with its customers.
  limits: { concurrency: 4 },
  reads: {
    order: { overlapMs, pollEveryMs: 60_000, batch },
    customer: seldom,
    product: seldom,
    category: seldom,
    // Orders take stock without touching `updatedAt`: what a poll misses, the nightly full run finds.
    stock: { ...seldom, pollEveryMs: 60_000 },
  },
  writes: {
    product: {
      draft: ProductDraft,
      settings: ProductFlowSettings,
      tables: [],
      rules: productRules,
      // A product brings variants and properties; a hundred of them stay within the time that a small shop needs for a call.
      batch: 100,
      policies: productPolicies,
    },
    category: { draft: CategoryDraft, settings: CategoryFlowSettings, tables: [], rules: categoryRules, batch: 100 },
    stock: { draft: StockDraft, settings: StockFlowSettings, tables: [], rules: stockRules, batch: pageRows },
  },
  open: (settings, io) => openSession(createAdminApi(settings, io), settings, io),
};

function openSession(api: AdminApi, settings: ShopwareSettings, io: Io): Session {
  const now = (): Date => io.now();
  const idOf = idsOf(settings);
  const references = createReferences(api, { idOf, now });
  const catalogue = openCatalogue({ api, idOf, references, now });
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

    changed: (kind, cursor) => changesOf(api, streams[readable(kind)], { cursor, overlapMs, now }),
    read: async (kind, ids) => readRecords({ api, references }, readable(kind), ids),
    plan: async (kind, drafts) => catalogue.plan(writable(kind), drafts),
    apply: async (kind, plans) => catalogue.apply(writable(kind), plans),
    vocabulary: (list) => vocabularyOf(api, references, list),
  };
}

function readable(kind: Kind): ChangingKind {
  if (isChanging(kind)) return kind;
  throw new Failure({
    remedy: 'fix-data',
    code: 'shopware.not-readable',
    message: `Tillbridge does not read the kind ${kind} from Shopware.`,
    params: { kind },
  });
}

function writable(kind: Kind): 'product' | 'category' | 'stock' {
  if (kind === 'product' || kind === 'category' || kind === 'stock') return kind;
  throw new Failure({
    remedy: 'fix-data',
    code: 'shopware.not-writable',
    message: `Tillbridge does not write the kind ${kind} to Shopware.`,
    params: { kind },
  });
}
