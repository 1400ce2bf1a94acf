/** One shop as a session knows it: its calls, its settings, and the lists that are asked for once in a while. */
import { z } from 'zod';
import type { Io } from '../../connector.ts';
import { createOnce, type Once } from '../../once.ts';
import { rateBpOf } from '../decimals.ts';
import type { LightspeedOptions, LightspeedSettings } from '../settings.ts';
import { type Api, createApis } from './client.ts';
import { badCredentials, unreadable } from './faults.ts';
import { all } from './listing.ts';
import { createShelf, type Shelf } from './shelf.ts';
import { BrandRow, TaxRow } from './wire.ts';

const clusters = { eu1: 'https://api.webshopapp.com', us1: 'https://api.shoplightspeed.com' } as const;
const listsForMs = 10 * 60_000;

export interface ShopFacts {
  readonly title: string;
  /** ISO 4217. */
  readonly currency: string;
  readonly mainDomain: string;
}

export interface Tax {
  readonly id: number;
  readonly title: string;
  readonly rateBp: number;
  readonly isDefault: boolean;
}

export interface Shop {
  readonly language: string;
  /** For what cannot wait. */
  readonly live: Api;
  /** For the rest: leaves a part of each rate window alone. */
  readonly bulk: Api;
  readonly shelf: Shelf;
  now(): Date;
  facts(): Promise<ShopFacts>;
  taxes(): Promise<readonly Tax[]>;
  /** @param mostMs how old the list may be, in milliseconds */
  brands(mostMs?: number): Promise<ReadonlyMap<number, string>>;
  /** One was added: the list is read again. */
  forgetBrands(): void;
  /** Makes what several products need, by the step that makes it. */
  readonly once: Once<number>;
}

export function openShop(
  settings: LightspeedSettings,
  io: Pick<Io, 'send' | 'now'>,
  options: Pick<LightspeedOptions, 'ecomApiBaseUrl'>,
): Shop {
  const { apiKey, apiSecret, language } = settings;
  if (apiKey === undefined || apiSecret === undefined) throw badCredentials();
  const baseUrl = (options.ecomApiBaseUrl ?? clusters[settings.cluster]).replace(/\/+$/, '');
  const apis = createApis({ baseUrl, language, apiKey, apiSecret }, io);
  const keep = <T>(ask: () => Promise<T>) => remembered(ask, io.now);
  const facts = keep(() => readFacts(apis.live, settings));
  const taxes = keep(async () =>
    (await all(apis.live, { path: 'taxes', row: TaxRow, label: 'list taxes' })).map(({ id, title, rate, isDefault }) => ({
      ...{ id, title, isDefault },
      rateBp: rateBpOf(rate),
    })),
  );
  const brands = keep(
    async () =>
      new Map((await all(apis.bulk, { path: 'brands', row: BrandRow, label: 'list brands' })).map(({ id, title }) => [id, title])),
  );
  return {
    language,
    live: apis.live,
    bulk: apis.bulk,
    shelf: createShelf(apis.bulk),
    now: io.now,
    facts: facts.get,
    taxes: taxes.get,
    brands: brands.get,
    forgetBrands: brands.forget,
    once: createOnce(io.now),
  };
}

const ShopRow = z.looseObject({
  shop: z.looseObject({
    title: z.string().catch(''),
    subDomain: z.string().catch(''),
    mainDomain: z.string().catch(''),
    // The documents do not show this field; a text and an object are both understood.
    currency: z
      .union([z.string(), z.looseObject({ shortcode: z.string().optional(), code: z.string().optional(), title: z.string().optional() })])
      .optional()
      .catch(undefined),
  }),
});

async function readFacts(api: Api, { cluster }: Pick<LightspeedSettings, 'cluster'>): Promise<ShopFacts> {
  const label = 'read the shop';
  const answer = ShopRow.safeParse(await api.call({ path: 'shop', label }));
  if (!answer.success) throw unreadable(label);
  const { title, subDomain, mainDomain, currency } = answer.data.shop;
  const told = typeof currency === 'object' ? (currency.shortcode ?? currency.code) : currency;
  return {
    title: title || subDomain || mainDomain || 'Lightspeed eCom',
    currency: told !== undefined && /^[a-z]{3}$/i.test(told) ? told.toUpperCase() : cluster === 'us1' ? 'USD' : 'EUR',
    mainDomain,
  };
}

/** Asks once and shares the answer with all whom it is young enough for (`mostMs`, in milliseconds); a failure is forgotten at once. */
export function remembered<T>(
  ask: () => Promise<T>,
  now: () => Date,
  forMs = listsForMs,
): { get(mostMs?: number): Promise<T>; forget(): void } {
  let held: { readonly answer: Promise<T>; readonly at: number } | undefined;
  return {
    get(mostMs = forMs) {
      const at = now().getTime();
      if (held !== undefined && at - held.at < mostMs) return held.answer;
      const fresh = { answer: ask(), at };
      held = fresh;
      fresh.answer.catch(() => {
        if (held === fresh) held = undefined;
      });
      return fresh.answer;
    },
    forget() {
      held = undefined;
    },
  };
}
