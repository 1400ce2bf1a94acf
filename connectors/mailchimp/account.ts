/** What a session knows of its Mailchimp account: the chosen audience, its merge fields, our stores, and whether an import is under way. */
import { z } from 'zod';
import type { Io } from '../connector.ts';
import { type Client, createClient } from './client.ts';
import { ours } from './ids.ts';
import { audienceGone, audienceMissing, recordFailure, succeeded } from './refusals.ts';
import type { MailchimpSettings } from './settings.ts';

export const Audience = z.looseObject({
  id: z.string(),
  name: z.string().catch(''),
  double_optin: z.boolean().default(false),
  marketing_permissions: z.boolean().catch(false),
  stats: z.looseObject({ member_count: z.number().default(0) }).default({ member_count: 0 }),
});
export type Audience = z.infer<typeof Audience>;
export const audienceFields = ['id', 'name', 'double_optin', 'marketing_permissions', 'stats.member_count'];

const MergeField = z.looseObject({ tag: z.string(), name: z.string().catch(''), type: z.string().catch('text') });
export type MergeField = z.infer<typeof MergeField>;

const Store = z.looseObject({
  id: z.string(),
  list_id: z.string().catch(''),
  currency_code: z.string().catch(''),
  is_syncing: z.boolean().catch(false),
  created_at: z.string().catch(''),
});
export type Store = z.infer<typeof Store>;

/** Most that a page holds (Marketing API 3.0, pagination). */
export const pageSize = 1_000;

export interface Account {
  readonly client: Client;
  readonly settings: MailchimpSettings;
  now(): Date;
  readonly renew: Io<MailchimpSettings>['renew'];
  /** Throws fix-connection `mailchimp.audience-missing` or `mailchimp.audience-gone`. */
  audience(): Promise<Audience>;
  audiences(): Promise<readonly Audience[]>;
  mergeFields(): Promise<readonly MergeField[]>;
  /** Stores that we made for the audience. */
  stores(): Promise<readonly Store[]>;
  /** A store was made, changed or found missing. */
  forgetStores(): void;
  forgetAll(): void;
  /** Stores that an import put to rest go on: whatever process did it, Mailchimp keeps what has been said. */
  wake(): Promise<void>;
}

/** Settings of an audience change seldom; whether a store is syncing is changed by other processes as well. */
const lives = { audience: 10 * 60_000, stores: 20_000 } as const;

export function openAccount(settings: MailchimpSettings, io: Io<MailchimpSettings>, apiBaseUrl: string): Account {
  const client = createClient(settings, { apiBaseUrl, io });
  const now = (): Date => io.now();

  async function audiences(): Promise<readonly Audience[]> {
    const fields = [...audienceFields.map((field) => `lists.${field}`), 'total_items'].join(',');
    const found = await client.get(z.looseObject({ lists: z.array(Audience) }), {
      path: '/lists',
      query: { count: String(pageSize), fields },
      label: 'list audiences',
    });
    return found?.lists ?? [];
  }

  const audience = remembered(now, lives.audience, async () => {
    if (settings.audience === undefined) {
      const [only, ...more] = await audiences();
      if (only === undefined || more.length > 0) throw audienceMissing(only === undefined ? 0 : more.length + 1);
      return only;
    }
    const found = await client.get(Audience, {
      path: `/lists/${encodeURIComponent(settings.audience)}`,
      query: { fields: audienceFields.join(',') },
      label: 'read audience',
    });
    if (found === undefined) throw audienceGone(settings.audience);
    return found;
  });

  const mergeFields = remembered(now, lives.audience, async () => {
    const { id } = await audience.get();
    const found = await client.get(z.looseObject({ merge_fields: z.array(MergeField) }), {
      path: `/lists/${encodeURIComponent(id)}/merge-fields`,
      query: { count: String(pageSize), fields: 'merge_fields.tag,merge_fields.name,merge_fields.type' },
      label: 'list merge fields',
    });
    if (found === undefined) throw audienceGone(id);
    return found.merge_fields;
  });

  const stores = remembered(now, lives.stores, async () => {
    const { id } = await audience.get();
    const fields = ['id', 'list_id', 'currency_code', 'is_syncing', 'created_at'].map((field) => `stores.${field}`).join(',');
    const found = await client.get(z.looseObject({ stores: z.array(Store) }), {
      path: '/ecommerce/stores',
      query: { count: String(pageSize), fields },
      label: 'list stores',
    });
    return (found?.stores ?? []).filter((store) => store.id.startsWith(ours) && store.list_id === id);
  });

  async function wake(): Promise<void> {
    stores.forget();
    for (const store of await stores.get()) {
      if (!store.is_syncing) continue;
      const answer = await client.ask({
        method: 'PATCH',
        path: `/ecommerce/stores/${encodeURIComponent(store.id)}`,
        body: JSON.stringify({ is_syncing: false }),
        label: 'end import',
      });
      if (!succeeded(answer)) throw recordFailure(answer, { record: store.id, subject: 'store' });
    }
    stores.forget();
  }

  return {
    client,
    settings,
    now,
    renew: io.renew,
    audience: audience.get,
    audiences,
    mergeFields: mergeFields.get,
    stores: stores.get,
    forgetStores: stores.forget,
    forgetAll() {
      audience.forget();
      mergeFields.forget();
      stores.forget();
    },
    wake,
  };
}

export interface Remembered<T> {
  get(): Promise<T>;
  forget(): void;
}

/** Asked once for all who ask meanwhile; a failure is not remembered. */
export function remembered<T>(now: () => Date, lifeMs: number, read: () => Promise<T>): Remembered<T> {
  let held: { readonly value: Promise<T>; readonly until: number } | undefined;
  return {
    get() {
      if (held === undefined || held.until <= now().getTime()) {
        const mine = { value: read(), until: now().getTime() + lifeMs };
        held = mine;
        mine.value.catch(() => {
          if (held === mine) held = undefined;
        });
      }
      return held.value;
    },
    forget() {
      held = undefined;
    },
  };
}
