/** Numbered records of every kind, the n-th of a kind being the same in every system, and drafts of them as the engine makes them. */
import type { z } from 'zod';
import type { Flow, Tenant } from '../../app-server/engine/model.ts';
import { prepare } from '../../app-server/engine/prepare.ts';
import { suggestByWords, suggestRows } from '../../app-server/mapping/suggest.ts';
import {
  type CanonicalRecord,
  Cart,
  Category,
  Consent,
  Customer,
  type Kind,
  Order,
  Product,
  StockLevel,
} from '../../connectors/commerce.ts';
import type { Connector, Draft, FieldMeta, Session, VocabularyItem } from '../../connectors/connector.ts';
import type { TableRows } from '../../connectors/mapping.ts';

export const emailOf = (who: 'person' | 'buyer' | 'reader' | 'window', n: number): string => `${who}.${n}@example.com`;

/** Articles that every system has from the start. */
const stocked = ['1001', '1002', '1003', '1006', '1008', '1009', '1004', '1007'] as const;

/** Products are new, stock is of articles that are there. */
export const skuOf = (kind: Kind, n: number): string => (kind === 'stock' ? (stocked[n % stocked.length] ?? '1001') : String(4100 + n));

const address = (n: number) => ({
  ...{ firstName: 'Kim', lastName: `Contract ${n}`, street: 'Dorpsstraat 12', postalCode: '1234 AB', city: 'Utrecht', country: 'NL' },
});

const line = (sku: string, grossMinor: number, taxRateBp: number) => {
  const netMinor = Math.round((grossMinor * 10_000) / (10_000 + taxRateBp));
  return {
    id: `l${sku}`,
    kind: 'product',
    sku,
    name: `Article ${sku}`,
    quantity: 1,
    grossMinor,
    netMinor,
    taxMinor: grossMinor - netMinor,
    taxRateBp,
  };
};

export function recordOf(kind: Kind, n: number): CanonicalRecord & { id: string } {
  const at = new Date().toISOString();
  const who = (part: 'person' | 'buyer' | 'window') => ({
    ...{ id: `${part}-${n}`, email: emailOf(part, n), firstName: 'Kim', lastName: `Contract ${n}` },
  });
  switch (kind) {
    case 'order':
      return Order.parse({
        ...{
          id: `order-${n}`,
          number: `C-${n}`,
          createdAt: at,
          currency: 'EUR',
          prices: 'gross',
          state: 'in-progress',
          paymentState: 'paid',
        },
        ...{
          customer: who('buyer'),
          billing: address(n),
          shipping: address(n),
          lines: [line('1001', 1845, 900), line('1006', 1249, 2100)],
        },
        payments: [{ id: 'p1', methodId: 'shop-ideal', methodName: 'iDEAL', amountMinor: 3094, state: 'paid', at }],
        ...{ totalMinor: 3094, paidMinor: 3094 },
      });
    case 'customer':
      return { ...Customer.parse({ ...who('person'), billing: address(n), phone: '+31 20 555 0123' }), id: `person-${n}` };
    case 'product': {
      const price = { currency: 'EUR', grossMinor: 995, netMinor: 822, taxRateBp: 2100 };
      return Product.parse({
        id: `product-${n}`,
        sku: skuOf(kind, n),
        name: `Product ${n}`,
        active: true,
        price,
        custom: { webshop: true },
      });
    }
    case 'category':
      return Category.parse({ id: `category-${n}`, name: `Category ${n}` });
    case 'stock': {
      const available = { value: 40 + n, scale: 0 };
      return StockLevel.parse({ id: `stock-${n}`, sku: skuOf(kind, n), branches: [{ branch: '1', available, physical: available }] });
    }
    case 'consent':
      return Consent.parse({ id: emailOf('reader', n), email: emailOf('reader', n), state: 'unsubscribed', at, source: 'newsletter' });
    case 'cart':
      return Cart.parse({
        ...{ id: `cart-${n}`, customer: who('window'), currency: 'EUR', totalMinor: 1845, url: 'https://shop.example/cart' },
        lines: [{ id: 'c1', sku: '1001', name: 'Article 1001', quantity: 1, grossMinor: 1845 }],
      });
  }
}

/** What the source of these records would say to a mapping. */
const sourceLists: Readonly<Record<string, readonly VocabularyItem[]>> = {
  paymentMethods: [{ value: 'shop-ideal', label: 'iDEAL' }],
};

/** The questions of a flow into this target, answered with what it suggests. */
export async function suggested(
  { connector, session }: { connector: Connector; session: Session },
  kind: Kind,
  more: Readonly<Record<string, unknown>> = {},
): Promise<Flow['settings']> {
  const writing = connector.writes[kind];
  if (writing === undefined) throw new Error(`${connector.title} writes no ${kind}`);
  const values: Record<string, unknown> = { ...(writing.settings.parse({}) as object) };
  for (const [name, field] of Object.entries((writing.settings as z.ZodObject).shape)) {
    const meta = (field as z.ZodType).meta() as FieldMeta | undefined;
    if (meta?.vocabulary === undefined || meta.suggest === undefined || values[name] !== undefined) continue;
    values[name] = suggestByWords(await session.vocabulary(meta.vocabulary), meta.suggest);
  }
  const tables: Record<string, TableRows[string]> = {};
  for (const { name, source, target } of writing.tables) {
    if (target !== undefined) tables[name] = suggestRows(sourceLists[source] ?? [], await session.vocabulary(target));
  }
  return { values: { ...values, ...more }, tables };
}

export function draftOf(connector: Connector, kind: Kind, how: { n: number; settings: Flow['settings']; then?: Partial<Draft> }): Draft {
  const writing = connector.writes[kind];
  if (writing === undefined) throw new Error(`${connector.title} writes no ${kind}`);
  const record = recordOf(kind, how.n);
  const flow = { tenant: 'shopware:contract' as Tenant, kind, settings: how.settings } as Flow;
  const surroundings = { source: { id: '0123456789ab', name: 'Contract shop' }, categoryPaths: {} };
  const prepared = prepare(flow, record, { writing, sourceId: record.id, revision: 0, surroundings });
  if (typeof prepared === 'string') throw new Error(`${kind} ${how.n} is not for this flow: ${prepared}`);
  return { ...prepared.draft, ...how.then };
}
