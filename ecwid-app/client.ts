/** The store as a connection: it is read from; nothing is written to it yet. */
import { z } from 'zod';
import type { CanonicalRecord, Kind } from '../connectors/commerce.ts';
import type { CheckReport, Connector, FieldMeta, Io, Session } from '../connectors/connector.ts';
import { Failure, failureOf } from '../connectors/failure.ts';
import { type Call, callApi } from './calls.ts';
import { type ChangingKind, changesOf, overlapMs } from './changes.ts';
import { documented } from './defaults.ts';
import { type Profile, readProfile, titleOf } from './profile.ts';
import { customerOf, orderOf, productOf } from './translate.ts';
import { vocabularyOf } from './vocabulary.ts';

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
    // 600 calls a minute and token (docs.ecwid.com); in portions, so that a burst does not use up the minute.
    limits: { concurrency, perInterval: { calls: 100, intervalMs: 10_000 } },
    reads: { order: reading, customer: reading, product: reading },
    writes: {},
    open: (settings, io) => openSession({ ...settings, apiBaseUrl }, io),
  };
}

export const ecwid: Connector<EcwidSettings> = ecwidConnector();

const lists: Readonly<Record<ChangingKind, { path: string; scope: string }>> = {
  order: { path: '/orders', scope: 'read_orders' },
  customer: { path: '/customers', scope: 'read_customers' },
  product: { path: '/products', scope: 'read_catalog' },
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

  async function readOne(kind: ChangingKind, id: string): Promise<CanonicalRecord | undefined> {
    const { path, scope } = lists[kind];
    if (kind === 'product') return readProduct(id);
    const shop = kind === 'order' ? await currentProfile() : undefined;
    const body = await get({ path: `${path}/${encodeURIComponent(id)}`, label: `read ${kind}`, scope });
    if (body === undefined) return undefined;
    return shop === undefined ? customerOf(body) : orderOf(body, shop);
  }

  /** By id, by `{product}-{combination}`, or by `sku:...` (exact; finds the product that has the combination, too). */
  async function readProduct(id: string): Promise<CanonicalRecord | undefined> {
    const { path, scope } = lists.product;
    if (id.startsWith('sku:')) {
      const sku = id.slice(4);
      const body = await get({ path: `${path}?${new URLSearchParams({ sku, limit: '10' })}`, label: 'find product', scope });
      const found = z.looseObject({ items: z.array(z.unknown()) }).safeParse(body);
      const hits = found.success ? found.data.items.flatMap((item) => productOf(item, { sku }) ?? []) : [];
      if (hits.length > 1) {
        throw new Failure({
          remedy: 'fix-data',
          code: 'shop.sku-ambiguous',
          message: `The store has ${hits.length} products with SKU ${sku}. Give each its own.`,
          params: { sku, count: hits.length },
        });
      }
      return hits[0];
    }
    const [productId = '', combinationId] = id.split('-', 2);
    const body = await get({ path: `${path}/${encodeURIComponent(productId)}`, label: 'read product', scope });
    return body === undefined ? undefined : productOf(body, combinationId === undefined ? {} : { combinationId });
  }

  async function check(): Promise<CheckReport> {
    refused = undefined;
    profile = undefined;
    const shop = await currentProfile();
    const missing: string[] = [];
    for (const { path, scope } of Object.values(lists)) {
      try {
        await get({ path: `${path}?limit=1&responseFields=total`, label: 'check permission', scope });
      } catch (error) {
        if (failureOf(error).code !== 'shop.privileges-missing') throw error;
        missing.push(scope);
      }
    }
    return reportOf(shop, missing);
  }

  const notWritable = () =>
    Promise.reject(
      new Failure({
        remedy: 'fix-data',
        code: 'ecwid.not-writable',
        message: 'Nothing is written to the store yet. Choose another target.',
      }),
    );

  return {
    check,
    async *changed(kind, cursor) {
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
      const which = readable(kind);
      const records: (CanonicalRecord | undefined | Failure)[] = [];
      // A few at a time, so that a refused token is noticed before the rest is sent with it.
      for (let at = 0; at < ids.length; at += concurrency) {
        records.push(...(await Promise.all(ids.slice(at, at + concurrency).map((id) => readOne(which, id).catch(failureOf)))));
      }
      return records;
    },
    plan: notWritable,
    apply: notWritable,
    async vocabulary(list) {
      return vocabularyOf(list, await currentProfile());
    },
  };
}

function readable(kind: Kind): ChangingKind {
  if (kind === 'order' || kind === 'customer' || kind === 'product') return kind;
  throw new Failure({ remedy: 'fix-data', code: 'ecwid.kind-unknown', message: `The store has no ${kind} to read.`, params: { kind } });
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
