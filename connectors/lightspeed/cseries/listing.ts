/** Lists of eCom C-Series: walked by ascending ids, because deep pages are cut off and pages shift under a reader. */
import { z } from 'zod';
import { Failure, failureOf } from '../../failure.ts';
import type { Api } from './client.ts';
import { unreadable } from './faults.ts';

/** Most rows of one answer. */
const pageSize = 250;
/** After the server broke down over a large page. */
const smallPage = 50;
/** Up to this many records are read one by one. */
const fewRecords = 3;

export interface Listed<Row> {
  /** `orders`, `categories/products`. */
  readonly path: string;
  readonly row: z.ZodType<Row>;
  readonly label: string;
  readonly query?: Readonly<Record<string, string | number>>;
}

/** Rows behind `sinceId` by ascending id, a page at a time. */
export async function* scan<Row extends { readonly id: number }>(api: Api, list: Listed<Row>, sinceId = 0): AsyncGenerator<readonly Row[]> {
  let last = sinceId;
  let limit = pageSize;
  for (;;) {
    const { page, limit: taken } = await pageBehind(api, list, { sinceId: last, limit });
    limit = taken;
    // A server that does not know `since_id` would tell the same rows for ever.
    const rows = page.filter((row) => row.id > last).sort((left, right) => left.id - right.id);
    const end = rows.at(-1);
    if (end === undefined) return;
    yield rows;
    last = end.id;
    if (page.length < limit) return;
  }
}

export async function all<Row extends { readonly id: number }>(api: Api, list: Listed<Row>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const page of scan(api, list)) rows.push(...page);
  return rows;
}

/** Of a short list without ids to walk by, or with a filter that leaves few: the first page. */
export function firstPage<Row>(api: Api, list: Listed<Row>): Promise<Row[]> {
  return pageOf(api, list, { limit: pageSize });
}

/** Smaller, once the server broke down over a large one. */
async function pageBehind<Row>(
  api: Api,
  list: Listed<Row>,
  { sinceId, limit }: { sinceId: number; limit: number },
): Promise<{ page: Row[]; limit: number }> {
  const ask = async (rows: number) => ({ page: await pageOf(api, list, { since_id: sinceId, limit: rows }), limit: rows });
  return ask(limit).catch((error: unknown) => {
    if (!isTooHeavy(error) || limit === smallPage) throw error;
    return ask(smallPage);
  });
}

async function pageOf<Row>(api: Api, list: Listed<Row>, how: Readonly<Record<string, number>>): Promise<Row[]> {
  const body = await api.call({ path: list.path, query: { ...list.query, ...how }, label: list.label });
  if (body === undefined) return [];
  const rows = Object.values(body as object).find((value) => Array.isArray(value));
  if (rows === undefined) throw unreadable(list.label);
  return rows.map((row) => parsed(list.row, row, list.label));
}

function isTooHeavy(error: unknown): boolean {
  const { code, params } = failureOf(error);
  return code === 'network.answer-too-large' || (code === 'lightspeed.unavailable' && Number(params.status) >= 500);
}

export interface Single<Row> {
  /** `products`; the record is at `products/{id}`. */
  readonly path: string;
  readonly row: z.ZodType<Row>;
  readonly label: string;
}

/** `undefined`: there is none with that id. */
export async function one<Row>(api: Api, { path, row, label }: Single<Row>, id: number | string): Promise<Row | undefined> {
  const body = await api.call({ path: `${path}/${id}`, label });
  return body === undefined ? undefined : unwrapped(row, body, label);
}

/** The record in its envelope, whatever that is called. */
export function unwrapped<Row>(schema: z.ZodType<Row>, body: unknown, label: string): Row {
  const inner = Object.values(body as object).find((value) => typeof value === 'object' && value !== null);
  if (inner === undefined) throw unreadable(label);
  return parsed(schema, inner, label);
}

/** Records by id. Many that lie close together come as pages, so that a batch of an import costs a call and not one per record. */
export async function sweep<Row extends { readonly id: number }>(
  api: Api,
  what: Single<Row> & { readonly list: Listed<Row> },
  ids: readonly number[],
): Promise<Map<number, Row>> {
  const found = new Map<number, Row>();
  let open = [...new Set(ids)].sort((left, right) => left - right);
  let limit = pageSize;
  while (open.length > fewRecords) {
    const first = open[0] ?? 0;
    const { page: rows, limit: taken } = await pageBehind(api, what.list, { sinceId: first - 1, limit });
    limit = taken;
    const wanted = new Set(open);
    const hits = rows.filter((row) => wanted.has(row.id));
    for (const row of hits) found.set(row.id, row);
    const end = rows.length < limit ? Number.POSITIVE_INFINITY : Math.max(...rows.map((row) => row.id));
    open = open.filter((id) => id > end);
    // Far apart, a page brings little more than a record by itself.
    if (hits.length <= fewRecords) break;
  }
  const singly = await Promise.all(open.map((id) => one(api, what, id)));
  for (const row of singly) if (row !== undefined) found.set(row.id, row);
  return found;
}

/** Throws Failure retry when a record is not what the API describes. */
export function parsed<Data>(schema: z.ZodType<Data>, value: unknown, label: string): Data {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { id } = z
    .looseObject({ id: z.union([z.string(), z.number()]).optional() })
    .catch({})
    .parse(value);
  const issue = result.error.issues[0];
  throw new Failure({
    remedy: 'fix-data',
    code: 'lightspeed.record-unreadable',
    message: `A record of "${label}"${id === undefined ? '' : ` (${id})`} cannot be read: ${issue?.path.join('.') ?? ''}. Look at it in the back office.`,
    params: { call: label, record: id ?? '', field: issue?.path.join('.') ?? '' },
    cause: result.error,
  });
}

/**
 * One answer or Failure per item, in their order, a few at a time. Once the connection itself fails (it is away, full or locked)
 * the rest is not tried any more and shares that failure.
 */
export async function each<Item, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
): Promise<(Result | Failure)[]> {
  const results: (Result | Failure)[] = [];
  let stopped: Failure | undefined;
  let next = 0;
  async function worker(): Promise<void> {
    while (next < items.length) {
      const index = next;
      next += 1;
      const item = items[index] as Item;
      results[index] = stopped ?? (await work(item, index).catch(failureOf));
      const result = results[index];
      if (result instanceof Failure && (result.remedy === 'wait' || result.remedy === 'fix-connection')) {
        // What was never sent is not in doubt.
        stopped ??= result.ambiguous ? result.as(false) : result;
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}

/** For filters that tell what went well from what did not. */
export const succeeded = <Value>(value: Value | Failure): value is Value => !(value instanceof Failure);

const atOnce = 4;
