/** Finding many records of a collection in few calls: a few one by one, many by walking the list where that is shorter. */
import { pageSize } from './account.ts';

/** Below this each is asked for by itself. */
export const worthAList = 20;
const atOnce = 5;

export interface Collection<Item> {
  /** How many there are. */
  total(): Promise<number>;
  page(offset: number): Promise<readonly Item[]>;
  one(id: string): Promise<Item | undefined>;
  idOf(item: Item): string;
}

/** By id; what is not there is not in the map. Only what was asked for is kept, so a large collection costs time, not memory. */
export async function findAll<Item>(ids: readonly string[], of: Collection<Item>): Promise<Map<string, Item>> {
  const wanted = new Set(ids);
  const found = new Map<string, Item>();
  const keep = (item: Item): void => {
    if (wanted.has(of.idOf(item))) found.set(of.idOf(item), item);
  };
  if (wanted.size === 0) return found;
  if (wanted.size >= worthAList) {
    const pages = Math.ceil((await of.total()) / pageSize);
    if (pages * 2 <= wanted.size) {
      await inParallel([...Array(pages).keys()], async (page) => {
        for (const item of await of.page(page * pageSize)) keep(item);
      });
      return found;
    }
  }
  await inParallel([...wanted], async (id) => {
    const item = await of.one(id);
    if (item !== undefined) found.set(id, item);
  });
  return found;
}

/** A few at a time, so that a refused key is noticed before the rest is sent with it. */
export async function inParallel<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < items.length; at += atOnce) results.push(...(await Promise.all(items.slice(at, at + atOnce).map(work))));
  return results;
}
