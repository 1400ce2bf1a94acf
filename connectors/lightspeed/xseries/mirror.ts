/** All rows of a feed, kept up to date by its versions: the first look costs the whole list, every other one a single request. */
import type { z } from 'zod';
import type { Client } from './client.ts';
import { type Feed, pagesOf } from './feed.ts';

export interface Mirror<Row> {
  /** Brings it up to date. One request when nothing has changed. */
  sync(): Promise<void>;
  /** Has it been read before? */
  known(): boolean;
  get(key: string): Row | undefined;
  all(): Iterable<Row>;
}

export function createMirror<Row extends { readonly version: number; readonly deleted_at: string | undefined }>(
  client: Client,
  how: { readonly feed: Feed; readonly row: z.ZodType<Row>; keyOf(row: Row): string; seen?(row: Row, before: Row | undefined): void },
): Mirror<Row> {
  const rows = new Map<string, Row>();
  let after = 0;
  let loaded = false;
  let underWay: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  async function load(): Promise<void> {
    for await (const page of pagesOf(client, how.feed, { row: how.row, after })) {
      for (const row of page.rows) {
        const key = how.keyOf(row);
        how.seen?.(row, rows.get(key));
        if (row.deleted_at === undefined) rows.set(key, row);
        else rows.delete(key);
      }
      after = Math.max(after, page.max);
    }
    loaded = true;
  }

  /** Who asks while a look is under way needs one that began after he asked, and shares it with everybody who waits. */
  function sync(): Promise<void> {
    if (underWay === undefined) {
      underWay = load().finally(() => {
        underWay = undefined;
      });
      return underWay;
    }
    next ??= underWay
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return sync();
      });
    return next;
  }

  return { sync, known: () => loaded, get: (key) => rows.get(key), all: () => rows.values() };
}
