/** Lists of X-Series by version: `after=` is both the next page and the next poll (X-Series pagination). */
import { z } from 'zod';
import { Failure } from '../../failure.ts';
import { type Client, unreadable } from './client.ts';
import { rowsIn } from './wire.ts';

export type Feed =
  | 'sales'
  | 'products'
  | 'customers'
  | 'inventory'
  | 'outlets'
  | 'registers'
  | 'users'
  | 'payment_types'
  | 'taxes'
  | 'brands'
  | 'tags';

/** Largest that every list is known to take; a smaller answer only means more pages. */
const pageSize = 1_000;

/** Feeds that tell deletions when asked. */
const tellsDeleted: ReadonlySet<Feed> = new Set(['products', 'customers']);

interface Page<Row> {
  readonly rows: readonly Row[];
  /** Highest version in it. */
  readonly max: number;
}

/** All pages behind `after`, until there is nothing more. Throws when an answer cannot be read. */
export async function* pagesOf<Row>(
  client: Client,
  feed: Feed,
  { row, after = 0, size = pageSize }: PageQuery<Row>,
): AsyncGenerator<Page<Row>> {
  for (let from = after; ; ) {
    const query = new URLSearchParams({ after: String(from), page_size: String(size), ...(tellsDeleted.has(feed) && { deleted: 'true' }) });
    const page = rowsIn(row, await client.get(`/2.0/${feed}?${query}`, `list ${feed.replace('_', ' ')}`));
    if (page === undefined) throw unreadable(client.store, `list ${feed}`, false);
    if (page.count === 0) return;
    yield page;
    // A list without versions comes whole.
    if (page.max <= from) return;
    from = page.max;
  }
}

interface PageQuery<Row> {
  readonly row: z.ZodType<Row>;
  readonly after?: number;
  readonly size?: number;
}

export async function allOf<Row>(client: Client, feed: Feed, row: z.ZodType<Row>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const page of pagesOf(client, feed, { row })) rows.push(...page.rows);
  return rows;
}

const Dated = z.object({ version: z.coerce.number().int(), updated_at: z.string().nullish(), created_at: z.string().nullish() });

/** Where polls that begin at an instant start, found once per session. */
export type Origins = Map<string, number>;

/**
 * The version behind which to go on: 0 without a cursor. An instant means "what has changed since then": the first version that was
 * written after it is looked for, with some forty small requests, once. Throws fix-data for anything else.
 */
export async function afterOf(
  client: Client,
  feed: 'sales' | 'products' | 'customers',
  at: { cursor: string | undefined; origins: Origins },
): Promise<number> {
  const { cursor, origins } = at;
  if (cursor === undefined) return 0;
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  const instant = z.iso.datetime({ offset: true }).safeParse(cursor);
  if (!instant.success) throw badCursor();
  const key = `${feed} ${cursor}`;
  const known = origins.get(key);
  if (known !== undefined) return known;
  const found = await lastBefore(client, feed, Math.floor(Date.parse(instant.data) / 1000) * 1000);
  if (origins.size >= 100) origins.clear();
  origins.set(key, found);
  return found;
}

/** The highest version that was written before the instant. Versions grow with time. */
async function lastBefore(client: Client, feed: Feed, instantMs: number): Promise<number> {
  const next = async (after: number): Promise<z.infer<typeof Dated> | undefined> => {
    for await (const { rows } of pagesOf(client, feed, { row: Dated, after, size: 1 })) return rows[0];
    return undefined;
  };
  const before = (row: z.infer<typeof Dated> | undefined): boolean =>
    row !== undefined && Date.parse(String(row.updated_at ?? row.created_at ?? '')) < instantMs;
  const first = await next(0);
  if (first === undefined || !before(first)) return 0;
  /** A version known to be before the instant, and one behind which nothing is. */
  let low = first.version;
  let step = 1_024;
  let high = low + step;
  for (;;) {
    const row = await next(high);
    if (!before(row)) break;
    low = row?.version ?? high;
    step *= 2;
    high = low + step;
  }
  while (high - low > 1) {
    const middle = low + Math.floor((high - low) / 2);
    const row = await next(middle);
    if (before(row)) low = Math.max(middle, row?.version ?? middle);
    else high = middle;
  }
  return low;
}

export function badCursor(): Failure {
  return new Failure({
    remedy: 'fix-data',
    code: 'lightspeed.bad-cursor',
    message: 'The place where the last poll of Lightspeed ended cannot be read. Start the poll from a date.',
  });
}
