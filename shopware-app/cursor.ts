/** Where a poll goes on: a moment in the shop's time, and what was already told of the minutes before it. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Failure } from '../connectors/failure.ts';

/** Most changes that a cursor remembers; of a busier stretch some are told twice, which is harmless. */
const remembered = 500;

const Cursor = z.object({
  at: z.iso.datetime(),
  seen: z.array(z.tuple([z.string(), z.number()])),
});

export interface Watermark {
  readonly atMs: number;
  /** Marks of changes told already, with their moments. */
  readonly seen: ReadonlyMap<string, number>;
}

/** One change as a mark: the same record at another moment is another change. */
export function markOf(source: string, id: string, stamp: string): string {
  return createHash('sha256').update(`${source} ${id} ${stamp}`).digest('base64url').slice(0, 12);
}

/** Reads a cursor; `undefined` is the beginning of time, and a plain ISO instant is a cursor that has seen nothing. Throws fix-data for anything else. */
export function watermarkOf(cursor: string | undefined): Watermark {
  if (cursor === undefined) return { atMs: 0, seen: new Map() };
  const instant = z.iso.datetime({ offset: true }).safeParse(cursor);
  if (instant.success) return { atMs: Date.parse(instant.data), seen: new Map() };
  const parsed = Cursor.safeParse(jsonOf(cursor));
  if (parsed.success) return { atMs: Date.parse(parsed.data.at), seen: new Map(parsed.data.seen) };
  throw new Failure({
    remedy: 'fix-data',
    code: 'shopware.bad-cursor',
    message: 'The place where the last poll of Shopware ended cannot be read. Start the poll from a date.',
  });
}

/** The cursor as text; marks older than the overlap are forgotten, because no poll looks back so far. */
export function cursorOf(watermark: Watermark, overlapMs: number): string {
  const seen = [...watermark.seen].filter(([, atMs]) => atMs >= watermark.atMs - overlapMs).slice(-remembered);
  return JSON.stringify({ at: new Date(watermark.atMs).toISOString(), seen });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
