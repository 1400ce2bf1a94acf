/** The store as a connection: orders, customers and carts are read from it; catalogue, people and orders are written, too. */
import { z } from 'zod';
import type { Kind } from '../connectors/commerce.ts';
import type { CheckReport, Connector, FieldMeta, Io, Session } from '../connectors/connector.ts';
import { Failure, failureOf } from '../connectors/failure.ts';
import { type Call, callApi } from './calls.ts';
import { productListOf } from './catalogue/product-list.ts';
import { openReader } from './catalogue/reading.ts';
import { isCatalogue, openCatalogue } from './catalogue/session.ts';
import { catalogueWrites } from './catalogue/writes.ts';
import { type ChangingKind, changesOf, overlapMs } from './changes.ts';
import { documented } from './defaults.ts';
import { orderWrites } from './orders/draft.ts';
import { openOrders } from './orders/session.ts';
import { planConsents } from './people/consents.ts';
import { applyPeople, customerCandidates, planCustomers } from './people/customers.ts';
import { peopleWrites } from './people/draft.ts';
import { findPeople } from './people/find.ts';
import { type Profile, readProfile, titleOf } from './profile.ts';
import { readRecords } from './reading.ts';
import { customerGroupsOf, vocabularyOf } from './vocabulary.ts';

const storeIdField: FieldMeta = { label: { en: 'Store id', de: 'Shop-ID', nl: 'Winkel-ID' } };
const tokenField: FieldMeta = { label: { en: 'Access token', de: 'Zugriffstoken', nl: 'Toegangstoken' }, secret: true };

export const EcwidSettings = z.object({
  storeId: z
    .string()
    .regex(/^[1-9]\d{0,15}$/)
    .meta({ ...storeIdField }),
  accessToken: z
    .string()
    .min(8)
    .meta({ ...tokenField }),
});
export type EcwidSettings = z.infer<typeof EcwidSettings>;

const concurrency = 8;
const reading = { overlapMs, pollEveryMs: 60_000, batch: 50 } as const;

export function ecwidConnector(options: { apiBaseUrl?: string } = {}): Connector<EcwidSettings> {
  const apiBaseUrl = options.apiBaseUrl ?? documented.apiBaseUrl;
  return {
    name: 'ecwid',
    title: 'Online store',
    settings: EcwidSettings,
    installed: true,
    unspoken: ['ecwid', 'lightspeed'],
    // 600 calls a minute and token (docs.ecwid.com); in portions, so that a burst does not use up the minute.
    limits: { concurrency, perInterval: { calls: 100, intervalMs: 10_000 } },
    reads: {
      order: reading,
      customer: reading,
      product: reading,
      stock: reading,
      cart: { ...reading, pollEveryMs: 5 * 60_000 },
    },
    writes: { ...catalogueWrites, ...peopleWrites, order: orderWrites },
    open: (settings, io) => openSession({ ...settings, apiBaseUrl }, io),
  };
}

export const ecwid: Connector<EcwidSettings> = ecwidConnector();

const lists: Readonly<Record<ChangingKind, { path: string; scope: string }>> = {
  order: { path: '/orders', scope: 'read_orders' },
  customer: { path: '/customers', scope: 'read_customers' },
  product: { path: '/products', scope: 'read_catalog' },
  cart: { path: '/carts', scope: 'read_orders' },
};

const profileLifeMs = 10 * 60_000;

function openSession(access: EcwidSettings & { apiBaseUrl: string }, io: Io): Session {
  /** Set once the token is refused: going on calling with it gets the whole server blocked (docs.ecwid.com, rate limits). */
  let refused: Failure | undefined;
  let quietUntil = 0;
  let profile: { read: Promise<Profile>; at: number } | undefined;

  async function guarded<T>(work: () => Promise<T>): Promise<T> {
    if (refused !== undefined) throw refused;
    const restMs = quietUntil - io.now().getTime();
    if (restMs > 0) {
      throw new Failure({
        remedy: 'wait',
        code: 'shop.too-many-requests',
        message: `Store ${access.storeId} asks us to slow down.`,
        waitMs: restMs,
      });
    }
    try {
      return await work();
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code === 'shop.credentials' || failure.code === 'shop.other-store') refused = failure;
      if (failure.code === 'shop.too-many-requests') quietUntil = io.now().getTime() + (failure.waitMs ?? 0);
      throw failure;
    }
  }

  const get = (call: Call): Promise<unknown> => guarded(() => callApi({ ...access, send: io.send }, call));

  function currentProfile(): Promise<Profile> {
    const at = io.now().getTime();
    if (profile === undefined || at - profile.at > profileLifeMs) {
      const read = guarded(() => readProfile({ ...access, send: io.send }));
      const entry = { read, at };
      profile = entry;
      read.catch(() => {
        if (profile === entry) profile = undefined;
      });
    }
    return profile.read;
  }

  const store = { storeId: access.storeId, call: get, now: () => io.now(), profile: currentProfile, concurrency };
  const catalogue = openCatalogue(store);
  const reader = openReader(store);
  const people = findPeople(store);
  const orders = openOrders(store, people);

  async function check(): Promise<CheckReport> {
    refused = undefined;
    profile = undefined;
    const shop = await currentProfile();
    const missing: string[] = [];
    // Carts are allowed with the orders.
    for (const { path, scope } of [lists.order, lists.customer, lists.product]) {
      try {
        await get({ path: `${path}?limit=1&responseFields=total`, label: 'check permission', scope });
      } catch (error) {
        if (failureOf(error).code !== 'shop.privileges-missing') throw error;
        missing.push(scope);
      }
    }
    return reportOf(shop, missing);
  }

  const notWritable = (kind: Kind) =>
    Promise.reject(
      new Failure({
        remedy: 'fix-data',
        code: 'shop.not-writable',
        message: `No ${kind} is written to the store. Choose another target.`,
        params: { kind },
      }),
    );

  return {
    check,
    async *changed(kind, cursor) {
      if (kind === 'stock') {
        yield* reader.changedStock(cursor);
        return;
      }
      const which = readable(kind);
      const { path, scope } = lists[which];
      yield* changesOf({
        kind: which,
        cursor,
        now: io.now(),
        list: (query) => get({ path: `${path}?${query}`, label: `list ${which}s`, scope }),
      });
    },
    async read(kind, ids) {
      if (kind === 'stock') return reader.read(kind, ids);
      const which = readable(kind);
      if (which === 'product') return reader.read(which, ids);
      return readRecords(store, which, ids);
    },
    async plan(kind, drafts) {
      if (isCatalogue(kind)) return catalogue.plan(kind, drafts);
      if (kind === 'customer') return planCustomers(people, drafts);
      if (kind === 'consent') return planConsents(people, drafts);
      return kind === 'order' ? orders.plan(drafts) : notWritable(kind);
    },
    async apply(kind, plans) {
      if (isCatalogue(kind)) return catalogue.apply(kind, plans);
      if (kind === 'customer' || kind === 'consent') return applyPeople(store, people, plans);
      return kind === 'order' ? orders.apply(plans) : notWritable(kind);
    },
    // The store refuses a second product or customer by itself, an order or a category it does not.
    hiddenMs: (kind) => (kind === 'order' || kind === 'category' ? listsLagMs : 0),
    async candidates(kind, draft) {
      return kind === 'customer' ? customerCandidates(people, draft) : [];
    },
    async vocabulary(list) {
      if (list === 'customerGroups') return customerGroupsOf(store);
      return list === 'products' ? productListOf(store) : vocabularyOf(list, await currentProfile());
    },
  };
}

/** Lists follow the records some seconds later, how many is not said (contract: searches are asked again with growing pauses). */
const listsLagMs = 60_000;

function readable(kind: Kind): ChangingKind {
  if (kind === 'order' || kind === 'customer' || kind === 'product' || kind === 'cart') return kind;
  throw new Failure({ remedy: 'fix-data', code: 'shop.kind-unknown', message: `The store has no ${kind} to read.`, params: { kind } });
}

function reportOf(shop: Profile, missing: readonly string[]): CheckReport {
  const facts = [
    { label: 'Store id', value: shop.generalInfo.storeId },
    { label: 'Currency', value: shop.formatsAndUnits.currency },
    { label: 'Prices', value: shop.taxSettings?.pricesIncludeTax === false ? 'without VAT' : 'with VAT' },
    { label: 'Weight unit', value: shop.formatsAndUnits.weightUnit },
    { label: 'Language', value: shop.languages?.defaultLanguage },
    { label: 'Time zone', value: shop.formatsAndUnits.timezone },
  ];
  const privileges = missing.join(', ');
  return {
    summary: `${titleOf(shop)}, ${shop.formatsAndUnits.currency}`,
    facts: facts.flatMap(({ label, value }) => (value === undefined || value === '' ? [] : [{ label, value }])),
    warnings: [
      ...(missing.length === 0
        ? []
        : [
            {
              code: 'shop.privileges-missing',
              message: `The store did not give the app these permissions: ${privileges}. Uninstall the app and install it again.`,
              params: { privileges },
            },
          ]),
      ...(shop.account?.suspended === true ? [{ code: 'shop.suspended', message: 'The store is suspended.' }] : []),
      ...(shop.settings?.closed === true ? [{ code: 'shop.closed', message: 'The store is closed for visitors.' }] : []),
    ],
  };
}
