/** Finding many records of a collection in few calls: a few one by one, many by walking the list where that is shorter. */
import { z } from 'zod';
import { type Account, pageSize } from './account.ts';

/** Below this each is asked for by itself. */
export const worthAList = 20;
const atOnce = 5;

export interface Collection<Item> {
  /** How many there are. */
  total(): Promise<number>;
  /** Ids of a page, see {@link idsOnly}. */
  ids(offset: number): Promise<readonly string[]>;
  page(offset: number): Promise<readonly Item[]>;
  one(id: string): Promise<Item | undefined>;
  idOf(item: Item): string;
}

/**
 * By id; what is not there is not in the map. A walk reads ids first and then only the pages on which something wanted stands: most of what is
 * looked for is new, and a thousand records weigh megabytes. So a large collection costs time, not memory.
 */
export async function findAll<Item>(ids: readonly string[], of: Collection<Item>): Promise<Map<string, Item>> {
  const wanted = new Set(ids);
  const found = new Map<string, Item>();
  const singly = async (some: readonly string[]): Promise<Map<string, Item>> => {
    await inParallel(some, async (id) => {
      const item = await of.one(id);
      if (item !== undefined) found.set(id, item);
    });
    return found;
  };
  if (wanted.size < worthAList) return singly([...wanted]);
  const pages = Math.ceil((await of.total()) / pageSize);
  if (pages * 2 > wanted.size) return singly([...wanted]);
  const standing = new Map<number, string[]>();
  await inParallel([...Array(pages).keys()], async (page) => {
    const there = (await of.ids(page * pageSize)).filter((id) => wanted.has(id));
    if (there.length > 0) standing.set(page, there);
  });
  const names = [...standing.values()].flat();
  if (names.length <= standing.size * 2) return singly(names);
  await inParallel([...standing.keys()], async (page) => {
    for (const item of await of.page(page * pageSize)) if (wanted.has(of.idOf(item))) found.set(of.idOf(item), item);
  });
  return found;
}

/** Of one page of a list the ids alone. */
export async function idsOnly(
  account: Account,
  list: { readonly path: string; readonly name: string; readonly query?: Readonly<Record<string, string>> },
  offset: number,
): Promise<string[]> {
  const Page = z.looseObject({ [list.name]: z.array(z.looseObject({ id: z.string() })) });
  const query = { ...list.query, count: String(pageSize), offset: String(offset), fields: `${list.name}.id` };
  const found = await account.client.get(Page, { path: list.path, query, label: `list ids of ${list.name}` });
  return found?.[list.name]?.map(({ id }) => id) ?? [];
}

/** A few at a time, so that a refused key is noticed before the rest is sent with it. */
export async function inParallel<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < items.length; at += atOnce) results.push(...(await Promise.all(items.slice(at, at + atOnce).map(work))));
  return results;
}
