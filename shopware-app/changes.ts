/** The poll: what changed since a cursor, oldest first. Several streams of one shop are merged by their moments. */
import { z } from 'zod';
import type { Kind } from '../connectors/commerce.ts';
import type { Change } from '../connectors/connector.ts';
import { Failure } from '../connectors/failure.ts';
import { type AdminApi, type Criteria, pageRows } from './client.ts';
import { cursorOf, markOf, watermarkOf } from './cursor.ts';

/** One field of one entity that says when something happened. */
export interface Stream {
  /** In kebab-case, as in the search path. */
  readonly entity: string;
  readonly field: 'createdAt' | 'updatedAt';
  /** The field that holds the id of the record that changed. */
  readonly idField: string;
  /** Where this one has a value, it is the record instead: a variant is a part of its product. */
  readonly wholeField?: string;
  readonly numberField?: string;
  /** The record is the customer with this address. Without the right to read the stream it is silent: what it adds is news of newsletters. */
  readonly byEmail?: true;
}

/**
 * Payment changes leave `order.updatedAt` alone (observed on 6.6.7.1) and what was never changed has none,
 * so orders are polled by four moments.
 */
export const streams = {
  order: [
    { entity: 'order', field: 'createdAt', idField: 'id', numberField: 'orderNumber' },
    { entity: 'order', field: 'updatedAt', idField: 'id', numberField: 'orderNumber' },
    { entity: 'order-transaction', field: 'createdAt', idField: 'orderId' },
    { entity: 'order-transaction', field: 'updatedAt', idField: 'orderId' },
  ],
  customer: [
    { entity: 'customer', field: 'createdAt', idField: 'id', numberField: 'customerNumber' },
    { entity: 'customer', field: 'updatedAt', idField: 'id', numberField: 'customerNumber' },
    // Signing up for the newsletter, and off, leaves the customer's own record alone.
    { entity: 'newsletter-recipient', field: 'createdAt', idField: 'email', byEmail: true },
    { entity: 'newsletter-recipient', field: 'updatedAt', idField: 'email', byEmail: true },
  ],
  consent: [
    { entity: 'newsletter-recipient', field: 'createdAt', idField: 'id' },
    { entity: 'newsletter-recipient', field: 'updatedAt', idField: 'id' },
  ],
  product: [
    { entity: 'product', field: 'createdAt', idField: 'id', wholeField: 'parentId', numberField: 'productNumber' },
    { entity: 'product', field: 'updatedAt', idField: 'id', wholeField: 'parentId', numberField: 'productNumber' },
  ],
  category: [
    { entity: 'category', field: 'createdAt', idField: 'id' },
    { entity: 'category', field: 'updatedAt', idField: 'id' },
  ],
  stock: [
    { entity: 'product', field: 'createdAt', idField: 'id', numberField: 'productNumber' },
    { entity: 'product', field: 'updatedAt', idField: 'id', numberField: 'productNumber' },
  ],
} as const satisfies Partial<Record<Kind, readonly Stream[]>>;

export type ChangingKind = keyof typeof streams;
export const isChanging = (kind: Kind): kind is ChangingKind => kind in streams;

export interface PollOptions {
  readonly cursor: string | undefined;
  readonly overlapMs: number;
  readonly now: () => Date;
}

interface Moment {
  readonly id: string;
  readonly number: string | undefined;
  readonly atMs: number;
  readonly mark: string;
}

/**
 * Looks back `overlapMs` behind the cursor, but tells nothing twice that the cursor has seen: a quiet shop gives a quiet poll.
 * Each change carries the cursor to store once it is noted. Throws the client's Failures.
 */
export async function* changesOf(api: AdminApi, of: readonly Stream[], options: PollOptions): AsyncIterable<Change> {
  const { overlapMs } = options;
  const start = watermarkOf(options.cursor);
  const fromMs = Math.max(0, start.atMs - overlapMs);
  // What happened long before this run cannot have changed since it was told in this run; younger things can.
  const nowMs = options.now().getTime();
  const settledMs = nowMs - overlapMs;
  const seen = new Map(start.seen);
  const told = new Set<string>();
  let atMs = start.atMs;
  let held: Moment | undefined;

  const give = (moment: Moment): Change => ({
    id: moment.id,
    ...(moment.number !== undefined && { number: moment.number }),
    version: moment.mark,
    cursor: cursorOf({ atMs, seen }, overlapMs),
  });

  for await (const moment of merged(of.map((stream) => momentsOf(api, stream, fromMs)))) {
    const again = seen.has(moment.mark) || held?.id === moment.id || (told.has(moment.id) && moment.atMs < settledMs);
    if (!again && held !== undefined) {
      told.add(held.id);
      yield give(held);
    }
    seen.set(moment.mark, moment.atMs);
    // An imported record may bear a date to come; the poll must not wait for that day.
    atMs = Math.max(atMs, Math.min(moment.atMs, nowMs));
    if (seen.size > 4_000) for (const [mark, markMs] of seen) if (markMs < atMs - overlapMs) seen.delete(mark);
    if (again) held = held?.id === moment.id ? { ...held, number: held.number ?? moment.number } : held;
    else held = moment;
  }
  if (held !== undefined) yield give(held);
}

/** All rows of a stream from a moment on. Each full page moves the lower bound, so that changes meanwhile shift no row out of sight. */
async function* momentsOf(api: AdminApi, stream: Stream, fromMs: number): AsyncGenerator<Moment> {
  let boundary = shopInstant(fromMs);
  let page = 1;
  let given = new Set<string>();
  for (;;) {
    const rows = await rowsOf(api, stream, {
      page,
      limit: pageRows,
      filter: [{ type: 'range', field: stream.field, parameters: { gte: boundary } }],
      sort: [
        { field: stream.field, order: 'ASC' },
        { field: 'id', order: 'ASC' },
      ],
      includes: {
        [stream.entity.replaceAll('-', '_')]: [
          ...new Set(['id', stream.field, stream.idField, stream.wholeField ?? 'id', stream.numberField ?? 'id']),
        ],
      },
    });
    const holders = stream.byEmail === true ? await customersWith(api, rows) : undefined;
    let last = boundary;
    for (const row of rows) {
      const parsed = RowOfStream.safeParse(row);
      const stamp = parsed.success ? parsed.data[stream.field] : undefined;
      const id = parsed.success ? parsed.data[stream.idField] : undefined;
      if (!parsed.success || typeof stamp !== 'string' || typeof id !== 'string') continue;
      last = shopInstant(Date.parse(stamp));
      const key = `${String(parsed.data.id)} ${stamp}`;
      if (given.has(key)) continue;
      given.add(key);
      const whole = stream.wholeField === undefined ? undefined : parsed.data[stream.wholeField];
      const number = stream.numberField === undefined || typeof whole === 'string' ? undefined : parsed.data[stream.numberField];
      const moment = {
        id: typeof whole === 'string' ? whole : id,
        number: typeof number === 'string' && number !== '' ? number : undefined,
        atMs: Date.parse(stamp),
        mark: markOf(`${stream.entity}.${stream.field}`, String(parsed.data.id), stamp),
      };
      if (holders === undefined) yield moment;
      else
        for (const holder of holders.get(id.toLowerCase()) ?? []) {
          yield { ...moment, ...holder, mark: markOf(`${stream.entity}.${stream.field}`, `${String(parsed.data.id)} ${holder.id}`, stamp) };
        }
    }
    if (rows.length < pageRows) return;
    if (last === boundary) page += 1;
    else {
      boundary = last;
      page = 1;
      given = new Set([...given].filter((key) => shopInstant(Date.parse(key.slice(key.indexOf(' ') + 1))) === last));
    }
  }
}

async function rowsOf(api: AdminApi, stream: Stream, criteria: Criteria): Promise<readonly unknown[]> {
  try {
    return await api.search(stream.entity, criteria);
  } catch (error) {
    if (stream.byEmail === true && error instanceof Failure && error.code === 'shopware.missing-privileges') return [];
    throw error;
  }
}

const Holder = z.object({ id: z.string(), email: z.string(), customerNumber: z.string().nullish() });

/** Customers by their address in small letters; guests repeat, so there may be several. */
async function customersWith(api: AdminApi, rows: readonly unknown[]): Promise<Map<string, { id: string; number: string | undefined }[]>> {
  const emails = rows.flatMap((row) => RowOfStream.safeParse(row).data?.email ?? []).map(String);
  const found = new Map<string, { id: string; number: string | undefined }[]>();
  if (emails.length === 0) return found;
  const filter = [{ type: 'equalsAny', field: 'email', value: [...new Set(emails)] }];
  const includes = { customer: ['id', 'email', 'customerNumber'] };
  for (const row of await api.all('customer', { filter, includes, sort: [{ field: 'id', order: 'ASC' }] })) {
    const holder = Holder.safeParse(row).data;
    if (holder === undefined) continue;
    const key = holder.email.toLowerCase();
    found.set(key, [...(found.get(key) ?? []), { id: holder.id, number: holder.customerNumber ?? undefined }]);
  }
  return found;
}

const RowOfStream = z.record(z.string(), z.unknown());

/** As Shopware prints it; sent back in the same form. */
function shopInstant(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+00:00');
}

async function* merged(sources: readonly AsyncGenerator<Moment>[]): AsyncGenerator<Moment> {
  const heads = await Promise.all(sources.map(async (source) => ({ source, head: await source.next() })));
  for (;;) {
    let oldest: (typeof heads)[number] | undefined;
    for (const entry of heads) {
      if (entry.head.done === true) continue;
      if (oldest === undefined || oldest.head.done === true || entry.head.value.atMs < oldest.head.value.atMs) oldest = entry;
    }
    if (oldest === undefined || oldest.head.done === true) return;
    const moment = oldest.head.value;
    oldest.head = await oldest.source.next();
    yield moment;
  }
}
