/** Which customers of the store have an address or a telephone number. Searches lag behind records, so own writes are remembered. */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { Failure } from '../../connectors/failure.ts';
import { carryOut, type StoreApi } from '../catalogue/requests.ts';
import { emailKey } from './draft.ts';
import { CustomerPage, StoreCustomer } from './wire.ts';

const scope = 'read_customers';
const pageSize = 100;
const phonesLifeMs = 10 * 60_000;
/** For so long after a write a list may still show what was before (the official client's tests wait some seconds). */
const lagMs = 60_000;
const mostRemembered = 5_000;

export interface People {
  /** As they stand now; one that is gone is missing. */
  get(ids: readonly string[]): Promise<ReadonlyMap<string, StoreCustomer>>;
  /** Everybody with one of these addresses, in whichever case, by the address in small letters. */
  withEmails(emails: readonly string[]): Promise<ReadonlyMap<string, readonly StoreCustomer[]>>;
  /** Everybody with one of these numbers, by the number as {@link phoneKey} tells it. Walks the whole list once in a while. */
  withPhones(phones: readonly string[]): Promise<ReadonlyMap<string, readonly StoreCustomer[]>>;
  /** We made or changed this one, who now has this address and this number. */
  wrote(id: string, told: { readonly email: string; readonly phone: string }): void;
}

/** Telephone numbers are the same with and without the country in front: the last nine digits tell them apart. */
export const phoneKey = (phone: string | undefined): string => phone?.replaceAll(/\D/g, '').slice(-9) ?? '';

export function findPeople(api: StoreApi): People {
  /** When we wrote somebody, by id; and who has an address or a number by our hand, by a digest of it. */
  const written = new Map<string, number>();
  const holders = new Map<string, string>();
  let phones: { readonly ids: Map<string, Set<string>>; readonly at: number } | undefined;
  const nowMs = (): number => api.now().getTime();

  function remember<Key, Value>(memory: Map<Key, Value>, key: Key, value: Value): void {
    memory.delete(key);
    memory.set(key, value);
    for (const oldest of memory.keys()) {
      if (memory.size <= mostRemembered) break;
      memory.delete(oldest);
    }
  }

  async function get(ids: readonly string[]): Promise<ReadonlyMap<string, StoreCustomer>> {
    const wanted = [...new Set(ids)];
    const bodies = await answered(wanted.map((id) => ({ path: `/customers/${encodeURIComponent(id)}`, label: 'read customer', scope })));
    return new Map(bodies.flatMap((body) => (body === undefined ? [] : [understood(StoreCustomer, body)])).map((one) => [one.id, one]));
  }

  async function answered(calls: Parameters<typeof carryOut>[1]): Promise<readonly unknown[]> {
    const answers = await carryOut(api, calls);
    for (const answer of answers) if (answer instanceof Failure) throw answer;
    return answers;
  }

  const found = (query: Readonly<Record<string, string>>) => ({
    path: `/customers?${new URLSearchParams({ limit: String(pageSize), ...query })}`,
    label: 'find customers',
    scope,
  });

  const listed = (body: unknown): StoreCustomer[] =>
    understood(CustomerPage, body ?? {}).items.map((item) => understood(StoreCustomer, item));

  async function* pages(query: Readonly<Record<string, string>>): AsyncGenerator<StoreCustomer[]> {
    for (let offset = 0; ; offset += pageSize) {
      const body = await api.call(found({ ...query, offset: String(offset) }));
      const { total, items } = understood(CustomerPage, body ?? {});
      yield listed(body);
      if (offset + pageSize >= total || items.length === 0) return;
    }
  }

  /** A list may show somebody as he was before we wrote him. */
  async function upToDate(some: readonly StoreCustomer[]): Promise<StoreCustomer[]> {
    const late = some.filter(({ id }) => nowMs() - (written.get(id) ?? Number.NEGATIVE_INFINITY) <= lagMs);
    if (late.length === 0) return [...some];
    const fresh = await get(late.map(({ id }) => id));
    return some.flatMap((one) => (late.includes(one) ? (fresh.get(one.id) ?? []) : [one]));
  }

  async function withEmails(emails: readonly string[]): Promise<ReadonlyMap<string, readonly StoreCustomer[]>> {
    const keys = [...new Set(emails.map(emailKey))].filter((key) => key !== '');
    const hits = new Map<string, Map<string, StoreCustomer>>(keys.map((key) => [key, new Map()]));
    const take = (some: readonly StoreCustomer[]): void => {
      for (const one of some) hits.get(emailKey(one.email))?.set(one.id, one);
    };
    // Whether the exact search minds the case is not documented, and what the other one takes for a part of an address neither: who one of
    // them leaves out the other finds, so that two of one address are seen.
    const queries = keys.flatMap((email) => [{ email, useExactEmailMatch: 'true' }, { email }]);
    for (const [index, body] of (await answered(queries.map(found))).entries()) {
      const { total } = understood(CustomerPage, body ?? {});
      if (total <= pageSize) take(listed(body));
      else for await (const page of pages(queries[index] ?? {})) take(page);
    }
    const made = keys.flatMap((key) => (hits.get(key)?.size === 0 ? [holders.get(digest(key)) ?? []].flat() : []));
    if (made.length > 0) take([...(await get(made)).values()]);
    const current = await upToDate([...hits.values()].flatMap((some) => [...some.values()]));
    return new Map(keys.map((key) => [key, current.filter(({ email }) => emailKey(email) === key)]));
  }

  async function phoneIndex(): Promise<Map<string, Set<string>>> {
    if (phones !== undefined && nowMs() - phones.at < phonesLifeMs) return phones.ids;
    const ids = new Map<string, Set<string>>();
    const at = nowMs();
    const responseFields = 'total,items(id,billingPerson(phone),shippingAddresses(phone),contacts(contact,type))';
    for await (const page of pages({ sortBy: 'REGISTERED_DATE_ASC', responseFields })) {
      for (const one of page) for (const key of phonesOf(one)) ids.set(key, (ids.get(key) ?? new Set()).add(one.id));
    }
    phones = { ids, at };
    return ids;
  }

  return {
    get,
    withEmails,
    async withPhones(numbers) {
      const keys = [...new Set(numbers.map(phoneKey))].filter((key) => key !== '');
      if (keys.length === 0) return new Map();
      const index = await phoneIndex();
      const people = await get(keys.flatMap((key) => [...(index.get(key) ?? []), ...[holders.get(digest(key)) ?? []].flat()]));
      return new Map(keys.map((key) => [key, [...people.values()].filter((one) => phonesOf(one).includes(key))]));
    },
    wrote(id, { email, phone }) {
      remember(written, id, nowMs());
      for (const key of [emailKey(email), phoneKey(phone)]) if (key !== '') remember(holders, digest(key), id);
    },
  };
}

function phonesOf({ billingPerson, shippingAddresses, contacts }: StoreCustomer): string[] {
  const numbers = [
    billingPerson?.phone,
    ...shippingAddresses.map(({ phone }) => phone),
    ...contacts.flatMap(({ contact, type }) => (type === 'PHONE' ? [contact] : [])),
  ];
  return [...new Set(numbers.map(phoneKey))].filter((key) => key !== '');
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

function understood<Data>(schema: z.ZodType<Data>, body: unknown): Data {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new Failure({
    remedy: 'retry',
    code: 'shop.unreadable-answer',
    message: 'The store’s answer about its customers cannot be read.',
    params: { call: 'customers' },
    cause: parsed.error,
  });
}
