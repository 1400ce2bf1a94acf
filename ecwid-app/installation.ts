/** The life of an installation: entered, opened, suspended, uninstalled. Every change is one conditional save, repeated when somebody else was faster. */

import type { Send } from '../connectors/exchange.ts';
import { Failure } from '../connectors/failure.ts';
import type { InstalledStore, InstalledStores, Log, Tenants } from './ports.ts';
import { type Profile, readProfile, titleOf } from './profile.ts';

export interface InstallationOptions {
  readonly apiBaseUrl: string;
  readonly stores: InstalledStores;
  readonly tenants: Tenants;
  readonly send: Send;
  readonly log: Log;
  readonly now: () => Date;
}

/** What one of the three ways of installing brings. */
export interface Entry {
  readonly storeId: string;
  readonly accessToken: string;
  readonly publicToken?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
  /** Identity of the payload that brought it, remembered so that it cannot open a session for ever. */
  readonly payload?: string | undefined;
}

/** Payloads remembered per store: the merchant would have to open the app this often before the oldest could be used again. */
const rememberedPayloads = 500;

/** The sender of webhooks waits 10 s for an answer (docs.ecwid.com). */
export const quickMs = 5_000;

/** Changes the record of a store; `change` gets what is stored now and returns `undefined` to leave it. */
export async function changeStore(
  stores: InstalledStores,
  storeId: string,
  change: (store: InstalledStore | undefined) => InstalledStore | undefined,
): Promise<InstalledStore | undefined> {
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const wanted = change(await stores.find(storeId));
    if (wanted === undefined) return undefined;
    const saved = await stores.save(wanted);
    if (saved !== undefined) return saved;
  }
  throw new Failure({
    remedy: 'wait',
    code: 'shop.busy',
    message: `The record of store ${storeId} is being changed by others. Try again.`,
  });
}

/**
 * Proves the token with GET /profile, then stores it and tells the server. A store that is suspended stays so.
 * Throws a Failure, and stores nothing, when the token is not that store's or the store cannot be asked.
 */
export async function enter(options: InstallationOptions, entry: Entry): Promise<Profile> {
  const { apiBaseUrl, send } = options;
  const profile = await readProfile({ apiBaseUrl, send, storeId: entry.storeId, accessToken: entry.accessToken }, quickMs);
  const stored = await changeStore(options.stores, entry.storeId, (store) => ({
    storeId: entry.storeId,
    accessToken: entry.accessToken,
    publicToken: entry.publicToken ?? (store?.accessToken === entry.accessToken ? store.publicToken : undefined),
    scopes: entry.scopes ?? (store?.accessToken === entry.accessToken ? store.scopes : []),
    status: store?.status === 'suspended' ? 'suspended' : 'active',
    seenPayloads: remembering(store, entry.payload, options.now()),
    uninstalledAt: undefined,
    version: store?.version ?? 0,
  }));
  await options.tenants.installed({
    shopId: entry.storeId,
    title: titleOf(profile),
    url: profile.generalInfo.storeUrl,
    settings: { storeId: entry.storeId, accessToken: entry.accessToken },
    ...(stored?.status === 'suspended' && { suspended: 'subscription' }),
  });
  options.log.info({ storeId: entry.storeId, status: stored?.status }, 'a store was entered');
  return profile;
}

function remembering(store: InstalledStore | undefined, payload: string | undefined, at: Date): InstalledStore['seenPayloads'] {
  const seen = store?.seenPayloads ?? [];
  if (payload === undefined || seen.some(({ digest }) => digest === payload)) return seen;
  return [...seen, { digest: payload, at }].slice(-rememberedPayloads);
}

/** Forgets the store's tokens and tells the server to forget the rest. */
export async function leave(options: InstallationOptions, storeId: string): Promise<void> {
  await options.tenants.uninstalled(storeId, { keepData: false });
  await changeStore(options.stores, storeId, (store) =>
    store === undefined || store.status === 'uninstalled'
      ? undefined
      : { ...store, accessToken: undefined, publicToken: undefined, scopes: [], status: 'uninstalled', uninstalledAt: options.now() },
  );
  options.log.info({ storeId }, 'a store was uninstalled');
}

export async function suspend(options: InstallationOptions, storeId: string): Promise<void> {
  await options.tenants.suspended(storeId, 'subscription');
  await changeStore(options.stores, storeId, (store) => (store?.status === 'active' ? { ...store, status: 'suspended' } : undefined));
  options.log.info({ storeId }, 'a store was suspended');
}

export async function resume(options: InstallationOptions, storeId: string): Promise<void> {
  await changeStore(options.stores, storeId, (store) => (store?.status === 'suspended' ? { ...store, status: 'active' } : undefined));
  await options.tenants.resumed(storeId);
  options.log.info({ storeId }, 'a store was resumed');
}
