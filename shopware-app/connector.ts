/** Shopware 6 as a connection: reads orders, customers, products and consent; comes with the installation of the app. */
import { z } from 'zod';
import type { Kind } from '../connectors/commerce.ts';
import type { Change, CheckReport, Connector, Io, Session } from '../connectors/connector.ts';
import { Failure, failureOf } from '../connectors/failure.ts';
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
import { applyConsents, consentWrites, planConsents } from './consents.ts';
import { idsOf } from './ids.ts';
import { isClosed, openNewsletter, openOr, whenOpen } from './newsletter.ts';
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
    // One search of what is new: whoever signs off must not be written to for long.
    consent: { ...seldom, pollEveryMs: 60_000 },
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
    consent: consentWrites,
  },
  open: (settings, io) => openSession(createAdminApi(settings, io), settings, io),
};

function openSession(api: AdminApi, settings: ShopwareSettings, io: Io): Session {
  const now = (): Date => io.now();
  const idOf = idsOf(settings);
  const references = createReferences(api, { idOf, now });
  const catalogue = openCatalogue({ api, idOf, references, now });
  const newsletter = openNewsletter(api, now);
  return {
    async check() {
      const answer = z.object({ version: z.string() }).safeParse(await api.get('_info/version', 'version'));
      const version = answer.success ? answer.data.version : '?';
      // The whole criteria, so that a missing permission shows here and not with the first order.
      await api.search('order', { page: 1, limit: 1, associations: orderAssociations });
      await api.search('customer', { page: 1, limit: 1, associations: customerAssociations });
      const closed = await newsletter.recipients(['nobody@example.invalid']).then(() => undefined, failureOf);
      if (closed !== undefined && !isClosed(closed)) throw closed;
      const old = answer.success && Number(version.split('.')[1]) < 6 && version.startsWith('6.');
      return {
        summary: `Shopware ${version}`,
        facts: [
          { label: 'Version', value: version },
          { label: 'Address', value: settings.shopUrl },
        ],
        warnings: [
          ...(old ? [oldVersion(version)] : []),
          ...(closed ? [{ code: closed.code, message: closed.message, params: closed.params }] : []),
        ],
      };
    },

    changed(kind, cursor) {
      const changes = changesOf(api, streams[readable(kind)], { cursor, overlapMs, now });
      return kind === 'consent' ? whileOpen(changes) : changes;
    },
    async read(kind, ids) {
      const records = () => readRecords({ api, references, newsletter }, readable(kind), ids);
      return kind === 'consent' ? whenOpen('wait', records) : records();
    },
    plan: async (kind, drafts) => (kind === 'consent' ? planConsents(newsletter, drafts) : catalogue.plan(writable(kind), drafts)),
    apply: async (kind, plans) => (kind === 'consent' ? applyConsents(api, plans) : catalogue.apply(writable(kind), plans)),
    vocabulary: (list) => vocabularyOf(api, references, list),
  };
}

async function* whileOpen(changes: AsyncIterable<Change>): AsyncIterable<Change> {
  try {
    yield* changes;
  } catch (error) {
    throw openOr('wait', error);
  }
}

const oldVersion = (version: string): CheckReport['warnings'][number] => ({
  code: 'shopware.old-version',
  message: `Shopware ${version} is older than 6.6; Tillbridge is made for 6.6 and 6.7.`,
  params: { version },
});

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
