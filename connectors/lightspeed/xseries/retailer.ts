/** One store: its client, and what of it is remembered for a while. */
import type { z } from 'zod';
import type { Io } from '../../connector.ts';
import { Failure } from '../../failure.ts';
import { createOnce, type Once } from '../../once.ts';
import { rateBpOf } from '../decimals.ts';
import type { LightspeedOptions, LightspeedSettings } from '../settings.ts';
import { type Client, openClient, unreadable } from './client.ts';
import { allOf, type Feed, type Origins } from './feed.ts';
import { type Goods, openGoods } from './goods.ts';
import { type Levels, openLevels } from './levels.ts';
import { type Named, Named as NamedRow, Outlet, PaymentType, Register, Retailer, rowIn, Tax, User } from './wire.ts';

/** The version that is written to; X-Series answers an expired one with the oldest that it supports. */
export const dated = '2026-07';

export interface Profile extends Retailer {
  readonly code: string;
}

export interface KnownTax {
  readonly id: string;
  readonly name: string;
  readonly rateBp: number;
  readonly isDefault: boolean;
}

/** The record that a request made. */
export interface Made {
  readonly id: string;
  readonly number?: string;
}

export interface Store {
  readonly client: Client;
  readonly goods: Goods;
  readonly levels: Levels;
  readonly origins: Origins;
  /** Customers of ours by address, until the search knows them. Kept in memory only. */
  readonly fresh: Map<string, string>;
  /** Sales that we wrote, by reference, until the search knows them. */
  readonly sold: Map<string, string>;
  now(): Date;
  profile(): Promise<Profile>;
  /** Does it know the dated versions of the API? Older stores are written to as before. */
  dated(): Promise<boolean>;
  /** It turned out not to. */
  isOlder(): void;
  outlets(): Promise<readonly Outlet[]>;
  registers(): Promise<readonly Register[]>;
  users(): Promise<readonly User[]>;
  paymentTypes(): Promise<readonly PaymentType[]>;
  taxes(): Promise<readonly KnownTax[]>;
  brands(): Promise<readonly Named[]>;
  /** Somebody may have made one. */
  forgetBrands(): void;
  /** Makes what several products need, by the exact request. */
  readonly once: Once<Made | undefined>;
  /** Forgets all of it. */
  forget(): void;
}

const lifeMs = 10 * 60_000;

export function openStore(settings: LightspeedSettings, io: Io<LightspeedSettings>, options: LightspeedOptions): Store {
  const client = openClient(settings, io, options);
  const remembered = new Map<string, { readonly value: Promise<unknown>; readonly at: number }>();
  let older: boolean | undefined;

  function once<T>(key: string, read: () => Promise<T>): Promise<T> {
    const nowMs = io.now().getTime();
    const known = remembered.get(key);
    if (known !== undefined && nowMs - known.at < lifeMs) return known.value as Promise<T>;
    const value = read();
    const entry = { value, at: nowMs };
    remembered.set(key, entry);
    value.catch(() => {
      if (remembered.get(key) === entry) remembered.delete(key);
    });
    return value;
  }

  const present =
    <Row extends { readonly deleted_at: string | undefined }>(feed: Feed, row: z.ZodType<Row>) =>
    (): Promise<readonly Row[]> =>
      once(feed, async () => (await allOf(client, feed, row)).filter(({ deleted_at: gone }) => gone === undefined));

  return {
    client,
    goods: openGoods(client, () => io.now()),
    levels: openLevels(client),
    origins: new Map(),
    fresh: new Map(),
    sold: new Map(),
    now: () => io.now(),
    profile: () => once('retailer', () => readProfile(client)),
    async dated() {
      if (older === undefined) {
        const { status } = await once('dated', () => client.ask({ method: 'GET', path: `/${dated}/retailer`, label: 'look at the store' }));
        older = status === 404;
      }
      return !older;
    },
    isOlder() {
      older = true;
    },
    outlets: present('outlets', Outlet),
    registers: present('registers', Register),
    users: present('users', User),
    paymentTypes: present('payment_types', PaymentType),
    taxes: () => once('known taxes', async () => (await present('taxes', Tax)()).map(taxOf)),
    brands: present('brands', NamedRow),
    forgetBrands: () => void remembered.delete('brands'),
    once: createOnce(() => io.now()),
    forget() {
      remembered.clear();
      older = undefined;
    },
  };
}

async function readProfile(client: Client): Promise<Profile> {
  const json = await client.get('/2.0/retailer', 'look at the store');
  if (json === undefined) throw storeUnknown(client.store);
  const row = rowIn(Retailer, json);
  if (row === undefined) throw unreadable(client.store, 'look at the store', false);
  return { ...row, code: (row.currency ?? 'EUR').toUpperCase() };
}

function taxOf(row: Tax): KnownTax {
  const fractions = row.rates.length > 0 ? row.rates.map(({ rate }) => rate ?? 0) : [row.rate ?? 0];
  return {
    id: row.id,
    name: row.display_name ?? row.name ?? row.id,
    rateBp: fractions.reduce<number>((total, fraction) => total + rateBpOf(fraction), 0),
    isDefault: row.is_default === true,
  };
}

const storeUnknown = (store: string): Failure =>
  new Failure({
    remedy: 'fix-connection',
    code: 'lightspeed.store-unknown',
    message: `Lightspeed has no store ${store}. Correct the name of the store.`,
    params: { store },
  });

/** The outlet that is meant: the chosen one, or the store's first. Throws fix-data when it is gone. */
export async function outletFor(store: Store, chosen: string | undefined): Promise<Outlet> {
  const outlets = await store.outlets();
  const outlet = chosen === undefined ? outlets[0] : outlets.find(({ id }) => id === chosen);
  if (outlet === undefined) {
    throw new Failure({
      remedy: 'fix-data',
      code: 'lightspeed.outlet-missing',
      message: 'The outlet that was chosen is no longer in Lightspeed. Choose another one in the settings of the flow.',
    });
  }
  return outlet;
}
