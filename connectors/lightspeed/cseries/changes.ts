/** What changed in the shop: everything by ascending ids for an import, then what was changed since, a minute late. */
import { z } from 'zod';
import type { Kind } from '../../commerce.ts';
import type { Change } from '../../connector.ts';
import { Failure } from '../../failure.ts';
import type { Api } from './client.ts';
import { type Listed, scan } from './listing.ts';
import { ChangeRow, codeOf } from './wire.ts';

/** Lines are saved after their order, and a second that is not over yet may still bring a change. */
export const lagMs = 60_000;
/** How far a poll looks back behind its cursor. */
export const overlapMs = 60_000;

interface Stream {
  readonly list: Listed<ChangeRow>;
  /** The record that a row tells of. */
  of(row: ChangeRow): { readonly id: number; readonly number?: string } | undefined;
}

const fields = 'id,number,articleCode,title,updatedAt,product';
const listOf = (path: string): Listed<ChangeRow> => ({ path, row: ChangeRow, label: `list ${path}`, query: { fields } });
const own = (path: string, number: (row: ChangeRow) => string = () => ''): Stream => ({
  list: listOf(path),
  of: (row) => ({ id: row.id, ...(number(row) !== '' && { number: number(row) }) }),
});
const article = (row: ChangeRow): string => codeOf({ articleCode: row.articleCode, sku: '' });

/** A product is told as changed when one of its variants is. The first stream alone tells everything there is. */
const streams: Partial<Record<Kind, readonly [Stream, ...Stream[]]>> = {
  order: [own('orders', (row) => row.number)],
  customer: [own('customers')],
  product: [own('products'), { list: listOf('variants'), of: (row) => (row.product === undefined ? undefined : { id: row.product }) }],
  category: [own('categories', (row) => row.title)],
  stock: [own('variants', article)],
};

/** Oldest first. Throws Failure fix-data for a cursor that is none of ours. */
export function changesOf(api: Api, kind: Kind, cursor: string | undefined): AsyncIterable<Change> {
  const wanted = streams[kind];
  if (wanted === undefined) return none();
  const walked = /^id:(\d{1,15})$/.exec(cursor ?? 'id:0');
  if (walked) return everything(api, wanted[0], Number(walked[1]));
  const instant = z.iso.datetime({ offset: true }).safeParse(cursor);
  if (instant.success) return since(api, wanted, Date.parse(instant.data));
  throw new Failure({
    remedy: 'fix-data',
    code: 'lightspeed.bad-cursor',
    message: 'The place where the last poll of Lightspeed ended cannot be read. Start the poll from a date.',
  });
}

async function* none(): AsyncIterable<Change> {}

async function* everything(api: Api, { list, of }: Stream, sinceId: number): AsyncIterable<Change> {
  for await (const page of scan(api, list, sinceId)) {
    for (const row of page) {
      const told = of(row);
      if (told === undefined) continue;
      yield changeOf({ ...told, ...(row.updatedAt !== undefined && { version: row.updatedAt }), cursor: `id:${row.id}` });
    }
  }
}

/** Changes are few between two polls, and a cursor by time needs them sorted by time: they are gathered first. */
async function* since(api: Api, wanted: readonly Stream[], cursorMs: number): AsyncIterable<Change> {
  const from = Math.max(0, cursorMs - overlapMs);
  const until = api.now().getTime() - lagMs;
  if (until < from) return;
  const latest = new Map<number, { number?: string; at: number }>();
  for (const { list, of } of wanted) {
    const query = { ...list.query, updated_at_min: stamp(from), updated_at_max: stamp(until) };
    for await (const page of scan(api, { ...list, query })) {
      for (const row of page) {
        const told = of(row);
        const at = row.updatedAt === undefined ? until : Date.parse(row.updatedAt);
        if (told === undefined || at < Math.floor(from / 1_000) * 1_000 || at > until) continue;
        const known = latest.get(told.id);
        latest.set(told.id, { ...known, ...told, at: Math.max(at, known?.at ?? 0) });
      }
    }
  }
  for (const [id, { number, at }] of [...latest].sort(([, left], [, right]) => left.at - right.at)) {
    const time = new Date(at).toISOString();
    // The cursor never goes back: rows behind it were only looked at once more.
    yield changeOf({ id, ...(number !== undefined && { number }), version: time, cursor: new Date(Math.max(at, cursorMs)).toISOString() });
  }
}

const changeOf = ({ id, ...rest }: { id: number; number?: string; version?: string; cursor: string }): Change => ({
  id: String(id),
  ...rest,
});

/** Filters take UTC without a zone. */
const stamp = (time: number): string => new Date(time).toISOString().slice(0, 19).replace('T', ' ');
