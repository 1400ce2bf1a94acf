/** The store of a source in the audience: one per currency, made when the first record needs it. */
import type { Draft, PlanStep } from '../connector.ts';
import type { Account, Audience, Store } from './account.ts';
import type { Source } from './drafts.ts';
import { segment, storeIdOf } from './ids.ts';

/** An order that is older than this is history when Mailchimp hears of it for the first time: nobody expects a mail about it. */
const historyMs = 48 * 60 * 60_000;
/** A store that has been at its first import for longer is taken to have ended it when a new order comes in. */
const longestImportMs = 7 * 24 * 60 * 60_000;

export interface Shopfront {
  readonly id: string;
  /** Absent: it is not there yet. */
  readonly store: Store | undefined;
  /** Mails about what comes in now rest. */
  readonly quiet: boolean;
  /** Makes the store, puts it to rest while an import writes into it, or ends a rest that nobody ended. */
  readonly steps: readonly PlanStep[];
}

export interface Sale {
  readonly source: Source;
  readonly currency: string;
  /** When it happened; absent for what has no time of its own. */
  readonly at?: string | undefined;
  readonly importing?: Draft['importing'] | undefined;
}

export interface StoreGround {
  readonly audience: Audience;
  readonly stores: readonly Store[];
  readonly now: Date;
}

/** History is written to no store of which we only remember that it rests: another process may have woken it. */
export async function storeGround(account: Account, drafts: readonly Draft[] = []): Promise<StoreGround> {
  if (drafts.some(({ importing }) => importing === 'history')) account.forgetStores();
  const [audience, stores] = await Promise.all([account.audience(), account.stores()]);
  return { audience, stores, now: account.now() };
}

export const isHistory = (at: string | undefined, now: Date): boolean => at !== undefined && now.getTime() - Date.parse(at) > historyMs;

/** Everything that a record needs before it can go into its store. */
export function shopfrontOf({ source, currency, at, importing }: Sale, { audience, stores, now }: StoreGround): Shopfront {
  const id = storeIdOf(source.id, audience.id, currency);
  const store = stores.find((candidate) => candidate.id === id);
  const old = isHistory(at, now);
  if (store === undefined) {
    const quiet = importing !== undefined || old;
    return { id, store, quiet, steps: [creation({ id, source, currency, audience, quiet })] };
  }
  // Only here, where something is to be written: an import that finds everything as it should be changes nothing at all.
  if (importing === 'history' && !store.is_syncing) return { id, store, quiet: true, steps: [syncing(id, true)] };
  const restMs = now.getTime() - Date.parse(store.created_at);
  if (!store.is_syncing || importing !== undefined || old || at === undefined || !(restMs > longestImportMs)) {
    return { id, store, quiet: store.is_syncing, steps: [] };
  }
  return { id, store, quiet: false, steps: [syncing(id, false)] };
}

function creation(of: { id: string; source: Source; currency: string; audience: Audience; quiet: boolean }): PlanStep {
  const { id, source, currency, audience, quiet } = of;
  const name = `${source.name || 'Tillbridge'} (${currency})`;
  return {
    id: 'store',
    action: 'create',
    subject: 'store',
    targetId: id,
    changes: [{ field: 'store', after: name }],
    request: {
      operation: 'POST /ecommerce/stores',
      // Without a domain: it may only be used once in the account, and another integration may have taken it.
      body: JSON.stringify({ id, list_id: audience.id, name, currency_code: currency, platform: 'Tillbridge', is_syncing: quiet }),
    },
  };
}

const syncing = (id: string, rests: boolean): PlanStep => ({
  id: 'store',
  action: 'update',
  subject: 'store',
  targetId: id,
  changes: [{ field: 'importing', before: !rests, after: rests }],
  request: { operation: `PATCH /ecommerce/stores/${segment(id)}`, body: JSON.stringify({ is_syncing: rests }) },
});
